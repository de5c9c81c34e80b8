"""Uploads: read once, then gone. Gradio lays them into the app's temporary folder; that is the only copy on disk."""

from __future__ import annotations

import threading
from pathlib import Path

from headshot.photo.decode import MAX_BYTES, too_heavy

LINGER = 15.0  # s that the file stays after it was read: the browser may still be asking for it as its preview


def take(path: str) -> bytes:
    """The bytes of an upload; its file is deleted LINGER seconds later, read or refused. Raises PhotoError."""
    file = Path(path)
    try:
        if file.stat().st_size > MAX_BYTES:
            raise too_heavy()
        return file.read_bytes()
    finally:
        _remove(file)


def _remove(file: Path) -> None:
    if LINGER <= 0:
        file.unlink(missing_ok=True)
        return
    timer = threading.Timer(LINGER, file.unlink, kwargs={"missing_ok": True})
    timer.daemon = True  # at the end of the process the whole folder goes
    timer.start()
