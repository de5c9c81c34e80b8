"""What one visitor has on "Judge": two photos, further ones, and what was found. In memory alone.

It knows no layout; `judge.tab` wires it.
"""

from __future__ import annotations

import json
import threading
import time
from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Literal

from headshot.authenticity.aligned_pair import AlignedPair, portrait
from headshot.authenticity.blind_test import LineUp
from headshot.authenticity.close_up import CloseUp
from headshot.authenticity.recognition.own_range import MAX_FURTHER, Placed
from headshot.authenticity.steps import FINDING, Step
from headshot.errors import UserError
from headshot.files import opened_photo
from headshot.files.printable_report import judged_page
from headshot.language import tr
from headshot.studio.judgement import reduced
from headshot.studio.match import Match, match_pair, place
from headshot.types import U8, AuthenticityReport, Photo
from headshot.ui.blind_test import BlindTest
from headshot.ui.components.consent import FIRST
from headshot.ui.components.uploads import Upload

Side = Literal["original", "other"]
DOWNLOADS = (("Report, printable", "report.html"), ("Report, JSON", "report.json"))


class JudgeSession:
    """A visitor's photos and the report on them."""

    def __init__(self, *, agreed: bool = True) -> None:
        """`agreed`: whether the photos may be used; without, they are held as they came and nothing is looked for."""
        self.agreed = agreed
        self.original: Photo | None = None
        self.other: Photo | None = None
        self.file: bytes | None = None  # as the other one came, for what it says of itself
        self.further: list[Photo] = []
        self.match: Match | None = None
        self.pair: AlignedPair | None = None
        self.report: AuthenticityReport | None = None
        self.placed: Placed | None = None
        self.measured = 0.0  # time.monotonic() of the report
        self.blind_test = BlindTest()
        # What the card shows: whether the questions were wanted, and of which pair; None: nothing yet.
        self.on_card: tuple[bool, AlignedPair] | None = None
        self.line_up: LineUp | None = None
        self.lock = threading.RLock()
        self.stopped = False
        self._turn = object()  # of what is being found or measured: another one ends it

    @property
    def complete(self) -> bool:
        """Whether both photos are here."""
        return self.original is not None and self.other is not None

    @property
    def holds_photo(self) -> bool:
        """Whether there is any photo of the visitor here."""
        return self.original is not None or self.other is not None or bool(self.further)

    def forget_results(self) -> None:
        """Forget what was found, because a photo changed. Call it with the lock held."""
        self._turn, self.stopped = object(), False
        self.match = self.pair = self.report = self.placed = self.line_up = None
        self.blind_test.renew()
        self.on_card = None

    def forget_further(self) -> None:
        """Forget the further photos; the pair stays."""
        with self.lock:
            self.further = []
            self.forget_results()

    def agree(self, agreed: bool) -> None:
        """The photos may be used, or no longer: then what was found is forgotten."""
        with self.lock:
            if agreed != self.agreed:
                self.agreed = agreed
                self.forget_results()

    def close(self) -> None:
        """Forget everything."""
        with self.lock:
            self.original = self.other = self.file = None
            self.further = []
            self.forget_results()

    def put(self, side: Side, file: Upload | None) -> None:
        """Take a new photo for one side, None where its field was emptied. Raises UserError; the side is empty then."""
        with self.lock:
            setattr(self, side, None)
            if side == "other":
                self.file = None
            self.forget_results()
            if file is not None:
                data = file.read()
                setattr(self, side, opened(data))
                if side == "other":
                    self.file = data

    def put_photo(self, photo: Photo) -> None:
        """Take a photo that was opened already, as the visitor's own."""
        with self.lock:
            self.original = reduced(photo)
            self.forget_results()

    def add_further(self, files: Sequence[Upload]) -> None:
        """Take more photos of the person, as many as there is room for. Raises UserError."""
        fault: UserError | None = None
        photos = []
        for file in files:
            try:
                photos.append(opened(file.read()))
            except UserError as found:
                fault = found
        with self.lock:
            room = MAX_FURTHER - len(self.further)
            self.further += photos[:room]
            self.forget_results()
        if len(photos) > room:
            fault = UserError(
                tr("At most {max_further} further photos are used.", max_further=MAX_FURTHER),
                "The others were left out.",
            )
        if fault is not None:
            raise fault

    def judging(self, *, measured: bool = True) -> Iterator[Step]:
        """Find the person in all photos and align the pair (`match`, `pair`), and measure it (`report`), once for each
        set of photos; without `measured` the pair alone.

        Gives the steps as they begin. Where `stop` was called meanwhile, a photo has changed, or this was begun anew,
        no further step begins and nothing is kept. Raises UserError.
        """
        with self.lock:
            if self.match is not None and (self.report is not None or not measured):
                return
            if not self.agreed:
                raise UserError(FIRST)
            original, other, further = self.original, self.other, list(self.further)
            if original is None or other is None:
                raise UserError("Two pictures are needed.", "Add your photo and the picture to judge.")
            match, file = self.match, self.file
            turn = self._turn = object()
            self.stopped = False
        if match is None:
            yield FINDING
            match = match_pair(original, other, further)
            pair = match.aligned()
            with self.lock:
                if self._turn is not turn:
                    return
                self.match, self.pair = match, pair
        if measured:
            yield from self._measuring(turn, match, file)

    def _measuring(self, turn: object, match: Match, file: bytes | None) -> Iterator[Step]:
        steps = match.reporting(file)
        while self._turn is turn:
            try:
                step = next(steps)
            except StopIteration as over:
                with self.lock:
                    if self._turn is turn:
                        self.report, self.placed = over.value, place(match, over.value)
                        self.measured = time.monotonic()
                return
            if self._turn is turn:
                yield step

    def stop(self) -> None:
        """End what is being found or measured before its next step; `stopped` until it is asked for anew."""
        self._turn, self.stopped = object(), True

    def bring_together(self) -> tuple[Match, AlignedPair]:
        """The person in all photos and the aligned pair, see `judging`. Raises UserError."""
        with self.lock:
            deque(self.judging(measured=False), 0)
            assert self.match is not None and self.pair is not None
            return self.match, self.pair

    def measure(self) -> AuthenticityReport:
        """The report on the matched pair, see `judging`. Raises UserError."""
        with self.lock:
            deque(self.judging(), 0)
            assert self.report is not None
            return self.report

    def close_up(self) -> CloseUp | None:
        """The closer look at the matched pair; None where there is none."""
        match = self.match
        return None if match is None else match.close_up()

    def begin_line_up(self, letter: str | None = None) -> LineUp:
        """Begin the line-up for friends, or count the answer `letter` in it; it is over when a photo changes.

        Raises UserError without two further photos.
        """
        with self.lock:
            match, _ = self.bring_together()
            if len(match.further) < 2:
                raise UserError("A line-up needs at least two further photos of you.", "Add them below.")
            if self.line_up is None:
                self.line_up = LineUp.begin(len(match.further))
            if letter in self.line_up.letters:
                self.line_up = self.line_up.answer(str(letter))
            return self.line_up

    def line_up_pictures(self) -> list[U8]:
        """The line-up's pictures, framed alike, in the order in which they stand now."""
        with self.lock:
            line_up = self.begin_line_up()
            match, _ = self.bring_together()
        faces = [
            portrait(match.pair.picture, match.pair.picture_landmarks),
            *(portrait(*photo) for photo in match.further),
        ]
        return [faces[i] for i in line_up.order]

    def render_file(self, kind: str) -> tuple[str, str, bytes]:
        """(file name, MIME type, bytes) of a download. Raises UserError where there is no report yet."""
        if self.report is None or self.pair is None:
            raise UserError("There is no report yet.", "Add both pictures first.")
        report = self.report
        if self.line_up is not None and self.line_up.answers.n:
            report = replace(report, findings=(*report.findings, self.line_up.answers.finding()))
        if kind == "report.json":
            text = json.dumps(report.to_json(), ensure_ascii=False, indent=2)
            return "judged-report.json", "application/json", text.encode()
        notes = [self.blind_test.sentence] if self.blind_test.sentence else []
        page = judged_page(report, self.pair, self.placed, notes)
        return "judged-report.html", "text/html", page.encode()


def opened(data: bytes) -> Photo:
    """A photo of an upload's bytes, at a size that can be worked with. Raises UserError."""
    return reduced(opened_photo.opened(data))
