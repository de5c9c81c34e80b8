"""dlib's face recognition ResNet as an ONNX graph, built in memory from dlib's own file, and run by onnxruntime.

The layers are those of `anet_type` (dlib's examples/dnn_face_recognition_ex.cpp); what they do at the edges is dlib's
too (dlib/dnn/layers.h): a convolution with stride 1 is padded by half its size, one with a larger stride and all
pooling not at all, and a sum of two unequal pictures fills up the smaller one with zeros at the bottom, at the right
and behind its channels. The affine layer behind each convolution is worked into its filters.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np

from headshot.authenticity.recognition.dlib_weights import BLOCKS, MEAN, NUMBERS, SIZE, Convolution, Weights, read
from headshot.photo.networks.session import open_session
from headshot.types import F32, F64, U8

_OPSET, _IR = 13, 8


class Resnet:
    """The network of the file at `path`, ready to run. Raises ValueError for another file, OSError for none."""

    def __init__(self, path: Path) -> None:
        self._session: Any = open_session(graph(read(path)))

    def descriptors(self, faces: U8) -> F64:
        """Describe, (n, 128) float64, n aligned faces, (n, 150, 150, 3) uint8 RGB; ValueError for another shape."""
        if faces.shape[1:] != (SIZE, SIZE, 3) or faces.dtype != np.uint8:
            raise ValueError(f"faces of {faces.shape} {faces.dtype} instead of (n, {SIZE}, {SIZE}, 3) uint8")
        feed = (faces.astype(np.float32) - np.asarray(MEAN, np.float32)) / np.float32(256)
        feed = np.ascontiguousarray(feed.transpose(0, 3, 1, 2))
        return np.asarray(self._session.run(None, {"faces": feed})[0], np.float64)


def graph(weights: Weights) -> bytes:
    """Build the network as an ONNX model: "faces" (n, 3, 150, 150) float32, normalised, to "descriptors" (n, 128)."""
    from onnx import TensorProto, helper

    made = _Graph()
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
