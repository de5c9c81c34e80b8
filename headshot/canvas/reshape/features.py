"""The features that can move, by their names in `Shape`, and what of the keep list holds each in its place."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import asdict
from types import MappingProxyType

from headshot.canvas.reshape.brows import brows
from headshot.canvas.reshape.eye_line import eye_line
from headshot.canvas.reshape.eye_opening import eye_opening
from headshot.canvas.reshape.face_axes import FaceAxes
from headshot.canvas.reshape.face_width import face_width, jaw_width
from headshot.canvas.reshape.head_tilt import head_tilt
from headshot.canvas.reshape.nose_width import nose_width
from headshot.canvas.reshape.smile import smile
from headshot.direction.locks import Lock, parse_locks
from headshot.types import F64, Shape

# A motion (..., 2) in eye distances at places (..., 2) (u, v), for a setting of 1.
Feature = Callable[[FaceAxes, F64], F64]
FEATURES: Mapping[str, Feature] = MappingProxyType(
    {
        "smile": smile,
        "eyes": eye_opening,
        "brows": brows,
        "level": eye_line,
        "tilt": head_tilt,
        "face": face_width,
        "jaw": jaw_width,
        "nose": nose_width,
    }
)
# Names of locks (direction/locks) to what would move them. Marks, wrinkles and skin are carried along whole.
_HELD: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "asymmetry": ("level",),
        "beard": ("smile", "jaw", "face"),
        "eye colour": ("eyes", "level"),
        "eyebrows": ("brows", "level"),
        "glasses": ("eyes", "brows", "level", "nose"),
        "hair": ("tilt", "face"),
        "hairstyle": ("tilt", "face"),
        "head covering": ("tilt", "face"),
        "jaw": ("jaw", "face"),
        "nose": ("nose",),
    }
)


def asked(shape: Shape) -> dict[str, float]:
    """List what of the features is to move, by name."""
    return {name: value for name, value in asdict(shape).items() if value}


def held(keep: str, amounts: Mapping[str, float]) -> tuple[dict[str, float], tuple[Lock, ...]]:
    """Part `amounts` into what the keep list leaves free, and the locks that held something in its place."""
    locks = parse_locks(keep)[0]
    free = {k: v for k, v in amounts.items() if not any(k in _HELD.get(lock.name, ()) for lock in locks)}
    return free, tuple(lock for lock in locks if any(k in _HELD.get(lock.name, ()) for k in amounts))
