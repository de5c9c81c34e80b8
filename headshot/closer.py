"""A closer look at a pair: eyes, nose, mouth, jaw and skin at 200%, and where the two differ."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from headshot.authenticity.align import Aligned, canonical
from headshot.authenticity.difference import arrows, difference_map
from headshot.authenticity.pair import Pair
from headshot.types import F32, U8

# Middle of each feature as landmarks to average, and width and height in eye distances.
FEATURES: tuple[tuple[str, tuple[int, ...], tuple[float, float]], ...] = (
    ("Eyes", (33, 133, 362, 263), (2.1, 0.7)),
    ("Nose", (6, 2), (0.95, 1.15)),
    ("Mouth", (61, 291), (1.25, 0.75)),
    ("Jaw", (152, 17), (2.1, 0.9)),
    ("Skin", (50, 205), (0.5, 0.5)),
)
_OTHER_CHEEK = (280, 425)
_EYE_PX = (45.0, 130.0)  # the smaller picture's eye distance is taken within these, then doubled


@dataclass(frozen=True, eq=False)
class Feature:
    """One feature in both pictures, equal size (h, w, 3) uint8, eyes level and equally far apart."""

    title: str
    original: U8
    picture: U8


@dataclass(frozen=True, eq=False)
class Closer:
    """`features` at twice the smaller picture's pixels; `difference` and `moved` (h, w, 3) uint8, or None with `why`.

    `mean`: mean FLIP error over the face, 0 (none seen) to 1.
    """

    features: tuple[Feature, ...]
    difference: U8 | None
    moved: U8 | None
    mean: float
    why: str


def look_closer(original: U8, original_landmarks: F32, picture: U8, picture_landmarks: F32) -> Closer:
    """Pictures (h, w, 3) uint8 with (478, 3) landmarks in px.

    The difference map (FLIP) and the arrows need the same photo: in another photo everything differs.
    """
    pair = Pair(original, original_landmarks, picture, picture_landmarks)
    eye_px = 2 * round(float(np.clip(pair.eye_px, *_EYE_PX)))
    a, b = canonical(original, original_landmarks, eye_px), canonical(picture, picture_landmarks, eye_px)
    # Skin is taken from the cheek that the original shows more of.
    nose, cheeks = a.landmarks[4, 0], (a.landmarks[205, 0], a.landmarks[425, 0])
    turned = abs(cheeks[1] - nose) > abs(cheeks[0] - nose)
    places = [(t, _OTHER_CHEEK if t == "Skin" and turned else at, size) for t, at, size in FEATURES]
    features = tuple(Feature(title, *_crops(a, b, at, size)) for title, at, size in places)
    if not pair.same:
        why = (
            "The map of differences and the arrows are left out: these are two different photos, in which everything "
            "differs."
            if pair.gate == "another photo"
            else "The map of differences and the arrows are left out: it is not clear whether this is the same photo."
        )
        return Closer(features, None, None, 0.0, why)
    found = difference_map(pair.a.pixels, pair.b.pixels, pair.a.face & pair.b.inside)
    return Closer(features, found.picture, arrows(pair.a, pair.found), found.mean, "")


def _crops(a: Aligned, b: Aligned, at: tuple[int, ...], size: tuple[float, float]) -> tuple[U8, U8]:
    """The same feature in both, each about its own place, so that another pose does not leave it out."""
    width, height = (round(s * a.eye_px) for s in size)
    out = []
    for face in (a, b):
        x, y = face.landmarks[list(at), :2].mean(axis=0)
        full_height, full_width = face.pixels.shape[:2]
        left = int(np.clip(round(float(x) - width / 2), 0, full_width - width))
        top = int(np.clip(round(float(y) - height / 2), 0, full_height - height))
        out.append(face.pixels[top : top + height, left : left + width])
    return out[0], out[1]
