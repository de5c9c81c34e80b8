"""Lens and height of the camera on own pixels."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from headshot.canvas.lens import MOST_DEGREES, MOST_SCALE, NOTE, camera_move, moved_landmarks
from headshot.direction.direct import direct
from headshot.direction.settings import SETTINGS
from headshot.studio.result_report import judge
from headshot.studio.session import headshot
from headshot.types import Crop
from tests.fixtures.shared_photos import first, sitting
from tests.fixtures.stages import SKINS, stage_of


@pytest.mark.data
def test_no_camera_move_is_no_move_at_all() -> None:
    stage = stage_of("garan_1.jpg")
    assert stage.unmoved_original is None and stage.unmoved_landmarks is None and stage.unmoved_share == 1.0
    assert camera_move(stage.landmarks, stage.matte.shape, Crop()) is None
    assert moved_landmarks(stage.landmarks, stage.matte.shape, Crop()) is stage.landmarks
    made = headshot(sitting("garan_1.jpg"), direct(), height=400)
    assert made.canvas.unmoved_share == 1.0 and NOTE not in made.notes
    assert made.canvas.original_landmarks is made.canvas.landmarks


@pytest.mark.data
@pytest.mark.parametrize("name", first(SKINS))
def test_a_farther_camera_makes_the_nose_smaller_within_the_stated_bound(name: str) -> None:
    still = stage_of(name)
    marks, shape = still.landmarks, still.matte.shape

    def spans(points: np.ndarray) -> tuple[float, float]:
        """Width of the nose's wings, and from ear to ear."""
        return tuple(float(np.hypot(*(points[a, :2] - points[b, :2]))) for a, b in ((48, 278), (234, 454)))

    nose, ears = spans(marks)
    ratios = []
    for lens in (-1.0, -0.5, 0.0, 0.5, 1.0):
        n, e = spans(moved_landmarks(marks, shape, Crop(lens=lens)))
        ratios.append((n / e) / (nose / ears) - 1)
    assert ratios == sorted(ratios, reverse=True) and ratios[2] == 0
    assert 0.008 < ratios[0] <= MOST_SCALE + 1e-3 and 0.008 < -ratios[4] <= MOST_SCALE + 1e-3


@pytest.mark.sweep
@pytest.mark.data
@pytest.mark.parametrize("name", ["herrington_2.jpg", "ham_2.jpg", *SKINS])
def test_the_camera_tears_and_folds_nothing(name: str) -> None:
    """Extremes: the map is monotone, bounded, still at the frame's edge, and carries landmarks and pixels alike."""
    still = stage_of(name)
    for lens, up in ((1, 1), (1, -1), (-1, 1), (-1, -1)):
        crop = Crop(lens=lens, camera_height=up)
        move = camera_move(still.landmarks, still.matte.shape, crop)
        assert move is not None and np.isfinite(move.x).all() and np.isfinite(move.y).all()
        assert np.diff(move.x, axis=1).min() > 0.8 and np.diff(move.y, axis=0).min() > 0.8
        assert move.shift.max() < 0.1 * still.eye_distance
        there = moved_landmarks(still.landmarks, still.matte.shape, crop)
        inside = [
            i
            for i in range(468)
            if 1 < there[i, 0] < still.matte.shape[1] - 2 and 1 < there[i, 1] < still.matte.shape[0] - 2
        ]
        x, y = there[inside, 0][None].copy(), there[inside, 1][None].copy()
        back = np.stack([cv2.remap(f, x, y, cv2.INTER_LINEAR)[0] for f in (move.x, move.y)], 1)
        assert np.abs(back - still.landmarks[inside, :2]).max() < 0.15  # px
        moved = stage_of(name, lens=lens, camera_height=up)
        assert moved.matte.min() >= 0 and moved.matte.max() <= 1 and np.isfinite(moved.matte).all()
        assert moved.unmoved_original is not None and np.array_equal(moved.unmoved_original, still.original)
        assert abs(float(moved.matte.mean()) - float(still.matte.mean())) < 0.01
        corner = np.s_[:20, :20]
        assert np.abs(moved.original[corner].astype(int) - still.original[corner]).max() <= 1


@pytest.mark.sweep
@pytest.mark.data
@pytest.mark.parametrize("name", SKINS)
def test_the_report_tells_the_drift_and_never_calls_it_another_face(name: str) -> None:
    shapes = []
    for overrides in ({}, {"crop.lens": 1.0}, {"crop.lens": -1.0, "crop.camera_height": 1.0}):
        made = headshot(sitting(name), direct(overrides=overrides), height=640)
        report = judge(made)
        shape, jaw, same = (report.get(k) for k in ("face_shape", "jaw_width", "same_photo"))
        assert shape is not None and jaw is not None and same is not None and same.state == "green"
        assert "red" not in {f.state for f in report.deciding_findings}
        shapes.append(shape.value)
        if overrides:
            assert shape.state == "amber" and NOTE in made.notes
            unmoved = report.get("kept_pixels")
            assert unmoved is not None and unmoved.value == made.canvas.unmoved_share < 0.5
    assert shapes[0] is not None and shapes[0] < 0.3 < min(s for s in shapes[1:] if s is not None)


def test_the_bounds_stand_where_the_control_is() -> None:
    assert f"{MOST_SCALE:.1%}" in SETTINGS["crop.lens"].technical
    assert f"{MOST_DEGREES} degrees" in SETTINGS["crop.camera_height"].technical
