"""More of Keras' losses, optimizers, metrics and schedules than make.py has: settings that are not the defaults, and what
it leaves out. Writes judging.json beside this file. Takes `pip install keras jax`."""
import json
import os
from pathlib import Path

os.environ["KERAS_BACKEND"] = "jax"
import jax
import keras
import numpy as np

rng = np.random.default_rng(7)


def arr(x):
    x = np.asarray(x, np.float32)
    return {"shape": list(x.shape), "data": [float(v) for v in x.ravel()]}


def soft(x):
    e = np.exp(x - x.max(-1, keepdims=True))
    return (e / e.sum(-1, keepdims=True)).astype(np.float32)


logits = (rng.normal(size=(6, 5)) * 2).astype(np.float32)
prob = soft(logits)
sig = (1 / (1 + np.exp(-logits))).astype(np.float32)
onehot = np.eye(5, dtype=np.float32)[rng.integers(0, 5, 6)]
bits = rng.integers(0, 2, (6, 5)).astype(np.float32)
uneven = (rng.random((6, 5)) + 0.1).astype(np.float32)

losses = []


def loss(name, cls, config, yt, yp):
    made = getattr(keras.losses, cls)(**config)
    value, gradient = jax.value_and_grad(lambda p: made(yt, p))(jax.numpy.asarray(yp))
    losses.append({"name": name, "loss": cls, "config": config, "y_true": arr(yt), "y_pred": arr(yp),
                   "value": float(value), "dy_pred": arr(gradient)})


loss("focal", "BinaryFocalCrossentropy", {}, bits, sig)
loss("focal/logits", "BinaryFocalCrossentropy", {"from_logits": True}, bits, logits)
loss("focal/balanced", "BinaryFocalCrossentropy",
     {"apply_class_balancing": True, "alpha": 0.3, "gamma": 1.5, "label_smoothing": 0.1}, bits, sig)
loss("categorical-focal", "CategoricalFocalCrossentropy", {}, onehot, prob)
loss("categorical-focal/logits", "CategoricalFocalCrossentropy",
     {"from_logits": True, "alpha": 0.5, "gamma": 3.0, "label_smoothing": 0.1}, onehot, logits)
loss("bce/smooth", "BinaryCrossentropy", {"label_smoothing": 0.2}, bits, sig)
loss("bce/logits-smooth", "BinaryCrossentropy", {"from_logits": True, "label_smoothing": 0.2}, bits, logits)
loss("ce/uneven", "CategoricalCrossentropy", {}, onehot, uneven)
loss("ce/uneven-smooth", "CategoricalCrossentropy", {"label_smoothing": 0.2}, onehot, uneven)
loss("sparse-ce/uneven", "SparseCategoricalCrossentropy", {}, onehot.argmax(-1).astype(np.float32), uneven)
loss("hinge/bits", "Hinge", {}, bits, logits)
loss("huber/delta", "Huber", {"delta": 0.25}, bits, uneven)
loss("msle/negative", "MeanSquaredLogarithmicError", {}, logits, -logits)
loss("mae/sum", "MeanAbsoluteError", {"reduction": "sum"}, bits, uneven)
loss("cosine/axis", "CosineSimilarity", {"axis": 1}, rng.normal(size=(3, 4, 2)), rng.normal(size=(3, 4, 2)))

metrics = []


def metric(name, cls, config, yt, yp, weights=None):
    made = getattr(keras.metrics, cls)(**config)
    made.update_state(yt, np.asarray(yp, np.float32), sample_weight=weights)
    case = {"name": name, "metric": cls, "config": config, "y_true": arr(yt), "y_pred": arr(yp)}
    metrics.append({**case, "value": float(np.mean(made.result()))} | ({"weights": arr(weights)} if weights is not None else {}))


heavy = rng.random(6).astype(np.float32)
for curve in ("ROC", "PR"):
    for method in ("interpolation", "minoring", "majoring"):
        metric(f"auc/{curve}/{method}", "AUC",
               {"curve": curve, "summation_method": method, "num_thresholds": 20}, bits, sig)
metric("auc/weights", "AUC", {}, bits, sig, heavy)
metric("auc/logits", "AUC", {"from_logits": True}, bits, logits)
metric("precision/top", "Precision", {"top_k": 2}, bits, sig)
metric("precision/class", "Precision", {"class_id": 1, "thresholds": 0.4}, bits, sig)
metric("precision/weights", "Precision", {}, bits, sig, heavy)
metric("recall/top-class", "Recall", {"top_k": 3, "class_id": 2}, bits, sig)
metric("recall/weights", "Recall", {"thresholds": 0.3}, bits, sig, heavy)
for average in ("macro", "micro", "weighted"):
    metric(f"f1/{average}", "F1Score", {"average": average}, onehot, prob)
    metric(f"f1/{average}/threshold", "F1Score", {"average": average, "threshold": 0.5}, bits, sig)
metric("f1/weights", "F1Score", {"average": "macro", "threshold": 0.5}, bits, sig, heavy)
metric("fbeta", "FBetaScore", {"average": "micro", "beta": 2.0, "threshold": 0.5}, bits, sig)
for cls in ("TruePositives", "FalsePositives", "TrueNegatives", "FalseNegatives"):
    metric(cls, cls, {"thresholds": 0.6}, bits, sig)
