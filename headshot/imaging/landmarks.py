"""Moved here from headshot/authenticity/quality.py."""

from __future__ import annotations

import numpy as np

from headshot.types import F32, F64

IRISES = (468, 473)


CHIN = 152


LIDS = ((159, 145), (386, 374))  # upper and lower lid, mid-eye


MOUTH = (61, 291)


FACE_OVAL = (
    10,
    338,
    297,
    332,
    284,
    251,
    389,
    356,
    454,
    323,
    361,
    288,
    397,
    365,
    379,
    378,
    400,
    377,
    152,
    148,
    176,
    149,
    150,
    136,
    172,
    58,
    132,
    93,
    234,
    127,
    162,
    21,
    54,
    103,
    67,
    109,
)


def eye_distance(landmarks: F32) -> float:
    """IED: between the irises' centres, px."""
    return float(np.hypot(*(landmarks[IRISES[0], :2] - landmarks[IRISES[1], :2])))


def eye_to_chin(landmarks: F32) -> float:
    """T: from the midpoint of the irises to the chin, px."""
    middle = (landmarks[IRISES[0], :2] + landmarks[IRISES[1], :2]) / 2.0
    return float(np.hypot(*(landmarks[CHIN, :2] - middle)))


# MediaPipe FaceMesh topology (face_mesh_connections.py, Apache-2.0). "Right" is the person's own right: the
# viewer's left.
EYE_CORNERS = ((33, 133), (362, 263))


RIGHT_EYE = (33, 7, 163, 144, 145, 153, 154, 155, 133, 173, 157, 158, 159, 160, 161, 246)


LEFT_EYE = (263, 249, 390, 373, 374, 380, 381, 382, 362, 398, 384, 385, 386, 387, 388, 466)


RIGHT_BROW = (70, 63, 105, 66, 107, 55, 65, 52, 53, 46)


LEFT_BROW = (300, 293, 334, 296, 336, 285, 295, 282, 283, 276)


LIPS = (61, 146, 91, 181, 84, 17, 314, 405, 321, 375, 291, 409, 270, 269, 267, 0, 37, 39, 40, 185)


INNER_LIPS = (78, 95, 88, 178, 87, 14, 317, 402, 318, 324, 308, 415, 310, 311, 312, 13, 82, 81, 80, 191)


NOSE = (
    168,
    193,
    245,
    188,
    174,
    217,
    209,
    49,
    129,
    64,
    98,
    97,
    2,
    326,
    327,
    294,
    358,
    279,
    429,
    437,
    399,
    412,
    465,
    417,
)


NOSTRILS = (98, 97, 2, 326, 327, 294, 278, 344, 4, 115, 48, 64)


RIGHT_CHEEK = (116, 117, 118, 119, 100, 142, 203, 206, 216, 192, 213, 147, 123)


LEFT_CHEEK = (345, 346, 347, 348, 329, 371, 423, 426, 436, 416, 433, 376, 352)


FOREHEAD = (109, 10, 338, 337, 336, 9, 107, 108)


def eye_centres(landmarks: F32) -> F64:
    """The midpoints of each eye's corners, the viewer's left one first: (2, 2) float64 px.

    Corners, unlike irises, stay where they are when the person looks aside.
    """
    centres = np.array([landmarks[list(pair), :2].mean(axis=0) for pair in EYE_CORNERS], np.float64)
    return centres
