"""The contact sheet: one photo, two settings, every pair of their values as a picture with its likeness.

`plan` says what will be made and checks it; `render` makes it, the most telling cells first. What the cells
share (photo, subject, matte, frames, embeddings) is worked out once by the Sitting and the QuickReport.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Generator, Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import closing
from contextvars import copy_context
from dataclasses import dataclass, replace
from functools import cached_property

from headshot.canvas.compose import keeps_background
from headshot.direction.applicability import why_ignored
from headshot.direction.diff import with_changes
from headshot.direction.engine_table import OWN_PIXELS, engine_info, who_paints
from headshot.direction.labels import value_of
from headshot.direction.ladder import OWN_TOP
from headshot.direction.notes import notes_on_settings
from headshot.engines import get_engine
from headshot.engines.encode_cache import EncodeCache
from headshot.errors import UserError, WeightsMissing
from headshot.language import tr
from headshot.studio.batch import batches, shoot_many
from headshot.studio.quick_report import QuickReport, worst
from headshot.studio.session import PREVIEW_HEIGHT, Sitting
from headshot.studio.sheet.axis import MOST_CELLS, Axis
from headshot.types import AuthenticityReport, Direction, Finding, Headshot, Preview

_AT_ONCE = 2  # cells of own pixels in work: most of a cell runs outside Python's lock


@dataclass(frozen=True)
class Place:
    """A cell as planned, counted from 0 at the top left."""

    row: int
    column: int
    direction: Direction
    engine: str


@dataclass(frozen=True)
class Sheet:
    """What `plan` made of two axes. `places` row by row; `notes`: what will make no difference, and why."""

    rows: Axis
    columns: Axis
    places: tuple[Place, ...]
    notes: tuple[str, ...] = ()

    @property
    def painter(self) -> str:
        """The first generator that paints a cell; own pixels where none does."""
        return next((p.engine for p in self.places if p.engine != OWN_PIXELS), OWN_PIXELS)

    def order(self) -> Iterator[Place]:
        """Diagonal by diagonal: after as many cells as the longer side has, each value was seen at least once."""
        height, width = len(self.rows.values), len(self.columns.values)
        seen: set[int] = set()
        for shift in range(width):
            for i in range(max(height, width)):
                number = (i % height) * width + (i + shift) % width
                if number not in seen:
                    seen.add(number)
                    yield self.places[number]


@dataclass(frozen=True, eq=False)
class Cell:
    """A finished cell. `result` is None where it could not be made; then `fault` says why."""

    place: Place
    result: Headshot | None
    report: AuthenticityReport | None
    fault: str = ""

    @property
    def likeness(self) -> float | None:
        """The judge's distance: 0 the same picture, over .6 another person (see authenticity.likeness)."""
        found = self.report.get("likeness") if self.report else None
        return found.value if found else None

    @cached_property
    def worst(self) -> Finding | None:
        """What decides the verdict; None where nothing is amber or red."""
        return worst(self.report) if self.report else None


def plan(base: Direction, rows: Axis, columns: Axis, *, engine: str = OWN_PIXELS) -> Sheet:
    """All pairs of the axes' values laid over `base`, whose own changes of its preset stay.

    `engine`: who paints, unless it is an axis (see who_paints). A generator that stands on an axis is there to paint:
    where the ladder is lower, its cells are lifted to where that engine usually stands. Raises UserError for two
    equal axes, more than MOST_CELLS cells, values that do not fit, or an engine that cannot run here.
    """
    if rows.key == columns.key:
        raise UserError(tr("Rows and columns are both “{title}”.", title=rows.title), "Choose two different settings.")
    count = len(rows.values) * len(columns.values)
    if count > MOST_CELLS:
        raise UserError(
            tr("That would be {count} cells.", count=count),
            tr("A sheet has at most {most_cells}.", most_cells=MOST_CELLS),
        )
    places: list[Place] = []
    lifted: float | None = None
    for r, down in enumerate(rows.values):
        for c, across in enumerate(columns.values):
            settings = {rows.key: down, columns.key: across}
            painter = str(settings.get("engine", engine))
            info = engine_info(painter)
            if "engine" in settings and "change" not in settings and not info.own and base.change <= OWN_TOP:
                settings["change"] = lifted = info.change
            wanted = with_changes(base, settings, engine)
            # A cell is one picture, whatever the preset or the base says.
            wanted = replace(wanted, generate=replace(wanted.generate, candidates=1))
            places.append(Place(r, c, wanted, who_paints(wanted, painter)))
    engines = dict.fromkeys(p.engine for p in places)
    for name in engines:
        status = get_engine(name).status()
        if not status.available:
            raise WeightsMissing(status.reason, status.hint)
    notes = dict.fromkeys(_notes(base, engine, places, rows, columns, lifted))
    return Sheet(rows, columns, tuple(places), tuple(notes))


