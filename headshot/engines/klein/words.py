"""A direction as sentences: klein's text encoder is a language model (Qwen3), and reads them better than key words."""

from __future__ import annotations

from collections.abc import Callable

from headshot.direction.locks import parse_locks, prompt_words
from headshot.direction.negation import parted
from headshot.direction.prompt import Prompt
from headshot.types import Direction

_SAME = "Same person as in the reference photo, with the same face, age, skin and hair."
_CLOTHED = "Fully clothed."


def sentences(direction: Direction, count_tokens: Callable[[str], int], limit: int) -> Prompt:
    """Write `direction` as sentences of at most `limit` tokens; `cut` names the sentences that found no room.

    Who it is comes first, then what must be kept and the user's own words; sentences go from the end. There is no
    negative: the model was distilled without guidance, so what is unwanted is said as a sentence of its own.
    """
    look = direction.look
    found, more = parse_locks(direction.keep)
    held, against = prompt_words(found)
    unwanted = [against]

    def wanted(part: str) -> str:
        rest, denied = parted(part)
        unwanted.extend(things for _, things in denied)
        return (rest if denied else part).replace("{person}", direction.person).strip(" ,.")

    asked = [
        ("", wanted(look.shot)),
        ("Keep: ", ", ".join(filter(None, (held, more)))),
        ("", wanted(direction.words)),
        ("They wear ", wanted(look.wardrobe)),
        ("Their face: ", wanted(look.expression)),
        ("Light: ", wanted(look.light)),
        ("Behind them: ", wanted(look.backdrop)),
        ("Taken with ", wanted(look.lens)),
    ]
    unwanted.append(direction.avoid)
    without = ", ".join(dict.fromkeys(p.strip() for part in unwanted for p in part.split(",") if p.strip()))
    wishes = [_sentence(lead + text) for lead, text in asked if text]
    wishes = [*wishes[:1], _SAME, _CLOTHED, *wishes[1:], *([f"Without: {without}."] if without else [])]
    kept = len(wishes)
    while kept > 1 and count_tokens(" ".join(wishes[:kept])) > limit:
        kept -= 1
    text = " ".join(wishes[:kept])
    return Prompt(text, "", count_tokens(text), tuple(wishes[kept:]))


def _sentence(text: str) -> str:
    return f"{text[:1].upper()}{text[1:]}."
