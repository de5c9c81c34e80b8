"""The engine on CUDA, with tiny random weights: half precision, offloading, every mode. Skips without a GPU."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import torch

from headshot.engines.diffusion import device, rates
from headshot.engines.diffusion.device import Plan
from headshot.engines.diffusion.faceid_pipeline import FaceIDEngine
from headshot.engines.diffusion.families import SD15, SDXL
from headshot.engines.diffusion.pipeline_parts import load_parts
from headshot.engines.diffusion.safety import Blocked
from headshot.types import Headshot
from tests.fixtures import tiny
from tests.fixtures.tiny_faceid import BY_ARCHITECTURE, FACE, canvas, direction

WHERE = "cuda"
pytestmark = [
    pytest.mark.gpu,
    pytest.mark.skipif(WHERE == "cuda" and not torch.cuda.is_available(), reason="no CUDA device"),
]


@pytest.fixture(scope="module", params=["sd15", "sdxl"])
def saved(request, tmp_path_factory):
    return request.param, tiny.save(request.param, tmp_path_factory.mktemp(request.param))


def engine(saved, dtype, *, offload=False, where=WHERE, rows=16):
    family, roles = saved
    plan = Plan(where, dtype, offload=offload, channels_last=where == "cuda", rows=rows)
    return FaceIDEngine(
        BY_ARCHITECTURE[family], load_parts(BY_ARCHITECTURE[family], roles.__getitem__, plan), preview_every=0
    )


def shot(made, **settings):
    change, seed = settings.pop("change", 1.0), settings.pop("seed", 3)
    events = made.render(canvas(), FACE, direction(change, seed, **settings), size=(64, 64))
    return next(e for e in events if isinstance(e, Headshot))


def apart(a, b):
    return np.abs(a.picture.astype(int) - b.picture).mean()


@pytest.mark.parametrize("dtype", ["bfloat16", "float16"])
@pytest.mark.parametrize(
    "settings",
    [
        {},
        {"change": 0.8},
        {"mode": "draft"},
        {"mode": "fast"},
        {"scheduler": "lcm"},
        {"scheduler": "dpm++", "change": 0.6},
        {"scheduler": "euler"},
    ],
    ids=lambda s: "-".join(map(str, s.values())) or "full",
)
def test_half_precision_paints_the_picture_of_the_cpu(saved, dtype, settings):
    """Nearer to float32's on the CPU than that is to another seed's, by far."""
    exact = engine(saved, "float32", where="cpu")
    expected, other = shot(exact, **settings), shot(exact, **{**settings, "seed": 4})
    got = shot(engine(saved, dtype), **settings)
    assert got.picture.shape == expected.picture.shape
    assert apart(got, expected) < apart(other, expected) / 2
    if settings.get("change", 1) < 1:  # what was promised stays, to the pixel
        own = canvas().regions["face"] + canvas().regions["hair"] > 0.999
        assert settings["change"] > 0.6 or (got.picture[own] == canvas().picture[own]).all()


@pytest.mark.parametrize("mode", ["full", "draft"])
def test_offloading_paints_the_same_and_keeps_less_on_the_gpu(saved, mode):
    held, pictures = [], []
    for offload in (False, True):
        device.free_memory()
        before = torch.cuda.memory_allocated() if WHERE == "cuda" else 0
        made = engine(saved, "bfloat16", offload=offload)
        pictures += [shot(made, mode=m, change=0.8) for m in (mode, "full", mode)]
        device.free_memory()
        held.append((torch.cuda.memory_allocated() if WHERE == "cuda" else -offload) - before)
        del made
    assert max(apart(a, b) for a, b in zip(pictures[:3], pictures[3:], strict=True)) < 0.5
    assert held[1] < held[0]


def test_nothing_of_a_request_stays_on_the_gpu(saved):
    made = engine(saved, "bfloat16")
    shot(made, change=0.8)
    device.free_memory()
    before = torch.cuda.memory_allocated() if WHERE == "cuda" else 0
    work = made.render(canvas(), FACE, direction(0.8, steps=8), size=(64, 64))
    for item in work:
        if item.step == 3:
            break
    work.close()
    device.free_memory()
    assert (torch.cuda.memory_allocated() if WHERE == "cuda" else 0) <= before


def test_memory_that_runs_out_on_the_way_gives_the_same_picture(saved, monkeypatch):
    """Real offloading, begun in the middle: after the UNet's one row, and after an encoder, found no room."""
    expected = shot(engine(saved, "bfloat16"), change=0.8)
    for victim in ("unet", "image_encoder"):
        made = engine(saved, "bfloat16", rows=1)
        module, failed = getattr(made.parts, victim), []
        inner = type(module).forward

        def fail_once(self, *a, module=module, inner=inner, failed=failed, **k):
            if self is module and not failed:
                failed.append(1)
                raise torch.cuda.OutOfMemoryError("CUDA out of memory.")
            return inner(self, *a, **k)

        with monkeypatch.context() as patch:
            patch.setattr(type(module), "forward", fail_once)
            got = shot(made, change=0.8)
        assert failed and made._offloader.offload and any("main memory" in n for n in got.notes)
        assert {p.device.type for p in made.parts.vae.parameters()} == {"cpu"}
        assert apart(got, expected) < 0.5


def test_the_checker_works_in_half_precision(saved):
    made = engine(saved, "float16")
    assert shot(made, mode="draft")
    checker, processor = tiny.safety_checker(-2.0)  # finds everything
    finds = replace(made.parts.safety, checker=checker.to(WHERE, torch.float16), processor=processor)
    with pytest.raises(Blocked):
        shot(FaceIDEngine(made.family, replace(made.parts, safety=finds)))


def test_the_plan_for_this_gpu():
    for family in (SD15, SDXL):
        plan = device.choose(resident_gb=family.resident_gb, row_gb=family.row_gb)
        assert plan.device == WHERE and plan.rows >= 1 and plan.dtype in ("bfloat16", "float16")
        assert 0 < rates.seconds(family.unet_flop, plan.device, plan.dtype, family.name) < 60
    free, total = torch.cuda.mem_get_info()
    assert 0 < free <= device.free_on_gpu() <= total
    assert device.has_room(1, WHERE) and not device.has_room(total, WHERE)
