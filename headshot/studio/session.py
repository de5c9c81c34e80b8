"""The way through the house in numbered steps. The page, the command line and a batch all call this and no more.

    1. photo    untrusted bytes → pixels                     headshot.photo
    2. subject  who the headshot is of, and the photo check  headshot.subject
    3. cut-out  the person's matte and colours               headshot.canvas.cutout
    4. stage    framed, with the head's form                 headshot.canvas.stage
    5. canvas   lit, on the backdrop                         headshot.canvas.compose
    6. render   an engine paints over it, or only finishes   headshot.engines
    7. judge    the measured report                          headshot.authenticity

A `Sitting` holds steps 1 to 4 of one photo in memory, so that a slider costs only what it changes. It knows
nothing of Gradio, writes nothing to disk, and forgets everything when it is closed.
"""

from __future__ import annotations

import threading
import time
from collections import OrderedDict
from collections.abc import Generator, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import replace
from functools import cache, cached_property
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

import numpy as np

from headshot.canvas.compose import compose, keeps_background
from headshot.canvas.cutout import cut_out
from headshot.canvas.locked_regions import with_held
from headshot.canvas.stage import Stage, set_stage
from headshot.direction.engine_table import OWN_PIXELS, engine_info, is_own, who_paints
from headshot.engines import get_engine
from headshot.errors import NoFace, WeightsMissing
from headshot.imaging.resize import scaled
from headshot.photo.decode import open_photo, read_photo
from headshot.photo.faces import find_faces
from headshot.photo.head import head_box
from headshot.photo.subject import find_subject
from headshot.studio.kept import checked
from headshot.types import (
    F32,
    U8,
    AuthenticityReport,
    Canvas,
    Cutout,
    Direction,
    Headshot,
    Photo,
    Preview,
    Subject,
)

if TYPE_CHECKING:
    from headshot.engines.identity import Embedder, Identity

PREVIEW_HEIGHT = 800  # px of a picture while sliders move
THUMBNAIL_HEIGHT = 240
_MOST_HEAD = 1100  # px, crown to chin: a final of 2048 px shows no more
_MOST_STAGES = 16  # at preview size, for a contact sheet
_STAGES = 6  # kept for each sitting; a stage at the final size is 40 MB


class Sitting:
    """One person's photo and what was worked out from it. Use `Sitting.open` or `Sitting.of`; `close` forgets it."""

    def __init__(self, photo: Photo, subject: Subject) -> None:
        self.given = (photo.width, photo.height)  # as uploaded, before `_fit`
        self.photo, self.subject = _fit(photo, subject)
        self.further: tuple[Photo, ...] = ()  # more photos of the same person, for the generators and the report
        self._stages: OrderedDict[tuple[object, ...], Stage] = OrderedDict()
        self._most = _STAGES
        self._lock = threading.RLock()

    @classmethod
    def open(cls, source: bytes | BinaryIO | str | Path, *, near: tuple[float, float] | None = None) -> Sitting:
        """Steps 1 and 2. `near`: a point on the wanted face, in the photo's pixels. Raises UserError."""
        photo = read_photo(source) if isinstance(source, str | Path) else open_photo(source)
        return cls.of(photo, near=near)

    @classmethod
    def of(cls, photo: Photo, *, near: tuple[float, float] | None = None) -> Sitting:
        """Step 2 for a decoded photo."""
        return cls(photo, find_subject(photo, near=near))

    def choose(self, near: tuple[float, float]) -> Sitting:
        """A sitting of another face in the same photo; `near` in this sitting's (fitted) pixels."""
        other = Sitting.of(self.photo, near=near)
        other.add(self.further)
        return other

    @cached_property
    def cutout(self) -> Cutout:
        """Step 3, once for each photo."""
        return cut_out(self.photo, self.subject)

    def add(self, photos: Sequence[Photo]) -> None:
        """More photos of the same person: a generator is steered by the mean of all of them, and the report places its
        picture among them.
        """
        self.further = tuple(photos)
        self._forget_further()

    @property
    def identity(self) -> Identity:
        """The face embedding that steers a generator, once for each set of photos. Raises WeightsMissing, NoFace."""
        return self.merged[0]

    @property
    def strangers(self) -> tuple[str, ...]:
        """A sentence for each photo that was left out of `identity`; the first photo is number 1."""
        return self.merged[1]

    @cached_property
    def merged(self) -> tuple[Identity, tuple[str, ...]]:
        """The identity of all photos, and a sentence for each that was left out of it."""
        from headshot.engines.identity import merge
        from headshot.weights.store import locate

        embedder = _embedder(locate("buffalo_l"))
        found = {1: embedder.embed(self.photo.pixels, self.subject.face.box)}
        said = []
        for number, photo in enumerate(self.further, 2):
            try:
                found[number] = embedder.embed(photo.pixels)
            except NoFace:
                said.append(f"Photo {number} shows no face that the recogniser finds, and was left out.")
        identity, others = merge(list(found.values()))
        said += [f"Photo {list(found)[n - 1]} looks like somebody else and was left out." for n in others]
        return identity, tuple(said)

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
        key = (direction.crop, own, height)
        with self._lock:
            if key in self._stages:
                self._stages.move_to_end(key)
                return self._stages[key]
            stage = set_stage(self.photo, self.subject, self.cutout, direction.crop, own_backdrop=own, height=height)
            self._stages[key] = stage
            while len(self._stages) > self._most:
                self._stages.popitem(last=False)
            return stage

    @contextmanager
    def room_for(self, stages: int) -> Iterator[None]:
        """While it is open, at least so many stages (at most 16) are kept: for a sheet of many crops."""
        before, self._most = self._most, max(_STAGES, min(stages, _MOST_STAGES))
        try:
            yield
        finally:
            with self._lock:
                self._most = before
                while len(self._stages) > before:
                    self._stages.popitem(last=False)

    def canvas(self, direction: Direction, height: int | None = None, *, apart: bool = True) -> Canvas:
        """Step 5. `apart` as in `compose`."""
        return compose(self.stage(direction, height), direction, apart=apart)

    def close(self) -> None:
        """Forget the photo and everything made of it."""
        with self._lock:
            self._stages.clear()
            self.__dict__.pop("cutout", None)
            self.further = ()
            self._forget_further()

    def _forget_further(self) -> None:
        for known in ("merged", "_further_faces"):
            self.__dict__.pop(known, None)


