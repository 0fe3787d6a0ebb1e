"""Keras' numbers for regularizers of matrices. Writes regularizers.json beside this file. Takes `pip install keras jax`."""
import json
import os
from pathlib import Path

os.environ["KERAS_BACKEND"] = "jax"
import jax
import keras
import numpy as np

rng = np.random.default_rng(13)


def arr(x):
    x = np.asarray(x, np.float32)
    return {"shape": list(x.shape), "data": [float(f"{v:.8g}") for v in x.ravel()]}


cases = []
for config, shape in [({}, (3, 4)), ({"factor": 0.5, "mode": "columns"}, (5, 3)), ({"factor": 2.0}, (2, 1)), ({"mode": "columns"}, (2, 2))]:
    x = rng.normal(size=shape).astype(np.float32)
    made = keras.regularizers.OrthogonalRegularizer(**config)
    value, dx = jax.value_and_grad(made)(x)
    cases.append({"class_name": "OrthogonalRegularizer", "config": config, "x": arr(x), "value": float(value), "dx": arr(dx)})

path = Path(__file__).with_name("regularizers.json")
path.write_text(json.dumps({"keras": keras.__version__, "cases": cases}, separators=(",", ":")) + "\n")
print(len(cases), path.stat().st_size)
