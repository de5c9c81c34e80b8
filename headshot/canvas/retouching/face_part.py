"""The part of a picture that retouching works on: the face's box, its soft map of bare skin, the eye distance."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Protocol

import cv2
import numpy as np

from headshot.imaging.bands import bands, two_at_a_time
from headshot.imaging.blur import wide_blur
from headshot.imaging.colour import srgb_to_linear, to_codes, to_linear
from headshot.imaging.landmarks import LEFT_BROW, LEFT_EYE, LIPS, RIGHT_BROW, RIGHT_EYE
from headshot.types import F32, U8, Canvas

_ROOM = 0.6  # of the eye distance round the face's points: hair and ears are none of it
_WORKED_AT = 100.0  # px between the eyes, at most: on so large a face fields are worked out
_RUN_OUT = 0.4  # of it, over which the skin's map ends towards the box's edge


class Framed(Protocol):
    """A stage or a canvas: what tells where in a frame the face lies."""

    @property
    def landmarks(self) -> F32: ...
    @property
    def matte(self) -> F32: ...
    @property
    def regions(self) -> Mapping[str, F32]: ...
    @property
    def eye_distance(self) -> float: ...


@dataclass(frozen=True, eq=False)
class FacePart:
    """A box of the canvas round the face.

    `rows`, `columns`: where it lies; `linear` (h, w, 3) float32, linear light 0..1; `skin` (h, w) float32 0..1, without
    eyes, brows and lips; `points` (478, 2) float32 px in the box; `ied`: the eye distance, px.
    """

    rows: slice
    columns: slice
    linear: F32
    skin: F32
    points: F32
    ied: float

    def soft(self, values: F32, share: float) -> F32:
        """Blur (h, w) or (h, w, 3) by a Gaussian of sigma `share` eye distances."""
        return wide_blur(values, max(0.6, share * self.ied))

    def filled(self, *outlines: tuple[int, ...] | F32) -> F32:
        """Fill outlines (mesh indices, or (n, 2) px) with 1: (h, w) float32."""
        mask = np.zeros(self.skin.shape, np.float32)
        for outline in outlines:
            points = self.points[list(outline)] if isinstance(outline, tuple) else outline
            cv2.fillPoly(mask, [np.round(points).astype(np.int32)], 1.0)
        return mask

    def shrunk(self, ied: float) -> FacePart:
        """The same part with an eye distance of about `ied` px; itself where it is no larger."""
        height, width = self.skin.shape
        size = _size_at(ied, (height, width), self.ied)
        if size[0] >= width or size[1] >= height:
            return self
        linear, skin = (cv2.resize(values, size, interpolation=cv2.INTER_AREA) for values in (self.linear, self.skin))
        scale = np.array([size[0] / width, size[1] / height], np.float32)
        points = (self.points + np.float32(0.5)) * scale - np.float32(0.5)
        return replace(self, linear=linear, skin=skin, points=points, ied=self.ied * float(scale.mean()))

    def small(self) -> FacePart:
        """The part in the size in which what is smooth is worked out."""
        return self.shrunk(_WORKED_AT)

    def around(self, room: float, *outlines: tuple[int, ...]) -> FacePart:
        """Its box round outlines of the mesh, with `room` eye distances beside them; `rows`, `columns` in it."""
        points = np.concatenate([self.points[list(outline)] for outline in outlines])
        height, width = self.skin.shape
        low = np.floor(points.min(axis=0) - room * self.ied).astype(int).clip(0, (width - 1, height - 1))
        high = np.ceil(points.max(axis=0) + room * self.ied).astype(int).clip(low + 1, (width, height))
        box = slice(low[1], high[1]), slice(low[0], high[0])
        there = (self.points - low).astype(np.float32)
        return replace(self, rows=box[0], columns=box[1], linear=self.linear[box], skin=self.skin[box], points=there)

    def with_box(self, box: FacePart, linear: F32) -> F32:
        """This part's linear light with `linear` in the place of a `box` that `around` gave."""
        made = self.linear.copy()
        made[box.rows, box.columns] = linear
        return made


def face_part(picture: F32 | U8, framed: Framed, skin: F32 | None = None) -> FacePart | None:
    """Cut the face's part out of `picture` (h, w, 3), codes 0..255; None where no face lies in it. `skin`: the
    `skin_map` of the frame, where it is known.
    """
    box, ied = face_box(framed), framed.eye_distance
    if box is None:
        return None
    (rows, columns), (height, width) = box, picture.shape[:2]
    linear = _linear(picture[rows, columns])
    skin = skin_map(framed) if skin is None else skin
    skin = skin[rows, columns] * _run_out(rows, height, ied)[:, None] * _run_out(columns, width, ied)
    points = framed.landmarks[:, :2] - np.array([columns.start, rows.start])
    return FacePart(rows, columns, linear, skin, points.astype(np.float32), ied)


