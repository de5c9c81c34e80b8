"""Carry a small matte and the person's own colours to the photo's full size; the work is done only along the edge."""

from __future__ import annotations

from collections.abc import Iterator

import cv2
import numpy as np

from headshot.imaging.bands import two_at_a_time
from headshot.imaging.masks import pixels_in
from headshot.types import F32, U8

_TILE = 256  # px
_RADIUS = 2  # px of the small matte: 5 × 5 windows
_EPSILON = 1e-4  # in 0..1 colours: less makes an edge of the JPEG blocks
_OWN = 0.995  # share from which the photo's own pixel is taken
_MIXED = 0.01  # taken off the matte where it is not: what the matte says is all the person is the photo to the bit


def at_full_size(full: U8, picture: U8, matte: F32, share: F32, colours: F32, trust: F32) -> tuple[F32, U8]:
    """Enlarge the matte and the colours (h, w, 3) of the small `picture` to its original `full` (H, W, 3).

    The matte is a linear function of the colour in each small window (guided filter, He et al. 2013; fast guided
    filter, He & Sun 2015), which is evaluated on the full photo's colours in the tiles that hold a piece of the edge.
    `share` (h, w), at most the matte: the person's in each pixel's colour, by which the colours get the photo's own
    detail; where it is less the matte given back is less than 1. `trust` (h, w) 0..1: where an edge is not seen the
    small matte alone knows it, a slope would follow noise and JPEG blocks.
    """
    if full.shape == picture.shape:
        own = (colours + 0.5).astype(np.uint8)
        own[share >= 1] = pixels_in(full, share >= 1)
        return matte - np.minimum(matte - share, _MIXED), own
    mixed, slope, offset = _linear_model(picture, matte)
    slope, offset = slope * trust[..., None], trust * offset + (1 - trust) * matte
    planes = np.dstack([slope, offset, matte, mixed, matte - share]).astype(np.float32)
    small = picture.astype(np.float32)
    alpha = np.empty(full.shape[:2], np.float32)
    own = full.copy()
    scale = np.array(full.shape[:2]) / picture.shape[:2]

    def tile_at(place: tuple[slice, slice]) -> None:
        rows, columns = place
        seen = (_seen(rows, scale[0]), _seen(columns, scale[1]))
        low, high = float(share[seen].min()), float(matte[seen].max())
        if low == high and low in (0.0, 1.0):
            alpha[rows, columns] = low
            return
        matrix = np.array(
            [
                [1 / scale[1], 0, (columns.start + 0.5) / scale[1] - 0.5],
                [0, 1 / scale[0], (rows.start + 0.5) / scale[0] - 0.5],
            ]
        )
        tile = full[rows, columns].astype(np.float32)
        model = _enlarged(planes, matrix, tile.shape)
        fine = (model[..., :3] * tile).sum(2) / 255 + model[..., 3]
        covered = np.where(model[..., 5] > 0, fine, model[..., 4]).clip(0, 1)
        alpha[rows, columns] = (covered - model[..., 6].clip(0, _MIXED)).clip(0, 1)
        part = (covered - model[..., 6]).clip(0, 1)[..., None]
        own_tile = _enlarged(colours, matrix, tile.shape)
        own_tile += part * (tile - _enlarged(small, matrix, tile.shape))
        whole = part >= _OWN
        own[rows, columns] = np.where(whole, tile, own_tile).clip(0, 255).round().astype(np.uint8)

    two_at_a_time(tile_at, _tiles(full.shape))
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
