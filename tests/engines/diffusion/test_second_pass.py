"""A second pass over what was painted small: where it is due, what it costs, and that it equals its own steps."""

from __future__ import annotations

from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pytest
import torch

from headshot.engines.base import Batch, Done
from headshot.engines.diffusion import rates, schedulers
from headshot.engines.diffusion.faceid_pipeline import FaceIDEngine
from headshot.engines.diffusion.families import SD15, SDXL
from headshot.engines.diffusion.pipeline_parts import load_parts
from headshot.engines.diffusion.request import SECOND_NOISE
from headshot.engines.diffusion.second_pass import begin_second, second_size
from headshot.engines.encode_cache import EncodeCache
from headshot.types import Generate, Headshot, Preview
from tests.fixtures import tiny
from tests.fixtures.tiny_faceid import BARE, FACE, PLAN, canvas, direction, locator

# The proportions of SD1.5 at an eighth of its size: painted at 64 px, once more at 96.
SMALL = replace(SD15, native=64, over_canvas=96, draft_side=64)


@pytest.fixture(scope="module")
def parts(tmp_path_factory):
    return load_parts(SMALL, locator(tiny.save("sd15", tmp_path_factory.mktemp("small"))), PLAN)


@pytest.fixture
def calls(parts, monkeypatch):
    """Heights px of the UNet's calls, and how often the VAE decoded."""
    seen, decoded = [], []
    forward, decode = type(parts.unet).forward, type(parts.vae).decode
    monkeypatch.setattr(
        type(parts.unet),
        "forward",
        lambda self, x, *a, **k: (seen.append(8 * x.shape[2]), forward(self, x, *a, **k))[1],
    )
    monkeypatch.setattr(type(parts.vae), "decode", lambda *a, **k: (decoded.append(1), decode(*a, **k))[1])
    return seen, decoded


def paint(parts, d, cache=None, family=SMALL):
    engine = FaceIDEngine(family, parts, preview_every=0)
    return list(engine.render_many(Batch([canvas(120)], FACE, [d], cache or EncodeCache())))


def picture(events) -> Headshot:
    (made,) = [e.result for e in events if isinstance(e, Done)]
    return made


def test_it_is_due_at_the_top_of_sd15s_ladder_alone():
    assert second_size(SD15, Generate(), (960, 1200)) == (768, 960)
    assert second_size(SD15, Generate(mode="fast"), (960, 1200)) == (768, 960)
    assert second_size(SD15, Generate(mode="draft"), (960, 1200)) is None
    assert second_size(SDXL, Generate(), (960, 1200)) is None


def test_what_is_painted_from_the_face_alone_is_painted_twice(parts, calls):
    events = paint(parts, direction(1.0, steps=10))
    made, previews = picture(events), [e for e in events if isinstance(e, Preview)][1:]
    assert calls[0] == [64] * 10 + [96] * 4 and len(calls[1]) == 2
    assert [p.step for p in previews] == list(range(1, 15)) and {p.steps for p in previews} == {14}
    assert previews[-1].remaining == 0
    assert made.recipe["size"] == (96, 96) and made.recipe["first_size"] == (64, 64)


@pytest.mark.sweep
def test_a_draft_a_canvas_and_a_family_that_paints_large_are_painted_once(parts, calls):
    for d in (direction(1.0, steps=10, mode="draft"), direction(0.9, steps=10)):
        calls[0].clear()
        made = picture(paint(parts, d))
        assert len(set(calls[0])) == 1 and "first_size" not in made.recipe
    calls[0].clear()
    paint(parts, direction(1.0, steps=10), family=replace(SMALL, native=96))
    assert calls[0] == [96] * 10


@pytest.mark.parametrize("name", ["ddim", "euler", "dpm++", "lcm"])
def test_the_second_pass_starts_from_the_first_result_enlarged_and_noised(name):
    """Against each scheduler's own add_noise, at the first step that starts from no more noise than is allowed."""
    scheduler = schedulers.make(name, {}, 20)
    rng = torch.Generator().manual_seed(1)
    first, noise = torch.rand((1, 4, 8, 8), generator=rng), torch.randn((1, 4, 12, 12), generator=rng)
    codec = SimpleNamespace(  # pictures of one pixel a latent
        decode=lambda z, mode, notes: (z[:3].permute(1, 2, 0) * 255).round().byte().numpy().repeat(8, 0).repeat(8, 1),
        encode=lambda x, cache, notes: (
            torch.from_numpy(x[4::8, 4::8].copy()).float().permute(2, 0, 1)[None][:, [0, 1, 2, 2]] / 255
        ),
    )
    hold = begin_second(first, noise, scheduler, codec, EncodeCache(), [])
    shares = schedulers.noise_shares(scheduler)
    begins = next(i for i, share in enumerate(shares) if share <= SECOND_NOISE)
    assert hold.first == begins and (hold.free == 20 - begins).all() and not hold.anew.any()
    assert hold.canvas.shape == noise.shape and abs(float(hold.canvas[:, :3].mean() - first[:, :3].mean())) < 0.02
    expected = scheduler.add_noise(hold.canvas, noise, scheduler.timesteps[begins : begins + 1])
    assert torch.allclose(hold.start(float(scheduler.init_noise_sigma)), expected, atol=1e-5)


@pytest.mark.sweep
def test_a_finish_costs_no_model_and_equals_a_run_from_scratch(parts, calls):
    cache = EncodeCache()
    paint(parts, direction(1.0, steps=6), cache)
    for count in calls:
        count.clear()
    finished = replace(direction(1.0, steps=6), retouch=replace(BARE, contrast=1.0, mono=1.0))
    again = picture(paint(parts, finished, cache)).picture
    assert calls == ([], [])
    assert (again == picture(paint(parts, finished)).picture).all()


@pytest.mark.sweep
def test_candidates_are_each_painted_over_their_own(parts):
    both = [e.result.picture for e in paint(parts, direction(1.0, steps=4, candidates=2)) if isinstance(e, Done)]
    alone = [picture(paint(parts, direction(1.0, steps=4, seed=seed))).picture for seed in (3, 4)]
    for a, b in zip(both, alone, strict=True):
        assert np.abs(a.astype(int) - b).max() <= 1


def test_the_estimate_counts_it(parts, monkeypatch):
    monkeypatch.setattr(rates, "_learnt", {})
    monkeypatch.setattr(rates, "throughput", lambda *_: 2e12)
    d = direction(1.0, steps=10)
    batch = Batch([canvas(120)], None, [d])
    engines = FaceIDEngine(SMALL, parts), FaceIDEngine(replace(SMALL, over_canvas=64), parts)
    twice, once = (e.seconds(e.requests(batch)[0]) for e in engines)
    # 4 of 10 steps at 2.25 times the area, and the VAE twice more: 1 decoding, and an encoding of 2.25 times the area.
    steps = 2 * SMALL.unet_flop
    expected = 1 + (4 * 2.25 * steps + SMALL.vae_flop * (1 + 2.25 / 2)) / (10 * steps + SMALL.vae_flop)
    assert twice / once == pytest.approx(expected)
