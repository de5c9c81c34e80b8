"""What is not there or not whole is named; what is blocked is not shown."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import torch

from headshot.engines.diffusion.faceid_pipeline import FaceIDEngine
from headshot.engines.diffusion.families import SD15
from headshot.engines.diffusion.pipeline_parts import load_parts, with_speed_lora
from headshot.engines.diffusion.safety import Blocked
from headshot.errors import UserError, WeightsMissing
from headshot.types import Look
from tests.fixtures import tiny
from tests.fixtures.tiny_faceid import FACE, PLAN, canvas, direction, locator, shots


def test_without_the_optional_parts(bare):
    """Coarse previews, fewer steps instead of a LoRA, no checker: it works, and says so."""
    events = list(bare.render(canvas(), FACE, direction(mode="draft", steps=30), size=(64, 64)))
    assert events[1].picture.shape == (8, 8, 3) and events[1].steps == SD15.draft_steps
    said = " ".join(events[-1].notes)
    for words in ("LoRA for draft mode is not on", "taesd is not on this machine", "no safety checker", "own VAE"):
        assert words in said
    said = shots(bare, direction())[0].notes
    assert len(said) == 2 and "own VAE" in said[0] and "no safety checker" in said[1], "what this picture lacks alone"


@pytest.mark.sweep
def test_a_base_saved_in_half_precision(engine, tmp_path):
    """variant="fp16" in the file names, as RealVisXL comes; read to float32 on a CPU."""
    architecture = engine.family.architecture
    roles = tiny.save(architecture, tmp_path)
    base = tiny.pipeline(architecture, tmp_path).to(torch.float16)
    for old in roles[f"{architecture}-base"].rglob("*.safetensors"):
        old.unlink()
    base.save_pretrained(roles[f"{architecture}-base"], variant="fp16")
    assert not list(roles[f"{architecture}-base"].glob("unet/diffusion_pytorch_model.safetensors"))
    parts = load_parts(engine.family, locator(roles), PLAN)
    assert parts.unet.dtype == torch.float32 == parts.text_encoders[-1].dtype
    got = shots(FaceIDEngine(engine.family, parts), direction())[0].picture
    assert np.abs(got.astype(int) - shots(engine, direction())[0].picture).mean() < 2  # rounded weights


@pytest.mark.parametrize("missing", ["sd15-base", "faceid-plusv2-sd15", "clip-vit-h"])
def test_what_it_cannot_do_without_is_named(tmp_path, missing):
    roles = tiny.save("sd15", tmp_path, without=(missing,))
    with pytest.raises(WeightsMissing, match=missing):
        load_parts(SD15, locator(roles), PLAN)


def test_a_base_that_is_not_whole_is_named(tmp_path):
    roles = tiny.save("sd15", tmp_path)
    (roles["sd15-base"] / "unet" / "diffusion_pytorch_model.safetensors").unlink()
    with pytest.raises(WeightsMissing, match="unet is not whole"):
        load_parts(SD15, locator(roles), PLAN)


def test_a_speed_lora_of_another_kind_is_named(sd15, tmp_path):
    from safetensors.torch import save_file

    save_file({"something.else": torch.zeros(1, 1)}, tmp_path / "odd.safetensors")
    with pytest.raises(UserError, match=r"odd\.safetensors"):
        with_speed_lora(sd15.parts.unet, tmp_path / "odd.safetensors", sd15.family.architecture)


def test_what_the_prompt_had_no_room_for_is_said(sd15):
    d = replace(direction(), look=Look(shot="headshot of a {person}", wardrobe="a suit, " + "x" * 200))
    (h,) = shots(sd15, d)
    assert any("No room in the prompt" in n and "xxx" in n for n in h.notes)
    assert len(sd15.parts.tokenizers[0](h.recipe["prompt"]).input_ids) <= 77
    assert h.recipe["negative"].startswith("nsfw")


@pytest.mark.sweep
def test_blocked_pictures(sd15):
    class Checker:
        checker = torch.nn.Linear(1, 1)
        answers: list

        def allows(self, picture):
            return self.answers.pop(0)

    assert sd15.parts.safety is not None and shots(sd15, direction())  # the real class, from its .bin
    checked = FaceIDEngine(sd15.family, replace(sd15.parts, safety=Checker()))
    Checker.answers = [True, False, True]
    made = shots(checked, direction(candidates=3))
    assert [h.recipe["candidate"] for h in made] == [0, 2] and "blocked" in made[1].notes[-1]
    Checker.answers = [False]
    with pytest.raises(Blocked, match="not shown"):
        shots(checked, direction())
