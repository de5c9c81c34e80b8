"""One requested picture, worked out as far as possible without a model; and which of them share a batch."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any

import cv2
import numpy as np

from headshot.canvas import change_map
from headshot.direction.prompt import Prompt
from headshot.engines.base import Steered
from headshot.engines.diffusion.families import Family, Speed
from headshot.engines.diffusion.schedulers import MOST_LCM_STEPS
from headshot.engines.encode_cache import EncodeCache
from headshot.imaging.resize import resized
from headshot.language import tr
from headshot.types import F32, Canvas, Direction, Generate

ABSENT = "not on this machine"
NO_ROOM = "not used, for want of memory"
# Of a second pass, as a share of the training timesteps: what "hires fix" is run with elsewhere, .3 to .5. Above it the
# model composes anew, and a second face may come; below it no detail is added. Not measured with real weights.
SECOND_NOISE = 0.4


@dataclass(frozen=True)
class Run:
    """What a mode means on this machine. `speed`: the role of the LoRA that saves steps, or None."""

    scheduler: str
    steps: int
    guidance: float
    spacing: str | None = None
    speed: str | None = None
    note: str = ""

    @classmethod
    def of(cls, family: Family, g: Generate, why_not: Callable[[str], str]) -> Run:
        """Choose scheduler and steps; `why_not(role)` is ABSENT or NO_ROOM where that LoRA cannot be used, else ""."""
        if g.mode == "full":
            return (
                cls._lcm(family, g, why_not(family.lcm.role))
                if g.scheduler == "lcm"
                else cls(g.scheduler, g.steps, g.guidance)
            )
        reasons = []
        for speed in family.speeds(g.mode):
            if not (reason := why_not(speed.role)):
                return cls._fast(speed, g)
            reasons.append(reason)
        steps = min(g.steps, family.draft_steps if g.mode == "draft" else family.fast_steps)
        reason = NO_ROOM if NO_ROOM in reasons else ABSENT
        note = tr(
            "The LoRA for {mode} mode is {reason}: {steps} steps of DPM++ instead.",
            mode=g.mode,
            reason=reason,
            steps=steps,
        )
        return cls("dpm++", steps, g.guidance, note=note)

    def flop(self, family: Family, g: Generate, steps: int, *, draft_decoder: bool) -> float:
        """Count the operations of `steps` UNet steps and the decoding of all candidates at the family's native size."""
        decode = family.taesd_flop if draft_decoder else family.vae_flop
        return steps * self.step_flop(family, g) + g.candidates * decode

    def step_flop(self, family: Family, g: Generate) -> float:
        """Count the operations of a UNet step of all candidates, on average, at the family's native size."""
        sides = 1 + (min(g.guidance_end, 1.0) if self.guidance > 1 else 0.0)
        return g.candidates * sides * family.unet_flop

    @classmethod
    def _fast(cls, speed: Speed, g: Generate) -> Run:
        low, high = speed.guidance
        guidance, note = min(max(g.guidance, low), high), ""
        if guidance != g.guidance and high > 0:
            note = tr(
                "The LoRA for {mode} mode needs guidance from {low:g} to {high:g}: {guidance:g} was used.",
                mode=g.mode,
                low=low,
                high=high,
                guidance=guidance,
            )
        return cls(speed.scheduler, speed.steps, guidance, speed.spacing, speed.role, note)

    @classmethod
    def _lcm(cls, family: Family, g: Generate, reason: str) -> Run:
        steps, notes = min(g.steps, MOST_LCM_STEPS), []
        if steps < g.steps:
            notes.append(tr("LCM takes {steps} steps at most: so many were run.", steps=steps))
        if reason:
            notes.append(
                tr(
                    "LCM is meant for a LoRA of its own, which is {reason}: the picture may stay unfinished.",
                    reason=reason,
                )
            )
            return cls("lcm", steps, g.guidance, note=" ".join(notes))
        low, high = family.lcm.guidance
        if g.guidance > max(high, 1.0):
            notes.append(tr("LCM works without guidance: “Obey the words” has no effect."))
        return cls("lcm", steps, min(max(g.guidance, low), high), family.lcm.spacing, family.lcm.role, " ".join(notes))


