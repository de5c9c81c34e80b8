"""The engine end to end on tiny random weights saved in the layouts of the real ones: files → picture."""

from __future__ import annotations

import gc
import pickle
import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import numpy as np
import pytest
import torch

from headshot.engines.base import Batch, Done
from headshot.engines.diffusion import device, fast_unets, rates, schedulers
from headshot.engines.diffusion.device import Plan
from headshot.engines.diffusion.faceid_pipeline import FaceIDEngine
from headshot.engines.diffusion.families import SD15, SDXL, size_for
from headshot.engines.diffusion.pipeline_parts import load_parts, own_bytes, with_speed_lora
from headshot.engines.diffusion.safety import Blocked
from headshot.engines.finish import finish
from headshot.errors import EngineUnavailable, UserError, WeightsMissing
from headshot.types import Canvas, Direction, Framing, Generate, Headshot, Light, Look, Preview, Retouch
from tests.fixtures import tiny

# Tiny models are too small to share out: on a busy machine threads that wait for each other cost tenfold.
torch.set_num_threads(1)

BY_ARCHITECTURE = {"sd15": SD15, "sdxl": SDXL}
PLAN = Plan("cpu", "float32", rows=4)
FACE, OTHER = tiny.face(1), tiny.face(2)
BARE = Retouch(0.0, 0.0, 0.0, 0.0, 0.0, 0.0)  # no finish: the engine's own pixels


def locator(roles):
    def locate(role):
        if role not in roles:
            raise WeightsMissing(f"{role} is not on this machine.")
        return roles[role]

    return locate


def _engine(family, folder):
    roles = tiny.save(family, folder)
    made = BY_ARCHITECTURE[family]
    return FaceIDEngine(made, load_parts(made, locator(roles), PLAN), preview_every=0)


@pytest.fixture(scope="module")
def sd15(tmp_path_factory):
    return _engine("sd15", tmp_path_factory.mktemp("sd15"))


@pytest.fixture(scope="module")
def sdxl(tmp_path_factory):
    return _engine("sdxl", tmp_path_factory.mktemp("sdxl"))


@pytest.fixture(params=["sd15", pytest.param("sdxl", marks=pytest.mark.sweep)])
def engine(request):
    """Both families; tests of what does not depend on the family ask for `sd15`."""
    return request.getfixturevalue(request.param)


@pytest.fixture(scope="module")
def bare(tmp_path_factory):
    """SD1.5 with nothing but what it cannot do without."""
    roles = tiny.save("sd15", tmp_path_factory.mktemp("bare"))
    needed = ("sd15-base", "faceid-plusv2-sd15", "clip-vit-h")
    return FaceIDEngine(SD15, load_parts(SD15, locator({r: roles[r] for r in needed}), PLAN), preview_every=0)


def canvas(size=tiny.SIZE):
    rng = np.random.default_rng(4)
    picture = rng.integers(40, 216, (size, size, 3), dtype=np.uint8)
    y, x = np.mgrid[:size, :size].astype(np.float32) / size
    face = np.clip((0.2 - np.hypot(x - 0.5, y - 0.4)) * 40, 0, 1)
    clothes = np.clip((y - 0.7) * 30, 0, 1) * (1 - face)
    hair = np.clip((0.3 - np.hypot(x - 0.5, y - 0.35)) * 40, 0, 1) * (1 - face) * (1 - clothes)
    regions = {"face": face, "hair": hair, "clothes": clothes, "backdrop": 1 - face - hair - clothes}
    landmarks = np.zeros((478, 3), np.float32)
    landmarks[468, :2], landmarks[473, :2] = (0.42 * size, 0.4 * size), (0.58 * size, 0.4 * size)
    framing = Framing(np.eye(2, 3), (size, size))
    regions = {k: v.astype(np.float32) for k, v in regions.items()}
    return Canvas(picture, picture, 1 - regions["backdrop"], landmarks, framing, regions)


def direction(change=1.0, seed=3, **generate):
    settings = dict(steps=4, scheduler="ddim", guidance=4.0) | generate
    look = Look(shot="studio headshot of a {person}", wardrobe="navy suit")
    return Direction(look=look, avoid="blurry", change=change, seed=seed, retouch=BARE, generate=Generate(**settings))


