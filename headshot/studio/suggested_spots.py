"""Spots of the skin that pass, such as a pimple: suggested for healing, never healed before a person confirms them.

What is a person's own is never suggested: moles and freckles are darker than they are red, or brown; what a further
photo of the person shows at the same place stays, whatever its colour.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np

from headshot.authenticity.measures.aligned_face import Aligned, canonical
from headshot.authenticity.measures.marks import place_in
from headshot.canvas.retouching.heal import REACH
from headshot.direction.locks import parse_locks
from headshot.direction.places import MOST_PLACES, read_places, write_places
from headshot.imaging.landmarks import eye_distance
from headshot.imaging.masks import disc
from headshot.imaging.median import median
from headshot.studio.session import Sitting
from headshot.types import F32, U8, Direction

_SIGMAS = (0.0125, 0.02, 0.03)  # eye distances: spots of about 2 to 5 mm
_LEAST_EYE_PX = 80.0  # below it a pimple has two pixels, and so has noise
_LEAST_RED, _LEAST_Z, _LEAST_ROUND = 3.7, 6.5, 0.55  # a*; of the skin's own spread; ratio of the Hessian's values
_DARKER = (0.2, 0.8)  # L* that it is darker for each a* that it is redder: 1.2 to 2.1 measured on moles and freckles
_BROWN = 0.6  # |b*| for each a*: a freckle is as yellow as it is red
_FROM_FEATURES, _FROM_RIM = 0.1, 0.1  # eye distances: lids, lashes and folds redden; so do ears and hair at the rim
_ONE_LIGHT = 5.0  # b*: the deviation round a spot, above which light of two colours meets there
_EVEN = 9.0  # L*: the deviation round a spot, above which a fold, a shadow or hair lies beside it
_ALSO_THERE, _NEAR = 0.4, 0.08  # of its redness, within so many eye distances, in a further photo


@dataclass(frozen=True)
class Spot:
    """A red spot in the face's crop: place (x, y) and sigma in crop px, how much redder it is than round it in a*."""

    x: int
    y: int
    sigma: float
    red: float


def suggested_spots(sitting: Sitting) -> tuple[tuple[float, float], ...]:
    """Find spots that may be healed: (x, y) as shares of the photo's size, the reddest first, at most MOST_PLACES."""
    photo, landmarks = sitting.photo, sitting.subject.landmarks
    face = canonical(photo.pixels, landmarks)
    back = cv2.invertAffineTransform(face.matrix)
    found = [back @ np.array([spot.x, spot.y, 1.0]) for spot in passing_spots(face, sitting.own_faces)]
    shares = [(float(x + 0.5) / photo.width, float(y + 0.5) / photo.height) for x, y in found]
    return tuple((x, y) for x, y in shares if 0 <= x <= 1 and 0 <= y <= 1)[:MOST_PLACES]


def left_to_heal(sitting: Sitting, direction: Direction) -> list[tuple[float, float]]:
    """The suggested spots that `direction` neither heals nor keeps, as shares of the photo's size."""
    if any(lock.place == "face" for lock in parse_locks(direction.keep)[0]):
        return []
    photo = sitting.photo
    reach = REACH * eye_distance(sitting.subject.landmarks)
    done = [(x * photo.width, y * photo.height) for x, y in read_places(direction.retouch.heal)]
    return [
        (x, y)
        for x, y in suggested_spots(sitting)
        if all(np.hypot(x * photo.width - a, y * photo.height - b) > reach for a, b in done)
    ]


def suggested_heal(sitting: Sitting) -> str:
    """The suggested spots as a value of the setting retouch.heal; "" for none."""
    return write_places(suggested_spots(sitting))


