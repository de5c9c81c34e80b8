"""Find faces in a picture, with MediaPipe's BlazeFace detector and its 478-point face mesh (photo/networks)."""

from __future__ import annotations

import math
from collections.abc import Iterator

import cv2
import numpy as np

from headshot.imaging.landmarks import eye_distance
from headshot.photo.networks import face_mesh
from headshot.photo.networks.boxes import Find
from headshot.photo.networks.face_detector import FULL_RANGE, SHORT_RANGE, mesh_region
from headshot.photo.networks.region import Region
from headshot.types import F32, F64, U8, Face

_LEAST_SCORE = 0.6  # of the detector, for a face found in a tile
_TILTED = 0.35  # radians
_LOOKS = 3  # at a face: a fourth would halve what is left of the first one's influence, and cost a tenth more time
_MOST = 40  # faces; a class photo, not a stadium
_ONE_FACE = 0.5  # eye distances between two meshes, in the mean


def find_faces(pixels: U8) -> tuple[Face, ...]:
    """Find all faces of an RGB picture (h, w, 3) uint8, the largest first.

    The whole picture is searched first; where it shows no large single face, overlapping tiles are searched too
    (the detector sees 192 × 192 pixels, so the faces of a group vanish in the whole picture).
    """
    found = _detect(pixels)
    sure = len(found)
    short = min(pixels.shape[:2])
    largest = max((d.box[2] - d.box[0] for d in found), default=0.0)
    if len(found) != 1 or largest < short / 6:
        for share in (1.0, 0.5):
            side = int(short * share)
            if side >= 128:
                for x, y in _tiles(pixels.shape[0], pixels.shape[1], side):
                    _merge(found, _detect(pixels[y : y + side, x : x + side], (x, y), pixels.shape), _LEAST_SCORE)
    faces = [_face(pixels, d) for d in found[:_MOST]]
    # What was found in a tile alone must have a mesh too.
    faces = _each_once([f for i, f in enumerate(faces) if i < sure or f.landmarks is not None])
    return tuple(sorted(faces, key=lambda f: f.size, reverse=True))


def _each_once(faces: list[Face]) -> list[Face]:
    """Leave out what is a face found before: boxes that hardly overlap, of two tiles, can lead to one and the same."""
    once: list[Face] = []
    for face in sorted(faces, key=lambda f: f.score, reverse=True):
        if not any(_same(face.landmarks, other.landmarks) for other in once):
            once.append(face)
    return once


def _same(one: F32 | None, other: F32 | None) -> bool:
    """Tell whether two meshes lie on one face: no two heads are so near one another."""
    if one is None or other is None:
        return False
    apart = np.hypot(*(one - other)[:, :2].T).mean()
    return bool(apart < _ONE_FACE * max(eye_distance(one), eye_distance(other)))


def _face(pixels: U8, found: Find) -> Face:
    """Add the mesh. The box is then the mesh's own: the detector's is rough on tilted heads."""
    region = mesh_region(found)
    mesh = find_mesh(pixels, region)
    if mesh is None and abs(region.turn) >= _TILTED:  # the detector's eyes are rough on tilted heads
        mesh = find_mesh(pixels, region._replace(turn=0.0))
    box = found.box if mesh is None else np.concatenate([mesh[:, :2].min(0), mesh[:, :2].max(0)])
    x0, y0, x1, y1 = (float(v) for v in box)
    return Face((x0, y0, x1, y1), found.score, mesh)


def find_mesh(pixels: U8, region: Region) -> F32 | None:
    """Find the face mesh with irises, (478, 3) float32 px in the picture; None where `region` shows no face.

    Each further look is placed by the mesh before it, so that the same face gives the same points wherever the first
    region lay (docs/log.md, "A steadier mesh").
    """
    closer = _closer(pixels, region)
    points = None if closer is None else face_mesh.find_mesh(pixels, closer)
    for _ in range(_LOOKS - 1):
        again = None if points is None else face_mesh.find_mesh(pixels, face_mesh.region_of(points))
        points = points if again is None else again
    return None if points is None else points.astype(np.float32)


def _closer(pixels: U8, region: Region) -> Region | None:
    """Look for the face in its own surroundings, upright; where the mesh is to look, or None.

    The mesh alone sees a front in a profile, and a face in a tile that has none.
    """
    around = region._replace(width=4 / 3 * region.width, height=4 / 3 * region.width)  # twice the detector's box
    crop = around.crop_averaged(pixels, SHORT_RANGE.side)
    found = SHORT_RANGE.find(crop)
    return around.inner(mesh_region(found[0]), SHORT_RANGE.side) if found else None


def _detect(pixels: U8, offset: tuple[int, int] = (0, 0), whole: tuple[int, ...] | None = None) -> list[Find]:
    """Find faces in a picture, or in a tile at `offset` of a picture of the shape `whole`; px of the picture."""
    height, width = pixels.shape[:2]
    side = max(height, width)
    if side > 1280:  # the detector looks at 192 × 192: area-averaged first, no aliasing
        size = (round(width * 1280 / side), round(height * 1280 / side))
        seen = cv2.resize(pixels, size, interpolation=cv2.INTER_AREA)
    else:
        seen = pixels
    scale = np.array([width / seen.shape[1], height / seen.shape[0]])
    found: list[Find] = []
    # Full range finds small faces, short range the close-up that fills the picture.
    for detector in (FULL_RANGE, SHORT_RANGE):
        hits = (
            Find((f.box.reshape(2, 2) * scale + offset).ravel(), f.points * scale + offset, f.score)
            for f in detector.find(seen)
        )
        _merge(found, [f for f in hits if whole is None or not _cut(f.box, offset, (height, width), whole)], 0.0)
    return found


def _cut(box: F64, offset: tuple[int, int], tile: tuple[int, int], whole: tuple[int, ...]) -> bool:
    """Whether a tile's border, which is no border of the picture, cuts the box."""
    x, y, m = *offset, 2
    return bool(
        (box[0] < x + m and x > 0)
        or (box[1] < y + m and y > 0)
        or (box[2] > x + tile[1] - m and x + tile[1] < whole[1])
        or (box[3] > y + tile[0] - m and y + tile[0] < whole[0])
    )


def _merge(found: list[Find], more: list[Find], floor: float) -> None:
    """Add what is new, by overlap over the smaller box."""
    for d in more:
        if d.score >= floor and all(_overlap(d.box, other.box) < 0.4 for other in found):
            found.append(d)


def _overlap(a: F64, b: F64) -> float:
    width = max(0.0, min(a[2], b[2]) - max(a[0], b[0]))
    height = max(0.0, min(a[3], b[3]) - max(a[1], b[1]))
    area = min((a[2] - a[0]) * (a[3] - a[1]), (b[2] - b[0]) * (b[3] - b[1]))
    return float(width * height / max(area, 1e-6))


def _tiles(height: int, width: int, side: int) -> Iterator[tuple[int, int]]:
    across = max(1, math.ceil((width - side) / (side * 0.6)) + 1)
    down = max(1, math.ceil((height - side) / (side * 0.6)) + 1)
    for y in np.linspace(0, height - side, down).astype(int):
        for x in np.linspace(0, width - side, across).astype(int):
            yield int(x), int(y)
