"""What a picture cuts off or hides is not measured; what changed on one side, or the other way, is not averaged out."""

from __future__ import annotations

import numpy as np
import pytest

from headshot.authenticity import shape_sentences as sentences
from headshot.authenticity.close_up import close_up
from headshot.authenticity.measures import geometry, skin
from headshot.authenticity.measures.asymmetry import asymmetry_kept
from headshot.authenticity.measures.hair_colour import hair_change
from headshot.authenticity.measures.marks import compare_marks, find_marks
from headshot.authenticity.measures.unmeasurable import Unmeasurable
from headshot.authenticity.pair import Pair
from headshot.authenticity.recognition.judges import Panel
from headshot.authenticity.report import judge
from headshot.authenticity.thresholds import threshold
from headshot.types import AuthenticityReport
from tests.fixtures import edits, faces
from tests.fixtures.shared_photos import first

pytestmark = [pytest.mark.data, pytest.mark.skipif(not faces.PHOTOS.is_dir(), reason="no shared photos")]

SIZES = ("eye_size", "nose_width", "mouth_width", "jaw_width", "face_shape", "asymmetry")
LENSES = (0.36, 0.25)  # IED, half axes
MOUTH = (0.5, 0.25)


def pair(name: str, picture: np.ndarray) -> Pair:
    points = faces.find_landmarks(picture)
    assert points is not None
    return Pair(faces.photo(name), faces.landmarks(name), picture, points)


def report_of(name: str, picture: np.ndarray, points: np.ndarray | None = None) -> AuthenticityReport:
    points = faces.find_landmarks(picture) if points is None else points
    assert points is not None
    return judge(faces.photo(name), faces.landmarks(name), picture, points, own_pixels=True, judges=Panel())


def states(report: AuthenticityReport) -> dict[str, str]:
    return {f.id: f.state for f in report.findings}


def below_the_nose(name: str) -> np.ndarray:
    points = faces.landmarks(name)
    return edits.cut_out(faces.photo(name), bottom=(points[2, 1] + points[0, 1]) / 2)


# ------------------------------------------------------------------ beyond the picture's edge


@pytest.mark.parametrize(
    "name",
    ["higginbotham_1.jpg", *(pytest.param(n, marks=pytest.mark.sweep) for n in ("wilson_1.jpg", "whitson_1.jpg"))],
)
def test_a_crop_to_the_face_is_no_change(name: str) -> None:
    """Repeated edges read as hair of another colour (ΔE 4.6 to 15.9), less asymmetry (.79), less likeness (.16)."""
    report = report_of(name, edits.face_only(faces.photo(name)))
    found = states(report)
    assert report.verdict == "green", [f for f in report.findings if f.state in ("amber", "red")]
    assert found["hair"] == found["hair_outline"] == "grey" and "cuts off" in report.get("hair").sentence
    assert {found[m] for m in SIZES} == {"green"} and report.get("likeness").value < 0.07


@pytest.mark.parametrize("name", first(["curbeam_1.jpg", "whitson_1.jpg", "ferguson_1.jpg"]))
def test_what_lies_below_the_cut_is_grey(name: str) -> None:
    """It read “Your mouth is 10% narrower”, lost marks and a red likeness."""
    report = report_of(name, below_the_nose(name))
    found = states(report)
    assert not {m for m, state in found.items() if state in ("amber", "red")}
    for measure in ("likeness", "mouth_width", "jaw_width", "face_shape", "asymmetry", "beyond_light", "marks"):
        assert found[measure] == "grey" and report.get(measure).value is None, measure
    assert found["eye_size"] == "green" and "cuts off part of your mouth" in report.get("mouth_width").sentence
    assert report.verdict == "grey"


