"""The brows' tone against the cheeks': painted, plucked, or moved off the place where the mesh sees them."""

from __future__ import annotations

import numpy as np

from headshot.authenticity.measures.head_view import BLACK, HeadView, linear
from headshot.authenticity.measures.light import cheek_colour
from headshot.authenticity.measures.unmeasurable import Unmeasurable
from headshot.imaging.colour import REC709

MIN_PIXELS = 60


def brow_change(original: HeadView, picture: HeadView) -> float:
    """Measure in stops how much further the brows are below the cheeks' luminance; positive: darker or fuller.

    Raises Unmeasurable where the brows are hardly seen.
    """
    return _contrast(picture) - _contrast(original)


def _contrast(head: HeadView) -> float:
    if head.face.brows.sum() < MIN_PIXELS:
        raise Unmeasurable("too little of the brows can be seen.")
    cheek, brow = linear(cheek_colour(head)) @ REC709, head.median_linear(head.face.brows) @ REC709
    return float(np.log2((cheek + BLACK) / (brow + BLACK)))
