"""Best of several: a few seeds of one direction, in the order of a judge that steers no generator."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from dataclasses import replace

from headshot.authenticity.ranking import Ranking, rank
from headshot.authenticity.recognition import dlib_judge
from headshot.direction.engine_table import is_own, who_paints
from headshot.direction.settings import MAX_SEED
from headshot.errors import UserError
from headshot.language import tr
from headshot.studio.job import Job
from headshot.studio.requests import BestRequest
from headshot.studio.result_report import landmarks_of
from headshot.studio.session import Sitting, shoot
from headshot.types import F64, Headshot, Preview

# Only a face that is painted throughout can be a copy: on lower rungs, or where a lock holds it, more than this share
# of it is the photo itself, and near for that reason.
_OWN = 0.05
SEEDLESS = UserError(
    "Another seed makes no difference to your own pixels: they are not painted.",
    "Best of several needs a generator. See: python -m headshot weights",
)
BELOW = UserError("At this place on the ladder nothing is painted.", "Choose a rung from “clothes” up.")


class BestJob(Job[Headshot]):
    """`results` as they come, each with a direction of its own seed alone; `ranking` once all are there."""

    def __init__(self, request: BestRequest) -> None:
        """Raises UserError for own pixels, a rung where nothing is painted, and a count that is not FEWEST..MOST."""
        if is_own(request.engine):
            raise SEEDLESS
        fewest, most = request.FEWEST, request.MOST
        if not fewest <= request.count <= most:
            raise UserError(
                tr("Best of {count} is not possible.", count=request.count),
                tr("Choose {fewest} to {most}.", fewest=fewest, most=most),
            )
        super().__init__(request)
        if is_own(who_paints(self.direction, self.engine)):
            raise BELOW
        self.count = request.count
        self.results: list[Headshot] = []
        self.ranking: Ranking | None = None

    def work(self) -> Iterator[Preview | Headshot]:
        """Paint the seeds `direction.seed` on, in one run, and rank them at the end; on `stop` those that are done."""
        wanted = replace(
            self.direction,
            seed=min(self.direction.seed, MAX_SEED - self.count),
            generate=replace(self.direction.generate, candidates=self.count),
        )
        alone = replace(self.direction.generate, candidates=1)
        with closing(shoot(self.sitting, wanted, engine=self.engine)) as work:
            for item in work:
                if self.stopped:
                    break
                if isinstance(item, Headshot):
                    seed = item.recipe.get("seed")
                    own = seed if isinstance(seed, int) else wanted.seed
                    item = replace(item, direction=replace(self.direction, seed=own, generate=alone))
                    self.results.append(item)
                yield item
        if self.results and not self.closed:
            self.ranking = order(self.sitting, self.results)

    def own_notes(self) -> list[str]:
        return [note for result in self.results for note in result.notes]

    def forget(self) -> None:
        self.results.clear()
        self.ranking = None


def best(request: BestRequest, progress: Callable[[Preview | Headshot], None] | None = None) -> BestJob:
    """Paint and rank the seeds of a request; `progress` is told of each preview and picture. Raises UserError."""
    return BestJob(request).run(progress)


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
