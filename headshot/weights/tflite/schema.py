"""Reads a TensorFlow Lite file: its tensors with their constant values, and its operators in order.

Format: tensorflow/lite/schema/schema.fbs, version 3. The numbers below are that schema's field positions and enum
values. Only what MediaPipe's models use is read.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from flatbuffers import flexbuffers, number_types
from flatbuffers.table import Table
from numpy.typing import NDArray

from headshot.weights.tflite.sparse import Level, densify

Array = NDArray[Any]

_INT, _UINT, _BYTE = number_types.Int32Flags, number_types.Uint32Flags, number_types.Int8Flags
_INDEX_TYPES = {1: number_types.Int32Flags, 2: number_types.Uint16Flags, 3: number_types.Uint8Flags}
_TENSOR_TYPES = {0: np.float32, 1: np.float16, 2: np.int32, 3: np.uint8, 4: np.int64, 9: np.int8}
_KINDS = {
    0: "ADD",
    1: "AVERAGE_POOL_2D",
    2: "CONCATENATION",
    3: "CONV_2D",
    4: "DEPTHWISE_CONV_2D",
    5: "DEPTH_TO_SPACE",
    6: "DEQUANTIZE",
    14: "LOGISTIC",
    17: "MAX_POOL_2D",
    18: "MUL",
    19: "RELU",
    22: "RESHAPE",
    23: "RESIZE_BILINEAR",
    32: "CUSTOM",
    34: "PAD",
    45: "STRIDED_SLICE",
    54: "PRELU",
    117: "HARD_SWISH",
    124: "DENSIFY",
}
# Options by operator: name → (field position, type, default).
_PADDING = {"padding": (0, _BYTE, 0), "stride_w": (1, _INT, 0), "stride_h": (2, _INT, 0)}
_OPTIONS: Mapping[str, Mapping[str, tuple[int, type, int]]] = {
    "ADD": {"activation": (0, _BYTE, 0)},
    "MUL": {"activation": (0, _BYTE, 0)},
    "CONCATENATION": {"axis": (0, _INT, 0)},
    "DEPTH_TO_SPACE": {"block_size": (0, _INT, 0)},
    "RESIZE_BILINEAR": {"align_corners": (2, _BYTE, 0), "half_pixel_centers": (3, _BYTE, 0)},
    "CONV_2D": {
        **_PADDING,
        "activation": (3, _BYTE, 0),
        "dilation_w": (4, _INT, 1),
        "dilation_h": (5, _INT, 1),
    },
    "DEPTHWISE_CONV_2D": {
        **_PADDING,
        "activation": (4, _BYTE, 0),
        "dilation_w": (5, _INT, 1),
        "dilation_h": (6, _INT, 1),
    },
    "MAX_POOL_2D": {**_PADDING, "filter_w": (3, _INT, 0), "filter_h": (4, _INT, 0), "activation": (5, _BYTE, 0)},
    "AVERAGE_POOL_2D": {**_PADDING, "filter_w": (3, _INT, 0), "filter_h": (4, _INT, 0), "activation": (5, _BYTE, 0)},
}


@dataclass(frozen=True)
class Tensor:
    """`shape` as in the file, channels last; `value` where it is a constant, sparse ones unpacked."""

    name: str
    shape: tuple[int, ...]
    value: Array | None = None


@dataclass(frozen=True)
class Operator:
    """`kind`: TFLite's own name, or that of the custom operator; tensors by index, -1 where one is left out."""

    kind: str
    inputs: tuple[int, ...]
    outputs: tuple[int, ...]
    options: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Model:
    """A TFLite file's only graph."""

    tensors: tuple[Tensor, ...]
    operators: tuple[Operator, ...]
    inputs: tuple[int, ...]
    outputs: tuple[int, ...]


