"""The queue: bounded as a whole and for each visitor, whose turns are fair; each place in it told, and no work for
callers who have left.
"""

from __future__ import annotations

import itertools
import random
from collections import Counter
from collections.abc import Callable
from time import monotonic
from typing import Any

from gradio import queueing
from gradio.context import LocalContext
from gradio.server_messages import LogMessage, ProcessCompletedMessage

from headshot.errors import UserError
from headshot.files.asker import Asker
from headshot.language import tr
from headshot.ui.components.upload_field import UploadField

MOST = 200  # requests that wait; a photo is about eight, a move of a control two
MOST_OF_ONE = 24  # that wait for one visitor: above it what is superseded gives way; or for one address of a program
MOST_CLICKS = 96  # that wait for one visitor where none is superseded
AT_WORK_FOR_ONE = 2  # requests to one function, or those that share its places, that one visitor has at work
UPLOADS_FOR_ONE = 1  # at work, whatever field they are for
MOST_OF_PROGRAMS = 100  # that wait for endpoints: programs leave room for people
FULL = "Too many people are here just now. Nothing of yours is lost: try again in a minute."
UNKNOWN = "There is no such function. Reload the page."
TOO_MANY = "You have too many requests waiting. Wait for one of them."
LONGEST_NAME = 64  # characters of a session's name; a browser's has eleven
_TOLD_FROM = 4  # requests before one's own, from which the place is told
_TOLD_EVERY = 15.0  # s


class Waiting(queueing.Queue):  # type: ignore[misc]
    """Gradio's queue with sentences where it is full, and a visitor's place told as a message on the page."""

    def __init__(self, *given: Any, **settings: Any) -> None:
        super().__init__(*given, **settings)
        self._told: dict[str, float] = {}  # s of the monotonic clock, by session
        self._turns: dict[str, int] = {}  # the number of its last turn, by session
        self._numbers = itertools.count(1)
        self._takers: dict[int, bool] = {}  # whether it takes an upload, by function
        self.sleep_when_free = 0.01  # s between looks at what waits; a thousand a second keep the page from answering

    async def push(self, body: Any, request: Any, username: str | None) -> Any:
        """Take a request in, or say why not, as Gradio's: (whether, the event's id or the reason, the kind)."""
        if body.fn_index not in self.blocks.fns or len(body.session_hash or "") > LONGEST_NAME:
            return False, UNKNOWN, "error"
        address = getattr(request.client, "host", "")
        self._give_way(body)
        if reason := self._refusal(body, address):
            return False, reason, "queue_full"
        taken = await super().push(body, request, username)
        if taken[0] and not _is_endpoint(body, self.blocks):
            self._tell_place(str(taken[1]))
        return taken

    def waiting(self) -> list[Any]:
        """The requests that wait, whosever."""
        return [event for places in self.event_queue_per_concurrency_id.values() for event in places.queue]

    def drop(self, session: str) -> None:
        """Let go of what waits for a session that is forgotten, and have what is at work for it end where it can."""
        self._turns.pop(session, None)
        for event in (one for job in list(self.active_jobs) if job for one in job):
            if event.session_hash == session:
                event.alive = False
        for event in self.waiting():
            if event.session_hash == session:
                self._take_off(event)

    def send_message(self, event: Any, event_message: Any) -> None:
        """As Gradio's; to a forgotten session nothing is sent, where Gradio's whole queue would stop for all."""
        if event.session_hash in self.pending_messages_per_session:
            super().send_message(event, event_message)

    def _refusal(self, body: Any, address: str) -> str:
        waiting = self.waiting()
        if len(waiting) >= MOST:
            return FULL
        session = body.session_hash
        if not _is_endpoint(body, self.blocks):
            return TOO_MANY if sum(e.session_hash == session for e in waiting) >= MOST_CLICKS else ""
        programs = [e for e in waiting if e.fn.api_visibility == "public"]
        of_one = (e.session_hash == session if session else _address(e) == address for e in programs)
        if sum(of_one) >= MOST_OF_ONE:
            return TOO_MANY
        return FULL if len(programs) >= MOST_OF_PROGRAMS else ""

    def _give_way(self, body: Any) -> None:
        """Where a visitor has as many waiting as one may have, end the oldest of those that a newer one supersedes.

        Those are of functions of which the last request counts alone, such as a picture with a slider's new value. A
        star, an undo or a consent is none: each is worked on.
        """
        mine = [e for e in self.waiting() if e.session_hash == body.session_hash]
        if len(mine) < MOST_OF_ONE or _is_endpoint(body, self.blocks):
            return
        newest = {e.fn._id: e for e in mine if e.fn._id != body.fn_index}  # by each function, in the order they came
        superseded = [e for e in mine if e.fn.trigger_mode == "always_last" and newest.get(e.fn._id) is not e]
        if not superseded:
            return
        oldest = min(superseded, key=lambda e: e.enqueue_time)
        self._take_off(oldest)
        nothing = [None if block.stateful else {"__type__": "update"} for block in oldest.fn.outputs]
        self.send_message(oldest, ProcessCompletedMessage(output={"data": nothing}, success=True))

    def _take_off(self, event: Any) -> None:
        """Let go of one that waits, and of what was sent with it."""
        self.event_queue_per_concurrency_id[event.concurrency_id].queue.remove(event)
        self.event_ids_to_events.pop(event._id, None)

    def get_events(self) -> tuple[list[Any], bool, str] | None:
        """The next request to be worked on, as Gradio's: whose visitor has the fewest at work, and of those the one who
        has waited for a turn the longest, newcomers first.
        """
        at_work = [event for job in self.active_jobs if job for event in job]
        for_one = Counter(e.session_hash for e in at_work)
        here = Counter((e.concurrency_id, e.session_hash) for e in at_work)
        uploads = Counter(e.session_hash for e in at_work if self._takes_upload(e.fn))
        names = list(self.event_queue_per_concurrency_id)
        random.shuffle(names)
        for name in names:
            places = self.event_queue_per_concurrency_id[name]
            if places.concurrency_limit is not None and places.current_concurrency >= places.concurrency_limit:
                continue
            free = [e for e in places.queue if here[name, e.session_hash] < AT_WORK_FOR_ONE]
            free = [
                e
                for e in free
                if not self._takes_upload(e.fn)
                or (uploads[e.session_hash] < UPLOADS_FOR_ONE and not _pauses(e.session_hash))
            ]
            if free:
                event = min(free, key=lambda e: (for_one[e.session_hash], self._turns.get(e.session_hash, 0)))
                places.queue.remove(event)
                self._turns[event.session_hash] = next(self._numbers)
                return [event], False, name
        return None

    def _takes_upload(self, function: Any) -> bool:
        if function._id not in self._takers:
            self._takers[function._id] = any(isinstance(block, UploadField) for block in function.inputs)
        return self._takers[function._id]

    def _tell_place(self, event_id: str) -> None:
        event = self.event_ids_to_events.get(event_id)
        queue = self.event_queue_per_concurrency_id[event.concurrency_id].queue if event is not None else []
        before = queue.index(event) if event in queue else 0
        if event is None or before < _TOLD_FROM:
            return
        now = monotonic()
        self._told = {key: at for key, at in self._told.items() if now - at < _TOLD_EVERY}
        if event.session_hash not in self._told:
            self._told[event.session_hash] = now
            words = tr("Many people are here just now: {before} requests are before yours.", before=before)
            self.send_message(event, LogMessage(log=words, level="info", title=tr("Your place"), duration=8))


