"""What a team of 10,000 would take: `python -m benchmarks.team_plan FOLDER [--people 72] [--json FILE]`.

Makes so many people of a folder's photos (each again and again) as `headshot team` does, and measures each one's
processor seconds by stage, the bytes that travel, and what the process holds after every 24: flat, or it leaks. Then
10,000 people are simulated with these times, drawn anew for each person: workers of one core take four people at a
time, start in the measured seconds, and die at random; one process hashes and writes what comes back.
"""

from __future__ import annotations

import argparse
import heapq
import os
import statistics
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from unittest.mock import patch

import numpy as np

from benchmarks.timing import publish
from benchmarks.visitor import use_of
from headshot.direction.direct import direct
from headshot.studio.people import Person, read_team
from headshot.studio.session import Sitting
from headshot.studio.team import shooter

EVERY = 24
TOGETHER = 4
_STAGES = ("figures_of_photo", "headshot", "report_on", "figures_of_picture", "headshot_file")


@contextmanager
def by_stage(spent: dict[str, float]) -> Iterator[None]:
    """Add up the processor seconds of each stage that the shooter calls."""

    def timed(name: str, work: Callable[..., Any]) -> Callable[..., Any]:
        def run(*given: Any, **named: Any) -> Any:
            began = time.process_time()
            try:
                return work(*given, **named)
            finally:
                spent[name] = spent.get(name, 0.0) + time.process_time() - began

        return run

    patches = [patch.object(shooter, name, timed(name, getattr(shooter, name))) for name in _STAGES]
    patches.append(patch.object(Sitting, "open", timed("open and find", Sitting.open)))
    patches.append(patch.object(Sitting, "cut", timed("cut out", Sitting.cut)))
    for one in patches:
        one.start()
    try:
        yield
    finally:
        for one in patches:
            one.stop()


def measure(people: list[Person]) -> dict[str, Any]:
    """Shoot all of them in this process."""
    seconds, sizes, held, spent = [], [], [], dict[str, float]()
    one = shooter.Shooter(direct("linkedin"))
    began = time.process_time()
    one.shoot(people[0])  # what is loaded once is loaded
    start = time.process_time() - began
    with by_stage(spent):
        for number, person in enumerate(people, 1):
            began = time.process_time()
            shot = one.shoot(person)
            seconds.append(time.process_time() - began)
            sizes.append(len(shot.picture) + len(shot.report))
            if number % EVERY == 0:
                held.append(round(use_of(os.getpid()).megabytes))
    return {
        "people": len(people),
        "processor s for each": [round(s, 3) for s in seconds],
        "by stage, s for each": {name: round(s / len(people), 3) for name, s in spent.items()},
        "first person more, s": round(max(0.0, start - statistics.median(seconds)), 2),
        "bytes back for each": round(statistics.fmean(sizes)),
        f"MB held after every {EVERY}": held,
    }


def simulate(
    measured: dict[str, Any], people: int, workers: int, *, deaths: float = 0.0, write: float = 0.004, seed: int = 1
) -> dict[str, float]:
    """Hours until all are written. `deaths`: of one worker in an hour; `write`: s of the writing process a person."""
    rng = np.random.default_rng(seed)
    times = np.asarray(measured["processor s for each"])
    start = 3.0 + measured["first person more, s"]  # a process and its imports, then its networks
    free = [(start, number) for number in range(workers)]
    heapq.heapify(free)
    written, left, again, busy = 0.0, people, 0, 0.0
    while left > 0:
        now, number = heapq.heappop(free)
        block = min(TOGETHER, left)
        needs = float(rng.choice(times, block).sum())
        dies = float(rng.exponential(3600 / deaths)) if deaths else np.inf
        if dies < needs:  # its block is another one's; a new worker takes its place
            again += block
            heapq.heappush(free, (now + dies + start, number))
            continue
        busy += needs
        left -= block
        written = max(written, now + needs) + write * block
        heapq.heappush(free, (now + needs, number))
    hours = written / 3600
    return {
        "workers": workers,
        "deaths of one in an hour": deaths,
        "hours": round(hours, 2),
        "people an hour": round(people / hours),
        "share of the workers' time used": round(busy / (written * workers), 3),
        "made again": again,
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--people", type=int, default=72)
    parser.add_argument("--json", type=Path)
    asked = parser.parse_args()
    known = read_team(asked.folder)
    found = measure([known[n % len(known)] for n in range(asked.people)])
    plans = [(1, 0.0), (8, 0.0), (64, 0.0), (64, 1.0), (256, 0.0), (1024, 0.0)]
    found["plans"] = [simulate(found, 10_000, workers, deaths=deaths) for workers, deaths in plans]
    publish(found, asked.json)


if __name__ == "__main__":
    main()
