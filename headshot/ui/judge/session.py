"""What one visitor has on "Judge": two photos, further ones, and what was found. In memory alone.

Plain functions that know no layout; `judge_tab` wires them.
"""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Sequence
from dataclasses import replace
from typing import Literal
from weakref import WeakValueDictionary

import cv2

from headshot.authenticity.aligned_pair import AlignedPair, portrait
from headshot.authenticity.blind_test import BlindPair, LineUp
from headshot.authenticity.close_up import Closer
from headshot.authenticity.recognition.own_range import MAX_FURTHER
from headshot.authenticity.recognition.placed import Placed
from headshot.errors import UserError
from headshot.files.judged_page import judged_page
from headshot.photo.decode import open_photo
from headshot.studio.match import Match, match_pair, place
from headshot.types import U8, AuthenticityReport, Photo
from headshot.ui.components import uploads

Side = Literal["original", "other"]
_LONGEST = 3600  # px: a larger photo is reduced on arrival; its face keeps more pixels than any measure uses
_SMALL = 160  # px of the further photos as the page lists them
DOWNLOADS = (("Report, printable", "report.html"), ("Report, JSON", "report.json"))


class JudgeDesk:
    """A visitor's photos and the report on them."""

    def __init__(self) -> None:
        self.original: Photo | None = None
        self.other: Photo | None = None
        self.file: bytes | None = None  # as the other one came, for what it says of itself
        self.further: list[Photo] = []
        self.match: Match | None = None
        self.pair: AlignedPair | None = None
        self.report: AuthenticityReport | None = None
        self.placed: Placed | None = None
        self.measured = 0.0  # time.monotonic() of the report
        self.blind = BlindPair.draw()
        self.looked = False  # whether the questions before the report were passed
        self.said = ""
        # Whether the card asks by eye first (True) or shows the report, and of which pair; None: not yet.
        self.told: tuple[bool, AlignedPair] | None = None
        self.line_up: LineUp | None = None
        self.lock = threading.RLock()  # a photo that changes waits for the judgement that is under way

    @property
    def complete(self) -> bool:
        """Whether both photos are here."""
        return self.original is not None and self.other is not None

    def forget_results(self) -> None:
        """A photo changed: nothing that was found holds any more. Call it with the lock held."""
        self.match = self.pair = self.report = self.placed = self.line_up = None
        self.blind, self.looked, self.said, self.told = BlindPair.draw(), False, "", None

    def forget_further(self) -> None:
        """Only the pair stays."""
        with self.lock:
            self.further = []
            self.forget_results()

    def close(self) -> None:
        """Forget everything."""
        with self.lock:
            self.original = self.other = self.file = None
            self.further = []
            self.forget_results()


_DESKS: WeakValueDictionary[str, JudgeDesk] = WeakValueDictionary()
_OPENING = threading.Lock()


def desk_of(session: str | None) -> JudgeDesk:
    """The desk of a visitor's session, made at the first call.

    Two photos dropped at once find no desk yet, each in its own thread: both get this one. The page's state alone
    keeps it alive.
    """
    with _OPENING:
        desk = _DESKS.get(session or "")
        if desk is None or session is None:
            desk = JudgeDesk()
            if session is not None:
                _DESKS[session] = desk
        return desk


def close_judge_desk(desk: JudgeDesk | None) -> None:
    """For the session's end."""
    if desk is not None:
        desk.close()


def take(path: str) -> Photo:
    """Open an upload; its file is deleted. Raises UserError."""
    return opened(uploads.take(path))


def opened(data: bytes) -> Photo:
    """A photo of an upload's bytes, at a size that can be worked with. Raises UserError."""
    photo = open_photo(data)
    scale = _LONGEST / max(photo.width, photo.height)
    if scale < 1:
        size = (round(photo.width * scale), round(photo.height * scale))
        photo = replace(photo, pixels=cv2.resize(photo.pixels, size, interpolation=cv2.INTER_AREA))
    return photo


