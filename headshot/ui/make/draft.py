"""Draft first: where this machine paints one in seconds, a draft comes by itself; the final waits for a click."""

from __future__ import annotations

from dataclasses import replace

from headshot.engines import PaintingEngine, get_engine
from headshot.engines.diffusion.zero_gpu import on_zero_gpu
from headshot.environment import draft_seconds
from headshot.types import Direction, Headshot

PAUSE = 0.6  # s without a change before a draft begins: a drag sends several events a second


def as_draft(direction: Direction) -> Direction:
    """Return the one draft of `direction`."""
    return replace(direction, generate=replace(direction.generate, mode="draft", candidates=1))


def is_older(shown: Headshot | None, wanted: tuple[Direction, str] | None) -> bool:
    """Whether the picture that is `shown` was made with other settings, or by another engine, than `wanted`."""
    if shown is None or wanted is None:
        return False
    return shown.engine != wanted[1] or as_draft(shown.direction) != as_draft(wanted[0])


def paints_by_itself(direction: Direction, painter: str) -> bool:
    """Whether the draft of `direction` is quick enough here; never on ZeroGPU, where seconds are the visitor's own.

    By the estimate that goes by real steps once there were any. Loads torch.
    """
    engine = get_engine(painter)
    if on_zero_gpu() or not isinstance(engine, PaintingEngine):
        return False
    return engine.estimate(as_draft(direction))[0] <= draft_seconds()
