"""Loads the modules of a FaceID engine from files that are already on this machine."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from headshot.engines.diffusion import attention, device
from headshot.engines.diffusion.adapter import Adapter, attach, read_checkpoint
from headshot.engines.diffusion.device import Plan
from headshot.engines.diffusion.families import Family
from headshot.engines.diffusion.safety import SafetyChecker
from headshot.errors import UserError, WeightsMissing
from headshot.language import tr
from headshot.types import Generate

Locate = Callable[[str], Path]


@dataclass(frozen=True, eq=False)
class Parts:
    """Loaded modules, shared by all requests and changed by none.

    `unet` carries the adapter's attention; `tokenizers` and `text_encoders` have one entry (SD1.5) or two
    (SDXL); `scheduler` is the base's scheduler_config.json; `lora`: the strength at which FaceID's LoRA lies in the
    UNet's weights; `speed_loras`: files by role, read when first used; `notes` say of every picture what is missing
    and what is done instead.
    """

    unet: Any
    vae: Any
    tokenizers: tuple[Any, ...]
    text_encoders: tuple[Any, ...]
    scheduler: Mapping[str, Any]
    adapter: Adapter
    image_encoder: Any | None
    image_processor: Any | None
    plan: Plan
    lora: float = 0.0
    taesd: Any | None = None
    safety: SafetyChecker | None = None
    speed_loras: Mapping[str, Path] = field(default_factory=dict)
    notes: tuple[str, ...] = ()

    @property
    def movable(self) -> list[Any]:
        """List the modules that need not stay on the device while the UNet works."""
        checker = None if self.safety is None else self.safety.checker
        modules = [self.vae, *self.text_encoders, self.image_encoder, checker]
        return [m for m in modules if m is not None]


def load_parts(family: Family, locate: Locate, plan: Plan | None = None) -> Parts:
    """Load all parts of `family` on the plan's device (encoders and VAE in main memory where it offloads).

    `locate(role)` gives the local file or folder of a role and raises WeightsMissing. A missing base,
    adapter or image encoder is raised; anything else missing becomes a note.
    """
    import torch
    from diffusers import AutoencoderKL, AutoencoderTiny, UNet2DConditionModel
    from transformers import CLIPImageProcessor, CLIPTextModel, CLIPTextModelWithProjection, CLIPTokenizer
    from transformers import CLIPVisionModelWithProjection as ImageEncoder

    plan = plan or device.choose(resident_gb=family.resident_gb, row_gb=family.row_gb)
    dtype = getattr(torch, plan.dtype)
    waits = "cpu" if plan.offload else plan.device
    notes: list[str] = []

    def optional(role: str, instead: str = "") -> Path | None:
        try:
            return locate(role)
        except WeightsMissing:
            notes.extend(
                [tr("{role} is not on this machine: {instead}.", role=role, instead=instead)] if instead else []
            )
            return None

    base, checkpoint = locate(family.base), read_checkpoint(locate(family.adapter))
    unet = pretrained(UNet2DConditionModel, base / "unet", torch_dtype=dtype)
    adapter, lora = attach(unet, checkpoint), Generate().lora
    attention.merge_lora(unet, lora)
    unet = ready(unet, plan.device, plan)
    adapter.projection.to(plan.device)
    image_encoder, image_processor = None, None
    if adapter.plus:
        folder = locate(family.image_encoder)
        image_encoder = ready(pretrained(ImageEncoder, folder, dtype=dtype), waits)
        side = image_encoder.config.image_size
        image_processor = CLIPImageProcessor(size={"shortest_edge": side}, crop_size={"height": side, "width": side})

    vae_folder = optional(family.vae, "the base model's own VAE is used") or base / "vae"
    vae = pretrained(AutoencoderKL, vae_folder, torch_dtype=getattr(torch, plan.vae_dtype))
    # SDXL's own VAE runs over in half precision. Of SD1.5 the same flag says nothing: it is diffusers' default.
    if plan.vae_dtype == "float16" and family.architecture == "sdxl" and vae.config.get("force_upcast"):
        vae = vae.to(torch.float32)

    tokenizers, encoders = [], []
    for suffix, kind in (("", CLIPTextModel), ("_2", CLIPTextModelWithProjection)):
        if (folder := base / f"text_encoder{suffix}").is_dir():
            encoders.append(ready(pretrained(kind, folder, dtype=dtype), waits))
            tokenizers.append(CLIPTokenizer.from_pretrained(base / f"tokenizer{suffix}"))

    taesd_folder = optional(family.taesd)
    taesd = None
    if taesd_folder is not None:
        taesd = ready(pretrained(AutoencoderTiny, taesd_folder, torch_dtype=dtype), plan.device)
    checker = optional(family.safety, "there is no safety checker, only the list of words to avoid")
    found = {role: optional(role) for role in family.speed_roles}
    return Parts(
        unet=unet,
        vae=ready(vae, waits, plan),
        tokenizers=tuple(tokenizers),
        text_encoders=tuple(encoders),
        scheduler=json.loads((base / "scheduler" / "scheduler_config.json").read_text()),
        adapter=adapter,
        image_encoder=image_encoder,
        image_processor=image_processor,
        plan=plan,
        lora=lora,
        taesd=taesd,
        safety=None if checker is None else safety_checker(checker, waits, dtype),
        speed_loras={role: path for role, path in found.items() if path is not None},
        notes=tuple(notes),
    )


def own_bytes(unet: Any) -> int:
    """Count the bytes that a copy of `unet` by `with_speed_lora` takes: all but the face adapter's weights."""
    shared = {id(p) for _, a in attention.layers(unet) for p in getattr(a, attention.WEIGHTS).parameters()}
    return sum(p.numel() * p.element_size() for p in unet.parameters() if id(p) not in shared)


