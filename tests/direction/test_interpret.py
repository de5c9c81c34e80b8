"""Twelve directions in plain words: what a control can do is offered, the rest goes to the prompt, nothing is lost."""

from __future__ import annotations

import re
from typing import Any

import pytest

from headshot.direction.applicability import why_ignored
from headshot.direction.diff import as_settings, with_changes
from headshot.direction.direct import direct
from headshot.direction.interpret import _STOP, Reading, _value, interpret
from headshot.direction.negation import parted
from headshot.direction.presets import load_presets
from headshot.direction.prompt import prompt
from headshot.direction.settings import SETTINGS
from headshot.direction.vocabulary import VOCABULARY
from headshot.errors import DirectionError
from headshot.types import Direction
from tests.fixtures.shared_photos import first

# words → (settings that are offered on the plain look, words that are left for the prompt)
TWELVE = {
    "like a calm university professor, window light, no tie": (
        {"light.strength": 0.4, "light.softness": 0.9, "posing.attire": "smart-casual"},
        "like a calm university professor",
    ),
    "warmer, from the left": ({"light.warmth": 0.4, "light.key_side": "left"}, ""),
    "square, white background": (
        {"crop.aspect": "1:1", "backdrop.kind": "seamless", "backdrop.colour": "#f2f3f3"},
        "",
    ),
    "black and white, dramatic light from the right": (
        {"retouch.mono": 1.0, "light.strength": 0.85, "light.softness": 0.4, "light.key_side": "right"},
        "",
    ),
    "slight smile, wearing a red scarf": (
        {"posing.expression": "slight-smile"},
        "wearing a red scarf",
    ),
    "the same but a bit brighter and wider": ({"light.exposure": 0.2, "crop.head_height": 0.44}, "same but"),
    "keep my background, no retouching": (
        {
            "backdrop.kind": "own",
            "retouch.shine": 0.0,
            "retouch.redness": 0.0,
            "retouch.under_eyes": 0.0,
            "retouch.teeth": 0.0,
            "retouch.red_eyes": 0.0,
            "retouch.glare": 0.0,
            "retouch.stray_hairs": 0.0,
            "retouch.skin": 0.0,
            "retouch.eyes": 0.0,
            "retouch.sharpness": 0.0,
            "retouch.contrast": 0.0,
        },
        "",
    ),
    "dark grey backdrop, suit and tie, serious": (
        {
            "backdrop.kind": "gradient",
            "backdrop.colour": "#4a4d51",
            "posing.attire": "formal",
            "posing.expression": "serious",
        },
        "",
    ),
    "cool tones, hard light, punchy, film grain": (
        {"light.warmth": -0.4, "light.softness": 0.15, "retouch.contrast": 0.5, "retouch.grain": 0.4},
        "",
    ),
    "blurred background, close-up, sharper": (
        {"backdrop.kind": "blur", "crop.head_height": 0.6, "retouch.sharpness": 0.5},
        "",
    ),
    "an astronaut on the moon, smiling": (
        {"posing.expression": "smile"},
        "astronaut on the moon",
    ),
    "natural light, smart casual, portrait format, even skin": (
        {"light.key_side": "none", "posing.attire": "smart-casual", "crop.aspect": "4:5", "retouch.skin": 0.4},
        "",
    ),
}
SD15 = "faceid-sd15"


def offered(reading: Reading) -> dict[str, Any]:
    return {k: v for s in reading.suggestions if not s.reason for k, v in s.settings.items()}


@pytest.mark.parametrize(("engine", "change"), [("retouch", 0.25), (SD15, 0.5), (SD15, 0.75), (SD15, 1.0)])
@pytest.mark.parametrize("words", TWELVE)
def test_twelve_directions(words: str, engine: str, change: float) -> None:
    settings, left = TWELVE[words]
    reading = interpret(words, engine, Direction(change=change))
    # What is not heard on this rung is not offered, and the line says why.
    able = {k: v for k, v in settings.items() if not why_ignored(k, engine, change)}
    assert offered(reading) == able and reading.prompt == left
    for suggestion in reading.suggestions:
        assert bool(suggestion.reason) == (not set(suggestion.settings) & set(able))
        assert suggestion.said in words
    assert [w for w, _ in reading.unheard] == ([left] if left and engine == "retouch" else [])
    # One click takes it over: the settings are real ones, in their bounds.
    base = direct("linkedin", engine=engine)
    assert not able or with_changes(base, able, engine) != base


