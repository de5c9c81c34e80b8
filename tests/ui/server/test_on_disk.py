"""No file of a visitor is left on disk: after a broken-off upload, a full disk, kill −9 and a start after it."""

from __future__ import annotations

import errno
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import httpx
import pytest
from starlette.datastructures import UploadFile

from benchmarks.visitor import children_of
from headshot.ui.server import temp_folder
from headshot.ui.server.upload_route import FULL
from tests import ROOT
from tests.fixtures.app_server import App
from tests.fixtures.browser import LIMIT
from tests.fixtures.half_sent import half_sent
from tests.fixtures.served import Served, picture

START = (
    "import sys, time; from headshot.ui.server.temp_folder import open_folder; f = open_folder(); "
    "(f / ('a' * 64)).mkdir(); (f / ('a' * 64) / 'upload.jpg').write_bytes(b'a face'); print(f, flush=True); "
    "time.sleep(3600)"
)


def started(place: Path) -> tuple[subprocess.Popen[str], Path]:
    """A process with its folder in `place`, and an upload in it."""
    run = subprocess.Popen(
        [sys.executable, "-c", START],
        cwd=ROOT,
        env={**os.environ, "TMPDIR": str(place)},
        stdout=subprocess.PIPE,
        text=True,
    )
    assert run.stdout is not None
    return run, Path(run.stdout.readline().strip())


def test_what_a_killed_process_left_goes_when_the_next_one_starts(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    monkeypatch.setattr(temp_folder.tempfile, "tempdir", None)
    killed, left = started(tmp_path)
    alive, other = started(tmp_path)
    killed.send_signal(signal.SIGKILL)
    killed.wait()
    assert list(left.rglob("*.jpg"))
    (tmp_path / "headshot-of-mine.txt").write_text("a file of that name")
    (tmp_path / "headshot-link").symlink_to(other)
    mine = temp_folder.open_folder()
    try:
        assert not left.exists() and list(other.rglob("*.jpg")) and mine.is_dir()
        assert (tmp_path / "headshot-of-mine.txt").exists() and (tmp_path / "headshot-link").is_symlink()
        assert mine.stat().st_mode & 0o777 == 0o700
    finally:
        alive.kill()
        alive.wait()


def test_old_files_are_swept_and_new_ones_stay(tmp_path: Path) -> None:
    old, new, lock = tmp_path / "a" / "old.jpg", tmp_path / "b" / "new.jpg", tmp_path / "lock"
    for path in (old, new, lock):
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(b"x")
    for path in (old, old.parent, lock):
        os.utime(path, (time.time() - 700, time.time() - 700))
    temp_folder.sweep(tmp_path, 600)
    assert not old.exists() and new.exists() and lock.exists()


def files(served: Served) -> list[Path]:
    return [p for p in served.folder.rglob("*") if p.is_file()]


def test_a_broken_off_upload_leaves_no_part(served: Served) -> None:
    before = files(served)
    with half_sent(served.url):
        end = time.monotonic() + LIMIT
        while len(files(served)) == len(before):
            assert time.monotonic() < end
            time.sleep(0.02)
    while files(served) != before:
        assert time.monotonic() < end
        time.sleep(0.02)


def test_a_full_disk_is_one_sentence_and_recovers(served: Served, monkeypatch: pytest.MonkeyPatch) -> None:
    before = files(served)

    async def full(*_: Any) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as disk:
        disk.setattr(UploadFile, "write", full)
        answer = served.client.post("/gradio_api/upload", files=[("files", ("me.jpg", picture()))])
        assert answer.status_code == 400 and answer.text == FULL
    assert files(served) == before
    assert served.upload(picture())


def with_bytes(data: bytes, *places: Path) -> list[Path]:
    """The files of these bytes, wherever an app may lay them."""
    return [p for place in places for p in place.rglob("*") if p.is_file() and p.read_bytes() == data]


@pytest.mark.sweep
def test_an_app_that_is_killed_leaves_no_process_and_the_next_one_no_photo(tmp_path: Path) -> None:
    """The whole app: kill −9 with a photo just uploaded and its decoder loaded; then a start in the same place."""
    photo, places = picture(300, (3, 200, 90)), (tmp_path, Path("/dev/shm"))
    app = App(tmp_path)
    try:
        with httpx.Client(base_url=app.url, trust_env=False, timeout=LIMIT) as client:
            assert client.post("/gradio_api/upload", files=[("files", ("me.png", photo))]).status_code == 200
        process = app._process
        assert process is not None
        below = [Path("/proc", str(one)) for one in children_of(process.pid)]
        assert below, "files are decoded in a process of their own"
        process.kill()
        process.wait()
        app._process = None
        end = time.monotonic() + LIMIT
        while any(one.is_dir() for one in below):
            assert time.monotonic() < end
            time.sleep(0.02)
        assert with_bytes(photo, *places)
        assert app.url and not with_bytes(photo, *places)
        assert app.end() == 0  # though its networks are just being opened
    finally:
        app.end()
    assert not with_bytes(photo, *places)
