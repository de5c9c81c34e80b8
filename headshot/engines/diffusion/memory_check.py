"""How much memory an engine's modules take, read from its files before they are loaded.

Where memory does not suffice, Linux ends the process without a word: so it is counted beforehand.
"""

from __future__ import annotations

import json
import math
import struct
from pathlib import Path

from headshot.direction.engine_table import engine_info
from headshot.engines.diffusion.device import Plan, has_room
from headshot.engines.diffusion.families import Family
from headshot.engines.diffusion.pipeline_parts import Locate
from headshot.errors import EngineUnavailable, WeightsMissing
from headshot.language import tr
from headshot.weights.store import size

_MODULES = ("unet", "vae", "text_encoder", "text_encoder_2")  # of a base's folder; whatever else lies there stays there


def elements(path: Path) -> int:
    """Count the numbers in a model's file or folder. Only headers are read."""
    if path.is_dir():
        own = _files(path) if (path / "config.json").is_file() else []
        return sum(map(elements, own or [file for name in _MODULES for file in _files(path / name)]))
    if path.suffix != ".safetensors":
        return _in_pickle(path)
    with path.open("rb") as file:
        (length,) = struct.unpack("<Q", file.read(8))
        header = json.loads(file.read(length))
    return sum(math.prod(entry["shape"]) for name, entry in header.items() if name != "__metadata__")


def _in_pickle(path: Path) -> int:
    """Count the numbers in a .bin without reading tensors or running code; a damaged one fails when it is loaded."""
    import pickle

    import torch

    try:
        state = torch.load(path, map_location="meta", mmap=True, weights_only=True)
    except (pickle.UnpicklingError, RuntimeError, EOFError, OSError):
        return path.stat().st_size // 2

    def count(value: object) -> int:
        if isinstance(value, torch.Tensor):
            return value.numel()
        return sum(map(count, value.values())) if isinstance(value, dict) else 0

    return count(state)


def _files(folder: Path) -> list[Path]:
    """List the weight files of one module, in one of the variants that are there (each has as many numbers)."""
    found = list(folder.glob("*.safetensors")) or list(folder.glob("*.bin"))
    return [p for p in found if ".fp16" in p.name] or found


def needed(family: Family, locate: Locate, plan: Plan) -> int:
    """Count the bytes of all modules of `family` in the plan's dtype; a role that is not here counts nothing."""
    each = 4 if plan.dtype == "float32" else 2
    total = 0
    for role in (family.base, family.vae, family.adapter, family.image_encoder, family.taesd, family.safety):
        try:
            total += each * elements(locate(role))
        except WeightsMissing:
            continue
    return total


def check_room(family: Family, locate: Locate, plan: Plan) -> None:
    """Raise EngineUnavailable where the modules do not fit into the memory that is free."""
    if plan.device == "cuda":  # offloading and the allocator's own error see to it
        return
    total = needed(family, locate, plan)
    if not has_room(total, "cpu"):
        smaller = ", or choose the SD1.5 engine" if family.architecture == "sdxl" else ""
        title = engine_info(family.name).title
        what = tr(
            "{title} needs {size} of memory on this machine, and that much is not free.", title=title, size=size(total)
        )
        raise EngineUnavailable(what, tr("Close other programs{smaller}.", smaller=smaller))
