"""Reads models that mapling compiled and wrote, and says what each is judged by: nothing of it may be unknown to Keras."""

import json
import sys
from pathlib import Path

import keras
import numpy as np

folder = Path(sys.argv[1])
task = json.loads((folder / "task.json").read_text())
x = np.array(task["x"], "float32")
y = np.array(task["y"], "float32")
said = {}
for name in task["names"]:
    try:
        model = keras.models.load_model(folder / f"{name}.keras")
        said[name] = [float(value) for value in np.ravel(model.evaluate(x, y, verbose=0))]
    except Exception as error:  # What it is matters less than that it came.
        said[name] = str(error)[-300:]
(folder / "answer.json").write_text(json.dumps(said))
