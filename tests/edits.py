"""Planted edits and harmless changes: what the report must find, and what it must not mind.

Every function takes a picture (h, w, 3) uint8 RGB and, where it needs to know the face, landmarks (478, 3)
px, and returns a new picture. Geometry is smooth: full strength at the feature, none a little way off.
"""

from __future__ import annotations

import io

import cv2
import numpy as np
from PIL import Image

from headshot.authenticity.measures import aligned_face as align

# ------------------------------------------------------------------ geometry


def _frame(landmarks: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray, float]:
    """Midpoint of the eyes, the unit vectors along the eye line and down the face, and IED px."""
    eyes = align.eye_centres(landmarks)
    ied = float(np.hypot(*(eyes[1] - eyes[0])))
    u = (eyes[1] - eyes[0]) / ied
    return eyes.mean(axis=0), u, np.array([-u[1], u[0]]), ied


def _ramp(x: np.ndarray, full: float, none: float) -> np.ndarray:
    t = np.clip((none - x) / (none - full), 0, 1)
    return t * t * (3 - 2 * t)


def _grid(picture: np.ndarray, centre: np.ndarray, u: np.ndarray, v: np.ndarray, ied: float):
    y, x = np.mgrid[0 : picture.shape[0], 0 : picture.shape[1]].astype(np.float64)
    dx, dy = x - centre[0], y - centre[1]
    return (dx * u[0] + dy * u[1]) / ied, (dx * v[0] + dy * v[1]) / ied, x, y


def _pull(picture: np.ndarray, x: np.ndarray, y: np.ndarray) -> np.ndarray:
    return cv2.remap(
        picture,
        x.astype(np.float32),
        y.astype(np.float32),
        cv2.INTER_LANCZOS4,
        borderMode=cv2.BORDER_REPLICATE,
    )


def scale_eyes(picture: np.ndarray, landmarks: np.ndarray, percent: float, left: float | None = None) -> np.ndarray:
    """Both eyes larger by `percent` (the left one by `left`), fully within .26 IED of the iris, not at all from .48."""
    _, u, v, ied = _frame(landmarks)
    out = picture
    for iris, size in ((468, percent), (473, percent if left is None else left)):
        a, b, x, y = _grid(out, landmarks[iris, :2].astype(np.float64), u, v, ied)
        weight = _ramp(np.hypot(a, b), 0.26, 0.48)
        k = 1 / (1 + size / 100 * weight) - 1
        da, db = a * k * ied, b * k * ied
        out = _pull(out, x + da * u[0] + db * v[0], y + da * u[1] + db * v[1])
    return out


def raise_mouth_corners(picture: np.ndarray, landmarks: np.ndarray, percent: float) -> np.ndarray:
    """Both corners of the mouth up by `percent` of IED (down when negative), a quarter of it .28 IED away."""
    _, u, v, ied = _frame(landmarks)
    shift = np.zeros(picture.shape[:2])
    for corner in (61, 291):
        a, b, x, y = _grid(picture, landmarks[corner, :2].astype(np.float64), u, v, ied)
        shift += percent / 100 * np.exp(-(a**2 + b**2) / (2 * 0.17**2)) * ied
    return _pull(picture, x + shift * v[0], y + shift * v[1])


def move_irises(picture: np.ndarray, landmarks: np.ndarray, percent: float) -> np.ndarray:
    """Both irises along the eye line by `percent` of IED, to the picture's right when positive."""
    _, u, v, ied = _frame(landmarks)
    shift = np.zeros(picture.shape[:2])
    for iris in (468, 473):
        a, b, x, y = _grid(picture, landmarks[iris, :2] + u * percent / 100 * ied, u, v, ied)
        beyond = np.maximum(np.hypot(a, b) - 0.1, 0)
        shift += percent / 100 * np.exp(-(beyond**2) / (2 * 0.055**2)) * ied
    return _pull(picture, x - shift * u[0], y - shift * u[1])


def scale_nose(picture: np.ndarray, landmarks: np.ndarray, percent: float) -> np.ndarray:
    """The nose wider by `percent` (narrower when negative), about its own axis."""
    eyes_middle, u, v, ied = _frame(landmarks)
    centre = (landmarks[6, :2] + landmarks[2, :2]).astype(np.float64) / 2
    a, b, x, y = _grid(picture, centre, u, v, ied)
    weight = _ramp(np.hypot(a / 0.34, b / 0.45), 1.0, 1.5)
    # The bridge stays: it ends between the eyes, which are not to move.
    below = b + float((centre - eyes_middle) @ v) / ied
    weight = weight * _ramp(-below, -0.3, -0.1)
    da = a * (1 / (1 + percent / 100 * weight) - 1) * ied
    return _pull(picture, x + da * u[0], y + da * u[1])


