"""The networks' onnxruntime sessions, one for each file in a process."""

from __future__ import annotations

from functools import cache
from typing import Any

from headshot.types import F32
from headshot.weights.store import locate_or_fetch


def run(name: str, batch: F32) -> list[F32]:
    """The outputs of `name`.onnx for one input batch. Sessions hold no state between calls: no lock is needed."""
    session = _session(name)
    outputs: list[F32] = session.run(None, {session.get_inputs()[0].name: batch})
    return outputs


@cache
def _session(name: str) -> Any:
    import onnxruntime

    options = onnxruntime.SessionOptions()
    # The networks are small: a second thread costs more than it gives, and several visitors share the cores.
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    options.log_severity_level = 3
    path = locate_or_fetch("mediapipe") / f"{name}.onnx"
    return onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])
