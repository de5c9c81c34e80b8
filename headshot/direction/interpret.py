"""Words → controls: what of a direction in plain words a control can do, offered as one click.

Each entry of `direction.vocabulary` is a phrase and the settings that it stands for. What no entry covers goes to the
prompt, for a generator alone; what is not wanted goes to the negative prompt. Every word comes back: in a suggestion,
in the words for the prompt, or with the reason why not.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from headshot.direction import negation
from headshot.direction.applicability import why_ignored
from headshot.direction.diff import resolved
from headshot.direction.direct import direct
from headshot.direction.engine_table import OWN_PIXELS, engine_info
from headshot.direction.parse import parse
from headshot.direction.settings import SETTINGS
from headshot.direction.vocabulary import OPPOSITES, VOCABULARY, AtLeast, AtMost, By
from headshot.language import tr
from headshot.text import clean
from headshot.types import Direction

_STOP = frozenset("a an the and or with of in on at to as like my i me please some very is are be for it".split())
_AT_ITS_END = "That is as far as this control goes."
_NOT_WANTED = "No control stands for what you do not want here. Say what you would like instead."
_NO_CONTROL = "No control stands for these words, and only a generator paints from words."
_OVERTAKEN = "Your later words ask for something else."
_LITTLE_STEP = ("a bit", "a little", "slightly")


@dataclass(frozen=True)
class Suggestion:
    """`said`: the user's words that it answers; `settings`: keys of SETTINGS (and "preset") → values; `reason`: why it
    cannot be done here ("": it can).
    """

    said: str
    settings: Mapping[str, Any]
    reason: str = ""


@dataclass(frozen=True)
class Reading:
    """`suggestions` in the order of the words; `prompt`: what no control does; `unheard`: (words, reason) of what
    cannot be done at all; `avoid`: phrases that a generator is told to leave out.
    """

    suggestions: tuple[Suggestion, ...]
    prompt: str
    unheard: tuple[tuple[str, str], ...] = ()
    avoid: tuple[str, ...] = ()


@dataclass(frozen=True)
class _Found:
    """A phrase of the vocabulary in the text, from `start` to `end`, and the settings that it asks for, {} for none."""

    start: int
    end: int
    wanted: Mapping[str, Any]


def interpret(words: str, engine: str = OWN_PIXELS, direction: Direction | None = None) -> Reading:
    """Find what of `words` the controls can do with `engine`, and what is left for the prompt. Raises DirectionError.

    "Softer" and "warmer" go on from `direction` (by default a plain one of that engine), whose place on the ladder and
    lock list also say what can be done. A phrase that stands for several controls comes back as one suggestion; where
    two phrases set the same control the later one in the text wins and the earlier one is told in `unheard`.
    """
    text = str(parse("words", words))
    direction = direction or Direction(change=engine_info(engine).change)
    now, taken = resolved(direction), [False] * len(text)
    own = resolved(direct(direction.preset)) if direction.preset else now
    found = _find(text, taken)
    last = {key: phrase.start for phrase in found for key in phrase.wanted}
    suggestions: list[Suggestion] = []
    unheard: list[tuple[str, str]] = []
    for phrase in found:
        phrase_text = text[phrase.start : phrase.end].strip()
        mine = {
            k: _value(k, v, now[k], own[k], phrase_text) for k, v in phrase.wanted.items() if last[k] == phrase.start
        }
        if not mine:
            unheard.append((phrase_text, tr(_OVERTAKEN if phrase.wanted else _NOT_WANTED)))
            continue
        why = {k: why_ignored(k, engine, direction.change, direction.keep) for k in mine}
        able = {k: v for k, v in mine.items() if not why[k]}
        reason = "" if able else next(iter(why.values()))
        moves = any(isinstance(v, By) for v in phrase.wanted.values())
        if able and moves and all(now[k] == own[k] == v for k, v in able.items()):
            reason = tr(_AT_ITS_END)
        suggestions.append(Suggestion(phrase_text, MappingProxyType(able or mine), reason))
    rest = _rest(text, taken)
    wanted, denied = negation.parted(rest)
    wanted = _trimmed(wanted)
    avoid = [phrase_text for phrase_text, _ in denied]
    if why_ignored("words", engine, direction.change):
        unheard += [(phrase_text, tr(_NO_CONTROL)) for phrase_text in (*([wanted] if wanted else []), *avoid)]
        avoid = []
    return Reading(tuple(suggestions), wanted, tuple(unheard), tuple(avoid))


def _find(text: str, taken: list[bool]) -> list[_Found]:
    """The phrases in their order; what they cover is marked in `taken`."""
    found: list[_Found] = []
    for pattern, settings in VOCABULARY:
        free = "".join("\0" if gone else c for c, gone in zip(text, taken, strict=True))
        for match in pattern.finditer(free):
            start, end = match.span()
            taken[start:end] = [True] * (end - start)
            found.append(_Found(start, end, settings))
    found.sort(key=lambda phrase: phrase.start)
    told: list[_Found] = []
    for phrase in found:
        no, before = negation.begins(text, phrase.start), told[-1] if told else None
        if before is not None and negation.goes_on(text[before.start : before.end], text[before.end : phrase.start]):
            turned = _turned(phrase.wanted)
            if turned:
                told[-1] = _Found(before.start, phrase.end, {**before.wanted, **turned})
            else:
                told.append(_Found(before.end, phrase.end, {}))
        elif no is not None and not any(taken[no : phrase.start]):
            told.append(_Found(no, phrase.end, _turned(phrase.wanted)))
        else:
            told.append(phrase)
            continue
        taken[told[-1].start : phrase.end] = [True] * (phrase.end - told[-1].start)
    return told


def _turned(wanted: Mapping[str, Any]) -> Mapping[str, Any]:
    """What "no" makes of the settings of a phrase; {} where that is nothing certain."""
    turned = {k: OPPOSITES.get((k, v)) for k, v in wanted.items() if not isinstance(v, By)}
    return {k: v for k, v in turned.items() if v is not None}


def _value(key: str, wanted: Any, now: Any, own: Any, said: str) -> Any:
    """What a setting becomes; `now` where it stands, `own` where the look has it.

    A step that was taken from the look already is taken: the words stay in their field after a click.
    """
    if isinstance(wanted, AtLeast):
        return max(now, wanted.value)
    if isinstance(wanted, AtMost):
        return min(now, wanted.value)
    if not isinstance(wanted, By):
        return wanted
    setting = SETTINGS[key]
    if order := setting.order:
        places, place = round(wanted.step), order.index(now)
        if (place - order.index(own)) * places >= 1:
            return now
        return order[min(max(place + places, 0), len(order) - 1)]
    step = wanted.step / 2 if said.lower().startswith(_LITTLE_STEP) else wanted.step
    if (now - own) * step >= step * step - 1e-9:
        return now
    return round(min(max(now + step, setting.low), setting.high), 4)


def _rest(text: str, taken: list[bool]) -> str:
    """The words that no phrase took."""
    return _trimmed("".join(" " if gone and c != "," else c for c, gone in zip(text, taken, strict=True)))


def _trimmed(text: str) -> str:
    """`text` without empty parts and little words that are left hanging."""
    parts = []
    for part in text.split(","):
        words = clean(part).split()
        while words and words[-1].lower() in _STOP:
            words.pop()
        while words and words[0].lower() in _STOP and words[0].lower() not in ("like", "as"):
            words.pop(0)
        if words:
            parts.append(" ".join(words))
    return ", ".join(parts)
