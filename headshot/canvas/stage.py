"""Prepare what no slider of light, backdrop or finish changes: made once for a crop, used for each canvas."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

import cv2
import numpy as np

from headshot.canvas.framing import frame
from headshot.canvas.head_form import HeadForm, head_form
from headshot.canvas.joined import edge_reach, photo_grain
from headshot.canvas.lens import NOTE, camera_move, moved_landmarks, moved_picture, unmoved_share
from headshot.canvas.light import exposure, side_light, white_balance
from headshot.canvas.photo_edge import beyond, placed_matte, with_surround
from headshot.canvas.regions import find_regions
from headshot.canvas.reshape.motion import FaceMesh, Motion
from headshot.canvas.retouching.photo_face import PhotoFace, photo_face
from headshot.imaging.colour import to_linear
from headshot.imaging.landmarks import eye_distance
from headshot.imaging.warp import transform_points, warp
from headshot.types import F32, F64, U8, Crop, Cutout, Doubt, Framing, Photo, Subject

_RIM = 0.03  # eye distances beside a contour in which a lens or sharpening leaves a pale or dark line
_CUT = 0.1  # of the matte on an edge of the frame: it cuts the person


@dataclass(frozen=True, eq=False)
class Stage:
    """The framed person. Arrays have the frame's size (h, w).

    `original`: the photo framed alike, seen from where the crop puts the camera, plain grey beyond the photo's edge;
    `foreground`: the person's colours without the old background, uint8 both; `matte` 0..1; `outside` 1 where the
    photo has no pixels; `landmarks` (478, 3) in frame px. `unmoved_original` and `unmoved_landmarks`: without the
    camera's move, None where there is none; `unmoved_share`: as in Canvas. `doubts` of the cut-out; `doubted` (h, w)
    uint8 0 or 1: where of the photo, None where there are none. `notes` on what moved, `moved` as in
    Canvas, by which `motion`. `before`: the stage that this one was made of, whose light, grain and background hold.
    """

    original: U8
    foreground: U8
    matte: F32
    outside: F32
    landmarks: F32
    framing: Framing
    unmoved_original: U8 | None = None
    unmoved_landmarks: F32 | None = None
    unmoved_share: float = 1.0
    doubts: tuple[Doubt, ...] = ()
    doubted: U8 | None = None
    notes: tuple[str, ...] = ()
    moved: Mapping[str, float] = field(default_factory=dict)
    motion: Motion | None = None
    before: Stage | None = None

    @property
    def unmoved(self) -> tuple[U8, F32]:
        """The photo framed alike and its landmarks, as they are before the camera's or a feature's move."""
        picture = self.original if self.unmoved_original is None else self.unmoved_original
        return picture, self.landmarks if self.unmoved_landmarks is None else self.unmoved_landmarks

    @property
    def eye_distance(self) -> float:
        """Distance between the irises' centres, frame px."""
        return eye_distance(self.landmarks)

    @cached_property
    def regions(self) -> Mapping[str, F32]:
        """Soft maps "face", "hair", "clothes", "backdrop" that add up to 1."""
        return find_regions(self.foreground, self.matte, self.landmarks)

    @cached_property
    def head_form(self) -> HeadForm:
        """The surface normals, for the light."""
        return head_form(self.landmarks, self.matte.shape)

    @cached_property
    def face_mesh(self) -> FaceMesh:
        """The mesh on which features move."""
        height, width = self.matte.shape
        edges = (self.matte[:, 0], self.matte[:, -1], self.matte[0], self.matte[-1])
        left, right, top, bottom = (bool(edge.max() > _CUT) for edge in edges)
        return FaceMesh(self.landmarks, (height, width), (left, right, top, bottom))

    @cached_property
    def correction(self) -> tuple[F32, float]:
        """What white balance (channel gains, (3,)) and exposure (stops) would correct in full."""
        if self.before is not None:
            return self.before.correction
        scene = to_linear(self.original[::4, ::4].copy())
        return white_balance(scene, self.regions["face"][::4, ::4]), exposure(scene, self.matte[::4, ::4])

    @cached_property
    def side_light(self) -> float:
        """The side that the photo's own light comes from, for the fill: see `headshot.canvas.light.side_light`."""
        if self.before is not None:
            return self.before.side_light
        small = HeadForm(self.head_form.normals[::4, ::4], self.head_form.face[::4, ::4])
        return side_light(to_linear(self.original[::4, ::4].copy()), small)

    @cached_property
    def edge_reach(self) -> F32:
        """How far the backdrop's light reaches in from the edge: see `headshot.canvas.joined.edge_reach`."""
        if self.before is not None:
            reach = self.before.edge_reach
            return reach if self.motion is None else self.motion.moved_coarse(reach, self.matte.shape)
        return edge_reach(self.matte, self.landmarks, self.regions["face"], self.regions["hair"])

    @cached_property
    def grain(self) -> tuple[float, float]:
        """The photo's own grain: see `headshot.canvas.joined.photo_grain`."""
        if self.before is not None:
            return self.before.grain
        return photo_grain(self.original, self.outside)

    @cached_property
    def photo_face(self) -> PhotoFace | None:
        """The face before anything moves or is lit, for the tools that retouch it."""
        return photo_face(self.foreground, self, self.framing, self.unmoved_landmarks)

    @cached_property
    def scenery(self) -> U8:
        """The photo's own background with the person taken out and the hole filled from around."""
        if self.before is not None:
            return self.before.scenery
        return _without_person(self.original, self.matte, max(2, round(_RIM * self.eye_distance)))


