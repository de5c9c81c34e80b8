"""The frozen records that the rooms hand on: Photo → Subject → Canvas → Headshot → AuthenticityReport.

Pictures are numpy arrays of shape (height, width, 3), uint8, sRGB, RGB order. Mattes and maps are
(height, width) float32 in 0..1. Points are (x, y) or (x, y, z) in pixels, x to the right, y down; z is
MediaPipe's depth in the same unit, smaller is nearer to the camera. This module imports numpy alone.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from enum import StrEnum
from typing import Any

import numpy as np
from numpy.typing import NDArray

U8 = NDArray[np.uint8]
F32 = NDArray[np.float32]
F64 = NDArray[np.float64]


class State(StrEnum):
    """Green, grey, amber or red; the value is that of the published JSON, the words are in authenticity/labels.py.

    `<` and `max` go by how much a state wants a look, in the order below. Grey, not measured, stands between: it
    vouches for less than green does, and accuses of nothing as amber and red do.
    """

    GREEN = "green"
    GREY = "grey"
    AMBER = "amber"
    RED = "red"

    def __lt__(self, other: str) -> bool:
        return _severity(self) < _severity(other)

    def __le__(self, other: str) -> bool:
        return _severity(self) <= _severity(other)

    def __gt__(self, other: str) -> bool:
        return _severity(self) > _severity(other)

    def __ge__(self, other: str) -> bool:
        return _severity(self) >= _severity(other)


def _severity(state: str) -> int:
    """The place in the order above. Raises ValueError for what is no state."""
    return list(State).index(State(state))


class KeptState(StrEnum):
    """What became of a thing that was asked to be kept; the values are those of the published JSON."""

    KEPT = "kept"
    NOT_MEASURED = "not measured"
    LOOK_HERE = "look here"
    LOST = "lost"


@dataclass(frozen=True, eq=False)
class Photo:
    """A decoded upload: pixels alone, upright, sRGB. Of the file's metadata one word is kept: `claimed`, the IPTC
    digital source type by which it says that an AI painted it, "" where it says nothing of the kind.
    """

    pixels: U8
    format: str
    notes: tuple[str, ...] = ()
    claimed: str = ""

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
    """A sign that a cut-out may be wrong. `size`: how strong, it counts from 1 on; `reason`: for a sentence."""

    id: str
    size: float
    reason: str


@dataclass(frozen=True, eq=False)
class Cutout:
    """The person, cut out of a part of the photo that begins at `origin` (x, y) in photo pixels.

    `matte`: (H, W) float32 0..1, the share of the pixel that is the person; `foreground`: (H, W, 3) uint8,
    the person's own colours with the old background taken out of the mixed pixels along hair. `doubts`: what speaks
    against it, the strongest first.
    """

    matte: F32
    foreground: U8
    origin: tuple[int, int] = (0, 0)
    doubts: tuple[Doubt, ...] = ()


# ------------------------------------------------------------------ direction
# What each value means. Its range, label and choices stand in headshot.direction.settings.


@dataclass(frozen=True)
class Look:
    """The words of a look, joined in this order into the prompt. {person} is the user's own word, never guessed."""

    shot: str = ""
    wardrobe: str = ""
    expression: str = ""
    light: str = ""
    backdrop: str = ""
    lens: str = ""


BACKDROPS = ("seamless", "gradient", "brand", "bokeh", "blur", "own")
SIDES = ("left", "right", "none")
ASPECTS = ("1:1", "4:5", "3:4")
# Posing, each first as the look's own words say. Sides are the viewer's, as with the key light.
ATTIRES = ("look", "casual", "smart-casual", "business", "formal")
EXPRESSIONS = ("look", "serious", "neutral", "slight-smile", "smile", "broad-smile")
GAZES = ("look", "lens", "left", "right")
TURNS = ("look", "straight", "slight-left", "slight-right", "three-quarter")


@dataclass(frozen=True)
class Backdrop:
    """`kind` is one of BACKDROPS; `falloff`: darker corners; `blur`: of the own background or the bokeh.

    `texture`: the mottling of a painted canvas or muslin, on seamless, gradient and brand.
    """

    kind: str = "gradient"
    colour: str = "#8d9196"
    falloff: float = 0.35
    blur: float = 0.5
    texture: float = 0.0


