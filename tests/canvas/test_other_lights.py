"""Skin in the light of a sky, of a low sun, of two lamps: what a tool takes there must leave the skin's own colour."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from headshot.canvas.retouching.face_part import FacePart
from headshot.canvas.retouching.redness import even_redness
from headshot.canvas.retouching.shine import calm_shine
from headshot.imaging.colour import luminance
from tests.canvas.test_retouching import FACES, part_of
from tests.fixtures.edits.faults import lab, spot

pytestmark = pytest.mark.data


def off_colour(part: FacePart, linear: np.ndarray, where: np.ndarray) -> float:
    """How far colours of luminance 1 in `where` are from the untouched photo's, in the mean."""
    there, before = (x / luminance(x)[..., None] for x in (part.soft(linear, 0.03), part.soft(part.linear, 0.03)))
    return float(np.linalg.norm(there - before, axis=2)[where].mean())


@pytest.mark.parametrize("name", FACES[1:])
def test_a_sky_s_shine_leaves_no_chalk(name: str) -> None:
    """Seen on foreheads and cheeks under a cool light: what was taken was white, and a bluish grey was left."""
    part = part_of(name)
    patch = spot(part, part.points[151], 0.13) * part.skin[..., None]
    where = (patch[..., 0] > 0.4) & (part.skin > 0.8)
    shiny = np.clip(part.linear + patch * np.array([0.12, 0.16, 0.22], np.float32), 0, 0.95).astype(np.float32)
    calm = calm_shine(replace(part, linear=shiny), 1.0)
    assert off_colour(part, calm, where) < 0.4 * off_colour(part, shiny, where), name


@pytest.mark.parametrize("name", FACES)
def test_between_lights_of_two_colours_nothing_is_taken_for_shine(name: str) -> None:
    """Seen on a face in a warm and a blue light: a grey smudge where the two meet, which is white."""
    part = part_of(name)
    x = np.mgrid[: part.skin.shape[0], : part.skin.shape[1]][1]
    side = np.clip((x - part.points[168, 0]) / (0.3 * part.ied), 0, 1).astype(np.float32)[..., None]
    two = part.linear * (1 - side + side * np.array([0.4, 0.7, 4.5], np.float32)) + 0.1 * side
    two = np.clip(two, 0, 0.9).astype(np.float32)
    taken = np.abs(calm_shine(replace(part, linear=two), 1.0) - two)
    assert taken[(side[..., 0] > 0.2) & (side[..., 0] < 0.8) & (part.skin > 0.8)].max() < 0.01, name


@pytest.mark.parametrize("name", FACES)
def test_the_low_sun_on_a_cheek_is_no_shine(name: str) -> None:
    """Seen on a sunlit cheek: it went mustard. Its light is brighter and yellower, and no white lies on it."""
    part = part_of(name)
    patch = spot(part, part.points[50], 0.13) * part.skin[..., None]
    sunlit = np.clip(part.linear * (1 + patch * np.array([1.0, 1.4, 0.6], np.float32)), 0, 0.95).astype(np.float32)
    where = (patch[..., 0] > 0.6) & (part.skin > 0.8)
    calm = calm_shine(replace(part, linear=sunlit), 1.0)
    assert 1 - luminance(calm)[where].mean() / luminance(sunlit)[where].mean() < 0.08, name


def test_a_cool_shade_is_no_redness() -> None:
    """Seen beside a nose in the sun: the shadow in the sky's light, which has less yellow, was turned to olive."""
    part = part_of("coleman_1.jpg")
    shade = np.clip(1.6 * spot(part, part.points[280], 0.13), 0, 1) * part.skin[..., None]
    where = (shade[..., 0] > 0.9) & (part.skin > 0.8)
    for light in ((0.35, 0.4, 0.5), (0.3, 0.36, 0.5), (0.4, 0.45, 0.6)):
        shaded = (part.linear * (1 - shade + shade * np.array(light, np.float32))).astype(np.float32)
        turned = lab(even_redness(replace(part, linear=shaded), 1.0)) - lab(shaded)
        assert np.linalg.norm(turned, axis=2)[where].mean() < 1.0, light
