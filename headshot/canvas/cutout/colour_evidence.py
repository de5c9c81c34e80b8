"""Ask the colours: is a pixel more like the sure person near by, or like the sure background?

Three answers: sure hair that has the wall's colour is doubted, unknown pixels that have nothing but the wall's colour
become background, and the probability of what stays unknown is moved.
"""

from __future__ import annotations

from typing import NamedTuple

import cv2
import numpy as np

from headshot.canvas.cutout.colour_seeds import distance, find_inner, find_seeds, nearest, of_nearest, plainness
from headshot.canvas.cutout.logits import logit, sigmoid
from headshot.canvas.cutout.trimap import Mask, Trimap
from headshot.canvas.cutout.wide_area import calmed, wide_of_body
from headshot.canvas.cutout.working_copy import WorkingCopy, touching
from headshot.imaging.landmarks import HAIRLINE, NOSE_BASE, NOSE_TIP
from headshot.imaging.masks import pixels_in
from headshot.imaging.median import median
from headshot.types import F32, U8

_WEIGHT = 1.0  # logits for each unit of evidence
_AGAINST = -1.0  # evidence from which sure person is doubted
_TRUST, _MOST = 3.0, 5.0  # logits: of the networks and of the colours, at most
_GAP = 0.08  # share of hair in a pixel's colour, below which it is a gap between strands
_SURE = 0.4  # trust that makes it one
_OFF = 2.0  # steps that a colour may lie off the line between hair and wall
_SWORN = 0.978  # mean of the least probability that any network gives a piece (the most of what is joined: .982)
_ROUGHER = 3.0  # times the wall: its spread of lightness over 3 × 3 px
_BUSY = 2.0  # the same spread, from which on a wall's colours prove little
_LARGE, _AGREED = 0.1, 0.95  # square eye distances: no gap between curls is so large; and that probability then
_APART = 2.0  # steps between hair and wall, from which a mixture of them can be read
_PRIOR = 0.01  # weight of the prior in the unknown band: lower leaves smoke, higher cuts strands
_ALIKE = 0.2  # more of it where hair and wall have one colour
_DECIDED = 1.0  # more of the prior's weight in wide areas of the body
_NEITHER = (1.0, 2.0)  # steps from the wall's colours, from which on what is no hair is less and less wall
_EXAMPLES = 8  # of the background that are asked how far its colour is from the person's
_FOREIGN, _MOST_FOREIGN = 1.75, 4.0  # steps from any colour of the person near by; logits against it at most
_UNDER = (0.3, 0.2, 0.6)  # eye distances under the nose's base, and under the chin, between which that is weighed


class Prior(NamedTuple):
    """What is likely before the edge is solved, (h, w) float32 each: `person` 0..1, and the `weight` of that."""

    person: F32
    weight: F32


class Evidence(NamedTuple):
    """What the colours of n pixels tell, (n,) float32 each.

    `person`: above 0 for the person, ±8 at most; `apart`: 1 where the two sides' colours differ, 0 where they are one.
    """

    person: F32
    apart: F32


def take_back(copy: WorkingCopy, trimap: Trimap, agreed: F32) -> Trimap:
    """Make unknown again what was sure hair near the edge and has the background's colour, not that of hair further in.

    Not below the nose: hands and necks have the colour of many a wall. Not what all networks swear to (`agreed`, their
    least probability) where it is rougher than the wall, as fair hair before a sandy backdrop is, nor a large piece
    before clutter: a woollen hat has some colour of the street behind it.
    """
    depth = cv2.distanceTransform(trimap.person.astype(np.uint8), cv2.DIST_L2, 3)
    above = copy.rows < float(copy.marks[NOSE_TIP, 1])
    # A shine on a shaved head has a wall's colour: right over the skull nothing is a gap between curls.
    crown = (cv2.dilate(copy.head, copy.disc(0.15)) > 0) & (copy.rows < float(copy.marks[HAIRLINE, 1]))
    open_to_doubt = trimap.person & (copy.head == 0) & ~crown
    rim = (depth < 0.6 * copy.eye_px) & trimap.hair & above & open_to_doubt
    rim[1::2] = rim[:, 1::2] = False  # every other pixel is enough here
    deep = np.where(depth >= 0.25 * copy.eye_px, 1.0, np.where(trimap.background, 0.0, 0.5)).astype(np.float32)
    told = evidence(copy, trimap._replace(known=deep), rim, plainness(copy, trimap))
    if told is None:
        return trimap
    back = np.zeros(deep.shape, np.uint8)
    back[rim] = told.person < _AGAINST
    back = cv2.dilate(back, np.ones((2, 2), np.uint8), anchor=(1, 1))
    back = cv2.morphologyEx(back, cv2.MORPH_OPEN, copy.disc(0.02))
    reached = touching(((~trimap.person) | (back > 0)).astype(np.uint8), trimap.background.astype(np.uint8))
    back = cv2.dilate(back & reached, copy.disc(0.04))
    doubted = (back > 0) & open_to_doubt
    doubted &= ~_sworn_to(copy, doubted.astype(np.uint8), agreed, trimap.background)
    return trimap._replace(known=np.where(doubted, 0.5, trimap.known).astype(np.float32))


