"""Many pictures in one batch: each as if made alone, and what they have in common worked out once."""

from __future__ import annotations

from contextlib import closing
from dataclasses import replace

import numpy as np
import pytest
import torch

from headshot.canvas.change_map import LEAST_NOISE
from headshot.direction.direct import direct
from headshot.direction.engine_table import OWN_PIXELS, who_paints
from headshot.engines import base
from headshot.engines.diffusion import device, schedulers
from headshot.engines.diffusion.conditioning import join
from headshot.engines.diffusion.denoise import denoise, noise_for
from headshot.engines.diffusion.device import Plan
from headshot.engines.diffusion.faceid_pipeline import FaceIDEngine
from headshot.engines.diffusion.hold import Hold
from headshot.engines.diffusion.request import grouped
from headshot.engines.encode_cache import EncodeCache
from headshot.engines.faceid import FaceIDGenerator
from headshot.studio.session import Sitting, headshot
from headshot.studio.sheet.axis import Axis
from headshot.studio.sheet.sheet import Cell, cells, plan, render
from headshot.types import CutoutSettings, Headshot, Look, Preview
from tests.engines.diffusion.test_denoise import CANVAS, model, person, run, same  # noqa: F401 - model is a fixture
from tests.fixtures import stand_in, tiny
from tests.fixtures.shared_photos import sitting
from tests.fixtures.tiny_faceid import BY_ARCHITECTURE, FACE, PLAN, canvas, direction, tensors, unet_calls

torch.set_num_threads(1)

KINDS = ["ddim", "euler", "dpm++", "lcm"]
LATE = torch.zeros(1, 1, 8, 8)
LATE[..., 2:6, 2:6] = 1


# ------------------------------------------------------------------ the loop


@pytest.mark.sweep
@pytest.mark.parametrize("kind", KINDS)
def test_different_change_maps_in_one_batch_equal_separate_runs(model, kind):
    """From all free over two strengths and a map with a hole to nothing: those that may not move yet wait."""
    pipe, part = model
    noise = schedulers.noise_shares(schedulers.make(kind, {}, 6))
    maps = [torch.ones(1, 1, 8, 8), torch.full((1, 1, 8, 8), noise[3]), noise[4] * LATE, torch.zeros(1, 1, 8, 8)]
    people = [person(part, i, guidance=[4.0, 1.0, 6.0, 4.0][i]) for i in range(4)]
    calls = []

    def counting(x, t, **more):
        calls.append(len(x))
        return pipe.unet(x, t, **more)

    canvases = torch.cat([CANVAS * (i + 1) / 2 for i in range(4)])
    together = run(counting, join(people), [1, 2, 3, 4], kind, canvases, torch.cat(maps))
    late = 5 if noise[4] >= LEAST_NOISE else 3  # with Karras sigmas that step is too near the end to be an edit
    assert calls == [2, 2, 2, 3, late, late], "rows of samples that still wait are not computed"
    for i in range(4):
        alone = run(pipe.unet, people[i], [i + 1], kind, canvases[i : i + 1], maps[i])
        same(together[i : i + 1], alone)
    assert torch.equal(together[3], canvases[3])


@pytest.mark.sweep
@pytest.mark.parametrize("kind", KINDS)
def test_what_differs_late_shares_the_steps_before(model, kind):
    """Exact prefix reuse: settings that act from some step on cost their own steps alone."""
    pipe, part = model
    people = [
        person(part, 1),
        person(part, 1, end=0.5),
        person(part, 1, guidance_end=0.5),
        person(part, 1, guidance=7.0),
        person(part, 2),
    ]
    calls = []

    def counting(x, t, **more):
        calls.append(len(x))
        return pipe.unet(x, t, **more)

    seeds = [5] * 5
    together = run(counting, join(people), seeds, kind)
    # First step: two people, guided. Then guidance 7 goes its own way. In the middle one loses its face and one its
    # guidance: that one's row is still the first one's; then all five go their own ways.
    assert calls == [4, 6, 6, 8, 9, 9]
    for i, one in enumerate(people):
        same(together[i : i + 1], run(pipe.unet, one, [5], kind))
    others = run(pipe.unet, join([people[0], people[0]]), [5, 6], kind)
    assert (others[0] - others[1]).abs().max() > 0.1, "another seed is another picture"


