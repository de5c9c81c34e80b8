"""Tiny random-weight models of both families, in memory or saved in the layouts in which real weights come.

Shapes are cut down, structure is not: the same block types, two text encoders and added time ids for SDXL,
checkpoints with the published keys. Nothing here has learnt anything.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch

SIZE = 64  # pictures are 64 × 64: latents 8 × 8
CONTEXT = 64  # cross-attention width (768 and 2048 in the real ones); FaceID-Plus needs at least 64
CLIP = 32  # width of the image encoder (1280)
RANK = 4  # of FaceID's LoRA (128)


@dataclass(frozen=True)
class Face:
    embedding: np.ndarray
    crop: np.ndarray


def face(seed: int) -> Face:
    rng = np.random.default_rng(seed)
    e = rng.standard_normal(512).astype(np.float32)
    return Face(e / np.linalg.norm(e), rng.integers(0, 256, (224, 224, 3), dtype=np.uint8))


def tokenizer(folder: Path) -> Any:
    from transformers import CLIPTokenizer

    folder.mkdir(parents=True, exist_ok=True)
    printable = [*range(33, 127), *range(161, 173), *range(174, 256)]
    spare = iter(range(256, 512))
    alphabet = [chr(b) if b in printable else chr(next(spare)) for b in range(256)]
    vocab = [*alphabet, *(a + "</w>" for a in alphabet), "<|startoftext|>", "<|endoftext|>"]
    (folder / "vocab.json").write_text(json.dumps({t: i for i, t in enumerate(vocab)}))
    (folder / "merges.txt").write_text("#version: 0.2\n")
    return CLIPTokenizer(
        vocab=str(folder / "vocab.json"),
        merges=str(folder / "merges.txt"),
        model_max_length=77,
        bos_token="<|startoftext|>",
        eos_token="<|endoftext|>",
        unk_token="<|endoftext|>",
        pad_token="<|endoftext|>",
    )


def _text_config(words: int, **changes: Any) -> Any:
    from transformers import CLIPTextConfig

    settings = dict(
        vocab_size=words,
        hidden_size=32,
        intermediate_size=64,
        num_hidden_layers=2,
        num_attention_heads=4,
        max_position_embeddings=77,
        bos_token_id=words - 2,
        eos_token_id=words - 1,
        pad_token_id=words - 1,
    )
    return CLIPTextConfig(**(settings | changes))


def _vae() -> Any:
    from diffusers import AutoencoderKL

    return AutoencoderKL(
        block_out_channels=(8, 8, 8, 8),
        norm_num_groups=4,
        layers_per_block=1,
        latent_channels=4,
        down_block_types=("DownEncoderBlock2D",) * 4,
        up_block_types=("UpDecoderBlock2D",) * 4,
        sample_size=SIZE,
    ).eval()


def _scheduler() -> Any:
    from diffusers import DDIMScheduler

    return DDIMScheduler(
        beta_start=0.00085,
        beta_end=0.012,
        beta_schedule="scaled_linear",
        clip_sample=False,
        set_alpha_to_one=False,
        steps_offset=1,
    )


def pipeline(family: str, folder: Path, seed: int = 0) -> Any:
    """A plain diffusers text-to-image pipeline of `family` ("sd15", "sdxl"); `folder` for the tokenizer."""
    import diffusers
    from transformers import CLIPTextModel, CLIPTextModelWithProjection

    torch.manual_seed(seed)
    tok = tokenizer(folder / "tok")
    words = len(tok)
    common = dict(
        sample_size=SIZE // 8,
        layers_per_block=1,
        norm_num_groups=8,
        cross_attention_dim=CONTEXT,
    )
    if family == "sd15":
        unet = diffusers.UNet2DConditionModel(
            block_out_channels=(32, 32, 64, 64),
            attention_head_dim=8,
            down_block_types=("CrossAttnDownBlock2D",) * 3 + ("DownBlock2D",),
            up_block_types=("UpBlock2D",) + ("CrossAttnUpBlock2D",) * 3,
            **common,
        ).eval()
        pipe = diffusers.StableDiffusionPipeline(
            vae=_vae(),
            text_encoder=CLIPTextModel(_text_config(words, hidden_size=CONTEXT)).eval(),
            tokenizer=tok,
            unet=unet,
            scheduler=_scheduler(),
            safety_checker=None,
            feature_extractor=None,
            requires_safety_checker=False,
        )
    else:
        unet = diffusers.UNet2DConditionModel(
            block_out_channels=(32, 64, 64),
            attention_head_dim=(2, 4, 4),
            down_block_types=("DownBlock2D", "CrossAttnDownBlock2D", "CrossAttnDownBlock2D"),
            up_block_types=("CrossAttnUpBlock2D", "CrossAttnUpBlock2D", "UpBlock2D"),
            transformer_layers_per_block=(1, 1, 2),
            use_linear_projection=True,
            addition_embed_type="text_time",
            addition_time_embed_dim=8,
            projection_class_embeddings_input_dim=6 * 8 + 32,
            **common,
        ).eval()
        pipe = diffusers.StableDiffusionXLPipeline(
            vae=_vae(),
            unet=unet,
            scheduler=_scheduler(),
            tokenizer=tok,
            tokenizer_2=tok,
            text_encoder=CLIPTextModel(_text_config(words)).eval(),
            text_encoder_2=CLIPTextModelWithProjection(_text_config(words, projection_dim=32)).eval(),
            add_watermarker=False,
        )
    pipe.set_progress_bar_config(disable=True)
    return pipe


def image_encoder(seed: int = 5) -> Any:
    from transformers import CLIPVisionConfig, CLIPVisionModelWithProjection

    torch.manual_seed(seed)
    return CLIPVisionModelWithProjection(
        CLIPVisionConfig(
            hidden_size=CLIP,
            intermediate_size=64,
            projection_dim=16,
            num_hidden_layers=3,
            num_attention_heads=4,
            image_size=32,
            patch_size=8,
        )
    ).eval()


def taesd(seed: int = 6) -> Any:
    from diffusers import AutoencoderTiny

    torch.manual_seed(seed)
    return AutoencoderTiny(
        encoder_block_out_channels=(8, 8, 8, 8),
        decoder_block_out_channels=(8, 8, 8, 8),
        num_encoder_blocks=(1, 1, 1, 1),
        num_decoder_blocks=(1, 1, 1, 1),
    ).eval()


def checkpoint(
    unet: Any, *, plus: bool = True, lora: bool = True, seed: int = 1, empty: bool = False
) -> dict[str, Any]:
    """Keys and structure of ip-adapter-faceid[-plusv2]_sd15.bin and …_sdxl.bin; `empty`: shapes on the meta device."""
    generator = torch.Generator().manual_seed(seed)

    def r(*shape: int) -> torch.Tensor:
        if empty:
            return torch.empty(*shape, device="meta")
        return torch.randn(*shape, generator=generator) * 0.05

    c = unet.config.cross_attention_dim
    proj = {
        "proj.0.weight": r(1024, 512),
        "proj.0.bias": r(1024),
        "proj.2.weight": r(c * 4, 1024),
        "proj.2.bias": r(c * 4),
        "norm.weight": 1 + r(c),
        "norm.bias": r(c),
    }
    if plus:
        p = "perceiver_resampler."
        proj |= {
            p + "proj_in.weight": r(c, CLIP),
            p + "proj_in.bias": r(c),
            p + "proj_out.weight": r(c, c),
            p + "proj_out.bias": r(c),
            p + "norm_out.weight": 1 + r(c),
            p + "norm_out.bias": r(c),
        }
        for i in range(4):
            q = f"{p}layers.{i}."
            proj |= {f"{q}0.{n}.weight": 1 + r(c) for n in ("norm1", "norm2")}
            proj |= {f"{q}0.{n}.bias": r(c) for n in ("norm1", "norm2")}
            proj |= {
                q + "0.to_q.weight": r(c, c),
                q + "0.to_kv.weight": r(2 * c, c),
                q + "0.to_out.weight": r(c, c),
                q + "1.0.weight": 1 + r(c),
                q + "1.0.bias": r(c),
                q + "1.1.weight": r(4 * c, c),
                q + "1.3.weight": r(c, 4 * c),
            }
    layers = {}
    for i, name in enumerate(unet.attn_processors):
        attn = unet.get_submodule(name.removesuffix(".processor"))
        inner, context = attn.to_k.weight.shape
        if lora:
            for n, width in (("q", inner), ("k", context), ("v", context), ("out", inner)):
                layers[f"{i}.to_{n}_lora.down.weight"] = r(RANK, width)
                layers[f"{i}.to_{n}_lora.up.weight"] = r(inner, RANK)
        if name.endswith("attn2.processor"):
            layers[f"{i}.to_k_ip.weight"] = r(inner, context)
            layers[f"{i}.to_v_ip.weight"] = r(inner, context)
    return {"image_proj": proj, "ip_adapter": layers}


def speed_lora(unet: Any, seed: int = 9) -> dict[str, torch.Tensor]:
    """A LoRA over attention, feed-forward and convolutions, as LCM's is, in the published key style."""
    generator = torch.Generator().manual_seed(seed)
    state = {}
    for name, module in unet.named_modules():
        kohya = "lora_unet_" + name.replace(".", "_")
        if name.endswith(("to_q", "to_v", "to_out.0", "ff.net.2")):
            state[f"{kohya}.lora_down.weight"] = torch.randn(2, module.in_features, generator=generator) * 0.1
            state[f"{kohya}.lora_up.weight"] = torch.randn(module.out_features, 2, generator=generator) * 0.1
            state[f"{kohya}.alpha"] = torch.tensor(1.0)
    return state


