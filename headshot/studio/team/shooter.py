"""One person of a team: matched, made, judged, let through the gate. The same in one process and on many machines."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from headshot import __version__
from headshot.authenticity.thresholds import measures_of_lock
from headshot.canvas.compose import keeps_background
from headshot.canvas.light import WARMEST, matching_exposure, warmth
from headshot.canvas.light_cast import agreed_cast, red_over_blue
from headshot.canvas.stage import Stage
from headshot.direction.engine_table import OWN_PIXELS
from headshot.errors import EngineUnavailable, UserError, WeightsMissing
from headshot.files.encode import headshot_file
from headshot.files.opened_photo import bytes_of
from headshot.files.team_index import TeamRow, TeamState
from headshot.imaging.colour import to_linear
from headshot.language import speaking, tr
from headshot.studio.people import Person
from headshot.studio.result_report import report_on
from headshot.studio.session import PREVIEW_HEIGHT, Sitting, headshot
from headshot.studio.team.figures import figures_of_photo, figures_of_picture
from headshot.types import AuthenticityReport, Check, Direction, State

# How far a framing may lie from the look's before a person stands out among the others, seen on walls of 24.
_EYE_LINE = 0.025  # of the picture's height
_HEAD_HEIGHT = 0.08  # of the head's own height
_SINGLE = ("people",)  # what a photo's check says of others in it is no fault once the right face was found


@dataclass(frozen=True, eq=False)
class Shot:
    """What became of one person: their `row`, and the files `picture` (JPEG) and `report` (JSON), b"" where there is
    none.
    """

    row: TeamRow
    picture: bytes = b""
    report: bytes = b""


class Shooter:
    """Makes one person after the other in one look.

    `direction`: the look; `engine`: who makes the pictures; `language`: of the reasons; `sign`: with content
    credentials, which carry random numbers, so that no file is equal to another one. Raises UserError where the look
    keeps each one's own background.
    """

    def __init__(
        self, direction: Direction, engine: str = OWN_PIXELS, *, language: str = "en", sign: bool = False
    ) -> None:
        if keeps_background(direction):
            raise UserError(
                "This look keeps each photo's own background, so the pictures cannot match.",
                "Choose one with a backdrop, such as linkedin.",
            )
        self._direction, self._engine, self._language, self._sign = direction, engine, language, sign
        asked = [__version__, direction.settings(), engine, language, sign]
        self.asked = _sha256(json.dumps(asked, sort_keys=True).encode())

    def __call__(self, item: Mapping[str, Any]) -> dict[str, Any]:
        """Shoot somebody as Ray has it: a table's row in (name, file, photo), a table's row out."""
        photo = item["photo"]
        shot = self.shoot(Person(item["name"], item["file"], Path(photo) if isinstance(photo, str) else photo))
        return {"row": shot.row.line(), "picture": shot.picture, "report": shot.report}

    def shoot(self, person: Person) -> Shot:
        """Make their picture and its report. What is wrong with their photo becomes their row's state."""
        with speaking(self._language):
            data = b""
            try:
                data = bytes_of(person.photo)
                return self._made(self._row(person, data), data)
            except (WeightsMissing, EngineUnavailable):  # no fault of this photo's
                raise
            except UserError as fault:
                return Shot(replace(self._row(person, data), reasons=(str(fault),)))

    def _row(self, person: Person, data: bytes) -> TeamRow:
        return TeamRow(person.name, person.file, _sha256(data) if data else "", self.asked, "another")

    def _made(self, row: TeamRow, data: bytes) -> Shot:
        sitting = Sitting.open(data)
        try:
            small = sitting.stage(self._direction, PREVIEW_HEIGHT)
            before = figures_of_photo(sitting.photo, sitting.subject, small)
            for direction in matched(self._direction, small):
                result = headshot(sitting, direction, engine=self._engine)
                report = report_on(sitting, result)
                if _unchanged(report):
                    break
            gains = warmth(direction.light.warmth) * small.correction[0]
            after = figures_of_picture(result.canvas, result.picture, before, gains)
            notes = tuple(n for n in result.notes if n not in result.canvas.framing.notes)  # measured: off_frame
            state, reasons = gate(sitting.subject.checks, report, notes, off_frame(direction, after))
            picture = headshot_file(result, sign=self._sign)
            text = json.dumps(report.to_json(), ensure_ascii=False, indent=2).encode()
            row = replace(
                row,
                state=state,
                reasons=reasons,
                picture=_sha256(picture),
                report=_sha256(text),
                before=before,
                after=after,
            )
            return Shot(row, picture, text)
        finally:
            sitting.close()


def matched(direction: Direction, stage: Stage) -> tuple[Direction, ...]:
    """The look in the light that sets this person beside the others, and then with less and less of it.

    As much warmer or cooler as takes away the cast that all witnesses of the light agree on, within what `warmth` can,
    and the exposure that brings the highlights of each to the same place; then without the former, then without both,
    for whom a report would not find as they are otherwise. The skin's tone has no say.
    """
    wanted = matching_exposure(to_linear(stage.original[::4, ::4].copy()), stage.matte[::4, ::4])
    left = agreed_cast(stage) + red_over_blue(stage.correction[0])  # what balance itself turns counts
    cooler = min(max(direction.light.warmth - left / WARMEST, -1.0), 1.0)
    more = round(wanted - stage.correction[1], 4)  # what balance itself adds counts
    gentle = replace(direction.light, balance=1.0)
    brighter = replace(gentle, exposure=gentle.exposure + more)
    lights = dict.fromkeys((replace(brighter, warmth=round(cooler, 4)), brighter, gentle))
    return tuple(replace(direction, light=light) for light in lights)


def _unchanged(report: AuthenticityReport) -> bool:
    """Whether the person is the same to the face recognisers, and their skin's colour is."""
    skin = measures_of_lock("skin colour")
    asked = (f for f in report.deciding_findings if f.id.startswith("likeness") or f.id in skin)
    return all(f.state == State.GREEN for f in asked)


def off_frame(direction: Direction, after: Mapping[str, float]) -> str:
    """Say how the framing differs from the look's, "" where nobody sees it."""
    crop = direction.crop
    eye, head = after["eye_line"], after["head_height"]
    if abs(eye - crop.eye_line) <= _EYE_LINE and abs(head / crop.head_height - 1) <= _HEAD_HEIGHT:
        return ""
    return tr(
        "Framed unlike the others, because the photo ends there: head height {head:.0%} instead of {asked:.0%}.",
        head=head,
        asked=crop.head_height,
    )


def gate(
    checks: tuple[Check, ...], report: AuthenticityReport, notes: tuple[str, ...], framed: str
) -> tuple[TeamState, tuple[str, ...]]:
    """The state of a picture, and each reason that speaks against "ready", the gravest first."""
    red = [f"{c.sentence} {c.remedy}".strip() for c in checks if c.state == State.RED]
    changed = [f.sentence for f in report.deciding_findings if f.state == State.RED]
    refused = (*red, *([framed] if framed else []), *changed)
    amber = [f"{c.sentence} {c.remedy}".strip() for c in checks if c.state == State.AMBER and c.id not in _SINGLE]
    look = [f.sentence for f in report.deciding_findings if f.state == State.AMBER]
    reasons = tuple(dict.fromkeys((*refused, *look, *amber, *notes)))
    if refused:
        return "another", reasons
    return ("look" if look or amber or notes else "ready"), reasons


def _sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()
