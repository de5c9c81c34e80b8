"""Findings on the picture as a whole: what light and grading did to it, and where else the person changed."""

from __future__ import annotations

from dataclasses import replace

from headshot.authenticity import colour_sentences as sentences
from headshot.authenticity.findings import Findings
from headshot.authenticity.measures import tone
from headshot.authenticity.measures.unmeasurable import Unmeasurable
from headshot.authenticity.pair import Pair
from headshot.authenticity.thresholds import measures
from headshot.types import State


def add_changes(report: Findings, pair: Pair) -> None:
    """Add the light as a note, and the map of changes with the places that it could look at. Same photo only."""
    did: list[tuple[float, float, float]] = []

    def light() -> float:
        pair.needs_same_photo()
        curve = pair.skin_grading
        if curve is None:
            raise Unmeasurable("too little of the face's skin can be seen.")
        did[:] = [tone.change(curve)]
        return did[0][0]

    if pair.same:
        report.note(
            "light",
            light,
            lambda v: sentences.light(*did[0]),
            "A rising curve for each channel, fitted over the registered skin, and what it does to greys. Where a "
            "colour strikes, the photo is graded so first, by a curve fitted without what is asked about.",
        )

    shares: dict[str, float] = {}

    def changed() -> float:
        shares.update(pair.changes.shares)
        if any("hair" in measures()[f.id].locks and f.state >= State.AMBER for f in report.found):
            shares.pop("hair", None)  # said already, and by its own measure
        if not shares:
            raise Unmeasurable("too little beside your face is seen in both pictures.")
        return max(shares.values())

    def words(_: float, state: State) -> str:
        limit = report.threshold("changed_here")
        struck = [place for place, share in shares.items() if limit is not None and limit.state(share) > State.GREEN]
        return sentences.changed_here(struck or list(shares), state)

    found = report.add(
        "changed_here",
        changed,
        words,
        "Share of ears, neck, shoulders and clothes, or hair whose L*, a* or b* lies outside what either picture has "
        "within 6% of the eye distance, after light and grading are taken out; of these places the largest.",
    )
    if found.value is not None:
        report.found[-1] = replace(found, places=tuple(shares))
