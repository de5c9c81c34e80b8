"""The lock list: "keep my glasses, grey hair, freckles" in words: what is meant, and what a generator is told of it.

A lock never says what a person is; it repeats the user's own words. Where the thing is in the picture and whether it is
still there afterwards is worked out in `headshot.studio.kept`.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from headshot.text import clean

Place = Literal["eyes", "brows", "lower face", "face", "hair", "clothes", ""]


@dataclass(frozen=True)
class Lock:
    """One thing to keep. `said`: the user's words; `prompt` and `avoid`: words for a generator; `place`: where it is.

    Which measures of the report would see its loss stands with these, in authenticity/thresholds.toml, by `name`.
    """

    name: str
    said: str
    prompt: str
    avoid: str
    place: Place


_ADJ = r"(?:[\w'’-]+ ){0,3}"  # "black-rimmed", "round metal": at most three words before the thing
_WHERE = r"(?: (?:on|in|above|below|under|near|by|over|at|across|around|round|behind) [\w'’ -]+)?"
_FORM = r"long|short|shoulder-length|curly|straight|wavy|frizzy|thin|thinning|thick|tied|braided|receding|cropped"
_PARTS = re.compile(r",|;|(?<!\bsalt )(?<![\w-])and(?![\w-])", re.IGNORECASE)
# name, words that mean it, prompt ("{}" is what the user said), negative prompt, place
_TABLE: tuple[tuple[str, str, str, str, Place], ...] = (
    (
        "glasses",
        rf"{_ADJ}(?:glasses|spectacles|eyeglasses|specs)",
        "wearing the same {}",
        "without glasses, sunglasses",
        "eyes",
    ),
    # The report measures the hair's colour alone: whoever names its form is not told that it was kept.
    (
        "hairstyle",
        rf"(?=.*\b(?:{_FORM})\b){_ADJ}hair|{_ADJ}(?:curls|fringe|bangs|parting|braids|dreadlocks|locs|afro|"
        r"bald head|hairline|hair ?(?:style|cut)|pony ?tail|bun|side ?burns)|bald",
        "the same {}",
        "different hairstyle",
        "hair",
    ),
    ("hair", rf"{_ADJ}hair|hair colou?r", "the same {}", "different hair", "hair"),
    (
        "head covering",
        rf"{_ADJ}(?:hijab|head ?scarf|turban|kippah?|yarmulke|patka|hat|cap|headwrap)",
        "wearing the same {}",
        "uncovered head",
        "hair",
    ),
    ("beard", rf"{_ADJ}(?:beard|moustache|mustache|stubble|goatee)", "the same {}", "clean shaven", "lower face"),
    (
        "marks",
        rf"{_ADJ}(?:freckles?|moles?|birth ?marks?|beauty (?:spots?|marks?)|scars?|acne|spots|pimples?)",
        "visible {}",
        "flawless skin",
        "face",
    ),
    (
        "wrinkles",
        r"wrinkles|lines|crow'?s feet|pores|skin texture",
        "natural {}",
        "airbrushed, plastic skin",
        "face",
    ),
    (
        "skin colour",
        r"skin (?:colou?r|tone)|complexion|tan",
        "the same {}",
        "lightened skin, darkened skin",
        "face",
    ),
    ("eye colour", rf"{_ADJ}eyes|eye colou?r", "the same {}", "different eye colour", "eyes"),
    ("nose", rf"{_ADJ}nose", "the same {}", "different nose", "face"),
    (
        "jaw",
        r"jaw(?:line)?|chin|face shape|double chin|cheeks",
        "the same {}",
        "slimmer face",
        "face",
    ),
    (
        "asymmetry",
        r"asymmetry|crooked smile|uneven (?:face|smile)",
        "natural {}",
        "perfectly symmetric face",
        "face",
    ),
    ("eyebrows", rf"{_ADJ}(?:eye)?brows", "the same {}", "different eyebrows", "brows"),
    (
        "clothes",
        rf"{_ADJ}(?:shirt|jacket|tie|dress|uniform|scarf|blouse|jumper|sweater|suit|clothes)",
        "wearing the same {}",
        "other clothes",
        "clothes",
    ),
    (
        "jewellery",
        rf"{_ADJ}(?:(?:ear|nose|lip|eyebrow) ?(?:rings?|studs?)|piercings?|necklace|jewell?ery|bindi)",
        "wearing the same {}",
        "without jewellery",
        "",
    ),
)


def said(words: str) -> list[str]:
    """The single things in a list such as "keep my glasses, grey hair and freckles", in the user's own words."""
    text = re.sub(r"^\s*(?:please )?(?:keep|lock|don['’]?t change|leave)\s+", "", clean(words), flags=re.IGNORECASE)
    parts = (
        re.sub(r"^(?:keep |my |the |a )+", "", p.strip(), flags=re.IGNORECASE).strip(" .!") for p in _PARTS.split(text)
    )
    return list(dict.fromkeys(p for p in parts if p))


def parse_locks(words: str) -> tuple[tuple[Lock, ...], str]:
    """The locks in a list such as "keep my glasses, grey hair and freckles", and the words that none of them covers.

    The rest is still worth saying to a generator, and is never checked.
    """
    found: list[Lock] = []
    rest: list[str] = []
    for part in said(words):
        for name, pattern, prompt, avoid, place in _TABLE:
            if re.fullmatch(f"(?:{pattern}){_WHERE}", part, re.IGNORECASE):
                found.append(Lock(name, part, prompt.replace("{}", part), avoid, place))
                break
        else:
            rest.append(part)
    return tuple(found), ", ".join(rest)


def added(words: str, thing: str) -> str:
    """The list with one more thing at its end; as it was where the thing is there."""
    return ", ".join(dict.fromkeys([*said(words), *said(thing)]))


def dropped(words: str, thing: str) -> str:
    """The list without that thing."""
    return ", ".join(p for p in said(words) if p != thing)


def prompt_words(kept: Sequence[Lock]) -> tuple[str, str]:
    """(words for the prompt, words for the negative prompt), each part once."""
    return ", ".join(dict.fromkeys(k.prompt for k in kept)), ", ".join(dict.fromkeys(k.avoid for k in kept))
