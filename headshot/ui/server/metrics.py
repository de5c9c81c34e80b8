"""What a supervisor may know of the app: counts and times in Prometheus' text form, and nothing of a person.

https://prometheus.io/docs/instrumenting/exposition_formats/
"""

from __future__ import annotations

import threading
from collections import Counter
from typing import Any

from headshot.ui.server.memory import held

TYPE = "text/plain; version=0.0.4; charset=utf-8"
_BOUNDS = (0.05, 0.2, 0.5, 1.0, 2.0, 5.0, 15.0, 60.0)  # s


class Requests:
    """Requests to the page's functions and to endpoints, by who asked ("page" or "program"): how many, how long, how
    many of them a bug ended.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._under: Counter[tuple[str, float]] = Counter()
        self._count: Counter[str] = Counter()
        self._bugs: Counter[str] = Counter()
        self._seconds: dict[str, float] = {}

    def count(self, kind: str, seconds: float, *, bug: bool) -> None:
        """Count one that took so long."""
        with self._lock:
            self._count[kind] += 1
            self._bugs[kind] += bug
            self._seconds[kind] = self._seconds.get(kind, 0.0) + seconds
            for bound in _BOUNDS:
                self._under[kind, bound] += seconds <= bound

    def lines(self) -> list[str]:
        """The histogram and the counter of bugs."""
        name, found = "headshot_request_seconds", ["# TYPE headshot_request_seconds histogram"]
        with self._lock:
            for kind in sorted(self._count):
                found += [f'{name}_bucket{{kind="{kind}",le="{b:g}"}} {self._under[kind, b]}' for b in _BOUNDS]
                found.append(f'{name}_bucket{{kind="{kind}",le="+Inf"}} {self._count[kind]}')
                found.append(f'{name}_sum{{kind="{kind}"}} {self._seconds[kind]:.3f}')
                found.append(f'{name}_count{{kind="{kind}"}} {self._count[kind]}')
            found.append("# TYPE headshot_bugs_total counter")
            found += [f'headshot_bugs_total{{kind="{kind}"}} {self._bugs[kind]}' for kind in sorted(self._count)]
        return found


REQUESTS = Requests()


def told(page: Any) -> str:
    """All of it for a served gr.Blocks: visitors here, requests that wait, memory, requests so far."""
    gauges = {
        "headshot_visitors": len(page.app.state_holder.session_data),
        "headshot_waiting_requests": len(page._queue.waiting()),
        "headshot_memory_bytes": held(),
    }
    lines = [text for name, value in gauges.items() for text in (f"# TYPE {name} gauge", f"{name} {value}")]
    return "\n".join([*lines, *REQUESTS.lines(), ""])
