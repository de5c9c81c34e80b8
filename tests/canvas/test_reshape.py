"""Features that move: by as much as was asked, nothing else, without a fold and without a bent line behind the head."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from itertools import product

import cv2
import numpy as np
import pytest

from headshot.authenticity.measures.unmeasurable import Unmeasurable
from headshot.canvas.compose import compose
from headshot.canvas.head_form import HeadForm
from headshot.canvas.light import relight
from headshot.canvas.reshape.features import FEATURES
from headshot.canvas.reshape.motion import LEAST_AREA, FaceMesh, jacobian
from headshot.canvas.reshaped_stage import reshaped
from headshot.canvas.stage import Stage
from headshot.direction.direct import direct
from headshot.direction.settings import SETTINGS
from headshot.types import Canvas, Direction
from tests.fixtures.moved_features import ASKED, measured
from tests.fixtures.shared_photos import FEW, PORTRAITS, SNAPSHOTS, sitting

pytestmark = pytest.mark.data

PLAIN = {"light.strength": 0, "light.balance": 0, "retouch.eyes": 0}
SINGLE = [*PORTRAITS, *SNAPSHOTS]


def wish(**amounts: float) -> Direction:
    return direct(overrides=PLAIN | {f"shape.{name}": value for name, value in amounts.items()})


@cache
def stage(name: str) -> Stage:
    return sitting(name).stage(direct(overrides=PLAIN), 700)


def canvas(name: str, **amounts: float) -> Canvas:
    return compose(reshaped(stage(name), wish(**amounts)), wish(**amounts), with_foreground=False)


def values(feature: str) -> tuple[float, ...]:
    return (0.5, 1.0) if SETTINGS[f"shape.{feature}"].low == 0 else (-1.0, 0.5, 1.0)


def test_every_setting_has_its_feature() -> None:
    assert {f"shape.{name}" for name in FEATURES} == {k for k, s in SETTINGS.items() if s.moves}


def asked(name: str, feature: str, value: float) -> float:
    """What a setting asks for, in the unit of ASKED: how much there is to level is the face's."""
    unlevel = 100 * float(np.clip(stage(name).face_mesh.axes.unlevel, -0.03, 0.03))
    return value * (unlevel if feature == "level" else ASKED[feature])


def test_what_is_asked_is_what_the_judge_measures() -> None:
    for feature, value in zip(ASKED, (0.5, -1.0, 1.0, 1.0, -0.5, 1.0, -1.0, -1.0), strict=True):
        found = measured(canvas(FEW[0], **{feature: value}), feature)
        assert found == pytest.approx(asked(FEW[0], feature, value), rel=0.12, abs=0.25), feature


@pytest.mark.sweep
def test_what_is_asked_is_measured_on_every_single_portrait() -> None:
    """But where the judge says that it can't: a jaw of which the new backdrop hides what lay behind it."""
    refused = []
    for feature in ASKED:
        pairs = []
        for name, value in product(SINGLE, values(feature)):
            try:
                pairs.append((asked(name, feature, value), measured(canvas(name, **{feature: value}), feature)))
            except Unmeasurable:
                refused.append((name, feature))
        wanted, found = np.array(pairs).T
        slope = float(wanted @ found / (wanted @ wanted))
        assert np.corrcoef(wanted, found)[0, 1] >= 0.98 and abs(slope - 1) <= 0.1, (feature, slope)
    assert len(refused) <= 2 and {feature for _, feature in refused} <= {"jaw"}, refused


def test_nothing_asked_changes_no_byte_and_a_move_none_beyond_its_box() -> None:
    name = FEW[0]
    assert reshaped(stage(name), wish()) is stage(name)
    before = canvas(name)
    for feature in FEATURES:
        made, motion = canvas(name, **{feature: 1.0}), stage(name).face_mesh.motion({feature: 1.0})
        assert motion is not None and made.moved == {feature: 1.0}
        outside = np.ones(made.matte.shape, bool)
        outside[motion.rows, motion.columns] = False
        assert (made.matte[outside] == before.matte[outside]).all()
        still = np.abs(made.landmarks - before.landmarks).max(axis=1) == 0
        assert still.any() or feature == "tilt"
        assert made.unmoved_landmarks is not None and made.unmoved_share < 1


def test_no_fold_at_any_bound_and_all_together_are_drawn_back() -> None:
    for name in FEW:
        mesh = stage(name).face_mesh
        for feature in FEATURES:
            for value in values(feature):
                motion = mesh.motion({feature: value})
                assert motion is None or (
                    motion.share == 1 and jacobian(motion.forward, motion.step).min() > LEAST_AREA
                )
        for sign in (-1.0, 1.0):
            motion = mesh.motion({feature: sign for feature in FEATURES})
            assert motion is not None and jacobian(motion.forward, motion.step).min() > LEAST_AREA


def test_lips_that_are_closed_stay_closed() -> None:
    """Upper and lower lip move alike at every width of the mouth, to a tenth of what the corners do."""
    pairs = ((81, 178), (13, 14), (311, 402), (82, 87), (312, 317), (80, 88), (310, 318))
    for name in FEW:
        mesh = stage(name).face_mesh
        for value in (-1.0, 1.0):
            motion = mesh.motion({"smile": value})
            assert motion is not None
            moved = (motion.landmarks - stage(name).landmarks)[:, :2]
            apart = max(float(np.hypot(*(moved[a] - moved[b]))) for a, b in pairs)
            assert apart < 0.1 * 0.06 * stage(name).eye_distance


