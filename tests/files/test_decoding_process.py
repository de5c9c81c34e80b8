"""Strangers' files are decoded in a process each: what one does to its decoder is the end of that file alone."""

from __future__ import annotations

import io
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from headshot.errors import PhotoError, UserError
from headshot.files import decoding_lane, decoding_process
from headshot.files.asker import Asker, asked_by
from headshot.files.decoding_lane import DecodingLane
from headshot.files.decoding_process import DecodingProcess
from headshot.files.decoding_server import LIMITS
from headshot.files.opened_photo import read_here
from headshot.photo.decoding_cost import takes_long
from tests import ROOT
from tests.fixtures.browser import LIMIT
from tests.fixtures.shared_photos import photo_path

LIMITED = (
    "import re; from headshot.files.decoding_server import limit; limit(1, 512); re.match('(a+)+$', 'a' * 64 + 'b')"
)

STARTED = (
    "import time; from headshot.files.decoding_process import DecodingProcess; p = DecodingProcess(); p.start(); "
    "print(p._server.pid, flush=True); time.sleep(3600)"
)


@pytest.fixture(scope="module")
def decoding() -> Iterator[DecodingProcess]:
    process = DecodingProcess(megabytes=200)
    yield process
    process.close()


def png(side: int, **more: str) -> bytes:
    file = io.BytesIO()
    Image.new("RGB", (side, side), (90, 120, 150)).save(file, "PNG", **more)
    return file.getvalue()


@pytest.mark.data
def test_a_photo_is_what_it_is_when_decoded_here(decoding: DecodingProcess) -> None:
    generated = io.BytesIO()
    exif = Image.Exif()
    exif[0x131] = "Stable Diffusion"
    exif[0x112] = 6
    Image.fromarray(np.random.default_rng(1).integers(0, 255, (80, 120, 3), np.uint8)).save(generated, "PNG", exif=exif)
    for data in (photo_path("coleman_1.jpg").read_bytes(), generated.getvalue()):
        one, other = decoding.read(data), read_here(data)
        assert np.array_equal(one.pixels, other.pixels) and one.pixels.flags.writeable
        assert {**vars(one), "pixels": 0} == {**vars(other), "pixels": 0}
    assert other.claimed and other.uploaded == (80, 120)


def test_a_refusal_is_the_same_sentence(decoding: DecodingProcess) -> None:
    for data in (b"", b"no picture", png(80)[:60], png(20)):
        with pytest.raises(PhotoError) as here:
            read_here(data)
        with pytest.raises(PhotoError) as apart:
            decoding.read(data)
        assert (apart.value.message, apart.value.hint) == (here.value.message, here.value.hint)


def test_one_file_s_memory_is_bounded_and_the_next_file_is_read(decoding: DecodingProcess) -> None:
    with pytest.raises(PhotoError, match="takes too long to read"):
        decoding.read(png(6000))  # 270 MB
    assert decoding.read(png(80)).pixels.shape == (80, 80, 3)
    server = decoding._server
    assert server is not None
    server.kill()  # as the system does where memory ends
    server.wait()
    assert decoding.read(png(80)).pixels.shape == (80, 80, 3)


def test_nothing_waits_for_what_takes_long_but_its_kind(decoding: DecodingProcess) -> None:
    """While one that takes long is decoded: the next of that kind waits, an ordinary photo is read."""
    large, read = png(5000), []
    waiting = threading.Thread(target=lambda: read.append(decoding.read(large)))
    with decoding.lane.turn(Asker()):
        waiting.start()
        while len(decoding.lane._in_it) < 2:
            time.sleep(0.01)
        assert decoding.read(png(80)).pixels.shape == (80, 80, 3) and not read
    waiting.join(LIMIT)
    assert read[0].pixels.shape == (5000, 5000, 3)


def test_who_was_refused_is_refused_again_at_no_cost(
    decoding: DecodingProcess, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A full lane, and one file in it for each visitor: no process is begun for what is sent again at once."""
    begun, begin = [], decoding._begin
    monkeypatch.setattr(decoding, "lane", DecodingLane(1))
    monkeypatch.setattr(decoding, "_begin", lambda limits: begun.append(limits) or begin(limits))

    def sent(name: str, data: bytes) -> None:
        with asked_by(Asker(name)):
            decoding.read(data)

    with decoding.lane.turn(Asker("first")):
        with pytest.raises(PhotoError, match="still being read"):
            sent("first", png(80))
        assert not begun
        for _ in range(3):
            with pytest.raises(PhotoError, match="Too many very large pictures"):
                sent("second", png(5000))
            assert len(begun) == 1
        sent("third", png(80))
    assert len(begun) == 2 and decoding.lane.pauses("second") and not decoding.lane.pauses("third")
    monkeypatch.setattr(decoding_lane, "PAUSE", 0.0)
    sent("second", png(80))


def test_what_is_decoded_for_somebody_who_has_left_ends(
    decoding: DecodingProcess, monkeypatch: pytest.MonkeyPatch
) -> None:
    left, children, wait = threading.Event(), [], decoding_process._await

    def go_on(_: object) -> None:
        if left.is_set():
            raise UserError("The caller has left.")

    def waited(line: socket.socket, one: Asker, child: int) -> None:
        if decoding.lane._in_it:
            os.kill(child, signal.SIGSTOP)  # it would not end by itself
            children.append(child)
            left.set()
        wait(line, one, child)

    monkeypatch.setattr(decoding_process, "_await", waited)
    with asked_by(Asker("leaves", go_on)), pytest.raises(UserError, match="has left"):
        decoding.read(png(5000))
    end = time.monotonic() + LIMIT
    while Path("/proc", str(children[0]), "exe").exists():
        assert time.monotonic() < end
        time.sleep(0.02)
    assert len(children) == 1 and not decoding.lane._in_it
    assert decoding.read(png(80)).pixels.shape == (80, 80, 3)


def test_what_turns_out_to_take_long_is_begun_again(decoding: DecodingProcess, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(decoding, "_quick", LIMITS.pack(1, 0, True))  # no room for the file: it ends before it is done
    noise = io.BytesIO()
    Image.fromarray(np.random.default_rng(0).integers(0, 256, (1000, 1000, 3), np.uint8)).save(noise, "PNG")
    assert decoding.read(noise.getvalue()).pixels.shape == (1000, 1000, 3)


def test_it_is_told_by_the_header_whether_a_file_takes_long() -> None:
    jpeg = io.BytesIO()
    Image.new("L", (7000, 7000)).save(jpeg, "JPEG")
    scans = io.BytesIO()
    Image.new("RGB", (5000, 5000)).save(scans, "JPEG", progressive=True)
    assert takes_long(png(5000)) and takes_long(scans.getvalue())
    assert not any(map(takes_long, (jpeg.getvalue(), png(4000), b"", b"no picture", png(80)[:60])))


def test_it_ends_with_the_app_that_was_killed() -> None:
    app = subprocess.Popen([sys.executable, "-c", STARTED], cwd=ROOT, stdout=subprocess.PIPE, text=True)
    assert app.stdout is not None
    server = Path("/proc", app.stdout.readline().strip())
    assert server.is_dir()
    app.kill()
    app.wait()
    end = time.monotonic() + LIMIT
    while server.is_dir():
        assert time.monotonic() < end
        time.sleep(0.02)


def test_the_system_ends_what_takes_too_much_time() -> None:
    """In the middle of C code, too, as decoders are."""
    run = subprocess.run([sys.executable, "-c", LIMITED], cwd=ROOT, timeout=600)
    assert -run.returncode in (signal.SIGKILL, signal.SIGXCPU)
