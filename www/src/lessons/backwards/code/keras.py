# One neuron and its loss in Keras, on JAX: every gradient from one walk back, and a difference to check one of them.
import os

os.environ["KERAS_BACKEND"] = "jax"

import jax
from keras import ops


def loss(x, w, b, y):
    return ops.square(ops.tanh(w * x + b) - y)


at = (1.5, 0.8, -0.4, -0.5)
dx, dw, db, dy = jax.grad(loss, argnums=(0, 1, 2, 3))(*at)
print(f"dx {dx:.4f}, dw {dw:.4f}, db {db:.4f}, dy {dy:.4f}")

x, w, b, y = at
difference = (loss(x, w + 0.01, b, y) - loss(x, w - 0.01, b, y)) / 0.02
print(f"difference {difference:.4f}")

second = jax.grad(jax.grad(loss, argnums=1), argnums=1)(*at)
print(f"second derivative {second:.4f}")
