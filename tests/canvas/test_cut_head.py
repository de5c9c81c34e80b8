"""A head that the photo's edge cuts: the networks see it on a plain margin too."""

from __future__ import annotations

from collections.abc import Callable
from typing import cast

import cv2
import numpy as np
import pytest

from headshot.canvas.cutout import cut_head
from headshot.canvas.cutout.cut_head import is_cut, with_margin
from headshot.canvas.cutout.cut_out import ask, cut_out
from headshot.canvas.cutout.working_copy import WorkingCopy
from headshot.imaging.landmarks import eyes_middle
from headshot.photo.head import head_box
from tests.fixtures.made_copy import MadeCopy
from tests.fixtures.shared_photos import matte_in_photo, sitting, sitting_of

SHAPE = (120, 100)
BRIM, WALL = (slice(10, 50), slice(0, 14)), (slice(10, 50), slice(86, 100))


def small(face: np.ndarray) -> WorkingCopy:
    known = MadeCopy(
        picture=np.full((*face.shape, 3), 90, np.uint8),
        size=face.shape[::-1],
        face=face,
        rows=np.arange(face.shape[0])[:, None],
        chin=float(face.shape[0]),
        eye_px=40.0,
        disc=lambda radius: np.ones((2 * round(40 * radius) + 1,) * 2, np.uint8),
    )
    return cast(WorkingCopy, known)


def test_a_brim_that_both_claim_on_each_margin_is_worn_and_a_wall_is_not() -> None:
    """Selfie segmentation half thought of the brim at first; of the wall nobody thought, and one margin shows it."""
    face = np.zeros(SHAPE, np.uint8)
    cv2.circle(face, (50, 60), 20, 1, -1)
    selfie, saliency = face.astype(np.float32), face.astype(np.float32)
    selfie[BRIM] = 0.4
    asked: list[np.ndarray] = []

    def network(picture: np.ndarray) -> np.ndarray:
        asked.append(picture)
        said = np.zeros(picture.shape[:2], np.float32)
        part = said[60:180, 60:160]
        part[face > 0] = part[BRIM] = 1
        part[WALL] = 1 if tuple(picture[0, 0]) == cut_head._MARGINS[0] else 0
        return said

    whom, what = with_margin(small(face), selfie, saliency, network, network)
    assert len(asked) == 4 and all(one.shape == (180, 220, 3) for one in asked)
    assert whom[BRIM].min() > 0.9 and what[BRIM].min() > 0.9
    assert whom[WALL].max() < 0.05 and what[WALL].max() < 0.05
    assert whom[face > 0].min() > 0.95
    unthought, _ = with_margin(
        small(face), np.where(face > 0, selfie, 0).astype(np.float32), saliency, network, network
    )
    assert unthought[BRIM].max() < 0.6, "what nobody thought of at first does not lead"


def test_a_brim_goes_on_in_its_own_colours_and_no_further() -> None:
    """Below what both swear to selfie segmentation only thinks of the brim; the garden beside it is green."""
    face = np.zeros(SHAPE, np.uint8)
    cv2.circle(face, (50, 60), 20, 1, -1)
    saliency, selfie = face.astype(np.float32), face.astype(np.float32)
    selfie[BRIM] = 0.4
    on, garden, far = (slice(50, 70), slice(0, 14)), (slice(70, 90), slice(0, 14)), (slice(95, 110), slice(0, 14))
    copy = small(face)
    copy.picture[:] = (90, 160, 80)
    copy.picture[face > 0] = (200, 150, 130)
    copy.picture[BRIM] = copy.picture[on] = copy.picture[far] = (150, 120, 70)
    claimed, shown = face.astype(np.float32), np.full(SHAPE, 0.95, np.float32)
    claimed[BRIM] = 1
    claimed[on] = claimed[garden] = claimed[far] = 0.3
    shown[:, 50:] = face[:, 50:]

    def network(said: np.ndarray) -> Callable[[np.ndarray], np.ndarray]:
        return lambda picture: np.pad(said, ((60, 0), (60, 60)))

    whom, what = with_margin(copy, selfie, saliency, network(claimed), network(shown))
    inner = (slice(50, 68), slice(0, 12))  # where no garden is mixed in
    assert whom[inner].min() > 0.7 and what[inner].min() > 0.7
    copy.chin = 45.0  # above it a piece of the brim is left, and down to 85 it may go on
    lower, _ = with_margin(copy, selfie, saliency, network(claimed), network(shown))
    assert lower[inner].min() > 0.7
    copy.picture[far[0].start - 45 :, 14:] = copy.picture[90:, :14] = (150, 120, 70)
    claimed[50:, :] = np.maximum(claimed[50:, :], 0.3)
    copy.chin = 120.0
    wall, _ = with_margin(copy, selfie, saliency, network(claimed), network(shown))
    assert wall[100:, 60:].max() < 0.5, "what has a wall's extent is one"
    copy.chin = 5.0
    below, _ = with_margin(copy, selfie, saliency, network(claimed), network(shown))
    assert below[inner].max() < 0.7, "what begins below the chin is not worn"
    assert whom[garden].max() < 0.1 and whom[far].max() < 0.1, "other colours, and what does not hang together with it"


