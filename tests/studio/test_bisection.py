"""The search on the ladder with stand-in engines: even ones, uneven ones, ones that cannot be measured."""

from __future__ import annotations

import pytest

from headshot.studio.bisection import MOST_RENDERS, STEPS, Seen, good
from headshot.types import State
from tests.fixtures.ladder_search import furthest

GRID = [i / (STEPS - 1) for i in range(STEPS)]


class Stand:
    """An engine whose likeness at a change is `distance(change)`; counts its renders."""

    def __init__(self, distance, cuts=(0.2, 0.34)):
        self.distance, self.cuts, self.tried = distance, cuts, []

    def __call__(self, at: float) -> Seen:
        assert at not in self.tried, "the same place twice"
        self.tried.append(at)
        value = self.distance(at)
        state = State.GREEN if value <= self.cuts[0] else State.AMBER if value <= self.cuts[1] else State.RED
        return Seen(at, state, value, f"The distance is {value:.2f}.")


@pytest.mark.parametrize("floor", [State.GREEN, State.AMBER])
@pytest.mark.parametrize("last", [*range(STEPS), None])
def test_even_engine_the_last_good_place_within_six(last: int | None, floor: State) -> None:
    edge = -1.0 if last is None else GRID[last] + 0.01
    cuts = (0.2, 0.34)
    limit = cuts[0] if floor == State.GREEN else cuts[1]
    engine = Stand(lambda at: limit + 0.5 * (at - edge))
    found = furthest(engine, floor)
    assert len(engine.tried) <= MOST_RENDERS
    assert found.monotonic
    if last is None:
        assert found.best is None and "Even" in found.sentence() and found.stopped_by is not None
    else:
        assert found.best is not None and found.best.at == pytest.approx(GRID[last])
        assert (found.stopped_by is None) == (last == STEPS - 1)
        if found.stopped_by is not None:
            assert found.stopped_by.at == pytest.approx(GRID[last + 1])
            assert found.stopped_by.reason in found.sentence()


def uneven(at: float) -> float:
    """Good at both ends, bad between .2 and .7."""
    return 0.4 if 0.2 < at < 0.7 else 0.05


def test_uneven_engine_is_not_taken_at_its_word() -> None:
    engine = Stand(uneven)
    found = furthest(engine)
    assert len(engine.tried) <= MOST_RENDERS
    assert not found.monotonic and "did not change evenly" in found.sentence()
    # Whatever it answers was rendered and was green.
    assert found.best in found.seen and found.best.state == "green" and uneven(found.best.at) <= 0.2
    # A good place beyond the bad ones was seen, so the answer is not below them.
    assert found.best.at == max(s.at for s in found.seen if s.state == "green") > 0.7


@pytest.mark.parametrize("seed", range(40))
def test_any_engine_the_answer_was_seen(seed: int) -> None:
    import random

    chance = random.Random(seed)
    table = {at: chance.choice([0.1, 0.3, 0.5]) for at in GRID}
    engine = Stand(lambda at: table[min(GRID, key=lambda g: abs(g - at))])
    found = furthest(engine)
    assert 1 <= len(engine.tried) <= MOST_RENDERS and len(found.seen) == len(engine.tried)
    greens = [s.at for s in found.seen if s.state == "green"]
    assert (found.best.at if found.best else None) == max(greens, default=None)
    if found.monotonic:  # then nothing that it saw speaks against it
        reds = [s.at for s in found.seen if s.state != "green"]
        assert not greens or not reds or max(greens) < min(reds)


def test_grey_is_never_good() -> None:
    found = furthest(lambda at: Seen(at, State.GREY, None, "No face was found."))
    assert found.best is None and "No face was found." in found.sentence()
    assert not good(State.GREY, State.RED)
    with pytest.raises(ValueError, match="floor"):
        furthest(lambda at: Seen(at, State.GREEN), State.GREY)


def test_part_of_the_ladder() -> None:
    engine = Stand(lambda at: at / 2)
    found = furthest(engine, low=0.25, high=0.75)
    assert all(0.25 <= at <= 0.75 for at in engine.tried)
    assert found.best is not None and 0.35 < found.best.at <= 0.4