def passing_spots(face: Aligned, further: Sequence[tuple[U8, F32]] = ()) -> list[Spot]:
    """Find red, soft spots of the skin that are hardly darker than it, in a face's crop of 160 px eye distance.

    `further`: the person in other photos, as `Sitting.own_faces` has them: what is there too is kept.
    """
    skin = _open_skin(face)
    if face.source_eye_px < _LEAST_EYE_PX or skin.sum() < 400:
        return []
    lightness, red, yellow = _lab(face)
    spots = []
    for share in _SIGMAS:
        sigma = share * face.eye_px
        redder, darker, browner = _excess(red, sigma), -_excess(lightness, sigma), _excess(yellow, sigma)
        inside = redder[skin]
        spread = 1.4826 * float(median(np.abs(inside - median(inside)))) + 1e-6
        peak = redder >= cv2.dilate(redder, disc(2 * sigma))
        good = (
            peak & skin & (redder > _LEAST_RED) & (redder / spread > _LEAST_Z) & (_roundness(red, sigma) > _LEAST_ROUND)
        )
        good &= (darker > _DARKER[0] * redder) & (darker < _DARKER[1] * redder) & (np.abs(browner) < _BROWN * redder)
        good &= (_deviation(lightness, 4 * sigma) < _EVEN) & (_deviation(yellow, 4 * sigma) < _ONE_LIGHT)
        spots += [Spot(int(x), int(y), sigma, float(redder[y, x])) for y, x in zip(*np.nonzero(good), strict=True)]
    others = [canonical(pixels, landmarks) for pixels, landmarks in further]
    kept: list[Spot] = []
    for spot in sorted(spots, key=lambda s: s.red, reverse=True):  # the same spot at several sizes counts once
        apart = all(np.hypot(spot.x - k.x, spot.y - k.y) > 1.4 * (spot.sigma + k.sigma) for k in kept)
        if apart and not any(_also_in(other, face, spot) for other in others):
            kept.append(spot)
    return kept


def _open_skin(face: Aligned) -> np.ndarray:
    """The face's skin away from its features and its rim, (h, w) bool."""
    skin = cv2.erode(face.skin.astype(np.uint8), disc(_FROM_FEATURES * face.eye_px))
    rim = cv2.erode(face.face.astype(np.uint8), disc((_FROM_RIM + 0.08) * face.eye_px))
    return np.asarray((skin & rim) > 0)


def _also_in(other: Aligned, face: Aligned, spot: Spot) -> bool:
    """Whether something as red lies at that place of another photo; False where its pixels cannot show it."""
    if other.source_eye_px < _LEAST_EYE_PX:
        return False
    x, y = (round(v) for v in place_in(face, other, (spot.x, spot.y)))
    height, width = other.pixels.shape[:2]
    near = round(_NEAR * other.eye_px)
    if not (near <= x < width - near and near <= y < height - near):
        return False
    there = _excess(_lab(other)[1], spot.sigma)[y - near : y + near + 1, x - near : x + near + 1]
    return bool(there.max() > _ALSO_THERE * spot.red)


def _lab(face: Aligned) -> tuple[F32, F32, F32]:
    lab = cv2.cvtColor(face.pixels.astype(np.float32) / 255, cv2.COLOR_RGB2LAB)
    lightness, red, yellow = cv2.split(lab)
    return np.asarray(lightness, np.float32), np.asarray(red, np.float32), np.asarray(yellow, np.float32)


def _excess(values: F32, sigma: float) -> F32:
    """How much more there is at each place than round it: .7 σ against 2.5 σ, as in `measures.marks`."""
    return np.asarray(cv2.GaussianBlur(values, (0, 0), 0.7 * sigma) - cv2.GaussianBlur(values, (0, 0), 2.5 * sigma))


def _deviation(values: F32, sigma: float) -> F32:
    mean = cv2.GaussianBlur(values, (0, 0), sigma)
    return np.sqrt(np.maximum(cv2.GaussianBlur(values**2, (0, 0), sigma) - mean**2, 0))


def _roundness(values: F32, sigma: float) -> F32:
    """The ratio of the Hessian's two values at `sigma` px, 1 for round, 0 for a line."""
    smooth = cv2.GaussianBlur(values, (0, 0), sigma)
    xx, yy, xy = (cv2.Sobel(smooth, cv2.CV_32F, dx, dy) for dx, dy in ((2, 0), (0, 2), (1, 1)))
    total, root = -(xx + yy), np.sqrt((xx - yy) ** 2 + 4 * xy**2)
    return np.asarray((total - root) / np.maximum(total + root, 1e-6), np.float32)
