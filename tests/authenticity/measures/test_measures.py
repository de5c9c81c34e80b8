"""The measures' parts, on made-up input where the answer is known."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from headshot.authenticity.measures import asymmetry, registration, skin
from headshot.authenticity.measures.aligned_face import canonical
from headshot.authenticity.measures.same_photo import same_photo
from headshot.authenticity.thresholds import measures, threshold
from headshot.imaging.landmarks import EYE_CORNERS


def points_with_eyes(left: tuple[float, float], right: tuple[float, float]) -> np.ndarray:
    points = np.zeros((478, 3), np.float32)
    for pair, eye in zip(EYE_CORNERS, (left, right), strict=True):
        points[pair[0], :2] = (eye[0] - 10, eye[1])
        points[pair[1], :2] = (eye[0] + 10, eye[1])
    return points


def test_canonical_levels_the_eyes_and_says_the_scale() -> None:
    picture = np.zeros((400, 400, 3), np.uint8)
    for eye in ((120, 150), (220, 190)):
        cv2.circle(picture, eye, 5, (255, 255, 255), -1)
    face = canonical(picture, points_with_eyes((120, 150), (220, 190)))
    distance = np.hypot(100, 40)
    assert face.source_eye_px == pytest.approx(distance)
    assert face.scale == pytest.approx(160 / distance)
    assert face.pixels.shape == (640, 512, 3)
    found = [np.argwhere(side > 128).mean(axis=0) for side in np.split(face.pixels[..., 0], 2, axis=1)]
    assert found[0] == pytest.approx([248, 176], abs=1.0) and found[1] == pytest.approx([248, 80], abs=1.0)
    assert not face.inside.all() and face.inside[248, 256]


def test_canonical_refuses_coinciding_eyes() -> None:
    with pytest.raises(ValueError, match="coincide"):
        canonical(np.zeros((50, 50, 3), np.uint8), np.zeros((478, 3), np.float32))


def test_local_correlation_against_the_plain_formula() -> None:
    rng = np.random.default_rng(1)
    a, b = rng.normal(size=(2, 64, 64)).astype(np.float32)
    assert registration.local_correlation(a, 3 * a + 5, 6.0).min() > 0.99
    wide = registration.local_correlation(a, b, 200.0)[32, 32]
    assert wide == pytest.approx(np.corrcoef(a.ravel(), b.ravel())[0, 1], abs=0.03)


def test_the_mirror_is_an_involution_that_knows_left_from_right() -> None:
    partners = asymmetry.mirror()
    assert (partners[partners] == np.arange(468)).all()
    assert [partners[i] for i in (33, 133, 61, 1, 10, 152)] == [263, 362, 291, 1, 10, 152]


def test_a_symmetric_mesh_has_no_antisymmetric_part_and_a_turn_makes_none() -> None:
    rng = np.random.default_rng(2)
    half = rng.normal(size=(468, 3)) * (60, 80, 30)
    mirrored = half[asymmetry.mirror()] * (-1, 1, 1)
    mesh = ((half + mirrored) / 2).astype(np.float32)
    mesh[33, :2], mesh[263, :2] = (-80, 0), (80, 0)
    assert np.abs(asymmetry.antisymmetric(mesh)).max() < 1e-3
    turned = mesh.copy()
    turned[:, 0] = mesh[:, 0] + np.sin(0.2) * mesh[:, 2]
    assert np.abs(asymmetry.antisymmetric(turned)).max() < 0.02 * 30


@pytest.mark.parametrize(
    ("measure", "regime", "value", "state"),
    [
        ("likeness", "own pixels", 0.10, "green"),
        ("likeness", "own pixels", 0.11, "amber"),
        ("likeness", "own pixels", 0.26, "red"),
        ("likeness", "another photo", 0.47, "green"),
        ("eye_size", "own pixels", -3.1, "red"),
        ("eye_size", "generator", -3.1, "amber"),
        ("asymmetry", "generator", 0.6, "amber"),
        ("asymmetry", "generator", 0.4, "red"),
        ("texture", "own pixels", 1.5, "amber"),
        ("texture", "own pixels", 0.49, "red"),
        ("marks", "own pixels", 0, "green"),
        ("marks", "own pixels", 9, "amber"),
    ],
)
def test_thresholds(measure: str, regime, value: float, state: str) -> None:
    rule = threshold(measure, regime)
    assert rule.state(value) == state and rule.words() and rule.source


def test_thresholds_say_nothing_about_shape_in_another_photo() -> None:
    assert measures()["eye_size"].threshold("another photo") is None
    with pytest.raises(KeyError):
        threshold("eye_size", "another photo")
    with pytest.raises(KeyError):
        threshold("beauty", "own pixels")


def test_same_photo() -> None:
    assert [same_photo(x) for x in (0.88, 0.85, 0.8)] == ["same photo", "unsure", "another photo"]
    assert same_photo(0.9, 4.0) == same_photo(0.94, 6.0) == "same photo" and same_photo(0.9, 4.5) == "unsure"


def test_hue_turns_the_short_way_round() -> None:
    assert skin.turn(170, -170) == pytest.approx(20)
    assert skin.turn(-170, 170) == pytest.approx(-20)
