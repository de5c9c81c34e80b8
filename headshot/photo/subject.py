"""Find the person whom the headshot is of: which face, its landmarks and pose, and the photo check."""

from __future__ import annotations

import math

import numpy as np

from headshot.errors import NoFace
from headshot.imaging.landmarks import (
    CHIN,
    EYE_CORNERS,
    HAIRLINE,
    IRISES,
    MID_LIPS,
    NOSE_TIP,
    TEMPLES,
    eye_distance,
)
from headshot.photo.check import check_photo
from headshot.photo.faces import find_faces
from headshot.types import F32, F64, Face, Photo, Pose, Subject

_EYE_PAIRS = tuple(zip(*EYE_CORNERS, strict=True))  # the outer corners, the inner ones
_PITCH_ZERO = 6.4  # °: the mesh's own tilt; the median of 16 studio portraits that look into the lens


def find_subject(
    photo: Photo, *, near: tuple[float, float] | None = None, faces: tuple[Face, ...] | None = None
) -> Subject:
    """Find the photo's main person: the largest and most central face, or the one nearest to `near` (x, y) px.

    `faces`: all of them, where they were found before.
    Raises NoFace where there is nobody, or where the only face is turned so far that it has no front.
    """
    if faces is None:
        faces = find_faces(photo.pixels)
    if not faces:
        raise NoFace(
            "No face was found in this photo.",
            "Use a photo that shows your face from the front, not covered and not too small.",
        )
    chosen = choose(faces, photo.width, photo.height, near)
    face = faces[chosen]
    if is_cut_in_half(face, photo.width, photo.height):
        raise NoFace(
            "Only part of your face is in this photo.", "Use a photo that shows the whole head and the shoulders."
        )
    if face.landmarks is None:
        raise NoFace(
            "The face is turned too far away, or covered.",
            "Use a photo in which you look towards the camera.",
        )
    pose = head_pose(face.landmarks)
    distance = eye_distance(face.landmarks)
    checks = check_photo(photo, faces, chosen, pose, distance)
    return Subject(faces, chosen, face.landmarks, pose, distance, checks)


def face_centre(face: Face) -> tuple[float, float]:
    """Find the middle of a face's box (x, y), px."""
    x0, y0, x1, y1 = face.box
    return (x0 + x1) / 2, (y0 + y1) / 2


def is_cut_in_half(face: Face, width: int, height: int) -> bool:
    """Whether an eye, the nose's tip or the mouth lies outside the picture: the mesh then draws what nobody saw."""
    if face.landmarks is None:
        return False
    points = face.landmarks[[*IRISES, NOSE_TIP, *MID_LIPS], :2]
    return bool(((points < 0) | (points >= (width, height))).any())


def choose(faces: tuple[Face, ...], width: int, height: int, near: tuple[float, float] | None = None) -> int:
    """Choose the main face, by index: by size, less where it stands off the middle; or the one nearest to a click."""
    centres = [face_centre(f) for f in faces]
    if near is not None:
        return min(range(len(faces)), key=lambda i: math.dist(centres[i], near))

    def weight(i: int) -> float:
        off = math.dist(centres[i], (width / 2, height / 2)) / math.hypot(width / 2, height / 2)
        front = 0.5 if faces[i].landmarks is None or is_cut_in_half(faces[i], width, height) else 1.0
        return faces[i].size * (1.0 - 0.5 * off) * front

    return max(range(len(faces)), key=weight)


def head_axes(landmarks: F32) -> F64:
    """Measure the face's own axes, unit vectors, (3, 3) float64.

    The rows: across (to the picture's right), up, and out of the face, in the landmarks' (x, y, z). Weak perspective:
    z has the unit of x.
    """
    points = landmarks.astype(np.float64)
    across = points[TEMPLES[1]] - points[TEMPLES[0]] + sum(points[b] - points[a] for a, b in _EYE_PAIRS)
    up = points[HAIRLINE] - points[CHIN]
    across /= np.linalg.norm(across)
    up -= across * (up @ across)
    up /= np.linalg.norm(up)
    return np.stack([across, up, np.cross(across, up)])


def head_pose(landmarks: F32) -> Pose:
    """Measure yaw, pitch and roll in degrees, from the mesh's own three axes.

    Yaw > 0: turned to the picture's right; pitch > 0: looking down; roll > 0: tilted clockwise.
    """
    across, _, forward = head_axes(landmarks)  # forward is towards the camera: z < 0
    yaw = math.degrees(math.atan2(forward[0], -forward[2]))
    pitch = math.degrees(math.asin(float(np.clip(forward[1], -1, 1)))) - _PITCH_ZERO
    roll = math.degrees(math.atan2(across[1], across[0]))
    return Pose(round(yaw, 1), round(pitch, 1), round(roll, 1))