def _sworn_to(copy: WorkingCopy, pieces: U8, agreed: F32, wall: Mask) -> Mask:
    """Mark the pieces (h, w) 0 or 1 on which all networks agree: rougher than the wall, or large before a busy one."""
    light = cv2.cvtColor(copy.picture, cv2.COLOR_RGB2LAB)[..., 0].astype(np.float32)
    mean = cv2.blur(light, (3, 3))
    rough = np.sqrt(np.maximum(cv2.blur(light * light, (3, 3)) - mean * mean, 0))
    near = wall & copy.within(0.8, pieces)
    behind = float(median(rough[near])) if near.any() else np.inf
    least = max(_ROUGHER * behind, 1.0)
    large = _LARGE * copy.eye_px**2 if _BUSY <= behind < np.inf else np.inf
    count, labels, stats, _ = cv2.connectedComponentsWithStats(pieces)

    def sworn_to(piece: Mask, area: float) -> bool:
        sure = agreed[piece].mean()
        return bool((area > large and sure > _AGREED) or (sure > _SWORN and np.percentile(rough[piece], 25) > least))

    keep = [0 < i and sworn_to(labels == i, float(stats[i, cv2.CC_STAT_AREA])) for i in range(count)]
    return np.asarray(np.array(keep)[labels], bool)


def settle_gaps(copy: WorkingCopy, trimap: Trimap) -> Trimap:
    """Make background of the unknown pixels among the hair that have a plain wall's colour and none of the hair's."""
    asked = _among_hair(copy, trimap)
    mixture = hair_share(copy, trimap, asked, plainness(copy, trimap))
    if mixture is None:
        return trimap
    share, trust = (np.zeros(asked.shape, np.float32) for _ in range(2))
    share[asked], trust[asked] = mixture
    # Noise and JPEG blocks move single pixels: the mean of a few, which a strand still moves.
    around = cv2.GaussianBlur(asked.astype(np.float32), (0, 0), 1.0)
    mean = cv2.GaussianBlur(share, (0, 0), 1.0) / np.maximum(around, 1e-4)
    gap = asked & (mean < _GAP) & (share < 2.5 * _GAP) & (trust > _SURE)
    return trimap._replace(known=np.where(gap, 0, trimap.known).astype(np.float32))


def prior(copy: WorkingCopy, trimap: Trimap, person: F32) -> Prior:
    """Move the probability of the unknown pixels by their colours, and weigh it where these tell nothing."""
    unknown = trimap.unknown
    moved, weight = person.copy(), np.full(person.shape, _PRIOR, np.float32)
    plain = plainness(copy, trimap)
    told = evidence(copy, trimap, unknown, plain)
    if told is not None:
        by_colour = (_WEIGHT * told.person).clip(-_MOST, _MOST)
        moved[unknown] = sigmoid(logit(person[unknown]).clip(-_TRUST, _TRUST) + by_colour)
        weight[unknown] += _ALIKE * (1 - told.apart)
    wide = wide_of_body(copy, trimap)
    weight += _DECIDED * wide
    asked = _among_hair(copy, trimap)
    mixture = hair_share(copy, trimap, asked, plain)
    if mixture is not None:
        share, trust = mixture
        # The solver stretches .3 to .7 to 0 to 1.
        moved[asked] += trust * (0.3 + 0.4 * share - moved[asked])
    return Prior(calmed(copy, trimap, moved, wide), weight)


