"""What each slider costs a generator: UNet calls counted, and every result equal to one from scratch."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
import torch

from benchmarks import slider_costs
from benchmarks.engine import model_card
from headshot.engines.base import Batch, Done
from headshot.engines.diffusion.faceid_pipeline import FaceIDEngine
from headshot.engines.diffusion.families import SD15
from headshot.engines.diffusion.pipeline_parts import load_parts
from headshot.engines.encode_cache import EncodeCache
from headshot.engines.identity import Identity
from headshot.engines.step_trail import Trails
from headshot.types import Canvas, Direction, Light, Preview, Retouch
from tests.fixtures import tiny
from tests.fixtures.tiny_faceid import PLAN, canvas, direction, locator

torch.set_num_threads(1)

STEPS = 4
WHO = Identity(tiny.face(1).embedding, tiny.face(1).crop)
FINISH = [Retouch(**{name: 0.7}) for name in ("skin", "mono", "grain")]


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> FaceIDEngine:
    roles = tiny.save("sd15", tmp_path_factory.mktemp("sd15"), without=("safety-checker",))
    return FaceIDEngine(SD15, load_parts(SD15, locator(roles), PLAN), preview_every=9)


@pytest.fixture
def calls(engine: FaceIDEngine, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """A word for each call of a model."""
    made: list[str] = []
    parts = engine.parts
    for name, module, method in (
        ("unet", parts.unet, "forward"),
        ("decode", parts.vae, "decode"),
        ("encode", parts.vae, "encode"),
        ("words", parts.text_encoders[0], "forward"),
        ("face", parts.image_encoder, "forward"),
    ):
        inner = getattr(type(module), method)

        def counted(self: Any, *args: Any, name: str = name, inner: Any = inner, **more: Any) -> Any:
            made.append(name)
            return inner(self, *args, **more)

        monkeypatch.setattr(type(module), method, counted)
    return made


def paint(engine: FaceIDEngine, d: Direction, cache: EncodeCache, on: Canvas | None = None) -> np.ndarray:
    batch = Batch([on or canvas()], WHO, [d], cache)
    (made,) = [x for x in engine.render_many(batch, size=(64, 64)) if isinstance(x, Done)]
    assert made.result is not None
    return made.result.picture


ALL = [(scheduler, change) for scheduler in ("dpm++", "ddim", "euler") for change in (1.0, 0.8)]


@pytest.mark.sweep
@pytest.mark.parametrize("scheduler, change", ALL)
def test_each_control_costs_only_what_it_changes_and_equals_a_run_from_scratch(
    engine: FaceIDEngine, calls: list[str], scheduler: str, change: float
) -> None:
    base = direction(change, steps=STEPS, scheduler=scheduler)
    g = base.generate
    late = {"identity_end": 0.5, "guidance_end": 0.5}
    moved = {
        **{f"finish {n}": replace(base, retouch=r) for n, r in enumerate(FINISH)},
        "nothing": base,
        **{name: replace(base, generate=replace(g, **{name: end})) for name, end in late.items()},
        "identity": replace(base, generate=replace(g, identity=0.5)),
        "words": replace(base, words="by a window"),
    }
    if change >= 1:
        moved["light"] = replace(base, light=Light(warmth=0.5, exposure=0.2))
    cache = EncodeCache()
    paint(engine, base, cache)
    whole = calls.count("unet")
    assert whole == (STEPS if change >= 1 else whole) > 1
    costs = {}
    for name, d in moved.items():
        paint(engine, base, cache)
        calls.clear()
        got = paint(engine, d, cache)
        costs[name] = calls.count("unet")
        if name.startswith(("finish", "nothing", "light")):
            assert calls == [], f"{name}: no model at all"
        if name in late:
            # Of the steps of this run those that lie before the slider's own are taken over.
            assert costs[name] == round(STEPS * (1 - late[name])), (name, costs)
        if name in ("identity", "words"):
            assert costs[name] == whole
            assert "face" not in calls and "encode" not in calls, "the face and the canvas are encoded once"
            assert ("words" in calls) == (name == "words")
        if name.startswith("finish") and name != "finish 1":
            continue  # one of them is enough to see that a kept picture is the picture
        assert (got == paint(engine, d, EncodeCache())).all(), f"{name} is not what it is from scratch"


@pytest.mark.sweep
def test_a_move_costs_a_fifth_of_the_model_cards_recipe_and_a_finish_nothing(engine: FaceIDEngine) -> None:
    """Rows through the UNet, in one run; benchmarks/slider_costs.py counts finals and seconds as well."""
    side = tiny.SIZE
    made = FaceIDEngine(slider_costs.small(SD15, side), engine.parts, preview_every=9)
    with slider_costs.counted(side) as card:
        model_card(engine.parts, "sd15", 1, side)()
    assert (card.calls, card.rows) == (30, 60)
    base = direction(1.0, steps=30, scheduler="ddim")
    found = slider_costs.slider_costs(made, base, canvas(side), WHO, side, modes=("draft",))
    rows = {key: costs["draft"].rows for key, costs in found.items()}
    finishing = [key for key in rows if key.startswith(("retouch", "light"))]
    assert len(finishing) == 8 and all(rows[key] == 0 for key in finishing), "fifty times and more: no forward at all"
    assert 0 < float(np.mean(list(rows.values()))) <= card.rows / 5, rows
    assert rows["words"] == rows["seed"] == 4 * (48 / 64) ** 2, "four steps of a smaller picture"


@pytest.mark.sweep
def test_a_draft_and_a_final_do_not_push_each_other_out(engine: FaceIDEngine, calls: list[str]) -> None:
    cache = EncodeCache()
    draft, final = direction(mode="draft"), direction(steps=4)
    for d in (draft, final):
        paint(engine, d, cache)
    calls.clear()
    for d in (draft, final):
        paint(engine, d, cache)
    assert calls == []


@pytest.mark.sweep
def test_a_picture_that_was_stopped_is_taken_up_where_it_stopped(engine: FaceIDEngine, calls: list[str]) -> None:
    """A drag of 20 events, each stopping the one before within a step: what was painted of the last one counts."""
    cache, d = EncodeCache(), direction(steps=STEPS)
    work = engine.render_many(Batch([canvas()], WHO, [d], cache), size=(64, 64))
    for item in work:
        if isinstance(item, Preview) and item.step == 4:
            work.close()
    assert calls.count("unet") == 4
    calls.clear()
    paint(engine, d, cache)
    assert calls.count("unet") == STEPS - 4


def test_memory_is_bounded_and_forgotten() -> None:
    cache = EncodeCache(most=1000)
    made: list[int] = []
    for n in (1, 2, 3, 1):
        cache.get(n, lambda n=n: (made.append(n), np.zeros(400, np.uint8))[1])
    assert made == [1, 2, 3, 1], "the one that was not used for longest went"
    trails = cache.trails
    for start in range(9):
        trails.begin(start, ["a"]).add(start)
    assert [len(trails.begin(start, ["a"]).states) for start in range(9)] == [0] * 4 + [1] * 5
    cache.clear()
    assert trails.begin(8, ["a"]).states == []


def test_two_runs_at_once_do_not_mix_their_steps() -> None:
    trails = Trails()
    one, two = trails.begin("s", ["a", "b"]), trails.begin("s", ["a", "c"])
    one.add("one a")
    two.add("two a")
    one.add("one b")
    assert trails.begin("s", ["a", "b"]).states == ["one a", "one b"]
    two.add("two c")
    assert trails.begin("s", ["a", "c"]).states == ["two a", "two c"]
