"""Several pictures of the tray at once: side by side on the stage, or the starred ones at full size in a ZIP."""

from __future__ import annotations

import io
import zipfile
from collections import Counter
from collections.abc import Sequence
from typing import Any

import numpy as np

from headshot.errors import NoFace, UserError
from headshot.files.encode import headshot_file
from headshot.files.starred_report import Measured, card_image, starred_page
from headshot.imaging.face_regions import face_regions
from headshot.imaging.one_frame import on_one_frame
from headshot.language import tr
from headshot.studio.history import Step
from headshot.studio.match import Match
from headshot.studio.result_report import landmarks_of, report_on
from headshot.types import AuthenticityReport
from headshot.ui.components.compare.compare import compare_value, eyes_box
from headshot.ui.make.session import MakeSession

MOST = 40  # pictures of one ZIP: each takes about a second at full size
_MANY = UserError(f"More than {MOST} pictures are starred.", "Take some stars back, or download in two parts.")


def together(session: MakeSession, numbers: Sequence[int]) -> dict[str, Any]:
    """The value of `compare` for two to four pictures of the tray. Raises KeyError for one that is not there."""
    known = {s.number: s for s in session.history.strip}
    results = [session.picture_of(known[n]) for n in numbers]
    pictures, eyes = on_one_frame([(r.picture, eyes_box(r.canvas)) for r in results])
    names = [f"{letter} · {known[n].what}" for letter, n in zip("ABCD", numbers, strict=False)]
    note = "Side by side from the tray, eyes on one line."
    first = results[0].canvas
    aside, down = np.subtract(eyes, eyes_box(first))[:2]
    regions = face_regions(first.landmarks + np.array([aside, down, 0], np.float32))
    return compare_value(pictures[0], pictures[1], eyes, note, names=names, more=pictures[2:], regions=regions)


def pair_report(session: MakeSession, first: int, second: int) -> AuthenticityReport:
    """Measure one picture of the tray against another. Raises KeyError, NoFace."""
    known = {s.number: s for s in session.history.strip}
    sides = []
    for number in (first, second):
        result = session.picture_of(known[number])
        marks = landmarks_of(result)
        if marks is None:
            raise NoFace(tr("No face was found in “{what}”.", what=known[number].what), "Choose another picture.")
        sides.append((result.picture, marks))
    return Match(sides[0], sides[1]).report()


def packed(session: MakeSession, steps: Sequence[Step], *, label: bool = False) -> tuple[str, str, bytes]:
    """(file name, MIME type, bytes) of a ZIP of these pictures at full size, named by looks, and of one page on all of
    them with what the report says of each. Raises UserError.

    `label`: see headshot_file.
    """
    if len(steps) > MOST:
        raise _MANY
    file, names, measured = io.BytesIO(), Counter[str](), list[Measured]()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_STORED) as bundle:
        for step in steps:
            look = step.result.direction.preset
            names[look] += 1
            name = f"headshot-{look}{'' if names[look] == 1 else f'-{names[look]}'}.jpg"
            full = session.full_size(step.result)
            bundle.writestr(zipfile.ZipInfo(name), headshot_file(full, label=label))
            known = session.report if step.result is session.last else None  # it stands on the page already
            report = known or report_on(session.sitting, full)
            measured.append(Measured(name, card_image(full.picture), report))
        page = starred_page(session.sitting.photo.pixels, measured)
        bundle.writestr(zipfile.ZipInfo("report.html"), page.encode())
    return "headshots.zip", "application/zip", file.getvalue()
