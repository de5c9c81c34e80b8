"""Take off the hair what a patterned background shows right behind it: the tip of a flag's star, a letter of a sign.

Networks and solver take it for hair, for it is not the wall beside it. But its colour is seen elsewhere in the
background and nowhere in the hair.
"""

from __future__ import annotations

import cv2
import numpy as np

from headshot.canvas.cutout.colour_cells import share_near
from headshot.canvas.cutout.trimap import Mask
from headshot.canvas.cutout.working_copy import WorkingCopy
from headshot.types import F32, U8

_PERSON, _WALL, _HAIR = 0.3, 0.05, 0.95  # matte that is asked about, and that is an example of either side
_ALIKE, _UNLIKE = 0.8, 2.0  # steps: to a colour of the background at most, and to one of the hair at least
_SEEN, _OWN = 0.002, 0.001  # which share of its side's pixels makes a colour of the background, and of the hair
_APART = 2.5  # steps from the mean colour of the wall near by: less is left to those who weigh it with the hair
_NEAR = 0.25  # eye distances over which that mean is taken
_WIDE = 0.03  # eye distances: half the width of the smallest such thing; a strand is narrower
_RIM = 0.08  # eye distances round it that go too, unless their colour is the hair's
_BROWS = (105, 334)  # of the mesh: the highest points
_LEAST = 100  # pixels of each side


def without_seen_pattern(copy: WorkingCopy, matte: F32) -> F32:
    """Lower the matte (h, w) 0..1 above the brows where a colour is the background's and not the hair's, nor skin."""
    skin = cv2.dilate(copy.is_skin.astype(np.uint8), copy.disc(_WIDE)) > 0  # a hand has the colour of many a wall
    above = (copy.rows < float(copy.marks[list(_BROWS), 1].min())) & (copy.hair_zone > 0.5) & (copy.head == 0) & ~skin
    asked = (matte > _PERSON) & above
    wall = matte < _WALL
    hair = (matte > _HAIR) & (copy.hair_zone > 0.5) & (copy.face == 0) & ~copy.is_skin & (copy.rows < copy.chin)
    if not asked.any() or min(np.count_nonzero(wall), np.count_nonzero(hair)) < _LEAST:
        return matte
    cells = copy.cells

    def unlike_hair(where: U8) -> U8:
        """Mark what of `where` has a colour that the hair has nowhere."""
        found = np.zeros(matte.shape, np.uint8)
        found[where > 0] = share_near(cells[where > 0], cells[hair], _UNLIKE) < _OWN
        return found

    found = unlike_hair(asked.astype(np.uint8))
    if not cv2.morphologyEx(found, cv2.MORPH_OPEN, copy.disc(_WIDE)).any():
        return matte
    found &= np.linalg.norm(copy.colours - _wall_near(copy, wall), axis=2) > _APART
    found[found > 0] = share_near(cells[found > 0], cells[wall], _ALIKE) >= _SEEN
    found = np.asarray(cv2.morphologyEx(found, cv2.MORPH_OPEN, copy.disc(_WIDE)), np.uint8)
    if not found.any():
        return matte
    around = (cv2.dilate(found, copy.disc(_RIM)) > 0) & above
    gone = unlike_hair(around.astype(np.uint8)).astype(np.float32)
    return np.asarray(matte * (1 - np.maximum(cv2.GaussianBlur(gone, (0, 0), 0.7), gone)), np.float32)


def _wall_near(copy: WorkingCopy, wall: Mask) -> F32:
    """Average the colours, in steps, of the `wall` (h, w) near each pixel: (h, w, 3); 0 where none is near."""
    planes = np.dstack([copy.colours * wall[..., None], wall]).astype(np.float32)
    quarter = cv2.resize(planes, None, fx=0.25, fy=0.25, interpolation=cv2.INTER_AREA)
    near = cv2.GaussianBlur(quarter, (0, 0), _NEAR * copy.eye_px / 4)
    mean = near[..., :3] / np.maximum(near[..., 3:], 1e-3)
    return np.asarray(cv2.resize(mean, copy.size, interpolation=cv2.INTER_LINEAR), np.float32)
