"""The engine end to end on tiny random weights saved in the layouts of the real ones: files → picture."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import numpy as np
import pytest
import torch

from headshot.engines.diffusion import schedulers
from headshot.engines.diffusion.faceid_pipeline import FaceIDEngine
from headshot.engines.diffusion.families import SD15, SDXL, size_for
from headshot.engines.diffusion.pipeline_parts import load_parts
from headshot.engines.finish import finish
from headshot.types import Headshot, Light, Preview, Retouch
from tests.fixtures import tiny
from tests.fixtures.shared_photos import first
from tests.fixtures.tiny_faceid import BARE, FACE, OTHER, PLAN, canvas, direction, locator, shots


def test_from_files_to_pictures(engine):
    events = list(engine.render(canvas(), FACE, direction(candidates=2), size=(64, 64)))
    previews, made = events[:-2], events[-2:]
    assert all(isinstance(p, Preview) for p in previews) and all(isinstance(h, Headshot) for h in made)
    assert previews[0].picture is None and previews[0].remaining > 0 and "About" in previews[0].note
    assert [p.step for p in previews[1:]] == [1, 2, 3, 4]
    assert all(p.picture.dtype == np.uint8 for p in previews[1:]) and previews[-1].remaining == 0
    for i, h in enumerate(made):
        assert h.picture.shape == (64, 64, 3) and h.picture.dtype == np.uint8 and h.kept == 0
        assert h.recipe["seed"] == 3 + i and "navy suit" in h.recipe["prompt"]
    assert (made[0].picture != made[1].picture).any()


def test_equals_the_pipeline_of_diffusers_in_pixels(engine):
    """Text to image with the face, through the pipeline's own loop, prompt encoding, CLIP and VAE."""
    d = direction(identity=0.9, structure=1.2, lora=0.6)
    got = shots(engine, d)[0]

    import diffusers
    from PIL import Image

    xl, base = engine.family.architecture == "sdxl", engine.parts
    kind = diffusers.StableDiffusionXLPipeline if xl else diffusers.StableDiffusionPipeline
    folder = str(base.unet.config._name_or_path).removesuffix("/unet")
    encoder = tiny.image_encoder()
    none = {} if xl else {"safety_checker": None}
    pipe = kind.from_pretrained(folder, image_encoder=encoder, feature_extractor=base.image_processor, **none)
    pipe.set_progress_bar_config(disable=True)
    pipe.load_ip_adapter(tiny.checkpoint(pipe.unet), subfolder=None, weight_name=None, image_encoder_folder=None)
    pipe.set_ip_adapter_scale(0.9)
    pipe.set_adapters(["faceid_0"], [0.6])
    pipe.scheduler = schedulers.make("ddim", base.scheduler, 4)
    layer = pipe.unet.encoder_hid_proj.image_projection_layers[0]
    crop = Image.fromarray(FACE.crop)
    layer.clip_embeds = pipe.prepare_ip_adapter_image_embeds([crop], None, torch.device("cpu"), 1, True)[0]
    layer.shortcut, layer.shortcut_scale = True, 1.2
    face = torch.from_numpy(FACE.embedding)[None, None]
    expected = pipe(
        got.recipe["prompt"],
        negative_prompt=got.recipe["negative"],
        height=64,
        width=64,
        num_inference_steps=4,
        guidance_scale=4.0,
        ip_adapter_image_embeds=[torch.cat([torch.zeros_like(face), face])],
        generator=torch.Generator().manual_seed(3),
        output_type="np",
    ).images[0]
    assert np.abs(got.picture / 255 - expected).max() < 1.01 / 255


def test_own_pixels_where_nothing_may_change(engine):
    c = canvas()
    for change in (0.0, 0.25):
        (h,) = shots(engine, direction(change), on=c)
        assert (h.picture == c.picture).all() and h.kept == 1 and "own pixels" in h.notes[0]
    (h,) = shots(engine, direction(0.5), on=c)
    own = c.regions["face"] + c.regions["hair"] > 0.999
    assert own.sum() > 200 and (h.picture[own] == c.picture[own]).all()
    assert h.kept > 0.95
    repainted = c.regions["clothes"] + c.regions["backdrop"] > 0.999
    assert (h.picture[repainted] != c.picture[repainted]).mean() > 0.9
    (h,) = shots(engine, direction(0.9), on=c)
    assert h.kept == 0 and (h.picture[own] != c.picture[own]).mean() > 0.9


FINISH = Retouch(skin=0.5, eyes=0.8, sharpness=0.9, grain=0.6, mono=1.0, contrast=0.9)


@pytest.mark.parametrize("change", first([0.5, 0.0, 0.9, 1.0], 2))
def test_what_is_painted_is_finished_like_own_pixels(sd15, change):
    c, d = canvas(), replace(direction(change), retouch=FINISH)
    plain, made = shots(sd15, direction(change), on=c)[0].picture, shots(sd15, d, on=c)[0].picture
    assert (np.ptp(made, axis=2) <= 1).all() and (np.ptp(plain, axis=2) > 8).mean() > 0.5  # black and white
    # What is promised to be the person's own is own pixels finished, to the last one, as without a generator.
    own = c.regions["face"] + c.regions["hair"] > 0.999
    same = (made == finish(c, FINISH)).all(axis=2)
    assert same[own].all() == (change <= 0.5) and same.all() == (change == 0.0)


@pytest.mark.parametrize("setting", first(["contrast", "sharpness", "mono", "grain"]))
def test_each_finish_moves_a_fully_generated_picture(sd15, setting):
    plain = shots(sd15, direction())[0].picture
    made = shots(sd15, replace(direction(), retouch=replace(BARE, **{setting: 1.0})))[0].picture
    assert np.abs(made.astype(int) - plain).mean() > 1


