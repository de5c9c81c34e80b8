"""Tools worked out on a small face and laid at the picture's size: as near as a code value to what they do there."""

from __future__ import annotations

import numpy as np
import pytest

from headshot.canvas.retouching.face_part import face_part
from headshot.canvas.retouching.retouched import _SMOOTH
from headshot.canvas.retouching.smooth_tool import SmoothTool
from headshot.direction.direct import direct
from headshot.imaging.colour import to_codes
from tests.fixtures.shared_photos import sitting


@pytest.mark.data
@pytest.mark.parametrize("name", ["coleman_1.jpg", "curbeam_1.jpg"])
@pytest.mark.parametrize("tool", _SMOOTH, ids=lambda tool: tool.name)
def test_a_field_of_a_small_face_is_what_the_tool_does_to_the_large_one(tool: SmoothTool, name: str) -> None:
    canvas = sitting(name).canvas(direct(), 1000)
    part = face_part(canvas.picture.astype(np.float32), canvas)
    assert part is not None
    small = part.shrunk(0.6 * part.ied)
    assert abs(small.ied / part.ied - 0.6) < 0.01 and small.shrunk(2 * part.ied) is small
    field = tool.field(small)
    for amount in (0.5, 1.0):
        whole, laid = (to_codes(x) for x in (tool.whole(part, amount), tool.laid(part.linear, field, amount)))
        changed = np.abs(whole - to_codes(part.linear)).max(axis=2)
        off = np.abs(whole - laid).max(axis=2)
        assert changed.max() > 3, "else it tells nothing"
        assert np.quantile(off, 0.99) < 1 and np.quantile(off, 0.999) < 4 and off.mean() < 0.05 * changed.max()


def test_where_a_field_is_zero_no_bit_changes() -> None:
    linear = np.random.default_rng(1).random((60, 80, 3)).astype(np.float32)
    field = np.zeros((30, 40, 3), np.float32)
    for adds in (True, False):
        tool = SmoothTool("x", lambda part, amount: part.linear, adds)
        assert tool.laid(linear, field, 1.0) is linear
    field[10:12, 20:22] = -0.1
    laid = SmoothTool("x", lambda part, amount: part.linear).laid(linear, field, 1.0)
    beside = np.ones(linear.shape[:2], bool)
    beside[18:26, 38:46] = False
    assert (laid[beside] == linear[beside]).all() and (laid[20:23, 41:43] < linear[20:23, 41:43]).all()
