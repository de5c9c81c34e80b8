"""What fits where: the full architectures counted on the meta device. Computed, not measured on a GPU."""

from __future__ import annotations

import json
import struct
from dataclasses import dataclass, replace

import pytest
import torch

from benchmarks import full_size
from headshot.engines import faceid
from headshot.engines.base import EngineStatus
from headshot.engines.diffusion import device, memory_check, rates
from headshot.engines.diffusion.device import Plan
from headshot.engines.diffusion.families import SD15, SDXL, Family
from headshot.engines.faceid import FaceIDGenerator
from headshot.errors import EngineUnavailable, WeightsMissing
from headshot.weights.registry import registry
from tests.fixtures import tiny

HALF = 2  # bytes of a number
BY_ARCHITECTURE = {"sd15": SD15, "sdxl": SDXL}


def card(
    monkeypatch: pytest.MonkeyPatch,
    total: float,
    *,
    others: float = 0,
    held: float = 0,
    kept: float = 0,
    bf16: bool = True,
) -> None:
    """A GPU of `total` GB: `others` of other programs, `held` of ours, `kept` that torch keeps unused."""
    monkeypatch.delenv("SPACES_ZERO_GPU", raising=False)
    monkeypatch.delenv("HEADSHOT_COMPILE", raising=False)
    monkeypatch.setattr(torch.cuda, "is_available", lambda: True)
    monkeypatch.setattr(torch.cuda, "is_bf16_supported", lambda **_: bf16)
    monkeypatch.setattr(torch.cuda, "empty_cache", lambda: None)
    free = total - others - held - kept
    monkeypatch.setattr(torch.cuda, "mem_get_info", lambda: (int(free * 1e9), int(total * 1e9)))
    monkeypatch.setattr(torch.cuda, "memory_allocated", lambda: int(held * 1e9))
    monkeypatch.setattr(torch.cuda, "memory_reserved", lambda: int((held + kept) * 1e9))


@pytest.fixture(scope="module", params=["sd15", "sdxl"])
def counted(request) -> tuple[str, dict[str, int]]:
    """(family, numbers in each module at full size)."""
    return request.param, full_size.count(request.param)


def test_published_sizes_are_met(counted: tuple[str, dict[str, int]]) -> None:
    """The configurations are the real ones: their files have the bytes that the hub lists."""
    family, n = counted
    table = registry().weights
    files = {f.path: f.bytes for w in table.values() for f in w.files if w.role == f"{family}-base"}
    unet = next(b for p, b in files.items() if p.startswith("unet/") and b)
    assert n["unet"] * (4 if family == "sd15" else 2) == pytest.approx(unet, rel=0.002)
    for role, part, each in (
        ("clip-vit-h", "image encoder", 4),
        (f"{family}-vae", "vae", 4),
        (f"faceid-plusv2-{family}", "adapter", 2),
        ("taesd", "taesd", 4),
    ):
        size = sum(f.bytes for f in table[role].files if not f.path.endswith(".json"))
        assert n[part] * each == pytest.approx(size, rel=0.01), role


def test_the_plan_reckons_with_what_the_modules_take(counted: tuple[str, dict[str, int]]) -> None:
    family, n = counted
    family = BY_ARCHITECTURE[family]
    total = HALF * sum(n.values()) / 1e9
    assert family.resident_gb == pytest.approx(total, rel=0.03)
    stays = HALF * sum(v for k, v in n.items() if k in ("unet", "adapter", "taesd")) / 1e9
    assert stays <= device.STAYS * family.resident_gb * 1.03, "what stays on the GPU when the rest is offloaded"