def test_carried_pixels_are_the_pictures_own() -> None:
    name = "garan_1.jpg"
    found = pair(name, below_the_nose(name))
    lips = found.a.region((61, 291, 17))
    assert found.a.inside[lips].all() and not found.carried.inside[lips].any()
    assert not (found.carried.skin & ~found.found.seen).any()
    assert found.ours.skin.sum() < 0.8 * found.a.skin.sum()
    with pytest.raises(Unmeasurable, match="your skin"):
        compare_marks(found.a, found.carried)
    with pytest.raises(Unmeasurable, match="hair"):
        hair_change(*pair(name, edits.face_only(faces.photo(name))).heads)


@pytest.mark.parametrize(("name", "above_chin"), [("higginbotham_1.jpg", 0.2), ("ham_1.jpg", 0.5)])
def test_nothing_moves_beside_the_edge(name: str, above_chin: float) -> None:
    """Beside a cut the flow follows the edge that is repeated beyond it: shape .27 and .46% without the rim."""
    photo, points = faces.photo(name), faces.landmarks(name)
    ied = float(np.hypot(*(points[468, :2] - points[473, :2])))
    cut_off = edits.cut_out(photo, bottom=points[152, 1] - above_chin * ied)
    found = Pair(photo, points, edits.jpeg(cut_off), points)
    assert geometry.face_shape(found.a, found.found) < 0.21


def test_a_mouth_that_neither_picture_shows_has_no_width() -> None:
    name = "whitson_1.jpg"
    cut_off, points = below_the_nose(name), faces.landmarks(name)
    report = judge(cut_off, points, edits.jpeg(cut_off), points, own_pixels=True, judges=Panel())
    assert states(report)["mouth_width"] == "grey" and states(report)["eye_size"] == "green"


def test_marks_need_skin_to_lie_on() -> None:
    name = "garan_1.jpg"
    face = pair(name, faces.photo(name)).a
    forehead = face.inside & (np.arange(len(face.inside)) < 60)[:, None]
    with pytest.raises(Unmeasurable, match="too little skin"):
        find_marks(face.within(forehead))
    cut_off, points = below_the_nose(name), faces.landmarks(name)
    assert "left out" in close_up(Pair(faces.photo(name), points, cut_off, points)).marks_note


# ------------------------------------------------------------------ hidden


@pytest.mark.sweep
@pytest.mark.parametrize("name", ["higginbotham_1.jpg", "garan_1.jpg"])
def test_sunglasses_hide_the_eyes(name: str) -> None:
    """They read “Your eyes are 6% larger”, another eye colour, and no glasses."""
    photo, points = faces.photo(name), faces.landmarks(name)
    report = report_of(name, edits.hide(photo, points, (468, 473), LENSES), points)
    for measure in ("eye_size", "iris"):
        assert states(report)[measure] == "grey" and "could not be followed" in report.get(measure).sentence
    assert states(report)["glasses"] in ("grey", "amber")
    assert states(report)["face_shape"] == states(report)["asymmetry"] == "green"
    bridged = report_of(name, edits.hide(photo, points, (468, 473), LENSES, bridge=True), points)
    assert states(bridged)["glasses"] == "amber" and states(bridged)["eye_size"] == "grey"


@pytest.mark.parametrize(
    ("points", "size", "measure", "said"),
    first(
        [
            ((473,), LENSES, "eye_size", "your left eye"),
            ((13,), MOUTH, "mouth_width", "your mouth"),
            ((4,), (0.35, 0.35), "nose_width", "your nose"),
        ]
    ),
)
def test_a_hidden_feature_is_grey_and_named(points, size, measure: str, said: str) -> None:
    name = "wilson_1.jpg"
    photo, mesh = faces.photo(name), faces.landmarks(name)
    report = report_of(name, edits.jpeg(edits.hide(photo, mesh, points, size)), mesh)
    assert states(report)[measure] == "grey" and said in report.get(measure).sentence
    assert {states(report)[m] for m in set(SIZES) - {measure}} == {"green"}


# ------------------------------------------------------------------ one side, or the other way


