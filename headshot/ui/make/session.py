"""One visitor's desk: their sitting and the last picture, in memory, gone after minutes without use.

The page's handlers are here as plain functions and know no layout; `page` wires them.
"""

from __future__ import annotations

import importlib.util
import threading
import time
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

import cv2
import numpy as np

from headshot import files as provenance
from headshot.authenticity.blind_test import BlindPair
from headshot.authenticity.close_up import Closer, look_closer
from headshot.authenticity.pair import Pair
from headshot.direction.direct import CHANGE
from headshot.direction.ladder import OWN_TOP
from headshot.engines import DEFAULT
from headshot.errors import DirectionError, UserError
from headshot.studio.history import History
from headshot.studio.session import PREVIEW_HEIGHT, Sitting, headshot, judge, landmarks_of, shoot
from headshot.types import F32, U8, AuthenticityReport, Canvas, Direction, Headshot, Preview
from headshot.ui.components import uploads
from headshot.ui.make.held_words import HeldWords
from headshot.ui.session import KEEP_SECONDS

_SHOWN = 900  # px: the longer side of the photo as the page shows it
_PLAIN = (255, 255, 255)


class Desk:
    """A visitor's photo and pictures. Lives in the visitor's session state alone."""

    def __init__(self, sitting: Sitting) -> None:
        self.sitting = sitting
        self.last: Headshot | None = None
        self.report: AuthenticityReport | None = None
        self.candidates: list[Headshot] = []
        self.history = History()
        self.held_words = HeldWords()
        self.going = threading.Lock()  # one step on from a picture after another
        self.measured = 0.0  # time.monotonic() of the report
        self.blind = BlindPair.draw()
        self.by_eye = False  # whether the visitor wants to judge by eye first
        self.looked = False  # whether the questions before the report were passed
        self.said = ""
        self.turn = 0
        self.sought: tuple[str, ...] = ()  # looks that are in sight in the gallery
        self.previews: dict[str, str] = {}  # the looks on this person, by tile: data URLs
        self.lock = threading.Lock()

    @property
    def held_back(self) -> bool:
        """Whether the last picture must not be shown by name yet: the questions before the report stand."""
        return self.by_eye and not self.looked and self.last is not None

    def begin(self) -> int:
        """A new request of this visitor: the number by which an older one sees that it is over (newest wins)."""
        with self.lock:
            self.turn += 1
            return self.turn

    def hold(self, direction: Direction) -> None:
        """A look that was chosen, with the words that no control shows. What is still being made of the look before
        is over: it would bring its own words back.
        """
        self.begin()
        self.held_words.hold_look(direction)

    def keep(self, result: Headshot, *, more: bool = False, drag: bool = False, back: bool = False) -> None:
        """Remember the picture that is shown; with `more` beside the candidates of the same request.

        `drag`: it comes from a control that moves, see History.add; `back`: it is one of the history's own.
        """
        with self.lock:
            self.held_words.hold(result.direction)
            if not back:
                self.history.add(result, result.engine, drag=drag)
            self.last, self.report = result, None
            self.blind, self.looked, self.said = BlindPair.draw(), False, ""
            self.candidates = [*self.candidates, result] if more else [result]

    def choose(self, number: int) -> Headshot:
        """Another of the candidates becomes the picture that is shown, at its own place in the history."""
        kept = self.candidates
        step = self.history.step_of(kept[number])
        if step is not None:
            self.history.go(step.number)
        self.keep(kept[number], back=step is not None)
        self.candidates = kept
        return kept[number]

    def close(self) -> None:
        """Forget everything."""
        self.sitting.close()
        self.last = self.report = None
        self.candidates = []
        self.history.clear()
        self.previews = {}


def close_desk(desk: Desk | None) -> None:
    """For the session's end."""
    if desk is not None:
        desk.close()


def need(desk: Desk | None) -> Desk:
    """The desk, or a UserError that says how to go on."""
    if desk is None:
        minutes = KEEP_SECONDS // 60
        raise UserError("There is no photo here.", f"Add one above; photos are forgotten after {minutes} minutes.")
    return desk


@dataclass(frozen=True)
class Restored:
    """What a saved headshot was made with; `engine` may be one that cannot run here, or that this app does not know."""

    direction: Direction
    engine: str


def open_desk(path: str, before: Desk | None = None) -> tuple[Desk, Restored | None]:
    """Open an upload; its file is deleted. Raises UserError.

    A saved headshot of this app also gives what made it; dropped while there is a photo (`before`), it restores its
    settings and the photo stays.
    """
    data = uploads.take(path)
    restored = _restored(data)
    if restored is not None and before is not None:
        return before, restored
    return Desk(Sitting.open(data)), restored


def _restored(data: bytes) -> Restored | None:
    recipe = provenance.read(data).recipe
    if recipe is None:
        return None
    try:
        direction, engine = provenance.restore(recipe), provenance.engine_of(recipe)
    except DirectionError:
        return None  # of another version, or somebody else's: the picture is still a photo
    return Restored(within_reach(direction, engine), engine)


