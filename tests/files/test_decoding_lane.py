"""The lane of files that take long: turns in order, a bound, and nothing of somebody who has left."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import Any

import pytest

from headshot.errors import PhotoError, UserError
from headshot.files.asker import Asker
from headshot.files.decoding_lane import DecodingLane
from tests.fixtures.browser import LIMIT


def leaver() -> tuple[threading.Event, Callable[[object], None]]:
    """An event by which somebody leaves, and their `go_on`."""
    left = threading.Event()

    def go_on(_: object) -> None:
        if left.is_set():
            raise UserError("The caller has left.")

    return left, go_on


def waits(lane: DecodingLane, one: Asker, told: list[Any]) -> threading.Thread:
    """Somebody who comes into the lane, in a thread: `told` is what becomes of it."""

    def come() -> None:
        try:
            with lane.turn(one):
                told.append(one.name)
        except UserError as fault:
            told.append(fault)

    thread = threading.Thread(target=come)
    thread.start()
    end = time.monotonic() + LIMIT
    while one not in lane._in_it:
        assert time.monotonic() < end
        time.sleep(0.005)
    return thread


def test_turns_are_in_the_order_they_came_and_who_left_has_none() -> None:
    lane, told = DecodingLane(4), list[Any]()
    left, go_on = leaver()
    with lane.turn(Asker("first")):
        threads = [waits(lane, one, told) for one in (Asker("leaves", go_on), Asker("second"), Asker("third"))]
        left.set()
        threads[0].join(LIMIT)  # at once, not at its turn
        assert [str(fault) for fault in told] == ["The caller has left."]
        threads.append(waits(lane, Asker("fourth"), told))  # there is room again
    for thread in threads:
        thread.join(LIMIT)
    assert told[1:] == ["second", "third", "fourth"] and not lane._in_it


def test_those_who_left_take_nobody_s_room() -> None:
    """Even before their threads have looked: hostile visitors who come back find no lane full of themselves."""
    lane, told = DecodingLane(3), list[Any]()
    left, go_on = leaver()
    with lane.turn(Asker("first")):
        threads = [waits(lane, Asker(f"leaves {number}", go_on), told) for number in range(2)]
        with pytest.raises(PhotoError, match="Too many very large"), lane.turn(Asker("comes too late")):
            pass
        left.set()
        threads.append(waits(lane, Asker("comes"), told))
    for thread in threads:
        thread.join(LIMIT)
    assert "comes" in told and len(told) == 3


def test_a_fault_in_a_turn_ends_it() -> None:
    lane = DecodingLane(1)
    with pytest.raises(ZeroDivisionError), lane.turn(Asker("first")):
        raise ZeroDivisionError
    with lane.turn(Asker("first")):
        pass
