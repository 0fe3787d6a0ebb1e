"""Reads models' JSON as Keras does: a list of texts on standard input, of each the names of layers and the shape of its output."""

import json
import os
import sys

os.environ["KERAS_BACKEND"] = "jax"
import keras

for line in sys.stdin:
    models = [keras.models.model_from_json(text) for text in json.loads(line)]
    said = [{"name": m.name, "layers": [layer.name for layer in m.layers], "shape": m.output_shape} for m in models]
    print(json.dumps(said), flush=True)
