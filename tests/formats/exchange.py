"""Reads models that mapling wrote, says what they give and how training goes on, and writes them anew with Keras."""

import json
import sys
from contextlib import contextmanager
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


@contextmanager
def nothing_drawn():
    """A file brings all weights: to draw others before it is read takes JAX a compilation for each shape."""
    i = keras.initializers
    drawn = [i.VarianceScaling, i.Orthogonal, i.RandomUniform, i.RandomNormal, i.TruncatedNormal]
    calls = [one.__call__ for one in drawn]
    for one in drawn:
        one.__call__ = lambda self, shape, dtype=None, **_: np.zeros(shape, dtype or "float32")
    try:
        yield
    finally:
        for one, call in zip(drawn, calls):
            one.__call__ = call


def train_layer(case):
    """Ten steps of a model of one layer, which is saved then, and ten more."""
    with nothing_drawn():
        model = keras.saving.load_model(folder / f"{case['file']}.keras")
    xs, ys = [[array(x) for x in case[name]] for name in ("xs", "ys")]
    answer = {"iterations": int(model.optimizer.iterations), "losses": steps(model, xs, ys, 10)}
    answer["weights"] = [plain(w) for w in model.get_weights()]
    model.save(folder / f"{case['file']}.back.keras")
    return answer | {"more": steps(model, xs, ys, 10)}


def exchange(case):
    if case.get("trains_layer"):
        return train_layer(case)
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


def native():
    """A graph as only Keras writes it: masks with the operations that find them, seeds, classes with all settings."""
    layers = keras.layers
    x = keras.Input((6,), name="words")
    y = layers.Embedding(10, 4, mask_zero=True)(x)
    y = layers.Bidirectional(layers.LSTM(3, return_sequences=True))(y)
    y = layers.Dropout(0.0, seed=3)(y)
    y = layers.TimeDistributed(layers.Dense(4, activation="relu", kernel_regularizer="l2"))(y)
    y = layers.GRU(5, kernel_initializer=keras.initializers.HeNormal(seed=1))(y)
    inside = keras.Sequential([layers.Dense(3, name="first"), layers.LayerNormalization()], name="inside")
    ends = [layers.Dense(1, activation="sigmoid", name="a")(inside(y)), layers.Dense(2, activation="softmax", name="b")(y)]
    model = keras.Model(x, ends)
    model.compile(
        keras.optimizers.Adam(keras.optimizers.schedules.CosineDecay(0.01, 50), amsgrad=True, clipnorm=1.0),
        loss={"a": "binary_crossentropy", "b": keras.losses.CategoricalCrossentropy(label_smoothing=0.1)},
        loss_weights={"a": 1.0, "b": 0.5},
        metrics={"a": ["accuracy", keras.metrics.AUC()], "b": ["accuracy"]},
    )
    xs = [(np.arange(48).reshape(8, 6) * 7 % 10 * (np.arange(6) < 4)).astype("int32")]
    ys = [np.arange(8).reshape(8, 1) % 2 * 1.0, np.eye(2)[np.arange(8) // 2 % 2]]
    named = dict(zip("ab", ys))
    steps(model, xs, [named], 3)
    model.save(folder / "native.keras")
    answer = {"xs": [plain(x) for x in xs], "ys": [plain(y) for y in ys], "outputs": outputs(model, xs)}
    return answer | {"losses": steps(model, xs, [named], 10)}


answers = {case["file"]: safely(case) for case in task["cases"]}
if task.get("native"):
    answers["native"] = native()
(folder / "answer.json").write_text(json.dumps(answers))
