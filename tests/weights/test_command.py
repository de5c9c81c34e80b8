"""`headshot weights`, and tensors read without code."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from headshot.cli.weights import main
from headshot.errors import UserError
from headshot.weights import store as weights
from headshot.weights.registry import registry
from tests import ROOT
from tests.fixtures.hub_server import Hub
from tests.fixtures.weights_table import ADAPTER, put


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