@dataclass(frozen=True, eq=False)
class Request:
    """One requested picture: `allowance`, `own` (h, w), `noise` as in canvas/change_map; `size` (width, height) px.

    `second`: the size of a second pass, see second_pass.
    """

    number: int
    canvas: Canvas
    direction: Direction
    run: Run
    size: tuple[int, int]
    noise: tuple[float, ...]
    allowance: F32
    own: F32
    second: tuple[int, int] | None = None

    @classmethod
    def of(
        cls,
        number: int,
        canvas: Canvas,
        direction: Direction,
        run: Run,
        size: tuple[int, int],
        noise: tuple[float, ...],
        second: tuple[int, int] | None = None,
    ) -> Request:
        """Work out what may change of `canvas` at `direction.change` in steps that start from `noise`."""
        allowance = change_map.allowance_map(canvas.regions, direction.change, canvas.locked)
        return cls(
            number, canvas, direction, run, size, noise, allowance, change_map.own_pixels(allowance, noise), second
        )

    def slim(self) -> Request:
        """Return all that painting needs, at the size that is painted: few bytes for another process."""
        width, height = self.size
        if self.canvas.picture.shape[0] <= height:
            return self

        def small(values: F32, shrink: int = 1) -> F32:
            size = (max(1, width // shrink), max(1, height // shrink))
            return np.asarray(cv2.resize(np.asarray(values, np.float32), size, interpolation=cv2.INTER_AREA))

        picture, full = resized(self.canvas.picture, self.size), self.canvas
        regions = {name: small(where, 16) for name, where in full.regions.items()}  # what is in the frame at all
        canvas = Canvas(picture, picture, regions["face"], full.landmarks, full.framing, regions, locked=full.locked)
        if full.locked is not None:
            canvas = replace(canvas, locked=small(full.locked, 16))
        return replace(self, canvas=canvas, allowance=small(self.allowance), own=small(self.own))

    @property
    def fully_generated(self) -> bool:
        """Whether nothing of the canvas is kept: generated from the face alone."""
        return self.direction.change >= 1 and self.canvas.locked is None

    def around(self, *, second: bool) -> tuple[int, int, float]:
        """Count the steps before and after one pass, and how many times a later step takes an earlier one's time."""
        if self.second is None:
            return 0, 0, 1.0
        later = int(change_map.free_steps(np.asarray(SECOND_NOISE), self.noise))
        dearer = self.second[0] * self.second[1] / (self.size[0] * self.size[1])
        return (len(self.noise), 0, 1.0) if second else (0, later, dearer)

    @property
    def seeds(self) -> list[int]:
        """One seed for each candidate."""
        return [self.direction.seed + i for i in range(self.direction.generate.candidates)]

    @property
    def rows(self) -> int:
        """Rows of a UNet call: guidance takes two for each candidate."""
        return len(self.seeds) * (2 if self.run.guidance > 1 else 1)

    @property
    def kind(self) -> tuple[Any, ...]:
        """Requests of one kind can be denoised together."""
        return kind(self.run), self.size, self.second

    def recipe(self, text: Prompt, candidate: int) -> dict[str, Any]:
        """Collect what made the picture, for its recipe."""
        words = {"prompt": text.text, "negative": text.negative}
        made = {"seed": self.seeds[candidate], "candidate": candidate}
        settings = asdict(self.direction.generate) | asdict(self.run)
        sizes = {"size": self.size} if self.second is None else {"size": self.second, "first_size": self.size}
        return {"change": self.direction.change} | settings | sizes | words | made

    def kept(self) -> float:
        """Measure the share 0..1 of the face's pixels that are the person's own."""
        face = self.canvas.regions["face"]
        total = float(face.sum())
        return float((face * self.own).sum()) / total if total > 0 else 0.0


@dataclass(frozen=True, eq=False)
class Task:
    """Requests to paint, of one person. `cache`: what they have in common with those before."""

    requests: Sequence[Request]
    identity: Steered
    cache: EncodeCache


def kind(run: Run) -> tuple[Any, ...]:
    """Key of a Run: what all pictures of one batch must share (steps, noise levels); guidance may differ."""
    return run.scheduler, run.steps, run.spacing, run.speed


def grouped(asked: Iterable[tuple[Any, int]], room: int) -> list[list[int]]:
    """Group the numbers of `asked` ((kind, rows) each) by kind with at most `room` rows, in their order.

    What alone needs more than `room` is a group of its own: the call is cut up then.
    """
    groups: list[list[int]] = []
    open_: dict[Any, tuple[int, list[int]]] = {}
    for number, (same, rows) in enumerate(asked):
        used, group = open_.get(same, (0, []))
        if not group or used + rows > room:
            used, group = 0, []
            groups.append(group)
        group.append(number)
        open_[same] = (used + rows, group)
    return groups


def duration_words(seconds: float) -> str:
    """Say a duration in words, no more exact than an estimate is."""
    if seconds < 90:
        return f"{max(1, round(seconds))} s"
    return tr("{seconds} min", seconds=round(seconds / 60)) if seconds < 5400 else f"{seconds / 3600:.1f} h"


def together(requests: Sequence[Request], room: int) -> list[list[Request]]:
    """Group requests as `grouped` does."""
    return [[requests[i] for i in group] for group in grouped(((r.kind, r.rows) for r in requests), room)]
