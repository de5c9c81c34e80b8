"""The cut-out against true alpha: people whose matte is known, laid over backgrounds that mislead a network."""

from __future__ import annotations

import functools
from types import SimpleNamespace
from typing import cast

import cv2
import numpy as np
import pytest

from benchmarks.cutout import Composite, composites, errors, robust_video_matting
from headshot.canvas.cutout import cut_out as steps
from headshot.canvas.cutout.cut_out import ask, cut_out
from headshot.canvas.cutout.faint_edge import smooth_where_unseen
from headshot.canvas.cutout.full_size import at_full_size
from headshot.canvas.cutout.own_colours import own_colours
from headshot.canvas.cutout.probability import weighed
from headshot.canvas.cutout.witnesses import Witnesses
from headshot.canvas.cutout.working_copy import WorkingCopy, working_copy
from headshot.direction.direct import direct
from headshot.direction.parse import parse
from headshot.direction.places import read_places, write_places
from headshot.errors import DirectionError, WeightsMissing
from headshot.files.recipe import recipe_of, restore
from headshot.imaging.masks import disc, hull_mask
from headshot.photo.subject import find_subject
from headshot.studio.session import Sitting, headshot
from headshot.types import Cutout, CutoutSettings, Photo, Subject
from tests import SHARED
from tests.fixtures.shared_photos import sitting


@functools.cache
def known() -> dict[str, Composite]:
    if not (SHARED / "data" / "mattes").is_dir():
        pytest.skip("the shared mattes are not here (HEADSHOT_SHARED)")
    return {one.name: one for one in composites(SHARED / "data")}


@functools.cache
def found_in(name: str) -> tuple[Photo, Subject]:
    photo = Photo(known()[name].pixels, "test")
    return photo, find_subject(photo)


def whole(cut: Cutout, like: Composite) -> np.ndarray:
    matte = np.zeros_like(like.alpha)
    (x, y), (height, width) = cut.origin, cut.matte.shape
    matte[y : y + height, x : x + width] = cut.matte
    return matte


def on_wall(one: Composite, own: np.ndarray, colour: tuple[int, int, int]) -> Composite:
    wall = np.array(colour) + np.random.default_rng(2).normal(0, 2, own.shape)
    pixels = own * one.alpha[..., None] + wall * (1 - one.alpha[..., None])
    return one._replace(pixels=pixels.clip(0, 255).round().astype(np.uint8))


@functools.cache
def own_of(stem: str) -> np.ndarray:
    with np.load(SHARED / "data" / "mattes" / f"{stem}.npz") as data:
        return data["fg"].astype(np.float32)


def small(copy: WorkingCopy, one: Composite) -> np.ndarray:
    """The true alpha in the working copy's pixels."""
    x, y = copy.origin
    part = one.alpha[y : y + copy.full.shape[0], x : x + copy.full.shape[1]]
    return cv2.resize(part, copy.size, interpolation=cv2.INTER_AREA)


@pytest.mark.data
def test_hair_before_a_wall_with_a_hard_shadow() -> None:
    one = known()["d8 on wall"]
    off = errors(whole(cut_out(ask(*found_in(one.name))), one), one)
    assert off["SAD"] < 2.6 and off["band"] < 4.2 and off["gradient"] < 0.025  # .030 to .043 before, and as by RVM


@pytest.mark.data
@pytest.mark.sweep
def test_all_composites_are_nearer_to_the_truth_than_robust_video_matting() -> None:
    ours, theirs = [], []
    for name, one in known().items():
        photo, subject = found_in(name)
        ours.append(errors(whole(cut_out(ask(photo, subject)), one), one))
        try:
            matte, origin = robust_video_matting(photo, subject)
        except WeightsMissing:
            continue
        theirs.append(errors(whole(Cutout(matte, photo.pixels, origin), one), one))
    mean = {figure: np.mean([row[figure] for row in ours]) for figure in ours[0]}
    assert mean["SAD"] < 3.8 and mean["MSE"] < 4.5 and mean["gradient"] < 0.034 and mean["band"] < 5.4
    if theirs:
        assert all(mean[figure] < np.mean([row[figure] for row in theirs]) for figure in mean)