def shots(engine, d, who=FACE, on=None, **more):
    return [x for x in engine.render(on or canvas(), who, d, size=(64, 64), **more) if isinstance(x, Headshot)]


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


@pytest.mark.parametrize("change", [0.0, 0.5, 0.9, 1.0])
def test_what_is_painted_is_finished_like_own_pixels(sd15, change):
    c, d = canvas(), replace(direction(change), retouch=FINISH)
    plain, made = shots(sd15, direction(change), on=c)[0].picture, shots(sd15, d, on=c)[0].picture
    assert (np.ptp(made, axis=2) <= 1).all() and (np.ptp(plain, axis=2) > 8).mean() > 0.5  # black and white
    # What is promised to be the person's own is own pixels finished, to the last one, as without a generator.
    own = c.regions["face"] + c.regions["hair"] > 0.999
    same = (made == finish(c, FINISH)).all(axis=2)
    assert same[own].all() == (change <= 0.5) and same.all() == (change == 0.0)


@pytest.mark.parametrize("setting", ["sharpness", "contrast", "mono", "grain"])
def test_each_finish_moves_a_fully_generated_picture(sd15, setting):
    plain = shots(sd15, direction())[0].picture
    made = shots(sd15, replace(direction(), retouch=replace(BARE, **{setting: 1.0})))[0].picture
    assert np.abs(made.astype(int) - plain).mean() > 1


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


@pytest.mark.parametrize("mode, steps", [("draft", 4), ("fast", 8), ("full", 5)])
def test_modes(engine, mode, steps, monkeypatch):
    rows = []
    inner = type(engine.parts.unet).forward
    monkeypatch.setattr(
        type(engine.parts.unet), "forward", lambda self, x, *a, **k: (rows.append(len(x)), inner(self, x, *a, **k))[1]
    )
    decoded = []
    decode = type(engine.parts.vae).decode
    monkeypatch.setattr(type(engine.parts.vae), "decode", lambda *a, **k: (decoded.append(1), decode(*a, **k))[1])
    (h,) = shots(engine, direction(mode=mode, steps=5, guidance=5.0))
    assert rows == [1 if mode == "draft" else 2] * steps
    assert bool(decoded) == (mode != "draft"), "a draft is decoded by TAESD, a final by the VAE"
    assert (
        h.recipe["speed"]
        == {
            "draft": f"hyper-{engine.family.architecture}-4step",
            "fast": f"hyper-{engine.family.architecture}-8step-cfg",
            "full": None,
        }[mode]
    )


def test_speed_lora_equals_diffusers_own_and_leaves_the_base_alone(engine):
    import copy

    from safetensors.torch import load_file

    family, role = engine.family, engine.family.draft[0].role
    path = engine.parts.speed_loras[role]
    before = {k: v.clone() for k, v in engine.parts.unet.state_dict().items()}
    merged = with_speed_lora(engine.parts.unet, path, family.architecture).state_dict()
    assert all(torch.equal(v, before[k]) for k, v in engine.parts.unet.state_dict().items())
    assert merged.keys() == before.keys()
    # W + alpha / rank · up · down, worked out here for every layer of the file.
    lora, changed = load_file(path), 0
    names = {"lora_unet_" + n.replace(".", "_"): n for n, _ in engine.parts.unet.named_modules()}
    expected = copy.copy(before)
    for key in (k for k in lora if k.endswith("lora_down.weight")):
        stem = key.removesuffix(".lora_down.weight")
        up, alpha = lora[f"{stem}.lora_up.weight"], lora[f"{stem}.alpha"]
        weight = names[stem] + ".weight"
        expected[weight] = before[weight] + alpha / len(lora[key]) * (up @ lora[key])
        changed += 1
    assert changed > 10
    for key, value in merged.items():
        torch.testing.assert_close(value, expected[key], atol=1e-6, rtol=0)


