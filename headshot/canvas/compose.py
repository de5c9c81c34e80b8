"""Compose the canvas: the person's own pixels, lit, on the backdrop."""

from __future__ import annotations

from functools import cache

import cv2
import numpy as np

from headshot.canvas.backdrop import make_backdrop
from headshot.canvas.joined import edge_bands, grain_like, wrap_light
from headshot.canvas.light import gain_of, relight, warmth
from headshot.canvas.misfit import misfits
from headshot.canvas.stage import Stage
from headshot.direction.matting_table import BUILT_IN, MATTINGS
from headshot.imaging.bands import bands, tiled, two_at_a_time
from headshot.imaging.colour import to_codes, to_planes
from headshot.language import tr
from headshot.types import F32, Canvas, Direction, Light

_CUT_BY = "You were cut out by {network} ({licence})."
WAY_OUT = "Your own background, softly blurred, hides a fault (backdrop.kind=blur)."
OWN_BACKDROPS = ("own", "blur")  # backdrops that are the photo's own


def keeps_background(direction: Direction) -> bool:
    """Tell whether the photo's own background shows, so that the frame must lie inside the photo; always on rung 0."""
    return direction.backdrop.kind in OWN_BACKDROPS or shows_photo(direction)


def shows_photo(direction: Direction) -> bool:
    """Whether the canvas is made of the photo whole: else person and backdrop are joined anew."""
    return direction.change < 0.125 or direction.backdrop.kind == "own"


def compose(stage: Stage, direction: Direction, *, with_foreground: bool = True) -> Canvas:
    """Light the person and lay them over the backdrop. The face's geometry is the stage's.

    `with_foreground`: also give the person without the backdrop (`Canvas.foreground`), which a generator needs.
    """
    light = direction.light
    gains, stops = _correction(stage, light)
    key = relight(stage.head_form, light, stage.side_light if light.fill > 0 else 0.0, stage.matte.shape)
    mixed = not shows_photo(direction)
    # The own background is lit like the person, so that no edge shows; no matte is needed at all.
    behind = make_backdrop(stage, direction.backdrop, light) if mixed else None
    height, width = stage.matte.shape
    picture = np.empty((height, width, 3), np.uint8)
    foreground = np.empty_like(picture) if with_foreground and mixed else None
    dither = _dither()
    # The photo's own light is round the person already.
    wrap = direction.backdrop.wrap if mixed and direction.backdrop.kind not in OWN_BACKDROPS else 0.0
    round_edge = edge_bands(stage.edge_reach * np.float32(wrap), stage.matte, stage.landmarks) if wrap > 0 else None
    amount = direction.backdrop.grain if mixed else 0.0
    grain = np.float32(amount) * grain_like(stage.grain) if amount > 0 else None

    def band(rows: slice) -> None:
        matte = stage.matte[rows]
        if behind is None:
            lit = to_planes(stage.original[rows], gains)
            lit *= gain_of(lit.max(axis=0), key[rows] * matte + np.float32(stops))
        else:
            lit = behind[:, rows]
            if direction.backdrop.kind == "blur":
                lit *= gains[:, None, None]
                lit *= gain_of(lit.max(axis=0), np.full_like(matte, stops))
            across = slice(None) if foreground is not None else _covered(matte)
            person = to_planes(stage.foreground[rows, across], gains)
            person *= gain_of(person.max(axis=0), key[rows, across] + np.float32(stops))
            if foreground is not None:
                foreground[rows] = cv2.merge([*(to_codes(person) + 0.5).astype(np.uint8)])
            covered = lit[..., across]
            if round_edge is not None:
                wrap_light(person, covered, *(part[rows, across] for part in round_edge))
            share = matte[:, across]  # where it is 1 the sum is the person's light to the bit
            person *= share
            covered *= 1 - share
            covered += person
        codes = to_codes(lit)
        codes += tiled(dither, rows, width)
        if grain is not None:
            codes += tiled(grain, rows, width) * (1 - matte)
        cv2.merge([*codes.clip(0, 255, out=codes).astype(np.uint8)], dst=picture[rows])

    two_at_a_time(band, bands(height))
    notes = (*stage.framing.notes, *(tr(note) for note in stage.notes))
    replaced = mixed and direction.backdrop.kind not in OWN_BACKDROPS
    if replaced and (name := direction.cutout.matting) != BUILT_IN:
        notes = (*notes, tr(_CUT_BY, network=tr(MATTINGS[name].title), licence=MATTINGS[name].licence))
    if replaced and stage.doubts:
        notes = (*notes, tr("Look at the cut-out: {reason}.", reason=tr(stage.doubts[0].reason)) + " " + tr(WAY_OUT))
    if replaced:
        notes = (*notes, *misfits(stage, direction))
    return Canvas(
        picture=picture,
        original=stage.unmoved[0],
        matte=stage.matte,
        landmarks=stage.landmarks,
        framing=stage.framing,
        regions=stage.regions,
        notes=notes,
        foreground=foreground,
        unmoved_landmarks=stage.unmoved_landmarks,
        unmoved_share=stage.unmoved_share,
        doubts=stage.doubts if replaced else None,
        doubted=stage.doubted if replaced else None,
        moved=stage.moved,
    )


def _correction(stage: Stage, light: Light) -> tuple[F32, float]:
    """Channel gains (3,) and stops: what was measured, as far as wanted, and the direction's exposure and warmth."""
    gains = warmth(light.warmth)
    stops = light.exposure
    if light.balance > 0:
        neutral, more = stage.correction
        gains = gains * np.power(neutral, np.float32(light.balance), dtype=np.float32)
        stops += light.balance * more
    return gains, float(stops)


def _covered(matte: F32) -> slice:
    """The columns that hold any of the person."""
    columns = np.flatnonzero(matte.any(0))
    return slice(int(columns[0]), int(columns[-1]) + 1) if columns.size else slice(0, 1)


@cache
def _dither() -> F32:
    """A tile of fixed noise of 0 to 1 code value, (256, 256), so that smooth backdrops do not band in 8 bit."""
    return 0.5 + np.random.default_rng(11).uniform(-0.5, 0.5, (256, 256)).astype(np.float32)
