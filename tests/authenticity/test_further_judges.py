"""Further judges in the report: a real recogniser on real pairs, and what is said where judges differ or are barred."""

from __future__ import annotations

import itertools
from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
import pytest

from headshot.authenticity import further_judges
from headshot.authenticity.findings import Findings
from headshot.authenticity.measures.unmeasurable import Unmeasurable
from headshot.authenticity.pair import Pair
from headshot.authenticity.recognition import curves, dlib_judge
from headshot.authenticity.recognition import judges as panel
from headshot.authenticity.recognition.arcface import five_points
from headshot.authenticity.recognition.judges import Judge, Panel
from headshot.authenticity.recognition.onnx_judge import OnnxRecogniser
from headshot.authenticity.report import judge, summary
from headshot.authenticity.thresholds import Threshold, threshold
from headshot.direction.direct import direct
from headshot.photo.faces import find_faces
from headshot.studio.result_report import judge as judge_result
from headshot.studio.session import Sitting, headshot
from headshot.studio.worth import _red_likeness
from headshot.types import AuthenticityReport
from headshot.weights import store as weights
from tests.fixtures import edits, faces, judges

pytestmark = [pytest.mark.data, pytest.mark.skipif(not faces.PHOTOS.is_dir(), reason="no shared photos")]

GARAN, WHITSON, WALZ = "garan_1.jpg", "whitson_1.jpg", "walz_1.jpg"


def report_of(a: str, b: str, panel: Panel, own_pixels: bool = False) -> AuthenticityReport:
    here, there = ((faces.photo(n), faces.landmarks(n)) for n in (a, b))
    return judge(*here, *there, own_pixels=own_pixels, judges=panel)


def report_on(name: str, picture: np.ndarray, panel: Panel) -> AuthenticityReport:
    points = faces.find_landmarks(picture)
    assert points is not None
    return judge(faces.photo(name), faces.landmarks(name), picture, points, own_pixels=False, judges=panel)


def aura(cosine: float) -> Judge:
    rule = threshold("auraface", "another photo")
    return Judge("AuraFace v1", judges.Told(cosine, "aura"), rule, "auraface")


# ------------------------------------------------------------------ a real recogniser

# Every pair of one person that the shared photos name: a visor (herrington_2), a rolled head (ham_2) and a face of
# 25 px (walheim_2) are among them. Three more are in the GROUPS.
SAME = [
    ("coleman_1.jpg", "coleman_2.jpg"),
    ("ferguson_1.jpg", "ferguson_2.jpg"),
    ("walz_1.jpg", "walz_2.jpg"),
    ("whitson_1.jpg", "whitson_2.jpg"),
    ("walheim_1.jpg", "walheim_2.jpg"),
    ("herrington_1.jpg", "herrington_2.jpg"),
    ("ham_1.jpg", "ham_2.jpg"),
]
GROUPS = {"group_sts131.jpg": ("poindexter_1.jpg", "wilson_1.jpg"), "curbeam_jones_two_faces.jpg": ("curbeam_1.jpg",)}


def cosine(a: tuple[np.ndarray, np.ndarray], b: tuple[np.ndarray, np.ndarray]) -> float:
    return further_judges.cosine(judges.stand_in(), Pair(*a, *b))


def photo(name: str) -> tuple[np.ndarray, np.ndarray]:
    found = [f for f in find_faces(faces.photo(name)) if f.landmarks is not None]
    return faces.photo(name), found[0].landmarks  # type: ignore[return-value]


