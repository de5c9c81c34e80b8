"""From latents to finished pictures: decoded, own pixels back wherever nothing may change, checked, lit, finished."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

import numpy as np

from headshot.canvas import change_map
from headshot.direction.prompt import Prompt
from headshot.engines.base import Done
from headshot.engines.diffusion.blend import blend
from headshot.engines.diffusion.request import Request
from headshot.engines.diffusion.safety import BLOCKED, Blocked
from headshot.engines.encode_cache import EncodeCache, digest
from headshot.engines.finish import developed, finish_painted, toned
from headshot.engines.step_trail import content
from headshot.imaging.resize import resized
from headshot.types import U8, Direction, Headshot

if TYPE_CHECKING:
    from torch import Tensor


@dataclass(frozen=True, eq=False)
class Darkroom:
    """What an engine's latents need to become pictures. `decode` one of them, with `decoder` as its key; `allowed` by
    the safety checker. What was decoded and checked before is taken from `cache`: a finish costs no model.
    """

    name: str
    decode: Callable[[Tensor], U8]
    decoder: str
    allowed: Callable[[U8], bool]
    cache: EncodeCache

    def pictures(
        self, latents: Tensor, request: Request, text: Prompt, notes: Sequence[str], seconds: float
    ) -> Iterator[Done]:
        """Finish the candidates of one request; `seconds` of its share of the batch are counted to each."""
        began, blocked, canvas = time.perf_counter(), 0, request.canvas
        for i, z in enumerate(latents):
            painted = self.cache.get((self.decoder, content([z])), partial(self.decode, z))
            picture = laid_over(painted, request)
            if not self.cache.get(("allowed", self.name, digest(picture)), partial(self.allowed, picture)):
                blocked += 1
                continue
            said = tuple(dict.fromkeys(n for n in (*notes, BLOCKED if blocked else "") if n))
            picture = finish_painted(picture, canvas, request.direction, request.own)
            recipe, took = request.recipe(text, i), seconds + time.perf_counter() - began
            made = Headshot(picture, canvas, request.direction, self.name, request.kept(), recipe, said, took)
            yield Done(request.number, made)
        if blocked == len(latents):
            yield Done(request.number, None, Blocked())


def laid_over(painted: U8, request: Request) -> U8:
    """Lay `painted` (h, w, 3) uint8 of any size over the request's canvas; unfinished, of the canvas's size."""
    canvas, direction = request.canvas, request.direction
    size = (canvas.picture.shape[1], canvas.picture.shape[0])
    fixed = change_map.unchanged_share(canvas.regions, direction.change, request.noise, canvas.locked)
    lit = _with_light(resized(painted, size), direction)
    return blend(canvas.picture, lit, request.own, canvas.eye_distance, person=canvas.foreground, share=fixed)


def previewed_over(painted: U8, request: Request) -> U8:
    """Lay a preview (h, w, 3) uint8 over the canvas at the preview's own size, roughly."""
    size = (painted.shape[1], painted.shape[0])
    keep = resized((request.own * 255).astype(np.uint8), size)[..., None] / 255
    canvas = resized(request.canvas.picture, size)
    mixed: U8 = (keep * canvas + (1 - keep) * _with_light(painted, request.direction)).astype(np.uint8)
    return developed(mixed, request.direction.retouch)


def _with_light(generated: U8, direction: Direction) -> U8:
    """Apply warmth and exposure where all is generated: there the canvas's light is lost."""
    return toned(generated, direction.light) if direction.change >= 1 else generated
