"""The queue: bounded as a whole and for each visitor, each place in it told, and no work for callers who have left."""

from __future__ import annotations

from collections.abc import Callable
from time import monotonic
from typing import Any

from gradio import queueing
from gradio.context import LocalContext
from gradio.server_messages import LogMessage

from headshot.errors import UserError
from headshot.language import tr

MOST = 200  # requests that wait; a photo is about eight, a move of a control two
MOST_OF_ONE = 24  # that wait for one visitor, or one address of a program
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
        self.sleep_when_free = 0.01  # s between looks at what waits; a thousand a second keep the page from answering

    async def push(self, body: Any, request: Any, username: str | None) -> Any:
        """Take a request in, or say why not, as Gradio's: (whether, the event's id or the reason, the kind)."""
        if body.fn_index not in self.blocks.fns or len(body.session_hash or "") > LONGEST_NAME:
            return False, UNKNOWN, "error"
        address = getattr(request.client, "host", "")
        if reason := self._refusal(body, address):
            return False, reason, "queue_full"
        taken = await super().push(body, request, username)
        if taken[0] and not _is_endpoint(body, self.blocks):
            self._tell_place(str(taken[1]))
        return taken

    def _refusal(self, body: Any, address: str) -> str:
        waiting = [event for queue in self.event_queue_per_concurrency_id.values() for event in queue.queue]
        if len(waiting) >= MOST:
            return FULL
        session = body.session_hash
        programs = [e for e in waiting if e.fn.api_visibility == "public"]
        of_one = (e.session_hash == session for e in waiting) if session else (_address(e) == address for e in programs)
        if sum(of_one) >= MOST_OF_ONE:
            return TOO_MANY
        return FULL if len(programs) >= MOST_OF_PROGRAMS and _is_endpoint(body, self.blocks) else ""

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
            said = tr("Many people are here just now: {before} requests are before yours.", before=before)
            self.send_message(event, LogMessage(log=said, level="info", title=tr("Your place"), duration=8))


def install() -> None:
    """Let Gradio use `Waiting` for the pages that are built from now on, in this process."""
    queueing.Queue = Waiting


def while_wanted() -> Callable[[object], None]:
    """A progress function for work on a request of a program: raises UserError once its caller has left."""
    event_id, blocks = LocalContext.event_id.get(None), LocalContext.blocks.get(None)

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
