"""Other people: only where a network sees anybody is somebody."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from headshot.canvas.cutout.cut_out import ask
from headshot.canvas.cutout.other_people import without_false_faces
from headshot.canvas.cutout.witnesses import Witnesses
from headshot.imaging.landmarks import eye_distance
from headshot.imaging.masks import hull_mask
from headshot.types import Face
from tests.fixtures.shared_photos import sitting

pytestmark = pytest.mark.data


def test_a_face_in_a_wall_takes_nothing_of_the_body() -> None:
    """Windows and a seal behind a speaker were faces to the detector, and cost him his shoulders."""
    one = sitting("poindexter_1.jpg")
    marks = one.subject.landmarks.copy()
    marks[:, 0] -= 2.6 * eye_distance(marks)  # on the plain wall beside the head
    window = Face(tuple(float(v) for v in (*marks[:, :2].min(0), *marks[:, :2].max(0))), 0.7, marks)
    seen_two = replace(one.subject, faces=(*one.subject.faces, window))
    np.testing.assert_array_equal(ask(one.photo, seen_two).matte, ask(one.photo, one.subject).matte)


def test_people_whom_a_network_sees_stay() -> None:
    asked = ask(sitting("group_solvay1927.jpg").photo, sitting("group_solvay1927.jpg").subject)
    assert len(asked.copy.others) > 1
    nobody = np.zeros_like(asked.person)
    beyond = without_false_faces(asked.copy, Witnesses(nobody, None, None)).others
    assert len(beyond) < len(asked.copy.others)
    assert all(hull_mask(marks[:, :2], nobody.shape).sum() == 0 for marks in beyond), "no network was asked of these"
    everybody = Witnesses(nobody + 1, None, nobody)
    assert without_false_faces(asked.copy, everybody) is asked.copy
