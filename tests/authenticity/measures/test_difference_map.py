"""The difference map against FLIP's own output, and arrows that point where things went."""

from __future__ import annotations

from dataclasses import replace

import cv2
import flip_evaluator
import numpy as np
import pytest

from headshot.authenticity.measures import difference_map
from headshot.authenticity.measures.aligned_face import canonical
from headshot.authenticity.measures.registration import Registration
from headshot.imaging.landmarks import EYE_CORNERS


def test_flip_is_the_packages_own() -> None:
    rng = np.random.default_rng(3)
    a = cv2.GaussianBlur(rng.integers(0, 256, (48, 40, 3), np.uint8), (0, 0), 2)
    b = np.clip(a.astype(int) + np.array([30, 0, -10]), 0, 255).astype(np.uint8)
    found = difference_map.difference_map(a, b)
    _, mean, _ = flip_evaluator.evaluate(a / np.float32(255), b / np.float32(255), "LDR")
    assert found.mean == pytest.approx(mean, rel=1e-3) and found.mean > 0.01
    assert difference_map.difference_map(a, a).mean == 0.0
    half = np.zeros((48, 40), np.float32)
    half[:, :20] = 1
    masked = difference_map.difference_map(a, b, half)
    assert masked.errors[:, 20:].max() == 0 and masked.mean == pytest.approx(found.errors[:, :20].mean(), rel=1e-5)
    with pytest.raises(ValueError, match="equal size"):
        difference_map.difference_map(a, b[:10])


def test_arrows_and_crops() -> None:
    points = np.full((478, 3), 100, np.float32)
    for pair, x in zip(EYE_CORNERS, (60, 140), strict=True):
        points[pair[0], :2], points[pair[1], :2] = (x - 5, 80), (x + 5, 80)
    face = canonical(np.full((220, 200, 3), 90, np.uint8), points)
    still = Registration(
        np.zeros((*face.pixels.shape[:2], 2), np.float32),
        np.eye(2, 3),
        face.pixels,
        face.inside,
        np.ones(face.pixels.shape[:2], np.float32),
        face.eye_px,
        face.face,
    )
    moved = replace(still, flow=still.flow + np.float32([3, 0]))
    dots, drawn = difference_map.arrows(face, still), difference_map.arrows(face, moved)
    changed = [np.argwhere((p != 90).any(axis=2)) for p in (dots, drawn)]
    assert 0 < len(changed[0]) < len(changed[1])
    # Every arrow reaches 8 · 3 px to the right of its point, twice as large as the crop.
    assert changed[1][:, 1].max() >= changed[0][:, 1].max() + 2 * 20


def test_the_ring_of_a_crop_is_round_its_mark() -> None:
    points = np.full((478, 3), 100, np.float32)
    for pair, x in zip(EYE_CORNERS, (60, 140), strict=True):
        points[pair[0], :2], points[pair[1], :2] = (x - 5, 80), (x + 5, 80)
    face = canonical(np.full((220, 200, 3), 90, np.uint8), points)
    for at in ((200.0, 300.0), (2.0, 2.0)):  # in the middle, and where the patch meets the picture's corner
        patch = difference_map.mark_crop(face, at)
        assert patch.shape == (192, 192, 3)
        ring = np.argwhere((patch > 180).all(axis=2))
        middle = (96, 96) if at[0] > 100 else (6, 6)
        assert np.abs(np.median(np.hypot(*(ring - middle).T)) - 0.3 * 96) < 2
