"""A part of an ONNX network: what one of its values hangs on, without what leads to the others."""

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
