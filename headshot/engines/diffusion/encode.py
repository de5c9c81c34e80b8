"""A request's words, face and strengths as the tensors that steer the UNet."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import numpy as np

from headshot.direction.prompt import Prompt
from headshot.engines.diffusion.conditioning import Conditioning
from headshot.engines.diffusion.offload import Offloader
from headshot.engines.diffusion.pipeline_parts import Parts
from headshot.engines.diffusion.text_encoding import Encoded, encode
from headshot.engines.encode_cache import EncodeCache, digest
from headshot.engines.identity import Identity
from headshot.types import U8, Generate

if TYPE_CHECKING:
    from torch import Tensor


def condition(
    parts: Parts,
    offloader: Offloader,
    identity: Identity,
    text: Prompt,
    g: Generate,
    size: tuple[int, int],
    cache: EncodeCache | None = None,
    notes: list[str] | None = None,
) -> Conditioning:
    """Encode words and face as `g.candidates` equal rows on the UNet's device.

    `size` (width, height) px is an input of SDXL. What `cache` holds of the words and the face is not encoded again.
    `notes`: see Offloader.run_with.
    """
    import torch

    where, n, cache = parts.plan.device, g.candidates, cache or EncodeCache()

    def encoded(words: str) -> Encoded:
        work = partial(encode, words, parts.tokenizers, parts.text_encoders)
        return offloader.run_with(work, *parts.text_encoders, notes=notes)

    def seen() -> tuple[Tensor, Tensor]:
        return offloader.run_with(partial(hidden_states, parts, identity.crop), parts.image_encoder, notes=notes)

    words, avoid = (cache.get(("words", t), partial(encoded, t)) for t in (text.text, text.negative))
    clip, no_clip = None, None
    if parts.image_encoder is not None:
        clip, no_clip = cache.get(("face", digest(identity.crop)), seen)
    face = torch.from_numpy(np.array(identity.embedding, np.float32)).reshape(1, -1).to(where)
    structure = torch.full((1,), g.structure, device=where)
    with torch.inference_mode():
        tokens = parts.adapter.tokens(face, clip, structure)
        no_tokens = parts.adapter.tokens(torch.zeros_like(face), no_clip, structure)

    def rows(x: Tensor) -> Tensor:
        return x.expand(n, *x.shape[1:])

    def value(x: float) -> Tensor:
        return torch.full((n,), float(x))

    width, height = size
    pooled = words.pooled is not None and avoid.pooled is not None
    cond = Conditioning(
        text=rows(words.text),
        null_text=rows(avoid.text),
        tokens=rows(tokens),
        null_tokens=rows(no_tokens),
        identity=value(g.identity),
        lora=value(g.lora - parts.lora),
        guidance=value(g.guidance),
        identity_start=value(g.identity_start),
        identity_end=value(g.identity_end),
        guidance_end=value(g.guidance_end),
        pooled=rows(words.pooled) if words.pooled is not None else None,
        null_pooled=rows(avoid.pooled) if avoid.pooled is not None else None,
        # Original size, crop corner, target size, as diffusers' pipeline gives them.
        time_ids=rows(torch.tensor([[height, width, 0, 0, height, width]])) if pooled else None,
    )
    return cond.at(where, getattr(torch, parts.plan.dtype))


def hidden_states(parts: Parts, crop: U8) -> tuple[Tensor, Tensor]:
    """Compute CLIP's last but one hidden state of the crop (h, w, 3) and of "no picture": each (1, patches + 1, D).

    "No picture" is zeros after normalisation, as in the reference implementation.
    """
    import torch
    from PIL import Image

    encoder = parts.image_encoder
    assert encoder is not None and parts.image_processor is not None
    pixels = parts.image_processor(Image.fromarray(crop), return_tensors="pt").pixel_values
    pixels = pixels.to(next(encoder.parameters()))
    with torch.inference_mode():
        both = encoder(torch.cat([pixels, torch.zeros_like(pixels)]), output_hidden_states=True)
    states = both.hidden_states[-2].to(parts.plan.device)
    return states[:1], states[1:]
