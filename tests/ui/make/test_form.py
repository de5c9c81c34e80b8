"""The page paints a look with the numbers that the command line paints it with, and shows what it uses."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from headshot.direction.diff import diff, with_changes
from headshot.direction.direct import direct
from headshot.direction.matting_table import BUILT_IN
from headshot.direction.presets import load_presets
from headshot.direction.prompt import prompt
from headshot.engines.base import EngineStatus
from headshot.engines.diffusion import text_encoding as engine_prompt
from headshot.types import Posing
from headshot.ui.loaded_looks import LoadedLooks
from headshot.ui.make import setup
from headshot.ui.make.controls import GROUPS, KEYS, MATTING, MOVES, numbers_of, values_of
from headshot.ui.make.disabled_controls import disabled_controls
from headshot.ui.make.form import direction_of, form_values
from headshot.ui.make.held_words import HeldWords
from headshot.ui.make.parts import Parts
from headshot.ui.make.words_panel import words_value
from headshot.ui.page import build

BOTH = ("faceid-sd15", "faceid-sdxl")


@pytest.fixture
def here(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Make it so that just these generators are set up."""

    def only(*names: str) -> None:
        ready = {n: EngineStatus(n, n, n in names, bytes=1) for n in setup.GENERATORS}
        monkeypatch.setattr(setup, "statuses", lambda: ready)

    return only


def handler(page: Any, module: str, name: str) -> Any:
    """A handler of the page by its module and its name there."""
    found = {f.fn for f in page.fns.values() if f.fn and f.fn.__module__ == f"headshot.ui.{module}" and f.name == name}
    (one,) = found
    return one


@pytest.mark.parametrize("engine", BOTH)
def test_each_look_is_painted_as_on_the_command_line(here: Callable[..., None], engine: str) -> None:
    here(engine)
    choose = handler(build(), "make.gallery_card", "choose")
    for look in load_presets():
        values = list(choose(None, LoadedLooks(), look, "auto").values())
        values.insert(KEYS.index(MATTING), BUILT_IN)  # who cuts out belongs to the photo: another look leaves it
        assert len(values) == len(KEYS)
        made = direction_of(None, look, 0.75, "", "", *values, engine=engine)
        assert made == direct(look, engine=engine), look
        # Own pixels hear no numbers, and carry none that nobody moved.
        assert direction_of(None, look, 0.25, "", "", *values) == direct(look)


@pytest.mark.parametrize("engine", BOTH)
def test_the_page_opens_with_the_numbers_that_it_would_paint_with(here: Callable[..., None], engine: str) -> None:
    here(engine)
    blocks = build().blocks.values()
    values = [next(b.value for b in blocks if b.elem_id == "set-" + key.replace(".", "-")) for key in KEYS]
    assert direction_of(None, "linkedin", 0.75, "", "", *values, engine=engine) == direct("linkedin", engine=engine)


def test_another_engine_brings_its_numbers_and_what_was_moved_stays(here: Callable[..., None]) -> None:
    here(*BOTH)
    old, new = (dict(zip(KEYS, values_of(direct("linkedin", engine=e)), strict=True)) for e in BOTH)
    numbers = {k: v for k, v in old.items() if k.startswith("generate.")}
    assert numbers != {k: new[k] for k in numbers}
    assert numbers_of("linkedin", BOTH[1], numbers) == {k: new[k] for k in numbers}
    moved = numbers_of("linkedin", BOTH[1], numbers | {"generate.steps": 50})
    assert moved == {k: new[k] for k in numbers} | {"generate.steps": 50}


@pytest.mark.parametrize("engine", BOTH)
def test_what_was_moved_comes_back_with_a_picture_of_own_pixels(here: Callable[..., None], engine: str) -> None:
    here(engine)
    look = dict(zip(KEYS, values_of(direct("legal", engine=engine)), strict=True))
    own = direction_of(None, "legal", 0.25, "", "", *(look | {"generate.guidance": 9.0}).values())
    assert diff(own) == {"generate.guidance": 9.0, "change": 0.25}
    p: Any = Parts()
    p.engine, p.look, p.change, p.words, p.keep = (f"part {i}" for i in range(5))
    p.controls = tuple(KEYS)
    assert {k: v for k, v in form_values(p, own, "retouch").items() if k in look} == look | {"generate.guidance": 9.0}
    painted = direct("legal", engine=engine, overrides={"generate.steps": 12})
    back = form_values(p, painted, engine)
    assert {k: v for k, v in back.items() if k in look} == look | {"generate.steps": 12}


