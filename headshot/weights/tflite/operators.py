"""TFLite's own operators as ONNX nodes: each function returns the name of the operator's output."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from headshot.weights.tflite.graph import CHANNELS_FIRST, Array, Graph
from headshot.weights.tflite.schema import Operator

_SAME = 0  # TFLite's Padding enum
_NONE, _RELU, _RELU6 = 0, 1, 3  # its ActivationFunctionType


def _activated(graph: Graph, name: str, activation: int) -> str:
    if activation == _NONE:
        return name
    if activation == _RELU:
        return graph.node("Relu", [name])
    if activation == _RELU6:
        return graph.node("Clip", [name, graph.constant(np.float32(0)), graph.constant(np.float32(6))])
    raise ValueError(f"TensorFlow Lite activation {activation} is not known here")


def _window(graph: Graph, operator: Operator, kernel: tuple[int, ...]) -> dict[str, list[int]]:
    """Kernel, strides and pads of a convolution or pooling."""
    options = operator.options
    strides = [options["stride_h"], options["stride_w"]]
    pads = [(0, 0), (0, 0)]
    if options["padding"] == _SAME:
        dilation = [options.get("dilation_h", 1), options.get("dilation_w", 1)]
        pads = []
        for size, k, stride, step in zip(graph.shape(operator.inputs[0])[1:3], kernel, strides, dilation, strict=True):
            need = max((-(-size // stride) - 1) * stride + (k - 1) * step + 1 - size, 0)
            pads.append((need // 2, need - need // 2))
    (top, bottom), (left, right) = pads
    return {"kernel_shape": list(kernel), "strides": strides, "pads": [top, left, bottom, right]}


def _convolution(graph: Graph, operator: Operator) -> str:
    data, weights, *bias = operator.inputs
    options = operator.options
    each = operator.kind == "DEPTHWISE_CONV_2D"
    kernel = graph.constants[weights].transpose((3, 0, 1, 2) if each else CHANNELS_FIRST)
    name = graph.node(
        "Conv",
        [graph.value(data), graph.constant(kernel), *(graph.constant(graph.constants[b]) for b in bias if b >= 0)],
        group=graph.shape(data)[3] if each else 1,
        dilations=[options["dilation_h"], options["dilation_w"]],
        **_window(graph, operator, kernel.shape[2:]),
    )
    return _activated(graph, name, options["activation"])


def _pooling(graph: Graph, operator: Operator) -> str:
    options = operator.options
    name = graph.node(
        "MaxPool" if operator.kind == "MAX_POOL_2D" else "AveragePool",
        [graph.value(operator.inputs[0])],
        **_window(graph, operator, (options["filter_h"], options["filter_w"])),
    )
    return _activated(graph, name, options["activation"])


def _arithmetic(graph: Graph, operator: Operator) -> str:
    names = []
    for index in operator.inputs:
        constant = graph.constants.get(index)
        if constant is not None and constant.ndim in (1, 3) and len(graph.shape(operator.outputs[0])) == 4:
            names.append(_per_channel(graph, constant))
        else:
            names.append(graph.value(index))
    name = graph.node("Add" if operator.kind == "ADD" else "Mul", names)
    return _activated(graph, name, operator.options["activation"])


def _per_channel(graph: Graph, values: Array) -> str:
    """A constant (c,) or (h, w, c), so that it broadcasts over channels first."""
    return graph.constant(values.reshape(-1, 1, 1) if values.ndim == 1 else values.transpose(2, 0, 1))


def _prelu(graph: Graph, operator: Operator) -> str:
    """PReLU as slope · x + (1 − slope) · ReLU(x): onnxruntime takes twice the time over its own PRelu."""
    data, slope = operator.inputs
    name, factors = graph.value(data), graph.constants[slope]
    positive = graph.node("Mul", [graph.node("Relu", [name]), _per_channel(graph, 1 - factors)])
    return graph.node("Add", [graph.node("Mul", [name, _per_channel(graph, factors)]), positive])


def _pad(graph: Graph, operator: Operator) -> str:
    pads = graph.constants[operator.inputs[1]][CHANNELS_FIRST].astype(np.int64)
    return graph.node("Pad", [graph.value(operator.inputs[0]), graph.constant(pads.T.ravel())])


def _resize(graph: Graph, operator: Operator) -> str:
    options = operator.options
    mode = "asymmetric"
    if options["align_corners"]:
        mode = "align_corners"
    elif options["half_pixel_centers"]:
        mode = "half_pixel"
    _, height, width, channels = graph.shape(operator.outputs[0])
    inputs = [graph.value(operator.inputs[0]), "", "", graph.integers(1, channels, height, width)]
    return graph.node("Resize", inputs, mode="linear", coordinate_transformation_mode=mode)


def _reshape(graph: Graph, operator: Operator) -> str:
    shape = graph.shape(operator.outputs[0])
    name = graph.node("Reshape", [graph.channels_last(operator.inputs[0]), graph.integers(*shape)])
    return graph.node("Transpose", [name], perm=CHANNELS_FIRST) if len(shape) == 4 else name


def _concatenation(graph: Graph, operator: Operator) -> str:
    axis = operator.options["axis"]
    if len(graph.shape(operator.outputs[0])) == 4:
        axis = CHANNELS_FIRST.index(axis % 4)
    return graph.node("Concat", [graph.value(i) for i in operator.inputs], axis=axis)


def _depth_to_space(graph: Graph, operator: Operator) -> str:
    block = operator.options["block_size"]
    return graph.node("DepthToSpace", [graph.value(operator.inputs[0])], blocksize=block, mode="DCR")


def _whole_slice(graph: Graph, operator: Operator) -> str:
    data, *parts = operator.inputs
    begin, end, step = (graph.constants[p] for p in parts)
    if begin.any() or tuple(end) != graph.shape(data) or (step != 1).any():
        raise ValueError("a TensorFlow Lite slice that leaves something out is not known here")
    return graph.value(data)


def _elementwise(onnx_name: str) -> Callable[[Graph, Operator], str]:
    return lambda graph, operator: graph.node(onnx_name, [graph.value(operator.inputs[0])])


OPERATORS: dict[str, Callable[[Graph, Operator], str]] = {
    "ADD": _arithmetic,
    "AVERAGE_POOL_2D": _pooling,
    "CONCATENATION": _concatenation,
    "CONV_2D": _convolution,
    "DEPTHWISE_CONV_2D": _convolution,
    "DEPTH_TO_SPACE": _depth_to_space,
    "HARD_SWISH": _elementwise("HardSwish"),
    "LOGISTIC": _elementwise("Sigmoid"),
    "MAX_POOL_2D": _pooling,
    "MUL": _arithmetic,
    "PAD": _pad,
    "PRELU": _prelu,
    "RELU": _elementwise("Relu"),
    "RESHAPE": _reshape,
    "RESIZE_BILINEAR": _resize,
    "STRIDED_SLICE": _whole_slice,
}
