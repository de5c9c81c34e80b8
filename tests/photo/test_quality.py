"""OFIQ's formulas against values worked out by hand."""

import math
from types import SimpleNamespace

import numpy as np
import pytest

from headshot.authenticity.measures.aligned_face import canonical
from headshot.authenticity.quality_findings import scores
from headshot.authenticity.report import judge
from headshot.imaging.colour import picture_luminance
from headshot.imaging.landmarks import FACE_OVAL, eye_distance, eye_to_chin
from headshot.photo import quality
from tests.fixtures import faces


def test_sigmoid_by_hand() -> None:
    assert quality.sigmoid(70, 70, 20) == 0.5
    assert quality.sigmoid(90, 70, 20) == pytest.approx(1 / (1 + math.exp(-1)))
    assert quality.sigmoid(-1e9, 70, 1e-3) == pytest.approx(0.0)


@pytest.mark.parametrize(
    ("score", "by_hand"),
    [
        (quality.inter_eye(70), 50.0),
        (quality.inter_eye(35, 60), 50.0),  # cos 60° = 1/2 makes 35 px the same as 70
        (quality.inter_eye(90), 73.106),  # 100 / (1 + e^-1)
        (quality.inter_eye(90, 90), 0.0),
        (quality.eyes_open(0.02), 50.0),
        (quality.eyes_open(0.05), 95.257),  # 100 / (1 + e^-3)
        (quality.mouth_closed(0.2), 50.0),
        (quality.mouth_closed(0.02), 95.257),
        (quality.over_exposed(0.0), 100.0),
        (quality.over_exposed(0.04), 20.0),
        (quality.under_exposed(0.0), 99.84),
        (quality.under_exposed(1.0), 0.0),
        (quality.under_exposed(0.92), 39.84),
        (quality.even_light(1.0), 100.0),
        (quality.even_light(0.5), 81.225),  # 100 · .5^.3
        (quality.even_light(0.0), 0.0),
        (quality.dynamic_range(8.0), 100.0),
        (quality.dynamic_range(6.4), 80.0),
    ],
)
def test_scores_by_hand(score: float, by_hand: float) -> None:
    assert score == pytest.approx(by_hand, abs=0.05)


def test_luminance_is_linear_light() -> None:
    picture = np.array([[[255, 255, 255], [0, 0, 0], [188, 188, 188], [255, 0, 0]]], np.uint8)
    light = picture_luminance(picture)[0]
    # sRGB 188 is 50.3% of the light of white.
    assert light == pytest.approx([255.0, 0.0, 0.5029 * 255, 0.2126 * 255], abs=0.05)


def face_of(width: int = 200) -> np.ndarray:
    """Landmarks of a made-up upright face: eyes 60 px apart at y 80, mouth at y 140, chin at y 180."""
    points = np.full((478, 3), (100, 100, 0), np.float32)
    angles = np.linspace(0, 2 * np.pi, len(FACE_OVAL), endpoint=False)
    points[list(FACE_OVAL), :2] = np.stack([100 + 70 * np.sin(angles), 100 - 80 * np.cos(angles)], axis=1)
    points[468, :2], points[473, :2] = (70, 80), (130, 80)
    points[159, :2], points[145, :2] = (70, 75), (70, 85)
    points[386, :2], points[374, :2] = (130, 78), (130, 82)
    points[13, :2], points[14, :2] = (100, 138), (100, 143)
    points[61, :2], points[291, :2] = (80, 140), (120, 140)
    points[152, :2] = (100, 180)
    return points


def test_gaps_and_distances() -> None:
    face = face_of()
    assert eye_distance(face) == pytest.approx(60)
    assert eye_to_chin(face) == pytest.approx(100)
    assert quality.lid_gap(face) == pytest.approx(0.04)  # the narrower eye, 4 of 100
    assert quality.lip_gap(face) == pytest.approx(0.05)


def test_shares_entropy_and_cheeks() -> None:
    face = face_of()
    picture = np.zeros((200, 200, 3), np.uint8)
    picture[:, 100:] = 255
    light = quality.face_luminance(picture, face)
    assert quality.over_exposed_share(light) == pytest.approx(0.5, abs=0.02)
    assert quality.under_exposed_share(light) == pytest.approx(0.5, abs=0.02)
    assert quality.entropy(light) == pytest.approx(1.0, abs=0.01)  # two equally likely values: one bit
    assert quality.cheek_overlap(picture, face) == 0.0  # one cheek black, the other white
    assert quality.cheek_overlap(np.full_like(picture, 90), face) == 1.0
    left, right = quality.cheek_squares(face)
    assert left == (52, 110, 70, 128) and right == (130, 110, 148, 128)
    mirrored = face.copy()
    mirrored[:, 0] = 200 - mirrored[:, 0]
    assert quality.cheek_squares(mirrored)[0][0] < quality.cheek_squares(mirrored)[1][0]


def test_the_weakest_point_is_named_and_dark_skin_is_no_fault() -> None:
    points, picture = face_of(), np.random.default_rng(0).integers(0, 256, (200, 200, 3)).astype(np.uint8)

    def weakest(pixels: np.ndarray, eye_px: float = 200.0) -> tuple[str, float]:
        found = scores(SimpleNamespace(pixels=pixels, landmarks=points), eye_px)  # type: ignore[arg-type]
        return min(found.items(), key=lambda item: item[1])

    assert weakest(picture, 70.0) == ("the face is small", pytest.approx(50.0))
    burnt = picture.copy()
    burnt[90:190] = 255
    assert weakest(burnt)[0] == "parts of the face are burnt out to white"
    # Most of a face at luminance 25 and less is dark skin in dim light; only nearly all of it is said to be too dark.
    dark, light = np.full_like(picture, 70), picture_luminance(np.full((1, 1, 3), 70, np.uint8))[0, 0]
    assert light < quality.UNDER
    dark[:, 62:] = picture[:, 62:]
    assert "the face is very dark" not in scores(SimpleNamespace(pixels=dark, landmarks=points), 200.0)  # type: ignore[arg-type]
    night = scores(SimpleNamespace(pixels=np.full_like(picture, 70), landmarks=points), 200.0)  # type: ignore[arg-type]
    assert night["the face is very dark"] == 0.0


@pytest.mark.data
@pytest.mark.skipif(not faces.PHOTOS.is_dir(), reason="no shared photos")
def test_quality_informs_and_never_decides() -> None:
    photo, points = faces.photo("wilson_1.jpg"), faces.landmarks("wilson_1.jpg")
    report = judge(photo, points, photo, points, own_pixels=True, source_eye_px=40.0)
    into, out = report.get("quality_in"), report.get("quality_out")
    assert into.value == pytest.approx(quality.inter_eye(40.0)) and "a fault: the face is small" in into.sentence
    assert out.value > 70 and out.sentence == "The picture is large enough and well lit, with the eyes open."
    assert into.state == out.state == "grey" and not {"quality_in", "quality_out"} & report.deciding
    assert "OFIQ" in into.source and into.threshold == "good from 70, poor under 40"
    # Dark skin is no worse photo: the three of them are good enough but for their size.
    for name in faces.DARK_SKIN:
        face = canonical(faces.photo(name), faces.landmarks(name))
        found = scores(face, 200.0)
        assert min(found.values()) > 70, (name, found)
