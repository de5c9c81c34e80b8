"""The wish: what each value of a look means. Its range, label and choices stand in headshot.direction.settings."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import Any


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

    `texture`: the mottling of a painted canvas or muslin, on seamless, gradient and brand; `shadow`: the person's, on
    these too. `wrap`: how much of its light comes round the person's edge; `grain`: how much of the photo's own lies on
    it.
    """

    kind: str = "gradient"
    colour: str = "#8d9196"
    falloff: float = 0.35
    blur: float = 0.5
    texture: float = 0.0
    shadow: float = 0.0
    wrap: float = 0.5
    grain: float = 0.7


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
    """Finishing of own pixels and of painted ones; what belongs to the face not where all is painted anew.

    `skin` is off by default and has a natural ceiling: texture stays. So are `shine`, `redness`, `under_eyes` (shadows)
    and `teeth` (yellow), of which a part always stays, `red_eyes` (of a flash), `glare` (on glasses) and `stray_hairs`
    (outside the hair's outline). `heal`: places of the photo whose spots are healed.
    """

    skin: float = 0.0
    eyes: float = 0.15
    sharpness: float = 0.2
    grain: float = 0.1
    mono: float = 0.0
    contrast: float = 0.15
    shine: float = 0.0
    redness: float = 0.0
    under_eyes: float = 0.0
    teeth: float = 0.0
    red_eyes: float = 0.0
    glare: float = 0.0
    stray_hairs: float = 0.0
    heal: str = ""


@dataclass(frozen=True)
class Shape:
    """Features of the face that move, on own pixels: shares of the most that `headshot.canvas.reshape` moves them.

    -1..1, 0 moves nothing. `smile`: corners of the mouth, up above 0; `eyes` more open; `brows` higher; `tilt` of the
    head, the crown to the viewer's right above 0; `face`, `jaw`, `nose`: wider above 0. `level` 0..1: how much of the
    eyes' difference in height is taken.
    """

    smile: float = 0.0
    eyes: float = 0.0
    brows: float = 0.0
    level: float = 0.0
    tilt: float = 0.0
    face: float = 0.0
    jaw: float = 0.0
    nose: float = 0.0


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
class CutoutSettings:
    """How the person is cut out. `matting`: a network of `headshot.direction.matting_table`.

    `keep`, `drop`: places of the photo that a person clicked, what is there belongs to them, or does not. Each a text
    of "x,y" pairs, as shares of the photo's width and height: see `headshot.direction.places`.
    """

    matting: str = "built-in"
    keep: str = ""
    drop: str = ""


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
    shape: Shape = field(default_factory=Shape)
    generate: Generate = field(default_factory=Generate)
    cutout: CutoutSettings = field(default_factory=CutoutSettings)
    change: float = 0.25
    seed: int = 0
    keep: str = ""

    def settings(self) -> dict[str, Any]:
        """Plain nested values, for a recipe or JSON."""
        return asdict(self)
