"""What makes pictures of several people look alike, measured on the photo and on the picture made of it."""

from __future__ import annotations

from collections.abc import Mapping

import cv2
import numpy as np

from headshot.canvas.light import full_exposure
from headshot.canvas.light_cast import grey_cast, red_over_blue
from headshot.canvas.stage import Stage
from headshot.imaging.colour import to_linear
from headshot.imaging.landmarks import MESH, eyes_middle
from headshot.photo.head import crown
from headshot.types import F32, U8, Canvas, Photo, Subject

Figures = Mapping[str, float]
_FAR = 0.02  # of the matte: below it nothing of the person is seen
_LEAST = 100  # px


def figures_of_photo(photo: Photo, subject: Subject, stage: Stage) -> dict[str, float]:
    """Measure a photo. `eye_line` and `head_height` are shares of its height; `exposure`: stops of the highlights below
    .8; `warmth`: stops of red over blue of what is grey in it; `backdrop_l`, `_a`, `_b`: CIELAB behind the person. One
    that cannot be told is missing.
    """
    scale = stage.framing.scale * photo.height
    found = {
        "eye_line": float(eyes_middle(subject.landmarks)[1]) / photo.height,
        "head_height": _head_height(stage.landmarks, stage.matte) / scale,
        "exposure": _exposure(stage.original, stage.matte),
        **_backdrop(stage.original, stage.matte, stage.outside),
    }
    cast = grey_cast(stage)
    return found if cast is None else found | {"warmth": cast}


def figures_of_picture(canvas: Canvas, picture: U8, before: Figures, gains: F32) -> dict[str, float]:
    """Measure the picture alike. `gains` (3,): those that the white balance put on the photo's light, whose colour
    cannot be read from the picture any more.
    """
    height = picture.shape[0]
    found = {
        "eye_line": float(eyes_middle(canvas.landmarks)[1]) / height,
        "head_height": _head_height(canvas.landmarks, canvas.matte) / height,
        "exposure": _exposure(picture, canvas.matte),
        **_backdrop(picture, canvas.matte, np.zeros_like(canvas.matte)),
    }
    if "warmth" in before:
        found["warmth"] = before["warmth"] + red_over_blue(gains)
    return found


def _head_height(landmarks: F32, matte: F32) -> float:
    return float(landmarks[:MESH, 1].max()) - crown(landmarks, matte)


def _exposure(picture: U8, matte: F32) -> float:
    """By how many stops the person's own highlights lie below .8: what is behind them is another thing afterwards."""
    small = matte[::2, ::2]
    person = np.where(small[..., None] > 0.5, picture[::2, ::2], 0)
    return full_exposure(to_linear(person.astype(np.uint8)), small)


def _backdrop(picture: U8, matte: F32, outside: F32) -> dict[str, float]:
    behind = (matte < _FAR) & (outside < 0.5)
    behind[behind.shape[0] // 2 :] = False  # beside the head: lower down is furniture
    if behind.sum() < _LEAST:
        return {}
    lab = cv2.cvtColor(picture[behind].reshape(1, -1, 3).astype(np.float32) / 255, cv2.COLOR_RGB2LAB)[0]
    return dict(zip(("backdrop_l", "backdrop_a", "backdrop_b"), map(float, np.median(lab, axis=0)), strict=True))
