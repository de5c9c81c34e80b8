"""A team from a request: who is made anew, who is here already, and how alike they are."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress

from headshot.direction.direct import direct
from headshot.errors import UserError
from headshot.files.opened_photo import bytes_of
from headshot.files.team_index import TeamRow
from headshot.language import current
from headshot.studio.people import Person
from headshot.studio.requests import TeamRequest
from headshot.studio.team.shooter import Shooter, Shot
from headshot.studio.team.workers import shots

Kept = Callable[[TeamRow], bool]  # whether the files of a row are where they were written, as they were


class TeamJob:
    """`work` yields each person's Shot; `rows` holds those who are done, by their file's name."""

    def __init__(self, request: TeamRequest) -> None:
        """Make the direction. Raises UserError, also for a look that cannot match people."""
        self.request = request
        self.direction = request.direction or direct(
            request.preset, engine=request.engine, words=request.words, overrides=request.settings
        )
        shooter = Shooter(self.direction, request.engine, language=current(), sign=request.sign)
        self.asked = shooter.asked
        self.rows: dict[str, TeamRow] = {}

    def resume(self, found: Mapping[str, TeamRow], kept: Kept) -> None:
        """Take over from an earlier run who was made in the same look of the same photo, and whose files are `kept`."""
        for person in self.request.people:
            row = found.get(person.file)
            if row is None or row.asked != self.asked or row.name != person.name:
                continue
            if row.photo and row.photo == _sha256_of(person) and kept(row):
                self.rows[person.file] = row

    @property
    def left(self) -> list[Person]:
        """Who is not done yet, in the team's order."""
        return [p for p in self.request.people if p.file not in self.rows]

    def work(self) -> Iterator[Shot]:
        """Make those who are left; one who was yielded is among `rows` when the next one is asked for."""
        asked = self.request
        for shot in shots(self.left, self.direction, asked.engine, workers=asked.workers, sign=asked.sign):
            yield shot
            self.rows[shot.row.file] = shot.row

    def in_order(self) -> list[TeamRow]:
        """The rows of all who are done, in the team's order."""
        return [self.rows[p.file] for p in self.request.people if p.file in self.rows]


def _sha256_of(person: Person) -> str:
    """Of the photo's file, "" where it cannot be read."""
    with suppress(UserError):
        return hashlib.sha256(bytes_of(person.photo)).hexdigest()
    return ""