@pytest.mark.sweep
def test_noise_that_is_drawn_on_the_way_keeps_equal_starts_apart(model):
    pipe, part = model
    noise = noise_for([5, 5], (4, 8, 8))
    one = person(part, 1)
    generators = [torch.Generator().manual_seed(s) for s in (1, 2)]
    steps = denoise(pipe.unet, schedulers.make("lcm", {}, 4), join([one, one]), noise, generators=generators)
    *_, last = steps
    assert (last.latents[0] - last.latents[1]).abs().max() > 0.1


@pytest.mark.sweep
def test_holds_of_a_batch_begin_with_their_own():
    free = torch.cat([torch.full((1, 1, 8, 8), a) for a in (0.0, 0.4, 1.0)])
    h = Hold.of(CANVAS.expand(3, -1, -1, -1), CANVAS, free, schedulers.make("ddim", {}, 6))  # 831, 665, 499, 333, …
    assert h.begins.tolist() == [6, 3, 0] and h.first == 0


# ------------------------------------------------------------------ the engine


def several():
    """Directions that differ in all that one batch may differ in."""
    a = direction(1.0, steps=5, identity=0.9)
    other = replace(direction(0.9, seed=9, steps=5, guidance=1.0), look=Look(shot="a {person} outdoors"))
    return [
        a,
        other,
        replace(a, change=0.5, seed=4),
        direction(0.25),
        direction(1.0, steps=5, identity=0.9, candidates=2),
        direction(0.8, steps=5, identity=1.4, structure=0.3, lora=0.2, guidance=6.0, guidance_end=0.5),
        direction(1.0, steps=5, identity=0.9, identity_end=0.6),
    ]


def made(engine, directions, canvases=None, cache=None):
    batch = base.Batch(canvases or [canvas()] * len(directions), FACE, directions, cache or EncodeCache())
    work = engine.render_many(batch, size=(64, 64))
    items = list(work)
    return items, [i for i in items if isinstance(i, base.Done)]


def test_a_batch_equals_separate_renders(engine, monkeypatch):
    directions = several()
    canvases = [canvas() for _ in directions]
    canvases[2] = replace(canvases[2], picture=255 - canvases[2].picture)  # another crop, another light
    rows = []
    inner = type(engine.parts.unet).forward
    wide = FaceIDEngine(engine.family, replace(engine.parts, plan=replace(PLAN, rows=16)), preview_every=0)
    monkeypatch.setattr(
        type(engine.parts.unet), "forward", lambda self, x, *a, **k: (rows.append(len(x)), inner(self, x, *a, **k))[1]
    )
    items, done = made(wide, directions, canvases)
    assert len(rows) == 5, "one UNet call for each step of all"
    monkeypatch.undo()
    assert sorted(d.number for d in done) == [0, 1, 2, 3, 4, 4, 5, 6] and not any(d.fault for d in done)
    previews = [i for i in items if isinstance(i, Preview)]
    assert [p.step for p in previews] == [0, 1, 2, 3, 4, 5] and previews[-1].remaining == 0
    for number, (d, c) in enumerate(zip(directions, canvases, strict=True)):
        alone = [x for x in engine.render(c, FACE, d, size=(64, 64)) if isinstance(x, Headshot)]
        got = [x.result for x in done if x.number == number]
        for a, b in zip(alone, got, strict=True):
            assert np.abs(a.picture.astype(int) - b.picture).max() <= 1
            assert (a.recipe, a.kept, a.notes, b.canvas, b.direction) == (b.recipe, b.kept, b.notes, c, d)
    pictures = [d.result.picture.tobytes() for d in done]
    assert len(set(pictures)) == 7, "only the candidate with the first one's seed is the same picture"


@pytest.mark.sweep
def test_what_cells_share_is_worked_out_once(sd15, monkeypatch):
    calls = {"text_encoders": 0, "image_encoder": 0, "vae": 0}
    kinds = {"text_encoders": type(sd15.parts.text_encoders[0]), "image_encoder": type(sd15.parts.image_encoder)}
    for name, kind in kinds.items():
        inner = kind.forward

        def counted(self, *a, _name=name, _inner=inner, **k):
            calls[_name] += 1
            return _inner(self, *a, **k)

        monkeypatch.setattr(kind, "forward", counted)
    encode = type(sd15.parts.vae).encode
    monkeypatch.setattr(
        type(sd15.parts.vae),
        "encode",
        lambda *a, **k: (calls.update(vae=calls["vae"] + 1), encode(*a, **k))[1],
    )
    cache, c = EncodeCache(), canvas()
    first = [direction(0.9, seed=s, guidance=g) for s in (1, 2) for g in (2.0, 5.0)]
    made(sd15, first, [c] * 4, cache)
    assert calls == {"text_encoders": 2, "image_encoder": 1, "vae": 1}  # words and words to avoid, face, canvas
    made(sd15, [replace(first[0], seed=8)], [replace(c)], cache)
    assert calls == {"text_encoders": 2, "image_encoder": 1, "vae": 1}
    made(sd15, [replace(first[0], look=Look(shot="other words"))], [c], cache)
    assert calls == {"text_encoders": 3, "image_encoder": 1, "vae": 1}
    made(sd15, first[:1], [c])
    assert calls == {"text_encoders": 5, "image_encoder": 2, "vae": 2}, "nothing stays on the engine"


