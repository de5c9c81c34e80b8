"""Moved here from headshot/engines/ladder.py."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from headshot.types import RUNGS

if TYPE_CHECKING:
    pass


# The allowance of each region at each rung; straight lines between the rungs. The backdrop of the canvas is
# new already, so nothing is generated up to the second rung; hair waits for the face, so that the two fit.
_AT_RUNG: dict[str, tuple[float, ...]] = {
    "backdrop": (0.0, 0.0, 0.60, 0.80, 1.0),
    "clothes": (0.0, 0.0, 0.85, 0.90, 1.0),
    "hair": (0.0, 0.0, 0.0, 0.40, 1.0),
    "face": (0.0, 0.0, 0.0, 0.35, 1.0),
}


def allowances(change: float) -> dict[str, float]:
    """Allowance 0..1 of each region for `change` 0..1 ("How much may we change you?", see types.RUNGS)."""
    rungs = [at for at, _ in RUNGS]
    return {region: float(np.interp(change, rungs, at)) for region, at in _AT_RUNG.items()}
