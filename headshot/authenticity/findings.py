"""Findings, one after another: measure, judge by the regime's cut, put into words."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from headshot.authenticity import registration, skin, wording
from headshot.authenticity.align import Aligned
from headshot.authenticity.asymmetry import asymmetry_kept
from headshot.authenticity.cuts import Regime, cut, unit
from headshot.authenticity.gate import OTHER, SAME, gate
from headshot.authenticity.marks import compare_marks
from headshot.authenticity.unmeasurable import Unmeasurable
from headshot.types import Finding, State

OTHER_PHOTO = "these are two different photos, where pose, expression and light change it anyway."
UNSURE = "it is not clear whether both pictures come from the same photo."


@dataclass
class Findings:
    """Collects findings for one pair."""

    regime: Regime
    found: list[Finding] = field(default_factory=list)

    def add(
        self, name: str, measure: Callable[[], float], sentence: Callable[[float, State], str], method: str
    ) -> State:
        """Measure, judge by the regime's cut, and put into words. Returns the state."""
        rule = cut(name, self.regime)
        value: float | None = None
        state: State = "grey"
        try:
            if rule is None:
                raise Unmeasurable(OTHER_PHOTO)
            value = measure()
            state = rule.state(value)
            text = sentence(value, state)
        except Unmeasurable as reason:
            text = wording.grey(str(reason))
        self.found.append(
            Finding(
                id=name,
                value=value,
                unit=unit(name),
                state=state,
                sentence=text,
                method=method,
                threshold=rule.words() if rule else "no verdict between two different photos",
                source=rule.source
                if rule
                else "No such measure told a person from strangers in other photos.",
                title=wording.TITLES[name],
            )
        )
        return state

    def note(
        self, name: str, value: float | None, unit: str, state: State, sentence: str, method: str
    ) -> None:
        """Information: shown, never decides."""
        self.found.append(
            Finding(name, value, unit, state, sentence, method, "information only", "", wording.TITLES[name])
        )


def add_gate(report: Findings, correlation: float, own_pixels: bool) -> None:
    gated = gate(correlation)
    words = {
        "same photo": "Both pictures come from the same photo.",
        "another photo": "This is another photo, or was painted anew.",
        "unsure": "Whether both pictures come from the same photo is unclear.",
    }
    state: State = "green"
    sentence = words[gated]
    if own_pixels and gated != "same photo":
        state = "red" if gated == "another photo" else "amber"
        sentence = "This picture should be made of your photo's own pixels, but does not match it."
    report.found.append(
        Finding(
            "same_photo",
            correlation,
            "correlation",
            state,
            sentence,
            "Median local correlation of lightness over the face after dense registration.",
            f"same photo from {SAME:g}, another photo up to {OTHER:g}",
            "Our measurement: same photo .77 to 1, another photo of the person .23 to .63, strangers to .58.",
            wording.TITLES["same_photo"],
        )
    )


def add_shape(
    report: Findings, a: Aligned, found: registration.Registration, followed: Callable[[], None]
) -> None:
    how = "Dense registration (optical flow on locally normalised lightness, whole-face motion taken out)"
    scales: dict[str, tuple[Callable[[Aligned, registration.Registration], float], str]] = {
        "eye_size": (registration.eye_scale, "scale round each iris, mean of both."),
        "nose_width": (registration.nose_width, "width over the nose."),
        "mouth_width": (registration.mouth_width, "width over the lips."),
        "jaw_width": (registration.jaw_width, "left against right motion of the jaw's contour."),
    }

    def checked(of: Callable[[Aligned, registration.Registration], float]) -> Callable[[], float]:
        def run() -> float:
            followed()
            return of(a, found)

        return run

    for name, (of, what) in scales.items():
        report.add(name, checked(of), lambda v, s, name=name: wording.scale(name, v, s), f"{how}: {what}")  # type: ignore[misc]
    report.add(
        "face_shape",
        checked(registration.face_shape),
        lambda v, s: wording.shape(s),
        f"{how}: root mean square of what is left over the face.",
    )
    report.add(
        "asymmetry",
        checked(asymmetry_kept),
        wording.asymmetry,
        f"{how}, projected on the photo's own left-right differences: 1 all kept, 0 none.",
    )


def add_skin(report: Findings, a: Aligned, b: Aligned, carried: Aligned, same: bool) -> State:
    other = carried if same else b
    both = skin.unclipped(a) & skin.unclipped(other)
    here = a.skin & both if same else a.skin & skin.unclipped(a)
    there = here if same else b.skin & skin.unclipped(b)
    beyond = report.add(
        "beyond_light",
        lambda: skin.beyond_light(a, other),
        wording.beyond_light,
        "Change of skin against lips and against brows in linear light; the smaller, 0 if they disagree.",
    )
    report.add(
        "skin_hue",
        lambda: skin.turn(skin.hue(a, here), skin.hue(other, there)),
        wording.hue,
        "Change of atan2(b*, a*) of the mean skin colour, clipped pixels left out.",
    )
    try:
        change = skin.lightness(other, there) - skin.lightness(a, here)
        state: State = beyond if beyond in ("amber", "red") else "green"
        report.note(
            "skin_lightness",
            change,
            "L*",
            state,
            wording.lightness(change, beyond),
            "Difference of the skin's median CIE L* (0 to 100). Light and whitening read the same here.",
        )
    except Unmeasurable as reason:
        report.note(
            "skin_lightness", None, "L*", "grey", wording.grey(str(reason)), "Difference of median CIE L*."
        )
    return beyond


def add_marks(
    report: Findings, a: Aligned, carried: Aligned, followed: Callable[[], None], sharp: Callable[[], None]
) -> None:
    seen: list[int] = []

    def run() -> float:
        followed()
        sharp()
        changes = compare_marks(a, carried)
        seen[:] = [len(changes.lost), len(changes.new), len(changes.found)]
        return float(seen[0] + seen[1])

    report.add(
        "marks",
        run,
        lambda v, s: wording.marks(*seen),
        "Dark spots found in one picture (LoG) and measured at their place in the other; "
        "under .4 of the contrast is lost.",
    )
