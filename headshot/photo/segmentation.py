"""Tell person from background: MediaPipe's selfie segmentation, which sees 256 × 256 pixels of a picture."""

from __future__ import annotations

import cv2
import numpy as np

from headshot.photo.networks import selfie
from headshot.types import F32, U8


def person_probability(picture: U8) -> F32:
    """Estimate the probability 0..1 that a pixel is a person, (h, w) float32, from a picture (h, w, 3) uint8.

    The mean of the picture and its mirror image, which disagree where the model is unsure.
    """
    small = cv2.resize(picture, (selfie.SIDE, selfie.SIDE), interpolation=cv2.INTER_AREA)
    both = (selfie.person_probability(small) + selfie.person_probability(small[:, ::-1])[:, ::-1]) / 2
    size = (picture.shape[1], picture.shape[0])
    return np.asarray(cv2.resize(both, size, interpolation=cv2.INTER_CUBIC).clip(0, 1), np.float32)
