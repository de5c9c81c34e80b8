"""`headshot team`: pictures, reports, index and wall; what is done is kept, and made again it is the same bytes."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from headshot.cli.main import main
from headshot.files.team_index import read_rows
from tests.fixtures.shared_photos import photo_path


def contents(folder: Path) -> dict[str, bytes]:
    return {p.relative_to(folder).as_posix(): p.read_bytes() for p in folder.rglob("*") if p.is_file()}


def people(folder: Path, *names: str) -> Path:
    folder.mkdir()
    for name in names:
        (folder / name).write_bytes(photo_path(name).read_bytes())
    return folder


@pytest.mark.sweep
def test_what_is_lost_is_made_again_to_the_byte(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    photos, out = people(tmp_path / "p", "garan_1.jpg", "noface_cat.png", "broken_truncated.jpg"), tmp_path / "out"
    words = ["team", str(photos), "--out", str(out), "--set", "crop.aspect=4:5"]
    assert main(words) == 0
    first, said = contents(out), capsys.readouterr().out
    assert {*first} == {"garan_1.jpg", "garan_1.json", "team.jsonl", "wall.jpg", "wall.html"}
    assert "3 people: 1 ready, 0 to look at, 2 need another photo." in said and "noface_cat: " in said
    rows = read_rows(first["team.jsonl"].decode())
    assert rows["garan_1"].state == "ready" and rows["noface_cat"].reasons and rows["broken_truncated"].reasons
    assert not any(text in first["team.jsonl"] for text in (b"base64", b"embedding"))

    (out / "garan_1.json").unlink()  # as if killed before it was written
    (out / ".0123456789abcdef.part").write_bytes(b"half a file")
    (out / "team.jsonl").write_bytes(first["team.jsonl"][:-20])
    assert main(words) == 0
    assert contents(out) == first
    assert main(words) == 0
    assert contents(out) == first and "3 are done already" in capsys.readouterr().err, "nothing is made twice"

    assert main(["team", str(photos), "--out", str(photos)]) == 2
    (tmp_path / "else").mkdir()
    (tmp_path / "else" / "mine.txt").write_text("mine")
    assert main(["team", str(photos), "--out", str(tmp_path / "else")]) == 2
    assert main(["team", str(tmp_path / "else"), "--out", str(tmp_path / "none")]) == 2
    assert main([*words, "--look", str(tmp_path / "no.toml")]) == 2
    assert not (tmp_path / "none").exists()
    assert all(line.startswith("headshot: ") for line in capsys.readouterr().err.splitlines()[-4:])


@pytest.mark.sweep
def test_a_killed_run_goes_on_and_its_files_are_those_of_one_that_was_not(tmp_path: Path) -> None:
    photos = people(tmp_path / "p", "curbeam_1.jpg", "garan_1.jpg", "walz_2.jpg", "whitson_1.jpg", "wilson_1.jpg")

    def team(out: Path) -> subprocess.Popen[bytes]:
        command = [sys.executable, "-m", "headshot", "team", str(photos), "--out", str(out)]
        return subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)

    whole, killed = tmp_path / "whole", tmp_path / "killed"
    assert team(whole).wait() == 0
    run, index = team(killed), killed / "team.jsonl"
    while not index.is_file() or index.read_bytes().count(b"\n") < 2:
        assert run.poll() is None
        time.sleep(0.1)
    os.kill(run.pid, signal.SIGKILL)
    run.wait()
    assert len(read_rows(index.read_text())) < 5, "it ended in the middle"
    assert team(killed).wait() == 0
    assert contents(killed) == contents(whole)
