"""Reads an IP-Adapter FaceID or FaceID-PlusV2 checkpoint and turns a face into the tokens that the UNet attends to.

The modules are diffusers' own; the forward pass is written here because theirs keeps the CLIP embedding and
the shortcut scale on the module, where two requests at once would share them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from headshot.engines.diffusion import attention
from headshot.errors import UserError
from headshot.language import tr
from headshot.weights.store import load_state

if TYPE_CHECKING:
    from torch import Tensor

Checkpoint = Mapping[str, Mapping[str, "Tensor"]]


@dataclass(frozen=True, eq=False)
class Adapter:
    """The projection half of a checkpoint. `plus`: it also needs CLIP's hidden states of the face crop."""

    projection: Any
    plus: bool

    def tokens(self, embedding: Tensor, clip: Tensor | None, structure: Tensor, *, shortcut: bool = True) -> Tensor:
        """Project the face to tokens (B, T, C).

        `embedding` (B, 512), normed, zeros for "no face"; `clip` (B, patches + 1, D), CLIP's last but one
        hidden state; `structure` (B,), how much of it is added (s_scale). `shortcut`: identity + structure
        (PlusV2) instead of structure alone (Plus). Both of the last are of no effect without `plus`.
        """
        p = self.projection
        weight = next(p.parameters())
        embedding = embedding.to(weight)
        if not self.plus:
            plain: Tensor = p(embedding)
            return plain
        if clip is None:
            raise ValueError("this adapter needs CLIP's hidden states of the face crop")
        identity: Tensor = p.norm(p.proj(embedding).reshape(-1, p.num_tokens, p.embed_dim))
        patches, latents = p.proj_in(clip.to(weight)), identity
        for block in p.layers:
            latents = block(patches, latents, latents)
        out: Tensor = p.norm_out(p.proj_out(latents))
        return identity + structure.to(weight)[:, None, None] * out if shortcut else out


def read_checkpoint(path: Path) -> Checkpoint:
    """Read `{"image_proj": …, "ip_adapter": …}` from a .bin (never unpickled) or a .safetensors file.

    Raises UserError where the file is of another kind.
    """
    state = load_state(path)
    if path.suffix == ".safetensors":  # flat keys: image_proj.proj.0.weight
        halves: dict[str, Any] = {}
        for key, value in state.items():
            half, _, rest = key.partition(".")
            halves.setdefault(half, {})[rest] = value
        state = halves
    if not {"image_proj", "ip_adapter"} <= set(state) or "norm.weight" not in state["image_proj"]:
        raise UserError(tr("{name} is not an IP-Adapter FaceID checkpoint.", name=path.name), "Fetch the file again.")
    return state


def attach(unet: Any, checkpoint: Checkpoint) -> Adapter:
    """Put the attention half into `unet` and return the projection half, on the UNet's device and dtype.

    Raises UserError where the checkpoint was made for another family of base model.
    """
    image_proj = checkpoint["image_proj"]
    try:
        attention.install(unet, checkpoint["ip_adapter"])
    except (KeyError, ValueError) as error:
        raise UserError(
            tr("The face adapter does not fit the base model ({error}).", error=error),
            "SD1.5 and SDXL each have an adapter of their own.",
        ) from error
    # diffusers' own key conversion; its version is pinned, and the tests compare the result with its pipeline.
    projection = unet._convert_ip_adapter_image_proj_to_diffusers(image_proj)
    projection = projection.to(device=unet.device, dtype=unet.dtype).eval().requires_grad_(False)
    return Adapter(projection, plus="perceiver_resampler.proj_in.weight" in image_proj)
