"""A visitor's candidates of one direction: a few seeds, in order once all are there."""

from __future__ import annotations

from typing import Any

from headshot.authenticity.ranking import Ranked
from headshot.language import tr
from headshot.studio import BestJob
from headshot.types import State
from headshot.ui.components.film_strip.film_strip import LARGE, film_item, film_value, thumbnail


class BestSession(BestJob):
    """One visitor's candidates, in order once all are there."""

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


def _verdict(ranked: Ranked) -> tuple[State, str]:
    if ranked.value is None:
        return State.GREY, tr("no face found")
    if ranked.off > 0:
        return State.RED, f"{ranked.figure} · {tr('somebody else')}"
    return (State.AMBER, f"{ranked.figure} · {tr('partly a copy')}") if ranked.copied else (State.GREEN, ranked.figure)
