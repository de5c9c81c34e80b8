"""Ask three networks of different kinds where the person is; their mistakes are of different kinds too."""

from __future__ import annotations

from concurrent.futures import Future, ThreadPoolExecutor
from typing import NamedTuple

import cv2
import numpy as np

from headshot.canvas.cutout.cut_head import is_cut, sees_face, with_margin
from headshot.canvas.cutout.near_view import seen_twice
from headshot.canvas.cutout.out_of_focus import without_blurred
from headshot.canvas.cutout.working_copy import WorkingCopy
from headshot.imaging.landmarks import NOSE_BASE
from headshot.imaging.median import median
from headshot.photo.head import head_box
from headshot.photo.networks import u2netp
from headshot.photo.networks.pose import find_pose
from headshot.photo.segmentation import person_probability
from headshot.types import F32, U8

_DIMMEST = 0.3  # saliency of a face that is still made up for
_LEADS = np.float32(2 / 3)  # share of a matting network in what the others say of a body
_APART, _APART_IN_HAIR = 0.04, 0.05  # of the person, and of the face's oval, on which two answers that agree may differ
_ABOUT = 0.95  # head heights to each side, in which somebody else is seldom nearer
_CLAIMED, _DENIED = 0.9, 0.2  # probability of hair by selfie segmentation, and at most by U²-NetP where it drops it
_DROPPED, _DIM = 0.58, 0.66  # shares of the hair, denied or less likely than not, from which that answer says nothing
_HAIR = 0.2  # face's ovals: less hair tells nothing of an answer
_BODY, _BEHEADED = 0.75, 0.6  # the same for the body, by selfie segmentation and pose
_WHOLE = 0.8  # of the photo's area: a larger part is looked at once


class Witnesses(NamedTuple):
    """Probabilities (h, w) float32 0..1 on the working copy.

    `selfie`: MediaPipe's selfie segmentation, of all and of the head from nearer, good on bodies; `saliency`: U²-NetP,
    right in hair, but it drops shoulders of close portraits; `pose`: BlazePose's segmentation, which follows one
    person. None: it did not say.
    """

    selfie: F32
    saliency: F32 | None
    pose: F32 | None

    def led_by(self, network: F32 | None, *, but_in: F32 | None = None) -> Witnesses:
        """Let a matting network (h, w) 0..1 of the user's choice lead those two that speak of everybody.

        `but_in` (h, w) 0..1: where it does not lead, for being worse there than they are.
        """
        if network is None:
            return self
        lead = _LEADS if but_in is None else _LEADS * (1 - but_in) ** 2
        selfie = self.selfie + lead * (network - self.selfie)
        saliency = network if self.saliency is None else self.saliency + lead * (network - self.saliency)
        return Witnesses(np.asarray(selfie, np.float32), np.asarray(saliency, np.float32), self.pose)

    @property
    def agreed(self) -> F32:
        """The least of all answers: (h, w) float32 0..1."""
        return np.asarray(np.minimum.reduce([one for one in self if one is not None]), np.float32)


def ask_witnesses(copy: WorkingCopy) -> Witnesses:
    """Run the networks that are on this machine. Raises WeightsMissing without MediaPipe's."""
    with ThreadPoolExecutor(1) as beside:
        selfie = beside.submit(_selfie, copy)
        pose = beside.submit(_posing, copy)
        saliency = _saliency(copy, selfie)
    if saliency is not None:
        # Where something else is more salient the whole person is dim: the face is the person for certain.
        face = float(median(saliency[copy.face > 0])) if copy.face.any() else 1.0
        saliency = np.minimum(saliency / np.float32(max(face, _DIMMEST)), 1)
    everybody = selfie.result()
    if saliency is not None and is_cut(copy):
        everybody, saliency = with_margin(copy, everybody, saliency, person_probability, _salient)
    if saliency is not None and _drops_hair(copy, everybody, saliency):
        saliency = saliency + copy.head_zone * (everybody - saliency)  # of the body it may say something
    posing = pose.result()
    if saliency is not None and posing is not None:
        saliency = _with_dropped_body(copy, everybody, saliency, posing)
        everybody, posing = without_blurred(copy, everybody, saliency, posing)
    return Witnesses(everybody, saliency, posing)


