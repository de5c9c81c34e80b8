"""The soft maps of a frame end softly: what is done to a face shows no line where its map ends."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from headshot.canvas.regions import find_regions, has_cheek_hue
from headshot.canvas.reshaped_stage import reshaped
from headshot.direction.direct import direct
from headshot.imaging.landmarks import CHIN, eye_distance
from tests.fixtures.shared_photos import sitting


@pytest.mark.data
@pytest.mark.parametrize("name", ["coleman_1.jpg", "curbeam_1.jpg"])
def test_the_face_s_map_has_no_line_in_what_is_skin_all_over(name: str) -> None:
    stage = sitting(name).stage(direct(), 800)
    x, y = np.round(stage.landmarks[50, :2]).astype(int)
    all_skin = np.broadcast_to(stage.foreground[y, x], stage.foreground.shape).copy()
    face = find_regions(all_skin, np.ones_like(stage.matte), stage.landmarks)["face"]
    chin = stage.landmarks[CHIN]
    assert face[round(chin[1] + 0.6 * eye_distance(stage.landmarks)), round(chin[0])] > 0.9, "the neck is in it"
    steps = [np.abs(np.diff(face, axis=axis)).max() for axis in (0, 1)]
    assert max(steps) < 0.2, steps  # from pixel to pixel; a hard bound steps by 1


@pytest.mark.data
@pytest.mark.parametrize("name", ["coleman_1.jpg", "garan_1.jpg"])
def test_a_preview_and_the_final_have_the_same_maps(name: str) -> None:
    preview, final = (sitting(name).stage(direct(), height) for height in (800, 2048))
    for place in ("face", "hair", "clothes"):
        small = cv2.resize(final.regions[place], preview.matte.shape[::-1], interpolation=cv2.INTER_AREA)
        apart = np.abs(small - preview.regions[place])
        assert apart.mean() < 0.005 and np.quantile(apart, 0.99) < 0.15
    assert np.abs(sum(final.regions.values()) - 1).max() < 1e-5 and min(v.min() for v in final.regions.values()) >= 0


def test_hues_near_the_cheeks_are_told_as_by_their_angle() -> None:
    rng = np.random.default_rng(5)
    picture = rng.integers(0, 256, (200, 200, 3), np.uint8)
    points = np.full((478, 3), 20, np.float32)
    picture[:40, :40] = (205, 150, 120)  # where the cheeks are
    lab = cv2.cvtColor(picture, cv2.COLOR_RGB2LAB).astype(np.float64)
    a, b = lab[..., 1] - 128, lab[..., 2] - 128
    turn = np.degrees(np.arctan2(b, a) - np.arctan2(b[20, 20], a[20, 20]))
    near = (np.abs((turn + 180) % 360 - 180) < 35) & (a > 0.5 * a[20, 20])
    told = has_cheek_hue(picture, points, 50.0)
    assert 0.02 < near.mean() < 0.5 and (told != near).mean() < 1e-4


@pytest.mark.data
def test_they_go_along_with_the_features_and_still_divide_the_frame() -> None:
    before = sitting("coleman_1.jpg").stage(direct(), 400)
    moved = reshaped(before, direct(overrides={"shape.tilt": 1.0, "shape.smile": 1.0}))
    assert moved.motion is not None
    regions = moved.regions
    assert set(regions) == set(before.regions) and regions["face"] is regions["face"]
    assert np.abs(sum(regions.values()) - 1).max() < 1e-5 and min(v.min() for v in regions.values()) >= 0
    carried = moved.motion.moved(before.regions["face"], cv2.INTER_LINEAR)
    inside = moved.matte > 0.99
    assert np.abs(carried - regions["face"])[inside].max() < 0.02
    assert np.abs(before.regions["face"] - regions["face"])[inside].max() > 0.3, "it did move"
    with pytest.raises(KeyError):
        regions["sky"]
