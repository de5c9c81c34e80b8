"""The project's own looks."""

from __future__ import annotations

import re
from dataclasses import fields

import pytest

from headshot.direction.direct import direct
from headshot.direction.preset_file import TAGS
from headshot.direction.presets import load_presets
from headshot.direction.prompt import prompt
from headshot.types import (
    BACKDROPS,
    Look,
)


def test_presets_cover_what_people_buy() -> None:
    presets = load_presets()
    bought = {"corporate", "startup", "creative", "academic", "medical", "legal", "actor", "speaker"}
    assert bought | {"linkedin", "brand", "outdoor", "mono"} <= set(presets)
    assert len(presets) >= 12
    orders = [p.order for p in presets.values()]
    assert orders == sorted(orders) and len(set(orders)) == len(orders)
    assert len({p.title for p in presets.values()}) == len(presets)
    assert {p.backdrop.kind for p in presets.values()} == set(BACKDROPS)
    assert presets["mono"].retouch.mono == 1.0
    assert len(presets) >= 40 and all(p.tags for p in presets.values())
    for tag in TAGS:
        assert sum(tag in p.tags for p in presets.values()) >= 4
    for preset in presets.values():  # a tag says what is seen
        assert ("mono" in preset.tags) == (preset.retouch.mono == 1.0)
        assert ("canvas" in preset.tags) == (preset.backdrop.texture >= 0.4)
        assert preset.crop.lens == preset.crop.camera_height == 0  # no look moves a face unasked


@pytest.mark.parametrize("name", list(load_presets()))
def test_each_preset_keeps_the_house_rules(name: str) -> None:
    preset = load_presets()[name]
    assert 0.45 <= preset.crop.head_height <= 0.60 and 0.38 <= preset.crop.eye_line <= 0.45
    assert preset.retouch.skin == 0.0  # off unless asked for
    assert preset.summary.endswith(".") and preset.avoid
    assert set(preset.engines) == {"faceid-sd15", "faceid-sdxl"}
    assert preset.look.shot.count("{person}") == 1
    assert all(getattr(preset.look, f.name) for f in fields(Look))
    made = prompt(direct(name, engine="faceid-sdxl"))
    assert made.cut == made.cut_negative == ()
    words = " ".join([*vars(preset.look).values(), preset.title, preset.summary, preset.avoid]).lower()
    guessed = r"\b(man|men|woman|women|male|female|he|she|his|her|young|old|boy|girl|white man|black man|asian"
    assert not re.search(guessed + r"|african|caucasian|european|beard|makeup|lipstick|handsome|beautiful)\b", words)
    sides = set(re.findall(r"\b(left|right)\b", preset.look.light))
    assert sides <= {preset.light.key_side}


def test_looks_really_differ() -> None:
    canvases = {(p.backdrop, p.light) for p in load_presets().values()}
    assert len(canvases) == len(load_presets())
    plain = [p.backdrop.colour for p in load_presets().values() if p.backdrop.kind not in ("own", "blur")]
    rgb = [[int(c[i : i + 2], 16) for i in (1, 3, 5)] for c in plain]
    gaps = [max(abs(a - b) for a, b in zip(x, y, strict=True)) for i, x in enumerate(rgb) for y in rgb[:i]]
    assert min(gaps) >= 12
