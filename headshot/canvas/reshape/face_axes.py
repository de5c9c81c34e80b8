"""The face's own axes: across and down from the middle between the eyes, in eye distances."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from headshot.imaging.landmarks import EYE_CORNERS, eye_distance
from headshot.types import F32, F64

# Pairs on both sides of the face, which lie level in it: temples, cheeks, jaw, mouth, wings of the nose.
_LEVEL = ((127, 356), (234, 454), (93, 323), (58, 288), (172, 397), (61, 291), (129, 358))


@dataclass(frozen=True, eq=False)
class FaceAxes:
    """`landmarks`: (478, 3) float32 px of a frame. Lengths are eye distances; u grows to the viewer's right, v down."""

    landmarks: F32

    @cached_property
    def unit(self) -> float:
        """The eye distance, px."""
        return eye_distance(self.landmarks)

    @cached_property
    def origin(self) -> F64:
        """The middle of the eyes' corners, (2,) px."""
        return self._eyes.mean(axis=0)

    @cached_property
    def points(self) -> F64:
        """The landmarks as (478, 2) (u, v)."""
        return self.to_face(self.landmarks[:, :2].astype(np.float64))

    @cached_property
    def unlevel(self) -> float:
        """How much lower the viewer's right eye lies than the left one, against the rest of the face."""
        return -self._slope  # the eyes' own line is level by the axes

    @cached_property
    def roll(self) -> float:
        """How far the head is turned in the frame, degrees, clockwise above 0: by all but the eyes."""
        return float(np.degrees(np.arctan2(self._turn[0, 1], self._turn[0, 0]) + np.arctan(self._slope)))

    @cached_property
    def _slope(self) -> float:
        """Of the pairs that lie level in a face, against its eye line."""
        ends = np.array([self.points[b] - self.points[a] for a, b in _LEVEL])
        return float(np.median(ends[:, 1] / ends[:, 0]))

    def to_face(self, px: F64) -> F64:
        """Turn (..., 2) px into (u, v)."""
        return np.asarray((px - self.origin) @ self._turn.T / self.unit, np.float64)

    def to_px(self, motion: F64) -> F64:
        """Turn a motion (..., 2) in eye distances into px of the frame."""
        return np.asarray(motion @ self._turn * self.unit, np.float64)

    @cached_property
    def _eyes(self) -> F64:
        return np.array([self.landmarks[list(pair), :2].mean(axis=0) for pair in EYE_CORNERS], np.float64)

    @cached_property
    def _turn(self) -> F64:
        across = self._eyes[1] - self._eyes[0]
        x, y = across / max(float(np.hypot(*across)), 1e-6)
        return np.array([[x, y], [-y, x]])
