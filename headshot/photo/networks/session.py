"""The networks' onnxruntime sessions, one for each file in a process."""

from __future__ import annotations

from functools import cache
from typing import Any

from headshot.types import F32
from headshot.weights.store import locate, locate_or_fetch, weight


def run(name: str, batch: F32, *, role: str = "mediapipe", **further: F32) -> list[F32]:
    """The outputs of `name`.onnx, a file of the weights called `role`, for one input batch and `further` inputs.

    Sessions hold no state between calls: no lock is needed. Raises WeightsMissing where the file is not here.
    """
    session = _session(role, name)
    outputs: list[F32] = session.run(None, {session.get_inputs()[0].name: batch, **further})
    return outputs


@cache
def _session(role: str, name: str) -> Any:
    import onnxruntime

    options = onnxruntime.SessionOptions()
    # The networks are small: a second thread costs more than it gives, and several visitors share the cores.
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    options.log_severity_level = 3
    place = locate_or_fetch(role) if weight(role).setup else locate(role)
    path = place / f"{name}.onnx" if place.is_dir() else place
    return onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])
