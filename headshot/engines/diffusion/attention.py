"""The attention processor of the FaceID engines: identity scale and LoRA strength as tensors, one value a sample.

diffusers' own processor keeps the scale as a Python number on the module. That bakes it into an exported
graph, recompiles for every new kind of value, and lets two requests at once change each other's picture.
Here everything that belongs to a request arrives as an argument of the UNet call, through
`cross_attention_kwargs`, and the layers hold nothing but the checkpoint's weights.

Method: Ye et al., "IP-Adapter" (https://arxiv.org/abs/2308.06721), decoupled cross attention; FaceID's LoRA as in
https://github.com/tencent-ailab/IP-Adapter (`LoRAIPAttnProcessor`).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from torch import Tensor

WEIGHTS = "faceid"  # the name under which an attention layer holds its part of the checkpoint


class FaceIDAttention:
    """Decoupled cross attention with FaceID's LoRA; keeps no state, so one object serves all layers and requests.

    Arguments that a UNet call adds in `cross_attention_kwargs` (B rows):
    `identity_tokens` (B, T, C), the projected face; `identity_scale` (B,), the IP-Adapter scale;
    `lora_scale` (B,), the strength of FaceID's LoRA beyond what `merge_lora` put into the weights. Without tokens, or
    without a LoRA strength, that half is left out. A scale of 0 takes the same path as any other: its share of the
    sum is zero.
    """

    def __call__(
        self,
        attn: Any,
        hidden_states: Tensor,
        encoder_hidden_states: Tensor | None = None,
        attention_mask: Tensor | None = None,
        temb: Tensor | None = None,
        identity_tokens: Tensor | None = None,
        identity_scale: Tensor | None = None,
        lora_scale: Tensor | None = None,
    ) -> Tensor:
        from torch.nn.functional import linear, scaled_dot_product_attention

        weights = getattr(attn, WEIGHTS)
        batch, heads = hidden_states.shape[0], attn.heads
        context = hidden_states if encoder_hidden_states is None else encoder_hidden_states
        if attention_mask is not None:
            attention_mask = attn.prepare_attention_mask(attention_mask, context.shape[1], batch)
            attention_mask = attention_mask.view(batch, heads, -1, attention_mask.shape[-1])

        query, key, value = attn.to_q(hidden_states), attn.to_k(context), attn.to_v(context)
        strength = None
        if lora_scale is not None and "q_up" in weights:
            strength = lora_scale.to(query.dtype)[:, None, None]
            rank = weights["q_up"].shape[1]
            low = linear(hidden_states, weights["q_down"]) * strength
            low_kv = linear(context, weights["kv_down"]) * strength
            query = _add_low_rank(query, low, weights["q_up"])
            key = _add_low_rank(key, low_kv[..., :rank], weights["k_up"])
            value = _add_low_rank(value, low_kv[..., rank:], weights["v_up"])

        def split(x: Tensor) -> Tensor:
            return x.view(batch, -1, heads, x.shape[-1] // heads).transpose(1, 2)

        query = split(query)
        out = scaled_dot_product_attention(query, split(key), split(value), attn_mask=attention_mask)
        if identity_tokens is not None and identity_scale is not None and "k_ip" in weights:
            face_key = split(linear(identity_tokens, weights["k_ip"]))
            face_value = split(linear(identity_tokens, weights["v_ip"]))
            # Scaling the few value tokens costs less than scaling the result, and is the same sum.
            face_value = face_value * identity_scale.to(face_value.dtype)[:, None, None, None]
            out = out + scaled_dot_product_attention(query, face_key, face_value)
        out = out.transpose(1, 2).reshape(batch, -1, query.shape[1] * query.shape[3])

        result: Tensor = attn.to_out[0](out)
        if strength is not None:
            result = _add_low_rank(result, linear(out, weights["out_down"]) * strength, weights["out_up"])
        result = attn.to_out[1](result) / attn.rescale_output_factor
        return result


def _add_low_rank(base: Tensor, low: Tensor, up: Tensor) -> Tensor:
    """Add low (B, L, r) @ up.T (r, C) to base (B, L, C), in one kernel."""
    from torch import addmm

    return addmm(base.flatten(0, 1), low.flatten(0, 1), up.t()).view_as(base)


def layers(unet: Any) -> Iterator[tuple[int, Any]]:
    """Yield the attention layers, numbered as in a FaceID checkpoint: in the order of `unet.attn_processors`."""
    for index, name in enumerate(unet.attn_processors):
        yield index, unet.get_submodule(name.removesuffix(".processor"))


def install(unet: Any, checkpoint: Mapping[str, Tensor]) -> None:
    """Give each attention layer its weights of `checkpoint` (the `ip_adapter` half) and the processor.

    Odd layers (cross attention) have `i.to_k_ip.weight` and `i.to_v_ip.weight` (C, X); any layer may have
    `i.to_{q,k,v,out}_lora.{down,up}.weight`, (r, in) and (C, r). Raises KeyError where a cross-attention
    layer has no identity weights, ValueError where a weight is left over or has another shape.
    """
    import torch

    dtype, device = unet.dtype, unet.device
    used: set[str] = set()

    def take(key: str, shape: tuple[int, int] | None = None) -> Tensor:
        used.add(key)
        tensor = checkpoint[key]
        if shape is not None and tuple(tensor.shape) != shape:
            raise ValueError(f"{key} has the shape {tuple(tensor.shape)}, and {shape} is needed")
        return tensor.to(device=device, dtype=dtype)

    processor = FaceIDAttention()
    for index, attn in layers(unet):
        held: dict[str, Tensor] = {}
        inner, context = attn.to_k.weight.shape
        if attn.is_cross_attention:
            held["k_ip"] = take(f"{index}.to_k_ip.weight", (inner, context))
            held["v_ip"] = take(f"{index}.to_v_ip.weight", (inner, context))
        if f"{index}.to_q_lora.down.weight" in checkpoint:
            down = {n: take(f"{index}.to_{n}_lora.down.weight") for n in ("q", "k", "v", "out")}
            held |= {f"{n}_up": take(f"{index}.to_{n}_lora.up.weight") for n in ("q", "k", "v", "out")}
            held["q_down"], held["out_down"] = down["q"], down["out"]
            held["kv_down"] = torch.cat([down["k"], down["v"]])  # the same input: one product for both
        parameters = {k: torch.nn.Parameter(v, requires_grad=False) for k, v in held.items()}
        # A ParameterDict on the layer follows the UNet to a device, and into an exported graph.
        setattr(attn, WEIGHTS, torch.nn.ParameterDict(parameters))
        attn.set_processor(processor)
    if left := sorted(set(checkpoint) - used):
        raise ValueError(f"{len(left)} weights do not belong to this UNet, for example {left[0]}")


def merge_lora(unet: Any, strength: float) -> None:
    """Add FaceID's LoRA at `strength` to the layers' own weights: who asks for that much needs no product of its own.

    Worked out in float32 and rounded once to the weights' dtype. The LoRA stays beside them, for other strengths.
    """
    for _, attn in layers(unet):
        held = getattr(attn, WEIGHTS)
        if "q_up" not in held:
            continue
        rank = held["q_up"].shape[1]
        downs = {"q": held["q_down"], "k": held["kv_down"][:rank], "v": held["kv_down"][rank:], "out": held["out_down"]}
        layer = {"q": attn.to_q, "k": attn.to_k, "v": attn.to_v, "out": attn.to_out[0]}
        for name, down in downs.items():
            weight = layer[name].weight
            weight.data.copy_(weight.float() + strength * (held[f"{name}_up"].float() @ down.float()))
