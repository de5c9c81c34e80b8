"""The picture: framed, being made, made."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np

from headshot.types.arrays import F32, F64, U8
from headshot.types.direction import Direction
from headshot.types.photo import Doubt, SignedOriginal
from headshot.types.steps import MOST_PIXELS, LastSteps


@dataclass(frozen=True, eq=False)
class Framing:
    """How the photo is framed. `matrix`: (2, 3) float64, photo pixels → canvas pixels; `size` (width, height); `photo`:
    that of the photo, px.
    """

    matrix: F64
    size: tuple[int, int]
    notes: tuple[str, ...] = ()
    photo: tuple[int, int] = (1, 1)

    @property
    def scale(self) -> float:
        """Canvas pixels for one photo pixel."""
        return float(np.hypot(self.matrix[0, 0], self.matrix[1, 0]))


@dataclass(frozen=True, eq=False)
class Canvas:
    """The person's own pixels as a headshot: framed, on the backdrop, in the light. Every engine starts from it.

    `picture` and `original` (h, w, 3) uint8, framed alike; `matte` (h, w) float32 0..1. `regions`: soft maps "face",
    "hair", "clothes", "backdrop", (h, w) float32 0..1 each, that add up to 1 in each pixel. `foreground` (h, w, 3)
    uint8: the person's lit colours without any backdrop, to be laid over another one by `matte`; None where the
    photo's own background stayed. `landmarks` (478, 3) float32 px in `picture`; `unmoved_landmarks` those in
    `original` where `Crop.lens` or `Crop.camera_height` moved the face, else None; `unmoved_share` 0..1 of the face's
    pixels that did not move. `locked` (h, w) float32 0..1: what no engine may repaint, whatever the ladder allows
    (1 = not at all), or None. `doubts` of the cut-out, where it shows; None where the photo's own background stayed.
    `doubted` (h, w) uint8 0 or 1: where of `original` they are. `moved`: features that moved, by their names in
    `Shape`, as the settings that were really carried out. `photo_face`: the face as it was photographed
    (`headshot.canvas.retouching.photo_face`), where tools that need it were asked for.
    """

    picture: U8
    original: U8
    matte: F32
    landmarks: F32
    framing: Framing
    regions: Mapping[str, F32] = field(default_factory=dict)
    notes: tuple[str, ...] = ()
    foreground: U8 | None = None
    unmoved_landmarks: F32 | None = None
    unmoved_share: float = 1.0
    locked: F32 | None = None
    doubts: tuple[Doubt, ...] | None = None
    doubted: U8 | None = None
    moved: Mapping[str, float] = field(default_factory=dict)
    photo_face: object | None = None

    @property
    def original_landmarks(self) -> F32:
        """(478, 3) float32 px in `original`."""
        return self.landmarks if self.unmoved_landmarks is None else self.unmoved_landmarks

    @property
    def eye_distance(self) -> float:
        """Distance between the irises' centres, canvas px, as `headshot.imaging.landmarks.eye_distance`."""
        return float(np.hypot(*(self.landmarks[468, :2] - self.landmarks[473, :2])))

    @cached_property
    def steps(self) -> LastSteps:
        """What finishing made of it last; kept where it is no larger than a preview. A copy has its own."""
        return LastSteps(self.matte.size <= MOST_PIXELS)


@dataclass(frozen=True, eq=False)
class Preview:
    """An engine on its way: a picture to show (or None), the step of how many, and the seconds that are left."""

    picture: U8 | None
    step: int
    steps: int
    remaining: float | None = None
    note: str = ""


@dataclass(frozen=True, eq=False)
class Headshot:
    """The result and the recipe that made it. `kept`: the face's share of own pixels, 0..1. `claimed` and `signed` as
    its photo has them.
    """

    picture: U8
    canvas: Canvas
    direction: Direction
    engine: str
    kept: float
    recipe: Mapping[str, Any] = field(default_factory=dict)
    notes: tuple[str, ...] = ()
    seconds: float = 0.0
    claimed: str = ""
    signed: SignedOriginal | None = None
