"""Findings on what people are told by at a glance: colour of the eyes, glasses, hair, age, expression."""

from __future__ import annotations

import numpy as np

from headshot.authenticity import sentences
from headshot.authenticity.findings import SMALL_PX, Findings
from headshot.authenticity.measures import geometry
from headshot.authenticity.measures.expression import floor
from headshot.authenticity.measures.glasses import MIN_EYE_PX, glasses_change
from headshot.authenticity.measures.hair_outline import outline_change
from headshot.authenticity.measures.iris_colour import iris_change
from headshot.authenticity.pair import MIN_SHAPE_PX, Pair
from headshot.authenticity.recognition.apparent_age import age_change, face_alone
from headshot.imaging.landmarks import LEFT_EYE, RIGHT_EYE
from headshot.language import tr
from headshot.types import State

IRIS_EYE_PX = 60.0  # below it an iris has about five px of colour, which any codec mixes with the lids'


def add_traits(report: Findings, pair: Pair) -> None:
    """Add the eyes' colour, glasses, the hair's outline and apparent age (amber at most), the expression as a note."""
    another = report.kind == "another photo"

    def iris() -> float:
        pair.needs_colour()
        pair.needs(IRIS_EYE_PX)
        if pair.same:
            geometry.needs_eyes(pair.a, pair.found)
        return report.beyond_grading(
            "iris",
            pair,
            lambda a, b: iris_change(a.face, b.face),
            lambda face: face.around(RIGHT_EYE) | face.around(LEFT_EYE),
        )

    how = tr("Distance of the irises' a* b*, relative to the skin's.")
    if report.kind in ("same frame", "another photo"):
        report.note("iris", iris, sentences.two_photos, how)
    else:
        report.add("iris", iris, lambda v, s: sentences.iris(s), how)

    def glasses() -> float:
        pair.needs(MIN_EYE_PX)
        change = report.beyond_grading(
            "glasses",
            pair,
            lambda a, b: glasses_change(a.face, b.face),
            lambda face: face.around(RIGHT_EYE) | face.around(LEFT_EYE),
        )
        limit = report.threshold("glasses")
        if pair.same and limit and limit.state(change) == State.GREEN:
            # Lenses without a bridge hide the eyes and draw no line: then "no frame" cannot be said.
            geometry.needs_eyes(pair.a, pair.found)
        return change

    report.add(
        "glasses",
        glasses,
        sentences.glasses,
        tr(
            "Change of the strongest level line across the bridge of the nose (DoG of L*, averaged over "
            "its width). Thin wire and rimless glasses are hardly seen."
        ),
    )

    def around() -> float:
        if pair.same_photo != "same frame":
            pair.needs_same_photo()
        return outline_change(*pair.toneless)

    report.add(
        "hair_outline",
        around,
        sentences.hair_outline,
        tr(
            "Where MediaPipe's selfie segmentation ends along rays upwards from the eyes; the largest "
            "median of left, top and right, as % of the eye distance."
        ),
    )

    def age() -> float:
        painted = report.kind in ("generator", "same frame")
        pair.needs(SMALL_PX if painted else MIN_SHAPE_PX)  # a decoder's cells are as coarse as a small face's lines
        pair.needs_face()
        change = report.beyond_grading(
            "age",
            pair,
            lambda a, b: age_change((a.picture, a.landmarks), (b.picture, b.landmarks)),
            lambda face: np.zeros_like(face.inside),
        )
        if painted or not pair.same:
            return change
        # Own pixels of a face do not age with the backdrop, which the network sees too.
        faces = (face_alone(head.picture, head.landmarks) for head in pair.toneless)
        return report.unexplained("age", change, [lambda: age_change(*faces)])

    how = tr(
        "Difference of the years that dlib's age network (CC0) sees in each face; of the same photo's pixels the face "
        "without what lies round it is read too, and the smaller one counts. How old anybody is, it does not say."
    )
    if another:
        report.note("age", age, sentences.age_of_two_photos, how)
    else:
        if report.add("age", age, sentences.age, how).value is not None:
            report.deciding.add("age")
    change = pair.expression
    report.note(
        "expression",
        lambda: change.percent,
        lambda v: sentences.expression(change),
        tr(
            "Largest change among mouth opening, mouth width, eye opening and brows in the mesh, and in the same photo "
            "the mouth's corners as followed (here {part}); under {floor:g}% it is not told.",
            part=tr(change.part),
            floor=floor(change.part),
        ),
    )
