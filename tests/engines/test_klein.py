"""FLUX.2 klein on tiny random weights, files to pictures: what of it must be exact, and what may never change."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
import torch

from benchmarks import klein as full_size
from headshot.direction.ladder import allowances
from headshot.engines.base import Batch, Done
from headshot.engines.diffusion import rates
from headshot.engines.diffusion.device import Plan
from headshot.engines.klein import pictures, schedule
from headshot.engines.klein.encode import Encoder, noise_for
from headshot.engines.klein.flow import FlowStep, Held, Steering, denoise
from headshot.engines.klein.models import load_models
from headshot.engines.klein.painter import KleinPainter, step_flop
from headshot.engines.klein.spec import KLEIN
from headshot.engines.klein.words import sentences
from headshot.engines.references import References, square_crop
from headshot.engines.step_trail import Trails
from headshot.errors import WeightsMissing
from headshot.types import Canvas, Direction, Framing, Generate, Headshot, Look, Preview, Retouch
from tests.fixtures import tiny_klein

torch.set_num_threads(1)

SIZE = 64
SPEC = replace(KLEIN, text_tokens=64, reference=64)
BARE = Retouch(0.0, 0.0, 0.0, 0.0, 0.0, 0.0)
CHANCE = np.random.default_rng(1)
WHO = References((CHANCE.integers(0, 256, (64, 64, 3), dtype=np.uint8),))
TWO = References((*WHO.pictures, CHANCE.integers(0, 256, (80, 80, 3), dtype=np.uint8)))


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tiny_klein.save(tmp_path_factory.mktemp("klein"))["klein-base"]


@pytest.fixture(scope="module")
def painter(folder: Path) -> KleinPainter:
    def locate(role: str) -> Path:
        if role == "klein-base":
            return folder
        raise WeightsMissing(f"{role} is not on this machine.")

    return KleinPainter(SPEC, load_models(SPEC, locate, Plan("cpu", "float32", rows=4)), preview_every=0)


@pytest.fixture(scope="module")
def diffusers_own(folder: Path) -> Any:
    from diffusers import Flux2KleinPipeline

    pipe = Flux2KleinPipeline.from_pretrained(folder)
    pipe.set_progress_bar_config(disable=True)
    return pipe


def canvas(size: int = SIZE) -> Canvas:
    rng = np.random.default_rng(4)
    picture = rng.integers(40, 216, (size, size, 3), dtype=np.uint8)
    y, x = np.mgrid[:size, :size].astype(np.float32) / size
    face = np.clip((0.2 - np.hypot(x - 0.5, y - 0.4)) * 40, 0, 1)
    clothes = np.clip((y - 0.7) * 30, 0, 1) * (1 - face)
    regions = {"face": face, "hair": 0 * face, "clothes": clothes, "backdrop": 1 - face - clothes}
    landmarks = np.zeros((478, 3), np.float32)
    landmarks[468, :2], landmarks[473, :2] = (0.42 * size, 0.4 * size), (0.58 * size, 0.4 * size)
    regions = {k: v.astype(np.float32) for k, v in regions.items()}
    return Canvas(picture, picture, 1 - regions["backdrop"], landmarks, Framing(np.eye(2, 3), (size, size)), regions)


def direction(change: float = 1.0, seed: int = 3, **generate: Any) -> Direction:
    look = Look(shot="studio headshot of a {person}", wardrobe="navy suit")
    settings = {"steps": 4, "identity": 1.0, "guidance": 1.0} | generate
    return Direction(look=look, change=change, seed=seed, retouch=BARE, generate=Generate(**settings))


def shots(painter: KleinPainter, *asked: Direction, who: References = WHO, on: Canvas | None = None) -> list[Headshot]:
    batch = Batch([on or canvas()] * len(asked), who, asked)
    done = [x for x in painter.render_many(batch, size=(SIZE, SIZE)) if isinstance(x, Done)]
    assert all(d.result is not None for d in done)
    return [d.result for d in sorted(done, key=lambda d: d.number) if d.result is not None]


def loop(painter: KleinPainter, d: Direction, **more: Any) -> list[FlowStep]:
    """The steps of one direction at the top of the ladder."""
    return list(denoise(painter.models.transformer, *_inputs(painter, d), **more))


def _inputs(
    painter: KleinPainter, d: Direction, on: Canvas | None = None
) -> tuple[Any, Steering, torch.Tensor, torch.Tensor]:
    from headshot.engines.diffusion.request import Request
    from headshot.engines.klein.painter import run

    on = on or canvas()
    scheduler = painter._scheduler(on, d, (SIZE, SIZE))
    levels = schedule.noise_levels(scheduler)
    request = Request.of(0, on, d, run(SPEC, d.generate), (SIZE, SIZE), levels)
    encoder = Encoder(SPEC, painter.models, painter._offloader, Batch([], None, []).cache, [])
    noise = noise_for([d.seed], (SIZE, SIZE), painter.models)
    steering = encoder.steering([request], [painter._words(d)], WHO)
    return scheduler, steering, pictures.packed(noise), pictures.positions(noise)


@pytest.mark.parametrize("who", [WHO, TWO], ids=["one photo", "two photos"])
def test_the_top_of_the_ladder_is_diffusers_own_pipeline(
    painter: KleinPainter, diffusers_own: Any, who: References
) -> None:
    """Words, references, schedule, loop and decoder, against Flux2KleinPipeline: with photos at s = 1."""
    from PIL import Image

    (made,) = shots(painter, direction(), who=who)
    crops = [Image.fromarray(p).resize((64, 64), Image.Resampling.LANCZOS) for p in who.pictures]
    if len(who.pictures) > 1:  # Headshot's resizing, so that the loop is what is compared
        from headshot.imaging.resize import resized

        crops = [Image.fromarray(resized(p, (64, 64))) for p in who.pictures]
    noise = torch.randn((1, 16, 4, 4), generator=torch.Generator().manual_seed(3))
    expected = diffusers_own(
        image=crops,
        prompt=made.recipe["prompt"],
        height=SIZE,
        width=SIZE,
        num_inference_steps=4,
        guidance_scale=1.0,
        latents=noise,
        max_sequence_length=64,
        text_encoder_out_layers=(2, 4, 6),
        output_type="np",
    ).images[0]
    assert np.abs(made.picture / 255 - expected).max() < 1.01 / 255


@pytest.mark.sweep
def test_identity_is_exact_at_nothing_and_at_one_and_live_above(painter: KleinPainter, diffusers_own: Any) -> None:
    without = diffusers_own(
        prompt=painter._words(direction()).text,
        height=SIZE,
        width=SIZE,
        num_inference_steps=4,
        guidance_scale=1.0,
        latents=torch.randn((1, 16, 4, 4), generator=torch.Generator().manual_seed(3)),
        max_sequence_length=64,
        text_encoder_out_layers=(2, 4, 6),
        output_type="np",
    ).images[0]
    none, plain, more = (shots(painter, direction(identity=s))[0].picture for s in (0.0, 1.0, 1.5))
    assert np.abs(none / 255 - without).max() < 1.01 / 255, "s = 0: as if there were no photo"
    assert (plain != none).any() and (more != plain).any()

    calls: list[int] = []
    inner = painter.models.transformer

    def counting(**inputs: Any) -> Any:
        calls.append(inputs["hidden_states"].shape[1])
        return inner(**inputs)

    for s, lengths in ((0.0, [16] * 4), (1.0, [32] * 4), (1.5, [16, 32] * 4)):
        calls.clear()
        list(denoise(counting, *_inputs(painter, direction(identity=s))))
        assert calls == lengths, s
    calls.clear()
    list(denoise(counting, *_inputs(painter, direction(identity=1.0, identity_end=0.5))))
    assert calls == [32, 32, 16, 16], "the identity's end costs nothing, and then no reference is computed"


def test_a_run_that_is_taken_up_again_ends_bit_by_bit_alike(painter: KleinPainter) -> None:
    trails = Trails()
    loop(painter, direction(identity=1.3), trails=trails)
    for end, run in ((0.5, [1, 2, 3]), (0.5, [3]), (0.2, [0, 1, 2, 3]), (1.0, [0, 1, 2, 3])):
        scratch = loop(painter, direction(identity=1.3, identity_end=end))
        taken_up = loop(painter, direction(identity=1.3, identity_end=end), trails=trails)
        assert [s.index for s in taken_up] == run, "the last known step, then what differs"
        assert float((taken_up[-1].latents - scratch[-1].latents).abs().max()) == 0.0


def test_its_estimates_go_by_its_own_steps(painter: KleinPainter, monkeypatch: pytest.MonkeyPatch) -> None:
    """The first step, which loads libraries, is not counted; what a finished run took is the next one's estimate."""
    clock, inner = [0.0], type(painter.models.transformer).forward

    def slow(self: Any, **given: Any) -> Any:
        clock[0] += 7.0 if clock[0] == 0 else 2.0
        return inner(self, **given)

    monkeypatch.setattr(type(painter.models.transformer), "forward", slow)
    monkeypatch.setattr("headshot.engines.klein.painter.time", SimpleNamespace(perf_counter=lambda: clock[0]))
    monkeypatch.setattr(rates, "_learnt", {})
    shots(painter, direction())
    assert clock == [13.0], "four steps"
    per_step = step_flop(SPEC, direction().generate, (SIZE, SIZE), 1)
    plan = painter.models.plan
    assert rates.seconds(per_step, plan.device, plan.dtype, "klein") == pytest.approx(2.0)
    assert set(rates._learnt) == {(plan.device, plan.dtype, "klein")}


