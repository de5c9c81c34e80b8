"""What one visitor has on "Make": the photo, the pictures made of it, the report. In memory, gone after minutes
without use. It knows no layout.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import closing
from typing import ClassVar

from headshot.authenticity.close_up import CloseUp, close_up
from headshot.authenticity.pair import Pair
from headshot.direction.direct import direct
from headshot.direction.engine_table import is_own
from headshot.errors import UserError
from headshot.language import tr
from headshot.photo.subject import face_centre
from headshot.studio.bounded_work import bounded
from headshot.studio.feature_bands import Band, feature_bands
from headshot.studio.history import History, Step
from headshot.studio.light_result import light
from headshot.studio.photo_places import in_picture, with_click
from headshot.studio.result_report import landmarks_of, report_on
from headshot.studio.session import PREVIEW_HEIGHT, Sitting, headshot, shoot
from headshot.studio.suggested_spots import left_to_heal
from headshot.types import AuthenticityReport, Direction, Headshot, Preview
from headshot.ui.blind_test import BlindTest
from headshot.ui.components.faces.faces import shown_faces
from headshot.ui.make.draft import is_older
from headshot.ui.make.held_words import HeldWords
from headshot.ui.make.look_previews import LookPreviews
from headshot.ui.session_state import KEEP_SECONDS


class MakeSession:
    """A visitor's photo and pictures. Only the page's own state keeps it alive.

    `last`: the picture that is shown, with its `report`; `candidates`: all of its request; `turn`: the number of the
    newest request, which cancels every older one; `wanted`: what a generator is to paint next, and which one.
    """

    report_seconds: ClassVar[float | None] = None  # what the last report took here, with the wait for its turn

    def __init__(self, sitting: Sitting) -> None:
        self.sitting = sitting
        self.last: Headshot | None = None
        self.report: AuthenticityReport | None = None
        self.measured = 0.0  # time.monotonic() of the report
        self.candidates: list[Headshot] = []
        self.turn = 0
        self.wanted: tuple[Direction, str] | None = None
        self.history = History()
        self.held_words = HeldWords()
        self.blind_test = BlindTest()
        self.previews = LookPreviews()
        self.adjusting = threading.Lock()  # one adjustment of a picture after another
        self._bands: tuple[int, dict[str, Band]] | None = None
        self._lock = threading.Condition()

    @property
    def held_back(self) -> bool:
        """Whether the last picture must not be shown by name yet: it is to be judged by eye first."""
        return self.blind_test.open and self.last is not None

    def begin(self) -> int:
        """Cancel what is still being made; returns the number of the request that begins."""
        with self._lock:
            self.turn += 1
            self._lock.notify_all()
            return self.turn

    def rests(self, turn: int, seconds: float) -> bool:
        """Wait for so long; tell whether `turn` is still the newest request. Returns at once where it is not."""
        with self._lock:
            return not self._lock.wait_for(lambda: self.turn != turn, timeout=seconds)

    @property
    def older(self) -> bool:
        """Whether the picture that is shown was made with other settings than those that are to be painted."""
        return is_older(self.last, self.wanted)

    def hold(self, direction: Direction) -> None:
        """Remember a chosen look's words that no control shows, and cancel pictures that would bring others back."""
        self.begin()
        self.held_words.hold_look(direction)

    def keep(self, result: Headshot, *, more: bool = False, drag: bool = False, back: bool = False) -> None:
        """Remember the picture that is shown; with `more` beside the candidates of the same request.

        `drag`: it comes from a control that moves, see History.add; `back`: it is one of the history's own.
        """
        with self._lock:
            self.held_words.hold(result.direction)
            if back:
                self.wanted = None
            else:
                self.history.add(result, result.engine, drag=drag)
            self.last, self.report = result, None
            self.blind_test.renew()
            self.candidates = [*self.candidates, result] if more else [result]

    def choose(self, number: int) -> Headshot:
        """Show another candidate, at its own place in the history."""
        kept = self.candidates
        step = self.history.step_of(kept[number])
        if step is not None:
            self.history.go(step.number)
        self.keep(kept[number], back=step is not None)
        self.candidates = kept
        return kept[number]

    def picture_of(self, step: Step) -> Headshot:
        """A step's picture at preview size; one that was kept small is made again, equal to the byte."""
        if step.small:
            again = headshot(self.sitting, step.result.direction, height=PREVIEW_HEIGHT)
            step = self.history.renew(step.number, again)
        return step.result

    def choose_face(self, x: float, y: float, shown_width: int) -> MakeSession:
        """Begin again with another face of the photo, by a click at (x, y) on the photo shown `shown_width` px wide.

        Raises UserError.
        """
        scale = self.sitting.photo.width / max(shown_width, 1)
        return MakeSession(self.sitting.choose((x * scale, y * scale)))

    def choose_nth_face(self, number: int) -> MakeSession:
        """Begin again with the face of that number in `shown_faces`. Raises UserError."""
        found = shown_faces(self.sitting)
        if not 0 <= number < len(found):
            raise UserError("There is no such face.", "Choose one of those shown.")
        return MakeSession(self.sitting.choose(face_centre(found[number])))

    def turned(self) -> MakeSession:
        """Begin again with the photo turned clockwise. Raises NoFace."""
        return MakeSession(self.sitting.turned())

    def draw(self, direction: Direction, *, drag: bool = False) -> Headshot:
        """Make the picture of own pixels at preview size and remember it. `drag`: see `keep`. Raises UserError."""
        turn, self.wanted = self.begin(), None
        result = light(headshot(self.sitting, self.held_words.merge(direction), height=PREVIEW_HEIGHT))
        if self.turn == turn:
            self.keep(result, drag=drag)
        return result

    def mend(self, x: float, y: float, key: str) -> Headshot:
        """Add a click at (x, y), shares of the picture that is shown, to the setting `key`, and make it anew.

        Raises UserError where there is no picture of own pixels, for a place outside the photo, and for too many.
        """
        with self.adjusting:  # a second click comes on top of the first
            shown = self.last
            if shown is None or not is_own(shown.engine):
                raise UserError("Only a picture of your own pixels can be mended by clicks.", "Choose a look first.")
            direction = with_click(shown.direction, shown.canvas.framing, self.sitting.photo, (x, y), key)
            self.held_words.hold(direction)
            return self.draw(direction)

    def suggested(self) -> list[tuple[float, float]]:
        """Find spots that may be healed and are not yet, (x, y) as shares of the picture that is shown."""
        shown = self.last
        if shown is None or not is_own(shown.engine):
            return []
        return in_picture(left_to_heal(self.sitting, shown.direction), shown.canvas.framing)

    def paint(self, direction: Direction, engine: str, *, drag: bool = False) -> Iterator[Preview | Headshot]:
        """Yield a generator's previews and pictures, until a newer request cancels them. `drag`: see `keep`."""
        turn = self.begin()
        with closing(shoot(self.sitting, self.held_words.merge(direction), engine=engine)) as work:
            first = True
            for item in work:
                if self.turn != turn:
                    return
                if isinstance(item, Headshot):
                    self.keep(item, more=not first, drag=drag)
                    first = False
                yield item

    def measure(self) -> AuthenticityReport | None:
        """Measure the last picture at full size against the photo; None when a newer picture came meanwhile."""
        result = self.last
        if result is None:
            return None
        report = report_on(self.sitting, self.full_size(result))
        with self._lock:
            if self.last is not result:
                return None
            self.report, self.measured = report, time.monotonic()
        return report

    def full_size(self, result: Headshot) -> Headshot:
        """Make a result as it is saved: own pixels are shown smaller, so that sliders move at once."""
        return headshot(self.sitting, result.direction) if is_own(result.engine) else result

    def bands(self) -> dict[str, Band]:
        """How far each feature of this face may move, by setting; worked out once for the further photos."""
        photos = len(self.sitting.own_faces)
        if self._bands is None or self._bands[0] != photos:
            direction = self.last.direction if self.last is not None else direct()
            stage = self.sitting.stage(direction, PREVIEW_HEIGHT)
            self._bands = (photos, feature_bands(stage, self.sitting.own_faces))
        return self._bands[1]

    def close_up(self) -> CloseUp | None:
        """Compare the last picture with the photo patch by patch, at full size; None without a picture or a face."""
        if self.last is None:
            return None
        result = self.full_size(self.last)
        marks = landmarks_of(result)
        if marks is None:
            return None
        canvas = result.canvas
        upload = canvas.eye_distance / canvas.framing.scale
        return bounded(close_up)(Pair(canvas.original, canvas.original_landmarks, result.picture, marks, upload))

    def rest(self) -> None:
        """Let go of what is soon made again, while nobody moves anything."""
        self.sitting.rest()
        with self._lock:
            slim = {id(one): light(one) for one in (*self.candidates, *filter(None, [self.last]))}
            self.candidates = [slim[id(one)] for one in self.candidates]
            self.last = None if self.last is None else slim[id(self.last)]

    def shrink(self) -> None:
        """Keep earlier pictures small, which are made again when they are asked for: others need the memory."""
        with self._lock:
            self.history.shrink()

    def close(self) -> None:
        """Forget everything, also what is being made now."""
        self.begin()
        self.sitting.close()
        self.last = self.report = self.wanted = None
        self.candidates = []
        self.history.clear()
        self.previews.clear()


def need(session: MakeSession | None) -> MakeSession:
    """The session itself. Raises UserError, which says how to go on, where there is no photo."""
    if session is None:
        minutes = KEEP_SECONDS // 60
        raise UserError(
            "There is no photo here.",
            tr("Add one above; photos are forgotten after {minutes} minutes.", minutes=minutes),
        )
    return session