@pytest.mark.sweep
@pytest.mark.weights
def test_one_person_is_above_the_published_range_and_strangers_far_below() -> None:
    """On the report's own landmarks: the manifest used another detector's five points."""
    named = {row["person"] for row in faces.rows() if row["expected_faces"] == "1"}
    assert len(SAME) == sum(
        len([r for r in faces.rows() if r["person"] == p and r["expected_faces"] == "1"]) == 2 for p in named
    )
    for a, b in SAME:
        assert cosine(photo(a), photo(b)) > judges.SAME, (a, b)
    found = {}
    for row in faces.rows():
        if row["expected_faces"] != "1" or not row["file"].endswith(("jpg", "png")) or "truncated" in row["file"]:
            continue
        marks = [f for f in find_faces(faces.photo(row["file"])) if f.landmarks is not None]
        if marks:
            points = five_points(marks[0].landmarks)
            embedding = judges.stand_in().embed(faces.photo(row["file"]), points)
            found[row["file"]] = row["person"], embedding
    strangers = [float(a[1] @ b[1]) for a, b in itertools.combinations(found.values(), 2) if a[0] != b[0]]
    assert len(found) == 23 and len(strangers) == 246
    assert max(strangers) < judges.DIFFERENT_HERE < judges.SAME and abs(np.mean(strangers)) < 0.08
    assert sum(c > judges.DIFFERENT for c in strangers) < 0.02 * len(strangers)


@pytest.mark.sweep
@pytest.mark.weights
def test_people_are_found_in_group_photos() -> None:
    for group, persons in GROUPS.items():
        pixels = faces.photo(group)
        found = [(pixels, f.landmarks) for f in find_faces(pixels) if f.landmarks is not None]
        for person in persons:
            scores = sorted(cosine(photo(person), face) for face in found)  # type: ignore[arg-type]
            assert scores[-1] > judges.SAME and scores[-2] < judges.DIFFERENT_HERE, (person, scores)


@pytest.mark.weights
def test_an_impostor_is_red_to_both() -> None:
    report = report_of(GARAN, "herrington_1.jpg", judges.panel())
    assert report.get("likeness").state == report.get("likeness_second").state == report.verdict == "red"
    assert "another person" in report.get("likeness_second").sentence and "likeness_second" in report.deciding
    assert judges.stand_in().sha256[:12] in report.get("likeness_second").method


@pytest.mark.weights
def test_another_photo_of_the_person_is_green_to_both() -> None:
    report = report_of(WHITSON, "whitson_2.jpg", judges.panel())
    assert report.get("likeness").state == report.get("likeness_second").state == "green"
    assert "same person" in report.get("likeness_second").sentence


@pytest.mark.sweep
@pytest.mark.weights
@pytest.mark.parametrize("own", [True, False])
def test_a_picture_against_itself_is_green_on_every_axis(own: bool) -> None:
    report = report_of(WHITSON, WHITSON, judges.panel(), own)
    assert {f.state for f in report.deciding_findings} == {"green"}
    assert {"likeness_second", "glasses", "hair"} < report.deciding
    assert report.get("likeness_second").value == pytest.approx(1.0, abs=1e-5)
    assert report.get("expression").value == 0.0 and "same" in report.get("expression").sentence


@pytest.mark.sweep
@pytest.mark.weights
def test_against_its_own_jpeg_all_is_green() -> None:
    report = report_on(WHITSON, edits.jpeg(faces.photo(WHITSON), 80), judges.panel())
    assert {f.state for f in report.deciding_findings} == {"green"} and report.kind == "generator"
    assert report.get("likeness_second").value > 0.97


@pytest.mark.sweep
@pytest.mark.weights
def test_against_its_half_size_copy_nothing_changed_and_what_is_too_small_is_grey() -> None:
    small = cv2.resize(faces.photo(WHITSON), None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA)
    report = report_on(WHITSON, small, judges.panel())
    states = {f.id: f.state for f in report.deciding_findings}
    assert {k for k, s in states.items() if s != "green"} == {"sharpness", "texture", "marks", "stubble", "iris"}
    assert "too small: its eyes are 58 pixels apart, and 90" in report.get("texture").sentence
    assert report.verdict == "green" and "Asked: likeness," in summary(report) and "Not asked:" in summary(report)


