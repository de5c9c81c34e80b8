"""Whether this process runs on ZeroGPU, and with a torch that it takes: told without loading anything."""

from __future__ import annotations

import os
from importlib.metadata import version

TORCH = ("2.8.0", "2.9.1", "2.10.0", "2.11.0")  # what the platform takes, as its documentation of 2026 lists it


def on_zero_gpu() -> bool:
    """Tell whether this process runs on a Hugging Face Space that gets a GPU for each call (ZeroGPU)."""
    return bool(os.environ.get("SPACES_ZERO_GPU"))


def other_torch() -> str:
    """Return the version of torch where it is none that ZeroGPU is known to take, else ""."""
    here = version("torch").partition("+")[0]
    return "" if here in TORCH else here
