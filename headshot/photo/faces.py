"""Find faces in a picture: MediaPipe's BlazeFace detector and its 478-point face mesh, both from the wheel.

Reference: Bazarevsky et al., BlazeFace (2019), and Kartynnik et al., Real-time Facial Surface Geometry (2019).
MediaPipe's graphs hold state and are not safe for two threads: one lock guards them.
"""

from __future__ import annotations

import math
import os
import threading
from collections.abc import Iterator
from functools import cache
from typing import Any, NamedTuple

import cv2
import numpy as np

from headshot.imaging.landmarks import IRISES
from headshot.types import F32, F64, U8, Face

_LOCK = threading.Lock()
_LEAST_SCORE = 0.6  # of the detector, for a face found in a tile
_MESH_SIDE = 384  # px of the upright crop that the mesh sees
_MOST = 40  # faces; a class photo, not a stadium


class Detection(NamedTuple):
    """`box` (x0, y0, x1, y1) px, `score` 0..1, `eyes` (2, 2) px: the eye on the picture's left first."""

    box: tuple[float, float, float, float]
    score: float
    eyes: F64


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
    faces = [f for i, f in enumerate(faces) if i < sure or f.landmarks is not None]
    return tuple(sorted(faces, key=lambda f: f.size, reverse=True))


def _face(pixels: U8, found: Detection) -> Face:
    """Add the mesh. The box is then the mesh's own: the detector's is rough on tilted heads."""
    mesh = find_mesh(pixels, found)
    if mesh is None:
        return Face(found.box, found.score)
    (x0, y0), (x1, y1) = mesh[:, :2].min(0), mesh[:, :2].max(0)
    return Face((float(x0), float(y0), float(x1), float(y1)), found.score, mesh)


def find_mesh(pixels: U8, face: Detection) -> F32 | None:
    """Find the face mesh with irises, (478, 3) float32 px in the picture; None where there is no face.

    The crop is turned upright by the eyes first: the mesh is trained on upright heads.
    """
    turn = math.atan2(*(face.eyes[1] - face.eyes[0])[::-1])
    centre = np.array([(face.box[0] + face.box[2]) / 2, (face.box[1] + face.box[3]) / 2])
    points = _mesh(pixels, centre, 2.0 * (face.box[2] - face.box[0]), turn)
    if points is None and abs(turn) < 0.35:
        return None
    if points is None:  # the detector's eyes are rough on tilted heads: try it as it stands
        return _mesh(pixels, centre, 2.0 * (face.box[2] - face.box[0]), 0.0)
    # Once more on a crop placed by the mesh itself: the same face gives the same points wherever the box lay.
    across = points[IRISES[1], :2] - points[IRISES[0], :2]
    turn = math.atan2(float(across[1]), float(across[0]))
    low, high = points[:, :2].min(0), points[:, :2].max(0)
    again = _mesh(pixels, (low + high) / 2, 1.7 * float((high - low).max()), turn)
    return points if again is None else again


def _mesh(pixels: U8, centre: F64, side: float, turn: float) -> F32 | None:
    scale = _MESH_SIDE / max(side, 1.0)
    cos, sin = math.cos(turn) * scale, math.sin(turn) * scale
    linear = np.array([[cos, sin], [-sin, cos]])
    matrix = np.column_stack([linear, _MESH_SIDE / 2 - linear @ centre])
    crop = cv2.warpAffine(
        pixels,
        matrix,
        (_MESH_SIDE, _MESH_SIDE),
        flags=cv2.INTER_AREA if scale < 1 else cv2.INTER_LINEAR,
        borderMode=cv2.BORDER_REPLICATE,
    )
    with _LOCK:
        answer = _mesh_model().process(crop)
    if not answer.multi_face_landmarks:
        return None
    raw = np.array([(p.x, p.y, p.z) for p in answer.multi_face_landmarks[0].landmark], np.float64) * _MESH_SIDE
    xy = (raw[:, :2] - matrix[:, 2]) @ np.linalg.inv(linear).T
    return np.column_stack([xy, raw[:, 2] / scale]).astype(np.float32)


