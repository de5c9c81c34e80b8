"""A picture in parts, two at a time."""

from __future__ import annotations

import threading

import pytest

from headshot.imaging.bands import bands, two_at_a_time


def test_each_part_is_done_once_two_at_a_time_and_a_fault_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("headshot.imaging.bands.os.cpu_count", lambda: 2)
    done, together = [], threading.Barrier(2)

    def work(part: slice) -> None:
        if part.start < 64:
            together.wait(60)  # raises unless two are at work
        done.append(part)

    parts = list(bands(100, 32))
    two_at_a_time(work, parts)
    assert sorted(part.start for part in done) == [part.start for part in parts] == [0, 32, 64, 96]

    def faulty(part: slice) -> None:
        if part.start == 32:
            raise ValueError("the second part")

    with pytest.raises(ValueError, match="second"):
        two_at_a_time(faulty, parts)