@pytest.mark.sweep
@pytest.mark.weights
@pytest.mark.parametrize("name", [WHITSON, "curbeam_1.jpg"])
def test_a_mirror_image_is_named_and_measured_after_turning_it_back(name: str) -> None:
    report = report_on(name, np.ascontiguousarray(faces.photo(name)[:, ::-1]), judges.panel())
    same = report.get("same_photo")
    assert same.state == report.verdict == "amber" and "left and right swapped" in same.sentence
    assert summary(report).startswith(f"{same.sentence} Not asked: ")
    # Curbeam's hair lies under a helmet's ring.
    assert {f.state for f in report.deciding_findings if f.id != "hair"} == {"green", "amber"}
    assert [f.id for f in report.findings if f.state == "amber"] == ["same_photo"]
    assert report.get("asymmetry").value > 0.97 and report.get("likeness").value < 0.1


# ------------------------------------------------------------------ what is said


def test_judges_that_disagree_are_shown_as_disagreeing() -> None:
    report = report_of(WHITSON, "whitson_2.jpg", Panel((aura(0.1),)))
    found = report.get("likeness_second")
    assert report.get("likeness").state == "green" and found.state == report.verdict == "red"
    assert found.sentence.startswith("Two face recognisers disagree: the first takes this for you, AuraFace v1 for an")
    assert _red_likeness(report) == found.sentence

    report = report_of(GARAN, "herrington_1.jpg", Panel((aura(0.7),)))
    found = report.get("likeness_second")
    assert report.get("likeness").state == "red" and found.state == "amber" and report.verdict == "red"
    assert "the first takes this for another person, AuraFace v1 for you" in found.sentence
    assert found.sentence in summary(report)
    # What the second one measured is not hidden by the sentence.
    assert found.value == pytest.approx(0.7, abs=1e-6)


def test_further_judges_that_disagree_with_each_other() -> None:
    """.50 is doubtful to the embedded judge, so only the other two are of contrary minds."""
    rule = threshold("sface", "another photo")
    assert further_judges.same_person(0.50) == "amber"
    panel = Panel((aura(0.7), Judge("OpenCV SFace", judges.Told(0.1, "sface"), rule)))
    collected = Findings("another photo")
    pair = Pair(*((faces.photo(WHITSON), faces.landmarks(WHITSON)) * 2))
    heard = further_judges.add_further_judges(collected, pair, panel, 45.0, 0.50)
    assert [h.cosine for h in heard] == pytest.approx([0.7, 0.1])
    assert [f.state for f in collected.found] == ["green", "red"]
    assert "AuraFace v1 takes this for you, OpenCV SFace for another person" in collected.found[1].sentence


def test_red_within_one_photo_is_no_disagreement_on_who_it_is() -> None:
    collected = Findings("own pixels")
    pair = Pair(*((faces.photo(WHITSON), faces.landmarks(WHITSON)) * 2))
    further_judges.add_further_judges(collected, pair, Panel((aura(0.7),)), 25.0, 0.30)  # .30: red for own pixels
    assert collected.found[0].state == "green" and "disagree" not in collected.found[0].sentence


def test_three_judges_each_with_its_own_scale() -> None:
    rule = threshold("sface", "another photo")
    panel = Panel((aura(0.43), Judge("OpenCV SFace", judges.Told(0.362, "sface"), rule)))  # type: ignore[arg-type]
    report = report_of(WHITSON, "whitson_2.jpg", panel)
    assert report.get("likeness_second").state == "amber" and report.get("likeness_third").state == "red"
    assert report.get("likeness_third").threshold == "green from 0.55, amber from 0.45 cosine, red below"
    assert {"likeness_second", "likeness_third"} < report.deciding


def test_published_curves_are_used_where_the_judge_has_one() -> None:
    report = report_of(WHITSON, "whitson_2.jpg", Panel((aura(0.525),)))
    g, strangers = report.get("closer_than"), report.get("strangers")
    assert g.value == pytest.approx((18.0 + 29.7) / 2) and "AuraFace" in g.method
    n = round(float(np.sqrt(959 * 2398)))  # halfway in the logarithm
    assert strangers.value == pytest.approx(100 / n, rel=0.01) and f"one in {n:,}" in strangers.sentence
    for at, words in ((0.2, "at least 93 in 100"), (0.9, "at least 50 in 100")):
        assert words in report_of(WHITSON, "whitson_2.jpg", Panel((aura(at),))).get("closer_than").sentence
    report = report_of(WHITSON, "whitson_2.jpg", Panel())
    assert "1123 pairs" in report.get("strangers").sentence and "dlib" in report.get("closer_than").method


