"""What each control costs a generator, against the model card's recipe on plain diffusers, in one run.

    python -m benchmarks.slider_costs                               # tiny weights: UNet rows alone mean something
    python -m benchmarks.slider_costs --family sd15 --side 256      # full size, random weights: processor seconds too

A row is one sample through the UNet at the final's size; a smaller one counts by its area. The recipe: 30 steps with
guidance, 60 rows, whatever was moved. Ours: the draft that a move brings by itself, and the final on a click, each
after the picture before the move.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any
from unittest.mock import patch

import numpy as np
import torch

from benchmarks import full_size
from benchmarks.engine import canvas, direction, model_card
from benchmarks.timing import publish
from headshot.engines.base import Batch, Done
from headshot.engines.diffusion.device import Plan
from headshot.engines.diffusion.faceid_pipeline import FaceIDEngine
from headshot.engines.diffusion.families import SD15, SDXL, Family
from headshot.engines.diffusion.pipeline_parts import load_parts
from headshot.engines.encode_cache import EncodeCache
from headshot.types import Canvas, Direction
from tests.fixtures import tiny

FINISH = ("retouch.skin", "retouch.eyes", "retouch.sharpness", "retouch.contrast", "retouch.mono", "retouch.grain")
MOVES: Mapping[str, Any] = {
    **dict.fromkeys(FINISH, 0.7),
    "light.warmth": 0.5,
    "light.exposure": 0.2,
    "generate.identity_end": 0.5,
    "generate.guidance_end": 0.5,
    "generate.identity": 0.5,
    "generate.structure": 0.5,
    "generate.lora": 0.4,
    "generate.guidance": 6.0,
    "words": "by a window",
    "seed": 8,
}


@dataclass
class Cost:
    """Of one picture: UNet calls, their rows at the final's size, processor seconds."""

    calls: int = 0
    rows: float = 0.0
    seconds: float = 0.0


def moved(base: Direction, key: str, value: Any) -> Direction:
    """`base` with one control moved."""
    group, _, name = key.rpartition(".")
    return replace(base, **{group: replace(getattr(base, group), **{name: value})} if group else {key: value})


@contextmanager
def counted(side: int) -> Iterator[Cost]:
    """Count what the UNets do within it; `side` px of the final."""
    from diffusers import UNet2DConditionModel

    cost, inner, began = Cost(), UNet2DConditionModel.forward, time.process_time()

    def forward(self: Any, x: torch.Tensor, *args: Any, **more: Any) -> Any:
        cost.calls += 1
        cost.rows += x.shape[0] * x.shape[2] * x.shape[3] / (side / 8) ** 2
        return inner(self, x, *args, **more)

    with patch.object(UNet2DConditionModel, "forward", forward):
        yield cost
    cost.seconds = time.process_time() - began


def slider_costs(
    engine: FaceIDEngine,
    base: Direction,
    on: Canvas,
    who: Any,
    side: int,
    moves: Mapping[str, Any] = MOVES,
    modes: Sequence[str] = ("draft", "full"),
) -> dict[str, dict[str, Cost]]:
    """Count what each move costs after a picture of `base`, in each of `modes`."""
    found: dict[str, dict[str, Cost]] = {}
    for mode in modes:
        start, cache = replace(base, generate=replace(base.generate, mode=mode)), EncodeCache()
        for key, value in moves.items():
            _paint(engine, start, on, who, cache)
            with counted(side) as cost:
                _paint(engine, moved(start, key, value), on, who, cache)
            found.setdefault(key, {})[mode] = cost
    return found


def _paint(engine: FaceIDEngine, d: Direction, on: Canvas, who: Any, cache: EncodeCache) -> None:
    made = [x for x in engine.render_many(Batch([on], who, [d], cache)) if isinstance(x, Done)]
    assert made[0].result is not None


def small(family: Family, side: int) -> Family:
    """The family at another size, once over: a draft at three quarters of it, as SD1.5's."""
    return replace(family, native=side, over_canvas=side, draft_side=round(side * 0.75 / 8) * 8, multiple=8)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--family", choices=("tiny", "sd15", "sdxl"), default="tiny")
    parser.add_argument("--side", type=int, default=64)
    parser.add_argument("--steps", type=int, default=30)
    parser.add_argument("--moves", help="of the controls, with commas; by default all")
    parser.add_argument("--dtype", choices=("bfloat16", "float32"), default="float32")
    parser.add_argument("--json", type=Path)
    options = parser.parse_args()
    side, plan = options.side, Plan("cpu", options.dtype)
    wanted = options.moves.split(",") if options.moves else list(MOVES)
    with tempfile.TemporaryDirectory() as folder:
        if options.family == "tiny":
            parts = load_parts(SD15, tiny.save("sd15", Path(folder)).__getitem__, plan)
        else:
            parts = full_size.parts(options.family, plan, Path(folder))
        engine = FaceIDEngine(small(SDXL if options.family == "sdxl" else SD15, side), parts, preview_every=1e9)
        recipe = model_card(parts, "sd15" if options.family == "tiny" else options.family, 1, side)
        base = direction("full", 1, options.steps)
        with counted(side) as card:
            recipe()
        print("the model card's recipe:", card, flush=True)
        moves = {key: MOVES[key] for key in wanted}
        found = slider_costs(engine, base, canvas(side), tiny.face(1), side, moves)
    table = {key: {what: vars(cost) for what, cost in costs.items()} for key, costs in found.items()}
    cheaper = {
        f"{measure} of a {what}": card_cost
        / max(1e-9, float(np.mean([getattr(c[what], measure) for c in found.values()])))
        for what in ("draft", "full")
        for measure, card_cost in (("rows", card.rows), ("seconds", card.seconds))
    }
    publish({"recipe": vars(card), "moves": table, "mean move cheaper by": cheaper}, options.json)


if __name__ == "__main__":
    main()
