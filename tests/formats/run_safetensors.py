"""Reads and writes safetensors files with the format's own package: each line of the input is a task as JSON, each line of
the output its result.

`{ "read": file }` gives the tensors of a file (base64) by name, each `{ dtype, shape, data }`, its metadata, and the same
file written anew. `{ "write": tensors }` gives a file of tensors by name, each `{ dtype, shape, data }`.
"""

import base64
import json
import math
import sys
import tempfile

import ml_dtypes
import numpy
import safetensors
import safetensors.numpy


def listed(x):
    # JSON has no infinities and nothing that is no number.
    return [value if math.isfinite(value) else None for value in x.ravel().tolist()]


def read(file):
    data = base64.b64decode(file)
    tensors = safetensors.numpy.load(data)
    with tempfile.NamedTemporaryFile() as kept:
        kept.write(data)
        kept.flush()
        with safetensors.safe_open(kept.name, framework="numpy") as opened:
            metadata = opened.metadata()
    return {
        "tensors": {
            name: {"dtype": str(x.dtype), "shape": list(x.shape), "data": listed(x)}
            for name, x in tensors.items()
        },
        "metadata": metadata,
        "again": base64.b64encode(safetensors.numpy.save(tensors, metadata)).decode(),
    }


def array(one):
    kind = getattr(ml_dtypes, one["dtype"], one["dtype"])
    return numpy.asarray(one["data"], dtype=kind).reshape(one["shape"])


def write(tensors):
    file = safetensors.numpy.save({name: array(one) for name, one in tensors.items()})
    return {"file": base64.b64encode(file).decode()}


for line in sys.stdin:
    task = json.loads(line)
    try:
        result = read(task["read"]) if "read" in task else write(task["write"])
    except Exception as error:  # What is wrong with a file is told to the test.
        result = {"error": f"{type(error).__name__}: {error}"}
    print(json.dumps(result), flush=True)
