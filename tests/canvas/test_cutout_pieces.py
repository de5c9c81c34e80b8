"""Pieces and holes of a matte: what hangs on a person and is none, and what is open and is the person."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from headshot.canvas.cutout import colour_evidence, wide_area
from headshot.canvas.cutout.background_colour import without_background_colour
from headshot.canvas.cutout.closed_form import with_whole_crown, without_loose_pieces
from headshot.canvas.cutout.collar_inside import with_collar_inside
from headshot.canvas.cutout.cut_out import ask, cut_out
from headshot.canvas.cutout.probability import weighed
from headshot.canvas.cutout.seen_pattern import without_seen_pattern
from headshot.canvas.cutout.trimap import Trimap, make_trimap
from headshot.canvas.cutout.veil import without_bare_veil, without_strange_veil
from headshot.canvas.cutout.witnesses import Witnesses
from headshot.canvas.cutout.working_copy import WorkingCopy
from headshot.imaging.landmarks import CHIN, HAIRLINE, NOSE_BASE, eyes_middle
from tests.fixtures.shared_photos import sitting


def test_what_hangs_by_a_veil_goes_and_a_strand_stays() -> None:
    """A face with a piece of a flag beside it, which a veil of .3 joins, and a strand that hangs no better."""
    matte = np.zeros((200, 200), np.float32)
    cv2.circle(matte, (100, 100), 40, 1, -1)
    matte[95:105, 140:150] = 0.3
    matte[85:115, 150:180] = 0.9  # the piece
    matte[70:73, 40:62] = 0.3
    matte[70:73, 20:40] = 0.9  # the strand
    face = (matte == 1).astype(np.uint8)
    copy = copy_of(face)
    made = without_loose_pieces(copy, matte)
    assert not made[85:115, 155:180].any() and (made[70:73, 20:60] == matte[70:73, 20:60]).all()
    assert (made[matte == 1] == 1).all()
    clicked = np.zeros_like(face)
    clicked[100, 165] = 1
    assert (without_loose_pieces(copy, matte, clicked) == matte).all()


def test_a_film_of_a_colour_that_is_no_mixture_goes_and_a_mixture_stays() -> None:
    """Beside a hand before a wall: a strip of dark hair that was solved as .3 of the hand, and a true mixture."""
    hand, wall, hair = (np.array(c, np.float32) for c in ((200, 160, 135), (60, 64, 70), (24, 20, 18)))
    matte = np.zeros((120, 120), np.float32)
    matte[:, :60] = 1
    strip = (slice(20, 100), slice(60, 72))
    matte[strip] = 0.3
    copy = copy_of((matte == 1).astype(np.uint8))
    noise = np.random.default_rng(8).normal(0, 2, (120, 120, 3))
    for colour, left in ((hair, 0.0), (0.3 * hand + 0.7 * wall, 0.3)):
        picture = np.where(matte[..., None] == 1, hand, wall)
        picture[strip] = colour
        copy.picture[:] = (picture + noise).clip(0, 255).astype(np.uint8)
        made = without_strange_veil(copy, matte)
        assert abs(made[30:90, 62:70].mean() - left) < 0.03
        assert (made[:, :59] == 1).all()


@pytest.mark.parametrize(("hair", "left"), [(0, 0.0), (12, 0.25)])
def test_a_veil_beside_a_bare_head_goes_and_one_beside_hair_stays(hair: int, left: float) -> None:
    """A skull with a smudge of .25 beside it, and the same beside hair that is longer than stubble."""
    core, matte = np.zeros((200, 200), np.uint8), np.zeros((200, 200), np.float32)
    cv2.circle(core, (90, 100), 50, 1, -1)
    cv2.circle(matte, (90, 100), 52 + hair, 1, -1)
    smudge = (slice(85, 115), slice(143 + hair, 160 + hair))
    matte[smudge] = np.where(matte[smudge] == 1, 1, 0.25)
    made = without_bare_veil(copy_of(core), matte, core)
    assert abs(float(made[92:108, 148 + hair : 156 + hair].mean()) - left) < 0.03
    assert (made[matte == 1] == 1).all()


def test_a_solid_piece_that_hangs_by_a_thin_bridge_goes_and_an_arm_stays() -> None:
    """A face with a lamp to the right, on a solid bridge of 4 px (of 60 between the eyes), and an arm of 16 px."""
    matte = np.zeros((200, 200), np.float32)
    cv2.circle(matte, (100, 100), 40, 1, -1)
    face = (matte == 1).astype(np.uint8)
    matte[98:102, 138:150] = matte[85:115, 150:180] = 1
    matte[92:108, 20:62] = matte[85:115, 10:30] = 1
    made = without_loose_pieces(copy_of(face), matte)
    assert not made[:, 150:].any() and (made[:, :140] == matte[:, :140]).all()
    clicked = np.zeros_like(face)
    clicked[90:110, 160:170] = 1
    assert (without_loose_pieces(copy_of(face), matte, clicked) == matte).all()


def test_a_shine_on_a_shaved_head_is_no_hole() -> None:
    """Two holes in a head: the networks are sure of the place of one, and the other is below the hairline."""
    matte = np.zeros((200, 200), np.float32)
    cv2.circle(matte, (100, 100), 60, 1, -1)
    person = 0.98 * matte
    whole = matte.copy()
    for row in (55, 100):
        cv2.ellipse(matte, (100, row), (8, 4), 0, 0, 360, 0, -1)
    copy = copy_of(whole.astype(np.uint8))
    copy.marks[HAIRLINE, 1] = 80
    made = with_whole_crown(copy, matte, person)
    assert (made[:80] == whole[:80]).all() and (made[80:] == matte[80:]).all()
    assert (with_whole_crown(copy, matte, 0.9 * person) == matte).all()


def test_a_wide_unknown_area_of_the_body_is_no_edge(monkeypatch: pytest.MonkeyPatch) -> None:
    """Colours tell nothing; unknown in a band of 12 px at the left and of 60 px at the right (60 between the eyes)."""
    known = np.ones((300, 300), np.float32)
    known[:, 60:72] = known[:, 200:260] = 0.5
    face = np.zeros(known.shape, np.uint8)
    copy = copy_of(face)
    monkeypatch.setattr(colour_evidence, "find_seeds", lambda *_: None)
    monkeypatch.setattr(wide_area, "hair_apart", lambda copy, matte, wall: np.zeros(len(wall), np.float32))
    trimap = Trimap(known, face, np.zeros(known.shape, bool))
    weight = colour_evidence.prior(copy, trimap, np.full(known.shape, 0.7, np.float32)).weight
    chin = int(copy.chin)
    assert weight[chin + 30 :, 220:240].min() > 1 > 0.3 > weight[:, 60:72].max()
    assert weight[: chin - 30].max() < 0.3


def test_a_thing_whose_colour_is_seen_in_the_background_goes_and_a_narrow_or_own_one_stays() -> None:
    """A blue shirt before an orange wall, in doubt at its side: a chair and a strand of that colour, a red sleeve."""
    known = np.zeros((200, 300), np.float32)
    known[:, 100:200] = 1
    person = 0.98 * known
    picture = np.full((*known.shape, 3), (200, 140, 60), np.uint8)
    picture[:, 100:200] = (40, 60, 140)
    places = {"chair": np.s_[60:140, 70:110], "strand": np.s_[20:26, 70:110], "sleeve": np.s_[60:140, 190:230]}
    picture[places["chair"]] = picture[places["strand"]] = (200, 140, 60)
    picture[places["sleeve"]] = (160, 30, 40)
    for place in places.values():
        known[place], person[place] = 0.5, 0.8
    known[80:120, 80:100] = 1
    face = np.zeros(known.shape, np.uint8)
    copy = copy_of(face)
    copy.picture[:] = picture
    made = without_background_colour(copy, Trimap(known, face, np.zeros(known.shape, bool)), person).known
    assert (made[62:138, 72:108] == 0).mean() > 0.95
    assert (made[places["strand"]] == 0.5).all() and (made[places["sleeve"]] == 0.5).all()
    sure = without_background_colour(copy, Trimap(known, face, np.zeros(known.shape, bool)), person + 0.16).known
    assert (sure == known).all()


def test_a_rare_colour_of_the_background_is_found_by_all_its_pixels_and_not_by_a_draw() -> None:
    """A chair of six colours, each in .3% of a wide wall: nearly all of it goes, and so in the mirrored picture."""
    known = np.zeros((240, 400), np.float32)
    known[:, 150:250] = 1
    picture = np.full((*known.shape, 3), (200, 140, 60), np.uint8)
    picture[:, 150:250] = (40, 60, 140)
    chair = np.s_[60:180, 100:160]
    for n, colour in enumerate([(90, 20, 20), (20, 90, 20), (150, 30, 120), (230, 230, 90), (20, 20, 20), (240,) * 3]):
        picture[40 * (n % 3) + 60 : 40 * (n % 3) + 100, 30 * (n // 3) + 100 : 30 * (n // 3) + 130] = colour
        picture[30 * n + 20 : 30 * n + 37, 300:317] = colour
    known[chair] = 0.5
    person = np.where(known == 0.5, 0.8, 0.98 * known).astype(np.float32)
    made = []
    for turned in (np.s_[:, :], np.s_[:, ::-1]):
        copy = copy_of(np.zeros(known.shape, np.uint8))
        copy.picture[:] = picture[turned]
        trimap = Trimap(known[turned].copy(), copy.face, np.zeros(known.shape, bool))
        made.append(without_background_colour(copy, trimap, person[turned].copy()).known[turned])
    assert (made[0] == made[1]).all() and (made[0][chair] == 0).mean() > 0.7


def test_a_colour_that_the_person_has_nowhere_near_is_doubted_beside_neck_and_shoulder(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A blue coat before clutter, unknown beside it: orange at the neck, blue, orange above the nose and at an arm."""
    noise = np.random.default_rng(4)
    known = np.zeros((240, 200), np.float32)
    known[:, :100] = 1
    clutter = noise.integers(0, (90, 256, 256), (20, 17, 3)).astype(np.uint8)
    picture = cv2.resize(clutter, known.shape[::-1], interpolation=cv2.INTER_NEAREST)
    picture[:, :130] = (40, 60, 140)
    orange, blue, high, low = (
        np.s_[125:138, 100:130],
        np.s_[142:150, 100:130],
        np.s_[60:90, 100:130],
        np.s_[190:220, 100:130],
    )
    for place in (orange, high, low):
        picture[place] = (230, 150, 40)
    known[60:220, 100:130] = 0.5
    face = np.zeros(known.shape, np.uint8)
    copy = copy_of(face)
    copy.picture[:] = picture
    copy.marks[NOSE_BASE, 1] = 100
    monkeypatch.setattr(colour_evidence, "wide_of_body", lambda *_: np.zeros(known.shape, np.float32))
    trimap = Trimap(known, face, np.zeros(known.shape, bool))
    likely = colour_evidence.prior(copy, trimap, np.full(known.shape, 0.85, np.float32)).person
    assert likely[orange].max() < 0.3
    assert min(likely[place].min() for place in (blue, high, low)) > 0.6