def make_stage(
    photo: Photo, subject: Subject, cutout: Cutout, crop: Crop, *, own_backdrop: bool, height: int | None
) -> Stage:
    """Frame the photo, the cut-out and the landmarks alike. `height` as in `frame`."""
    framing = frame(photo, subject, cutout, crop, own_backdrop=own_backdrop, height=height)
    matrix, size = framing.matrix, framing.size
    original = np.asarray(warp(photo.pixels, matrix, size), np.uint8)
    outside = beyond(photo, matrix, size)
    matte = np.asarray(warp(cutout.matte, matrix, size, origin=cutout.origin), np.float32)
    matte = placed_matte(cutout, matte, matrix, size)
    foreground = np.asarray(warp(cutout.foreground, matrix, size, origin=cutout.origin), np.uint8)
    # Inside the person the photo's own pixels, not the estimate of them; beside the rim they would bring the wall back.
    solid = cv2.erode(matte, np.ones((5, 5), np.uint8)) > 0.995
    foreground = np.asarray(cv2.copyTo(original, solid.view(np.uint8), foreground), np.uint8)
    if outside.any():
        original = with_surround(original, outside)
    marks = transform_points(subject.landmarks, matrix)
    camera = camera_move(marks, matte.shape, crop)
    doubted = _doubted(cutout, matrix, size)
    if camera is None:
        return Stage(original, foreground, matte, outside, marks, framing, doubts=cutout.doubts, doubted=doubted)
    return Stage(
        moved_picture(original, camera),
        moved_picture(foreground, camera),
        moved_picture(matte, camera).clip(0, 1),
        outside,
        moved_landmarks(marks, matte.shape, crop),
        framing,
        original,
        marks,
        unmoved_share(marks, camera),
        cutout.doubts,
        doubted,
        (NOTE,),
    )


def _doubted(cutout: Cutout, matrix: F64, size: tuple[int, int]) -> U8 | None:
    """Where the cut-out is doubted, in the frame: (h, w) uint8 0 or 1; None where nothing is."""
    areas = [doubt.area for doubt in cutout.doubts if doubt.area is not None]
    if not areas:
        return None
    height, width = cutout.matte.shape
    together = np.maximum.reduce(areas).astype(np.float32)
    full = cv2.resize(together, (width, height), interpolation=cv2.INTER_LINEAR)
    return np.asarray(np.asarray(warp(full, matrix, size, origin=cutout.origin), np.float32) > 0.5, np.uint8)


def _without_person(picture: U8, matte: F32, rim: int) -> U8:
    """Fill the person's area and `rim` px beside it by the mean of what surrounds it, fine to coarse (normalised
    convolution)."""
    free = (1 - cv2.dilate(matte, np.ones((2 * rim + 1,) * 2, np.uint8))).clip(0, 1)[..., None] ** 2
    colours = picture.astype(np.float32)
    height = picture.shape[0]
    filled = np.zeros_like(colours)
    trust = np.zeros_like(matte)[..., None]
    for share in (0.004, 0.009, 0.02, 0.06, 0.18, 0.5):
        sigma = share * height
        factor = max(1, int(sigma / 4))
        weight = _wide_blur(free, sigma, factor)[..., None]
        mean = _wide_blur(colours * free, sigma, factor) / np.maximum(weight, 1e-4)
        gain = (1 - trust) * np.clip(weight * 4, 0, 1)
        filled += gain * mean
        trust += gain
    filled += (1 - trust) * 128
    return (free * colours + (1 - free) * filled).clip(0, 255).astype(np.uint8)


def _wide_blur(picture: F32, sigma: float, factor: int) -> F32:
    """Blur by a Gaussian of `sigma` px at 1 / `factor` of the size: exact enough and many times faster."""
    height, width = picture.shape[:2]
    size = (max(4, width // factor), max(4, height // factor))
    small = cv2.resize(picture, size, interpolation=cv2.INTER_AREA)
    small = cv2.GaussianBlur(small, (0, 0), max(0.5, sigma * size[1] / height), borderType=cv2.BORDER_REFLECT)
    return cv2.resize(small, (width, height), interpolation=cv2.INTER_LINEAR)
