"""The embedded judge: dlib's face recognition ResNet, which no generator here is steered by.

King 2017 (http://blog.dlib.net/2017/02/high-quality-face-recognition-with-deep.html): 128 numbers for a face,
Euclidean distance, 0.6 as the published cut between one person and two. The weights come in the wheel
face-recognition-models (CC0); its package cannot be imported with new setuptools, so only the file is taken.
onnxruntime runs it, with dlib's own figures to .0001 (test_dlib_network.py) at a fraction of the time.
Descriptors live in memory for one request and go nowhere.
"""

from __future__ import annotations

import math
import threading
from functools import lru_cache
from pathlib import Path

import cv2
import numpy as np

from headshot.authenticity.measures.aligned_face import Mask
from headshot.authenticity.recognition.dlib_network import Resnet
from headshot.errors import WeightsMissing
from headshot.imaging.similarity import fit_similarity
from headshot.imaging.warp import warp_low_passed
from headshot.types import F32, F64, U8
from headshot.weights.dlib.network_file import SIZE
from headshot.weights.store import digest, locate_or_fetch

NAME = "dlib_face_recognition_resnet_model_v1"
# MediaPipe's points for dlib's five: outer and inner corner of one eye, of the other, and the base of the
# nose.
FIVE_POINTS = (263, 362, 33, 133, 2)
CHIP, PADDING = SIZE, 0.25
_READING = threading.Lock()
REMEDY = "Run `make setup` again, or `pip install --force-reinstall face-recognition-models`."
# dlib's mean of these five points in a unit square (dlib/image_transforms/interpolation.h,
# get_face_chip_details).
_MEAN_FIVE = np.array(
    [
        [0.8595674595992, 0.2134981538014],
        [0.6460604764104, 0.2289674387677],
        [0.1205750620789, 0.2137274526848],
        [0.3340850613712, 0.2290642403242],
        [0.4901123135679, 0.6277975316475],
    ]
)


def model_path() -> Path:
    """Find the network. Raises WeightsMissing where it is not here and the package that carries it neither."""
    try:
        return locate_or_fetch("dlib")
    except WeightsMissing as error:
        raise WeightsMissing("The likeness judge is not installed.", REMEDY) from error


@lru_cache(maxsize=1)
def model_sha256() -> str:
    """Hash the network's file: shown with each likeness; `Panel.admit` holds it against what steers."""
    return digest(model_path())


def load() -> Resnet:
    """Read the network, once. Raises WeightsMissing."""
    with _READING:  # what is being read ahead is waited for, not read twice
        return _network()


@lru_cache(maxsize=1)
def _network() -> Resnet:
    return Resnet(model_path())


def chip(picture: U8, landmarks: F32, size: int = CHIP, padding: float = PADDING) -> U8:
    """Warp dlib's aligned face, (size, size, 3) uint8, from `picture` (h, w, 3) RGB and `landmarks` (478, 3) px.

    `padding`: share of the face's box that is added on each side, as dlib has it.

    The same similarity onto dlib's mean five points as dlib::get_face_chip_details, but at sub-pixel
    landmarks: dlib's own binding rounds them to whole pixels, which alone moves the distance of a small
    face by .05.
    """
    onto = _onto_chip(landmarks, size, padding)
    return warp_low_passed(
        picture,
        onto,
        (size, size),
        math.hypot(onto[0, 0], onto[1, 0]),
        margin=8,
        interpolation=cv2.INTER_LINEAR,
        border=cv2.BORDER_CONSTANT,
    )


def inside(picture: U8, landmarks: F32) -> Mask:
    """Mark where the `chip` has pixels of the picture, (150, 150) bool; it is black beyond the picture's edge."""
    onto = _onto_chip(landmarks)
    y, x = np.mgrid[0:CHIP, 0:CHIP].astype(np.float64).reshape(2, -1)
    seen = (np.column_stack([x, y]) - onto[:, 2]) @ np.linalg.inv(onto[:, :2]).T
    height, width = picture.shape[:2]
    within = ((seen > -0.5) & (seen < (width - 0.5, height - 0.5))).all(axis=-1)
    return np.asarray(within.reshape(CHIP, CHIP))


def embed_alike(one: tuple[U8, F32], other: tuple[U8, F32]) -> tuple[F64, F64]:
    """Describe two pictures with their landmarks as `embed` does, each shown only what the other one shows too.

    A photo cropped at mid-forehead and chin lies .12 to .23 from itself otherwise, for the black beyond its edge.
    """
    both = inside(*one) & inside(*other)
    a, b = (np.where(both[..., None], chip(*face), np.uint8(0)) for face in (one, other))
    return of_chip(a), of_chip(b)


def embed(picture: U8, landmarks: F32) -> F64:
    """Describe a face, (128,) float64: the mean over the aligned face and its mirror image."""
    return of_chip(chip(picture, landmarks))


def of_chip(face: U8) -> F64:
    """Describe as `embed` does a face that `chip` has aligned, (150, 150, 3) uint8."""
    return np.asarray(load().descriptors(np.stack([face, face[:, ::-1]])).mean(axis=0), np.float64)


def _onto_chip(landmarks: F32, size: int = CHIP, padding: float = PADDING) -> F64:
    """Fit the (2, 3) similarity picture px → chip px."""
    points = landmarks[list(FIVE_POINTS), :2].astype(np.float64)
    return fit_similarity(points, (padding + _MEAN_FIVE) / (2 * padding + 1) * size - 0.5)  # pixel centres


def distance(a: F64, b: F64) -> float:
    """Measure the distance of two descriptors (Euclidean): 0 one picture; dlib's own cut to another person is .6."""
    return float(np.linalg.norm(a - b))
