"""Which looks suit a photo: hair and clothes against each backdrop, the photo's light, none like another."""

from __future__ import annotations

from collections.abc import Mapping

import cv2
import numpy as np

from headshot.direction.preset_file import Preset
from headshot.direction.presets import load_presets
from headshot.imaging.colour import is_grey
from headshot.studio.session import Sitting
from headshot.types import F32, U8

CHOSEN = 12
FIRST = "linkedin"  # fits anybody, and is what the first picture is made with
_FOREHEAD, _CHIN, _LEFT_CHEEK, _RIGHT_CHEEK = 10, 152, 50, 280  # of the face mesh; left and right as seen
_MONO = 0.5  # what a black-and-white look gains where the photo has no colours
_HARD = 15.0  # L* between the cheeks, from which light is hard
_BRIGHT, _LIFTED, _TOO_BRIGHT = 70.0, 0.4, 0.2  # a bright look without fill loses so much then
_OWN = ("own", "blur")  # backdrops that keep the photo's own


def chosen_looks(sitting: Sitting, count: int = CHOSEN) -> list[str]:
    """The names of `count` presets for a photo, the most telling first."""
    photo, marks = sitting.photo.pixels, sitting.subject.landmarks
    face = float(np.linalg.norm(marks[_CHIN, :2] - marks[_FOREHEAD, :2]))
    down = (marks[_CHIN, :2] - marks[_FOREHEAD, :2]) / max(face, 1.0)
    hair = _lab(photo, marks[_FOREHEAD, :2] - 0.22 * face * down, 0.1 * face)
    clothes = _lab(photo, marks[_CHIN, :2] + 0.85 * face * down, 0.25 * face)
    left, right = (_lab(photo, marks[i, :2], 0.08 * face)[0] for i in (_LEFT_CHEEK, _RIGHT_CHEEK))
    side = "left" if left > right + 3 else "right" if right > left + 3 else "none"
    presets = load_presets()
    backdrops = {name: _colour(p) for name, p in presets.items()}
    hard, grey = abs(left - right) > _HARD, is_grey(photo)
    fits = {name: _fit(p, backdrops[name], hair, clothes, side) for name, p in presets.items()}
    for name, preset in presets.items():
        backdrop = backdrops[name]
        if grey and preset.retouch.mono > 0.5:
            fits[name] += _MONO
        if hard and backdrop is not None and backdrop[0] > _BRIGHT and preset.light.fill < _LIFTED:
            fits[name] -= _TOO_BRIGHT
    found = [FIRST] if FIRST in presets else []
    while len(found) < min(count, len(presets)):
        found.append(max((n for n in presets if n not in found), key=lambda n: fits[n] + _news(n, found, backdrops)))
    return found


def _fit(preset: Preset, backdrop: F32 | None, hair: F32, clothes: F32, side: str) -> float:
    if backdrop is None:
        apart = worn = 0.5
    else:
        apart = min(1.0, abs(float(backdrop[0] - hair[0])) / 35)
        worn = min(1.0, float(np.linalg.norm(backdrop - clothes)) / 45)
    lit = 1.0 if preset.light.key_side in (side, "none") or side == "none" else 0.0
    return 0.5 * apart + 0.25 * worn + 0.25 * lit


def _news(name: str, found: list[str], backdrops: Mapping[str, F32 | None]) -> float:
    """How unlike the looks chosen so far a look is, 0..1: in colour, and in black and white or not."""
    mine, near = backdrops[name], 1.0
    for other in found:
        theirs = backdrops[other]
        if mine is None or theirs is None:
            apart = 0.25 if mine is theirs else 1.0
        else:
            apart = min(1.0, float(np.linalg.norm(mine - theirs)) / 40)
        mono = [load_presets()[n].retouch.mono > 0.5 for n in (name, other)]
        near = min(near, apart if mono[0] == mono[1] else max(apart, 0.8))
    return near


def _colour(preset: Preset) -> F32 | None:
    """A backdrop's colour in CIE L*a*b*; None where the photo's own background stays."""
    if preset.backdrop.kind in _OWN:
        return None
    rgb = np.array([[[int(preset.backdrop.colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]]], np.float32)
    return np.asarray(cv2.cvtColor(rgb, cv2.COLOR_RGB2LAB)[0, 0], np.float32)


def _lab(photo: U8, at: F32, radius: float) -> F32:
    """The median colour round a place, in CIE L*a*b*; a place beyond the photo's edge counts as the edge."""
    height, width = photo.shape[:2]
    x, y = (int(np.clip(v, 0, n - 1)) for v, n in zip(at, (width, height), strict=True))
    r = max(1, round(radius))
    patch = photo[max(0, y - r) : y + r + 1, max(0, x - r) : x + r + 1].astype(np.float32) / 255
    return np.asarray(np.median(cv2.cvtColor(patch, cv2.COLOR_RGB2LAB).reshape(-1, 3), axis=0), np.float32)
