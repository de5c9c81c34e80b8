"""Findings, one after another: measure, judge by the regime's cut, put into words."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache

from headshot.authenticity import sentences as wording
from headshot.authenticity.measures import geometry as regions
from headshot.authenticity.measures import skin
from headshot.authenticity.measures.aligned_face import Aligned, canonical
from headshot.authenticity.measures.asymmetry import asymmetry_kept
from headshot.authenticity.measures.iris_colour import iris_change
from headshot.authenticity.measures.marks import compare_marks
from headshot.authenticity.measures.registration import Registration
from headshot.authenticity.measures.same_photo import OTHER, SAME
from headshot.authenticity.measures.texture import MIN_EYE_PX, softness, texture, texture_kept
from headshot.authenticity.measures.unmeasurable import Unmeasurable
from headshot.authenticity.pair import MIN_SHAPE_PX, OTHER_PHOTO, Pair
from headshot.authenticity.thresholds import Cut, Regime, cut, unit
from headshot.types import Finding, State

FLOW = "Dense registration (optical flow on locally normalised lightness, whole-face motion taken out)"


SMALL_PX = 70.0  # px between the eyes


class Findings:
    """Collects the findings of one pair under one regime.

    `deciding`: ids that decide besides the regime's own, because this machine could measure them. `small`: the face
    has under SMALL_PX px between the eyes; own pixels are then judged by the wider cuts, because there JPEG and
    scaling alone move what the strict ones forbid.
    """

    def __init__(self, regime: Regime, small: bool = False) -> None:
        self.regime = regime
        self.cuts: Regime = "generator" if small and regime == "own pixels" else regime
        self.found: list[Finding] = []
        self.deciding: set[str] = set()

    def add(
        self,
        name: str,
        measure: Callable[[], float],
        sentence: Callable[[float, State], str],
        method: str,
        by: Cut | None = None,
    ) -> State:
        """One measure that has cuts: the table's for `name`, or `by`.

        Unmeasurable makes it grey with the reason; anything else is a bug.
        """
        rule = by or cut(name, self.cuts)
        value, state, why = None, State.GREY, ""
        try:
            if rule is None:
                raise Unmeasurable(OTHER_PHOTO)
            value = measure()
            state = rule.state(value)
            text = sentence(value, state)
        except Unmeasurable as reason:
            why = str(reason)
            text = wording.grey(why)
        self.found.append(
            Finding(
                id=name,
                value=value,
                unit=rule.unit if rule else unit(name),
                state=state,
                sentence=text,
                method=method,
                threshold=rule.words() if rule else "no verdict between two different photos",
                source=rule.source if rule else "No such measure told a person from strangers in other photos.",
                title=wording.TITLES[name],
                reason=why,
            )
        )
        return state

    def note(
        self,
        name: str,
        measure: Callable[[], float],
        unit: str,
        sentence: Callable[[float], str],
        method: str,
        source: str = "",
        threshold: str = "information only",
    ) -> None:
        """Information: grey with a figure, shown and never deciding."""
        value, why = None, ""
        try:
            value = measure()
            text = sentence(value)
        except Unmeasurable as reason:
            why = str(reason)
            text = wording.grey(why)
        title = wording.TITLES[name]
        self.found.append(Finding(name, value, unit, State.GREY, text, method, threshold, source, title, why))


def add_gate(report: Findings, pair: Pair, own_pixels: bool, mirrored: bool = False) -> None:
    """Which kind of pair it is: information, unless the picture claims to be what it is not, or is mirrored."""
    words = {
        "same photo": "Both pictures come from the same photo.",
        "another photo": "This is another photo, or was painted anew.",
        "unsure": "Whether both pictures come from the same photo is unclear.",
    }
    state: State = State.GREY
    sentence = words[pair.gate]
    if own_pixels:
        states: dict[str, State] = {"same photo": State.GREEN, "unsure": State.AMBER, "another photo": State.RED}
        state = states[pair.gate]
        if not pair.same:
            sentence = "This picture should be made of your photo's own pixels, but does not match it."
    if mirrored:
        state = State.AMBER
        sentence = (
            "This is your photo with left and right swapped: others know your face the other way round. "
            "All else was measured after swapping it back."
        )
        report.deciding.add("same_photo")
    report.found.append(
        Finding(
            id="same_photo",
            value=pair.correlation,
            unit="correlation",
            state=state,
            sentence=sentence,
            method="Median local correlation of coarse lightness over the face after dense registration.",
            threshold=f"same photo from {SAME:g}, another photo up to {OTHER:g}",
            source="Our measurement: same photo from .94, another photo .42 to .73, strangers up to .76.",
            title=wording.TITLES["same_photo"],
        )
    )


def add_shape(report: Findings, pair: Pair) -> None:
    """Sizes of eyes, nose, mouth and jaw, the whole shape, and the asymmetry: same photo only."""

    def add(
        name: str,
        of: Callable[[Aligned, Registration], float],
        sentence: Callable[[float, State], str],
        what: str,
    ) -> None:
        def measure() -> float:
            pair.needs_same_photo()
            return of(pair.a, pair.found)

        report.add(name, measure, sentence, FLOW + what)

    def scale(name: str) -> Callable[[float, State], str]:
        rule = cut(name, report.cuts)
        within = rule.edges[0] if rule else 0.0
        return lambda value, state: wording.scale(name, value, state, within)

    eyes: list[float] = []

    def larger_eye(original: Aligned, found: Registration) -> float:
        eyes[:] = regions.eye_scales(original, found)
        return max(eyes, key=abs)  # a mean would let opposite changes cancel

    def eye_words(value: float, state: State) -> str:
        return scale("eye_size")(value, state) if state == State.GREEN else wording.eyes(*eyes)

    add("eye_size", larger_eye, eye_words, ": scale round each iris; of the two eyes the one that changed most.")
    add("nose_width", regions.nose_width, scale("nose_width"), ": width over the nose below its bridge.")
    add("mouth_width", regions.mouth_width, scale("mouth_width"), ": width over the lips.")
    add("jaw_width", regions.jaw_width, scale("jaw_width"), ": left against right motion of the contour.")
    add(
        "face_shape",
        regions.face_shape,
        lambda v, s: wording.shape(s),
        ": root mean square of what is left.",
    )
    add(
        "asymmetry",
        asymmetry_kept,
        wording.asymmetry,
        ", projected on the photo's own left-right differences.",
    )


def add_skin(report: Findings, pair: Pair) -> None:
    """Lightening beyond the light, hue, and lightness as information."""
    here, there = pair.skin
    beyond: State = State.GREY

    def lightened() -> float:
        return skin.beyond_light(pair.ours, pair.other)

    def turned() -> float:
        return skin.turn(skin.hue(pair.a, here), skin.hue(pair.other, there))

    how = (
        "Change of skin against lips and against brows in linear light; the smaller, 0 if they disagree. In stops: one "
        "stop is twice or half the light."
    )
    how_hue = "Change of atan2(b*, a*) of the mean skin colour, clipped pixels left out."
    if report.regime == "another photo":
        report.note("beyond_light", lightened, unit("beyond_light"), wording.two_photos, how)
        report.note("skin_hue", turned, unit("skin_hue"), wording.two_photos, how_hue)
    else:
        beyond = report.add("beyond_light", lightened, wording.beyond_light, how)
        report.add("skin_hue", turned, wording.hue, how_hue)
    report.note(
        "skin_lightness",
        lambda: skin.lightness(pair.other, there) - skin.lightness(pair.a, here),
        "L*",
        lambda v: wording.lightness(v, beyond),
        "Difference of the skin's median CIE L* (0 to 100). Light and whitening read the same here.",
    )


def add_detail(report: Findings, pair: Pair) -> None:
    """Sharpness, fine texture, moles and marks, and the colour of the eyes."""
    another = report.regime == "another photo"

    @cache
    def fine() -> tuple[Aligned, Aligned]:
        """Both at the fineness that the smaller face can hold; of the same photo the same part of it."""
        pair.needs(MIN_EYE_PX)
        a = canonical(pair.original, pair.original_landmarks, detail=pair.eye_px)
        b = canonical(pair.picture, pair.picture_landmarks, detail=pair.eye_px)
        return (a.within(b.inside), b.within(a.inside)) if pair.same else (a, b)

    @cache
    def soft() -> float:
        pair.needs_same_photo()
        return softness(*fine())

    def kept() -> float:
        before, after = fine()
        if pair.same:
            return texture_kept(before, after, soft())
        was = texture(before)
        if was <= 1e-6:
            raise Unmeasurable("the photo shows no skin texture.")
        return texture(after) / was

    report.add(
        "sharpness",
        soft,
        wording.sharpness,
        "The Gaussian blur (px at 160 px between the eyes) that makes the photo's eyes, brows and lips as soft as the "
        "picture's.",
    )
    report.add(
        "texture",
        kept,
        lambda v, s: wording.texture(v, s, another),
        "Robust spread of the skin's finest detail (DoG .8 to 1.6 px at 160 px between the eyes) over L* + 16, picture "
        "over photo; in the same photo, over the photo made as soft as the picture is all over.",
    )
    counts: list[int] = []

    def marks() -> float:
        pair.needs_same_photo()
        pair.needs(MIN_EYE_PX)
        changes = compare_marks(pair.a, pair.carried)
        counts[:] = [len(changes.lost), len(changes.new), len(changes.found)]
        return float(counts[0] + counts[1])

    report.add(
        "marks",
        marks,
        lambda v, s: wording.marks(*counts),
        "Dark spots found in one picture (LoG) and measured at their place in the other; "
        "under .4 of the contrast is lost. Spots of under about 10 on a lightness scale of 100 are seldom found.",
    )

    def iris() -> float:
        pair.needs_colour()
        pair.needs(MIN_SHAPE_PX)
        if pair.same:
            regions.needs_eyes(pair.a, pair.found)
        return iris_change(pair.a, pair.b)

    report.add(
        "iris", iris, lambda v, s: wording.iris(s, another), "Distance of the irises' a* b*, relative to the skin's."
    )