def test_it_stops_within_a_step(painter: KleinPainter, monkeypatch: pytest.MonkeyPatch) -> None:
    calls: list[int] = []
    inner = type(painter.models.transformer).forward
    monkeypatch.setattr(
        type(painter.models.transformer), "forward", lambda self, **k: (calls.append(1), inner(self, **k))[1]
    )
    work = painter.render_many(Batch([canvas()], WHO, [direction()]), size=(SIZE, SIZE))
    for item in work:
        if isinstance(item, Preview) and item.step == 1:
            work.close()
    assert len(calls) == 1


@pytest.mark.sweep
def test_a_batch_equals_the_single_runs(painter: KleinPainter) -> None:
    asked = [direction(seed=3), replace(direction(seed=8, identity=1.4), words="by a window"), direction(seed=9)]
    inputs = [_inputs(painter, d) for d in asked]
    text = torch.cat([i[1].text for i in inputs])
    both = replace(
        inputs[0][1],
        text=text,
        text_ids=pictures.text_positions(text),
        identity=[d.generate.identity for d in asked],
        start=[0.0] * 3,
        end=[1.0] * 3,
    )
    rows, ids = (torch.cat([i[n] for i in inputs]) for n in (2, 3))
    *_, together = denoise(painter.models.transformer, inputs[0][0], both, rows, ids)
    for n, one in enumerate(inputs):
        *_, alone = denoise(painter.models.transformer, *one)
        assert float((together.latents[n] - alone.latents[0]).abs().max()) < 1e-6 * max(
            1, float(alone.latents.abs().max())
        )
    apart = [shots(painter, d)[0].picture for d in asked]
    for a, b in zip(shots(painter, *asked), apart, strict=True):
        assert np.abs(a.picture.astype(int) - b).max() <= 1


