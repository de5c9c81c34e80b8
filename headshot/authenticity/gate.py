"""Same photo or another photo? Decided by the pixels, not by the engine's name.

After registration the fine pattern of the same photo correlates whatever was done to light or colour;
another photo of the person does not. Cuts from 21 real pairs and 16 portraits: same photo .77 to 1.00 (also
through a VAE, edits and relighting), another photo .40 to .63, a stranger at most .51.
"""

from __future__ import annotations

from typing import Literal

import numpy as np

from headshot.authenticity.align import Aligned
from headshot.authenticity.registration import Registration

SAME = 0.70
OTHER = 0.63

Gate = Literal["same photo", "another photo", "unsure"]


def sameness(original: Aligned, found: Registration) -> float:
    """Median local correlation (−1..1) of lightness over the face after registration."""
    where = original.face & original.inside
    return float(np.median(found.correlation[where])) if where.any() else 0.0


def gate(correlation: float) -> Gate:
    """At .70 and above the same photo, at .63 and below another one, unsure between."""
    if correlation >= SAME:
        return "same photo"
    return "another photo" if correlation <= OTHER else "unsure"
