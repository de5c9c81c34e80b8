"""A cut-out that may be wrong says so: the signs, the sentence under the picture, and the report's verdict."""

from __future__ import annotations

from dataclasses import replace

import cv2
import numpy as np
import pytest

from headshot.canvas.cutout.doubt import find_doubts
from headshot.canvas.cutout.veil import without_unseen_veil, without_veil
from headshot.canvas.cutout.witnesses import Witnesses
from headshot.canvas.cutout.working_copy import WorkingCopy, working_copy
from headshot.canvas.doubt_picture import doubt_picture
from headshot.direction.direct import direct
from headshot.imaging.masks import hull_mask
from headshot.studio.adjustments import adjust
from headshot.studio.result_report import judge
from headshot.studio.session import headshot
from headshot.types import Doubt, State
from headshot.ui.make.downloads import render_file
from headshot.ui.make.session import MakeSession
from headshot.ui.report.table import report_html
from tests.fixtures.shared_photos import sitting

pytestmark = pytest.mark.data
CLEAN, DOUBTED = "yamazaki_1.jpg", "curbeam_1.jpg"  # a white pack of the suit stands behind a shaved head


def agreed(name: str = CLEAN) -> tuple[WorkingCopy, Witnesses, np.ndarray]:
    """A copy, networks that all say the same, and the matte that follows."""
    one = sitting(name)
    copy = working_copy(one.photo, one.subject)
    person = np.where(copy.rows > copy.chin, 1.0, copy.head).astype(np.float32)
    return copy, Witnesses(person, person, person), person


def names(doubts: tuple[Doubt, ...]) -> list[str]:
    return [d.id for d in doubts]


def test_where_all_agree_there_is_no_doubt() -> None:
    copy, said, matte = agreed()
    assert find_doubts(copy, said, np.zeros_like(matte), matte) == ()


