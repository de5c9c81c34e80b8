"""MediaPipe's custom TFLite operators as ONNX nodes: those of the attention mesh and of selfie segmentation.

Reference: mediapipe/util/tflite/operations (Apache-2.0), version 2 of each.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from headshot.weights.tflite.graph import Graph
from headshot.weights.tflite.schema import Operator


def _transposed_convolution(graph: Graph, operator: Operator) -> str:
    """Convolution2DTransposeBias, where it doubles the size by 2 × 2 kernels that do not overlap."""
    data, weights, bias = operator.inputs
    kernel = graph.constants[weights].transpose(3, 0, 1, 2)
    if graph.shape(operator.outputs[0])[1] != 2 * graph.shape(data)[1] or kernel.shape[2:] != (2, 2):
        raise ValueError("only a transposed convolution of 2 × 2 with stride 2 is known here")
    inputs = [graph.value(data), graph.constant(kernel), graph.constant(graph.constants[bias])]
    return graph.node("ConvTranspose", inputs, strides=[2, 2], kernel_shape=[2, 2])


def _landmarks_to_matrix(graph: Graph, operator: Operator) -> str:
    """Landmarks (1, n, 2) → (1, 4, 4) from the crop's px to the picture's: turned upright, round chosen points."""
    options = operator.options
    if options["target_rotation_radians"] != 0:
        raise ValueError("only an upright target is known here")
    points = graph.value(operator.inputs[0])
    xy = graph.node("Slice", [points, graph.integers(0), graph.integers(2), graph.integers(2)])
    right, left = (
        graph.node("Gather", [xy, graph.integers(options[f"{side}_rotation_idx"])], axis=1)
        for side in ("right", "left")
    )
    line = graph.node("Sub", [right, left])
    unit = graph.node("Div", [line, graph.node("ReduceL2", [line], axes=[2], keepdims=1)])
    cos = graph.node("Slice", [unit, graph.integers(0), graph.integers(1), graph.integers(2)])
    sin = graph.node("Slice", [unit, graph.integers(1), graph.integers(2), graph.integers(2)])
    rows = [
        graph.node("Concat", [cos, graph.node("Neg", [sin])], axis=2),
        graph.node("Concat", [sin, cos], axis=2),
    ]
    rotation = graph.node("Concat", rows, axis=1)  # points @ rotation stand upright
    chosen = graph.node("Gather", [xy, graph.integers(*options["subset_idxs"])], axis=1)
    upright = graph.node("MatMul", [chosen, rotation])
    high = graph.node("ReduceMax", [upright], axes=[1], keepdims=1)
    low = graph.node("ReduceMin", [upright], axes=[1], keepdims=1)
    middle = graph.node("Mul", [graph.node("Add", [high, low]), graph.constant(np.float32(0.5))])
    middle = graph.node("MatMul", [middle, graph.node("Transpose", [rotation], perm=[0, 2, 1])])
    width, height = options["output_width"], options["output_height"]
    scale = np.array([[[options["scale_x"] / width, options["scale_y"] / height]]], np.float32)
    size = graph.node("Mul", [graph.node("Sub", [high, low]), graph.constant(scale)])
    linear = graph.node("Mul", [rotation, size])
    half = graph.constant(np.array([[[width / 2], [height / 2]]], np.float32))
    middle = graph.node("Transpose", [middle], perm=[0, 2, 1])
    shift = graph.node("Sub", [middle, graph.node("MatMul", [linear, half])])
    top = graph.node("Concat", [linear, graph.constant(np.zeros((1, 2, 1), np.float32)), shift], axis=2)
    rest = graph.constant(np.array([[[0, 0, 1, 0], [0, 0, 0, 1]]], np.float32))
    return graph.node("Concat", [top, rest], axis=1)


def _sample(graph: Graph, operator: Operator) -> str:
    """TransformTensorBilinear: a crop where the matrix says, from half-pixel centres, 0 beyond the borders."""
    from onnx import TensorProto

    data, matrix = operator.inputs
    _, height, width, _ = graph.shape(data)
    _, rows, columns, _ = graph.shape(operator.outputs[0])
    y, x = np.mgrid[:rows, :columns]
    centres = np.stack([x + 0.5, y + 0.5], -1).reshape(1, -1, 2).astype(np.float32)
    at = graph.node("Sub", [_transformed(graph, graph.constant(centres), matrix), graph.constant(np.float32(0.5))])
    span = graph.constant(np.array([2 / (width - 1), 2 / (height - 1)], np.float32))
    grid = graph.node("Sub", [graph.node("Mul", [at, span]), graph.constant(np.float32(1))])
    furthest = graph.node("ReduceMax", [graph.node("Abs", [grid])], axes=[2], keepdims=1)
    inside = graph.node("LessOrEqual", [furthest, graph.constant(np.float32(1))])
    mask = graph.node(
        "Reshape", [graph.node("Cast", [inside], to=TensorProto.FLOAT), graph.integers(1, 1, rows, columns)]
    )
    grid = graph.node("Reshape", [grid, graph.integers(1, rows, columns, 2)])
    options = {"mode": "bilinear", "padding_mode": "zeros", "align_corners": 1}
    return graph.node("Mul", [graph.node("GridSample", [graph.value(data), grid], **options), mask])


def _transform_landmarks(graph: Graph, operator: Operator) -> str:
    """Landmarks (1, n, 2) moved by a (1, 4, 4) matrix."""
    points, matrix = operator.inputs
    return _transformed(graph, graph.value(points), matrix)


def _transformed(graph: Graph, points: str, matrix: int) -> str:
    """Points (1, n, 2) moved by the first two rows of the matrix."""
    name, axes = graph.value(matrix), graph.integers(0, 1, 2)
    linear = graph.node("Slice", [name, graph.integers(0, 0, 0), graph.integers(1, 2, 2), axes])
    shift = graph.node("Slice", [name, graph.integers(0, 0, 3), graph.integers(1, 2, 4), axes])
    turned = graph.node("MatMul", [points, graph.node("Transpose", [linear], perm=[0, 2, 1])])
    return graph.node("Add", [turned, graph.node("Transpose", [shift], perm=[0, 2, 1])])


CUSTOM_OPERATORS: dict[str, Callable[[Graph, Operator], str]] = {
    "Convolution2DTransposeBias": _transposed_convolution,
    "Landmarks2TransformMatrix": _landmarks_to_matrix,
    "TransformTensorBilinear": _sample,
    "TransformLandmarks": _transform_landmarks,
}
