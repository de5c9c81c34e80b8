"""Findings by further judges, each on its own scale, and what the model that steers the generators would say."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from headshot.authenticity import likeness_sentences as sentences
from headshot.authenticity.findings import Findings
from headshot.authenticity.measures.head_view import HeadView
from headshot.authenticity.measures.unmeasurable import Unmeasurable
from headshot.authenticity.pair import Pair
from headshot.authenticity.recognition import curves
from headshot.authenticity.recognition.arcface import five_points
from headshot.authenticity.recognition.judges import STEERING, Judge, Panel
from headshot.authenticity.recognition.onnx_judge import OnnxRecogniser
from headshot.authenticity.thresholds import threshold
from headshot.errors import UserError
from headshot.language import tr
from headshot.types import F32, State

IDS = ("likeness_second", "likeness_third")
HOW = "Cosine of two embeddings, each a sum over the aligned face and its mirror image."


@dataclass(frozen=True)
class Opinion:
    """A judge and the cosine that it gave, -1..1."""

    judge: Judge
    cosine: float


def cosine(recogniser: OnnxRecogniser, pair: Pair) -> float:
    """Measure the cosine (-1..1) of two faces' embeddings. Raises Unmeasurable where the network cannot be opened."""
    try:
        original, picture = pair.toneless  # black and white against colour would read as less alike
        a, b = embedding(recogniser, original), embedding(recogniser, picture)
    except UserError as error:
        raise Unmeasurable(str(error)) from None
    return min(1.0, max(-1.0, float(a @ b)))


def embedding(recogniser: OnnxRecogniser, head: HeadView) -> F32:
    """Embed a face as `OnnxRecogniser.embed` does, once for each head. Raises UserError."""
    if recogniser not in head.embeddings:
        head.embeddings[recogniser] = recogniser.embed(head.picture, five_points(head.landmarks))
    return head.embeddings[recogniser]


def add_further_judges(report: Findings, pair: Pair, panel: Panel, least: float, first: float | None) -> list[Opinion]:
    """Add a finding for each judge of the panel, or one that says why there is none; give those that had a figure.

    `least`: px between the eyes that a judge needs. `first`: the embedded judge's distance, None if unmeasured.
    """
    opinions: list[Opinion] = []
    earlier: list[tuple[str, State]] = [] if first is None else [("the first", same_person(first))]
    if not panel.judges:
        report.note(IDS[0], lambda: _absent(panel.absent), str, HOW)
    for name, judge in zip(IDS, panel.judges, strict=False):

        def measure(judge: Judge = judge) -> float:
            panel.admit(judge.recogniser.sha256)
            pair.needs(least)
            pair.needs_face()
            return cosine(judge.recogniser, pair)

        def words(_: float, state: State, judge: Judge = judge) -> str:
            return sentences.further_judge(state, judge.title)

        finding = report.add(
            name,
            measure,
            words,
            f"{tr(HOW)} {tr('Judge: {name}.', name=_named(judge.recogniser, judge.title))}",
            judge.threshold,
        )
        report.deciding.add(name)
        if finding.value is None:
            continue
        opinions.append(Opinion(judge, finding.value))
        contrary = next((who for who, state in earlier if {state, finding.state} == {State.GREEN, State.RED}), None)
        if contrary is not None:
            worst = max(State.AMBER, finding.state)
            text = sentences.disagree(contrary, judge.title, finding.state)
            report.found[-1] = replace(finding, state=worst, sentence=text)
        earlier.append((judge.title, finding.state))
    return opinions


def same_person(distance: float) -> State:
    """Say what the embedded judge answers to the question that the others answer: is this the person at all?

    So its threshold for another photo is used also where the two pictures are the same photo, whose own thresholds ask
    for far less change: a red there need not be another person, and is then no disagreement.
    """
    return threshold("likeness", "another photo").state(distance)


def add_steered(
    report: Findings, pair: Pair, panel: Panel, least: float, opinions: Sequence[Opinion], painted: bool
) -> None:
    """Add what the model that steers the generators says, and by how many points of G it flatters: information alone.

    `painted`: a generator that it steers is known to have made the picture; else nobody knows what made it.
    """

    def steered() -> float:
        pair.needs(least)
        return cosine(_present(panel), pair)

    value = report.note(
        "steered",
        steered,
        lambda _: sentences.steered(painted),
        (tr("Cosine of the two faces' embeddings, without mirror images.") + " ")
        + (tr("Model: {name}.", name=_named(panel.steering, STEERING) if panel.steering else STEERING)),
        curves.source(STEERING),
    ).value
    judge = next((o for o in opinions if curves.of_the_same_pairs(STEERING, o.judge.curve)), None)
    how = tr("G of the model that steers the generators minus G of the judge, in points, at least 0.") + " "
    source = tr("No cut: how far the two differ on ordinary photos was never measured.") + " "
    if judge is not None:
        curve = judge.judge.curve
        how += (
            tr(
                "Both curves end, so {most_flattery:.1f} points are the most that can be read.",
                most_flattery=most_flattery(curve),
            )
            + " "
        )
        source += f"{curves.source(STEERING)}. {curves.source(curve)}."

    def inflation() -> float:
        if value is None:
            raise Unmeasurable("the model that steers the generators gave no figure.")
        if judge is None:
            raise Unmeasurable("no judge with a published curve is on this machine (AuraFace has one).")
        return flattery(value, judge.judge.curve, judge.cosine)

    report.note("inflation", inflation, lambda v: sentences.inflation(v, painted), how, source)


def flattery(steered: float, curve: str, judged: float) -> float:
    """Give the least that G(buffalo_l at `steered`) − G(`curve` at `judged`) can be, points 0..100.

    0 where the judge is the more pleased. Where a published curve ends only a bound is known; Unmeasurable where
    that bound says nothing.
    """
    ours, theirs = curves.same_below_bounds(STEERING, steered), curves.same_below_bounds(curve, judged)
    assert ours is not None and theirs is not None
    low, high = (max(0.0, 100.0 * d) for d in (ours[0] - theirs[1], ours[1] - theirs[0]))
    if low == 0.0 < high:
        raise Unmeasurable("no published figures reach as far as these scores.")
    return low


def most_flattery(curve: str) -> float:
    """Give the largest figure that `flattery` can give with the judge of `curve`, points: the curves say no more."""
    return flattery(1.0, curve, -1.0)


def _present(panel: Panel) -> OnnxRecogniser:
    if panel.steering is None:
        raise Unmeasurable(panel.steering_absent)
    return panel.steering


def _absent(reason: str) -> float:
    raise Unmeasurable(reason)


def _named(recogniser: OnnxRecogniser, title: str) -> str:
    return f"{title} (sha256 {recogniser.sha256[:12]}…)"
