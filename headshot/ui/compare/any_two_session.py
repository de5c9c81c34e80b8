"""What one visitor compares two at a time: which pictures there are, which two are chosen, what was found.

The pictures stay where they are (history, sheet); only an uploaded one is kept here. Plain functions, no layout.
"""

from __future__ import annotations

import threading
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from headshot.authenticity.aligned_pair import AlignedPair, portrait
from headshot.authenticity.close_up import CloseUp
from headshot.errors import NoFace, UserError
from headshot.files.data_url import data_url
from headshot.imaging.landmarks import eye_distance
from headshot.studio.match import Match, match_pair
from headshot.studio.result_report import landmarks_of
from headshot.studio.sheet.sheet import Cell
from headshot.types import F32, U8, AuthenticityReport, Headshot, Photo
from headshot.ui.compare.sheet_session import SheetSession
from headshot.ui.components.film_strip.film_strip import film_item, thumbnail
from headshot.ui.components.uploads import Upload
from headshot.ui.judge.session import opened
from headshot.ui.make.session import MakeSession

Side = Literal["first", "second"]
PHOTO, UPLOAD = "photo", "upload"


@dataclass(frozen=True, eq=False)
class Source:
    """One picture that can be chosen. `name` for a program, `title` for people; one of `result`, `photo` is there."""

    name: str
    title: str
    result: Headshot | None = None
    photo: Photo | None = None

    def same(self, other: Source | None) -> bool:
        """Whether both are one picture: a new photo's pictures come under the names of the one before."""
        return other is not None and self.result is other.result and self.photo is other.photo


@dataclass(frozen=True, eq=False)
class FramedPair:
    """Two pictures in one frame; `of`: what they are. `same_frame`: they were framed alike already, so that no pixel
    was moved.
    """

    of: tuple[Source, Source]
    pair: AlignedPair
    match: Match
    same_frame: bool

    @property
    def names(self) -> tuple[str, str]:
        """Both titles, for people."""
        return self.of[0].title, self.of[1].title

    @property
    def note(self) -> str:
        said = "Framed alike: no pixel was moved." if self.same_frame else self.pair.note
        return " ".join((said, *self.match.notes))


class PairSession:
    """The visitor's choice, and an uploaded picture."""

    def __init__(self) -> None:
        self.chosen: dict[Side, str] = {"first": PHOTO, "second": ""}
        self.upload: Photo | None = None
        self.framed: FramedPair | None = None
        self.lock = threading.RLock()

    def close(self) -> None:
        """Forget everything."""
        with self.lock:
            self.upload = self.framed = None

    def sources(self, session: MakeSession | None, sheet: SheetSession | None) -> list[Source]:
        """All pictures there are: the photo, the session's own, the sheet's cells, the uploaded one."""
        found: list[Source] = []
        if session is not None:
            found.append(Source(PHOTO, "Your photo", photo=session.sitting.photo))
            found += [Source(f"step-{s.number}", s.what, s.result) for s in session.history.strip]
        if sheet is not None and session is not None and sheet.sitting is session.sitting:
            found += [
                Source(f"cell-{c.place.row}-{c.place.column}", _cell_title(sheet, c), c.result)
                for c in list(sheet.cells)
                if c.result is not None
            ]
        if self.upload is not None:
            found.append(Source(UPLOAD, "From elsewhere", photo=self.upload))
        return found

    def settle(self, found: Sequence[Source], session: MakeSession | None) -> None:
        """Where nothing, or something that is gone, is chosen: your photo and the current picture."""
        names = {s.name for s in found}
        current = session.history.now if session is not None else None
        usual: dict[Side, str] = {"first": PHOTO, "second": f"step-{current.number}" if current else ""}
        with self.lock:
            self.chosen = {side: name if name in names else usual[side] for side, name in self.chosen.items()}

    def choose(self, side: Side, name: str) -> None:
        """Another picture for one side."""
        with self.lock:
            self.chosen[side] = name

    def put(self, file: Upload | None) -> None:
        """An uploaded picture, which becomes the second; None where its field was emptied. Raises UserError."""
        with self.lock:
            self.upload = None
            if file is not None:
                self.upload = opened(file.read())
                self.chosen["second"] = UPLOAD
            elif self.chosen["second"] == UPLOAD:
                self.chosen["second"] = ""

    def bring_together(self, session: MakeSession | None, sheet: SheetSession | None) -> FramedPair:
        """The two chosen pictures in one frame. Raises UserError where one is missing, or shows no face.

        What is chosen while it works is heeded, so that of several requests at once each answers with the last choice.
        """
        while True:
            of = self._chosen(session, sheet)
            try:
                two = _framed(*of, session)
            except UserError:
                if self._is_chosen(of, session, sheet):
                    raise
                continue
            with self.lock:
                if self._is_chosen(of, session, sheet):
                    self.framed = two
                    return two

    def standing(self, session: MakeSession | None, sheet: SheetSession | None) -> FramedPair | None:
        """What was brought together and is chosen still; None where the choice, or a picture of it, is another one."""
        two = self.framed
        return two if two is not None and self._is_chosen(two.of, session, sheet) else None

    def measure(self) -> AuthenticityReport | None:
        """The report on the two, the first as the original; None when others were chosen meanwhile."""
        two = self.framed
        if two is None:
            return None
        report = two.match.report()
        return report if self.framed is two else None

    def close_up(self) -> CloseUp | None:
        """The closer look at the two; None where there are none."""
        return None if self.framed is None else self.framed.match.close_up()

    def _chosen(self, session: MakeSession | None, sheet: SheetSession | None) -> tuple[Source, Source]:
        first, second = self._looked_up(session, sheet)
        if first is None or second is None:
            raise UserError("Two pictures are needed.", "Choose one in each row.")
        if first.name == second.name:
            raise UserError("Both are the same picture.", "Choose another one in one of the rows.")
        return first, second

    def _is_chosen(self, of: tuple[Source, Source], session: MakeSession | None, sheet: SheetSession | None) -> bool:
        return all(mine.same(theirs) for mine, theirs in zip(of, self._looked_up(session, sheet), strict=True))

    def _looked_up(self, session: MakeSession | None, sheet: SheetSession | None) -> list[Source | None]:
        with self.lock:
            known = {s.name: s for s in self.sources(session, sheet)}
            return [known.get(self.chosen[side]) for side in ("first", "second")]


