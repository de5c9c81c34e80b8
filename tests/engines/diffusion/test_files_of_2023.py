"""Files in the form in which the real ones were published in 2023, through today's loaders, to the same picture.

The fixture `tiny` saves with today's libraries, so it cannot catch a change of key names. What the libraries of then
(transformers 4.31, diffusers 0.21) wrote otherwise is written down here and done to the tiny files by hand:

- text encoders: every key under "text_model.", and a buffer "text_model.embeddings.position_ids" (1, 77) int64;
- image encoder: the same under "vision_model.", with position ids (1, patches + 1);
- VAE (sd-vae-ft-mse): the attention of the middle block as "query", "key", "value", "proj_attn" in place of "to_q",
  "to_k", "to_v", "to_out.0";
- configs: without the keys that later versions added; the tokenizer as vocab.json and merges.txt alone.
"""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest
import torch
from safetensors.torch import load_file, save_file

from headshot.engines.diffusion.faceid_pipeline import FaceIDEngine
from headshot.engines.diffusion.pipeline_parts import load_parts
from tests.fixtures import tiny
from tests.fixtures.tiny_faceid import BY_ARCHITECTURE, PLAN, direction, locator, shots

torch.set_num_threads(1)

OLD_ATTENTION = {"to_q": "query", "to_k": "key", "to_v": "value", "to_out.0": "proj_attn"}
# Keys of the UNet's config.json in Realistic Vision V5.1 and SDXL 1.0 that today's diffusers writes as well.
LATER = ("attention_type", "dropout", "reverse_transformer_layers_per_block", "encoder_hid_dim_type")


TOKENIZER = {
    "tokenizer_class": "CLIPTokenizer",
    "model_max_length": 77,
    "bos_token": "<|startoftext|>",
    "eos_token": "<|endoftext|>",
    "unk_token": "<|endoftext|>",
    "pad_token": "<|endoftext|>",
}


def old_keys(file: Path, prefix: str, positions: int) -> None:
    """Rename a text or image encoder's keys as transformers 4.31 wrote them."""
    state = {
        key if key.startswith((prefix, "visual", "text_proj")) else prefix + key: v
        for key, v in load_file(file).items()
    }
    state[f"{prefix}embeddings.position_ids"] = torch.arange(positions)[None]
    save_file(state, file, {"format": "pt"})


def as_published(roles: dict[str, Path], family: str) -> None:
    """Bring the files of `tiny.save` into the form of 2023."""
    base = roles[f"{family}-base"]
    for folder in base.glob("text_encoder*"):
        old_keys(folder / "model.safetensors", "text_model.", 77)
    for folder in base.glob("tokenizer*"):
        for file in folder.iterdir():
            file.unlink()
        for name in ("vocab.json", "merges.txt"):
            shutil.copyfile(base.parent / "tok" / name, folder / name)
        (folder / "tokenizer_config.json").write_text(json.dumps(TOKENIZER))
    old_keys(roles["clip-vit-h"] / "model.safetensors", "vision_model.", 17)
    vae = roles[f"{family}-vae"] / "diffusion_pytorch_model.safetensors"
    state: dict[str, Any] = {}
    for key, value in load_file(vae).items():
        for new, old in OLD_ATTENTION.items():
            if ".attentions." in key:
                key = key.replace(f".{new}.", f".{old}.")
        state[key] = value
    assert any(".query." in key for key in state) and not any(".to_q." in key for key in state)
    save_file(state, vae, {"format": "pt"})
    config = base / "unet" / "config.json"
    told = {k: v for k, v in json.loads(config.read_text()).items() if k not in LATER}
    config.write_text(json.dumps(told | {"_diffusers_version": "0.21.4"}))


@pytest.mark.sweep
@pytest.mark.parametrize("family", ["sd15", "sdxl"])
def test_files_in_the_form_of_2023_give_the_same_picture(tmp_path: Path, family: str) -> None:
    needed = (f"{family}-base", f"{family}-vae", f"faceid-plusv2-{family}", "clip-vit-h")
    roles = {r: p for r, p in tiny.save(family, tmp_path).items() if r in needed}
    d, made = direction(0.8, steps=2), BY_ARCHITECTURE[family]

    def picture() -> Any:
        (shot,) = shots(FaceIDEngine(made, load_parts(made, locator(roles), PLAN)), d)
        return shot.picture

    today = picture()
    as_published(roles, family)
    assert (picture() == today).all()
