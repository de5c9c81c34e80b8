"""Somebody who leans over a shoulder: what is above that shoulder is theirs, and both shoulders stay."""

from __future__ import annotations

from typing import cast

import cv2
import numpy as np
import pytest

from headshot.canvas.cutout import leaning_over
from headshot.canvas.cutout.cut_out import ask, cut_out
from headshot.canvas.cutout.leaning_over import above_shoulders
from headshot.canvas.cutout.working_copy import WorkingCopy
from headshot.imaging.landmarks import NOSE_BASE
from headshot.photo.head import head_box
from headshot.photo.segmentation import person_probability
from headshot.studio.session import Sitting
from tests import SHARED
from tests.fixtures.made_copy import MadeCopy

OWN, OTHER = (100.0, 100.0, 180.0, 200.0), (170.0, 50.0, 250.0, 150.0)  # heads' boxes: hers touches his, and is higher


@pytest.fixture
def couple(monkeypatch: pytest.MonkeyPatch) -> tuple[WorkingCopy, np.ndarray, np.ndarray]:
    """A man in blue and, over his shoulder to the right, a woman in red: the copy, his body's mask, and hers."""
    body, hers = np.zeros((320, 320), np.uint8), np.zeros((320, 320), np.uint8)
    cv2.fillPoly(body, [np.array([(110, 190), (170, 190), (260, 240), (300, 320), (0, 320), (20, 240)])], 1)
    cv2.ellipse(body, (140, 150), (36, 50), 0, 0, 360, 1, -1)
    cv2.ellipse(hers, (210, 100), (40, 50), 0, 0, 360, 1, -1)
    cv2.rectangle(hers, (185, 130), (319, 319), 1, -1)
    hers[body > 0] = 0
    picture = np.full((320, 320, 3), (120, 150, 110), np.float32)
    picture[hers > 0], picture[body > 0] = (180, 60, 60), (60, 80, 170)
    face = np.zeros_like(body)
    cv2.ellipse(face, (140, 150), (34, 48), 0, 0, 360, 1, -1)
    picture[face > 0] = (210, 170, 150)
    marks = np.zeros((478, 3), np.float32)
    marks[:, 1] = 140
    marks[NOSE_BASE, 1] = 165
    boxes = {0.0: OWN, 1.0: OTHER}
    monkeypatch.setattr(leaning_over, "head_box", lambda points: boxes[float(points[0, 2])])
    known = MadeCopy(
        picture=(picture + np.random.default_rng(4).normal(0, 3, picture.shape)).clip(0, 255).astype(np.uint8),
        face=face,
        marks=marks,
        others=(marks + np.array([0, 0, 1], np.float32),),
        size=(320, 320),
        eye_px=40.0,
        rows=np.arange(320, dtype=np.float32)[:, None],
        is_skin=face > 0,
        disc=lambda radius: np.ones((2 * round(40 * radius) + 1,) * 2, np.uint8),
    )
    return cast(WorkingCopy, known), body, hers


def test_what_is_above_the_shoulder_is_the_others(couple: tuple[WorkingCopy, np.ndarray, np.ndarray]) -> None:
    """The networks gave him all of her body beside his neck."""
    copy, body, hers = couple
    everybody = (body | hers).astype(np.float32)
    mine = np.where((hers > 0) & (copy.rows < 130), 0, everybody)
    above = above_shoulders(copy, everybody, mine)
    stump = (hers > 0) & (mine > 0.5) & (np.arange(320) > 178)[None, :] & (copy.rows < 235)
    assert above[stump].mean() > 0.95
    assert above[body > 0].mean() < 0.005
    assert not above[:, :140].any(), "the side on which nobody is"


def test_what_is_no_stump_stays(couple: tuple[WorkingCopy, np.ndarray, np.ndarray]) -> None:
    """A sliver beside the face, long hair, and somebody whose head is no higher."""
    copy, body, hers = couple
    everybody = (body | hers).astype(np.float32)
    sliver = body.astype(np.float32)
    sliver[140:170, 175:180] = 1
    assert not above_shoulders(copy, everybody, sliver).any()
    long_hair = everybody.copy()
    long_hair[110:220, 80:110] = 1
    assert not above_shoulders(copy, everybody, long_hair).any()
    assert not leaning_over._leans_over(OWN, (170.0, 90.0, 250.0, 190.0))
    assert not leaning_over._leans_over(OWN, (230.0, 50.0, 310.0, 150.0))


@pytest.mark.data
@pytest.mark.sweep
@pytest.mark.parametrize("mirrored", [False, True])
def test_a_couple_cheek_to_cheek_both_shoulders_and_no_stump(mirrored: bool) -> None:
    path = SHARED / "data" / "people" / "az6.jpg"
    if not path.is_file():
        pytest.skip("the shared photo az6.jpg is not here (HEADSHOT_SHARED)")
    one = Sitting.open(path)
    if mirrored:
        one = Sitting.of(one.photo.__class__(np.ascontiguousarray(one.photo.pixels[:, ::-1]), "test"))
    asked = ask(one.photo, one.subject)
    copy = asked.copy
    small = cv2.resize(cut_out(asked).matte, copy.size, interpolation=cv2.INTER_AREA)
    left, top, right, bottom = head_box(copy.marks)
    tall, wide, middle = bottom - top, right - left, (left + right) / 2
    across = np.arange(copy.size[0])[None, :]
    across = ((middle - across) if mirrored else (across - middle)) / wide
    stump = (across > 0.7) & (copy.rows < bottom - 0.35 * tall)
    shoulder = (across > 0.7) & (across < 1.0) & (copy.rows > bottom) & (copy.rows < bottom + 0.3 * tall)
    far = (across > -1.0) & (across < -0.7) & (copy.rows > bottom) & (copy.rows < bottom + 0.3 * tall)
    seen = person_probability(copy.picture) > 0.5
    assert (small[stump] > 0.5).mean() < 0.005, "a stump of hers beside his head"
    assert small[shoulder & seen].mean() > 0.97 and small[far & seen].mean() > 0.97
