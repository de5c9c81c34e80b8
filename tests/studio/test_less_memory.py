"""What is kept of a photo while others need the memory: less, and equal to the byte when it is wanted again."""

from __future__ import annotations

import gc
import threading

import numpy as np
import pytest

from headshot.direction.diff import with_changes
from headshot.direction.direct import direct
from headshot.studio import bounded_work, kept_stages
from headshot.studio.bounded_work import PLACES, bounded
from headshot.studio.history import History
from headshot.studio.light_result import bytes_of, light
from headshot.studio.packed_cutout import PackedCutout
from headshot.studio.result_report import report_on
from headshot.studio.session import Sitting, headshot
from headshot.types import Cutout, Photo
from tests.fixtures.browser import LIMIT
from tests.fixtures.shared_photos import photo_path


@pytest.fixture(scope="module")
def sitting() -> Sitting:
    return Sitting.open(photo_path("coleman_1.jpg"))


def test_a_packed_cutout_is_the_same_again() -> None:
    random = np.random.default_rng(1)
    photo = Photo(random.integers(0, 256, (60, 50, 3), np.uint8), "PNG")
    matte = random.random((40, 30)).astype(np.float32).round()
    cut = Cutout(matte, random.integers(0, 256, (40, 30, 3), np.uint8), (7, 11))
    again = PackedCutout.pack(cut, photo).unpack(photo)
    assert (again.matte == matte).all() and (again.foreground == cut.foreground).all() and again.origin == (7, 11)


@pytest.mark.data
def test_after_a_rest_the_picture_is_the_same(sitting: Sitting) -> None:
    one = headshot(sitting, direct(), height=300).picture
    whole = sitting.cutout
    sitting.rest()
    assert len(sitting._stages) == 0 and sitting._cut is not None
    packed = sitting._cut[1]
    assert isinstance(packed, PackedCutout)
    assert len(packed.matte) + len(packed.foreground) < (whole.matte.nbytes + whole.foreground.nbytes) / 5
    assert (headshot(sitting, direct(), height=300).picture == one).all()
    assert sitting._cut is not None and isinstance(sitting._cut[1], Cutout)


@pytest.mark.data
def test_what_a_report_found_in_the_photo_serves_the_next_one_and_goes_with_its_stage(sitting: Sitting) -> None:
    one = headshot(sitting, direct(), height=720)
    framed = one.canvas.original, one.canvas.original_landmarks
    head = sitting.head_of(*framed)
    first = report_on(sitting, one)
    assert "face" in vars(head) and head.embeddings and sitting.head_of(*framed) is head
    brighter = headshot(sitting, with_changes(direct(), {"light.exposure": 0.4}), height=720)
    known = report_on(sitting, brighter)
    assert sitting.head_of(brighter.canvas.original, brighter.canvas.original_landmarks) is head
    sitting.rest()
    assert sitting._stages._head is None
    assert known.to_json() == report_on(sitting, brighter).to_json() != first.to_json()
    assert sitting._stages._head is None  # the stage is gone: nothing of it is kept


@pytest.mark.data
def test_all_stages_together_are_bounded(sitting: Sitting, monkeypatch: pytest.MonkeyPatch) -> None:
    """Two of the same photo, with room for three stages among them: the ones used last stay."""
    other = Sitting(sitting.photo, sitting.subject)
    other._cut = sitting._cut
    gc.collect()
    sitting.rest()
    size = sitting.stage(direct(), 300).matte.size * kept_stages._BYTES_OF_PIXEL
    monkeypatch.setattr(kept_stages, "TOGETHER", 3 * size)
    looks = [with_changes(direct(), {"crop.head_height": share}) for share in (0.45, 0.5, 0.55)]
    for look in looks[:2]:
        other.stage(look, 300)
    kept = sitting.stage(direct(), 300)
    other.stage(looks[2], 300)
    assert len(sitting._stages) == 1 and len(other._stages) == 2
    assert sitting.stage(direct(), 300) is kept
    monkeypatch.setattr(kept_stages, "TOGETHER", 0)
    last = other.stage(looks[0], 300)
    assert len(sitting._stages) == 0 and other.stage(looks[0], 300) is last


