"""Key light and fill on own pixels."""

from __future__ import annotations

from dataclasses import replace

import cv2
import numpy as np
import pytest

from headshot.canvas.light import apply_stops, relight, side_light
from headshot.direction.direct import direct
from headshot.imaging.colour import to_codes, to_linear
from headshot.types import Light
from tests.fixtures.stages import SKINS, stage_of


def old_relight(form, light: Light) -> np.ndarray:  # type: ignore[no-untyped-def]
    """The key light as it was when the report's cuts were tuned: before height and fill."""
    side = -1.0 if light.key_side == "left" else 1.0
    way = np.array([0.62 * side, -0.42, 0.66], np.float32)
    way /= np.linalg.norm(way)
    cosine = cv2.transform(form.normals, way[None, :]).reshape(form.face.shape)
    wrap = 0.25 + 0.6 * light.softness
    stops = np.log2(1 + 2 * np.clip((cosine + wrap) / (1 + wrap), 0, 1))
    stops -= float(np.median(stops[form.face > 0.5]))
    limit = 0.7 * light.strength
    return (limit * np.tanh(stops / limit)).astype(np.float32)


@pytest.mark.sweep
@pytest.mark.data
@pytest.mark.parametrize("name", SKINS)
def test_the_default_key_light_is_the_one_the_cuts_were_tuned_on(name: str) -> None:
    form = stage_of(name).head_form
    for preset in ("linkedin", "corporate", "mono"):
        light = direct(preset).light
        assert np.array_equal(relight(form, light, 0.5), old_relight(form, light))


@pytest.mark.sweep
@pytest.mark.data
@pytest.mark.parametrize("name", SKINS)
def test_a_higher_key_light_darkens_what_faces_down(name: str) -> None:
    stage = stage_of(name)
    brow, chin = (stage.landmarks[i, :2].astype(int) for i in (151, 200))  # the forehead, and under the lips
    gaps = []
    for height in (0.0, 25.0, 45.0, 60.0):
        stops = relight(stage.head_form, Light(strength=0.8, key_height=height))
        assert np.isfinite(stops).all() and np.abs(stops).max() <= 0.7
        gaps.append(float(stops[brow[1], brow[0]] - stops[chin[1], chin[0]]))
    assert gaps == sorted(gaps) and gaps[-1] > gaps[0] + 0.1


@pytest.mark.data
@pytest.mark.parametrize("name", SKINS)
def test_fill_lifts_the_shadow_side_alone_and_keeps_the_hue(name: str) -> None:
    stage = stage_of(name)
    person, form = to_linear(stage.original), stage.head_form
    light = Light(key_side="left", strength=1.0)
    key = relight(form, light)
    face = form.face > 0.8
    dark, bright = face & (key < np.quantile(key[face], 0.1)), face & (key > np.quantile(key[face], 0.9))
    ratios = []
    for fill in (0.0, 0.3, 0.6, 1.0):
        stops = relight(form, replace(light, fill=fill))
        assert np.isfinite(stops).all() and np.abs(stops).max() <= 1.4
        ratios.append(float(stops[bright].mean() - stops[dark].mean()))  # lighting ratio, stops
        lit = apply_stops(person, stops)
        clear = face & (lit.max(2) < 0.85) & (person.max(2) < 0.95) & (person.min(2) > 0.002)
        before, after = (cv2.cvtColor(to_codes(p) / 255, cv2.COLOR_RGB2LAB)[clear].mean(0) for p in (person, lit))
        assert abs(np.degrees(np.arctan2(after[2], after[1]) - np.arctan2(before[2], before[1]))) <= 1.0
    assert ratios == sorted(ratios, reverse=True) and ratios[-1] < 0.65 * ratios[0]
    assert np.abs(cv2.Laplacian(stops, cv2.CV_32F)).max() < 0.05  # no line where light turns into shadow


@pytest.mark.data
def test_fill_answers_the_photos_own_shadow() -> None:
    """A planted side light is found again, on the right side, and lifted; without it nothing much is done."""
    stage = stage_of("garan_1.jpg")
    plain = to_linear(stage.original)
    found = []
    for slope in (-0.5, 0.0, 0.5):
        planted = apply_stops(plain * 0.5, slope * stage.head_form.normals[..., 0])
        found.append(side_light(planted, stage.head_form))
    assert found[1] - found[0] == pytest.approx(0.5, abs=0.06) and found[2] - found[1] == pytest.approx(0.5, abs=0.06)
    none = Light(key_side="none", fill=1.0)
    lift = relight(stage.head_form, none, found[2])
    face, x = stage.head_form.face > 0.8, stage.head_form.normals[..., 0]
    assert lift[face & (x < -0.4)].mean() > 0.12 > 0.05 > lift[face & (x > 0.4)].mean()
    assert np.abs(relight(stage.head_form, none, 0.0)).max() < 1e-6