def test_a_judge_that_is_the_steering_model_is_refused() -> None:
    twin = judges.Told(0.9, "twin")
    rule = Threshold("cosine", "high", (0.5, 0.3), "a test")
    panel = Panel((Judge("Twin", twin, rule),), conditioning=frozenset({twin.sha256.upper()}))
    found = report_of(WHITSON, "whitson_2.jpg", panel).get("likeness_second")
    assert found.state == "grey" and found.value is None and "steers the generators" in found.sentence
    assert twin._calls == 0  # never used
    # The embedded judge is no exception.
    panel = Panel(conditioning=frozenset({dlib_judge.model_sha256()}))
    report = report_of(WHITSON, "whitson_2.jpg", panel)
    found = report.get("likeness")
    assert found.state == "grey" and found.value is None and "steers the generators" in found.sentence
    assert report.verdict != "green"


def test_the_steering_model_is_shown_and_never_judges() -> None:
    """Two genuine photos at .69 and .46: 38 points once gave an amber verdict, with nobody knowing what is usual."""
    plain = report_of(WHITSON, "whitson_2.jpg", Panel((aura(0.46),)))
    report = report_of(WHITSON, "whitson_2.jpg", Panel((aura(0.46),), steering=judges.Told(0.69, "steer")))
    steered, inflation = report.get("steered"), report.get("inflation")
    assert steered.state == inflation.state == "grey" and steered.value == pytest.approx(0.69)
    assert inflation.value == pytest.approx(50 - 12.4) and "42.7 points are the most" in inflation.method
    assert not {"steered", "inflation"} & report.deciding and report.deciding == plain.deciding
    assert report.verdict == plain.verdict == "green"
    # Nobody knows what made this picture: it is not said to be steered.
    assert steered.sentence.startswith("This model steers this app's generators")
    assert "steered" not in steered.sentence + inflation.sentence
    # Own pixels were steered by nothing.
    own = report_of(WHITSON, WHITSON, Panel(steering=judges.Told(0.6, "steer")), own_pixels=True)
    assert own.get("steered") is None
    # Without a judge that has a curve there is nothing to compare with.
    lonely = report_of(WHITSON, "whitson_2.jpg", Panel(steering=judges.Told(0.6, "steer")))
    assert lonely.get("inflation").state == "grey" and "AuraFace" in lonely.get("inflation").sentence
    assert "inflation" not in lonely.deciding


