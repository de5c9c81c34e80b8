"""What is kept of an ONNX network: a part that one of its values hangs on; its weights as constants."""

from __future__ import annotations

import numpy as np


def up_to(data: bytes, output: str) -> bytes:
    """ONNX for the part of the network `data` whose one output is its output called `output`: the same bytes each time.

    `data`: a network with one input of a known size. The sizes of pictures, which it would work out at each start, are
    written into it. Raises ValueError where there is no such output.
    """
    import onnx
    import onnxruntime
    from onnx import helper, numpy_helper

    model = onnx.load_model_from_string(data)
    graph = model.graph
    ends = [end for end in graph.output if end.name == output]
    if not ends:
        raise ValueError(f"the network has no output {output}")
    sizes = [node.input[3] for node in graph.node if node.op_type == "Resize"]
    graph.output.extend(helper.make_tensor_value_info(name, onnx.TensorProto.INT64, [4]) for name in sizes)
    session = onnxruntime.InferenceSession(model.SerializeToString(), providers=["CPUExecutionProvider"])
    blank = {entry.name: np.zeros(entry.shape, np.float32) for entry in session.get_inputs()}
    written = dict(zip(sizes, session.run(sizes, blank), strict=True))

    needed, nodes = {output}, []
    for node in reversed(graph.node):
        if needed.intersection(node.output) and not written.keys() & set(node.output):
            nodes.append(node)
            needed.update(node.input)
    constants = [*graph.initializer, *(numpy_helper.from_array(size, name) for name, size in written.items())]
    kept = [constant for constant in constants if constant.name in needed]
    part = helper.make_graph(nodes[::-1], graph.name, graph.input, ends, kept)
    made = helper.make_model(part, opset_imports=model.opset_import, ir_version=model.ir_version)
    onnx.checker.check_model(made)
    return bytes(made.SerializeToString(deterministic=True))


def with_constants(data: bytes) -> bytes:
    """ONNX for the network `data` with its weights as constants: the same answer, and the same bytes each time.

    Older exports list the weights among the inputs, where a run may set them: onnxruntime folds nothing into those.
    """
    import onnx

    model = onnx.load_model_from_string(data)
    weights = {constant.name for constant in model.graph.initializer}
    inputs = [entry for entry in model.graph.input if entry.name not in weights]
    del model.graph.input[:]
    model.graph.input.extend(inputs)
    onnx.checker.check_model(model)
    return bytes(model.SerializeToString(deterministic=True))
