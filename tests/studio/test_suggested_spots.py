"""Spots suggested for healing: pimples are, moles and freckles never."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

import numpy as np
import pytest

from headshot.authenticity.measures.aligned_face import Aligned, canonical
from headshot.direction.direct import direct
from headshot.direction.places import SUGGESTED, read_places
from headshot.studio.make_job import MakeJob
from headshot.studio.requests import MakeRequest
from headshot.studio.session import Sitting
from headshot.studio.suggested_spots import left_to_heal, passing_spots, suggested_heal, suggested_spots
from tests import SHARED
from tests.fixtures.shared_photos import PORTRAITS, SNAPSHOTS, sitting

pytestmark = pytest.mark.data
# Marks that a person has, seen by eye: places in the face's crop of 160 px eye distance, a mole or a field of freckles.
MARKS = {
    "pinkman.jpeg": [(190, 360), (326, 304)],
    "u1696.png": [(186, 291)],
    "u1859.png": [(242, 273), (231, 278), (272, 281), (287, 313)],
}
PIMPLES = "u1695.png"
POINTS = (50, 280, 151, 205, 425)  # cheeks and forehead
PIMPLE, MOLE = (8, -38, -32), (-55, -52, -45)  # code values on skin of 190


@cache
def person(name: str) -> Sitting:
    path = SHARED / "data" / "people" / name
    if not path.is_file():
        pytest.skip("the shared photos of people are not here (HEADSHOT_SHARED)")
    return Sitting.open(path)


def face_of(one: Sitting) -> Aligned:
    return canonical(one.photo.pixels, one.subject.landmarks)


def planted(face: Aligned, point: int, colour: tuple[int, int, int]) -> Aligned:
    """A pimple, soft, or a mole, with an edge, as strong as the light on the skin there."""
    at = face.landmarks[point, :2]
    y, x = np.mgrid[: face.pixels.shape[0], : face.pixels.shape[1]]
    away = np.hypot(x - at[0], y - at[1]) / face.eye_px
    soft = np.exp(-((away / 0.022) ** 2) / 2) if colour == PIMPLE else np.clip((0.025 - away) / 0.008, 0, 1)
    light = min(1.0, face.pixels[int(at[1]), int(at[0])].mean() / 190)
    pixels = (face.pixels + soft[..., None] * light * np.array(colour)).clip(0, 255).astype(np.uint8)
    return replace(face, pixels=pixels)


def found_at(face: Aligned, point: int, *others: Aligned) -> bool:
    at = face.landmarks[point, :2]
    spots = passing_spots(face, [(other.pixels, other.landmarks) for other in others])
    return any(np.hypot(spot.x - at[0], spot.y - at[1]) < 0.04 * face.eye_px for spot in spots)


@pytest.mark.sweep
@pytest.mark.parametrize("names", [["coleman_1.jpg", "curbeam_1.jpg"], ["whitson_1.jpg", "garan_1.jpg"]])
def test_a_planted_pimple_is_suggested_and_a_planted_mole_is_not(names: list[str]) -> None:
    faces = [face_of(sitting(name)) for name in names]
    pimples = [found_at(planted(face, point, PIMPLE), point) for face in faces for point in POINTS]
    assert np.mean(pimples) >= 0.7
    assert not any(found_at(planted(face, point, MOLE), point) for face in faces for point in POINTS)


def test_what_a_further_photo_shows_too_is_kept() -> None:
    face = face_of(sitting("whitson_1.jpg"))
    spotted = planted(face, 50, PIMPLE)
    assert found_at(spotted, 50) and found_at(spotted, 50, face) and not found_at(spotted, 50, spotted)


def test_real_pimples_are_suggested_and_real_marks_never() -> None:
    assert len(suggested_spots(person(PIMPLES))) >= 4
    for name, marks in MARKS.items():
        spots = passing_spots(face_of(person(name)))
        near = [(s.x, s.y) for s in spots if any(np.hypot(s.x - x, s.y - y) < 12 for x, y in marks)]
        assert near == [], name


@pytest.mark.sweep
def test_nothing_is_suggested_on_clear_skin() -> None:
    """What was seen on the shared photos: one person has pimples."""
    for name in (*PORTRAITS, *SNAPSHOTS):
        assert suggested_spots(sitting(name)) == (), name
    folder = SHARED / "data" / "people"
    for path in sorted(p for p in folder.iterdir() if p.suffix in (".jpg", ".png", ".jpeg")):
        assert path.name == PIMPLES or suggested_spots(person(path.name)) == (), path.name


def test_what_is_healed_or_kept_is_not_suggested_again_and_a_program_is_told_where() -> None:
    one = person(PIMPLES)
    spots = left_to_heal(one, direct())
    healed = direct(overrides={"retouch.heal": suggested_heal(one)})
    assert spots and left_to_heal(one, healed) == [] and left_to_heal(one, replace(direct(), keep="freckles")) == []
    job = MakeJob(MakeRequest(photo=one, heal_at=[SUGGESTED]))
    assert job.direction.retouch.heal == "", "none is healed before it is asked for"
    (note,) = (n for n in job.notes(lambda s: f"--set {s}") if "might be healed" in n)
    assert job.suggested_heal in note and len(read_places(job.suggested_heal)) == len(spots)