@pytest.mark.sweep
@pytest.mark.weights
def test_a_picture_of_our_own_generator_is_said_to_be_steered(bare: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = bare / "pack"
    folder.mkdir()
    for file in ("det_10g.onnx", "w600k_r50.onnx"):
        (folder / file).write_bytes(judges.stand_in().path.read_bytes())
    monkeypatch.setenv("HEADSHOT_WEIGHTS_BUFFALO_L", str(folder))
    sitting = Sitting.open(faces.PHOTOS / WALZ)
    result = headshot(sitting, direct("linkedin"), height=400)
    assert judge_result(result).get("steered") is None  # own pixels: steered by nothing
    found = judge_result(replace(result, engine="faceid-sd15")).get("steered")
    assert found.value is not None and found.sentence.startswith("The generator was steered by this model")


def test_every_figure_of_a_curve_names_its_source() -> None:
    panel = Panel((aura(0.525),), steering=judges.Told(0.6, "steer"))
    report = report_of(WHITSON, "whitson_2.jpg", panel)
    for name in ("closer_than", "strangers", "steered", "inflation"):
        assert "LFW" in report.get(name).source, name
    assert "FairFace" in report.get("strangers").source and "AuraFace" in report.get("inflation").source
    # The rates are those of camera photos, and nobody knows whether this one is one.
    assert "camera photos" in report.get("strangers").sentence and "23 times" in report.get("strangers").source
    report = report_of(WHITSON, "whitson_2.jpg", Panel())
    for name in ("closer_than", "strangers"):
        assert "5 pairs of one person and 1123 of two, from 48 faces of 43 persons" in report.get(name).source
    assert "camera photos" in report.get("strangers").sentence


def test_inflation_by_hand() -> None:
    assert further_judges.flattery(0.687, "auraface", 0.40) == pytest.approx(42.7)
    assert further_judges.flattery(0.40, "auraface", 0.60) == 0.0  # the judge is the more pleased one
    assert further_judges.flattery(0.80, "auraface", 0.40) == pytest.approx(42.7)  # at least
    assert further_judges.most_flattery("auraface") == pytest.approx(42.7)
    with pytest.raises(Unmeasurable, match="no published figures"):
        further_judges.flattery(0.80, "auraface", 0.80)
    assert curves.same_below_bounds("auraface", 0.39) == (0.0, 0.073)
    assert curves.same_below_bounds("buffalo_l", 0.9) == (0.5, 1.0)
    assert curves.same_below_bounds("sface", 0.5) == (0.0, 0.05) and curves.same_below_bounds("nobody", 0.5) is None
    assert not curves.of_the_same_pairs("buffalo_l", "sface") and curves.of_the_same_pairs("buffalo_l", "auraface")


# ------------------------------------------------------------------ this machine


@pytest.fixture
def bare(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """No weights anywhere."""
    for name in ("HEADSHOT_WEIGHTS", "HF_HOME", "HF_HUB_CACHE", "XDG_CACHE_HOME"):
        monkeypatch.setenv(name, str(tmp_path / name))
    for role in ("AURAFACE", "SFACE", "BUFFALO_L"):
        monkeypatch.delenv(f"HEADSHOT_WEIGHTS_{role}", raising=False)
    monkeypatch.setattr("headshot.weights.wheel.set_up_folder", lambda: tmp_path / "set-up")
    return tmp_path


@pytest.mark.sweep
def test_without_weights_the_reason_and_the_command_are_said(bare: Path) -> None:
    assert not panel.on_this_machine().judges
    here, there = ((faces.photo(n), faces.landmarks(n)) for n in (WHITSON, "whitson_2.jpg"))
    report = judge(*here, *there, own_pixels=False)
    found = report.get("likeness_second")
    assert found.state == "grey" and found.value is None and "likeness_second" not in report.deciding
    assert "is not on this machine" in found.sentence
    assert found.sentence.endswith("python -m headshot weights --download sface")
    assert report.get("steered").sentence.endswith("--download buffalo_l")


@pytest.mark.sweep
@pytest.mark.weights
def test_what_is_here_is_found_and_opened_once(bare: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    model = judges.stand_in().path
    monkeypatch.setenv("HEADSHOT_WEIGHTS_SFACE", str(model))
    first, again = panel.on_this_machine(), panel.on_this_machine()
    assert [j.title for j in first.judges] == ["OpenCV SFace"]
    assert isinstance(first.judges[0].recogniser, OnnxRecogniser)
    assert first.judges[0].recogniser is again.judges[0].recogniser
    assert weights.weight("buffalo_l").files[1].sha256 in first.conditioning
    # The very file that steers, offered as a judge: by path, under another name.
    folder = bare / "pack"
    folder.mkdir()
    for file in ("det_10g.onnx", "w600k_r50.onnx"):
        (folder / file).write_bytes(model.read_bytes())
    monkeypatch.setenv("HEADSHOT_WEIGHTS_BUFFALO_L", str(folder))
    found = report_of(WHITSON, "whitson_2.jpg", panel.on_this_machine()).get("likeness_second")
    assert found.state == "grey" and "steers the generators" in found.sentence


@pytest.mark.sweep
def test_a_judge_that_cannot_be_opened_is_grey(bare: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (bare / "bad.onnx").write_bytes(b"no network")
    monkeypatch.setenv("HEADSHOT_WEIGHTS_SFACE", str(bare / "bad.onnx"))
    found = report_of(WHITSON, "whitson_2.jpg", panel.on_this_machine()).get("likeness_second")
    assert found.state == "grey" and "cannot be opened" in found.sentence