def items(found: Sequence[Source], session: MakeSession | None) -> list[dict[str, object]]:
    """The sources for `film_value`."""
    return [film_item(s.name, s.title, _thumbnail(s, session)) for s in found]


def _framed(first: Source, second: Source, session: MakeSession | None) -> FramedPair:
    a, b = _placed(first, second, session), _placed(second, first, session)
    if a is not None and b is not None and a[0].shape == b[0].shape and np.array_equal(a[1], b[1]):
        eye_px = eye_distance(a[1])
        return FramedPair((first, second), AlignedPair(a[0], b[0], a[1], b[1], eye_px, (1.0, 1.0)), Match(a, b), True)
    match = Match(a, b) if a is not None and b is not None else match_pair(_photo(first), _photo(second))
    return FramedPair((first, second), match.aligned(), match, False)


def _placed(source: Source, beside: Source, session: MakeSession | None) -> tuple[U8, F32] | None:
    """A picture with its landmarks, where these are known. Your photo beside a result is the one framed like it."""
    if source.result is not None:
        marks = landmarks_of(source.result)
        if marks is None:
            raise NoFace(f"No face was found in “{source.title}”.", "Choose another picture.")
        return source.result.picture, marks
    if source.name != PHOTO or session is None:
        return None
    if beside.result is not None:
        return beside.result.canvas.original, beside.result.canvas.original_landmarks
    return session.sitting.photo.pixels, session.sitting.subject.landmarks


def _photo(source: Source) -> Photo:
    if source.photo is not None:
        return source.photo
    assert source.result is not None
    return Photo(source.result.picture, "result")


def _cell_title(sheet: SheetSession, cell: Cell) -> str:
    rows, columns = sheet.sheet.rows.labels, sheet.sheet.columns.labels
    return f"{rows[cell.place.row]}, {columns[cell.place.column]}"


def _thumbnail(source: Source, session: MakeSession | None) -> str:
    if source.result is not None:
        return thumbnail(source.result)
    assert source.photo is not None
    if source.name == PHOTO and session is not None:
        return data_url(portrait(session.sitting.photo.pixels, session.sitting.subject.landmarks, 180), 82)
    return data_url(source.photo.pixels, 82, 180)
