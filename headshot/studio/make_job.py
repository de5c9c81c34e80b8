"""A headshot, or several candidates, of one direction, each with its report."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import closing

from headshot.studio.job import Job
from headshot.studio.requests import MakeRequest
from headshot.studio.result_report import report_on
from headshot.studio.session import shoot
from headshot.types import AuthenticityReport, Headshot, Preview


class MakeJob(Job[Headshot]):
    """`results` as they come; `reports` on them."""

    def __init__(self, request: MakeRequest) -> None:
        super().__init__(request)
        self.results: list[Headshot] = []
        self._reports: list[AuthenticityReport] = []

    def work(self) -> Iterator[Preview | Headshot]:
        with closing(shoot(self.sitting, self.direction, engine=self.engine)) as work:
            for item in work:
                if self.stopped:
                    return
                if isinstance(item, Headshot):
                    self.results.append(item)
                yield item

    @property
    def reports(self) -> list[AuthenticityReport]:
        """A report on each of `results`, in their order; made once."""
        for result in self.results[len(self._reports) :]:
            self._reports.append(report_on(self.sitting, result))
        return self._reports

    def own_notes(self) -> Iterable[str]:
        return [note for result in self.results for note in result.notes]

    def forget(self) -> None:
        self.results.clear()
        self._reports.clear()


def make(request: MakeRequest, progress: Callable[[Preview | Headshot], None] | None = None) -> MakeJob:
    """Make the headshots of a request; `progress` is told of each preview and picture. Raises UserError."""
    return MakeJob(request).run(progress)
