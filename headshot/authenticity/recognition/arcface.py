"""ArcFace's alignment: five points of a face onto the template that recognisers are trained with."""

from __future__ import annotations

import cv2
import numpy as np

from headshot.imaging.landmarks import IRISES, MOUTH, NOSE_TIP
from headshot.imaging.similarity import fit_similarity
from headshot.types import F32, F64, U8

# Eyes, nose, corners of the mouth, from the picture's left, in a 112×112 crop: `arcface_dst` of InsightFace's
# face_align.py (Deng et al., ArcFace, 2019), the template of OpenCV's FaceRecognizerSF too.
TEMPLATE: F32 = np.array(
    [[38.2946, 51.6963], [73.5318, 51.5014], [56.0252, 71.7366], [41.5493, 92.3655], [70.7299, 92.2041]],
    np.float32,
)

# The same five in MediaPipe's topology: iris centres, tip of the nose, corners of the mouth.
LANDMARKS = (*IRISES, NOSE_TIP, *MOUTH)


def five_points(landmarks: F32) -> F32:
    """Pick ArcFace's five points, (5, 2) float32 px, from MediaPipe's (478, 2 or 3) landmarks."""
    return np.asarray(landmarks[list(LANDMARKS), :2], np.float32)


def matrix(points: F32, size: int = 112) -> F64:
    """Fit the (2, 3) similarity from `points` (5, 2) to the template in a `size`² crop."""
    if not np.ptp(points, axis=0).any():
        raise ValueError("five points that span no face")
    return fit_similarity(np.asarray(points, np.float64), np.asarray(TEMPLATE * (size / 112), np.float64))


def align(pixels: U8, points: F32, size: int = 112) -> U8:
    """Warp the (size, size, 3) crop of the face: bilinear, black beyond the photo, as in training."""
    warped = cv2.warpAffine(pixels, matrix(points, size), (size, size), borderValue=0.0)
    return np.asarray(warped, np.uint8)
