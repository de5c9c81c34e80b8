"""Light from another side is no beard, no brow and no whitening, on any skin; paint under that light still is."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from headshot.authenticity.measures import light
from headshot.authenticity.measures.beard import beard_change
from headshot.authenticity.measures.brows import brow_change
from headshot.authenticity.measures.hair_colour import hair_change
from headshot.authenticity.measures.head_view import HeadView
from headshot.authenticity.measures.skin import beyond_light
from headshot.authenticity.measures.unmeasurable import Unmeasurable
from headshot.authenticity.thresholds import threshold
from headshot.imaging.colour import linear_to_srgb, srgb_to_linear
from headshot.imaging.landmarks import LIPS
from tests.authenticity.measures.test_painted_colours import paint
from tests.authenticity.test_grading import darker_skin
from tests.fixtures import edits, faces

pytestmark = [pytest.mark.data, pytest.mark.skipif(not faces.PHOTOS.is_dir(), reason="no shared photos")]

CHIN = (58, 136, 149, 148, 152, 377, 378, 365, 288, 322, 97, 326, 92)
LIGHTS = ((0.5, (1, 0)), (0.8, (-1, 0)), (0.5, (0, -1)), (0.5, (0, 1)))


def lightened(a: HeadView, b: HeadView) -> float:
    shaded, face = light.shading(a, b), a.face
    assert shaded is not None
    lips, brows = (shaded.between(face.skin, part, face.eye_px) for part in (face.lips, face.brows))
    return beyond_light(face, b.face, (lips, brows))


MEASURES: dict[str, Callable[[HeadView, HeadView], float]] = {
    "beard": lambda a, b: beard_change(a, b)[0],
    "brows": brow_change,
    "hair": lambda a, b: hair_change(a, b)[0],
    "beyond_light": lightened,
}


@pytest.mark.sweep
@pytest.mark.parametrize("name", ["whitson_1.jpg", "curbeam_1.jpg", "wilson_1.jpg"])
def test_light_from_a_side_is_no_change_of_the_person(name: str) -> None:
    """One photo as it is and with darker skin, matched in all else, and two people who have dark skin."""
    photo, points = faces.photo(name), faces.landmarks(name)
    for skin in (photo, darker_skin(photo, points)) if name == "whitson_1.jpg" else (photo,):
        before = HeadView(skin, points)
        for stops, towards in LIGHTS:
            after = HeadView(edits.relight(skin, points, stops, towards), points)
            for measure, of in MEASURES.items():
                try:
                    value = of(before, after)
                except Unmeasurable:  # so bright that nothing is said
                    continue
                assert threshold(measure, "generator").state(value) == "green", (name, towards, measure, value)


def test_a_beard_under_light_from_a_side_is_found_on_any_skin() -> None:
    name = "whitson_1.jpg"
    photo, points = faces.photo(name), faces.landmarks(name)
    bearded = paint(name, CHIN, (-16, 0, 0), LIPS)
    for skin in (lambda p: p, lambda p: darker_skin(p, points)):
        lit = edits.relight(skin(bearded), points, 0.5, (1, 0))
        darker = beard_change(HeadView(skin(photo), points), HeadView(lit, points))[0]
        assert darker < 0 and threshold("beard", "generator").state(darker) == "amber", darker


def test_a_shading_reads_the_light_it_was_given() -> None:
    photo, points = faces.photo("whitson_1.jpg"), faces.landmarks("whitson_1.jpg")
    before = HeadView(photo, points)
    x = (np.arange(photo.shape[1]) - points[[468, 473], 0].mean()) / before.face.source_eye_px
    dimmed = np.round(255 * linear_to_srgb(srgb_to_linear(photo / 255) * 2.0 ** (-0.6 + 0.3 * x[None, :, None])))
    found = light.shading(before, HeadView(np.uint8(np.clip(dimmed, 0, 255)), points))
    assert found is not None
    assert abs(found.right - 0.3) < 0.05 and abs(found.down) < 0.08 and abs(found.middle + 0.6) < 0.08