def test_beside_a_bare_cheek_nothing_is_hair_though_it_is_salient() -> None:
    """A white suit round a face is as salient as it; that the other two see none of it there is enough."""
    face = np.zeros((200, 200), np.uint8)
    cv2.circle(face, (100, 100), 50, 1, -1)
    said = np.where(face > 0, 0.98, 0.05).astype(np.float32)
    salient = np.full(face.shape, 0.9, np.float32)
    copy = copy_of(face)
    trimap = make_trimap(copy, Witnesses(said, salient, said), said, np.zeros(face.shape, np.float32))
    beyond = cv2.dilate(face, copy.disc(0.06)) == 0
    assert (trimap.known[beyond] == 0).all() and (trimap.known[face > 0] == 1).all()


def test_what_shows_through_a_visor_goes_and_what_the_network_of_bodies_doubts_narrowly_stays() -> None:
    """Beside a neck: a wide area that selfie segmentation denies and the others swear to, and two that may be hair."""
    selfie = np.zeros((240, 240), np.float32)
    face = np.zeros((240, 240), np.uint8)
    cv2.circle(face, (120, 90), 40, 1, -1)
    selfie[face > 0] = selfie[130:] = 1
    others = selfie.copy()
    visor, lock, higher = (
        (slice(95, 125), slice(165, 195)),
        (slice(95, 125), slice(70, 78)),
        (slice(30, 62), slice(160, 190)),
    )
    for area in (visor, lock, higher):
        selfie[area], others[area] = 0.3, 1
    others[62:140, 160:196] = np.maximum(others[62:140, 160:196], 0.9)
    selfie[62:95, 160:196] = selfie[125:140, 160:196] = 0.9
    copy = copy_of(face)
    copy.marks[[468, 473], 1], copy.marks[CHIN, 1] = 75, 130
    made = weighed(copy, Witnesses(selfie, others, others))
    assert not made[98:122, 168:192].any()
    assert made[lock].mean() > 0.5 and made[higher].mean() > 0.5
    assert (made[140:] > 0.9).all() and (made[face > 0] > 0.9).all()


