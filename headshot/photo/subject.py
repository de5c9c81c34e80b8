"""Photo → Subject: which face the headshot is of, its landmarks and pose, and what is wrong with the photo."""

from __future__ import annotations

import math

import numpy as np

from headshot.errors import NoFace
from headshot.photo.check import check_photo
from headshot.photo.faces import find_faces
from headshot.types import F32, F64, Face, Photo, Pose, Subject

# MediaPipe's mesh: temples, forehead and chin.
_LEFT, _RIGHT, _TOP, _CHIN = 234, 454, 10, 152
_EYE_PAIRS = ((33, 263), (133, 362))
_PITCH_ZERO = 7.0  # °: the mesh's own tilt; the median of 15 studio portraits that look into the lens


def find_subject(photo: Photo, *, near: tuple[float, float] | None = None) -> Subject:
    """The photo's main person: the largest and most central face, or the one `near` a point (x, y) in px.

    Raises NoFace where there is nobody, or where the only face is turned so far that it has no front.
    """
    faces = find_faces(photo.pixels)
    if not faces:
        raise NoFace(
            "No face was found in this photo.",
            "Use a photo that shows your face from the front, not covered and not too small.",
        )
    chosen = choose(faces, photo.width, photo.height, near)
    face = faces[chosen]
    if face.landmarks is None:
        raise NoFace(
            "The face is turned too far away, or covered.",
            "Use a photo in which you look towards the camera.",
        )
    pose = head_pose(face.landmarks)
    distance = eye_distance(face.landmarks)
    checks = check_photo(photo, faces, chosen, pose, distance)
    return Subject(faces, chosen, face.landmarks, pose, distance, checks)


def choose(faces: tuple[Face, ...], width: int, height: int, near: tuple[float, float] | None = None) -> int:
    """Index of the main face: by size, less where it stands off the middle; or the one nearest to a click."""
    centres = [((f.box[0] + f.box[2]) / 2, (f.box[1] + f.box[3]) / 2) for f in faces]
    if near is not None:
        return min(range(len(faces)), key=lambda i: math.dist(centres[i], near))

    def weight(i: int) -> float:
        off = math.dist(centres[i], (width / 2, height / 2)) / math.hypot(width / 2, height / 2)
        front = 1.0 if faces[i].landmarks is not None else 0.5
        return faces[i].size * (1.0 - 0.5 * off) * front

    return max(range(len(faces)), key=weight)


def eye_distance(landmarks: F32) -> float:
    """Between the irises' centres in px (IED)."""
    return float(np.hypot(*(landmarks[468, :2] - landmarks[473, :2])))


def head_axes(landmarks: F32) -> F64:
    """The face's own axes, (3, 3) float64: rows across (to the picture's right), up, and out of the face; unit
    vectors in the landmarks' (x, y, z). Weak perspective: z has the unit of x.
    """
    points = landmarks.astype(np.float64)
    across = points[_RIGHT] - points[_LEFT] + sum(points[b] - points[a] for a, b in _EYE_PAIRS)
    up = points[_TOP] - points[_CHIN]
    across /= np.linalg.norm(across)
    up -= across * (up @ across)
    up /= np.linalg.norm(up)
    return np.stack([across, up, np.cross(across, up)])


def head_pose(landmarks: F32) -> Pose:
    """Yaw, pitch and roll in degrees from the mesh's own three axes.

    Yaw > 0: turned to the picture's right; pitch > 0: looking down; roll > 0: tilted clockwise.
    """
    across, _, forward = head_axes(landmarks)  # forward is towards the camera: z < 0
    yaw = math.degrees(math.atan2(forward[0], -forward[2]))
    pitch = math.degrees(math.asin(float(np.clip(forward[1], -1, 1)))) - _PITCH_ZERO
    roll = math.degrees(math.atan2(across[1], across[0]))
    return Pose(round(yaw, 1), round(pitch, 1), round(roll, 1))
