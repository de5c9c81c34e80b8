"""Dense registration of two pictures of the same photo: where each pixel of one lies in the other.

Landmark meshes are a strong prior and hide edits (a true change of 10% shows as 1 to 7%). So the pixels are
followed instead: lightness, normalised locally so that exposure and light drop out; dense optical flow
(DIS, Kroeger et al. 2016, https://arxiv.org/abs/1603.03590); a RANSAC similarity taken out (moving, turning
or scaling the whole face is not a change of shape); flow again. What it says of each region: see geometry.py.

All figures hold for the *same* photo only. In another photo pose and expression move everything: see same_photo.py.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property

import cv2
import numpy as np

from headshot.authenticity.measures.aligned_face import Aligned, Mask
from headshot.imaging.blur import wide_blur
from headshot.imaging.masks import pixels_in
from headshot.imaging.median import median
from headshot.types import F32, F64, U8

LOCAL_SIGMA = 10.0 / 160.0  # IED, of the local normalisation
NCC_SIGMA = 8.0 / 160.0  # IED, of the local correlation
STILL = 0.1  # px: what lies in one place is fitted to move by up to .09 at a corner, and no better the next time
QUIET = 1.0  # px: of a flow over the face; .04 to .5 in light and finish, 3.6 and more beside what hides a feature


@dataclass(frozen=True, eq=False)
class Registration:
    """How the picture lies over the original, in the original's canonical crop (px; `eye_px` to an IED).

    `flow` (h, w, 2) float32: the residual motion original → picture after the similarity; `similarity` (2, 3)
    float64: original crop → picture crop; `warped` (h, w, 3) uint8: the picture's pixels carried onto the
    original by similarity and flow; `seen` (h, w) bool: where both pictures have pixels at all; `correlation`
    (h, w) float32 −1..1: local correlation of lightness there; `face` (h, w) bool: the original's.
    """

    flow: F32
    similarity: F64
    warped: U8
    seen: Mask
    correlation: F32
    eye_px: float
    face: Mask

    @cached_property
    def believed(self) -> F32:
        """How much each pixel's flow is believed, (h, w) float32 0..1.

        Against the face's own median correlation, which a blur or noise lowers everywhere: 1 at the median, 0 at half
        of it.
        """
        face = self.face & self.seen
        usual = max(float(median(self.correlation[face])) if face.any() else 0.0, 0.2)
        return np.clip(2.0 * self.correlation / usual - 1.0, 0.0, 1.0) ** 2 + np.float32(1e-3)


def lightness(pixels: U8) -> F32:
    """Compute CIE L* (0..100) of sRGB pixels, (h, w) float32."""
    lab: F32 = cv2.cvtColor(pixels.astype(np.float32) / 255.0, cv2.COLOR_RGB2LAB)
    return np.ascontiguousarray(lab[..., 0])


def locally_normalised(light: F32, sigma: float) -> F32:
    """Compute (L − mean) / std, both within a Gaussian of `sigma` px; flat areas stay near 0."""
    mean = wide_blur(light, sigma)
    variance = np.maximum(wide_blur(light * light, sigma) - mean * mean, 0.0)
    # One L* of noise floor: in flat areas noise must not be blown up to full contrast.
    return np.asarray((light - mean) / np.sqrt(variance + 1.0), np.float32)


def local_correlation(a: F32, b: F32, sigma: float) -> F32:
    """Correlate two maps (normalised, −1..1) within a Gaussian of `sigma` px, (h, w) float32."""
    ma, mb = wide_blur(a, sigma), wide_blur(b, sigma)
    va, vb = wide_blur(a * a, sigma) - ma * ma, wide_blur(b * b, sigma) - mb * mb
    out: F32 = (wide_blur(a * b, sigma) - ma * mb) / np.sqrt(np.maximum(va, 1e-4) * np.maximum(vb, 1e-4))
    return np.clip(out, -1.0, 1.0)


def register(original: Aligned, picture: Aligned) -> Registration:
    """Follow the pixels of `original` into `picture` (both canonical crops of the same size)."""
    sigma = LOCAL_SIGMA * original.eye_px
    light, before = picture.lightness, locally_normalised(original.lightness, sigma)
    fixed = _grey(before)
    similarity = np.eye(2, 3)
    flow = _dis(fixed, _grey(locally_normalised(light, sigma)))
    # A second pass tightens the similarity: the first one is fitted to a flow of larger motion.
    for agreement in (0.5, 0.3, 0.3):
        # Beyond the picture's edge, which is repeated there, nothing moves as the face does.
        where = original.face & _moved_mask(picture.inside, similarity)
        rest = _similarity(flow, where, agreement)
        if _reach(rest, light.shape) < STILL and _size(flow, where) < QUIET:
            break
        similarity = (np.vstack([similarity, [0, 0, 1]]) @ np.vstack([rest, [0, 0, 1]]))[:2]
        flow = _dis(fixed, _grey(locally_normalised(_apply(light, similarity), sigma)))

    smooth = cv2.GaussianBlur(flow, (0, 0), 0.03 * original.eye_px)
    y, x = np.mgrid[0 : flow.shape[0], 0 : flow.shape[1]].astype(np.float32)
    gx, gy = x + smooth[..., 0], y + smooth[..., 1]
    m = similarity.astype(np.float32)
    to_x = m[0, 0] * gx + m[0, 1] * gy + m[0, 2]
    to_y = m[1, 0] * gx + m[1, 1] * gy + m[1, 2]
    warped = cv2.remap(picture.pixels, to_x, to_y, cv2.INTER_CUBIC, borderMode=cv2.BORDER_REPLICATE)
    seen = cv2.remap(picture.inside.astype(np.uint8), to_x, to_y, cv2.INTER_NEAREST) > 0
    after = locally_normalised(lightness(warped), sigma)
    correlation = local_correlation(before, after, NCC_SIGMA * original.eye_px)
    return Registration(
        flow=flow,
        similarity=similarity,
        warped=np.ascontiguousarray(warped, np.uint8),
        seen=original.inside & seen,
        correlation=correlation,
        eye_px=original.eye_px,
        face=original.face,
    )


def known(original: Aligned, flow: F32) -> Registration:
    """Take a motion (h, w, 2) px of the original's crop that is known, as `register` gives one that it found."""
    similarity = _similarity(flow, original.face, 0.3)
    y, x = np.mgrid[0 : flow.shape[0], 0 : flow.shape[1]].astype(np.float32)
    place = np.stack([x, y], axis=-1)
    back = np.linalg.inv(np.vstack([similarity, [0, 0, 1]]))[:2].astype(np.float32)
    rest = (place + flow) @ back[:, :2].T + back[:, 2] - place
    everywhere = np.ones(flow.shape[:2], np.float32)
    return Registration(rest, similarity, original.pixels, original.inside, everywhere, original.eye_px, original.face)


