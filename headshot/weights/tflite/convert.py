"""A .tflite file's bytes → an ONNX file's: opset 17, standard operators only, the same bytes each time."""

from __future__ import annotations

import numpy as np

from headshot.weights.tflite.custom_operators import CUSTOM_OPERATORS
from headshot.weights.tflite.graph import Graph
from headshot.weights.tflite.operators import OPERATORS
from headshot.weights.tflite.schema import read_model

_KNOWN = {**OPERATORS, **CUSTOM_OPERATORS}


def to_onnx(data: bytes) -> bytes:
    """ONNX for a float .tflite model with one input. Inputs and outputs keep their names and shapes.

    Raises ValueError where the file holds what is not known here.
    """
    model = read_model(data)
    graph = Graph(model)
    for index in model.inputs:
        graph.add_input(index)
    for operator in model.operators:
        result = operator.outputs[0]
        if operator.kind in ("DEQUANTIZE", "DENSIFY"):  # of constants: half precision, and sparse ones
            graph.constants[result] = graph.constants[operator.inputs[0]].astype(np.float32)
        elif operator.kind in _KNOWN:
            graph.set(result, _KNOWN[operator.kind](graph, operator))
        else:
            raise ValueError(f"the TensorFlow Lite operator {operator.kind} is not known here")
    for index in model.outputs:
        graph.add_output(index)
    return graph.to_bytes()
