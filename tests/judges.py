"""Judges for the tests: the shared stand-in recogniser as a second judge, and judges that say what they are told."""

from __future__ import annotations

import functools
from pathlib import Path

import numpy as np
import pytest

from headshot.authenticity.recognition.judges import Judge, Panel
from headshot.authenticity.recognition.onnx_judge import OnnxRecogniser
from headshot.authenticity.thresholds import Cut
from tests.faces import SHARED

MODEL = SHARED / "data" / "weights" / "mobilefacenet.onnx"
# ImageNet's mean and standard deviation, as the manifest says of this network.
MEAN, STD = [255 * m for m in (0.485, 0.456, 0.406)], [255 * s for s in (0.229, 0.224, 0.225)]
# The manifest's own ranges: one person .589 to .868 on ordinary pairs, two persons at most .303 (n = 575).
SAME, DIFFERENT = 0.589, 0.303
RANGE = Cut("cosine", "high", (SAME, DIFFERENT), "The manifest of the shared weights.")
# The manifest used another detector's five points. On the app's own mesh .303 holds wherever the report would answer;
# of faces under 45 px between the eyes two strangers reach .319 (coleman_1 and collins_1, 42 px) and .324 in a group.
DIFFERENT_SMALL = 0.33


@functools.cache
def stand_in() -> OnnxRecogniser:
    """MobileFaceNet of the shared weights; skips where it is not here."""
    if not MODEL.is_file():
        pytest.skip("the shared weights are not here")
    return OnnxRecogniser(MODEL, "mobilefacenet", mean=MEAN, std=STD)


def panel(*conditioning: str) -> Panel:
    """The stand-in as the second judge. `conditioning`: hashes of what steered."""
    judge = Judge("Stand-in", stand_in(), RANGE)
    return Panel((judge,), steering_absent="it is not asked here.", conditioning=frozenset(conditioning))


class Told(OnnxRecogniser):
    """Says `cosine` of any two pictures; `sha256` is made up of its name."""

    def __init__(self, cosine: float, name: str) -> None:
        super().__init__(Path("none.onnx"), name)
        self._angles = [0.0, float(np.arccos(cosine))]
        self._calls = 0

    @property
    def sha256(self) -> str:
        return self.name.encode().hex().ljust(64, "0")

    def embed(self, pixels: np.ndarray, five_points: np.ndarray) -> np.ndarray:
        angle = self._angles[self._calls % 2]
        self._calls += 1
        return np.array([np.cos(angle), np.sin(angle)], np.float32)
