"""Where a team's pictures are made: in this process, or by Ray Data in several of them, on one machine or on many."""

from __future__ import annotations

import importlib
import os
import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from headshot.direction.engine_table import is_own
from headshot.errors import EngineUnavailable, UserError
from headshot.files.team_index import read_rows
from headshot.language import current, tr
from headshot.studio.people import Person
from headshot.studio.team.shooter import Shooter, Shot
from headshot.types import Direction

_MOST_WORKERS = 256
_TOGETHER = 4  # people whom a worker takes at once: what a killed one had done of them is made again
_ADDRESS = re.compile(r"ray://[\w.\-\[\]:]{1,200}|auto")
_HERE = re.compile(r"[0-9]{1,3}")


def shots(
    people: Sequence[Person], direction: Direction, engine: str, *, workers: int | str = 1, sign: bool = False
) -> Iterator[Shot]:
    """Shoot each of `people`: in their order in one process, as they are ready in several. Raises UserError."""
    given: dict[str, Any] = {"language": current(), "sign": sign}
    count, address = _read(workers)
    if count == 1 and not address:
        shooter = Shooter(direction, engine, **given)
        yield from map(shooter.shoot, people)
        return
    if not people:
        return
    with _ray(count, address) as data:
        rows = [{"name": p.name, "file": p.file, "photo": _sendable(p)} for p in people]
        table = data.from_items(rows, override_num_blocks=-(-len(rows) // _TOGETHER))
        more = {} if is_own(engine) else {"num_gpus": 1}
        places = data.ActorPoolStrategy(size=count) if count else data.ActorPoolStrategy(min_size=1, max_size=len(rows))
        made = table.map(
            Shooter, fn_constructor_args=(direction, engine), fn_constructor_kwargs=given, compute=places, **more
        )
        for row in made.iter_rows():
            (told,) = read_rows(row["row"]).values()
            yield Shot(told, row["picture"], row["report"])


def _read(workers: int | str) -> tuple[int, str]:
    """How many workers on this machine, or 0 and a cluster's address. Raises UserError."""
    asked = str(workers).strip()
    if _ADDRESS.fullmatch(asked):
        return 0, asked
    if asked == "local":
        return 1, ""
    if _HERE.fullmatch(asked) and 0 < int(asked) <= _MOST_WORKERS:
        return int(asked), ""
    raise UserError(
        tr("“{said}” workers are not possible.", said=asked[:60]), "Give local, a number, or ray://HOST:PORT."
    )


@contextmanager
def _ray(count: int, address: str) -> Iterator[Any]:
    """Ray Data, with Ray started here or joined, and left again. Raises EngineUnavailable where it is not installed."""
    os.environ.setdefault("RAY_USAGE_STATS_ENABLED", "0")  # nothing is told to its makers
    try:
        ray, data = importlib.import_module("ray"), importlib.import_module("ray.data")
    except ImportError:
        raise EngineUnavailable("Several workers need Ray.", "Install it: pip install 'headshot[cluster]'.") from None
    begun = not ray.is_initialized()
    if begun:
        try:
            here = {"address": address} if address else {"num_cpus": count, "include_dashboard": False}
            ray.init(log_to_driver=False, logging_level="error", **here)
        except (ConnectionError, OSError, RuntimeError):
            raise EngineUnavailable(
                tr("Ray does not answer at {address}.", address=address or "this machine"), "See docs/team.md."
            ) from None
    context = data.DataContext.get_current()
    context.enable_progress_bars = False
    try:
        yield data
    finally:
        if begun:
            ray.shutdown()


def _sendable(person: Person) -> bytes | str:
    return person.photo if isinstance(person.photo, bytes) else str(person.photo.absolute())
