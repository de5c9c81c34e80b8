"""TFLite → ONNX: a model built here byte by byte, computed by hand; and MediaPipe's own, the same bytes each time."""

from __future__ import annotations

import hashlib

import flatbuffers
import numpy as np
import onnxruntime
import pytest

from headshot.weights.store import weight
from headshot.weights.tflite.convert import to_onnx
from headshot.weights.wheel import WheelSource
from tests.fixtures.mediapipe_oracle import installed

PRELU, ADD, UNKNOWN = 54, 0, 99


def vector(builder: flatbuffers.Builder, offsets: list[int]) -> int:
    builder.StartVector(4, len(offsets), 4)
    for offset in reversed(offsets):
        builder.PrependUOffsetTRelative(offset)
    return builder.EndVector()


def table(builder: flatbuffers.Builder, fields: dict[int, tuple[str, int]]) -> int:
    """A table of offsets ("at") and numbers by field position."""
    builder.StartObject(8)
    for position, (kind, value) in fields.items():
        if kind == "at":
            builder.PrependUOffsetTRelativeSlot(position, value, 0)
        elif kind == "int":
            builder.PrependInt32Slot(position, value, 0)
        else:
            builder.PrependInt8Slot(position, value, 0)
    return builder.EndObject()


def tiny(code: int, constant: np.ndarray, shape: tuple[int, ...]) -> bytes:
    """A .tflite file of one operator: its input (`shape`), a constant, its output (`shape`). Schema as in schema.py."""
    b = flatbuffers.Builder(1024)
    ints = lambda values: b.CreateNumpyVector(np.array(values, np.int32))  # noqa: E731
    empty = table(b, {})
    held = table(b, {0: ("at", b.CreateNumpyVector(np.frombuffer(constant.tobytes(), np.uint8)))})
    tensors = []
    for name, size, buffer in (("x", shape, 0), ("c", constant.shape, 1), ("y", shape, 0)):
        sizes, said = ints(size), b.CreateString(name)
        tensors.append(table(b, {0: ("at", sizes), 2: ("int", buffer), 3: ("at", said)}))
    takes, gives = ints([0, 1]), ints([2])
    operator = table(b, {0: ("int", 0), 1: ("at", takes), 2: ("at", gives)})
    all_tensors, all_operators = vector(b, tensors), vector(b, [operator])
    enters, leaves = ints([0]), ints([2])
    graph = table(b, {0: ("at", all_tensors), 1: ("at", enters), 2: ("at", leaves), 3: ("at", all_operators)})
    codes = vector(b, [table(b, {0: ("byte", code), 3: ("int", code)})])
    graphs, buffers = vector(b, [graph]), vector(b, [empty, held])
    b.Finish(table(b, {0: ("int", 3), 1: ("at", codes), 2: ("at", graphs), 4: ("at", buffers)}), b"TFL3")
    return bytes(b.Output())


@pytest.mark.parametrize("slope", [0.25, 1.5])
def test_one_operator_computes_what_it_should(slope: float) -> None:
    """PReLU by channel."""
    slopes = np.array([[[slope, 0.5]]], np.float32)
    session = onnxruntime.InferenceSession(to_onnx(tiny(PRELU, slopes, (1, 3, 4, 2))))
    x = np.random.default_rng(1).normal(size=(1, 3, 4, 2)).astype(np.float32)
    (y,) = session.run(["y"], {"x": x})
    assert np.allclose(y, np.where(x > 0, x, x * slopes), rtol=1e-6, atol=1e-7)


def test_channels_stay_last_outside() -> None:
    constant = np.arange(3, dtype=np.float32)
    session = onnxruntime.InferenceSession(to_onnx(tiny(ADD, constant, (1, 2, 5, 3))))
    assert session.get_inputs()[0].shape == [1, 2, 5, 3]
    x = np.ones((1, 2, 5, 3), np.float32)
    assert np.array_equal(session.run(["y"], {"x": x})[0], x + constant)


@pytest.mark.parametrize(
    ("data", "said"),
    [(b"", "not a TensorFlow Lite file"), (b"PK\3\4 zip", "not a TensorFlow Lite file"), (None, "operator 99")],
)
def test_what_is_no_model_is_refused(data: bytes | None, said: str) -> None:
    with pytest.raises(ValueError, match=said):
        to_onnx(tiny(UNKNOWN, np.ones(2, np.float32), (1, 1, 1, 2)) if data is None else data)


def test_mediapipes_models_become_the_files_of_the_table() -> None:
    entry = weight("mediapipe")
    assert isinstance(entry.source, WheelSource)
    for file in entry.files:
        data = installed(entry.source.members[file.path].path)
        first, second = to_onnx(data), to_onnx(data)
        assert first == second and len(first) == file.bytes
        assert hashlib.sha256(first).hexdigest() == file.sha256
