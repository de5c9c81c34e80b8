"""From latents to finished pictures: decoded and checked where the model is, then own pixels back wherever nothing may
change, light and finish, for which no device is needed.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, TypeAlias

import numpy as np

from headshot.canvas import change_map
from headshot.direction.engine_table import OWN_PIXELS
from headshot.direction.prompt import Prompt
from headshot.engines.base import Batch, Done
from headshot.engines.diffusion.blend import blend
from headshot.engines.diffusion.request import Request, Task
from headshot.engines.diffusion.safety import BLOCKED, Blocked
from headshot.engines.encode_cache import EncodeCache, digest
from headshot.engines.finish import developed, finish, finish_painted, toned
from headshot.engines.step_trail import content
from headshot.imaging.resize import resized
from headshot.language import tr
from headshot.types import U8, Direction, Headshot, Preview

if TYPE_CHECKING:
    from torch import Tensor


@dataclass(frozen=True, eq=False)
class Painted:
    """What a model painted of one candidate of request `number`: `picture` (h, w, 3) uint8 at its own size, or None
    where the safety checker blocked it. `seconds`: its request's share of the batch.
    """

    number: int
    candidate: int
    picture: U8 | None
    text: Prompt
    notes: tuple[str, ...]
    seconds: float


Painting: TypeAlias = Callable[[Task], Generator[Preview | Painted, None, None]]


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
    ) -> Iterator[Painted]:
        """Decode and check the candidates of one request; `notes` may grow while they are decoded."""
        for i, z in enumerate(latents):
            painted = self.cache.get((self.decoder, content([z])), partial(self.decode, z))
            allowed = self.cache.get(("allowed", self.name, digest(painted)), partial(self.allowed, painted))
            told = tuple(n for n in notes if n)
            yield Painted(request.number, i, painted if allowed else None, text, told, seconds)


def finished(
    name: str,
    requests: Sequence[Request],
    batch: Batch,
    paint: Painting,
) -> Generator[Preview | Done, None, None]:
    """Paint `requests` by `paint`, which may work in another process, and finish each picture here.

    Own pixels go back in at full size, light and finish are laid on. What changes nothing is not painted at all.
    """
    asked: dict[int, Request] = {}
    for request in requests:
        if request.own.all():
            note = tr("At this setting nothing is generated: these are your own pixels.")
            direction, picture = request.direction, finish(request.canvas, request.direction.retouch)
            own = Headshot(picture, request.canvas, direction, OWN_PIXELS, 1.0, {"change": direction.change}, (note,))
            yield Done(request.number, own)
        else:
            asked[request.number] = request
    if not asked:
        return
    blocked: Counter[int] = Counter()
    task = Task([request.slim() for request in asked.values()], batch.identity, batch.cache)
    with closing(paint(task)) as items:
        for item in items:
            if isinstance(item, Preview):
                yield item
                continue
            request, began = asked[item.number], time.perf_counter()
            if item.picture is None:
                blocked[item.number] += 1
                if blocked[item.number] == len(request.seeds):
                    yield Done(item.number, None, Blocked())
                continue
            told = tuple(dict.fromkeys((*item.notes, *([BLOCKED] if blocked[item.number] else []))))
            canvas, picture = request.canvas, laid_over(item.picture, request)
            picture = finish_painted(picture, canvas, request.direction, request.own)
            recipe, took = request.recipe(item.text, item.candidate), item.seconds + time.perf_counter() - began
            made = Headshot(picture, canvas, request.direction, name, request.kept(), recipe, told, took)
            yield Done(item.number, made)


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