@pytest.mark.parametrize(
    ("colour", "alone", "stays"),
    [((45, 32, 25), True, True), ((90, 120, 170), True, False), ((45, 32, 25), False, False)],
)
def test_a_ponytail_that_the_network_of_bodies_denies_stays(
    colour: tuple[int, int, int], alone: bool, stays: bool
) -> None:
    """Of the hair's colour, of the wall's; and of the hair's where somebody else is there, whose arm it may be."""
    face, hair, tail = (
        np.zeros((240, 240), np.uint8),
        (slice(20, 60), slice(80, 160)),
        (slice(80, 150), slice(165, 195)),
    )
    cv2.circle(face, (120, 100), 40, 1, -1)
    picture = np.full((240, 240, 3), (90, 120, 170), np.uint8)
    picture[face > 0], picture[150:], picture[hair], picture[tail] = (200, 150, 130), 230, (45, 32, 25), colour
    selfie = np.maximum(face, 0.02).astype(np.float32)
    selfie[hair] = selfie[150:] = 1
    others = selfie.copy()
    selfie[tail], others[tail] = 0.4, 1
    copy = copy_of(face, picture, () if alone else (np.zeros((478, 3), np.float32),))
    copy.marks[[468, 473], 1], copy.marks[CHIN, 1] = 85, 140
    made = weighed(copy, Witnesses(selfie, others, others))[tail]
    assert made.min() > 0.5 if stays else made.max() == 0


