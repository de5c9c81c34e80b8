"""Findings on the skin and on fine detail: light and hue, sharpness, texture, moles and marks."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

from headshot.authenticity import sentences
from headshot.authenticity.findings import Findings
from headshot.authenticity.measures import light, skin, tone
from headshot.authenticity.measures.aligned_face import Aligned, canonical
from headshot.authenticity.measures.head_view import HeadView
from headshot.authenticity.measures.marks import compare_marks
from headshot.authenticity.measures.texture import MIN_EYE_PX, beyond_sharpness, elsewhere, softness, texture
from headshot.authenticity.measures.unmeasurable import Unmeasurable
from headshot.authenticity.pair import Pair
from headshot.language import tr
from headshot.types import State

# Of what detail as faint as the skin's keeps elsewhere: .75 to 1.8 after WebP 35 and 60, AVIF 40, JPEG 40 of 14 faces,
# .36 to .77 where the skin was smoothed, with JPEG 60 or without.
EVENLY = 0.7
PLAIN = 9.0  # L*: the contrast of a spot that saving neither takes nor makes
FAINT = 7.0  # L*: below it a generator's decoder takes spots and makes some, up to 6.6 in 28 round trips
EVENLY_LOST = "all of the picture lost faint detail, as saving does, and not the skin alone."


def add_skin(report: Findings, pair: Pair) -> None:
    """Add lightening beyond the light, hue, and lightness as information."""
    here, there = pair.skin
    lightening = State.GREY

    def lightened() -> float:
        if pair.same:
            pair.needs_white_light()
        return report.beyond_grading("beyond_light", pair, beyond, None)

    def beyond(a: HeadView, b: HeadView) -> float:
        face = seen(a)
        return skin.beyond_light(face, pair.other, light.skin_lit(a, b, face))

    def seen(head: HeadView) -> Aligned:
        """The original for measures of skin, as it is or graded."""
        return pair.ours if head is pair.heads[0] else replace(pair.ours, pixels=head.face.pixels)

    def lighter() -> float:
        return skin.lightness(pair.other, there) - skin.lightness(pair.a, here)

    def turned() -> float:
        if pair.same:
            pair.needs_white_light()
        return report.beyond_grading(
            "skin_hue", pair, lambda a, b: skin.turn(skin.hue(a.face, here), skin.hue(pair.other, there)), None
        )

    how = (
        "Change of skin against lips and against brows in linear light; the smaller, 0 if they disagree. In stops: one "
        "stop is twice or half the light."
    )
    how_hue = "Change of atan2(b*, a*) of the mean skin colour, clipped pixels left out."
    if report.kind in ("same frame", "another photo"):
        report.note("beyond_light", lightened, sentences.two_photos, how)
        report.note("skin_hue", turned, sentences.two_photos, how_hue)
    else:
        found = report.add("beyond_light", lightened, lambda v, s: sentences.beyond_light(v, s, lighter()), how)
        lightening = found.state
        report.add("skin_hue", turned, sentences.hue, how_hue)
    report.note(
        "skin_lightness",
        lighter,
        lambda v: sentences.lightness(v, lightening),
        "Difference of the skin's median CIE L* (0 to 100). Light and whitening read the same here.",
    )


def add_detail(report: Findings, pair: Pair) -> None:
    """Add sharpness, fine texture, moles and marks."""
    another = report.kind in ("same frame", "another photo")

    @cache
    def fine() -> tuple[Aligned, Aligned]:
        """Give both at the fineness that the smaller face can hold; of the same photo the same part of it."""
        pair.needs(MIN_EYE_PX)
        a = canonical(pair.original, pair.original_landmarks, detail=pair.eye_px)
        b = canonical(pair.picture, pair.picture_landmarks, detail=pair.eye_px)
        return (a.within(b.inside), b.within(a.inside)) if pair.same else (a, b)

    @cache
    def soft() -> float:
        pair.needs_same_photo()
        return softness(*fine())

    def lost_elsewhere() -> float:
        """Give what is left of faint detail beside the face, 1 at most, and where nothing can be said."""
        try:
            return min(1.0, elsewhere(*fine(), soft()))
        except Unmeasurable:
            return 1.0

    def kept() -> float:
        before, after = fine()
        if pair.same:

            def graded() -> float:
                curve = pair.skin_grading  # contrast roughens skin
                if curve is None:
                    raise Unmeasurable("too little of the face's skin can be seen.")
                return beyond_sharpness(replace(before, pixels=tone.toned(before.pixels, curve)), after, soft())

            left = report.unexplained("texture", beyond_sharpness(before, after, soft()), [graded])
            limit = report.threshold("texture")
            struck = left < 1.0 and limit is not None and limit.state(left) != State.GREEN
            if struck and left >= EVENLY * lost_elsewhere():
                raise Unmeasurable(EVENLY_LOST)
            return left
        was = texture(before)
        if was <= 1e-6:
            raise Unmeasurable("the photo shows no skin texture.")
        return texture(after) / was

    report.add(
        "sharpness",
        soft,
        sentences.sharpness,
        "The Gaussian blur (px at 160 px between the eyes) that makes the photo's eyes, brows and lips as soft as the "
        "picture's.",
    )
    how = (
        "Robust spread of the skin's finest detail (DoG .8 to 1.6 px at 160 px between the eyes) over L* + 16, picture "
        "over photo; in the same photo, both as soft as the softer is all over. Where cloth, hair and backdrop lost as "
        "much, saving did it, and nothing is said."
    )
    if another:
        report.note("texture", kept, sentences.two_photos, how)
    else:
        report.add("texture", kept, sentences.texture, how)
    counts: list[int] = []

    def marks() -> float:
        pair.needs_same_photo()
        pair.needs(MIN_EYE_PX)
        changes = compare_marks(pair.a, pair.carried)
        faint = FAINT if report.kind == "generator" else 0.0
        spots = [sum(m.contrast >= faint for m in which) for which in (changes.lost, changes.new)]
        counts[:] = [*spots, len(changes.found)]
        if counts[0] + counts[1] and any(f.id == "texture" and f.reason == tr(EVENLY_LOST) for f in report.found):
            # Saving takes faint spots with the texture, and where it makes blocks it puts some there.
            counts[:2] = [sum(m.contrast >= PLAIN for m in spots) for spots in (changes.lost, changes.new)]
            if not counts[0] + counts[1]:
                raise Unmeasurable(EVENLY_LOST)
        return float(counts[0] + counts[1])

    report.add(
        "marks",
        marks,
        lambda v, s: sentences.marks(*counts),
        "Dark spots found in one picture (LoG) and measured at their place in the other; "
        "under .4 of the contrast is lost. Spots of under about 10 on a lightness scale of 100 are seldom found.",
    )
