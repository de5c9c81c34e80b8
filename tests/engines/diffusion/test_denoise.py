"""The loop and the ladder: what change maps, batches, and windows must keep."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from headshot.direction import ladder as rungs
from headshot.engines.diffusion import adapter, attention, schedulers
from headshot.engines.diffusion.conditioning import Conditioning, join
from headshot.engines.diffusion.denoise import denoise, noise_for
from headshot.engines.diffusion.device import RowBudget
from headshot.engines.diffusion.hold import Hold
from headshot.errors import EngineUnavailable, UserError
from tests.fixtures import tiny
from tests.fixtures.shared_photos import first

# Tiny models are too small to share out: on a busy machine threads that wait for each other cost tenfold.
torch.set_num_threads(1)

STEPS = 6


@pytest.fixture(scope="module")
def model(tmp_path_factory):
    pipe = tiny.pipeline("sd15", tmp_path_factory.mktemp("tiny"))
    return pipe, adapter.attach(pipe.unet, tiny.checkpoint(pipe.unet))


@pytest.fixture(scope="module")
def image_to_image(tmp_path_factory):
    import diffusers

    plain = tiny.pipeline("sd15", tmp_path_factory.mktemp("plain"))
    pipe = diffusers.StableDiffusionImg2ImgPipeline(**plain.components, requires_safety_checker=False)
    pipe.set_progress_bar_config(disable=True)
    return pipe


def person(part, seed, *, identity=0.8, lora=0.7, guidance=4.0, start=0.0, end=1.0, guidance_end=1.0):
    g = torch.Generator().manual_seed(seed)
    text, null = (torch.randn(1, 77, tiny.CONTEXT, generator=g) for _ in range(2))
    clip = torch.randn(1, 17, tiny.CLIP, generator=g)
    face = torch.from_numpy(tiny.face(seed).embedding)[None]
    one = torch.ones(1)
    with torch.no_grad():
        return Conditioning(
            text,
            null,
            part.tokens(face, clip, one),
            part.tokens(face * 0, clip * 0, one),
            one * identity,
            one * lora,
            one * guidance,
            one * start,
            one * end,
            one * guidance_end,
        )


def run(unet, cond, seeds, scheduler="ddim", canvas=None, allowance=None, steps=STEPS, spacing=None, **more):
    s = schedulers.make(scheduler, {}, steps, spacing=spacing)
    noise = noise_for(seeds, (4, 8, 8))
    h = None if canvas is None else Hold.of(canvas, noise, allowance, s)
    latents = canvas
    generators = [torch.Generator().manual_seed(seed) for seed in seeds]
    for step in denoise(unet, s, cond, noise, hold=h, generators=generators, **more):
        latents = step.latents
    return latents


def same(a, b, tolerance=1e-5):
    size = max(1.0, float(b.abs().max()))
    torch.testing.assert_close(a / size, b / size, atol=tolerance, rtol=0)


CANVAS = torch.randn(1, 4, 8, 8, generator=torch.Generator().manual_seed(11))
KINDS = [("ddim", "leading"), ("ddim", "trailing"), ("euler", "leading"), ("euler", "linspace"), ("dpm++", "leading")]


def as_noise(kind, steps):
    """The allowance that frees so many of the last steps: the noise that the first of them starts from."""
    return schedulers.noise_shares(schedulers.make(kind[0], {}, STEPS, spacing=kind[1]))[STEPS - steps]


@pytest.mark.parametrize("kind", KINDS, ids="-".join)
class TestLadder:
    def test_1_is_text_to_image(self, model, kind):
        pipe, part = model
        cond = person(part, 1)
        free = run(pipe.unet, cond, [5], kind[0], spacing=kind[1])
        held = run(pipe.unet, cond, [5], kind[0], CANVAS, torch.ones(1, 1, 8, 8), spacing=kind[1])
        assert torch.equal(held, free)

    def test_0_is_the_canvas(self, model, kind):
        pipe, part = model
        allowance = torch.zeros(1, 1, 8, 8)
        assert torch.equal(run(pipe.unet, person(part, 1), [5], kind[0], CANVAS, allowance), CANVAS)
        allowance[..., :4] = 1  # the other half is generated from nothing, and the whole loop runs
        got = run(pipe.unet, person(part, 1), [5], kind[0], CANVAS, allowance, spacing=kind[1])
        assert torch.equal(got[..., 4:], CANVAS[..., 4:])
        assert (got[..., :4] - CANVAS[..., :4]).abs().min() > 0

    @pytest.mark.parametrize("strength", first([0.5, 0.34, 0.84]))
    def test_uniform_is_image_to_image(self, model, image_to_image, kind, strength):
        """Against diffusers' img2img pipeline: the same text, latents and noise, without a face."""
        pipe, part = model
        cond = person(part, 2, identity=0.0, lora=0.0)
        image_to_image.scheduler = schedulers.make(kind[0], {}, STEPS, spacing=kind[1])
        expected = image_to_image(
            prompt_embeds=cond.text,
            negative_prompt_embeds=cond.null_text,
            image=CANVAS,
            strength=strength,
            num_inference_steps=STEPS,
            guidance_scale=4.0,
            generator=torch.Generator().manual_seed(5),
            output_type="latent",
        ).images
        allowance = torch.full((1, 1, 8, 8), as_noise(kind, int(STEPS * strength)))
        if allowance.max() < 0.1:  # Karras sigmas: so near the end no edit would show, and own pixels stay
            expected = CANVAS
        same(run(pipe.unet, cond, [5], kind[0], CANVAS, allowance, spacing=kind[1]), expected)

    def test_released_parts_are_image_to_image_of_their_own_strength(self, model, kind):
        """Two strengths in one map, on a model without a neighbourhood: each half as if alone (DPM++'s restart)."""
        cond = person(model[1], 1, guidance=1.0)
        lower, higher = as_noise(kind, 3), as_noise(kind, 5)
        allowance = torch.full((1, 1, 8, 8), lower)
        allowance[..., 4:] = higher
        got = run(pointwise, cond, [5], kind[0], CANVAS, allowance, spacing=kind[1])
        for half, strength in ((slice(0, 4), lower), (slice(4, 8), higher)):
            alone = run(pointwise, cond, [5], kind[0], CANVAS, torch.full((1, 1, 8, 8), strength), spacing=kind[1])
            same(got[..., half], alone[..., half])


