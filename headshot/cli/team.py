"""`headshot team FOLDER`: many people in one look, resumed where it ended; who needs another photo, and the wall."""

from __future__ import annotations

import argparse
import hashlib
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from headshot.cli.options import overrides
from headshot.cli.results import write_file
from headshot.direction.engine_table import ENGINES, OWN_PIXELS
from headshot.errors import UserError
from headshot.language import tr, tr_count

if TYPE_CHECKING:
    from headshot.files.team_index import TeamRow
    from headshot.studio.team.job import TeamJob
    from headshot.studio.team.shooter import Shot

_INDEX = "team.jsonl"
_ANOTHER = "another-photo"  # the folder of those pictures that do not go with the others
_MOST_INDEX = 200 * 2**20  # bytes


def add_team(commands: Any) -> None:
    """Add the command to the parser's `commands`."""
    about = "many people in one look, from a folder of photos or a CSV file (name, photo)"
    team = commands.add_parser("team", help=about, description=f"{about.capitalize()}. Started again, it goes on.")
    add = team.add_argument
    add("people", type=Path, metavar="FOLDER|FILE.csv")
    add("--preset", default="linkedin", metavar="NAME", help="the look: see headshot presets")
    add("--look", type=Path, metavar="FILE", help="a look's file (TOML), in place of --preset")
    add("--engine", default=OWN_PIXELS, metavar="NAME", help=f"one of {', '.join(ENGINES)}; %(default)s is usual")
    add("--set", action="append", default=[], metavar="KEY=VALUE", help="such as crop.head_height=0.58, for all")
    add("--words", default="", help="your own words for the look")
    add("--out", type=Path, default=Path("headshot-team"), metavar="DIR", help="%(default)s is usual")
    add("--force", action="store_true", help="make everybody anew")
    add("--workers", default="local", metavar="local|N|ray://…", help="more than one needs Ray: headshot[cluster]")
    add("--sign", action="store_true", help="with content credentials; no two runs then give the same bytes")
    team.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Write NAME.jpg and NAME.json for each, team.jsonl, wall.jpg and wall.html. Raises UserError."""
    from headshot.files.team_index import read_rows
    from headshot.studio import TeamJob, TeamRequest
    from headshot.studio.people import read_team

    request = TeamRequest(
        people=read_team(arguments.people),
        preset=arguments.preset,
        engine=arguments.engine,
        settings=overrides(arguments.set),
        words=arguments.words,
        direction=_look(arguments),
        workers=arguments.workers,
        sign=arguments.sign,
    )
    job, folder = TeamJob(request), _Folder(arguments.out, [p.photo for p in request.people])
    if not arguments.force:
        job.resume(read_rows(folder.index()), folder.holds)
    folder.begin(job.in_order())
    if job.rows:
        print(tr_count("One is done already.", "{count} are done already.", len(job.rows)), file=sys.stderr)
    stopped = False
    try:
        for shot in job.work():
            folder.add(shot)
            done = tr("{done} of {all}", done=len(job.rows) + 1, all=len(request.people))
            print(f"{done}: {shot.row.name}: {_said(shot.row)}", file=sys.stderr)
    except KeyboardInterrupt:
        stopped = True
        print(tr("Stopped. What is done is kept."), file=sys.stderr)
    _tell(job, folder.finish(job.in_order()))
    return 130 if stopped else 0


class _Folder:
    """The folder for a team's files. Each is written whole or not at all, and a person's line in the index last."""

    def __init__(self, folder: Path, photos: list[Path | bytes]) -> None:
        """Raises UserError where it cannot be made, or holds the photos or anything but a team's files."""
        self._folder = folder
        homes = {photo.resolve().parent for photo in photos if isinstance(photo, Path)}
        if {folder.resolve(), (folder / _ANOTHER).resolve()} & homes:
            raise UserError(tr("{folder} holds the photos.", folder=folder), "Choose another with --out.")
        try:
            folder.mkdir(parents=True, exist_ok=True)
            for part in (*folder.glob(".*.part"), *(folder / _ANOTHER).glob(".*.part")):  # of a run that was killed
                part.unlink()
            strange = any(folder.iterdir()) and not (folder / _INDEX).is_file()
        except OSError as fault:
            raise _unwritten(folder, fault) from None
        if strange:
            raise UserError(tr("{folder} holds other files.", folder=folder), "Choose an empty folder with --out.")

    def index(self) -> str:
        """The index of an earlier run, "" without one. Raises UserError."""
        path = self._folder / _INDEX
        try:
            if path.is_file() and path.stat().st_size <= _MOST_INDEX:
                return path.read_text("utf-8", "replace")
        except OSError as fault:
            raise _unwritten(path, fault) from None
        return ""

    def holds(self, row: TeamRow) -> bool:
        """Whether a row's files are here with the same bytes."""
        return all(not expected or _sha256(path) == expected for path, expected in self._files(row))

    def begin(self, rows: list[TeamRow]) -> None:
        """Write the index with those who are done."""
        write_file(self._folder / _INDEX, "".join(row.line() for row in rows).encode(), force=True)

    def add(self, shot: Shot) -> None:
        """Write one person's files, then their line. Raises UserError."""
        for (path, expected), data in zip(self._files(shot.row), (shot.picture, shot.report), strict=True):
            if expected:
                write_file(path, data, force=True)
        try:
            with (self._folder / _INDEX).open("a", encoding="utf-8") as index:
                index.write(shot.row.line())
        except OSError as fault:
            raise _unwritten(self._folder / _INDEX, fault) from None

    def finish(self, rows: list[TeamRow]) -> list[Path]:
        """Write the index in the team's order, and the walls. Returns the walls' pages."""
        from headshot.files.team_wall import MOST_TILES, tile, wall_page, wall_picture

        self.begin(rows)
        pages = []
        for number, start in enumerate(range(0, len(rows), MOST_TILES), 1):
            tiles = [tile(row, self._picture(row)) for row in rows[start : start + MOST_TILES]]
            name = "wall" if number == 1 else f"wall-{number}"
            write_file(self._folder / f"{name}.jpg", wall_picture(tiles), force=True)
            pages.append(
                write_file(self._folder / f"{name}.html", wall_page(tiles, rows).encode(), force=True),
            )
        return pages

    def _picture(self, row: TeamRow) -> bytes:
        return self._files(row)[0][0].read_bytes() if row.picture else b""

    def _files(self, row: TeamRow) -> tuple[tuple[Path, str], tuple[Path, str]]:
        """The paths of picture and report, with the SHA-256 that the row says."""
        home = self._folder / _ANOTHER if row.state == "another" else self._folder
        return (home / f"{row.file}.jpg", row.picture), (home / f"{row.file}.json", row.report)


