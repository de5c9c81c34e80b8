"""The process's own folder for uploads while they are read: in memory where there is room, gone with the process.

A lock file says that the process is alive. One that was killed leaves its folder behind; the next one to start removes
it, whole.
"""

from __future__ import annotations

import atexit
import contextlib
import fcntl
import os
import shutil
import stat
import tempfile
import time
from pathlib import Path

_PREFIX, _LOCK = "headshot-", "lock"
_MEMORY = Path("/dev/shm")
_ROOM = 2**30  # bytes that must be free there
_UNLOCKED_AGE = 3600  # s after which a folder without a lock file is nobody's


def open_folder() -> Path:
    """Make the folder, locked by this process and removed at its end; remove those of processes that are gone."""
    places = _places()
    for place in places:
        remove_dead(place)
    folder = Path(tempfile.mkdtemp(prefix=_PREFIX, dir=places[0]))
    lock = os.open(folder / _LOCK, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    fcntl.flock(lock, fcntl.LOCK_EX)  # held until the process ends, whichever way
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return folder


def remove_dead(place: Path) -> None:
    """Remove this user's folders in `place` whose process is gone."""
    with contextlib.suppress(OSError):
        for folder in place.glob(f"{_PREFIX}*"):
            with contextlib.suppress(OSError):
                found = folder.lstat()
                if stat.S_ISDIR(found.st_mode) and found.st_uid == os.getuid() and _is_dead(folder, found.st_mtime):
                    shutil.rmtree(folder, ignore_errors=True)


def sweep(folder: Path, age: float) -> None:
    """Delete files in `folder` that were not written to for `age` seconds, and empty folders; the lock stays."""
    until = time.time() - age
    for above, folders, files in os.walk(folder, topdown=False):
        for name in files:
            path = os.path.join(above, name)
            with contextlib.suppress(OSError):
                if os.lstat(path).st_mtime < until and not (name == _LOCK and Path(above) == folder):
                    os.unlink(path)
        for name in folders:
            with contextlib.suppress(OSError):
                if os.lstat(os.path.join(above, name)).st_mtime < until:
                    os.rmdir(os.path.join(above, name))


def _places() -> list[Path]:
    """Where such folders may lie: first where a new one goes. TMPDIR decides where it is set."""
    usual = Path(tempfile.gettempdir())
    if os.environ.get("TMPDIR"):
        return [usual]
    try:
        free = os.statvfs(_MEMORY)
        roomy = os.access(_MEMORY, os.W_OK) and free.f_bavail * free.f_frsize >= _ROOM
    except OSError:
        return [usual]
    return [_MEMORY, usual] if roomy else [usual, _MEMORY]


def _is_dead(folder: Path, changed: float) -> bool:
    try:
        lock = os.open(folder / _LOCK, os.O_RDWR | os.O_NOFOLLOW | os.O_CLOEXEC)
    except OSError:
        return time.time() - changed > _UNLOCKED_AGE
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    finally:
        os.close(lock)
    return True
