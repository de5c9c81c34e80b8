"""The embedding that steers IP-Adapter FaceID: InsightFace buffalo_l, of one photo or several of a person.

Only the generator uses this. It never judges a result: a picture is not judged by the model that steered it.
"""

from __future__ import annotations

import threading
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from headshot.errors import NoFace, UserError
from headshot.language import tr
from headshot.types import F32, F64, U8

CROP = 224  # CLIP ViT-H's input, and what the FaceID-Plus adapters were trained on

# At this cosine one pair of strangers in 10,000 passes for one person (buffalo_l on LFW, 87M impostor pairs);
# of genuine pairs (242k) 4.4% lie below even .40. Here a photo is held against the mean of the others, which
# is steadier than a single photo, so the cut is on the lenient side.
SAME_PERSON = 0.30

Box = tuple[float, float, float, float]


@dataclass(frozen=True, eq=False, repr=False)
class Identity:
    """Who is in a photo, for one request only: never logged, stored or put into metadata.

    `embedding`: (512,) float32 of length 1 (buffalo_l's w600k_r50); `crop`: (224, 224, 3) uint8 RGB, the
    face aligned to ArcFace's five points, for the CLIP branch of FaceID-Plus.
    """

    embedding: F32
    crop: U8

    def __repr__(self) -> str:
        return "Identity(…)"  # an embedding is biometric data: not even by accident in a log


class Embedder:
    """InsightFace's detector and recogniser in `folder` (det_10g.onnx, w600k_r50.onnx), opened at first use.

    `providers` are ONNX Runtime's. The CPU is the default: a face takes a fraction of a second there, and
    the same photo gives the same embedding on every machine.
    """

    def __init__(self, folder: Path, providers: Sequence[str] = ("CPUExecutionProvider",)) -> None:
        self._folder = folder
        self._providers = list(providers)
        self._app: Any = None
        self._lock = threading.Lock()

    def embed(self, pixels: U8, box: Box | None = None) -> Identity:
        """Embed the face nearest to `box` (x0, y0, x1, y1 px; None: the largest face).

        `pixels` is (H, W, 3) uint8 RGB. Raises NoFace where the detector finds no face there.
        """
        from insightface.utils.face_align import norm_crop

        views = [_whole(pixels)] if box is None else [_around(pixels, box), _whole(pixels)]
        for view, dx, dy in views:
            with self._lock:  # opened once; and SCRFD keeps its anchors in a dict of its own
                faces = self._open().get(np.ascontiguousarray(view[:, :, ::-1]))  # InsightFace takes BGR
            face = _choose(faces, box, dx, dy)
            if face is not None:
                points = np.asarray(face.kps, np.float32) + np.array([dx, dy], np.float32)
                return Identity(_unit(face.embedding).astype(np.float32), norm_crop(pixels, points, CROP))
        raise NoFace(
            "The face recogniser finds no face in this photo.",
            "Take one that shows the whole face from the front, sharp and well lit.",
        )

    def _open(self) -> Any:
        if self._app is not None:
            return self._app
        missing = [n for n in ("det_10g.onnx", "w600k_r50.onnx") if not (self._folder / n).is_file()]
        if missing:
            raise UserError(
                tr("The face recogniser's folder has no {missing}.", missing=missing[0]),
                "To fetch it, type: python -m headshot weights --download buffalo_l",
            )
        from insightface.app import FaceAnalysis

        tasks = ["detection", "recognition"]
        try:
            app = FaceAnalysis(name=str(self._folder), allowed_modules=tasks, providers=self._providers)
        except AssertionError:  # InsightFace's way of saying that there is no detector among the files
            app = None
        if app is None or set(app.models) != set(tasks):
            raise UserError(
                "The face recogniser's files are not InsightFace's detector and recogniser.",
                "To fetch them, type: python -m headshot weights --download buffalo_l",
            )
        app.prepare(ctx_id=0, det_size=(640, 640))
        self._app = app
        return app


def merge(identities: Sequence[Identity]) -> tuple[Identity, tuple[int, ...]]:
    """Merge several photos into one identity, and tell the numbers (from 1) of those that look like somebody else.

    The embedding is the mean of the unit embeddings, brought back to length 1 (the mean is what the FaceID
    Space does); photos whose cosine to the mean of the others is below SAME_PERSON are left out, the worst
    first; of two that disagree the later goes, because the first is the main photo. The crop is the first's
    that stays. Raises UserError without any identity.
    """
    if not identities:
        raise UserError("There is no photo to learn the face from.", "Add at least one.")
    vectors = np.stack([_unit(i.embedding) for i in identities])
    kept = list(range(len(identities)))
    while len(kept) > 1:
        chosen = vectors[kept]
        others = chosen.sum(0) - chosen
        cosines = [float(_unit(a) @ _unit(b)) for a, b in zip(chosen, others, strict=True)]
        if min(cosines) >= SAME_PERSON:
            break
        # Of equal ones (two photos always are) the later goes.
        kept.pop(max(n for n, c in enumerate(cosines) if c < min(cosines) + 1e-6))
    mean = _unit(vectors[kept].mean(0))
    strangers = tuple(n + 1 for n in range(len(identities)) if n not in kept)
    return Identity(mean.astype(np.float32), identities[kept[0]].crop), strangers


def _unit(vector: Any) -> F64:
    vector = np.asarray(vector, np.float64).ravel()
    return np.asarray(vector / max(float(np.linalg.norm(vector)), 1e-12), np.float64)


def _whole(pixels: U8) -> tuple[U8, float, float]:
    """Pad the photo by a black margin of a quarter: SCRFD misses faces that fill the frame."""
    my, mx = pixels.shape[0] // 4, pixels.shape[1] // 4
    return np.pad(pixels, ((my, my), (mx, mx), (0, 0))), -mx, -my


def _around(pixels: U8, box: Box) -> tuple[U8, float, float]:
    """Cut a square of 2.5 times the box, black beyond the photo, and its offset: a good size for SCRFD."""
    x0, y0, x1, y1 = box
    half = max(16, round(1.25 * max(x1 - x0, y1 - y0)))
    left, top = round((x0 + x1) / 2) - half, round((y0 + y1) / 2) - half
    h, w = pixels.shape[:2]
    view = np.zeros((2 * half, 2 * half, 3), np.uint8)
    ya, yb, xa, xb = max(top, 0), min(top + 2 * half, h), max(left, 0), min(left + 2 * half, w)
    if ya < yb and xa < xb:
        view[ya - top : yb - top, xa - left : xb - left] = pixels[ya:yb, xa:xb]
    return view, left, top


def _choose(faces: Sequence[Any], box: Box | None, dx: float, dy: float) -> Any:
    """Choose the face whose centre is nearest to that of `box` and lies within it; the largest without a box."""
    if not faces:
        return None
    boxes = np.array([f.bbox for f in faces], np.float64) + np.array([dx, dy, dx, dy])
    if box is None:
        return faces[int(np.argmax((boxes[:, 2:] - boxes[:, :2]).prod(1)))]
    centres = (boxes[:, :2] + boxes[:, 2:]) / 2
    nearest = int(np.argmin(np.hypot(*(centres - [(box[0] + box[2]) / 2, (box[1] + box[3]) / 2]).T)))
    x, y = centres[nearest]
    return faces[nearest] if box[0] <= x <= box[2] and box[1] <= y <= box[3] else None