metric("r2/variance", "R2Score", {"class_aggregation": "variance_weighted_average"}, uneven, uneven + 0.1 * logits)
metric("r2/weights", "R2Score", {}, uneven, uneven + 0.1 * logits, heavy)
metric("top3", "TopKCategoricalAccuracy", {"k": 3}, onehot, prob)
metric("rmse", "RootMeanSquaredError", {}, uneven, sig)
metric("rmse/weights", "RootMeanSquaredError", {}, uneven, sig, heavy)
metric("mse/weights", "MeanSquaredError", {}, uneven, sig, heavy)
metric("cosine", "CosineSimilarity", {}, uneven, logits)
metric("binary/threshold", "BinaryAccuracy", {"threshold": 0.3}, bits, sig)
metric("ce", "CategoricalCrossentropy", {}, onehot, prob)
metric("ce/smooth", "CategoricalCrossentropy", {"label_smoothing": 0.1}, onehot, prob)
metric("sparse-ce/weights", "SparseCategoricalCrossentropy", {}, onehot.argmax(-1).astype(np.float32), prob, heavy)
metric("bce", "BinaryCrossentropy", {}, bits, sig)
metric("kl", "KLDivergence", {}, prob[::-1].copy(), prob)
metric("poisson", "Poisson", {}, uneven, sig)
metric("logcosh", "LogCoshError", {}, uneven, logits)
metric("hinge", "Hinge", {}, bits, logits)
metric("categorical-hinge", "CategoricalHinge", {}, onehot, logits)
metric("msle", "MeanSquaredLogarithmicError", {}, uneven, sig)
metric("mape", "MeanAbsolutePercentageError", {}, uneven, sig)

optimizers = []


def optimizer(name, cls, config, steps=12):
    made = getattr(keras.optimizers, cls)(**config)
    start = rng.normal(size=7).astype(np.float32)
    w = keras.Variable(start)
    made.build([w])
    gradients, weights = [], []
    for _ in range(steps):
        g = (rng.normal(size=7) * 2).astype(np.float32)
        made.apply([jax.numpy.asarray(g)], [w])
        gradients.append([float(x) for x in g])
        weights.append([float(x) for x in np.asarray(w.value)])
    optimizers.append({"name": name, "optimizer": cls, "config": config, "start": [float(x) for x in start],
                       "gradients": gradients, "weights": weights})


optimizer("lion", "Lion", {"learning_rate": 0.01})
optimizer("lion/decay", "Lion", {"learning_rate": 0.01, "beta_1": 0.8, "beta_2": 0.7, "weight_decay": 0.1})
optimizer("sgd/decay-value", "SGD", {"learning_rate": 0.1, "momentum": 0.5, "weight_decay": 0.05, "clipvalue": 0.5})
optimizer("adamw/amsgrad", "AdamW", {"learning_rate": 0.01, "amsgrad": True})
optimizer("nadam/long", "Nadam", {"learning_rate": 0.01, "beta_1": 0.8}, 60)
optimizer("adamax/settings", "Adamax", {"learning_rate": 0.01, "beta_1": 0.8, "beta_2": 0.9, "epsilon": 1e-3})
optimizer("rmsprop/all", "RMSprop", {"learning_rate": 0.01, "rho": 0.8, "momentum": 0.5, "centered": True, "epsilon": 1e-3})
optimizer("adagrad/settings", "Adagrad", {"learning_rate": 0.1, "initial_accumulator_value": 0.5, "epsilon": 1e-3})
optimizer("adadelta/settings", "Adadelta", {"learning_rate": 1.0, "rho": 0.8, "epsilon": 1e-3, "clipnorm": 1.0})

schedules = []


def schedule(name, cls, config):
    made = getattr(keras.optimizers.schedules, cls)(**config)
    schedules.append({"name": name, "schedule": cls, "config": config,
                      "rates": [float(made(step)) for step in range(40)]})


start = {"initial_learning_rate": 0.3, "decay_steps": 7}
schedule("exponential", "ExponentialDecay", {**start, "decay_rate": 0.7})
schedule("exponential/stairs", "ExponentialDecay", {**start, "decay_rate": 0.7, "staircase": True})
schedule("inverse", "InverseTimeDecay", {**start, "decay_rate": 0.7})
schedule("inverse/stairs", "InverseTimeDecay", {**start, "decay_rate": 0.7, "staircase": True})
schedule("polynomial", "PolynomialDecay", {**start, "power": 1.5})
schedule("polynomial/cycle", "PolynomialDecay", {**start, "end_learning_rate": 0.01, "cycle": True})
schedule("cosine", "CosineDecay", {**start, "alpha": 0.1})
schedule("cosine/warm", "CosineDecay", {**start, "decay_steps": 20, "warmup_target": 1.5, "warmup_steps": 6})
restarts = {"initial_learning_rate": 0.3, "first_decay_steps": 5}
schedule("restarts", "CosineDecayRestarts", restarts)
schedule("restarts/settings", "CosineDecayRestarts", {**restarts, "t_mul": 1.5, "m_mul": 0.7, "alpha": 0.1})
schedule("restarts/even", "CosineDecayRestarts", {**restarts, "t_mul": 1.0, "m_mul": 0.5})
schedule("pieces", "PiecewiseConstantDecay", {"boundaries": [3, 9, 20], "values": [0.5, 0.3, 0.2, 0.1]})

written = {"keras": keras.__version__, "losses": losses, "metrics": metrics, "optimizers": optimizers,
           "schedules": schedules}
Path(__file__).with_name("judging.json").write_text(json.dumps(written) + "\n")
print(keras.__version__, *(f"{len(written[part])} {part}" for part in ("losses", "metrics", "optimizers", "schedules")))
