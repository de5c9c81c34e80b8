"""The head shown to a network from nearer, joined with what it says of the whole."""

from __future__ import annotations

from types import SimpleNamespace
from typing import cast

import numpy as np
import pytest

from headshot.canvas.cutout import near_view
from headshot.canvas.cutout.working_copy import WorkingCopy
from headshot.types import F32, U8


def copy_of(width: int, height: int) -> WorkingCopy:
    picture = np.zeros((height, width, 3), np.uint8)
    return cast(WorkingCopy, SimpleNamespace(picture=picture, size=(width, height), eye_px=50.0, marks=None))


def test_two_looks_at_the_head_count_alike_and_fade_at_the_border(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(near_view, "head_box", lambda _: (140.0, 120.0, 260.0, 280.0))  # 160 px tall
    shown: list[tuple[int, ...]] = []

    def near(picture: U8) -> F32:
        shown.append(picture.shape)
        return np.full(picture.shape[:2], 0.9, np.float32)

    far = np.full((500, 400), 0.1, np.float32)
    joined = near_view.seen_twice(copy_of(400, 500), far, near)
    assert shown == [(288, 256, 3)]  # 1.8 heads tall, 1.6 wide
    assert joined[200, 200] == pytest.approx(0.5)  # as far apart as each other
    assert joined[:56] == pytest.approx(0.1) and joined[:, :72] == pytest.approx(0.1)
    assert np.abs(np.diff(joined[200])).max() < 0.05  # no step at the border
    assert far[200, 200] == np.float32(0.1)  # what was given stays


def test_a_close_portrait_is_not_looked_at_twice(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(near_view, "head_box", lambda _: (20.0, 20.0, 140.0, 180.0))
    far = np.full((200, 160), 0.3, np.float32)

    def never(picture: U8) -> F32:
        raise AssertionError(picture.shape)

    assert near_view.seen_twice(copy_of(160, 200), far, never) is far
