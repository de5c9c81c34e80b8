"""An ONNX graph that grows operator by operator, with TFLite's tensors by index.

TFLite has the channels last, ONNX first: activations of four dimensions are kept channels first throughout, and
turned only where they come in, go out, or change their shape.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from headshot.weights.tflite.schema import Model

Array = NDArray[Any]

OPSET = 17
IR_VERSION = 8
CHANNELS_LAST, CHANNELS_FIRST = [0, 2, 3, 1], [0, 3, 1, 2]


class Graph:
    """Nodes and constants so far. Names are numbered in order: the same model gives the same bytes."""

    def __init__(self, model: Model) -> None:
        self.tensors = model.tensors
        self.constants: dict[int, Array] = {i: t.value for i, t in enumerate(model.tensors) if t.value is not None}
        self._names: dict[int, str] = {}
        self._nodes: list[Any] = []
        self._initializers: list[Any] = []
        self._inputs: list[Any] = []
        self._outputs: list[Any] = []
        self._count = 0

    def shape(self, index: int) -> tuple[int, ...]:
        """Of a tensor, as TFLite has it."""
        return self.tensors[index].shape

    def node(self, operator: str, inputs: list[str], **attributes: Any) -> str:
        """Append a node with one output; the output's name."""
        from onnx import helper

        name = self._name()
        self._nodes.append(helper.make_node(operator, inputs, [name], **attributes))
        return name

    def constant(self, values: Any) -> str:
        """Append a constant; its name. In single precision, which costs disk and saves time at each start."""
        from onnx import numpy_helper

        values = np.ascontiguousarray(values) if np.ndim(values) else np.asarray(values)
        name = self._name()
        self._initializers.append(numpy_helper.from_array(values, name))
        return name

    def integers(self, *values: int) -> str:
        """Append a vector of int64; its name."""
        return self.constant(np.array(values, np.int64))

    def value(self, index: int) -> str:
        """The name of a tensor's value, channels first where it has four dimensions."""
        if index not in self._names:
            values = self.constants[index]
            self._names[index] = self.constant(values.transpose(CHANNELS_FIRST) if values.ndim == 4 else values)
        return self._names[index]

    def set(self, index: int, name: str) -> None:
        """Say that a tensor's value is `name`."""
        self._names[index] = name

    def add_input(self, index: int) -> None:
        """Declare an input, channels last as in TFLite."""
        tensor = self.tensors[index]
        self._inputs.append(self._described(index))
        self._names[index] = self.node("Transpose", [tensor.name], perm=CHANNELS_FIRST)

    def add_output(self, index: int) -> None:
        """Declare an output, channels last as in TFLite."""
        from onnx import helper

        name = self.channels_last(index)
        self._nodes.append(helper.make_node("Identity", [name], [self.tensors[index].name]))
        self._outputs.append(self._described(index))

    def channels_last(self, index: int) -> str:
        """The name of a tensor's value with the channels where TFLite has them."""
        name = self.value(index)
        return self.node("Transpose", [name], perm=CHANNELS_LAST) if len(self.shape(index)) == 4 else name

    def to_bytes(self) -> bytes:
        """The checked model, serialised."""
        import onnx
        from onnx import helper

        graph = helper.make_graph(self._nodes, "tflite", self._inputs, self._outputs, self._initializers)
        model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", OPSET)], ir_version=IR_VERSION)
        onnx.checker.check_model(model)
        return bytes(model.SerializeToString(deterministic=True))

    def _described(self, index: int) -> Any:
        from onnx import TensorProto, helper

        return helper.make_tensor_value_info(self.tensors[index].name, TensorProto.FLOAT, self.shape(index))

    def _name(self) -> str:
        self._count += 1
        return f"t{self._count}"
