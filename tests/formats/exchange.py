"""Reads models that mapling wrote, says what they give and how training goes on, and writes them anew with Keras."""

import json
import sys
from pathlib import Path

import keras
import numpy as np

folder = Path(sys.argv[1])
task = json.loads((folder / "task.json").read_text())


def array(written):
    return np.array(written["data"], written.get("dtype", "float32")).reshape(written["shape"])


def plain(value):
    value = np.asarray(value, "float32")
    return {"shape": list(value.shape), "data": [float(x) for x in value.ravel()]}


def single(values):
    return values[0] if len(values) == 1 else values


def outputs(model, xs):
    return [plain(y) for y in keras.tree.flatten(model(single(xs), training=False))]


def steps(model, xs, ys, count):
    losses = []
    for _ in range(count):
        model.reset_metrics()
        loss = model.train_on_batch(single(xs), single(ys))
        losses.append(float(np.ravel(loss)[0]))
    return losses


def exchange(case):
    file = folder / f"{case['file']}.keras"
    xs = [array(x) for x in case["xs"]]
    if "ys" not in case:
        model = keras.saving.load_model(file, compile=False)
        answer = {"outputs": outputs(model, xs)}
        model.save(folder / f"{case['file']}.back.keras")
        return answer
    model = keras.saving.load_model(file)
    ys = [array(y) for y in case["ys"]]
    answer = {"outputs": outputs(model, xs), "iterations": int(model.optimizer.iterations)}
    answer["losses"] = steps(model, xs, ys, 10)
    answer["weights"] = [plain(w) for w in model.get_weights()]
    model.save(folder / f"{case['file']}.back.keras")
    model.save_weights(folder / f"{case['file']}.weights.h5")
    if case.get("legacy"):
        model.save(folder / f"{case['file']}.h5")
    answer["after"] = outputs(model, xs)
    answer["more"] = steps(model, xs, ys, 10)
    return answer


def safely(case):
    try:
        return exchange(case)
    except Exception as error:
        return {"error": f"{type(error).__name__}: {error}"}


answers = {case["file"]: safely(case) for case in task["cases"]}
(folder / "answer.json").write_text(json.dumps(answers))
