"""Gradio's upload route: few files, each in a folder of its own under a plain name, no part left behind, and so many
bytes in all.

Gradio names an upload's folder by what is in the file, so two visitors with the same file would share one copy; here
nobody can tell a folder's name, nor the file's, from the file. It has no setting for any of this.
"""

from __future__ import annotations

import contextlib
import errno
import os
import re
import secrets
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import anyio
from gradio import route_utils, routes
from starlette.datastructures import FormData

from headshot.language import tr
from headshot.ui.components.uploads import MOST, folder
from headshot.ui.server.temp_folder import sweep

FULL = "There is no room for the file on the server's disk. Try again in a few minutes."
TOO_MANY = "At most {most} files are taken at a time. Choose fewer, and then the next ones."
NO_FILE = "Only files are taken."
TOGETHER = 2**30  # bytes of all files that lie or come in: six times what one request may bring
UNREAD = 30.0  # s after which a file that nobody asked to be read goes, where there is no room
MOST_TOLD = 200  # uploads whose progress is told at a time
LONGEST_ID = 64  # characters of an upload's name for that; a browser's has eleven
_LEAST = 64 * 1024  # bytes that a file counts for at least: there are only so many names on a disk
_STEP = 2**20  # bytes of a request that are taken at once
_LOOK = 16 * 2**20  # bytes after which the folder is looked at again
_ENDING = re.compile(r"\.[A-Za-z0-9]{1,5}\Z")


class Room:
    """What there is room for in the folder of uploads: TOGETHER bytes, counted each _LOOK bytes."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._left = 0  # bytes that may come before the next look

    def take(self, count: int) -> None:
        """Take so many bytes; where there is no room, what nobody had read goes first. Raises OSError (ENOSPC)."""
        with self._lock:
            self._left -= count
            if self._left >= 0:
                return
            free = TOGETHER - _held()
            if free < max(_LOOK, count):
                sweep(Path(folder()), UNREAD)
                free = TOGETHER - _held()
            if free < count:
                raise OSError(errno.ENOSPC, "the folder of uploads is full")
            self._left = min(free, _LOOK)


class UploadParser(route_utils.GradioMultiPartParser):  # type: ignore[misc]
    """As Gradio's own, at most `MOST` files and nothing else; `parse` leaves none when it fails or the client goes."""

    def __init__(self, headers: Any, stream: Any, **settings: Any) -> None:
        super().__init__(headers, self._bounded(stream), **{**settings, "max_files": MOST, "max_fields": MOST})

    async def _bounded(self, stream: Any) -> Any:
        came = 0
        async for chunk in stream:
            came += len(chunk)
            if came >= _STEP:
                await anyio.to_thread.run_sync(_room.take, came)
                came = 0
            yield chunk

    def on_headers_finished(self) -> None:
        """Begin a part: salt the hash that names its folder; of the client's name only the ending stays."""
        super().on_headers_finished()
        file: Any = self._current_part.file
        if file is None or self._current_part.field_name != "files":  # a text would be held in memory, whole
            raise route_utils.MultiPartException(tr(NO_FILE))
        _room.take(_LEAST)
        file.sha.update(secrets.token_bytes(32))
        ending = _ENDING.search(file.filename or "")
        file.filename = f"upload{ending.group().lower() if ending else ''}"

    async def parse(self) -> FormData:
        """Read the whole request. Raises what Gradio's parser raises; no part of a file is left then."""
        try:
            return await super().parse()
        except BaseException as fault:  # the client went, the disk is full, the request is none
            for part in self._files_to_close_on_error:
                with contextlib.suppress(OSError):
                    part.close()
                with contextlib.suppress(OSError):
                    os.unlink(part.name)
            if isinstance(fault, OSError) and fault.errno in (errno.ENOSPC, errno.EDQUOT):
                raise route_utils.MultiPartException(tr(FULL)) from None
            if self._current_files > MOST:
                raise route_utils.MultiPartException(tr(TOO_MANY, most=MOST)) from None
            raise


class Progress(route_utils.FileUploadProgress):  # type: ignore[misc]
    """As Gradio's, of the last MOST_TOLD uploads: Gradio keeps each that nobody asks about for good."""

    def track(self, upload_id: str) -> None:
        """Begin to tell of an upload; of one with a longer name than a browser's nothing is told."""
        if len(upload_id) <= LONGEST_ID:
            super().track(upload_id)
            while len(self._statuses) > MOST_TOLD:
                self.stop_tracking(next(iter(self._statuses)))

    def append(self, upload_id: str, filename: str, message_bytes: bytes) -> None:
        """Note what came, of one that is told of."""
        if upload_id in self._statuses:
            super().append(upload_id, filename, message_bytes)

    def set_done(self, upload_id: str) -> None:
        """Note the end, of one that is told of."""
        if upload_id in self._statuses:
            super().set_done(upload_id)

    def stop_tracking(self, upload_id: str) -> None:
        """Forget an upload, and who waited for it."""
        super().stop_tracking(upload_id)
        self._signals.pop(upload_id, None)

    async def is_tracked(self, upload_id: str) -> bool:
        """Wait until the upload has begun; whoever waits in vain leaves nothing behind."""
        try:
            return bool(await super().is_tracked(upload_id))
        finally:
            if upload_id not in self._statuses:
                self._signals.pop(upload_id, None)


def install() -> None:
    """Let Gradio's upload route use these, in this process."""
    route_utils.GradioMultiPartParser = UploadParser
    routes.file_upload_statuses = Progress()


def _held() -> int:
    """Bytes of all files in the folder of uploads."""
    return sum(max(size, _LEAST) for size in _sizes())


def _sizes() -> Iterator[int]:
    for above, _, files in os.walk(folder()):
        for name in files:
            with contextlib.suppress(OSError):
                yield os.lstat(os.path.join(above, name)).st_size


_room = Room()
