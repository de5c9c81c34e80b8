"""The named endpoints for programs: a headshot, a contact sheet, and settings read from words or a pose; the others are
in `api_choosing` and `api_sharing`.

Photos come and pictures go as base64 inside one message: nothing is written on the server. See docs/api.md.
"""

from __future__ import annotations

from headshot.direction.direct import direct
from headshot.direction.engine_table import OWN_PIXELS
from headshot.direction.interpret import interpret
from headshot.direction.notes import notes_on, notes_on_words
from headshot.files.encode import headshot_file
from headshot.photo.decode import open_photo
from headshot.studio.pose_reference import read_pose
from headshot.studio.session import PREVIEW_HEIGHT, Sitting, judge
from headshot.studio.session import headshot as make
from headshot.studio.sheet import files as sheet_file
from headshot.studio.sheet.axis import Axis
from headshot.studio.sheet.sheet import cells, plan
from headshot.ui.api import choose as api_choosing
from headshot.ui.api import share as api_sharing
from headshot.ui.api.transport import photo_bytes, publish, text, told
from headshot.ui.api.types import ContactSheet, Picture, Pose, Settings, Suggestions


def endpoints(*, ask_consent: bool) -> None:
    """Add /headshot, /contact_sheet, /suggestions, /pose_of and the others to the open gr.Blocks.

    `ask_consent`: the app is served to others, so a request must say that the photo may be used.
    """

    def headshot(
        photo: str,
        preset: str = "linkedin",
        settings: Settings = {},
        words: str = "",
        engine: str = OWN_PIXELS,
        consent: bool = False,
    ) -> Picture:
        """Make one headshot of a photo.

        Args:
            photo: the photo file (JPEG, PNG, WebP, HEIC, AVIF; at most 20 MB), base64.
            preset: a look, by its name in /choices.
            settings: what to change of it, by the keys in /choices, such as {"light.warmth": 0.3}.
            words: your own words for the look; only a generator paints from them.
            engine: "retouch" (own pixels) or a generator that is set up on the server.
            consent: this is me, or I may use this photo.

        Returns:
            picture (JPEG, base64, with its recipe inside), report (docs/report.schema.json), notes, seconds.
        """
        with told():
            direction = direct(preset, engine=engine, words=words, overrides=settings)
            sitting = Sitting.open(photo_bytes(photo, consent or not ask_consent))
            try:
                result = make(sitting, direction, engine=engine)
                return {
                    "picture": text(headshot_file(result)),
                    "report": judge(result).to_json(),
                    "notes": [*result.notes, *notes_on(direction, engine)],
                    "seconds": round(result.seconds, 3),
                }
            finally:
                sitting.close()

    def contact_sheet(
        photo: str,
        rows: str,
        columns: str,
        preset: str = "linkedin",
        settings: Settings = {},
        engine: str = OWN_PIXELS,
        consent: bool = False,
        words: str = "",
    ) -> ContactSheet:
        """Make a contact sheet: one photo, two settings, every pair of their values.

        Args:
            photo: the photo file, base64.
            rows: a setting and its values, such as "preset=linkedin,corporate,mono"; "*" for all.
            columns: another one, such as "light.key_side=left,right,none". At most 64 cells in all.
            preset: the look that the cells share, unless it is an axis.
            settings: what to change of it in all cells.
            engine: who paints, unless it is an axis.
            consent: this is me, or I may use this photo.
            words: your own words for the look, in all cells.

        Returns:
            sheet (PNG, base64), csv (one row a cell; likeness is a distance: 0 is the same picture), zip (base64: the
            sheet, the table and all cells), notes (what makes no difference, and why).
        """
        with told():
            base = direct(preset, engine=engine, words=words, overrides=settings)
            sheet = plan(base, Axis.parse(rows), Axis.parse(columns), engine=engine)
            sitting = Sitting.open(photo_bytes(photo, consent or not ask_consent))
            try:
                made = cells(sitting, sheet, height=PREVIEW_HEIGHT)
            finally:
                sitting.close()
            return {
                "sheet": text(sheet_file.sheet_png(sheet, made)),
                "csv": sheet_file.to_csv(sheet, made),
                "zip": text(sheet_file.to_zip(sheet, made)),
                "notes": [*sheet.notes, *notes_on_words(base, sheet.painter)],
            }

    def read_words(words: str, engine: str = OWN_PIXELS) -> Suggestions:
        """What of a direction in plain words the controls can do.

        Args:
            words: such as "like a calm university professor, window light, no tie".
            engine: who would paint.

        Returns:
            suggestions (said, settings, reason why the engine cannot), prompt (the rest), unheard (words and reasons),
            avoid (what a generator is told to leave out).
        """
        with told():
            reading = interpret(words, engine)
            return {
                "suggestions": [
                    {"said": s.said, "settings": dict(s.settings), "reason": s.reason} for s in reading.suggestions
                ],
                "prompt": reading.prompt,
                "unheard": [list(u) for u in reading.unheard],
                "avoid": list(reading.avoid),
            }

    def pose_of(photo: str, consent: bool = False) -> Pose:
        """Read the pose from a photo of anybody, as settings; that face enters no picture.

        Args:
            photo: the photo file, base64.
            consent: this is me, or I may use this photo.

        Returns:
            settings (for /headshot: turn of the head, expression, gaze and framing, as far as they could be told),
            read (sentences on what they come from), untold (sentences on what could not be told).
        """
        with told():
            reading = read_pose(open_photo(photo_bytes(photo, consent or not ask_consent)))
            return {
                "settings": reading.settings,
                "read": [f"{s.about}: {s.sentence}" for s in reading.seen if s.settings],
                "untold": [f"{s.about}: {s.sentence}" for s in reading.seen if not s.settings],
            }

    publish(headshot, one_at_a_time=True)
    publish(contact_sheet, one_at_a_time=True)
    publish(read_words, "suggestions")
    publish(pose_of)
    api_choosing.endpoints(ask_consent=ask_consent)
    api_sharing.endpoints()
