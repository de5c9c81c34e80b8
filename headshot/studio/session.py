"""The way through the house: 1 photo, 2 subject, 3 cut-out, 4 stage, 5 canvas, 6 render (docs/architecture.md).

The page, the command line and a batch all call this and no more. A `Sitting` holds steps 1 to 4 of one photo in memory,
so that a slider costs only what it changes. It knows nothing of Gradio, writes nothing to disk, and forgets everything
when it is closed.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Generator, Sequence
from contextlib import AbstractContextManager, closing, suppress
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from headshot.authenticity.measures.head_view import HeadView
from headshot.canvas.canvas_of import canvas_of
from headshot.canvas.compose import keeps_background
from headshot.canvas.cutout.cut_out import Asked, ask, cut_out
from headshot.canvas.locked_regions import with_locked
from headshot.canvas.stage import Stage, make_stage
from headshot.direction.engine_table import OWN_PIXELS, who_paints
from headshot.engines import get_engine
from headshot.engines.encode_cache import EncodeCache
from headshot.errors import NoFace, PhotoError, WeightsMissing
from headshot.files.opened_photo import opened
from headshot.photo.subject import find_subject
from headshot.photo.upright import find_upright, turn
from headshot.studio.bounded_work import bounded
from headshot.studio.completed import completed
from headshot.studio.kept_stages import KeptStages
from headshot.studio.merged_identity import merged_identity
from headshot.studio.packed_cutout import PackedCutout
from headshot.studio.steering import is_steered, painted_by, steering
from headshot.studio.working_size import fitted
from headshot.types import F32, U8, Canvas, Cutout, CutoutSettings, Direction, Headshot, Photo, Preview, Subject

if TYPE_CHECKING:
    from headshot.engines.identity import Identity

PREVIEW_HEIGHT = 800  # px of a picture while sliders move
THUMBNAIL_HEIGHT = 240


class Sitting:
    """One person's photo and what was worked out from it. Use `Sitting.open` or `Sitting.of`; `close` forgets it."""

    def __init__(self, photo: Photo, subject: Subject) -> None:
        self._found: tuple[Photo, Subject] | None = fitted(photo, subject)
        self.further: tuple[Photo, ...] = ()  # more photos of the same person, for the generators and the report
        self._asked: Asked | None = None
        self._cut: tuple[CutoutSettings, Cutout | PackedCutout] | None = None
        self._stages = KeptStages()
        self._lock = threading.RLock()
        self.worked_out = EncodeCache()  # by the generators: a slider costs only what it changes

    @classmethod
    def open(cls, source: bytes | BinaryIO | str | Path, *, near: tuple[float, float] | None = None) -> Sitting:
        """Steps 1 and 2. `near`: a point on the wanted face, in the photo's pixels. Raises UserError."""
        return cls.of(opened(source), near=near)

    @classmethod
    @bounded
    def of(cls, photo: Photo, *, near: tuple[float, float] | None = None) -> Sitting:
        """Step 2 for a decoded photo; one that lies on its side or upside down is turned upright."""
        photo, faces = find_upright(photo)
        return cls(photo, find_subject(photo, near=near, faces=faces))

    def choose(self, near: tuple[float, float]) -> Sitting:
        """A sitting of another face in the same photo; `near` in this sitting's (fitted) pixels."""
        return self._of(self.photo, find_subject(self.photo, near=near, faces=self.subject.faces))

    @bounded
    def turned(self) -> Sitting:
        """A sitting of the same photo, turned clockwise to the next quarter in which a face is found. Raises NoFace
        where there is none.
        """
        for photo in (turn(self.photo, quarters) for quarters in (1, 2, 3)):
            with suppress(NoFace):
                return self._of(photo, find_subject(photo))
        raise NoFace("No face was found however the photo is turned.")

    def _of(self, photo: Photo, subject: Subject) -> Sitting:
        other = Sitting(photo, subject)
        other.further = self.further
        return other

    @property
    def photo(self) -> Photo:
        """The photo at its working size. Raises PhotoError once it is forgotten."""
        return self._here[0]

    @property
    def subject(self) -> Subject:
        """Whom of the photo the headshot is of, in the pixels of `photo`. Raises PhotoError once it is forgotten."""
        return self._here[1]

    @property
    def _here(self) -> tuple[Photo, Subject]:
        if self._found is None:
            raise PhotoError("The photo was forgotten.", "Add it again.")
        return self._found

    @property
    def cutout(self) -> Cutout:
        """Step 3 by the built-in networks, without clicks."""
        return self.cut(CutoutSettings())

    def cut(self, settings: CutoutSettings) -> Cutout:
        """Step 3, kept for the last settings; from the first click on what the networks said is kept too (8 MB).

        Raises WeightsMissing.
        """
        with self._lock:
            if self._cut is None or self._cut[0] != settings:
                asked = self._asked
                if asked is None or asked.matting != settings.matting:
                    asked = ask(self.photo, self.subject, settings.matting)
                if settings.keep or settings.drop:
                    self._asked = asked
                self._cut = (settings, cut_out(asked, settings))
            if isinstance(cut := self._cut[1], PackedCutout):
                self._cut = (settings, cut := cut.unpack(self.photo))
            return cut

    @property
    def cut_by(self) -> CutoutSettings | None:
        """The settings of the last cut-out; None before the first, which takes longer than all that follow."""
        return self._cut[0] if self._cut else None

    @bounded
    def add(self, photos: Sequence[Photo]) -> None:
        """More photos of the same person: a generator is steered by the mean of all of them, and the report places its
        picture among them.
        """
        self.further = tuple(find_upright(photo)[0] for photo in photos)
        self._forget_further()

    @cached_property
    def merged(self) -> tuple[Identity, tuple[str, ...]]:
        """The face embedding that steers a generator, of all photos, once for each set of them; and a sentence for each
        photo that was left out of it, the first being number 1. Raises WeightsMissing, NoFace.
        """
        return merged_identity(self.photo, self.subject, self.further)

    @property
    def own_faces(self) -> tuple[tuple[U8, F32], ...]:
        """The person in each further photo that shows them and is not here already: pixels and landmarks."""
        return self._further_faces[0]

    @property
    def left_out(self) -> tuple[str, ...]:
        """A sentence for each further photo that is not among `own_faces`."""
        return self._further_faces[1]

    @cached_property
    def _further_faces(self) -> tuple[tuple[tuple[U8, F32], ...], tuple[str, ...]]:
        from headshot.studio.match import further_faces

        found, notes = further_faces(self.photo.pixels, self.subject.landmarks, self.further, strict=False)
        return tuple(found), notes

    def stage(self, direction: Direction, height: int | None) -> Stage:
        """Step 4, kept for the crops that were used last."""
        own = keeps_background(direction)
        key = (direction.crop, direction.cutout, own, height)
        with self._lock:
            stage = self._stages.get(key)
            if stage is None:
                cut = self.cut(direction.cutout)
                stage = make_stage(self.photo, self.subject, cut, direction.crop, own_backdrop=own, height=height)
                self._stages.put(key, stage)
            return stage

    def head_of(self, picture: U8, landmarks: F32) -> HeadView:
        """The head in the photo as a stage or canvas frames it, with what the last report worked out of it."""
        return self._stages.head_of(picture, landmarks)

    def rest(self) -> None:
        """Let go of what is soon made again, and pack what is not, while nobody works with the photo."""
        self._stages.leave(0)
        with self._lock:
            if self._cut is not None and self._found is not None and isinstance(self._cut[1], Cutout):
                self._cut = (self._cut[0], PackedCutout.pack(self._cut[1], self.photo))

    def room_for(self, stages: int) -> AbstractContextManager[None]:
        """While it is open, so many stages are kept: see KeptStages."""
        return self._stages.room_for(stages)

    @bounded
    def canvas(self, direction: Direction, height: int | None = None, *, with_foreground: bool = True) -> Canvas:
        """Step 5. `with_foreground` as in `compose`."""
        stage = self.stage(direction, height)
        return canvas_of(stage, direction, self._stages.steps(stage), with_foreground=with_foreground)

    def close(self) -> None:
        """Forget the photo and everything made of it."""
        with self._lock:
            self._found = None
            self._stages.leave(0)
            self._asked = self._cut = None
            self.worked_out.clear()
            self.further = ()
            self._forget_further()

    def _forget_further(self) -> None:
        for known in ("merged", "_further_faces"):
            self.__dict__.pop(known, None)


