"""What the networks are asked, and whose answer is left out."""

from __future__ import annotations

from concurrent.futures import Future
from types import SimpleNamespace
from typing import cast

import cv2
import numpy as np
import pytest

from headshot.canvas.cutout import witnesses
from headshot.canvas.cutout.witnesses import ask_witnesses
from headshot.canvas.cutout.working_copy import WorkingCopy, working_copy
from headshot.imaging.landmarks import NOSE_BASE
from headshot.photo.head import head_box
from headshot.studio.session import Sitting
from headshot.types import F32, U8
from tests.fixtures.shared_photos import matte_in_photo, sitting, sitting_of


def test_pose_is_asked_again_where_it_follows_somebody_else(monkeypatch: pytest.MonkeyPatch) -> None:
    face = np.zeros((300, 400), np.uint8)
    face[100:160, 80:120] = 1
    copy = cast(WorkingCopy, SimpleNamespace(picture=np.zeros((300, 400, 3), np.uint8), face=face, marks=None))
    monkeypatch.setattr(witnesses, "head_box", lambda _: (70.0, 80.0, 130.0, 180.0))  # 100 px tall
    other, asked = np.zeros((300, 400), np.float32), list[tuple[int, ...]]()
    other[:, 250:] = 1

    def answers(*said: float | None) -> F32 | None:
        left = [other, *(one if one is None else np.full((300, 190), one, np.float32) for one in said)]

        def network(picture: U8) -> F32 | None:
            asked.append(picture.shape)
            return left.pop(0)

        monkeypatch.setattr(witnesses, "one_person", network)
        return witnesses._posing(copy)

    found = answers(1.0)
    assert asked == [(300, 400, 3), (300, 190, 3)], "the columns within .95 heads of the face's middle"
    assert found is not None and found[:, 5:195].min() == 1 and found[:, 195:].max() == 0
    assert answers(0.2) is None and answers(None) is None
    other[:, :200] = 1
    asked.clear()
    assert answers() is other and len(asked) == 1, "who sees the wanted face is asked once"