def pointwise(x, t, **_):
    """A "UNet" in which each latent is on its own."""
    return (torch.tanh(x * 1.7 + t[:, None, None, None] / 1000),)


def test_only_steps_that_can_change_something_are_run(model):
    calls = []

    def counting(x, t, **more):
        calls.append(float(t[0]))
        return pointwise(x, t)

    allowance = torch.full((1, 1, 8, 8), as_noise(("dpm++", None), 3))
    run(counting, person(model[1], 1), [5], "dpm++", CANVAS, allowance)
    assert len(calls) == 3


def test_allowances_climb_without_jumps():
    changes = np.linspace(0, 1, 401)
    for region in ("backdrop", "clothes", "hair", "face"):
        at = np.array([rungs.allowances(c)[region] for c in changes])
        assert at[0] == 0 and at[-1] == 1
        assert (np.diff(at) >= 0).all() and np.diff(at).max() < 0.01
    quarter, half = rungs.allowances(0.25), rungs.allowances(0.5)
    assert set(quarter.values()) == {0.0}
    assert half["face"] == half["hair"] == 0 and half["clothes"] > 0.5 < half["backdrop"]


@pytest.mark.sweep
def test_batch_of_different_people_equals_separate_runs(model):
    pipe, part = model
    people = [
        person(part, 1),
        person(part, 2, identity=0.0, lora=1.0, guidance=7.0),
        person(part, 3, identity=1.4, lora=0.0, guidance=1.0, start=0.4),
        person(part, 4, guidance_end=0.5, end=0.6),
    ]
    for name in ("dpm++", "lcm"):
        together = run(pipe.unet, join(people), [5, 6, 7, 8], name)
        for i, one in enumerate(people):
            same(together[i : i + 1], run(pipe.unet, one, [5 + i], name))