def test_each_sign_is_seen() -> None:
    copy, said, matte = agreed()
    nobody = np.zeros_like(matte)
    beside = nobody.copy()
    beside[:, : copy.size[0] // 4] = 1
    hat = np.where(copy.hair_zone > 0.5, 1, matte).astype(np.float32)
    veil = np.where((matte == 0) & (copy.head_zone > 0.5), 0.5, matte).astype(np.float32)
    high, low = 0.2 * copy.chin, 0.6 * copy.chin
    face = replace(copy, other_boxes=((0.45 * copy.size[0], high, 0.55 * copy.size[0], low),))
    assert names(find_doubts(copy, said, beside, matte)) == ["neighbour"]
    perhaps = np.where(hat > matte, 0.6, matte).astype(np.float32)
    apart = Witnesses(np.maximum(matte, 0.2), saliency=hat, pose=perhaps)
    assert names(find_doubts(copy, apart, nobody, matte)) == ["head"]
    assert names(find_doubts(copy, said._replace(pose=None), nobody, matte)) == ["body"]
    assert names(find_doubts(copy, said, nobody, veil)) == ["half clear"]
    assert names(find_doubts(face, said, nobody, matte)) == ["face"]
    (found,) = find_doubts(copy, said, beside, matte)
    assert found.area is not None and found.area[:, : copy.size[0] // 4].all() and not found.area[copy.face > 0].any()


def test_one_network_against_all_others_is_no_doubt_but_two_are() -> None:
    copy, said, matte = agreed()
    nobody, hat = np.zeros_like(matte), np.where(copy.hair_zone > 0.5, 1, matte).astype(np.float32)
    for one in ("saliency", "pose"):
        assert find_doubts(copy, said._replace(**{one: hat}), nobody, matte) == ()
        assert find_doubts(copy, Witnesses(hat, hat, hat)._replace(**{one: matte}), nobody, hat) == ()
        assert set(names(find_doubts(copy, said._replace(**{one: hat}), nobody, hat))) == {"head"}
    assert set(names(find_doubts(copy, said._replace(selfie=hat), nobody, matte))) == {"head"}
    assert "head" in names(find_doubts(copy, Witnesses(matte, hat, None), nobody, matte))  # nobody else to ask


def test_a_stain_of_the_clothes_is_nobodys_face() -> None:
    copy, said, matte = agreed()
    width, height = copy.size
    side = (height - copy.chin) / 3
    left, top = 0.5 * width, copy.chin + side
    stain = replace(copy, other_boxes=((left, top, left + side, top + side),))
    nobody = np.zeros_like(matte)
    assert find_doubts(stain, said, nobody, matte) == ()
    child = copy.marks + np.float32([left + side / 2, top + side / 2, 0]) - copy.marks[1]
    assert names(find_doubts(replace(stain, others=(child,)), said, nobody, matte)) == ["face"]
    beside = matte.copy()
    beside[int(top) : int(top + side), int(left + 1.1 * side) :] = 0  # a head beside the person has an outline
    assert names(find_doubts(stain, said, nobody, beside)) == ["face"]


def test_a_wide_veil_is_decided_and_strands_are_not() -> None:
    copy, _, matte = agreed()
    veil, strands = matte.copy(), matte.copy()
    wide = np.s_[8:48, 4:44]
    veil[wide], strands[wide] = 0.3, 0.0
    strands[8:48, 4:44:4] = 0.5  # a pixel wide
    made, kept = without_veil(copy, veil), without_veil(copy, strands)
    assert made[16:40, 12:36].max() == 0 and np.array_equal(kept, strands)
    assert np.array_equal(made[matte == 1], veil[matte == 1])


def test_a_veil_whose_edge_is_not_seen_goes_and_one_that_is_seen_stays() -> None:
    """Half clear beside the hair: before something as dark as the hair it is nobody's, before a light wall it may be
    frizz.
    """
    copy, _, matte = agreed()
    away = cv2.distanceTransform((matte < 0.5).astype(np.uint8), cv2.DIST_L2, 3)
    ramp = np.where(copy.rows < copy.chin, 1 - away / 24, matte)
    veil = np.clip(ramp, 0, 1).astype(np.float32)
    inner = (veil > 0.2) & (veil < 0.7) & (copy.rows < copy.chin - 20)
    assert inner.sum() > 100

    def made(wall: int, given: np.ndarray) -> np.ndarray:
        picture = veil[..., None] * 30 + (1 - veil[..., None]) * wall
        return without_unseen_veil(replace(copy, picture=np.repeat(picture, 3, 2).astype(np.uint8)), given)

    assert made(36, veil)[inner].mean() < 0.1 < 0.4 < veil[inner].mean()
    assert made(220, veil)[inner].mean() > 0.9 * veil[inner].mean()
    assert np.array_equal(made(36, matte), matte)


def test_a_doubt_turns_the_verdict_and_names_the_way_out() -> None:
    doubted, clean = (headshot(sitting(name), direct(), height=500) for name in (DOUBTED, CLEAN))
    report = judge(doubted)
    found = report.get("cutout")
    assert found is not None and found.state == State.AMBER and "cutout" in report.deciding
    assert report.verdict != State.GREEN
    assert "softly blurred" in found.sentence
    assert any("backdrop.kind=blur" in note for note in doubted.notes)
    # Shown on the photo, off the face, on the page and in the printable report, with the one click that hides it.
    shown = doubt_picture(doubted.canvas)
    assert shown is not None and doubt_picture(clean.canvas) is None
    assert doubted.canvas.doubted is not None and doubted.canvas.doubted.mean() > 0.01
    oval = hull_mask(doubted.canvas.landmarks[:, :2], shown.shape)
    assert doubted.canvas.doubted[cv2.erode(oval, np.ones((9, 9), np.uint8)) > 0].max() < 0.5
    assert 'data-adjust="own-background"' in report_html(report, "", shown)
    assert "data-adjust" not in report_html(judge(clean), "", None)
    session = MakeSession(sitting(DOUBTED))
    session.keep(doubted)
    session.report = report
    assert render_file(session, doubted.direction, "report.html")[2].count(b"<img ") == 3
    quiet = judge(clean).get("cutout")
    assert quiet is not None and quiet.state == State.GREEN and quiet.value == 0
    assert not any("cut-out" in note for note in clean.notes)


@pytest.mark.sweep
def test_the_way_out_is_one_step_and_ends_the_doubt() -> None:
    direction = direct()
    assert adjust("own-background", direction) == {"backdrop.kind": "blur"}
    blurred = direct(overrides=adjust("own-background", direction))
    assert adjust("own-background", blurred) == {}
    shot = headshot(sitting(DOUBTED), blurred, height=500)
    assert judge(shot).get("cutout") is None
    assert not any("cut-out" in note for note in shot.notes)
