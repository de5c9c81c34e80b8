"""The light's cast, by witnesses that are not the face."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from headshot.canvas.light_cast import agreed_cast, grey_cast, red_over_blue
from headshot.canvas.stage import Stage
from headshot.direction.direct import direct
from headshot.imaging.colour import to_codes, to_linear
from headshot.studio.team.shooter import matched
from headshot.types import U8
from tests.fixtures.shared_photos import first, sitting

pytestmark = pytest.mark.data

NAMES = ("wilson_1.jpg", "garan_1.jpg", "curbeam_1.jpg", "ferguson_1.jpg", "robinson_1.jpg", "herrington_1.jpg")


def under(stage: Stage, cast: float, where: float | np.ndarray = 1.0) -> Stage:
    """The same photo in a light that is `cast` stops of red over blue warmer."""
    gains = np.exp2(np.float32([cast / 2, 0, -cast / 2])[None, None, :] * where).astype(np.float32)
    pixels = (to_codes(to_linear(stage.original) * gains) + 0.5).clip(0, 255).astype(np.uint8)
    return replace(stage, original=pixels)


def gain(stage: Stage) -> float:
    """What a team's light does to the red over blue of this person's picture."""
    light = matched(direct("linkedin"), stage)[0].light
    return 0.32 * light.warmth + red_over_blue(stage.correction[0])


@pytest.mark.parametrize("names", first([list(NAMES[:3]), list(NAMES[3:])]))
def test_planted_casts_are_taken_away_and_skins_do_not_matter(names: list[str]) -> None:
    left: dict[float, list[float]] = {cast: [] for cast in (-0.25, 0.25)}
    for name in names:
        stage = sitting(name).stage(direct("linkedin"), 400)
        plain = gain(stage)
        for cast, of_all in left.items():
            of_all.append(cast + gain(under(stage, cast)) - plain)
        # Another skin in the same light, as its own pixels and as a whole: the light is what it was.
        face = stage.regions["face"][..., None]
        for other in (under(stage, 0.4, face), under(stage, -0.2, face)):
            assert grey_cast(other) == pytest.approx(grey_cast(stage), abs=0.12), name
            assert gain(other) == pytest.approx(plain, abs=0.12), name
    for cast, of_all in left.items():
        assert np.mean(of_all) / cast < 0.5, (cast, of_all)


@pytest.mark.sweep
def test_a_wall_alone_is_no_coloured_light() -> None:
    """Who stands before a yellow wall is not made blue: what they wear says otherwise."""
    stage = sitting("herrington_1.jpg").stage(direct("linkedin"), 400)
    wall = stage.original.copy()
    wall[stage.matte < 0.5] = np.array((200, 170, 80), np.uint8)
    yellow: U8 = np.asarray(wall, np.uint8)
    assert abs(agreed_cast(replace(stage, original=yellow))) < 0.15
