"""Loads FLUX.2 klein's modules from files that are already on this machine."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from headshot.engines.diffusion.device import Plan
from headshot.engines.diffusion.pipeline_parts import pretrained, ready, safety_checker
from headshot.engines.diffusion.safety import SafetyChecker
from headshot.engines.klein.spec import Spec
from headshot.errors import WeightsMissing
from headshot.language import tr


@dataclass(frozen=True, eq=False)
class Models:
    """Loaded modules, shared by all requests and changed by none.

    `text_layers`: the hidden states of the text encoder that are read; `scheduler`: its scheduler_config.json; `notes`
    say of every picture what is missing.
    """

    transformer: Any
    vae: Any
    text_encoder: Any
    tokenizer: Any
    text_layers: tuple[int, ...]
    scheduler: Mapping[str, Any]
    plan: Plan
    safety: SafetyChecker | None = None
    notes: tuple[str, ...] = ()

    @property
    def movable(self) -> list[Any]:
        """List the modules that need not stay on the device while the transformer works."""
        return [self.vae, self.text_encoder, *([] if self.safety is None else [self.safety.checker])]


def load_models(spec: Spec, locate: Callable[[str], Path], plan: Plan) -> Models:
    """Load on the plan's device (text encoder and VAE in main memory where it offloads). Raises WeightsMissing.

    The text encoder is read at a quarter, a half and three quarters of its depth: the layers behind and its head, some
    1.7 GB, are not loaded.
    """
    import torch
    from diffusers import AutoencoderKLFlux2, Flux2Transformer2DModel
    from transformers import AutoConfig, Qwen2TokenizerFast, Qwen3Model

    dtype, waits = getattr(torch, plan.dtype), "cpu" if plan.offload else plan.device
    base, notes = locate(spec.base), []
    transformer = ready(pretrained(Flux2Transformer2DModel, base / "transformer", torch_dtype=dtype), plan.device, plan)
    vae = ready(pretrained(AutoencoderKLFlux2, base / "vae", torch_dtype=dtype), waits, plan)
    config = AutoConfig.from_pretrained(base / "text_encoder", local_files_only=True)
    depth = config.num_hidden_layers
    layers = (depth // 4, depth // 2, 3 * depth // 4)
    config.num_hidden_layers = layers[-1] + 1  # the last one's answer goes through a norm, those before do not
    if getattr(config, "layer_types", None):
        config.layer_types = config.layer_types[: config.num_hidden_layers]
    text_encoder = ready(pretrained(Qwen3Model, base / "text_encoder", dtype=dtype, config=config), waits)
    safety = None
    try:
        safety = safety_checker(locate(spec.safety), waits, dtype)
    except WeightsMissing:
        notes.append(tr("{safety} is not on this machine: there is no safety checker.", safety=spec.safety))
    return Models(
        transformer=transformer,
        vae=vae,
        text_encoder=text_encoder,
        tokenizer=Qwen2TokenizerFast.from_pretrained(base / "tokenizer", local_files_only=True),
        text_layers=layers,
        scheduler=json.loads((base / "scheduler" / "scheduler_config.json").read_text()),
        plan=plan,
        safety=safety,
        notes=tuple(notes),
    )
