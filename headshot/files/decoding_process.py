"""Strangers' files decoded in a process of their own each, which the system ends where it takes too much."""

from __future__ import annotations

import atexit
import json
import os
import socket
import subprocess
import sys
import threading
from pathlib import Path

import numpy as np

from headshot.errors import PhotoError
from headshot.files.decoding_server import LENGTH, LIMITS, receive, receive_into
from headshot.photo.bounds import too_much
from headshot.types import Photo, SignedOriginal

SECONDS = 5  # of CPU for one file; the largest that is taken needs 1.4
MEGABYTES = 1024  # of memory above what the libraries hold; the largest that is taken needs 400
PLACES = 4  # files that are decoded at a time
POSSIBLE = sys.platform == "linux"  # its limits are read from /proc, and Windows copies no process at all
_PATIENCE = 120.0  # s without an answer: the machine is at its end


class DecodingProcess:
    """Starts the server with its first file, or with `start`; it ends with this process, whichever way."""

    def __init__(self, seconds: int = SECONDS, megabytes: int = MEGABYTES) -> None:
        self._limits = LIMITS.pack(seconds, megabytes)
        self._lock = threading.Lock()
        self._places = threading.BoundedSemaphore(PLACES)
        self._line: socket.socket | None = None
        self._server: subprocess.Popen[bytes] | None = None
        atexit.register(self.close)

    def read(self, data: bytes) -> Photo:
        """As `opened_photo.read_here`. Raises PhotoError, also where the file's process was ended."""
        with self._places, self._begin() as line:
            line.settimeout(_PATIENCE)
            try:
                line.sendall(LENGTH.pack(len(data)))
                line.sendall(data)
                (count,) = LENGTH.unpack(receive(line, LENGTH.size))
                told = json.loads(receive(line, count))
                if "fault" in told:
                    raise PhotoError(*told["fault"])
                pixels = np.empty(told.pop("pixels"), np.uint8)
                receive_into(line, pixels.data.cast("B"))
            except (EOFError, OSError):
                raise too_much() from None
        signed = SignedOriginal(**told.pop("signed")) if told["signed"] else told.pop("signed")
        uploaded = told.pop("uploaded")
        return Photo(
            pixels=pixels,
            notes=tuple(told.pop("notes")),
            uploaded=None if uploaded is None else tuple(uploaded),
            signed=signed,
            **told,
        )

    def start(self) -> None:
        """Have the server load its libraries, so that the first file need not wait for them."""
        with self._lock:
            self._connect()

    def close(self) -> None:
        """End the server once it has no file to begin any more."""
        with self._lock:
            if self._line is not None and self._server is not None:
                self._line.close()
                self._server.wait()
            self._line = self._server = None

    def _begin(self) -> socket.socket:
        """A line to a child that waits for a file."""
        ours, theirs = socket.socketpair()
        with theirs, self._lock:
            for _ in range(2):  # once more where the server is gone
                try:
                    socket.send_fds(self._connect(), [self._limits], [theirs.fileno()])
                    break
                except OSError:
                    self._line = None
        return ours

    def _connect(self) -> socket.socket:
        if self._line is None:
            self._line, theirs = socket.socketpair()
            places = [str(Path(__file__).resolve().parents[2]), os.environ.get("PYTHONPATH", "")]
            with theirs:
                self._server = subprocess.Popen(
                    [sys.executable, "-m", "headshot.files.decoding_server", str(theirs.fileno())],
                    env=os.environ | _ALONE | {"PYTHONPATH": os.pathsep.join(filter(None, places))},
                    stdin=subprocess.DEVNULL,
                    pass_fds=[theirs.fileno()],
                )
        return self._line


# One thread and one pool of memory: a process with more cannot be copied well, and each pool would take of the limit.
_ALONE = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "MALLOC_ARENA_MAX": "1"}
