"""Whether this process runs on ZeroGPU: read from the environment, without loading anything."""

from __future__ import annotations

import os


def on_zero_gpu() -> bool:
    """Tell whether this process runs on a Hugging Face Space that gets a GPU for each call (ZeroGPU)."""
    return bool(os.environ.get("SPACES_ZERO_GPU"))