@pytest.mark.parametrize("preset", first(load_presets(), 8))
def test_more_is_never_less(preset: str) -> None:
    """A comparative goes on from where the look stands, its own way or not at all."""
    for words, key, way in MORE:
        for now in (
            direct(preset),
            direct(preset, overrides={key: SETTINGS[key].low}),
            direct(preset, overrides={key: SETTINGS[key].high}),
        ):
            stood = as_settings(now)[key]
            for said in interpret(words, "retouch", now).suggestions:
                value = said.settings[key]
                assert (value - stood) * way >= 0, (words, stood, value)
                at_end = stood == (SETTINGS[key].high if way > 0 else SETTINGS[key].low)
                moved = stood != as_settings(direct(preset))[key]  # its way already, perhaps
                assert value != stood or at_end or moved or words in STATES, (words, stood)


MORE = (
    ("softer light", "light.softness", 1),
    ("soft light", "light.softness", 1),
    ("window light", "light.softness", 1),
    ("harder light", "light.softness", -1),
    ("more fill", "light.fill", 1),
    ("softer shadows", "light.fill", 1),
    ("less fill", "light.fill", -1),
    ("warmer", "light.warmth", 1),
    ("cooler", "light.warmth", -1),
    ("a bit brighter", "light.exposure", 1),
    ("darker", "light.exposure", -1),
    ("closer", "crop.head_height", 1),
    ("close-up", "crop.head_height", 1),
    ("wider", "crop.head_height", -1),
    ("more contrast", "retouch.contrast", 1),
    ("less contrast", "retouch.contrast", -1),
    ("sharper", "retouch.sharpness", 1),
    ("film grain", "retouch.grain", 1),
    ("higher light", "light.key_height", 1),
    ("longer lens", "crop.lens", 1),
    ("lower camera", "crop.camera_height", -1),
)


STATES = ("soft light", "window light", "close-up", "film grain")  # "at least so": no step from where it stands


def test_a_step_is_taken_once() -> None:
    """The words stay in their field: after the click they are in use, and do not ask for another step."""
    before = direct("linkedin", words="warmer, less formal, less smile")
    settings = {k: v for s in interpret(before.words, SD15, before).suggestions for k, v in s.settings.items()}
    assert settings == {"light.warmth": 0.4, "posing.attire": "casual", "posing.expression": "slight-smile"}
    after = with_changes(before, settings)
    assert {k: v for s in interpret(after.words, SD15, after).suggestions for k, v in s.settings.items()} == settings
    casual = direct("reportage", change=0.75)
    assert "as far as" in interpret("less formal", SD15, casual).suggestions[0].reason


NEGATED = {
    "do not smile": {"posing.expression": "neutral"},
    "don’t smile": {"posing.expression": "neutral"},
    "not smiling": {"posing.expression": "neutral"},
    "please do not make me smile": {"posing.expression": "neutral"},
    "never formal": {"posing.attire": "smart-casual"},
    "nothing too formal": {"posing.attire": "smart-casual"},
    "not too casual": {"posing.attire": "business"},
    "no tie": {"posing.attire": "smart-casual"},
    "no tie or blazer": {"posing.attire": "smart-casual"},
    "no black and white": {"retouch.mono": 0.0},
    "not in black and white": {"retouch.mono": 0.0},
    "without film grain": {"retouch.grain": 0.0},
    "no smile or black and white": {"posing.expression": "neutral", "retouch.mono": 0.0},
    "not serious": {"posing.expression": "slight-smile"},
    "no close-up": {"crop.head_height": 0.5},
    "not warmer": {},
    "not from the left": {},
    "no bokeh": {},
    "never square": {},
    "no dramatic light": {},
}