def put(desk: JudgeDesk, side: Side, path: str | None) -> None:
    """A new photo for one side, or None where its field was emptied. Raises UserError; the side is empty then."""
    with desk.lock:
        setattr(desk, side, None)
        if side == "other":
            desk.file = None
        desk.forget_results()
        if path is not None:
            data = uploads.take(path)
            setattr(desk, side, opened(data))
            if side == "other":
                desk.file = data


def add_further(desk: JudgeDesk, paths: Sequence[str]) -> None:
    """More photos of the person. All files are deleted, also those over the limit. Raises UserError."""
    fault: UserError | None = None
    photos = []
    for path in paths:
        try:
            photos.append(take(path))
        except UserError as found:
            fault = found
    with desk.lock:
        room = MAX_FURTHER - len(desk.further)
        desk.further += photos[:room]
        desk.forget_results()
    if len(photos) > room:
        fault = UserError(f"At most {MAX_FURTHER} further photos are used.", "The others were left out.")
    if fault is not None:
        raise fault


def bring_together(desk: JudgeDesk) -> tuple[Match, AlignedPair]:
    """Find the person in all photos and align the pair; once for each set of photos. Raises UserError."""
    with desk.lock:
        if desk.match is not None and desk.pair is not None:
            return desk.match, desk.pair
        original, other = desk.original, desk.other
        if original is None or other is None:
            raise UserError("Two pictures are needed.", "Add your photo and the picture to judge.")
        match = match_pair(original, other, desk.further)
        desk.match, desk.pair = match, match.aligned()
        return desk.match, desk.pair


def measure(desk: JudgeDesk) -> AuthenticityReport:
    """The report on the matched pair; once for each set of photos. Raises UserError."""
    with desk.lock:
        match, _ = bring_together(desk)
        if desk.report is None:
            desk.report = match.report(desk.file)
            desk.placed = place(match, desk.report)
            desk.measured = time.monotonic()
        return desk.report


def closer(desk: JudgeDesk) -> Closer | None:
    """The closer look at the matched pair; None where there is none."""
    match = desk.match
    return None if match is None else match.closer()


def begin_line_up(desk: JudgeDesk) -> LineUp:
    """The line-up for friends, counted as long as the photos stay. Raises UserError without two further photos."""
    with desk.lock:
        match, _ = bring_together(desk)
        if len(match.further) < 2:
            raise UserError("A line-up needs at least two further photos of you.", "Add them under step 3.")
        if desk.line_up is None:
            desk.line_up = LineUp.begin(len(match.further))
        return desk.line_up


def line_up_pictures(desk: JudgeDesk) -> list[U8]:
    """The line-up's pictures, framed alike, in the order in which they stand now."""
    with desk.lock:
        line_up = begin_line_up(desk)
        match, _ = bring_together(desk)
    faces = [portrait(match.pair.picture, match.pair.picture_landmarks), *(portrait(*photo) for photo in match.further)]
    return [faces[i] for i in line_up.order]


def small(photo: Photo) -> U8:
    """A further photo as the page lists it."""
    scale = _SMALL / min(photo.width, photo.height)
    if scale >= 1:
        return photo.pixels
    size = (round(photo.width * scale), round(photo.height * scale))
    return cv2.resize(photo.pixels, size, interpolation=cv2.INTER_AREA)


def render_file(desk: JudgeDesk | None, kind: str) -> tuple[str, str, bytes]:
    """(file name, MIME type, bytes) of a download. Raises UserError where there is no report yet."""
    if desk is None or desk.report is None or desk.pair is None:
        raise UserError("There is no report yet.", "Add both pictures first.")
    report = desk.report
    if desk.line_up is not None and desk.line_up.answers.n:
        report = replace(report, findings=(*report.findings, desk.line_up.answers.finding()))
    if kind == "report.json":
        text = json.dumps(report.to_json(), ensure_ascii=False, indent=2)
        return "judged-report.json", "application/json", text.encode()
    notes = [desk.said] if desk.said else []
    page = judged_page(report, desk.pair, desk.placed, notes)
    return "judged-report.html", "text/html", page.encode()
