"""Who is in a team: the photos of a folder, or a table of names and photos."""

from __future__ import annotations

import csv
import io
import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from headshot.errors import UserError
from headshot.language import tr
from headshot.photo.decode import PHOTO_ENDINGS
from headshot.text import clean

MOST_PEOPLE = 20_000
_MOST_TABLE = 4 * 2**20  # bytes of a table of people
_HEAD = ("name", "photo")
_NO_NAME = re.compile(r'[\\/:*?"<>|\x00-\x1f]+')  # what a file's name cannot hold on some system
_OURS = re.compile(r"(?i)wall(-\d+)?")  # the command line's own files beside theirs
_LONGEST = 80  # characters


@dataclass(frozen=True)
class Person:
    """One of the team. `name` as people read it; `file`: the same for a file's name, unlike all others."""

    name: str
    file: str
    photo: Path | bytes


def team_of(named: Iterable[tuple[str, Path | bytes]]) -> tuple[Person, ...]:
    """Give each a file name of their own. Raises UserError for nobody, and for more than MOST_PEOPLE."""
    people: list[Person] = []
    taken: set[str] = set()
    for given, photo in named:
        name = clean(given)[:_LONGEST] or str(len(people) + 1)
        plain = _NO_NAME.sub("_", unicodedata.normalize("NFC", name)).strip(". ") or str(len(people) + 1)
        plain = f"{plain}_" if _OURS.fullmatch(plain) else plain
        numbered = (plain if n == 1 else f"{plain}-{n}" for n in range(1, MOST_PEOPLE + 2))
        file = next(one for one in numbered if one.casefold() not in taken)
        taken.add(file.casefold())  # some file systems know no capitals
        people.append(Person(name, file, photo))
        if len(people) > MOST_PEOPLE:
            raise UserError(tr("A team may have {most} people.", most=MOST_PEOPLE), "Make it in several parts.")
    if not people:
        raise UserError("There is no photo of anybody.", tr("Take {kinds}.", kinds=", ".join(PHOTO_ENDINGS)))
    return tuple(people)


def read_team(source: Path) -> tuple[Person, ...]:
    """List the people of a folder by file name, or those of a CSV file (name, photo) in its order. Raises UserError.

    A photo's path in the table counts from the table's folder.
    """
    if source.is_dir():
        found = (p for p in source.iterdir() if p.suffix.lower() in PHOTO_ENDINGS and p.is_file())
        return team_of((p.stem, p) for p in sorted(found))
    return team_of((row["name"], source.parent / row["photo"]) for row in _rows(source))


def _rows(source: Path) -> Sequence[dict[str, str]]:
    try:
        with source.open("rb") as file:
            data = file.read(_MOST_TABLE + 1)
        table = csv.DictReader(io.StringIO(data[:_MOST_TABLE].decode("utf-8-sig"), newline=""))
        rows = [{key: row.get(key) or "" for key in _HEAD} for row in table]
    except (OSError, UnicodeDecodeError, csv.Error) as fault:
        reason = fault.strerror if isinstance(fault, OSError) else tr("it is no table")
        raise UserError(
            tr("{path} cannot be read: {reason}.", path=source, reason=reason),
            "Give a folder of photos, or a CSV file with the columns name and photo.",
        ) from None
    if len(data) > _MOST_TABLE:
        raise UserError(tr("{path} is too large.", path=source), "Make it in several parts.")
    if not set(_HEAD) <= set(table.fieldnames or ()) or not all(row["photo"] for row in rows):
        raise UserError(
            tr("{path} does not name a photo for everybody.", path=source),
            "Its first line is name,photo; each further one is a person.",
        )
    return rows
