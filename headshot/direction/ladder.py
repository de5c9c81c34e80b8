"""The ladder "How much may we change you?": its rungs, and how far each region may be repainted on them."""

from __future__ import annotations

# The rungs and where they stand on the 0..1 control.
RUNGS: tuple[tuple[float, str], ...] = (
    (0.0, "own pixels"),
    (0.25, "new backdrop"),
    (0.5, "clothes"),
    (0.75, "light face edit"),
    (1.0, "fully generated"),
)
OWN_TOP = 0.375  # up to here the ladder is own pixels; above it a generator paints
# The allowance of each region at each rung, straight lines between the rungs: the noise from which it may be painted
# anew, as a share of the training timesteps. The backdrop of the canvas is new already, so nothing is generated up to
# the second rung; hair waits for the face, so that the two fit.
_AT_RUNG: dict[str, tuple[float, ...]] = {
    "backdrop": (0.0, 0.0, 0.60, 0.80, 1.0),
    "clothes": (0.0, 0.0, 0.85, 0.90, 1.0),
    "hair": (0.0, 0.0, 0.0, 0.50, 1.0),
    "face": (0.0, 0.0, 0.0, 0.45, 1.0),
}
POSED = 0.45  # the face's allowance from which expression, gaze and turn can change; below it only its surface does


def allowances(change: float) -> dict[str, float]:
    """Interpolate the allowance 0..1 of each region for `change` 0..1, a place on the ladder."""
    import numpy as np  # the command line names engines before anything heavy is loaded

    rungs = [at for at, _ in RUNGS]
    return {region: float(np.interp(change, rungs, at)) for region, at in _AT_RUNG.items()}
