"""Faces for the tests: the shared photos and their landmarks, straight from MediaPipe."""

from __future__ import annotations

import csv
import functools
import os
from pathlib import Path

import numpy as np
from PIL import Image, ImageOps

SHARED = Path(os.environ.get("HEADSHOT_SHARED", Path(__file__).resolve().parents[2] / "shared"))
PHOTOS = SHARED / "data" / "photos"

# Frontal enough, one face, at least 70 px between the eyes.
PORTRAITS = (
    "coleman_1.jpg",
    "ferguson_1.jpg",
    "herrington_1.jpg",
    "ham_1.jpg",
    "curbeam_1.jpg",
    "wilson_1.jpg",
    "higginbotham_1.jpg",
    "poindexter_1.jpg",
    "whitson_1.jpg",
    "walheim_1.jpg",
    "garan_1.jpg",
    "robinson_1.jpg",
)
DARK_SKIN = ("curbeam_1.jpg", "wilson_1.jpg", "higginbotham_1.jpg")


@functools.cache
def photo(name: str) -> np.ndarray:
    with Image.open(PHOTOS / name) as image:
        return np.asarray(ImageOps.exif_transpose(image).convert("RGB"))


@functools.cache
def rows() -> tuple[dict[str, str], ...]:
    with (PHOTOS / "photos.csv").open(newline="", encoding="utf-8") as file:
        return tuple(csv.DictReader(file))


@functools.cache
def _mesh():
    import mediapipe

    return mediapipe.solutions.face_mesh.FaceMesh(
        static_image_mode=True, refine_landmarks=True, max_num_faces=1, min_detection_confidence=0.5
    )


@functools.cache
def _detector():
    import mediapipe

    return mediapipe.solutions.face_detection.FaceDetection(model_selection=1, min_detection_confidence=0.4)


def boxes(picture: np.ndarray) -> list[tuple[float, float, float, float]]:
    """Faces as (x0, y0, x1, y1) px, largest first, from the full-range detector."""
    height, width = picture.shape[:2]
    found = []
    for detection in _detector().process(picture).detections or ():
        box = detection.location_data.relative_bounding_box
        found.append(
            (
                box.xmin * width,
                box.ymin * height,
                (box.xmin + box.width) * width,
                (box.ymin + box.height) * height,
            )
        )
    return sorted(found, key=lambda b: (b[2] - b[0]) * (b[3] - b[1]), reverse=True)


def find_landmarks(picture: np.ndarray, box: tuple[float, float, float, float] | None = None) -> np.ndarray | None:
    """(478, 3) float32 px of the largest face, or of the one in `box`; None where the mesh finds none."""
    if box is None:
        found = boxes(picture)
        if not found:
            return _in_a_frame(picture)
        box = found[0]
    height, width = picture.shape[:2]
    cx, cy = (box[0] + box[2]) / 2, (box[1] + box[3]) / 2
    half = max(box[2] - box[0], box[3] - box[1])
    x0, y0 = max(0, round(cx - half)), max(0, round(cy - half))
    x1, y1 = min(width, round(cx + half)), min(height, round(cy + half))
    crop = np.ascontiguousarray(picture[y0:y1, x0:x1])
    meshes = _mesh().process(crop).multi_face_landmarks
    if not meshes:
        return None
    size = np.array([crop.shape[1], crop.shape[0], crop.shape[1]], np.float32)
    points = np.array([(p.x, p.y, p.z) for p in meshes[0].landmark], np.float32) * size
    return points + np.array([x0, y0, 0], np.float32)


def _in_a_frame(picture: np.ndarray) -> np.ndarray | None:
    """`find_landmarks` where the detector misses a face that fills the picture: with grey all round it."""
    rim = max(picture.shape[:2]) // 2
    framed = np.pad(picture, ((rim, rim), (rim, rim), (0, 0)), constant_values=128)
    found = boxes(framed)
    points = find_landmarks(framed, found[0]) if found else None
    return None if points is None else points - np.array([rim, rim, 0], np.float32)


@functools.cache
def landmarks(name: str) -> np.ndarray:
    points = find_landmarks(photo(name))
    assert points is not None, f"no face mesh in {name}"
    return points
