"""The small copy of a photo's part on which a person is cut out: nothing but the edge needs the full size."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import cv2
import numpy as np
from numpy.typing import NDArray

from headshot.canvas.cutout.colour_cells import LAB_STEP, colour_cells, smooth_colours
from headshot.canvas.regions import has_cheek_hue, skin_similarity
from headshot.imaging.landmarks import CHIN, HAIRLINE, MESH, NOSE_BASE, eye_distance, eyes_middle
from headshot.imaging.masks import disc, hull_mask
from headshot.photo.head import head_box
from headshot.types import F32, U8, Photo, Subject

_HEAD = 160.0  # px, crown to chin: at 240 hair is no better and the time doubles
_PLACE = 0.6  # eye distances that count as one step of distance
_SKIN = 0.4  # similarity to the cheeks' colour that makes a pixel skin


@dataclass(frozen=True, eq=False)
class WorkingCopy:
    """`photo`: all of it; `full` (H, W, 3): its part round head, shoulders and chest, beginning at `origin` (x, y) px.

    `picture` (h, w, 3) uint8: the part with a head of 160 px, never enlarged; `marks` (478, 3): the landmarks in it;
    `others`: those of each other face that has any; `other_boxes` (x0, y0, x1, y1): of all other faces. Lengths in the
    modules of this folder are in eye distances.
    """

    photo: U8
    full: U8
    origin: tuple[int, int]
    picture: U8
    marks: F32
    others: tuple[F32, ...] = ()
    other_boxes: tuple[tuple[float, float, float, float], ...] = ()

    @property
    def size(self) -> tuple[int, int]:
        """Width and height of `picture`, px."""
        return self.picture.shape[1], self.picture.shape[0]

    @cached_property
    def eye_px(self) -> float:
        """Distance between the irises' centres, px of `picture`."""
        return eye_distance(self.marks)

    @cached_property
    def rows(self) -> F32:
        """The pixels' y, (h, 1)."""
        return np.arange(self.picture.shape[0], dtype=np.float32)[:, None]

    @property
    def chin(self) -> float:
        """The chin's y, px of `picture`."""
        return float(self.marks[CHIN, 1])

    @cached_property
    def face(self) -> U8:
        """The face's oval, 0 or 1."""
        return hull_mask(self.marks[:, :2], self.picture.shape)

    @cached_property
    def head(self) -> U8:
        """The face's oval and the skull over it, a little shrunk, 0 or 1: bald or not, nothing of it is background."""
        points = self.marks[:MESH, :2]
        up = points[HAIRLINE] - points[CHIN]
        eyes = eyes_middle(self.marks)
        over = (points - eyes) @ up / (up @ up)  # 0 at the eyes; the crown is at the hairline and .27 more
        higher = np.maximum(over, 0) * (0.27 / max(float(over[HAIRLINE]), 0.1))
        skull = hull_mask((points + higher[:, None] * up).astype(np.float32), self.picture.shape)
        return np.asarray(cv2.erode(skull, self.disc(0.06)) | self.face, np.uint8)

    @cached_property
    def is_skin(self) -> NDArray[np.bool_]:
        """Mark what has the cheeks' colour."""
        return np.asarray(skin_similarity(self.picture, self.marks, self.eye_px) > _SKIN, bool)

    @cached_property
    def colours(self) -> F32:
        """Each pixel's Lab colour in steps of distance, (h, w, 3)."""
        return np.asarray(cv2.cvtColor(self.picture, cv2.COLOR_RGB2LAB).astype(np.float32) / LAB_STEP, np.float32)

    @cached_property
    def smooth_colours(self) -> U8:
        """Each pixel's 8-bit Lab colour without the grain, (h, w, 3)."""
        return smooth_colours(self.picture)

    @cached_property
    def cells(self) -> NDArray[np.int32]:
        """The number of each pixel's cell of colours, for `share_near`: (h, w)."""
        return colour_cells(self.smooth_colours)

    @cached_property
    def features(self) -> F32:
        """Each pixel's `colours` and place, x and y, in steps of distance, (h, w, 5)."""
        found = np.empty((*self.picture.shape[:2], 5), np.float32)
        found[..., :3] = self.colours
        found[..., 3] = np.arange(self.size[0], dtype=np.float32) / np.float32(_PLACE * self.eye_px)
        found[..., 4] = self.rows / np.float32(_PLACE * self.eye_px)
        return found

    @cached_property
    def hair_zone(self) -> F32:
        """1 round the head and the hair on the shoulders, falling to 0 over the sleeves and chest."""
        left, top, right, bottom = head_box(self.marks)
        half, tall = (right - left) / 2, bottom - top
        x = np.arange(self.picture.shape[1], dtype=np.float32)[None, :]
        dx = (x - (left + right) / 2) / (1.75 * half)
        dy = (self.rows - (top + 0.45 * tall)) / (0.95 * tall)
        return np.exp(-((dx * dx + dy * dy) ** 2) * np.float32(np.log(2))).astype(np.float32)

    @cached_property
    def head_zone(self) -> F32:
        """The hair zone down to the chin, falling to 0 half an eye distance below it."""
        below = (self.rows - self.chin) / (0.5 * self.eye_px)
        return np.asarray(self.hair_zone * np.clip(1 - below, 0, 1), np.float32)

    @property
    def face_in_photo(self) -> F32:
        """The face's points in the whole photo, (468, 2) px."""
        scale = np.array(self.full.shape[1::-1], np.float32) / np.array(self.size, np.float32)
        return np.asarray((self.marks[:MESH, :2] + 0.5) * scale - 0.5 + self.origin, np.float32)

    def place(self, x: float, y: float) -> tuple[int, int]:
        """Find the pixel of `picture` at (x, y), shares of the whole photo's size; it may lie outside."""
        (height, width), (tall, wide) = self.photo.shape[:2], self.full.shape[:2]
        return (
            int((x * width - self.origin[0]) * self.size[0] / wide),
            int((y * height - self.origin[1]) * self.size[1] / tall),
        )

    def disc(self, radius: float) -> U8:
        """Make the kernel of a dilation or erosion by `radius` eye distances."""
        return disc(radius * self.eye_px)

    def within(self, reach: float, mask: U8 | NDArray[np.bool_]) -> NDArray[np.bool_]:
        """Mark what lies at most `reach` eye distances from a mask: a wide disc's dilation, ten times as fast."""
        away = cv2.distanceTransform(1 - mask.astype(np.uint8), cv2.DIST_L2, cv2.DIST_MASK_5)
        return np.asarray(away <= max(1, round(reach * self.eye_px)) + 0.25, bool)  # as a disc of whole pixels

    def connected(self, mask: U8) -> U8:
        """Keep the components of a mask that touch the face."""
        return touching(mask, self.face)

    def head_core(self, person: F32) -> U8:
        """Mark what is the person for certain: the face, a little shrunk, the skull and the ears; 0 or 1.

        An ear is what has the cheeks' hue right beside the oval, between the brow and the nose's base. `person`: the
        probability.
        """
        core = cv2.erode(self.face, self.disc(0.10)) | (self.head & (person > 0.5))
        top, bottom = float(self.marks[[105, 334], 1].min()), float(self.marks[NOSE_BASE, 1])
        skin = has_cheek_hue(self.picture, self.marks, self.eye_px) & (person > 0.12)
        ears = self.within(0.34, self.face) & (self.rows > top) & (self.rows < bottom) & skin
        closed = cv2.morphologyEx(ears.astype(np.uint8), cv2.MORPH_CLOSE, self.disc(0.12))
        return self.connected(closed | core | self.face) & (closed | core)


