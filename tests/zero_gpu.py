"""A process as on a ZeroGPU Space before a GPU is lent: the real `spaces` has its hands on torch, and there is no GPU.

Run by test_engine_zero.py in a process of its own, as the patch is for good. A CPU build of torch lacks what the patch
takes hold of; that much is put in. Prints one JSON object.
"""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path

os.environ |= {"SPACES_ZERO_GPU": "1", "SPACES_ZERO_DEVICE_API_URL": "http://127.0.0.1:9"}

import torch

if torch.version.cuda is None:
    torch.version.cuda = "12.8"
    torch._C._cuda_init = lambda: None
    torch.cuda._is_in_bad_fork = torch.cuda.is_available

import spaces.zero  # noqa: F401 - patches torch
from spaces.zero.torch.patching import cuda_aliases

from headshot.engines.diffusion import device
from headshot.engines.diffusion.faceid_pipeline import FaceIDEngine
from headshot.engines.diffusion.families import SD15
from headshot.engines.diffusion.pipeline_parts import load_parts
from tests import tiny


def main(folder: Path) -> None:
    plan = device.choose(resident_gb=SD15.resident_gb, row_gb=SD15.row_gb)
    engine = FaceIDEngine(SD15, load_parts(SD15, tiny.save("sd15", folder).__getitem__, plan))
    engine.prepare()
    base = dict(engine.parts.unet.named_parameters())
    changed = {
        role: sum(not torch.equal(cuda_aliases[p], cuda_aliases[base[name]]) for name, p in unet.named_parameters())
        for role, unet in engine.quick._made.items()
    }
    where = sorted({str(p.device) for unet in engine.quick._made.values() for p in unet.parameters()})
    print(json.dumps({"plan": plan.device, "changed": changed, "where": where}))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
