"""A server that starts slowly, on a busy machine or from a cold disk, is waited for."""

from __future__ import annotations

import threading
from typing import Any

from gradio import http_server
from gradio.exceptions import ServerFailedToStartError


def install() -> None:
    """Let Gradio wait for its server until it answers or ends: after 5 s it gives up, and calls its port taken."""
    http_server.Server.run_in_thread = _run_in_thread


def _run_in_thread(server: Any) -> None:
    server.thread = threading.Thread(target=server.run, daemon=True)
    if server.reloader:  # on a Space in its development mode
        server.watch_thread = threading.Thread(target=server.watch, daemon=True)
        server.watch_thread.start()
    server.thread.start()
    while not server.started:
        server.thread.join(0.01)
        if not server.thread.is_alive() and not server.started:
            raise ServerFailedToStartError  # it ended
