"""What differs between the families of base models: data, and nothing else."""

from __future__ import annotations

from dataclasses import dataclass

from headshot.types import ASPECTS


@dataclass(frozen=True)
class Speed:
    """A LoRA that makes few steps possible: its `role`, and what it was trained for.

    `guidance` is the range that the request's is held to; (0, 0) means none.
    """

    role: str
    scheduler: str
    steps: int
    spacing: str | None
    guidance: tuple[float, float]


@dataclass(frozen=True)
class Family:
    """One family of base models; its title and licence are in direction/engine_table. Roles are names in weights.toml.

    `native`: side of the square it was trained at, px; `over_canvas`: the side where a canvas guides it, which may be
    larger without faces coming twice; `draft_side`: of a draft; `multiple`: sizes are multiples of it, px;
    `unet_flop`, `vae_flop`, `taesd_flop`: operations of one call at the native size (counted);
    `resident_gb`: all modules in half precision, the safety checker among them (counted); `row_gb`: working memory
    of one UNet row, two to four times what is counted (.09 and .34 GB), for workspaces and what lies scattered.
    `draft` and `fast` are tried in their order; where none of their LoRAs is at hand, DPM++ runs at most
    `…_steps` steps.
    """

    name: str
    architecture: str
    native: int
    over_canvas: int
    draft_side: int
    multiple: int
    base: str
    vae: str
    adapter: str
    image_encoder: str
    taesd: str
    safety: str
    draft: tuple[Speed, ...]
    fast: tuple[Speed, ...]
    draft_steps: int
    fast_steps: int
    unet_flop: float
    vae_flop: float
    taesd_flop: float
    resident_gb: float
    row_gb: float

    def side(self, mode: str, *, canvas: bool) -> int:
        """Choose the side px of the square whose area is generated; `canvas`: one guides it."""
        if mode == "draft":
            return self.draft_side
        return self.over_canvas if canvas else self.native

    def speeds(self, mode: str) -> tuple[Speed, ...]:
        """List the ways to save steps in `mode` "draft" or "fast"; none in "full"."""
        return {"draft": self.draft, "fast": self.fast}.get(mode, ())

    @property
    def lcm(self) -> Speed:
        """Return LCM's own LoRA: the only weights that its scheduler is meant for."""
        return next(s for s in self.draft if s.scheduler == "lcm")

    @property
    def speed_roles(self) -> tuple[str, ...]:
        """List the roles of the LoRAs of all modes."""
        return tuple(s.role for s in (*self.draft, *self.fast))


def _speeds(architecture: str) -> tuple[tuple[Speed, ...], tuple[Speed, ...]]:
    # Hyper-SD's cards: DDIM on trailing steps, guidance 0, or 5 to 8 with the CFG variants. LCM: its own
    # scheduler, guidance 1 (none).
    draft = (
        Speed(f"hyper-{architecture}-4step", "ddim", 4, "trailing", (0.0, 0.0)),
        Speed(f"lcm-{architecture}", "lcm", 4, None, (0.0, 0.0)),
    )
    return draft, (Speed(f"hyper-{architecture}-8step-cfg", "ddim", 8, "trailing", (5.0, 8.0)),)


SD15 = Family(
    name="faceid-sd15",
    architecture="sd15",
    native=512,
    over_canvas=858,  # 768 × 960 at 4:5
    draft_side=384,
    multiple=32,
    base="sd15-base",
    vae="sd15-vae",
    adapter="faceid-plusv2-sd15",
    image_encoder="clip-vit-h",
    taesd="taesd",
    safety="safety-checker",
    draft=_speeds("sd15")[0],
    fast=_speeds("sd15")[1],
    draft_steps=10,
    fast_steps=16,
    unet_flop=0.803e12,
    vae_flop=2.52e12,
    taesd_flop=0.14e12,
    resident_gb=4.2,
    row_gb=0.4,
)

SDXL = Family(
    name="faceid-sdxl",
    architecture="sdxl",
    native=1024,
    over_canvas=1024,
    draft_side=768,
    multiple=32,
    base="sdxl-base",
    vae="sdxl-vae",
    adapter="faceid-plusv2-sdxl",
    image_encoder="clip-vit-h",
    taesd="taesdxl",
    safety="safety-checker",
    draft=_speeds("sdxl")[0],
    fast=_speeds("sdxl")[1],
    draft_steps=10,
    fast_steps=16,
    unet_flop=6.76e12,
    vae_flop=10.47e12,
    taesd_flop=0.57e12,
    resident_gb=10.3,
    row_gb=0.9,
)

FAMILIES = {family.name: family for family in (SD15, SDXL)}


def size_for(native: int, multiple: int, width: int, height: int) -> tuple[int, int]:
    """Choose the (width, height) px to generate at: multiples of `multiple` px, near `native`² px and the aspect.

    An aspect that is met exactly counts for more than the area: 4:5 gives 512 × 640 and 896 × 1120.
    """
    step, area, aspect = multiple, native**2, width / height
    best, cost = (native, native), float("inf")
    for w in range(step, 4 * native, step):
        h = max(step, round(w / aspect / step) * step)
        off = abs((w / h) / aspect - 1) * 30 + abs(w * h / area - 1)
        if off < cost:
            best, cost = (w, h), off
    return best


def most_height(side: int, multiple: int) -> int:
    """Choose the height px up to which a picture of any shape is enlarged by a quarter at most: more would show."""
    shapes = [tuple(map(int, aspect.split(":"))) for aspect in ASPECTS]
    return int(1.25 * min(size_for(side, multiple, width, height)[1] for width, height in shapes))
