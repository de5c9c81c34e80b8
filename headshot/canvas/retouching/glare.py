"""Glare on glasses: the white veil over skin taken off where the skin's own colour tells how much of it there is."""

from __future__ import annotations

from typing import Literal

import cv2
import numpy as np

from headshot.canvas.retouching.face_part import FacePart, face_part
from headshot.canvas.retouching.glasses import glasses_worn
from headshot.canvas.retouching.photo_face import face_of
from headshot.imaging.colour import brightest, luminance
from headshot.imaging.landmarks import IRISES, LEFT_BROW, LEFT_EYE, RIGHT_BROW, RIGHT_EYE
from headshot.imaging.masks import pixels_in
from headshot.imaging.median import medians
from headshot.types import F32, Canvas

_CEILING = 0.9  # of the veil at amount 1: a lens without any looks empty
_LENS = (0.46, 0.24, 0.36)  # eye distances beside an iris, above and below it
_FEATURES = (RIGHT_BROW, LEFT_BROW, RIGHT_EYE, LEFT_EYE)
_ROOM = 0.65  # eye distances round them that are worked on: lenses and their soft edges
_BESIDE = (0.25, 0.12)  # sigma in eye distances round the lenses, and the share of it: skin to tell sheen by
_USUAL = 0.8  # quantile there of the white to the skin's own light, up to which it is the skin's own sheen
_BEYOND = (0.05, 0.3, 0.2)  # linear light beyond that where all of it is a veil: in skin of that light; at least
_OTHER = (0.04, 0.08)  # of a place's light that is neither the skin's colour nor white: from skin to another light
_CLIPPED = 0.96  # linear light of the largest channel: nothing is left of what is under it
_FADES = 0.25  # linear light below that, over which less and less is taken
_SPECK = 0.02  # eye distances: half the width of a clipped place that the skin beside it still tells
_COVERED = 0.3  # of an iris, or of a lens' skin: a catch-light covers less

GlareStays = Literal["no glasses", "burnt out"]


def calm_glare(part: FacePart, amount: float, worn: float | None = None) -> F32:
    """Take the veil of a reflection off the skin behind the glasses, linear light (h, w, 3). `amount` 0..1. The same
    array where no glasses are seen (`worn`, where it is known): sun on bare skin is made of skin and white too.

    A veil adds white to the skin's colour: each pixel is parted into the two (least squares), and the white beyond the
    skin's own goes, and no channel falls below the skin beside it. Eyes, lashes and brows have other colours, of which
    nothing tells: they stay, and so do catch-lights.
    """
    small = part.small() if worn != 0 else part
    worn = glasses_worn(small) if worn is None else worn
    if worn == 0:
        return part.linear
    near = part.around(_ROOM, *_FEATURES)
    found = _veil(small)
    if found is None:
        return part.linear
    veil, usual = (_laid(values, part, near) for values in found)
    veil = veil * np.maximum.reduce(_lenses(near)) * near.soft((near.skin > 0.5).astype(np.float32), 0.01)
    own = usual[..., None] * _own(small)
    share = np.maximum(np.float32(_CEILING * amount * worn) * np.clip(veil, 0, _darkest(near.linear - own)), 0)
    if not (share > 1e-3).any():
        return part.linear
    less = near.linear - share[..., None]
    light = luminance(less)
    least = np.minimum(usual, luminance(near.linear))
    less = less * (np.maximum(light, least) / np.maximum(light, 1e-4))[..., None]
    return part.with_box(near, np.where((share > 1e-3)[..., None], np.maximum(less, 0), near.linear))


def glare_stays(canvas: Canvas) -> GlareStays | None:
    """Tell why glare stays: no glasses are seen; or a reflection covers an eye, or burns out more skin behind a lens
    than a speck, and nothing beside tells what is under it. None where it goes."""
    known = face_of(canvas)
    face = face_part(canvas.picture, canvas) if known is None or known.worn > 0 else None
    worn = known.worn if known else glasses_worn(face.small()) if face else 1.0
    if worn == 0:
        return "no glasses"
    if face is None:
        return None
    part = face.around(_ROOM, *_FEATURES)
    darkest = _darkest(part.linear)
    white = (brightest(part.linear)[..., 0] > _CLIPPED) & (darkest > 0.6)
    burnt = cv2.morphologyEx(white.astype(np.uint8), cv2.MORPH_OPEN, _square(_SPECK * part.ied))
    pale = darkest > 0.45
    for centre, lens in zip(IRISES, _lenses(part), strict=True):
        iris = np.zeros(white.shape, np.uint8)
        x, y = np.round(part.points[centre]).astype(int)
        radius = float(np.hypot(*(part.points[centre + 1 : centre + 5] - part.points[centre]).T).mean())
        cv2.circle(iris, (int(x), int(y)), max(2, round(radius)), 1, -1)
        seen = iris * (part.filled(RIGHT_EYE, LEFT_EYE) > 0)
        if pale[seen > 0].mean() > _COVERED if seen.any() else False:
            return "burnt out"
        if (burnt * (lens > 0)).sum() > 9 * (_SPECK * part.ied) ** 2:
            return "burnt out"
    return None


