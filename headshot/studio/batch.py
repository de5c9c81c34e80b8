"""Several directions of one person through an engine: those that it paints together in one batch, else one by one."""

from __future__ import annotations

import time
from collections.abc import Generator, Sequence
from contextlib import closing
from dataclasses import replace

from headshot.canvas.locked_regions import with_locked
from headshot.engines import get_engine
from headshot.engines.base import Batch, BatchEngine, Done
from headshot.engines.encode_cache import EncodeCache
from headshot.errors import UserError
from headshot.studio.session import Sitting, shoot
from headshot.studio.steering import is_steered, steering
from headshot.types import Canvas, Direction, Headshot, Preview


def batches(engine: str, directions: Sequence[Direction]) -> list[list[int]]:
    """The numbers of `directions` as `engine` paints them together, in their order; by itself each, if it cannot."""
    painter = get_engine(engine)
    if isinstance(painter, BatchEngine):
        return painter.batches(directions)
    return [[i] for i in range(len(directions))]


def shoot_many(
    sitting: Sitting, directions: Sequence[Direction], *, engine: str, height: int | None = None, cache: EncodeCache
) -> Generator[Preview | Done, None, None]:
    """One of `batches`: previews, then a Done for each direction as it is finished. Never raises a UserError.

    Each has one candidate. `cache` is kept by the caller for as long as the pictures have something in common.
    """
    painter = get_engine(engine)
    left = set(range(len(directions)))
    try:
        if not isinstance(painter, BatchEngine):
            (direction,) = directions
            with closing(shoot(sitting, direction, engine=engine, height=height)) as one:
                for item in one:
                    if isinstance(item, Headshot):
                        yield Done(0, item)
                        return
                    yield item
            return
        began = time.perf_counter()
        canvases: list[Canvas] = []
        numbers: list[int] = []
        for number, direction in enumerate(directions):
            try:
                canvas = sitting.canvas(direction, height or painter.most_height)
                canvases.append(with_locked(canvas, direction.keep) if is_steered(painter) else canvas)
                numbers.append(number)
            except UserError as fault:
                left.discard(number)
                yield Done(number, None, fault)
        if not numbers:
            return
        identity, strangers = steering(sitting, painter)
        before = (time.perf_counter() - began) / len(numbers)
        with closing(painter.render_many(Batch(canvases, identity, [directions[n] for n in numbers], cache))) as work:
            for made in work:
                if not isinstance(made, Done):
                    yield made
                    continue
                left.discard(numbers[made.number])
                result = made.result
                if result is not None:
                    notes = (*strangers, *result.notes)
                    result = replace(result, seconds=result.seconds + before, notes=notes)
                yield Done(numbers[made.number], result, made.fault)
    except UserError as fault:
        for number in sorted(left):
            yield Done(number, None, fault)
