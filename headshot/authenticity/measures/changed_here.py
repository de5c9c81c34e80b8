"""One map of where anything of the person changed, beyond light, grading and a pixel's shift: the same photo only.

It covers what no other measure looks at: ears, neck, shoulders, clothes. Both pictures lie in the head's window (42 px
to an eye distance), the picture by the registration; the photo gets the picture's grading and slow changes of light.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import cv2
import numpy as np

from headshot.authenticity.measures import tone
from headshot.authenticity.measures.aligned_face import ABOVE, EYE_PX, WIDTH, Mask
from headshot.authenticity.measures.head_view import BLACK, EYES_AT, SIDE, HeadView
from headshot.authenticity.measures.head_view import EYE_PX as WINDOW_EYE_PX
from headshot.authenticity.measures.registration import Registration
from headshot.authenticity.measures.unmeasurable import Unmeasurable
from headshot.imaging.colour import luminance, to_codes, to_linear
from headshot.imaging.landmarks import CHIN, FACE_OVAL
from headshot.imaging.masks import pixels_in
from headshot.imaging.warp import warp_low_passed
from headshot.types import F32, U8

STRIKES = 8.0  # ΔE (L* a* b*, the largest) outside what lies within a shift; see docs/log.md
_SHIFT = 5  # px: the side of the square within which a thing may have moved
_SLOW = 0.5  # IED: light changes no faster than this
_MOST_LIGHT = 0.7  # stops that light may add or take beside the grading
_LEAST = 60  # px of a place
_MOVE = 6  # px, .14 IED: what shoulders 15% narrower move at the least
_TOLD = 3.0  # % of clothes that so much must change; 36 of 38 photos do, and 35 of these show the narrower shoulders
_ASKED = 0.5  # % of a place; below it no verdict turns
CLOTHES = "shoulders and clothes"
# Oval points down the side of the face, where the ears are.
_SIDES = ((127, 234, 93, 132), (356, 454, 323, 361))
_EAR = (0.03, 0.30)  # IED outwards from them


@dataclass(frozen=True, eq=False)
class Changed:
    """`errors` (256, 256) float32 ΔE in the head's window, 0 beside the person; `shares`: % of each place that changed,
    without places that are hardly seen; `photo` and `picture` (256, 256, 3) uint8 there.
    """

    errors: F32
    shares: Mapping[str, float]
    photo: U8
    picture: U8

    def outlined(self) -> U8:
        """Draw the picture twice as large, (512, 512, 3), with a double line round all that changed."""
        size = (2 * SIDE, 2 * SIDE)
        out = cv2.resize(self.picture, size, interpolation=cv2.INTER_CUBIC)
        strikes = cv2.resize(self.errors, size, interpolation=cv2.INTER_LINEAR) > STRIKES
        spots = cv2.morphologyEx(strikes.astype(np.uint8), cv2.MORPH_CLOSE, np.ones((9, 9), np.uint8))
        lines = cv2.findContours(
            cv2.dilate(spots, np.ones((7, 7), np.uint8)), cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE
        )[0]
        for colour, width in (((0, 0, 0), 5), ((255, 190, 60), 2)):
            cv2.drawContours(out, lines, -1, colour, width, cv2.LINE_AA)
        return np.asarray(out, np.uint8)


def changed_here(original: HeadView, picture: HeadView, found: Registration) -> Changed:
    """Map the changes of a registered pair. Raises Unmeasurable where hardly anything of the person is in both."""
    photo, inside = original.window
    carried, shown = _carried(original, picture, found)
    sure = cv2.erode((original.person > 0.8).astype(np.uint8), np.ones((5, 5), np.uint8)) > 0
    where = sure & inside & shown
    if not where.any():
        raise Unmeasurable("too little of you is seen in both pictures.")
    errors = _errors(photo, carried, where)
    if (errors > STRIKES).any():  # then perhaps a grading, of all or of the face (dyed hair must not explain itself)
        codes = tone.joint_codes(photo, carried)
        fits = [tone.curves(codes, part) for part in (where, where & original.window_region(FACE_OVAL))]
        tried = [errors, *(_errors(tone.toned(photo, curve), carried, where) for curve in fits if curve is not None)]
        errors = min(tried, key=lambda e: float((e > STRIKES).mean()))
    shares = _shares(original, photo, errors, sure, where)
    if max(shares.values(), default=0.0) > _ASKED:
        # The segmentation takes neighbours and clutter for the person: what a second network denies is none of them.
        errors = np.where(original.nobody, 0, errors).astype(np.float32)
        shares = _shares(original, photo, errors, sure, where)
    if not shares:
        raise Unmeasurable("too little beside your face is seen in both pictures.")
    return Changed(errors, shares, photo, carried)


def _shares(original: HeadView, photo: U8, errors: F32, sure: Mask, where: Mask) -> dict[str, float]:
    """Measure what share of each place strikes, %, without places of which too little is seen."""
    shares = {}
    for name, place in places(original).items():
        part = place & where
        if np.count_nonzero(part) < max(_LEAST, 0.5 * np.count_nonzero(place & sure)):
            continue
        share = 100.0 * float((errors[part] > STRIKES).mean())
        # A dark coat before a dark wall looks alike wherever it ends: then nothing was asked.
        if name != CLOTHES or share >= _TOLD or _moved(photo, part) >= _TOLD:
            shares[name] = share
    return shares


def _moved(photo: U8, part: Mask) -> float:
    """Measure what share of a place would strike if it lay _MOVE px to a side, %: the better told of both sides."""
    here = _lab(photo.astype(np.float32))
    best = 0.0
    for way in (-_MOVE, _MOVE):
        shift = np.array([[1, 0, way], [0, 1, 0]], np.float32)
        there = cv2.warpAffine(here, shift, (SIDE, SIDE), borderMode=cv2.BORDER_REPLICATE)
        errors = np.maximum(_outside(here, there), _outside(there, here))
        best = max(best, 100.0 * float((errors[part] > STRIKES).mean()))
    return best


def places(head: HeadView) -> dict[str, Mask]:
    """Mark the places in the head's window, (256, 256) bool each, the person or not."""
    points, oval = head.window_points, head.window_region(FACE_OVAL)
    y, x = np.mgrid[0:SIDE, 0:SIDE]
    ears = np.zeros((SIDE, SIDE), np.uint8)
    for side, way in zip(_SIDES, (-1, 1), strict=True):
        inner, outer = (points[list(side)] + (way * step * WINDOW_EYE_PX, 0) for step in _EAR)
        cv2.fillPoly(ears, [np.round(np.vstack([inner, outer[::-1]])).astype(np.int32)], 1)
    chin = points[CHIN, 1]
    neck_end = chin + 0.4 * WINDOW_EYE_PX
    left, right = sorted((points[172, 0], points[397, 0]))
    below_ears = max(points[132, 1], points[361, 1])
    neck = ~oval & (y > below_ears) & (y < neck_end) & (x > left) & (x < right)
    low = y >= neck_end
    ears_at = (ears > 0) & ~oval
    return {
        "hair": ~oval & ~ears_at & ~neck & ~low,
        "ears": ears_at,
        "neck": neck,
        CLOTHES: low,
    }


