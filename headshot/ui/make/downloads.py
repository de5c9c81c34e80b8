"""What is downloaded from "Make": the headshot in its formats, beside the original, or the report."""

from __future__ import annotations

import json
from dataclasses import replace

from headshot.authenticity.report import summary
from headshot.canvas.doubt_picture import TITLE, doubt_picture
from headshot.direction.engine_table import is_own
from headshot.errors import UserError
from headshot.files import encode as output
from headshot.files.printable_report import report_page
from headshot.files.side_by_side import side_by_side
from headshot.imaging.landmarks import eyes_middle
from headshot.imaging.resize import resized
from headshot.language import tr
from headshot.studio.session import headshot
from headshot.types import Direction
from headshot.ui.make.session import MakeSession

DOWNLOADS: tuple[tuple[str, str], ...] = (
    ("Full size, JPEG", "full.jpg"),
    ("Full size, PNG", "full.png"),
    ("LinkedIn, 800 × 800", "linkedin.jpg"),
    ("Portrait 4:5, 1080 × 1350", "portrait.jpg"),
    ("Original and headshot side by side", "compare.png"),
    ("Report, printable", "report.html"),
    ("Report, JSON", "report.json"),
)
_SHORT = {"portrait": "4x5", "linkedin": "800"}


def render_file(
    session: MakeSession, direction: Direction, kind: str, *, label: bool = False
) -> tuple[str, str, bytes]:
    """(file name, MIME type, bytes) of a download, at the final size. `label`: see headshot_file."""
    name, _, ending = kind.partition(".")
    if name == "report":
        report, shown = session.report or session.measure(), session.last
        if report is None or shown is None:
            raise UserError("There is no report yet.", "Wait until it stands below the picture.")
        if ending == "html":
            pictures = [(tr("Your photo, framed alike"), shown.canvas.original), (tr("The headshot"), shown.picture)]
            if (doubt := doubt_picture(shown.canvas)) is not None:
                pictures.append((tr(TITLE), doubt))
            page = report_page(
                report,
                summary(report),
                pictures,
                notes=[session.blind_test.sentence] if session.blind_test.sentence else [],
            )
            return "headshot-report.html", "text/html", page.encode()
        text = json.dumps(report.to_json(), ensure_ascii=False, indent=2)
        return "headshot-report.json", "application/json", text.encode()
    wanted = next((f for f in output.FORMATS if f.name == name), None)
    if wanted is not None and wanted.aspect is not None:
        direction = replace(direction, crop=replace(direction.crop, aspect=wanted.aspect))
    result = session.last
    if result is None or is_own(result.engine):
        result = headshot(session.sitting, direction)
    picture = side_by_side(result) if name == "compare" else result.picture
    if wanted is not None and wanted.aspect is not None and not is_own(result.engine):
        # A painted picture is cut as it was seen: painted again at another shape it would be another picture.
        picture = output.crop_to(picture, wanted.aspect, float(eyes_middle(result.canvas.landmarks)[0]))
    if wanted is not None and wanted.size is not None:
        picture = resized(picture, wanted.size)
    # The file carries its look, "headshot-corporate-4x5.jpg": several in one folder can be told apart.
    stem = "-".join(("headshot", result.direction.preset, *((_SHORT.get(name, name),) if name != "full" else ())))
    coded = "png" if ending == "png" else "jpeg"
    return f"{stem}.{ending}", f"image/{coded}", output.headshot_file(result, coded, picture=picture, label=label)