def test_the_inside_of_a_collar_stays_and_a_gap_beside_the_neck_goes_open() -> None:
    """Dark between neck and collar, a little further up too: as both networks of bodies say, and as one alone says."""
    matte = np.zeros((240, 240), np.float32)
    cv2.circle(matte, (120, 90), 40, 1, -1)
    face = (matte == 1).astype(np.uint8)
    matte[90:200, 95:145] = matte[160:] = matte[110:200, 190:210] = 1
    copy = copy_of(face)
    copy.marks[NOSE_BASE, 1] = 100
    inside, above = (slice(112, 158), slice(147, 188)), (slice(92, 108), slice(160, 188))
    picture = np.full((240, 240, 3), 200, np.uint8)
    picture[90:160, 145:190] = 20
    copy.picture[:] = picture
    bodies = np.maximum(matte, np.where(picture[..., 0] == 20, 0.7, 0)).astype(np.float32)
    kept = with_collar_inside(copy, matte, Witnesses(bodies, matte, bodies))
    assert kept[inside].min() > 0.95 and kept[above].mean() > 0.9 and kept[:85, 165:].max() < 0.01
    for one in (Witnesses(matte, bodies, bodies), Witnesses(bodies, bodies, matte), Witnesses(bodies, matte, None)):
        assert (with_collar_inside(copy, matte, one) == matte).all()


def cut_small(name: str) -> tuple[WorkingCopy, np.ndarray]:
    """The working copy of a shared photo, and its matte at that size."""
    one = sitting(name)
    asked = ask(one.photo, one.subject)
    matte = cut_out(asked).matte
    return asked.copy, cv2.resize(matte, asked.copy.size, interpolation=cv2.INTER_AREA)