@pytest.mark.parametrize(
    ("memory", "family", "offload"),
    [(6, "sd15", False), (4, "sd15", True), (10, "sdxl", True), (16, "sdxl", False)],
)
def test_plans_fit_the_gpus_they_are_made_for(
    monkeypatch: pytest.MonkeyPatch, memory: int, family: str, offload: bool
) -> None:
    """SD1.5 in 6 GB and SDXL in 10 GB: modules on the device, the rows of one call and a visitor at the same time."""
    card(monkeypatch, memory, bf16=memory != 6)  # an older card
    family, n = BY_ARCHITECTURE[family], full_size.count(family)
    plan = device.choose(resident_gb=family.resident_gb, row_gb=family.row_gb)
    assert (plan.device, plan.offload, plan.channels_last) == ("cuda", offload, True)
    assert plan.dtype == ("float16" if memory == 6 else "bfloat16")
    stays = [v for k, v in n.items() if not plan.offload or k in ("unet", "adapter", "taesd")]
    held = HALF * sum(stays) / 1e9
    assert held + plan.rows * family.row_gb <= memory, "the rows of the UNet's call"
    if plan.offload:
        visitor = HALF * max(n["image encoder"], n["text encoders"]) / 1e9
        assert held + visitor <= memory, "an encoder's visit"
    assert plan.rows >= (2 if memory in (6, 10, 16) else 1), "guidance in one call"


@pytest.mark.sweep
def test_a_row_is_reckoned_at_twice_what_is_counted_and_more(counted: tuple[str, dict[str, int]]) -> None:
    family, _ = counted
    one, two = full_size.working(family), full_size.working(family, 2)
    assert 0.05e9 < one < two < 2 * one
    assert 2 * one <= BY_ARCHITECTURE[family].row_gb * 1e9 <= 5 * one


def test_the_counter_counts_what_is_alive() -> None:
    with full_size._Peak() as peak:
        a = torch.empty(1000, dtype=torch.half)
        b = a + 1
        assert peak.now == peak.most == 4000
        del a
        b.mul_(2)
        assert (peak.now, peak.most) == (2000, 4000)
        b[:10].clone()
        assert (peak.now, peak.most) == (2000, 4000)
    del b


@pytest.mark.parametrize(
    ("use", "alone", "offload"),
    [
        ({}, False, False),
        ({"others": 9}, False, True),
        ({"kept": 9}, False, False),
        ({"held": 9}, False, True),
        ({"held": 9}, True, False),
        ({"others": 9, "held": 3}, True, True),
    ],
)
def test_plans_reckon_with_what_is_free(
    monkeypatch: pytest.MonkeyPatch, use: dict[str, float], alone: bool, offload: bool
) -> None:
    """16 GB: not the size of the card but what of it can be had."""
    card(monkeypatch, 16, **use)
    plan = device.choose(resident_gb=SDXL.resident_gb, row_gb=SDXL.row_gb, alone=alone)
    assert plan.offload is offload
    assert device.has_room(10**10, "cuda") is (not ({"others", "held"} & set(use)))


@dataclass(frozen=True)
class Made:
    """Stands for the loaded parts."""

    plan: Plan
    speed_loras: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()


@pytest.mark.sweep
def test_the_other_family_makes_way_where_room_is_short(monkeypatch: pytest.MonkeyPatch) -> None:
    """Both generators without files on a pretended GPU of 16 GB, which holds either and not the two."""
    held: dict[str, float] = {}
    fails: list[bool] = []
    loaded: list[tuple[str, bool]] = []

    class Engine:
        def __init__(self, family: Family, parts: Made) -> None:
            self.family, self.parts = family, parts
            held[family.architecture] = family.resident_gb

        def __del__(self) -> None:
            del held[self.family.architecture]

    def load_parts(family: Family, locate: object, plan: Plan) -> Made:
        loaded.append((family.architecture, plan.offload))
        if fails and fails.pop():
            raise torch.cuda.OutOfMemoryError("CUDA out of memory.")
        return Made(plan)

    card(monkeypatch, 16)
    monkeypatch.setattr(torch.cuda, "mem_get_info", lambda: (int((16 - sum(held.values())) * 1e9), int(16e9)))
    for name in ("memory_allocated", "memory_reserved"):
        monkeypatch.setattr(torch.cuda, name, lambda: int(sum(held.values()) * 1e9))
    monkeypatch.setattr(faceid, "weight_hashes", lambda roles: {})
    monkeypatch.setattr("headshot.engines.diffusion.pipeline_parts.load_parts", load_parts)
    monkeypatch.setattr("headshot.engines.diffusion.faceid_pipeline.FaceIDEngine", Engine)
    monkeypatch.setattr(FaceIDGenerator, "status", lambda self: EngineStatus(self.name, "", True))
    small, large = FaceIDGenerator("faceid-sd15"), FaceIDGenerator("faceid-sdxl")
    small.load()
    assert not large._plan().offload, "what it will be like once the other has made way"
    large.load()
    assert loaded == [("sd15", False), ("sdxl", False)] and list(held) == ["sdxl"]
    assert large._plan() is large.load().parts.plan, "and no other one while it is loaded"
    fails.append(True)
    small.load()
    assert loaded[2:] == [("sd15", False), ("sd15", True)], "once more with less on the device"
    assert list(held) == ["sd15"] and small.load().parts.plan.offload
    assert any("main memory" in n for n in small.load().parts.notes)
    fails.extend([True, True])
    with pytest.raises(EngineUnavailable, match="not enough memory"):
        large.load()
    assert large._engine is None


