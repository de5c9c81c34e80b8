"""A spot healed: skin or cloth from right beside it, fitted to the light at its rim (Pérez et al. 2003)."""

from __future__ import annotations

from collections.abc import Sequence

import cv2
import numpy as np

from headshot.direction.places import read_places
from headshot.imaging.landmarks import MESH
from headshot.imaging.median import median
from headshot.imaging.mesh_values import between_points
from headshot.types import F32, F64, Canvas, Framing

REACH = 0.06  # of the eye distance: nothing farther from the place changes
_LEAST = 4.0  # px
_AWAY = (2.1, 2.8, 3.6)  # times the reach: where what is laid over it may come from
_DIRECTIONS = 16
_SCALES = (2, 6)  # parts of the reach: how coarse a spot is, and a pore

Place = tuple[float, float]
Places = tuple[Place, ...]


def heal(picture: F32, canvas: Canvas, places: str) -> F32:
    """Heal the `places` (shares of the photo, as direction/places has them) in `picture` (h, w, 3) float32 codes.

    A place outside the picture, or in what the keep list holds, heals nothing. The same array where nothing is healed.
    """
    return heal_discs(picture, canvas.matte, [at for _, at in _spots(canvas, places)], canvas.eye_distance)


def heal_discs(picture: F32, matte: F32, spots: Sequence[tuple[float, float]], ied: float) -> F32:
    """Heal the disc round each of the `spots` (x, y) px, in their order; the same array where there is none.

    `ied`: the eye distance, px; `matte` (h, w): what is put there is of the person where the spot is.
    """
    healed = picture.copy() if spots else picture
    for at in spots:
        _heal_one(healed, matte, at, _radius(ied))
    return healed


def places_healed(canvas: Canvas, places: str) -> Places:
    """List those of the `places` that the keep list leaves free, as shares of the photo."""
    return tuple(place for place, _ in _spots(canvas, places))


def unhealed_share(canvas: Canvas, places: str) -> float:
    """Measure the share 0..1 of the face that `heal` with these `places` leaves as it is in the photo."""
    spots = _spots(canvas, places)
    if not spots:
        return 1.0
    face = canvas.regions["face"]
    y, x = np.mgrid[: face.shape[0], : face.shape[1]]
    near = [np.hypot(x - round(at[0]), y - round(at[1])) <= _radius(canvas.eye_distance) for _, at in spots]
    total = float(face.sum())
    return 1.0 - float(face[np.any(near, axis=0)].sum()) / total if total > 0 else 1.0


def kept_spots(canvas: Canvas, places: str) -> int:
    """Count the places that the keep list holds, so that they are not healed."""
    return len(read_places(places)) - len(_spots(canvas, places))


def _spots(canvas: Canvas, places: str) -> list[tuple[Place, Place]]:
    """The places that may be healed: each as a share of the photo, and (x, y) px in the canvas."""
    asked = read_places(places)
    found = list(zip(asked, spots_of(canvas.framing, canvas.landmarks, canvas.unmoved_landmarks, asked), strict=True))
    if canvas.locked is None:
        return found
    height, width = canvas.locked.shape
    inside = [(min(max(round(x), 0), width - 1), min(max(round(y), 0), height - 1)) for _, (x, y) in found]
    return [spot for spot, (x, y) in zip(found, inside, strict=True) if canvas.locked[y, x] <= 0.5]


def spots_of(framing: Framing, landmarks: F32, unmoved_landmarks: F32 | None, places: Places) -> list[Place]:
    """Find where `places` of the photo lie in a frame, (x, y) px each.

    They go along where the face moved under them from `unmoved_landmarks` (None: it did not), by its mesh.
    """
    width, height = framing.photo
    found = [framing.matrix @ np.array([x * width - 0.5, y * height - 0.5, 1.0]) for x, y in places]
    if found and unmoved_landmarks is not None:
        found = list(_moved(landmarks, unmoved_landmarks, np.array(found)))
    return [(float(at[0]), float(at[1])) for at in found]


