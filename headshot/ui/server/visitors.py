"""The visitors' sessions: how long each is kept, and how all of it is forgotten.

Gradio keeps a session's State for an hour after its page was closed. Here a session goes whole: the objects in its
State are closed, and every table of Gradio that has something under its key lets go of it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from time import monotonic
from typing import Any

from gradio.state_holder import SessionState, StateHolder
from starlette.types import ASGIApp, Receive, Scope, Send

from headshot.environment import give_back_freed_memory
from headshot.ui import session_state
from headshot.ui.server import memory, pictures
from headshot.ui.server.log import log_fault
from headshot.ui.server.visitor_session import VisitorSession

GRACE = 20.0  # s that a page may lose its connection; then it counts as closed
REST = 15.0  # s without use after which a session lets go of what is soon made again
RELIEVED = 4  # sessions at a time that give memory back while the process holds much
MOST = 400  # sessions at a time
MOST_PHOTOS = 100  # of them with a photo, some 40 MB each
_HEARTBEAT = "/heartbeat/"


class Visitors(StateHolder):  # type: ignore[misc]
    """Gradio's table of sessions, with an end for each: see `sweep`."""

    def __init__(self, blocks: Any) -> None:
        super().__init__()
        self.set_blocks(blocks)
        self.capacity = MOST
        self._used: dict[str, float] = {}  # s of the monotonic clock
        self._left: set[str] = set()  # sessions whose page was closed
        self._rested: dict[str, float] = {}  # the use before their rest, by session
        self._relieved: dict[str, float] = {}  # the use before they were made smaller, by session
        # A session that is at work is closed when it is done; the event loop must not wait for that.
        self._closing = ThreadPoolExecutor(1, thread_name_prefix="forget")
        self._due = 0  # sessions that wait there
        self._pages: Counter[str] = Counter()  # connections that an open page holds, by session

    def __getitem__(self, key: str) -> SessionState:
        self._used[key] = monotonic()
        if key not in self.session_data:
            self.session_data[key] = VisitorSession(self.blocks)
        return super().__getitem__(key)

    def update(self, key: str) -> None:
        """Note a use. Above `capacity` one session goes: the oldest without a photo, of a closed page first."""
        with self.lock:
            if key in self.session_data:
                self.session_data.move_to_end(key)
            over = len(self.session_data) > self.capacity
            others = [k for k in self.session_data if k != key] if over else []
        if others:
            self.forget(min(others, key=self._worth))

    def delete_all_expired_state(self) -> None:
        """Called by Gradio each second: `sweep`."""
        self.sweep()

    def sweep(self) -> None:
        """Forget each session without use for KEEP_SECONDS, and after GRACE each whose page is closed.

        While something is still being made for it, an open page's session stays. What holds no photo (the looks that
        a visitor loaded) stays with an open page.
        """
        now = monotonic()
        self.blocks.upload_file_set.clear()  # Gradio notes each upload's path there for good, and asks for none
        busy = self._busy()
        for key in list(self.session_data):
            idle = now - self._used.get(key, now)
            # A program has no page: its answer waits for it.
            unfetched = self.blocks._queue.pending_event_ids_session.get(key) and key not in self._left
            waits = self._pages[key] > 0 or bool(unfetched)
            if (idle > session_state.KEEP_SECONDS and key not in busy) or (idle > GRACE and not waits):
                self.forget(key)
            elif idle > REST and key not in busy:
                self._rest(key)
        if self._due == 0 and memory.held() > memory.MUCH:
            self._closing.submit(self._relieve, busy)

    def forget(self, key: str) -> None:
        """Close all that a session holds and drop it from every table."""
        with self.lock:
            state = self.session_data.pop(key, None)
            self.time_last_used.pop(key, None)
            self._used.pop(key, None)
            self._left.discard(key)
            self._rested.pop(key, None)
            self._relieved.pop(key, None)
        queue = self.blocks._queue
        queue.drop(key)
        for table in (
            queue.pending_messages_per_session,
            queue.pending_event_ids_session,
            self.blocks.pending_streams,
            self.blocks.pending_diff_streams,
        ):
            table.pop(key, None)
        if state is None:
            return
        held = {k: value for k, value in state.state_data.items() if not hasattr(value, "close")}
        closed = [value for value in state.state_data.values() if hasattr(value, "close")]
        state.state_data.clear()
        pictures.forget(state)
        if self._pages[key] > 0 and held:
            again = VisitorSession(self.blocks)
            again.state_data.update(held)
            with self.lock:
                self.session_data.setdefault(key, again)
                self._used[key] = monotonic()
        if closed:
            self._put_aside(_close, closed)

    def _rest(self, key: str) -> None:
        state = self.session_data.get(key)
        if state is None or self._rested.get(key) == self._used.get(key):
            return
        self._rested[key] = self._used.get(key, 0.0)
        held = [value for value in list(state.state_data.values()) if hasattr(value, "rest")]
        if held:
            self._put_aside(_rest, held)

    def _relieve(self, busy: set[str]) -> None:
        """Have the sessions that were not used for the longest keep less, those of a few each time.

        Unless it is enough that the process gives back what it keeps for the next picture.
        """
        give_back_freed_memory()
        if memory.held() <= memory.MUCH:
            return
        used = {k: at for k, at in dict(self._used).items() if k not in busy and self._relieved.get(k) != at}
        now = sorted(used, key=used.__getitem__)[:RELIEVED]
        self._relieved |= {key: used[key] for key in now}
        states = [self.session_data[key] for key in now if key in self.session_data]
        held = [value for state in states for value in list(state.state_data.values()) if hasattr(value, "shrink")]
        if held:
            self._put_aside(_shrink, held)

    def _put_aside(self, work: Callable[[list[Any]], None], held: list[Any]) -> None:
        """Have a session's objects closed or rested, in the thread for it; after the last one memory is given back."""
        with self.lock:
            self._due += 1
        self._closing.submit(self._work_off, work, held)

    def _work_off(self, work: Callable[[list[Any]], None], held: list[Any]) -> None:
        work(held)
        with self.lock:
            self._due -= 1
            last = self._due == 0
        if last:
            memory.give_back(self.present)

    def present(self) -> bool:
        """Whether anybody has a photo here, or anything is at work."""
        return any(map(_holds_something, list(self.session_data.values()))) or any(self.blocks._queue.active_jobs)

    def page_opened(self, key: str) -> None:
        """A page of this session holds a connection from now on."""
        self._pages[key] += 1
        self._left.discard(key)

    def page_closed(self, key: str) -> None:
        """It no longer does; the session goes GRACE seconds later unless it is used, or a page comes back."""
        self._pages[key] -= 1
        if self._pages[key] <= 0:
            del self._pages[key]
            if key in self._used:
                self._left.add(key)
                self._used[key] = monotonic()

    def _worth(self, key: str) -> tuple[bool, bool, float]:
        return _holds_something(self.session_data.get(key)), self._pages[key] > 0, self._used.get(key, 0)

    def has_room_for(self, state: SessionState) -> bool:
        """Whether the session with this state may bring a photo: it has one, or fewer than MOST_PHOTOS others have."""
        if _holds_something(state):
            return True
        return sum(map(_holds_something, list(self.session_data.values()))) < MOST_PHOTOS

    def _busy(self) -> set[str]:
        """The sessions for which something is at work, or waits, unless their page was closed meanwhile."""
        at_work = {event.session_hash for job in list(self.blocks._queue.active_jobs) if job for event in job}
        return at_work | {event.session_hash for event in self.blocks._queue.waiting()} - self._left


class Heartbeats:
    """ASGI middleware: tells the Visitors of the app which pages are open, by the connection that each holds."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        _, found, key = str(scope.get("path", "")).partition(_HEARTBEAT)
        visitors = getattr(scope["app"], "state_holder", None) if scope["type"] == "http" and found else None
        if not isinstance(visitors, Visitors):
            await self._app(scope, receive, send)
            return
        visitors.page_opened(key)
        try:
            await self._app(scope, receive, send)
        finally:
            visitors.page_closed(key)


def _holds_something(state: SessionState | None) -> bool:
    held = [] if state is None else list(state.state_data.values())
    return any(hasattr(value, "close") and getattr(value, "holds_photo", True) for value in held)


def _close(held: list[Any]) -> None:
    while held:
        try:
            held.pop().close()
        except Exception as fault:  # noqa: BLE001 (the others are closed in any case)
            log_fault(fault)


def _rest(held: list[Any]) -> None:
    for value in held:
        value.rest()
    held.clear()


def _shrink(held: list[Any]) -> None:
    for value in held:
        value.shrink()
    held.clear()