@pytest.mark.sweep
def test_exposure_and_warmth_reach_what_is_painted_anew_and_do_not_come_twice_elsewhere(sd15):
    def mean(change, **light):
        d = replace(direction(change), light=replace(Light(), **light))
        return shots(sd15, d)[0].picture.astype(float).mean((0, 1))

    plain = mean(1.0)
    assert (mean(1.0, exposure=0.5) > plain + 5).all() and (mean(1.0, exposure=-0.5) < plain - 5).all()
    warm, cool = mean(1.0, warmth=1.0), mean(1.0, warmth=-1.0)
    assert warm[0] - warm[2] > plain[0] - plain[2] + 5 > cool[0] - cool[2] + 10
    # Below the top the canvas carries the light already (here it is the same canvas: nothing may be added).
    assert (mean(0.75, exposure=0.5, warmth=1.0) == mean(0.75)).all()


def test_the_lock_lists_pixels_keep_the_canvass_light_at_the_top(sd15):
    c = canvas()
    c = replace(c, locked=(c.regions["face"] > 0.999).astype(np.float32))
    d = replace(direction(1.0), light=Light(exposure=1.0, warmth=1.0), retouch=replace(FINISH, skin=0.0, eyes=0.0))
    made = shots(sd15, d, on=c)[0].picture
    assert (made[c.locked > 0.5] == finish(c, d.retouch)[c.locked > 0.5]).all()


@pytest.mark.sweep
def test_the_top_of_the_ladder_ignores_the_canvas(sd15):
    a = shots(sd15, direction(1.0))[0]
    black = replace(canvas(), picture=np.zeros((64, 64, 3), np.uint8))
    assert (a.picture == shots(sd15, direction(1.0), on=black)[0].picture).all()
    assert (shots(sd15, direction(0.99))[0].picture != shots(sd15, direction(0.99), on=black)[0].picture).any()


def test_seeds_and_candidates(sd15):
    three = shots(sd15, direction(0.8, candidates=3))
    for i, h in enumerate(three):
        alone = shots(sd15, direction(0.8, seed=3 + i))[0]
        assert np.abs(alone.picture.astype(int) - h.picture).max() <= 1  # a batch adds up in another order
    again = shots(sd15, direction(0.8, candidates=3))
    assert all((a.picture == b.picture).all() for a, b in zip(three, again, strict=True))


@pytest.mark.sweep
def test_two_people_at_once_never_mix(engine):
    """Advanced in turns, in different modes, with different strengths: each as if alone."""
    a, b = direction(0.8, identity=1.2, lora=1.0), direction(1.0, identity=0.5, structure=2.0, lora=0.1, mode="draft")
    solo = [shots(engine, a, FACE)[0], shots(engine, b, OTHER)[0]]
    loops = [engine.render(canvas(), who, d, size=(64, 64)) for who, d in ((FACE, a), (OTHER, b))]
    last = [None, None]
    running = {0, 1}
    while running:
        for i in tuple(running):
            try:
                last[i] = next(loops[i])
            except StopIteration:
                running.discard(i)
    for got, expected in zip(last, solo, strict=True):
        assert (got.picture == expected.picture).all()
    assert (shots(engine, a, OTHER)[0].picture != solo[0].picture).any(), "the face has no say"


def test_two_people_in_two_threads_never_mix(sd15):
    """Really at once: the second begins while the first is between two steps, and both go on side by side."""
    a, b = direction(0.8, identity=1.2, steps=6), direction(0.8, seed=8, identity=0.5, structure=2.0, steps=6)
    solo = [shots(sd15, d, who)[0].picture for who, d in ((FACE, a), (OTHER, b))]
    met, seen = threading.Barrier(2), [0, 0]

    def paint(i, who, d):
        for item in sd15.render(canvas(), who, d, size=(64, 64)):
            if isinstance(item, Headshot):
                return item.picture
            seen[i] += 1
            if item.step in (1, 3):
                met.wait(60)
        return None

    with ThreadPoolExecutor(2) as pool:
        both = [pool.submit(paint, i, who, d) for i, (who, d) in enumerate(((FACE, a), (OTHER, b)))]
        faults = [f.exception(120) for f in both]
        assert faults == [None, None]
        got = [f.result() for f in both]
    assert min(seen) >= 4
    for picture, expected, other in zip(got, solo, solo[::-1], strict=True):
        assert (picture == expected).all() and (picture != other).any()


@pytest.mark.sweep
def test_compiling_is_prepared_where_it_is_wished(tmp_path):
    roles = tiny.save("sd15", tmp_path)
    parts = load_parts(SD15, locator(roles), replace(PLAN, compile=True))

    def compiled(module):
        return sum(getattr(m, "_compiled_call_impl", None) is not None for m in module.modules())

    assert compiled(parts.unet) > 0 == compiled(parts.vae)
    quick = FaceIDEngine(SD15, parts).fast_unets.unet("hyper-sd15-4step")
    assert compiled(quick) == compiled(parts.unet) and quick is not parts.unet


def test_sizes_keep_the_aspect():
    for family, expected in ((SD15, (512, 640)), (SDXL, (896, 1120))):
        assert size_for(family.native, family.multiple, 832, 1040) == expected
        for w, h in ((1000, 1000), (900, 1200), (1024, 1280)):
            a, b = size_for(family.native, family.multiple, w, h)
            assert a % family.multiple == b % family.multiple == 0 and a / b == w / h
            assert 0.7 < a * b / family.native**2 < 1.5
