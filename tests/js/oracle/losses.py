"""Losses and metrics that are functions of tensors. Losses are averaged over all values, as in TensorFlow.js."""
import numpy as np
from sums import log_soft
from values import case, g, v


def cross_entropy(labels, logits):
    return np.maximum(logits, 0) - logits * labels + np.log1p(np.exp(-np.abs(logits)))


def losses():
    labels, guesses = g([4, 3]), g([4, 3])
    masks = v([[1, 0, 0], [0, 0, 1], [0, 1, 0], [1, 0, 0]])
    shares = g([4, 3], 0.05, 0.95)
    logits = g([4, 3], -9, 9)

    def loss(name, args, f):
        case("losses", f"losses.{name}", args, lambda *given: np.mean(f(*given)), close="relative", calls="function")

    loss("absoluteDifference", [labels, guesses], lambda y, p: np.abs(y - p))
    loss("meanSquaredError", [labels, guesses], lambda y, p: (y - p) ** 2)
    loss("huberLoss", [labels, guesses], lambda y, p: np.where(np.abs(y - p) <= 1, 0.5 * (y - p) ** 2, np.abs(y - p) - 0.5))
    loss("hingeLoss", [masks, guesses], lambda y, p: np.maximum(0, 1 - (2 * y - 1) * p))
    loss("logLoss", [masks, shares], lambda y, p: -y * np.log(p + 1e-7) - (1 - y) * np.log(1 - p + 1e-7))
    loss("sigmoidCrossEntropy", [masks, logits], cross_entropy)
    loss("softmaxCrossEntropy", [masks, logits], lambda y, x: -np.sum(y * log_soft(x), -1))

    def metric(name, args, f, **more):
        case("losses", f"metrics.{name}", args, f, close="relative", calls="function", **more)

    metric("meanSquaredError", [labels, guesses], lambda y, p: np.mean((y - p) ** 2, -1))
    metric("meanAbsoluteError", [labels, guesses], lambda y, p: np.mean(np.abs(y - p), -1))
    metric("binaryAccuracy", [masks, shares], lambda y, p: np.mean(y == (p > 0.5), -1))
    metric("categoricalAccuracy", [masks, shares], lambda y, p: y.argmax(-1) == p.argmax(-1))
    metric("categoricalCrossentropy", [masks, shares], lambda y, p: -np.sum(y * np.log(p / p.sum(-1, keepdims=True)), -1))