@pytest.mark.data
def test_a_wall_that_every_network_takes_for_hair_is_taken_back() -> None:
    """All three claim a quarter eye distance of plain wall round the curls; its colour says what it is."""
    one = on_wall(known()["d8 on wall"], own_of("d8"), (214, 196, 186))
    photo = Photo(one.pixels, "test")
    copy = working_copy(photo, find_subject(photo))
    true = small(copy, one)
    claimed = cv2.dilate((true > 0.5).astype(np.uint8), copy.disc(0.25)).astype(np.float32)
    claimed = np.where(copy.rows < copy.chin, claimed, (true > 0.5).astype(np.float32))
    found = decided(copy, Witnesses(claimed, claimed, claimed))
    wall = (claimed > 0) & (true < 0.02) & (copy.rows < copy.marks[4, 1]) & (cv2.dilate(true, copy.disc(0.04)) < 0.1)
    assert wall.sum() > 300
    assert found[wall].mean() < 0.2


@pytest.mark.data
def test_dark_hair_before_a_dark_wall_stays() -> None:
    one = on_wall(known()["d8 on wall"], own_of("d8"), (44, 38, 34))
    photo = Photo(one.pixels, "test")
    copy = working_copy(photo, find_subject(photo))
    true = small(copy, one)
    seen = cv2.GaussianBlur((true > 0.9).astype(np.float32), (0, 0), 2)
    found = decided(copy, Witnesses(seen, seen, seen))
    hair = (true > 0.98) & (copy.rows < copy.marks[4, 1])
    assert (1 - found[hair]).mean() < 0.02


def decided(copy: WorkingCopy, said: Witnesses) -> np.ndarray:
    """The small matte, with these answers in place of the networks'."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(steps, "ask_witnesses", lambda _: said)
        patch.setattr(steps, "working_copy", lambda *_: copy)
        return steps.ask(Photo(copy.photo, "test"), None).matte


@pytest.mark.data
def test_without_the_downloaded_network_a_person_is_cut_out_all_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    one = known()["u1588 on wall"]
    monkeypatch.setattr("headshot.photo.networks.u2netp.is_here", lambda: False)
    off = errors(whole(cut_out(ask(*found_in(one.name))), one), one)
    assert off["band"] < 7  # 5.5 before there was a second network


@pytest.mark.data
def test_a_salient_thing_below_the_chin_does_not_outvote_the_body() -> None:
    """U²-NetP drops shoulders of close portraits: there the other two decide."""
    copy = working_copy(*found_in("d8 on wall"))
    body = np.ones(copy.picture.shape[:2], np.float32)
    nothing = np.where(copy.rows < copy.chin, body, 0)
    person = weighed(copy, Witnesses(body, nothing, body))
    assert person[int(copy.chin + 0.8 * copy.eye_px) :].min() > 0.75


@pytest.mark.data
def test_what_lies_within_reach_is_what_a_disc_grows_to_but_for_its_rim() -> None:
    copy = working_copy(*found_in("d8 on wall"))
    for reach in (0.34, 0.8):
        grown = cv2.dilate(copy.face, copy.disc(reach)) > 0
        apart = copy.within(reach, copy.face) != grown
        assert apart.mean() < 0.003 and 0.02 < grown.mean() < 0.6
    assert not copy.within(0.8, np.zeros_like(copy.face)).any()


@pytest.mark.data
def test_pose_alone_does_not_fill_the_gap_between_hair_and_shoulder() -> None:
    """Pose's outline is blunt; where one of the others goes along it counts, and where it says no it always does."""
    copy = working_copy(*found_in("d8 on wall"))
    body = np.ones(copy.picture.shape[:2], np.float32)
    rows = slice(int(copy.chin + 0.5 * copy.eye_px), int(copy.chin + 0.9 * copy.eye_px))
    beside = slice(0, int(copy.marks[:, 0].min() - 0.5 * copy.eye_px))
    gap = body.copy()
    gap[rows, beside] = 0.3
    assert weighed(copy, Witnesses(gap, gap, body))[rows, beside].max() < 0.5
    assert weighed(copy, Witnesses(body, gap, body))[rows, beside].min() > 0.75
    assert weighed(copy, Witnesses(body, gap, gap * (gap == 1)))[rows, beside].max() < 0.75