def test_a_speed_lora_beside_the_face_lora_equals_diffusers_two_adapters(engine):
    """One UNet call against diffusers' own `set_adapters(["faceid_0", "speed"])`, both LoRAs at work."""
    import diffusers

    family, base = engine.family, engine.parts
    kind = diffusers.StableDiffusionXLPipeline if family.architecture == "sdxl" else diffusers.StableDiffusionPipeline
    folder = str(base.unet.config._name_or_path).removesuffix("/unet")
    none = {} if family.architecture == "sdxl" else {"safety_checker": None}
    pipe = kind.from_pretrained(folder, image_encoder=tiny.image_encoder(), **none)
    pipe.load_ip_adapter(tiny.checkpoint(pipe.unet), subfolder=None, weight_name=None, image_encoder_folder=None)
    path = base.speed_loras[family.draft[0].role]
    pipe.load_lora_weights(str(path.parent), weight_name=path.name, adapter_name="speed")
    pipe.set_ip_adapter_scale(0.0)
    generator = torch.Generator().manual_seed(5)
    x, text = torch.randn(2, 4, 8, 8, generator=generator), torch.randn(2, 77, tiny.CONTEXT, generator=generator)
    added = {"text_embeds": torch.randn(2, 32, generator=generator), "time_ids": torch.ones(2, 6)}
    call = {"encoder_hidden_states": text, "return_dict": False}
    call |= {"added_cond_kwargs": added} if family.architecture == "sdxl" else {}
    ours = with_speed_lora(base.unet, path, family.architecture)
    faces = {"image_embeds": [torch.zeros(2, 1, 1, 512)]}
    layer = pipe.unet.encoder_hid_proj.image_projection_layers[0]
    layer.clip_embeds, layer.shortcut = torch.zeros(2, 1, *_clip_states(base)), True
    for names, weights, lora, unet in (
        (["faceid_0", "speed"], [0.6, 1.0], 0.6, ours),
        (["faceid_0", "speed"], [0.0, 1.0], 0.0, ours),
        (["faceid_0"], [0.6], 0.6, base.unet),
    ):
        pipe.set_adapters(names, weights)
        with torch.inference_mode():
            theirs = call | {"added_cond_kwargs": call.get("added_cond_kwargs", {}) | faces}
            expected = pipe.unet(x, torch.full((2,), 400), **theirs)[0]
            got = unet(x, torch.full((2,), 400), cross_attention_kwargs={"lora_scale": torch.full((2,), lora)}, **call)
        torch.testing.assert_close(got[0], expected, atol=1e-5, rtol=1e-4)
    plain = base.unet(x, torch.full((2,), 400), cross_attention_kwargs={"lora_scale": torch.full((2,), 0.6)}, **call)
    assert (plain[0] - ours(x, torch.full((2,), 400), **call)[0]).abs().max() > 1e-3, "both LoRAs have a say"


def _clip_states(parts):
    side = parts.image_encoder.config.image_size // parts.image_encoder.config.patch_size
    return side * side + 1, tiny.CLIP


def test_closing_stops_within_a_step_and_frees_memory(sd15, monkeypatch):
    calls = []
    inner = type(sd15.parts.unet).forward
    monkeypatch.setattr(
        type(sd15.parts.unet), "forward", lambda self, *a, **k: (calls.append(1), inner(self, *a, **k))[1]
    )

    def tensors():
        gc.collect()
        return sum(torch.is_tensor(o) for o in gc.get_objects())

    shots(sd15, direction(0.8, steps=4))  # whatever is made once has been made
    calls.clear()
    before = tensors()
    loop = sd15.render(canvas(), FACE, direction(0.8, steps=30), size=(64, 64))
    while next(loop).step < 2:
        pass
    assert tensors() > before and len(calls) == 2
    loop.close()
    assert len(calls) == 2
    assert tensors() <= before


def test_out_of_memory_once(sd15, monkeypatch):
    expected = shots(sd15, direction(candidates=2))
    inner, failed = type(sd15.parts.unet).forward, []

    def full(self, x, *a, **k):
        if not failed:
            failed.append(len(x))
            raise torch.cuda.OutOfMemoryError("CUDA out of memory.")
        return inner(self, x, *a, **k)

    monkeypatch.setattr(type(sd15.parts.unet), "forward", full)
    got = shots(sd15, direction(candidates=2))
    assert failed == [4] and any("2 at a time" in n for n in got[0].notes)
    for a, b in zip(got, expected, strict=True):
        assert np.abs(a.picture.astype(int) - b.picture).max() <= 1


