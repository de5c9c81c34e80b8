"""Compare time and memory of the FaceID engine with the model card's recipe on plain diffusers, in one run.

    python -m benchmarks.engine --family sd15 --rounds 5            # on a GPU: full size, random weights
    python -m benchmarks.engine --family tiny --rounds 5            # anywhere: checks the script, not the speed
    python -m benchmarks.engine --family sd15 --only step,draft     # on a CPU: one UNet step and a draft
    python -m benchmarks.engine --only sheet,apart --batches 4      # four cells in one batch, and one by one

B0: diffusers' pipeline with load_ip_adapter, stock processors, 30 steps with guidance, VAE decode. Arms are run
in turns (A B C A B C …) so that a warm or throttled machine treats them alike; the first round is not counted.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import torch

from benchmarks import full_size
from benchmarks.timing import in_turns, publish
from headshot.engines.base import Batch, Done
from headshot.engines.diffusion import device
from headshot.engines.diffusion.denoise import noise_for
from headshot.engines.diffusion.device import Plan
from headshot.engines.diffusion.faceid_pipeline import FaceIDEngine
from headshot.engines.diffusion.families import FAMILIES, SD15
from headshot.engines.diffusion.pipeline_parts import Parts, load_parts
from headshot.types import Canvas, Direction, Framing, Generate, Look, Preview
from tests.fixtures import tiny


def canvas(side: int) -> Canvas:
    """Make a canvas of noise with all regions free: the time does not depend on what is in it."""
    picture = np.random.default_rng(0).integers(0, 256, (side, side, 3), dtype=np.uint8)
    landmarks = np.zeros((478, 3), np.float32)
    landmarks[468, 0] = side / 6
    regions = {"face": np.ones((side, side), np.float32)}
    return Canvas(picture, picture, regions["face"], landmarks, Framing(np.eye(2, 3), (side, side)), regions)


def direction(mode: str, candidates: int, steps: int = 30) -> Direction:
    settings = Generate(mode=mode, steps=steps, scheduler="ddim", guidance=5.0, candidates=candidates)
    return Direction(look=Look(shot="headshot of a {person}"), change=1.0, generate=settings)


def ours(engine: FaceIDEngine, mode: str, candidates: int, side: int) -> Callable[[], None]:
    d, c, face = direction(mode, candidates), canvas(side), tiny.face(1)

    def arm() -> None:
        for event in engine.render(c, face, d, size=(side, side)):
            assert isinstance(event, Preview) or event.picture.shape == (side, side, 3)

    return arm


def model_card(parts: Parts, family: str, candidates: int, side: int) -> Callable[[], None]:
    """The model card's recipe on modules of the same weights; prompt and CLIP are timed too, as in ours."""
    import diffusers
    from PIL import Image

    plan = parts.plan
    if parts.unet.config.cross_attention_dim == tiny.CONTEXT:
        stock = diffusers.UNet2DConditionModel.from_config(parts.unet.config).to(plan.device).eval()
        weights = tiny.checkpoint(stock)
    else:
        stock = full_size.unet(family, plan)
        weights = full_size.checkpoint(stock, plan)
    modules: dict[str, Any] = {"vae": parts.vae, "unet": stock, "image_encoder": parts.image_encoder}
    modules |= {"feature_extractor": parts.image_processor, "tokenizer": parts.tokenizers[0]}
    modules |= {"text_encoder": parts.text_encoders[0], "scheduler": diffusers.DDIMScheduler(**parts.scheduler)}
    if family == "sdxl":
        modules |= {"tokenizer_2": parts.tokenizers[1], "text_encoder_2": parts.text_encoders[1]}
        pipe = diffusers.StableDiffusionXLPipeline(**modules, add_watermarker=False)
    else:
        pipe = diffusers.StableDiffusionPipeline(**modules, safety_checker=None, requires_safety_checker=False)
    pipe.set_progress_bar_config(disable=True)
    pipe.load_ip_adapter(weights, subfolder=None, weight_name=None, image_encoder_folder=None)
    pipe.set_ip_adapter_scale(0.8)
    layer = stock.encoder_hid_proj.image_projection_layers[0]
    face = tiny.face(1)
    embedding = torch.from_numpy(face.embedding)[None, None].to(plan.device, stock.dtype)
    embeds = torch.cat([torch.zeros_like(embedding), embedding])

    def arm() -> None:
        crop = [Image.fromarray(face.crop)]
        where = torch.device(plan.device)
        layer.clip_embeds = pipe.prepare_ip_adapter_image_embeds(crop, None, where, candidates, True)[0].to(stock.dtype)
        layer.shortcut = True
        pipe(
            "headshot of a person",
            negative_prompt="blurry",
            height=side,
            width=side,
            num_inference_steps=30,
            guidance_scale=5.0,
            num_images_per_prompt=candidates,
            ip_adapter_image_embeds=[embeds],
            generator=[torch.Generator().manual_seed(i) for i in range(candidates)],
        )

    return arm


