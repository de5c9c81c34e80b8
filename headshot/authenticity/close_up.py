"""A closer look at a pair: eyes, nose, mouth, jaw and skin enlarged, moles and marks, and where the two differ."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

from headshot.authenticity.measures.aligned_face import Aligned, canonical
from headshot.authenticity.measures.difference_map import arrows, difference_map, mark_crop
from headshot.authenticity.measures.marks import Mark, compare_marks, find_marks, place_in
from headshot.authenticity.measures.texture import MIN_EYE_PX
from headshot.authenticity.measures.unmeasurable import Unmeasurable, too_small
from headshot.authenticity.pair import Pair
from headshot.language import tr
from headshot.types import U8

# Middle of each feature as landmarks to average, and width and height in eye distances.
FEATURES: tuple[tuple[str, tuple[int, ...], tuple[float, float]], ...] = (
    ("Eyes", (33, 133, 362, 263), (2.1, 0.7)),
    ("Nose", (6, 2), (0.95, 1.15)),
    ("Mouth", (61, 291), (1.25, 0.75)),
    ("Jaw", (152, 17), (2.1, 0.9)),
    ("Skin", (50, 205), (0.5, 0.5)),
)
# Of a large face both eyes do not fit beside each other.
_EACH_EYE: tuple[tuple[str, tuple[int, ...], tuple[float, float]], ...] = (
    ("Eye on the left", (33, 133), (1.05, 0.7)),
    ("Eye on the right", (362, 263), (1.05, 0.7)),
)
_PAGE_PX = 690  # width of the page's column
_OTHER_CHEEK = (280, 425)
_MOST_MARKS = 6  # shown at once: those that came or went first, then the strongest
_EYE_PX = (90.0, 800.0)  # between the eyes as shown
_MOST_PX = (1280, 480)  # width and height of a crop: of a large face less is shown, never smaller


@dataclass(frozen=True, eq=False)
class Feature:
    """One feature in both pictures, equal size (h, w, 3) uint8, eyes level and equally far apart."""

    title: str
    original: U8
    picture: U8


@dataclass(frozen=True, eq=False)
class CloseUp:
    """`features` at twice the coarser picture's pixels; `difference` and `moved` (h, w, 3) uint8, or None with `why`;
    `changed` the head with a line round all that changed, (512, 512, 3), None where that cannot be told.

    `enlarged`: shown px for one px of each picture, original first. `mirrored`: the picture is the photo with left and
    right swapped, and is shown turned back. `mean`: mean FLIP error over the face, 0 (none seen) to 1. `marks`: patches
    of skin round single moles and marks; `marks_note`: one plain line on them, or why there are none.
    """

    features: tuple[Feature, ...]
    marks: tuple[Feature, ...]
    marks_note: str
    difference: U8 | None
    moved: U8 | None
    mean: float
    why: str
    enlarged: tuple[float, float]
    mirrored: bool = False
    changed: U8 | None = None


def close_up(pair: Pair, *, mirrored: bool = False) -> CloseUp:
    """Make the closer look at a pair; `mirrored`: its picture was turned back already (see pair.Match).

    The difference map (FLIP) and the arrows need the same photo: in another photo everything differs.
    """
    own = (pair.source_eye_px or pair.a.source_eye_px, pair.b.source_eye_px)
    # The coarser one at twice its pixels, the finer one at least at its own: what it has is not hidden.
    eye_px = round(float(np.clip(max(2 * min(own), max(own)), *_EYE_PX)))
    a = canonical(pair.original, pair.original_landmarks, eye_px)
    b = canonical(pair.picture, pair.picture_landmarks, eye_px)
    enlarged = (eye_px / own[0], eye_px / own[1])
    # Skin is taken from the cheek that the original shows more of.
    nose, cheeks = a.landmarks[4, 0], (a.landmarks[205, 0], a.landmarks[425, 0])
    turned = abs(cheeks[1] - nose) > abs(cheeks[0] - nose)
    split = FEATURES[0][2][0] * eye_px > _PAGE_PX
    shown = (*_EACH_EYE, *FEATURES[1:]) if split else FEATURES
    places = [(t, _OTHER_CHEEK if t == "Skin" and turned else at, size) for t, at, size in shown]
    features = tuple(Feature(tr(title), *_crops(a, b, at, size)) for title, at, size in places)
    marks, note = _marks(pair)
    if not pair.same:
        why = (
            tr(
                "The map of differences and the arrows are left out: these are two different photos, in "
                "which everything differs."
            )
            if pair.same_photo == "another photo"
            else tr(
                "The map of differences and the arrows are left out: it is not clear whether this is the same photo."
            )
        )
        return CloseUp(features, marks, note, None, None, 0.0, why, enlarged, mirrored)
    found = difference_map(pair.a.pixels, _laid_over(pair), pair.a.face & pair.b.inside)
    y0, y1, x0, x1 = _face_box(pair.a)
    moved = arrows(pair.a, pair.found)[2 * y0 : 2 * y1, 2 * x0 : 2 * x1]
    maps = found.picture[y0:y1, x0:x1], moved, found.mean
    return CloseUp(features, marks, note, *maps, "", enlarged, mirrored, _changed(pair))


def _changed(pair: Pair) -> U8 | None:
    try:
        return pair.changes.outlined()
    except Unmeasurable:
        return None


def _laid_over(pair: Pair) -> U8:
    """The picture moved, turned and scaled as a whole onto the original: landmarks that differ by a fraction of a pixel
    would draw every edge as a difference.
    """
    height, width = pair.a.pixels.shape[:2]
    laid = cv2.warpAffine(
        pair.b.pixels,
        pair.found.similarity,
        (width, height),
        flags=cv2.INTER_CUBIC | cv2.WARP_INVERSE_MAP,
        borderMode=cv2.BORDER_REPLICATE,
    )
    return np.asarray(laid, np.uint8)


def _marks(pair: Pair) -> tuple[tuple[Feature, ...], str]:
    """Single moles and marks in both pictures, and a line on them."""
    if pair.eye_px < MIN_EYE_PX:
        small = too_small(pair.eye_px, MIN_EYE_PX)
        return (), tr("They are left out: {small}", small=small)
    if pair.same:
        try:
            changes = compare_marks(pair.a, pair.carried)
        except Unmeasurable as reason:
            return (), tr("They are left out: {reason}", reason=reason)
        gone, new = set(changes.lost), set(changes.new)
        marks = [*changes.lost, *changes.new, *(m for m in changes.found if m not in gone)]
        note = tr("Each ring is at one place in both pictures. Folds and shadows can look like marks: trust your eyes.")
        word = {m: "gone" if m in gone else "new" if m in new else "kept" for m in marks}
    else:
        try:
            marks = list(find_marks(pair.a))
        except Unmeasurable as reason:
            return (), tr("They are left out: {reason}", reason=reason)
        note = tr(
            "Each ring is about where the mark should be. Nothing is judged here: another light can hide or make marks."
        )
        word = dict.fromkeys(marks, "in your photo")
    if not marks:
        return (), tr("No mole or mark stands out in your photo.")

    def crops(mark: Mark) -> tuple[U8, U8]:
        at = (mark.x, mark.y)
        if pair.same:
            return mark_crop(pair.a, at), mark_crop(pair.carried, at)
        return mark_crop(pair.a, at), mark_crop(pair.b, place_in(pair.a, pair.b, at))

    shown = marks[:_MOST_MARKS]
    if len(marks) > len(shown):
        note += " " + tr("{count} of {many} are shown.", count=len(shown), many=len(marks))
    return tuple(
        Feature(f"{tr('Mark {number}', number=i)}, {tr(word[m])}", *crops(m)) for i, m in enumerate(shown, 1)
    ), note


def _face_box(face: Aligned) -> tuple[int, int, int, int]:
    """(y0, y1, x0, x1) of the face with a rim of .15 IED, crop px."""
    rows, columns = np.nonzero(face.face)
    rim, (height, width) = round(0.15 * face.eye_px), face.pixels.shape[:2]
    return (
        max(0, int(rows.min()) - rim),
        min(height, int(rows.max()) + rim),
        max(0, int(columns.min()) - rim),
        min(width, int(columns.max()) + rim),
    )


def _crops(a: Aligned, b: Aligned, at: tuple[int, ...], size: tuple[float, float]) -> tuple[U8, U8]:
    """The same feature in both, each about its own place, so that another pose does not leave it out."""
    width, height = (min(round(s * a.eye_px), most) for s, most in zip(size, _MOST_PX, strict=True))
    out = []
    for face in (a, b):
        x, y = face.landmarks[list(at), :2].mean(axis=0)
        full_height, full_width = face.pixels.shape[:2]
        left = int(np.clip(round(float(x) - width / 2), 0, full_width - width))
        top = int(np.clip(round(float(y) - height / 2), 0, full_height - height))
        out.append(face.pixels[top : top + height, left : left + width])
    return out[0], out[1]
