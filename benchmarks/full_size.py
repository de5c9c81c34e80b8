"""The real architectures with random weights: speed and memory are those of the real models, pictures are noise."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import torch

from headshot.engines.adapter import attach
from headshot.engines.device import Plan
from headshot.engines.parts import Parts
from tests import tiny

# The published config.json files, as far as they differ from diffusers' defaults.
UNETS: dict[str, dict[str, Any]] = {
    "sd15": {"sample_size": 64, "cross_attention_dim": 768},
    "sdxl": {
        "sample_size": 128,
        "block_out_channels": (320, 640, 1280),
        "down_block_types": ("DownBlock2D", "CrossAttnDownBlock2D", "CrossAttnDownBlock2D"),
        "up_block_types": ("CrossAttnUpBlock2D", "CrossAttnUpBlock2D", "UpBlock2D"),
        "transformer_layers_per_block": (1, 2, 10),
        "attention_head_dim": (5, 10, 20),
        "cross_attention_dim": 2048,
        "use_linear_projection": True,
        "addition_embed_type": "text_time",
        "addition_time_embed_dim": 256,
        "projection_class_embeddings_input_dim": 2816,
    },
}
SCHEDULER = {"beta_start": 0.00085, "beta_end": 0.012, "beta_schedule": "scaled_linear", "steps_offset": 1}


def random_weights(make: Any, plan: Plan, *, std: float = 0.02) -> Any:
    """`make()` without its own slow initialisation: normal weights, made on the device in the plan's dtype."""
    with torch.device("meta"):
        module = make()
    module = module.to(getattr(torch, plan.dtype)).to_empty(device=plan.device).eval().requires_grad_(False)
    for name, tensor in [*module.named_parameters(), *module.named_buffers()]:
        if tensor.is_floating_point():
            torch.nn.init.normal_(tensor, std=std)
            if name.endswith("weight") and tensor.ndim == 1:
                tensor.fill_(1)  # norms
        else:
            tensor.copy_(torch.arange(tensor.numel()).reshape(tensor.shape))  # position ids
    return module


def unet(family: str, plan: Plan) -> Any:
    from diffusers import UNet2DConditionModel

    return random_weights(lambda: UNet2DConditionModel(**UNETS[family]), plan)


def checkpoint(model: Any, plan: Plan) -> dict[str, dict[str, torch.Tensor]]:
    """FaceID-PlusV2 at its real size: LoRA rank 128, CLIP width 1280."""
    width, rank = tiny.CLIP, tiny.RANK
    try:
        tiny.CLIP, tiny.RANK = 1280, 128
        made = tiny.checkpoint(model)
    finally:
        tiny.CLIP, tiny.RANK = width, rank
    dtype = getattr(torch, plan.dtype)
    return {half: {k: v.to(dtype) for k, v in weights.items()} for half, weights in made.items()}


def parts(family: str, plan: Plan, folder: Path) -> Parts:
    """All of an engine at full size but for the tokenizer's vocabulary. `folder` for small files."""
    from diffusers import AutoencoderKL, AutoencoderTiny
    from safetensors.torch import save_file
    from transformers import (
        CLIPImageProcessor,
        CLIPTextConfig,
        CLIPTextModel,
        CLIPTextModelWithProjection,
        CLIPVisionConfig,
        CLIPVisionModelWithProjection,
    )

    tokenizer = tiny.tokenizer(folder / "tok")
    blocks = {"block_out_channels": (128, 256, 512, 512), "layers_per_block": 2, "latent_channels": 4}
    down, up = ("DownEncoderBlock2D",) * 4, ("UpDecoderBlock2D",) * 4
    vae = random_weights(lambda: AutoencoderKL(down_block_types=down, up_block_types=up, **blocks), plan)

    def text(width: int, layers: int, heads: int, kind: Any) -> Any:
        config = CLIPTextConfig(
            vocab_size=len(tokenizer), hidden_size=width, intermediate_size=4 * width, num_hidden_layers=layers,
            num_attention_heads=heads, projection_dim=width, bos_token_id=len(tokenizer) - 2,
            eos_token_id=len(tokenizer) - 1,
        )  # fmt: skip
        return random_weights(lambda: kind(config), plan)

    encoders = [text(768, 12, 12, CLIPTextModel)]
    if family == "sdxl":
        encoders.append(text(1280, 32, 20, CLIPTextModelWithProjection))
    vision = CLIPVisionConfig(
        hidden_size=1280, intermediate_size=5120, projection_dim=1024, num_hidden_layers=32,
        num_attention_heads=16, image_size=224, patch_size=14,
    )  # fmt: skip
    model = unet(family, plan)
    adapter = attach(model, checkpoint(model, plan))
    if plan.channels_last:
        model = model.to(memory_format=torch.channels_last)
    loras = {}
    for role in (f"hyper-{family}-4step", f"hyper-{family}-8step-cfg"):
        loras[role] = folder / f"{role}.safetensors"
        save_file(tiny.speed_lora(model), loras[role])
    return Parts(
        unet=model, vae=vae, tokenizers=(tokenizer,) * len(encoders), text_encoders=tuple(encoders),
        scheduler=SCHEDULER, adapter=adapter,
        image_encoder=random_weights(lambda: CLIPVisionModelWithProjection(vision), plan),
        image_processor=CLIPImageProcessor(), plan=plan, taesd=random_weights(AutoencoderTiny, plan),
        speed_loras=loras,
    )  # fmt: skip