@pytest.mark.parametrize(("spoilt", "looks"), [(0, 1), (9, 1), (30, 2), (-10, 2)])
def test_the_whole_photo_is_looked_at_where_the_two_disagree(
    spoilt: int, looks: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Rows of the body, or, below 0, columns of the hair, that selfie segmentation gives and U²-NetP does not."""
    selfie, face = np.zeros((400, 300), np.float32), np.zeros((400, 300), np.uint8)
    selfie[100:, 50:250] = 1
    face[120:220, 110:190] = 1
    said = selfie.copy()
    if spoilt > 0:
        said[400 - spoilt :] = 0
    elif spoilt < 0:
        said[100:220, 50 : 50 - spoilt] = 0
    asked: list[U8] = []
    monkeypatch.setattr(witnesses, "_salient", lambda _: said)
    monkeypatch.setattr(witnesses.u2netp, "is_here", lambda: True)
    monkeypatch.setattr(witnesses.u2netp, "saliency", lambda photo: asked.append(photo) or np.zeros((320, 320)))
    copy = SimpleNamespace(
        picture=np.zeros((400, 300, 3), np.uint8), size=(300, 400), origin=(100, 100), face=face,
        full=np.zeros((400, 300, 3), np.uint8), photo=np.zeros((800, 600, 3), np.uint8),
        hair_zone=np.ones((400, 300)), rows=np.arange(400)[:, None], chin=220.0,
    )  # fmt: skip
    done: Future[F32] = Future()
    done.set_result(selfie)
    found = witnesses._saliency(cast(WorkingCopy, copy), done)
    assert found is not None and len(asked) == looks - 1
    assert found.max() == (1 if looks == 1 else 0.5), "the mean of both looks"


# Of the hair .64 and .49 denied, .67 and .64 less likely than not.
@pytest.mark.parametrize(("to", "said", "drops"), [(40, 0, True), (33, 0, False), (44, 0.4, True), (40, 0.4, False)])
def test_hair_that_saliency_denies_for_the_most_part_is_dropped(to: int, said: float, drops: bool) -> None:
    """Black hair before a black room: denied .69 to .77, of photos whose outline it sees at most .54; dim .73, .66."""
    face, selfie = np.zeros((100, 100), np.uint8), np.zeros((100, 100), np.float32)
    face[40:90, 30:70] = 1
    selfie[10:100, 20:80] = 1
    saliency = selfie.copy()
    saliency[10:to] = said
    skin = np.zeros(face.shape, bool)
    copy = SimpleNamespace(
        hair_zone=np.ones((100, 100)), rows=np.arange(100)[:, None], chin=90.0, face=face, is_skin=skin
    )
    assert witnesses._drops_hair(cast(WorkingCopy, copy), selfie, saliency) is drops
    skin[44:] = True  # ears and neck, which it sees
    assert witnesses._drops_hair(cast(WorkingCopy, copy), selfie, saliency)
    skin[16:] = True
    assert not witnesses._drops_hair(cast(WorkingCopy, copy), selfie, saliency), "too little hair to tell"


def test_a_body_that_saliency_alone_drops_is_taken_by_selfie_segmentations_word() -> None:
    face, marks = np.zeros((200, 100), np.uint8), np.zeros((478, 3), np.float32)
    face[40:80, 35:65] = 1
    marks[NOSE_BASE, 1] = 70
    rows = np.arange(200)[:, None]
    copy = cast(WorkingCopy, SimpleNamespace(face=face, marks=marks, rows=rows))
    body, head = np.zeros(face.shape, np.float32), face.astype(np.float32)
    body[90:] = 0.9
    selfie = np.maximum(head, body)
    found = witnesses._with_dropped_body(copy, selfie, head, selfie)
    assert found[90:].min() == np.float32(0.9) and found[:90].tolist() == head[:90].tolist()
    assert witnesses._with_dropped_body(copy, selfie, head, head) is head, "pose does not see it"
    half = head.copy()
    half[90:150] = 1
    assert witnesses._with_dropped_body(copy, selfie, half, selfie) is half, "it says something of the body"


@pytest.mark.data
def test_a_white_shirt_before_a_grey_wall_in_black_and_white_is_kept() -> None:
    """U²-NetP drops man5's shirt where it has no hue, and the colours tell it from no wall: he was a head alone."""
    photo = sitting("../people/man5.jpg").photo.pixels
    found = sitting_of(cv2.cvtColor(photo, cv2.COLOR_RGB2GRAY)).cutout
    assert found.matte[-20:].mean() > 0.4, "both shoulders at the lower edge"


@pytest.mark.data
@pytest.mark.parametrize("name", ["../people/models9.jpg", "../people/trotti.jpg"])
def test_a_close_photo_keeps_its_long_hair(name: str) -> None:
    """Cut to the head alone, U²-NetP takes the face for the thing and the hair for what is behind it."""
    whole = sitting(name)
    left, top, right, bottom = head_box(whole.subject.landmarks)
    tall, middle = bottom - top, (left + right) / 2
    x0, y0 = max(0, int(middle - 0.95 * tall)), max(0, int(top - 0.15 * tall))
    close = whole.photo.pixels[y0 : int(bottom + 0.35 * tall), x0 : int(middle + 0.95 * tall)]
    near = sitting_of(close)
    assert apart_in_hair(near) < 0.005 < 0.015 < apart_in_hair(whole), "its own word is heard in the whole photo alone"
    true = matte_in_photo(whole)[y0 : y0 + close.shape[0], x0 : x0 + close.shape[1]]
    assert near.cutout.origin == (0, 0)
    assert np.abs(near.cutout.matte - true).sum() < 0.1 * true.sum()


def apart_in_hair(one: Sitting) -> float:
    """How far U²-NetP's answer is from selfie segmentation's in the middle of the head: the median."""
    copy = working_copy(one.photo, one.subject)
    said = ask_witnesses(copy)
    assert said.saliency is not None
    return float(np.median(np.abs(said.saliency - said.selfie)[copy.head_zone > 0.99]))