def cells(engine: FaceIDEngine, count: int, side: int, *, together: bool) -> Callable[[], None]:
    """`count` cells of a sheet (other seeds, guidance and identity strengths), in batches or each by itself."""
    base, c, face = direction("full", 1), canvas(side), tiny.face(1)
    asked = [
        replace(base, seed=n, generate=replace(base.generate, guidance=4.0 + n % 3, identity=0.6 + 0.1 * (n % 4)))
        for n in range(count)
    ]

    def arm() -> None:
        made = 0
        if together:
            made = sum(
                isinstance(e, Done) for e in engine.render_many(Batch([c] * count, face, asked), size=(side, side))
            )
        else:
            for d in asked:
                made += sum(not isinstance(e, Preview) for e in engine.render(c, face, d, size=(side, side)))
        assert made == count

    return arm


def one_step(engine: FaceIDEngine, side: int) -> Callable[[], None]:
    """One UNet call of one row with its face, at the native size."""
    from headshot.engines.diffusion.encode import condition
    from headshot.engines.diffusion.text_encoding import words

    d = direction("full", 1)
    text = words(d, engine.parts.tokenizers)
    cond = condition(engine.parts, engine._offloader, tiny.face(1), text, d.generate, (side, side))
    x = noise_for([0], (4, side // 8, side // 8)).to(cond.text)
    added = None if cond.pooled is None else {"text_embeds": cond.pooled, "time_ids": cond.time_ids}
    strengths = {"identity_scale": cond.identity.to(x)}

    def arm() -> None:
        with torch.inference_mode():
            engine.parts.unet(
                x,
                torch.tensor([500], device=x.device),
                encoder_hidden_states=cond.text,
                added_cond_kwargs=added,
                cross_attention_kwargs={"identity_tokens": cond.tokens, **strengths},
            )

    return arm


def measure(arms: dict[str, Callable[[], None]], rounds: int, where: str) -> dict[str, dict[str, float]]:
    """Time the arms in turns: median and 90th percentile in s, and on a GPU the peak memory in GB."""
    memory: dict[str, float] = {}

    def timed(name: str, arm: Callable[[], None]) -> Callable[[int], None]:
        def run(number: int) -> None:
            start = time.perf_counter()
            if where == "cuda":
                torch.cuda.reset_peak_memory_stats()
                torch.cuda.synchronize()
            arm()
            if where == "cuda":
                torch.cuda.synchronize()
                memory[name] = torch.cuda.max_memory_allocated() / 1e9
            print(f"  round {number} {name}: {time.perf_counter() - start:.3f} s", flush=True)

        return run

    times = in_turns({name: timed(name, arm) for name, arm in arms.items()}, rounds)
    peaks = {name: {"peak_gb": peak} for name, peak in memory.items()}
    return {name: {"median_s": t.median, "p90_s": t.p90, **peaks.get(name, {})} for name, t in times.items()}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--family", choices=("tiny", "sd15", "sdxl"), default="tiny")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--batches", default="1", help="candidates, for example 1,4,8")
    parser.add_argument("--only", default="b0,full,fast,draft", help="of step, b0, full, fast, draft, sheet, apart")
    parser.add_argument("--compile", action="store_true")
    parser.add_argument("--dtype", choices=("bfloat16", "float16", "float32"), help="other than the plan's")
    parser.add_argument("--side", type=int, help="px, other than the family's own")
    parser.add_argument("--json", type=Path)
    options = parser.parse_args()
    family = FAMILIES.get(f"faceid-{options.family}", SD15)
    plan = device.choose(resident_gb=family.resident_gb, row_gb=family.row_gb)
    plan = replace(plan, compile=options.compile, dtype=options.dtype or plan.dtype)
    side = options.side or (tiny.SIZE if options.family == "tiny" else family.native)
    with tempfile.TemporaryDirectory() as folder:
        if options.family == "tiny":
            plan = Plan("cpu", "float32")
            roles = tiny.save("sd15", Path(folder))
            parts = load_parts(SD15, roles.__getitem__, plan)
        else:
            parts = full_size.parts(options.family, plan, Path(folder))
            if plan.compile:
                parts.unet.compile_repeated_blocks(dynamic=True)
        engine = FaceIDEngine(family, parts)
        arms: dict[str, Callable[[], None]] = {}
        for n in (int(b) for b in options.batches.split(",")):
            for name in options.only.split(","):
                if name == "step":
                    arms["one UNet step"] = one_step(engine, side)
                elif name in ("sheet", "apart"):
                    arms[f"{name} × {n}"] = cells(engine, n, side, together=name == "sheet")
                elif name == "b0":
                    which = "sd15" if options.family == "tiny" else options.family
                    arms[f"B0 × {n}"] = model_card(parts, which, n, side)
                else:
                    arms[f"{name} × {n}"] = ours(engine, name, n, side)
        result = measure(arms, options.rounds, plan.device)
    batch = Batch([canvas(side)], None, [direction("draft", 1)])
    (drafted,) = engine.requests(batch, (side, side))
    about = {
        "family": options.family,
        "side": side,
        "device": plan.device,
        "dtype": plan.dtype,
        "torch": torch.__version__,
        "card": torch.cuda.get_device_name() if plan.device == "cuda" else f"{torch.get_num_threads()} CPU threads",
        "estimated_draft_s": engine.seconds(drafted),
    }
    publish({"about": about, "arms": result}, options.json)


if __name__ == "__main__":
    main()
