"""Places of the photo as a person types them: in pixels of the file, whatever became of it since."""

from __future__ import annotations

import numpy as np
import pytest

from headshot.direction.direct import direct
from headshot.direction.places import read_places
from headshot.errors import UserError
from headshot.photo.upright import turn
from headshot.studio.requests import MakeRequest, with_clicks
from headshot.types import Photo


def test_a_clicked_pixel_is_the_same_place_after_any_turn() -> None:
    pixels = np.zeros((300, 400, 3), np.uint8)
    pixels[200, 40] = 255
    for quarters in range(4):
        photo = turn(Photo(pixels, "test"), quarters) if quarters else Photo(pixels, "test")
        wished = with_clicks(direct(), MakeRequest(photo=b"", keep_at=["40,200"], drop_at=["0,0", "399,299"]), photo)
        ((x, y),) = read_places(wished.cutout.keep)
        assert photo.pixels[int(y * photo.height), int(x * photo.width)].all(), quarters
        assert len(read_places(wished.cutout.drop)) == 2


@pytest.mark.parametrize("word", ["40", "40;200", "a,b", "400,0", "-1,0", "1,2,3"])
def test_what_is_no_pixel_of_the_photo_is_refused(word: str) -> None:
    photo = Photo(np.zeros((300, 400, 3), np.uint8), "test")
    with pytest.raises(UserError, match=r"no place|lies outside"):
        with_clicks(direct(), MakeRequest(photo=b"", keep_at=[word]), photo)
