"""Compare engines, and pictures from elsewhere: the same directions of the same photos, each judged alike."""

from __future__ import annotations

import time
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from headshot.direction.direct import direct
from headshot.direction.engine_table import ENGINES
from headshot.engines import get_engine
from headshot.errors import UserError
from headshot.files.bench_page import Trial
from headshot.files.encode import headshot_file
from headshot.imaging.resize import scaled_to_height
from headshot.photo.decode import PHOTO_ENDINGS
from headshot.studio.judgement import judge_pair
from headshot.studio.make_job import MakeJob
from headshot.studio.requests import JudgeRequest, MakeRequest, read
from headshot.text import asset
from headshot.types import U8, AuthenticityReport

MOST_PHOTOS = 500
_THUMBNAIL = 240  # px high: hundreds of them go into one page


@dataclass(frozen=True)
class BenchDirection:
    """A look with settings over it, under a `name` for people."""

    name: str
    preset: str
    settings: Mapping[str, Any] = field(default_factory=dict)


def bench_directions(text: str = "") -> tuple[BenchDirection, ...]:
    """Parse directions from TOML (bench_directions.toml shows how), the usual twelve by default. Raises UserError."""
    try:
        rows = tomllib.loads(text or asset(__file__, "bench_directions.toml"))["direction"]
        directions = tuple(BenchDirection(**row) for row in rows)
    except (tomllib.TOMLDecodeError, KeyError, TypeError) as fault:
        raise UserError(
            f"The directions cannot be read: {str(fault).splitlines()[0]}.",
            'Write each as [[direction]] with name = "…", preset = "…" and settings = { … }.',
        ) from None
    for one in directions:
        direct(one.preset, overrides=dict(one.settings))  # a slip is told before hours of work
    return directions


@dataclass(frozen=True)
class BenchFolder:
    """The photos of a folder, each one person, and the pictures of them that were made elsewhere.

    A folder inside it is a column: its pictures belong to the photo whose name theirs begins with.
    """

    photos: tuple[Path, ...]
    elsewhere: Mapping[str, tuple[Path, ...]]

    @classmethod
    def of(cls, folder: Path) -> BenchFolder:
        """List them by name. Raises UserError where the folder holds no photo, or more than MOST_PHOTOS."""
        if not folder.is_dir():
            raise UserError(f"{folder} is not a folder.", "Give a folder with one photo of each person.")
        photos = _pictures(folder)
        if not photos:
            raise UserError(f"{folder} holds no photo.", f"Put photos in it: {', '.join(PHOTO_ENDINGS)}.")
        if len(photos) > MOST_PHOTOS:
            raise UserError(f"{folder} holds {len(photos)} photos.", f"Up to {MOST_PHOTOS} can be compared at once.")
        inside = sorted(p for p in folder.iterdir() if p.is_dir() and not p.name.startswith("."))
        return cls(photos, {p.name: found for p in inside if (found := _pictures(p))})

    def of_photo(self, photo: Path, column: str) -> list[Path]:
        """List the pictures of `photo` in a column: not those of a photo with a longer name that begins alike."""
        mine = []
        for path in self.elsewhere[column]:
            owners = [p for p in self.photos if path.stem.startswith(p.stem)]
            if owners and max(owners, key=lambda p: len(p.stem)) == photo:
                mine.append(path)
        return mine


def ready_engines(names: Sequence[str] = ()) -> list[str]:
    """List the engines of `names` (by default all) whose weights are here. Raises UserError for one asked for that
    is not ready."""
    ready = []
    for name in names or ENGINES:
        status = get_engine(name).status()
        if status.available:
            ready.append(name)
        elif names:
            raise UserError(status.reason, status.hint)
    return ready


def run_bench(
    folder: BenchFolder, directions: Sequence[BenchDirection], engines: Sequence[str]
) -> Iterator[tuple[Trial, bytes | None]]:
    """Yield each trial with its picture as a marked file, or None. One engine after the other: they share memory."""
    for engine in engines:
        for photo in folder.photos:
            for direction in directions:
                yield _painted(photo, direction, engine)
    for column in folder.elsewhere:
        for photo in folder.photos:
            for path in folder.of_photo(photo, column):
                yield _from_elsewhere(photo, path, column), None


def _painted(photo: Path, direction: BenchDirection, engine: str) -> tuple[Trial, bytes | None]:
    began = time.perf_counter()
    asked = MakeRequest(photo=photo, preset=direction.preset, engine=engine, settings=direction.settings)
    try:
        with MakeJob(asked) as job:
            job.run()
            made, report = job.results[0], job.reports[0]
            trial = _trial(photo, direction.name, engine, report, made.picture, made.seconds)
            return trial, headshot_file(made)
    except UserError as fault:
        refused = Trial(photo.stem, direction.name, engine, seconds=time.perf_counter() - began, fault=fault.message)
        return refused, None


def _from_elsewhere(photo: Path, path: Path, column: str) -> Trial:
    try:
        judged = judge_pair(JudgeRequest(original=photo, other=path))
        return _trial(photo, path.stem, column, judged.report, read(path).pixels, None)
    except UserError as fault:
        return Trial(photo.stem, path.stem, column, fault=fault.message)


def _trial(
    photo: Path, direction: str, column: str, report: AuthenticityReport, picture: U8, seconds: float | None
) -> Trial:
    figures = {f.id: f.value for f in report.findings if f.value is not None}
    measured = sum(f.value is not None for f in report.deciding_findings)
    return Trial(
        photo.stem,
        direction,
        column,
        state=report.verdict,
        figures=figures,
        measured=(measured, len(report.deciding_findings)),
        seconds=seconds,
        thumbnail=scaled_to_height(picture, _THUMBNAIL),
    )


def _pictures(folder: Path) -> tuple[Path, ...]:
    return tuple(sorted(p for p in folder.iterdir() if p.is_file() and p.suffix.lower() in PHOTO_ENDINGS))
