"""Uploads: a file counts as one only if it came through the app's own upload route; read once, then gone.

The browser tells a handler the path of what it uploaded, and anybody may send any path in its place. So `claim` takes a
path for an upload only where it lies in the app's temp folder just as the upload route laid it there, and nothing that
it did not read as one is ever deleted.
"""

from __future__ import annotations

import os
import re
import stat
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from gradio.utils import get_upload_folder

from headshot.environment import upload_seconds
from headshot.errors import PhotoError, UserError
from headshot.language import tr
from headshot.photo.decode import MAX_BYTES, too_heavy

MOST = 8  # files that one field may bring at a time
_FOLDER = re.compile(r"[0-9a-f]{64}")  # the name of an upload's folder


@dataclass(frozen=True, repr=False)
class Upload:
    """What an upload held. `data`: at most MAX_BYTES; `fault`: why it is refused, with `data` empty."""

    data: bytes = b""
    fault: UserError | None = None

    def read(self) -> bytes:
        """The file's bytes. Raises UserError where the file is refused."""
        if self.fault is not None:
            raise self.fault
        return self.data


def claim(path: object) -> Upload:
    """Read the upload at `path` and let its file go `upload_seconds()` later, read or refused.

    Anything else that a path may lead to (a file elsewhere, a link, a device, a pipe, an address) is neither read to
    its end nor deleted, and gives the same refusal, so that nobody learns what lies there.
    """
    place = _place(path)
    if place is None:
        return Upload(fault=_no_upload())
    try:
        # O_NONBLOCK: to open a pipe would wait for its other end.
        descriptor = os.open(place, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    except (OSError, ValueError):
        return Upload(fault=_no_upload())
    found = os.fstat(descriptor)
    if not stat.S_ISREG(found.st_mode):
        os.close(descriptor)
        return Upload(fault=_no_upload())
    with os.fdopen(descriptor, "rb") as file:
        data = file.read(MAX_BYTES + 1)
    _let_go(place, (found.st_dev, found.st_ino))
    return Upload(fault=too_heavy()) if len(data) > MAX_BYTES else Upload(data)


def claim_all(paths: Sequence[Any]) -> list[Upload]:
    """`claim` for each of several paths; those after the first MOST are refused unread."""
    return [claim(path) if i < MOST else Upload(fault=_too_many()) for i, path in enumerate(paths)]


def is_upload(path: str) -> bool:
    """Whether the upload route could have laid a file at `path`; it may be gone."""
    return _place(path) is not None


def folder() -> str:
    """The folder of uploads, without links in its path."""
    return os.path.realpath(get_upload_folder())


def _place(path: object) -> str | None:
    """The path as it stands if the upload route could have made it: FOLDER/64 hexadecimal digits/NAME, no links."""
    if not isinstance(path, str) or "\0" in path:
        return None
    above, name = os.path.split(path)
    root, key = os.path.split(above)
    if name in ("", ".", "..") or not _FOLDER.fullmatch(key):
        return None
    try:
        inside = os.path.realpath(root) == folder() and os.path.realpath(above) == os.path.join(folder(), key)
    except (OSError, ValueError):
        return None
    return os.path.join(folder(), key, name) if inside else None


def _let_go(place: str, known: tuple[int, int]) -> None:
    """Delete the file with these device and inode numbers at `place` after `upload_seconds()`."""
    if (seconds := upload_seconds()) <= 0:
        _delete(place, known)
        return
    timer = threading.Timer(seconds, _delete, (place, known))
    timer.daemon = True  # at the end of the process the whole folder goes
    timer.start()


def _delete(place: str, known: tuple[int, int]) -> None:
    try:
        found = os.lstat(place)
        if (found.st_dev, found.st_ino) == known:
            os.unlink(place)
            os.rmdir(os.path.dirname(place))
    except OSError:  # it went before, or there is more in the folder
        pass


def _no_upload() -> PhotoError:
    return PhotoError("This file was not uploaded here.", "Choose it again.")


def _too_many() -> PhotoError:
    return PhotoError(tr("At most {most} files are taken at a time.", most=MOST), "Choose fewer.")
