"""Light and grading of the whole picture are allowed for; the same colours painted on one thing alone are not."""

from __future__ import annotations

from collections.abc import Callable

import cv2
import numpy as np
import pytest

from headshot.authenticity import sentences
from headshot.authenticity.report import judge, summary
from headshot.authenticity.shape_findings import EXPRESSION
from headshot.imaging.colour import linear_to_srgb, srgb_to_linear
from headshot.types import AuthenticityReport, State
from tests.fixtures import edits, faces
from tests.fixtures.shared_photos import first

pytestmark = [pytest.mark.data, pytest.mark.skipif(not faces.PHOTOS.is_dir(), reason="no shared photos")]

GRADINGS: dict[str, tuple[str, Callable[[np.ndarray], np.ndarray], str]] = {
    "contrast": ("higginbotham_1.jpg", lambda p: edits.contrast(p, 0.08), "more contrast"),
    "warm": ("whitson_1.jpg", lambda p: edits.white_balance(p, 60), "warmer"),
    "black and white": ("poindexter_1.jpg", edits.black_and_white, ""),
}


def report_of(name: str, picture: np.ndarray) -> AuthenticityReport:
    points = faces.find_landmarks(picture)
    assert points is not None
    return judge(faces.photo(name), faces.landmarks(name), picture, points, own_pixels=False)


@pytest.mark.sweep
@pytest.mark.parametrize("what", ["warm", "contrast", "black and white"])
def test_a_grading_is_named_and_is_no_change_of_the_person(what: str) -> None:
    name, grade, said = GRADINGS[what]
    report = report_of(name, grade(faces.photo(name)))
    assert report.kind == "generator" and report.verdict == "green", report.deciding_findings
    assert said in report.get("light").sentence
    if what == "black and white":
        assert not {"iris", "lips"} & report.deciding and "lips" in summary(report).split("Not asked:")[1]


@pytest.mark.sweep
def test_saving_is_no_retouching() -> None:
    """WebP takes the finest detail of skin, cloth and hair alike; a bilateral filter that of the skin alone."""
    photo = faces.photo("whitson_1.jpg")
    saved = report_of("whitson_1.jpg", edits.webp(photo))
    assert saved.get("texture").value is None and "as saving does" in saved.get("texture").reason
    assert saved.verdict == "green", saved.deciding_findings
    points = faces.landmarks("whitson_1.jpg")
    assert report_of("whitson_1.jpg", edits.jpeg(edits.smooth_skin(photo, points), 60)).get("texture").state == "amber"


@pytest.mark.sweep
def test_an_expression_is_no_other_size_of_the_eyes() -> None:
    """A squint read "your eyes are 5% smaller", raised brows once red. A smile too small for the mesh is named."""
    photo, points = faces.photo("ferguson_1.jpg"), faces.landmarks("ferguson_1.jpg")
    moved = edits.raise_mouth_corners(edits.open_lids(photo, points, -15), points, 6)
    report = report_of("ferguson_1.jpg", moved)
    assert report.get("eye_size").state == "green" and "as an expression does" in report.get("eye_size").sentence
    assert report.verdict == "green", report.deciding_findings
    assert "corners of your mouth are higher" in summary(report)
    glance = report_of("ferguson_1.jpg", edits.move_irises(photo, points, 5))
    assert glance.get("asymmetry").value is None and glance.verdict == "green", glance.deciding_findings


@pytest.mark.sweep
def test_with_another_expression_a_size_is_never_red_and_says_so() -> None:
    """A smile alone makes a nose up to 6.3% wider."""
    photo, points = faces.photo("ferguson_1.jpg"), faces.landmarks("ferguson_1.jpg")
    wider = edits.scale_nose(photo, points, 10)
    nose = report_of("ferguson_1.jpg", wider).get("nose_width")
    assert nose.state == "red"
    smiling = report_of("ferguson_1.jpg", edits.raise_mouth_corners(wider, points, 12))
    assert abs(smiling.get("expression").value) >= EXPRESSION
    assert smiling.get("nose_width").state == "amber"
    assert smiling.get("nose_width").sentence.startswith("With another expression, ")


def test_skin_is_called_lighter_only_where_it_became_lighter() -> None:
    """Under red light "lighter" stood over skin that was darker by 34 L*."""
    for stops, lightness in ((0.3, -34.0), (-0.3, 4.0)):
        said = sentences.beyond_light(stops, State.RED, lightness)
        assert "lighter" not in said and "darker" not in said
    assert "is lighter" in sentences.beyond_light(0.3, State.RED, 4.0)
    assert "is darker" in sentences.beyond_light(-0.3, State.RED, -4.0)


@pytest.mark.sweep
@pytest.mark.parametrize("name", ["higginbotham_1.jpg", "whitson_1.jpg"])
def test_paint_under_a_grading_is_still_found(name: str) -> None:
    photo, points = faces.photo(name), faces.landmarks(name)
    painted = edits.contrast(edits.colour_irises(photo, points, (-4, -26)), 0.05)
    report = report_of(name, painted)
    assert report.get("iris").state == "amber" and report.verdict == "amber"
    lighter = edits.white_balance(edits.lighten_skin(photo, points, 10), 40)
    assert report_of(name, lighter).get("beyond_light").state in ("amber", "red")


def darker_skin(picture: np.ndarray, points: np.ndarray) -> np.ndarray:
    """The same photo of somebody of darker skin: less light comes back from the skin alone, blue least."""
    mask = edits.skin_mask(picture, points)
    linear = srgb_to_linear(picture / 255) * (1 - mask * (1 - np.array((0.40, 0.30, 0.24))))
    return np.round(255 * linear_to_srgb(linear)).astype(np.uint8)


@pytest.mark.parametrize(
    ("what", "verdicts"), first([("lighter skin", {"amber", "red"}), ("exposure and contrast", {"green"})])
)
def test_the_same_change_gets_the_same_verdict_on_darker_skin(what: str, verdicts: set[str]) -> None:
    """Matched in all else: one photo, once with darker skin; exposure and contrast change alike."""
    photo, points = faces.photo("whitson_1.jpg"), faces.landmarks("whitson_1.jpg")
    change = lambda p: edits.white_balance(edits.contrast(edits.expose(p, 0.3), 0.05), 20)  # noqa: E731
    edit = {"exposure and contrast": change, "lighter skin": lambda p: edits.lighten_skin(p, points, 10)}[what]
    measured = []
    for skin in (photo, darker_skin(photo, points)):
        report = judge(skin, points, edit(skin), points, own_pixels=False)
        assert report.verdict in verdicts, [f for f in report.deciding_findings if f.state != "green"]
        measured.append({f.id for f in report.deciding_findings if f.value is not None})
    assert measured[0] <= measured[1] and len(measured[1]) > 15  # nothing is asked less of darker skin


@pytest.mark.sweep
def test_what_no_other_measure_looks_at_is_on_the_map() -> None:
    photo, points = faces.photo("ferguson_1.jpg"), faces.landmarks("ferguson_1.jpg")
    report = report_of("ferguson_1.jpg", edits.narrow_shoulders(photo, points, 15))
    found = report.get("changed_here")
    assert found.state == "amber" and found.sentence == "Something changed here: your shoulders and clothes."
    assert found.places == ("hair", "ears", "neck", "shoulders and clothes")
    cropped = photo[: int(points[152, 1])]
    assert "shoulders and clothes" in summary(report_of("ferguson_1.jpg", cv2.GaussianBlur(cropped, (0, 0), 0.5)))
