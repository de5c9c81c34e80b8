"""Cut the person out of a photo: the matte down to the hair, and the person's own colours.

MediaPipe's selfie segmentation sees 256 × 256 pixels, so it is run on a crop round the head and shoulders; its
soft mask becomes a trimap, closed-form matting (Levin et al. 2008, pymatting) solves the unknown band, a guided
filter (He et al. 2013) carries the answer to full size, and multi-level foreground estimation (Germer et al.
2020, pymatting) takes the old background out of the mixed pixels.
"""

from __future__ import annotations

import cv2
import numpy as np

from headshot.canvas.other_people import without_other_people
from headshot.canvas.regions import has_cheek_hue
from headshot.imaging.landmarks import eye_distance
from headshot.imaging.masks import disc
from headshot.photo.head import head_box
from headshot.photo.segmentation import person_probability
from headshot.types import F32, U8, Cutout, Photo, Subject

_SOLVE_HEIGHT = 576  # px: the closed form's size; larger costs seconds and shows no more hair
_PRIOR = 0.03  # weight of the segmentation in the unknown band: lower leaves smoke, higher cuts strands


def cut_out(photo: Photo, subject: Subject) -> Cutout:
    """Cut out the main person, over head, shoulders and chest.

    Takes about a second for each 2 megapixels. The face's own oval always belongs to the person, so that a face is
    never cut away where the segmentation finds nobody.
    """
    x0, y0, x1, y1 = _part(photo, subject)
    part = np.ascontiguousarray(photo.pixels[y0:y1, x0:x1])
    marks = subject.landmarks[:, :2] - (x0, y0)
    face, hair = _face_mask(part.shape, marks), _hair_zone(part.shape, marks)
    soft = _person(person_probability(part), face)
    others = [f.landmarks[:, :2] - (x0, y0) for f in subject.faces if f is not subject.face and f.landmarks is not None]
    soft = without_other_people(part, soft, marks, others)
    firm = _head_core(part, subject.landmarks - np.array([x0, y0, 0], np.float32), face, soft)
    matte = _refine(part, soft, _trimap(soft, firm, hair), face, hair)
    return Cutout(matte, _own_colours(part, matte), (x0, y0))


def _part(photo: Photo, subject: Subject) -> tuple[int, int, int, int]:
    """The box (x0, y0, x1, y1) px round head, shoulders and chest: all that any framing shows."""
    left, top, right, bottom = head_box(subject.landmarks)
    tall, middle = bottom - top, (left + right) / 2
    x0, x1 = middle - 1.45 * tall, middle + 1.45 * tall
    y0, y1 = top - 1.0 * tall, bottom + 1.6 * tall
    return (
        max(0, int(x0)),
        max(0, int(y0)),
        min(photo.width, int(x1) + 1),
        min(photo.height, int(y1) + 1),
    )


def _head_core(part: U8, marks: F32, face: U8, soft: F32) -> U8:
    """The pixels that are the person whatever the segmentation says: the face, a little shrunk, and the ears; 0 or 1.

    An ear is what has the cheeks' hue right beside the oval, between brow and mouth.
    """
    eye_px = eye_distance(marks)
    core = cv2.erode(face, disc(0.10 * eye_px))
    beside = cv2.dilate(face, disc(0.34 * eye_px))
    rows = np.arange(face.shape[0])[:, None]
    top, bottom = float(marks[[105, 334], 1].min()), float(marks[[61, 291], 1].max())
    skin = has_cheek_hue(part, marks, eye_px) & (soft > 0.12)
    ears = (beside > 0) & (rows > top) & (rows < bottom) & skin
    ears = cv2.morphologyEx(ears.astype(np.uint8), cv2.MORPH_CLOSE, disc(0.12 * eye_px))
    return _connected((ears | face).astype(np.uint8), face) & (ears | core)


def _trimap(soft: F32, firm: U8, hair: F32) -> F32:
    """Make the trimap: 1 person, 0 background, .5 unknown.

    The unknown band is wide round the head, where hair is, and narrow along clothes, where edges are firm.
    """
    height = soft.shape[0]
    sure = np.zeros_like(soft, dtype=np.uint8)
    far = np.zeros_like(sure)
    for zone, inner, outer, high, low in (
        (hair >= 0.5, 0.016, 0.026, 0.9, 0.08),
        (hair < 0.5, 0.006, 0.008, 0.75, 0.3),
    ):
        inside = cv2.erode((soft > high).astype(np.uint8), disc(inner * height))
        outside = cv2.dilate((soft > low).astype(np.uint8), disc(outer * height)) == 0
        sure[zone], far[zone] = inside[zone], outside[zone]
    sure |= firm
    return np.where(sure > 0, 1.0, np.where(far, 0.0, 0.5)).astype(np.float32)


