"""The face's contour, narrower or wider: all of it, or the jaw alone."""

from __future__ import annotations

import numpy as np

from headshot.canvas.reshape.face_axes import FaceAxes
from headshot.canvas.reshape.falloff import between, falloff
from headshot.direction.feature_table import FEATURE_BOUNDS
from headshot.imaging.landmarks import CHIN, FACE_OVAL, HAIRLINE, NOSE_BASE, NOSE_BRIDGE
from headshot.types import F64

MOST_FACE, MOST_JAW = (FEATURE_BOUNDS[name].most / 100 for name in ("face", "jaw"))  # of the width
_MIDDLE = (HAIRLINE, NOSE_BRIDGE, NOSE_BASE, CHIN)
_RIGHT, _LEFT = (127, 234, 132), (356, 454, 361)  # temple, cheek, where the jaw begins
_BESIDE = 0.55  # eye distances


def face_width(face: FaceAxes, at: F64) -> F64:
    """Widen cheeks and jaw by `MOST_FACE`: (..., 2) for (..., 2) (u, v). It ends .7 eye distances above the eyes."""
    return MOST_FACE * _outward(face, at, face.points[[_RIGHT[0], _LEFT[0]], 1].mean(), 0.7)


def jaw_width(face: FaceAxes, at: F64) -> F64:
    """Widen the jaw by `MOST_JAW`: (..., 2) for (..., 2) (u, v). It ends .6 eye distances above the jaw."""
    return MOST_JAW * _outward(face, at, face.points[[_RIGHT[2], _LEFT[2]], 1].mean() - 0.05, 0.6)


def _outward(face: FaceAxes, at: F64, top: float, above: float) -> F64:
    """Move the contour from `top` down to the chin outward by its distance from the middle, eyes, nose and mouth not.

    It runs out `above` eye distances over the top, .5 below the chin, .55 beside the contour.
    """
    u, v = at[..., 0], at[..., 1]
    middle = face.points[list(_MIDDLE)]
    from_middle = u - np.interp(v, middle[:, 1], middle[:, 0])
    chin = face.points[CHIN, 1]
    half = np.where(from_middle < 0, _half(face, -1, v), _half(face, 1, v))
    share = np.abs(from_middle) / half
    out = falloff(-share, -0.9, -0.5) * falloff(np.abs(from_middle) - half, 0.03, _BESIDE)
    across = np.sign(from_middle) * half * out * between(v, top, chin, above, 0.5)
    return np.stack([across, np.zeros_like(across)], axis=-1)


def _half(face: FaceAxes, side: int, v: F64) -> F64:
    """Give the face's half width on a side at the heights `v`, held from .2 above the chin on."""
    oval, middle = face.points[list(FACE_OVAL)], face.points[list(_MIDDLE)]
    width = side * (oval[:, 0] - np.interp(oval[:, 1], middle[:, 1], middle[:, 0]))
    order = np.argsort(oval[:, 1])
    order = order[width[order] > 0.2]
    low, high = face.points[HAIRLINE, 1] + 0.2, face.points[CHIN, 1] - 0.2
    places = np.linspace(low, high, 33)
    widths = np.interp(places, oval[order, 1], width[order])
    smooth = np.convolve(np.pad(widths, 3, mode="edge"), np.hanning(9)[1:-1] / np.hanning(9).sum(), "valid")
    return np.interp(v, places, smooth)
