"""How a motion runs out: whole near a feature, exactly 0 at its reach, smooth between."""

from __future__ import annotations

import numpy as np

from headshot.types import F64


def falloff(away: F64, inner: float, outer: float) -> F64:
    """Weigh what is `away` from a feature: 1 up to `inner`, 0 from `outer` on, without a kink (smoothstep)."""
    t = np.clip((outer - away) / (outer - inner), 0, 1)
    return np.asarray(t * t * (3 - 2 * t), np.float64)


def between(value: F64, low: float, high: float, below: float, above: float) -> F64:
    """Weigh 1 from `low` to `high`, running out over `below` and `above` it."""
    return np.asarray(falloff(low - value, 0, below) * falloff(value - high, 0, above), np.float64)