@pytest.mark.sweep
def test_interleaved_requests_equal_their_solo_runs(model):
    pipe, part = model
    people = [person(part, 1), person(part, 2, identity=1.5, lora=0.2)]
    solo = [run(pipe.unet, p, [i]) for i, p in enumerate(people)]
    loops = [
        denoise(pipe.unet, schedulers.make("ddim", {}, STEPS), p, noise_for([i], (4, 8, 8)))
        for i, p in enumerate(people)
    ]
    for _ in range(STEPS):
        last = [next(loop).latents for loop in loops]
    for got, expected in zip(last, solo, strict=True):
        assert torch.equal(got, expected)
    assert (solo[0] - solo[1]).abs().max() > 0.01


def test_identity_window_and_guidance_end(model):
    """Outside its window the face has no say; without guidance the null side is not computed."""
    pipe, part = model
    without = run(pipe.unet, person(part, 1, identity=0.0), [5])
    assert torch.equal(run(pipe.unet, person(part, 1, start=1.0), [5]), without)
    assert not torch.equal(run(pipe.unet, person(part, 1, start=0.5), [5]), without)

    rows = []

    def counting(x, t, **more):
        rows.append((len(x), len(more["cross_attention_kwargs"]["identity_tokens"])))
        return pipe.unet(x, t, **more)

    half = run(counting, person(part, 1, guidance_end=0.5), [5])
    assert rows == [(2, 2)] * 3 + [(1, 1)] * 3
    # By hand: three guided steps, then three unguided ones from there.
    steps = list(denoise(pipe.unet, schedulers.make("ddim", {}, STEPS), person(part, 1), noise_for([5], (4, 8, 8))))
    s = schedulers.make("ddim", {}, STEPS)
    x, cond = steps[2].latents, person(part, 1)
    kwargs = {"identity_tokens": cond.tokens, "identity_scale": cond.identity, "lora_scale": cond.lora}
    with torch.no_grad():
        for t in s.timesteps[3:]:
            out = pipe.unet(x, t, encoder_hidden_states=cond.text, cross_attention_kwargs=kwargs)[0]
            x = s.step(out, t, x)[0]
    same(half, x)


def test_same_seed_same_picture(model):
    pipe, part = model
    a, b, c = (run(pipe.unet, person(part, 1), [s]) for s in (3, 3, 4))
    assert torch.equal(a, b) and not torch.equal(a, c)


def test_every_scale_moves_its_own_picture_alone(model):
    pipe, part = model
    two = join([person(part, 1), person(part, 2)])
    x, t = torch.randn(2, 4, 16, 16), torch.full((2,), 500)
    outs = []
    for scales, loras in (([0.8, 0.8], [0.7, 0.7]), ([0.0, 0.8], [0.7, 0.7]), ([0.8, 1.9], [0.7, 0.0])):
        strengths = {"identity_scale": torch.tensor(scales), "lora_scale": torch.tensor(loras)}
        kwargs = {"identity_tokens": two.tokens, **strengths}
        with torch.no_grad():
            outs.append(pipe.unet(x, t, encoder_hidden_states=two.text, cross_attention_kwargs=kwargs)[0])
    changed = [[float((o[i] - outs[0][i]).abs().max()) > 1e-4 for i in (0, 1)] for o in outs]
    assert changed == [[False, False], [True, False], [False, True]], "a slider does nothing, or another's picture"


def test_compiled_attention_is_not_compiled_again_for_another_scale(model):
    """Counted by dynamo, on one attention layer and an eager backend."""
    from torch._dynamo.testing import CompileCounter

    pipe, part = model
    attn = next(a for _, a in attention.layers(pipe.unet) if a.is_cross_attention)
    torch._dynamo.reset()
    counter = CompileCounter()
    compiled = torch.compile(attn, backend=counter, fullgraph=True)
    cond, x = person(part, 1), torch.randn(1, 16, attn.to_q.in_features)
    with torch.no_grad():
        for scale in (0.8, 0.0, 1.0, 1.7):
            kwargs = {"identity_tokens": cond.tokens, "identity_scale": torch.tensor([scale])}
            compiled(x, cond.text, **kwargs, lora_scale=torch.tensor([scale / 2]))
    assert counter.frame_count == 1
    torch._dynamo.reset()


