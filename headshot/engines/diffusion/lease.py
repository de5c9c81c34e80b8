"""The part of a picture that needs the device: on ZeroGPU in a worker that is lent a GPU for seconds, else right here.

What goes over and comes back is pickled, and what the worker learns is lost with it: so small requests go over, raw
pictures come back, and with them the rate of its steps. All else, from framing to finishing, is done outside.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Generator
from contextlib import closing
from typing import Any

from headshot.engines.diffusion import rates
from headshot.engines.diffusion.finished_pictures import Painted, Painting
from headshot.engines.diffusion.request import Task
from headshot.engines.diffusion.zero_gpu import on_zero_gpu
from headshot.errors import EngineUnavailable, UserError
from headshot.language import tr
from headshot.types import Preview

LEAST, FIRST, MOST = 5, 15, 80  # s; a visitor without an account has 120 a day, of which 1.5 times the lease are taken


def loading(steps: int) -> Preview:
    """Say what comes before the first of so many steps where the models are not loaded yet."""
    return Preview(None, 0, steps, None, tr("Loading the models, some minutes the first time"))


def asked_seconds(estimate: float, *, measured: bool) -> int:
    """Work out the seconds to ask for. A lease whose rate is not `measured` yet also brings the models over."""
    return max(LEAST if measured else FIRST, round(1.5 * estimate + 3))


def leased(paint: Painting, seconds: Callable[[Task], int]) -> Painting:
    """Wrap `paint`; `seconds` of a task by `asked_seconds`. Raises EngineUnavailable where no GPU is lent."""
    if not on_zero_gpu():
        return paint
    import spaces

    def inside(task: Task) -> Generator[Any, None, None]:
        """Within the worker. A UserError comes as an item: raised there it would lose its words."""
        try:
            yield from paint(task)
        except UserError as fault:
            yield fault
        yield rates.known()

    lent = _refusals_in_words(spaces.GPU(duration=seconds)(inside))

    def outside(task: Task) -> Generator[Preview | Painted, None, None]:
        if (long := seconds(task)) > MOST:
            what = tr("This would take a lent GPU about {long} s, and it is lent for {most}.", long=long, most=MOST)
            raise EngineUnavailable(what, tr("Ask for fewer pictures or steps at once, or for a draft."))
        with closing(lent(task)) as items:
            for item in items:
                if isinstance(item, UserError):
                    raise item
                if isinstance(item, rates.Rates):
                    rates.adopt(item)
                else:
                    yield item

    return outside


def _refusals_in_words(
    function: Callable[..., Generator[Any, None, None]],
) -> Callable[..., Generator[Any, None, None]]:
    """Turn ZeroGPU's refusal (a spent quota, no GPU free) into EngineUnavailable, which the page shows in its place."""

    def work(*args: Any) -> Generator[Any, None, None]:
        try:
            with closing(function(*args)) as items:
                yield from items
        except Exception as error:
            title, message = getattr(error, "title", ""), str(getattr(error, "message", ""))
            # This one of its errors, with another text than these two, is a fault of ours over there: it stays loud.
            ours = title == "ZeroGPU worker error" and message not in (title, "GPU task aborted")
            if ours or not title.startswith("ZeroGPU"):
                raise
            message = re.sub(r"<[^>]*>", "", message).strip().rstrip(".")
            what = tr("The GPU was not lent, or not for long enough: {said}.", said=message)
            raise EngineUnavailable(what, "Try again later.") from error

    return work
