"""What smooth tools take is told by the face as it was photographed: once, whatever is lit, moved or healed after."""

from __future__ import annotations

from dataclasses import replace

import cv2
import numpy as np
import pytest

from headshot.canvas.canvas_of import canvas_of
from headshot.canvas.light import warmth
from headshot.canvas.locked_regions import with_locked
from headshot.canvas.retouching.face_part import face_part
from headshot.canvas.retouching.heal import heal_discs
from headshot.canvas.retouching.photo_face import PhotoFace, face_of
from headshot.canvas.retouching.retouched import _SMOOTH, retouched
from headshot.direction.direct import direct
from headshot.imaging.colour import srgb_to_linear, to_linear
from headshot.types import F32, Canvas, LastSteps
from tests.fixtures.shared_photos import first, sitting

pytestmark = pytest.mark.data

TOOLS = {tool.name: tool for tool in _SMOOTH}
RETOUCH = {"retouch.shine": 1.0, "retouch.redness": 0.6, "retouch.under_eyes": 0.8}


def made(name: str, **asked: float) -> tuple[Canvas, PhotoFace]:
    wish = direct(overrides=RETOUCH | {key.replace("__", "."): value for key, value in asked.items()})
    canvas = sitting(name).canvas(wish, 700)
    face = face_of(canvas)
    assert face is not None
    return canvas, face


def taken(canvas: Canvas) -> F32:
    """What the tools take from the canvas's picture, codes (h, w, 3)."""
    picture = canvas.picture.astype(np.float32)
    return picture - retouched(picture, canvas, direct(overrides=RETOUCH).retouch)


@pytest.mark.parametrize("name", first(["coleman_1.jpg", "curbeam_1.jpg"]))
def test_in_another_light_the_same_shine_is_taken(name: str) -> None:
    (plain, face), (warm, lit) = made(name), made(name, light__warmth=0.8, light__exposure=-0.5)
    shine = TOOLS["shine"]
    assert lit.change(shine) is face.change(shine), "it is not worked out again"
    parts = [face_part(canvas.picture, canvas) for canvas in (plain, warm)]
    assert parts[0] is not None and parts[1] is not None
    ratio = lit.light_on(parts[1]) / face.light_on(parts[0])
    skin = parts[1].shrunk(25.0).skin > 0.9
    expected = warmth(0.8) * 2**-0.5
    assert np.abs(np.median(ratio[skin] / expected, axis=0) - 1).max() < 0.02
    shares = []
    for canvas, part in zip((plain, warm), parts, strict=True):
        left = canvas.picture.astype(np.float32) - taken(canvas)
        after, skin = srgb_to_linear(left[part.rows, part.columns] / 255), part.skin > 0.9
        shares.append(1 - after[skin].sum(axis=0) / part.linear[skin].sum(axis=0))
    assert shares[0].max() > 0.02 and np.abs(shares[1] - shares[0]).max() < 0.005, shares


@pytest.mark.parametrize("name", first(["coleman_1.jpg", "curbeam_1.jpg"]))
def test_what_is_taken_goes_along_with_the_features(name: str) -> None:
    asked = {"shape__smile": 1.0, "shape__tilt": 0.7, "shape__eyes": 0.5}
    (plain, _), (canvas, face) = made(name), made(name, **asked)
    stage = sitting(name).stage(direct(), 700)
    motion = stage.face_mesh.motion(canvas.moved)
    assert motion is not None and face.source is not None
    expected, found = (cv2.GaussianBlur(x, (0, 0), 3) for x in (motion.moved(taken(plain)), taken(canvas)))
    off, unmoved = np.abs(found - expected), np.abs(cv2.GaussianBlur(taken(plain), (0, 0), 3) - expected)
    skin = canvas.regions["face"] > 0.9
    assert off[skin].mean() < 0.35 * unmoved[skin].mean() and np.quantile(off[skin], 0.99) < 2.0, (
        off[skin].mean(),
        unmoved[skin].mean(),
    )


