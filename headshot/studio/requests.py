"""What is asked for, the same at every door: one record each for make, sheet, best, furthest, judge and team.

The command line and the API fill these from text. The page gives an open `Sitting` and a finished `Direction` instead,
because a slider that moves must not open the photo again.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from headshot.direction.applicability import why_ignored
from headshot.direction.diff import with_changes
from headshot.direction.direct import direct
from headshot.direction.engine_table import OWN_PIXELS
from headshot.direction.places import SUGGESTED
from headshot.errors import UserError
from headshot.files.opened_photo import opened
from headshot.language import tr
from headshot.studio.match import check_further
from headshot.studio.people import Person
from headshot.studio.photo_places import clicked_places, face_point
from headshot.studio.pose_reference import read_pose
from headshot.studio.session import PREVIEW_HEIGHT, Sitting
from headshot.studio.sheet.axis import Axis
from headshot.types import Direction, Photo, State

Source = bytes | str | Path  # a file's bytes, or its path


@dataclass(frozen=True, eq=False, kw_only=True)
class Request:
    """A photo and a direction for it.

    `more`: up to 4 further photos of the same person; `face`: whom of several people, see `face_point`, "" for the main
    one; `keep_at`, `drop_at`: "X,Y" in the photo's pixels, what belongs to the person in the cut-out and what does not;
    `heal_at`: likewise, spots to be healed; SUGGESTED among them asks which might be, and heals none;
    `pose`: a photo of anybody, whose pose is taken over where the engine can and `settings` do not say otherwise.
    `direction`: one that is made already; preset, settings, words and pose then do not count.
    """

    photo: Source | Sitting
    more: Sequence[Source] = ()
    face: str = ""
    keep_at: Sequence[str] = ()
    drop_at: Sequence[str] = ()
    heal_at: Sequence[str] = ()
    preset: str = "linkedin"
    engine: str = OWN_PIXELS
    settings: Mapping[str, Any] = field(default_factory=dict)
    words: str = ""
    pose: Source | None = None
    direction: Direction | None = None


@dataclass(frozen=True, eq=False, kw_only=True)
class MakeRequest(Request):
    """One headshot, or as many as generate.candidates says."""


@dataclass(frozen=True, eq=False, kw_only=True)
class SheetRequest(Request):
    """Every pair of two settings' values, each an Axis or text such as "light.key_side=left,right".

    `height` of a cell of own pixels, LOWEST..HIGHEST px.
    """

    LOWEST, HIGHEST = 240, 2048

    rows: Axis | str = "preset=linkedin,corporate,creative,warm-studio"
    columns: Axis | str = "light.key_side=left,right,none"
    height: int = PREVIEW_HEIGHT


@dataclass(frozen=True, eq=False, kw_only=True)
class BestRequest(Request):
    """`count` seeds of one direction, FEWEST..MOST, ranked."""

    FEWEST, MOST = 2, 8

    engine: str = "faceid-sd15"
    count: int = 4


@dataclass(frozen=True, eq=False, kw_only=True)
class FurthestRequest(Request):
    """The strongest change whose verdict is still at least `floor`, "green" or "amber"."""

    floor: State | str = State.GREEN


@dataclass(frozen=True, eq=False, kw_only=True)
class JudgeRequest:
    """Two pictures of any origin and up to 4 further photos; `face`: whom of several in `original`."""

    original: Source
    other: Source
    more: Sequence[Source] = ()
    face: str = ""


@dataclass(frozen=True, eq=False, kw_only=True)
class TeamRequest:
    """Many people in one look; `preset` to `direction` as in `Request`.

    `workers`: 1 for this process, more for as many of Ray's on this machine, or the address of a Ray cluster, as
    "ray://head:10001". `sign`: with content credentials, whose random numbers make each run's files others.
    """

    people: Sequence[Person]
    preset: str = "linkedin"
    engine: str = OWN_PIXELS
    settings: Mapping[str, Any] = field(default_factory=dict)
    words: str = ""
    direction: Direction | None = None
    workers: int | str = 1
    sign: bool = False


def open_sitting(request: Request) -> Sitting:
    """The request's sitting with its further photos; one that is open already is taken as it is. Raises UserError."""
    if isinstance(request.photo, Sitting):
        return request.photo
    further = read_further(request.more)
    sitting = Sitting.of(read(request.photo))
    if request.face:
        sitting = sitting.choose(face_point(request.face, sitting.subject.faces, sitting.photo))
    sitting.add(further)
    return sitting


def read(source: Source) -> Photo:
    """A photo from a file's bytes or its path. Raises UserError."""
    return opened(source)


def read_further(more: Sequence[Source]) -> list[Photo]:
    """The further photos, in their order; a fault names the one that it is of. Raises UserError, also for too many."""
    check_further(more)
    photos = []
    for number, source in enumerate(more, 1):
        try:
            photos.append(read(source))
        except UserError as fault:
            raise UserError(
                tr("Further photo {number}: {message}", number=number, message=fault.message), fault.hint
            ) from None
    return photos


def direction_of(request: Request, engines: Collection[str] = ()) -> tuple[Direction, tuple[str, ...]]:
    """The request's direction, and a sentence for each thing that was read from the pose's photo.

    `engines`: those that will make the pictures, where it is not the request's alone. Raises UserError.
    """
    if request.direction is not None:
        return request.direction, ()
    settings, read_pose_as = _posed(request, engines or (request.engine,))
    made = direct(request.preset, engine=request.engine, words=request.words, overrides=settings)
    return made, read_pose_as


def with_clicks(direction: Direction, request: Request, photo: Photo) -> Direction:
    """Add the request's clicks, in px of the upload that `photo` was. Raises UserError."""
    more = {"cutout.keep": request.keep_at, "cutout.drop": request.drop_at, "retouch.heal": request.heal_at}
    more = {key: [word for word in words if word != SUGGESTED] for key, words in more.items()}
    places = {key: clicked_places(key, words, photo) for key, words in more.items() if words}
    return with_changes(direction, places, request.engine) if places else direction


def _posed(request: Request, engines: Collection[str]) -> tuple[dict[str, Any], tuple[str, ...]]:
    """The settings over those of the pose that one of `engines` follows, and what was read, a sentence each."""
    if request.pose is None:
        return dict(request.settings), ()
    try:
        seen = read_pose(read(request.pose)).seen
    except UserError as fault:
        raise UserError(tr("Pose: {message}", message=fault.message), fault.hint) from None
    taken: dict[str, Any] = {}
    lines = []
    for one in seen:
        reasons = {key: [why_ignored(key, engine) for engine in engines] for key in one.settings}
        followed = {key: value for key, value in one.settings.items() if not all(reasons[key])}
        ignored = next((why[0] for key, why in reasons.items() if key not in followed), "")
        used = ", ".join(f"{key}={value}" for key, value in followed.items() if key not in request.settings)
        lines.append(f"{one.about}: {one.sentence} {f'({used})' if used else ignored}".rstrip())
        taken |= followed
    return {**taken, **request.settings}, tuple(lines)
