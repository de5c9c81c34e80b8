"""All features' motion as one smooth warp: on a coarse mesh over the frame, bounded so that nothing folds."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import TypeVar

import cv2
import numpy as np

from headshot.canvas.reshape.face_axes import FaceAxes
from headshot.canvas.reshape.falloff import falloff
from headshot.canvas.reshape.features import FEATURES
from headshot.imaging.landmarks import MESH
from headshot.imaging.masks import hull_mask
from headshot.types import F32, F64, U8

_CELLS = 24  # of the mesh in an eye distance
_STILLED = 0.6  # eye distances from an edge that cuts the person
LEAST_AREA = 0.35  # of its own that any place keeps: below 0 the picture would fold
_SMOOTH_OVER = 4  # fields of a few hundred across a face, over which a motion is even
Pixels = TypeVar("Pixels", F32, U8)


@dataclass(frozen=True, eq=False)
class Motion:
    """Where each pixel of the moved picture comes from, in a box of the frame outside which nothing moves.

    `rows`, `columns`: the box; `x`, `y` (h, w) float32 px of the frame; `landmarks` (478, 3) moved alike; `share` 0..1
    of what was asked for that could move without a fold. `forward`: how far what lies at a point of the mesh goes,
    (rows, columns, 2) float32 px, the points `step` px apart.
    """

    rows: slice
    columns: slice
    x: F32
    y: F32
    landmarks: F32
    forward: F32
    step: int
    share: float = 1.0

    def forward_at(self, places: F32) -> F32:
        """How far what lies at `places` (h, w, 2) px of the frame goes, (h, w, 2) px; 0 outside the frame."""
        at = (places + 0.5) / self.step - 0.5
        return cv2.remap(self.forward, at[..., 0], at[..., 1], cv2.INTER_LINEAR, borderMode=cv2.BORDER_CONSTANT)

    def came_from(self, rows: slice, columns: slice, size: tuple[int, int]) -> tuple[F32, F32]:
        """Where what arrives in the middles of `size` (w, h) fields of a box of the frame comes from: x and y, (h, w)
        px of the frame each.
        """
        few = tuple(max(2, length // _SMOOTH_OVER) for length in size)
        x, y = np.meshgrid(*_middles(rows, columns, few))
        at_x, at_y = x - np.float32(self.columns.start), y - np.float32(self.rows.start)
        height, width = self.x.shape
        inside = (at_x >= 0) & (at_x <= width - 1) & (at_y >= 0) & (at_y <= height - 1)
        middles = _middles(rows, columns, size)
        made = []
        for source, few_places, places in ((self.x, x, middles[0]), (self.y, y, middles[1][:, None])):
            shift = np.where(inside, cv2.remap(source, at_x, at_y, cv2.INTER_LINEAR) - few_places, np.float32(0))
            made.append(np.add(cv2.resize(shift, size, interpolation=cv2.INTER_LINEAR), places, dtype=np.float32))
        return made[0], made[1]

    @property
    def shift(self) -> F32:
        """How far each pixel of the box moves, px."""
        x = np.arange(self.columns.start, self.columns.stop, dtype=np.float32)
        y = np.arange(self.rows.start, self.rows.stop, dtype=np.float32)
        return np.asarray(cv2.magnitude(self.x - x, self.y - y[:, None]), np.float32)

    def moved(self, picture: Pixels, interpolation: int = cv2.INTER_CUBIC) -> Pixels:
        """Move the box of a picture (h, w[, n]), in its own type; a matte may overshoot 0..1 by a little."""
        out, rows, columns = np.empty_like(picture), self.rows, self.columns
        cv2.remap(picture, self.x, self.y, interpolation, dst=out[rows, columns], borderMode=cv2.BORDER_REPLICATE)
        for still in (
            np.s_[: rows.start],
            np.s_[rows.stop :],
            np.s_[rows, : columns.start],
            np.s_[rows, columns.stop :],
        ):
            out[still] = picture[still]
        return out

    def moved_coarse(self, coarse: F32, shape: tuple[int, ...]) -> F32:
        """Move a smooth map of few px (h, w[, n]) that covers a frame of `shape` (height, width)."""
        down, across = (few / many for few, many in zip(coarse.shape, shape, strict=False))
        top, left = int(self.rows.start * down), int(self.columns.start * across)
        bottom, right = -int(-self.rows.stop * down // 1), -int(-self.columns.stop * across // 1)
        box = slice(top / down, bottom / down), slice(left / across, right / across)
        x, y = self.came_from(*box, (right - left, bottom - top))
        for places, scale in ((x, across), (y, down)):
            places += np.float32(0.5)
            places *= np.float32(scale)
            places -= np.float32(0.5)
        made = coarse.copy()
        made[top:bottom, left:right] = cv2.remap(coarse, x, y, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
        return made

    def moved_few(self, few: F32, step: int) -> F32:
        """Move a smooth map of which there is the middle pixel of each square of `step` px alone, `step` odd."""
        x, y = np.meshgrid(*(np.arange(length, dtype=np.float32) for length in few.shape[1::-1]))
        # The first of them in the box, and all that follow.
        rows, columns = (max(0, -((step // 2 - s.start) // step)) for s in (self.rows, self.columns))
        first = np.s_[step // 2 + rows * step - self.rows.start :: step]
        beside = np.s_[step // 2 + columns * step - self.columns.start :: step]
        for places, source in ((x, self.x[first, beside]), (y, self.y[first, beside])):
            height, width = source.shape
            places[rows : rows + height, columns : columns + width] = (source - step // 2) / step
        return cv2.remap(few, x, y, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)

    def unmoved_share(self, landmarks: F32, shape: tuple[int, ...]) -> float:
        """Measure the share 0..1 of the face that stays within a quarter of a pixel; `landmarks` before the motion."""
        face = hull_mask(landmarks[:MESH, :2], shape)
        whole = np.count_nonzero(face)
        moves = (self.shift >= 0.25).view(np.uint8)
        return 1.0 - np.count_nonzero(moves & face[self.rows, self.columns]) / whole if whole else 0.0


@dataclass(frozen=True, eq=False)
class FaceMesh:
    """A coarse mesh over a frame of `shape` (height, width), on which a feature's motion is worked out once.

    `cut`: whether the frame's left, right, upper and lower edge cut the person.
    """

    landmarks: F32
    shape: tuple[int, int]
    cut: tuple[bool, bool, bool, bool] = (False, False, False, False)
    _known: dict[str, tuple[F64, F64]] = field(default_factory=dict)

    def motion(self, amounts: Mapping[str, float]) -> Motion | None:
        """Add up the features' motion; None where nothing moves. Drawn back alike where it would fold."""
        fields = [(amount, *self._feature(name)) for name, amount in amounts.items()]
        if not fields:
            return None
        on_mesh = np.sum([amount * motion for amount, motion, _ in fields], axis=0)
        at_points = np.sum([amount * motion for amount, _, motion in fields], axis=0)
        forward = self._stilled(on_mesh, self._places)
        share = _unfolded(forward, self._step)
        if not np.abs(forward).max() > 1e-6:
            return None
        bounded: F32 = (share * forward).astype(np.float32)
        moved = self.landmarks.copy()
        moved[:, :2] += share * self._stilled(at_points, self.landmarks[:, :2].astype(np.float64))
        return self._dense(bounded, moved, share)

    @cached_property
    def axes(self) -> FaceAxes:
        return FaceAxes(self.landmarks)

    @property
    def _step(self) -> int:
        """Of the mesh, px."""
        return max(1, round(self.axes.unit / _CELLS))

    @cached_property
    def _places(self) -> F64:
        """The mesh's points, (rows, columns, 2) px."""
        rows, columns = (-(-length // self._step) for length in self.shape)
        x, y = np.meshgrid(*((np.arange(n) + 0.5) * self._step - 0.5 for n in (columns, rows)))
        return np.stack([x, y], axis=-1)

    def _stilled(self, motion: F64, places: F64) -> F64:
        """Let nothing come in over an edge that cuts the person: what lies beyond it is not known."""
        height, width = self.shape
        out = motion.copy()
        left, right, top, bottom = self.cut
        for axis, length, low, high in ((0, width, left, right), (1, height, top, bottom)):
            along, at, reach = out[..., axis], places[..., axis], _STILLED * self.axes.unit
            if low:
                along = np.where(along > 0, along * (1 - falloff(at, 0, reach)), along)
            if high:
                along = np.where(along < 0, along * (1 - falloff(length - 1 - at, 0, reach)), along)
            out[..., axis] = along
        return out

    def _feature(self, name: str) -> tuple[F64, F64]:
        """The motion of a feature at 1, px: at the mesh's points (rows, columns, 2) and at the landmarks (478, 2)."""
        if name not in self._known:
            face, of = self.axes, FEATURES[name]
            self._known[name] = (
                face.to_px(of(face, face.to_face(self._places))),
                face.to_px(of(face, face.points)),
            )
        return self._known[name]

    def _dense(self, forward: F32, landmarks: F32, share: float) -> Motion:
        step = self._step
        backward = _inverse(forward, step)
        moves = np.abs(backward).max(axis=2) > 0
        rows, columns = (
            slice(max(0, int(i.min()) - 3) * step, min(length, (int(i.max()) + 4) * step))
            for i, length in zip(np.nonzero(moves), self.shape, strict=True)
        )
        mesh = backward[rows.start // step : -(-rows.stop // step), columns.start // step : -(-columns.stop // step)]
        size = (mesh.shape[1] * step, mesh.shape[0] * step)
        height, width = rows.stop - rows.start, columns.stop - columns.start
        across, down = (
            cv2.resize(part, size, interpolation=cv2.INTER_CUBIC)[:height, :width] for part in cv2.split(mesh)
        )
        x = np.arange(columns.start, columns.stop, dtype=np.float32) - across
        y = np.arange(rows.start, rows.stop, dtype=np.float32)[:, None] - down
        return Motion(rows, columns, x, y, landmarks, forward, step, share)


def _middles(rows: slice, columns: slice, size: tuple[int, ...]) -> tuple[F32, F32]:
    """The middles of `size` (w, h) fields of a box of the frame, px: x (w,) and y (h,)."""
    x, y = (
        (np.arange(n, dtype=np.float32) + 0.5) * np.float32((side.stop - side.start) / n) + np.float32(side.start - 0.5)
        for n, side in zip(size, (columns, rows), strict=True)
    )
    return x, y


def jacobian(forward: F64 | F32, step: float) -> F64:
    """Measure how much of its own area each place of a motion (rows, columns, 2) px keeps; below 0 it is folded."""
    (xy, xx), (yy, yx) = (np.gradient(forward[..., i].astype(np.float64), step) for i in (0, 1))
    return np.asarray((1 + xx) * (1 + yy) - xy * yx, np.float64)


def _unfolded(forward: F64, step: int) -> float:
    """The largest share of `forward`, by tenths, that leaves every place LEAST_AREA."""
    return next((s / 10 for s in range(10, 0, -1) if jacobian(forward * (s / 10), step).min() > LEAST_AREA), 0.05)


def _inverse(forward: F32, step: int) -> F32:
    """Turn a motion round, on its mesh: what arrives at a place has come by so much (fixed point, smooth fields)."""
    rows, columns = (np.arange(n, dtype=np.float32) for n in forward.shape[:2])
    back = forward
    for _ in range(4):
        x, y = columns - back[..., 0] / step, rows[:, None] - back[..., 1] / step
        back = cv2.remap(forward, x, y, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    return back
