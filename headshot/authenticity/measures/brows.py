"""The brows' tone against the cheeks': painted, plucked, or moved off the place where the mesh sees them."""

from __future__ import annotations

import numpy as np

from headshot.authenticity.measures import light
from headshot.authenticity.measures.head_view import BLACK, UPPER_CHEEKS, HeadView, agreed
from headshot.authenticity.measures.unmeasurable import Unmeasurable
from headshot.imaging.colour import REC709
from headshot.imaging.landmarks import LEFT_BROW, RIGHT_BROW

MIN_PIXELS = 60


def brow_change(original: HeadView, picture: HeadView) -> float:
    """Measure in stops how much further the brows are below the cheeks' luminance; positive: darker or fuller.

    As it is, and beyond what the change of light over the face would have made of them: the smaller, 0 where they
    disagree. Raises Unmeasurable where the brows are hardly seen.
    """
    change = _contrast(picture) - _contrast(original)
    shaded = light.shading(original, picture)
    if shaded is None:
        return change
    beyond = change + shaded.between(original.face.brows, original.cheeks, original.face.eye_px)
    return agreed(change, beyond)


def _contrast(head: HeadView) -> float:
    """Mean of both sides, each brow against its own cheek, so that light from one side is none of the brows'."""
    light.cheek_colour(head)  # raises where the cheeks' light is lost
    contrasts = []
    for brow, cheek in zip((RIGHT_BROW, LEFT_BROW), UPPER_CHEEKS, strict=True):
        masks = (head.hull(cheek), head.face.region(brow))
        if min(np.count_nonzero(m) for m in masks) >= MIN_PIXELS / 2:
            tones = (np.log2(head.median_linear(m) @ REC709 + BLACK) for m in masks)
            contrasts.append(float(np.subtract(*tones)))
    if not contrasts or np.count_nonzero(head.face.brows) < MIN_PIXELS:
        raise Unmeasurable("too little of the brows can be seen.")
    return float(np.mean(contrasts))
