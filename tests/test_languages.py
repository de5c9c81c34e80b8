"""The catalogues: each language whole, its places for values those of the English, and its words short enough."""

from __future__ import annotations

import ast
import functools
import re
import string
import threading

import pytest

from headshot.language import ENGLISH, catalogue, current, languages, liked, speaking, tr, tr_count
from tests import ROOT
from tests.fixtures.messages import messages


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
    others = {code: catalogue(code).messages for code in languages() if code != ENGLISH}
    assert len(others) >= 2
    keys = {code: set(messages) for code, messages in others.items()}
    assert all(keys[a] == keys[b] for a in keys for b in keys)
    wrong = []
    for code, sentences in others.items():
        for english, said in sentences.items():
            forms = [said] if isinstance(said, str) else said
            bare = english.strip()
            wrong += [(code, english) for form in forms if not form or form.replace(form.strip(), bare) != english]
            wrong += [(code, english) for form in forms if not places(form) <= places(english)]
            wrong += [(code, english) for name in places(english) - {"count:"} if name not in places(forms[-1])]
    assert wrong == []


def test_nothing_that_people_read_is_missing() -> None:
    """Each sentence of the page, the report, the checks and the errors stands in every catalogue, and no other."""
    shown = messages()
    for code, one in ((code, catalogue(code)) for code in languages()):
        if code == ENGLISH:
            continue
        missing = {text: place for text, place in shown.items() if text not in one.messages}
        assert missing == {}, f"{code}.toml lacks these; see CONTRIBUTING.md, “A sentence”"
        gone = [text for text in one.messages if text not in shown and text not in written()]
        assert gone == [], f"{code}.toml has what is said nowhere"


@functools.cache
def written() -> set[str]:
    """Each text constant of the code, for what is said by way of a variable; names of colours are put together."""
    trees = (ast.parse(path.read_text(encoding="utf-8")) for path in (ROOT / "headshot").rglob("*.py"))
    texts = {n.value for t in trees for n in ast.walk(t) if isinstance(n, ast.Constant) and isinstance(n.value, str)}
    texts |= {words.strip() for text in texts if "<" in text for words in re.findall(r">([^<>]+)<", text)}
    return texts | {f"{tone} {name}" for tone in ("light", "dark") for name in texts if name.isalpha()}
