"""Dense registration of two pictures of the same photo: which part of the face moved, and by how much.

Landmark meshes are a strong prior and hide edits (a true change of 10% shows as 1 to 7%). So the pixels are
followed instead: lightness, normalised locally so that exposure and light drop out; dense optical flow
(DIS, Kroeger et al. 2016, https://arxiv.org/abs/1603.03590); a RANSAC similarity taken out (moving, turning
or scaling the whole face is not a change of shape); flow again; then a robust local affine for each region.

All figures hold for the *same* photo only. In another photo pose and expression move everything: see gate.py.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import cv2
import numpy as np

from headshot.authenticity.align import ABOVE, LIPS, NOSE, Aligned, Mask
from headshot.authenticity.unmeasurable import Unmeasurable
from headshot.types import F32, F64, U8

JAW_RIGHT = (132, 58, 172, 136, 150)
JAW_LEFT = (361, 288, 397, 365, 379)
DEPTHS = (0.04, 0.08, 0.16, 0.24)  # IED that the jaw's band lies inside the contour
INSIDE = 0.08  # IED of the face's rim that is left out of its shape
BRIDGE = 0.25  # IED below the eyes, where the nose begins to have wings
LOCAL_SIGMA = 10.0 / 160.0  # IED, of the local normalisation
NCC_SIGMA = 8.0 / 160.0  # IED, of the local correlation


@dataclass(frozen=True, eq=False)
class Registration:
    """How the picture lies over the original, in the original's canonical crop (px; `eye_px` to an IED).

    `flow` (h, w, 2) float32: the residual motion original → picture after the similarity; `similarity` (2, 3)
    float64: original crop → picture crop; `warped` (h, w, 3) uint8: the picture's pixels carried onto the
    original by similarity and flow; `correlation` (h, w) float32 −1..1: local correlation of lightness there.
    """

    flow: F32
    similarity: F64
    warped: U8
    correlation: F32
    eye_px: float


def lightness(pixels: U8) -> F32:
    """CIE L* (0..100) of sRGB pixels, (h, w) float32."""
    lab: F32 = cv2.cvtColor(pixels.astype(np.float32) / 255.0, cv2.COLOR_RGB2LAB)
    return np.ascontiguousarray(lab[..., 0])


def locally_normalised(light: F32, sigma: float) -> F32:
    """(L − mean) / std, both within a Gaussian of `sigma` px; flat areas stay near 0."""
    mean = cv2.GaussianBlur(light, (0, 0), sigma)
    variance = np.maximum(cv2.GaussianBlur(light * light, (0, 0), sigma) - mean * mean, 0.0)
    # One L* of noise floor: in flat areas noise must not be blown up to full contrast.
    out: F32 = (light - mean) / np.sqrt(variance + 1.0)
    return out


def local_correlation(a: F32, b: F32, sigma: float) -> F32:
    """Normalised cross-correlation (−1..1) of two maps within a Gaussian of `sigma` px, (h, w) float32."""

    def blur(x: F32) -> F32:
        blurred: F32 = cv2.GaussianBlur(x, (0, 0), sigma)
        return blurred

    ma, mb = blur(a), blur(b)
    va, vb = blur(a * a) - ma * ma, blur(b * b) - mb * mb
    out: F32 = (blur(a * b) - ma * mb) / np.sqrt(np.maximum(va, 1e-4) * np.maximum(vb, 1e-4))
    return np.clip(out, -1.0, 1.0)


def register(original: Aligned, picture: Aligned) -> Registration:
    """Follow the pixels of `original` into `picture` (both canonical crops of the same size)."""
    sigma = LOCAL_SIGMA * original.eye_px
    light = lightness(picture.pixels)
    fixed = _grey(locally_normalised(lightness(original.pixels), sigma))
    flow = _dis(fixed, _grey(locally_normalised(light, sigma)))
    similarity = _similarity(flow, original.face, 0.5)
    # The second pass tightens the similarity: the first one is fitted to a flow of larger motion.
    for _ in range(2):
        moved = _apply(light, similarity)
        flow = _dis(fixed, _grey(locally_normalised(moved, sigma)))
        rest = _similarity(flow, original.face, 0.3)
        similarity = (np.vstack([similarity, [0, 0, 1]]) @ np.vstack([rest, [0, 0, 1]]))[:2]
    moved = _apply(light, similarity)
    flow = _dis(fixed, _grey(locally_normalised(moved, sigma)))

    smooth = cv2.GaussianBlur(flow, (0, 0), 0.03 * original.eye_px)
    y, x = np.mgrid[0 : flow.shape[0], 0 : flow.shape[1]].astype(np.float32)
    gx, gy = x + smooth[..., 0], y + smooth[..., 1]
    m = similarity
    warped = cv2.remap(
        picture.pixels,
        (m[0, 0] * gx + m[0, 1] * gy + m[0, 2]).astype(np.float32),
        (m[1, 0] * gx + m[1, 1] * gy + m[1, 2]).astype(np.float32),
        cv2.INTER_CUBIC,
        borderMode=cv2.BORDER_REPLICATE,
    )
    correlation = local_correlation(
        locally_normalised(lightness(original.pixels), sigma),
        locally_normalised(lightness(warped), sigma),
        NCC_SIGMA * original.eye_px,
    )
    return Registration(
        flow=flow,
        similarity=similarity,
        warped=np.ascontiguousarray(warped, np.uint8),
        correlation=correlation,
        eye_px=original.eye_px,
    )


def eye_scale(original: Aligned, found: Registration) -> float:
    """Change of the eyes' size in %, mean of both: isotropic local affine .24 IED round each iris."""
    changes = []
    for iris in (468, 473):
        affine = _local_affine(found, _disc_mask(original, original.landmarks[iris, :2], 0.24))
        changes.append(np.sqrt(max(1e-6, np.linalg.det(np.eye(2) + affine))) - 1.0)
    return 100.0 * float(np.mean(changes))


