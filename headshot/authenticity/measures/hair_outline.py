"""The outline of hair and head against the background: how far it lies from the eyes, all round the upper head."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

from headshot.authenticity.measures.head_view import EYE_PX, EYES_AT, SIDE, HeadView
from headshot.authenticity.measures.unmeasurable import Unmeasurable
from headshot.types import F32, F64

MIN_EYE_PX = 40.0
_ANGLES = np.radians(np.arange(-80, 81, 4))  # from straight up, to the viewer's left and right
_SECTORS = ((-80, -28), (-28, 28), (28, 80))  # degrees: left, top, right
_LEAST = 5  # rays that a sector must have
_BLURRED = 0.2  # eye distances from .8 to .2 of the segmentation: beyond it the outline is a guess
_MOST = 40.0  # % of the eye distance: more is no hairdo, but a rucksack or a chair that the segmentation took along
_APART = 15.0  # CIE 1976 ΔE between hair and background, in both pictures
_AWAY = np.arange(20, 119, 0.5)  # px from the eyes' middle along a ray


@dataclass(frozen=True, eq=False)
class Outline:
    """Where the person ends along 41 rays upwards from the eyes' middle.

    `ends` (41,) in eye distances, NaN where a ray ends at the picture's edge or the segmentation is unsure; `colours`
    (41, n, 3) CIE Lab along the rays.
    """

    ends: F64
    colours: F32

    def colour(self, ray: int, start: float, stop: float) -> F64:
        """Measure the mean Lab of the ray between two distances in eye distances; NaN where there is nothing."""
        where = (_AWAY >= start * EYE_PX) & (_AWAY <= stop * EYE_PX)
        return self.colours[ray, where].mean(axis=0).astype(np.float64) if where.any() else np.full(3, np.nan)


def outline(head: HeadView) -> Outline:
    """Find the outline of a head.

    The person is what MediaPipe's selfie segmentation gives .5 or more; the outermost such place counts.
    """
    window, inside = head.window
    x = (SIDE / 2 + np.outer(np.sin(_ANGLES), _AWAY)).astype(np.float32)
    y = (EYES_AT - np.outer(np.cos(_ANGLES), _AWAY)).astype(np.float32)
    lab = cv2.cvtColor(window.astype(np.float32) / 255.0, cv2.COLOR_RGB2LAB)
    images = (head.person, inside.astype(np.float32), lab)
    along, seen, colours = (cv2.remap(image, x, y, cv2.INTER_LINEAR) for image in images)
    ends = np.full(len(_ANGLES), np.nan)
    for ray, (share, there) in enumerate(zip(along, seen, strict=True)):
        sure, hits, unsure = (np.flatnonzero(share > level) for level in (0.8, 0.5, 0.2))
        # The background must be seen behind the end, and the segmentation be sure within a short way.
        if not len(sure) or _AWAY[unsure[-1]] - _AWAY[sure[-1]] > _BLURRED * EYE_PX:
            continue
        if unsure[-1] + 6 < len(_AWAY) and there[: unsure[-1] + 6].min() > 0.5:
            ends[ray] = _AWAY[hits[-1]] / EYE_PX
    return Outline(ends, np.asarray(colours, np.float32))


def outline_change(original: HeadView, picture: HeadView) -> float:
    """Measure how far the outline moved outwards (negative: inwards), % of the eye distance. Same photo only.

    Of the medians over left, top and right the one that is furthest from 0, so that a change on one side is seen.
    Rays on which hair and background have nearly one colour are left out: no segmentation could tell them apart.
    Give both in grey where one of them is. Raises Unmeasurable where hair and background are cut off or
    alike, and where the outline moved by more than hair does.
    """
    a, b = outline(original), outline(picture)
    moved = 100.0 * (b.ends - a.ends)
    for ray in map(int, np.flatnonzero(np.isfinite(moved))):
        hair = a.colour(ray, a.ends[ray] - 0.14, a.ends[ray] - 0.04)
        beyond = max(a.ends[ray], b.ends[ray])
        grounds = (a.colour(ray, a.ends[ray] + 0.08, a.ends[ray] + 0.2), b.colour(ray, beyond + 0.08, beyond + 0.2))
        if not min(float(np.linalg.norm(hair - ground)) for ground in grounds) >= _APART:
            moved[ray] = np.nan
    degrees = np.degrees(_ANGLES)
    medians = []
    for low, high in _SECTORS:
        here = moved[(degrees >= low) & (degrees <= high)]
        if np.count_nonzero(np.isfinite(here)) >= _LEAST:
            medians.append(float(np.nanmedian(here)))
    if not medians:
        raise Unmeasurable("the picture ends at the hair, or hair and background have nearly one colour.")
    furthest = max(medians, key=abs)
    if abs(furthest) > _MOST:
        raise Unmeasurable("something behind the head was taken for hair in one of the pictures.")
    return furthest
