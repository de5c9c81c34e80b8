"""Best of several: a few seeds of one direction, in the order of a judge that steers no generator."""

from __future__ import annotations

from collections.abc import Generator, Sequence
from contextlib import closing
from dataclasses import replace

from headshot.authenticity.ranking import Ranking, rank
from headshot.authenticity.recognition import dlib_judge
from headshot.direction.engine_table import is_own
from headshot.direction.settings import MAX_SEED
from headshot.errors import UserError
from headshot.studio.session import Sitting, landmarks_of, shoot
from headshot.types import F64, Direction, Headshot, Preview

FEWEST, MOST = 2, 8
# Only a face that is painted throughout can be a copy: on lower rungs, or where a lock holds it, more than this share
# of it is the photo itself, and near for that reason.
_OWN = 0.05
SEEDLESS = UserError(
    "Another seed makes no difference to your own pixels: they are not painted.",
    "Best of several needs a generator. See: python -m headshot weights",
)


def candidates(
    sitting: Sitting, direction: Direction, count: int, *, engine: str
) -> Generator[Preview | Headshot, None, None]:
    """`count` pictures from the seeds `direction.seed` on, in one run, with the generator's previews before them.

    Each result's direction is that of its own seed alone. Raises UserError for own pixels, a count that is not
    FEWEST..MOST, and as `studio.shoot`.
    """
    if is_own(engine):
        raise SEEDLESS
    if not FEWEST <= count <= MOST:
        raise UserError(f"Best of {count} is not possible.", f"Choose {FEWEST} to {MOST}.")
    wanted = replace(
        direction, seed=min(direction.seed, MAX_SEED - count), generate=replace(direction.generate, candidates=count)
    )
    alone = replace(direction.generate, candidates=1)
    with closing(shoot(sitting, wanted, engine=engine)) as work:
        for item in work:
            if isinstance(item, Headshot):
                seed = item.recipe.get("seed")
                own = seed if isinstance(seed, int) else wanted.seed
                item = replace(item, direction=replace(direction, seed=own, generate=alone))
            yield item


def order(sitting: Sitting, results: Sequence[Headshot]) -> Ranking:
    """The results in order, see `ranking.rank`; the sitting's further photos are the person's own range.

    Raises ValueError without results.
    """
    subject = sitting.subject
    original = dlib_judge.embed(sitting.photo.pixels, subject.landmarks)
    further = [dlib_judge.embed(*photo) for photo in sitting.own_faces]
    found: list[F64 | None] = []
    for result in results:
        marks = landmarks_of(result)
        found.append(None if marks is None else dlib_judge.embed(result.picture, marks))
    return rank(found, original, further, copies=any(r.direction.change >= 1 and r.kept < _OWN for r in results))
