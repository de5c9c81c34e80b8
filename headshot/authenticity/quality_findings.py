"""How good the photo and the picture are to compare: each one's weakest point, after BSI OFIQ. It says nothing of who.

The worst of the scores and not a mean, as everywhere in the report. Measured in the canonical crop, where the scores
of 23 shared photos are those of the photo itself within 3 points (even light 7). OFIQ's pose, background and trained
measures are not among them.
"""

from __future__ import annotations

from functools import partial

from headshot.authenticity import sentences
from headshot.authenticity.findings import Findings
from headshot.authenticity.measures.aligned_face import Aligned
from headshot.authenticity.pair import Pair
from headshot.authenticity.thresholds import threshold
from headshot.language import tr
from headshot.photo import quality

_DARK = 0.9  # share of the face in the dark from which it is said: below it dark skin counts toward the share
_METHOD = (
    "The lowest of OFIQ's scores (0 to 100) for the distance between the eyes, open eyes, closed mouth, over- and "
    "under-exposure, even light and range of shades."
)


def scores(face: Aligned, eye_px: float) -> dict[str, float]:
    """Compute OFIQ's scores 0..100 by what is said where one is low. `eye_px`: between the eyes before enlargement."""
    light = quality.face_luminance(face.pixels, face.landmarks)
    found = {
        "the face is small": quality.inter_eye(eye_px),
        "the eyes are not wide open": quality.eyes_open(quality.lid_gap(face.landmarks)),
        "the mouth is open": quality.mouth_closed(quality.lip_gap(face.landmarks)),
        "parts of the face are burnt out to white": quality.over_exposed(quality.over_exposed_share(light)),
        "the light comes from one side": quality.even_light(quality.cheek_overlap(face.pixels, face.landmarks)),
        "the face has few shades between dark and light": quality.dynamic_range(quality.entropy(light)),
    }
    dark = quality.under_exposed_share(light)
    return {**found, "the face is very dark": quality.under_exposed(dark)} if dark > _DARK else found


def add_quality(report: Findings, pair: Pair) -> None:
    """Add `quality_in` of the original and `quality_out` of the picture."""
    rule = threshold("quality", report.judged_as)
    good, poor = rule.edges
    own_px = min(pair.a.source_eye_px, pair.source_eye_px or pair.a.source_eye_px)
    for name, what, face, eye_px in (
        ("quality_in", tr("Your photo"), pair.a, own_px),
        ("quality_out", tr("The picture"), pair.b, pair.b.source_eye_px),
    ):
        found = scores(face, eye_px)
        weakest = min(found, key=lambda point: found[point])

        def words(value: float, what: str = what, weakest: str = weakest) -> str:
            return sentences.quality(what, weakest, rule.state(value))

        report.note(
            name,
            partial(min, found.values()),
            words,
            _METHOD,
            tr(rule.source),
            tr("good from {good:g}, poor under {poor:g}", good=good, poor=poor),
        )
