"""The hair's colour, told from the light's: on the band above the forehead, where hair begins."""

from __future__ import annotations

import cv2
import numpy as np

from headshot.authenticity.measures.aligned_face import Aligned, Mask, needs_inside
from headshot.authenticity.measures.unmeasurable import Unmeasurable
from headshot.imaging.colour import linear_to_srgb, srgb_to_linear
from headshot.types import F64

# The face oval's upper arc in MediaPipe's mesh, and how far above it the band begins and ends, in eye distances.
ARC = (54, 103, 67, 109, 10, 338, 297, 332, 284)
FROM, TO = 0.10, 0.32
MIN_PIXELS = 400


def hair_band(face: Aligned) -> Mask:
    """Mark, (h, w) bool, the band above the forehead; on a bald head it is scalp, under a hat it is the hat."""
    arc = face.landmarks[list(ARC), :2].astype(np.float64)
    up = np.array([0.0, -face.eye_px])
    outline = np.round(np.vstack([arc + FROM * up, (arc + TO * up)[::-1]]) * 16).astype(np.int32)
    mask = np.zeros(face.pixels.shape[:2], np.uint8)
    cv2.fillPoly(mask, [outline], 1, shift=4)
    band: Mask = (mask > 0) & face.inside
    return band


def hair_change(original: Aligned, picture: Aligned) -> float:
    """Measure the band's colour difference (CIE 1976 ΔE) beyond the light. Same photo only: `picture` carried onto it.

    The smallest of three: the plain difference, and the differences from what the light would have made of the
    hair, if it changed the hair by the same factors in linear light as the skin, or as the brows. Neither new
    light nor whiter skin then reads as dyed hair. Raises Unmeasurable where the band or the skin is cut off.
    """
    both = original.inside & picture.inside
    needs_inside(hair_band(original.whole), both, "the forehead")
    band, skin, brows = hair_band(original) & both, original.skin & both, original.brows & both
    if min(band.sum(), skin.sum()) < MIN_PIXELS or not brows.any():
        raise Unmeasurable("too little of hair, skin and brows can be seen.")
    before, after = _linear(original, band), _linear(picture, band)
    expected = [before]
    for where in (skin, brows):
        gain = (_linear(picture, where) + 1e-3) / (_linear(original, where) + 1e-3)
        expected.append(np.minimum(before * gain, 1.0))
    return min(float(np.linalg.norm(_lab(after) - _lab(colour))) for colour in expected)


def _linear(face: Aligned, where: Mask) -> F64:
    """Median colour in linear light, (3,) 0..1."""
    return srgb_to_linear(np.median(face.pixels[where], axis=0).astype(np.float64) / 255.0)


def _lab(linear: F64) -> F64:
    codes = linear_to_srgb(linear).astype(np.float32)[None, None]
    return np.asarray(cv2.cvtColor(codes, cv2.COLOR_RGB2LAB)[0, 0], np.float64)
