"""The named endpoints for programs: a headshot, a contact sheet, and settings read from words or a pose; the others are
in `api_choosing` and `api_sharing`.

Photos come and pictures go as base64 inside one message: nothing is written on the server. See docs/api.md.
"""

from __future__ import annotations

from headshot.direction.engine_table import OWN_PIXELS
from headshot.direction.interpret import interpret
from headshot.files.disclosure import sentences
from headshot.files.encode import headshot_file
from headshot.files.opened_photo import opened
from headshot.files.retouched_words import retouched_in
from headshot.files.source_type import source_type
from headshot.studio import MakeRequest, SheetRequest, make
from headshot.studio import contact_sheet as studio_sheet
from headshot.studio.pose_reference import read_pose
from headshot.studio.session import PREVIEW_HEIGHT
from headshot.studio.sheet.files import sheet_png, to_csv, to_zip
from headshot.types import AuthenticityReport, Headshot
from headshot.ui.api import choose as api_choosing
from headshot.ui.api import share as api_sharing
from headshot.ui.api.transport import photo_bytes, publish, remarks, request_fields, text, told
from headshot.ui.api.types import ContactSheet, OtherPicture, Picture, Pose, Settings, Suggestions
from headshot.ui.components.consent import given
from headshot.ui.server.waiting import while_wanted


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
        more: list[str] = [],
        face: str = "",
        pose: str = "",
        label: bool = False,
        suggest_heal: bool = False,
    ) -> Picture:
        """Make one headshot of a photo, or several candidates with the setting "generate.candidates".

        Args:
            photo: the photo file (JPEG, PNG, WebP, HEIC, AVIF; at most 20 MB), base64.
            preset: a look, by its name in /choices.
            settings: what to change of it, by the keys in /choices, such as {"light.warmth": 0.3}.
            words: your own words for the look; only a generator paints from them.
            engine: "retouch" (own pixels) or a generator that is set up on the server.
            consent: this is me, or I may use these photos.
            more: up to 4 further photos of the person, base64 each, for a generator and for the report.
            face: whom of several people; "x,y" in the photo's pixels, or "2" for the second from the left.
            pose: a photo of anybody, base64, whose pose is taken over as far as the engine can.
            label: write what was done into the picture's corner, small.
            suggest_heal: look for spots that might be healed, and answer with them.

        Returns:
            picture (JPEG, base64, with its recipe inside), report (docs/report.schema.json), notes, seconds, checks (of
            the photo), others (picture, report and seconds of each further candidate), disclosure (a sentence to paste
            beside the picture: profile, application, law firm), suggested_heal (where asked for, spots that might be
            healed, never brown moles: a value of the setting retouch.heal; none is healed before you ask).
        """
        with told():
            asked = request_fields(
                given(consent, asked=ask_consent),
                photo=photo,
                more=more,
                face=face,
                pose=pose,
                preset=preset,
                settings=settings,
                words=words,
                engine=engine,
            )
            with make(MakeRequest(**asked), while_wanted()) as job:
                pictures = zip(job.results, job.reports, strict=True)
                first, *others = (_picture(result, report, label) for result, report in pictures)
                said = sentences(source_type(job.results[0]), retouched_in(job.results[0]))
                spots = job.suggested_heal if suggest_heal else ""
                return {**first, "others": others, "disclosure": said, "suggested_heal": spots, **remarks(job)}

    def contact_sheet(
        photo: str,
        rows: str,
        columns: str,
        preset: str = "linkedin",
        settings: Settings = {},
        engine: str = OWN_PIXELS,
        consent: bool = False,
        words: str = "",
        more: list[str] = [],
        face: str = "",
        pose: str = "",
        height: int = PREVIEW_HEIGHT,
    ) -> ContactSheet:
        """Make a contact sheet: one photo, two settings, every pair of their values.

        Args:
            photo: the photo file, base64.
            rows: a setting and its values, such as "preset=linkedin,corporate,mono"; "*" for all.
            columns: another one, such as "light.key_side=left,right,none". At most 64 cells in all.
            preset: the look that the cells share, unless it is an axis.
            settings: what to change of it in all cells.
            engine: who paints, unless it is an axis.
            consent: this is me, or I may use these photos.
            words: your own words for the look, in all cells.
            more: up to 4 further photos of the person, base64 each.
            face: whom of several people, as for /headshot.
            pose: a photo of anybody, base64, whose pose is taken over.
            height: of a cell of own pixels, 240 to 2048 px.

        Returns:
            sheet (PNG, base64), csv (one row a cell; likeness is a distance: 0 is the same picture), zip (base64: the
            sheet, the table and all cells), notes (what makes no difference, and why), checks (of the photo).
        """
        with told():
            asked = request_fields(
                given(consent, asked=ask_consent),
                photo=photo,
                more=more,
                face=face,
                pose=pose,
                preset=preset,
                settings=settings,
                words=words,
                engine=engine,
            )
            request = SheetRequest(**asked, rows=rows, columns=columns, height=height)
            with studio_sheet(request, while_wanted()) as job:
                return {
                    "sheet": text(sheet_png(job.sheet, job.cells)),
                    "csv": to_csv(job.sheet, job.cells),
                    "zip": text(to_zip(job.sheet, job.cells)),
                    **remarks(job),
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
            reading = read_pose(opened(photo_bytes(photo, given(consent, asked=ask_consent))))
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


def _picture(result: Headshot, report: AuthenticityReport, label: bool) -> OtherPicture:
    picture = text(headshot_file(result, label=label))
    return {"picture": picture, "report": report.to_json(), "seconds": round(result.seconds, 3)}
