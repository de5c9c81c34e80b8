"""A visitor's candidates of one direction: a few seeds, in order once all are there."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import closing
from typing import Any

from headshot.authenticity.ranking import Ranked, Ranking
from headshot.studio.best_of import candidates, order
from headshot.studio.session import Sitting
from headshot.types import Direction, Headshot, Preview, State
from headshot.ui.components.film_strip.film_strip import LARGE, film_item, film_value, thumbnail


class BestSession:
    """One visitor's candidates, in order once all are there."""

    def __init__(self, sitting: Sitting) -> None:
        self.sitting = sitting
        self.results: list[Headshot] = []
        self.ranking: Ranking | None = None
        self.closed = False
        self._stopped = threading.Event()

    def stop(self) -> None:
        """The generator ends before its next step."""
        self._stopped.set()

    def work(self, direction: Direction, count: int, engine: str) -> Iterator[Preview | Headshot]:
        """The previews and pictures; ranked when it ends, also what there is after `stop`. Raises UserError."""
        with closing(candidates(self.sitting, direction, count, engine=engine)) as work:
            for item in work:
                if self._stopped.is_set():
                    break
                if isinstance(item, Headshot):
                    self.results.append(item)
                yield item
        if self.results and not self.closed:
            self.ranking = order(self.sitting, self.results)

    def items(self) -> dict[str, Any]:
        """For the strip: in order where it is known, else as they came."""
        if self.ranking is None:
            return film_value(
                film_item(str(i), f"Seed {r.direction.seed}", thumbnail(r, LARGE)) for i, r in enumerate(self.results)
            )
        tiles = []
        for place, ranked in enumerate(self.ranking.order, 1):
            result = self.results[ranked.index]
            state, words = _verdict(ranked)
            tiles.append(
                film_item(
                    str(ranked.index),
                    f"Seed {result.direction.seed}",
                    thumbnail(result, LARGE),
                    mark=str(place),
                    state=state,
                    words=words,
                    detail=ranked.sentence,
                )
            )
        return film_value(tiles, str(self.ranking.best.index))

    def close(self) -> None:
        """Forget everything, also what is being made now."""
        self.closed = True
        self.stop()
        self.results.clear()
        self.ranking = None


def _verdict(ranked: Ranked) -> tuple[State, str]:
    if ranked.value is None:
        return State.GREY, "no face found"
    if ranked.off > 0:
        return State.RED, f"{ranked.figure} · somebody else"
    return (State.AMBER, f"{ranked.figure} · partly a copy") if ranked.copied else (State.GREEN, ranked.figure)
