"""dlib's face recognition ResNet as an ONNX graph, out of dlib's own file: the same bytes each time.

The layers are those of `anet_type` (dlib's examples/dnn_face_recognition_ex.cpp); what they do at the edges is dlib's
too (dlib/dnn/layers.h): a convolution with stride 1 is padded by half its size, one with a larger stride and all
pooling not at all, and a sum of two unequal pictures fills up the smaller one with zeros at the bottom, at the right
and behind its channels. The affine layer behind each convolution is worked into its filters.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from headshot.types import F32
from headshot.weights.dlib.network_file import BLOCKS, NUMBERS, SIZE, Convolution, read_network

_OPSET, _IR = 13, 8


def to_onnx(data: bytes) -> bytes:
    """ONNX for dlib's own file: "faces" (n, 3, 150, 150) float32, normalised, to "descriptors" (n, 128).

    Raises ValueError where the file is not that network.
    """
    from onnx import TensorProto, helper

    weights, made = read_network(data), _Graph()
    shape = (32, (SIZE - 7) // 2 + 1)  # channels, and pixels each way
    convolutions = iter(weights.convolutions)
    x = made.relu(made.convolve("faces", next(convolutions), stride=2))
    x = made.node("MaxPool", [x], kernel_shape=[3, 3], strides=[2, 2])
    shape = (32, (shape[1] - 3) // 2 + 1)
    for block in BLOCKS:
        y = made.relu(made.convolve(x, next(convolutions), stride=2 if block.down else 1))
        y = made.convolve(y, next(convolutions), stride=1)
        after = (block.channels, shape[1])
        if block.down:
            x = made.node("AveragePool", [x], kernel_shape=[2, 2], strides=[2, 2])
            after = (block.channels, (shape[1] - 3) // 2 + 1)
            shape = (shape[0], (shape[1] - 2) // 2 + 1)
        whole = (max(shape[0], after[0]), max(shape[1], after[1]))
        x = made.relu(made.node("Add", [made.fill(x, shape, whole), made.fill(y, after, whole)]))
        shape = whole
    x = made.node("Flatten", [made.node("GlobalAveragePool", [x])], axis=1)
    made.node("MatMul", [x, made.constant(weights.projection)], output="descriptors")

    ends = [
        helper.make_tensor_value_info(name, TensorProto.FLOAT, size)
        for name, size in (("faces", ["n", 3, SIZE, SIZE]), ("descriptors", ["n", NUMBERS]))
    ]
    whole_graph = helper.make_graph(made.nodes, "dlib face recognition", ends[:1], ends[1:], made.constants)
    model = helper.make_model(whole_graph, opset_imports=[helper.make_opsetid("", _OPSET)])
    model.ir_version = _IR
    return bytes(model.SerializeToString())


class _Graph:
    """Nodes and constants in order; each method returns the name of what it adds."""

    def __init__(self) -> None:
        self.nodes: list[Any] = []
        self.constants: list[Any] = []

    def node(self, kind: str, inputs: list[str], output: str = "", **attributes: Any) -> str:
        from onnx import helper

        output = output or f"x{len(self.nodes)}"
        self.nodes.append(helper.make_node(kind, inputs, [output], **attributes))
        return output

    def constant(self, values: np.ndarray[Any, Any]) -> str:
        from onnx import numpy_helper

        name = f"c{len(self.constants)}"
        self.constants.append(numpy_helper.from_array(np.ascontiguousarray(values), name))
        return name

    def relu(self, x: str) -> str:
        return self.node("Relu", [x])

    def convolve(self, x: str, layer: Convolution, *, stride: int) -> str:
        """Fold a convolution and the affine layer behind it: γ·(w∗x + b) + β = (γw)∗x + (γb + β)."""
        filters: F32 = layer.filters * layer.gamma[:, None, None, None]
        size = filters.shape[-1]
        pad = size // 2 if stride == 1 else 0
        inputs = [x, self.constant(filters), self.constant(layer.bias * layer.gamma + layer.beta)]
        return self.node("Conv", inputs, kernel_shape=[size, size], strides=[stride] * 2, pads=[pad] * 4)

    def fill(self, x: str, shape: tuple[int, int], whole: tuple[int, int]) -> str:
        """`x` of `shape` (channels, pixels each way) with zeros behind it up to `whole`; as it is where it fits."""
        if shape == whole:
            return x
        channels, pixels = whole[0] - shape[0], whole[1] - shape[1]
        return self.node("Pad", [x, self.constant(np.array([0, 0, 0, 0, 0, channels, pixels, pixels], np.int64))])
