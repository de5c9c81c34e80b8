"""Words for light, camera, backdrop and posing, and what they become."""

from __future__ import annotations

import pytest

from headshot.direction.applicability import why_ignored
from headshot.direction.diff import diff
from headshot.direction.direct import direct
from headshot.direction.interpret import interpret
from headshot.direction.labels import CHOICES, typeset, value_of
from headshot.direction.phrases import expression_words
from headshot.direction.presets import load_presets
from headshot.direction.prompt import prompt
from headshot.direction.settings import SETTINGS
from headshot.ui.make.words_panel import words_value
from tests.fixtures.stages import NEW

SAID = {
    "posing.attire": {
        "casual": "casual everyday",
        "smart-casual": "smart casual",
        "business": "business jacket",
        "formal": "formal dark suit",
    },
    "posing.expression": {
        "serious": "serious expression",
        "neutral": "neutral relaxed",
        "slight-smile": "slight closed-mouth smile",
        "smile": "friendly",
        "broad-smile": "broad open smile",
    },
    "posing.gaze": {"lens": "into the camera", "left": "to the left", "right": "to the right"},
    "posing.turn": {
        "straight": "head straight",
        "slight-left": "turned slightly to the left",
        "slight-right": "turned slightly to the right",
        "three-quarter": "three-quarter view",
    },
}


@pytest.mark.parametrize("preset", list(load_presets()))
def test_posing_replaces_the_looks_words_and_fits_the_budget(preset: str) -> None:
    base = direct(preset, engine="faceid-sdxl")
    for key, values in SAID.items():
        assert set(values) | {"look"} == set(SETTINGS[key].choices)
        assert direct(preset, engine="faceid-sdxl", overrides={key: "look"}) == base
        for value, words in values.items():
            made = direct(preset, engine="faceid-sdxl", overrides={key: value})
            text = prompt(made)
            assert words in text.text and text.tokens <= 77
            assert not base.look.wardrobe or key != "posing.attire" or base.look.wardrobe not in text.text
            assert diff(made, "faceid-sdxl") == {key: value, "change": base.change}
    everything = {key: list(values)[-1] for key, values in SAID.items()}
    everything |= {"crop.lens": 1.0, "crop.camera_height": 1.0, "light.key_height": 60.0, "light.fill": 1.0}
    text = prompt(direct(preset, engine="faceid-sdxl", words="x " * 60, overrides=everything))
    assert text.tokens <= 77 and text.cut  # what found no room is told


def test_words_for_light_camera_and_backdrop() -> None:
    def look(**overrides: object):  # type: ignore[no-untyped-def]
        return direct("corporate", overrides={k.replace("__", "."): v for k, v in overrides.items()}).look

    plain = look()
    assert look(light__key_height=50.0).light == f"{plain.light}, light from high above"
    assert look(light__key_height=5.0).light.endswith("light at eye level")
    assert look(light__key_height=30.0).light == plain.light
    assert "bright fill light" in look(light__fill=0.7).light
    assert look(crop__lens=1.0).lens.startswith("135mm lens") and "85mm" not in look(crop__lens=1.0).lens
    assert look(crop__lens=-1.0).lens.startswith("35mm lens") and look(crop__lens=0.1).lens == plain.lens
    assert look(crop__camera_height=-1.0).lens.endswith("camera slightly below eye level")
    assert "mottled" in look(backdrop__texture=0.6).backdrop and look(backdrop__texture=0.1).backdrop == plain.backdrop
    assert look(light__fill=0.7, look__light="candle").light == "candle"  # somebody's own words stay
    side = look(light__key_side="right", light__key_height=60.0).light
    assert "from the right" in side and "high above" in side
    posing = direct(overrides={"posing.turn": "three-quarter"}).posing
    assert expression_words("", posing) == "three-quarter view of the face"


WORDS = {
    "light from above, more fill, softer shadows": {"light.key_height": 50.0, "light.fill": 0.4},
    "muslin backdrop, formal, looking left": {
        "backdrop.kind": "gradient",
        "backdrop.texture": 0.6,
        "posing.attire": "formal",
        "posing.gaze": "left",
    },
    "long lens, camera slightly above eye level": {"crop.lens": 0.8, "crop.camera_height": 0.7},
    "wide-angle, deep shadows, less formal": {"crop.lens": -0.8, "light.fill": 0.0, "posing.attire": "casual"},
    "three-quarter view, no smile, eye contact": {
        "posing.turn": "three-quarter",
        "posing.expression": "neutral",
        "posing.gaze": "lens",
    },
    "head turned slightly to the right, smiling, light from the left": {
        "posing.turn": "slight-right",
        "posing.expression": "smile",
        "light.key_side": "left",
    },
}


@pytest.mark.parametrize("words", WORDS)
def test_plain_words_find_the_new_controls(words: str) -> None:
    reading = interpret(words, "faceid-sd15")
    assert {k: v for s in reading.suggestions for k, v in s.settings.items()} == WORDS[words]
    assert reading.prompt == "" and not any(s.reason for s in reading.suggestions)
    own = {s.said: bool(s.reason) for s in interpret(words).suggestions}
    painted = {s.said: any(k.startswith("posing.") for k in s.settings) for s in interpret(words).suggestions}
    assert own == painted


@pytest.mark.parametrize("key", [k for k in NEW if k.startswith("posing.")])
def test_own_pixels_say_why_they_do_not_pose(key: str) -> None:
    assert "generator" in why_ignored(key, "retouch") and why_ignored(key, "faceid-sd15") == ""
    assert all(value_of(key, choice) == CHOICES[choice] for choice in SETTINGS[key].choices)


def test_a_page_has_a_true_minus_and_programs_the_sign_they_read() -> None:
    key = "light.warmth"
    assert value_of(key, -0.4) == "-0.4" and typeset(value_of(key, -0.4)) == "−0.4" and typeset("+0.4") == "+0.4"
    assert typeset("Warmth: -0.4, Black-and-white 3-4") == "Warmth: −0.4, Black-and-white 3-4"
    (line,) = words_value(direct("linkedin", words="cooler"), "retouch")["rows"]
    assert "−" in line["text"] and "-" not in line["text"], line
