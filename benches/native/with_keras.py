"""Keras on TensorFlow, or on JAX where TensorFlow is not installed: `fit` as in its tutorials. Predictions call the model, which is faster than `predict`."""

import importlib.util
import os

from seat import BATCH, latencies, mnist, serve

os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
if importlib.util.find_spec("tensorflow"):
    os.environ["KERAS_BACKEND"] = "tensorflow"
    import tensorflow as tf

    tf.config.threading.set_intra_op_parallelism_threads(1)
    tf.config.threading.set_inter_op_parallelism_threads(1)
    BACKEND = f"TensorFlow {tf.__version__}"
else:
    os.environ["KERAS_BACKEND"] = "jax"
    os.environ["XLA_FLAGS"] = "--xla_cpu_multi_thread_eigen=false intra_op_parallelism_threads=1"
    import jax

    BACKEND = f"JAX {jax.__version__}"

import keras
import numpy as np
from keras import layers


def model(shape, *hidden):
    return keras.Sequential([keras.Input(shape), *hidden, layers.Dense(10, activation="softmax")])


def dense():
    return model((28, 28, 1), layers.Flatten(), layers.Dense(128, activation="relu"))


def convnet(filters, side, padding, pools):
    conv = lambda count: layers.Conv2D(count, side, padding=padding, activation="relu")
    pool = layers.MaxPooling2D
    first, second = (conv(filters[0]), pool(pools[0])), (conv(filters[1]), pool(pools[1]))
    return model((28, 28, 1), *first, *second, layers.Flatten())


def residual(x, filters):
    conv = lambda side, of: layers.Conv2D(filters, side, padding="same", use_bias=False)(of)
    norm = lambda of: layers.BatchNormalization()(of)
    relu = layers.Activation("relu")
    inner = norm(conv(3, relu(norm(conv(3, x)))))
    return relu(layers.Add()([inner, conv(1, x)]))


def residual_net():
    x = keras.Input((28, 28, 1))
    y = residual(layers.MaxPooling2D(2)(residual(x, 16)), 32)
    return keras.Model(x, layers.Dense(10, activation="softmax")(layers.GlobalAveragePooling2D()(y)))


def sentiment():
    hidden = layers.Embedding(5000, 32), layers.Conv1D(64, 5, activation="relu"), layers.GlobalMaxPooling1D()
    return keras.Sequential([keras.Input((100,)), *hidden, layers.Dense(1, activation="sigmoid")])


def separable_net():
    separable = lambda count: layers.SeparableConv2D(count, 3, padding="same", activation="relu")
    first = layers.Conv2D(32, 3, padding="same", activation="relu")
    pools = layers.MaxPooling2D(2), layers.GlobalAveragePooling2D()
    return model((28, 28, 1), first, separable(64), pools[0], separable(128), pools[1])


def block(x):
    calm = layers.LayerNormalization()(x)
    x = layers.Add()([x, layers.MultiHeadAttention(4, 16)(calm, calm, use_causal_mask=True)])
    wide = layers.Dense(256, activation="relu")(layers.LayerNormalization()(x))
    return layers.Add()([x, layers.Dense(64)(wide)])


def character_model():
    text, places = keras.Input((64,)), keras.Input((64,))
    x = layers.Add()([layers.Embedding(65, 64)(text), layers.Embedding(64, 64)(places)])
    out = layers.LayerNormalization()(block(block(x)))
    return keras.Model([text, places], layers.Dense(65, activation="softmax")(out))


NETWORKS = {
    "W1": dense,
    "W1b": dense,
    "W2": lambda: convnet((32, 64), 3, "valid", (2, 2)),
    "W2b": lambda: convnet((8, 16), 5, "same", (2, 3)),
    "W3": lambda: model((28, 28, 1), layers.Reshape((28, 28)), layers.LSTM(64)),
    "W5": lambda: model((28, 28, 1), layers.Reshape((28, 28)), layers.GRU(64)),
    "W6": residual_net,
    "W7": sentiment,
    "W8": separable_net,
    "W9": character_model,
}

#: How they are compiled; the others by Adam and by sparse labels.
COMPILED = {
    "W7": {"optimizer": "adam", "loss": "binary_crossentropy"},
    "W9": {"optimizer": "adamw", "loss": "sparse_categorical_crossentropy"},
}


def texts(workload, samples):
    """Random words or characters, with targets."""
    draw = np.random.default_rng(1).integers
    if workload == "W7":
        return draw(0, 5000, (samples, 100)), draw(0, 2, (samples, 1)).astype(np.float32)
    places = np.tile(np.arange(64), (samples, 1))
    return [draw(0, 65, (samples, 64)), places], draw(0, 65, (samples, 64))


class Keras:
    def __init__(self):
        self.x, self.y, self.test = mnist()
        self.x, self.test = self.x[..., None], self.test[..., None]
        self.models = {}

    def start(self, workload):
        made = self.models[workload] = NETWORKS[workload]()
        usual = {"optimizer": "adam", "loss": "sparse_categorical_crossentropy", "metrics": ["accuracy"]}
        made.compile(**COMPILED.get(workload, usual))
        self.train(workload, 8 * BATCH[workload])

    def train(self, workload, samples):
        batch = BATCH[workload]
        x, y = texts(workload, samples) if workload in COMPILED else (self.x[:samples], self.y[:samples])
        return self.models[workload].fit(x, y, batch_size=batch, verbose=0).history["loss"][0]

    def predict(self, workload, count):
        made = NETWORKS[workload]()
        return latencies(count, lambda i: made(self.test[i : i + 1], training=False).numpy())


serve(f"Keras {keras.__version__} on {BACKEND}, native", Keras())
