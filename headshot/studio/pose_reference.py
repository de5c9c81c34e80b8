"""A reference photo → the settings that stand for its pose. The photo may be of anybody: no pixel, landmark or
embedding of it leaves this module, only a handful of settings and a sentence for each.

No network copies the pose joint by joint: it is read into the same controls that a hand would move. The face is
measured as it is and mirrored, and the two are averaged: the mesh has a side of its own, and a mirrored photo must
give the mirrored pose. The cuts come from few people: docs/log.md, "The pose of a photo".
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import Any, NamedTuple

import numpy as np

from headshot.direction.settings import SETTINGS
from headshot.errors import NoFace, UserError
from headshot.imaging.landmarks import EYE_CORNERS, IRISES, MID_LIPS, MOUTH, eye_distance, eyes_middle
from headshot.language import tr
from headshot.photo import quality
from headshot.photo.faces import find_mesh
from headshot.photo.head import crown, head_box
from headshot.photo.networks.face_mesh import region_of
from headshot.photo.segmentation import person_probability
from headshot.photo.subject import choose, head_axes, head_pose
from headshot.photo.upright import find_upright
from headshot.types import F32, U8, Photo

# Degrees of the mesh's yaw, which reads large turns too small; beyond `_TOO_FAR` the far eye is hidden.
_STRAIGHT, _SLIGHT, _TOO_FAR = 10.0, 20.0, 45.0
_AGREE = 10.0  # °: on the shared photos the turn read as it is and mirrored differs by 3 at most
_MOST_READ = 30.0  # °: nobody turned or tipped further was there to compare mouth and eyes with what one sees
_MOST_ROLL = 60.0  # °: beyond it the mesh takes the chin for the forehead
_MOST_TILT = 15.0  # °: a head tilted further is not framed as a headshot is
_LEAST_EYES = 24.0  # px between the irises for mouth and eyes to be read
_PARTED = 0.05  # gap of the lips from which the mouth counts as open
_SMILE_WIDTH, _SMILE_LIFT = 0.81, 0.0  # the mouth open: at least both
_NEUTRAL, _SLIGHT_SMILE = 0.005, 0.009  # lift of the corners, the mouth closed; between them it cannot be told
# Eyes that look into the lens turn against the head: irises off the middle of the eyes = −_COUNTER · sin(yaw).
_COUNTER = 0.36
_INTO, _PAST = 0.04, 0.065  # what is left over, either way; between them it cannot be told
_CLOSED = 40.0  # of 100, OFIQ's "eyes open"

_NO_CAMERA = (
    "How high and how near the camera stood cannot be told from one photo: a bowed head looks like a high camera. "
    "Both stay as they are."
)
_TURN, _FACE = SETTINGS["posing.turn"].label, SETTINGS["posing.expression"].label
_EYES, _FRAME = "Eyes", "Framing"
_BOTH = "Expression and eyes"


@dataclass(frozen=True)
class Seen:
    """One thing that was looked for, `about` names it. `settings`: keys of SETTINGS → values; empty where it could not
    be told.
    """

    about: str
    sentence: str
    settings: Mapping[str, Any] = field(default_factory=lambda: MappingProxyType({}))


@dataclass(frozen=True)
class PoseReading:
    """All that is left of a reference photo, in the order turn of the head, expression, gaze, framing, camera."""

    seen: tuple[Seen, ...]

    @property
    def settings(self) -> dict[str, Any]:
        """Keys of SETTINGS → values, for `direct(overrides=…)`; what could not be told is not among them."""
        return {key: value for one in self.seen for key, value in one.settings.items()}


class _Measures(NamedTuple):
    """`yaw` in degrees, > 0 to the picture's right. In the face's own frame, as shares of the eye distance: `gap` of
    the lips' inner edges, `width` of the mouth, `lift` of its corners above the lips' middle. `iris`: off the middle
    of the eyes to the picture's right, as a share of an eye's width.
    """

    yaw: float
    gap: float
    width: float
    lift: float
    iris: float


def read_pose(photo: Photo) -> PoseReading:
    """Turn of the head, expression, gaze and framing of the one person in `photo`; sides are the viewer's.

    Raises NoFace where there is nobody or the face is turned too far, UserError where it is unclear who is meant or
    the photo lies on its side.
    """
    photo, marks = _main_face(photo)
    measured = _both_ways(photo.pixels, marks)
    if abs(measured.yaw) > _TOO_FAR:
        raise _turned_away()
    pose = head_pose(marks)
    seen = [_turn(measured.yaw)]
    if eye_distance(marks) < _LEAST_EYES:
        seen.append(Seen(_BOTH, "The face is too small to read them. They stay as they are."))
    elif max(abs(measured.yaw), abs(pose.pitch)) > _MOST_READ:
        seen.append(Seen(_BOTH, "The head is turned too far to read them. They stay as they are."))
    else:
        seen += [_expression(measured), _gaze(measured, marks)]
    seen += [_framing(photo, marks, pose.roll), Seen("Camera", _NO_CAMERA)]
    return PoseReading(tuple(replace(one, about=tr(one.about), sentence=tr(one.sentence)) for one in seen))


# ------------------------------------------------------------------ whose pose, and how it is measured


def _main_face(photo: Photo) -> tuple[Photo, F32]:
    """The photo upright, and the landmarks of the one face in it."""
    photo, faces = find_upright(photo)
    if not faces:
        raise NoFace("No face was found in the photo for the pose.", "Use one that shows one face from the front.")
    face = faces[choose(faces, photo.width, photo.height)]
    if any(f is not face and f.size**2 >= face.size**2 / 4 for f in faces):
        words = "{count} people are in the photo for the pose, and it is unclear who is meant."
        raise UserError(tr(words, count=len(faces)), "Crop it to one person.")
    if face.landmarks is None:
        raise _turned_away()
    if abs(head_pose(face.landmarks).roll) > _MOST_ROLL:
        raise UserError("The head in the photo for the pose lies on its side.", "Turn the photo upright.")
    return photo, face.landmarks


def _turned_away() -> NoFace:
    return NoFace(
        "The face in the photo for the pose is turned too far to read, or covered.", "Use one that shows both eyes."
    )


def _both_ways(pixels: U8, marks: F32) -> _Measures:
    """The mean of the face as it is and mirrored, in the picture's sense. Raises NoFace where the two do not agree:
    on a profile the mesh may see a front that is not there, but not from both sides.
    """
    region = region_of(marks.astype(np.float64))
    plain = find_mesh(pixels, region)
    last = pixels.shape[1] - 1
    mirrored = find_mesh(pixels[:, ::-1], region._replace(x=last - region.x, turn=-region.turn))
    if plain is None or mirrored is None:
        raise _turned_away()
    one, other = _measures(plain), _measures(mirrored)
    other = other._replace(yaw=-other.yaw, iris=-other.iris)
    if abs(one.yaw - other.yaw) > _AGREE:
        raise _turned_away()
    return _Measures(*((a + b) / 2 for a, b in zip(one, other, strict=True)))


def _measures(marks: F32) -> _Measures:
    points = marks.astype(np.float64) @ head_axes(marks).T  # x across, y up, z out of the face
    distance = float(np.linalg.norm(points[IRISES[1]] - points[IRISES[0]]))
    corners, lips = points[list(MOUTH)], points[list(MID_LIPS)]
    irises = []
    for (left, right), iris in zip(EYE_CORNERS, IRISES, strict=True):
        width = float(np.hypot(*(points[right] - points[left])[:2]))
        irises.append((points[iris, 0] - (points[left, 0] + points[right, 0]) / 2) / width)
    return _Measures(
        head_pose(marks).yaw,
        float(lips[0, 1] - lips[1, 1]) / distance,
        float(np.linalg.norm(corners[0] - corners[1])) / distance,
        float(corners[:, 1].mean() - lips[:, 1].mean()) / distance,
        float(np.mean(irises)),
    )


# ------------------------------------------------------------------ what it means


def _turn(yaw: float) -> Seen:
    side = "right" if yaw > 0 else "left"
    if abs(yaw) < _STRAIGHT:
        return Seen(_TURN, "The head is straight to the camera.", {"posing.turn": "straight"})
    if abs(yaw) < _SLIGHT:
        words = "The head is turned slightly to the right." if yaw > 0 else "The head is turned slightly to the left."
        return Seen(_TURN, words, {"posing.turn": f"slight-{side}"})
    words = (
        "A three-quarter view to the {side}; the control leaves the side to the generator, your own words can say it."
    )
    return Seen(_TURN, tr(words, side=tr(side)), {"posing.turn": "three-quarter"})


def _expression(face: _Measures) -> Seen:
    if face.gap >= _PARTED:
        if face.width >= _SMILE_WIDTH and face.lift >= _SMILE_LIFT:
            return Seen(_FACE, "A smile.", {"posing.expression": "smile"})
        return Seen(
            _FACE, "The mouth is open without a clear smile: the expression could not be told. It stays as it is."
        )
    if face.lift >= _SLIGHT_SMILE:
        return Seen(_FACE, "A slight smile, the mouth closed.", {"posing.expression": "slight-smile"})
    if face.lift <= _NEUTRAL:
        return Seen(_FACE, "No smile, the mouth closed.", {"posing.expression": "neutral"})
    return Seen(_FACE, "The mouth is closed; whether it smiles a little could not be told. It stays as it is.")


def _gaze(face: _Measures, marks: F32) -> Seen:
    if quality.eyes_open(quality.lid_gap(marks)) < _CLOSED:
        return Seen(_EYES, "The eyes are closed or nearly so: where they look could not be told. It stays as it is.")
    past = face.iris + _COUNTER * math.sin(math.radians(face.yaw))
    if abs(past) <= _INTO:
        return Seen(_EYES, "The eyes look into the camera.", {"posing.gaze": "lens"})
    side = "right" if past > 0 else "left"
    if abs(past) < _PAST:
        words = (
            "The eyes look a little to the right or into the camera: which could not be told. It stays as it is."
            if past > 0
            else "The eyes look a little to the left or into the camera: which could not be told. It stays as it is."
        )
        return Seen(_EYES, words)
    words = "The eyes look past the camera to the right." if past > 0 else "The eyes look past the camera to the left."
    return Seen(_EYES, words, {"posing.gaze": side})


def _framing(photo: Photo, marks: F32, roll: float) -> Seen:
    """Crown to chin and eye line as shares of the photo's height, where they are a headshot's."""
    if abs(roll) > _MOST_TILT:
        return Seen(_FRAME, "The head is tilted too far to take over the framing. It stays as it is.")
    left, top, right, bottom = head_box(marks)
    tall = bottom - top
    x0, y0 = max(0, int(left - tall)), max(0, int(top - tall))
    part = np.ascontiguousarray(photo.pixels[y0 : int(bottom + 1.6 * tall), x0 : int(right + tall)])
    head_top = y0 + crown(marks - np.array([x0, y0, 0], np.float32), person_probability(part))
    if min(top, head_top) < 1 or bottom > photo.height - 1:
        return Seen(_FRAME, "The photo cuts into the head, so its framing cannot be told. It stays as it is.")
    head = round((bottom - head_top) / photo.height, 2)
    eyes = round(float(eyes_middle(marks)[1]) / photo.height, 2)
    small = "The head takes {head:.0f}% of the photo's height, too small for a headshot: the framing stays."
    large = "The head takes {head:.0f}% of the photo's height, too large for a headshot: the framing stays."
    if odd := _beyond("crop.head_height", head, small, large):
        return Seen(_FRAME, tr(odd, head=100 * head))
    text, settings = tr("The head takes {head:.0f}% of the photo's height", head=100 * head), {"crop.head_height": head}
    high = "The eyes are too high in it for a headshot: their height stays as it is."
    low = "The eyes are too low in it for a headshot: their height stays as it is."
    if odd := _beyond("crop.eye_line", eyes, high, low):
        return Seen(_FRAME, f"{text}. {tr(odd)}", settings)
    text = tr("{said}, the eyes are {eyes:.0f}% from the top.", said=text, eyes=100 * eyes)
    return Seen(_FRAME, text, {**settings, "crop.eye_line": eyes})


def _beyond(key: str, value: float, below: str, above: str) -> str:
    """The word for a value outside the setting's bounds, "" inside them."""
    bound = SETTINGS[key]
    return below if value < bound.low else above if value > bound.high else ""
