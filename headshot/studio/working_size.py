"""The size at which a photo is worked on: a head of more pixels than any headshot shows is made smaller first."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from headshot.imaging.resize import scaled
from headshot.photo.head import head_box
from headshot.types import F32, Photo, Subject

_MOST_HEAD = 1100  # px, crown to chin: a final of 2048 px shows no more


def fitted(photo: Photo, subject: Subject) -> tuple[Photo, Subject]:
    """Reduce a photo whose head holds more pixels than any headshot shows; all that follows gets faster."""
    _, top, _, bottom = head_box(subject.landmarks)
    scale = _MOST_HEAD / max(bottom - top, 1.0)
    if scale >= 0.95:
        return photo, subject
    pixels = scaled(photo.pixels, scale)
    sx, sy = pixels.shape[1] / photo.width, pixels.shape[0] / photo.height

    def moved(points: F32) -> F32:
        return (points * np.array([sx, sy, sx], np.float32)).astype(np.float32)

    faces = tuple(
        replace(
            f,
            box=(f.box[0] * sx, f.box[1] * sy, f.box[2] * sx, f.box[3] * sy),
            landmarks=None if f.landmarks is None else moved(f.landmarks),
        )
        for f in subject.faces
    )
    marks = faces[subject.chosen].landmarks
    assert marks is not None
    small = replace(subject, faces=faces, landmarks=marks, eye_distance=subject.eye_distance * sx)
    return replace(photo, pixels=pixels, uploaded=photo.given), small