@dataclass(frozen=True)
class Light:
    """`key_side` as the viewer sees it. `strength` of the key light: 1 is 0.7 stop each way.

    `key_height`: degrees of the key light above eye level. `fill`: how much of the shadow side, the key
    light's and the photo's own, is lifted towards the middle (0 = none, 1 = no side darker than the middle).
    `balance`: how much of the measured exposure and white-balance correction is applied;
    `exposure` in stops and `warmth` are added on top, by the user's wish.
    """

    key_side: str = "left"
    strength: float = 0.35
    softness: float = 0.7
    key_height: float = 25.0
    fill: float = 0.0
    balance: float = 0.6
    exposure: float = 0.0
    warmth: float = 0.0


@dataclass(frozen=True)
class Crop:
    """`head_height`: crown to chin, `eye_line`: the eyes' distance from the top, both as shares of the height.

    `lens` (below 0: a nearer camera) and `camera_height` (below 0: below the eyes) move the
    camera as far as own pixels can follow honestly: see `headshot.canvas.lens` for the bounds. 0 moves nothing.
    """

    aspect: str = "4:5"
    head_height: float = 0.5
    eye_line: float = 0.42
    level: float = 1.0
    lens: float = 0.0
    camera_height: float = 0.0


@dataclass(frozen=True)
class Posing:
    """What only a generator can paint, in place of the look's words: of ATTIRES, EXPRESSIONS, GAZES, TURNS."""

    attire: str = "look"
    expression: str = "look"
    gaze: str = "look"
    turn: str = "look"


@dataclass(frozen=True)
class Retouch:
    """Finishing of own pixels and of painted ones; skin and eyes not where all is painted anew.

    `skin` is off by default and has a natural ceiling: texture stays.
    """

    skin: float = 0.0
    eyes: float = 0.15
    sharpness: float = 0.2
    grain: float = 0.1
    mono: float = 0.0
    contrast: float = 0.15


@dataclass(frozen=True)
class Generate:
    """Settings of the generating engines, with the field's standard names in brackets.

    `identity` (IP-Adapter scale), `structure` (s_scale), `identity_start`/`identity_end` as shares of the steps,
    `lora` (LoRA strength), `guidance` (guidance scale), `guidance_end`: share of the steps after which guidance is off.
    """

    mode: str = "full"
    identity: float = 0.8
    structure: float = 1.0
    identity_start: float = 0.0
    identity_end: float = 1.0
    lora: float = 0.7
    guidance: float = 5.0
    guidance_end: float = 1.0
    steps: int = 30
    scheduler: str = "dpm++"
    candidates: int = 1


@dataclass(frozen=True)
class Direction:
    """All that decides what the headshot looks like: a preset, overridden by the user's words and sliders.

    `change` 0..1 is "How much may we change you?" (see headshot.direction.ladder). `keep`: what
    of the person must stay, in their own words ("glasses, grey hair"; see headshot.direction.locks).
    """

    preset: str = ""
    title: str = ""
    summary: str = ""
    look: Look = field(default_factory=Look)
    person: str = "person"
    words: str = ""
    avoid: str = ""
    backdrop: Backdrop = field(default_factory=Backdrop)
    light: Light = field(default_factory=Light)
    crop: Crop = field(default_factory=Crop)
    posing: Posing = field(default_factory=Posing)
    retouch: Retouch = field(default_factory=Retouch)
    generate: Generate = field(default_factory=Generate)
    change: float = 0.25
    seed: int = 0
    keep: str = ""

    def settings(self) -> dict[str, Any]:
        """Plain nested values, for a recipe or JSON."""
        return asdict(self)


# ------------------------------------------------------------------ pictures


@dataclass(frozen=True, eq=False)
class Framing:
    """How the photo is framed. `matrix`: (2, 3) float64, photo pixels → canvas pixels; `size`: (width, height)."""

    matrix: F64
    size: tuple[int, int]
    notes: tuple[str, ...] = ()

    @property
    def scale(self) -> float:
        """Canvas pixels for one photo pixel."""
        return float(np.hypot(self.matrix[0, 0], self.matrix[1, 0]))


