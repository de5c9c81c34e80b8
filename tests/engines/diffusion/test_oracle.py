"""Our UNet calls and loop against two independent implementations: diffusers' own, and Tencent's."""

from __future__ import annotations

import copy
from itertools import product

import pytest
import torch

from headshot.engines.diffusion import adapter, schedulers
from headshot.engines.diffusion.conditioning import Conditioning
from headshot.engines.diffusion.denoise import denoise
from tests.fixtures import tiny
from tests.fixtures.shared_photos import first

# Tiny models are too small to share out: on a busy machine threads that wait for each other cost tenfold.
torch.set_num_threads(1)

PROMPT, NEGATIVE, STEPS = "a studio headshot", "blurry", 3


@pytest.fixture(scope="module", params=["sd15", pytest.param("sdxl", marks=pytest.mark.sweep)])
def family(request, tmp_path_factory):
    folder = tmp_path_factory.mktemp(request.param)
    return request.param, folder, tiny.pipeline(request.param, folder)


@pytest.fixture(autouse=True)
def _no_gradients():
    with torch.no_grad():
        yield


LATENTS = torch.randn(1, 4, 8, 8, generator=torch.Generator().manual_seed(7))


def theirs(pipe, plus, checkpoint, *, scale, lora, guidance, shortcut=True, structure=1.0, scheduler="ddim"):
    """The model card's way: load_ip_adapter, state on the modules, the pipeline's own loop."""
    unet = copy.deepcopy(pipe.unet)
    pipe = type(pipe)(**{**pipe.components, "unet": unet})
    pipe.set_progress_bar_config(disable=True)
    pipe.load_ip_adapter(checkpoint, subfolder=None, weight_name=None, image_encoder_folder=None)
    pipe.set_ip_adapter_scale(scale)
    if lora == 0:
        pipe.disable_lora()
    else:
        pipe.set_adapters(["faceid_0"], [lora])
    pipe.scheduler = schedulers.make(scheduler, pipe.scheduler.config, STEPS)
    face = torch.from_numpy(tiny.face(3).embedding)[None, None]
    embeds = torch.cat([torch.zeros_like(face), face]) if guidance > 1 else face
    if plus:
        layer = unet.encoder_hid_proj.image_projection_layers[0]
        clip = torch.cat(CLIP) if guidance > 1 else CLIP[1]
        layer.clip_embeds, layer.shortcut, layer.shortcut_scale = clip[:, None], shortcut, structure
    return pipe(
        PROMPT,
        negative_prompt=NEGATIVE,
        height=tiny.SIZE,
        width=tiny.SIZE,
        num_inference_steps=STEPS,
        guidance_scale=guidance,
        latents=LATENTS.clone(),
        ip_adapter_image_embeds=[embeds],
        output_type="latent",
    ).images


def assert_equal(got, expected, tolerance=1e-5):
    """In units of the result's size: untrained UNets leave latents of ten and more, real ones of about one."""
    size = max(1.0, float(expected.abs().max()))
    torch.testing.assert_close(got / size, expected / size, atol=tolerance, rtol=0)


CLIP = [torch.randn(1, 17, tiny.CLIP, generator=torch.Generator().manual_seed(s)) for s in (1, 2)]


def conditioning(pipe, tokens, null_tokens, *, scale, lora, guidance):
    """The text side from diffusers' own encode_prompt, so that only what is ours differs."""
    encoded = pipe.encode_prompt(
        PROMPT, device="cpu", num_images_per_prompt=1, do_classifier_free_guidance=True, negative_prompt=NEGATIVE
    )
    xl = len(encoded) == 4
    size = torch.tensor([[tiny.SIZE, tiny.SIZE, 0, 0, tiny.SIZE, tiny.SIZE]], dtype=torch.float32)
    return Conditioning(
        text=encoded[0],
        null_text=encoded[1],
        tokens=tokens,
        null_tokens=null_tokens,
        identity=torch.tensor([scale]),
        lora=torch.tensor([lora]),
        guidance=torch.tensor([guidance]),
        identity_start=torch.zeros(1),
        identity_end=torch.ones(1),
        guidance_end=torch.ones(1),
        pooled=encoded[2] if xl else None,
        null_pooled=encoded[3] if xl else None,
        time_ids=size if xl else None,
    )


def ours(pipe, checkpoint, *, scale, lora, guidance, shortcut=True, structure=1.0, scheduler="ddim"):
    unet = copy.deepcopy(pipe.unet)
    part = adapter.attach(unet, checkpoint)
    face, s = torch.from_numpy(tiny.face(3).embedding)[None], torch.tensor([structure])
    tokens = part.tokens(face, CLIP[1], s, shortcut=shortcut)
    null = part.tokens(torch.zeros_like(face), CLIP[0], s, shortcut=shortcut)
    cond = conditioning(pipe, tokens, null, scale=scale, lora=lora, guidance=guidance)
    *_, last = denoise(unet, schedulers.make(scheduler, pipe.scheduler.config, STEPS), cond, LATENTS)
    return last.latents


