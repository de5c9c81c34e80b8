"""Who is to be painted, as the engine takes it: the face embedding, the photos themselves, or nothing."""

from __future__ import annotations

from collections.abc import Generator
from typing import TYPE_CHECKING, Protocol

from headshot.direction.engine_table import engine_info
from headshot.engines.base import Batch, BatchEngine, Engine, Steered, single
from headshot.engines.encode_cache import EncodeCache
from headshot.engines.references import References, square_crop
from headshot.types import F32, U8, Canvas, Direction, Headshot, Photo, Preview, Subject

if TYPE_CHECKING:
    from headshot.engines.identity import Identity


class Person(Protocol):
    """What a Sitting knows of a person that can steer an engine."""

    @property
    def photo(self) -> Photo: ...
    @property
    def subject(self) -> Subject: ...
    @property
    def own_faces(self) -> tuple[tuple[U8, F32], ...]: ...
    @property
    def left_out(self) -> tuple[str, ...]: ...
    @property
    def merged(self) -> tuple[Identity, tuple[str, ...]]: ...


def is_steered(painter: Engine) -> bool:
    """Whether `painter` makes new pixels of a person, and must be told whose."""
    return painter.needs_identity or engine_info(painter.name).takes_photos


def steering(sitting: Person, painter: Engine) -> tuple[Steered, tuple[str, ...]]:
    """What steers `painter`, and a sentence for each photo that was left out. Raises WeightsMissing, NoFace."""
    if painter.needs_identity:
        return sitting.merged
    if not engine_info(painter.name).takes_photos:
        return None, ()
    photos = [(sitting.photo.pixels, sitting.subject.landmarks), *sitting.own_faces]
    return References(tuple(square_crop(pixels, points) for pixels, points in photos)), sitting.left_out


def painted_by(
    painter: Engine, canvas: Canvas, identity: Steered, direction: Direction, cache: EncodeCache
) -> Generator[Preview | Headshot, None, None]:
    """One direction by `painter`; one that can takes up from `cache` what pictures before have in common with it."""
    if isinstance(painter, BatchEngine):
        return single(painter.render_many(Batch([canvas], identity, [direction], cache)))
    return painter.render(canvas, identity, direction)
