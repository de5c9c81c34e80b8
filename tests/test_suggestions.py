"""Twelve directions in plain words: what a control can do is offered, the rest goes to the prompt, nothing is lost."""

from __future__ import annotations

import re

import pytest

from headshot.changes import with_changes
from headshot.direction import direct
from headshot.errors import DirectionError
from headshot.suggestions import _STOP, VOCABULARY, read

# words → (settings that are offered, words that are left for the prompt)
TWELVE = {
    "like a calm university professor, window light, no tie": (
        {"light.strength": 0.4, "light.softness": 0.9, "look.wardrobe": "jacket over an open collar, no tie"},
        "like a calm university professor",
    ),
    "warmer, from the left": ({"light.warmth": 0.4, "light.key_side": "left"}, ""),
    "square, white background": (
        {"crop.aspect": "1:1", "backdrop.kind": "seamless", "backdrop.colour": "#f2f3f3"}, "",
    ),
    "black and white, dramatic light from the right": (
        {"retouch.mono": 1.0, "light.strength": 0.85, "light.softness": 0.4, "light.key_side": "right"}, "",
    ),
    "slight smile, wearing a red scarf": (
        {"posing.expression": "slight-smile"}, "wearing a red scarf",
    ),
    "the same but a bit brighter and wider": ({"light.exposure": 0.4, "crop.head_height": 0.42}, "same but"),
    "keep my background, no retouching": (
        {"backdrop.kind": "own", "retouch.skin": 0.0, "retouch.eyes": 0.0, "retouch.sharpness": 0.0,
         "retouch.contrast": 0.0}, "",
    ),
    "dark grey backdrop, suit and tie, serious": (
        {"backdrop.kind": "gradient", "backdrop.colour": "#4a4d51",
         "look.wardrobe": "tailored dark suit, white shirt, tie",
         "posing.expression": "neutral"}, "",
    ),
    "cool tones, hard light, punchy, film grain": (
        {"light.warmth": -0.4, "light.softness": 0.15, "retouch.contrast": 0.5, "retouch.grain": 0.4}, "",
    ),
    "blurred background, close-up, sharper": (
        {"backdrop.kind": "blur", "crop.head_height": 0.6, "retouch.sharpness": 0.5}, "",
    ),
    "an astronaut on the moon, smiling": (
        {"posing.expression": "smile"}, "astronaut on the moon",
    ),
    "natural light, smart casual, portrait format, even skin": (
        {"light.key_side": "none", "posing.attire": "smart-casual", "crop.aspect": "4:5",
         "retouch.skin": 0.4}, "",
    ),
}  # fmt: skip


@pytest.mark.parametrize("engine", ["retouch", "faceid-sd15"])
@pytest.mark.parametrize("words", TWELVE)
def test_twelve_directions(words: str, engine: str) -> None:
    settings, left = TWELVE[words]
    reading = read(words, engine)
    offered = {k: v for s in reading.suggestions for k, v in s.settings.items()}
    assert offered == settings and reading.prompt == left
    # What own pixels cannot do comes with its reason; a generator can do all of it.
    for suggestion in reading.suggestions:
        painted = any(k.startswith(("look.", "posing.")) for k in suggestion.settings)
        assert bool(suggestion.reason) == (painted and engine == "retouch")
        assert suggestion.said in words and suggestion.said in suggestion.offer
    assert [w for w, _ in reading.unheard] == ([left] if left and engine == "retouch" else [])
    # One click takes it over: the settings are real ones, in their bounds.
    made = with_changes(direct("linkedin", engine=engine), settings, engine)
    assert made != direct("linkedin", engine=engine)


@pytest.mark.parametrize("words", TWELVE)
def test_no_word_is_lost(words: str) -> None:
    reading = read(words)
    heard = " ".join([*(s.said for s in reading.suggestions), reading.prompt, *(w for w, _ in reading.unheard)])
    known = set(re.findall(r"[\w-]+", heard.lower()))
    assert set(re.findall(r"[\w-]+", words.lower())) - known <= _STOP


def test_the_later_words_win_and_the_earlier_are_told() -> None:
    reading = read("warmer, no, cooler")
    assert [dict(s.settings) for s in reading.suggestions] == [{"light.warmth": -0.4}]
    assert ("warmer", "Your later words ask for something else.") in reading.unheard


def test_parts_of_words_and_nothing() -> None:
    assert read("squared away, brightest, a swarm of warmers").suggestions == ()
    assert read("").suggestions == () and read("").prompt == ""
    with pytest.raises(DirectionError, match="too long"):
        read("x" * 600)


def test_every_phrase_sets_what_fits() -> None:
    for pattern, settings in VOCABULARY:
        assert with_changes(direct("linkedin"), settings).preset == "linkedin", pattern.pattern
