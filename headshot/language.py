"""The language that people are spoken to in: an English sentence is its own key, a catalogue has it in others.

`tr("Your jaw is {share:.0f}% wider.", share=4.2)` is said in the language of whoever asked, which each door sets with
`speaking` (the page's events, the endpoints, the command line). Outside of one it is English. A catalogue is one file,
`headshot/languages/de.toml`; what programs read (codes, keys, recipes, CSV) is never translated.
"""

from __future__ import annotations

import difflib
import re
import string
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any, TypeVar

ENGLISH = "en"
FOLDER = Path(__file__).with_name("languages")
_now: ContextVar[str] = ContextVar("language", default=ENGLISH)
Key = TypeVar("Key")
_TAG = re.compile(r"\s*([a-zA-Z]{2,3})(?:-[\w-]{1,30})?\s*(?:;\s*q=([01](?:\.\d{0,3})?)\s*)?")
_LONGEST_WORD = 100  # characters of a word that are compared: difflib's time grows with their square
_LONGEST = 200  # characters that are read of what a browser says it likes


@dataclass(frozen=True)
class Catalogue:
    """One language. `name` of itself; `decimal` and `thousands`: the signs in its figures; `nouns`: whether they begin
    with a capital letter; `messages`: for an English sentence its translation, or (one, many) for one that counts.
    """

    code: str
    name: str
    decimal: str = "."
    thousands: str = ","
    nouns: bool = False
    messages: Mapping[str, str | tuple[str, str]] = field(default_factory=dict)

    def figures(self, text: str) -> str:
        """An English figure with this language's signs, "1,087.5" as "1.087,5"."""
        return text.translate({ord("."): self.decimal, ord(","): self.thousands})


@cache
def languages() -> tuple[str, ...]:
    """The code of each language there is, English first."""
    return (ENGLISH, *sorted(path.stem for path in FOLDER.glob("*.toml")))


@cache
def catalogue(code: str) -> Catalogue:
    """Read the language `code`, one of `languages`. Raises ValueError for a sentence that stands twice."""
    if code == ENGLISH:
        return Catalogue(ENGLISH, "English")
    data = tomllib.loads((FOLDER / f"{code}.toml").read_text(encoding="utf-8"))
    about, messages = data.pop("language"), {}
    for room in data.values():
        for english, words in room.items():
            if english in messages:
                raise ValueError(f"{code}.toml has {english!r} twice.")
            messages[english] = words if isinstance(words, str) else (str(words[0]), str(words[1]))
    return Catalogue(code, messages=messages, **about)


def current() -> str:
    """The code of the language that is spoken now, such as "de"."""
    return _now.get()


@contextmanager
def speaking(code: str) -> Iterator[None]:
    """Speak the language `code` inside; English for one that is unknown."""
    token = _now.set(code if code in languages() else ENGLISH)
    try:
        yield
    finally:
        _now.reset(token)


def tr(english: str, **values: Any) -> str:
    """The sentence in the current language, with `values` for its {names}; figures get that language's signs.

    Without values nothing is filled in, so braces may stand in it.
    """
    spoken = catalogue(_now.get())
    words = spoken.messages.get(english, english)
    return _filled(spoken, words if isinstance(words, str) else words[1], values)


def tr_count(one: str, many: str, count: int, **values: Any) -> str:
    """`tr` of a sentence about `count` things ({count} in it); `many` is its key in the catalogues."""
    spoken = catalogue(_now.get())
    words = spoken.messages.get(many, (one, many))
    text = words if isinstance(words, str) else words[count != 1]
    return _filled(spoken, text, {"count": count, **values})


def figure(text: str) -> str:
    """A figure that was written in English, with the current language's signs."""
    return catalogue(_now.get()).figures(text)


def inside(title: str) -> str:
    """A title as it stands within a sentence: with a small first letter, where the language writes nouns so."""
    return title if catalogue(_now.get()).nouns else f"{title[:1].lower()}{title[1:]}"


def suggest(word: str, known: Iterable[str]) -> str:
    """A hint "Did you mean …?" for a mistyped word, or the list of what there is."""
    options = sorted(known)
    word = word[:_LONGEST_WORD]
    tails = {o.rsplit(".", 1)[-1]: o for o in options}
    close = difflib.get_close_matches(word, options, 1, 0.6)
    close = close or [tails[t] for t in difflib.get_close_matches(word.rsplit(".", 1)[-1], tails, 1, 0.7)]
    if close:
        return tr("Did you mean {word}?", word=close[0])
    return tr("Known here: {names}.", names=", ".join(options))


def liked(header: str) -> str:
    """The code of the first of our languages that an Accept-Language header asks for; English for none of them."""
    tags = [found for part in header[:_LONGEST].split(",") if (found := _TAG.fullmatch(part))]
    wanted = [(float(tag[2] or 1), tag[1].lower()) for tag in tags]
    ranked = sorted(wanted, key=lambda one: -one[0])
    return next((code for share, code in ranked if share > 0 and code in languages()), ENGLISH)


def _filled(catalogue: Catalogue, text: str, values: Mapping[str, Any]) -> str:
    return _Filler(catalogue).vformat(text, (), values) if values else text


class Said(Mapping[Key, str]):
    """A table of words that are said in the current language when they are read."""

    def __init__(self, english: Mapping[Key, str]) -> None:
        self.english = english

    def __getitem__(self, key: Key) -> str:
        return tr(self.english[key])

    def __iter__(self) -> Iterator[Key]:
        return iter(self.english)

    def __len__(self) -> int:
        return len(self.english)


class _Filler(string.Formatter):
    """Fills in values; figures with the language's signs."""

    def __init__(self, catalogue: Catalogue) -> None:
        self._catalogue = catalogue

    def format_field(self, value: Any, format_spec: str) -> Any:
        text = super().format_field(value, format_spec)
        plain = isinstance(value, bool) or not isinstance(value, int | float)
        return text if plain else self._catalogue.figures(text)