@cache
def _embedder(folder: Path) -> Embedder:
    from headshot.engines.identity import Embedder

    return Embedder(folder)


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
    canvas = sitting.canvas(direction, height, apart=painter.needs_identity)
    if painter.needs_identity:  # own pixels are kept in any case
        canvas = with_held(canvas, direction.keep)
    identity = sitting.identity if painter.needs_identity else None
    with closing(painter.render(canvas, identity, direction)) as work:
        for item in work:
            if isinstance(item, Headshot):
                strangers = sitting.strangers if painter.needs_identity else ()
                item = replace(item, seconds=time.perf_counter() - began, notes=(*strangers, *item.notes))
            yield item


def headshot(
    sitting: Sitting, direction: Direction, *, engine: str = OWN_PIXELS, height: int | None = None
) -> Headshot:
    """The first finished headshot of `shoot`, for who does not need previews."""
    for item in shoot(sitting, direction, engine=engine, height=height):
        if isinstance(item, Headshot):
            return item
    raise RuntimeError(f"the engine {engine} ended without a picture")


def judge(result: Headshot, further: Sequence[tuple[U8, F32]] = ()) -> AuthenticityReport:
    """Step 7: the report on a result against the photo that it was made of, framed alike.

    `further`: the person in other photos, as `Sitting.own_faces` has them.
    """
    from headshot.authenticity.recognition.judges import STEERING
    from headshot.authenticity.report import judge as judge_pair

    info = engine_info(result.engine)
    report = judge_pair(
        result.canvas.original,
        result.canvas.original_landmarks,
        result.picture,
        landmarks_of(result),
        own_pixels=info.own,
        kept=result.kept * result.canvas.still,
        source_eye_px=result.canvas.eye_distance / result.canvas.framing.scale,
        further=further,
        painted=info.steered_by == STEERING,
    )
    return checked(result, report)


def report_on(sitting: Sitting, result: Headshot) -> AuthenticityReport:
    """Step 7 with the person's further photos: the report that every door gives."""
    return judge(result, sitting.own_faces)


def landmarks_of(result: Headshot) -> F32 | None:
    """Of the face in the result, (478, 3) px: the canvas's for own pixels; a generated picture is searched anew."""
    if is_own(result.engine):
        return result.canvas.landmarks
    faces = [f for f in find_faces(result.picture) if f.landmarks is not None]
    return faces[0].landmarks if faces else None


def _fit(photo: Photo, subject: Subject) -> tuple[Photo, Subject]:
    """Reduce a photo whose head holds more pixels than any headshot shows; all that follows gets faster."""
    _, top, _, bottom = head_box(subject.landmarks)
    scale = _MOST_HEAD / max(bottom - top, 1.0)
    if scale >= 0.95:
        return photo, subject
    pixels = scaled(photo.pixels, scale)
    sx, sy = pixels.shape[1] / photo.width, pixels.shape[0] / photo.height

    def moved(points: F32) -> F32:
        return (points * np.array([sx, sy, sx], np.float32)).astype(np.float32)

    faces = tuple(
        replace(
            f,
            box=(f.box[0] * sx, f.box[1] * sy, f.box[2] * sx, f.box[3] * sy),
            landmarks=None if f.landmarks is None else moved(f.landmarks),
        )
        for f in subject.faces
    )
    marks = faces[subject.chosen].landmarks
    assert marks is not None
    fitted = replace(subject, faces=faces, landmarks=marks, eye_distance=subject.eye_distance * sx)
    return replace(photo, pixels=pixels), fitted