def nose_width(original: Aligned, found: Registration) -> float:
    """Change of the nose's width in %: horizontal part of the local affine over the nose below its bridge."""
    below = original.region(NOSE)
    below[: round((ABOVE + BRIDGE) * original.eye_px)] = False
    return 100.0 * float(_local_affine(found, below)[0, 0])


def mouth_width(original: Aligned, found: Registration) -> float:
    """Change of the mouth's width in %: horizontal part of the local affine over the lips and their rim."""
    grown = cv2.dilate(original.region(LIPS).astype(np.uint8), np.ones((9, 9), np.uint8)) > 0
    return 100.0 * float(_local_affine(found, grown)[0, 0])


def jaw_width(original: Aligned, found: Registration) -> float:
    """Change of the jaw's width in %: left against right horizontal motion of the contour, over its width."""
    motion, place = [], []
    for side in (JAW_RIGHT, JAW_LEFT):
        dx, px = _contour_motion(original, found, side)
        motion.append(dx)
        place.append(px)
    return 100.0 * (motion[1] - motion[0]) / (place[1] - place[0])


def face_shape(original: Aligned, found: Registration) -> float:
    """Root mean square of the residual motion over the face, in % of the eye distance.

    Weighted by the local correlation: where pixels could not be followed (a new backdrop behind the
    contour, hair cut differently) the flow is not motion.
    """
    rim = max(1, round(INSIDE * original.eye_px))
    inner = cv2.erode(original.face.astype(np.uint8), np.ones((2 * rim + 1, 2 * rim + 1), np.uint8)) > 0
    if not inner.any():
        inner = original.face
    flow = cv2.GaussianBlur(found.flow, (0, 0), 0.02 * found.eye_px)[inner]
    trust = _followed(original, found, inner)
    return 100.0 * float(np.sqrt(np.average((flow**2).sum(axis=1), weights=trust))) / found.eye_px


def _followed(original: Aligned, found: Registration, where: Mask) -> F32:
    """How much each pixel's flow inside `where` is believed, 0..1.

    Against the face's own median correlation, which a blur or noise lowers everywhere: 1 at the median, 0 at
    half of it.
    """
    usual = max(float(np.median(found.correlation[original.face])), 0.2)
    return np.clip(2.0 * found.correlation[where] / usual - 1.0, 0.0, 1.0) ** 2 + np.float32(1e-3)


def _grey(normalised: F32) -> U8:
    grey: U8 = np.clip(128.0 + 45.0 * normalised, 0, 255).astype(np.uint8)
    return grey


def _dis(fixed: U8, moving: U8) -> F32:
    dis = cv2.DISOpticalFlow.create(cv2.DISOPTICAL_FLOW_PRESET_MEDIUM)
    dis.setFinestScale(1)
    flow: F32 = dis.calc(fixed, moving, None)
    return flow


