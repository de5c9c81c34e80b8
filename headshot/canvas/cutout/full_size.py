"""Carry a small matte and the person's own colours to the photo's full size; the work is done only along the edge."""

from __future__ import annotations

from collections.abc import Iterator

import cv2
import numpy as np

from headshot.canvas.cutout.faint_edge import UNSEEN, edge_seen
from headshot.types import F32, U8

_TILE = 256  # px
_RADIUS = 2  # px of the small matte: 5 × 5 windows
_EPSILON = 1e-4  # in 0..1 colours: less makes an edge of the JPEG blocks
_COLOUR_REACHES = (40, 6)  # px of the small matte
_OWN = 0.995  # matte from which the photo's own pixel is taken


def own_colours(picture: U8, matte: F32) -> F32:
    """Estimate the person's colours where pixels mix with the background (Forte 2021): (h, w, 3) float32 0..255.

    Of the mean colours of both sides round each pixel, moved so that they make the pixel; first over wide windows, that
    reach both sides everywhere, then over narrow ones.
    """
    share = matte.astype(np.float32)[..., None]
    person = background = colours = picture.astype(np.float32)
    for reach in _COLOUR_REACHES:
        person, background = _mean_by(person, share, reach), _mean_by(background, 1 - share, reach)
        person = (person + share * (colours - share * person - (1 - share) * background)).clip(0, 255)
    return np.asarray(person, np.float32)


def _mean_by(colours: F32, weight: F32, reach: int) -> F32:
    """Average the colours (h, w, 3) by their `weight` (h, w, 1) over `reach` px to each side."""
    size = (2 * reach + 1, 2 * reach + 1)
    whole = cv2.blur(weight, size, borderType=cv2.BORDER_REFLECT)[..., None]
    return np.asarray(cv2.blur(colours * weight, size, borderType=cv2.BORDER_REFLECT) / (whole + 1e-5), np.float32)


def at_full_size(full: U8, picture: U8, matte: F32, colours: F32) -> tuple[F32, U8]:
    """Enlarge the matte and the colours (h, w, 3) of the small `picture` to its original `full` (H, W, 3).

    The matte is a linear function of the colour in each small window (guided filter, He et al. 2013; fast guided
    filter, He & Sun 2015), which is evaluated on the full photo's colours in the tiles that hold a piece of the edge.
    The colours get the photo's own detail by the share that is the person.
    """
    if full.shape == picture.shape:
        own = (colours + 0.5).astype(np.uint8)
        own[matte >= 1] = full[matte >= 1]
        return matte, own
    mixed, slope, offset = _linear_model(picture, matte)
    # Where an edge is not seen the small matte alone knows it: a slope would follow noise and JPEG blocks.
    trust = edge_seen(picture, matte, UNSEEN)
    slope, offset = slope * trust[..., None], trust * offset + (1 - trust) * matte
    planes = np.dstack([slope, offset, matte, mixed]).astype(np.float32)
    small = picture.astype(np.float32)
    alpha = np.empty(full.shape[:2], np.float32)
    own = full.copy()
    scale = np.array(full.shape[:2]) / picture.shape[:2]
    for rows, columns in _tiles(full.shape):
        block = matte[_seen(rows, scale[0]), _seen(columns, scale[1])]
        low, high = float(block.min()), float(block.max())
        if low == high and low in (0.0, 1.0):
            alpha[rows, columns] = low
            continue
        place = np.array(
            [
                [1 / scale[1], 0, (columns.start + 0.5) / scale[1] - 0.5],
                [0, 1 / scale[0], (rows.start + 0.5) / scale[0] - 0.5],
            ]
        )
        tile = full[rows, columns].astype(np.float32)
        model = _enlarged(planes, place, tile.shape)
        fine = (model[..., :3] * tile).sum(2) / 255 + model[..., 3]
        share = np.where(model[..., 5] > 0, fine, model[..., 4]).clip(0, 1)
        alpha[rows, columns] = share
        own_tile = _enlarged(colours, place, tile.shape)
        own_tile += share[..., None] * (tile - _enlarged(small, place, tile.shape))
        whole = share[..., None] >= _OWN
        own[rows, columns] = np.where(whole, tile, own_tile).clip(0, 255).round().astype(np.uint8)
    return alpha, own


def _linear_model(picture: U8, matte: F32) -> tuple[F32, F32, F32]:
    """Fit matte = slope · colour + offset in 5 × 5 windows: where there is a model (h, w), slope (h, w, 3), offset."""

    def mean(values: F32) -> F32:
        return np.asarray(cv2.blur(values, (2 * _RADIUS + 1, 2 * _RADIUS + 1)), np.float32)

    colour = picture.astype(np.float32) / np.float32(255)
    colours, mattes = mean(colour), mean(matte)
    together = mean(colour * matte[..., None]) - colours * mattes[..., None]
    spread = np.empty((*matte.shape, 3, 3), np.float32)
    for i in range(3):
        for j in range(i, 3):
            common = mean(colour[..., i] * colour[..., j]) - colours[..., i] * colours[..., j]
            spread[..., i, j] = spread[..., j, i] = common
    spread += _EPSILON * np.eye(3, dtype=np.float32)
    reach = 2 * _RADIUS + 3
    mixed = cv2.dilate(((matte > 0) & (matte < 1)).astype(np.uint8), np.ones((reach, reach), np.uint8)) > 0
    slope = np.zeros_like(colours)
    slope[mixed] = np.linalg.solve(spread[mixed], together[mixed][..., None])[..., 0]
    offset = np.where(mixed, mattes - (slope * colours).sum(2), matte)
    return mixed.astype(np.float32), mean(slope), mean(offset.astype(np.float32))


def _tiles(shape: tuple[int, ...]) -> Iterator[tuple[slice, slice]]:
    height, width = shape[:2]
    for y in range(0, height, _TILE):
        for x in range(0, width, _TILE):
            yield slice(y, min(y + _TILE, height)), slice(x, min(x + _TILE, width))


def _seen(span: slice, scale: float) -> slice:
    """The small pixels that a span of large ones is made of, one more on each side."""
    return slice(max(0, int(span.start / scale) - 1), int(span.stop / scale) + 2)


def _enlarged(planes: F32, place: F32, shape: tuple[int, ...]) -> F32:
    flags = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
    size = (shape[1], shape[0])
    if planes.shape[2] <= 4:
        return np.asarray(cv2.warpAffine(planes, place, size, flags=flags, borderMode=cv2.BORDER_REPLICATE), np.float32)
    halves = (planes[..., :4], planes[..., 4:])  # OpenCV warps four channels at once
    return np.dstack([_enlarged(np.ascontiguousarray(half), place, shape) for half in halves])
