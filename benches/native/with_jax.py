"""JAX: the network written by hand; the step compiled, or with `scan` a whole epoch."""

import os
import sys

from seat import BATCH, latencies, mnist, serve, warm

# XLA starts a thread for each core that it may use.
os.sched_setaffinity(0, {max(os.sched_getaffinity(0))})
os.environ["XLA_FLAGS"] = "--xla_cpu_multi_thread_eigen=false"
os.environ["JAX_PLATFORMS"] = "cpu"

import jax
import numpy as np
from jax import lax
from jax import numpy as jnp

SCAN = "scan" in sys.argv[2:]
random = np.random.default_rng(0)


def glorot(*shape, fans):
    limit = (6 / sum(fans)) ** 0.5
    return jnp.asarray(random.uniform(-limit, limit, shape).astype(np.float32))


def dense_weights(inputs, units):
    return glorot(inputs, units, fans=(inputs, units)), jnp.zeros(units)


def conv_weights(side, channels, filters):
    fans = side * side * channels, side * side * filters
    return glorot(side, side, channels, filters, fans=fans), jnp.zeros(filters)


def dense(p, x):
    return x @ p[0] + p[1]


def conv(p, x, padding):
    layout = ("NHWC", "HWIO", "NHWC")
    y = lax.conv_general_dilated(x, p[0], (1, 1), padding, dimension_numbers=layout)
    return jax.nn.relu(y + p[1])


def pool(x, side):
    window = (1, side, side, 1)
    return lax.reduce_window(x, -jnp.inf, lax.max, window, window, "VALID")


def flat(x):
    return x.reshape(x.shape[0], -1)


def convnet(first, second, side, padding, pools, inputs):
    def logits(p, x):
        x = pool(conv(p[0], x[..., None], padding), pools[0])
        return dense(p[2], flat(pool(conv(p[1], x, padding), pools[1])))

    weights = conv_weights(side, 1, first), conv_weights(side, first, second), dense_weights(inputs, 10)
    return weights, logits


def mlp():
    weights = dense_weights(784, 128), dense_weights(128, 10)
    return weights, lambda p, x: dense(p[1], jax.nn.relu(dense(p[0], flat(x))))


def lstm():
    def logits(p, x):
        wx, wh, bias, out = p
        inputs = x @ wx + bias

        def step(state, row):
            h, c = state
            i, f, g, o = jnp.split(row + h @ wh, 4, 1)
            c = jax.nn.sigmoid(f) * c + jax.nn.sigmoid(i) * jnp.tanh(g)
            return (jax.nn.sigmoid(o) * jnp.tanh(c), c), None

        zeros = jnp.zeros((x.shape[0], 64))
        (h, _), _ = lax.scan(step, (zeros, zeros), inputs.transpose(1, 0, 2))
        return dense(out, h)

    wx, wh = glorot(28, 256, fans=(28, 256)), glorot(64, 256, fans=(64, 256))
    return (wx, wh, jnp.zeros(256), dense_weights(64, 10)), logits


NETWORKS = {
    "W1": mlp,
    "W1b": mlp,
    "W2": lambda: convnet(32, 64, 3, "VALID", (2, 2), 1600),
    "W2b": lambda: convnet(8, 16, 5, "SAME", (2, 3), 256),
    "W3": lstm,
}


def adam(logits):
    """A step of Adam: (weights, means, squares, count) and a batch give the same after it, and the loss."""

    def loss(p, x, y):
        return -jnp.mean(jnp.take_along_axis(jax.nn.log_softmax(logits(p, x)), y[:, None], 1))

    def step(state, x, y):
        p, m, v, count = state
        count += 1
        value, g = jax.value_and_grad(loss)(p, x, y)
        m = jax.tree.map(lambda m, g: 0.9 * m + 0.1 * g, m, g)
        v = jax.tree.map(lambda v, g: 0.999 * v + 0.001 * g * g, v, g)
        rate = 1e-3 * jnp.sqrt(1 - 0.999**count) / (1 - 0.9**count)
        p = jax.tree.map(lambda p, m, v: p - rate * m / (jnp.sqrt(v) + 1e-7), p, m, v)
        return (p, m, v, count), value

    return step


class Jax:
    def __init__(self):
        x, y, self.test = mnist()
        self.x, self.y = jnp.asarray(x), jnp.asarray(y.astype(np.int32))
        self.trainings = {}

    def start(self, workload):
        weights, logits = NETWORKS[workload]()
        zeros = lambda: jax.tree.map(jnp.zeros_like, weights)
        step = adam(logits)
        on = lambda state, chosen, x, y: step(state, x[chosen], y[chosen])

        def epoch(state, order, x, y):
            return lax.scan(lambda state, chosen: on(state, chosen, x, y), state, order)

        compiled = jax.jit(epoch if SCAN else on, donate_argnums=0)
        self.trainings[workload] = compiled, (weights, zeros(), zeros(), jnp.float32(0))
        # A scan is compiled for one number of steps.
        warm(lambda: self.train(workload, 60_000 if SCAN else 4 * BATCH[workload]))

    def train(self, workload, samples):
        compiled, state = self.trainings[workload]
        batch = BATCH[workload]
        order = np.random.permutation(samples)[: samples // batch * batch].reshape(-1, batch)
        for chosen in [order] if SCAN else order:
            state, loss = compiled(state, chosen, self.x, self.y)
        self.trainings[workload] = compiled, state
        return float(loss[-1] if SCAN else loss)

    def predict(self, workload, count):
        weights, logits = NETWORKS[workload]()
        scores = jax.jit(lambda p, x: jax.nn.softmax(logits(p, x)))
        return latencies(count, lambda i: np.asarray(scores(weights, self.test[i : i + 1])))


serve(f"JAX {jax.__version__}, native, {'an epoch in one scan' if SCAN else 'compiled step'}", Jax())
