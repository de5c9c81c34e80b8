"""The mottling of plain backdrops."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from headshot.canvas.backdrop import make_backdrop
from headshot.canvas.stage import Stage
from headshot.imaging.colour import luminance, to_codes
from headshot.types import F32, Backdrop, Light
from tests.fixtures.shared_photos import first
from tests.fixtures.stages import stage_of


def backdrop_of(stage: Stage, backdrop: Backdrop, light: Light) -> F32:
    """What is behind the person, (h, w, 3)."""
    return np.dstack([*make_backdrop(stage, backdrop, light)])


@pytest.mark.data
@pytest.mark.parametrize("kind", first(["gradient", "seamless", "brand"]))
def test_mottling_grows_is_centred_and_the_same_at_every_size(kind: str) -> None:
    light, colour = Light(key_side="none"), "#7b7269"
    small, large = stage_of("garan_1.jpg", 400), stage_of("garan_1.jpg", 1200)
    plain = backdrop_of(small, Backdrop(kind, colour), light)
    assert np.array_equal(plain, backdrop_of(small, Backdrop(kind, colour, texture=0.0), light))
    spreads = []
    for texture in (0.25, 0.5, 1.0):
        made = backdrop_of(small, Backdrop(kind, colour, texture=texture), light)
        assert made.min() >= 0 and made.max() <= 1 and np.isfinite(made).all()
        stops = np.log2(luminance(made) / luminance(plain))
        spreads.append(float(stops.std()))
        assert abs(float(stops.mean())) < 0.12 and np.abs(stops).max() < 0.65
    assert spreads == sorted(spreads) and spreads[-1] > 0.15
    final = backdrop_of(large, Backdrop(kind, colour, texture=1.0), light)
    again = cv2.resize(final, made.shape[1::-1], interpolation=cv2.INTER_AREA)
    assert np.abs(to_codes(again) - to_codes(made)).mean() < 1.5  # code values
    assert np.array_equal(made, backdrop_of(small, Backdrop(kind, colour, texture=1.0), light))


@pytest.mark.sweep
@pytest.mark.data
@pytest.mark.parametrize("kind", ["bokeh", "blur", "own"])
def test_mottling_is_for_plain_backdrops(kind: str) -> None:
    stage = stage_of("garan_1.jpg", 300)
    with_it, without = (backdrop_of(stage, Backdrop(kind, texture=t), Light()) for t in (1.0, 0.0))
    assert np.array_equal(with_it, without)