def with_speed_lora(unet: Any, path: Path, architecture: str) -> Any:
    """Copy `unet` and merge the LoRA of `path` into the copy: `unet` stays as it is for the other requests.

    The face adapter's weights are shared between the two, everything else is a copy.
    """
    from diffusers.loaders import StableDiffusionLoraLoaderMixin, StableDiffusionXLLoraLoaderMixin

    shared = {id(held): held for _, a in attention.layers(unet) for held in [getattr(a, attention.WEIGHTS)]}
    merged = copy.deepcopy(unet, shared)
    loader = StableDiffusionXLLoraLoaderMixin if architecture == "sdxl" else StableDiffusionLoraLoaderMixin
    state, alphas = loader.lora_state_dict(path, unet_config=unet.config)
    state = {key: value for key, value in state.items() if key.startswith("unet.")}
    if not state:
        raise UserError(tr("{name} holds no LoRA for this model.", name=path.name), "Fetch the file again.")
    merged.load_lora_adapter(state, prefix="unet", network_alphas=alphas, adapter_name="speed")
    merged.fuse_lora(adapter_names=["speed"])
    merged.unload_lora()
    return merged.requires_grad_(False)


def pretrained(kind: Any, folder: Path, **settings: Any) -> Any:
    """Call from_pretrained for safetensors alone, in the variant that the folder holds."""
    plain = list(folder.glob("*.safetensors"))
    if plain and all(".fp16." in p.name for p in plain):
        settings["variant"] = "fp16"
    try:
        return kind.from_pretrained(folder, use_safetensors=True, local_files_only=True, **settings)
    except OSError as error:
        reason = str(error).splitlines()[0]
        raise WeightsMissing(
            tr("The model in {name} is not whole ({reason}).", name=folder.name, reason=reason), "Fetch it again."
        ) from error


def ready(module: Any, where: str, plan: Plan | None = None) -> Any:
    import torch

    module = module.to(where).eval().requires_grad_(False)
    if plan is not None and plan.channels_last:
        module = module.to(memory_format=torch.channels_last)
    if plan is not None and plan.compile and getattr(module, "_repeated_blocks", None):  # a VAE names none
        module.compile_repeated_blocks(dynamic=True)
    return module


def safety_checker(folder: Path, where: str, dtype: Any) -> SafetyChecker:
    from diffusers.pipelines.stable_diffusion.safety_checker import StableDiffusionSafetyChecker
    from transformers import CLIPImageProcessor

    # Published as a .bin only: transformers reads these with weights_only=True.
    checker = StableDiffusionSafetyChecker.from_pretrained(folder, local_files_only=True, dtype=dtype)
    return SafetyChecker(ready(checker, where), CLIPImageProcessor.from_pretrained(folder))
