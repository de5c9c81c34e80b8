"""As far as you stay you, on a photo: the search with its pictures, one after another, so that it can be watched.

With a generator it walks the ladder "How much may we change you?"; own pixels alone walk the strength of their finish.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterable, Iterator
from contextlib import closing
from dataclasses import dataclass, replace
from typing import cast

from headshot.direction.engine_table import is_own, who_paints
from headshot.direction.finish_strength import finish_name, finished
from headshot.direction.notes import notes_on_settings, notes_on_words
from headshot.errors import UserError
from headshot.language import tr
from headshot.studio.bisection import MOST_RENDERS, Search, Seen, rung, walk
from headshot.studio.job import Job, Write
from headshot.studio.quick_report import worst
from headshot.studio.requests import FurthestRequest
from headshot.studio.result_report import report_on
from headshot.studio.session import PREVIEW_HEIGHT, headshot, shoot
from headshot.types import Headshot, Preview, State

ONLY_FINISH = (
    "Without a generator the ladder has two rungs, your own pixels and a new backdrop, and you stay you on both. So "
    "what is searched is how strong the finish may be: main light, skin, eyes, sharpness, contrast and the features "
    "that you moved, from none to the sliders’ ends."
)


@dataclass(frozen=True, eq=False)
class Trial:
    """One picture of the search and what was seen in it; `name` of the place, in words."""

    seen: Seen
    result: Headshot
    name: str


class FurthestSearch(Job[Trial]):
    """`tried` as they come; `best`, `found` and `sentence` say what came of it."""

    renders = MOST_RENDERS

    def __init__(self, request: FurthestRequest) -> None:
        """Raises UserError, also for a floor that is neither green nor amber."""
        if request.floor not in ("green", "amber"):
            raise UserError(tr("The floor is “{floor}”.", floor=str(request.floor)[:20]), "Choose green or amber.")
        super().__init__(request)
        self.floor = State(request.floor)
        self.tried: list[Trial] = []
        self.found: Search | None = None

    @property
    def own(self) -> bool:
        """Whether own pixels alone are searched, by their finish."""
        return is_own(self.engine)

    @property
    def best(self) -> Trial | None:
        """The strongest picture that was good enough so far."""
        found = self.found.best if self.found else None
        return next((t for t in self.tried if found is not None and t.seen is found), None)

    def forget(self) -> None:
        self.tried.clear()

    def own_notes(self) -> Iterable[str]:
        return [*([ONLY_FINISH] if self.own else []), *(note for trial in self.tried for note in trial.result.notes)]

    def ignored(self, write: Write | None) -> Iterable[str]:
        """As of any job, but the place on the ladder is the search's own."""
        direction = self.direction
        return [*notes_on_settings(direction, self.engine), *notes_on_words(direction, self.engine, write)]

    def work(self) -> Iterator[Preview | Trial]:
        """Each picture as it is judged, a generator's previews between. Raises UserError; what was tried stays."""
        places = walk(self.floor, renders=self.renders)
        try:
            place = next(places)
            while True:
                seen: Seen | None = None
                with closing(self._render(place)) as work:
                    for item in work:
                        if self.closed:
                            return
                        if self.stopped:
                            break
                        if isinstance(item, Trial):
                            self.tried.append(item)
                            seen = item.seen
                        yield item
                if seen is not None:
                    place = places.send(seen)
                if seen is None or self.stopped:
                    places.send(None)
        except StopIteration as over:
            self.found = cast(Search, over.value)
        finally:
            if self.found is None:
                self.found = _end(places)

    def sentence(self) -> str:
        """What was found, and what stopped it, for people; "" before the end."""
        if self.found is None:
            return ""
        message = self.found.sentence(finish_name if self.own else rung)
        return (
            tr(
                "Stopped after {count} of at most {renders}. {said}",
                count=len(self.tried),
                renders=self.renders,
                said=message,
            )
            if self.stopped
            else message
        )

    def final(self) -> Headshot | None:
        """The best at its final size: own pixels are searched at preview size."""
        if self.best is None or not is_own(self.best.result.engine):
            return None if self.best is None else self.best.result
        return headshot(self.sitting, self.best.result.direction)

    def _render(self, place: float) -> Generator[Preview | Trial, None, None]:
        if self.own:
            wanted = finished(replace(self.direction, change=min(self.direction.change, 0.25)), place)
            name = finish_name(place)
        else:
            wanted, name = replace(self.direction, change=place), f"{rung(place)}, {place:.0%}"
        wanted = replace(wanted, generate=replace(wanted.generate, candidates=1))
        engine = who_paints(wanted, self.engine)
        height = PREVIEW_HEIGHT if is_own(engine) else None
        with closing(shoot(self.sitting, wanted, engine=engine, height=height)) as work:
            for item in work:
                if isinstance(item, Preview):
                    yield item
                    continue
                report = report_on(self.sitting, item)
                # It is about the person: a doubt about the cut-out, and what it may have cut off, stay the same.
                cut = {"cutout", "changed_here"} if item.canvas.doubts else {"cutout"}
                report = replace(report, deciding=report.deciding - cut)
                decides, likeness = worst(report), report.get("likeness")
                missing = next((f.sentence for f in report.findings if f.state == State.GREY), "")
                reason = decides.sentence if decides else missing if report.verdict == State.GREY else ""
                seen = Seen(place, report.verdict, likeness.value if likeness else None, reason)
                yield Trial(seen, item, name)
                return


def furthest(request: FurthestRequest, progress: Callable[[Preview | Trial], None] | None = None) -> FurthestSearch:
    """Search to the end; `progress` is told of each preview and trial. Raises UserError."""
    return FurthestSearch(request).run(progress)


def _end(places: Generator[float, Seen | None, Search]) -> Search | None:
    """What a search that is broken off has found; None where it has begun nothing."""
    try:
        places.send(None)
    except (StopIteration, TypeError) as over:
        return cast("Search | None", getattr(over, "value", None))
    return None