def safety_checker(threshold: float = 2.0) -> tuple[Any, Any]:
    """Checker and processor. A cosine cannot pass a `threshold` of 2 (nothing is found), or stay under −2 (all is)."""
    from diffusers.pipelines.stable_diffusion.safety_checker import StableDiffusionSafetyChecker
    from transformers import CLIPConfig, CLIPImageProcessor

    small = dict(hidden_size=32, intermediate_size=32, num_hidden_layers=1, num_attention_heads=2)
    config = CLIPConfig(
        text_config=small | {"vocab_size": 10},
        vision_config=small | {"image_size": 32, "patch_size": 8},
        projection_dim=16,
    )
    checker = StableDiffusionSafetyChecker(config).eval()
    checker.concept_embeds_weights.data.fill_(threshold)
    checker.special_care_embeds_weights.data.fill_(threshold)
    return checker, CLIPImageProcessor(size={"shortest_edge": 32}, crop_size={"height": 32, "width": 32})


def save(family: str, root: Path, *, without: tuple[str, ...] = ()) -> dict[str, Path]:
    """All weights of `family` on disk as {role: path}, in the layouts of the real ones."""
    from safetensors.torch import save_file

    base = pipeline(family, root)
    roles = {f"{family}-base": root / "base", f"{family}-vae": root / "vae", "clip-vit-h": root / "clip"}
    base.save_pretrained(roles[f"{family}-base"])
    base.vae.save_pretrained(roles[f"{family}-vae"])
    image_encoder().save_pretrained(roles["clip-vit-h"])
    tiny_decoder = "taesd" if family == "sd15" else "taesdxl"
    roles[tiny_decoder] = root / "taesd"
    taesd().save_pretrained(roles[tiny_decoder])
    roles[f"faceid-plusv2-{family}"] = root / f"ip-adapter-faceid-plusv2_{family}.bin"
    torch.save(checkpoint(base.unet), roles[f"faceid-plusv2-{family}"])
    for i, name in enumerate(("hyper-{}-4step", "hyper-{}-8step-cfg", "lcm-{}")):
        role = name.format(family)
        roles[role] = root / f"{role}.safetensors"
        save_file(speed_lora(base.unet, seed=20 + i), roles[role])
    checker, processor = safety_checker()
    roles["safety-checker"] = root / "safety"
    checker.config.save_pretrained(roles["safety-checker"])
    processor.save_pretrained(roles["safety-checker"])
    torch.save(checker.state_dict(), roles["safety-checker"] / "pytorch_model.bin")  # published as a .bin only
    return {role: path for role, path in roles.items() if role not in without}
