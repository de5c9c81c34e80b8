"""Grading of a whole picture is found, paint is not taken for it."""

from __future__ import annotations

import cv2
import numpy as np

from headshot.authenticity.measures import tone


def _picture() -> np.ndarray:
    rng = np.random.default_rng(3)
    return cv2.GaussianBlur(rng.integers(0, 256, (120, 160, 3), np.uint8), (0, 0), 4) // 2 + np.uint8(40)


def _graded(picture: np.ndarray) -> np.ndarray:
    return np.round(255 * (picture / 255) ** 0.8 * (1.0, 0.97, 0.85)).astype(np.uint8)


def test_a_grading_is_found_and_paint_left_out_of_it() -> None:
    before = cv2.resize(np.linspace(20, 220, 160).astype(np.uint8)[None], (160, 120))[..., None].repeat(3, axis=2)
    after = _graded(before)
    after[40:80, 60:100] = (40, 60, 200)  # paint
    where = np.ones(before.shape[:2], bool)
    curve = tone.curves(tone.joint_codes(before, after), where)
    assert curve is not None and curve.shape == (256, 3) and (np.diff(curve.astype(int), axis=0) >= 0).all()
    found = tone.toned(before, curve).astype(int)
    assert np.abs(found - _graded(before))[:, 8:-8].max() <= 4
    assert np.abs(found - after)[45:75, 65:95].max() > 60  # the paint is not explained
    lighter, warmer, contrast = tone.change(curve)
    assert lighter > 3 and warmer > 3 and 0.7 < contrast < 1.0


def test_nothing_done_is_nothing_found_and_too_little_is_said() -> None:
    picture = _picture()
    where = np.ones(picture.shape[:2], bool)
    curve = tone.curves(tone.joint_codes(picture, picture), where)
    assert curve is not None
    known = np.percentile(picture, (5, 95)).astype(int)
    assert np.abs(curve.astype(int) - np.arange(256)[:, None])[known[0] : known[1]].max() <= 1
    few = np.zeros_like(where)
    few[:5, :5] = True
    assert tone.curves(tone.joint_codes(picture, picture), few) is None