def _notes(
    base: Direction, engine: str, places: Sequence[Place], rows: Axis, columns: Axis, lifted: float | None
) -> Iterator[str]:
    """What will make no difference, and what was done of its own accord."""
    painters = dict.fromkeys(p.engine for p in places)
    keys = (rows.key, columns.key)
    if lifted is not None:
        own, painted = value_of("change", base.change), value_of("change", lifted)
        yield tr(
            "On “{own}” nothing is painted, so the painted cells stand on the rung “{painted}”.",
            own=own,
            painted=painted,
        )
    for axis in (rows, columns):
        key = axis.key
        if key == "change" and not any(p.engine == OWN_PIXELS and p.direction.change > OWN_TOP for p in places):
            continue
        why = [why_ignored(key, p.engine, p.direction.change, p.direction.keep) for p in places]
        for reason in dict.fromkeys(filter(None, why)):
            idle, title = why.count(reason), f"“{axis.title}”"
            told = reason if title in reason else f"{title}: {reason}"
            yield (
                told
                if idle == len(places)
                else tr("In {idle} of {count} cells: {told}", idle=idle, count=len(places), told=told)
            )
    for axis in (rows, columns):
        if axis.key == "engine" and (unused := [v for v in axis.values if v not in (*painters, OWN_PIXELS)]):
            names = ", ".join(value_of("engine", v) for v in unused)
            yield tr("On these rungs nothing is painted, so nothing here is by {names}.", names=names)
    yield from notes_on_settings(replace(base, generate=replace(base.generate, candidates=1)), engine, painters, keys)


def render(
    sitting: Sitting, sheet: Sheet, *, height: int | None = PREVIEW_HEIGHT
) -> Generator[Cell | Preview, None, None]:
    """Each cell as soon as it is done, in `sheet.order()`; a generator's previews between, without pictures of cells.

    Cells of own pixels come first; those that a generator can paint in one batch are made together. `height` of the
    pictures of own pixels in px, None for the final size; a generator's are as high as it fills with detail, since
    painted again at another size they would be other pictures. Closing the generator stops the work, within a step
    where a generator paints. What a cell's own settings make impossible is that cell's `fault`; the others go on.
    """
    quick_report, cache = QuickReport(sitting), EncodeCache()
    groups = together(sheet.order())
    own = [place for group in groups for place in group if place.engine == OWN_PIXELS]
    # Frames for a generator are large, and made anew they cost nothing beside the painting.
    frames = {(place.direction.crop, keeps_background(place.direction)) for place in own}

    def made(group: list[Place], height: int | None) -> Generator[Cell | Preview, None, None]:
        directions, painter = [place.direction for place in group], group[0].engine
        with closing(shoot_many(sitting, directions, engine=painter, height=height, cache=cache)) as work:
            for item in work:
                if isinstance(item, Preview):
                    yield item
                    continue
                place, result = group[item.number], item.result
                if result is None:
                    yield Cell(place, None, None, str(item.fault))
                else:
                    # Only painting needs the foreground.
                    result = replace(result, canvas=replace(result.canvas, foreground=None))
                    yield Cell(place, result, quick_report(result))

    def cell(place: Place) -> Cell:
        (only,) = (item for item in made([place], height) if isinstance(item, Cell))
        return only

    with sitting.room_for(len(frames)):
        with ThreadPoolExecutor(_AT_ONCE) as hands:
            waiting: deque[Future[Cell]] = deque()
            for place in own:
                waiting.append(hands.submit(copy_context().run, cell, place))
                if len(waiting) > _AT_ONCE:
                    yield waiting.popleft().result()
            for done in waiting:
                yield done.result()
        for group in (g for g in groups if g[0].engine != OWN_PIXELS):
            yield from made(group, get_engine(group[0].engine).most_height or height)


def together(places: Iterable[Place]) -> list[list[Place]]:
    """Places in their order, grouped as their engines paint them in one go; those of own pixels, at once, first."""
    order = list(places)
    groups: list[list[Place]] = []
    for engine in dict.fromkeys(p.engine for p in order):
        own = [p for p in order if p.engine == engine]
        groups += [[own[i] for i in group] for group in batches(engine, [p.direction for p in own])]
    return sorted(groups, key=lambda group: (group[0].engine != OWN_PIXELS, order.index(group[0])))


def cells(sitting: Sitting, sheet: Sheet, *, height: int | None = PREVIEW_HEIGHT) -> list[Cell]:
    """All cells of `render`, row by row."""
    made = [item for item in render(sitting, sheet, height=height) if isinstance(item, Cell)]
    return sorted(made, key=lambda c: (c.place.row, c.place.column))
