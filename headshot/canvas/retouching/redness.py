"""Redness evened: the hue of patches redder than the rest of the face, and nothing but the hue."""

from __future__ import annotations

import cv2
import numpy as np

from headshot.canvas.retouching.face_part import FacePart
from headshot.imaging.colour import linear_to_srgb, srgb_to_linear
from headshot.imaging.landmarks import FACE_OVAL, IRISES, LIPS
from headshot.imaging.median import median
from headshot.types import F32

_CEILING = 0.95  # of the way to the hue of the skin near it
_UNTOUCHED = np.deg2rad(2.0)  # beyond that hue: ordinary variation
_FLUSH = np.deg2rad(10.0)  # beyond that too: from the rosy of any skin, which stays, to what is evened
_MOST = np.deg2rad(25.0)
_NO_SKIN = (np.deg2rad(30.0), np.deg2rad(45.0))  # redder than the rest: from a flush to a red shadow or cloth
_SHADE = (0.8, 0.95)  # of it: from skin in a shade, which a flush must make rosier, to lit skin
_ROSIER = (1.0, 1.1)  # times the a* (CIELAB) of the skin near it: from a cool light's shade to a flush
_DARK = (0.4, 0.6)  # of the face's median lightness: from a deep shadow, whose red is no flush, to lit skin
_OF_IT = 0.98  # quantile of the skin between eyes and mouth up to which a colour is the skin's
_FULL = (1.1, 1.4)  # times its chroma: from skin to cloth
_REDDER = np.deg2rad(5.0)  # than its reddest: from a neck or an ear to cloth
_NEAR = 0.25  # eye distances: how far round a patch its skin is asked


def even_redness(part: FacePart, amount: float) -> F32:
    """Turn the hue (CIELAB) of redder skin towards that of the skin near it, linear light (h, w, 3). `amount` 0..1.

    Lightness and chroma stay; patches are told in the mean over .03 of the eye distance, so that texture stays.
    """
    sure = part.skin > 0.8
    if sure.sum() < 50:
        return part.linear
    lab = cv2.cvtColor(linear_to_srgb(part.linear).astype(np.float32), cv2.COLOR_RGB2LAB)
    mean = part.soft(lab, 0.03)
    hue = np.arctan2(mean[..., 2], mean[..., 1])
    usual, rosy = _usual(part, mean, hue, float(median(hue[sure])))
    red = np.clip(usual - hue - _UNTOUCHED, 0, _MOST)
    flush = np.clip(red / _FLUSH, 0, 1)
    red = red * flush * flush * (3 - 2 * flush)
    # Where there is hardly a colour its hue is noise.
    coloured = np.clip((np.hypot(mean[..., 1], mean[..., 2]) - 4) / 6, 0, 1)
    skin = np.clip((_NO_SKIN[1] - (usual - hue)) / (_NO_SKIN[1] - _NO_SKIN[0]), 0, 1)
    light = mean[..., 0] / max(float(median(mean[..., 0][sure])), 1.0)
    lit = np.clip((light - _DARK[0]) / (_DARK[1] - _DARK[0]), 0, 1)
    # A flush adds red; in the shade of a cool light the yellow goes, and its hue would be turned to olive.
    flushed = np.clip((mean[..., 1] / np.maximum(rosy, 1.0) - _ROSIER[0]) / (_ROSIER[1] - _ROSIER[0]), 0, 1)
    lit = lit * np.maximum(flushed, np.clip((light - _SHADE[0]) / (_SHADE[1] - _SHADE[0]), 0, 1))
    angle = np.float32(_CEILING * amount) * red * coloured * skin * lit * part.skin * _of_the_skin(part, mean, hue)
    if not (angle > 1e-4).any():
        return part.linear
    cos, sin = np.cos(angle), np.sin(angle)
    a, b = lab[..., 1].copy(), lab[..., 2].copy()
    lab[..., 1], lab[..., 2] = a * cos - b * sin, a * sin + b * cos
    turned = srgb_to_linear(np.clip(cv2.cvtColor(lab, cv2.COLOR_LAB2RGB), 0, 1))
    return np.where((angle > 1e-4)[..., None], turned, part.linear).astype(np.float32)


def _of_the_skin(part: FacePart, mean: F32, hue: F32) -> F32:
    """Weigh (h, w) 0..1 what has a colour of the person's own skin, as it is between eyes and mouth: no cloth.

    No skin is fuller in colour than all of that; and on neck and ears, beyond the mesh, none is redder.
    """
    eyes, mouth = part.points[list(IRISES)].mean(axis=0), part.points[list(LIPS)].mean(axis=0)
    down = (mouth - eyes) / max(float(np.hypot(*(mouth - eyes))), 1e-3)
    y, x = np.mgrid[: hue.shape[0], : hue.shape[1]]
    along = (x - eyes[0]) * down[0] + (y - eyes[1]) * down[1]
    oval = part.filled(FACE_OVAL)
    middle = (part.skin > 0.8) & (oval > 0) & (along > 0) & (along < float((mouth - eyes) @ down))
    if middle.sum() < 50:
        return np.ones_like(hue)
    chroma = np.hypot(mean[..., 1], mean[..., 2])
    fullest, reddest = np.quantile(chroma[middle], _OF_IT), np.quantile(hue[middle], 1 - _OF_IT)
    full = np.clip((_FULL[1] - chroma / max(float(fullest), 1.0)) / (_FULL[1] - _FULL[0]), 0, 1)
    beyond = np.clip(1 - (reddest - hue) / _REDDER, 0, 1)
    inside = part.soft(oval, 0.03)
    return np.asarray(full * (inside + (1 - inside) * beyond), np.float32)


def _usual(part: FacePart, mean: F32, hue: F32, middle: float) -> tuple[F32, F32]:
    """The hue of the skin near each place that is not redder than the face's `middle`, and its a*, (h, w) each; that
    far from any."""
    even = part.skin * (np.clip(1 - (middle - hue) / (2 * _UNTOUCHED), 0.02, 1))
    a, b = (part.soft((mean[..., i] * even).astype(np.float32), _NEAR) for i in (1, 2))
    chroma = 0.02 * float(median(np.hypot(mean[..., 1], mean[..., 2])[part.skin > 0.8]))
    near = np.arctan2(b + chroma * np.sin(middle), a + chroma * np.cos(middle))
    rosy = (a + chroma * np.cos(middle)) / (part.soft(even.astype(np.float32), _NEAR) + 0.02)
    return np.minimum(near, middle + _UNTOUCHED).astype(np.float32), np.asarray(rosy, np.float32)
