"""What steers each sample of a UNet batch, as tensors."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from torch import Tensor


@dataclass(frozen=True, eq=False)
class Conditioning:
    """What steers each of B samples. `null_…` is the side that guidance leads away from.

    `text` (B, 77, C); `pooled` (B, P) and `time_ids` (B, 6) for SDXL, else None; `tokens` (B, T, C) or None
    without an adapter; `identity`, `lora` (beyond what the UNet's weights hold of it), `guidance` (B,).
    `identity_start`, `identity_end`, `guidance_end` (B,): shares of the steps; the identity scale is 0 outside its
    window, and there is no guidance from `guidance_end` on. Guidance of 1 or less is none, as everywhere in diffusers.
    """

    text: Tensor
    null_text: Tensor
    tokens: Tensor | None
    null_tokens: Tensor | None
    identity: Tensor
    lora: Tensor
    guidance: Tensor
    identity_start: Tensor
    identity_end: Tensor
    guidance_end: Tensor
    pooled: Tensor | None = None
    null_pooled: Tensor | None = None
    time_ids: Tensor | None = None

    def __len__(self) -> int:
        return len(self.text)

    def at(self, device: Any, dtype: Any) -> Conditioning:
        """Move what enters the UNet to its device and dtype; what decides about steps stays on the CPU."""
        moved: dict[str, Any] = {}
        for f in fields(self):
            value = getattr(self, f.name)
            decides = f.name.startswith(("guidance", "identity", "lora"))
            moved[f.name] = value if value is None or decides else value.to(device=device, dtype=dtype)
        return Conditioning(**moved)


def join(parts: list[Conditioning]) -> Conditioning:
    """Join several samples' conditioning into one batch. All must have, or all lack, the optional halves."""
    import torch

    joined: dict[str, Any] = {}
    for f in fields(Conditioning):
        values = [getattr(p, f.name) for p in parts]
        joined[f.name] = None if values[0] is None else torch.cat(values)
    return Conditioning(**joined)
