"""Downloads from a hub on this machine: whole, verified, at most once."""

from __future__ import annotations

import hashlib
import shutil
import threading
import time
from collections import namedtuple
from itertools import pairwise
from pathlib import Path

import pytest

from headshot.errors import WeightsMissing
from headshot.weights import checksum
from headshot.weights import store as weights
from tests.fixtures.hub_server import COMMIT, Hub
from tests.fixtures.weights_table import ADAPTER, ONNX, TABLE, put, put_in_cache, snapshot


def test_download_puts_verified_files_into_the_hubs_cache(home: Path, server: Hub) -> None:
    seen: list[weights.Progress] = []
    path = weights.locate("adapter", download=True, progress=seen.append)
    assert path == snapshot(home, "tiny/adapter") / "adapter.bin" and path.read_bytes() == ADAPTER
    assert seen[-1] == weights.Progress("adapter", len(ADAPTER), len(ADAPTER), "research only")
    assert all(a.done <= b.done for a, b in pairwise(seen))
    assert server.gets == ["adapter.bin"]
    assert weights.locate("adapter", download=True) == path and len(server.gets) == 1

    folder = weights.locate("base", download=True)
    got = sorted(str(p.relative_to(folder)) for p in folder.rglob("*") if p.is_file())
    assert got == ["model_index.json", "tokenizer/vocab.json", "unet/model.safetensors"]  # no pickle, no extras
    pack = weights.locate("pack", download=True)
    assert sorted(p.name for p in pack.iterdir()) == ["det.onnx", "rec.onnx"]
    assert [p.name for p in (home / "weights").iterdir()] == [".verified.json"], "that folder is the user's own"


def test_a_pinned_commit_is_asked_for_and_no_other(home: Path, server: Hub, monkeypatch: pytest.MonkeyPatch) -> None:
    table = TABLE.replace('repository = "tiny/adapter"', f'repository = "tiny/adapter"\nrevision = "{COMMIT}"')
    (home / "pinned.toml").write_text(table)
    monkeypatch.setenv("HEADSHOT_WEIGHTS_TABLE", str(home / "pinned.toml"))
    path = weights.locate("adapter", download=True)
    assert path == snapshot(home, "tiny/adapter") / "adapter.bin" and server.revisions == {COMMIT}
    assert not list((home / "hub").rglob("refs/main"))
    (home / "other.toml").write_text(table.replace(COMMIT, COMMIT[::-1]))
    monkeypatch.setenv("HEADSHOT_WEIGHTS_TABLE", str(home / "other.toml"))
    with pytest.raises(WeightsMissing, match="is not on this machine"):
        weights.locate("adapter")


def test_a_mirror_stands_in_with_other_names(home: Path, server: Hub) -> None:
    del server.repositories["tiny/pack"]
    pack = weights.locate("pack", download=True)
    assert [(pack / n).read_bytes() for n in ("det.onnx", "rec.onnx")] == list(ONNX)
    shutil.rmtree(home / "hub")
    shutil.rmtree(pack)
    del server.repositories["tiny/mirror"]
    with pytest.raises(WeightsMissing, match="does not have Tiny pack"):
        weights.locate("pack", download=True)


@pytest.mark.parametrize("role", ["adapter", "pack"])
def test_wrong_bytes_are_fetched_again_once(home: Path, server: Hub, role: str) -> None:
    bad = {"adapter": "adapter.bin", "pack": "models/pack/rec.onnx"}[role]
    server.swap[bad] = 1
    weights.locate(role, download=True)
    assert server.gets.count(bad) == 2
    assert len(server.gets) == {"adapter": 2, "pack": 3}[role]  # only the bad file came twice


