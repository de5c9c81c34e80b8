"""dlib's face recognition ResNet, run by onnxruntime."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np

from headshot.photo.networks.session import open_session
from headshot.types import F64, U8
from headshot.weights.dlib.network_file import MEAN, SIZE


class Resnet:
    """The network of the ONNX file at `path`, ready to run."""

    def __init__(self, path: Path) -> None:
        self._session: Any = open_session(str(path))

    def descriptors(self, faces: U8) -> F64:
        """Describe, (n, 128) float64, n aligned faces, (n, 150, 150, 3) uint8 RGB; ValueError for another shape."""
        if faces.shape[1:] != (SIZE, SIZE, 3) or faces.dtype != np.uint8:
            raise ValueError(f"faces of {faces.shape} {faces.dtype} instead of (n, {SIZE}, {SIZE}, 3) uint8")
        feed = (faces.astype(np.float32) - np.asarray(MEAN, np.float32)) / np.float32(256)
        feed = np.ascontiguousarray(feed.transpose(0, 3, 1, 2))
        return np.asarray(self._session.run(None, {"faces": feed})[0], np.float64)