def test_answers_that_say_nothing_are_left_out() -> None:
    """A piece larger than half a face is a wall; who sees no face, or the photo as one thing, is not listened to."""
    face = np.zeros(SHAPE, np.uint8)
    cv2.circle(face, (50, 60), 20, 1, -1)
    selfie, saliency = face.astype(np.float32), face.astype(np.float32)
    large = (slice(10, 50), slice(0, 30))
    selfie[large] = 0.4

    def saying(what: np.ndarray) -> Callable[[np.ndarray], np.ndarray]:
        return lambda picture: np.pad(what.astype(np.float32), ((60, 0), (60, 60)))

    person = face.copy()
    person[large] = 1
    whom, what = with_margin(small(face), selfie, saliency, saying(person), saying(person))
    assert whom[large].max() < 0.9 and what[large].max() < 0.5
    nobody, everything = np.zeros(SHAPE), np.ones(SHAPE)
    whom, what = with_margin(small(face), selfie, saliency, saying(nobody), saying(everything))
    np.testing.assert_array_equal(whom, selfie)
    np.testing.assert_array_equal(what, saliency)


@pytest.mark.data
@pytest.mark.parametrize(
    ("name", "share", "most"),
    [("../people/s2.jpg", 0.1, 0.02), ("../people/u1588.png", 0.2, 0.02), ("ham_2.jpg", 0.1, 0.1)],
)
def test_a_photo_cut_at_the_crown_keeps_the_person_and_no_wall(name: str, share: float, most: float) -> None:
    """As out of the whole photo, but for `most` of the person.

    s2 was lost on a margin, u1588's hair is denied without one, and ham_2's raised shoulder was a gap beside his neck.
    """
    whole = sitting(name)
    _, top, _, bottom = head_box(whole.subject.landmarks)
    rows = int(top + share * (bottom - top))
    cut = sitting_of(whole.photo.pixels[rows:])
    assert is_cut(ask(cut.photo, cut.subject).copy)
    true, found = (matte_in_photo(one)[skipped:] for one, skipped in ((whole, rows), (cut, 0)))
    assert np.abs(found - true).sum() < most * true.sum()


@pytest.mark.data
def test_a_brim_at_the_photos_edges_is_whole() -> None:
    """azhat's hat fills the picture but for the sky at the corner and the garden at the lower left."""
    one = sitting("../people/azhat.jpg")
    found = matte_in_photo(one)
    height, width = found.shape
    for x, y in ((0.03, 0.3), (0.06, 0.6), (0.97, 0.3), (0.97, 0.6), (0.97, 0.75), (0.5, 0.01)):
        assert found[int(y * height), int(x * width)] > 0.9, (x, y)
    assert found[int(0.85 * height), int(0.03 * width)] < 0.05, "the garden"


@pytest.mark.data
@pytest.mark.sweep
def test_a_hat_that_the_photo_cuts_has_its_brim() -> None:
    one = sitting("../people/azhat.jpg")
    asked = ask(one.photo, one.subject)
    copy = asked.copy
    assert is_cut(copy) and not is_cut(ask(sitting("walz_1.jpg").photo, sitting("walz_1.jpg").subject).copy)
    matte = cv2.resize(cut_out(asked).matte, copy.size, interpolation=cv2.INTER_AREA)
    above = slice(0, int(eyes_middle(copy.marks)[1]))
    tenth = copy.size[0] // 10
    assert matte[above, :tenth].mean() > 0.8 and matte[above, -tenth:].mean() > 0.8
    corner = matte[int(0.74 * copy.size[1]) : int(0.8 * copy.size[1]), :tenth]  # the garden under it
    assert corner.mean() < 0.1
