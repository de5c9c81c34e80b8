"""Pictures and words into what klein's transformer takes, and latents back into pictures, as diffusers packs them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from headshot.engines.diffusion.finite import check_finite
from headshot.engines.diffusion.latent_preview import to_pixels
from headshot.engines.klein.models import Models
from headshot.types import U8

if TYPE_CHECKING:
    from torch import Tensor


def _pipeline() -> Any:
    from diffusers import Flux2KleinPipeline

    return Flux2KleinPipeline


def encode_words(models: Models, text: str, length: int) -> Tensor:
    """Encode `text` as (1, length, C): three hidden states of the text encoder side by side."""
    import torch

    with torch.inference_mode():
        embeds: Tensor = _pipeline()._get_qwen3_prompt_embeds(
            models.text_encoder,
            models.tokenizer,
            text,
            max_sequence_length=length,
            hidden_states_layers=models.text_layers,
        )
    return embeds.to(models.plan.device)


def text_positions(embeds: Tensor) -> Tensor:
    """Make the position ids (B, T, 4) of encoded words."""
    ids: Tensor = _pipeline()._prepare_text_ids(embeds).to(embeds.device)
    return ids


def encode_picture(models: Models, picture: U8) -> Tensor:
    """Encode (h, w, 3) uint8, sides multiples of 16, to (1, C, h / 16, w / 16) float32; without randomness."""
    import torch

    weight = next(models.vae.parameters())
    with torch.inference_mode():
        x = torch.from_numpy(np.ascontiguousarray(picture)).permute(2, 0, 1)[None].to(weight) / 127.5 - 1
        z = _pipeline()._patchify_latents(models.vae.encode(x).latent_dist.mode())
        mean, deviation = _statistics(models.vae, z)
        packed: Tensor = ((z - mean) / deviation).float().to(models.plan.device)
    return packed


def decode_picture(models: Models, latents: Tensor, *, shrink: int = 1) -> U8:
    """Decode (C, h, w) to (16h, 16w, 3) uint8; `shrink` 2: half that size, at a quarter of the work.

    Raises NotFinite where the numbers ran over.
    """
    import torch

    with torch.inference_mode():
        z = latents[None].to(next(models.vae.parameters()))
        mean, deviation = _statistics(models.vae, z)
        z = _pipeline()._unpatchify_latents(z * deviation + mean)
        if shrink > 1:
            z = torch.nn.functional.avg_pool2d(z, shrink)
        image = models.vae.decode(z, return_dict=False)[0][0]
        check_finite(image)
        return to_pixels(image)


def packed(latents: Tensor) -> Tensor:
    """Pack (B, C, h, w) to (B, h · w, C), a row of the transformer for each place."""
    return latents.flatten(2).transpose(1, 2)


def unpacked(rows: Tensor, height: int, width: int) -> Tensor:
    """Undo `packed`: (B, h · w, C) to (B, C, h, w)."""
    return rows.transpose(1, 2).reshape(len(rows), -1, height, width)


def positions(latents: Tensor) -> Tensor:
    """Make the position ids (B, h · w, 4) of latents (B, C, h, w)."""
    ids: Tensor = _pipeline()._prepare_latent_ids(latents).to(latents.device)
    return ids


def reference_positions(latents: Sequence[Tensor]) -> list[Tensor]:
    """Make the position ids (1, h · w, 4) of each of several references (1, C, h, w), in their order."""
    if not latents:
        return []
    import torch

    ids: Tensor = _pipeline()._prepare_image_ids(list(latents)).to(latents[0].device)
    return list(torch.split(ids, [z.shape[2] * z.shape[3] for z in latents], 1))


def _statistics(vae: Any, like: Tensor) -> tuple[Tensor, Tensor]:
    """Give the mean and the deviation of each latent channel, which the VAE keeps as a batch norm's."""
    import torch

    mean = vae.bn.running_mean.view(1, -1, 1, 1).to(like)
    deviation = torch.sqrt(vae.bn.running_var.view(1, -1, 1, 1) + vae.config.batch_norm_eps).to(like)
    return mean, deviation