# Every pair of what an adapter may be and what is asked of it; the schedulers take turns.
KINDS = {"faceid": (False, True), "plus": (True, False), "plusv2": (True, True)}
MATRIX = [
    dict(kind=kind, scale=scale, lora=lora, guidance=guidance, scheduler=("ddim", "euler", "dpm++")[n % 3])
    for n, (kind, scale, lora, guidance) in enumerate(product(KINDS, (0.0, 0.7, 1.3), (0.0, 0.6), (1.0, 5.0)))
]


@pytest.mark.parametrize(
    "settings",
    [s if n % 8 == 0 else pytest.param(s, marks=pytest.mark.sweep) for n, s in enumerate(MATRIX)],
    ids=lambda s: "-".join(map(str, s.values())),
)
def test_equals_diffusers(family, settings):
    _, _, pipe = family
    plus, shortcut = KINDS[settings["kind"]]
    more = {k: v for k, v in settings.items() if k != "kind"} | {"shortcut": shortcut, "structure": 1.3}
    checkpoint = tiny.checkpoint(pipe.unet, plus=plus)
    assert_equal(ours(pipe, checkpoint, **more), theirs(pipe, plus, checkpoint, **more))


@pytest.mark.parametrize("kind", first(KINDS))
def test_the_comparison_would_notice(family, kind):
    """Another scale or LoRA strength, no guidance, no shortcut, less structure: each is another result."""
    _, _, pipe = family
    plus, shortcut = KINDS[kind]
    checkpoint = tiny.checkpoint(pipe.unet, plus=plus)
    base = dict(scale=0.7, lora=0.6, guidance=5.0, shortcut=shortcut, structure=1.3)
    others = [dict(scale=0.2), dict(lora=0.3), dict(guidance=1.0)]
    others += [dict(shortcut=not shortcut), dict(structure=0.4)] if kind == "plusv2" else []
    got = ours(pipe, checkpoint, **base)
    for other in others:
        assert (ours(pipe, checkpoint, **(base | other)) - got).abs().max() > 1e-4 * got.abs().max(), other


def test_without_lora_in_the_file(family):
    _, _, pipe = family
    with_lora = tiny.checkpoint(pipe.unet, plus=False)
    plain = {**with_lora, "ip_adapter": {k: v for k, v in with_lora["ip_adapter"].items() if "lora" not in k}}
    settings = dict(scale=0.7, guidance=5.0)
    assert_equal(ours(pipe, plain, lora=1.0, **settings), ours(pipe, with_lora, lora=0.0, **settings), 1e-6)


def test_scale_0_without_lora_is_the_plain_pipeline(family):
    _, _, pipe = family
    pipe.scheduler = schedulers.make("ddim", pipe.scheduler.config, STEPS)
    plain = pipe(
        PROMPT,
        negative_prompt=NEGATIVE,
        height=tiny.SIZE,
        width=tiny.SIZE,
        num_inference_steps=STEPS,
        guidance_scale=5.0,
        latents=LATENTS.clone(),
        output_type="latent",
    ).images
    got = ours(pipe, tiny.checkpoint(pipe.unet), scale=0.0, lora=0.0, guidance=5.0)
    assert_equal(got, plain)


@pytest.mark.parametrize("scale", [0.0, 0.7, 1.3])
def test_equals_tencents_reference(tmp_path, monkeypatch, scale):
    """PyPI's ip-adapter 0.1.0, FaceID with its LoRA processors, on the same weights and latents."""
    import diffusers
    import diffusers.pipelines.controlnet as controlnet

    pytest.importorskip("einops")
    monkeypatch.setattr(controlnet, "MultiControlNetModel", diffusers.MultiControlNetModel, raising=False)
    reference = pytest.importorskip("ip_adapter.ip_adapter_faceid")

    class InFloat32:
        """torch as the reference sees it: it asks for float16 by name, and the comparison wants float32."""

        float16 = torch.float32
        __getattr__ = staticmethod(lambda name: getattr(torch, name))

    monkeypatch.setattr(reference, "torch", InFloat32())
    pipe = tiny.pipeline("sd15", tmp_path)
    checkpoint = tiny.checkpoint(pipe.unet, plus=False)
    torch.save(checkpoint, tmp_path / "faceid.bin")
    expected = ours(pipe, checkpoint, scale=scale, lora=1.0, guidance=5.0)
    pipe.scheduler = schedulers.make("ddim", pipe.scheduler.config, STEPS)
    with_face = reference.IPAdapterFaceID(pipe, str(tmp_path / "faceid.bin"), "cpu", lora_rank=tiny.RANK)
    got = with_face.generate(
        faceid_embeds=torch.from_numpy(tiny.face(3).embedding)[None],
        prompt=PROMPT,
        negative_prompt=NEGATIVE,
        scale=scale,
        num_samples=1,
        seed=0,
        guidance_scale=5.0,
        num_inference_steps=STEPS,
        width=tiny.SIZE,
        height=tiny.SIZE,
        latents=LATENTS.clone(),
        output_type="latent",
    )
    assert_equal(got, expected, 1e-4)
