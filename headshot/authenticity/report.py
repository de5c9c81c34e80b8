"""The report: every measure of one pair of pictures, with its state, its sentence and its cut's source.

Evidence, not a grade. What cannot be measured is grey with the reason. Nothing here names a race, a gender
or an age: all figures are differences between two pictures of one person.
"""

from __future__ import annotations

from collections.abc import Sequence

from headshot.authenticity import curves, likeness, wording
from headshot.authenticity.cuts import Regime, cut
from headshot.authenticity.findings import Findings, add_detail, add_gate, add_shape, add_skin
from headshot.authenticity.own_range import MARGIN, copy_paste, own_range
from headshot.authenticity.pair import Pair
from headshot.authenticity.unmeasurable import Unmeasurable
from headshot.types import F32, F64, U8, AuthenticityReport, Finding, State

# Below this many px between the eyes the judge's distances say too little: at 42 px two strangers lay at .52.
MIN_LIKENESS_PX: dict[Regime, float] = {"own pixels": 25.0, "generator": 25.0, "another photo": 45.0}

SAME_PHOTO_AXES = frozenset(
    "likeness eye_size nose_width mouth_width jaw_width face_shape asymmetry "
    "beyond_light skin_hue texture marks iris own_range".split()
)
OTHER_PHOTO_AXES = frozenset({"likeness", "texture", "iris", "own_range"})


def judge(
    original: U8,
    original_landmarks: F32,
    picture: U8,
    picture_landmarks: F32 | None,
    *,
    own_pixels: bool,
    kept: float | None = None,
    further: Sequence[tuple[U8, F32]] = (),
    source_eye_px: float | None = None,
) -> AuthenticityReport:
    """Compare a picture with the photo it is of.

    `original`, `picture`: (h, w, 3) uint8 RGB of any sizes; landmarks: (478, 3) float32 px in each, None
    where no face was found in the picture. `own_pixels`: the picture claims to be made of the photo's own
    pixels (strictest cuts); `kept` (0..1 or None) the share of the face that is. `further`: other photos of
    the person with their landmarks, kept in memory only. `source_eye_px`: the eye distance in the upload, where
    `original` is an enlargement of it (an enlargement has no more detail to compare).

    For pictures that claim nothing the gate decides: the report's `regime` is "own pixels", "generator" (the
    same photo, repainted), "another photo", "unsure" (judged as another photo) or "no face". Raises
    WeightsMissing when the embedded judge is not installed.
    """
    if picture_landmarks is None:
        return _no_face()
    pair = Pair(original, original_landmarks, picture, picture_landmarks, source_eye_px)
    regime: Regime = "own pixels" if own_pixels else "generator" if pair.same else "another photo"
    report = Findings(regime)
    _likeness(report, pair, further)
    add_gate(report, pair, own_pixels)
    add_shape(report, pair)
    add_skin(report, pair)
    add_detail(report, pair)
    if kept is not None:
        report.note(
            "kept_pixels",
            lambda: kept,
            "share",
            wording.kept,
            "Share of the face whose pixels are the photo's own and did not move.",
        )
    axes = OTHER_PHOTO_AXES if regime == "another photo" else SAME_PHOTO_AXES
    unsure = pair.gate == "unsure" and not own_pixels
    return AuthenticityReport(
        tuple(report.found),
        "unsure" if unsure else regime,
        axes | {"same_photo"} if own_pixels else axes,
    )


def summary(report: AuthenticityReport) -> str:
    """Two or three plain sentences, the worst first."""
    decisive = [f for f in report.findings if f.id in report.axes]
    said: list[str] = []
    for state in ("red", "amber"):
        said += [f.sentence for f in decisive if f.state == state]
    if said:
        rest = len(said) - 2
        more = [f"{rest} more {'thing wants' if rest == 1 else 'things want'} a look."] if rest > 0 else []
        return " ".join(said[:2] + more)
    missing = [f for f in decisive if f.state == "grey"]
    good = [f.sentence for f in decisive if f.state == "green"][:1]
    if not good:
        why = missing[0].sentence.removeprefix(wording.grey("")) if missing else "there was nothing to compare."
        return f"Nothing could be measured here: {why}"
    good.append("Nothing that was measured left ordinary variation.")
    if missing:
        good.append(f"{len(missing)} of {len(decisive)} things could not be measured.")
    return " ".join(good)


def _likeness(report: Findings, pair: Pair, further: Sequence[tuple[U8, F32]]) -> None:
    """The judge's distance, and how it stands among ordinary pairs, strangers and the person's own photos."""
    least = MIN_LIKENESS_PX[report.regime]
    judge_name = (
        f"Judge: {likeness.NAME} (sha256 {likeness.model_sha256()[:12]}…), which steers no engine here."
    )
    descriptors: list[F64] = []

    def distance() -> float:
        pair.needs(least)
        descriptors.append(likeness.embed(pair.picture, pair.picture_landmarks))
        descriptors.append(likeness.embed(pair.original, pair.original_landmarks))
        return likeness.distance(descriptors[0], descriptors[1])

    another = report.regime == "another photo"
    report.add(
        "likeness",
        distance,
        lambda v, s: wording.likeness(s, another),
        "Euclidean distance of two 128-number descriptors, each a mean of the face and its mirror image. "
        + judge_name,
    )
    value = report.found[-1].value
    if another and value is not None:
        # In the same photo both figures would only say that it is the same photo.
        report.note(
            "closer_than",
            lambda: 100.0 * curves.closer_than(value).share,
            "%",
            lambda v: wording.closer_than(curves.closer_than(value)),
            "Share of pairs of two ordinary photos of one person that this judge puts further apart. "
            + judge_name,
        )
        report.note(
            "strangers",
            lambda: 100.0 * curves.strangers_as_close(value).share,
            "%",
            lambda v: wording.strangers(curves.strangers_as_close(value)),
            "Share of pairs of different persons that this judge puts as close. " + judge_name,
        )
    if further and value is not None:
        _further(report, descriptors, [likeness.embed(*photo) for photo in further], judge_name)


def _further(report: Findings, ours: list[F64], theirs: list[F64], judge_name: str) -> None:
    picture, original = ours
    how = "Median distance to your further photos against the distances among your own photos. " + judge_name
    source = (
        "Proposed, not calibrated: after Jenkins et al. 2011, one person's photos vary more than expected."
    )
    value: float | None = None
    state: State = "grey"
    edges = ""
    try:
        placed = own_range(picture, original, theirs, likeness.distance)
        value, state, text = placed.median, placed.state, placed.sentence()
        own = placed.own[-1]
        edges = f"green up to {own:.2f} (your own largest), amber up to {own + MARGIN:.2f}, red above"
    except Unmeasurable as reason:
        text = wording.grey(str(reason))
    report.found.append(
        Finding("own_range", value, "distance", state, text, how, edges, source, wording.TITLES["own_range"])
    )
    if report.regime == "another photo":
        report.note(
            "copy_paste",
            lambda: copy_paste(picture, original, theirs, likeness.distance),
            "share",
            wording.copy_paste,
            "(distance to your other photos − to the photo it was made from) / distance between these; "
            "after WithAnyone. " + judge_name,
        )


def _no_face() -> AuthenticityReport:
    rule = cut("likeness", "another photo")
    assert rule is not None
    text = wording.grey("no face was found in this picture.")
    found = Finding(
        "likeness",
        None,
        rule.unit,
        "grey",
        text,
        f"Judge: {likeness.NAME}.",
        rule.words(),
        rule.source,
        wording.TITLES["likeness"],
    )
    return AuthenticityReport((found,), "no face", frozenset({"likeness"}))