def scale_jaw(picture: np.ndarray, landmarks: np.ndarray, percent: float) -> np.ndarray:
    """The jaw wider by `percent` (narrower when negative): from the mouth down, not above the nose's tip."""
    middle, u, v, ied = _frame(landmarks)
    down = lambda i: float((landmarks[i, :2] - middle) @ v / ied)  # noqa: E731
    across = float(np.mean([(landmarks[i, :2] - middle) @ u / ied for i in (152, 2)]))
    a, b, x, y = _grid(picture, middle, u, v, ied)
    a = a - across
    weight = _ramp(-b, -down(13), -down(4)) * _ramp(np.abs(a), 1.25, 1.9)
    da = a * (1 / (1 + percent / 100 * weight) - 1) * ied
    return _pull(picture, x + da * u[0], y + da * u[1])


def symmetrise(picture: np.ndarray, landmarks: np.ndarray, share: float) -> np.ndarray:
    """`share` of the face's asymmetry taken out (negative: added): each mesh point moved toward its mirror's place."""
    from scipy.interpolate import RBFInterpolator

    from headshot.authenticity.measures.asymmetry import antisymmetric

    middle, u, v, ied = _frame(landmarks)
    points = landmarks[:468, :2].astype(np.float64)
    motion = -share * antisymmetric(landmarks)
    # Fixed points round the face, so that the warp dies away.
    angle = np.linspace(0, 2 * np.pi, 40, endpoint=False)
    centre = middle + 0.35 * ied * v
    rim = centre + ied * (2.1 * np.cos(angle)[:, None] * u + 2.4 * np.sin(angle)[:, None] * v)
    known = np.vstack([points + motion, rim])  # pull: the source of an output point
    field = RBFInterpolator(
        known,
        np.vstack([-motion, np.zeros_like(rim)]),
        kernel="thin_plate_spline",
        smoothing=1.0,
        neighbors=40,
    )
    step = max(2, round(ied / 16))
    gy, gx = np.mgrid[0 : picture.shape[0] : step, 0 : picture.shape[1] : step]
    a, b = (
        ((gx - centre[0]) * u[0] + (gy - centre[1]) * u[1]) / ied,
        ((gx - centre[0]) * v[0] + (gy - centre[1]) * v[1]) / ied,
    )
    near = np.hypot(a / 2.1, b / 2.4) < 1
    coarse = np.zeros((*gx.shape, 2), np.float32)
    coarse[near] = field(np.stack([gx[near], gy[near]], 1).astype(np.float64))
    y, x = np.mgrid[0 : picture.shape[0], 0 : picture.shape[1]].astype(np.float32)
    full = cv2.remap(coarse, x / step, y / step, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    return _pull(picture, x + full[..., 0], y + full[..., 1])


# ------------------------------------------------------------------ colour and detail


def skin_mask(picture: np.ndarray, landmarks: np.ndarray) -> np.ndarray:
    """Soft skin of the face, (h, w, 1) float 0..1: without eyes, brows and lips."""
    whole = align.Aligned(
        picture, landmarks, np.eye(2, 3), 1.0, _frame(landmarks)[3], 0.0, np.ones(picture.shape[:2], bool)
    )
    features = whole.eyes | whole.brows | whole.region(align.LIPS)
    ied = whole.eye_px
    grown = cv2.dilate(features.astype(np.uint8), np.ones((round(0.04 * ied) | 1,) * 2, np.uint8)) > 0
    mask = (whole.face & ~grown).astype(np.float32)
    return cv2.GaussianBlur(mask, (0, 0), 0.02 * ied)[..., None]


def _lab(picture: np.ndarray) -> np.ndarray:
    return cv2.cvtColor(picture.astype(np.float32) / 255, cv2.COLOR_RGB2LAB)


def _rgb(lab: np.ndarray) -> np.ndarray:
    return np.clip(np.round(cv2.cvtColor(lab, cv2.COLOR_LAB2RGB) * 255), 0, 255).astype(np.uint8)


def lighten_skin(picture: np.ndarray, landmarks: np.ndarray, lightness: float) -> np.ndarray:
    """The face's skin, and nothing else, lighter by `lightness` L*."""
    lab = _lab(picture)
    lab[..., :1] += lightness * skin_mask(picture, landmarks)
    return _rgb(lab)


def turn_skin_hue(picture: np.ndarray, landmarks: np.ndarray, degrees: float) -> np.ndarray:
    """The skin's a*b* turned by `degrees` (positive: from red towards yellow)."""
    lab = _lab(picture)
    angle = np.radians(degrees) * skin_mask(picture, landmarks)[..., 0]
    a, b = lab[..., 1].copy(), lab[..., 2].copy()
    lab[..., 1] = a * np.cos(angle) - b * np.sin(angle)
    lab[..., 2] = a * np.sin(angle) + b * np.cos(angle)
    return _rgb(lab)


def blur(picture: np.ndarray, landmarks: np.ndarray, sigma_at_160: float) -> np.ndarray:
    """Gaussian blur of `sigma_at_160` px at an eye distance of 160 px."""
    return cv2.GaussianBlur(picture, (0, 0), sigma_at_160 * _frame(landmarks)[3] / 160)


def smooth_skin(picture: np.ndarray, landmarks: np.ndarray, strength: float = 20.0) -> np.ndarray:
    """The skin alone through a bilateral ("surface") filter: `strength` code values, .028 IED wide."""
    mask = skin_mask(picture, landmarks)
    smooth = cv2.bilateralFilter(picture, 0, strength, 0.028 * _frame(landmarks)[3])
    return np.round(picture * (1 - mask) + smooth * mask).astype(np.uint8)


def blur_skin(picture: np.ndarray, landmarks: np.ndarray, sigma_at_160: float) -> np.ndarray:
    """The skin alone blurred, as `blur` does to all of the picture."""
    mask = skin_mask(picture, landmarks)
    return np.round(picture * (1 - mask) + blur(picture, landmarks, sigma_at_160) * mask).astype(np.uint8)


def brighten_like(picture: np.ndarray, landmarks: np.ndarray, lightness: float) -> np.ndarray:
    """The whole exposed so that the skin becomes lighter by about `lightness` L*: what `lighten_skin` fakes."""
    skin = float(np.median(_lab(picture)[..., 0][skin_mask(picture, landmarks)[..., 0] > 0.5]))
    return expose(picture, 3 * np.log2((skin + 16 + lightness) / (skin + 16)))


def add_mole(picture: np.ndarray, landmarks: np.ndarray, depth: float = 18.0, radius: float = 0.02) -> np.ndarray:
    """A dark spot on the cheek: Gaussian of `radius` IED, `depth` L* deep, beside mesh point 425."""
    ied = _frame(landmarks)[3]
    x0, y0 = landmarks[425, :2]
    y, x = np.mgrid[0 : picture.shape[0], 0 : picture.shape[1]]
    lab = _lab(picture)
    lab[..., 0] -= depth * np.exp(-((x - x0) ** 2 + (y - y0) ** 2) / (2 * (radius * ied) ** 2))
    return _rgb(lab)


def remove_mole(picture: np.ndarray, landmarks: np.ndarray) -> np.ndarray | None:
    """The skin's strongest dark spot painted over; None where there is none worth the name.

    The spot is found by scikit-image's blob_log, independently of the app's own detector.
    """
    from skimage.feature import blob_log

    face = align.canonical(picture, landmarks)
    light = 1.0 - _lab(face.pixels)[..., 0] / 100
    spots = blob_log(np.where(face.skin, light, np.median(light[face.skin])), 2, 5, 7, threshold=0.03)
    best, where = 4.0, None
    for y, x, sigma in spots:
        inside = _disc(light, x, y, sigma) & face.skin
        ring = _disc(light, x, y, 3 * sigma) & ~_disc(light, x, y, 2 * sigma) & face.skin
        if not face.skin[int(y), int(x)] or ring.sum() < 0.8 * np.pi * 5 * sigma**2:
            continue
        contrast = 100 * (np.median(light[inside]) - np.percentile(light[ring], 75))
        if contrast > best:
            best, where = contrast, (x, y, sigma)
    if where is None:
        return None
    back = np.linalg.inv(np.vstack([face.matrix, [0, 0, 1]]))
    x, y, _ = back @ (where[0], where[1], 1)
    mask = _disc(np.zeros(picture.shape[:2]), x, y, 2.4 * where[2] / face.scale).astype(np.uint8)
    return cv2.inpaint(picture, mask, 3, cv2.INPAINT_TELEA)


def tint_hair(picture: np.ndarray, landmarks: np.ndarray, change: tuple[float, float, float]) -> np.ndarray:
    """All that lies within 1.2 IED above the forehead's arc changed by (L*, a*, b*)."""
    _, _, v, ied = _frame(landmarks)
    arc = landmarks[[54, 103, 67, 109, 10, 338, 297, 332, 284], :2]
    mask = np.zeros(picture.shape[:2], np.uint8)
    cv2.fillPoly(mask, [np.round(np.vstack([arc, (arc - 1.2 * ied * v)[::-1]]) * 16).astype(np.int32)], 255, shift=4)
    soft = cv2.GaussianBlur(mask, (0, 0), 0.04 * ied).astype(np.float32)[..., None] / 255
    return _rgb(_lab(picture) + soft * np.array(change, np.float32))


def scale_hair(picture: np.ndarray, landmarks: np.ndarray, percent: float) -> np.ndarray:
    """The hair's outline further out by `percent` (in when negative) about the forehead; the face below stays."""
    _, u, v, ied = _frame(landmarks)
    a, b, x, y = _grid(picture, landmarks[[10, 151], :2].mean(axis=0).astype(np.float64), u, v, ied)
    away = np.hypot(a, b)
    weight = _ramp(-away, -1.0, -0.55) * _ramp(away, 2.2, 3.4) * _ramp(b, -0.1, 0.4)
    k = 1 / (1 + percent / 100 * weight) - 1
    da, db = a * k * ied, b * k * ied
    return _pull(picture, x + da * u[0] + db * v[0], y + da * u[1] + db * v[1])


def put_on_glasses(picture: np.ndarray, landmarks: np.ndarray, thickness: float = 0.025) -> np.ndarray:
    """A dark frame, `thickness` IED: an ellipse round each eye and a bridge between them."""
    _, u, v, ied = _frame(landmarks)
    mask = np.zeros(picture.shape[:2], np.uint8)
    line = max(1, round(thickness * ied))
    centres = [landmarks[i, :2] + 0.06 * ied * v for i in (468, 473)]
    fixed = lambda p: tuple(round(float(x) * 16) for x in p)  # noqa: E731
    for centre in centres:
        axes, angle = (int(0.36 * ied * 16), int(0.27 * ied * 16)), float(np.degrees(np.arctan2(u[1], u[0])))
        cv2.ellipse(mask, fixed(centre), axes, angle, 0, 360, 255, line, cv2.LINE_AA, 4)
    ends = (centres[0] + 0.36 * ied * u - 0.05 * ied * v, centres[1] - 0.36 * ied * u - 0.05 * ied * v)
    cv2.line(mask, fixed(ends[0]), fixed(ends[1]), 255, line, cv2.LINE_AA, 4)
    weight = mask[..., None] / 255
    return np.round(picture * (1 - weight) + np.array((40, 30, 25)) * weight).astype(np.uint8)


def hide(
    picture: np.ndarray, landmarks: np.ndarray, points: tuple[int, ...], size: tuple[float, float], bridge: bool = False
) -> np.ndarray:
    """An opaque dark ellipse, half axes `size` IED, over each mesh point; `bridge`: with a line between them."""
    _, u, _, ied = _frame(landmarks)
    out, dark = picture.copy(), (18, 15, 15)
    angle = float(np.degrees(np.arctan2(u[1], u[0])))
    centres = [tuple(round(float(x)) for x in landmarks[i, :2]) for i in points]
    for centre in centres:
        axes = (round(size[0] * ied), round(size[1] * ied))
        cv2.ellipse(out, centre, axes, angle, 0, 360, dark, -1, cv2.LINE_AA)
    if bridge:
        cv2.line(out, centres[0], centres[-1], dark, max(1, round(0.03 * ied)), cv2.LINE_AA)
    return out


def _disc(like: np.ndarray, x: float, y: float, radius: float) -> np.ndarray:
    gy, gx = np.mgrid[0 : like.shape[0], 0 : like.shape[1]]
    return np.hypot(gx - x, gy - y) <= radius


# ------------------------------------------------------------------ harmless


def expose(picture: np.ndarray, stops: float) -> np.ndarray:
    """`stops` more light, with a soft shoulder above .8 so that little clips."""
    linear = _linear(picture) * 2.0**stops
    linear = np.where(linear > 0.8, 0.8 + 0.2 * np.tanh((linear - 0.8) / 0.2), linear)
    return _encode(linear)


def white_balance(picture: np.ndarray, percent: float) -> np.ndarray:
    """Red up and blue down by half of `percent` each, in linear light."""
    k = 1 + percent / 200
    return _encode(_linear(picture) * np.array([k, 1, 1 / k]))


def jpeg(picture: np.ndarray, quality: int = 80) -> np.ndarray:
    buffer = io.BytesIO()
    Image.fromarray(picture).save(buffer, "JPEG", quality=quality)
    return np.asarray(Image.open(buffer).convert("RGB"))


def half_and_back(picture: np.ndarray) -> np.ndarray:
    height, width = picture.shape[:2]
    small = cv2.resize(picture, (width // 2, height // 2), interpolation=cv2.INTER_AREA)
    return cv2.resize(small, (width, height), interpolation=cv2.INTER_CUBIC)


def rotate(picture: np.ndarray, degrees: float) -> np.ndarray:
    height, width = picture.shape[:2]
    matrix = cv2.getRotationMatrix2D((width / 2, height / 2), degrees, 1.0)
    return cv2.warpAffine(picture, matrix, (width, height), flags=cv2.INTER_CUBIC, borderMode=cv2.BORDER_REPLICATE)


def crop(picture: np.ndarray, share: float = 0.04) -> np.ndarray:
    height, width = picture.shape[:2]
    return np.ascontiguousarray(picture[round(height * share) :, round(width * share) : round(width * (1 - share / 2))])


def face_only(picture: np.ndarray, above_chin: float = 0.1) -> np.ndarray:
    """Cropped to the face: from the middle of the forehead to `above_chin` IED above the chin, cheek to cheek."""
    from tests.faces import find_landmarks

    points = find_landmarks(picture)
    assert points is not None
    ied = _frame(points)[3]
    top = 0.65 * points[10, 1] + 0.35 * points[9, 1]
    return cut_out(picture, top, points[152, 1] - above_chin * ied, points[234, 0], points[454, 0])


def cut_out(
    picture: np.ndarray, top: float = 0, bottom: float = np.inf, left: float = 0, right: float = np.inf
) -> np.ndarray:
    """The part of the picture between these px."""
    rows, columns = (
        slice(max(0, round(low)), round(min(high, size)))
        for low, high, size in ((top, bottom, picture.shape[0]), (left, right, picture.shape[1]))
    )
    return np.ascontiguousarray(picture[rows, columns])


def new_backdrop(picture: np.ndarray, colour: tuple[int, int, int] = (120, 130, 140)) -> np.ndarray:
    """The person over a plain colour, by MediaPipe's selfie segmentation."""
    import mediapipe

    with mediapipe.solutions.selfie_segmentation.SelfieSegmentation(model_selection=0) as segmenter:
        matte = segmenter.process(picture).segmentation_mask
    matte = np.clip((matte - 0.3) / 0.4, 0, 1)[..., None]
    return np.round(picture * matte + np.array(colour) * (1 - matte)).astype(np.uint8)


HARMLESS = {
    "nothing": lambda p: p,
    "jpeg": jpeg,
    "half size and back": half_and_back,
    "brighter": lambda p: expose(p, 0.5),
    "darker": lambda p: expose(p, -0.5),
    "warmer": lambda p: white_balance(p, 5),
    "cooler": lambda p: white_balance(p, -5),
    "rotated": lambda p: rotate(p, 2),
    "cropped": crop,
    "cropped to the face": face_only,
    "backdrop": new_backdrop,
}


def _linear(picture: np.ndarray) -> np.ndarray:
    x = picture.astype(np.float64) / 255
    return np.where(x <= 0.04045, x / 12.92, ((x + 0.055) / 1.055) ** 2.4)


def _encode(linear: np.ndarray) -> np.ndarray:
    x = np.clip(linear, 0, 1)
    x = np.where(x <= 0.0031308, 12.92 * x, 1.055 * x ** (1 / 2.4) - 0.055)
    return np.clip(np.round(x * 255), 0, 255).astype(np.uint8)