def test_decoding_falls_back_to_tiles(sd15, monkeypatch):
    expected = shots(sd15, direction())[0]
    tiled = []
    monkeypatch.setattr(
        type(sd15.parts.vae),
        "decode",
        lambda *a, **k: (_ for _ in ()).throw(torch.cuda.OutOfMemoryError("CUDA out of memory.")),
    )
    inner = type(sd15.parts.vae).tiled_decode
    monkeypatch.setattr(type(sd15.parts.vae), "tiled_decode", lambda *a, **k: (tiled.append(1), inner(*a, **k))[1])
    got = shots(sd15, direction())[0].picture
    assert tiled and np.abs(got.astype(int) - expected.picture).mean() < 8  # tiles of 64 px differ at their borders


def test_encoding_falls_back_to_tiles(sd15, monkeypatch):
    expected = shots(sd15, direction(0.9))[0]
    monkeypatch.setattr(
        type(sd15.parts.vae),
        "encode",
        lambda *a, **k: (_ for _ in ()).throw(torch.cuda.OutOfMemoryError("CUDA out of memory.")),
    )
    tiled, inner = [], type(sd15.parts.vae)._tiled_encode
    monkeypatch.setattr(type(sd15.parts.vae), "_tiled_encode", lambda *a: (tiled.append(1), inner(*a))[1])
    got = shots(sd15, direction(0.9))[0]
    far = np.abs(got.picture.astype(int) - expected.picture).mean()
    black = replace(canvas(), picture=np.zeros((64, 64, 3), np.uint8))
    assert tiled and far < 4  # tiles of 64 px, a quarter of each shared, differ at their borders
    assert far < np.abs(shots(sd15, direction(0.9), on=black)[0].picture.astype(int) - expected.picture).mean() / 2


def test_offloading_gives_the_same_picture(sd15):
    """On the CPU nothing moves, but the turns, the swap of UNets and the locks are run."""
    roomy = [shots(sd15, direction(0.8, mode=m))[0].picture for m in ("full", "draft", "full")]
    tight = FaceIDEngine(sd15.family, replace(sd15.parts, plan=Plan("cpu", "float32", offload=True, rows=1)))
    for mode, picture in zip(("full", "draft", "full"), roomy, strict=True):
        got = shots(tight, direction(0.8, mode=mode))[0].picture
        assert np.abs(got.astype(int) - picture).max() <= 1


def test_without_the_optional_parts(bare):
    """Coarse previews, fewer steps instead of a LoRA, no checker: it works, and says so."""
    events = list(bare.render(canvas(), FACE, direction(mode="draft", steps=30), size=(64, 64)))
    assert events[1].picture.shape == (8, 8, 3) and events[1].steps == SD15.draft_steps
    said = " ".join(events[-1].notes)
    for words in ("LoRA for draft mode is not on", "taesd is not on this machine", "no safety checker", "own VAE"):
        assert words in said
    said = shots(bare, direction())[0].notes
    assert len(said) == 2 and "own VAE" in said[0] and "no safety checker" in said[1], "what this picture lacks alone"


@pytest.mark.parametrize("steps", [4, 51, 100])
def test_lcm_takes_its_lora_and_fifty_steps_at_most(sd15, bare, steps):
    """As the sampler of a full picture. diffusers' scheduler has no more than the 50 it was distilled from."""
    run = sd15.run(Generate(scheduler="lcm", steps=steps, guidance=5.0))
    assert (run.scheduler, run.steps, run.speed, run.guidance) == ("lcm", min(steps, 50), "lcm-sd15", 0.0)
    assert ("50 steps at most" in run.note) == (steps > 50) and "without guidance" in run.note
    lacking = bare.run(Generate(scheduler="lcm", steps=steps, guidance=5.0))
    assert lacking.speed is None and lacking.guidance == 5.0 and "LoRA of its own, which is not on" in lacking.note
    assert len(schedulers.make("lcm", bare.parts.scheduler, run.steps).timesteps) == run.steps
    if steps == 51:
        (h,) = shots(bare, direction(scheduler="lcm", steps=steps))
        assert h.recipe["steps"] == 50 and any("50 steps at most" in n for n in h.notes)
    if steps == 4:
        (h,) = shots(sd15, direction(scheduler="lcm", steps=steps))
        assert h.recipe["speed"] == "lcm-sd15"