@pytest.mark.data
def test_steps_of_those_who_rest_go_before_anyone_s_stage(sitting: Sitting, monkeypatch: pytest.MonkeyPatch) -> None:
    other = Sitting(sitting.photo, sitting.subject)
    other._cut = sitting._cut
    gc.collect()
    sitting.rest()
    first = sitting.canvas(direct(), 300)
    pixels = first.matte.size
    room = pixels * (2 * kept_stages._BYTES_OF_PIXEL + kept_stages._BYTES_OF_STEPS)
    monkeypatch.setattr(kept_stages, "TOGETHER", room)
    assert sitting.canvas(direct(), 300) is first
    second = other.canvas(direct(), 300)
    assert other.canvas(direct(), 300) is second and len(sitting._stages) == 1
    assert sitting.canvas(direct(), 300) is not first, "it was let go of, its stage was not"


@pytest.mark.data
def test_a_shrunk_history_keeps_the_current_picture_and_makes_the_others_again(sitting: Sitting) -> None:
    past = History()
    for warmth in (0.0, 0.2, 0.4):
        past.add(headshot(sitting, with_changes(direct(), {"light.warmth": warmth}), height=300), "retouch")
    whole = [step.result.picture for step in past.strip]
    past.shrink()
    assert [step.small for step in past.strip] == [True, True, False]
    assert sum(bytes_of(step.result) for step in past.strip[:2]) < whole[0].nbytes
    again = headshot(sitting, past.strip[1].result.direction, height=300)
    assert (past.renew(2, again).result.picture == whole[1]).all()


@pytest.mark.data
def test_a_result_that_is_shown_holds_no_face_of_the_photo(sitting: Sitting) -> None:
    made = headshot(sitting, with_changes(direct(), {"retouch.shine": 0.5}), height=300)
    assert made.canvas.photo_face is not None and light(made).canvas.photo_face is None


def test_heavy_work_goes_on_a_few_at_a_time() -> None:
    """More threads than places: no more than the places are at work at once, and work that calls work ends."""
    at_work, most, lock, full = 0, 0, threading.Lock(), threading.Barrier(PLACES)

    @bounded
    def inner() -> int:
        return 1

    @bounded
    def work() -> None:
        nonlocal at_work, most
        with lock:
            at_work += 1
            most = max(most, at_work)
        full.wait(LIMIT)  # passes only where as many as there are places are here together
        inner()
        with lock:
            at_work -= 1

    threads = [threading.Thread(target=work) for _ in range(3 * PLACES)]
    for one in threads:
        one.start()
    for one in threads:
        one.join(LIMIT)
    assert most == PLACES and not any(one.is_alive() for one in threads)
    with pytest.raises(ZeroDivisionError):
        bounded(lambda: 1 // 0)()
    assert bounded_work._places.acquire(blocking=False)
    bounded_work._places.release()


def test_very_large_photos_take_turns_and_an_ordinary_one_waits_for_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bounded_work, "LARGE", 100)
    large, ordinary = (Photo(np.zeros((side, side, 3), np.uint8), "PNG") for side in (11, 10))
    at_work, gate = [], threading.Event()

    @bounded
    def work(photo: Photo) -> None:
        at_work.append(photo)
        if photo is large:
            gate.wait(LIMIT)

    threads = [threading.Thread(target=work, args=(large,)) for _ in range(2 * PLACES)]
    for one in threads:
        one.start()
    work(ordinary)
    assert sum(photo is large for photo in at_work) <= 1
    gate.set()
    for one in threads:
        one.join(LIMIT)
    assert len(at_work) == 2 * PLACES + 1
