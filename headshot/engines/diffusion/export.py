"""The UNet as an exported graph, for machines that compile ahead of time (a Space on ZeroGPU has no torch.compile).

All that a slider moves enters the graph as a tensor, so one graph serves every value, every batch and every aspect
(tests/test_engine_denoise.py exports it and moves them).
The app itself does not compile ahead: `spaces.aoti_apply` empties the module, from which the quick UNets are made.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from headshot.engines.diffusion.conditioning import Conditioning
from headshot.engines.diffusion.denoise import noise_for

if TYPE_CHECKING:
    from torch.export import ExportedProgram


def example(cond: Conditioning, size: tuple[int, int]) -> tuple[tuple[Any, ...], dict[str, Any]]:
    """Arguments of a UNet call as the denoising loop makes it, one row for each of `cond`; `size` in px."""
    import torch

    x = noise_for([0] * len(cond), (4, size[1] // 8, size[0] // 8)).to(cond.text)
    strengths = {"identity_scale": cond.identity.to(x), "lora_scale": cond.lora.to(x)}
    added = None if cond.pooled is None else {"text_embeds": cond.pooled, "time_ids": cond.time_ids}
    times = torch.full((len(cond),), 500, device=x.device, dtype=torch.int64)
    return (x, times), {
        "encoder_hidden_states": cond.text,
        "added_cond_kwargs": added,
        "cross_attention_kwargs": {"identity_tokens": cond.tokens, **strengths},
        "return_dict": False,
    }


def export_unet(unet: Any, cond: Conditioning, size: tuple[int, int]) -> ExportedProgram:
    """The graph of `unet` for 1 to 32 rows, at every size of which each side is a multiple of 8 · 2^upsamplers px
    (64 for SD1.5, 32 for SDXL), from two to 64 of them. The example that is traced: `cond`, two rows or more, and
    `size` (width, height) px, both sides at least two multiples and unequal.
    """
    import torch

    args, kwargs = example(cond, size)
    rows, unit = {0: torch.export.Dim("rows", min=1, max=32)}, 2**unet.num_upsamplers
    sides = {2 + i: unit * torch.export.Dim(name, min=2, max=64) for i, name in enumerate(("high", "wide"))}

    def shapes(value: Any) -> Any:
        if isinstance(value, dict):
            return {k: shapes(v) for k, v in value.items()}
        return rows if torch.is_tensor(value) else None

    dynamic = {"sample": rows | sides, "timestep": rows, **shapes(kwargs)}
    with torch.no_grad():
        return torch.export.export(unet, args, kwargs, dynamic_shapes=dynamic, strict=False)
