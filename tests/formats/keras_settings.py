"""Models that real Keras writes with settings that few programs use: writes them, and what they answer, into a folder."""

import json
import sys

import keras
import numpy as np
from keras import Model, Sequential, layers

keras.utils.set_random_seed(7)
folder = sys.argv[1]
draw = np.random.default_rng(7)
x = draw.normal(size=(8, 6)).astype("float32")
y = draw.normal(size=(8, 1)).astype("float32")
tokens = draw.integers(0, 9, (8, 5)).astype("int32")
said = {"x": x.ravel().tolist(), "y": y.ravel().tolist(), "tokens": tokens.ravel().tolist(), "models": {}}


def flat(value):
    return np.asarray(value, "float32").ravel().tolist()


def keep(name, model, given=x, kind="keras", steps=0):
    model.save(f"{folder}/{name}.{kind}")
    answers = model.predict(given, verbose=0)
    answers = list(answers.values()) if isinstance(answers, dict) else [answers]
    losses = [float(np.ravel(model.train_on_batch(given, y))[0]) for _ in range(steps)]
    said["models"][name] = {"kind": kind, "answers": [flat(one) for one in answers], "losses": losses}


def row(**settings):
    return Sequential([keras.Input((6,)), layers.Dense(4, activation="relu", **settings), layers.Dense(1, dtype="float32")])


for policy in ["mixed_float16", "mixed_bfloat16", "float16", "bfloat16", "float64"]:
    keep(policy, row(dtype=policy))

scaled = row(dtype="mixed_float16")
scaled.compile(keras.optimizers.LossScaleOptimizer(keras.optimizers.Adam(0.01), initial_scale=256), "mse")
scaled.fit(x, y, epochs=3, verbose=0)
keep("scaled", scaled, steps=3)

functions = row()
functions.compile("adam", keras.losses.mean_absolute_error, metrics=[keras.metrics.mean_squared_error])
functions.fit(x, y, verbose=0)
keep("functions", functions, steps=3)

left, right = keras.Input((6,), name="z"), keras.Input((6,), name="a")
both = layers.Subtract()([left, right])
one, two = layers.Dense(1, name="first")(both), layers.Dense(1, name="second")(both)
named = Model({"a": right, "z": left}, {"q": one, "p": two})
named.compile("sgd", {"p": "mse", "q": "mae"}, loss_weights={"p": 2.0, "q": 0.5})
named.save(f"{folder}/named.keras")
answer = named.predict({"a": x, "z": 2 * x}, verbose=0)
said["models"]["named"] = {"kind": "keras", "answers": [flat(answer["p"]), flat(answer["q"])], "losses": []}

tokens_in = keras.Input((5,), dtype="int64")
masked = layers.Bidirectional(layers.GRU(3))(layers.Embedding(9, 4, mask_zero=True)(tokens_in))
graph = Model(tokens_in, layers.Dense(1)(masked))
keep("masked", graph, tokens)
keep("masked_of_old", graph, tokens, "h5")

given = keras.Input((6,))
halved = (layers.Dense(6)(given) + given) * 0.5
turned = keras.ops.reshape(halved, (-1, 2, 3))
computed = Model(given, layers.Dense(1)(layers.Flatten()(layers.LayerNormalization()(turned))))
keep("computed_of_old", computed, x, "h5")


@keras.saving.register_keras_serializable(package="mine")
class Halved(layers.Layer):
    def __init__(self, factor=0.5, **settings):
        super().__init__(**settings)
        self.factor = factor

    def build(self, shape):
        self.shift = self.add_weight(name="shift", shape=(shape[-1],), initializer="ones")

    def call(self, value):
        return value * self.factor + self.shift

    def get_config(self):
        return {**super().get_config(), "factor": self.factor}


owned = Sequential([keras.Input((6,)), Halved(0.25), layers.Dense(1)])
keep("owned", owned)
keep("owned_of_old", owned, x, "h5")

matrix = draw.normal(size=(9, 4)).astype("float32")
learnt = layers.Embedding(9, 4, embeddings_initializer=keras.initializers.Constant(matrix), trainable=False)
keep("matrix", Sequential([keras.Input((5,)), learnt, layers.Flatten(), layers.Dense(1)]), tokens)
generator = keras.random.SeedGenerator(3)
keep("generator", row(kernel_initializer=keras.initializers.GlorotUniform(seed=generator)))

# What cannot be read, and is named.
keep("lambda", Sequential([keras.Input((6,)), layers.Lambda(lambda v: v * 2, name="twice")]))
quantized = row()
quantized.quantize("int8")
keep("quantized", quantized)
odd = row()
odd.compile("adam", "dice")
keep("dice", odd)
summed = row()
summed.compile(keras.optimizers.Adam(gradient_accumulation_steps=2), "mse")
summed.fit(x, y, verbose=0)
keep("summed", summed)
grouped = Sequential([keras.Input((4, 4, 2)), layers.Conv2D(2, 2, groups=2, name="in_groups")])
keep("grouped", grouped, np.zeros((8, 4, 4, 2), "float32"))

with open(f"{folder}/answer.json", "w") as out:
    json.dump(said, out)