def within_reach(direction: Direction, engine: str) -> Direction:
    """The direction for the page's controls. What own pixels made on a rung above their end is the same picture there,
    and above it a generator would take over.
    """
    own = engine == DEFAULT and direction.change > OWN_TOP
    return replace(direction, change=CHANGE[DEFAULT]) if own else direction


@cache
def example_path() -> Path:
    """scikit-image's astronaut: Eileen Collins, NASA, public domain. Found without importing the package."""
    spec = importlib.util.find_spec("skimage")
    if spec is None or not spec.submodule_search_locations:
        raise UserError("The example photo is not installed.", "Run make setup.")
    folder = Path(next(iter(spec.submodule_search_locations)))
    for place in ("data/astronaut.png", "_skimage2/data/astronaut.png"):
        if (folder / place).is_file():
            return folder / place
    raise UserError("The example photo is not installed.", "Add a photo of your own.")


def open_example() -> Desk:
    """A desk with the example photo."""
    return Desk(Sitting.open(example_path()))


def shown_photo(sitting: Sitting) -> U8:
    """The photo as the page shows it: small, and with the faces framed where there are several."""
    photo = sitting.photo
    scale = min(1.0, _SHOWN / max(photo.width, photo.height))
    size = (round(photo.width * scale), round(photo.height * scale))
    picture = cv2.resize(photo.pixels, size, interpolation=cv2.INTER_AREA)
    faces = [f for f in sitting.subject.faces if f.landmarks is not None]
    if len(faces) < 2:
        return picture
    for face in faces:
        chosen = face is sitting.subject.face
        (x0, y0, x1, y1) = (round(v * scale) for v in face.box)
        m = round(0.12 * (x1 - x0))
        cv2.rectangle(picture, (x0 - m, y0 - m), (x1 + m, y1 + m), (0, 0, 0), 5 if chosen else 3, cv2.LINE_AA)
        colour = (255, 200, 60) if chosen else _PLAIN
        cv2.rectangle(picture, (x0 - m, y0 - m), (x1 + m, y1 + m), colour, 3 if chosen else 1, cv2.LINE_AA)
    return picture


def choose_face(desk: Desk, x: float, y: float, shown_width: int) -> Desk:
    """Another face of the same photo, by a click at (x, y) on `shown_photo`."""
    scale = desk.sitting.photo.width / max(shown_width, 1)
    return Desk(desk.sitting.choose((x * scale, y * scale)))


def draw(desk: Desk, direction: Direction, *, drag: bool = False) -> Headshot:
    """The picture of own pixels at preview size; remembered for the report. `drag`: see Desk.keep."""
    turn = desk.begin()
    result = headshot(desk.sitting, desk.held_words.merge(direction), height=PREVIEW_HEIGHT)
    if desk.turn == turn:
        desk.keep(result, drag=drag)
    return result


def paint(desk: Desk, direction: Direction, engine: str) -> Iterator[Preview | Headshot]:
    """A generator's previews and pictures, until they are done or a newer request of this visitor begins."""
    turn = desk.begin()
    with closing(shoot(desk.sitting, desk.held_words.merge(direction), engine=engine)) as work:
        first = True
        for item in work:
            if desk.turn != turn:
                return
            if isinstance(item, Headshot):
                desk.keep(item, more=not first)
                first = False
            yield item


def measure(desk: Desk) -> AuthenticityReport | None:
    """The report on the last picture; None when a newer picture came meanwhile."""
    with desk.lock:
        result = desk.last
    if result is None:
        return None
    report = judge(result, desk.sitting.own_faces)
    with desk.lock:
        if desk.last is not result:
            return None
        desk.report, desk.measured = report, time.monotonic()
    return report


def closer(desk: Desk) -> Closer | None:
    """The closer look at the last picture, at its full size; None where there is none, or no face in it."""
    result = desk.last
    if result is not None and result.engine == "retouch":  # what is shown while sliders move has fewer pixels
        result = headshot(desk.sitting, result.direction)
    marks = landmarks_of(result) if result is not None else None
    if result is None or marks is None:
        return None
    canvas = result.canvas
    upload = canvas.eye_distance / canvas.framing.scale
    return look_closer(Pair(canvas.original, canvas.original_landmarks, result.picture, marks, upload))


def eyes_box(canvas: Canvas) -> tuple[float, float, float, float]:
    """Round both eyes, canvas px."""
    marks: F32 = canvas.landmarks
    a, b = marks[468, :2], marks[473, :2]
    reach = 0.75 * canvas.eye_distance
    low, high = np.minimum(a, b), np.maximum(a, b)
    return (float(low[0] - reach), float(low[1] - 0.6 * reach), float(high[0] + reach), float(high[1] + 0.6 * reach))