def _moved(landmarks: F32, unmoved: F32, places: F64) -> F64:
    """Take places (n, 2) px along where the face moved under them; beside the face they stay."""
    before = unmoved[:MESH, :2].astype(np.float64)
    shift = landmarks[:MESH, :2] - before
    by = np.column_stack([between_points(before, shift[:, axis], places) for axis in (0, 1)])
    return np.asarray(places + np.nan_to_num(by))


def _radius(ied: float) -> float:
    return max(_LEAST, REACH * ied)


def _heal_one(picture: F32, matte: F32, at: tuple[float, float], radius: float) -> None:
    """Heal one disc of `picture` in place."""
    reach = int(np.ceil(radius)) + 1
    cx, cy = round(at[0]), round(at[1])
    height, width = picture.shape[:2]
    if not (reach <= cx < width - reach and reach <= cy < height - reach):
        return
    y, x = np.mgrid[-reach : reach + 1, -reach : reach + 1]
    disc = np.hypot(x, y) <= radius
    rim = cv2.dilate(disc.astype(np.uint8), np.ones((3, 3), np.uint8)).astype(bool) & ~disc
    there = picture[cy - reach : cy + reach + 1, cx - reach : cx + reach + 1]
    source = _best_source(picture, matte, (cx, cy), reach, rim, there)
    if source is None:
        return
    there[disc] = (source + _membrane(there - source, disc))[disc].clip(0, 255)


def _best_source(picture: F32, matte: F32, at: tuple[int, int], reach: int, rim: np.ndarray, there: F32) -> F32 | None:
    """Choose the patch beside the place that is most like its rim, without a spot, as rough as most; None for none."""
    height, width = picture.shape[:2]
    of_the_person = matte[at[1], at[0]] > 0.5
    patches: list[F32] = []
    unlike: list[float] = []
    rough: list[list[float]] = []
    for away in _AWAY:
        for turn in np.arange(_DIRECTIONS) * (2 * np.pi / _DIRECTIONS):
            x, y = round(at[0] + away * reach * np.cos(turn)), round(at[1] + away * reach * np.sin(turn))
            if not (reach <= x < width - reach and reach <= y < height - reach):
                continue
            if (matte[y - reach : y + reach + 1, x - reach : x + reach + 1].min() > 0.5) != of_the_person:
                continue
            patch = picture[y - reach : y + reach + 1, x - reach : x + reach + 1]
            difference = (there - patch)[rim]
            # What is alike but for its light is fitted; an edge or a spot inside the patch is not.
            unlike.append(float(difference.std(axis=0).mean()) + 0.15 * float(np.abs(difference.mean(axis=0)).mean()))
            rough.append([float((patch - cv2.GaussianBlur(patch, (0, 0), reach / part)).std()) for part in _SCALES])
            patches.append(patch)
    if not patches:
        return None
    # As even as can be, but as rough as most: the smoothest would be a flat disc among pores.
    uneven, pores = np.array(rough).T
    unusual = 4 * np.abs(pores - median(pores))
    return patches[int(np.argmin(np.array(unlike) + uneven + unusual))].copy()


def _membrane(values: F32, inside: np.ndarray) -> F32:
    """Fill `inside` (h, w) bool smoothly from the `values` (h, w, 3) round it: Laplace's equation."""
    from scipy.sparse import csr_matrix
    from scipy.sparse.linalg import spsolve

    number = np.full(inside.shape, -1)
    count = int(inside.sum())
    number[inside] = np.arange(count)
    ys, xs = np.nonzero(inside)
    rows, columns, known = [], [], np.zeros((count, 3))
    for dy, dx in ((-1, 0), (1, 0), (0, -1), (0, 1)):
        beside = number[ys + dy, xs + dx]
        free = beside >= 0
        rows.append(np.arange(count)[free])
        columns.append(beside[free])
        known[~free] += values[ys + dy, xs + dx][~free]
    row, column = np.concatenate(rows), np.concatenate(columns)
    at = np.arange(count)
    data = np.concatenate([np.full(count, 4.0), np.full(len(row), -1.0)])
    system = csr_matrix((data, (np.concatenate([at, row]), np.concatenate([at, column]))), shape=(count, count))
    filled = values.copy()
    filled[inside] = np.asarray(spsolve(system.tocsc(), known)).reshape(count, 3)
    return filled