@pytest.mark.parametrize("role", ["adapter", "pack"])
def test_wrong_bytes_twice_are_said_and_not_used(home: Path, server: Hub, role: str) -> None:
    bad = {"adapter": "adapter.bin", "pack": "models/pack/rec.onnx"}[role]
    server.swap[bad] = 2
    with pytest.raises(WeightsMissing, match=r"did not come as expected from http.*twice: .*sha256"):
        weights.locate(role, download=True)
    assert server.gets.count(bad) == 2
    with pytest.raises(WeightsMissing, match=r"cannot be used .*sha256"):  # neither it nor the rest of its model
        weights.locate(role)
    weights.locate(role, download=True)
    assert server.gets.count(bad) == 3 and len(set(server.gets)) == len(server.gets) - 2, "the good file came once"


@pytest.mark.parametrize("broken", ["cut", "refused", "killed"])
def test_a_download_goes_on_with_the_files_that_had_come(
    home: Path, server: Hub, monkeypatch: pytest.MonkeyPatch, broken: str
) -> None:
    monkeypatch.setattr(time, "sleep", lambda _: None)
    if broken == "killed":
        put_in_cache(home, "tiny/pack", {"models/pack/det.onnx": ONNX[0]})
        put(snapshot(home, "tiny/pack").parents[1], {f"blobs/{'a' * 64}.ab12.incomplete": b"part"})
    else:
        (server.cut if broken == "cut" else server.refuse_get)["models/pack/rec.onnx"] = 99 if broken == "cut" else 403
        del server.repositories["tiny/mirror"]
        with pytest.raises(WeightsMissing):
            weights.locate("pack", download=True)
        assert server.gets.count("models/pack/det.onnx") == 1
    server.cut.clear()
    server.refuse_get.clear()
    server.gets.clear()
    usage = namedtuple("usage", "total used free")  # room for what is still to come, and not for all
    monkeypatch.setattr(shutil, "disk_usage", lambda _: usage(9, 9, len(ONNX[1]) + 10))
    pack = weights.locate("pack", download=True)
    assert server.gets == ["models/pack/rec.onnx"] and (pack / "det.onnx").read_bytes() == ONNX[0]


def test_a_file_that_the_repository_lacks_is_named(home: Path, server: Hub) -> None:
    """Not called damaged: nothing came. A mirror that has it stands in."""
    del server.repositories["tiny/base"]["unet/model.safetensors"]
    with pytest.raises(WeightsMissing, match=r"tiny/base on http.* does not have unet/model\.safetensors, which Tiny"):
        weights.locate("base", download=True)
    assert server.gets.count("model_index.json") <= 1, "not asked for a second time"
    del server.repositories["tiny/pack"]["models/pack/rec.onnx"]
    assert weights.locate("pack", download=True) == home / "weights/pack"
    assert set(server.gets) == {"r/m.onnx", "d/m.onnx"}, "never by halves"


@pytest.mark.parametrize("status", [401, 403, 500, 503])
def test_a_hub_that_refuses_one_repository_is_asked_for_its_mirror(
    home: Path, server: Hub, monkeypatch: pytest.MonkeyPatch, status: int
) -> None:
    monkeypatch.setattr(time, "sleep", lambda _: None)
    for path in ("models/pack/det.onnx", "models/pack/rec.onnx"):
        server.refuse[path] = status
    pack = weights.locate("pack", download=True)
    assert [(pack / n).read_bytes() for n in ("det.onnx", "rec.onnx")] == list(ONNX)
    shutil.rmtree(home / "hub")
    shutil.rmtree(pack)
    for path in ("d/m.onnx", "r/m.onnx"):
        server.refuse[path] = 418
    with pytest.raises(WeightsMissing, match=rf"({status} for|does not have) Tiny pack \(tiny/pack\)"):
        weights.locate("pack", download=True)


