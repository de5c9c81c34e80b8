"""The command line, as a person or a script meets it: files, exit status, one line on standard error."""

from __future__ import annotations

import io
import json
import os
import shlex
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

import headshot
from headshot.cli import main as cli
from headshot.direction.presets import load_presets
from tests import ROOT
from tests.fixtures.shared_photos import photo_path

STATES = {"green", "amber", "red", "grey"}


def run(*arguments: object, cwd: Path = ROOT) -> subprocess.CompletedProcess[str]:
    """In a process of its own, as from a shell."""
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    return subprocess.run(
        [sys.executable, "-m", "headshot", *map(str, arguments)],
        cwd=cwd,
        env=environment,
        capture_output=True,
        text=True,
        timeout=200,
    )


def inside(capsys: pytest.CaptureFixture[str], *arguments: object) -> tuple[int, str, str]:
    """In this process: the models are loaded once."""
    status = cli.main([str(a) for a in arguments])
    out, err = capsys.readouterr()
    return status, out, err


def test_version_answers_before_any_heavy_import() -> None:
    code = (
        "import sys\nfrom headshot.cli.main import main\n"
        "try: main(['--version'])\nexcept SystemExit as ended: assert ended.code == 0\n"
        "print('LOADED', *sorted({m.split('.')[0] for m in sys.modules} & {'numpy', 'PIL', 'cv2', 'scipy', 'torch', "
        "'gradio', 'mediapipe', 'dlib', 'onnxruntime', 'diffusers', 'transformers', 'insightface'}))"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.splitlines() == [f"headshot {headshot.__version__}", "LOADED"]


def test_a_make_that_ends_at_once_ends_cleanly() -> None:
    """Its networks are being opened by then: a process that is left meanwhile would be aborted."""
    for words, status in ((("make",), 2), (("make", "/nowhere.jpg"), 2), (("make", "--help"), 0)):
        done = run(*words)
        assert (done.returncode, len(done.stderr.splitlines())) == (status, status // 2), done


def test_presets_as_words_and_as_json(capsys: pytest.CaptureFixture[str]) -> None:
    status, out, err = inside(capsys, "presets")
    assert (status, err) == (0, "") and len(out.splitlines()) == len(load_presets()) >= 12
    status, out, _ = inside(capsys, "presets", "--json")
    listed = json.loads(out)
    assert status == 0 and [p["name"] for p in listed] == list(load_presets())
    assert all(p["title"] and p["summary"] for p in listed)


@pytest.mark.data
def test_make_writes_the_files_and_the_report(tmp_path: Path) -> None:
    photo = photo_path("whitson_1.jpg")
    done = run(
        "make",
        photo,
        "--preset",
        "corporate",
        "--set",
        "light.strength=0.5",
        "--seed",
        7,
        "--out",
        tmp_path,
        "--json",
        cwd=tmp_path,
    )
    assert done.returncode == 0, done.stderr
    assert {p.name for p in tmp_path.iterdir()} == {"headshot-1.jpg", "compare.png", "report.json"}
    with Image.open(tmp_path / "headshot-1.jpg") as image:
        assert image.format == "JPEG" and image.width / image.height == pytest.approx(4 / 5, abs=0.01)
        shape = image.size
    with Image.open(tmp_path / "compare.png") as image:
        assert image.format == "PNG" and image.width > image.height
    report = json.loads((tmp_path / "report.json").read_text())
    assert json.loads(done.stdout) == report  # --json prints the same
    check_report(report)
    assert shape[1] >= 1000
    assert "Traceback" not in done.stderr
    assert all(line.startswith("note: ") for line in done.stderr.splitlines()), done.stderr  # nothing of the libraries


def check_report(report: dict[str, object]) -> None:
    """The schema of the issue."""
    assert report["schema"] == 1 and report["verdict"] in STATES
    findings = report["findings"]
    assert isinstance(findings, list) and len({f["id"] for f in findings}) == len(findings) >= 6
    for finding in findings:
        assert {"id", "value", "unit", "state", "sentence", "method", "threshold", "source"} <= set(finding)
        assert finding["state"] in STATES and finding["sentence"].strip() and finding["method"].strip()
        assert finding["value"] is None or isinstance(finding["value"], int | float)
        assert finding["value"] is not None or finding["state"] == "grey"
    ids = {f["id"] for f in findings}
    assert {"likeness", "eye_size", "nose_width", "mouth_width", "jaw_width", "skin_hue", "texture"} <= ids


@pytest.mark.sweep
@pytest.mark.data
def test_seed_and_settings_reach_the_picture(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    photo = photo_path("collins_1.png")
    pictures = []
    for number, extra in enumerate(((), ("--set", "backdrop.colour=#204080"), ("--preset", "mono"))):
        folder = tmp_path / str(number) / "deep"
        status, out, _ = inside(capsys, "make", photo, *extra, "--out", folder)
        assert status == 0 and str(folder / "headshot-1.jpg") in out and len(out.splitlines()) == 2
        with Image.open(folder / "headshot-1.jpg") as image:
            pictures.append(np.asarray(image.convert("RGB").resize((64, 64))).astype(int))
    assert np.abs(pictures[0] - pictures[1]).mean() > 5
    assert np.ptp(pictures[2], axis=2).max() < 12  # black and white


@pytest.mark.sweep
@pytest.mark.data
def test_make_tells_what_the_words_did_and_what_was_kept(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    words = "like a calm university professor, window light, no tie"
    keep = "keep=my mole and a lucky charm"
    command = ["make", photo_path("coleman_1.jpg"), "--words", words, "--set", keep, "--out", tmp_path]
    status, out, err = inside(capsys, *command)
    assert status == 0
    notes = {line.split("”")[0].removeprefix("note: “"): line for line in err.splitlines() if "“" in line}
    assert "--set light." in notes["window light"]
    assert "generator" in notes["no tie"] and "generator" in notes["like a calm university professor"]
    lines = out.splitlines()
    below = lines[lines.index("What you asked to keep:") + 1 :]
    assert [line.split()[0] for line in below] == ["kept", "kept"] and "lucky charm" in below[1]
    kept = json.loads((tmp_path / "report.json").read_text())["kept"]
    assert [(k["name"], k["said"]) for k in kept] == [("marks", "mole"), ("", "lucky charm")]
    assert {k["state"] for k in kept} == {"kept"}
    # What the note says can be taken as it stands, and then it says so.
    given = shlex.split(notes["window light"].partition("add ")[2])
    _, _, err = inside(capsys, *command, *given)
    assert "“window light” is a control, and set so." in err


def mends(*arguments: str) -> tuple[str, ...]:
    return arguments


FAULTS: dict[str, tuple[Sequence[str], str]] = {
    "no such file": (mends("make", "gone.jpg"), "no file"),
    "no such preset": (mends("make", "PHOTO", "--preset", "corparate"), "corporate"),
    "no such engine": (mends("make", "PHOTO", "--engine", "magic"), "retouch"),
    "no such setting": (mends("make", "PHOTO", "--set", "light.strenght=1"), "light.strength"),
    "out of range": (mends("make", "PHOTO", "--set", "light.strength=7"), "0 to 1"),
    "not a pair": (mends("make", "PHOTO", "--set", "bright"), "--set light.strength=0.5"),
    "not a number": (mends("make", "PHOTO", "--seed", "x"), "--help"),
    "no command": (mends(), "--help"),
    "unknown command": (mends("paint"), "--help"),
    "unknown flag": (mends("make", "PHOTO", "--fast"), "--help"),
    "no face": (mends("make", "NOFACE"), "shows your face"),
    "truncated": (mends("make", "BROKEN"), "original file"),
    "a folder": (mends("make", "."), "one photo"),
}


@pytest.mark.data
@pytest.mark.parametrize("fault", FAULTS)
def test_what_the_user_can_mend_is_one_line_and_status_2(
    fault: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    names = {"PHOTO": "collins_1.png", "NOFACE": "noface_coffee.png", "BROKEN": "broken_truncated.jpg"}
    arguments, hint = FAULTS[fault]
    wanted = [str(photo_path(names[a])) if a in names else a for a in arguments]
    extra = ["--out", str(tmp_path / "out")] if arguments[:1] == ("make",) else []
    status, out, err = inside(capsys, *wanted, *extra)
    assert status == 2 and out == ""
    assert len(err.splitlines()) == 1 and err.startswith("headshot: ") and hint in err, err


@pytest.mark.data
def test_errors_have_no_traceback_in_a_real_process(tmp_path: Path) -> None:
    done = run("make", photo_path("broken_truncated.jpg"), "--out", tmp_path)
    assert done.returncode == 2 and done.stdout == ""
    assert len(done.stderr.splitlines()) == 1 and "Traceback" not in done.stderr
    assert list(tmp_path.iterdir()) == []


@pytest.mark.data
def test_a_folder_that_cannot_be_written(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "file").write_text("in the way")
    status, _, err = inside(capsys, "make", photo_path("collins_1.png"), "--out", tmp_path / "file" / "x")
    assert status == 2 and "--out" in err and len(err.splitlines()) == 1


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no device that is always full")
def test_output_that_finds_no_room_is_one_line() -> None:
    with open("/dev/full", "w") as full:
        done = subprocess.run(
            [sys.executable, "-m", "headshot", "weights"], cwd=ROOT, stdout=full, stderr=subprocess.PIPE, text=True
        )
    assert done.returncode == 2 and len(done.stderr.splitlines()) == 1 and "No space left" in done.stderr


@pytest.mark.data
def test_a_bug_stays_loud(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from headshot.studio import session as studio

    def broken(*_: object, **__: object) -> None:
        raise ZeroDivisionError("a bug")

    monkeypatch.setattr(studio.Sitting, "of", broken)
    with pytest.raises(ZeroDivisionError):
        cli.main(["make", str(photo_path("collins_1.png")), "--out", str(tmp_path)])


def test_help_names_every_command(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        cli.main(["--help"])
    assert ended.value.code == 0
    out = capsys.readouterr().out
    assert all(word in out for word in ("make", "presets", "--version"))
    assert io.StringIO(out).readline().startswith("usage: python -m headshot")
