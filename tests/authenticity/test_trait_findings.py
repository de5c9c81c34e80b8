"""Glasses, hair, expression, age: planted changes named, harmless ones not minded, what no model can say grey."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from headshot.authenticity.measures.asymmetry import mirrored_landmarks
from headshot.authenticity.measures.expression import PARTS, expression, expression_change
from headshot.authenticity.measures.glasses import bridge, glasses_change
from headshot.authenticity.measures.hair_colour import hair_change
from headshot.authenticity.measures.unmeasurable import Unmeasurable
from headshot.authenticity.pair import Pair
from headshot.authenticity.recognition import apparent_age
from headshot.authenticity.recognition.judges import Panel
from headshot.authenticity.report import judge
from headshot.errors import WeightsMissing
from headshot.imaging.landmarks import eye_distance
from headshot.photo.faces import find_faces
from headshot.types import AuthenticityReport
from tests.fixtures import edits, faces
from tests.fixtures.shared_photos import first

pytestmark = [pytest.mark.data, pytest.mark.skipif(not faces.PHOTOS.is_dir(), reason="no shared photos")]

NAMES = ("curbeam_1.jpg", "wilson_1.jpg", "whitson_1.jpg", "garan_1.jpg")


def pair(name: str, picture: np.ndarray) -> Pair:
    points = faces.find_landmarks(picture)
    assert points is not None
    return Pair(faces.photo(name), faces.landmarks(name), picture, points)


def report_of(name: str, picture: np.ndarray) -> AuthenticityReport:
    p = pair(name, picture)
    return judge(p.original, p.original_landmarks, picture, p.picture_landmarks, own_pixels=True, judges=Panel())


@pytest.mark.parametrize("name", NAMES)
def test_glasses_put_on_and_taken_off(name: str) -> None:
    found = pair(name, edits.jpeg(edits.put_on_glasses(faces.photo(name), faces.landmarks(name))))
    assert glasses_change(found.a, found.b) > 5
    assert glasses_change(found.b, found.a) == -glasses_change(found.a, found.b)


def test_real_glasses_in_another_photo_of_the_person() -> None:
    """walz_1 without, walz_2 with: the only such pair there is."""
    photos = [faces.photo(n) for n in ("walz_1.jpg", "walz_2.jpg")]
    a, b = (next(f.landmarks for f in find_faces(p) if f.landmarks is not None) for p in photos)
    report = judge(photos[0], a, photos[1], b, own_pixels=False, judges=Panel())
    found = report.get("glasses")
    assert found.state == "amber" and "this picture only" in found.sentence and found.value > 4
    bare = [bridge(pair(n, faces.photo(n)).a) for n in NAMES]
    assert max(bare) < 2.5 < bridge(pair("hopper_1.png", faces.photo("hopper_1.png")).a)


@pytest.mark.parametrize("name", NAMES[1:])  # Curbeam's hair lies under a helmet's ring
def test_dyed_hair_is_found(name: str) -> None:
    """In the whole hair, not on the forehead; a* and b* alone too, which is all that two photos are asked for."""
    for change in ((8, 40, 20), (4, 8, -45)):
        found = pair(name, edits.HARMLESS["jpeg"](edits.tint_hair(faces.photo(name), faces.landmarks(name), change)))
        everything, colour = hair_change(*found.heads)
        assert everything > 8 and 0 < colour <= everything


@pytest.mark.parametrize("change", first(edits.HARMLESS, 6))
def test_harmless_changes_of_hair_and_glasses(change: str) -> None:
    name = NAMES[1 + len(change) % 3]
    found = pair(name, edits.HARMLESS[change](faces.photo(name)))
    assert abs(glasses_change(found.a, found.b)) < 1.5
    if change == "cropped to the face":
        with pytest.raises(Unmeasurable, match="hair"):
            hair_change(*found.heads)
    else:
        assert hair_change(*found.heads)[0] < 5


@pytest.mark.sweep
@pytest.mark.parametrize("after", ["jpeg", "brighter"])
def test_whiter_skin_is_not_dyed_hair(after: str) -> None:
    name = "garan_1.jpg"
    picture = edits.HARMLESS[after](edits.lighten_skin(faces.photo(name), faces.landmarks(name), 12))
    report = report_of(name, picture)
    assert report.get("beyond_light").state in ("amber", "red") and report.get("hair").state in ("green", "grey")


def test_hair_in_the_report_is_amber_at_most() -> None:
    name = "whitson_1.jpg"
    report = report_of(name, edits.tint_hair(faces.photo(name), faces.landmarks(name), (-20, 20, 0)))
    assert report.get("hair").state == "amber" and "never red" in report.get("hair").threshold
    assert {f.id for f in report.deciding_findings if f.state != "green"} == {"hair"}


def test_expression_is_a_note() -> None:
    a, b = ("whitson_1.jpg", "whitson_2.jpg")
    report = judge(
        faces.photo(a), faces.landmarks(a), faces.photo(b), faces.landmarks(b), own_pixels=False, judges=Panel()
    )
    found = report.get("expression")
    assert found.state == "grey" and found.value < -8 and "narrower" in found.sentence and "no" in found.sentence
    assert "expression" not in report.deciding


def test_expression_by_hand() -> None:
    """The mouth opened by a tenth of the eye distance, in the mesh alone."""
    face = pair("garan_1.jpg", faces.photo("garan_1.jpg")).a
    opened = face.landmarks.copy()
    way = (opened[14] - opened[13])[:2]
    opened[14, :2] += way / np.hypot(*way) * 0.1 * face.eye_px
    after = type(face)(face.pixels, opened, face.matrix, face.scale, face.eye_px, face.source_eye_px, face.inside)
    change = expression_change(face, after)
    assert change.part == "mouth opening" and change.percent == pytest.approx(10.0, abs=1e-3)
    assert set(expression(face)) == set(PARTS)


@pytest.mark.sweep
def test_age_is_a_difference_alone_and_grey_without_its_network(monkeypatch: pytest.MonkeyPatch) -> None:
    name = "garan_1.jpg"
    report = report_of(name, edits.jpeg(faces.photo(name)))
    found = report.get("age")
    if found.value is not None:
        assert abs(found.value) < 4 and found.state == "green" and "age" in report.deciding
        assert "about as old as in your photo" in found.sentence
    missing = WeightsMissing("It is not here.", "Fetch it.")
    monkeypatch.setattr(apparent_age.store, "locate", lambda role: (_ for _ in ()).throw(missing))
    report = report_of(name, faces.photo(name))
    found = report.get("age")
    assert found.state == "grey" and "not on this machine" in found.sentence and "age" not in report.deciding


def test_the_face_alone_is_the_face_and_nothing_else() -> None:
    photo, points = faces.photo("garan_1.jpg"), faces.landmarks("garan_1.jpg")
    alone, same = apparent_age.face_alone(photo, points)
    kept = (alone == photo).all(-1)
    mesh = points[:, :2].round().astype(int)
    assert same is points and kept[mesh[:, 1], mesh[:, 0]].all()
    left, top = mesh.min(0)
    right, bottom = mesh.max(0)
    far = round(0.5 * eye_distance(points))
    around = np.ones_like(kept)
    around[top - far : bottom + far, left - far : right + far] = False
    assert len(np.unique(alone[around].reshape(-1, 3), axis=0)) == 1


def test_small_faces_get_no_glasses() -> None:
    small = cv2.resize(faces.photo("garan_1.jpg"), None, fx=0.4, fy=0.4, interpolation=cv2.INTER_AREA)
    assert "and 45 are needed" in report_of("garan_1.jpg", small).get("glasses").sentence


def test_mirrored_landmarks_are_those_of_the_mirrored_picture() -> None:
    name = "garan_1.jpg"
    photo, points = faces.photo(name), faces.landmarks(name)
    found = faces.find_landmarks(np.ascontiguousarray(photo[:, ::-1]))
    turned = mirrored_landmarks(points, photo.shape[1])
    apart = np.hypot(*(found - turned)[:, :2].T) / 105  # 105 px between its eyes
    assert np.median(apart) < 0.03 and apart[468:].max() < 0.03  # an iris's radius is .06
    assert np.allclose(mirrored_landmarks(turned, photo.shape[1]), points)
