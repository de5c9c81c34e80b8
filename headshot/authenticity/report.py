"""Judge a pair of pictures: every measure with its state, its sentence and the source of its threshold.

Evidence, not a grade. What cannot be measured is grey with the reason. Nothing here names a race, a gender
or an age: all figures are differences between two pictures of one person.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Generator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from dataclasses import replace
from functools import partial

from headshot.authenticity import sentences
from headshot.authenticity.change_findings import add_changes
from headshot.authenticity.colour_findings import add_colours
from headshot.authenticity.colour_sentences import SAME_LIGHT
from headshot.authenticity.findings import Findings, add_same_photo
from headshot.authenticity.hidden_findings import without_hidden
from headshot.authenticity.likeness_findings import add_likeness
from headshot.authenticity.measures.head_view import HeadView
from headshot.authenticity.measures.unmeasurable import ANOTHER, FACING
from headshot.authenticity.mirrored import is_mirrored
from headshot.authenticity.pair import Pair
from headshot.authenticity.quality_findings import add_quality
from headshot.authenticity.recognition import dlib_judge
from headshot.authenticity.recognition.judges import Panel, on_this_machine
from headshot.authenticity.shape_findings import add_shape
from headshot.authenticity.skin_findings import add_detail, add_skin
from headshot.authenticity.steps import COMPARING, LOOKING, MEASURING, Step, to_the_end
from headshot.authenticity.thresholds import Kind, deciding, measures, of_colour, parts, threshold
from headshot.authenticity.trait_findings import add_traits
from headshot.language import tr, tr_count
from headshot.photo.covered import covered
from headshot.types import F32, U8, AuthenticityReport, Doubt, Finding, State

TOO_FEW = "Too few questions had an answer to call this picture yours."
_LOOKS = (add_traits, add_colours)
_SIGNS = (
    "The strongest of the signs against the cut-out, as a multiple of its limit: somebody cut away beside the person, "
    "networks that disagree about the head, half-clear area wider than strands, another face left, no body recognised."
)


def judging(
    original: U8,
    original_landmarks: F32,
    picture: U8,
    picture_landmarks: F32 | None,
    *,
    own_pixels: bool,
    kept: float | None = None,
    further: Sequence[tuple[U8, F32]] = (),
    source_eye_px: float | None = None,
    judges: Panel | None = None,
    painted: bool = False,
    doubts: Sequence[Doubt] | None = None,
    cut_by: str = "",
    known: HeadView | None = None,
) -> Generator[Step, None, AuthenticityReport]:
    """Compare a picture with the photo it is of: the steps as they begin, and the report at the end.

    `original`, `picture`: (h, w, 3) uint8 RGB of any sizes; landmarks: (478, 3) float32 px in each, None
    where no face was found in the picture. `own_pixels`: the picture claims to be made of the photo's own
    pixels (strictest thresholds); `kept` (0..1 or None) the share of the face that is. `further`: other photos of
    the person with their landmarks, kept in memory only. `source_eye_px`: the eye distance in the upload, where
    `original` is an enlargement of it (an enlargement has no more detail to compare). `judges`: who judges beside
    the embedded one; None: whose weights are on this machine. `painted`: one of this app's generators is known to have
    made the picture, so that the model that steers them steered it. `doubts`: of the cut-out, where one shows,
    `cut_by`: which network made it. `known`: the original's head, with what was worked out of it before.

    For pictures that claim nothing the pixels decide: the report's `kind` is "own pixels", "generator" (the same
    photo, repainted), "same frame" (so much repainted that only pose and place are kept), "another photo", "unsure"
    (judged as another photo) or "no face". A mirror image of the photo is said to be one, and measured after turning
    it back. Raises
    WeightsMissing when the embedded judge is not installed.
    """
    if picture_landmarks is None:
        return _no_face()
    yield COMPARING
    pair = Pair(original, original_landmarks, picture, picture_landmarks, source_eye_px, known)
    mirrored = not own_pixels and is_mirrored(pair)
    if mirrored:
        pair = pair.mirrored()
    kinds: dict[str, Kind] = {"same photo": "generator", "same frame": "same frame"}
    kind: Kind = "own pixels" if own_pixels else kinds.get(pair.same_photo, "another photo")
    report = Findings(kind, pair.eye_px)
    beside = ThreadPoolExecutor(1)
    try:
        beside.submit(lambda: pair.correlation)  # the next question, while the recognisers work
        # What asks nothing of shape and skin: on another core, in the same language.
        looks = [(add, beside.submit(copy_context().run, _found, add, pair, kind)) for add in _LOOKS]
        beside.submit(lambda: pair.changes)
        add_likeness(report, pair, further, on_this_machine() if judges is None else judges, painted)
        yield MEASURING
        add_same_photo(report, pair, own_pixels, mirrored)
        add_shape(report, pair)
        add_skin(report, pair)
        add_detail(report, pair)
        yield LOOKING
        here = {add: _found(add, pair, kind) for add, look in reversed(looks) if look.cancel()}  # what has not begun
        others = Findings(kind, pair.eye_px)
        for add, look in looks:
            others.take(here[add] if add in here else look.result())
        add_changes(others, pair)  # what has a measure of its own is not said again
        add_quality(others, pair)
        report.take(others)
    finally:
        beside.shutdown(cancel_futures=True)
    if doubts is not None:
        method = f"{tr('Cut out by {network}.', network=cut_by)} {tr(_SIGNS)}" if cut_by else tr(_SIGNS)
        report.add(
            "cutout", lambda: max((d.size for d in doubts), default=0.0), partial(sentences.cutout, doubts), method
        )
    if kept is not None:
        report.note(
            "kept_pixels",
            lambda: kept,
            sentences.kept,
            "Share of the face whose pixels are the photo's own and did not move.",
        )
    decide = deciding(kind) | report.deciding
    if pair.colourless:  # it claims nothing of colours; they are named among what was not asked
        decide -= of_colour()
    unsure = pair.same_photo == "unsure" and not own_pixels
    return AuthenticityReport(
        without_hidden(report.found, covered(original, original_landmarks)),
        "unsure" if unsure else kind,
        decide | {"same_photo"} if own_pixels else decide,
    )


def _found(add: Callable[[Findings, Pair], None], pair: Pair, kind: Kind) -> Findings:
    report = Findings(kind, pair.eye_px)
    add(report, pair)
    return report


judge = to_the_end(judging)


def next_step(report: AuthenticityReport) -> str:
    """Say what the person can do about a grey verdict; "" for any other.

    What the likeness lacks, else what would let most of the missing measures be asked.
    """
    if report.verdict != State.GREY:
        return ""
    missing = Counter(f.step for f in report.deciding_findings if f.state == State.GREY and f.step)
    likeness = report.get("likeness")
    if not report.likeness_measured and likeness is not None and likeness.step:
        return likeness.step
    return missing.most_common(1)[0][0] if missing else tr(ANOTHER)


def summary(report: AuthenticityReport) -> str:
    """Sum the report up in a few plain sentences: the worst first, then what was asked and what was not.

    A grey verdict begins with why, and with what the person can do.
    """
    decisive = report.deciding_findings
    lead = []
    likeness = report.get("likeness")
    if not report.likeness_measured and likeness is not None:
        lead = [tr("Whether this is still you could not be measured: {reason}", reason=likeness.reason)]
    elif report.verdict == State.GREY:
        missing = [f.reason for f in decisive if f.state == State.GREY] or [tr("there was nothing to compare.")]
        nothing = len(missing) >= len(decisive)
        lead = [tr("Nothing could be measured here: {why}", why=missing[0]) if nothing else tr(TOO_FEW)]
    lead += filter(None, [next_step(report)])
    struck = [f.sentence for state in (State.RED, State.AMBER) for f in decisive if f.state == state]
    measured = [f for f in decisive if f.value is not None]
    scope = sentences.scope(*parts({f.id for f in measured}, {place for f in measured for place in f.places}))
    kept = {"light": SAME_LIGHT, "expression": sentences.SAME_EXPRESSION}
    if report.kind == "another photo":  # of course it has another light and another expression
        kept = {}
    notes = [report.get(name) for name in kept]
    allowed = [f.sentence for f in notes if f is not None and f.value is not None and f.sentence != tr(kept[f.id])]
    if struck:
        rest = len(struck) - 2
        more = (
            [tr_count("{count} more thing wants a look.", "{count} more things want a look.", rest)] if rest > 0 else []
        )
        blind = scope[1:] if report.verdict != State.RED else []  # another person needs no further question
        return " ".join([*lead, *struck[:2], *more, *filter(None, blind)])
    asked = [f for f in decisive if f.state == State.GREEN]
    if not asked:
        return " ".join(lead)
    return " ".join([*(lead or [asked[0].sentence]), *allowed, *filter(None, scope)])


def _no_face() -> AuthenticityReport:
    row, limit = measures()["likeness"], threshold("likeness", "another photo")
    reason = tr("no face was found in this picture.")
    text, method = sentences.not_measured(reason), tr("Judge: {name}.", name=dlib_judge.NAME)
    found = Finding(
        row.id, None, row.unit, State.GREY, text, method, limit.words(), tr(limit.source), tr(row.title), reason
    )
    found = replace(found, step=tr(FACING))
    return AuthenticityReport((found,), "no face", frozenset({"likeness"}))
