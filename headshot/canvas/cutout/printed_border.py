"""Find the even border round what a photo shows: a scanned print's, a turned picture's corners, a round portrait's.

There the photo ends, wherever the file does: nothing beyond is the person, and whoever reaches it is cut off by it. Of
several pictures on one page it is the one that shows the wanted face.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import cv2
import numpy as np

from headshot.imaging.masks import pixels_in
from headshot.imaging.median import medians
from headshot.types import F32, F64, U8

_SAMPLES = 512  # along the longer side: every so many pixels one is looked at
_EVEN = 8  # code values of each channel that a border's pixels may differ from its corner's
_STEP = 16  # code values between a border and what lies _DEEP samples inside, in one channel at least
_DEEP = 3  # samples: an edge is a step, a vignette's end is none
_STEPPED = 0.7  # of the outline's length on which there is a step
_FILLS = 0.985  # of its convex hull that a print fills: a person before a white wall never does
_LEAST, _MOST = 0.5, 0.985  # of the file's area that is left of it; a smaller picture on a page is a rectangle
_INSIDE = 1.5  # samples by which the outline is drawn in: the edge itself is a mixture
_THIN = 5  # samples: what is no wider is a caption on the border and none of the print
_SHORT = 0.05  # of the longer side: shorter sides of the outline say nothing of its angle
_ANGLE, _LYING = 2.0, 3.0  # °: between the sides of one rectangle, and that one alone may be slanted


class _Side(NamedTuple):
    """A side of an outline that is none of the file's: its ends (2, 2), its length, its unit normal to the inside."""

    ends: F64
    length: float
    inward: F64


def shown_outline(pixels: U8, face: F32) -> F32 | None:
    """Find the convex outline (n, 2) px, clockwise, of what a picture (h, w, 3) shows; None where that is all of it.

    `face` (n, 2) px: points of the wanted one, whose middle it encloses.
    """
    apart = max(1, round(max(pixels.shape[:2]) / _SAMPLES))
    small = np.ascontiguousarray(pixels[::apart, ::apart])
    for border, corners in _borders(small):
        outline = _printed(border, face / apart)
        if outline is None:
            continue
        sides = list(_own_sides(outline, border.shape))
        whole = cv2.contourArea(outline.astype(np.float32)) >= _LEAST * border.size
        any_shape = whole and corners == 4
        if not sides or not (any_shape or _one_rectangle(sides, max(border.shape), 1 if whole else 3)):
            continue
        if _stepped(small, border, sides) >= _STEPPED:
            return _drawn_in(sides, apart, pixels.shape)
    return None


def inside(outline: F32, shape: tuple[int, ...], origin: tuple[int, int]) -> F32:
    """Mark what of a part (h, w) of a photo, beginning at `origin` (x, y) px, an outline encloses: float32 0..1."""
    mask = np.zeros(shape[:2], np.uint8)
    points = np.round((outline - np.array(origin, np.float32)) * 16).astype(np.int32)
    cv2.fillConvexPoly(mask, points, 255, cv2.LINE_AA, shift=4)
    return np.asarray(mask / np.float32(255), np.float32)


def _borders(picture: U8) -> Iterator[tuple[U8, int]]:
    """Mark with 1 what is even from the corners of one colour on, for each such colour; and count those corners."""
    height, width = picture.shape[:2]
    corners = [(0, 0), (width - 1, 0), (width - 1, height - 1), (0, height - 1)]
    colours = np.array([picture[y, x] for x, y in corners], np.int16)
    alike = {tuple(j for j in range(4) if np.abs(colours[i] - colours[j]).max() <= _EVEN) for i in range(4)}
    for group in sorted(alike):
        mask = np.zeros((height + 2, width + 2), np.uint8)
        flags = 4 | cv2.FLOODFILL_MASK_ONLY | cv2.FLOODFILL_FIXED_RANGE | (1 << 8)
        for corner in group:
            cv2.floodFill(picture, mask, corners[corner], 0, (_EVEN,) * 3, (_EVEN,) * 3, flags)
        yield np.ascontiguousarray(mask[1:-1, 1:-1]), len(group)


