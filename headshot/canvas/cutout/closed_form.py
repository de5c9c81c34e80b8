"""Solve the unknown band by closed-form matting (Levin et al. 2008, pymatting)."""

from __future__ import annotations

import cv2
import numpy as np

from headshot.canvas.cutout.compiled import pymatting
from headshot.canvas.cutout.faint_edge import smooth_where_unseen
from headshot.canvas.cutout.trimap import Trimap
from headshot.canvas.cutout.working_copy import WorkingCopy, touching
from headshot.types import F32, U8

_PRIOR = 0.01  # weight of the prior in the unknown band: lower leaves smoke, higher cuts strands
_VEIL = 0.03  # taken off the matte in the hair


def solved_matte(copy: WorkingCopy, trimap: Trimap, prior: F32, kept: U8 | None = None) -> F32:
    """Find the matte (h, w) float32 0..1 of the working copy.

    `prior`: the person's probability in the unknown band; `kept` as in `in_one_piece`.
    """
    decided = np.clip((prior - 0.3) / 0.4, 0, 1)  # by eye
    alpha = np.where(trimap.unknown, _solve(copy.picture, trimap.known, decided), trimap.known)
    return in_one_piece(copy, smooth_where_unseen(copy, firm(copy, alpha)), kept)


def firm(copy: WorkingCopy, alpha: F32) -> F32:
    """Take the veil off, and make the edges of cloth firm.

    Cloth has no strands: away from the hair a half-clear veil is a mistake.
    """
    hair = copy.hair_zone
    cloth = np.clip((alpha - 0.3) / 0.4, 0, 1)
    return np.asarray(hair * np.clip((alpha - _VEIL) / (0.96 - _VEIL), 0, 1) + (1 - hair) * cloth, np.float32)


def in_one_piece(copy: WorkingCopy, matte: F32, kept: U8 | None = None) -> F32:
    """Remove islands away from the face, but for what was clicked to be `kept` (h, w) 0 or 1."""
    seed = copy.face if kept is None else copy.face | kept
    body = touching((matte > np.where(copy.hair_zone > 0.5, 0.1, 0.5)).astype(np.uint8), seed)
    return np.where(cv2.dilate(body, copy.disc(0.03)) > 0, matte, 0).astype(np.float32)


def _solve(picture: U8, known: F32, prior: F32) -> F32:
    """Minimise αᵀLα + λ Σ_known (α − known)² + γ Σ_unknown (α − prior)² (Levin et al. 2008, eq. 14 with a prior).

    Where the colours of person and background are alike, the prior decides instead of a grey veil.
    """
    fixed = (known != 0.5).ravel()
    if fixed.all():
        return known
    from scipy.sparse import identity

    matting = pymatting()
    laplacian = matting.cf_laplacian(picture.astype(np.float64) / 255, epsilon=1e-6, radius=1, is_known=fixed)
    rows = laplacian[~fixed]
    system = rows[:, ~fixed] + _PRIOR * identity(int((~fixed).sum()))
    right = _PRIOR * prior.ravel()[~fixed] - rows[:, fixed].dot((known.ravel()[fixed] == 1).astype(np.float64))
    alpha = known.copy().ravel()
    alpha[~fixed] = matting.cg(system, right, M=matting.ichol(system, discard_threshold=1e-4), rtol=1e-5)
    return np.clip(alpha, 0, 1).reshape(known.shape).astype(np.float32)