@pytest.mark.parametrize(("asked", "used"), [(3.0, 5.0), (5.0, 5.0), (7.5, 7.5), (12.0, 8.0)])
def test_fast_mode_says_where_it_needs_other_guidance(sd15, asked, used):
    """Hyper-SD's card: 5 to 8 for the LoRAs that keep guidance."""
    run = sd15.run(Generate(mode="fast", guidance=asked))
    assert run.guidance == used and (f"{used:g} was used" in run.note) == (asked != used)


def test_a_base_saved_in_half_precision(engine, tmp_path):
    """variant="fp16" in the file names, as RealVisXL comes; read to float32 on a CPU."""
    architecture = engine.family.architecture
    roles = tiny.save(architecture, tmp_path)
    base = tiny.pipeline(architecture, tmp_path).to(torch.float16)
    for old in roles[f"{architecture}-base"].rglob("*.safetensors"):
        old.unlink()
    base.save_pretrained(roles[f"{architecture}-base"], variant="fp16")
    assert not list(roles[f"{architecture}-base"].glob("unet/diffusion_pytorch_model.safetensors"))
    parts = load_parts(engine.family, locator(roles), PLAN)
    assert parts.unet.dtype == torch.float32 == parts.text_encoders[-1].dtype
    got = shots(FaceIDEngine(engine.family, parts), direction())[0].picture
    assert np.abs(got.astype(int) - shots(engine, direction())[0].picture).mean() < 2  # rounded weights


@pytest.mark.parametrize("missing", ["sd15-base", "faceid-plusv2-sd15", "clip-vit-h"])
def test_what_it_cannot_do_without_is_named(tmp_path, missing):
    roles = tiny.save("sd15", tmp_path, without=(missing,))
    with pytest.raises(WeightsMissing, match=missing):
        load_parts(SD15, locator(roles), PLAN)


def test_a_base_that_is_not_whole_is_named(tmp_path):
    roles = tiny.save("sd15", tmp_path)
    (roles["sd15-base"] / "unet" / "diffusion_pytorch_model.safetensors").unlink()
    with pytest.raises(WeightsMissing, match="unet is not whole"):
        load_parts(SD15, locator(roles), PLAN)


def test_a_speed_lora_of_another_kind_is_named(sd15, tmp_path):
    from safetensors.torch import save_file

    save_file({"something.else": torch.zeros(1, 1)}, tmp_path / "odd.safetensors")
    with pytest.raises(UserError, match=r"odd\.safetensors"):
        with_speed_lora(sd15.parts.unet, tmp_path / "odd.safetensors", sd15.family.architecture)


def test_without_room_for_a_second_unet(sd15, monkeypatch):
    fresh = FaceIDEngine(sd15.family, sd15.parts)
    monkeypatch.setattr(device, "has_room", lambda size, where: False)
    (h,) = shots(fresh, direction(mode="draft", steps=30))
    assert h.recipe["speed"] is None and h.recipe["steps"] == sd15.family.draft_steps
    assert any("for want of memory" in n for n in h.notes)


