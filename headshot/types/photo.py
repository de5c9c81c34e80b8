"""The photo as it came, the faces in it, and the person who is cut out of it."""

from __future__ import annotations

from dataclasses import dataclass, field

from headshot.types.arrays import F32, U8
from headshot.types.state import State


@dataclass(frozen=True)
class SignedOriginal:
    """A photo's file whose content credentials hold and say that a camera took it.

    `issuer` as the certificate names it: who that is was not checked. `sha256` of the file, which alone is carried on.
    """

    issuer: str
    sha256: str


@dataclass(frozen=True, eq=False)
class Photo:
    """A decoded upload: pixels alone, upright, sRGB. Of the file's metadata one word is kept: `claimed`, the IPTC
    digital source type by which it says that an AI painted it, "" where it says nothing of the kind. `signed`: where
    a camera signed it.

    `uploaded`: (width, height) px of the file's own picture, upright by its EXIF, where this one is smaller or turned;
    `turned`: clockwise, by so many quarters.
    """

    pixels: U8
    format: str
    notes: tuple[str, ...] = ()
    claimed: str = ""
    uploaded: tuple[int, int] | None = None
    turned: int = 0
    signed: SignedOriginal | None = None

    @property
    def given(self) -> tuple[int, int]:
        """(width, height) px of the picture as it was uploaded."""
        return self.uploaded or (self.width, self.height)

    @property
    def height(self) -> int:
        return int(self.pixels.shape[0])

    @property
    def width(self) -> int:
        return int(self.pixels.shape[1])


@dataclass(frozen=True)
class Pose:
    """Head pose in degrees: yaw (turned left or right), pitch (up or down), roll (tilted). 0 looks into the lens."""

    yaw: float
    pitch: float
    roll: float


@dataclass(frozen=True, eq=False)
class Face:
    """One face. `box` is (x0, y0, x1, y1) in photo pixels; `score` the detector's 0..1.

    `landmarks`: (478, 3) float32 in MediaPipe's topology (468 mesh points, then 5 for each iris), or None
    where the mesh found no face (a profile, or too small).
    """

    box: tuple[float, float, float, float]
    score: float
    landmarks: F32 | None = None

    @property
    def size(self) -> float:
        """The longer side of the box, px."""
        x0, y0, x1, y1 = self.box
        return max(x1 - x0, y1 - y0)


@dataclass(frozen=True)
class Check:
    """One line of the photo check: what it is, how it stands, and what to do about it."""

    id: str
    state: State
    sentence: str
    remedy: str = ""
    value: float | None = None
    unit: str = ""


@dataclass(frozen=True, eq=False)
class Subject:
    """The person whom the headshot is of. `landmarks` is (478, 3) float32 in photo pixels.

    `eye_distance` is the distance between the irises' centres in px.
    """

    faces: tuple[Face, ...]
    chosen: int
    landmarks: F32
    pose: Pose
    eye_distance: float
    checks: tuple[Check, ...] = ()

    @property
    def face(self) -> Face:
        return self.faces[self.chosen]


@dataclass(frozen=True)
class Doubt:
    """A sign that a cut-out may be wrong. `size`: how strong, it counts from 1 on; `reason`: for a sentence.

    `area`: (h, w) uint8 0 or 1, where, at any scale over the part of the photo that was cut out.
    """

    id: str
    size: float
    reason: str
    area: U8 | None = field(default=None, compare=False, repr=False)


@dataclass(frozen=True, eq=False)
class Cutout:
    """The person, cut out of a part of the photo that begins at `origin` (x, y) in photo pixels.

    `matte`: (H, W) float32 0..1, the share of the pixel that is the person; `foreground`: (H, W, 3) uint8,
    the person's own colours with the old background taken out of the mixed pixels along hair. `doubts`: what speaks
    against it, the strongest first. `outline`: the corners (n, 2) px of what the photo shows, where an even border
    surrounds that in the file; None: all of it.
    """

    matte: F32
    foreground: U8
    origin: tuple[int, int] = (0, 0)
    doubts: tuple[Doubt, ...] = ()
    outline: F32 | None = None
