"""Pictures into latents and back, through a VAE or TAESD."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from headshot.engines.diffusion.device import free_memory, is_out_of_memory
from headshot.engines.diffusion.finite import check_finite
from headshot.engines.diffusion.latent_preview import to_pixels
from headshot.types import U8

if TYPE_CHECKING:
    from torch import Tensor


TILED = "Memory ran out: the picture was put together from tiles, whose seams may be seen faintly."


def encode(vae: Any, picture: U8, notes: list[str] | None = None) -> Tensor:
    """Encode (h, w, 3) uint8 to (1, 4, h / 8, w / 8) float32, scaled as the UNet knows latents; without randomness.

    Where memory runs out, in tiles, as `decode`.
    """
    import torch
    from diffusers.models.autoencoders.vae import DiagonalGaussianDistribution

    weight = next(vae.parameters())
    with torch.inference_mode():
        x = torch.from_numpy(np.ascontiguousarray(picture)).permute(2, 0, 1)[None].to(weight) / 127.5 - 1

        def scaled(distribution: Any) -> Tensor:
            latents: Tensor = distribution.mode().float() * vae.config.scaling_factor
            return latents

        try:
            return scaled(vae.encode(x).latent_dist)
        except RuntimeError as error:
            if not is_out_of_memory(error):
                raise
        _tell(notes)
        # What diffusers' own encode calls with tiling on; the public tiled_encode is on its way out.
        return scaled(DiagonalGaussianDistribution(vae._tiled_encode(x)))


def decode(vae: Any, latents: Tensor, notes: list[str] | None = None) -> U8:
    """Decode (4, h, w) to (8h, 8w, 3) uint8. Where memory runs out, in tiles.

    That is slower, and the same but for seams; a note is added to `notes`. Raises NotFinite.
    """
    import torch

    with torch.inference_mode():
        z = latents[None].to(next(vae.parameters())) / vae.config.scaling_factor
        try:
            return _whole(vae.decode(z, return_dict=False)[0][0])
        except RuntimeError as error:
            if not is_out_of_memory(error):
                raise
        _tell(notes)
        return _whole(vae.tiled_decode(z, return_dict=False)[0][0])


def _whole(image: Tensor) -> U8:
    """Convert a decoded picture to pixels. Raises NotFinite: NaN would become black."""
    check_finite(image)
    return to_pixels(image)


def _tell(notes: list[str] | None) -> None:
    free_memory()
    if notes is not None and TILED not in notes:
        notes.append(TILED)
