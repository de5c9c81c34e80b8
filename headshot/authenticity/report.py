"""The report: every measure of one pair of pictures, with its state, its sentence and its cut's source.

Evidence, not a grade. What cannot be measured is grey with the reason. Nothing here names a race, a gender
or an age: all figures are differences between two pictures of one person.
"""

from __future__ import annotations

from headshot.authenticity import likeness, registration, wording
from headshot.authenticity.align import canonical
from headshot.authenticity.cuts import Regime
from headshot.authenticity.findings import (
    OTHER_PHOTO,
    UNSURE,
    Findings,
    add_gate,
    add_marks,
    add_shape,
    add_skin,
)
from headshot.authenticity.gate import gate, sameness
from headshot.authenticity.iris import iris_change
from headshot.authenticity.texture import MIN_EYE_PX, texture
from headshot.authenticity.unmeasurable import Unmeasurable
from headshot.types import F32, U8, AuthenticityReport

MIN_SHAPE_PX = 40.0  # px between the eyes below which a change of 1% is under half a pixel
MIN_LIKENESS_PX = {"own pixels": 25.0, "generator": 25.0, "another photo": 45.0}

SAME_PHOTO_AXES = frozenset(
    "likeness eye_size nose_width mouth_width jaw_width face_shape asymmetry "
    "beyond_light skin_hue texture marks iris".split()
)
OTHER_PHOTO_AXES = frozenset({"likeness", "texture", "iris"})


def judge(
    original: U8,
    original_landmarks: F32,
    picture: U8,
    picture_landmarks: F32,
    *,
    own_pixels: bool,
    kept: float | None = None,
) -> AuthenticityReport:
    """Compare a picture with the photo it is of.

    `original`, `picture`: (h, w, 3) uint8 RGB of any sizes; landmarks: (478, 3) float32 px in each.
    `own_pixels`: the picture claims to be made of the photo's own pixels (strictest cuts); `kept` (0..1 or
    None) the share of the face that is. For all other pictures the gate decides: the report's `regime` is
    "own pixels", "generator" (the same photo, repainted), "another photo" or "unsure". Raises
    WeightsMissing when the embedded judge is not installed.
    """
    a, b = canonical(original, original_landmarks), canonical(picture, picture_landmarks)
    found = registration.register(a, b)
    correlation = sameness(a, found)
    gated = gate(correlation)
    same = gated == "same photo"
    regime: Regime = "own pixels" if own_pixels else "generator" if same else "another photo"
    report = Findings(regime)
    smaller = min(a.source_eye_px, b.source_eye_px)

    def needs(pixels: float) -> None:
        if smaller < pixels:
            raise Unmeasurable(
                f"the face is too small ({smaller:.0f} of {pixels:.0f} pixels between the eyes)."
            )

    def followed() -> None:
        """Preconditions of all that needs the pixels to be the same photo's."""
        if not same:
            raise Unmeasurable(UNSURE if gated == "unsure" else OTHER_PHOTO)
        needs(MIN_SHAPE_PX)

    def distance() -> float:
        needs(MIN_LIKENESS_PX[regime])
        return likeness.distance(
            likeness.embed(original, original_landmarks), likeness.embed(picture, picture_landmarks)
        )

    report.add(
        "likeness",
        distance,
        lambda v, s: wording.likeness(s, regime == "another photo"),
        f"Euclidean distance of two 128-number descriptors, each a mean of the face and its mirror image. "
        f"Judge: {likeness.NAME} (sha256 {likeness.model_sha256()[:12]}…), which steers no engine here.",
    )
    add_gate(report, correlation, own_pixels)
    add_shape(report, a, found, followed)
    add_skin(report, a, b, registration.carried(a, found), same)

    def fine() -> float:
        needs(MIN_EYE_PX)
        # Both at the fineness that the smaller face can hold.
        before = texture(canonical(original, original_landmarks, detail=smaller))
        after = texture(canonical(picture, picture_landmarks, detail=smaller))
        if before <= 1e-6:
            raise Unmeasurable("the photo shows no skin texture.")
        return after / before

    report.add(
        "texture",
        fine,
        wording.texture,
        "Robust spread of the skin's finest detail (DoG .8 to 1.6 px at 160 px between the eyes), "
        "picture over photo.",
    )
    add_marks(report, a, registration.carried(a, found), followed, lambda: needs(MIN_EYE_PX))

    def iris() -> float:
        needs(MIN_SHAPE_PX)
        return iris_change(a, b)

    report.add(
        "iris", iris, lambda v, s: wording.iris(s), "Distance of the irises' a* b*, relative to the skin's."
    )
    if kept is not None:
        report.note(
            "kept_pixels",
            kept,
            "share",
            "green",
            wording.kept(kept),
            "Share of the face whose pixels are the photo's own and did not move.",
        )
    disagrees = own_pixels and not same
    axes = OTHER_PHOTO_AXES if regime == "another photo" else SAME_PHOTO_AXES
    return AuthenticityReport(
        tuple(report.found),
        "unsure" if not own_pixels and gated == "unsure" else regime,
        axes | {"same_photo"} if disagrees else axes,
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
        return "Nothing could be measured here. " + (missing[0].sentence if missing else "")
    good.append("Nothing that was measured left ordinary variation.")
    if missing:
        good.append(f"{len(missing)} of {len(decisive)} things could not be measured.")
    return " ".join(good)