def test_what_has_no_hash_is_held_to_the_hash_that_the_hub_gave(home: Path, server: Hub) -> None:
    """Sizes equal, safetensors header whole: only the sha256 by which the hub named it can tell."""
    server.swap["unet/model.safetensors"] = 1
    base = weights.locate("base", download=True)
    assert server.gets.count("unet/model.safetensors") == 2
    file = base / "unet/model.safetensors"
    good = file.read_bytes()
    file.resolve().write_bytes(good[:-1] + b"!")
    with pytest.raises(WeightsMissing, match=r"cannot be used .*unet/model\.safetensors is .*sha256"):
        weights.locate("base")
    assert (weights.locate("base", download=True) / "unet/model.safetensors").read_bytes() == good
    # What the publisher has by now is another file, on the branch that the table follows: taken with its own hash.
    server.repositories["tiny/base"]["unet/model.safetensors"] = good[:-1] + b"!"
    assert weights.locate("base", download=True) == base, "nothing is asked while it is whole"


def test_a_hash_is_remembered_where_weights_lie_in_the_hub_cache_alone(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The folder for the note is made: else each start would read gigabytes again."""
    cached = put_in_cache(home, "tiny/adapter", {"adapter.bin": ADAPTER}) / "adapter.bin"
    assert not (home / "weights").exists() and weights.locate("adapter") == cached
    checksum._known.clear()  # a new process
    monkeypatch.setattr(hashlib, "file_digest", lambda *_: pytest.fail("it is hashed again"))
    assert weights.locate("adapter") == cached and weights.digest(cached) == hashlib.sha256(ADAPTER).hexdigest()


def test_a_connection_that_breaks_off_is_taken_up_again(
    home: Path, server: Hub, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(time, "sleep", lambda _: None)
    server.cut["adapter.bin"] = 2
    assert weights.locate("adapter", download=True).read_bytes() == ADAPTER
    assert len(server.gets) == 3
    shutil.rmtree(home / "hub")
    server.gets.clear()
    server.cut["adapter.bin"] = 99
    with pytest.raises(WeightsMissing, match=r"Tiny adapter did not come whole .*broke off"):
        weights.locate("adapter", download=True)
    assert len(server.gets) <= 7  # bounded: the library's tries
    assert not list((home / "hub").rglob("*.bin"))


def test_what_the_user_put_there_is_never_touched(home: Path, server: Hub, monkeypatch: pytest.MonkeyPatch) -> None:
    own = put(home / "weights/pack", {"det.onnx": ONNX[0][:-5], "rec.onnx": ONNX[1], "mine.txt": b"keep"})
    assert weights.locate("pack", download=True) == snapshot(home, "tiny/pack") / "models/pack"
    assert (own / "det.onnx").read_bytes() == ONNX[0][:-5] and len(list(own.iterdir())) == 3
    given = put(home, {"given.bin": b"short"}) / "given.bin"
    monkeypatch.setenv("HEADSHOT_WEIGHTS_ADAPTER", str(given))
    assert weights.locate("adapter", download=True) == given
    assert given.read_bytes() == b"short" and "adapter.bin" not in server.gets


def test_a_damaged_copy_in_the_hub_cache_is_replaced(home: Path, server: Hub) -> None:
    for data in (bytes(len(ADAPTER)), ADAPTER[:-1], b""):
        put_in_cache(home, "tiny/adapter", {"adapter.bin": ADAPTER})
        cached = snapshot(home, "tiny/adapter") / "adapter.bin"
        cached.resolve().write_bytes(data)
        server.status = 503
        with pytest.raises(WeightsMissing, match="503"):
            weights.locate("adapter", download=True)
        assert cached.read_bytes() == data
        server.status = 0
        assert weights.locate("adapter", download=True) == cached and cached.read_bytes() == ADAPTER
        shutil.rmtree(home / "hub")
    assert server.gets == ["adapter.bin"] * 3


def test_two_who_ask_at_once_fetch_once(home: Path, server: Hub) -> None:
    paths: list[Path] = []
    ask = [threading.Thread(target=lambda: paths.append(weights.locate("pack", download=True))) for _ in range(3)]
    for thread in ask:
        thread.start()
    for thread in ask:
        thread.join()
    assert paths == [snapshot(home, "tiny/pack") / "models/pack"] * 3 and len(server.gets) == 2
