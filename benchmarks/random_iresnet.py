"""Recognisers of AuraFace's and buffalo_l's size with random weights: what they cost, where the real ones are not here.

InsightFace's iresnet (https://github.com/deepinsight/insightface, recognition/arcface_torch/backbones/iresnet.py):
112² RGB, blocks of norm, convolution, PReLU, convolution; 512 numbers at the end. Their answers mean nothing.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np

R50, R100 = (3, 4, 14, 3), (3, 13, 30, 3)


class _Net:
    def __init__(self) -> None:
        self.random = np.random.default_rng(0)
        self.nodes: list[object] = []
        self.constants: list[object] = []

    def _named(self, array: np.ndarray) -> str:
        from onnx import numpy_helper

        name = f"c{len(self.constants)}"
        self.constants.append(numpy_helper.from_array(array.astype(np.float32), name))
        return name

    def _add(self, kind: str, inputs: list[str], **how: object) -> str:
        from onnx import helper

        name = f"n{len(self.nodes)}"
        self.nodes.append(helper.make_node(kind, inputs, [name], **how))
        return name

    def conv(self, x: str, into: int, out: int, kernel: int, stride: int = 1) -> str:
        weights = self.random.standard_normal((out, into, kernel, kernel)) / np.sqrt(into * kernel * kernel)
        return self._add(
            "Conv",
            [x, self._named(weights), self._named(np.zeros(out))],
            kernel_shape=[kernel] * 2,
            strides=[stride] * 2,
            pads=[kernel // 2] * 4,
        )

    def norm(self, x: str, width: int) -> str:
        ones, zeros = np.ones(width), np.zeros(width)
        return self._add("BatchNormalization", [x, *(self._named(v) for v in (ones, zeros, zeros, ones))])

    def prelu(self, x: str, width: int) -> str:
        return self._add("PRelu", [x, self._named(np.full((width, 1, 1), 0.25))])

    def block(self, x: str, into: int, out: int, stride: int) -> str:
        inner = self.prelu(self.conv(self.norm(x, into), into, out, 3), out)
        inner = self.conv(inner, out, out, 3, stride)
        return self._add("Add", [inner, x if stride == 1 else self.conv(x, into, out, 1, stride)])

    def flat(self, x: str) -> str:
        weights = self.random.standard_normal((512 * 7 * 7, 512)) / 160
        return self._add("Gemm", [self._add("Flatten", [x]), self._named(weights), self._named(np.zeros(512))])


def build(path: Path, layers: tuple[int, ...]) -> Path:
    """Write an iresnet of so many blocks in its four stages."""
    import onnx
    from onnx import TensorProto, helper

    net, width = _Net(), 64
    x = net.prelu(net.conv("input", 3, 64, 3), 64)
    for out, blocks in zip((64, 128, 256, 512), layers, strict=True):
        for number in range(blocks):
            x = net.block(x, width, out, 2 if number == 0 else 1)
            width = out
    last = net.flat(net.norm(x, 512))
    image = helper.make_tensor_value_info("input", TensorProto.FLOAT, [1, 3, 112, 112])
    embedding = helper.make_tensor_value_info(last, TensorProto.FLOAT, [1, 512])
    graph = helper.make_graph(net.nodes, "iresnet", [image], [embedding], net.constants)
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 13)])
    model.ir_version = 8
    onnx.save(model, str(path))
    return path
