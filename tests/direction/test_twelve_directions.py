"""Twelve directions in plain words, as the page reads them: each phrase does what it says, and no word is lost."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest

from headshot.direction.diff import with_changes
from headshot.direction.direct import direct
from headshot.direction.interpret import _STOP, Suggestion, interpret
from headshot.direction.prompt import prompt
from headshot.types import Direction
from headshot.ui.make.controls import KEYS
from headshot.ui.make.locks_panel import READY, edited, keep_value
from headshot.ui.make.words_panel import chosen, words_value

GENERATOR = "faceid-sd15"
Check = Callable[[Direction, Direction], bool]  # (before, after one click)


def grey(colour: str) -> float:
    """Mean code value of #rrggbb, 0..255."""
    return sum(int(colour[i : i + 2], 16) for i in (1, 3, 5)) / 3


MEANS: dict[str, Check] = {
    "window light": lambda a, b: b.light.softness > a.light.softness,
    "warmer": lambda a, b: b.light.warmth > a.light.warmth,
    "cool tones": lambda a, b: b.light.warmth < a.light.warmth,
    "from the left": lambda a, b: b.light.key_side == "left",
    "from the right": lambda a, b: b.light.key_side == "right",
    "dramatic light": lambda a, b: b.light.strength > a.light.strength,
    "hard light": lambda a, b: b.light.softness < a.light.softness,
    "natural light": lambda a, b: b.light.key_side == "none",
    "brighter": lambda a, b: b.light.exposure > a.light.exposure,
    "square": lambda a, b: b.crop.aspect == "1:1",
    "portrait format": lambda a, b: b.crop.aspect == "4:5",
    "wider": lambda a, b: b.crop != a.crop,
    "close-up": lambda a, b: b.crop != a.crop,
    "white background": lambda a, b: grey(b.backdrop.colour) > 230 and b.backdrop.kind not in ("own", "blur"),
    "dark grey backdrop": lambda a, b: 40 < grey(b.backdrop.colour) < 100,
    "keep my background": lambda a, b: b.backdrop.kind == "own",
    "blurred background": lambda a, b: b.backdrop.kind == "blur",
    "black and white": lambda a, b: b.retouch.mono == 1,
    "no retouching": lambda a, b: b.retouch.skin == b.retouch.eyes == 0,
    "punchy": lambda a, b: b.retouch.contrast > a.retouch.contrast,
    "film grain": lambda a, b: b.retouch.grain > a.retouch.grain,
    "sharper": lambda a, b: b.retouch.sharpness > a.retouch.sharpness,
    "even skin": lambda a, b: b.retouch.skin > a.retouch.skin,
}
# Own pixels cannot do these: greyed with the reason there, and a generator's business otherwise.
PAINTED = frozenset({"no tie", "slight smile", "suit and tie", "serious", "smiling", "smart casual"})

# The sentence, its phrases that are controls, and the words that only a prompt can take.
TWELVE: dict[str, tuple[tuple[str, ...], str]] = {
    "like a calm university professor, window light, no tie": (
        ("window light", "no tie"),
        "like a calm university professor",
    ),
    "warmer, from the left": (("warmer", "from the left"), ""),
    "square, white background": (("square", "white background"), ""),
    "black and white, dramatic light from the right": (("black and white", "dramatic light", "from the right"), ""),
    "slight smile, wearing a red scarf": (("slight smile",), "wearing a red scarf"),
    "the same but a bit brighter and wider": (("brighter", "wider"), "same but"),
    "keep my background, no retouching": (("keep my background", "no retouching"), ""),
    "dark grey backdrop, suit and tie, serious": (("dark grey backdrop", "suit and tie", "serious"), ""),
    "cool tones, hard light, punchy, film grain": (("cool tones", "hard light", "punchy", "film grain"), ""),
    "blurred background, close-up, sharper": (("blurred background", "close-up", "sharper"), ""),
    "an astronaut on the moon, smiling": (("smiling",), "astronaut on the moon"),
    "natural light, smart casual, portrait format, even skin": (
        ("natural light", "smart casual", "portrait format", "even skin"),
        "",
    ),
}


def words_of(text: str) -> list[str]:
    return re.findall(r"[\w-]+", text.lower())


def found(suggestions: tuple[Suggestion, ...], phrase: str) -> Suggestion:
    return next(s for s in suggestions if phrase in s.said or s.said in phrase)


@pytest.mark.parametrize("engine", ["retouch", GENERATOR])
@pytest.mark.parametrize("sentence", TWELVE)
def test_each_phrase_does_what_it_says_and_the_rest_goes_to_the_prompt(sentence: str, engine: str) -> None:
    phrases, left = TWELVE[sentence]
    reading = interpret(sentence, engine)
    assert reading.prompt == left and len(reading.suggestions) == len(phrases)
    base = direct("linkedin", engine=engine)
    for phrase in phrases:
        one = found(reading.suggestions, phrase)
        after = with_changes(base, one.settings, engine)  # in their bounds, or it raises
        if phrase in PAINTED:
            assert bool(one.reason) == (engine == "retouch") and after != base
        else:
            assert not one.reason and MEANS[phrase](base, after), phrase
    if left:
        reasons = dict(reading.unheard)
        assert ("generator" in reasons[left]) if engine == "retouch" else (left not in reasons)


