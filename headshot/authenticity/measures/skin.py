"""The skin's lightness and hue, and whether it was lightened beyond what light does.

All functions work on canonical crops. For the same photo pass the picture carried onto the original (see
`registration.carried`), so that both read the same skin.
"""

from __future__ import annotations

import cv2
import numpy as np

from headshot.authenticity.measures.aligned_face import Aligned, Mask, needs_inside
from headshot.authenticity.measures.head_view import agreed
from headshot.authenticity.measures.unmeasurable import Unmeasurable
from headshot.imaging.colour import picture_luminance
from headshot.imaging.masks import pixels_in
from headshot.imaging.median import median, medians
from headshot.language import tr
from headshot.types import F32

MIN_CHROMA = 4.0  # a* b* units; below it a hue is noise (black and white)
MIN_PIXELS = 400


def unclipped(face: Aligned) -> Mask:
    """Mark where no channel is at its end: clipped pixels have lost their hue."""
    r, g, b = cv2.split(face.pixels)
    good: Mask = (cv2.min(cv2.min(r, g), b) > 3) & (cv2.max(cv2.max(r, g), b) < 252)
    return good


def skin_like(lab: F32, skin: F32) -> Mask:
    """Mark what has the colour of `skin`, CIE Lab (n, 3), within its own spread: `lab` (h, w, 3) → (h, w) bool."""
    middle = medians(skin)
    spread = 1.4826 * medians(np.abs(skin - middle))
    chroma = np.hypot(lab[..., 1] - middle[1], lab[..., 2] - middle[2])
    near: Mask = (chroma < 7.0 + np.hypot(spread[1], spread[2])) & (np.abs(lab[..., 0] - middle[0]) < 12.0 + spread[0])
    return near


def lightness(face: Aligned, where: Mask) -> float:
    """Measure the median CIE L* (0..100) of the skin in `where`; Unmeasurable when there is too little."""
    return float(median(_lab(face, where)[:, 0]))


def hue(face: Aligned, where: Mask) -> float:
    """Measure the hue angle atan2(b*, a*) in degrees of the mean colour in `where`; Unmeasurable without colour."""
    a, b = _lab(face, where)[:, 1:].mean(axis=0)
    if np.hypot(a, b) < MIN_CHROMA:
        raise Unmeasurable("the skin has no colour in one of the pictures.")
    return float(np.degrees(np.arctan2(b, a)))


def turn(before: float, after: float) -> float:
    """Subtract two hues, `after` − `before` in degrees, −180..180."""
    return (after - before + 180.0) % 360.0 - 180.0


def beyond_light(original: Aligned, picture: Aligned, lit: tuple[float, float] | None = None) -> float:
    """Measure how much lighter the skin became than light can explain, in stops (positive: lightened).

    Light acts on lips and brows as on skin; whitening does not. joint = sign · min(|log2 Δ(Y_skin / Y_lip)|,
    |log2 Δ(Y_skin / Y_brow)|), 0 when the two differ in sign. `lit`: by how many stops more light
    the skin got than lips and brows; of what it leaves and the plain figure the smaller, so that light from one side is
    no whitening. Raises Unmeasurable when lips
    or brows are hidden.
    """
    return beyond(contrasts(original), contrasts(picture), lit)


def beyond(before: tuple[float, float], after: tuple[float, float], lit: tuple[float, float] | None = None) -> float:
    """Compute `beyond_light` of two faces' `contrasts`."""
    plain = agreed(after[0] - before[0], after[1] - before[1])
    if lit is None:
        return plain
    return agreed(plain, agreed(after[0] - before[0] - lit[0], after[1] - before[1] - lit[1]))


def contrasts(face: Aligned) -> tuple[float, float]:
    """Measure log2(Y_skin / Y_lips) and log2(Y_skin / Y_brows), medians of linear luminance. Raises Unmeasurable."""
    light = picture_luminance(face.pixels)
    skin = median(light[face.skin]) if np.count_nonzero(face.skin) >= MIN_PIXELS else None

    def over(feature: str, whole: Mask, mask: Mask) -> float:
        needs_inside(whole, face.inside, feature)
        if np.count_nonzero(mask) < 60 or skin is None:
            raise Unmeasurable(tr("too little can be seen: {what}.", what=tr(feature)))
        return float(np.log2((skin + 0.5) / (median(light[mask]) + 0.5)))

    return over("your lips", face.whole.lips, face.lips), over("your brows", face.whole.brows, face.brows)


def _lab(face: Aligned, where: Mask) -> F32:
    if np.count_nonzero(where) < MIN_PIXELS:
        raise Unmeasurable("too little skin can be seen.")
    pixels = pixels_in(face.pixels, where).astype(np.float32)[None] / 255.0
    lab: F32 = cv2.cvtColor(pixels, cv2.COLOR_RGB2LAB)[0]
    return lab