@pytest.mark.sweep
def test_another_mode_or_shape_is_a_batch_of_its_own(sd15):
    directions = [direction(), direction(mode="draft"), direction(steps=3), direction(scheduler="euler")]
    items, done = made(sd15, directions)
    assert sum(isinstance(i, Preview) and i.step == 0 for i in items) == 4
    for d in done:
        alone = [x for x in sd15.render(canvas(), FACE, directions[d.number], size=(64, 64)) if isinstance(x, Headshot)]
        assert np.array_equal(d.result.picture, alone[0].picture)


@pytest.mark.sweep
def test_a_blocked_cell_does_not_block_the_others(sd15):
    class Checker:
        checker = torch.nn.Linear(1, 1)
        answers = [True, False, True]  # noqa: RUF012

        def allows(self, picture):
            return self.answers.pop(0)

    checked = FaceIDEngine(sd15.family, replace(sd15.parts, safety=Checker()))
    _, done = made(checked, [direction(seed=s) for s in (1, 2, 3)])
    assert [d.result is not None for d in done] == [True, False, True]
    assert "not shown" in str(done[1].fault)


@pytest.mark.sweep
def test_memory_that_runs_out_in_a_batch(sd15, monkeypatch):
    directions = [direction(seed=s) for s in (1, 2)]
    _, expected = made(sd15, directions)
    inner, failed = type(sd15.parts.unet).forward, []

    def full(self, x, *a, **k):
        if not failed:
            failed.append(len(x))
            raise torch.cuda.OutOfMemoryError("CUDA out of memory.")
        return inner(self, x, *a, **k)

    monkeypatch.setattr(type(sd15.parts.unet), "forward", full)
    _, got = made(sd15, directions)
    assert failed == [4]
    for a, b in zip(got, expected, strict=True):
        assert any("2 at a time" in n for n in a.result.notes)
        assert np.abs(a.result.picture.astype(int) - b.result.picture).max() <= 1


@pytest.mark.sweep
def test_closing_a_batch_stops_within_a_step_and_frees(sd15, monkeypatch):
    calls = unet_calls(sd15, monkeypatch)
    before = tensors()
    asked = [direction(0.8, seed=s, steps=30) for s in (1, 2)]
    work = sd15.render_many(base.Batch([canvas()] * 2, FACE, asked), size=(64, 64))  # held by nobody else
    while next(work).step < 2:
        pass
    assert len(calls) == 2 and tensors() > before
    work.close()
    assert len(calls) == 2 and tensors() <= before


def test_groups_keep_order_kind_and_room():
    asked = [("a", 2), ("b", 2), ("a", 2), ("a", 2), ("a", 9), ("b", 1), ("a", 1)]
    assert grouped(asked, 4) == [[0, 2], [1, 5], [3], [4], [6]]


# ------------------------------------------------------------------ the sheet


@pytest.fixture
def painter(sd15, monkeypatch):
    """The real generator, with tiny weights and small pictures, as the engine "plain"."""
    family = replace(BY_ARCHITECTURE["sd15"], native=tiny.SIZE, over_canvas=tiny.SIZE, draft_side=tiny.SIZE)
    generator = FaceIDGenerator("faceid-sd15")
    generator.family, generator._engine = family, FaceIDEngine(family, sd15.parts, preview_every=9)
    monkeypatch.setattr(generator, "status", lambda: base.EngineStatus("faceid-sd15", "Tiny", True))
    monkeypatch.setattr(device, "choose", lambda **_: Plan("cpu", "float32", rows=4))
    stand_in.register(monkeypatch, "plain", generator)
    monkeypatch.setattr(generator, "most_height", 240)
    return generator


