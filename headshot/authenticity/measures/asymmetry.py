"""Is the face as asymmetric as it was? No face is symmetric, and generators and "beautifiers" make it so.

The antisymmetric part of the original's mesh is a field of small arrows. The picture keeps it (1) or loses
it (0): the motion found by registration is projected on that field. The ratio of the two fields' sizes does
not work, since noise adds to it; neither does meshing the picture anew, since the mesh's own prior is
symmetric.
"""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from headshot.authenticity.measures.aligned_face import Aligned
from headshot.authenticity.measures.geometry import followed_face
from headshot.authenticity.measures.local_scale import steady
from headshot.authenticity.measures.registration import Registration
from headshot.authenticity.measures.unmeasurable import Unmeasurable
from headshot.imaging.landmarks import MESH
from headshot.types import F32, F64

MIN_FIELD = 0.6  # % of the eye distance, rms: below it there is nothing to project on


@lru_cache(maxsize=1)
def mirror() -> NDArray[np.int64]:
    """Read for each mesh point its partner, (468,), on the other half of the face."""
    rows = Path(__file__).with_name("mesh_mirror.txt").read_text(encoding="utf-8").splitlines()
    partners = np.array([int(i) for row in rows if not row.startswith("#") for i in row.split()], np.int64)
    partners.setflags(write=False)
    return partners


# Each iris's centre and four points round it; the outer and the inner one change places with the side.
_IRIS_PARTNERS = (473, 476, 475, 474, 477, 468, 471, 470, 469, 472)


def mirrored_landmarks(landmarks: F32, width: int) -> F32:
    """Turn a face's (478, 3) px left to right with its picture, `width` px wide."""
    partners = [*mirror(), *_IRIS_PARTNERS]
    turned = landmarks[partners].copy()
    turned[:, 0] = width - 1 - turned[:, 0]
    return turned


def antisymmetric(landmarks: F32) -> F64:
    """Measure, (468, 2) px, half the difference between the mesh and its own mirror image, without the head's turn.

    The mirror image is laid over the face by a rigid motion; then what a turn of the head (yaw) explains, a
    shift in proportion to depth, is taken out by least squares.
    """
    points = landmarks[:MESH, :2].astype(np.float64)
    image = points[mirror()] * (-1.0, 1.0)
    field = (points - _rigid(image, points)) / 2.0
    # Axes of the face: a turn moves points along the eye line, by an amount that grows with depth.
    across = points[263] - points[33]
    across = across / np.hypot(*across)
    depth = landmarks[:MESH, 2].astype(np.float64)
    depth = (depth + depth[mirror()]) / 2.0
    depth = depth - depth.mean()
    shift = field @ across
    slope = float(shift @ depth / (depth @ depth))
    return np.asarray(field - slope * depth[:, None] * across, np.float64)


def asymmetry_kept(original: Aligned, found: Registration) -> float:
    """Measure the share of the original's asymmetry that the picture keeps: 1 all, 0 none, 2 twice. Same photo only.

    As far as its four halves agree: who evens a face out does it everywhere. Read where the face could be followed.
    Raises Unmeasurable as `followed_face`, and when the face is so symmetric (rms under .6% of the eye distance) that
    there is none to keep.
    """
    trust = np.where(followed_face(original, found), found.believed, np.float32(0))
    field = antisymmetric(original.landmarks)
    size = 100.0 * float(np.sqrt((field**2).sum(axis=1).mean())) / original.eye_px
    if size < MIN_FIELD:
        raise Unmeasurable("the face is almost symmetric to begin with.")
    flow = cv2.GaussianBlur(found.flow, (0, 0), 0.02 * original.eye_px)
    spots = original.landmarks[:MESH, :2].astype(np.float32)[None]
    motion, weight = (
        cv2.remap(what, spots[..., 0], spots[..., 1], cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)[0]
        for what in (flow, trust)
    )
    gained, known = (motion * field).sum(axis=1) * weight, (field**2).sum(axis=1) * weight
    x, y = spots[0].T
    parts = (np.full(MESH, True), x < x.mean(), x >= x.mean(), y < y.mean(), y >= y.mean())
    return 1.0 + steady([float(gained[p].sum() / max(known[p].sum(), 1e-9)) for p in parts])


def _rigid(points: F64, target: F64) -> F64:
    """`points` turned and shifted onto `target` (Kabsch), without scaling or mirroring."""
    a, b = points - points.mean(axis=0), target - target.mean(axis=0)
    u, _, vt = np.linalg.svd(a.T @ b)
    sign = np.sign(np.linalg.det(u @ vt))
    turn = u @ np.diag([1.0, sign]) @ vt
    laid: F64 = a @ turn + target.mean(axis=0)
    return laid
