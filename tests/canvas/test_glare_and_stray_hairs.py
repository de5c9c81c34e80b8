"""Glare on glasses and stray hairs: planted and taken away, and what is no such thing left as it is."""

from __future__ import annotations

from dataclasses import replace

import cv2
import numpy as np
import pytest

from headshot.canvas.compose import compose
from headshot.canvas.retouching.glare import calm_glare, glare_stays
from headshot.canvas.retouching.glasses import glasses_worn
from headshot.canvas.stage import Stage
from headshot.canvas.tidied_stage import stray_zone, tidied
from headshot.direction.direct import direct
from headshot.direction.interpret import interpret
from headshot.files.retouched_words import retouched_in
from headshot.imaging.colour import luminance, to_codes, to_linear
from headshot.studio.session import headshot
from headshot.types import Direction
from tests.canvas.test_retouching import FACES, canvas, part_of
from tests.fixtures.edits.faults import apart, spot, texture, with_glasses
from tests.fixtures.edits.marks import put_on_glasses
from tests.fixtures.shared_photos import PORTRAITS, first, sitting

pytestmark = pytest.mark.data


def test_a_bare_face_loses_nothing_and_a_frame_of_glasses_is_seen() -> None:
    """Seen on sun beside an eye: a greenish patch. A white patch there is no veil where there is no lens."""
    for name in FACES[:2]:
        part = part_of(name)
        veil = 0.2 * spot(part, part.points[145] + np.array([0, 0.2 * part.ied]), 0.07)
        bare = replace(part, linear=np.clip(part.linear + veil, 0, 0.9).astype(np.float32))
        assert calm_glare(bare, 1.0) is bare.linear, name
        codes = np.round(to_codes(part.linear)).astype(np.uint8)
        for thickness in (0.015, 0.05):
            worn = replace(part, linear=to_linear(put_on_glasses(codes, part.points, thickness)))
            assert glasses_worn(worn) == 1, (name, thickness)


@pytest.mark.parametrize(("name", "undone"), first([(FACES[0], ["glare"]), ("hopper_1.png", None)]))
def test_a_picture_says_less_glare_where_glasses_are_seen_alone(name: str, undone: list[str] | None) -> None:
    made = headshot(sitting(name), direct(overrides={"retouch.glare": 1.0}), height=400)
    assert (glare_stays(made.canvas) == "no glasses") == bool(undone)
    assert made.recipe.get("undone") == undone and ("less glare" in retouched_in(made)) == (not undone)


@pytest.mark.parametrize("name", first(PORTRAITS))
def test_no_face_of_the_photos_is_taken_for_another_s_glasses(name: str) -> None:
    part = part_of(name)
    assert glasses_worn(part.small()) == (name in {"hopper_1.png"}), name


def test_a_planted_veil_goes_and_texture_stays() -> None:
    """Under both eyes of three faces, held against the untouched photo, whose own sheen the tool may take too."""
    left = []
    for name in FACES:
        part = with_glasses(part_of(name))
        eyes = part.filled((33, 160, 158, 133, 153, 144), (263, 387, 385, 362, 380, 373)) > 0
        for lid in (145, 374):
            veil = 0.2 * spot(part, part.points[lid] + np.array([0, 0.2 * part.ied]), 0.07)
            planted = np.clip(part.linear + veil, 0, 0.9)
            where = (veil[..., 0] > 0.1) & (part.skin > 0.9)
            calm = calm_glare(replace(part, linear=planted), 1.0)
            left.append(apart(part, calm, part.linear, where) / apart(part, planted, part.linear, where))
            light = [float(luminance(x)[where].mean()) for x in (part.linear, planted, calm)]
            assert -0.15 < (light[2] - light[0]) / (light[1] - light[0]) < 0.55, (name, lid)
            assert (luminance(calm) <= luminance(planted) + 1e-3).all()
            assert 0.75 < texture(part, calm, where) / texture(part, part.linear, where) < 1.35, (name, lid)
            assert (calm[eyes] == planted[eyes]).all(), "catch-lights stay"
    assert np.mean(left) < 0.35 and max(left) < 0.54, left


def test_skin_in_a_light_of_another_colour_has_no_veil() -> None:
    """Seen on a face in two lights: its temple, in the blue one, got an edge. It is not made of skin and white."""
    for name in FACES:
        part = with_glasses(part_of(name))
        x = np.mgrid[: part.skin.shape[0], : part.skin.shape[1]][1]
        side = np.clip((x - part.points[168, 0]) / (0.3 * part.ied), 0, 1).astype(np.float32)[..., None]
        two = part.linear * (1 - side) + side * part.linear * np.array([0.7, 0.8, 2.4], np.float32) + 0.1 * side
        two = np.clip(two, 0, 0.9).astype(np.float32)
        taken = np.abs(calm_glare(replace(part, linear=two), 1.0) - two)[side[..., 0] > 0.99]
        assert taken.max() < 0.02, (name, taken.max())


