"""A head that the photo's edge cuts: the networks see it on a plain margin too."""

from __future__ import annotations

from types import SimpleNamespace
from typing import cast

import cv2
import numpy as np
import pytest

from headshot.canvas.cutout import cut_head
from headshot.canvas.cutout.cut_head import is_cut, with_margin
from headshot.canvas.cutout.cut_out import ask, cut_out
from headshot.canvas.cutout.working_copy import WorkingCopy
from headshot.imaging.landmarks import eyes_middle
from headshot.studio.session import Sitting
from tests import SHARED
from tests.fixtures.shared_photos import sitting

SHAPE = (120, 100)
BRIM, WALL = (slice(10, 50), slice(0, 30)), (slice(10, 50), slice(70, 100))


def small(face: np.ndarray) -> WorkingCopy:
    known = SimpleNamespace(
        picture=np.full((*face.shape, 3), 90, np.uint8),
        size=face.shape[::-1],
        face=face,
        disc=lambda radius: np.ones((2 * round(40 * radius) + 1,) * 2, np.uint8),
    )
    return cast(WorkingCopy, known)


def test_a_brim_that_both_claim_on_each_margin_is_worn_and_a_wall_is_not() -> None:
    """Selfie segmentation half thought of the brim at first; of the wall nobody thought, and one margin shows it."""
    face = np.zeros(SHAPE, np.uint8)
    cv2.circle(face, (50, 60), 20, 1, -1)
    selfie, saliency = face.astype(np.float32), face.astype(np.float32)
    selfie[BRIM] = 0.4
    asked: list[np.ndarray] = []

    def network(picture: np.ndarray) -> np.ndarray:
        asked.append(picture)
        said = np.zeros(picture.shape[:2], np.float32)
        part = said[60:180, 60:160]
        part[face > 0] = part[BRIM] = 1
        part[WALL] = 1 if tuple(picture[0, 0]) == cut_head._MARGINS[0] else 0
        return said

    whom, what = with_margin(small(face), selfie, saliency, network, network)
    assert len(asked) == 4 and all(one.shape == (180, 220, 3) for one in asked)
    assert whom[BRIM].min() > 0.9 and what[BRIM].min() > 0.9
    assert whom[WALL].max() < 0.05 and what[WALL].max() < 0.05
    assert whom[face > 0].min() > 0.95
    unthought, _ = with_margin(
        small(face), np.where(face > 0, selfie, 0).astype(np.float32), saliency, network, network
    )
    assert unthought[BRIM].max() < 0.6, "what nobody thought of at first does not lead"


@pytest.mark.data
@pytest.mark.sweep
def test_a_hat_that_the_photo_cuts_has_its_brim() -> None:
    path = SHARED / "data" / "people" / "azhat.jpg"
    if not path.is_file():
        pytest.skip("the shared photo azhat.jpg is not here (HEADSHOT_SHARED)")
    one = Sitting.open(path)
    asked = ask(one.photo, one.subject)
    copy = asked.copy
    assert is_cut(copy) and not is_cut(ask(sitting("walz_1.jpg").photo, sitting("walz_1.jpg").subject).copy)
    matte = cv2.resize(cut_out(asked).matte, copy.size, interpolation=cv2.INTER_AREA)
    above = slice(0, int(eyes_middle(copy.marks)[1]))
    tenth = copy.size[0] // 10
    assert matte[above, :tenth].mean() > 0.8 and matte[above, -tenth:].mean() > 0.8
    corner = matte[int(0.74 * copy.size[1]) : int(0.8 * copy.size[1]), :tenth]  # the garden under it
    assert corner.mean() < 0.1