@pytest.mark.parametrize("engine", ["retouch", GENERATOR])
@pytest.mark.parametrize("sentence", TWELVE)
def test_every_word_stands_in_a_line_of_the_page(sentence: str, engine: str) -> None:
    """Each as often as it was written, but for little words such as "a" and "the"."""
    rows = words_value(direct("linkedin", engine=engine, words=sentence), engine)["rows"]
    there = [w for r in rows for w in words_of(r["said"])]
    for word in set(words_of(sentence)) - _STOP:
        assert there.count(word) >= words_of(sentence).count(word), word
    for r in rows:
        # Something to press, or in use already, or where it goes, or why it goes nowhere.
        assert r["action"] or r["done"] or "generator" in r["text"] or r["why"], r
        assert r["state"] != "off" or r["why"]


def test_use_all_takes_what_can_be_done_and_then_says_so() -> None:
    before = direct("legal", words="warmer, window light, no tie, square, film grain")
    assert words_value(before, "retouch")["all"] == "Use all 4"
    settings = chosen(before, "retouch", "", "all")
    assert set(settings) <= {*KEYS, "preset", "change"}
    one = chosen(before, "retouch", "warmer", "use")
    assert set(one) < set(settings) and list(one.values()) == [settings[k] for k in one]
    after = words_value(with_changes(before, settings), "retouch")
    assert after["all"] == "" and sum(r["done"] == "in use" for r in after["rows"]) == 4
    assert chosen(before, "retouch", "no tie", "use") == {}  # greyed: a made-up request changes nothing either


def test_what_the_rung_or_the_lock_list_holds_is_greyed_with_the_reason() -> None:
    """A smile needs the face repainted, a suit the clothes: where these stay own pixels, the words would do nothing."""

    def reasons(change: float, keep: str = "") -> dict[str, str]:
        d = direct("linkedin", engine=GENERATOR, words="smiling, suit and tie", change=change, overrides={"keep": keep})
        return {r["said"]: r["why"] for r in words_value(d, GENERATOR)["rows"] if r["state"] == "off"}

    assert reasons(0.75) == reasons(1.0) == {}
    on_clothes = reasons(0.5)
    assert set(on_clothes) == {"smiling"} and "light face edit" in on_clothes["smiling"]
    for keep, said in (("freckles", "smiling"), ("beard", "smiling"), ("my blue shirt", "suit and tie")):
        held = reasons(1.0, keep)
        assert set(held) == {said} and f"“{keep.removeprefix('my ')}”" in held[said]
    assert reasons(1.0, "glasses, earrings, lucky charm") == {}


def test_the_lines_are_plain_words_with_the_way_it_goes() -> None:
    value = words_value(direct("linkedin", words="softer light, black background"), "retouch")
    rows = {r["said"]: r for r in value["rows"]}
    assert "(softer)" in rows["softer light"]["text"] and "Softness of the light 1 " in rows["softer light"]["text"]
    assert "black #141414" in rows["black background"]["text"]
    assert rows["softer light"]["name"].startswith("Use softer light")


def test_the_meter_counts_the_whole_prompt_and_names_what_is_cut() -> None:
    long = direct("linkedin", engine=GENERATOR, words="very " * 60, overrides={"keep": "glasses"})
    meter = words_value(long, GENERATOR)["meter"]
    made = prompt(long)
    assert f"about {made.tokens} of 77" in meter["text"] and 0.9 < meter["share"] <= 1
    assert made.cut[0] in meter["text"] and "No room for" in meter["text"]
    assert words_value(direct("linkedin", words="calm"), "retouch")["meter"] is None  # nothing is painted


# ------------------------------------------------------------------ the lock list's lines


def test_the_lock_list_says_what_holds_each_thing_and_what_holds_nothing() -> None:
    value = keep_value("my glasses, jewellery and a lucky charm")
    rows = {r["said"]: r for r in value["rows"]}
    assert set(rows) == {"glasses", "jewellery", "lucky charm"}
    assert "round your eyes" in rows["glasses"]["why"] and "report measures" in rows["glasses"]["why"]
    assert "words only" in rows["jewellery"]["why"] and "nothing measures" in rows["jewellery"]["why"]
    assert rows["lucky charm"]["state"] == "told" and "checked by nothing" in rows["lucky charm"]["why"]
    assert "fully generated" in value["note"] and keep_value("jewellery")["note"] == ""
    assert "glasses" not in value["ready"] and "beard" in value["ready"]
    for thing in READY:  # each of them is understood, or it would be an empty promise
        assert keep_value(thing)["rows"][0]["state"] == "plain"


def test_the_lock_list_is_pressed_together_and_apart() -> None:
    assert edited("my glasses", "beard", "add") == "glasses, beard"
    assert edited("my glasses, beard", "glasses", "drop") == "beard"
    full = "x" * 196
    assert edited(full, "beard", "add") == full
