"""Apparent age, for differences alone: dlib's age network (CC0), which says how old a face looks to it.

King, dlib-models, dnn_age_predictor_v1. The age itself is never shown: of one person's two photos it differs by 3
years (median) to 12 (95%), and it says nothing about how old anybody is. It runs in memory and keeps nothing.
"""

from __future__ import annotations

import threading
from functools import lru_cache
from pathlib import Path
from typing import Any

import cv2
import numpy as np

from headshot.authenticity.measures.unmeasurable import Unmeasurable
from headshot.authenticity.recognition import dlib_judge
from headshot.errors import UserError
from headshot.imaging.landmarks import FACE_OVAL, eye_distance
from headshot.imaging.masks import polygon_mask
from headshot.language import tr
from headshot.photo.networks.session import open_session
from headshot.types import F32, U8
from headshot.weights import store

ROLE = "age"
_SIZE, _PADDING = 64, 0.2
_MEANS = np.array([122.782, 117.001, 104.298], np.float32)  # of dlib's input_rgb_image, R G B
_YEARS = np.array([0.25, *range(1, 81)])  # of the 81 classes
_GREY, _RIM = 110, 0.15  # about the network's means; eye distances of hair and neck that are kept round the mesh's oval
_running = threading.Lock()


def age_change(original: tuple[U8, F32], picture: tuple[U8, F32]) -> float:
    """Measure by how many years the face looks older in the picture (negative: younger).

    Each as pixels (h, w, 3) uint8 of any size with landmarks (478, 3) px. Raises Unmeasurable without the network.
    """
    try:
        session = _session(store.locate(ROLE))
    except UserError as error:
        raise Unmeasurable(tr("the network for it is not on this machine. {hint}", hint=error.hint)) from None
    chips = [dlib_judge.chip(*face, _SIZE, _PADDING) for face in (original, picture)]
    views = [view for chip in chips for view in (chip, chip[:, ::-1])]
    feed = (np.stack(views).astype(np.float32) - _MEANS) / np.float32(256.0)
    with _running:
        shares = session.run(None, {session.get_inputs()[0].name: np.ascontiguousarray(feed.transpose(0, 3, 1, 2))})[0]
    before, after = (np.asarray(shares, np.float64) @ _YEARS).reshape(2, 2).mean(axis=1)
    return float(after - before)


def face_alone(pixels: U8, landmarks: F32) -> tuple[U8, F32]:
    """Paint grey what lies round a face, px in (h, w, 3) uint8 with landmarks (478, 3) px; the landmarks as they are.

    The network sees hair, clothes and backdrop too: a new backdrop alone is worth up to 12 years to it.
    """
    oval = landmarks[list(FACE_OVAL), :2]
    mask = polygon_mask(oval, pixels.shape)
    width = max(1, round(2 * _RIM * eye_distance(landmarks)))
    cv2.polylines(mask, [np.round(oval).astype(np.int32)], True, 1, width)
    return np.where(mask[..., None] > 0, pixels, np.uint8(_GREY)), landmarks


@lru_cache(maxsize=1)
def _session(path: Path) -> Any:
    return open_session(str(path))
