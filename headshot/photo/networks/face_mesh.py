"""MediaPipe's face mesh with attention: 468 points and two irises of five points each.

Reference: Kartynnik et al., Real-time Facial Surface Geometry (2019); Grishchenko et al., Attention Mesh (2020).
"""

from __future__ import annotations

import math

import numpy as np

from headshot.imaging.landmarks import IRISES, MESH
from headshot.photo.networks.activation import sigmoid
from headshot.photo.networks.region import Region
from headshot.photo.networks.session import run
from headshot.types import F32, F64, U8

SIDE = 192
_LEAST = 0.5  # probability that there is a face in the region

# Which mesh points the refined outputs replace, in their order (face_landmarks_refinement, MediaPipe, Apache-2.0).
# fmt: off
_LIPS = (
    61, 146, 91, 181, 84, 17, 314, 405, 321, 375, 291, 185, 40, 39, 37, 0, 267, 269, 270, 409, 78, 95, 88, 178, 87,
    14, 317, 402, 318, 324, 308, 191, 80, 81, 82, 13, 312, 311, 310, 415, 76, 77, 90, 180, 85, 16, 315, 404, 320, 307,
    306, 184, 74, 73, 72, 11, 302, 303, 304, 408, 62, 96, 89, 179, 86, 15, 316, 403, 319, 325, 292, 183, 42, 41, 38,
    12, 268, 271, 272, 407,
)
_RIGHT_EYE = (
    33, 7, 163, 144, 145, 153, 154, 155, 133, 246, 161, 160, 159, 158, 157, 173, 130, 25, 110, 24, 23, 22, 26, 112,
    243, 247, 30, 29, 27, 28, 56, 190, 226, 31, 228, 229, 230, 231, 232, 233, 244, 113, 225, 224, 223, 222, 221, 189,
    35, 124, 46, 53, 52, 65, 143, 111, 117, 118, 119, 120, 121, 128, 245, 156, 70, 63, 105, 66, 107, 55, 193,
)
_LEFT_EYE = (
    263, 249, 390, 373, 374, 380, 381, 382, 362, 466, 388, 387, 386, 385, 384, 398, 359, 255, 339, 254, 253, 252, 256,
    341, 463, 467, 260, 259, 257, 258, 286, 414, 446, 261, 448, 449, 450, 451, 452, 453, 464, 342, 445, 444, 443, 442,
    441, 413, 265, 353, 276, 283, 282, 295, 372, 340, 346, 347, 348, 349, 350, 357, 465, 383, 300, 293, 334, 296, 336,
    285, 417,
)
# fmt: on
_EYE_CONTOUR = 16  # of an eye's points: an iris takes their mean depth


def find_mesh(pixels: U8, region: Region, *, averaged: bool = True) -> F64 | None:
    """(478, 3) px of the face in a square region of the picture, or None where the network sees none.

    Depth is in px too, smaller is nearer. `averaged` False samples a large face as MediaPipe does, with aliasing.
    """
    batch = region.sample_averaged(pixels, SIDE) if averaged else region.sample(pixels, SIDE)
    points, lips, right_eye, left_eye, right_iris, left_iris, logit = run("face_mesh", batch)
    if float(sigmoid(logit).ravel()[0]) < _LEAST:
        return None
    mesh = np.zeros((478, 3))
    mesh[:468] = points.reshape(468, 3)
    refined: tuple[tuple[tuple[int, ...] | range, F32], ...] = (
        (_LIPS, lips),
        (_RIGHT_EYE, right_eye),
        (_LEFT_EYE, left_eye),
        (range(468, 473), right_iris),
        (range(473, 478), left_iris),
    )
    for places, values in refined:
        mesh[list(places), :2] = values.reshape(-1, 2)
    for iris, eye in ((slice(468, 473), _RIGHT_EYE), (slice(473, 478), _LEFT_EYE)):
        mesh[iris, 2] = mesh[list(eye[:_EYE_CONTOUR]), 2].mean()
    return region.to_picture(mesh / SIDE)


def region_of(mesh: F64) -> Region:
    """Where to look for a face whose mesh is known: upright by its eyes, half as large again as its points."""
    across = mesh[IRISES[1], :2] - mesh[IRISES[0], :2]
    turn = math.atan2(across[1], across[0])
    cos, sin = math.cos(turn), math.sin(turn)
    rotation = np.array([[cos, -sin], [sin, cos]])  # points @ rotation stand upright
    upright = mesh[:MESH, :2] @ rotation
    low, high = upright.min(0), upright.max(0)
    x, y = rotation @ ((low + high) / 2)
    side = 1.5 * float((high - low).max())
    return Region(float(x), float(y), side, side, turn)
