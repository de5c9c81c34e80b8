"""The real architectures with random weights: speed and memory are those of the real models, pictures are noise."""

from __future__ import annotations

import weakref
from pathlib import Path
from typing import Any
from unittest.mock import patch

import torch
from torch.utils._python_dispatch import TorchDispatchMode

from headshot.engines.diffusion import attention
from headshot.engines.diffusion.adapter import attach
from headshot.engines.diffusion.device import Plan
from headshot.engines.diffusion.pipeline_parts import Parts
from headshot.types import Generate
from tests.fixtures import tiny

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
VAE: dict[str, Any] = {
    "block_out_channels": (128, 256, 512, 512),
    "layers_per_block": 2,
    "latent_channels": 4,
    "down_block_types": ("DownEncoderBlock2D",) * 4,
    "up_block_types": ("UpDecoderBlock2D",) * 4,
}
VISION: dict[str, Any] = {
    "hidden_size": 1280,
    "intermediate_size": 5120,
    "projection_dim": 1024,
    "num_hidden_layers": 32,
    "num_attention_heads": 16,
    "image_size": 224,
    "patch_size": 14,
}
# (width, layers, heads) of the text encoders; the vocabulary of the real tokenizer.
TEXT: dict[str, tuple[tuple[int, int, int], ...]] = {
    "sd15": ((768, 12, 12),),
    "sdxl": ((768, 12, 12), (1280, 32, 20)),
}
WORDS = 49408
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


def checkpoint(model: Any, plan: Plan, *, empty: bool = False) -> dict[str, dict[str, torch.Tensor]]:
    """FaceID-PlusV2 at its real size: LoRA rank 128, CLIP width 1280; `empty`: shapes without weights."""
    width, rank = tiny.CLIP, tiny.RANK
    try:
        tiny.CLIP, tiny.RANK = 1280, 128
        made = tiny.checkpoint(model, empty=empty)
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
    vae = random_weights(lambda: AutoencoderKL(**VAE), plan)

    def text(width: int, layers: int, heads: int, kind: Any) -> Any:
        config = CLIPTextConfig(
            vocab_size=len(tokenizer),
            hidden_size=width,
            intermediate_size=4 * width,
            num_hidden_layers=layers,
            num_attention_heads=heads,
            projection_dim=width,
            bos_token_id=len(tokenizer) - 2,
            eos_token_id=len(tokenizer) - 1,
        )
        return random_weights(lambda: kind(config), plan)

    encoders = [text(768, 12, 12, CLIPTextModel)]
    if family == "sdxl":
        encoders.append(text(1280, 32, 20, CLIPTextModelWithProjection))
    vision = CLIPVisionConfig(**VISION)
    model = unet(family, plan)
    adapter, lora = attach(model, checkpoint(model, plan)), Generate().lora
    attention.merge_lora(model, lora)
    if plan.channels_last:
        model = model.to(memory_format=torch.channels_last)
    loras = {}
    for role in (f"hyper-{family}-4step", f"hyper-{family}-8step-cfg"):
        loras[role] = folder / f"{role}.safetensors"
        save_file(tiny.speed_lora(model), loras[role])
    return Parts(
        unet=model,
        vae=vae,
        tokenizers=(tokenizer,) * len(encoders),
        text_encoders=tuple(encoders),
        scheduler=SCHEDULER,
        adapter=adapter,
        image_encoder=random_weights(lambda: CLIPVisionModelWithProjection(vision), plan),
        image_processor=CLIPImageProcessor(),
        plan=plan,
        lora=lora,
        taesd=random_weights(AutoencoderTiny, plan),
        speed_loras=loras,
    )


