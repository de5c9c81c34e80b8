"""See how a frame lies to the photo's edge: what of it is empty, and how far the person is cut off in full view."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from headshot.imaging.draw import font, text_width
from headshot.imaging.warp import transform_points
from headshot.language import tr
from headshot.types import F32, F64, U8, Cutout, Photo

_WORDS = "your photo ends here"
_SURROUND, _INK = (204, 204, 204), (110, 110, 110)
_PERSON = 0.3  # matte from which a cut is seen
_SAMPLES = 800  # along each side of the cut-out, at most
_BAND = 0.002  # of the photo's side: how near its edge the matte is read
_UNSEEN = 0.0003  # of the frame's height: an edge that lies no further inside is not seen (0.6 px of 2048)


class PhotoEdge:
    """The sides of what the photo shows, and samples of where the person is on them."""

    def __init__(self, photo: Photo, cutout: Cutout) -> None:
        width, height = photo.width, photo.height
        # Pixel (0, 0) has its centre at 0: the photo reaches from -.5 to width - .5.
        file = np.array([[0, 0], [width, 0], [width, height], [0, height]], np.float64) - 0.5
        self.corners = file if cutout.outline is None else cutout.outline.astype(np.float64)
        points, lengths = [np.zeros((0, 2))], [np.zeros(0)]
        for start, end in zip(self.corners, np.roll(self.corners, -1, 0), strict=True):
            at, each = _person_along(photo, cutout, start, end)
            points.append(at)
            lengths.append(np.full(len(at), each))
        self._points, self._lengths = np.concatenate(points), np.concatenate(lengths)

    def cuts(self, matrices: F64, size: tuple[int, int]) -> F64:
        """Measure the length of the photo's edge that cuts the person off inside each of several frames, in frame
        heights: (k,).

        `matrices`: photo px → frame px, (k, 2, 3); `size`: (width, height) of each frame.
        """
        turns = matrices[..., :2].reshape(-1, 2) @ self._points.T  # two rows for each matrix, x and y
        at = turns.reshape(len(matrices), 2, -1) + (matrices[..., 2:] + 0.5)
        least = _UNSEEN * size[1]
        deep = (at > least) & (at < np.array(size)[:, None] - least)
        lengths = (deep[:, 0] & deep[:, 1]) @ self._lengths
        return np.asarray(lengths * np.hypot(matrices[:, 0, 0], matrices[:, 1, 0]) / size[1], np.float64)

    def empty(self, matrix: F64, size: tuple[int, int]) -> float:
        """Measure the share of a frame's area that lies beyond the photo, 0..1."""
        shown = np.array([[0, 0], [size[0], 0], [size[0], size[1]], [0, size[1]]], np.float32)
        photo = transform_points(self.corners, matrix) + np.float32(0.5)
        area, _ = cv2.intersectConvexConvex(shown, photo)
        return 1 - area / (size[0] * size[1])


def _person_along(photo: Photo, cutout: Cutout, start: F64, end: F64) -> tuple[F64, float]:
    """Find where along one side the person is: points (n, 2) px, and for how many px each of them stands.

    The matte is read a little inside the side, as far as the cut-out reaches.
    """
    length = float(np.hypot(*(end - start)))
    each = max(1.0, max(cutout.matte.shape) / _SAMPLES)
    along = (end - start) / length
    inward = np.array([-along[1], along[0]])  # the corners go round clockwise, y down
    at = start + np.arange(0.5 * each, length, each)[:, None] * along
    deep = max(1, round(_BAND * float(np.abs(inward) @ (photo.width, photo.height))))
    row, column = (np.arange(deep) + 0.5)[:, None, None] * inward, np.array(cutout.origin)
    x, y = np.moveaxis(np.floor(at + row - column + 0.5).astype(int), -1, 0)
    height, width = cutout.matte.shape
    there = (x >= 0) & (y >= 0) & (x < width) & (y < height)
    matte = np.where(there, cutout.matte[y.clip(0, height - 1), x.clip(0, width - 1)], 0).max(0)
    return at[matte > _PERSON], each