def test_what_shines_all_over_is_no_glare_and_a_coloured_light_is_no_veil() -> None:
    """Seen on faces without glasses: skin in a bright light went grey under the eyes, in a blue one to pure blue."""
    for name in FACES:
        part = with_glasses(part_of(name))
        bright = np.clip(part.linear + np.float32(0.15), 0, 1)
        taken = bright - calm_glare(replace(part, linear=bright), 1.0)
        assert np.abs(taken[part.skin > 0.9]).mean() < 0.01, name
        below = part.points[145] + np.array([0, 0.2 * part.ied])
        blue = part.linear + spot(part, below, 0.1) * np.array([0, 0.05, 0.5], np.float32)
        calm = calm_glare(replace(part, linear=blue), 1.0)
        assert (calm.min(axis=2) >= 0.4 * blue.min(axis=2) - 1e-3).all(), name


def test_glare_that_covers_an_eye_is_said_to_stay_and_a_clear_eye_is_not() -> None:
    for name in FACES:
        face = canvas(name)
        worn = replace(face, picture=put_on_glasses(face.picture, face.landmarks))
        assert glare_stays(worn) is None, name
        covered = worn.picture.copy()
        x, y = np.round(face.landmarks[468, :2]).astype(int)
        cv2.circle(covered, (int(x), int(y)), round(0.14 * face.eye_distance), (250, 250, 250), -1)
        assert glare_stays(replace(face, picture=covered)) == "burnt out", name


def wish(**retouch: float) -> Direction:
    return direct(overrides={f"retouch.{name}": value for name, value in retouch.items()})


def with_strands(stage: Stage) -> tuple[Stage, np.ndarray]:
    """A stage with three thin strands beside the head, and where they are."""
    unit, (x, y) = stage.eye_distance, stage.landmarks[10, :2]
    drawn = np.zeros(stage.matte.shape, np.float32)
    for turn in (-0.9, 0.1, 0.8):
        ends = [(int(x + r * unit * np.sin(turn)), int(y - r * unit * np.cos(turn))) for r in (0.2, 1.6)]
        cv2.line(drawn, *ends, 1.0, 1, cv2.LINE_AA)
    drawn *= stage.matte < 0.02
    return replace(stage, matte=np.maximum(stage.matte, 0.7 * drawn)), drawn > 0.5


def test_planted_strands_are_taken_back_and_the_body_keeps_every_byte() -> None:
    for name in ("coleman_1.jpg", "wilson_1.jpg"):
        plain = sitting(name).stage(direct(), 700)
        stage, strands = with_strands(plain)
        made, half = tidied(stage, wish(stray_hairs=1.0)), tidied(stage, wish(stray_hairs=0.5))
        away = cv2.distanceTransform((plain.matte < 0.5).astype(np.uint8), cv2.DIST_L2, 5) / stage.eye_distance
        far = strands & (away > 0.16)
        assert far.any()
        left = made.matte[far] / stage.matte[far]
        assert 0.1 < left.mean() < 0.3 and (made.matte <= half.matte).all() and (half.matte <= stage.matte).all()
        body = plain.matte > 0.98
        assert (made.matte[body] == stage.matte[body]).all() and (made.original[body] == stage.original[body]).all()
        below = stage.landmarks[152, 1] + 0.85 * stage.eye_distance
        assert (made.matte[int(below) :] == stage.matte[int(below) :]).all(), "threads of clothes are no hair"
        assert compose(made, wish(stray_hairs=1.0)).original is stage.original, "the photo is shown as it was"


def test_nothing_asked_or_hair_that_is_kept_changes_nothing() -> None:
    stage, _ = with_strands(sitting("coleman_1.jpg").stage(direct(), 700))
    assert tidied(stage, wish()) is stage
    assert tidied(stage, replace(wish(stray_hairs=1.0), keep="my hair")) is stage


def test_a_lock_of_hair_is_no_strand() -> None:
    stage = sitting("coleman_1.jpg").stage(direct(), 700)
    unit, (x, y) = stage.eye_distance, stage.landmarks[10, :2]
    lock = stage.matte.copy()
    cv2.line(lock, (int(x), int(y)), (int(x + unit), int(y - unit)), 1.0, max(3, round(0.09 * unit)))
    zone = stray_zone(lock, stage.landmarks, unit)
    core = cv2.erode(lock, np.ones((3, 3), np.uint8)) > 0.9
    assert zone[core].max() < 0.05


def test_words_ask_for_them() -> None:
    for words, key in {"less glare on my glasses": "retouch.glare", "fewer flyaways": "retouch.stray_hairs"}.items():
        assert key in str(interpret(words)), words
