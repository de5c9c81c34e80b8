"""The photographer's controls are on the page, on a sheet and in a saved picture."""

from __future__ import annotations

import numpy as np
import pytest

from headshot.direction.diff import as_settings
from headshot.direction.direct import direct
from headshot.files.recipe import recipe_of, restore
from headshot.studio.session import headshot
from headshot.types import ASPECTS, Direction
from headshot.ui.compare.sheet_axes import values_for
from headshot.ui.make.controls import GROUPS, KEYS
from tests.fixtures.shared_photos import sitting
from tests.fixtures.stages import NEW


@pytest.mark.data
def test_new_settings_come_back_from_a_saved_picture() -> None:
    given = {
        "light.key_height": 45.0,
        "light.fill": 0.35,
        "backdrop.texture": 0.6,
        "crop.lens": -0.4,
        "crop.camera_height": 0.3,
        "posing.attire": "formal",
        "posing.gaze": "left",
    }
    made = headshot(sitting("garan_1.jpg"), direct("corporate", overrides=given), height=300)
    again = restore(recipe_of(made))
    assert again == made.direction and {k: as_settings(again)[k] for k in given} == given


@pytest.mark.parametrize("key", NEW)
def test_each_is_on_the_page_and_on_a_sheet_with_sensible_values(key: str) -> None:
    assert key in KEYS and any(key in keys for _, keys in GROUPS)
    choices, chosen = values_for(key)
    assert 3 <= len(chosen) <= 4 and set(chosen) <= {v for _, v in choices}
    assert len({label for label, _ in choices}) == len(choices)
    neutral = as_settings(Direction())[key]
    assert str(neutral) in chosen or f"{neutral:g}" in chosen  # one of them is how it was


@pytest.mark.data
@pytest.mark.parametrize("aspect", ASPECTS)
def test_all_extremes_at_once_make_a_picture(aspect: str) -> None:
    ends = {
        "light.key_height": 60.0,
        "light.fill": 1.0,
        "light.strength": 1.0,
        "backdrop.texture": 1.0,
        "backdrop.kind": "seamless",
        "crop.lens": -1.0,
        "crop.camera_height": 1.0,
        "crop.aspect": aspect,
    }
    made = headshot(sitting("wilson_1.jpg"), direct(overrides=ends), height=320)
    assert made.picture.dtype == np.uint8 and made.picture.std() > 10
    total = sum(made.canvas.regions.values())
    assert np.abs(np.asarray(total) - 1).max() < 1e-4