def _look(arguments: argparse.Namespace) -> Any:
    """The direction of --look with --set and --words over it, None without one. Raises UserError."""
    from headshot.direction import look_file
    from headshot.direction.diff import with_changes

    if arguments.look is None:
        return None
    try:
        with arguments.look.open("rb") as file:
            data = file.read(look_file.MAX_BYTES + 1)
    except OSError as fault:
        raise UserError(
            tr("{path} cannot be read: {reason}.", path=arguments.look, reason=fault.strerror), "Give a look's file."
        ) from None
    changes: dict[str, Any] = overrides(arguments.set)
    if arguments.words:
        changes["words"] = arguments.words
    return with_changes(look_file.load(data, engine=arguments.engine).direction, changes, arguments.engine)


def _tell(job: TeamJob, pages: list[Path]) -> None:
    from headshot.files.team_index import counted, spreads

    rows = job.in_order()
    if not rows:
        return
    for row in rows:
        if row.state == "another":
            print(f"{row.name}: {' '.join(row.reasons)}")
    words = "{people} people: {ready} ready, {look} to look at, {another} need another photo."
    print(tr(words, people=len(rows), **counted(rows)))
    for one in spreads(rows):
        print(f"{tr(one.title)}: {one.before:.2f} → {one.after:.2f} {tr(one.unit)}")
    print(*pages, sep="\n")


def _said(row: TeamRow) -> str:
    words = {"ready": tr("ready"), "look": tr("have a look"), "another": tr("needs another photo")}
    return f"{words[row.state]}. {row.reasons[0]}" if row.reasons else words[row.state]


def _sha256(path: Path) -> str:
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError:
        return ""


def _unwritten(path: Path, fault: OSError) -> UserError:
    return UserError(
        tr("{path} cannot be written: {strerror}.", path=path, strerror=fault.strerror), "Choose another with --out."
    )