def evidence(copy: WorkingCopy, trimap: Trimap, asked: Mask, plain: F32) -> Evidence | None:
    """Weigh the colours of the pixels `asked` (h, w) bool. `plain` (h, w): the background, see `plainness`.

    Half the difference of the squared distances to the nearest sure pixels of both sides, times the plainness of the
    background. Above the chin and off the face hair alone is the example: skin and what lies far below prove nothing
    about hair. None where one side has too few sure pixels.
    """
    seeds = find_seeds(copy, trimap, asked, plain)
    if seeds is None:
        return None
    wanted = pixels_in(copy.features, asked)
    to_person = distance(seeds.person, wanted)
    if len(seeds.hair):
        at_face = cv2.dilate(trimap.core, copy.disc(0.15)) > 0
        by_hair = np.clip((copy.chin + 0.3 * copy.eye_px - copy.rows) / (0.6 * copy.eye_px), 0, 1) * ~at_face
        share = by_hair[asked].astype(np.float32)
        head = share > 0
        to_person[head] += share[head] * (distance(seeds.hair, wanted[head]) - to_person[head])
    steps, places = nearest(seeds.background, wanted, _EXAMPLES)
    found = np.clip((np.asarray(steps[:, 0] ** 2, np.float32) - to_person) / 2, -8, 8)
    # Dark hair before a dark room: both sides have the colour, and small differences are chance.
    apart = np.clip(seeds.apart[places].mean(1) - _APART + 1, 0, 1)
    # A bow is farther from any hair's colour than from the wall's, and has not that either.
    to_wall = np.linalg.norm((wanted - seeds.background[places[:, 0]])[:, :3], axis=1)
    beyond = np.clip((to_wall - _NEITHER[0]) / (_NEITHER[1] - _NEITHER[0]), 0, 1)
    found[found < 0] *= 1 - (beyond * plain[asked])[found < 0]
    found = found * apart * plain[asked] - _foreign(copy, trimap, asked)
    return Evidence(np.asarray(found, np.float32), apart)


def _foreign(copy: WorkingCopy, trimap: Trimap, asked: Mask) -> F32:
    """Weigh what speaks against the pixels `asked` (h, w) whose colour the person has nowhere near: (n,) logits.

    A gap between neck and hair, somebody's cuff at a shoulder: it need not be the background's colour either, so that
    clutter is no excuse. Above the nose's base a lit strand has a colour of its own, and below the shoulders a hand.
    """
    upper, begin, end = (share * copy.eye_px for share in _UNDER)
    share = np.clip((copy.rows - float(copy.marks[NOSE_BASE, 1])) / upper, 0, 1)
    share = np.minimum(share, np.clip((copy.chin + end - copy.rows) / (end - begin), 0, 1))
    counts = np.broadcast_to(share, asked.shape)[asked]
    found, there = np.zeros(len(counts), np.float32), counts > 0
    if there.any() and len(inner := find_inner(copy, trimap, asked)):
        beyond = distance(inner, pixels_in(copy.features, asked)[there]) - _FOREIGN**2
        found[there] = counts[there] * np.clip(beyond / 2, 0, _MOST_FOREIGN)
    return found


def hair_share(copy: WorkingCopy, trimap: Trimap, asked: Mask, plain: F32) -> tuple[F32, F32] | None:
    """Read each pixel of `asked` as a mixture of the nearest hair's and background's colours.

    Gives the hair's share (n,) 0..1 and how far it can be trusted (n,) 0..1; None where examples are missing.
    """
    seeds = find_seeds(copy, trimap, asked, plain)
    if seeds is None or not len(seeds.hair):
        return None
    wanted = pixels_in(copy.features, asked)
    background = of_nearest(seeds.background, seeds.background[:, :3], wanted)
    across = of_nearest(seeds.hair, seeds.hair[:, :3], wanted) - background
    squared = (across * across).sum(1) + 1e-3
    from_background = wanted[:, :3] - background
    share = (from_background * across).sum(1) / squared
    off = np.sqrt(((from_background - share[:, None] * across) ** 2).sum(1))
    trust = np.exp(-((off / _OFF) ** 2)) * np.clip(np.sqrt(squared) - _APART + 1, 0, 1)
    return share.clip(0, 1), np.asarray(trust * plain[asked], np.float32)


def _among_hair(copy: WorkingCopy, trimap: Trimap) -> Mask:
    return np.asarray(trimap.unknown & trimap.hair & (copy.rows < copy.chin))
