"""Latents as preview pictures: TAESD where it is there, else one matrix product."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from headshot.types import U8

if TYPE_CHECKING:
    from torch import Tensor

# RGB in −1..1 of a latent's 8 × 8 pixels ≈ latent @ matrix + offset. Least squares over 31 photographs (512 px on
# the long side) encoded with TAESD and TAESDXL (https://github.com/madebyollin/taesd), against the mean of each
# 8 × 8 block; left-out photographs come back with an rms error of .10 of the range, in both families.
MATRICES: dict[str, tuple[tuple[float, float, float], ...]] = {
    "sd15": (
        (0.329, 0.275, 0.251),
        (0.212, 0.239, 0.185),
        (-0.135, 0.142, 0.248),
        (-0.206, -0.357, -0.484),
        (-0.022, -0.137, -0.178),
    ),
    "sdxl": (
        (0.378, 0.418, 0.420),
        (-0.207, -0.019, 0.072),
        (0.123, 0.069, 0.005),
        (-0.324, -0.245, -0.200),
        (0.125, -0.036, -0.094),
    ),
}


def to_pixels(image: Tensor) -> U8:
    """Convert (3, h, w) in −1..1 to (h, w, 3) uint8; finished pictures are asked for NaN before (see `finite`)."""
    array = ((image.float().nan_to_num() + 1) * 127.5).round().clamp(0, 255).permute(1, 2, 0)
    pixels: U8 = array.cpu().numpy().astype(np.uint8)
    return pixels


def by_matrix(latents: Tensor, architecture: str) -> U8:
    """Preview (4, h, w) as (h, w, 3) uint8: one pixel for each latent. `architecture` "sd15" or "sdxl"."""
    import torch

    *matrix, offset = MATRICES[architecture]
    m, o = (torch.tensor(x, device=latents.device) for x in (matrix, offset))
    return to_pixels(torch.einsum("chw,cr->rhw", latents.float(), m) + o[:, None, None])


def by_taesd(latents: Tensor, taesd: Any, *, half: bool = False) -> U8:
    """Decode (4, h, w) to (8h, 8w, 3) uint8 by `taesd`; `half`: half the size, a quarter of the time."""
    import torch

    weight = next(taesd.parameters())
    with torch.inference_mode():
        x = latents[None].to(weight)
        if half:
            x = torch.nn.functional.avg_pool2d(x, 2)
        return to_pixels(taesd.decode(x).sample[0])