@dataclass(frozen=True, eq=False)
class Canvas:
    """The person's own pixels as a headshot: framed, on the backdrop, in the light. Every engine starts from it.

    `picture` and `original` (h, w, 3) uint8, framed alike; `matte` (h, w) float32 0..1. `regions`: soft maps "face",
    "hair", "clothes", "backdrop", (h, w) float32 0..1 each, that add up to 1 in each pixel. `foreground` (h, w, 3)
    uint8: the person's lit colours without any backdrop, to be laid over another one by `matte`; None where the
    photo's own background stayed. `landmarks` (478, 3) float32 px in `picture`; `unmoved_landmarks` those in
    `original` where `Crop.lens` or `Crop.camera_height` moved the face, else None; `unmoved_share` 0..1 of the face's
    pixels that did not move. `locked` (h, w) float32 0..1: what no engine may repaint, whatever the ladder allows
    (1 = not at all), or None. `doubts` of the cut-out, where it shows; None where the photo's own background stayed.
    """

    picture: U8
    original: U8
    matte: F32
    landmarks: F32
    framing: Framing
    regions: Mapping[str, F32] = field(default_factory=dict)
    notes: tuple[str, ...] = ()
    foreground: U8 | None = None
    unmoved_landmarks: F32 | None = None
    unmoved_share: float = 1.0
    locked: F32 | None = None
    doubts: tuple[Doubt, ...] | None = None

    @property
    def original_landmarks(self) -> F32:
        """(478, 3) float32 px in `original`."""
        return self.landmarks if self.unmoved_landmarks is None else self.unmoved_landmarks

    @property
    def eye_distance(self) -> float:
        """Distance between the irises' centres, canvas px, as `headshot.imaging.landmarks.eye_distance`."""
        return float(np.hypot(*(self.landmarks[468, :2] - self.landmarks[473, :2])))


@dataclass(frozen=True, eq=False)
class Preview:
    """An engine on its way: a picture to show (or None), the step of how many, and the seconds that are left."""

    picture: U8 | None
    step: int
    steps: int
    remaining: float | None = None
    note: str = ""


@dataclass(frozen=True, eq=False)
class Headshot:
    """The result and the recipe that made it. `kept`: the face's share of own pixels, 0..1. `claimed`: of its photo."""

    picture: U8
    canvas: Canvas
    direction: Direction
    engine: str
    kept: float
    recipe: Mapping[str, Any] = field(default_factory=dict)
    notes: tuple[str, ...] = ()
    seconds: float = 0.0
    claimed: str = ""


# ------------------------------------------------------------------ report


@dataclass(frozen=True)
class Finding:
    """One measure of the report. `value` is None where it could not be measured, and `reason` is why.

    `method` says how it was measured, `threshold` the cuts, `source` where these come from.
    """

    id: str
    value: float | None
    unit: str
    state: State
    sentence: str
    method: str
    threshold: str = ""
    source: str = ""
    title: str = ""
    reason: str = ""


@dataclass(frozen=True)
class Kept:
    """What became of one thing that the user asked to keep. `name` of the lock, "" for words that none covers; `said`:
    the user's own words; `sentence` for people.
    """

    name: str
    said: str
    state: KeptState
    sentence: str


@dataclass(frozen=True)
class AuthenticityReport:
    """Evidence, not a grade: the verdict is that of the worst finding, never an average.

    `deciding`: ids of the findings that decide; the others only inform. `kind` of pair: which thresholds were used.
    `kept`: what became of the things on the user's lock list; it decides nothing, its findings do.
    """

    findings: tuple[Finding, ...]
    kind: str
    deciding: frozenset[str] = frozenset()
    kept: tuple[Kept, ...] = ()

    SCHEMA = 1

    @property
    def deciding_findings(self) -> list[Finding]:
        return [f for f in self.findings if f.id in self.deciding]

    @property
    def verdict(self) -> State:
        decisive = [f.state for f in self.deciding_findings if f.state != State.GREY]
        worst = max(decisive, default=State.GREY)
        # Without any judge's figure nothing but a clear change is a verdict; green needs two thirds of what decides.
        few = worst == State.GREEN and 3 * len(decisive) < 2 * len(self.deciding_findings)
        return State.GREY if few or (worst != State.RED and not self.likeness_measured) else worst

    @property
    def likeness_measured(self) -> bool:
        """Whether a face recogniser gave a figure, or none was to decide."""
        judges = [f for f in self.deciding_findings if f.id.startswith("likeness")]
        return "likeness" not in self.deciding or any(f.state != State.GREY for f in judges)

    def get(self, finding: str) -> Finding | None:
        return next((f for f in self.findings if f.id == finding), None)

    def to_json(self) -> dict[str, Any]:
        """The published form, schema 1; `kept` is there where the user asked to keep something."""
        keys = ("id", "value", "unit", "state", "sentence", "method", "threshold", "source")
        kept = {"kept": [asdict(k) for k in self.kept]} if self.kept else {}
        return {
            "schema": self.SCHEMA,
            "verdict": self.verdict,
            "regime": self.kind,
            "findings": [{k: getattr(f, k) for k in keys} for f in self.findings],
            **kept,
        }
