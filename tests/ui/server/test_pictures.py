"""A picture is sent once: answers name its address. That a browser asks once: tests/fixtures/browser.py."""

from __future__ import annotations

import base64

import numpy as np
import pytest
from gradio.state_holder import SessionState

from headshot.files.data_url import data_url
from headshot.ui.server import pictures


def a_picture(shade: int, side: int = 8) -> str:
    return data_url(np.full((side, side, 3), shade, np.uint8))


def test_each_picture_has_one_address_wherever_it_stands() -> None:
    state = SessionState.__new__(SessionState)
    one, two = a_picture(10), a_picture(200)
    answer = pictures.named([{"a": one, "b": [two, one]}, f'<p><img src="{one}" alt=""></p>', "words", 3, None], state)
    assert answer[0]["a"] == answer[0]["b"][1] != answer[0]["b"][0]
    assert answer[1] == f'<p><img data-picture="{answer[0]["a"]}" alt=""></p>' and answer[2:] == ["words", 3, None]
    again = pictures.named(one, state)
    assert again == answer[0]["a"] and "base64" not in str(answer)
    other = SessionState.__new__(SessionState)
    assert pictures.named(one, other) != again  # nobody learns from an address what another visitor has


def test_the_oldest_go_above_the_bound(monkeypatch: pytest.MonkeyPatch) -> None:
    sizes = [len(base64.b64decode(a_picture(shade, 64).partition(",")[2])) for shade in range(20)]
    monkeypatch.setattr(pictures, "MOST", sum(sizes[-5:]))
    kept = pictures.Pictures()
    names = [kept.address(a_picture(shade, 64)).rpartition("/")[2] for shade in range(20)]
    assert [kept.get(name) is not None for name in names] == [False] * 15 + [True] * 5
    kept.clear()
    assert kept.get(names[-1]) is None
