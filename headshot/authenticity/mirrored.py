"""Is the picture the photo turned left to right?"""

from __future__ import annotations

from headshot.authenticity.pair import Pair
from headshot.authenticity.recognition import dlib_judge

MIRROR_DISTANCE = 0.2  # of the embedded judge


def is_mirrored(pair: Pair) -> bool:
    """Tell whether the picture is the photo turned left to right: it is the same photo only after turning it back.

    Asked only where the embedded judge, to whom both sides are one, sees hardly a difference: mirror images of our
    photos lay at .08 to .09, and other photos of one person lie far beyond (dlib_curve.toml).
    """
    return not pair.same and dlib_judge.distance(*pair.descriptors) <= MIRROR_DISTANCE and pair.mirrored().same