def test_the_background_behind_a_moved_head_stays_where_it_was() -> None:
    """So no line of it bends: 4 px beside both contours nothing changes by more than 3 codes."""
    for name in FEW:
        plain = stage(name)
        own = direct(overrides=PLAIN | {"backdrop.kind": "own"})
        before = compose(plain, own, with_foreground=False).picture.astype(int)
        for feature, value in (("face", 1.0), ("face", -1.0), ("jaw", -1.0)):
            direction = replace(own, shape=wish(**{feature: value}).shape)
            moved = reshaped(plain, direction)
            after = compose(moved, direction, with_foreground=False).picture.astype(int)
            person = (np.maximum(plain.matte, moved.matte) > 0.02).astype(np.uint8)
            behind = cv2.dilate(person, np.ones((9, 9), np.uint8)) == 0
            assert behind.any() and np.abs(after - before)[behind].max() <= 3, (name, feature)


def test_what_is_laid_bare_beside_a_narrower_face_goes_on_as_beside_it() -> None:
    """Light and dark boards behind the head, 30 px each: in the strip where the cheek was they are told apart."""
    plain = stage(FEW[1])  # no hair beside the cheeks
    boards = np.where(np.arange(plain.matte.shape[0]) // 30 % 2, 200.0, 60.0)[:, None, None]
    matte = plain.matte[..., None]
    picture = matte * plain.foreground + (1 - matte) * boards
    before = replace(plain, original=picture.round().astype(np.uint8))
    direction = replace(wish(face=-1.0), backdrop=replace(wish().backdrop, kind="own"))
    moved = reshaped(before, direction)
    bare = (plain.matte > 0.5) & (moved.matte < 0.02)
    off = np.abs(moved.original.astype(float).mean(axis=2) - boards[..., 0])[bare]
    assert bare.sum() > 50 and off.mean() < 35, off.mean()


def test_the_head_is_not_tilted_before_a_background_that_stays() -> None:
    direction = replace(wish(tilt=1.0), backdrop=replace(wish().backdrop, kind="own"))
    made = reshaped(stage(FEW[0]), direction)
    assert not made.moved and (made.original == stage(FEW[0]).original).all()
    assert any("not tilted" in note for note in made.notes)


def test_nothing_comes_in_over_an_edge_that_cuts_the_person() -> None:
    """What lies beyond it is not known: repeated pixels would stand there as streaks."""
    plain = stage(FEW[0])
    top = int(plain.landmarks[:, 1].min()) + 5  # the frame ends at the forehead, and beside the face
    left, right = (int(x) for x in (plain.landmarks[:, 0].min() - 10, plain.landmarks[:, 0].max() + 10))
    height, width = plain.matte.shape[0] - top, right - left
    marks = plain.landmarks - np.array([left, top, 0], np.float32)
    for amount in (-1.0, 1.0):
        for feature in ("tilt", "face"):
            motion = FaceMesh(marks, (height, width), (True, True, True, True)).motion({feature: amount})
            free = FaceMesh(marks, (height, width)).motion({feature: amount})
            assert motion is not None and free is not None and motion.share == 1
            assert motion.x.min() > -0.1 and motion.x.max() < width - 0.9 and motion.y.min() > -0.1
            if feature == "tilt":
                assert min(free.y.min(), free.x.min(), width - 1 - free.x.max()) < -1


def test_what_is_on_the_keep_list_is_not_moved() -> None:
    kept = {"my nose": "nose", "asymmetry": "level", "glasses": "eyes", "my eyebrows": "brows", "jawline": "jaw"}
    for words, feature in kept.items():
        direction = replace(wish(**{feature: 1.0}), keep=words)
        made = compose(reshaped(stage(FEW[0]), direction), direction, with_foreground=False)
        assert (made.picture == canvas(FEW[0]).picture).all() and not made.moved
        assert any("You keep" in note for note in made.notes)
    free = replace(wish(smile=0.5, nose=1.0), keep="my nose")
    assert reshaped(stage(FEW[0]), free).moved == {"smile": 0.5}


def test_a_face_in_the_corner_of_a_small_frame_does_not_fail() -> None:
    marks = stage(FEW[0]).landmarks.copy()
    for shift in (0, -300, 400):
        moved = marks + np.array([shift, shift, 0], np.float32)
        mesh = FaceMesh(moved, (320, 260))
        motion = mesh.motion({feature: 1.0 for feature in FEATURES})
        if motion is not None:
            assert motion.moved(np.zeros((320, 260, 3), np.uint8)).shape == (320, 260, 3)


@pytest.mark.parametrize("height", [700, 1500])
def test_the_light_moves_with_the_head(height: int) -> None:
    """The form's few pixels move as all of it does: their light differs by less than any eye sees, .01 of .7 stops."""
    light = replace(direct().light, key_side="left", strength=1.0, fill=0.3)
    before = sitting(FEW[0]).stage(direct(overrides=PLAIN), height)
    motion = before.face_mesh.motion({"tilt": 1.0})
    assert motion is not None
    normals, face = (motion.moved(field, cv2.INTER_LINEAR) for field in vars(before.head_form).values())
    whole = relight(HeadForm(normals, face), light)
    moved = reshaped(before, wish(tilt=1)).head_form
    few = relight(moved, light, 0.0, before.matte.shape)
    still = relight(before.head_form, light)
    assert moved.face.size < face.size / 6 and few.shape == whole.shape
    assert np.abs(few - whole).max() < 0.01 < 0.05 < np.abs(still - whole).max()
