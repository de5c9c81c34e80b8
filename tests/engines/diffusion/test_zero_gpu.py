"""What stands on the device of a ZeroGPU Space before a call is lent one: with the real `spaces`, without a GPU."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests import ROOT

pytest.importorskip("spaces")


@pytest.mark.sweep
def test_all_unets_are_made_while_the_gpu_is_only_pretended(tmp_path: Path) -> None:
    """Copies and merged LoRAs are made under the patched torch and lie on its "cuda", to go over with the rest."""
    command = [sys.executable, "-m", "tests.fixtures.zero_gpu", str(tmp_path)]
    run = subprocess.run(
        command, cwd=ROOT, env={**os.environ, "OMP_NUM_THREADS": "1"}, capture_output=True, text=True, timeout=300
    )
    assert run.returncode == 0, run.stderr
    said = json.loads(run.stdout.splitlines()[-1])
    assert said["plan"] == "cuda" and said["where"] == ["cuda:0"]
    assert set(said["changed"]) == {"hyper-sd15-4step", "hyper-sd15-8step-cfg"}
    assert min(said["changed"].values()) > 10
