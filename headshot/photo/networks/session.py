"""The networks' onnxruntime sessions, one for each file in a process."""

from __future__ import annotations

import os
import threading
from collections import defaultdict
from functools import cache
from pathlib import Path
from typing import Any

from headshot.environment import cache_folder, weights_folder, weights_path
from headshot.errors import UserError
from headshot.types import F32
from headshot.weights.store import digest, locate, locate_or_fetch, weight

_OPENING: defaultdict[Path, threading.Lock] = defaultdict(threading.Lock)  # one for each file
_FOUND: dict[tuple[Any, ...], Any] = {}  # sessions by what was asked for, and where it would be looked for
# A quarter of a second and more for a run: a second thread nearly halves it.
_LONG = ("u2netp", "rvm_mobilenetv3_fp32", "model")


def run(name: str, batch: F32, *, role: str = "mediapipe", **further: F32) -> list[F32]:
    """The outputs of `name`.onnx, a file of the weights called `role`, for one input batch and `further` inputs.

    Sessions hold no state between calls: no lock is needed. Raises WeightsMissing where the file is not here.
    """
    session = _session(role, name)
    outputs: list[F32] = session.run(None, {session.get_inputs()[0].name: batch, **further})
    return outputs


def is_here(role: str) -> bool:
    """Tell whether weights that no set-up brings are on this machine, whole. Nothing is fetched."""
    try:
        locate(role)
    except UserError:
        return False
    return True


def weights_sha256(role: str) -> str:
    """The sha256 of the one file of `role`, for a recipe. Raises WeightsMissing."""
    return digest(locate(role))


def open_session(model: str | bytes, *, threads: int = 0) -> Any:
    """Open an ONNX file, given by its path or its bytes. `threads` that work on one run; 0: as many as there are cores.

    onnxruntime would keep the most memory that any run ever needed, for each network for ever: half a gigabyte in all.
    Without its arena that goes back after each run, for 2% more work of the processor.
    """
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = threads
    options.log_severity_level = 3
    options.enable_cpu_mem_arena = False
    # Threads that spin between two pictures take the cores from whatever makes the next one.
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    return onnxruntime.InferenceSession(model, options, providers=["CPUExecutionProvider"])


def open_ahead(role: str, name: str) -> None:
    """Open the session of `name`.onnx before it is asked, if its file is here. Raises WeightsMissing."""
    _session(role, name, fetch=False)


def _session(role: str, name: str, *, fetch: bool = True) -> Any:
    asked = (role, name, weights_path(role), weights_folder(), cache_folder())
    if asked not in _FOUND:  # looking at each run whether the files are whole takes longer than a small network
        place = locate_or_fetch(role) if fetch and weight(role).setup else locate(role)
        path = place / f"{name}.onnx" if place.is_dir() else place
        with _OPENING[path]:  # one that is being opened ahead is waited for, not opened twice
            _FOUND[asked] = _opened(path)
    return _FOUND[asked]


@cache
def _opened(path: Path) -> Any:
    # Most networks are small: a second thread costs more than it gives, and several visitors share the cores.
    return open_session(str(path), threads=min(2, os.cpu_count() or 1) if path.stem in _LONG else 1)
