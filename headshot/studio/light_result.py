"""A result with less of it: what is kept of one that is shown, and of one that can be made again."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from headshot.imaging.resize import scaled_to_height
from headshot.types import Headshot

SMALL = 180  # px high


def light(result: Headshot) -> Headshot:
    """The result with a canvas of the framed photo and the landmarks alone: what judging, comparing and saving need.

    Its maps weigh four times the pictures, and are worked out again wherever something is painted anew.
    """
    canvas = result.canvas
    bare = result.picture if result.picture is canvas.picture else np.empty((0, 0, 3), np.uint8)
    empty = np.empty((0, 0), np.float32)
    canvas = replace(canvas, picture=bare, matte=empty, regions={}, foreground=None, photo_face=None)
    return replace(result, canvas=canvas)


def small(result: Headshot) -> Headshot:
    """The result with a picture of SMALL px alone: for one that its direction makes again."""
    picture = scaled_to_height(result.picture, min(SMALL, result.picture.shape[0]))
    none = np.empty((0, 0, 3), np.uint8)
    return replace(result, picture=picture, canvas=replace(result.canvas, picture=none, original=none, doubted=None))


def bytes_of(result: Headshot) -> int:
    """What the pictures of a light result weigh."""
    canvas = result.canvas
    own = canvas.picture.nbytes if canvas.picture is not result.picture else 0
    doubted = 0 if canvas.doubted is None else canvas.doubted.nbytes
    return result.picture.nbytes + canvas.original.nbytes + own + doubted