def test_other_tools_are_told_by_what_the_shine_leaves() -> None:
    """Else a shadow under an eye would be lifted to the light of a cheek that shines no more."""
    _, face = made("coleman_1.jpg")
    shine, under = TOOLS["shine"], TOOLS["under_eyes"]
    calm = shine.laid(face.part.linear, face.change(shine), 1.0)
    alone, after = under.field(face.part), under.field(replace(face.part, linear=calm))
    assert np.abs(alone - after).max() > 0.02, "else it tells nothing"
    for amount, expected in ((0.0, alone), (0.5, (alone + after) / 2), (1.0, after)):
        assert np.abs(face.change(under, (), shine, amount) - expected).max() < 1e-5, amount


def test_a_healed_spot_leaves_no_trace_in_what_is_taken() -> None:
    """Redness would turn the healed skin to the other side of its hue."""
    stage = sitting("coleman_1.jpg").stage(direct(), 700)
    at = stage.landmarks[50, :2]
    y, x = np.mgrid[: stage.matte.shape[0], : stage.matte.shape[1]]
    spot = np.exp(-((np.hypot(x - at[0], y - at[1]) / (0.025 * stage.eye_distance)) ** 2) / 2)[..., None]
    codes = stage.foreground + spot * np.array([20, -60, -55])
    spotted = replace(stage, foreground=codes.clip(0, 255).astype(np.uint8))
    there = cv2.invertAffineTransform(stage.framing.matrix) @ np.array([*at, 1.0])
    place = tuple(float(v) for v in (there + 0.5) / stage.framing.photo)
    redness, clean, red = TOOLS["redness"], stage.photo_face, spotted.photo_face
    assert clean is not None and red is not None
    px = np.round(clean._small(*at)).astype(int)
    near = np.s_[px[1] - 2 : px[1] + 3, px[0] - 2 : px[0] + 3]
    without, left, healed = (
        np.abs(field[near]).mean()
        for field in (clean.change(redness), red.change(redness), red.change(redness, ((place[0], place[1]),)))
    )
    assert left > 4 * without + 0.02 and healed < 0.2 * left, (without, left, healed)
    assert red.change(redness) is not None and np.abs(red.change(redness)[near]).mean() == left, "and back again"


def test_spots_are_healed_once_for_all_tools(monkeypatch: pytest.MonkeyPatch) -> None:
    _, face = made("coleman_1.jpg")
    done: list[int] = []

    def counted(codes: F32, matte: F32, spots: list[tuple[float, float]], ied: float) -> F32:
        done.append(len(spots))
        return heal_discs(codes, matte, spots, ied)

    monkeypatch.setattr("headshot.canvas.retouching.photo_face.heal_discs", counted)
    places = ((0.45, 0.4), (0.55, 0.4))
    for tool in _SMOOTH:
        face.change(tool, places, TOOLS["shine"], 0.5)
    assert done == [2]


def test_what_is_painted_over_it_is_told_by_itself() -> None:
    canvas, face = made("coleman_1.jpg")
    painted = replace(canvas, picture=canvas.picture[:, ::-1].copy())
    assert face_of(painted) is None
    held = with_locked(canvas, "my freckles")
    assert held is not canvas and face_of(held) is face
    bare = canvas_of(sitting("coleman_1.jpg").stage(direct(), 700), direct(), LastSteps())
    assert bare.photo_face is None, "nothing is asked that needs it"


def test_the_small_face_is_the_photo_s_own() -> None:
    canvas, face = made("coleman_1.jpg", light__exposure=1.0)
    part = face.part
    whole = to_linear(sitting("coleman_1.jpg").stage(direct(), 700).foreground[part.rows, part.columns])
    small = cv2.resize(whole, part.skin.shape[::-1], interpolation=cv2.INTER_AREA)
    assert np.abs(small - part.linear).max() < 1e-5 and not np.allclose(canvas.picture, canvas.original)
