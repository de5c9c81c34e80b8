"""FLUX.2 klein 4B at full size with random weights: seconds and memory of a draft and a final. Pictures are noise.

python -m benchmarks.klein                    # on a GPU
python -m benchmarks.klein --offload          # text encoder and VAE wait in main memory
python -m benchmarks.klein --tiny             # anywhere: checks the script, not the speed
"""

from __future__ import annotations

import argparse
import tempfile
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import torch

from benchmarks.engine import canvas
from benchmarks.full_size import random_weights
from benchmarks.timing import in_turns, publish
from headshot.engines.base import Batch, Done
from headshot.engines.diffusion import device
from headshot.engines.diffusion.device import Plan
from headshot.engines.klein.models import Models, load_models
from headshot.engines.klein.painter import KleinPainter
from headshot.engines.klein.spec import KLEIN
from headshot.engines.references import References
from headshot.types import Direction, Generate, Look
from tests.fixtures import tiny_klein
from tests.fixtures.tiny_faceid import locator

# The published config.json files: 5 double and 20 single blocks of 3072, Qwen3-4B.
TRANSFORMER: dict[str, Any] = {
    "in_channels": 128,
    "num_layers": 5,
    "num_single_layers": 20,
    "num_attention_heads": 24,
    "attention_head_dim": 128,
    "joint_attention_dim": 7680,
    "guidance_embeds": False,
}
TEXT: dict[str, Any] = {
    "vocab_size": 151936,
    "hidden_size": 2560,
    "intermediate_size": 9728,
    "num_hidden_layers": 28,  # of 36: what lies behind is not read, and not loaded
    "num_attention_heads": 32,
    "num_key_value_heads": 8,
    "head_dim": 128,
}
SCHEDULER = {"use_dynamic_shifting": True, "shift": 3.0, "time_shift_type": "exponential"}


def modules() -> tuple[Any, Any, Any]:
    """Make transformer, text encoder and VAE at full size on the device that is in use ("meta": none is allocated)."""
    from diffusers import AutoencoderKLFlux2, Flux2Transformer2DModel
    from transformers import Qwen3Config, Qwen3Model

    return Flux2Transformer2DModel(**TRANSFORMER), Qwen3Model(Qwen3Config(**TEXT)), AutoencoderKLFlux2()


def full_size(plan: Plan) -> Models:
    """All of klein with random weights, but for the tokenizer's vocabulary and the safety checker."""
    waits = replace(plan, device="cpu") if plan.offload else plan
    each = [random_weights(lambda n=n: modules()[n], waits if n else plan) for n in range(3)]
    layers = (9, 18, 27)
    return Models(each[0], each[2], each[1], tiny_klein.tokenizer(), layers, SCHEDULER, plan)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--tiny", action="store_true")
    parser.add_argument("--offload", action="store_true")
    parser.add_argument("--candidates", type=int, default=1)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--json", type=Path)
    options = parser.parse_args()
    spec = replace(KLEIN, native=128, draft=64, reference=64, text_tokens=64) if options.tiny else KLEIN
    plan = Plan("cpu", "float32") if options.tiny else device.choose(resident_gb=spec.resident_gb, row_gb=spec.row_gb)
    plan = replace(plan, offload=plan.offload or options.offload)
    with tempfile.TemporaryDirectory() as folder:
        made = load_models(spec, locator(tiny_klein.save(Path(folder))), plan) if options.tiny else full_size(plan)
    painter = KleinPainter(spec, made)
    photo = np.random.default_rng(0).integers(0, 256, (spec.reference, spec.reference, 3), dtype=np.uint8)
    memory: dict[str, float] = {}

    def arm(name: str, mode: str, identity: float) -> Any:
        g = Generate(mode=mode, steps=spec.steps, identity=identity, guidance=1.0, candidates=options.candidates)
        d = Direction(look=Look(shot="headshot of a {person}"), change=1.0, generate=g)

        def run(number: int) -> None:
            began = time.perf_counter()
            if plan.device == "cuda":
                torch.cuda.reset_peak_memory_stats()
            batch = Batch([canvas(spec.native)], References((photo,)), [d])  # a cache of its own: all is encoded anew
            done = [item for item in painter.render_many(batch) if isinstance(item, Done)]
            assert len(done) == options.candidates
            if plan.device == "cuda":
                memory[name] = torch.cuda.max_memory_allocated() / 1e9
            print(f"  round {number} {name}: {time.perf_counter() - began:.3f} s", flush=True)

        return run

    arms = {"draft": ("draft", 1.0), "final": ("full", 1.0), "final, identity 1.3": ("full", 1.3)}
    times = in_turns({name: arm(name, *how) for name, how in arms.items()}, options.rounds)
    result = {n: {"median_s": t.median, "p90_s": t.p90, "peak_gb": memory.get(n)} for n, t in times.items()}
    card = torch.cuda.get_device_name() if plan.device == "cuda" else f"{torch.get_num_threads()} CPU threads"
    publish({"about": {"card": card, "dtype": plan.dtype, "offload": plan.offload}, "arms": result}, options.json)


if __name__ == "__main__":
    main()