@pytest.mark.parametrize("words", NEGATED)
def test_a_no_is_never_read_as_a_yes(words: str) -> None:
    reading = interpret(words, SD15)
    assert offered(reading) == NEGATED[words]
    told = [said for said, _ in reading.unheard]
    assert words.removeprefix("please ") in ([s.said for s in reading.suggestions] if NEGATED[words] else told)
    assert not reading.prompt and (NEGATED[words] or "what you would like instead" in reading.unheard[0][1])
    # Nor does the prompt ask for it: what is not wanted goes to the words for what to leave out.
    made = prompt(direct("linkedin", engine=SD15, words=words), len, limit=2000)
    thing = words.split()[-1]
    assert f" {words}" not in made.text and thing in made.negative.replace("/", " ")


def test_what_is_not_wanted_and_has_no_control_goes_to_the_words_to_leave_out() -> None:
    reading = interpret("calm, no glasses or hat", SD15)
    assert reading.prompt == "calm" and reading.avoid == ("no glasses or hat",) and reading.unheard == ()
    assert dict(interpret("calm, no glasses").unheard).keys() == {"calm", "no glasses"}
    made = prompt(direct("linkedin", engine=SD15, words="calm, no glasses or hat"), len, limit=2000)
    assert "calm" in made.text and "glasses" not in made.text and made.negative.startswith("glasses, hat, ")
    for preset in load_presets():
        for value in SETTINGS["posing.attire"].choices:
            text = prompt(direct(preset, overrides={"posing.attire": value}), len, limit=2000).text
            assert not re.search(r"\b(?:no|not|without)\b", text), text


@pytest.mark.parametrize(
    ("text", "wanted", "things"),
    [
        ("calm professor, no tie and a smile", "calm professor, a smile", ["tie"]),
        ("I don’t want a beard, warm", "warm", ["beard"]),
        ("not in black and white", "", ["black and white"]),
        ("a no-nonsense woman with a knot", "a no-nonsense woman with a knot", []),
        ("no tie please make it warm", "please make it warm", ["tie"]),
        ("no makeup at all", "", ["makeup"]),
        ("never without my hat", "with my hat", []),
        ("no", "no", []),
    ],
)
def test_a_no_is_parted_from_what_is_wanted(text: str, wanted: str, things: list[str]) -> None:
    rest, found = parted(text)
    assert rest == wanted and [t for _, t in found] == things


@pytest.mark.parametrize("words", TWELVE)
def test_no_word_is_lost(words: str) -> None:
    reading = interpret(words)
    heard = " ".join([*(s.said for s in reading.suggestions), reading.prompt, *(w for w, _ in reading.unheard)])
    known = set(re.findall(r"[\w-]+", heard.lower()))
    assert set(re.findall(r"[\w-]+", words.lower())) - known <= _STOP


def test_the_later_words_win_and_the_earlier_are_told() -> None:
    reading = interpret("warmer, no, cooler")
    assert [dict(s.settings) for s in reading.suggestions] == [{"light.warmth": -0.4}]
    assert ("warmer", "Your later words ask for something else.") in reading.unheard


def test_parts_of_words_and_nothing() -> None:
    assert interpret("squared away, brightest, a swarm of warmers").suggestions == ()
    assert interpret("").suggestions == () and interpret("").prompt == ""
    with pytest.raises(DirectionError, match="too long"):
        interpret("x" * 600)


@pytest.mark.parametrize("end", ["low", "high"])
def test_every_phrase_sets_what_fits(end: str) -> None:
    """From either end of each control what is set lies in its bounds."""
    base = direct("linkedin")
    for pattern, settings in VOCABULARY:
        numbers = {k: getattr(SETTINGS[k], end) for k in settings if SETTINGS[k].kind == "number"}
        now = as_settings(with_changes(base, numbers)) | {"posing.attire": "business", "posing.expression": "neutral"}
        made = {k: _value(k, v, now[k], now[k], "") for k, v in settings.items()}
        assert with_changes(base, made).preset == "linkedin", pattern.pattern