def test_full_size_keeps_the_photo_and_sharpens_the_edge() -> None:
    """A disc of one colour on another, eight times larger than its small matte: its edge is as narrow as drawn."""
    height = width = 1200
    y, x = np.mgrid[:height, :width].astype(np.float32)
    true = np.clip(350 - np.hypot(x - 607, y - 611) + 0.5, 0, 1)
    noise = np.random.default_rng(1).normal(0, 1.5, (height, width, 3))
    full = np.array([150, 90, 60]) * true[..., None] + np.array([40, 70, 160]) * (1 - true[..., None]) + noise
    full = full.clip(0, 255).round().astype(np.uint8)
    picture = cv2.resize(full, (150, 150), interpolation=cv2.INTER_AREA)
    matte = cv2.resize(true, (150, 150), interpolation=cv2.INTER_AREA)
    alpha, colours = at_full_size(full, picture, matte, matte, own_colours(picture, matte, matte), np.ones_like(matte))
    assert np.abs(alpha - true).mean() < 0.002
    by_enlarging = cv2.resize(matte, (width, height), interpolation=cv2.INTER_LINEAR)
    assert np.abs(alpha - true).sum() < 0.35 * np.abs(by_enlarging - true).sum()
    assert np.array_equal(colours[true == 1][alpha[true == 1] == 1], full[true == 1][alpha[true == 1] == 1])
    edge = (true > 0.3) & (true < 0.9)
    assert np.abs(colours[edge].astype(int) - (150, 90, 60)).mean() < 25  # the old blue is 70 off
    assert alpha.dtype == np.float32 and colours.shape == full.shape


def test_an_edge_that_is_not_seen_is_smooth_and_one_that_is_seen_stays() -> None:
    """A disc whose matte follows the noise of a dark picture, and the same where its two sides differ."""
    rng = np.random.default_rng(3)
    rows, columns = np.mgrid[:200, :200].astype(np.float32)
    from_edge = 60 - np.hypot(rows - 100, columns - 100)
    ragged = (from_edge + rng.normal(0, 3, from_edge.shape) > 0).astype(np.float32)
    person = (from_edge / 8 + 0.5).clip(0, 1)  # what networks say
    everywhere = np.ones((200, 200), np.float32)
    for inside, change in ((22, "smoother"), (200, "none")):
        picture = np.where(from_edge > 0, inside, 20)[..., None] + rng.normal(0, 3, (200, 200, 3))
        copy = SimpleNamespace(
            picture=picture.clip(0, 255).astype(np.uint8), eye_px=45.0, hair_zone=everywhere, head_zone=everywhere
        )
        made = smooth_where_unseen(cast(WorkingCopy, copy), ragged, person)
        lengths = [contour_length(m) for m in (ragged, made)]
        if change == "none":
            assert np.abs(made - ragged).max() < 0.02
        else:
            assert lengths[0] > 2 * 2 * np.pi * 60 and lengths[1] < 1.15 * 2 * np.pi * 60


def test_a_black_edge_is_no_softer_than_a_sharp_one() -> None:
    """Black hair before a black room: the networks' doubt, 24 px wide here, would be a glow on a white backdrop."""
    rows, columns = np.mgrid[:200, :200].astype(np.float32)
    from_edge = 60 - np.hypot(rows - 100, columns - 100)
    person = (from_edge / 24 + 0.5).clip(0, 1)
    everywhere = np.ones((200, 200), np.float32)
    noise = np.random.default_rng(4).normal(0, 2, (200, 200, 3))
    widths = []
    for black in (10, 80):
        picture = (np.full((200, 200, 3), black) + noise).clip(0, 255).astype(np.uint8)
        copy = SimpleNamespace(picture=picture, eye_px=45.0, hair_zone=everywhere, head_zone=everywhere)
        made = smooth_where_unseen(cast(WorkingCopy, copy), person, person)
        assert np.abs((made > 0.5).sum() / (np.pi * 60**2) - 1) < 0.03  # the outline stays
        widths.append(((made > 0.1) & (made < 0.9)).sum() / (2 * np.pi * 60))
    assert widths[0] < 3 < 5 < widths[1]  # px; less dark, the networks' doubt is worth more