def followed(original: Aligned, picture: Aligned) -> F32:
    """Correlate the lightness of two crops that lie on each other, locally: (h, w) float32 −1..1."""
    here, there = (locally_normalised(face.lightness, LOCAL_SIGMA * original.eye_px) for face in (original, picture))
    return local_correlation(here, there, NCC_SIGMA * original.eye_px)


def carried(original: Aligned, found: Registration) -> Aligned:
    """Carry the picture onto the original: its pixels under the original's landmarks, where both have pixels."""
    return replace(original, pixels=found.warped, inside=found.seen)


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


def _moved_mask(mask: Mask, similarity: F64) -> Mask:
    moved = cv2.warpAffine(
        mask.astype(np.uint8), similarity, mask.shape[::-1], flags=cv2.INTER_NEAREST | cv2.WARP_INVERSE_MAP
    )
    return np.asarray(moved > 0)


def _reach(similarity: F64, shape: tuple[int, ...]) -> float:
    """How far a similarity moves a corner of a crop (h, w) at most, px."""
    height, width = shape
    corners = np.array([[0, 0, 1], [width, 0, 1], [0, height, 1], [width, height, 1]], np.float64)
    return float(np.linalg.norm(corners @ similarity.T - corners[:, :2], axis=1).max())


def _size(flow: F32, where: Mask) -> float:
    """Root mean square of a flow (h, w, 2) in `where`, px."""
    return float(np.sqrt(np.square(pixels_in(flow, where)).sum(axis=1).mean())) if where.any() else 0.0


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