def test_compile_is_by_wish(monkeypatch: pytest.MonkeyPatch) -> None:
    card(monkeypatch, 24)
    assert not device.choose(resident_gb=4, row_gb=0.4).compile
    monkeypatch.setenv("HEADSHOT_COMPILE", "1")
    assert device.choose(resident_gb=4, row_gb=0.4).compile


def test_what_files_take_is_read_from_their_headers(tmp_path) -> None:
    """Against the modules that are loaded from them; both variants beside each other count once."""
    roles = tiny.save("sd15", tmp_path)
    pipe = tiny.pipeline("sd15", tmp_path)
    base = sum(p.numel() for m in (pipe.unet, pipe.vae, pipe.text_encoder) for p in m.parameters())
    assert memory_check.elements(roles["sd15-base"]) == pytest.approx(base, rel=0.01)
    pipe.unet.half().save_pretrained(roles["sd15-base"] / "unet", variant="fp16")
    assert memory_check.elements(roles["sd15-base"]) == pytest.approx(base, rel=0.01)
    (roles["sd15-base"] / "whole-checkpoint.safetensors").write_bytes(b"of another program")
    half = roles["sd15-base"] / "unet" / "diffusion_pytorch_model.safetensors"
    half.rename(half.with_name("diffusion_pytorch_model-00001-of-00002.safetensors"))
    assert memory_check.elements(roles["sd15-base"]) == pytest.approx(base, rel=0.01)
    clip = sum(p.numel() for p in tiny.image_encoder().parameters())
    assert memory_check.elements(roles["clip-vit-h"]) == pytest.approx(clip, rel=0.01)
    adapter = torch.load(roles["faceid-plusv2-sd15"], weights_only=True)
    numbers = sum(t.numel() for part in adapter.values() for t in part.values())
    assert memory_check.elements(roles["faceid-plusv2-sd15"]) == numbers
    header = json.dumps({"a": {"dtype": "F16", "shape": [3, 5], "data_offsets": [0, 30]}, "__metadata__": {}}).encode()
    (tmp_path / "one.safetensors").write_bytes(struct.pack("<Q", len(header)) + header + bytes(30))
    assert memory_check.elements(tmp_path / "one.safetensors") == 15


def test_too_little_memory_is_said_before_anything_is_loaded(monkeypatch: pytest.MonkeyPatch, tmp_path) -> None:
    made = tmp_path / "ten.bin"
    made.write_bytes(bytes(20))

    def locate(role: str):
        if role == "taesdxl":
            raise WeightsMissing("not here")
        return made

    asked: list[int] = []
    monkeypatch.setattr(memory_check, "has_room", lambda size, where: bool(asked.append(size)))
    with pytest.raises(EngineUnavailable, match=r"needs .* of memory"):
        memory_check.check_room(SDXL, locate, Plan("cpu", "float32"))
    assert asked == [5 * 10 * 4]
    memory_check.check_room(SDXL, locate, Plan("cuda", "float16"))
    assert len(asked) == 1, "a GPU has its own way to say so"


