"""Make person and backdrop one picture: the backdrop's light on the person's edge, the photo's grain, a shadow."""

from __future__ import annotations

from functools import cache

import cv2
import numpy as np

from headshot.imaging.landmarks import MESH, eye_distance
from headshot.imaging.masks import disc, hull_mask
from headshot.types import F32, F64, U8

_REACH = 0.035  # eye distances: how far in from the edge light comes round it (σ)
_HIGH = 480  # px: the reach is smooth
_GUARD = 0.08  # eye distances round the face's oval that nothing of it touches
_ADDED, _TAKEN = 0.12, 0.5  # shares at most at the very edge: of a brighter backdrop anywhere, of a darker one in hair
_FINE, _COARSE = 0.8, 1.6  # px (σ): grain is measured and made in two bands, so that its size is the photo's too
_SOFT = 1.2  # px (σ): of the coarse grain that is made
_BLOCK = 24  # px
_SMOOTHEST = 0.05  # of the blocks: in those nothing but grain is left
_MOST_GRAIN = 1.5  # code values (σ) in each band
_TILE = 512  # px
_SHADOW_SIDE, _SHADOW_DOWN, _SHADOW_SOFT = 0.45, 0.25, 0.4  # eye distances: away from the main light, down, σ


def edge_reach(matte: F32, landmarks: F32, face: F32, hair: F32) -> F32:
    """Find how far light from the backdrop reaches in from the edge: (h', w', 2) float32, at most `_HIGH` px high.

    The first map is for light that is added, the second for light that is missing, in hair alone: dark hair that was
    cut out of a bright place keeps a pale rim. `face`, `hair` (h, w) 0..1: soft regions.
    """
    scale = min(1.0, _HIGH / matte.shape[0])
    size = (max(1, round(matte.shape[1] * scale)), max(1, round(matte.shape[0] * scale)))
    matte, face, hair = (cv2.resize(m, size, interpolation=cv2.INTER_AREA) for m in (matte, face, hair))
    marks = landmarks[:MESH, :2] * np.float32(scale)
    eyes = eye_distance(landmarks) * scale
    outside = cv2.GaussianBlur(1 - matte, (0, 0), max(0.5, _REACH * eyes))
    oval = cv2.dilate(hull_mask(marks, matte.shape), disc(_GUARD * eyes))
    near = np.clip(2 * outside - 0.02, 0, 1) * (1 - face) * (oval == 0)
    return np.dstack([np.float32(_ADDED) * near, np.float32(_TAKEN) * near * hair]).astype(np.float32)


def edge_bands(reach: F32, matte: F32, landmarks: F32) -> tuple[F32, F32]:
    """Bring `edge_reach` to the matte's size: two (h, w) float32, exactly 0 in the face's oval and off the person."""
    inside = matte.copy()
    inside[hull_mask(landmarks[:MESH, :2], matte.shape).view(bool)] = 0
    added, taken = (cv2.resize(part, matte.shape[1::-1], interpolation=cv2.INTER_LINEAR) for part in cv2.split(reach))
    added *= inside
    taken *= inside
    return np.asarray(added, np.float32), np.asarray(taken, np.float32)


def wrap_light(person: F32, behind: F32, added: F32, taken: F32) -> None:
    """Let the light `behind` a person come round their edge, in place: (3, h, w) linear light. Shares (h, w) of
    `edge_bands`.
    """
    less = behind - person
    more = np.maximum(less, 0)
    np.minimum(less, 0, out=less)
    more *= added
    less *= taken
    person += more
    person += less