def working_copy(photo: Photo, subject: Subject) -> WorkingCopy:
    """Take the part of a photo that any framing shows, and make it small."""
    x0, y0, x1, y1 = _part(photo, subject)
    full = photo.pixels[y0:y1, x0:x1]
    _, top, _, bottom = head_box(subject.landmarks)
    scale = min(1.0, _HEAD / (bottom - top))
    size = (max(2, round((x1 - x0) * scale)), max(2, round((y1 - y0) * scale)))
    picture = cv2.resize(full, size, interpolation=cv2.INTER_AREA) if scale < 1 else np.ascontiguousarray(full)
    # The scale as it came out of whole pixels, and resize's way with their centres: x' = (x + .5)·s − .5.
    s = np.array([size[0] / (x1 - x0), size[1] / (y1 - y0)], np.float32)

    def moved(points: F32) -> F32:
        xy = (points[:, :2] - np.array([x0, y0], np.float32) + 0.5) * s - 0.5
        return np.column_stack([xy, points[:, 2] * s[0]]).astype(np.float32)

    others = [f for f in subject.faces if f is not subject.face]
    boxes = [moved(np.array([[*f.box[:2], 0], [*f.box[2:], 0]], np.float32))[:, :2].ravel() for f in others]
    return WorkingCopy(
        photo.pixels,
        full,
        (x0, y0),
        np.asarray(picture, np.uint8),
        moved(subject.landmarks),
        tuple(moved(f.landmarks) for f in others if f.landmarks is not None),
        tuple((float(a), float(b), float(c), float(d)) for a, b, c, d in boxes),
    )


def touching(mask: U8, seed: U8) -> U8:
    """Keep the components of a mask (h, w) uint8 that touch `seed`."""
    count, labels = cv2.connectedComponents(mask)
    keep = np.zeros(count, np.uint8)
    keep[np.unique(labels[seed > 0])] = 1
    keep[0] = 0
    return np.asarray(keep[labels], np.uint8)


def nearest_is(among: NDArray[np.bool_], marked: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Tell of each pixel whether the nearest one `among` (h, w) is `marked` (h, w)."""
    _, nearest = cv2.distanceTransformWithLabels(
        (~among).astype(np.uint8), cv2.DIST_L2, 5, labelType=cv2.DIST_LABEL_PIXEL
    )
    told = np.zeros(int(nearest.max()) + 1, bool)
    told[nearest[among]] = marked[among]
    return np.asarray(told[nearest], bool)


def without_holes(mask: U8) -> U8:
    """Fill what a mask (h, w) uint8, 0 or 1, encloses, its lower border included: a body leaves the picture there."""
    framed = cv2.copyMakeBorder(1 - mask, 1, 1, 1, 1, cv2.BORDER_CONSTANT, value=1)
    framed[-1] = 0
    _, labels = cv2.connectedComponents(framed)
    return np.asarray(labels[1:-1, 1:-1] != labels[0, 0], np.uint8)


def _part(photo: Photo, subject: Subject) -> tuple[int, int, int, int]:
    """The box (x0, y0, x1, y1) px round head, shoulders and chest: all that any framing shows."""
    left, top, right, bottom = head_box(subject.landmarks)
    tall, middle = bottom - top, (left + right) / 2
    x0, x1 = middle - 1.45 * tall, middle + 1.45 * tall
    y0, y1 = top - 1.0 * tall, bottom + 1.6 * tall
    return (
        max(0, int(x0)),
        max(0, int(y0)),
        min(photo.width, int(x1) + 1),
        min(photo.height, int(y1) + 1),
    )