def beyond(photo: Photo, matrix: F64, size: tuple[int, int]) -> F32:
    """Mark where a frame reaches over the photo's edge by more than a pixel: (h, w) float32, 1 there."""
    covered = _covered((photo.height, photo.width), (0, 0), matrix, size)
    return np.zeros(size[::-1], np.float32) if covered is None else 1 - covered


def placed_matte(cutout: Cutout, warped: F32, matrix: F64, size: tuple[int, int]) -> F32:
    """Bound the matte, warped with repeated borders, to where the cut-out has pixels: no half-clear last row."""
    covered = _covered(cutout.matte.shape, cutout.origin, matrix, size)
    return warped.clip(0, 1) if covered is None else warped.clip(0, 1) * covered


def _covered(shape: tuple[int, ...], origin: tuple[int, int], matrix: F64, size: tuple[int, int]) -> F32 | None:
    """Mark with 1 what a picture of `shape` at `origin` reaches, and one frame pixel more; None where it is all."""
    moved = matrix.copy()
    moved[:, 2] += moved[:, :2] @ np.array(origin, np.float64)
    right, low = size[0] - 1, size[1] - 1
    corners = np.array([[0, 0], [right, 0], [0, low], [right, low]], np.float64) - moved[:, 2]
    seen = np.linalg.solve(moved[:, :2], corners.T).T
    if seen.min() >= 0 and (seen <= np.array(shape[1::-1]) - 1).all():
        return None
    ones = np.ones((2, 2), np.uint8)  # stretched: a mask of the photo's size would cost as much as the photo
    stretch = np.array([[shape[1] / 2, 0, shape[1] / 4 - 0.5], [0, shape[0] / 2, shape[0] / 4 - 0.5], [0, 0, 1]])
    inside = cv2.warpAffine(ones, (moved @ stretch), size, flags=cv2.INTER_NEAREST)
    return cv2.dilate(inside, np.ones((3, 3), np.uint8)).astype(np.float32)


def with_surround(picture: U8, outside: F32) -> U8:
    """Show plain grey where the photo has no pixels (`outside` 1), with words that say so where they find room."""
    from PIL import Image, ImageDraw

    bare = outside > 0
    shown = picture.copy()
    shown[bare] = _SURROUND
    height, width = bare.shape
    # In the middle of the highest band over or under the photo, or turned in the widest one beside it.
    top, bottom = _run(np.asarray(bare.all(axis=1)))
    left, right = _run(np.asarray(bare.all(axis=0)))
    for turned, room, length in ((False, max(top, bottom), width), (True, max(left, right), height)):
        letter = min(round(0.022 * height), int(0.5 * room))
        if letter < 8 or text_width(tr(_WORDS), letter) > 0.9 * length:
            continue
        label = Image.new("RGB", (text_width(tr(_WORDS), letter), round(1.3 * letter)), _SURROUND)
        ImageDraw.Draw(label).text((0, 0), tr(_WORDS), fill=_INK, font=font(letter))
        label = label.transpose(Image.Transpose.ROTATE_90) if turned else label
        words = np.asarray(label)
        before = left >= right if turned else top >= bottom
        centre = room / 2 if before else (width if turned else height) - room / 2
        x, y = (centre, height / 2) if turned else (width / 2, centre)
        y0, x0 = int(y - words.shape[0] / 2), int(x - words.shape[1] / 2)
        shown[y0 : y0 + words.shape[0], x0 : x0 + words.shape[1]] = words
        break
    return shown


def _run(flags: NDArray[np.bool_]) -> tuple[int, int]:
    """Count how many flags hold at the beginning, and how many at the end."""
    if flags.all():
        return len(flags), len(flags)
    return int(np.argmin(flags)), int(np.argmin(flags[::-1]))