def _errors(photo: U8, picture: U8, where: Mask) -> F32:
    """ΔE beyond slow light and a pixel's shift in `where`, 0 elsewhere."""
    before, after = to_linear(photo), to_linear(picture)
    gain = _light(luminance(before), luminance(after), where)
    before, after = _lab(to_codes(before * gain[..., None])), _lab(to_codes(after))
    before[..., 1:] *= _saturation(pixels_in(before, where)[:, 1:], pixels_in(after, where)[:, 1:])
    errors = np.maximum(_outside(after, before), _outside(before, after))
    return np.where(where, errors, 0).astype(np.float32)


def _carried(original: HeadView, picture: HeadView, found: Registration) -> tuple[U8, Mask]:
    """The picture's pixels in the original's window, and where it has any."""
    scale = WINDOW_EYE_PX / EYE_PX
    shift = np.array([SIDE / 2 - WIDTH / 2 * WINDOW_EYE_PX, EYES_AT - ABOVE * WINDOW_EYE_PX])
    to_window = np.vstack([np.hstack([np.eye(2) * scale, shift[:, None]]), [0, 0, 1]])
    back = np.linalg.inv(np.vstack([found.similarity, [0, 0, 1]]))
    matrix = (to_window @ back @ np.vstack([picture.face.matrix, [0, 0, 1]]))[:2]
    zoom = float(np.sqrt(abs(np.linalg.det(matrix[:, :2]))))
    full = np.ones(picture.picture.shape[:2], np.float32)
    shown = cv2.warpAffine(full, matrix, (SIDE, SIDE)) > 0.99
    return warp_low_passed(picture.picture, matrix, (SIDE, SIDE), zoom), np.asarray(shown)


def _lab(codes: F32) -> F32:
    return np.asarray(cv2.cvtColor(codes / np.float32(255.0), cv2.COLOR_RGB2LAB), np.float32)


def _light(before: F32, after: F32, where: Mask) -> F32:
    """The slow part of what luminance became, as a factor, as far as light may go."""
    stops = np.clip(np.log2((after + BLACK) / (before + BLACK)), -_MOST_LIGHT, _MOST_LIGHT)
    weight = where.astype(np.float32)
    total, share = (cv2.GaussianBlur(v, (0, 0), _SLOW * WINDOW_EYE_PX) for v in (stops * weight, weight))
    return np.asarray(2.0 ** (total / np.maximum(share, 1e-3)), np.float32)


def _saturation(before: F32, after: F32) -> float:
    """The factor that takes a* b* (n, 2) nearest to what they became, as far as a saturation slider goes."""
    return float(np.clip((before * after).sum() / max(float((before * before).sum()), 1e-6), 0.6, 1.6))


def _outside(one: F32, other: F32) -> F32:
    """How far `one` lies outside the range that `other` has within a shift: the largest of L*, a* and b*."""
    square = np.ones((_SHIFT, _SHIFT), np.uint8)
    soft = cv2.GaussianBlur(one, (0, 0), 1.0)
    high, low = cv2.dilate(other, square), cv2.erode(other, square)
    return np.asarray(np.maximum(soft - high, low - soft).max(axis=-1).clip(min=0), np.float32)
