"""A pack with buffalo_l's file names and tensor shapes and random weights, for InsightFace to run offline."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np

SIDE = 640  # the detector's input
STRIDES = (8, 16, 32)
# In units of the stride, from the anchor: left, top, right, bottom; then the five points.
BOX = np.float32([4, 5, 4, 5])
POINTS = np.float32([[-1.6, -1.6], [1.6, -1.6], [0, 0.3], [-1.3, 2], [1.3, 2]])


def build(folder: Path, faces: Sequence[tuple[int, int]] = ((320, 320),)) -> Path:
    """Write det_10g.onnx, which always reports `faces` (centres in its 640² input), and w600k_r50.onnx."""
    folder.mkdir(parents=True, exist_ok=True)
    _detector(folder / "det_10g.onnx", faces)
    _recogniser(folder / "w600k_r50.onnx")
    return folder


def _save(graph: object, path: Path) -> None:
    import onnx
    from onnx import helper

    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 13)])
    model.ir_version = 8
    onnx.checker.check_model(model)
    onnx.save(model, str(path))


def _detector(path: Path, faces: Sequence[tuple[int, int]]) -> None:
    """SCRFD's nine outputs: scores, boxes and points at three strides, two anchors a cell."""
    from onnx import TensorProto, helper, numpy_helper

    nodes = [
        helper.make_node("ReduceMean", ["input.1"], ["mean"], keepdims=0),
        helper.make_node("Mul", ["mean", "zero"], ["nothing"]),
    ]
    constants = [numpy_helper.from_array(np.float32(0), "zero")]
    outputs = []
    for group, width in (("score", 1), ("bbox", 4), ("kps", 10)):
        for stride in STRIDES:
            cells = SIDE // stride
            values = np.zeros((cells * cells * 2, width), np.float32)
            if stride == 32:
                for n, (x, y) in enumerate(faces):
                    anchor = (y // 32 * cells + x // 32) * 2
                    values[anchor] = {"score": 0.9 - 0.01 * n, "bbox": BOX, "kps": POINTS.ravel()}[group]
            name = f"{group}{stride}"
            constants.append(numpy_helper.from_array(values, f"{name}_values"))
            nodes.append(helper.make_node("Add", [f"{name}_values", "nothing"], [name]))
            outputs.append(helper.make_tensor_value_info(name, TensorProto.FLOAT, values.shape))
    image = helper.make_tensor_value_info("input.1", TensorProto.FLOAT, [1, 3, SIDE, SIDE])
    _save(helper.make_graph(nodes, "detector", [image], outputs, constants), path)


def _recogniser(path: Path) -> None:
    """112² RGB to 512 numbers: pooled pixels times a random matrix."""
    from onnx import TensorProto, helper, numpy_helper

    pool = 14
    matrix = np.random.default_rng(1).standard_normal((3 * pool * pool, 512)).astype(np.float32)
    side = 112 // pool
    nodes = [
        helper.make_node("AveragePool", ["input.1"], ["p"], kernel_shape=[side, side], strides=[side, side]),
        helper.make_node("Flatten", ["p"], ["f"], axis=1),
        helper.make_node("Gemm", ["f", "matrix"], ["out"]),
    ]
    image = helper.make_tensor_value_info("input.1", TensorProto.FLOAT, ["None", 3, 112, 112])
    out = helper.make_tensor_value_info("out", TensorProto.FLOAT, [1, 512])
    constants = [numpy_helper.from_array(matrix, "matrix")]
    _save(helper.make_graph(nodes, "recogniser", [image], [out], constants), path)