def contour_length(matte: np.ndarray) -> float:
    found, _ = cv2.findContours((matte > 0.5).astype(np.uint8), cv2.RETR_LIST, cv2.CHAIN_APPROX_NONE)
    return sum(cv2.arcLength(contour, True) for contour in found)


@functools.cache
def person(name: str) -> Sitting:
    path = SHARED / "data" / "people" / name
    if not path.is_file():
        pytest.skip("the shared photos of people are not here (HEADSHOT_SHARED)")
    return Sitting.open(path)


@pytest.mark.data
@pytest.mark.parametrize(
    ("name", "clicks", "at", "share"),
    [
        ("azhat.jpg", CutoutSettings(keep="0.05,0.5"), (0.05, 0.5), 1),  # a straw hat's brim
        ("d9.jpg", CutoutSettings(drop="0.2,0.3"), (0.2, 0.3), 0),  # a yellow wall behind a lock of hair
    ],
)
def test_a_click_settles_its_place_and_no_other(
    name: str, clicks: CutoutSettings, at: tuple[float, float], share: float
) -> None:
    one = person(name)
    asked = ask(one.photo, one.subject)
    was, now = cut_out(asked), cut_out(asked, clicks)
    x, y = int(at[0] * one.photo.width) - now.origin[0], int(at[1] * one.photo.height) - now.origin[1]
    assert now.matte[y, x] == share
    changed = np.abs(now.matte - was.matte) > 0.02  # less is the edge of the guided filter
    rows, columns = np.mgrid[: changed.shape[0], : changed.shape[1]]
    reach = 1.6 * one.subject.eye_distance
    assert changed.any() and not changed[np.hypot(columns - x, rows - y) > reach].any()
    face = hull_mask(one.subject.landmarks[:, :2] - np.array(now.origin, np.float32), changed.shape)
    assert not changed[cv2.erode(face, disc(0.1 * one.subject.eye_distance)) > 0].any()


@pytest.mark.data
def test_clicks_answer_a_doubt_travel_in_the_recipe_and_can_be_taken_back() -> None:
    one = sitting("curbeam_1.jpg")
    plain = headshot(one, direct(), height=240)
    clicked = direct(overrides={"cutout.drop": "0.163,0.447 0.117,0.268", "cutout.keep": "0.5,0.3"})
    made = headshot(one, clicked, height=240)
    assert "head" in {d.id for d in plain.canvas.doubts or ()} and not made.canvas.doubts
    recipe = recipe_of(made)
    assert recipe["settings"]["cutout.drop"].startswith("0.1630,0.4470 ")
    assert recipe["settings"]["cutout.keep"] == "0.5000,0.3000"
    again = headshot(one, restore(recipe), height=240)
    assert np.array_equal(again.picture, made.picture) and not np.array_equal(plain.picture, made.picture)
    assert np.array_equal(headshot(one, direct(), height=240).picture, plain.picture)


def test_places_are_read_strictly() -> None:
    assert read_places(" 0.5,0.25  1,0 ") == ((0.5, 0.25), (1.0, 0.0))
    assert write_places(read_places("0.123456,.5")) == "0.1235,0.5000"
    for wrong in ("1.5,0", "0.5", "0.5,0.5,0.5", "nan,0", "-0.1,0", "0.5;0.5", "0.1,0.1 " * 25, "9" * 10_000):
        with pytest.raises(ValueError):
            read_places(wrong)
        with pytest.raises(DirectionError, match="places"):
            parse("cutout.keep", wrong)
