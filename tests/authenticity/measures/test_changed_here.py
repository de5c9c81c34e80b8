"""What a second network denies is not taken for the person when a picture is asked where anything changed."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from headshot.authenticity.measures.changed_here import CLOTHES, STRIKES, Changed
from headshot.authenticity.measures.head_view import SIDE, HeadView
from headshot.authenticity.pair import Pair
from headshot.imaging.landmarks import eye_distance
from headshot.photo.networks import u2netp
from headshot.types import F32, U8
from tests.fixtures import edits, faces


def red_is_the_person(picture: U8) -> F32:
    """The network replaced by one that knows red from all else, (320, 320)."""
    red = (picture[..., 0] > 200) & (picture[..., 1] < 60)
    return cv2.resize(red.astype(np.float32), (u2netp.SIDE, u2netp.SIDE), interpolation=cv2.INTER_AREA)


@pytest.mark.data
@pytest.mark.parametrize("turn", [0.0, 25.0])
def test_what_is_denied_lies_where_it_was_seen(turn: float, monkeypatch: pytest.MonkeyPatch) -> None:
    """Also where the head is tilted and the window shows more than the photo has."""
    photo, points = faces.photo("ferguson_1.jpg"), faces.landmarks("ferguson_1.jpg")
    middle = points[1, :2] * np.float32(1)
    matrix = cv2.getRotationMatrix2D((float(middle[0]), float(middle[1])), turn, 1.0)
    points = points.copy()
    points[:, :2] = points[:, :2] @ matrix[:, :2].T + matrix[:, 2]
    marked = np.zeros_like(photo)
    place = tuple(round(float(v)) for v in points[152, :2])  # the chin
    cv2.circle(marked, place, round(0.4 * eye_distance(points)), (255, 0, 0), -1)
    monkeypatch.setattr(u2netp, "saliency", red_is_the_person)
    monkeypatch.setattr(u2netp, "is_here", lambda: True)
    head = HeadView(marked, points)
    ys, xs = np.nonzero(~head.nobody)
    assert np.hypot(*(np.array([xs.mean(), ys.mean()]) - head.window_points[152])) < 1.0
    disc = np.pi * (0.4 * 42) ** 2
    assert disc < len(xs) < 1.4 * disc  # two pixels of soft edge are no certain denial
    monkeypatch.setattr(u2netp, "is_here", lambda: False)
    assert not HeadView(marked, points).nobody.any()


@pytest.mark.data
def test_a_change_counts_where_no_network_denies_the_person(monkeypatch: pytest.MonkeyPatch) -> None:
    photo, points = faces.photo("ferguson_1.jpg"), faces.landmarks("ferguson_1.jpg")
    narrower = edits.narrow_shoulders(photo, points, 15)

    def changed() -> Changed:
        return Pair(photo, points, narrower, points).changes

    everywhere = changed()
    assert everywhere.shares[CLOTHES] > 3, "the network itself denies no shoulder"
    sides = [(everywhere.errors[:, half] > STRIKES).sum() for half in (slice(SIDE // 2), slice(SIDE // 2, SIDE))]
    assert min(sides) > 20
    left_denied = np.ones((SIDE, SIDE), bool)
    left_denied[:, SIDE // 2 :] = False
    monkeypatch.setattr(HeadView, "nobody", left_denied)
    rest = changed()
    assert not (rest.errors[:, : SIDE // 2] > STRIKES).any() and rest.shares[CLOTHES] < everywhere.shares[CLOTHES]
    assert np.array_equal(rest.errors[:, SIDE // 2 :], everywhere.errors[:, SIDE // 2 :])