def photo_grain(original: U8, outside: F32) -> tuple[float, float]:
    """Measure a photo's grain: σ in code values of a fine and a coarser band of luminance, in its smoothest blocks.

    What is left of a scene in them counts too, so it is an upper bound, and bounded itself. `outside` (h, w): 1 where
    the photo has no pixels. An enlarged or soft photo has little in the fine band, and its backdrop gets little.
    """
    grey = cv2.cvtColor(original, cv2.COLOR_RGB2GRAY).astype(np.float32)
    fine, coarse = (_spread(band) for band in _bands(grey))
    light = _of_blocks(grey)
    usable = (light > 20) & (light < 235) & (_of_blocks(outside) == 0)
    if usable.sum() < 20:
        return 0.0, 0.0
    return tuple(float(min(np.quantile(band[usable], _SMOOTHEST), _MOST_GRAIN)) for band in (fine, coarse))  # type: ignore[return-value]


def grain_like(measured: tuple[float, float]) -> F32:
    """Make a tile of grain that would be measured so, (512, 512) float32 code values: always the same."""
    fine, coarse, seen = _unit_bands()
    strength = np.sqrt(np.maximum(np.linalg.solve(seen, np.square(measured)), 0)).astype(np.float32)
    return np.asarray(strength[0] * fine + strength[1] * coarse, np.float32)


def shadow_of(matte: F32, landmarks: F32, key_side: str, size: tuple[int, int]) -> F32:
    """Find the soft shadow that a person casts on a wall close behind: (height, width) float32 0..1 at `size` (w, h).

    It falls away from the main light and down, as studio light from above makes it.
    """
    eyes = eye_distance(landmarks) * size[1] / matte.shape[0]
    side = {"left": 1.0, "right": -1.0, "none": 0.0}[key_side]
    small = cv2.resize(matte, size, interpolation=cv2.INTER_AREA)
    move = np.array([[1, 0, side * _SHADOW_SIDE * eyes], [0, 1, _SHADOW_DOWN * eyes]], np.float64)
    moved = cv2.warpAffine(small, move, size, borderMode=cv2.BORDER_REPLICATE)
    return np.asarray(cv2.GaussianBlur(moved, (0, 0), max(0.8, _SHADOW_SOFT * eyes)), np.float32)


def _bands(grey: F32) -> tuple[F32, F32]:
    fine, coarse = (cv2.GaussianBlur(grey, (0, 0), sigma, borderType=cv2.BORDER_REFLECT) for sigma in (_FINE, _COARSE))
    return grey - fine, fine - coarse


def _of_blocks(values: F32) -> F32:
    """The mean in each whole block; by a whole number OpenCV is three times as fast."""
    size = tuple(max(1, length // _BLOCK) for length in values.shape[::-1])
    whole = values[: size[1] * _BLOCK, : size[0] * _BLOCK]
    return np.asarray(cv2.resize(whole, size, interpolation=cv2.INTER_AREA), np.float32)


def _spread(band: F32) -> F32:
    """The deviation in each block."""
    return np.sqrt(np.maximum(_of_blocks(band * band), 0))


@cache
def _unit_bands() -> tuple[F32, F32, F64]:
    """Make two tiles of noise, a fine and a coarse one of deviation 1, and the variance (2, 2) that is seen of each.

    Of the coarse tile (second column) some is seen in the fine band (first row) too, and the other way round.
    """
    rng = np.random.default_rng(17)

    def bands_of(tile: F32) -> tuple[F32, F32]:
        wide = cv2.copyMakeBorder(tile, 8, 8, 8, 8, cv2.BORDER_WRAP)  # the tiles join
        fine, coarse = _bands(wide)
        return fine[8:-8, 8:-8], coarse[8:-8, 8:-8]

    first, second = (rng.normal(0, 1, (_TILE, _TILE)).astype(np.float32) for _ in range(2))
    fine, _ = bands_of(first)
    wide = cv2.copyMakeBorder(second, 16, 16, 16, 16, cv2.BORDER_WRAP)
    coarse = cv2.GaussianBlur(wide, (0, 0), _SOFT) - cv2.GaussianBlur(wide, (0, 0), 2 * _COARSE)
    made = [tile / tile.std() for tile in (fine, coarse[16:-16, 16:-16])]
    seen = np.array([[float(band.var()) for band in bands_of(tile)] for tile in made]).T
    return made[0], made[1], seen