def test_out_of_memory_halves_the_batch_and_gives_the_same_picture(model):
    pipe, part = model
    people = join([person(part, i) for i in range(4)])
    expected = run(pipe.unet, people, [1, 2, 3, 4])
    sizes = []

    def narrow(x, t, **more):
        sizes.append(len(x))
        if len(x) > 3:
            raise torch.cuda.OutOfMemoryError("CUDA out of memory. Tried to allocate 2.00 GiB")
        return pipe.unet(x, t, **more)

    budget = RowBudget(limit=8)
    same(run(narrow, people, [1, 2, 3, 4], budget=budget), expected)
    assert sizes[:3] == [8, 4, 2] and budget.limit == 2 and "2 at a time" in budget.notes[-1]


def test_out_of_memory_at_one_row_is_said():
    def never(rows):
        raise torch.cuda.OutOfMemoryError("out of memory")

    relieved = []
    budget = RowBudget(limit=1, relief=lambda: not relieved and not relieved.append(1))
    with pytest.raises(EngineUnavailable, match="memory"):
        budget.run(never, 2)
    assert relieved and "main memory" in budget.notes[0]
    with pytest.raises(RuntimeError, match="shape"):  # another error is a bug and stays loud
        budget.run(lambda rows: (_ for _ in ()).throw(RuntimeError("shape")), 1)


@pytest.mark.parametrize("words", ["", "a headshot", "x" * 300])
def test_words_are_padded_and_cut_as_transformers_does_it_and_leave_no_setting_behind(tmp_path, words):
    """Padding that is asked for stays on the tokenizer, where another thread's words would get it, or lose it."""
    from headshot.engines.diffusion.text_encoding import _padded

    tokenizer = tiny.tokenizer(tmp_path)
    backend = tokenizer.backend_tokenizer
    expected = tokenizer(words, padding="max_length", max_length=77, truncation=True).input_ids
    tokenizer("reset")
    assert _padded(tokenizer, words) == expected
    assert backend.padding is None and backend.truncation is None


def test_a_wrong_or_damaged_checkpoint_is_named(model, tmp_path):
    pipe, _ = model
    bad = tmp_path / "bad.bin"
    bad.write_bytes(b"PK\x03\x04 cut off")
    with pytest.raises(UserError, match=r"bad\.bin"):
        adapter.read_checkpoint(bad)
    torch.save({"state_dict": {}}, tmp_path / "other.bin")
    with pytest.raises(UserError, match="not an IP-Adapter FaceID"):
        adapter.read_checkpoint(tmp_path / "other.bin")
    xl = tiny.pipeline("sdxl", tmp_path)
    with pytest.raises(UserError, match="does not fit"):
        adapter.attach(xl.unet, tiny.checkpoint(pipe.unet))


def test_a_checkpoint_cannot_run_code(tmp_path):
    """A pickle that would create a file when loaded is refused, and the file is not there."""
    target = tmp_path / "created"

    class Trap:
        def __reduce__(self):
            return open, (str(target), "w")

    torch.save({"image_proj": Trap(), "ip_adapter": {}}, tmp_path / "trap.bin")
    with pytest.raises(UserError):
        adapter.read_checkpoint(tmp_path / "trap.bin")
    assert not target.exists()


def test_an_unknown_scheduler_is_named():
    with pytest.raises(UserError, match="heun"):
        schedulers.make("heun", {}, 4)


@pytest.mark.parametrize("prediction", ["epsilon", "v_prediction"])
@pytest.mark.parametrize("name", ["ddim", "euler", "dpm++"])
def test_predicted_x0_is_the_schedulers_own(name, prediction):
    s = schedulers.make(name, {"prediction_type": prediction}, 5)
    level, t = schedulers.levels(s)[0], s.timesteps[0]
    x, out = torch.randn(2, 1, 4, 8, 8, generator=torch.Generator().manual_seed(1))
    x = x * float(s.init_noise_sigma)
    result = s.step(out, t, x)
    theirs = s.model_outputs[-1] if name == "dpm++" else result.pred_original_sample
    same(schedulers.predicted_x0(s, level, x, out), theirs, 1e-5)