def test_own_pixels_are_the_photos_own_to_the_byte_outside_what_may_change(painter: KleinPainter) -> None:
    on = canvas()
    for change in (0.0, 0.25):
        (made,) = shots(painter, direction(change), on=on)
        assert (made.picture == on.picture).all() and made.kept == 1 and "own pixels" in made.notes[0]
    (made,) = shots(painter, direction(0.5), on=on)
    own = on.regions["face"] > 0.999
    assert own.sum() > 200 and (made.picture[own] == on.picture[own]).all() and made.kept > 0.95
    painted = on.regions["backdrop"] > 0.999
    assert (made.picture[painted] != on.picture[painted]).mean() > 0.9
    locked = replace(on, locked=(on.regions["face"] > 0.5).astype(np.float32))
    (made,) = shots(painter, direction(1.0), on=locked)
    assert (made.picture[locked.locked > 0.5] == on.picture[locked.locked > 0.5]).all()


def test_the_canvas_is_held_as_diffusers_inpainting_holds_it(painter: KleinPainter, folder: Path) -> None:
    """A mask of all or nothing at one strength, in latents, against Flux2KleinInpaintPipeline."""
    from diffusers import Flux2KleinInpaintPipeline
    from PIL import Image

    pipe = Flux2KleinInpaintPipeline.from_pretrained(folder)
    pipe.set_progress_bar_config(disable=True)
    mask = np.zeros((SIZE, SIZE), np.uint8)
    mask[:, 32:] = 255
    d = direction()
    _, steering, _rows, ids = _inputs(painter, d, replace(canvas(), locked=np.zeros((SIZE, SIZE), np.float32)))
    seen: list[torch.Tensor] = []
    settings = {"num_inference_steps": 4, "guidance_scale": 1.0, "strength": 1.0}
    pipe(
        prompt=painter._words(d).text,
        image=Image.fromarray(canvas().picture),
        image_reference=[Image.fromarray(p) for p in WHO.pictures],
        mask_image=Image.fromarray(mask),
        height=SIZE,
        width=SIZE,
        generator=torch.Generator().manual_seed(5),
        max_sequence_length=64,
        text_encoder_out_layers=(2, 4, 6),
        callback_on_step_end=lambda pipe, i, t, kept: (seen.append(kept["latents"].clone()), {})[1],
        **settings,
    )
    noise = torch.randn((1, 16, 4, 4), generator=torch.Generator().manual_seed(5))
    z0 = pictures.encode_picture(painter.models, canvas().picture)
    free = pictures.packed(torch.nn.functional.adaptive_avg_pool2d(torch.from_numpy(mask / 255.0)[None, None], 4) * 4)
    held = Held(pictures.packed(z0), pictures.packed(noise), free.float())
    scheduler = painter._scheduler(canvas(), d, (SIZE, SIZE))
    ours = list(denoise(painter.models.transformer, scheduler, steering, pictures.packed(noise), ids, held=held))
    assert len(ours) == len(seen)
    for a, b in zip(ours, seen, strict=True):
        assert float((a.latents - b).abs().max()) < 1e-5


