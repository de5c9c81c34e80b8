"""The irises' colour, relative to the skin so that the light's colour drops out."""

from __future__ import annotations

import cv2
import numpy as np

from headshot.authenticity.measures.aligned_face import Aligned, needs_inside
from headshot.authenticity.measures.unmeasurable import Unmeasurable
from headshot.imaging.landmarks import IRISES, LEFT_EYE, RIGHT_EYE
from headshot.imaging.masks import pixels_in
from headshot.imaging.median import medians
from headshot.types import F64

MIN_PIXELS = 40


def iris_colour(face: Aligned) -> F64:
    """Measure the median a*, b* of both irises minus the skin's, (2,) float64.

    The ring from .4 to .85 of the iris's radius, inside the lids, without highlights. Raises Unmeasurable
    when the eyes are closed or cut off.
    """
    needs_inside(face.whole.eyes, face.inside, "your eyes")
    lab = face.lab
    colours = []
    for centre, outline in zip(IRISES, (RIGHT_EYE, LEFT_EYE), strict=True):
        points = face.landmarks[centre : centre + 5, :2]
        radius = float(np.hypot(*(points[1:] - points[0]).T).mean())
        y, x = np.nonzero(cv2.erode(face.region(outline).astype(np.uint8), np.ones((3, 3), np.uint8)))
        distance = np.hypot(x - points[0, 0], y - points[0, 1]) / max(radius, 1e-6)
        ring = (distance > 0.4) & (distance < 0.85)
        if np.count_nonzero(ring) < MIN_PIXELS:
            continue
        values = lab[y[ring], x[ring]]
        # Reflections of lamps and windows are the brightest part of the ring.
        colours.append(values[values[:, 0] <= np.percentile(values[:, 0], 80)][:, 1:])
    if not colours or np.count_nonzero(face.skin) < 400:
        raise Unmeasurable("the eyes are closed, or too little skin can be seen.")
    eye = medians(np.concatenate(colours))
    skin = medians(pixels_in(lab, face.skin)[:, 1:])
    return np.asarray(eye - skin, np.float64)


def iris_change(original: Aligned, picture: Aligned) -> float:
    """Measure the distance of the two irises' colours relative to skin, in a* b* units."""
    return float(np.hypot(*(iris_colour(picture) - iris_colour(original))))
