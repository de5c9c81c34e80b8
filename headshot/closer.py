"""A closer look at a pair: eyes, nose, mouth, jaw and skin at 200%, moles and marks, and where the two differ."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from headshot.authenticity.align import Aligned, canonical
from headshot.authenticity.difference import arrows, difference_map, mark_crop
from headshot.authenticity.marks import Mark, compare_marks, find_marks, place_in
from headshot.authenticity.pair import Pair
from headshot.authenticity.texture import MIN_EYE_PX
from headshot.authenticity.unmeasurable import Unmeasurable
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
_MOST_MARKS = 6  # shown at once: those that came or went first, then the strongest
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

    `mean`: mean FLIP error over the face, 0 (none seen) to 1. `marks`: patches of skin round single moles and marks;
    `marks_note`: one plain line on them, or why there are none.
    """

    features: tuple[Feature, ...]
    marks: tuple[Feature, ...]
    marks_note: str
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
    marks, note = _marks(pair)
    if not pair.same:
        why = (
            "The map of differences and the arrows are left out: these are two different photos, in which everything "
            "differs."
            if pair.gate == "another photo"
            else "The map of differences and the arrows are left out: it is not clear whether this is the same photo."
        )
        return Closer(features, marks, note, None, None, 0.0, why)
    found = difference_map(pair.a.pixels, pair.b.pixels, pair.a.face & pair.b.inside)
    y0, y1, x0, x1 = _face_box(pair.a)
    moved = arrows(pair.a, pair.found)[2 * y0 : 2 * y1, 2 * x0 : 2 * x1]
    return Closer(features, marks, note, found.picture[y0:y1, x0:x1], moved, found.mean, "")


def _marks(pair: Pair) -> tuple[tuple[Feature, ...], str]:
    """Single moles and marks in both pictures, and a line on them."""
    if pair.eye_px < MIN_EYE_PX:
        small = f"the face is too small ({pair.eye_px:.0f} of {MIN_EYE_PX:.0f} pixels between the eyes)."
        return (), f"They are left out: {small}"
    if pair.same:
        try:
            changes = compare_marks(pair.a, pair.carried)
        except Unmeasurable as reason:
            return (), f"They are left out: {reason}"
        gone, new = set(changes.lost), set(changes.new)
        marks = [*changes.lost, *changes.new, *(m for m in changes.found if m not in gone)]
        note = "Each ring is at one place in both pictures. Folds and shadows can look like marks: trust your eyes."
        word = {m: "gone" if m in gone else "new" if m in new else "kept" for m in marks}
    else:
        try:
            marks = list(find_marks(pair.a))
        except Unmeasurable as reason:
            return (), f"They are left out: {reason}"
        note = (
            "Each ring is about where the mark should be. Nothing is judged here: another light can hide or make marks."
        )
        word = dict.fromkeys(marks, "in your photo")
    if not marks:
        return (), "No mole or mark stands out in your photo."

    def crops(mark: Mark) -> tuple[U8, U8]:
        at = (mark.x, mark.y)
        if pair.same:
            return mark_crop(pair.a, at), mark_crop(pair.carried, at)
        return mark_crop(pair.a, at), mark_crop(pair.b, place_in(pair.a, pair.b, at))

    shown = marks[:_MOST_MARKS]
    if len(marks) > len(shown):
        note += f" {len(shown)} of {len(marks)} are shown."
    return tuple(Feature(f"Mark {i}, {word[m]}", *crops(m)) for i, m in enumerate(shown, 1)), note


def _face_box(face: Aligned) -> tuple[int, int, int, int]:
    """(y0, y1, x0, x1) of the face with a rim of .15 IED, crop px."""
    rows, columns = np.nonzero(face.face)
    rim, (height, width) = round(0.15 * face.eye_px), face.pixels.shape[:2]
    return (max(0, int(rows.min()) - rim), min(height, int(rows.max()) + rim),
            max(0, int(columns.min()) - rim), min(width, int(columns.max()) + rim))  # fmt: skip


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
