"""The cut-out: which network, and what a person clicked."""

from __future__ import annotations

from headshot.direction.matting_table import MATTINGS
from headshot.direction.records.groups import BACKDROP
from headshot.direction.setting import HeededBy, Setting

RECORDS: dict[str, Setting] = {
    "cutout.matting": Setting(
        "Cut out by",
        "matting network",
        kind="choice",
        choices=tuple(MATTINGS),
        heeded_by=HeededBy.PHOTO,
        group=BACKDROP,
    ),
    "cutout.keep": Setting("Yours in the cut-out", "foreground clicks", kind="places", heeded_by=HeededBy.PHOTO),
    "cutout.drop": Setting("Not yours in the cut-out", "background clicks", kind="places", heeded_by=HeededBy.PHOTO),
}