@pytest.mark.data
@pytest.mark.sweep
def test_the_inside_of_a_helmets_ring_is_whole() -> None:
    copy, small = cut_small("curbeam_1.jpg")
    right = float(copy.marks[:, 0].max())
    x = np.arange(copy.size[0])[None, :]
    ring = (x > right) & (x < right + 0.9 * copy.eye_px) & (copy.rows > copy.marks[13, 1]) & (copy.rows < copy.chin)
    dark = ring & (copy.picture.max(axis=2) < 60)
    assert dark.sum() > 0.05 * copy.face.sum() and small[dark].mean() > 0.95


def test_a_star_behind_the_hair_goes_and_a_clip_in_it_stays() -> None:
    """Brown hair before a blue cloth with white stars, one of them solved as hair; a green clip is nowhere behind."""
    picture = np.full((240, 240, 3), (30, 40, 110), np.uint8)
    for x, y in ((30, 40), (40, 150), (200, 60), (210, 170), (96, 36)):
        cv2.circle(picture, (x, y), 9, (235, 232, 226), -1)
    matte = np.zeros((240, 240), np.float32)
    cv2.circle(matte, (120, 120), 80, 1, -1)
    hair = matte == 1
    picture[hair] = (96, 60, 34)
    star, clip = np.s_[28:40, 90:103], np.s_[40:50, 140:152]
    matte[star] = 0.9
    picture[clip] = (40, 160, 60)
    picture[np.random.default_rng(4).random((240, 240)) < 0.02] += 6  # no cloth and no hair is of one colour
    copy = copy_of(np.zeros(matte.shape, np.uint8))
    vars(copy)["head"] = np.zeros(matte.shape, np.uint8)
    copy.marks[[105, 334], 1] = 110
    copy.picture[:] = picture
    made = without_seen_pattern(copy, matte)
    gone = (matte > 0.5) & ~hair
    assert gone.sum() > 60 and made[gone].max() < 0.05
    assert (made[clip] == matte[clip]).all() and made[hair].mean() > 0.99
    copy.marks[[105, 334], 1] = 10
    assert (without_seen_pattern(copy, matte) == matte).all(), "below the brows an earring may have any colour"


@pytest.mark.data
@pytest.mark.sweep
def test_no_star_behind_a_crown() -> None:
    copy, small = cut_small("whitson_1.jpg")
    white = copy.picture.min(axis=2) > 190  # the hair has none of it
    over = white & (copy.rows < copy.marks[HAIRLINE, 1])
    assert over.sum() > 100 and (small[over] > 0.5).sum() < 10


@pytest.mark.data
@pytest.mark.sweep
def test_no_flag_through_a_visor() -> None:
    copy, small = cut_small("whitson_1.jpg")
    beside = (cv2.dilate(copy.face, copy.disc(0.5)) == 0) & (copy.rows > eyes_middle(copy.marks)[1])
    beside &= copy.rows < copy.marks[13, 1]  # down to the lips: lower begins the collar's ring
    assert (small[beside] > 0.3).mean() < 0.005
    assert small[copy.rows[:, 0] > copy.chin + 1.5 * copy.eye_px].mean() > 0.9, "the suit stays"


def copy_of(face: np.ndarray, picture: np.ndarray | None = None, others: tuple[np.ndarray, ...] = ()) -> WorkingCopy:
    """A working copy of which no more than a face (h, w) 0 or 1 is known, 60 px between the eyes."""
    hair_zone, marks = np.ones(face.shape, np.float32), np.zeros((478, 3), np.float32)
    marks[CHIN, 1] = 140
    shown = np.full((*face.shape, 3), 128, np.uint8) if picture is None else picture
    copy = WorkingCopy(shown, shown, (0, 0), shown, marks, others)
    known = {"face": face, "eye_px": 60.0, "hair_zone": hair_zone, "head_zone": hair_zone}
    known |= {"is_skin": np.zeros(face.shape, bool), "connected": lambda mask: mask, "head_core": lambda _: face}
    vars(copy).update(known)
    return copy
