"""What must stay goes into both prompts."""

from __future__ import annotations

import pytest

from headshot.direction.direct import direct
from headshot.direction.prompt import prompt
from headshot.errors import DirectionError


def test_what_must_stay_is_in_both_prompts_and_goes_after_the_wishes() -> None:
    words = "like a calm university professor in a wood-panelled library with tall windows and old leather books " * 4
    long = direct("linkedin", words=words.strip(), overrides={"keep": "my glasses, grey hair and a lucky charm"})
    made = prompt(long)
    assert made.tokens <= 77
    for said in ("wearing the same glasses", "the same grey hair", "lucky charm"):
        assert said in made.text
    assert made.text.startswith("professional headshot") and "library" in " ".join(made.cut)
    assert "without glasses" in made.negative and "different hair" in made.negative
    plain = prompt(direct("linkedin"))
    assert "glasses" not in plain.text + plain.negative


def test_the_safety_words_stand_first_and_the_list_before_the_looks_own() -> None:
    crowded = direct(
        overrides={
            "keep": "glasses, grey hair, freckles, beard, brown eyes",
            "avoid": ", ".join(["blurred faces"] * 30),
        }
    )
    made = prompt(crowded, always="never this")
    assert made.negative.startswith("never this, without glasses")
    assert "clean shaven" in made.negative and set(made.cut_negative) == {"blurred faces"}


def test_a_list_too_long_for_the_encoder_is_cut_and_told() -> None:
    crowded = direct(overrides={"keep": ", ".join(f"thing {n}" for n in range(10, 29))})
    made = prompt(crowded)
    assert made.tokens <= 77 and made.text.startswith("professional headshot photo of a person, thing 10")
    assert "thing 28" in made.cut
    with pytest.raises(DirectionError, match="too long"):
        direct(overrides={"keep": "x" * 201})