def count(family: str) -> dict[str, int]:
    """How many numbers each module has at full size, counted on the meta device: nothing is allocated."""
    from diffusers import AutoencoderKL, AutoencoderTiny, UNet2DConditionModel
    from diffusers.pipelines.stable_diffusion.safety_checker import StableDiffusionSafetyChecker
    from transformers import (
        CLIPConfig,
        CLIPTextConfig,
        CLIPTextModel,
        CLIPTextModelWithProjection,
        CLIPVisionConfig,
        CLIPVisionModelWithProjection,
    )

    def numbers(*modules: Any) -> int:
        return sum(p.numel() for m in modules for p in m.parameters())

    with torch.device("meta"):
        model = UNet2DConditionModel(**UNETS[family])
        kinds = (CLIPTextModel, CLIPTextModelWithProjection)
        texts = [
            kind(
                CLIPTextConfig(
                    vocab_size=WORDS,
                    hidden_size=w,
                    intermediate_size=4 * w,
                    num_hidden_layers=n,
                    num_attention_heads=h,
                    projection_dim=w,
                )
            )
            for kind, (w, n, h) in zip(kinds, TEXT[family], strict=False)
        ]
        # ViT-L/14, as the checker's config.json has it.
        seen = {
            "hidden_size": 1024,
            "intermediate_size": 4096,
            "num_hidden_layers": 24,
            "num_attention_heads": 16,
            "patch_size": 14,
            "image_size": 224,
            "projection_dim": 768,
        }
        checker = StableDiffusionSafetyChecker(CLIPConfig(vision_config=seen, projection_dim=768))
        return {
            "unet": numbers(model),
            "text encoders": numbers(*texts),
            "image encoder": numbers(CLIPVisionModelWithProjection(CLIPVisionConfig(**VISION))),
            "vae": numbers(AutoencoderKL(**VAE)),
            "taesd": numbers(AutoencoderTiny()),
            "safety": numbers(checker),
            "adapter": sum(t.numel() for half in _empty_checkpoint(model).values() for t in half.values()),
        }


def _empty_checkpoint(model: Any) -> dict[str, dict[str, torch.Tensor]]:
    return checkpoint(model, Plan("cpu", "float32"), empty=True)


class _Peak(TorchDispatchMode):
    """The most bytes that tensors made within it took at one time."""

    def __init__(self) -> None:
        super().__init__()
        self.now = self.most = 0
        self._seen: set[int] = set()

    def __torch_dispatch__(self, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        out = func(*args, **(kwargs or {}))
        for tensor in out if isinstance(out, tuple | list) else [out]:
            if isinstance(tensor, torch.Tensor):
                self._add(tensor.untyped_storage())
        return out

    def _add(self, storage: Any) -> None:
        key, size = storage._cdata, storage.nbytes()
        if key in self._seen:
            return
        self._seen.add(key)
        self.now += size
        self.most = max(self.most, self.now)
        weakref.finalize(storage, self._drop, key, size)

    def _drop(self, key: int, size: int) -> None:
        self._seen.discard(key)
        self.now -= size


def working(family: str, rows: int = 1) -> int:
    """Bytes that a UNet call of `rows` rows at the native size needs besides the weights, in half precision.

    Counted on the meta device. Attention is taken as fused: it makes its result and no table of all pairs.
    """
    from diffusers import UNet2DConditionModel

    side = UNETS[family]["sample_size"]
    with torch.device("meta"):
        model = UNet2DConditionModel(**UNETS[family]).half()
        attention.install(model, _empty_checkpoint(model)["ip_adapter"])
        x = torch.empty(rows, 4, side, side, dtype=torch.half)
        wide = UNETS[family]["cross_attention_dim"]
        text, face = (torch.empty(rows, n, wide, dtype=torch.half) for n in (77, 4))
        ones = torch.empty(rows, dtype=torch.half)
        sizes = {"text_embeds": torch.empty(rows, 1280, dtype=torch.half), "time_ids": torch.empty(rows, 6).half()}
        strengths = {"identity_tokens": face, "identity_scale": ones, "lora_scale": ones}
        fused = patch("torch.nn.functional.scaled_dot_product_attention", lambda q, *_, **__: torch.empty_like(q))
        with torch.inference_mode(), fused, _Peak() as peak:
            model(
                x,
                torch.empty(rows),
                encoder_hidden_states=text,
                cross_attention_kwargs=strengths,
                added_cond_kwargs=sizes if family == "sdxl" else None,
            )
    return peak.most
