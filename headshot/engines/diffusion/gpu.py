"""Whether this machine has a GPU at all, told without loading torch (seconds)."""

from __future__ import annotations

import platform
import sys
from pathlib import Path
from shutil import which

from headshot.engines.diffusion import device
from headshot.engines.diffusion.zero_gpu import on_zero_gpu

# NVIDIA's and AMD's driver on Linux, and Windows' GPU within WSL.
_DEVICES = ("/dev/nvidiactl", "/dev/kfd", "/dev/dxg")


def gpu_likely() -> bool:
    """Tell whether there is a GPU to paint on: from torch where it is loaded already, else from the drivers' files."""
    if on_zero_gpu():
        return True
    if "torch" in sys.modules:
        return device.kind() != "cpu"
    if sys.platform == "darwin":
        return platform.machine() == "arm64"
    return any(Path(p).exists() for p in _DEVICES) or which("nvidia-smi") is not None
