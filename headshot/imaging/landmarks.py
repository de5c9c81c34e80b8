"""Name the points of MediaPipe's face mesh, and measure between them.

A face has 478 points, (478, 3) float32: 468 of the mesh, then 5 for each iris, its centre first. Indices after
face_mesh_connections.py (MediaPipe, Apache-2.0). "Right" is the person's own right: the viewer's left.

The eye distance (the field's inter-eye distance, IED) is the unit of nearly every length in this program, so that a
preview and the final picture are treated alike: from the centre of one iris to the other's, `eye_distance`. Aligned
crops take the midpoints of the eyes' corners instead, `eye_centres`: these stay when the person looks aside.
"""

from __future__ import annotations

import numpy as np

from headshot.types import F32, F64


def _points(indices: str) -> tuple[int, ...]:
    return tuple(int(i) for i in indices.split())


MESH = 468  # points of the mesh; the irises' follow
IRISES = (468, 473)  # their centres
HAIRLINE = 10  # the top of the mesh
CHIN = 152
TEMPLES = (234, 454)
NOSE_TIP, NOSE_BRIDGE, NOSE_BASE = 4, 168, 2
MOUTH = (61, 291)  # its corners
MID_LIPS = (13, 14)  # inner edge of the upper and the lower lip
MID_LIDS = ((159, 145), (386, 374))  # upper and lower lid, mid-eye
EYE_CORNERS = ((33, 133), (362, 263))

FACE_OVAL = _points(
    "10 338 297 332 284 251 389 356 454 323 361 288 397 365 379 378 400 377 "
    "152 148 176 149 150 136 172 58 132 93 234 127 162 21 54 103 67 109"
)
RIGHT_EYE = _points("33 7 163 144 145 153 154 155 133 173 157 158 159 160 161 246")
LEFT_EYE = _points("263 249 390 373 374 380 381 382 362 398 384 385 386 387 388 466")
RIGHT_BROW = _points("70 63 105 66 107 55 65 52 53 46")
LEFT_BROW = _points("300 293 334 296 336 285 295 282 283 276")
LIPS = _points("61 146 91 181 84 17 314 405 321 375 291 409 270 269 267 0 37 39 40 185")
INNER_LIPS = _points("78 95 88 178 87 14 317 402 318 324 308 415 310 311 312 13 82 81 80 191")
NOSE = _points("168 193 245 188 174 217 209 49 129 64 98 97 2 326 327 294 358 279 429 437 399 412 465 417")
NOSTRILS = _points("98 97 2 326 327 294 278 344 4 115 48 64")
RIGHT_CHEEK = _points("116 117 118 119 100 142 203 206 216 192 213 147 123")
LEFT_CHEEK = _points("345 346 347 348 329 371 423 426 436 416 433 376 352")
FOREHEAD = _points("109 10 338 337 336 9 107 108")


def between(landmarks: F32 | F64, one: int, other: int) -> float:
    """Distance of two points in the picture's plane, px."""
    return float(np.hypot(*(landmarks[one, :2] - landmarks[other, :2])))


def eye_distance(landmarks: F32) -> float:
    """Distance between the irises' centres, px."""
    return between(landmarks, *IRISES)


def eyes_middle(landmarks: F32) -> F32:
    """The midpoint of the irises' centres, (2,) px."""
    return (landmarks[IRISES[0], :2] + landmarks[IRISES[1], :2]) * np.float32(0.5)


def eye_to_chin(landmarks: F32) -> float:
    """Distance from the midpoint of the irises to the chin, px."""
    return float(np.hypot(*(landmarks[CHIN, :2] - eyes_middle(landmarks))))


def eye_centres(landmarks: F32) -> F64:
    """The midpoints of each eye's corners, the viewer's left one first: (2, 2) float64 px."""
    return np.array([landmarks[list(pair), :2].mean(axis=0) for pair in EYE_CORNERS], np.float64)


def eye_centre_distance(landmarks: F32) -> float:
    """Distance between the `eye_centres`, px. Raises ValueError where the two eyes coincide."""
    distance = float(np.hypot(*np.diff(eye_centres(landmarks), axis=0)[0]))
    if distance < 1e-3:
        raise ValueError("the two eyes coincide: these are not landmarks of a face")
    return distance


def eyes_box(eyes: F32 | F64, eye_px: float) -> tuple[float, float, float, float]:
    """The box (x0, y0, x1, y1) px round two eyes at `eyes` (2, 2) px, `eye_px` apart."""
    reach = np.array([0.75 * eye_px, 0.6 * (0.75 * eye_px)])
    low, high = eyes.min(axis=0) - reach, eyes.max(axis=0) + reach
    return float(low[0]), float(low[1]), float(high[0]), float(high[1])
