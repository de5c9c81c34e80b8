"""The prompt that a Direction makes, bounded to CLIP's 77 tokens. What had to be cut is said."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from headshot.direction.locks import parse_locks, prompt_words
from headshot.direction.negation import parted
from headshot.types import Direction

CLIP_TOKENS = 77  # CLIP's context length, start and end token included (Radford et al. 2021)

# CLIP's own splitting (openai/CLIP simple_tokenizer.py): contractions, letters, single digits, the rest.
_PIECES = re.compile(r"'(?:s|t|re|ve|m|ll|d)\b|[^\W\d_]+|\d|[^\s\w]+|_+", re.IGNORECASE)


@dataclass(frozen=True)
class Prompt:
    """`text` and `negative` for the text encoder; `tokens`: length of `text` with start and end token.

    `cut`, `cut_negative`: the phrases that found no room in either, in their order.
    """

    text: str
    negative: str
    tokens: int
    cut: tuple[str, ...] = ()
    cut_negative: tuple[str, ...] = ()


def approximate_tokens(text: str) -> int:
    """CLIP tokens of `text` with start and end, where no tokenizer is at hand: meant to err on the high side.

    A word of plain letters counts one token for each begun five letters (CLIP's byte-pair vocabulary holds
    most English words whole), other letters one for each UTF-8 byte, which is the most that byte-pair
    encoding can need, digits one each, a run of signs one for each sign. Made-up, technical and
    rare foreign words can need more ("keffiyeh" is four).
    """
    tokens = 2
    for piece in _PIECES.findall(text.lower()):
        if not piece.isascii():
            tokens += len(piece.encode())
        elif piece.isalpha():
            tokens += 1 + (len(piece) - 1) // 5
        else:
            tokens += len(piece) if not piece.startswith("'") else 1
    return tokens


def prompt(
    direction: Direction,
    count_tokens: Callable[[str], int] | None = None,
    limit: int = CLIP_TOKENS,
    *,
    always: str = "",
) -> Prompt:
    """Join shot, what must be kept, the user's own words, wardrobe, expression, light, backdrop and lens.

    `count_tokens(text)` gives the length with start and end token, such as
    `lambda t: len(tokenizer(t).input_ids)`; without it `approximate_tokens` is used. Of what does not fit into `limit`
    tokens phrases go from the end; the user's own words only when all of the preset but the shot has gone, word by
    word; then the lock list, thing by thing, for that is a promise and the words are a wish; the shot last. The
    negative holds `always`, what the lock list speaks against, what a "no" in the words stands before, then
    `direction.avoid`, and is cut from the end.
    """
    count = count_tokens or approximate_tokens
    look = direction.look
    found, more = parse_locks(direction.keep)
    held, against = prompt_words(found)
    unwanted: list[tuple[str, str]] = []

    def wanted(part: str) -> str:
        """`part` without what a "no" stands before: a text encoder would hear the thing and not the no."""
        rest, denied = parted(part)
        unwanted.extend(denied)
        return rest if denied else part

    own = wanted(direction.words).strip(" ,").split()
    shot = _fill(wanted(look.shot), direction.person).strip(" ,").split()
    keep = _phrases([held, more])
    parts = (look.wardrobe, look.expression, look.light, look.backdrop, look.lens)
    phrases = _phrases(_fill(wanted(p), direction.person) for p in parts)

    def split(n: int) -> tuple[list[str], list[str]]:
        """The first `n` of shot's words, things to keep, own words and phrases, and the rest, each as phrases."""
        a = min(n, len(shot))
        k = min(n - a, len(keep))
        b = min(n - a - k, len(own))
        c = n - a - k - b
        kept = [" ".join(shot[:a]).rstrip(" ,"), *keep[:k], " ".join(own[:b]).rstrip(" ,"), *phrases[:c]]
        rest = [" ".join(shot[a:]), *keep[k:], " ".join(own[b:]), *phrases[c:]]
        return [p for p in kept if p], [p for p in rest if p]

    text, cut = _longest(split, len(shot) + len(keep) + len(own) + len(phrases), count, limit)
    avoid = _phrases([always, against, *(things for _, things in unwanted), direction.avoid])
    negative, cut_negative = _longest(lambda n: (avoid[:n], avoid[n:]), len(avoid), count, limit)
    return Prompt(text, negative, count(text), tuple(cut), tuple(cut_negative))


def _longest(
    split: Callable[[int], tuple[list[str], list[str]]], units: int, count: Callable[[str], int], limit: int
) -> tuple[str, list[str]]:
    """The text of the most units that fit into `limit` tokens, and what is left over."""
    for n in range(units, 0, -1):
        kept, rest = split(n)
        text = ", ".join(kept)
        if count(text) <= limit:
            return text, rest
    return "", split(0)[1]


def _fill(part: str, person: str) -> str:
    # replace, not format: braces in somebody's own words are just braces.
    return part.replace("{person}", person)


def _phrases(parts: Iterable[str]) -> list[str]:
    return [p for part in parts for p in (q.strip() for q in part.split(",")) if p]
