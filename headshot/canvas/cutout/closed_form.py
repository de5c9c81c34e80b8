"""Solve the unknown band by closed-form matting (Levin et al. 2008)."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import cv2
import numpy as np

from headshot.canvas.cutout.colour_evidence import Prior, prior
from headshot.canvas.cutout.faint_edge import smooth_where_unseen
from headshot.canvas.cutout.matting_laplacian import Laplacian, matting_laplacian
from headshot.canvas.cutout.trimap import Trimap
from headshot.canvas.cutout.working_copy import WorkingCopy, touching, without_holes
from headshot.imaging.landmarks import HAIRLINE
from headshot.imaging.sparse_system import System, solve
from headshot.types import F32, U8

_STRAND = 0.045  # eye distances: half the width from which a piece is no strand
_BRIDGE = 0.06  # eye distances: half the width of what a solid piece may hang by, and its least share of a face's oval
_LEAST = 0.02
_SURE = 0.97  # probability by the networks, from which a hole above the hairline is a shine
_VEIL = 0.03  # taken off the matte in the hair


def solved_matte(copy: WorkingCopy, trimap: Trimap, person: F32, kept: U8 | None = None) -> F32:
    """Find the matte (h, w) float32 0..1 of the working copy.

    `person` (h, w) 0..1: the probability by the networks, which the colours move; `kept` as in `in_one_piece`.
    """
    with ThreadPoolExecutor(1) as beside:  # neither waits for the other
        rows = beside.submit(matting_laplacian, copy.picture, trimap.unknown)
        likely = prior(copy, trimap, person)
    decided = likely._replace(person=np.clip((likely.person - 0.3) / 0.4, 0, 1))  # by eye
    alpha = _solve(rows.result(), trimap, decided)
    smooth = smooth_where_unseen(copy, firm(copy, alpha), person)
    return in_one_piece(copy, with_whole_crown(copy, smooth, person), kept)


def with_whole_crown(copy: WorkingCopy, matte: F32, person: F32) -> F32:
    """Fill the holes of a matte above the hairline of which the networks are sure, `person` (h, w) 0..1.

    A lamp's shine on a shaved head has a wall's colour; gaps between curls are open to the outside or small.
    """
    sure = (person > _SURE) & (copy.rows < float(copy.marks[HAIRLINE, 1]))
    holes = without_holes((matte > 0.5).astype(np.uint8)) & (matte <= 0.5) & sure
    around = cv2.dilate(holes.astype(np.uint8), copy.disc(0.04)) > 0
    return np.where(around & sure, 1, matte).astype(np.float32)


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


def without_loose_pieces(copy: WorkingCopy, matte: F32, kept: U8 | None = None) -> F32:
    """Remove what hangs on the person by a veil alone and is wider than a strand; `kept` as in `in_one_piece`.

    A strand may hang by less than half of a pixel; a piece of a flag or of a pack beside the head is no strand. Nor is
    a solid piece that hangs by a bridge thinner than any wrist, such as a lamp beside a helmet.
    """
    seed = copy.face if kept is None else copy.face | kept
    solid = touching((matte > 0.5).astype(np.uint8), seed)
    held = cv2.dilate(solid, copy.disc(0.02))
    loose = ((matte > 0.1) & (held == 0)).astype(np.uint8)
    wide = cv2.morphologyEx(loose & (matte > 0.3), cv2.MORPH_OPEN, copy.disc(_STRAND))
    bridged = _by_a_bridge(copy, solid, seed)
    pieces = touching(loose, wide) | bridged
    held &= 1 - cv2.dilate(bridged, copy.disc(0.06))
    rim = (cv2.dilate(pieces, copy.disc(0.06)) > 0) & (held == 0) & (matte < 0.1)
    cleared = np.where((pieces > 0) | rim, 0, matte).astype(np.float32)
    return in_one_piece(copy, cleared, kept) if bridged.any() else cleared


def _by_a_bridge(copy: WorkingCopy, solid: U8, seed: U8) -> U8:
    """Mark the large pieces of `solid` (h, w) 0 or 1 beside the head that hang on `seed` by a thin bridge."""
    wide = cv2.erode(solid, copy.disc(_BRIDGE))
    apart = wide & (1 - touching(wide, seed)) & (copy.rows < copy.chin + copy.eye_px).astype(np.uint8)
    _, labels, stats, _ = cv2.connectedComponentsWithStats(apart)
    large = stats[:, cv2.CC_STAT_AREA] > _LEAST * float(copy.face.sum())
    large[0] = False
    return np.asarray(cv2.dilate(large[labels].astype(np.uint8), copy.disc(1.5 * _BRIDGE)) & solid, np.uint8)


def _solve(rows: Laplacian, trimap: Trimap, prior: Prior) -> F32:
    """Minimise αᵀLα + λ Σ_known (α − known)² + Σ_unknown γ (α − prior)² (Levin et al. 2008, eq. 14 with a prior).

    Where the colours of person and background are alike, the prior decides instead of a grey veil.
    """
    known, unknown = trimap.known, trimap.unknown
    if not unknown.any():
        return known
    weight, likely = prior.weight[unknown].astype(np.float64), prior.person[unknown].astype(np.float64)
    count = len(weight)
    number = np.full(unknown.size, count)
    number[unknown.ravel()] = np.arange(count)
    surely_person = (known.ravel() == 1)[rows.places]
    right = weight * likely - np.einsum("nk,nk->n", rows.beside, surely_person)
    alpha = known.copy()
    alpha[unknown] = solve(System(rows.diagonal + weight, rows.beside, number[rows.places]), right, likely).clip(0, 1)
    return alpha
