"""The report: every measure of one pair of pictures, with its state, its sentence and its cut's source.

Evidence, not a grade. What cannot be measured is grey with the reason. Nothing here names a race, a gender
or an age: all figures are differences between two pictures of one person.
"""

from __future__ import annotations

from collections.abc import Sequence

from headshot.authenticity import sentences as wording
from headshot.authenticity.findings import SMALL_PX, Findings, add_detail, add_gate, add_shape, add_skin
from headshot.authenticity.likeness_findings import add_likeness
from headshot.authenticity.pair import Pair, is_mirrored
from headshot.authenticity.quality_findings import add_quality
from headshot.authenticity.recognition import dlib_judge as likeness
from headshot.authenticity.recognition.judges import Panel, on_this_machine
from headshot.authenticity.thresholds import Regime, cut
from headshot.authenticity.trait_findings import add_traits
from headshot.types import F32, U8, AuthenticityReport, Finding, State

SAME_PHOTO_AXES = frozenset(
    "likeness eye_size nose_width mouth_width jaw_width face_shape asymmetry "
    "beyond_light skin_hue sharpness texture marks iris glasses hair hair_outline own_range".split()
)
OTHER_PHOTO_AXES = frozenset({"likeness", "texture", "iris", "glasses", "own_range", "copy_paste"})


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
    judges: Panel | None = None,
    painted: bool = False,
) -> AuthenticityReport:
    """Compare a picture with the photo it is of.

    `original`, `picture`: (h, w, 3) uint8 RGB of any sizes; landmarks: (478, 3) float32 px in each, None
    where no face was found in the picture. `own_pixels`: the picture claims to be made of the photo's own
    pixels (strictest cuts); `kept` (0..1 or None) the share of the face that is. `further`: other photos of
    the person with their landmarks, kept in memory only. `source_eye_px`: the eye distance in the upload, where
    `original` is an enlargement of it (an enlargement has no more detail to compare). `judges`: who judges beside
    the embedded one; None: whose weights are on this machine. `painted`: one of this app's generators is known to have
    made the picture, so that the model that steers them steered it.

    For pictures that claim nothing the gate decides: the report's `regime` is "own pixels", "generator" (the
    same photo, repainted), "another photo", "unsure" (judged as another photo) or "no face". A mirror image of the
    photo is said to be one, and measured after turning it back. Raises
    WeightsMissing when the embedded judge is not installed.
    """
    if picture_landmarks is None:
        return _no_face()
    pair = Pair(original, original_landmarks, picture, picture_landmarks, source_eye_px)
    mirrored = not own_pixels and is_mirrored(pair)
    if mirrored:
        pair = pair.mirrored()
    regime: Regime = "own pixels" if own_pixels else "generator" if pair.same else "another photo"
    report = Findings(regime, small=pair.eye_px < SMALL_PX)
    add_likeness(report, pair, further, on_this_machine() if judges is None else judges, painted)
    add_gate(report, pair, own_pixels, mirrored)
    add_shape(report, pair)
    add_skin(report, pair)
    add_detail(report, pair)
    add_traits(report, pair)
    add_quality(report, pair)
    if kept is not None:
        report.note(
            "kept_pixels",
            lambda: kept,
            "share",
            wording.kept,
            "Share of the face whose pixels are the photo's own and did not move.",
        )
    axes = (OTHER_PHOTO_AXES if regime == "another photo" else SAME_PHOTO_AXES) | report.deciding
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
    for state in (State.RED, State.AMBER):
        said += [f.sentence for f in decisive if f.state == state]
    if said:
        rest = len(said) - 2
        more = [f"{rest} more {'thing wants' if rest == 1 else 'things want'} a look."] if rest > 0 else []
        return " ".join(said[:2] + more)
    missing = [f for f in decisive if f.state == State.GREY]
    likeness = report.get("likeness")
    if report.verdict == State.GREY and likeness is not None and len(missing) < len(decisive):
        return (
            f"Whether this is still you could not be measured: {likeness.reason} "
            "The few things that could be measured did not change."
        )
    good = [f.sentence for f in decisive if f.state == State.GREEN][:1]
    if not good:
        why = missing[0].reason if missing else "there was nothing to compare."
        return f"Nothing could be measured here: {why}"
    good.append("Nothing that was measured left ordinary variation.")
    if missing:
        good.append(f"{len(missing)} of {len(decisive)} things could not be measured.")
    return " ".join(good)


def _no_face() -> AuthenticityReport:
    rule = cut("likeness", "another photo")
    assert rule is not None
    reason = "no face was found in this picture."
    found = Finding(
        "likeness",
        None,
        rule.unit,
        State.GREY,
        wording.grey(reason),
        f"Judge: {likeness.NAME}.",
        rule.words(),
        rule.source,
        wording.TITLES["likeness"],
        reason,
    )
    return AuthenticityReport((found,), "no face", frozenset({"likeness"}))
