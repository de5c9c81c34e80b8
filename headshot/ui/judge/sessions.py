"""The JudgeSessions of all visitors, by Gradio's session hash."""

from __future__ import annotations

import threading
from weakref import WeakValueDictionary

from headshot.ui.judge.session import JudgeSession


class JudgeSessions:
    """The sessions of all visitors by Gradio's session hash, held weakly: the page's state alone keeps one alive."""

    def __init__(self, *, agreed: bool = True) -> None:
        """`agreed`: of a session that begins, as in JudgeSession."""
        self._agreed = agreed
        self._known: WeakValueDictionary[str, JudgeSession] = WeakValueDictionary()
        self._opening = threading.Lock()

    def of(self, key: str | None) -> JudgeSession:
        """Find a visitor's session, or begin it; always a new one for None.

        Two photos dropped at once find none yet, each in its own thread: both get the same one.
        """
        with self._opening:
            session = self._known.get(key) if key is not None else None
            if session is None:
                session = JudgeSession(agreed=self._agreed)
                if key is not None:
                    self._known[key] = session
            return session

    def __contains__(self, key: str) -> bool:
        return key in self._known