def install() -> None:
    """Let Gradio use `Waiting` for the pages that are built from now on, in this process."""
    queueing.Queue = Waiting


def _nobody_pauses(_: str) -> bool:
    return False


_pauses: Callable[[str], bool] = _nobody_pauses


def pauses_by(pauses: Callable[[str], bool]) -> None:
    """Have uploads of sessions that `pauses` names wait from now on: who was refused sends the next at once else."""
    global _pauses
    _pauses = pauses


def while_wanted() -> Callable[[object], None]:
    """A progress function for work on a request of a program: raises UserError once its caller has left."""
    return _while_wanted(LocalContext.event_id.get(None), LocalContext.blocks.get(None))


def asker_of(session: str | None, event_id: str | None, blocks: Any) -> Asker:
    """Who asks for what is at work under this event's id."""
    return Asker(session or "", _while_wanted(event_id, blocks))


def _while_wanted(event_id: str | None, blocks: Any) -> Callable[[object], None]:
    def at_work() -> list[Any]:
        jobs = blocks._queue.active_jobs if event_id and blocks is not None else []
        return [one for job in list(jobs) if job for one in job if one._id == event_id]

    event = next(iter(at_work()), None)

    def go_on(_: object) -> None:
        # One that is cancelled is taken off the table; one whose connection ended is marked.
        if event is not None and not (event.alive and at_work()):
            raise UserError("The caller has left.")

    return go_on


def _is_endpoint(body: Any, blocks: Any) -> bool:
    return bool(blocks.fns[body.fn_index].api_visibility == "public")


def _address(event: Any) -> str:
    return str(getattr(event.request.client, "host", ""))
