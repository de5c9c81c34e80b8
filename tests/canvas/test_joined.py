"""Person and backdrop as one picture: the face is not touched, grain is the photo's own, a shadow falls from light."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from headshot.canvas.compose import compose
from headshot.canvas.joined import edge_bands, grain_like, photo_grain, shadow_of
from headshot.canvas.misfit import misfits
from headshot.direction.direct import direct
from headshot.imaging.bands import tiled
from headshot.imaging.masks import hull_mask
from tests.fixtures.shared_photos import sitting

WHITE = {"backdrop.kind": "seamless", "backdrop.colour": "#ffffff", "backdrop.falloff": 0.0}


def plain(size: int = 480, sigma: float = 0.0, soft: float = 0.0) -> np.ndarray:
    """A slow gradient with grain of a known strength and size."""
    noise = np.random.default_rng(4).normal(0, 1, (size, size)).astype(np.float32)
    if soft:
        noise = cv2.GaussianBlur(noise, (0, 0), soft)
        noise /= noise.std()
    grey = np.linspace(90, 150, size, dtype=np.float32)[None, :] + sigma * noise
    return np.dstack([grey.round().clip(0, 255).astype(np.uint8)] * 3)


def test_grain_is_measured_and_made_again_at_its_own_size() -> None:
    nowhere = np.zeros((480, 480), np.float32)
    for sigma, soft in ((0.8, 0.0), (1.5, 0.0), (3.0, 1.0), (3.0, 2.0)):
        measured = photo_grain(plain(sigma=sigma, soft=soft), nowhere)
        made = plain()[..., 0] + tiled(grain_like(measured), slice(0, 480), 480)
        again = photo_grain(np.dstack([made.round().clip(0, 255).astype(np.uint8)] * 3), nowhere)
        assert again == pytest.approx(measured, rel=0.12, abs=0.15), (sigma, soft)
    assert max(photo_grain(plain(), nowhere)) < 0.4  # the rounding to code values is all there is
    assert max(photo_grain(plain(sigma=40.0), nowhere)) == 1.5  # bounded
    assert photo_grain(plain(sigma=3.0), np.ones((480, 480), np.float32)) == (0.0, 0.0)
    enlarged = cv2.resize(plain(240, 1.5), (480, 480), interpolation=cv2.INTER_CUBIC)
    small, large = photo_grain(plain(sigma=1.5), nowhere), photo_grain(enlarged, nowhere)
    assert large[0] < 0.6 * small[0]  # an enlarged photo has no fine grain, and its backdrop gets none


def test_grain_tiles_without_a_seam() -> None:
    grain = tiled(grain_like((1.0, 1.0)), slice(0, 700), 1100)
    steps = np.abs(np.diff(grain, axis=1)).mean(0)
    assert steps[505:520].max() < 1.25 * steps.mean()


@pytest.mark.data
def test_no_pixel_of_the_face_is_touched() -> None:
    """Light wrap, grain and shadow at their most change the edge and the backdrop, and nothing in the face's oval."""
    stage = sitting("garan_1.jpg").stage(direct(), 500)
    off, most = (
        compose(stage, direct(overrides={**WHITE, **{f"backdrop.{k}": v for k in ("wrap", "grain", "shadow")}})).picture
        for v in (0.0, 1.0)
    )
    oval = hull_mask(stage.landmarks[:468, :2], stage.matte.shape) > 0
    inside = oval & (stage.matte == 1)
    assert inside.sum() > 0.8 * oval.sum() and np.array_equal(off[inside], most[inside])
    changed = np.abs(off.astype(int) - most).max(2)
    assert changed[(stage.matte > 0.2) & (stage.matte < 0.9)].mean() > 1 and changed[stage.matte == 0].mean() > 1
    deep = cv2.erode((stage.matte == 1).astype(np.uint8), np.ones((3, 3)), iterations=round(0.15 * stage.eye_distance))
    assert changed[deep > 0].max() == 0  # nothing but the edge
    for share, most in zip(edge_bands(stage.edge_reach, stage.matte, stage.landmarks), (0.121, 0.501), strict=True):
        assert share[oval].max() == 0 and share.min() >= 0 and share.max() <= most


@pytest.mark.data
def test_the_shadow_falls_away_from_the_main_light() -> None:
    stage = sitting("garan_1.jpg").stage(direct(), 500)
    size = (stage.matte.shape[1] // 4, stage.matte.shape[0] // 4)
    left, right, none = (shadow_of(stage.matte, stage.landmarks, side, size) for side in ("left", "right", "none"))
    x = np.arange(size[0])
    assert (left * x).sum() / left.sum() > (none * x).sum() / none.sum() > (right * x).sum() / right.sum()
    assert 0 <= left.min() and left.max() <= 1.001


@pytest.mark.data
def test_what_does_not_fit_is_said() -> None:
    """A photo without colours on a coloured look; one lit hard from a side under light from the other."""
    stage = sitting("garan_1.jpg").stage(direct("sky"), 300)
    assert not [said for said in misfits(stage, direct("sky")) if "no colours" in said]
    grey = np.dstack([cv2.cvtColor(stage.original, cv2.COLOR_RGB2GRAY)] * 3)
    colourless = type(stage)(
        grey, stage.foreground, stage.matte, stage.outside, stage.landmarks, stage.framing, doubts=stage.doubts
    )
    assert [said for said in misfits(colourless, direct("sky")) if "retouch.mono=1" in said]
    assert not [said for said in misfits(colourless, direct("mono")) if "no colours" in said]
    for towards, side, other in ((0.8, "right", "left"), (-0.8, "left", "right")):
        colourless.__dict__["side_light"] = towards
        against = direct("sky", overrides={"light.key_side": other, "light.strength": 0.5})
        along = direct("mono-dramatic", overrides={"light.key_side": side})
        assert any(f"light.key_side={side}" in said for said in misfits(colourless, against))
        assert not any("lit hard" in said for said in misfits(colourless, along))
        bright = direct("clean-white", overrides={"light.key_side": "none", "light.fill": 0.0})
        assert any("light.fill" in said for said in misfits(colourless, bright))
    colourless.__dict__["side_light"] = 0.2
    assert not any("lit hard" in said for said in misfits(colourless, direct("clean-white")))
