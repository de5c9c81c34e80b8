"""The face as it was photographed: what the smooth tools take of it, told once, whatever moves or is lit afterwards."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import cached_property

import cv2
import numpy as np

from headshot.canvas.reshape.motion import Motion
from headshot.canvas.retouching.face_part import FacePart, Framed, face_box, face_part, small_size
from headshot.canvas.retouching.glasses import glasses_worn
from headshot.canvas.retouching.heal import Places, heal_discs, spots_of
from headshot.canvas.retouching.smooth_tool import SmoothTool
from headshot.imaging.colour import to_codes, to_linear
from headshot.types import F32, U8, Canvas, Framing

_LIGHT_AT = 25.0  # px between the eyes, at which the light on a face is compared with the photo's
_LIGHT_OVER = 0.1  # eye distances (sigma) over which it is
_FEW = 0.02  # of the skin round a place: with less the light is more and more the whole face's


@dataclass(frozen=True, eq=False)
class PhotoFace:
    """A face before anything moved or was lit.

    `part`: small, as `FacePart.small` makes it, its box in the frame; `framing`, `landmarks` and `unmoved_landmarks` as
    in the stage: where a place of the photo lies. `lit`: the picture (h, w, 3) uint8 that was made of it, in which each
    place of its small face comes from `source`, x and y (h, w) px of `part`; None where nothing moved.
    """

    part: FacePart
    framing: Framing
    landmarks: F32
    unmoved_landmarks: F32 | None
    lit: U8 | None = None
    source: tuple[F32, F32] | None = None
    _known: dict[tuple[str, str], tuple[Places, F32]] = field(default_factory=dict)
    _mended: dict[Places, FacePart] = field(default_factory=dict)

    @classmethod
    def painted(cls, part: FacePart, canvas: Canvas) -> PhotoFace:
        """The face of a canvas that was painted over, of which nothing else tells than `part` of it, healed."""
        return cls(part.small(), canvas.framing, canvas.landmarks, canvas.unmoved_landmarks)

    def in_canvas(self, canvas: Canvas, motion: Motion | None) -> PhotoFace:
        """The same face for the canvas that was made of it after `motion`; what is known of it is shared."""
        box, source = face_box(canvas), None
        if motion is not None and box is not None:
            source = self._small(*motion.came_from(*box, small_size(box, canvas.eye_distance)))
        made = replace(self, lit=canvas.picture, source=source)
        vars(made).update(worn=self.worn, _few=self._few)
        return made

    @cached_property
    def worn(self) -> float:
        """Whether glasses are seen, 0..1: see `glasses_worn`."""
        return glasses_worn(self.part)

    def change(
        self, tool: SmoothTool, healed: Places = (), after: SmoothTool | None = None, amount: float = 0.0
    ) -> F32:
        """What `tool` adds to the small face at amount 1, (h, w, 3): see `SmoothTool.field`.

        It is told by the face as it was photographed, and by what `after` leaves of that, in between by the `amount`
        of it; each worked out once. `healed`: spots that are not there any more, as shares of the photo.
        """
        if after is None or amount <= 0:
            return self._told(tool, healed, None)
        whole = self._told(tool, healed, after)
        share = np.float32(amount)
        return whole if amount >= 1 else (1 - share) * self._told(tool, healed, None) + share * whole

    def _told(self, tool: SmoothTool, healed: Places, after: SmoothTool | None) -> F32:
        key = tool.name, after.name if after else ""
        known = self._known.get(key)
        if known is None or known[0] != healed:
            part = self._without(healed)
            if after is not None:
                part = replace(part, linear=after.laid(part.linear, self._told(after, healed, None), 1.0))
            known = self._known[key] = (healed, tool.field(part))
        return known[1]

    def light_on(self, part: FacePart) -> F32:
        """How many times brighter each channel of the canvas's face, `part`, is lit than the photo's, few px (h, w, 3).

        Measured on skin alone: beside it lies another backdrop.
        """
        now, photo = part.shrunk(_LIGHT_AT), self._few
        size = now.skin.shape[::-1]
        if self.source is None:
            before = cv2.resize(photo.linear, size, interpolation=cv2.INTER_LINEAR)
        else:
            (height, width), (rows, columns) = self.part.skin.shape, photo.skin.shape
            x, y = (cv2.resize(of, size, interpolation=cv2.INTER_AREA) + np.float32(0.5) for of in self.source)
            half = np.float32(0.5)
            before = _taken(photo.linear, x * np.float32(columns / width) - half, y * np.float32(rows / height) - half)
        skin = now.skin[..., None]
        around = now.soft(now.skin, _LIGHT_OVER)[..., None] + _FEW
        of_all = np.stack([(x * skin).sum(axis=(0, 1)) / max(float(skin.sum()), 1e-3) for x in (now.linear, before)])
        lit, was = (
            (now.soft(x * skin, _LIGHT_OVER) + _FEW * mean) / around
            for x, mean in zip((now.linear, before), of_all, strict=True)
        )
        return np.asarray(lit / np.maximum(was, 1e-3), np.float32)

    def moved(self, values: F32) -> F32:
        """Bring a map of the small face to where its places are in the canvas."""
        if self.source is None:
            return values
        return _taken(values, *self.source)

    @cached_property
    def _few(self) -> FacePart:
        """The face in as few px as tell the light on it."""
        return self.part.shrunk(_LIGHT_AT)

    def _small(self, x: F32, y: F32) -> tuple[F32, F32]:
        """Where places `x`, `y` px of the frame lie in the small face."""
        made = []
        sides = (self.part.columns, self.part.rows)
        for at, side, length in zip((x, y), sides, self.part.skin.shape[::-1], strict=True):
            scale = np.float32(length / (side.stop - side.start))
            made.append((at - np.float32(side.start - 0.5)) * scale - np.float32(0.5))
        return made[0], made[1]

    def _without(self, places: Places) -> FacePart:
        """The small face with the spots at `places` healed, kept for all tools that are told by it."""
        if not places:
            return self.part
        part = self._mended.get(places)
        if part is None:
            part = self._healed(places)
            self._mended.clear()
            self._mended[places] = part
        return part

    def _healed(self, places: Places) -> FacePart:
        part = self.part
        x, y = self._small(*np.array(spots_of(self.framing, self.landmarks, self.unmoved_landmarks, places)).T)
        spots = list(zip(x.tolist(), y.tolist(), strict=True))
        codes = np.round(to_codes(part.linear))
        healed = heal_discs(codes, np.ones(part.skin.shape, np.float32), spots, part.ied)
        anew = (healed != codes).any(axis=2, keepdims=True)
        return replace(part, linear=np.where(anew, to_linear((healed + 0.5).astype(np.uint8)), part.linear))


def _taken(values: F32, x: F32, y: F32) -> F32:
    """Take from a map what lies at `x`, `y` (h, w) px."""
    return np.asarray(cv2.remap(values, x, y, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE), np.float32)


def face_of(canvas: Canvas) -> PhotoFace | None:
    """The face that the canvas's picture was made of; None where that is not known, or something was painted since."""
    face = canvas.photo_face
    return face if isinstance(face, PhotoFace) and face.lit is canvas.picture else None


def photo_face(person: U8, framed: Framed, framing: Framing, unmoved_landmarks: F32 | None) -> PhotoFace | None:
    """Look at the face in the `person`'s colours (h, w, 3) uint8 as photographed; None where no face lies in the
    frame."""
    part = face_part(person, framed)
    return None if part is None else PhotoFace(part.small(), framing, framed.landmarks, unmoved_landmarks)