def _printed(border: U8, face: F32) -> F64 | None:
    """Find the outline (n, 2) of what an even border (h, w), 1 there, leaves round a face, where that is convex."""
    if 1 - border.mean() > _MOST:
        return None
    rest = cv2.morphologyEx(1 - border, cv2.MORPH_OPEN, np.ones((_THIN, _THIN), np.uint8))
    _, labels = cv2.connectedComponents(rest, connectivity=4)
    x, y = np.clip(face.mean(0).round().astype(int), 0, np.array(border.shape[::-1]) - 1)
    if not labels[y, x]:
        return None
    content = np.asarray(labels == labels[y, x], np.uint8)
    found, _ = cv2.findContours(content, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_SIMPLE)
    hull = cv2.convexHull(found[0])
    filled = cv2.fillConvexPoly(np.zeros_like(content), hull, 1)
    if filled.mean() > _MOST or content.sum() < _FILLS * filled.sum():
        return None
    if filled.mean() < _LEAST and not all(cv2.pointPolygonTest(hull, point, False) >= 0 for point in face.tolist()):
        return None
    return cv2.approxPolyDP(hull, 1.0, True)[:, 0].astype(np.float64)


def _own_sides(outline: F64, shape: tuple[int, ...]) -> Iterator[_Side]:
    """Go through the sides of an outline (n, 2), those left out that lie on the file's own edge."""
    centre = outline.mean(0)
    last = np.array([shape[1] - 1, shape[0] - 1])
    for ends in np.stack([outline, np.roll(outline, -1, 0)], 1):
        if ((ends <= 1).all(0) | (ends >= last - 1).all(0)).any():
            continue
        along = ends[1] - ends[0]
        length = float(np.hypot(*along))
        inward = np.array([-along[1], along[0]]) / length
        yield _Side(ends, length, inward if inward @ (centre - ends[0]) > 0 else -inward)


def _one_rectangle(sides: list[_Side], longer: int, least: int) -> bool:
    """Tell whether `least` sides or more are one rectangle's: a white sleeve at a corner has a straight edge too."""
    long = [side for side in sides if side.length > _SHORT * longer]
    if len(long) < least:
        return False
    # Sides at right angles agree where the fourfold angle does.
    fourfold = np.array([4 * np.arctan2(*(side.ends[1] - side.ends[0])[::-1]) for side in long])
    mean = np.angle(np.sum(np.exp(1j * fourfold) * [side.length for side in long])) / 4
    off = np.degrees(np.abs(np.angle(np.exp(1j * (fourfold - 4 * mean))))) / 4
    return bool(off.max() < _ANGLE and (len(long) > 1 or abs(np.degrees(mean)) < _LYING))


def _stepped(picture: U8, border: U8, sides: list[_Side]) -> float:
    """Measure on which share of the sides' length the colour steps from the border's."""
    even = medians(pixels_in(picture, border > 0))
    stepped = total = 0.0
    for side in sides:
        share = (np.arange(max(2, int(side.length))) + 0.5) / max(2, int(side.length))
        at = side.ends[0] + share[:, None] * (side.ends[1] - side.ends[0]) + _DEEP * side.inward
        x, y = np.clip(at.round().astype(int), 0, np.array(border.shape[::-1]) - 1).T
        stepped += side.length * float((np.abs(picture[y, x] - even).max(1) >= _STEP).mean())
        total += side.length
    return stepped / total


def _drawn_in(sides: list[_Side], apart: int, full: tuple[int, ...]) -> F32 | None:
    """Cut a picture's rectangle, px, by the sides of an outline of samples, each moved `_INSIDE` samples inwards."""
    height, width = full[:2]
    polygon = np.array([[0, 0], [width, 0], [width, height], [0, height]], np.float32) - np.float32(0.5)
    reach = 2.0 * (width + height)
    for side in sides:
        along = (side.ends[1] - side.ends[0]) / side.length
        at = (side.ends[0] + _INSIDE * side.inward) * apart
        half = [at - reach * along, at + reach * along]
        half += [half[1] + reach * side.inward, half[0] + reach * side.inward]
        _, left = cv2.intersectConvexConvex(polygon, np.array(half, np.float32))
        if left is None:
            return None
        polygon = np.asarray(left[:, 0], np.float32)
    clockwise = cv2.contourArea(polygon, oriented=True) > 0  # y down
    return polygon if clockwise else np.ascontiguousarray(polygon[::-1])