# ------------------------------------------------------------------ the meter


def test_the_meter_counts_what_is_sent_with_the_engines_own_tokenizer(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    pytest.importorskip("transformers")
    from tests.fixtures import tiny

    base = tmp_path / "base"
    tiny.tokenizer(base).save_pretrained(base / "tokenizer")
    monkeypatch.setattr(engine_prompt.weights, "locate", lambda role: base)
    long = direct("linkedin", engine=BOTH[0], words="calm")
    meter = words_value(long, BOTH[0])["meter"]
    made = engine_prompt.words(long, engine_prompt.tokenizers(BOTH[0]))
    assert f": {made.tokens} of 77" in meter["text"] and "about" not in meter["text"] and made.tokens <= 77
    assert made.tokens != prompt(long).tokens  # one token a letter: nothing else counts like it
    assert words_value(long, "retouch")["meter"] is None  # tokens are no matter of own pixels


def test_the_meter_counts_the_words_that_no_control_shows(
    here: Callable[..., None], monkeypatch: pytest.MonkeyPatch
) -> None:
    here()
    monkeypatch.setattr("headshot.ui.make.words_panel.painter_at", lambda *_: BOTH[0])
    show = handler(build(), "make.words_panel", "show")
    loaded = direct("linkedin", words="calm", overrides={"look.wardrobe": "a very long velvet coat of many colours"})

    words = HeldWords()
    words.hold(loaded)
    session = SimpleNamespace(held_words=words)
    values = values_of(direct("linkedin"))
    plain, whole = (show(d, "auto", "linkedin", 0.25, "calm", "", *values)["meter"] for d in (None, session))
    assert f"{prompt(loaded).tokens} of" in whole["text"] and whole["share"] > plain["share"]


# ------------------------------------------------------------------ what is greyed


def test_what_does_nothing_on_a_rung_is_greyed_with_the_reason() -> None:
    keys = [key for _, group in GROUPS for key in group]
    notes, live = disabled_controls(1.0, BOTH[0], "")
    off = {k for k, on in zip(keys, live, strict=True) if not on}
    assert off == {
        "crop.eye_line",
        "crop.level",
        "light.balance",
        "backdrop.falloff",
        "backdrop.blur",
        "backdrop.shadow",
        "backdrop.wrap",
        "backdrop.grain",
        "cutout.matting",
        "retouch.skin",
        "retouch.redness",
        "retouch.shine",
        "retouch.under_eyes",
        "retouch.teeth",
        "retouch.red_eyes",
        "retouch.glare",
        "retouch.stray_hairs",
        "retouch.eyes",
        *MOVES,
    }
    said = dict(zip((title for title, _ in GROUPS), notes, strict=True))
    assert "Height of the eyes, Straighten a tilted head: " in said["Crop"] and "One rung lower" in said["Crop"]
    assert "Size of the head" in said["Crop"] and "small moves" in said["Crop"]
    assert said["Posing and clothes"] == "" and "Even out the skin" in said["Skin"]
    notes, live = disabled_controls(0.5, BOTH[0], "")
    assert {k for k, on in zip(keys, live, strict=True) if not on} == {
        "posing.expression",
        "posing.gaze",
        "posing.turn",
    }
    for change, engine, keep in ((0.75, BOTH[0], ""), (0.25, "retouch", ""), (1.0, "retouch", "")):
        assert disabled_controls(change, engine, keep) == ([""] * len(GROUPS), [True] * len(keys))
    notes, live = disabled_controls(1.0, BOTH[0], "<b>beard</b>, my beard")
    assert "You keep “beard”" in "".join(notes) and "<b>" not in "".join(notes)
    assert with_changes(direct("linkedin"), {"posing.gaze": "left"}).posing == replace(Posing(), gaze="left")
