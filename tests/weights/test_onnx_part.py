"""The part of a network that leads to one of its outputs: the same answer, and nothing of the others."""

from __future__ import annotations

import numpy as np
import onnx
import onnxruntime
import pytest
from onnx import TensorProto, helper, numpy_helper

from headshot.weights.onnx_part import up_to


def two_outputs() -> bytes:
    """Halve a picture of 6 × 8 px; "small" is that enlarged to a size worked out at each run, "sum" goes on from it."""
    nodes = [
        helper.make_node("MaxPool", ["picture"], ["half"], kernel_shape=[2, 2], strides=[2, 2]),
        helper.make_node("Shape", ["picture"], ["size"]),
        helper.make_node("Resize", ["half", "none", "none", "size"], ["small"], mode="linear"),
        helper.make_node("Mul", ["small", "weight"], ["scaled"]),
        helper.make_node("Add", ["scaled", "picture"], ["sum"]),
    ]
    ends = [
        helper.make_tensor_value_info(name, TensorProto.FLOAT, [1, 1, 6, 8]) for name in ("picture", "small", "sum")
    ]
    constants = [
        numpy_helper.from_array(np.zeros(0, np.float32), "none"),
        numpy_helper.from_array(np.full(1, 3, np.float32), "weight"),
    ]
    graph = helper.make_graph(nodes, "two", ends[:1], ends[1:], constants)
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 11)], ir_version=6)
    return bytes(model.SerializeToString())


def answer(model: bytes, output: str, picture: np.ndarray) -> np.ndarray:
    session = onnxruntime.InferenceSession(model, providers=["CPUExecutionProvider"])
    return np.asarray(session.run([output], {"picture": picture})[0])


@pytest.mark.parametrize(
    ("output", "kinds"), [("small", ["MaxPool", "Resize"]), ("sum", ["MaxPool", "Resize", "Mul", "Add"])]
)
def test_the_part_answers_as_the_whole_and_works_out_no_size(output: str, kinds: list[str]) -> None:
    whole = two_outputs()
    part = up_to(whole, output)
    picture = np.random.default_rng(1).random((1, 1, 6, 8), np.float32)
    np.testing.assert_array_equal(answer(part, output, picture), answer(whole, output, picture))
    graph = onnx.load_model_from_string(part).graph
    assert [node.op_type for node in graph.node] == kinds and [end.name for end in graph.output] == [output]
    assert {"weight"} & {c.name for c in graph.initializer} == ({"weight"} if output == "sum" else set())
    assert up_to(whole, output) == part


def test_an_output_that_is_not_there() -> None:
    with pytest.raises(ValueError, match="no output half"):
        up_to(two_outputs(), "half")