@pytest.mark.parametrize("offload", [False, True])
def test_the_quick_unet_has_room_where_offloading_makes_it(sd15, monkeypatch, offload):
    """On a GPU that holds one UNet the two change places; the shared weights of the face adapter are not counted."""
    parts = replace(sd15.parts, plan=Plan("cuda", "float32", offload=offload))
    unet = parts.unet
    size = own_bytes(unet)
    held = sum(p.numel() * 4 for n, p in unet.named_parameters() if ".faceid." in n)
    assert held > 0 and size + held == sum(p.numel() * 4 for p in unet.parameters())
    monkeypatch.setattr(torch.nn.Module, "to", lambda self, *a, **k: self)  # there is no GPU to move to
    asked = []
    monkeypatch.setattr(device, "has_room", lambda n, where: asked.append((n, where)) or where == "cpu")
    tight = FaceIDEngine(sd15.family, parts)
    assert tight.run(Generate(mode="draft")).speed == "hyper-sd15-4step" and tight._offloader.offload
    assert asked == [*([] if offload else [(size, "cuda")]), (2 * size, "cpu")]
    monkeypatch.setattr(device, "has_room", lambda n, where: False)
    full = FaceIDEngine(sd15.family, parts)
    assert full.run(Generate(mode="draft")).speed is None and full._offloader.offload is offload


@pytest.mark.parametrize("where", ["text_encoder", "image_encoder", "vae", "safety"])
def test_memory_that_runs_out_in_an_encoder_makes_the_others_leave(sd15, monkeypatch, where):
    """Once in each module's turn on a GPU: the same picture, and the page is told."""
    parts = sd15.parts
    expected = shots(sd15, direction(0.8))[0]
    module = {
        "text_encoder": parts.text_encoders[0],
        "image_encoder": parts.image_encoder,
        "vae": parts.vae,
        "safety": parts.safety.checker,
    }[where]
    engine = FaceIDEngine(sd15.family, parts)
    engine._offloader.device = "gpu"  # so that there is another place to go
    monkeypatch.setattr(torch.nn.Module, "to", lambda self, *a, **k: self)
    method = "decode" if where == "vae" else "forward"
    failed, inner = [], getattr(type(module), method)

    def fail_once(self, *a, **k):
        if self is module and len(failed) < (2 if where == "vae" else 1):  # the VAE's tiles fail too
            failed.append(1)
            raise torch.cuda.OutOfMemoryError("CUDA out of memory.")
        return inner(self, *a, **k)

    monkeypatch.setattr(type(module), method, fail_once)
    if where == "vae":
        monkeypatch.setattr(type(module), "tiled_decode", fail_once)
    got = shots(engine, direction(0.8))[0]
    assert failed and engine._offloader.offload and (got.picture == expected.picture).all()
    assert where == "safety" or any("main memory" in n for n in got.notes)
    assert (where == "vae") == any("tiles" in n for n in got.notes)


def test_what_the_prompt_had_no_room_for_is_said(sd15):
    d = replace(direction(), look=Look(shot="headshot of a {person}", wardrobe="a suit, " + "x" * 200))
    (h,) = shots(sd15, d)
    assert any("No room in the prompt" in n and "xxx" in n for n in h.notes)
    assert len(sd15.parts.tokenizers[0](h.recipe["prompt"]).input_ids) <= 77
    assert h.recipe["negative"].startswith("nsfw")


def test_blocked_pictures(sd15):
    class Checker:
        checker = torch.nn.Linear(1, 1)
        answers: list

        def allows(self, picture):
            return self.answers.pop(0)

    assert sd15.parts.safety is not None and shots(sd15, direction())  # the real class, from its .bin
    checked = FaceIDEngine(sd15.family, replace(sd15.parts, safety=Checker()))
    Checker.answers = [True, False, True]
    made = shots(checked, direction(candidates=3))
    assert [h.recipe["candidate"] for h in made] == [0, 2] and "blocked" in made[1].notes[-1]
    Checker.answers = [False]
    with pytest.raises(Blocked, match="not shown"):
        shots(checked, direction())


def test_the_lease_grows_with_the_work(sd15, monkeypatch):
    monkeypatch.setattr(rates, "_learnt", {})
    monkeypatch.setattr(rates, "throughput", lambda *_: 2e12)  # a busy machine would ask for the most in both
    big = canvas(512)
    few, many = (sd15.gpu_seconds(Batch([big], FACE, [direction(steps=s)])) for s in (1, 100))
    assert 5 <= few < many <= 120
    assert few < sd15.gpu_seconds(Batch([big] * 8, FACE, [direction(steps=1)] * 8)) <= 120


