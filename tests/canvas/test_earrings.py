"""Earrings that hang free beside the neck: kept, though no network sees them in a view of the whole head."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from headshot.canvas.cutout import earrings
from headshot.canvas.cutout.cut_out import ask, cut_out
from headshot.imaging.landmarks import TEMPLES, eye_distance
from headshot.studio.session import Sitting
from headshot.types import CutoutSettings
from tests.fixtures.shared_photos import first, matte_in_photo, sitting, sitting_of

pytestmark = pytest.mark.data
BARE = ("ham_1.jpg", "whitson_2.jpg")  # no hair lies over the ears
HANGS, BEYOND = 0.03, 0.45  # eye distances outward of the middle of what is drawn: under the ear, and out on the wall
SILVER = (150, 152, 156)


def with_drops(one: Sitting, outward: float) -> tuple[Sitting, list[tuple[int, int]]]:
    """Draw a red drop on a wire on each side of a head: the new sitting, and the drops' middles (x, y) px."""
    pixels, marks = one.photo.pixels.copy(), one.subject.landmarks
    eye, middles = eye_distance(marks), []
    for temple, side in zip(TEMPLES, (-1, 1), strict=True):
        x, y = marks[temple, 0] + side * outward * eye, marks[temple, 1]
        middle = (round(x), round(y + 0.95 * eye))
        cv2.line(
            pixels, (middle[0], round(y + 0.5 * eye)), middle, (150, 110, 40), max(1, round(0.03 * eye)), cv2.LINE_AA
        )
        for size, colour in ((1.0, (120, 20, 60)), (0.65, (200, 40, 90))):
            axes = (round(0.12 * size * eye), round(0.24 * size * eye))
            cv2.ellipse(pixels, middle, axes, 0, 0, 360, colour, -1, cv2.LINE_AA)
        middles.append(middle)
    return sitting_of(pixels), middles


@pytest.mark.parametrize("name", first(BARE))
def test_what_hangs_from_an_ear_is_kept_and_what_is_on_the_wall_is_not(name: str) -> None:
    one = sitting(name)
    worn, middles = with_drops(one, HANGS)
    kept = matte_in_photo(worn)
    assert min(kept[y, x] for x, y in middles) > 0.9
    behind, (left, _) = with_drops(one, BEYOND)
    assert matte_in_photo(behind)[left[1], left[0]] < 0.1


def test_a_click_takes_one_away_and_leaves_the_other() -> None:
    one, (left, right) = with_drops(sitting(BARE[0]), HANGS)
    height, width = one.photo.pixels.shape[:2]
    click = CutoutSettings(drop=f"{left[0] / width:.3f},{left[1] / height:.3f}")
    made = cut_out(ask(one.photo, one.subject), click)
    x0, y0 = made.origin
    assert made.matte[left[1] - y0, left[0] - x0] < 0.1 and made.matte[right[1] - y0, right[0] - x0] > 0.9


def test_the_network_is_asked_only_for_an_ear_with_something_under_it(monkeypatch: pytest.MonkeyPatch) -> None:
    one = sitting(BARE[0])
    bare, worn = (ask(s.photo, s.subject) for s in (one, with_drops(one, HANGS)[0]))
    mattes = (bare.matte, worn.matte)
    shown: list[np.ndarray] = []
    monkeypatch.setattr(
        earrings.u2netp, "saliency", lambda part: shown.append(part) or np.zeros((320, 320), np.float32)
    )
    assert not earrings.find_earrings(bare.copy, mattes[0]).any() and not shown
    assert not earrings.find_earrings(worn.copy, mattes[1]).any() and shown
    assert all(part.shape[1] < worn.copy.full.shape[1] / 3 for part in shown)
    shown.clear()
    monkeypatch.setattr(earrings.u2netp, "is_here", lambda: False)
    assert not earrings.find_earrings(worn.copy, mattes[1]).any() and not shown


def with_hoops(one: Sitting, outward: float) -> tuple[Sitting, list[np.ndarray], list[tuple[int, int]]]:
    """Draw a silver hoop on each side of a head before a plain wall: the new sitting, their masks and middles."""
    alpha = matte_in_photo(one)[..., None]
    pixels = (one.photo.pixels * alpha + 236 * (1 - alpha)).round().astype(np.uint8)
    marks, rings, middles = one.subject.landmarks, [], []
    eye = eye_distance(marks)
    for temple, side in zip(TEMPLES, (-1, 1), strict=True):
        middle = (round(marks[temple, 0] + side * outward * eye), round(marks[temple, 1] + 0.85 * eye))
        axes, wide = (round(0.16 * eye), round(0.28 * eye)), max(1, round(0.04 * eye))
        cv2.ellipse(pixels, middle, axes, 0, 0, 360, SILVER, wide, cv2.LINE_AA)
        ring = cv2.ellipse(np.zeros(pixels.shape[:2], np.uint8), middle, axes, 0, 0, 360, 1, max(1, wide - 2))
        free = (ring > 0) & (alpha[..., 0] < 0.05)
        if free.sum() > 0.7 * ring.sum():  # else it hangs before the neck
            rings.append(free)
            middles.append(middle)
    return sitting_of(pixels), rings, middles


@pytest.mark.parametrize("name", first(BARE))
def test_a_hoop_before_a_plain_wall_is_kept_in_its_own_colour(name: str) -> None:
    one = sitting(name)
    worn, rings, middles = with_hoops(one, 0.08)
    assert rings
    kept, colours = matte_in_photo(worn), np.zeros_like(worn.photo.pixels)
    (x0, y0), foreground = worn.cutout.origin, worn.cutout.foreground
    colours[y0 : y0 + foreground.shape[0], x0 : x0 + foreground.shape[1]] = foreground
    for ring, (x, y) in zip(rings, middles, strict=True):
        assert np.median(kept[ring]) > 0.8 and np.percentile(kept[ring], 10) > 0.3
        assert kept[y, x] < 0.1, "through a hoop the wall is seen"
        assert np.abs(np.median(colours[ring], axis=0) - SILVER).max() < 25
    behind, rings, _ = with_hoops(one, 1.2)
    assert rings and all(matte_in_photo(behind)[ring].max() < 0.1 for ring in rings)
