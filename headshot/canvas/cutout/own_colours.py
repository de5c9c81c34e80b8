"""Estimate the person's own colours, without the old background, where pixels mix with it."""

from __future__ import annotations

import cv2
import numpy as np

from headshot.types import F32, U8

_REACHES = (40, 6)  # px of the small matte


def own_colours(picture: U8, matte: F32, share: F32) -> F32:
    """Estimate the person's colours where pixels mix with the background (Forte 2021): (h, w, 3) float32 0..255.

    Of the mean colours of both sides round each pixel, moved so that they make the pixel; first over wide windows, that
    reach both sides everywhere, then over narrow ones. `matte`, `share` (h, w) 0..1: what is behind the person, and
    how much of each pixel's colour is theirs (`headshot.canvas.cutout.seen_wall.own_share`), at most the matte.
    """
    share, wall = share[..., None], 1 - matte[..., None]
    person = background = colours = picture.astype(np.float32)
    for reach in _REACHES:
        person, background = _mean_by(person, share, reach), _mean_by(background, wall, reach)
        person = (person + share * (colours - share * person - (1 - share) * background)).clip(0, 255)
    return np.asarray(person, np.float32)


def _mean_by(colours: F32, weight: F32, reach: int) -> F32:
    """Average the colours (h, w, 3) by their `weight` (h, w, 1) over `reach` px to each side."""
    size = (2 * reach + 1, 2 * reach + 1)
    whole = cv2.blur(weight, size, borderType=cv2.BORDER_REFLECT)[..., None]
    return np.asarray(cv2.blur(colours * weight, size, borderType=cv2.BORDER_REFLECT) / (whole + 1e-5), np.float32)
