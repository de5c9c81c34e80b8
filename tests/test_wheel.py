"""The wheel: what `pip install` brings, run from a folder that is not this one."""

from __future__ import annotations

import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    built = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)]
    subprocess.run(built, cwd=ROOT, check=True, capture_output=True)
    (made,) = folder.glob("*.whl")
    return made


def test_it_holds_the_looks_and_nothing_of_tests_or_photos(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        names = archive.namelist()
        scripts = archive.read(next(n for n in names if n.endswith("entry_points.txt"))).decode()
    looks = {Path(n).name for n in names if n.startswith("headshot/presets/")}
    assert looks == {p.name for p in (ROOT / "presets").iterdir()}
    others = {
        p.relative_to(ROOT).as_posix() for p in (ROOT / "headshot").rglob("*") if p.suffix in (".toml", ".js", ".css")
    }
    assert others <= set(names), "data files that the program reads"
    top = {n.split("/")[0].split("-")[0] for n in names}
    assert top == {"headshot"} and not [n for n in names if n.endswith((".jpg", ".onnx", ".safetensors", ".pyc"))]
    assert "headshot = headshot.__main__:main" in scripts and wheel.stat().st_size < 2_000_000


def test_it_runs_from_elsewhere(wheel: Path, tmp_path: Path) -> None:
    """The command line and the page's entry, in a folder with a space and an é, with no source tree near."""
    home = tmp_path / "née w"
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(home)
    environment = {k: v for k, v in os.environ.items() if k not in ("PORT", "HOST")} | {"PYTHONPATH": str(home)}

    def run(*words: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "headshot", *words]
        return subprocess.run(command, cwd=home, env=environment, capture_output=True, text=True)

    assert "linkedin" in run("presets").stdout
    page = run("app", "--port", "none")  # as far as its entry goes without opening a port
    assert page.returncode == 2 and page.stderr.startswith("headshot: PORT is “none”."), page.stderr
