"""The catalogues: each language whole, its places for values those of the English, and its words short enough."""

from __future__ import annotations

import string
import threading

import pytest

from headshot.language import ENGLISH, catalogues, current, liked, speaking, tr, tr_count


def places(text: str) -> set[str]:
    """The names in braces, with how they are written."""
    try:
        return {f"{name}:{form}" for _, name, form, _ in string.Formatter().parse(text) if name is not None}
    except ValueError:  # a brace that fills nothing in
        return set()


def test_english_is_as_it_is_written_and_others_have_their_own_signs() -> None:
    assert current() == ENGLISH and tr("{size:.1f} px", size=1.5) == "1.5 px" and tr("50% {of}") == "50% {of}"
    assert tr_count("{count} mark", "{count} marks", 1) == "1 mark"
    with speaking("de"):
        assert tr("{size:,.1f} px", size=1087.5) == "1.087,5 px" and tr("{file}", file="a.jpg") == "a.jpg"
        found: list[str] = []
        thread = threading.Thread(target=lambda: found.append(current()))
        thread.start()
        thread.join()
        assert current() == "de" and found == [ENGLISH]  # another visitor's work is not ours
    with speaking("xx"):
        assert current() == ENGLISH
    assert current() == ENGLISH


@pytest.mark.parametrize(
    ("header", "code"),
    [
        ("de-CH,de;q=0.9,en;q=0.8", "de"),
        ("fr,es;q=0.5,en;q=0.4", "es"),
        ("en-GB,de;q=0.5", "en"),
        ("", "en"),
        ("*", "en"),
        ("de;q=0, es", "es"),
        ("de;q=x, ,;;" + "a" * 5000, "en"),
    ],
)
def test_the_browser_says_what_it_likes(header: str, code: str) -> None:
    assert liked(header) == code


def test_every_language_has_the_same_sentences_with_the_same_places() -> None:
    others = {code: one.messages for code, one in catalogues().items() if code != ENGLISH}
    assert len(others) >= 2
    keys = {code: set(messages) for code, messages in others.items()}
    assert all(keys[a] == keys[b] for a in keys for b in keys)
    wrong = []
    for code, messages in others.items():
        for english, said in messages.items():
            forms = [said] if isinstance(said, str) else said
            bare = english.strip()
            wrong += [(code, english) for form in forms if not form or form.replace(form.strip(), bare) != english]
            wrong += [(code, english) for form in forms if not places(form) <= places(english)]
            wrong += [(code, english) for name in places(english) - {"count:"} if name not in places(forms[-1])]
    assert wrong == []
