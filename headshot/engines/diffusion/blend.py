"""Own pixels back into a generated picture, so that nothing promised untouched went through a VAE.

A VAE's round trip alone shifts skin by some ΔE, so own and generated pixels do not meet in colour. The blend
has two parts: a soft alpha, and a smooth ratio field that leads the generated side to the own pixels' colour
near the border and fades with distance.
"""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from headshot.imaging.colour import linear_to_srgb, to_linear
from headshot.types import F32, U8

# All in units of the eye distance (IED).
_FEATHER = 0.03  # over which own pixels fade into the generated ones
_BAND = 0.35  # of own pixels along the border from which the ratio is read
_SPREADS = (0.08, 0.2, 0.5)  # widths (σ) of the normalised convolution that carries it outwards
_REACH = 1.5  # distance at which the correction has faded to 1/e
_LIMIT = 0.7  # the largest correction, as a natural logarithm: one stop


def blend(
    own: U8,
    generated: U8,
    keep: F32,
    eye_distance: float,
    *,
    person: U8 | None = None,
    share: F32 | None = None,
) -> U8:
    """Keep `own` exactly wherever `keep` is 1; `generated` elsewhere, corrected to own colours near the border.

    `own`, `generated` (h, w, 3) uint8 of the same framing; `keep` (h, w) 0 or 1; `eye_distance` in px.
    `person` (h, w, 3) uint8 and `share` (h, w) 0..1: the kept person's colours without the canvas's backdrop,
    and how much of each pixel they are. With them the soft pixels along hair are laid over what was generated;
    without, a feather of the canvas would leave its backdrop as an outline.
    """
    kept = keep > 0.5
    if kept.all() or not kept.any():
        return own.copy() if kept.all() else generated.copy()
    outside = cv2.distanceTransform((~kept).astype(np.uint8), cv2.DIST_L2, cv2.DIST_MASK_PRECISE)
    gain = np.exp(ratio_field(own, generated, kept, outside, eye_distance))
    led = to_linear(generated) * gain
    if person is not None and share is not None:
        mixed = _rounded(share[..., None] * to_linear(person) + (1 - share[..., None]) * led)
    else:
        # The feather lies on the generated side: what is kept stays whole.
        alpha = np.clip(1 - outside / max(1.0, _FEATHER * eye_distance), 0, 1)[..., None]
        alpha = alpha * alpha * (3 - 2 * alpha)
        mixed = _rounded(alpha * to_linear(own) + (1 - alpha) * led)
    return np.where(kept[..., None], own, mixed)


def ratio_field(own: U8, generated: U8, kept: NDArray[np.bool_], outside: F32, eye_distance: float) -> F32:
    """Measure log(own / generated) in linear light inside the border and carry it outwards; (h, w, 3).

    `kept` (h, w) bool; `outside`: distance from it in px, 0 within. Worked out at about 30 px for an eye
    distance: the field is smooth.
    """
    height, width = kept.shape
    scale = min(1.0, 30 / max(eye_distance, 1.0))
    size = (max(1, round(width * scale)), max(1, round(height * scale)))
    ied = eye_distance * scale

    inside = cv2.distanceTransform(kept.astype(np.uint8), cv2.DIST_L2, cv2.DIST_MASK_PRECISE)
    band = ((inside > 0) & (inside <= _BAND * eye_distance)).astype(np.float32)
    floor = 0.004  # linear light; below it the ratio is noise

    def small(image: F32) -> F32:
        return np.asarray(cv2.resize(image, size, interpolation=cv2.INTER_AREA))

    # Ratio of local means, not mean of ratios: texture that differs does not count as colour.
    weight = small(band)
    a, b = small(to_linear(own) * band[..., None]), small(to_linear(generated) * band[..., None])
    ratio = np.log((a + floor * weight[..., None]) / (b + floor * weight[..., None] + 1e-9) + 1e-9)
    ratio = np.where(weight[..., None] > 0.02, np.clip(ratio, -_LIMIT, _LIMIT), 0)

    # The narrow kernel decides near the border, the wide ones where it does not reach.
    total, support = np.zeros_like(ratio), np.zeros(weight.shape, np.float32)
    for sigma, trust in zip(_SPREADS, (1.0, 0.1, 0.01), strict=True):
        s = max(0.5, sigma * ied)
        total += trust * cv2.GaussianBlur(ratio * weight[..., None], (0, 0), s)
        support += trust * cv2.GaussianBlur(weight, (0, 0), s)
    field = total / (support[..., None] + 1e-6)
    field = cv2.resize(field.astype(np.float32), (width, height), interpolation=cv2.INTER_CUBIC)
    faded: F32 = field * np.exp(-((outside / (_REACH * eye_distance)) ** 2))[..., None]
    return faded


def _rounded(light: F32) -> U8:
    """Convert linear light to sRGB code values, uint8."""
    return (linear_to_srgb(np.clip(light, 0, 1)) * 255 + 0.5).astype(np.uint8)
