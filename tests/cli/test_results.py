"""The command line's files: whole or not at all, never over an input, nor over an earlier result without --force."""

from __future__ import annotations

import errno
import os
from pathlib import Path

import pytest

from headshot.cli import main as cli
from headshot.cli import results as results_module
from headshot.cli.results import Results, write_file
from headshot.errors import UserError
from tests.fixtures.shared_photos import photo_path


def listed(folder: Path) -> list[str]:
    return sorted(p.name for p in folder.iterdir())


def test_a_second_run_is_numbered_on(tmp_path: Path) -> None:
    for expected in ("sheet.png", "sheet-run2.png", "sheet-run3.png"):
        with Results(tmp_path, "sheet.png") as files:
            assert files.write("sheet.png", expected.encode()) == tmp_path / expected
            files.write("a.jpg", b"cell")
    assert listed(tmp_path) == ["a-run2.jpg", "a-run3.jpg", "a.jpg", "sheet-run2.png", "sheet-run3.png", "sheet.png"]
    assert (tmp_path / "sheet.png").read_bytes() == b"sheet.png"
    with Results(tmp_path, "sheet.png", force=True) as files:
        files.write("sheet.png", b"new")
    assert (tmp_path / "sheet.png").read_bytes() == b"new" and len(listed(tmp_path)) == 6


def test_an_input_is_never_replaced(tmp_path: Path) -> None:
    """By the file and not by its name: links and other spellings are the same file."""
    photo = tmp_path / "sheet.png"
    photo.write_bytes(b"photo")
    (tmp_path / "hard.png").hardlink_to(photo)
    (tmp_path / "soft.png").symlink_to(photo)
    for name in ("sheet.png", "hard.png", "soft.png"):
        for given in (photo, str(tmp_path / "." / "sheet.png"), tmp_path / "soft.png"):
            with Results(tmp_path, name, inputs=[given, None, b"bytes"], force=True) as files:
                assert files.write(name, b"result").name == name.replace(".png", "-run2.png")
    assert photo.read_bytes() == b"photo"


def test_what_comes_meanwhile_is_not_replaced(tmp_path: Path) -> None:
    with Results(tmp_path, "a.jpg") as files:
        (tmp_path / "a.jpg").write_bytes(b"another program's")
        assert files.write("a.jpg", b"ours").name == "a-run2.jpg"
    assert (tmp_path / "a.jpg").read_bytes() == b"another program's"


def test_a_run_that_fails_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    (tmp_path / "kept").mkdir()
    for folder in (tmp_path / "kept", tmp_path / "new" / "deep"):
        with pytest.raises(UserError, match="No space left"), Results(folder, "a.jpg") as files:
            files.write("a.jpg", b"whole")
            monkeypatch.setattr(results_module.os, "fsync", full)
            files.write("b.jpg", b"no room")
        monkeypatch.undo()
    assert listed(tmp_path) == ["kept"] and listed(tmp_path / "kept") == []


def test_without_hard_links_it_works_as_well(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def none(*_: object) -> None:
        raise OSError(errno.EPERM, "no hard links here")

    monkeypatch.setattr(results_module.os, "link", none)
    for _ in range(2):
        with Results(tmp_path, "a.jpg") as files:
            files.write("a.jpg", b"whole")
    assert listed(tmp_path) == ["a-run2.jpg", "a.jpg"]


def test_a_named_file_and_a_device(tmp_path: Path) -> None:
    page = tmp_path / "page.html"
    assert write_file(page, b"1") == page and write_file(page, b"2").name == "page-run2.html"
    assert write_file(page, b"3", force=True) == page and page.read_bytes() == b"3"
    assert write_file(Path("/dev/null"), b"4") == Path("/dev/null")


@pytest.mark.data
def test_a_photo_named_like_a_result_stays(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    whole = photo_path("walz_1.jpg").read_bytes()
    photo = tmp_path / "headshot-1.jpg"
    photo.write_bytes(whole)
    assert cli.main(["make", str(photo), "--out", str(tmp_path), "--force"]) == 0
    assert photo.read_bytes() == whole
    assert listed(tmp_path) == ["compare-run2.png", "headshot-1-run2.jpg", "headshot-1.jpg", "report-run2.json"]
    capsys.readouterr()


def test_paths_that_cannot_be_are_one_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "loop").symlink_to("loop")
    (tmp_path / "file").write_text("in the way")
    out = tmp_path / "out"
    for photo in ("a" * 300 + ".jpg", str(tmp_path / "loop"), str(tmp_path / "file" / "photo.jpg"), "none.jpg"):
        for command in (["make", photo], ["sheet", photo], ["judge", photo, photo], ["make", "x.jpg", "--pose", photo]):
            more = [] if command[0] == "judge" else ["--out", str(out)]
            assert cli.main([*command, *more]) == 2
            said = capsys.readouterr().err
            assert said.startswith("headshot: ") and len(said.splitlines()) == 1 and "Traceback" not in said
    assert not out.exists()


@pytest.mark.data
def test_folders_that_cannot_be_are_one_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "loop").symlink_to("loop")
    (tmp_path / "file").write_text("in the way")
    for out in (tmp_path / "loop", tmp_path / ("a" * 300), tmp_path / "file", tmp_path / "file" / "x"):
        assert cli.main(["make", str(photo_path("walz_1.jpg")), "--out", str(out)]) == 2
        said = capsys.readouterr().err
        assert "--out" in said and len(said.splitlines()) == 1
