"""Every sentence of the report can be read by somebody who knows nothing of measures: short, and without jargon."""

from __future__ import annotations

import ast
import random
import re
from collections.abc import Iterator
from pathlib import Path

import headshot.authenticity
from headshot.authenticity import colour_sentences, likeness_sentences, sentences, shape_sentences
from headshot.authenticity.measures import unmeasurable as u
from headshot.authenticity.measures.expression import Change
from headshot.authenticity.pair import OTHER_PHOTO, REPAINTED, UNSURE
from headshot.authenticity.recognition.curves import Share
from headshot.authenticity.report import TOO_FEW
from headshot.authenticity.skin_findings import EVENLY_LOST
from headshot.authenticity.thresholds import measures, parts
from headshot.types import Doubt, State

MOST = 20  # words of a sentence
# Figures and their names belong one click away.
JARGON = re.compile(
    r"\b(IED|mesh|cosine|embedding|euclidean|threshold|landmarks?|registration|registered|residual|sigma|percentile|"
    r"luminance|chroma|Lab|FLIP|DoG|LoG|matte|segmentation|stops|Δ\w*)\b|L\*|a\*|b\*"
)
STATES = (State.GREEN, State.AMBER, State.RED)


def said() -> Iterator[str]:
    """Each sentence of the report, with each of its wordings."""
    s, f, c, k = sentences, shape_sentences, colour_sentences, likeness_sentences
    yield from (*s.SAME_PHOTO.values(), s.NOT_OWN_PIXELS, s.MIRRORED, f.EYES_MOVED)
    for state in STATES:
        for size in (-9.0, -0.5, 0.5, 9.0):
            yield from (f.scale(part, size, state, 1.0) for part in ("eye_size", "nose_width", "jaw_width"))
            yield from (f.eyes(size, 3.0), f.eyes(size, -3.0), f.eyes(size, 0.0), s.hue(size, state))
            yield from (s.beyond_light(size, state, x) for x in (-4.0, 4.0))
            yield from (s.lightness(size, state), s.age(size, state), s.glasses(size, state))
            yield from (s.hair_outline(size, state), c.beard(size, state), c.stubble(size, state), c.teeth(size, state))
            yield from (s.age_of_two_photos(2 * size), *(s.expression(Change(p, size)) for p in s._EXPRESSION))
            yield f.with_expression(f.scale("mouth_width", size, state, 1.0))
            yield from (c.light(size, x, y) for x in (-5.0, 0.0, 5.0) for y in (0.8, 1.0, 1.3))
        yield from (
            f.shape(state),
            s.iris(state),
            c.hair(state),
            c.hair(state, vivid=True),
            c.lips(state),
            c.brows(state),
        )
        yield from (f.asymmetry(x, state) for x in (0.4, 1.6))
        yield from (s.texture(x, state) for x in (0.4, 1.6))
        yield from (s.sharpness(x, state) for x in (0.2, 0.9, 2.0))
        yield from (c.changed_here(p, state) for p in (["ears"], ["hair", "ears", "neck", "shoulders and clothes"]))
        yield from (s.quality("Your photo", "the light is uneven", state), s.kept(0.4), s.kept(1.0))
        yield s.cutout([Doubt("people", 1.2, "somebody was cut away beside you")], 1.2, state)
        yield from (k.likeness(state, another) for another in (False, True))
        yield from (
            k.further_judge(state, "SFace"),
            k.disagree("the first", "SFace", state),
            k.steered(state == State.RED),
        )
    yield from (s.marks(*counts) for counts in ((0, 0, 0), (0, 0, 4), (1, 0, 1), (2, 1, 5), (0, 3, 2)))
    yield from (k.inflation(x, p) for x in (0.0, 20.0) for p in (False, True))
    yield from (k.steered(False), k.steered(True), s.two_photos(0.0))
    for share in (Share(0.0, 0.0, 0.03, 1123), Share(0.8, 0.4, 0.9, 6), Share(1.0, 0.4, 1.0, 5)):
        yield from (k.closer_than(share), k.strangers(share))
    for odds in (None, 500, 20_000):
        yield from (k.strangers_published(odds, 100, 10_000), k.closer_than_published(0.0, 0.2))
    yield from (k.closer_than_published(0.3, 0.3), k.closer_than_published(0.5, 1.0))
    yield from (u.LARGER, u.WHOLE, u.UNCOVERED, u.FACING, u.LIGHT, u.ANOTHER, TOO_FEW)
    yield s.not_measured(str(u.too_small(9.0, 25.0)))
    yield from map(s.not_measured, (OTHER_PHOTO, REPAINTED, UNSURE, EVENLY_LOST, *reasons()))


def reasons() -> Iterator[str]:
    """Each reason for which something is not measured, as the code writes it; what is filled in counts as one word."""
    for path in Path(headshot.authenticity.__file__).parent.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and ast.unparse(node.func) == "Unmeasurable" and node.args:
                told = node.args[0]
                if isinstance(told, ast.Constant):
                    yield told.value
                elif isinstance(told, ast.JoinedStr):
                    yield "".join(p.value if isinstance(p, ast.Constant) else "X" for p in told.values)


def test_no_sentence_is_long_or_speaks_of_measures() -> None:
    every = set(said())
    assert len(every) > 150
    single = {one.strip() for text in every for one in re.split(r"(?<=[.!?])\s", text) if one.strip()}
    assert [one for one in single if len(one.split()) > MOST] == []
    assert [text for text in every if JARGON.search(text)] == []


def test_what_was_asked_is_said_in_twenty_words_a_sentence() -> None:
    """Whatever was asked: all, nothing, and two hundred mixtures."""
    every, places = list(measures()), ("hair", "ears", "neck", "shoulders and clothes")
    draw = random.Random(7)
    mixtures = [(every, places), (["likeness"], ()), ([], ())]
    mixtures += [([m for m in every if draw.random() < 0.6], places[: draw.randrange(5)]) for _ in range(200)]
    for asked, seen in mixtures:
        named = parts(asked, seen)
        assert not set(named[0]) & set(named[1])
        for sentence in re.split(r"(?<=\.) ", " ".join(sentences.scope(*named))):
            assert len(sentence.split()) <= sentences.MOST_WORDS, sentence


def test_a_bound_that_was_widened_a_little_has_no_more_figures_than_can_be_told() -> None:
    """An edge of a few pixels more widens it by thousandths."""
    for within, said in ((2.0, "2%"), (2.0027, "2%"), (2.46, "2.5%")):
        assert shape_sentences.scale("jaw_width", 0.0, State.GREEN, within).endswith(f" {said}.")