def _detect(pixels: U8, offset: tuple[int, int] = (0, 0), whole: tuple[int, ...] | None = None) -> list[Detection]:
    height, width = pixels.shape[:2]
    side = max(height, width)
    if side > 1280:  # the detector looks at 192 × 192: area-averaged first, no aliasing
        size = (round(width * 1280 / side), round(height * 1280 / side))
        seen = cv2.resize(pixels, size, interpolation=cv2.INTER_AREA)
    else:
        seen = np.ascontiguousarray(pixels)
    with _LOCK:
        answers = [model.process(seen) for model in _detectors()]
    found: list[Detection] = []
    for answer in answers:
        single = []
        for hit in answer.detections or []:
            data = hit.location_data
            b = data.relative_bounding_box
            box = (
                offset[0] + b.xmin * width,
                offset[1] + b.ymin * height,
                offset[0] + (b.xmin + b.width) * width,
                offset[1] + (b.ymin + b.height) * height,
            )
            if whole is not None and _cut(box, offset, (height, width), whole):
                continue
            eyes = np.array([(k.x * width, k.y * height) for k in data.relative_keypoints[:2]], np.float64)
            eyes += offset
            single.append(Detection(box, float(hit.score[0]), eyes))
        _merge(found, single, 0.0)
    return found


def _cut(
    box: tuple[float, float, float, float], offset: tuple[int, int], tile: tuple[int, int], whole: tuple[int, ...]
) -> bool:
    """Whether a tile's border, which is no border of the picture, cuts the box."""
    x, y, m = *offset, 2
    return bool(
        (box[0] < x + m and x > 0)
        or (box[1] < y + m and y > 0)
        or (box[2] > x + tile[1] - m and x + tile[1] < whole[1])
        or (box[3] > y + tile[0] - m and y + tile[0] < whole[0])
    )


def _merge(found: list[Detection], more: list[Detection], floor: float) -> None:
    """Add what is new, by overlap over the smaller box."""
    for d in more:
        if d.score >= floor and all(_overlap(d.box, other.box) < 0.4 for other in found):
            found.append(d)


def _overlap(a: tuple[float, ...], b: tuple[float, ...]) -> float:
    width = max(0.0, min(a[2], b[2]) - max(a[0], b[0]))
    height = max(0.0, min(a[3], b[3]) - max(a[1], b[1]))
    area = min((a[2] - a[0]) * (a[3] - a[1]), (b[2] - b[0]) * (b[3] - b[1]))
    return width * height / max(area, 1e-6)


def _tiles(height: int, width: int, side: int) -> Iterator[tuple[int, int]]:
    across = max(1, math.ceil((width - side) / (side * 0.6)) + 1)
    down = max(1, math.ceil((height - side) / (side * 0.6)) + 1)
    for y in np.linspace(0, height - side, down).astype(int):
        for x in np.linspace(0, width - side, across).astype(int):
            yield int(x), int(y)


def _quiet() -> None:
    # MediaPipe's C++ side logs to standard error; the levels must be set before it is loaded.
    os.environ.setdefault("GLOG_minloglevel", "3")
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")


@cache
def _detectors() -> tuple[Any, ...]:
    _quiet()
    from mediapipe.python.solutions.face_detection import FaceDetection

    # Full range finds small faces, short range the close-up that fills the picture.
    return tuple(FaceDetection(model_selection=m, min_detection_confidence=0.5) for m in (1, 0))


@cache
def _mesh_model() -> Any:
    _quiet()
    from mediapipe.python.solutions.face_mesh import FaceMesh

    return FaceMesh(static_image_mode=True, max_num_faces=1, refine_landmarks=True, min_detection_confidence=0.5)
