"""Strangers' files decoded in a process of their own each, which the system ends where it takes too much.

One that takes long by its header, or turns out to, is decoded in a lane of its own, after the others of its kind: an
ordinary photo never waits for it. What is decoded, or waits, for somebody who has left ends.
"""

from __future__ import annotations

import atexit
import json
import os
import select
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from time import monotonic

import numpy as np

from headshot.errors import PhotoError, UserError
from headshot.files.asker import Asker, asker
from headshot.files.decoding_lane import LOOK, DecodingLane
from headshot.files.decoding_server import LENGTH, LIMITS, receive, receive_into
from headshot.photo.bounds import too_much
from headshot.types import Photo, SignedOriginal

SECONDS = 5  # of CPU for one file; the largest that is taken needs 1.4
MEGABYTES = 1024  # of memory above what the libraries hold; the largest that is taken needs 400
QUICK = 1  # s of CPU after which a file counts as one that takes long, and is begun again in the lane for those
PLACES = 4  # files that are decoded at a time, beside one that takes long
MOST_LONG = 8  # files that take long, with those that wait: half of the uploads that are worked on at a time
POSSIBLE = sys.platform == "linux"  # its limits are read from /proc, and Windows copies no process at all
_PATIENCE = 120.0  # s without an answer: the machine is at its end


class DecodingProcess:
    """Starts the server with its first file, or with `start`; it ends with this process, whichever way."""

    def __init__(self, seconds: int = SECONDS, megabytes: int = MEGABYTES) -> None:
        self._quick = LIMITS.pack(min(QUICK, seconds), megabytes, True)
        self._long = LIMITS.pack(seconds, megabytes, False)
        self._lock = threading.Lock()
        self._places = threading.BoundedSemaphore(PLACES)
        self.lane = DecodingLane(MOST_LONG)
        self._line: socket.socket | None = None
        self._server: subprocess.Popen[bytes] | None = None
        atexit.register(self.close)

    def read(self, data: bytes) -> Photo:
        """As `opened_photo.read_here`, for the `asker`. Raises PhotoError, also where the file's process was ended, and
        where the lane has no room for one more; UserError once the asker has left.
        """
        one = asker()
        self.lane.check(one)
        with self._place(one):
            photo = self._ask(data, self._quick, one)
        if photo is not None:
            return photo
        with self.lane.turn(one):
            photo = self._ask(data, self._long, one)
        if photo is None:
            raise too_much()
        return photo

    @contextmanager
    def _place(self, one: Asker) -> Iterator[None]:
        while not self._places.acquire(timeout=LOOK):
            one.go_on(None)
        try:
            yield
        finally:
            self._places.release()

    def _ask(self, data: bytes, limits: bytes, one: Asker) -> Photo | None:
        """The file's photo; None where its process ended, or says that it takes long. Raises PhotoError, and UserError
        once the asker has left: then the process is ended.
        """
        with self._begin(limits) as line:
            line.settimeout(_PATIENCE)
            try:
                (child,) = LENGTH.unpack(receive(line, LENGTH.size))
                line.sendall(LENGTH.pack(len(data)))
                line.sendall(data)
                _await(line, one, child)
                (count,) = LENGTH.unpack(receive(line, LENGTH.size))
                told = json.loads(receive(line, count))
                if "fault" in told:
                    raise PhotoError(*told["fault"])
                if "takes long" in told:
                    return None
                pixels = np.empty(told.pop("pixels"), np.uint8)
                receive_into(line, pixels.data.cast("B"))
            except (EOFError, OSError):
                return None
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

    def _begin(self, limits: bytes) -> socket.socket:
        """A line to a child that waits for a file."""
        ours, theirs = socket.socketpair()
        with theirs, self._lock:
            for _ in range(2):  # once more where the server is gone
                try:
                    socket.send_fds(self._connect(), [limits], [theirs.fileno()])
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


def _await(line: socket.socket, one: Asker, child: int) -> None:
    """Wait for the first bytes of an answer. Raises UserError once the asker has left, and ends the child then;
    TimeoutError at the end of patience.
    """
    answer, end = select.poll(), monotonic() + _PATIENCE
    answer.register(line, select.POLLIN)
    while not answer.poll(LOOK * 1000):
        try:
            one.go_on(None)
        except UserError:
            with suppress(OSError):  # its line has no end yet, so it is there, or ended just now
                os.kill(child, signal.SIGKILL)
            raise
        if monotonic() > end:
            raise TimeoutError


# One thread and one pool of memory: a process with more cannot be copied well, and each pool would take of the limit.
_ALONE = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "MALLOC_ARENA_MAX": "1"}
