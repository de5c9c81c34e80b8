"""Keep an edge smooth where nothing is seen of it: dark hair before a dark room, a black coat before a black one."""

from __future__ import annotations

import cv2
import numpy as np

from headshot.canvas.cutout.working_copy import WorkingCopy
from headshot.types import F32, U8

_NEAR = 4.0  # px of the working copy, over which the colours of the two sides are averaged
UNSEEN = (0.06, 0.2)  # distances between them in RGB, 0..1 each, at which an edge is not and is plainly seen
_UNSEEN_CLOTH = (0.12, 0.4)  # the same where no strands are to be kept
_DARK = (50, 90)  # grey code values, at which the networks alone and the colours alone are believed
_SMOOTH = 0.05  # eye distances
_FIRM = 3.0  # how much steeper than the blur


def edge_seen(picture: U8, matte: F32, unseen: tuple[float, float]) -> F32:
    """Measure how far an edge at each pixel would be seen: (h, w) float32, 0 not at all to 1 plainly.

    By the mean colours of both sides (matte 0..1): noise and JPEG blocks are all that single pixels of a dark place
    tell, and a matte that follows them is ragged.
    """
    colour = picture.astype(np.float32) / np.float32(255)
    sides = []
    inside = 2 * cv2.GaussianBlur(matte, (0, 0), _NEAR / 2) - 1  # blurred: a ragged matte has sorted the noise
    for share in (np.maximum(inside, 0), np.maximum(-inside, 0)):
        weight = cv2.GaussianBlur(share, (0, 0), _NEAR)[..., None]
        sides.append(cv2.GaussianBlur(colour * share[..., None], (0, 0), _NEAR) / np.maximum(weight, 1e-3))
    apart = np.sqrt(((sides[0] - sides[1]) ** 2).sum(2))
    return np.asarray(np.clip((apart - unseen[0]) / (unseen[1] - unseen[0]), 0, 1), np.float32)


def smooth_where_unseen(copy: WorkingCopy, matte: F32, person: F32) -> F32:
    """Smooth the matte (h, w) 0..1 along the edge where its two sides have nearly one colour.

    About the head what the networks say, `person` (h, w) 0..1, is all that is known in the dark: colours would give the
    room a share of the hair. In the light they know better (fair hair before a yellow wall).
    """
    hair = copy.hair_zone
    trust = hair * edge_seen(copy.picture, matte, UNSEEN)
    trust += (1 - hair) * edge_seen(copy.picture, matte, _UNSEEN_CLOTH)
    light = cv2.GaussianBlur(cv2.cvtColor(copy.picture, cv2.COLOR_RGB2GRAY).astype(np.float32), (0, 0), _NEAR)
    believed = copy.head_zone * np.clip((_DARK[1] - light) / (_DARK[1] - _DARK[0]), 0, 1)
    known = cv2.GaussianBlur(believed * person + (1 - believed) * matte, (0, 0), _SMOOTH * copy.eye_px)
    smooth = np.clip((known - 0.5) * _FIRM + 0.5, 0, 1)
    return np.asarray(trust * matte + (1 - trust) * smooth, np.float32)
