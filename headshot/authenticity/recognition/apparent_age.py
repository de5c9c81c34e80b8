"""Apparent age, for differences alone: dlib's age network (CC0), which says how old a face looks to it.

King, dlib-models, dnn_age_predictor_v1. The age itself is never shown: of one person's two photos it differs by 3
years (median) to 12 (95%), and it says nothing about how old anybody is. It runs in memory and keeps nothing.
"""

from __future__ import annotations

import threading
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np

from headshot.authenticity.measures.unmeasurable import Unmeasurable
from headshot.authenticity.recognition import dlib_judge
from headshot.errors import UserError
from headshot.language import tr
from headshot.photo.networks.session import open_session
from headshot.types import F32, U8
from headshot.weights import store

ROLE = "age"
_SIZE, _PADDING = 64, 0.2
_MEANS = np.array([122.782, 117.001, 104.298], np.float32)  # of dlib's input_rgb_image, R G B
_YEARS = np.array([0.25, *range(1, 81)])  # of the 81 classes
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


@lru_cache(maxsize=1)
def _session(path: Path) -> Any:
    return open_session(str(path))
