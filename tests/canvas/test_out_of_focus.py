"""Who is blurred behind the person goes where U²-NetP denies them; what is plain or sharp there stays."""

from __future__ import annotations

from types import SimpleNamespace
from typing import cast

import cv2
import numpy as np
import pytest

from headshot.canvas.cutout.out_of_focus import without_blurred
from headshot.canvas.cutout.working_copy import WorkingCopy

SIZE, EYE = 200, 40.0
SIDE = (slice(60, 200), slice(120, 200))  # what stands beside the person, of the working copy


def beside(kind: str) -> tuple[WorkingCopy, np.ndarray]:
    """A person of sharp stripes, and beside them much contrast in a blur, the same sharp, or cloth without any."""
    checks = (np.indices((2 * SIZE, 2 * SIZE)) // 24).sum(0) % 2 * 180.0 + 30
    full = np.repeat((np.indices((2 * SIZE, 2 * SIZE)) // 6).sum(0)[..., None] % 2 * 90.0 + 80, 3, 2)
    there = (slice(2 * SIDE[0].start, 2 * SIDE[0].stop), slice(2 * SIDE[1].start, 2 * SIDE[1].stop))
    what = {"blurred": cv2.GaussianBlur(checks, (0, 0), 8), "sharp": checks, "plain": np.full_like(checks, 30)}[kind]
    full[there] = what[there][..., None]
    face = np.zeros((SIZE, SIZE), np.uint8)
    cv2.circle(face, (60, 60), 30, 1, -1)
    copy = SimpleNamespace(
        full=full.round().astype(np.uint8),
        size=(SIZE, SIZE),
        face=face,
        eye_px=EYE,
        disc=lambda radius: np.ones((2 * round(EYE * radius) + 1,) * 2, np.uint8),
    )
    saliency = np.ones((SIZE, SIZE), np.float32)
    saliency[SIDE] = 0.02
    return cast(WorkingCopy, copy), saliency


@pytest.mark.parametrize(("kind", "goes"), [("blurred", True), ("sharp", False), ("plain", False)])
def test_what_is_blurred_beside_a_sharp_person_goes(kind: str, goes: bool) -> None:
    copy, saliency = beside(kind)
    claimed = np.full((SIZE, SIZE), 0.95, np.float32)
    selfie, pose = without_blurred(copy, claimed, saliency, claimed)
    for said in (selfie, pose):
        assert (said[SIDE].max() < 0.05) if goes else (said[SIDE].min() > 0.9)
        outside = said.copy()
        outside[SIDE] = 1
        assert outside.min() > 0.9


def test_what_hangs_together_with_it_and_is_doubted_goes_too() -> None:
    copy, saliency = beside("blurred")
    saliency[100:140, 112:120], saliency[10:30, 150:190] = 0.3, 0.3  # right beside it, and apart
    claimed = np.full((SIZE, SIZE), 0.95, np.float32)
    selfie, _ = without_blurred(copy, claimed, saliency, claimed)
    assert selfie[100:140, 112:120].max() < 0.35 and selfie[10:30, 150:190].min() > 0.9
    saliency[SIDE] = 0.6  # not denied
    assert without_blurred(copy, claimed, saliency, claimed)[0].min() > 0.9
