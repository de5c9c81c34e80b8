"""The weights' table, the order of looking, and verification."""

from __future__ import annotations

import hashlib
import os
import re
import struct
from pathlib import Path

import pytest

from headshot.errors import UserError, WeightsMissing
from headshot.weights import checksum
from headshot.weights import store as weights
from headshot.weights.hub import HubSource
from headshot.weights.registry import registry
from headshot.weights.wheel import WheelSource
from tests.fixtures.weights_table import ADAPTER, ONNX, ROLES, put, put_in_cache, safetensors


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