@pytest.mark.parametrize("error", [MemoryError(), torch.cuda.OutOfMemoryError("x"), RuntimeError("MPS out of memory")])
def test_memory_that_runs_out_is_one_line(error: BaseException) -> None:
    with pytest.raises(EngineUnavailable, match="not enough memory") as caught, device.enough_memory():
        raise error
    assert caught.value.hint
    with pytest.raises(RuntimeError, match="shape"), device.enough_memory():
        raise RuntimeError("shape")


@pytest.mark.parametrize(
    ("family", "flag", "kind"), [("sd15", True, "float16"), ("sdxl", True, "float32"), ("sdxl", False, "float16")]
)
def test_only_sdxls_own_vae_is_kept_in_single_precision(tmp_path, family: str, flag: bool, kind: str) -> None:
    """The flag is diffusers' default where a config.json lacks it, as that of sd-vae-ft-mse does."""
    from headshot.engines.diffusion.pipeline_parts import load_parts

    roles = tiny.save(family, tmp_path, without=("safety-checker",))
    config = roles[f"{family}-vae"] / "config.json"
    config.write_text(json.dumps(json.loads(config.read_text()) | {"force_upcast": flag}))

    def locate(role: str):
        if role not in roles:
            raise WeightsMissing("not here")
        return roles[role]

    parts = load_parts(BY_ARCHITECTURE[family], locate, Plan("cpu", "float16"))
    assert parts.vae.dtype == getattr(torch, kind) and parts.unet.dtype == torch.float16


@pytest.mark.parametrize(("where", "side", "waits"), [("cpu", 1024, 0), ("cuda", 4096, 8)])
def test_a_gpu_is_timed_with_work_that_outlasts_its_launch(
    monkeypatch: pytest.MonkeyPatch, where: str, side: int, waits: int
) -> None:
    """Of four products the first, which loads the library, is not counted; before and after each it waits for a GPU."""
    asked: list[object] = []

    class Matrix:
        def __matmul__(self, other: object) -> None:
            asked.append("product")

    def ones(*shape: int, **kind: object) -> Matrix:
        asked.append(shape)
        return Matrix()

    monkeypatch.setattr(torch, "ones", ones)
    monkeypatch.setattr(torch.cuda, "synchronize", lambda: asked.append("wait"))
    rates.throughput.cache_clear()
    try:
        assert rates.throughput(where, "bfloat16") > 0
    finally:
        rates.throughput.cache_clear()
    assert asked[0] == (side, side) and asked.count("product") == 4 and asked.count("wait") == waits


def test_on_a_cpu_the_small_family_comes_first(monkeypatch: pytest.MonkeyPatch) -> None:
    from headshot.ui.make import setup

    here = {name: EngineStatus(name, "", True) for name in setup.GENERATORS}
    monkeypatch.setattr(setup, "statuses", lambda: here)
    for kind, first in (("cpu", "faceid-sd15"), ("cuda", "klein"), ("mps", "klein")):
        monkeypatch.setattr(device, "kind", lambda kind=kind: kind)
        assert setup.generator_for("auto") == first and setup.generator_for("faceid-sdxl") == "faceid-sdxl"
    here["faceid-sd15"] = EngineStatus("faceid-sd15", "", False)
    monkeypatch.setattr(device, "kind", lambda: "cpu")
    assert setup.generator_for("auto") == "faceid-sdxl" and setup.generator_for("faceid-sd15") is None


def test_the_safety_checker_is_loaded_in_the_plans_dtype(tmp_path) -> None:
    from headshot.engines.diffusion.pipeline_parts import load_parts

    roles = tiny.save("sd15", tmp_path)
    parts = load_parts(SD15, roles.__getitem__, replace(Plan("cpu", "float32"), dtype="bfloat16"))
    assert parts.safety is not None and parts.safety.checker.dtype == torch.bfloat16
    assert {m.dtype for m in parts.movable if m is not parts.vae} == {
        torch.bfloat16
    } and parts.vae.dtype == torch.float32