def _selfie(copy: WorkingCopy) -> F32:
    return seen_twice(copy, person_probability(copy.picture), person_probability)


def _salient(picture: U8) -> F32:
    size = (picture.shape[1], picture.shape[0])
    return np.asarray(cv2.resize(u2netp.saliency(picture), size, interpolation=cv2.INTER_CUBIC).clip(0, 1), np.float32)


def _saliency(copy: WorkingCopy, selfie: Future[F32]) -> F32 | None:
    """U²-NetP of the part; where that and `selfie` disagree and the photo shows more, its mean with that of the photo.

    One after the other: each has two threads, and two at once take a fifth longer on two cores.
    """
    if not u2netp.is_here():
        return None
    (tall, wide), (height, width) = copy.full.shape[:2], copy.photo.shape[:2]
    near = _salient(copy.picture)
    if tall * wide >= _WHOLE * height * width or _agree(copy, near, selfie.result()):
        return near
    x, y, side = *copy.origin, u2netp.SIDE
    place = np.array(
        [[wide / copy.size[0] * side / width, 0, x * side / width], [0, tall / copy.size[1] * side / height, 0]]
    )
    place[1, 2] = y * side / height
    flags = cv2.INTER_CUBIC | cv2.WARP_INVERSE_MAP
    far = cv2.warpAffine(u2netp.saliency(copy.photo), place, copy.size, flags=flags, borderMode=cv2.BORDER_REPLICATE)
    return np.asarray((near + far.clip(0, 1)) / 2, np.float32)


def _agree(copy: WorkingCopy, saliency: F32, selfie: F32) -> bool:
    """Tell whether two answers are alike: then a third changes no edge, and takes as long as all others."""
    apart = np.abs(saliency - selfie) > 0.5
    hair = (copy.hair_zone > 0.3) & (copy.rows < copy.chin)
    whole = float((selfie > 0.5).sum())
    return bool(apart.sum() < _APART * whole and (apart & hair).sum() < _APART_IN_HAIR * copy.face.sum())


def _drops_hair(copy: WorkingCopy, selfie: F32, saliency: F32) -> bool:
    """Tell whether U²-NetP takes the face alone for the thing: in a close photo long hair is what is behind it."""
    hair = (selfie > _CLAIMED) & (copy.hair_zone > 0.5) & (copy.rows < copy.chin) & (copy.face == 0) & ~copy.is_skin
    if hair.sum() <= _HAIR * copy.face.sum():
        return False
    said = saliency[hair]
    return bool((said < _DENIED).mean() > _DROPPED or (said < 0.5).mean() > _DIM)


def _with_dropped_body(copy: WorkingCopy, selfie: F32, saliency: F32, pose: F32) -> F32:
    """Take selfie segmentation's word for the body where U²-NetP takes the head alone for the thing."""
    under = (copy.rows > float(copy.marks[NOSE_BASE, 1])) & (copy.face == 0)
    body = under & (np.minimum(selfie, pose) > _BODY)
    if not body.any() or (saliency[body] < _DENIED).mean() <= _BEHEADED:
        return saliency
    return np.where(body, np.maximum(saliency, selfie), saliency).astype(np.float32)


def _posing(copy: WorkingCopy) -> F32 | None:
    """BlazePose's answer for the wanted person: it follows whom it likes best, who need not have the wanted face."""
    found = one_person(copy.picture)
    if found is None or sees_face(copy, found):
        return found
    left, top, right, bottom = head_box(copy.marks)
    middle, reach = (left + right) / 2, _ABOUT * (bottom - top)
    columns = slice(max(0, int(middle - reach)), int(middle + reach))
    nearer = one_person(np.ascontiguousarray(copy.picture[:, columns]))
    if nearer is None:
        return None
    found = np.zeros_like(found)
    found[:, columns] = nearer
    return found if sees_face(copy, found) else None


def one_person(picture: U8) -> F32 | None:
    """Segment the one person whom BlazePose finds in a picture: (h, w) float32 0..1, or None."""
    found = find_pose(picture)
    return None if found is None else found.person