@pytest.mark.sweep
@pytest.mark.parametrize("name", ["curbeam_1.jpg", "robinson_1.jpg"])
def test_opposite_eyes_do_not_cancel(name: str) -> None:
    photo, points = faces.photo(name), faces.landmarks(name)
    picture = edits.jpeg(edits.scale_eyes(photo, points, 6, -6))
    found, finding = pair(name, picture), report_of(name, picture).get("eye_size")
    assert max(map(abs, geometry.eye_scales(found.a, found.found))) == pytest.approx(abs(finding.value))
    assert 5 < abs(finding.value) < 6.5 and finding.state == "red"
    assert "Your right eye is 6% larger" in finding.sentence or "your right eye 6% larger" in finding.sentence
    finding = report_of(name, edits.jpeg(edits.scale_eyes(photo, points, 0, 6))).get("eye_size")
    assert 5 < finding.value < 6.5 and finding.sentence == "Your left eye is 6% larger."


@pytest.mark.parametrize(
    ("right", "left", "said"),
    [
        (6.0, 5.5, "Your eyes are 6% larger."),
        (-6.2, 5.1, "Your right eye is 6% smaller, your left eye 5% larger."),
        (0.2, -6.0, "Your left eye is 6% smaller."),
        (2.5, 6.0, "Your left eye is 6% larger."),
    ],
)
def test_eyes_in_words(right: float, left: float, said: str) -> None:
    assert sentences.eyes(right, left) == said


@pytest.mark.parametrize("name", first(["whitson_1.jpg", "ferguson_1.jpg"]))
def test_more_crooked_is_a_change_too(name: str) -> None:
    found = pair(name, edits.jpeg(edits.symmetrise(faces.photo(name), faces.landmarks(name), -0.8)))
    kept, rule = asymmetry_kept(found.a, found.found), threshold("asymmetry", "own pixels")
    assert 1.3 < kept < 1.8 and rule.state(kept) in ("amber", "red") and rule.state(1.0) == "green"
    assert sentences.asymmetry(kept, rule.state(kept)).startswith("Your face looks more uneven")
    assert "more even" in sentences.asymmetry(0.6, "amber")


# ------------------------------------------------------------------ every portrait, by the pixels alone


@pytest.mark.sweep
@pytest.mark.parametrize("name", faces.PORTRAITS)
def test_every_portrait(name: str) -> None:
    """Eyes +6%, nose −6%, jaw −6%, skin +12 L* and +8° at once, then a harmless change; and that change alone."""
    photo, points = faces.photo(name), faces.landmarks(name)
    k = faces.PORTRAITS.index(name)
    harmless = edits.HARMLESS[("jpeg", "cropped", "rotated", "darker", "cropped to the face", "warmer")[k % 6]]
    edited = edits.turn_skin_hue(edits.lighten_skin(photo, points, 12), points, 8)
    edited = edits.scale_jaw(edits.scale_nose(edits.scale_eyes(edited, points, 6), points, -6), points, -6)
    measures = {
        "eye_size": lambda a, found: max(geometry.eye_scales(a, found), key=abs),
        "nose_width": geometry.nose_width,
        "jaw_width": geometry.jaw_width,
        "mouth_width": geometry.mouth_width,
        "face_shape": geometry.face_shape,
        "asymmetry": asymmetry_kept,
    }
    alone, planted = pair(name, harmless(photo)), pair(name, harmless(edited))
    for measure, of in measures.items():
        assert threshold(measure, "own pixels").state(of(alone.a, alone.found)) == "green", measure
        if measure in ("eye_size", "nose_width", "jaw_width"):
            assert threshold(measure, "own pixels").state(of(planted.a, planted.found)) == "red", measure
    for found, expected in ((alone, {"green"}), (planted, {"amber", "red"})):
        here, there = found.skin
        turned = skin.turn(skin.hue(found.a, here), skin.hue(found.other, there))
        assert threshold("skin_hue", "own pixels").state(turned) in expected
        assert threshold("beyond_light", "own pixels").state(skin.beyond_light(found.ours, found.other)) in expected
