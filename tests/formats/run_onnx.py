"""Runs models by onnxruntime: each line of the input is a task as JSON, each line of the output its result.

A task has the file's bytes in base64 (`model`) and the inputs by name (`inputs`), each `{ shape, data }`. The result has the
outputs by name in that form, and what the file says of itself; or an `error`.
"""

import base64
import json
import math
import sys

import numpy
import onnx
import onnxruntime

options = onnxruntime.SessionOptions()
options.intra_op_num_threads = 1
options.log_severity_level = 3


def listed(x):
    # JSON has no infinities and nothing that is no number.
    return [value if math.isfinite(value) else None for value in x.ravel().tolist()]


def run(task):
    data = base64.b64decode(task["model"])
    model = onnx.load_from_string(data)
    onnx.checker.check_model(model, full_check=True)
    session = onnxruntime.InferenceSession(data, options, providers=["CPUExecutionProvider"])
    results = []
    for inputs in task["inputs"]:
        given = {
            name: numpy.asarray(one["data"], dtype="float32").reshape(one["shape"])
            for name, one in inputs.items()
        }
        results.append(session.run(None, given))
    names = [output.name for output in session.get_outputs()]
    return {
        "outputs": [
            [{"name": name, "shape": list(y.shape), "data": listed(y)} for name, y in zip(names, ys)]
            for ys in results
        ],
        "shapes": {one.name: one.shape for one in [*session.get_inputs(), *session.get_outputs()]},
        "ops": [node.op_type for node in model.graph.node],
        "producer": [model.producer_name, model.producer_version],
        "opset": [[one.domain, one.version] for one in model.opset_import],
        "doc": model.doc_string,
        "name": model.graph.name,
        "metadata": {one.key: one.value for one in model.metadata_props},
    }


for line in sys.stdin:
    try:
        result = run(json.loads(line))
    except Exception as error:  # Whatever is wrong with a file is told to the test.
        result = {"error": f"{type(error).__name__}: {error}"}
    print(json.dumps(result), flush=True)
