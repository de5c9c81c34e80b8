"""A look as a file: out and in again, and what a stranger's file may not do."""

from __future__ import annotations

import re
import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from headshot.direction.diff import as_settings
from headshot.direction.direct import direct
from headshot.direction.look_file import MAX_BYTES, load, save
from headshot.direction.presets import PRESETS, load_presets
from headshot.errors import DirectionError
from headshot.ui.make.held_words import HeldWords


@pytest.mark.parametrize("name", list(load_presets()))
def test_a_look_survives_the_file(name: str) -> None:
    made = direct(name, overrides={"light.warmth": 0.35, "look.expression": "calm smile", "change": 0.0})
    file, data = save(made, "Meine schöne Ansicht!")
    assert file == "meine-schone-ansicht.toml"
    back = load(data)
    assert back.title == "Meine schöne Ansicht!" and back.direction.preset == name and "nearest" in back.note
    old, new = as_settings(made), as_settings(back.direction)
    assert {k for k in new if new[k] != old[k]} <= {"change"}  # the place on the ladder is no part of a look


def test_the_file_is_a_preset_of_the_app(tmp_path: Path) -> None:
    file, data = save(direct("mono", words="window light", overrides={"retouch.grain": 0.6}), "Grainy")
    for path in PRESETS.glob("*.toml"):
        shutil.copy(path, tmp_path)
    (tmp_path / file).write_bytes(data)
    preset = load_presets(tmp_path)["grainy"]
    assert (preset.title, preset.retouch.grain) == ("Grainy", 0.6) and preset.look.shot.endswith("window light")


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"\xff\xfe\x00", "not valid TOML"),
        (b"title = ", "not valid TOML"),
        (b"seed = " + b"9" * 5000, "not valid TOML"),  # Python reads no more than 4,300 digits
        (b"x = " + b"[" * 15_000, "look"),
        (b" " * (MAX_BYTES + 1), "too large"),
        (b'title = "a"', "missing"),
        (b"photo = 1", "unknown key photo"),
        (b'title="a"\nsummary="b"\n[look]\nshot="c"\n[canvas]\nlight={ strength = 7 }', "canvas.light.strength"),
        (b'title="a"\nsummary="b"\n[look]\nshot="{secret}"', "braces"),
        (b'title="a"\nsummary="b"\n[look]\nshot="c"\n[canvas]\nbackdrop={ colour = "url(http://x)" }', "colour"),
    ],
)
def test_a_strangers_file_is_refused_in_one_sentence(data: bytes, said: str) -> None:
    with pytest.raises(DirectionError, match=said) as fault:
        load(data)
    assert len(str(fault.value)) < 400


@pytest.mark.parametrize("title", ["", "   ", "x" * 41])
def test_a_look_needs_a_name(title: str) -> None:
    with pytest.raises(DirectionError, match="name"):
        save(direct("mono"), title)


def test_words_that_no_control_shows_stay_with_the_look() -> None:
    held = HeldWords()
    smiling = direct("legal", overrides={"look.expression": "broad smile", "light.key_side": "right"})
    held.hold(smiling)
    moved = direct("legal", overrides={"light.warmth": 0.5})
    whole = held.merge(moved)
    assert whole == replace(moved, look=replace(moved.look, expression="broad smile"))
    assert held.merge(direct("mono")) == direct("mono")
    held.hold(moved)
    assert held.merge(direct("legal")) == direct("legal")


@pytest.mark.parametrize(
    "title",
    [
        "../../etc/passwd",
        "a\\b:c*d?",
        "\u202egpj.exe",
        "x\0y\n\rz",
        "CON",
        "nul",
        "com1",
        "شعر",
        ".",
        "..",
        "~",
        "x" * 40,
        "é" * 40,
        "<script>",
    ],
)
def test_a_look_s_file_has_a_plain_name(title: str) -> None:
    name, data = save(direct("linkedin"), title)
    assert re.fullmatch(r"[a-z0-9][a-z0-9-]{0,80}\.toml", name) and load(data), name
    assert name.removesuffix(".toml") not in ("con", "nul", "com1")
