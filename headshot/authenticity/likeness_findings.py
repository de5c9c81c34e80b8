"""Likeness: the judges' figures, and how they stand among ordinary pairs, strangers and the person's own photos."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress

from headshot.authenticity import likeness_sentences as sentences
from headshot.authenticity.findings import SMALL_PX, Findings
from headshot.authenticity.further_judges import Opinion, add_further_judges, add_steered, cosine
from headshot.authenticity.measures.unmeasurable import Unmeasurable
from headshot.authenticity.pair import Pair
from headshot.authenticity.recognition import curves, dlib_judge
from headshot.authenticity.recognition.judges import Panel
from headshot.authenticity.recognition.own_range import OwnRange, copy_paste, own_range
from headshot.authenticity.thresholds import Kind, Threshold, threshold
from headshot.language import tr
from headshot.types import F32, U8, State

# Below this many px between the eyes the judge's distances say too little: at 42 px two strangers lay at .52.
MIN_LIKENESS_PX: dict[Kind, float] = {
    "own pixels": 25.0,
    "generator": 25.0,
    "same frame": 45.0,
    "another photo": 45.0,
}
WITNESS, RELIT = "sface", 0.965  # a second judge, and its cosine from which it saw no more than a look's light


def add_likeness(report: Findings, pair: Pair, further: Sequence[tuple[U8, F32]], panel: Panel, painted: bool) -> None:
    """Add the embedded judge, the panel's judges, G and strangers, the own range, and what the generators' model says.

    `painted`: one of this app's generators is known to have made the picture.
    """
    least = MIN_LIKENESS_PX[report.kind]
    judge_name = tr(
        "Judge: {name} (sha256 {model_sha256}…), which steers no engine here.",
        name=dlib_judge.NAME,
        model_sha256=dlib_judge.model_sha256()[:12],
    )

    def distance() -> float:
        panel.admit(dlib_judge.model_sha256())
        pair.needs(least)
        pair.needs_face()
        return dlib_judge.distance(*pair.descriptors)

    def limit() -> Threshold | None:
        with suppress(Unmeasurable):
            return likeness_limit(report, distance(), pair, panel)
        return None

    another = report.kind == "another photo"
    # A decoder's cells of 8 px are as coarse as a small face's features: it then moves as far as a repainted frame.
    small = report.kind == "generator" and pair.eye_px < SMALL_PX
    value = report.add(
        "likeness",
        distance,
        lambda v, s: sentences.likeness(s, another),
        (tr("Euclidean distance of two 128-number descriptors, each a mean of the face and its mirror image.") + " ")
        + judge_name,
        threshold("likeness", "same frame") if small else limit(),
    ).value
    opinions = add_further_judges(report, pair, panel, least, value)
    if another and value is not None:
        # In the same photo both figures would only say that it is the same photo.
        _add_standing(report, value, opinions, judge_name)
    if report.kind != "own pixels":
        add_steered(report, pair, panel, least, opinions, painted)
    if further and value is not None:
        _add_own_range(report, pair, further, judge_name)


def likeness_limit(report: Findings, value: float, pair: Pair, panel: Panel) -> Threshold | None:
    """Give the threshold of the embedded judge's distance; of own pixels by what a second judge says too.

    Light alone takes some faces beyond that of own pixels, to this one judge. Raises Unmeasurable.
    """
    limit = report.threshold("likeness")
    second = next((judge.recogniser for judge in panel.judges if judge.curve == WITNESS), None)
    if report.judged_as != "own pixels" or limit is None or limit.state(value) == State.GREEN or second is None:
        return limit
    panel.admit(second.sha256)
    return threshold("likeness", "relit") if cosine(second, pair) >= RELIT else limit


def _add_standing(report: Findings, value: float, opinions: Sequence[Opinion], judge_name: str) -> None:
    """Add G and strangers: by the first judge with a published curve, or by the embedded one's few pairs."""
    published = next((o for o in opinions if curves.same_below_bounds(o.judge.curve, o.cosine)), None)
    if published is not None:
        name, at, who = published.judge.curve, published.cosine, tr("Judge: {title}.", title=published.judge.title)
        low, high = curves.same_below_bounds(name, at) or (0.0, 1.0)
        report.note(
            "closer_than",
            lambda: 100.0 * (high if low == 0.0 else low),
            lambda _: sentences.closer_than_published(low, high),
            tr("Share of same-person pairs that score lower, from the judge's curve. {who}", who=who),
            curves.source(name),
        )
        span = curves.strangers_span(name)
        if span is not None:
            rate = curves.one_in(name, at)
            report.note(
                "strangers",
                lambda: 100.0 / (rate or span[0]),
                lambda _: sentences.strangers_published(rate, *span),
                tr(
                    "How many strangers score as high, in the group of people where this judge does worst; "
                    "from its published curve. {who}",
                    who=who,
                ),
                curves.source(name),
            )
            return
    else:
        report.note(
            "closer_than",
            lambda: 100.0 * curves.closer_than(value).share,
            lambda v: sentences.closer_than(curves.closer_than(value)),
            (tr("Share of pairs of two ordinary photos of one person that this judge puts further apart.") + " ")
            + judge_name,
            curves.embedded_source(),
        )
    report.note(
        "strangers",
        lambda: 100.0 * curves.strangers_as_close(value).share,
        lambda v: sentences.strangers(curves.strangers_as_close(value)),
        (tr("Share of pairs of different persons that this judge puts as close.") + " ") + judge_name,
        curves.embedded_source(),
    )


def _add_own_range(report: Findings, pair: Pair, further: Sequence[tuple[U8, F32]], judge_name: str) -> None:
    picture, original = pair.descriptors
    theirs = [pair.describe(*photo) for photo in further]
    try:
        placed: OwnRange | Unmeasurable = own_range(picture, original, theirs, dlib_judge.distance)
    except Unmeasurable as reason:
        placed = reason

    def found() -> OwnRange:
        if isinstance(placed, Unmeasurable):
            raise placed
        return placed

    report.add(
        "own_range",
        lambda: found().median,
        lambda _, __: found().sentence(),
        (tr("Median distance to your further photos against the distances among your own photos.") + " ") + judge_name,
        placed.threshold if isinstance(placed, OwnRange) else None,
    )
    if report.kind == "another photo":
        report.add(
            "copy_paste",
            lambda: max(0.0, copy_paste(picture, original, theirs, dlib_judge.distance)),
            sentences.copy_paste,
            (
                tr(
                    "(distance to your other photos − to your original photo) / distance between these, at "
                    "least 0; after WithAnyone."
                )
                + " "
            )
            + judge_name,
        )
