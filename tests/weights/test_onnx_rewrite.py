"""A network rewritten to run faster: the same answers, its weights no longer inputs, no PRelu."""

from __future__ import annotations

import numpy as np
import onnx
import onnxruntime
from onnx import TensorProto, helper, numpy_helper

from headshot.weights.onnx_rewrite import rewritten


def with_weights_as_inputs() -> bytes:
    """A convolution of two channels and a PRelu with slopes below 0, in between and over 1."""
    rng = np.random.default_rng(2)
    nodes = [
        helper.make_node("Conv", ["picture", "filters"], ["filtered"], kernel_shape=[3, 3]),
        helper.make_node("PRelu", ["filtered", "slopes"], ["answer"]),
    ]
    constants = [
        numpy_helper.from_array(rng.normal(size=(3, 2, 3, 3)).astype(np.float32), "filters"),
        numpy_helper.from_array(np.array([-0.5, 0.25, 1.5], np.float32).reshape(3, 1, 1), "slopes"),
    ]
    sizes = (("picture", [1, 2, 8, 9]), ("filters", [3, 2, 3, 3]), ("slopes", [3, 1, 1]), ("answer", [1, 3, 6, 7]))
    ends = [helper.make_tensor_value_info(name, TensorProto.FLOAT, size) for name, size in sizes]
    graph = helper.make_graph(nodes, "old", ends[:3], ends[3:], constants)
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 11)], ir_version=6)
    return bytes(model.SerializeToString())


def test_it_answers_as_before_and_its_weights_are_constants() -> None:
    before = with_weights_as_inputs()
    after = rewritten(before)
    old, new = (onnxruntime.InferenceSession(data, providers=["CPUExecutionProvider"]) for data in (before, after))
    assert len(old.get_overridable_initializers()) == 2 and not new.get_overridable_initializers()
    assert [entry.name for entry in new.get_inputs()] == ["picture"]
    picture = np.random.default_rng(1).normal(size=(1, 2, 8, 9)).astype(np.float32)
    answers = [session.run(None, {"picture": picture})[0] for session in (old, new)]
    assert (answers[0] < 0).any() and (answers[0] > 0).any()
    np.testing.assert_allclose(answers[1], answers[0], rtol=1e-5, atol=1e-6)
    kinds = {node.op_type for node in onnx.load_model_from_string(after).graph.node}
    assert kinds == {"Conv", "Relu", "Mul", "Add"}
    assert rewritten(before) == after
