"""Time pieces of work in turns (A B C A B C …), so that a warm or busy machine treats them alike."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np


@dataclass
class Times:
    """Seconds of each counted run: those that pass, and those that this process works, which others disturb less."""

    wall: list[float] = field(default_factory=list)
    processor: list[float] = field(default_factory=list)

    @property
    def median(self) -> float:
        return float(np.median(self.wall))

    @property
    def p90(self) -> float:
        return float(np.quantile(self.wall, 0.9))


def in_turns(arms: Mapping[str, Callable[[int], Any]], rounds: int) -> dict[str, Times]:
    """Time each arm once in each round. An arm is given the round's number; round 0 warms up and is not counted."""
    times = {name: Times() for name in arms}
    for number in range(rounds + 1):
        for name, arm in arms.items():
            wall, processor = time.perf_counter(), time.process_time()
            arm(number)
            if number:
                times[name].wall.append(time.perf_counter() - wall)
                times[name].processor.append(time.process_time() - processor)
    return times


def publish(result: Any, path: Path | None) -> None:
    """Print a result as JSON, and write it to `path` where one is given."""
    text = json.dumps(result, indent=2)
    print(text)
    if path:
        path.write_text(text, encoding="utf-8")
