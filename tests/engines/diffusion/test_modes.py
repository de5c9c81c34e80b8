"""Draft and fast modes: steps, speed LoRAs beside the face LoRA, and what is said of them."""

from __future__ import annotations

import pytest
import torch

from headshot.engines.diffusion import schedulers
from headshot.engines.diffusion.pipeline_parts import with_speed_lora
from headshot.types import Generate
from tests.fixtures import tiny
from tests.fixtures.tiny_faceid import clip_states, direction, shots


@pytest.mark.parametrize("mode, steps", [("draft", 4), ("fast", 8), ("full", 5)])
def test_modes(engine, mode, steps, monkeypatch):
    rows = []
    inner = type(engine.parts.unet).forward
    monkeypatch.setattr(
        type(engine.parts.unet), "forward", lambda self, x, *a, **k: (rows.append(len(x)), inner(self, x, *a, **k))[1]
    )
    decoded = []
    decode = type(engine.parts.vae).decode
    monkeypatch.setattr(type(engine.parts.vae), "decode", lambda *a, **k: (decoded.append(1), decode(*a, **k))[1])
    (h,) = shots(engine, direction(mode=mode, steps=5, guidance=5.0))
    assert rows == [1 if mode == "draft" else 2] * steps
    assert bool(decoded) == (mode != "draft"), "a draft is decoded by TAESD, a final by the VAE"
    assert (
        h.recipe["speed"]
        == {
            "draft": f"hyper-{engine.family.architecture}-4step",
            "fast": f"hyper-{engine.family.architecture}-8step-cfg",
            "full": None,
        }[mode]
    )


def test_speed_lora_equals_diffusers_own_and_leaves_the_base_alone(engine):
    import copy

    from safetensors.torch import load_file

    family, role = engine.family, engine.family.draft[0].role
    path = engine.parts.speed_loras[role]
    before = {k: v.clone() for k, v in engine.parts.unet.state_dict().items()}
    merged = with_speed_lora(engine.parts.unet, path, family.architecture).state_dict()
    assert all(torch.equal(v, before[k]) for k, v in engine.parts.unet.state_dict().items())
    assert merged.keys() == before.keys()
    # W + alpha / rank · up · down, worked out here for every layer of the file.
    lora, changed = load_file(path), 0
    names = {"lora_unet_" + n.replace(".", "_"): n for n, _ in engine.parts.unet.named_modules()}
    expected = copy.copy(before)
    for key in (k for k in lora if k.endswith("lora_down.weight")):
        stem = key.removesuffix(".lora_down.weight")
        up, alpha = lora[f"{stem}.lora_up.weight"], lora[f"{stem}.alpha"]
        weight = names[stem] + ".weight"
        expected[weight] = before[weight] + alpha / len(lora[key]) * (up @ lora[key])
        changed += 1
    assert changed > 10
    for key, value in merged.items():
        torch.testing.assert_close(value, expected[key], atol=1e-6, rtol=0)


def test_a_speed_lora_beside_the_face_lora_equals_diffusers_two_adapters(engine):
    """One UNet call against diffusers' own `set_adapters(["faceid_0", "speed"])`, both LoRAs at work."""
    import diffusers

    family, base = engine.family, engine.parts
    kind = diffusers.StableDiffusionXLPipeline if family.architecture == "sdxl" else diffusers.StableDiffusionPipeline
    folder = str(base.unet.config._name_or_path).removesuffix("/unet")
    none = {} if family.architecture == "sdxl" else {"safety_checker": None}
    pipe = kind.from_pretrained(folder, image_encoder=tiny.image_encoder(), **none)
    pipe.load_ip_adapter(tiny.checkpoint(pipe.unet), subfolder=None, weight_name=None, image_encoder_folder=None)
    path = base.speed_loras[family.draft[0].role]
    pipe.load_lora_weights(str(path.parent), weight_name=path.name, adapter_name="speed")
    pipe.set_ip_adapter_scale(0.0)
    generator = torch.Generator().manual_seed(5)
    x, text = torch.randn(2, 4, 8, 8, generator=generator), torch.randn(2, 77, tiny.CONTEXT, generator=generator)
    added = {"text_embeds": torch.randn(2, 32, generator=generator), "time_ids": torch.ones(2, 6)}
    call = {"encoder_hidden_states": text, "return_dict": False}
    call |= {"added_cond_kwargs": added} if family.architecture == "sdxl" else {}
    ours = with_speed_lora(base.unet, path, family.architecture)
    faces = {"image_embeds": [torch.zeros(2, 1, 1, 512)]}
    layer = pipe.unet.encoder_hid_proj.image_projection_layers[0]
    layer.clip_embeds, layer.shortcut = torch.zeros(2, 1, *clip_states(base)), True
    for names, weights, lora, unet in (
        (["faceid_0", "speed"], [0.6, 1.0], 0.6, ours),
        (["faceid_0", "speed"], [0.0, 1.0], 0.0, ours),
        (["faceid_0"], [0.6], 0.6, base.unet),
    ):
        pipe.set_adapters(names, weights)
        with torch.inference_mode():
            theirs = call | {"added_cond_kwargs": call.get("added_cond_kwargs", {}) | faces}
            expected = pipe.unet(x, torch.full((2,), 400), **theirs)[0]
            beyond = {"lora_scale": torch.full((2,), lora - base.lora)}
            got = unet(x, torch.full((2,), 400), cross_attention_kwargs=beyond, **call)
        torch.testing.assert_close(got[0], expected, atol=1e-5, rtol=1e-4)
    plain = base.unet(x, torch.full((2,), 400), **call)
    assert (plain[0] - ours(x, torch.full((2,), 400), **call)[0]).abs().max() > 1e-3, "both LoRAs have a say"


@pytest.mark.sweep
@pytest.mark.parametrize("steps", [4, 51, 100])
def test_lcm_takes_its_lora_and_fifty_steps_at_most(sd15, bare, steps):
    """As the sampler of a full picture. diffusers' scheduler has no more than the 50 it was distilled from."""
    run = sd15.run(Generate(scheduler="lcm", steps=steps, guidance=5.0))
    assert (run.scheduler, run.steps, run.speed, run.guidance) == ("lcm", min(steps, 50), "lcm-sd15", 0.0)
    assert ("50 steps at most" in run.note) == (steps > 50) and "without guidance" in run.note
    lacking = bare.run(Generate(scheduler="lcm", steps=steps, guidance=5.0))
    assert lacking.speed is None and lacking.guidance == 5.0 and "LoRA of its own, which is not on" in lacking.note
    assert len(schedulers.make("lcm", bare.parts.scheduler, run.steps).timesteps) == run.steps
    if steps == 51:
        (h,) = shots(bare, direction(scheduler="lcm", steps=steps))
        assert h.recipe["steps"] == 50 and any("50 steps at most" in n for n in h.notes)
    if steps == 4:
        (h,) = shots(sd15, direction(scheduler="lcm", steps=steps))
        assert h.recipe["speed"] == "lcm-sd15"


@pytest.mark.parametrize(("asked", "used"), [(3.0, 5.0), (5.0, 5.0), (7.5, 7.5), (12.0, 8.0)])
def test_fast_mode_says_where_it_needs_other_guidance(sd15, asked, used):
    """Hyper-SD's card: 5 to 8 for the LoRAs that keep guidance."""
    run = sd15.run(Generate(mode="fast", guidance=asked))
    assert run.guidance == used and (f"{used:g} was used" in run.note) == (asked != used)
