"""What somebody does not want ("no tie", "do not smile", "never formal"), apart from what they do want.

A text encoder does not hear a "no": asked for "no tie" it paints a tie. So these words never enter the prompt; what
they name goes to the negative one.
"""

from __future__ import annotations

import re

_NOT = r"(?<![\w-])(?:no|not|never|nothing|without|avoid|(?:do|does|should|must)(?: not|n['’]?t)|don['’]?t)(?![\w-])"
# Little words between the "no" and what is meant: "do not make me look too formal".
_LITTLE = (
    r"(?:\s+(?:a|an|the|any|my|me|it|i|be|make|made|look|looking|want|have|use|wear|wearing|put|too|so|very|in|please|"
    r"anything|with|extra|from|at|on|to|of)(?![\w-]))*"
)
_ENDS = r"and|but|with|or|nor|just|only|please|for|because|at|to|from|on|in|i|it|the|a|instead"
_THING = rf"(?:black and white|(?!(?:{_ENDS})(?![\w-]))[\w'’-]+)"
_THINGS = rf"{_THING}(?:\s+{_THING}){{0,3}}"
_PHRASE = re.compile(
    rf"(?:(?<!\w)i\s+)?{_NOT}{_LITTLE}\s+(?P<things>{_THINGS}(?:\s+n?or(?:\s+an?)?\s+{_THINGS})*)(?:\s+at all)?",
    re.IGNORECASE,
)
_BEFORE = re.compile(rf"{_NOT}{_LITTLE}\s+$", re.IGNORECASE)
_TWICE = re.compile(rf"{_NOT}\s+{_NOT}", re.IGNORECASE)
_NO = re.compile(_NOT, re.IGNORECASE)
_OR = re.compile(r"\s*,?\s*n?or(?:\s+(?:a|an|too|very))?\s+$", re.IGNORECASE)


def parted(text: str) -> tuple[str, list[tuple[str, str]]]:
    """(`text` without what is not wanted, what is not wanted as (the phrase as it was said, the things it names))."""
    text = _TWICE.sub("with", text)  # "never without my hat"
    found = [(m.group(), ", ".join(re.split(r"\s+n?or(?:\s+an?)?\s+", m["things"]))) for m in _PHRASE.finditer(text)]
    if not found:
        return text, []
    rest = _PHRASE.sub(" ", text)
    parts = (re.sub(r"^\s*(?:and|but)\s+|\s+(?:and|but)\s*$", " ", p).strip() for p in rest.split(","))
    return ", ".join(" ".join(p.split()) for p in parts if p), found


def begins(text: str, start: int) -> int | None:
    """Where the "no" begins that stands before the phrase at `start` of `text`; None where there is none."""
    found = _BEFORE.search(text[:start])
    return found.start() if found else None


def goes_on(phrase: str, between: str) -> bool:
    """Whether the "no" with which `phrase` begins reaches over `between` to the next one: "no tie or blazer"."""
    return bool(_NO.match(phrase) and _OR.fullmatch(between))
