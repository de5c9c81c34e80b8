"""The soft maps of a frame end softly: what is done to a face shows no line where its map ends."""

from __future__ import annotations

import numpy as np
import pytest

from headshot.canvas.regions import find_regions
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
