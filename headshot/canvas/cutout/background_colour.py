"""Cut away wide areas that have a colour of the background, wherever that is seen, and none of the person's.

Networks keep a chair's back beside an arm or a wall behind a lock of hair; the colours near by are mixed there, but the
same chair or wall is seen elsewhere in the photo.
"""

from __future__ import annotations

import cv2
import numpy as np

from headshot.canvas.cutout.colour_cells import share_near
from headshot.canvas.cutout.trimap import Mask, Trimap
from headshot.canvas.cutout.working_copy import WorkingCopy, touching
from headshot.types import F32

_ALIKE, _UNLIKE = 0.6, 1.6  # steps: to a colour of the background at most, and to one of the person at least
_SEEN, _OWN = 0.002, 0.001  # which share of its side's pixels makes a colour of the background, and of the person
_SURE = 0.95  # probability by the networks, from which colours have no say
_WIDE, _SMALLEST = 0.16, 0.03  # eye distances: half the width of an area, and of what belongs to it
_LEAST = 100  # pixels of each side


def without_background_colour(copy: WorkingCopy, trimap: Trimap, person: F32) -> Trimap:
    """Make background of the wide areas of a trimap that no network is sure of and whose colours are the background's.

    `person` (h, w) 0..1: the probability by the networks. Curls and frizz are narrower, or have the person's colours.
    """
    doubtful = (trimap.known > 0) & (trimap.core == 0) & (person < _SURE)
    parts = doubtful.astype(np.uint8)
    asked = touching(parts, cv2.morphologyEx(parts, cv2.MORPH_OPEN, copy.disc(_WIDE))) > 0
    if not asked.any():
        return trimap
    found = np.zeros(asked.shape, np.uint8)
    found[asked] = _is_background(copy, trimap.background, trimap.person & ~doubtful, asked)
    found = cv2.morphologyEx(found, cv2.MORPH_OPEN, copy.disc(_SMALLEST))
    found = touching(found, cv2.morphologyEx(found, cv2.MORPH_OPEN, copy.disc(_WIDE)))
    return trimap._replace(known=np.where(found > 0, 0, trimap.known).astype(np.float32))


def _is_background(copy: WorkingCopy, background: Mask, person: Mask, asked: Mask) -> Mask:
    """Compare the pixels `asked` (n of h, w) with the colours of both sides anywhere in the working copy: (n,).

    All pixels are counted, none drawn: the answer does not hang on a draw.
    """
    if min(np.count_nonzero(background), np.count_nonzero(person)) < _LEAST:
        return np.zeros(int(asked.sum()), bool)
    cells = copy.cells
    wanted = cells[asked]
    found = share_near(wanted, cells[background], _ALIKE) >= _SEEN
    found[found] = share_near(wanted[found], cells[person], _UNLIKE) < _OWN
    return np.asarray(found, bool)