def face_box(framed: Framed) -> tuple[slice, slice] | None:
    """Find the rows and columns of the face's part; None where no face lies in the frame."""
    (height, width), points, room = framed.matte.shape, framed.landmarks[:, :2], _ROOM * framed.eye_distance
    low = np.floor(points.min(axis=0) - room).astype(int).clip(0, (width, height))
    high = np.ceil(points.max(axis=0) + room).astype(int).clip(0, (width, height))
    if (high - low).min() < 8:
        return None
    return slice(int(low[1]), int(high[1])), slice(int(low[0]), int(high[0]))


def small_size(box: tuple[slice, slice], ied: float) -> tuple[int, int]:
    """The width and height, px, of a part that lies in `box` when it is `small`."""
    height, width = (side.stop - side.start for side in box)
    size = _size_at(_WORKED_AT, (height, width), ied)
    return size if size[0] < width and size[1] < height else (width, height)


def _size_at(wanted: float, shape: tuple[int, ...], ied: float) -> tuple[int, int]:
    """The width and height of a part of `shape` (h, w) when its eye distance is `wanted` px in place of `ied`."""
    height, width = shape
    return max(1, round(width * wanted / ied)), max(1, round(height * wanted / ied))


def _linear(codes: F32 | U8) -> F32:
    """Convert codes 0..255 to linear light: whole ones, nearly all of a photo's, by the table."""
    whole = codes if codes.dtype == np.uint8 else codes.clip(0, 255).astype(np.uint8)
    linear = to_linear(np.asarray(whole, np.uint8))
    if whole is codes:
        return linear
    between = np.nonzero(whole != codes)
    linear[between] = srgb_to_linear(np.clip(codes[between] / 255, 0, 1).astype(np.float32))
    return linear


def _run_out(side: slice, length: int, ied: float) -> F32:
    """Weigh a side of the box 0..1, (n,): 0 at its ends, where a neck goes on beyond it, but for the picture's own."""
    at = np.arange(side.start, side.stop, dtype=np.float32)
    before = at - side.start if side.start > 0 else np.full_like(at, np.inf)
    after = side.stop - 1 - at if side.stop < length else np.full_like(at, np.inf)
    t = np.clip(np.minimum(before, after) / (_RUN_OUT * ied), 0, 1)
    return np.asarray(t * t * (3 - 2 * t), np.float32)


def with_part(picture: F32, part: FacePart, linear: F32, *, whole: bool = False) -> F32:
    """Put `linear` in the place of the part; what did not change keeps its codes to the last bit.

    `whole`: the picture's codes are all whole, so that they come back out of the part to the bit.
    """
    if linear is part.linear:
        return picture
    made = picture.copy()
    there = made[part.rows, part.columns]

    def band(rows: slice) -> None:
        if whole:
            there[rows] = to_codes(linear[rows])
        else:
            there[rows] += to_codes(linear[rows]) - to_codes(part.linear[rows])

    two_at_a_time(band, bands(len(there)))
    return made


def skin_of(canvas: Canvas) -> F32:
    """The `skin_map` of a canvas, made once."""
    return canvas.steps.get("skin map", (canvas.regions, canvas.landmarks), lambda: skin_map(canvas))


def skin_map(framed: Framed) -> F32:
    """Make the face's soft map without eyes, brows and lips, (h, w) float32 0..1."""
    ied, (height, width) = framed.eye_distance, framed.matte.shape
    made = framed.regions["face"].astype(np.float32)
    outlines = [
        np.round(cv2.convexHull(framed.landmarks[list(outline), :2])).astype(np.int32)
        for outline in (RIGHT_EYE, LEFT_EYE, RIGHT_BROW, LEFT_BROW, LIPS)
    ]
    points, room = np.concatenate(outlines).reshape(-1, 2), int(np.ceil(0.3 * ied)) + 4  # beyond it the blur is 1
    low = (points.min(axis=0) - room).clip(0, (width, height))
    high = (points.max(axis=0) + room).clip(0, (width, height))
    if (high <= low).any():
        return made
    keep = np.ones((high[1] - low[1], high[0] - low[0]), np.uint8)
    for outline in outlines:
        cv2.fillConvexPoly(keep, (outline.reshape(-1, 2) - low).astype(np.int32), 0)
    grown = cv2.erode(keep, np.ones((3, 3), np.uint8), iterations=max(1, round(0.05 * ied)))
    made[low[1] : high[1], low[0] : high[0]] *= wide_blur(grown.astype(np.float32), max(1.0, 0.05 * ied))
    return made
