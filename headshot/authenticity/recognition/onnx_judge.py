"""Face recognisers in ONNX form, as judges: AuraFace, SFace, or any other with ArcFace's alignment.

A judge must not be the model that steered the generator: `refuse_same` compares their files' hashes.
"""

from __future__ import annotations

import threading
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import numpy as np

from headshot.authenticity.recognition.arcface import align
from headshot.errors import UserError
from headshot.language import tr
from headshot.photo.networks.session import open_session
from headshot.types import F32, U8
from headshot.weights.checksum import sha256


@dataclass(frozen=True)
class Input:
    """What a network is fed: (pixel − mean) / std for each channel, pixels 0..255, channels in `order`."""

    mean: tuple[float, float, float] = (127.5, 127.5, 127.5)
    std: tuple[float, float, float] = (127.5, 127.5, 127.5)
    order: Literal["rgb", "bgr"] = "rgb"


# By role in the weights' table. AuraFace is an ArcFace ResNet-100: RGB, mean and std 127.5 (InsightFace's
# arcface_onnx.py). SFace: RGB 0..255 as it is (OpenCV's FaceRecognizerSF: blobFromImage with swapRB).
JUDGES: dict[str, Input] = {
    "auraface": Input(),
    "sface": Input(mean=(0.0, 0.0, 0.0), std=(1.0, 1.0, 1.0)),
}


class OnnxRecogniser:
    """One recogniser, opened on first use. `sha256` is the hash of its file; `name` is for people.

    `flip`: add the mirror image's output, as in ArcFace's evaluation; half the work without it.
    """

    def __init__(
        self,
        path: Path,
        name: str,
        size: int = 112,
        mean: Sequence[float] = (127.5, 127.5, 127.5),
        std: Sequence[float] = (127.5, 127.5, 127.5),
        order: Literal["rgb", "bgr"] = "rgb",
        flip: bool = True,
    ) -> None:
        self.path, self.name, self.size, self.order, self.flip = path, name, size, order, flip
        self._mean, self._std = np.asarray(mean, np.float32), np.asarray(std, np.float32)
        self._session: Any = None
        self._lock = threading.Lock()

    @classmethod
    def judge(cls, role: str, path: Path) -> OnnxRecogniser:
        """Make the judge of a role in JUDGES with the input that it was trained for."""
        feed = JUDGES[role]
        return cls(path, role, mean=feed.mean, std=feed.std, order=feed.order)

    @property
    def sha256(self) -> str:
        return sha256(self.path)

    def embed(self, pixels: U8, five_points: F32) -> F32:
        """Embed as (D,) float32, of length 1, the face at `five_points` (5, 2) px in `pixels` (H, W, 3) uint8 RGB.

        The outputs for the aligned crop and (with `flip`) its mirror image are added.
        """
        crop = align(pixels, np.asarray(five_points, np.float32), self.size)
        if self.order == "bgr":
            crop = crop[:, :, ::-1]
        feed = (crop.astype(np.float32) - self._mean) / self._std
        session = self.load()
        name = session.get_inputs()[0].name
        # One by one: many recognisers are exported with a batch of exactly one.
        outputs = [
            np.asarray(session.run(None, {name: view.transpose(2, 0, 1)[None].copy()})[0], np.float64).ravel()
            for view in ((feed, feed[:, ::-1]) if self.flip else (feed,))
        ]
        total = np.sum(outputs, axis=0)
        return np.asarray(total / max(float(np.linalg.norm(total)), 1e-12), np.float32)

    def load(self) -> Any:
        """Open the network, once, and return its session. Raises UserError where the file cannot be used."""
        with self._lock:
            if self._session is None:
                from onnxruntime.capi import onnxruntime_pybind11_state as state

                try:
                    self._session = open_session(str(self.path))
                except (state.Fail, state.InvalidProtobuf, state.NoSuchFile, state.InvalidGraph, OSError) as error:
                    raise UserError(
                        tr("The recogniser {name} cannot be opened: {error}", name=self.name, error=str(error)[:200]),
                        "Fetch it again.",
                    ) from None
            return self._session


def refuse_same(judge_sha: str, conditioning_sha: str) -> None:
    """Raise UserError where the judge is the very model that steers the generators."""
    if judge_sha.lower() == conditioning_sha.lower():
        raise UserError(
            "This judge is the model that steers the generators, so it cannot judge a picture.",
            "Choose another one, such as auraface or sface.",
        )