def test_each_region_begins_at_the_ladders_noise_and_the_top_is_the_models_own_schedule(painter: KleinPainter) -> None:
    own = schedule.noise_levels(painter._scheduler(canvas(), direction(1.0), (1024, 1024)))
    assert len(own) == 4 and own[0] == 1.0 and 0.7 < own[-1] < 0.8, "no rung below could be reached with these"
    before = dict.fromkeys(("face", "clothes", "backdrop"), 0.0)
    for change in np.arange(0, 1.0001, 0.05):
        levels = schedule.noise_levels(painter._scheduler(canvas(), direction(change), (1024, 1024)))
        assert list(levels) == sorted(levels, reverse=True) and len(levels) <= 4
        for region in before:
            may = allowances(float(change))[region]
            began = max((level for level in levels if level <= may + 1e-4), default=0.0) if may >= 0.1 else 0.0
            assert may - began <= schedule.NEAREST + 1e-6 or began == may == 0 or may < 0.1, (change, region)
            assert began >= before[region] - schedule.NEAREST, (change, region)
            before[region] = began
    assert schedule.noise_levels(painter._scheduler(canvas(), direction(0.2), (1024, 1024))) == ()


def test_words_are_sentences_that_say_who_first_and_drop_the_last_first() -> None:
    d = replace(direction(), words="no glasses, by a window", keep="freckles", avoid="blurry")
    d = replace(d, look=replace(d.look, light="soft light", lens="85mm"))
    said = sentences(d, lambda text: len(text.split()), 500)
    assert said.text.startswith("Studio headshot of a person. Same person as in the reference photo")
    assert "They wear navy suit." in said.text and "freckles" in said.text and said.cut == ()
    assert "no glasses, " not in said.text.lower() and said.text.endswith("glasses, blurry.")
    short = sentences(d, lambda text: len(text.split()), 30)
    assert (
        short.text.startswith("Studio headshot")
        and short.cut[-1].startswith("Without")
        and len(short.text.split()) <= 30
    )


def test_a_reference_is_a_square_and_its_edge_is_repeated() -> None:
    photo = np.tile(np.arange(200, dtype=np.uint8)[:, None, None], (1, 100, 3))
    points = np.array([[40.0, 5.0, 0.0], [60.0, 35.0, 0.0]], np.float32)
    crop = square_crop(photo, points)
    assert crop.shape == (66, 66, 3) and (crop[:10] == 0).all() and crop[-1, 0, 0] > 40
    assert "…" in repr(WHO)


@pytest.mark.sweep
def test_the_full_size_model_on_the_meta_device_needs_what_the_plan_says() -> None:
    """The shapes of FLUX.2 [klein] 4B (5 double and 20 single blocks of 3072, Qwen3-4B): counted, not loaded."""
    with torch.device("meta"):
        transformer, encoder, vae = full_size.modules()
    sizes = [sum(p.numel() for p in m.parameters()) * 2 / 1e9 for m in (transformer, encoder, vae)]
    assert sizes[0] == pytest.approx(2 * KLEIN.parameters / 1e9, rel=0.01) == pytest.approx(7.75, rel=0.01)
    safety = 0.61  # the checker in half precision
    assert sum(sizes) + safety == pytest.approx(KLEIN.resident_gb, rel=0.01), sizes
