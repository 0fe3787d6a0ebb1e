"""Keras on TensorFlow: `fit` as in its tutorials. Predictions call the model, which is faster than `predict`."""

import os

from seat import BATCH, latencies, mnist, serve

os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
os.environ["KERAS_BACKEND"] = "tensorflow"

import tensorflow as tf

tf.config.threading.set_intra_op_parallelism_threads(1)
tf.config.threading.set_inter_op_parallelism_threads(1)

import keras
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


NETWORKS = {
    "W1": dense,
    "W1b": dense,
    "W2": lambda: convnet((32, 64), 3, "valid", (2, 2)),
    "W2b": lambda: convnet((8, 16), 5, "same", (2, 3)),
    "W3": lambda: model((28, 28, 1), layers.Reshape((28, 28)), layers.LSTM(64)),
}


class Keras:
    def __init__(self):
        self.x, self.y, self.test = mnist()
        self.x, self.test = self.x[..., None], self.test[..., None]
        self.models = {}

    def start(self, workload):
        made = self.models[workload] = NETWORKS[workload]()
        made.compile(optimizer="adam", loss="sparse_categorical_crossentropy", metrics=["accuracy"])
        self.train(workload, 8 * BATCH[workload])

    def train(self, workload, samples):
        x, y, batch = self.x[:samples], self.y[:samples], BATCH[workload]
        return self.models[workload].fit(x, y, batch_size=batch, verbose=0).history["loss"][0]

    def predict(self, workload, count):
        made = NETWORKS[workload]()
        return latencies(count, lambda i: made(self.test[i : i + 1], training=False).numpy())


serve(f"Keras {keras.__version__} on TensorFlow {tf.__version__}, native", Keras())