def _apply(light: F32, similarity: F64) -> F32:
    moved: F32 = cv2.warpAffine(
        light,
        similarity,
        light.shape[::-1],
        flags=cv2.INTER_CUBIC | cv2.WARP_INVERSE_MAP,
        borderMode=cv2.BORDER_REPLICATE,
    )
    return moved


def _similarity(flow: F32, where: Mask, threshold: float) -> F64:
    """(2, 3) similarity that most of the flow inside `where` agrees with, to `threshold` px."""
    step = 6
    y, x = np.mgrid[0 : flow.shape[0] : step, 0 : flow.shape[1] : step]
    chosen = where[y, x]
    start = np.stack([x[chosen], y[chosen]], axis=1).astype(np.float32)
    end = start + flow[y, x][chosen]
    if len(start) < 16:
        return np.eye(2, 3)
    cv2.setRNGSeed(7)  # the same pair must always give the same figures
    matrix, _ = cv2.estimateAffinePartial2D(
        start, end, method=cv2.RANSAC, ransacReprojThreshold=threshold, maxIters=2000, confidence=0.999
    )
    return np.eye(2, 3) if matrix is None else np.asarray(matrix, np.float64)


def _disc_mask(original: Aligned, centre: F32, radius_ied: float) -> Mask:
    y, x = np.mgrid[0 : original.pixels.shape[0], 0 : original.pixels.shape[1]]
    mask: Mask = np.hypot(x - centre[0], y - centre[1]) <= radius_ied * original.eye_px
    return mask & original.inside


def _local_affine(found: Registration, where: Mask) -> F64:
    """(2, 2) gradient G of the flow inside `where`: flow ≈ G·(x − mean) + shift, by reweighted least squares.

    Pixels that could not be followed (low correlation) count little.
    """
    y, x = np.nonzero(where)
    if len(x) < 32:
        return np.zeros((2, 2))
    trust = np.clip(found.correlation[y, x], 0.0, 1.0).astype(np.float64) ** 2 + 1e-3
    design = np.stack([x - x.mean(), y - y.mean(), np.ones(len(x))], axis=1)
    target = found.flow[y, x].astype(np.float64)
    weight = trust
    solution = np.zeros((3, 2))
    for _ in range(6):
        root = np.sqrt(weight)[:, None]
        solution = np.linalg.lstsq(design * root, target * root, rcond=None)[0]
        error = np.hypot(*(target - design @ solution).T)
        spread = max(0.05, 1.4826 * float(np.median(error)))
        weight = trust / (1.0 + (error / (2.0 * spread)) ** 2)
    gradient: F64 = solution[:2].T
    return gradient


def _contour_motion(original: Aligned, found: Registration, side: Sequence[int]) -> tuple[float, float]:
    """Mean horizontal motion (px) of the jaw's contour on one side, and its mean place.

    Read in a band on the skin's side of the contour; where a new backdrop has pulled the flow along, deeper
    inside, until a quarter of the band was followed. Raises Unmeasurable where it never was.
    """
    contour = original.landmarks[list(side), :2]
    centre = original.landmarks[list(JAW_RIGHT + JAW_LEFT), :2].mean(axis=0)
    inward = centre - contour
    inward = inward / np.linalg.norm(inward, axis=1, keepdims=True) * original.eye_px
    for depth in DEPTHS:
        line = np.zeros(original.pixels.shape[:2], np.uint8)
        points = np.round(contour + depth * inward).astype(np.int32)
        cv2.polylines(line, [points], False, 1, max(1, round(0.08 * original.eye_px)))
        where = (line > 0) & original.inside
        trust = _followed(original, found, where)
        if where.sum() >= 32 and trust.mean() >= 0.25:
            break
    else:
        raise Unmeasurable("the jaw's contour could not be followed: what lies behind it changed too much.")
    dx = found.flow[..., 0][where]
    # A weighted median: a stretch of contour lost to the backdrop must not pull the figure.
    order = np.argsort(dx)
    cumulative = np.cumsum(trust[order])
    middle = float(dx[order][np.searchsorted(cumulative, cumulative[-1] / 2.0)])
    return middle, float(np.average(np.nonzero(where)[1], weights=trust))


def carried(original: Aligned, found: Registration) -> Aligned:
    """The picture carried onto the original: its pixels under the original's landmarks and masks."""
    return replace(original, pixels=found.warped)
