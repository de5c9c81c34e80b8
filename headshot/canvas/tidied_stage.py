"""A stage without stray hairs: single strands outside the hair's outline taken back, its body as it is."""

from __future__ import annotations

from dataclasses import replace

import cv2
import numpy as np

from headshot.canvas.compose import shows_photo
from headshot.canvas.stage import Stage
from headshot.direction.locks import parse_locks
from headshot.imaging.blur import wide_blur
from headshot.imaging.landmarks import CHIN
from headshot.imaging.masks import disc
from headshot.types import F32, U8, Direction, LastSteps

_CEILING = 0.85  # of a strand's opacity at amount 1: some always stays
_STRAND = 0.012  # eye distances: half the width of what is a lock of the hair's body, not a strand
_NEAR, _FAR = 0.04, 0.11  # eye distances from the body: up to the first nothing is touched, from the second all of it
_FINE_ENOUGH = 160.0  # px between the eyes, at which the body is told
_BELOW = (0.4, 0.8)  # eye distances below the chin, over which it ends: threads and straps of clothes are none
_BESIDE = 0.05  # eye distances (σ): from how far the own background is filled in
_SAME = ("regions", "head_form", "face_mesh")  # as they are in the untidied stage: only its edge changes


def tidied(stage: Stage, direction: Direction, steps: LastSteps | None = None) -> Stage:
    """Take stray hairs back as far as `direction.retouch.stray_hairs` asks; the same stage for none, or kept hair.

    `steps`: where it is kept what does not depend on how far.
    """
    amount = direction.retouch.stray_hairs
    if amount <= 0 or any(lock.place == "hair" for lock in parse_locks(direction.keep)[0]):
        return stage
    steps = steps or LastSteps(keep=False)
    zone = steps.get("stray zone", (stage,), lambda: stray_zone(stage.matte, stage.landmarks, stage.eye_distance))
    share = np.float32(_CEILING * amount) * zone
    if not (share * stage.matte > 1e-3).any():
        return stage
    made = replace(
        stage,
        original=_filled(stage, share) if shows_photo(direction) else stage.original,
        matte=stage.matte * (1 - share),
        unmoved_original=stage.unmoved[0],
        before=stage,
    )
    vars(made).update({name: getattr(stage, name) for name in _SAME})
    return made


def stray_zone(matte: F32, landmarks: F32, eye_px: float) -> F32:
    """Map where nothing but single strands is, (h, w) float32 0..1: away from the body of hair, face and clothes.

    The body is what a disc of `_STRAND` fits into; `matte` (h, w) 0..1.
    """
    scale = min(1.0, _FINE_ENOUGH / eye_px)
    small = cv2.resize(matte, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    solid = cv2.morphologyEx((small > 0.5).astype(np.uint8), cv2.MORPH_OPEN, disc(_STRAND * eye_px * scale))
    away = cv2.distanceTransform(1 - solid, cv2.DIST_L2, cv2.DIST_MASK_5) / np.float32(eye_px * scale)
    zone = cv2.resize(np.clip((away - _NEAR) / (_FAR - _NEAR), 0, 1), matte.shape[::-1], interpolation=cv2.INTER_LINEAR)
    below = (np.arange(matte.shape[0], dtype=np.float32) - float(landmarks[CHIN, 1])) / np.float32(eye_px)
    zone *= np.clip((_BELOW[1] - below) / (_BELOW[1] - _BELOW[0]), 0, 1)[:, None]
    return np.asarray(zone * zone * (3 - 2 * zone), np.float32)


def _filled(stage: Stage, share: F32) -> U8:
    """The photo with strands laid over by what is right beside them, as far as `share` (h, w) asks."""
    strands = share * np.clip(stage.matte / 0.25, 0, 1)
    rows, columns = (np.flatnonzero((strands > 1e-3).any(axis)) for axis in (1, 0))
    room = int(4 * _BESIDE * stage.eye_distance) + 2
    height, width = strands.shape
    box = (
        slice(max(0, rows[0] - room), min(height, rows[-1] + room)),
        slice(max(0, columns[0] - room), min(width, columns[-1] + room)),
    )
    colours, free = stage.original[box].astype(np.float32), np.clip(1 - stage.matte[box] / 0.1, 0, 1)
    sigma = max(1.0, _BESIDE * stage.eye_distance)
    weight, around = wide_blur(free, sigma), wide_blur(colours * cv2.merge([free] * 3), sigma)
    there = np.nonzero(strands[box] > 1e-3)  # few of the box's pixels: the others are left as they are
    weight, around, colours = weight[there][:, None], around[there], colours[there]
    part = strands[box][there][:, None] * np.clip(weight * 8, 0, 1)
    beside = around / np.maximum(weight, 1e-4)
    made = stage.original.copy()
    laid = np.where(part > 1e-3, colours + part * (beside - colours) + 0.5, colours)
    made[box][there] = laid.clip(0, 255).astype(np.uint8)
    return made