def shoot(
    sitting: Sitting, direction: Direction, *, engine: str = OWN_PIXELS, height: int | None = None
) -> Generator[Preview | Headshot, None, None]:
    """Steps 4 to 6. Yields previews, then the Headshot (several for several candidates).

    `engine` is the one asked for; who_paints says which one makes this direction. `height` of the picture in px, None
    for the final size. Raises UserError for what a user can mend.
    """
    began = time.perf_counter()
    painter = get_engine(who_paints(direction, engine))
    status = painter.status()
    if not status.available:
        raise WeightsMissing(status.reason, status.hint)
    if height is None:
        height = painter.most_height
    canvas = sitting.canvas(direction, height, with_foreground=is_steered(painter))
    canvas = with_locked(canvas, direction.keep)
    identity, strangers = steering(sitting, painter)
    with closing(painted_by(painter, canvas, identity, direction, sitting.worked_out)) as work:
        step = next if is_steered(painter) else bounded(next)
        while (item := step(work, None)) is not None:
            if isinstance(item, Headshot):
                item = completed(item, sitting.photo, strangers, time.perf_counter() - began)
            yield item


def headshot(
    sitting: Sitting, direction: Direction, *, engine: str = OWN_PIXELS, height: int | None = None
) -> Headshot:
    """The first finished headshot of `shoot`, for who does not need previews."""
    for item in shoot(sitting, direction, engine=engine, height=height):
        if isinstance(item, Headshot):
            return item
    raise RuntimeError(f"the engine {engine} ended without a picture")