def _veil(part: FacePart) -> tuple[F32, F32] | None:
    """How much white would lie over skin behind a lens, and the light of the skin there: (h, w) float32 each."""
    sure = part.skin > 0.8
    if sure.sum() < 50:
        return None
    colour = _own(part)
    colour = colour / np.linalg.norm(colour)
    white = np.full(3, 1 / np.sqrt(3), np.float32)
    alike = float(colour @ white)
    if alike > 0.995:  # skin without a colour, as in black and white: white is not told from it
        return None
    along_skin, along_white = part.linear @ colour, part.linear @ white
    added = (along_white - alike * along_skin) / (1 - alike**2) / np.sqrt(3)  # of each channel
    added = part.soft(np.asarray(added, np.float32), 0.015)
    inside = (along_skin - alike * along_white) / (1 - alike**2)
    # Skin in a light of another colour is not made of these two: nothing tells what is on it.
    smooth = part.soft(part.linear, 0.015)
    off = smooth - part.soft(np.maximum(inside, 0), 0.015)[..., None] * colour - np.maximum(added, 0)[..., None]
    off = np.linalg.norm(off, axis=2) / np.maximum(np.linalg.norm(smooth, axis=2), 1e-2)
    low, high = _OTHER
    known = np.clip((high - off) / (high - low), 0, 1)
    behind = np.maximum.reduce(_lenses(part))
    # A forehead shines as no skin under an eye does, and skin in the shade has less sheen than skin in the light.
    sigma, least = _BESIDE
    beside = sure & (behind < 0.05) & (part.soft((behind > 0.5).astype(np.float32), sigma) > least)
    under = np.maximum(luminance(smooth) - np.maximum(added, 0), 0.02) * sure
    shade = part.soft(under.astype(np.float32), 0.12) / np.maximum(part.soft(sure.astype(np.float32), 0.12), 0.05)
    shade = np.maximum(shade, 0.02)
    usual = shade * (float(np.quantile((added / shade)[beside], _USUAL)) if beside.sum() > 50 else np.float32(np.inf))
    told = np.clip((_CLIPPED - part.soft(brightest(part.linear)[..., 0], 0.015)) / _FADES, 0, 1)
    clear = sure & (added < usual)
    weight = part.soft(clear.astype(np.float32), 0.12)
    near = part.soft((added * clear).astype(np.float32), 0.12) / np.maximum(weight, 1e-3)
    # Beyond any sheen of the face it is a veil, and then all of it beyond what the skin right beside has.
    most, lit, lowest = _BEYOND
    sure_of_it = np.clip((added - usual) / (most * np.clip(shade / lit, lowest, 1)), 0, 1)
    veil = np.clip(added - np.where(weight > 1e-3, near, usual), 0, 1) * sure_of_it * told * known
    light = part.soft(luminance(part.linear) * clear, 0.12) / np.maximum(weight, 1e-3)
    return veil.astype(np.float32), np.where(weight > 1e-3, 0.8 * light, luminance(part.linear)).astype(np.float32)


def _laid(values: F32, part: FacePart, near: FacePart) -> F32:
    """Bring a map (h, w) of the small part to the size of the large one, and cut the box `near` out of it."""
    height, width = part.skin.shape
    if values.shape != part.skin.shape:
        values = np.asarray(cv2.resize(values, (width, height), interpolation=cv2.INTER_LINEAR), np.float32)
    return values[near.rows, near.columns]


def _own(part: FacePart) -> F32:
    """The skin's own colour (3,), of luminance 1."""
    colour = medians(pixels_in(part.linear, part.skin > 0.8))
    return np.asarray(colour / max(float(luminance(colour[None, None])[0, 0]), 1e-4), np.float32)


def _darkest(linear: F32) -> F32:
    """Take the smallest of the three channels, (h, w)."""
    r, g, b = cv2.split(linear)
    return np.asarray(cv2.min(cv2.min(r, g), b), np.float32)


def _lenses(part: FacePart) -> list[F32]:
    """Soft maps (h, w) 0..1 of where a lens may lie before each eye, without eye and brow."""
    features = [np.asarray(cv2.convexHull(part.points[list(o)])[:, 0]) for o in _FEATURES]
    free = 1 - cv2.dilate(part.filled(*features), _square(0.02 * part.ied))
    maps = []
    for centre in IRISES:
        x, y = part.points[centre]
        wide, above, below = (share * part.ied for share in _LENS)
        lens = np.zeros(part.skin.shape, np.float32)
        middle = (round(float(x)), round(float(y + (below - above) / 2)))
        cv2.ellipse(lens, middle, (round(wide), round((above + below) / 2)), 0, 0, 360, 1.0, -1)
        maps.append(part.soft(lens, 0.07) * free)
    return maps


def _square(radius: float) -> np.ndarray:
    return np.ones((2 * max(1, round(radius)) + 1,) * 2, np.uint8)