@pytest.fixture
def visitor():
    one = sitting("coleman_1.jpg")
    fresh = Sitting(one.photo, one.subject)
    fresh._cut = (CutoutSettings(), one.cutout)
    fresh.__dict__["merged"] = (tiny.face(1), ())
    return fresh


@pytest.mark.sweep
@pytest.mark.data
@pytest.mark.parametrize(
    ("rows", "columns", "overrides"),
    [
        ("generate.guidance=1,6", "seed=1,2,3", {}),
        ("change=0.25,0.6,1", "generate.identity=0,1.2", {}),
        ("preset=linkedin,mono", "crop.aspect=1:1,4:5", {"generate.mode": "draft"}),
        ("seed=1,2", "generate.identity=0.4,1", {"keep": "my glasses and my hair"}),
        ("generate.steps=2,3", "generate.identity_end=0.4,1", {"generate.scheduler": "dpm++"}),
    ],
)
def test_cells_of_a_sheet_equal_their_own_runs(painter, visitor, rows, columns, overrides):
    settings = {"generate.steps": 3, "generate.scheduler": "ddim"} | overrides
    first = direct("linkedin", change=1.0, overrides=settings)
    sheet = plan(first, Axis.parse(rows), Axis.parse(columns), engine="plain")
    found = cells(visitor, sheet, height=240)
    assert [c.fault for c in found] == [""] * len(sheet.places)
    assert [(c.place.row, c.place.column) for c in found] == [(p.row, p.column) for p in sheet.places]
    for cell in found:
        alone = headshot(visitor, cell.place.direction, engine="plain", height=240)
        # Beside kept pixels the blend's ratio field, up to a stop, and the finish enlarge a rounding; the finish alone
        # makes two levels of one at a pixel or so.
        apart = np.abs(cell.result.picture.astype(int) - alone.picture)
        beside_own = "keep" in overrides or cell.place.direction.change < 1
        assert apart.max() <= (3 if beside_own else 2) and apart.mean() < 0.01
        assert beside_own or (apart > 1).mean() < 1e-4
        assert cell.result.recipe == alone.recipe and cell.result.notes == alone.notes
        painted_by = {"plain": "faceid-sd15", OWN_PIXELS: OWN_PIXELS}[who_paints(cell.place.direction, "plain")]
        assert cell.result.recipe["engine"] == painted_by and cell.result.seconds > 0


@pytest.mark.sweep
@pytest.mark.data
def test_a_sheet_is_painted_in_batches_and_stops_between_steps(painter, visitor, monkeypatch):
    first = direct("linkedin", change=1.0, overrides={"generate.steps": 4, "generate.scheduler": "ddim"})
    sheet = plan(first, Axis.parse("seed=1,2,3"), Axis.parse("generate.identity=0.2,0.9"), engine="plain")
    calls = []
    inner = type(painter._engine.parts.unet).forward
    monkeypatch.setattr(
        type(painter._engine.parts.unet),
        "forward",
        lambda self, x, *a, **k: (calls.append(len(x)), inner(self, x, *a, **k))[1],
    )
    kept = []
    with closing(render(visitor, sheet, height=240)) as work:
        for item in work:
            if isinstance(item, Cell):
                kept.append((item.place.row, item.place.column))
            elif kept and item.step == 2:
                break
    # Two guided cells are the four rows that memory allows; the second batch ended after its second step.
    assert kept == [(p.row, p.column) for p in list(sheet.order())[:2]]
    assert calls == [4] * 6


@pytest.mark.sweep
@pytest.mark.data
def test_a_cell_that_cannot_be_framed_leaves_the_others(painter, visitor, monkeypatch):
    from headshot.errors import UserError

    real = Sitting.canvas

    def canvas_of(self, direction, height=None):
        if direction.seed == 2:
            raise UserError("This cannot be framed.")
        return real(self, direction, height)

    monkeypatch.setattr(Sitting, "canvas", canvas_of)
    first = direct("linkedin", change=1.0, overrides={"generate.steps": 2, "generate.guidance": 1.0})
    sheet = plan(first, Axis.parse("seed=1,2,3"), Axis.parse("change=1"), engine="plain")
    assert [c.fault for c in cells(visitor, sheet, height=240)] == ["", "This cannot be framed.", ""]
    monkeypatch.setattr(painter._engine, "render_many", lambda *a, **k: (_ for _ in ()).throw(MemoryError()))
    faults = [c.fault for c in cells(visitor, sheet, height=240)]
    assert "enough memory" in faults[0] and "framed" in faults[1] and "enough memory" in faults[2]
