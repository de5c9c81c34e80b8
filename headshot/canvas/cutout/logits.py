"""Probabilities as log odds, in which answers can be added up."""

from __future__ import annotations

import numpy as np

from headshot.types import F32

_CERTAIN = 0.018  # from 0 and 1: no network may claim more


def logit(p: F32, certain: float = _CERTAIN) -> F32:
    """Turn a probability into its log odds, log p / (1 − p), with p kept `certain` from 0 and 1."""
    p = np.clip(p, certain, 1 - certain)
    return np.asarray(np.log(p / (1 - p)), np.float32)


def sigmoid(x: F32) -> F32:
    """Turn log odds into a probability, 1 / (1 + e^-x)."""
    return np.asarray(1 / (1 + np.exp(-x)), np.float32)
