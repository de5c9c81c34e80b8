"""The judgement on a picture from anywhere: is this still the person of that photo?"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property

from headshot.authenticity.recognition.own_range import Placed
from headshot.files.opened_photo import bytes_of
from headshot.files.printable_report import judged_page
from headshot.imaging.resize import scaled
from headshot.studio.match import Match, match_pair, place
from headshot.studio.requests import JudgeRequest, read, read_further
from headshot.types import AuthenticityReport, Photo

_LONGEST = 3600  # px: a larger photo is reduced first; its face keeps more pixels than any measure uses


@dataclass(frozen=True, eq=False)
class Judgement:
    """The person as found in each picture, and the report on the pair."""

    match: Match
    report: AuthenticityReport

    @property
    def notes(self) -> tuple[str, ...]:
        """Sentences on choices that were made, such as which of several faces was taken."""
        return self.match.notes

    @cached_property
    def placed(self) -> Placed | None:
        """Where the picture stands among the person's own photos, see `match.place`."""
        return place(self.match, self.report)

    def page(self) -> str:
        """The printable report as HTML."""
        return judged_page(self.report, self.match.aligned(), self.placed, self.notes)


def judge_pair(request: JudgeRequest) -> Judgement:
    """Find the person in all photos of a request and judge the pair.

    Raises NoFace (a UserError) where a photo shows nobody, UserError for a file that is no photo, WeightsMissing
    without the embedded judge.
    """
    other = bytes_of(request.other)
    match = match_pair(
        reduced(read(request.original)),
        reduced(read(other)),
        [reduced(photo) for photo in read_further(request.more)],
        face=request.face,
    )
    return Judgement(match, match.report(other))


def reduced(photo: Photo) -> Photo:
    """A photo at a size that can be worked with: the longer side at most 3600 px."""
    scale = _LONGEST / max(photo.width, photo.height)
    return replace(photo, pixels=scaled(photo.pixels, scale), uploaded=photo.given) if scale < 1 else photo
