"""The lips' colour against the cheeks', so that the light's colour drops out."""

from __future__ import annotations

import cv2
import numpy as np

from headshot.authenticity.measures.head_view import BLACK, MIN_PIXELS, HeadView, linear
from headshot.authenticity.measures.light import cheek_colour
from headshot.authenticity.measures.unmeasurable import Unmeasurable
from headshot.imaging.masks import pixels_in
from headshot.imaging.median import medians
from headshot.types import F64


def lips_change(original: HeadView, picture: HeadView) -> float:
    """Measure in stops how far (log2 G/R, log2 B/R) of lips against upper cheeks moved, linear light.

    Raises Unmeasurable where the lips are hardly seen or too bright.
    """
    return float(np.hypot(*(_colour(picture) - _colour(original))))


def _colour(head: HeadView) -> F64:
    lips = cv2.erode(head.face.lips.astype(np.uint8), np.ones((5, 5), np.uint8)) > 0
    if np.count_nonzero(lips) < MIN_PIXELS:
        raise Unmeasurable("too little of the lips can be seen.")
    pixels = pixels_in(head.face.pixels, lips)
    if (pixels.max(axis=1) >= 252).mean() > 0.05:
        raise Unmeasurable("the lips are so bright that their colour is lost.")
    red, cheek = linear(medians(pixels)) + BLACK, linear(cheek_colour(head)) + BLACK
    return np.asarray(np.log2(red[1:] / red[0]) - np.log2(cheek[1:] / cheek[0]), np.float64)