def _person(soft: F32, face: U8) -> F32:
    """Remove what is not connected to the face (somebody else, a poster) from the person probability."""
    person = _connected(((soft > 0.5) | (face > 0)).astype(np.uint8), face)
    near = cv2.dilate(person, disc(0.02 * soft.shape[0]))
    return np.where(near > 0, soft, 0).astype(np.float32)


def _hair_zone(shape: tuple[int, ...], marks: F32) -> F32:
    """1 round the head and the hair on the shoulders, falling to 0 over the sleeves and chest."""
    left, top, right, bottom = head_box(marks)
    half, tall = (right - left) / 2, bottom - top
    y, x = np.mgrid[: shape[0], : shape[1]].astype(np.float32)
    dx = (x - (left + right) / 2) / (1.75 * half)
    dy = (y - (top + 0.45 * tall)) / (0.95 * tall)
    return np.exp(-((dx * dx + dy * dy) ** 2) * np.float32(np.log(2))).astype(np.float32)


def _face_mask(shape: tuple[int, ...], marks: F32) -> U8:
    face = np.zeros(shape[:2], np.uint8)
    cv2.fillConvexPoly(face, cv2.convexHull(marks.astype(np.float32)).astype(np.int32), 1)
    return face


def _connected(mask: U8, face: U8) -> U8:
    """Keep the components of a mask that touch the face."""
    count, labels = cv2.connectedComponents(mask)
    if count <= 2:
        return mask
    keep = np.zeros(count, np.uint8)
    keep[np.unique(labels[face > 0])] = 1
    keep[0] = 0
    return keep[labels]


def _refine(part: U8, soft: F32, trimap: F32, face: U8, hair: F32) -> F32:
    height, width = trimap.shape
    scale = min(1.0, _SOLVE_HEIGHT / height)
    size = (max(2, round(width * scale)), max(2, round(height * scale)))
    small = cv2.resize(part, size, interpolation=cv2.INTER_AREA)
    small_map = cv2.resize(trimap, size, interpolation=cv2.INTER_NEAREST)
    decided = np.clip((cv2.resize(soft, size, interpolation=cv2.INTER_AREA) - 0.3) / 0.4, 0, 1)  # by eye
    alpha = _solve(small, small_map, decided)
    matte = cv2.resize(alpha, (width, height), interpolation=cv2.INTER_LINEAR)
    if scale < 1:
        sharp = cv2.ximgproc.guidedFilter(part, matte, max(2, round(2 / scale)), 1e-5 * 255 * 255)
        # OpenCV's filter divides by zero where the guide is one flat, clipped colour.
        matte = np.where(np.isfinite(sharp), sharp, matte)
    matte = np.where(trimap == 0.5, matte, trimap)
    # Cloth has no strands: away from the hair a half-clear veil is a mistake, so the edge is made firmer there.
    firm = np.clip((matte - 0.3) / 0.4, 0, 1)
    matte = hair * np.clip((matte - 0.06) / 0.9, 0, 1) + (1 - hair) * firm
    # Islands away from the person (a lamp, a poster, somebody else's arm) are taken out.
    body = _connected((matte > 0.1).astype(np.uint8), face)
    return np.where(cv2.dilate(body, disc(0.006 * height)) > 0, matte, 0).astype(np.float32)


def _solve(picture: U8, trimap: F32, soft: F32) -> F32:
    """Closed-form matting with the segmentation as a weak prior in the unknown band.

    Minimises αᵀLα + λ Σ_known (α − trimap)² + γ Σ_unknown (α − soft)² (Levin et al. 2008, eq. 14 with a prior):
    where the colours of person and background are alike, the prior decides instead of a grey veil.
    """
    known = (trimap != 0.5).ravel()
    if known.all():
        return trimap
    from pymatting import cf_laplacian, cg, ichol
    from scipy.sparse import identity

    laplacian = cf_laplacian(picture.astype(np.float64) / 255, epsilon=1e-6, radius=1, is_known=known)
    rows = laplacian[~known]
    system = rows[:, ~known] + _PRIOR * identity(int((~known).sum()))
    right = _PRIOR * soft.ravel()[~known] - rows[:, known].dot((trimap.ravel()[known] == 1).astype(np.float64))
    alpha = trimap.copy().ravel()
    alpha[~known] = cg(system, right, M=ichol(system, discard_threshold=1e-4), rtol=1e-5)
    return np.clip(alpha, 0, 1).reshape(trimap.shape).astype(np.float32)


def _own_colours(part: U8, matte: F32) -> U8:
    """Estimate the person's colours where pixels mix with the background; the photo's own where they do not."""
    from pymatting import estimate_foreground_ml

    colours = estimate_foreground_ml(part.astype(np.float64) / 255, matte.astype(np.float64))
    own = (np.clip(colours, 0, 1) * 255 + 0.5).astype(np.uint8)
    own[matte >= 1] = part[matte >= 1]
    return own
