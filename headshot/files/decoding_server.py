"""The process that decodes strangers' files, one child for each: python -m headshot.files.decoding_server DESCRIPTOR

A child has so many seconds of CPU and so much memory, and whatever becomes of it is its own file's end alone: neither
the page nor another visitor's photo is in it. `DecodingProcess` starts it and speaks to it.
"""

from __future__ import annotations

import gc
import importlib
import json
import os
import signal
import socket
import struct
import sys
import traceback
from contextlib import suppress
from dataclasses import asdict
from pathlib import Path

import numpy as np

from headshot.environment import silence_native_logs
from headshot.errors import UserError
from headshot.files.opened_photo import read_here
from headshot.photo.decode import prepare
from headshot.photo.decoding_cost import takes_long

LENGTH = struct.Struct("<Q")  # bytes that follow
LIMITS = struct.Struct("<II?")  # seconds of CPU, MB of memory, whether a file that takes long is to be left undecoded
_LAST = 10  # by which the priority of what takes long is lower


def main() -> None:
    """Serve until the other end of the socket with the number in the arguments is closed."""
    silence_native_logs()
    line = socket.socket(fileno=int(sys.argv[1]))
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # nobody waits for the children
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl+C is the app's
    prepare()
    importlib.import_module("c2pa")
    gc.freeze()
    while True:
        limits, descriptors, _, _ = socket.recv_fds(line, LIMITS.size, 1)
        if not limits:
            return
        theirs = socket.socket(fileno=descriptors[0])
        child = os.fork()
        if child == 0:
            line.close()
            _answer(theirs, *LIMITS.unpack(limits))
        with theirs, suppress(OSError):  # the app is gone
            theirs.sendall(LENGTH.pack(child))  # before it sends the file, so before any answer


def receive(line: socket.socket, count: int) -> bytearray:
    """Read so many bytes. Raises EOFError where the other end closes before."""
    data = bytearray(count)
    receive_into(line, memoryview(data))
    return data


def receive_into(line: socket.socket, place: memoryview) -> None:
    """Fill `place`, bytes. Raises EOFError where the other end closes before."""
    while place:
        got = line.recv_into(place)
        if not got:
            raise EOFError
        place = place[got:]


def _answer(line: socket.socket, seconds: int, megabytes: int, quick: bool) -> None:
    """Decode one file and end this process."""
    try:
        limit(seconds, megabytes)
        if not quick:
            os.nice(_LAST)
        (count,) = LENGTH.unpack(receive(line, LENGTH.size))
        data = bytes(receive(line, count))
        if quick and takes_long(data):
            _send(line, {"takes long": True})
            return
        try:
            photo = read_here(data)
        except UserError as fault:
            _send(line, {"fault": [fault.message, fault.hint]})
        else:
            signed = None if photo.signed is None else asdict(photo.signed)
            _send(
                line,
                vars(photo) | {"pixels": photo.pixels.shape, "signed": signed},
                np.ascontiguousarray(photo.pixels).data.cast("B"),
            )
    except (OSError, EOFError, MemoryError):  # the app closed the line; or the limit was met outside a decoder
        pass
    except BaseException as fault:  # noqa: BLE001 (told here, without the error's own words; the page says that it failed)
        print("".join(traceback.format_tb(fault.__traceback__)), type(fault).__qualname__, file=sys.stderr, flush=True)
    finally:
        os._exit(0)


def limit(seconds: int, megabytes: int) -> None:
    """Let this process have so many more seconds of CPU and MB of memory; then the system ends it."""
    import resource  # not on Windows, where this never runs

    held = int(Path("/proc/self/statm").read_text().split()[0]) * os.sysconf("SC_PAGE_SIZE")
    most = held + megabytes * 2**20
    resource.setrlimit(resource.RLIMIT_AS, (most, most))
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    os.nice(5)  # the page goes first


def _send(line: socket.socket, told: dict[str, object], pixels: memoryview | None = None) -> None:
    text = json.dumps(told).encode()
    line.sendall(LENGTH.pack(len(text)) + text)
    if pixels is not None:
        line.sendall(pixels)


if __name__ == "__main__":
    main()
