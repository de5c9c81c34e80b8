"""How far each feature of a face may move: within one's own range, as others would notice, no longer oneself.

By the judge's own measures of shape, read from the motion itself in place of a registration, which finds the same
motion in the pixels; and by the embedded judge of likeness, on the photo with the feature moved half and whole.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import cv2
import numpy as np

from headshot.authenticity.measures import geometry
from headshot.authenticity.measures.aligned_face import Aligned, canonical
from headshot.authenticity.measures.asymmetry import asymmetry_kept
from headshot.authenticity.measures.registration import Registration, known
from headshot.authenticity.measures.unmeasurable import Unmeasurable
from headshot.authenticity.recognition import dlib_judge
from headshot.authenticity.thresholds import Threshold, threshold
from headshot.canvas.reshape.features import FEATURES
from headshot.canvas.reshape.motion import Motion
from headshot.canvas.stage import Stage
from headshot.direction.settings import SETTINGS
from headshot.studio.expression_range import expression_ranges
from headshot.studio.head_carriage import eyes_levelled, eyes_opened, head_tilt
from headshot.types import F32, F64, U8, State

_STEPS = 40  # of a slider's half: as fine as its band is told
_READ_MORE = 1.35  # times what moved a registration of the pixels may read: the own range leaves room for it
# Measured whole at 1; each grows as the motion does.
_SHAPE: Mapping[str, Callable[[Aligned, Registration], float]] = {
    "nose_width": geometry.nose_width,
    "mouth_width": geometry.mouth_width,
    "jaw_width": geometry.jaw_width,
    "face_shape": geometry.face_shape,
}


@dataclass(frozen=True)
class Band:
    """Of one slider: `own` and `noticed`, its lowest and highest value within each; beyond `noticed` it is no longer
    you. `by_photos`: further photos of the person show it that far.
    """

    own: tuple[float, float]
    noticed: tuple[float, float]
    by_photos: bool = False


def feature_bands(stage: Stage, further: Sequence[tuple[U8, F32]] = ()) -> dict[str, Band]:
    """Find the band of each slider that moves a feature, by its key, on the photo of `stage`, each moved alone.

    `further`: the person in other photos, as `Sitting.own_faces` has them: what an expression moves is within one's
    own range as far as two and more of them show it.
    """
    judged = _Judged(stage)
    shown = expression_ranges(stage.landmarks, [marks for _, marks in further])
    return {f"shape.{name}": _widened(judged.band(name), shown.get(name)) for name in FEATURES}


def _widened(band: Band, shown: tuple[float, float] | None) -> Band:
    """The band with what further photos show, a slider's lowest and highest value, within the own range."""
    if shown is None or (shown[0] >= band.own[0] and shown[1] <= band.own[1]):
        return band
    own = (min(band.own[0], shown[0]), max(band.own[1], shown[1]))
    return Band(own, (min(own[0], band.noticed[0]), max(own[1], band.noticed[1])), by_photos=True)


class _Judged:
    """A photo, and what the judge says of it with a feature moved."""

    def __init__(self, stage: Stage) -> None:
        self._stage = stage
        self._face = canonical(stage.original, stage.landmarks)
        self._likeness = dlib_judge.embed(stage.original, stage.landmarks)

    def band(self, name: str) -> Band:
        low = SETTINGS[f"shape.{name}"].low
        up = self._ends(name, 1.0)
        down = self._ends(name, -1.0) if low < 0 else (0.0, 0.0)
        return Band((-down[0], up[0]), (-down[1], up[1]))

    def _ends(self, name: str, sign: float) -> tuple[float, float]:
        """The largest amounts, 0..1 that way, that are green, and that are not red."""
        motion = self._stage.face_mesh.motion({name: sign})
        if motion is None:
            return 1.0, 1.0
        rules = [*self._shape(motion), self._likeness_rule(name, sign, motion)]
        places = np.linspace(0, 1, _STEPS + 1)
        ends = []
        for most, more in ((State.GREEN, _READ_MORE), (State.AMBER, 1.0)):
            states = [max(limit.state(value(more * a)) for limit, value in rules) for a in places]
            beyond = next((i for i, state in enumerate(states) if state > most), len(places))
            ends.append(float(places[max(0, beyond - 1)]))
        return ends[0], ends[1]

    def _shape(self, motion: Motion) -> list[tuple[Threshold, Callable[[float], float]]]:
        found = self._registered(motion)
        rules: list[tuple[Threshold, Callable[[float], float]]] = []

        def add(name: str, whole: Callable[[], float], still: float = 0.0) -> None:
            try:
                value = whole()
            except Unmeasurable:
                return
            rules.append((threshold(name, "own pixels"), lambda a: still + a * (value - still)))

        add("eye_size", lambda: max(geometry.eye_scales(self._face, found), key=abs))
        for name, measure in _SHAPE.items():
            add(name, lambda measure=measure: measure(self._face, found))  # type: ignore[misc]
        add("asymmetry", lambda: asymmetry_kept(self._face, found), 1.0)
        add("head_tilt", lambda: head_tilt(self._stage.landmarks, motion.landmarks))
        add("eye_line", lambda: eyes_levelled(self._stage.landmarks, motion.landmarks))
        add("eye_opening", lambda: eyes_opened(self._stage.landmarks, motion.landmarks))
        return rules

    def _likeness_rule(self, name: str, sign: float, whole: Motion) -> tuple[Threshold, Callable[[float], float]]:
        half = self._stage.face_mesh.motion({name: sign / 2})
        far = [0.0, *(self._distance(motion) for motion in (half, whole) if motion is not None)]
        return threshold("likeness", "own pixels"), lambda a: float(np.interp(a, np.linspace(0, 1, len(far)), far))

    def _distance(self, motion: Motion) -> float:
        picture = motion.moved(self._stage.original, cv2.INTER_LINEAR)
        return dlib_judge.distance(dlib_judge.embed(picture, motion.landmarks), self._likeness)

    def _registered(self, motion: Motion) -> Registration:
        """The motion as the registration finds it, in the judge's crop of the face."""
        face = self._face
        height, width = face.pixels.shape[:2]
        back = np.linalg.inv(face.matrix[:, :2])
        x, y = np.meshgrid(np.arange(width), np.arange(height))
        at: F64 = (np.stack([x, y], -1) - face.matrix[:, 2]) @ back.T
        flow = (motion.forward_at(at.astype(np.float32)) @ face.matrix[:, :2].T).astype(np.float32)
        return known(face, flow)
