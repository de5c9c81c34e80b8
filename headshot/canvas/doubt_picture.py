"""Show on the person's own photo where the cut-out may be wrong."""

from __future__ import annotations

import cv2
import numpy as np

from headshot.types import U8, Canvas

TITLE = "Look at the cut-out here"
_COLOUR = (255, 138, 0)
_TINT = 0.35  # of the colour in the area; what lies round it is greyed by as much
_LINE = 0.004  # of the picture's height


def doubt_picture(canvas: Canvas) -> U8 | None:
    """Mark the doubted places on the photo, framed as the headshot: (h, w, 3) uint8; None where there are none."""
    if canvas.doubted is None or not canvas.doubts:
        return None
    area = canvas.doubted
    if not area.any():
        return None
    grey = cv2.cvtColor(cv2.cvtColor(canvas.original, cv2.COLOR_RGB2GRAY), cv2.COLOR_GRAY2RGB)
    tint = np.where(area[..., None] > 0, np.array(_COLOUR, np.uint8), grey)
    shown = cv2.addWeighted(canvas.original, 1 - _TINT, tint.astype(np.uint8), _TINT, 0)
    edges, _ = cv2.findContours(area, cv2.RETR_LIST, cv2.CHAIN_APPROX_NONE)
    line = max(1, round(_LINE * area.shape[0]))
    cv2.drawContours(shown, edges, -1, (0, 0, 0), 3 * line, cv2.LINE_AA)
    cv2.drawContours(shown, edges, -1, _COLOUR, line, cv2.LINE_AA)
    return np.asarray(shown, np.uint8)
