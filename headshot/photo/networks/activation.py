"""The networks' last step, which MediaPipe leaves out of the files: logits → probabilities."""

from __future__ import annotations

import numpy as np

from headshot.types import F32


def sigmoid(logits: F32) -> F32:
    """1 / (1 + e^-x), in the precision of its input. Clipped at ±80, where float32 has reached 0 and 1."""
    return np.reciprocal(np.exp(-np.clip(logits, -80, 80)) + np.float32(1))