def read_model(data: bytes) -> Model:
    """The model in a .tflite file's bytes. Raises ValueError where they are none or hold an unknown operator."""
    if data[4:8] != b"TFL3":
        raise ValueError("not a TensorFlow Lite file")
    root = _Record(Table(data, int.from_bytes(data[:4], "little")))
    graph = root.records(2)[0]
    buffers, codes = root.records(4), root.records(1)
    return Model(
        tuple(_tensor(t, buffers) for t in graph.records(0)),
        tuple(_operator(o, codes[o.number(0, _UINT)]) for o in graph.records(3)),
        _indices(graph, 1),
        _indices(graph, 2),
    )


def _tensor(record: _Record, buffers: list[_Record]) -> Tensor:
    shape = _indices(record, 0)
    raw = buffers[record.number(2, _UINT)].numbers(0, number_types.Uint8Flags)
    value = None
    if raw.size:
        value = np.frombuffer(raw.tobytes(), _TENSOR_TYPES[record.number(1, _BYTE)])
        sparsity = record.record(6)
        value = value.reshape(shape) if sparsity is None else _dense(value, shape, sparsity)
    return Tensor(record.text(3), shape, value)


def _dense(values: Array, shape: tuple[int, ...], sparsity: _Record) -> Array:
    levels = []
    for level in sparsity.records(2):
        if level.number(0, _BYTE) == 0:
            levels.append(Level(level.number(1, _INT)))
            continue
        vectors = [level.record(at + 1) for at in (2, 4)]
        types = [_INDEX_TYPES[level.number(at, number_types.Uint8Flags)] for at in (2, 4)]
        segments, indices = (v.numbers(0, t).astype(np.int64) for v, t in zip(vectors, types, strict=True) if v)
        levels.append(Level(0, segments, indices))
    return densify(values, shape, levels, _indices(sparsity, 0), _indices(sparsity, 1))


def _operator(record: _Record, code: _Record) -> Operator:
    # The newer field holds what does not fit into the older one's byte; the larger of the two is meant.
    number = max(code.number(0, _BYTE), code.number(3, _INT))
    if number not in _KINDS:
        raise ValueError(f"TensorFlow Lite operator {number} is not known here")
    kind, options = _KINDS[number], record.record(4)
    read: Mapping[str, Any] = {
        name: options.number(at, flags, default) if options else default
        for name, (at, flags, default) in _OPTIONS.get(kind, {}).items()
    }
    if kind == "CUSTOM":
        kind, custom = code.text(1), record.numbers(5, number_types.Uint8Flags)
        read = flexbuffers.Loads(custom.tobytes()) if custom.size else {}
    return Operator(kind, _indices(record, 1), _indices(record, 2), read)


def _indices(record: _Record, at: int) -> tuple[int, ...]:
    return tuple(int(i) for i in record.numbers(at, _INT))


class _Record:
    """A flatbuffer table, read by field position."""

    def __init__(self, table: Table) -> None:
        self._table = table

    def number(self, at: int, flags: type, default: int = 0) -> int:
        offset = self._offset(at)
        return int(self._table.Get(flags, self._table.Pos + offset)) if offset else default

    def numbers(self, at: int, flags: type) -> Array:
        offset = self._offset(at)
        return np.asarray(self._table.GetVectorAsNumpy(flags, offset)) if offset else np.zeros(0, np.int64)

    def text(self, at: int) -> str:
        offset = self._offset(at)
        return self._table.String(self._table.Pos + offset).decode() if offset else ""

    def record(self, at: int) -> _Record | None:
        offset = self._offset(at)
        return self._at(self._table.Pos + offset) if offset else None

    def records(self, at: int) -> list[_Record]:
        offset = self._offset(at)
        if not offset:
            return []
        start = self._table.Vector(offset)
        return [self._at(start + 4 * i) for i in range(self._table.VectorLen(offset))]

    def _offset(self, at: int) -> int:
        return int(self._table.Offset(4 + 2 * at))

    def _at(self, position: int) -> _Record:
        return _Record(Table(self._table.Bytes, self._table.Indirect(position)))
