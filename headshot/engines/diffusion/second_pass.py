"""A second pass: what was painted at the size that the model knows, enlarged and painted again where detail is wanting.

Img2img over the first result, as "hires fix" elsewhere. Painting at the larger size at once would bring two faces.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from headshot.canvas.change_map import free_steps
from headshot.engines.diffusion.codec import Codec
from headshot.engines.diffusion.families import Family, size_for
from headshot.engines.diffusion.hold import Hold
from headshot.engines.diffusion.request import SECOND_NOISE, Run
from headshot.engines.encode_cache import EncodeCache
from headshot.engines.step_trail import content
from headshot.imaging.resize import resized
from headshot.types import Generate

if TYPE_CHECKING:
    from torch import Tensor


def second_size(family: Family, g: Generate, size: tuple[int, int]) -> tuple[int, int] | None:
    """Choose the (width, height) px of the second pass for a canvas of `size`; None where the first is large enough."""
    first = family.side(g.mode, canvas=False)
    if g.mode == "draft" or first >= family.over_canvas:
        return None
    return size_for(family.over_canvas, family.multiple, *size)


def second_flop(family: Family, run: Run, g: Generate, size: tuple[int, int], noise: Sequence[float]) -> float:
    """Count its operations at `size`: the steps, and the first result decoded and encoded (half of decoding)."""
    steps = int(free_steps(np.asarray(SECOND_NOISE), noise))
    share = size[0] * size[1] / family.native**2
    return share * steps * run.step_flop(family, g) + g.candidates * family.vae_flop * (1 + share / 2)


def begin_second(
    first: Tensor, noise: Tensor, scheduler: Any, codec: Codec, cache: EncodeCache, notes: list[str]
) -> Hold:
    """Enlarge the latents `first` (B, 4, h, w) to the size of `noise` (B, 4, H, W), free to change up to SECOND_NOISE.

    By way of pixels: latents that are enlarged themselves decode to soft, blotched pictures.
    """
    import torch

    size = (noise.shape[3] * 8, noise.shape[2] * 8)

    def enlarged(z: Tensor) -> Tensor:
        painted = cache.get(("first pass", content([z])), lambda: codec.decode(z, "full", notes))
        return codec.encode(resized(painted, size), cache, notes)

    canvas = torch.cat([enlarged(z) for z in first]).to(noise)
    return Hold.of(canvas, noise, torch.full((1, 1, *noise.shape[2:]), SECOND_NOISE), scheduler)
