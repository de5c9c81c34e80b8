"""Photos on their side and upside down: turned upright, with a note, at every door; upright ones are left."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from headshot.direction.direct import direct
from headshot.imaging.resize import scaled
from headshot.photo import upright
from headshot.photo.decode import read_photo
from headshot.photo.subject import choose, head_pose
from headshot.photo.upright import find_upright, turn
from headshot.studio.match import match_pair
from headshot.studio.photo_places import face_point
from headshot.studio.pose_reference import read_pose
from headshot.studio.session import Sitting, headshot
from headshot.types import Photo
from tests import SHARED
from tests.fixtures.shared_photos import FEW, SINGLES, photo_path, rows, sitting

pytestmark = pytest.mark.data


def small(path: Path) -> Photo:
    photo = read_photo(path)
    return replace(photo, pixels=scaled(photo.pixels, min(1.0, 1280 / max(photo.width, photo.height))))


def outcome(photo: Photo, quarters: int) -> str:
    """How many quarters the photo, turned by `quarters` before, stands off upright; and how its main face is tilted."""
    given = Photo(np.ascontiguousarray(np.rot90(photo.pixels, -quarters)), photo.format)
    found, faces = find_upright(given)
    off = (quarters + found.turned) % 4
    assert bool(found.turned) == any("turned upright" in note for note in found.notes)
    if off == 0:
        face = faces[choose(faces, found.width, found.height)]
        assert face.landmarks is not None and abs(head_pose(face.landmarks).roll) < 46
    return f"off by {off}" if off else "upright"


def test_turned_photos_are_turned_back() -> None:
    for name in FEW:
        photo = small(photo_path(name))
        assert [outcome(photo, quarters) for quarters in range(4)] == ["upright"] * 4, name


def test_a_face_that_fills_its_frame_stays_upright() -> None:
    """Upside down the detector scores each of these crops over .05 higher, for want of surroundings."""
    for name in ("wilson_1.jpg", "ferguson_1.jpg", "whitson_2.jpg"):
        photo = read_photo(photo_path(name))
        x0, y0, x1, y1 = find_upright(photo)[1][0].box
        wide, tall = 0.25 * (x1 - x0), 0.25 * (y1 - y0)
        close = photo.pixels[max(0, int(y0 - 1.6 * tall)) : int(y1 + tall), max(0, int(x0 - wide)) : int(x1 + wide)]
        assert outcome(Photo(np.ascontiguousarray(close), "PNG"), 0) == "upright", name


def test_a_headshot_stays_upright() -> None:
    """Upside down the detector scores both higher; there is little round the face, and the body is under it."""
    for name in ("coleman_1.jpg", "higginbotham_1.jpg"):
        made = headshot(sitting(name), direct(), height=1000).picture
        assert outcome(Photo(made, "PNG"), 0) == "upright", name


def test_a_body_under_the_face_speaks_against_upside_down() -> None:
    made = headshot(sitting("coleman_1.jpg"), direct(), height=1000).picture
    assert upright._stands(made)
    assert not upright._stands(np.ascontiguousarray(made[::-1, ::-1]))
    assert not upright._stands(made[150:]), "too little is seen over it"


@pytest.mark.sweep
def test_every_shared_photo_is_turned_back() -> None:
    """Whom the mesh does not see upright (a profile) cannot be told; upside down a weak face may stay as it is."""
    people = sorted((SHARED / "data" / "people").glob("*.[jp]*g"))
    wrong = []
    for path in [*map(photo_path, SINGLES), photo_path("group_sts131.jpg"), *people]:
        photo = small(path)
        wrong += [(path.name, quarters) for quarters in range(4) if outcome(photo, quarters) != "upright"]
    assert not [w for w in wrong if w[1] == 0] and len(wrong) <= 3, wrong


@pytest.mark.sweep
def test_where_nobody_is_nothing_is_turned() -> None:
    for name in (name for name, row in rows().items() if row["expected_faces"] == "0" and "broken" not in name):
        photo = read_photo(photo_path(name))
        assert find_upright(photo)[0] is photo, name


def test_an_upright_photo_is_searched_once(monkeypatch: pytest.MonkeyPatch) -> None:
    searched = []
    search = upright.find_faces
    monkeypatch.setattr(upright, "find_faces", lambda pixels: searched.append(pixels.shape) or search(pixels))
    for name in ("coleman_1.jpg", "curbeam_1.jpg", "wilson_1.jpg", "ham_2.jpg"):
        find_upright(read_photo(photo_path(name)))
    assert len(searched) == 4


def test_every_job_sees_the_person_upright() -> None:
    whole, other = read_photo(photo_path("whitson_1.jpg")), read_photo(photo_path("whitson_2.jpg"))
    lying, hanging = (Photo(turn(whole, n).pixels, "PNG") for n in (1, 2))
    for photo in (lying, hanging):
        sitting = Sitting.of(photo)
        assert abs(sitting.subject.pose.roll) < 5
        assert sitting.photo.pixels.shape == Sitting.of(whole).photo.pixels.shape
    match = match_pair(lying, other, [hanging])
    assert "The original photo lay on its side, and was turned upright." in match.notes
    assert abs(head_pose(match.original[1]).roll) < 5
    assert read_pose(hanging).settings == read_pose(whole).settings
    sitting = Sitting.of(other)
    sitting.add([hanging])
    assert abs(head_pose(sitting.own_faces[0][1]).roll) < 5


@pytest.mark.sweep
def test_a_point_of_the_upload_is_found_in_the_turned_photo() -> None:
    whole = read_photo(photo_path("curbeam_jones_two_faces.jpg"))
    faces = Sitting.of(whole).subject.faces
    x0, y0, x1, y1 = faces[1].box if faces[0].box[0] < faces[1].box[0] else faces[0].box  # the right one
    middle = np.array([(x0 + x1) / 2, (y0 + y1) / 2])
    assert np.allclose(face_point(f"{middle[0]:.0f},{middle[1]:.0f}", faces, whole), middle, atol=1)
    lying = Photo(turn(whole, 1).pixels, "PNG")  # the point (x, y) is now at (height − y, x)
    sitting = Sitting.of(lying)
    assert sitting.photo.turned == 3 and sitting.photo.given == (whole.height, whole.width)
    point = face_point(f"{whole.height - 1 - middle[1]:.0f},{middle[0]:.0f}", sitting.subject.faces, sitting.photo)
    assert np.allclose(point, middle * sitting.photo.width / whole.width, atol=2)


def test_turned_by_hand_it_stays_so() -> None:
    sitting = Sitting.of(read_photo(photo_path("garan_1.jpg")))
    lying = sitting.turned()
    assert lying.photo.turned == 1 and lying.subject.pose.roll == pytest.approx(90, abs=10)
    assert np.array_equal(lying.turned().turned().turned().photo.pixels, sitting.photo.pixels)
