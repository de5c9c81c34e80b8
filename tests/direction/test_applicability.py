"""What a generator hears at the top of the ladder, and a reason for each setting that it does not."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from headshot.direction.applicability import fully_generated, only_in_words, why_ignored
from headshot.direction.diff import as_settings
from headshot.direction.direct import direct
from headshot.direction.presets import load_presets
from headshot.direction.prompt import prompt
from headshot.direction.settings import SETTINGS
from headshot.types import Direction

SD15 = "faceid-sd15"
CLOTHES = ("posing.attire", "look.wardrobe")
POSING = ("posing.expression", "posing.gaze", "posing.turn")


def ends(key: str, direction: Direction) -> list[Any]:
    """Values of a setting that lie far apart."""
    bound = SETTINGS[key]
    match bound.kind:
        case "choice":
            return list(bound.choices)
        case "colour":
            return ["#f2f3f3", "#1f3a5f"]
        case "text":
            return ["", "glasses, mole" if key == "keep" else "green"]
        case "places":
            return ["", "0.2,0.3"]
        case _:
            return [bound.low, bound.high, as_settings(direction)[key]]


def reaches(direction: Direction) -> tuple[Any, ...]:
    """All that can get into a picture that is painted anew: see FaceIDEngine."""
    of_the_face = dict.fromkeys(
        ("shine", "redness", "under_eyes", "teeth", "skin", "eyes", "red_eyes", "glare", "stray_hairs"), 0
    )
    light, retouch = direction.light, replace(direction.retouch, **of_the_face, heal="")
    more = (direction.seed, direction.change, direction.generate, direction.crop.aspect, direction.keep)
    return (prompt(direction, len), light.exposure, light.warmth, retouch, *more)


@pytest.mark.parametrize("preset", ["linkedin", "mono-dramatic", "remote-work"])
@pytest.mark.parametrize("key", list(SETTINGS))
def test_at_the_top_each_setting_does_something_or_says_why_not(key: str, preset: str) -> None:
    base = direct(
        preset,
        engine=SD15,
        change=1.0,
        overrides={"light.key_side": "left", "light.strength": 0.5, "backdrop.kind": "gradient"},
    )
    made = [
        direct(
            preset,
            engine=SD15,
            change=1.0,
            overrides={
                "light.key_side": "left",
                "light.strength": 0.5,
                "backdrop.kind": "gradient",
                key: value,
            },
        )
        for value in ends(key, base)
    ]
    differ = any(reaches(d) != reaches(made[0]) for d in made)
    assert differ == (not why_ignored(key, SD15, 1.0)), key
    # One rung lower the canvas carries all of them, and so it does where a lock holds a part of it.
    assert not why_ignored(key, SD15, 0.75)
    assert ("blue shirt" in why_ignored(key, SD15, 1.0, "my blue shirt")) == (key in CLOTHES)
    assert key in CLOTHES or not why_ignored(key, SD15, 1.0, "my blue shirt")


def test_the_reason_is_in_plain_words() -> None:
    said = why_ignored("crop.level", SD15, 1.0)
    assert "your photo" in said and "painted anew" in said and "One rung lower" in said
    assert only_in_words("crop.head_height", 1.0) and not only_in_words("crop.head_height", 0.75)
    assert fully_generated(1.0, "earrings") and not fully_generated(1.0, "glasses") and not fully_generated(0.9)


@pytest.mark.parametrize("key", POSING)
def test_a_face_that_stays_own_pixels_does_not_pose(key: str) -> None:
    assert "light face edit" in why_ignored(key, SD15, 0.5) and not why_ignored(key, SD15, 0.75)
    assert "“freckles”" in why_ignored(key, SD15, 0.75, "my freckles")
    assert "light face edit" in why_ignored(key, SD15, 0.25)
    assert "needs a generator" in why_ignored(key, "retouch")


@pytest.mark.parametrize("preset", list(load_presets()))
def test_words_do_not_contradict_the_controls(preset: str) -> None:
    hard, soft = (direct(preset, overrides={"light.key_side": "left", "light.softness": s}).look.light for s in (0, 1))
    base = load_presets()[preset]
    assert "soft light" not in hard and "soft key" not in hard and "hard" not in soft and "crisp" not in soft
    assert ("hard" in hard) and ("soft" in soft or base.light.softness >= 0.95)
    close, wide = (direct(preset, overrides={"crop.head_height": h}).look.shot for h in (0.7, 0.3))
    assert close.endswith("tight close-up") and wide.endswith("upper body portrait")
    other = "left" if base.light.key_side == "right" else "right"
    turned = direct(preset, overrides={"light.key_side": other, "light.strength": 0.5}).look.light
    assert f"from the {other}" in turned and ("left" in turned) == (other == "left")
    if base.retouch.mono:
        assert "black and white" not in direct(preset, overrides={"retouch.mono": 0.0}).look.shot