def test_on_zero_gpu_the_quota_is_asked_for_by_the_same_arguments(sd15, monkeypatch):
    """The decorator gets a function of the work's own arguments, and the work comes through it."""
    import sys
    from types import SimpleNamespace

    from headshot.engines import base
    from headshot.engines.faceid import FaceIDGenerator

    asked = []

    def gpu(duration):
        def wrap(work):
            def lent(*args):  # as `spaces` does it: what goes in and out passes between two processes
                asked.append(duration(*args))
                for item in work(*pickle.loads(pickle.dumps(args))):
                    yield pickle.loads(pickle.dumps(item))

            return lent

        return wrap

    monkeypatch.setitem(sys.modules, "spaces", SimpleNamespace(GPU=gpu))
    monkeypatch.setenv("SPACES_ZERO_GPU", "1")
    generator = FaceIDGenerator("faceid-sd15")
    family = replace(SD15, native=tiny.SIZE, over_canvas=tiny.SIZE)
    generator._engine = FaceIDEngine(family, sd15.parts, preview_every=9)
    monkeypatch.setattr(rates, "_learnt", {})
    monkeypatch.setattr(rates, "throughput", lambda *_: 2e12)
    made = list(generator.render_many(Batch([canvas()] * 2, FACE, [direction(seed=s) for s in (1, 2)])))
    assert sum(isinstance(m, base.Done) for m in made) == 2
    assert len(asked) == 1 and 5 <= asked[0] <= 120
    assert all(m.result.recipe["engine"] == "faceid-sd15" for m in made if isinstance(m, base.Done))
    assert generator.batches([direction()] * 20)[0] == [0, 1], "four rows in its plan, two for each guided picture"
    generator._engine = None
    assert generator.batches([direction()] * 20)[0] == list(range(8)), "16 rows in ZeroGPU's"

    # What prevented a picture arrives with its words: one picture's, and what ends the work for all of them.
    generator._engine = FaceIDEngine(family, replace(sd15.parts, safety=_Blocks()), preview_every=9)
    with pytest.raises(Blocked, match=r"not shown\. It errs at times"):
        list(generator.render(canvas(), FACE, direction()))
    monkeypatch.setattr(generator._engine, "render_many", lambda *a, **k: (_ for _ in ()).throw(MemoryError()))
    with pytest.raises(EngineUnavailable, match="Choose the SD1"):
        list(generator.render(canvas(), FACE, direction()))


class _Blocks:
    checker = torch.nn.Linear(1, 1)

    def allows(self, picture):
        return False


def _kinds(of):
    return [of, *(k for sub in of.__subclasses__() for k in _kinds(sub))]


@pytest.mark.parametrize("kind", _kinds(UserError))
def test_every_error_passes_between_processes_with_its_words(kind):
    fault = kind("It is wrong.", "Mend it.")
    for item in (fault, Done(3, None, fault)):
        back = pickle.loads(pickle.dumps(item))
        back = back if item is fault else back.fault
        assert type(back) is kind and (back.message, back.hint) == ("It is wrong.", "Mend it.")
    blocked = pickle.loads(pickle.dumps(Blocked()))
    assert "not shown" in blocked.message and "another seed" in blocked.hint


def test_on_zero_gpu_the_quick_unets_are_made_before_a_call_is_lent(sd15, monkeypatch):
    """One for each mode, kept side by side: a worker begins as a copy of this process, and ends with its own."""
    made = []
    monkeypatch.setattr(fast_unets, "with_speed_lora", lambda unet, path, family: made.append(path) or unet)
    for zero, kept in ((True, 2), (False, 1)):
        monkeypatch.setattr(fast_unets, "on_zero_gpu", lambda zero=zero: zero)
        fresh = FaceIDEngine(sd15.family, sd15.parts)
        made.clear()
        fresh.prepare()
        assert len(made) == 2 and len(fresh.fast_unets._made) == kept
    assert set(made) == {sd15.parts.speed_loras[r] for r in ("hyper-sd15-4step", "hyper-sd15-8step-cfg")}


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
