"""One request being worked on: opened, watched as it goes, stopped, closed, whichever door it came by."""

from __future__ import annotations

import threading
from abc import ABC, abstractmethod
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from typing import Any, Generic, Self, TypeVar

from headshot.direction.notes import notes_on
from headshot.direction.places import SUGGESTED
from headshot.files import signing_fault
from headshot.language import tr
from headshot.studio.requests import Request, direction_of, open_sitting, with_clicks
from headshot.studio.session import Sitting
from headshot.studio.suggested_spots import suggested_heal
from headshot.types import Check, Preview

Item = TypeVar("Item")
Write = Callable[[Mapping[str, Any]], str]  # settings as the user of a door would write them


class Job(ABC, Generic[Item]):
    """`work` yields a generator's previews and each finished Item; `stop` keeps what is done, `close` forgets it.

    A sitting that was open before stays open: its owner closes it.
    """

    def __init__(self, request: Request, engines: Collection[str] = ()) -> None:
        """Make the direction and open the photo; nothing is painted yet. Raises UserError."""
        self.engine = request.engine
        self.direction, self.pose_lines = direction_of(request, engines)
        self.sitting = open_sitting(request)
        self.direction = with_clicks(self.direction, request, self.sitting.photo)
        self.closed = False
        self._stopped = threading.Event()
        self._asks_for_spots = SUGGESTED in request.heal_at
        self._opened_here = not isinstance(request.photo, Sitting)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @abstractmethod
    def work(self) -> Iterator[Preview | Item]:
        """Make it, piece by piece. Raises UserError; what is done stays."""

    def run(self, progress: Callable[[Preview | Item], None] | None = None) -> Self:
        """Work to the end; `progress` is told of each piece, and ends the work by raising. Raises UserError."""
        try:
            for item in self.work():
                if progress is not None:
                    progress(item)
        except BaseException:
            self.close()
            raise
        return self

    @property
    def stopped(self) -> bool:
        return self._stopped.is_set()

    def stop(self) -> None:
        """Begin no further picture; a generator ends before its next step."""
        self._stopped.set()

    def close(self) -> None:
        """Forget everything, also what is being made now."""
        self.closed = True
        self.stop()
        self.forget()
        if self._opened_here:
            self.sitting.close()

    def forget(self) -> None:
        """Drop the pictures that were made."""

    @property
    def checks(self) -> tuple[Check, ...]:
        """The photo check, the gravest first."""
        return self.sitting.subject.checks

    def notes(self, write: Write | None = None) -> list[str]:
        """Sentences on how the photo was read, photos that were left out, settings and words that made no difference,
        and a missing signature.

        `write`: a setting that the words stand for, as this door takes it.
        """
        photos = (*self.sitting.photo.notes, *self.own_notes(), *self.sitting.left_out)
        notes = (*photos, *self._spots(write), *self.ignored(write), signing_fault())
        return list(dict.fromkeys(filter(None, notes)))

    @property
    def suggested_heal(self) -> str:
        """Spots that might be healed, as a value of retouch.heal: see `suggested_spots`."""
        return suggested_heal(self.sitting)

    def _spots(self, write: Write | None) -> Iterable[str]:
        if not self._asks_for_spots:
            return []
        if not (found := self.suggested_heal):
            return [tr("No spot of the skin is suggested for healing.")]
        how = write({"retouch.heal": found}) if write else found
        return [tr("Spots that might be healed, none is before you ask for it: {how}", how=how)]

    def own_notes(self) -> Iterable[str]:
        """What this kind of request has to say of its results."""
        return ()

    def ignored(self, write: Write | None) -> Iterable[str]:
        """The settings and the parts of the words that the engine does not follow, a sentence each."""
        return notes_on(self.direction, self.engine, write)
