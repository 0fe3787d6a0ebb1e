"""Graphs of layers as Keras 3 writes them: masks that are found by operations and handed to the layers behind, operations
between layers (`a + b`, `x[:, -1]`, `ops.abs`), models inside whose result is the graph's, results in lists of lists.

    python graphs.py graphs.json          (needs: keras 3, jax)

Each case: `config` is Keras' `model.to_json()`, `inputs`, `weights` by position, `outputs`, and the gradients of
sum(dy * output) with respect to the inputs that are not whole numbers (`dx`) and the trainable weights (`dweights`). `after` are the weights
that are not trainable after the call. `steps`: losses of that many `train_on_batch` calls with `targets`, and the weights
after them. Arrays are flat, row-major.
"""
import json
import os
import sys

os.environ["KERAS_BACKEND"] = "jax"
os.environ.setdefault("JAX_PLATFORMS", "cpu")
# The arrays are small: what takes time is to compile.
os.environ.setdefault("XLA_FLAGS", "--xla_backend_optimization_level=0 --xla_llvm_disable_expensive_passes=true")
import jax
import jax.numpy as jnp
import keras
import numpy as np
from keras import layers as L
from keras import ops

rng = np.random.default_rng(23)
keras.utils.set_random_seed(23)
cases = []


def arr(a):
    a = np.asarray(a)
    kind = "int32" if a.dtype.kind in "iub" else "float32"
    return {"shape": list(a.shape), "dtype": kind, "data": [float(f"{float(v):.7g}") for v in a.ravel()]}


def bare(o):
    """What Keras writes without what is null or its own bookkeeping; masks and ends as they are."""
    if isinstance(o, list):
        return [bare(v) for v in o]
    if not isinstance(o, dict):
        return o
    left = ("build_config", "compile_config", "quantization_config")
    return {k: bare(v) for k, v in o.items() if k not in left and not (v is None and (k.endswith(("_regularizer", "_constraint")) or k == "seed"))}


def graph(name, make, *shapes, training=False, integer=None, batch=2, steps=0, loss="mse", masked=None):
    """`make` makes outputs of inputs; `integer` is what whole numbers are below; `masked`: steps of each sample that are 0."""
    keras.utils.clear_session(free_memory=False)
    x = []
    for i, s in enumerate(shapes):
        if integer is not None:
            x.append(rng.integers(0, integer, (batch, *s)).astype(np.int32))
            continue
        v = np.round(rng.normal(size=(batch, *[n or 4 for n in s])), 3).astype(np.float32)
        for sample, rows in enumerate(masked or []):
            if i == 0:
                v[sample, rows] = 0
        x.append(v)
    ins = [keras.Input(s, dtype=str(v.dtype)) for s, v in zip(shapes, x)]
    model = keras.Model(ins, make(*ins))
    for w in model.weights:
        v = w.numpy()
        w.assign(np.round(rng.random(v.shape) + 0.5 if "variance" in w.path else rng.normal(size=v.shape) * 0.4 + ("gamma" in w.path), 3))
    tv, ntv = [v.value for v in model.trainable_variables], [v.value for v in model.non_trainable_variables]
    places = [i for i, v in enumerate(x) if v.dtype.kind == "f"]

    def call(floats, tv):
        full = list(x)
        for i, v in zip(places, floats):
            full[i] = v
        y, after = model.stateless_call(tv, ntv, full if len(full) > 1 else full[0], training=training)
        return keras.tree.flatten(y), after

    ys, back, after = jax.vjp(call, [jnp.asarray(x[i]) for i in places], tv, has_aux=True)
    dys = [np.round(rng.normal(size=y.shape), 3).astype(np.float32) for y in ys]
    dx, dtv = back([jnp.asarray(d) for d in dys])
    named = lambda ws, vs: [{"path": w.path, "trainable": bool(w.trainable), **arr(v)} for w, v in zip(ws, vs)]
    case = {
        "name": name, "config": bare(json.loads(model.to_json())), "training": training, "inputs": [arr(v) for v in x],
        "weights": named(model.weights, [w.numpy() for w in model.weights]), "outputs": [arr(y) for y in ys], "dy": [arr(d) for d in dys],
        "dx": [{"at": i, **arr(d)} for i, d in zip(places, dx)], "dweights": named(model.trainable_variables, dtv),
        "after": named(model.non_trainable_variables, after),
    }
    if steps:
        t = [np.round(rng.normal(size=y.shape), 3).astype(np.float32) for y in ys]
        t = [(v > 0).astype(np.float32) for v in t] if loss == "binary_crossentropy" else t
        model.compile(optimizer=keras.optimizers.SGD(0.05), loss=loss)
        losses = [float(np.asarray(model.train_on_batch(x if len(x) > 1 else x[0], t if len(t) > 1 else t[0]))) for _ in range(steps)]
        case["steps"] = {"loss": loss, "targets": [arr(v) for v in t], "losses": losses, "weights": named(model.weights, [w.numpy() for w in model.weights])}
    cases.append(case)


MASK = [[3, 4], [0, 2]]
emb = lambda i: L.Embedding(7, 3, mask_zero=True)(i)
for layer in (L.LSTM, L.GRU, L.SimpleRNN):
    n = layer.__name__
    graph(f"{n}, backwards, masked", lambda i: layer(3, go_backwards=True, return_sequences=True)(L.Masking()(i)), (5, 2), masked=MASK)
    graph(f"{n}, zeros where masked", lambda i: layer(2, return_sequences=True, zero_output_for_mask=True)(L.Masking()(i)), (5, 2), masked=MASK)
    graph(f"{n}, two in a row, masked", lambda i: layer(2)(layer(3, return_sequences=True)(L.Masking()(i))), (5, 2), masked=MASK)
for merge in ("concat", "sum", "mul", "ave", None):
    graph(f"both ways, {merge}, masked", lambda i: L.Bidirectional(L.GRU(2, return_sequences=True), merge_mode=merge)(L.Masking()(i)), (5, 2), masked=MASK)
graph("cells, masked", lambda i: L.RNN([L.LSTMCell(3), L.LSTMCell(2)])(L.Masking()(i)), (5, 2), masked=MASK)
graph("states in lists of lists", lambda i: L.RNN([L.LSTMCell(3), L.GRUCell(2)], return_state=True)(i), (4, 2))
def nested(i):
    inner_in = keras.Input((3,)); inner = keras.Model(inner_in, [L.Dense(2)(inner_in), L.Dense(3, activation="relu")(inner_in)]); a, b = inner(i); c, d = inner(L.Dense(3)(b)); return [L.Add()([a, c]), d]
def nest_last(i):
    a = keras.Input((3,)); base = keras.Model(a, L.Dense(2)(a)); return base(i)
def nest_seq(i): return keras.Sequential([keras.Input((3,)), L.Dense(2, activation="relu"), L.Dense(2)])(i)
def shared3(a, b, c):
    x = keras.Input((3,)); enc = keras.Model(x, L.Dense(2, activation="tanh")(x)); return [enc(a), enc(b), enc(c)]


graph("td mask lstm", lambda i: L.LSTM(2)(L.TimeDistributed(L.Dense(3))(L.Masking()(i))), (5, 2), masked=MASK)
graph("emb gap", lambda i: L.GlobalAveragePooling1D()(emb(i)), (6,), integer=4)
graph("emb dense gap", lambda i: L.GlobalAveragePooling1D()(L.Dense(2)(emb(i))), (6,), integer=3)
graph("emb conv gap", lambda i: L.GlobalAveragePooling1D()(L.Conv1D(2, 3, padding="same")(emb(i))), (6,), integer=3)
graph("emb ln lstm", lambda i: L.LSTM(2)(L.LayerNormalization()(emb(i))), (6,), integer=4)
graph("emb add mask", lambda a, b: L.LSTM(2)(L.Add()([emb(a), emb(b)])), (5,), (5,), integer=3)
graph("emb concat mask", lambda a, b: L.GRU(2)(L.Concatenate()([emb(a), emb(b)])), (5,), (5,), integer=3)
graph("emb concat time", lambda a, b: L.GRU(2)(L.Concatenate(axis=1)([emb(a), emb(b)])), (4,), (3,), integer=3)
graph("emb half mask", lambda a, b: L.LSTM(2)(L.Concatenate()([emb(a), L.Embedding(7, 2)(b)])), (5,), (5,), integer=3)
graph("emb dropout act", lambda i: L.LSTM(2)(L.Activation("tanh")(L.Dropout(0.5)(emb(i)))), (5,), integer=3)
graph("emb masked loss", lambda i: L.Dense(2)(L.LSTM(3, return_sequences=True)(emb(i))), (5,), integer=3, steps=3)
graph("all masked", lambda i: L.LSTM(2)(L.Masking()(i)), (3, 2), masked=[[0, 1, 2], [1]])
graph("all masked gap", lambda i: L.GlobalAveragePooling1D()(L.Masking()(i)), (3, 2), masked=[[0, 1], [1]])
graph("mask repeat flat", lambda i: L.Dense(2)(L.Flatten()(L.Masking()(i))), (3, 2), masked=[[0], [1]])
graph("mha emb", lambda i: (lambda e: L.MultiHeadAttention(2, 2)(e, e))(emb(i)), (6,), integer=3)
graph("mha emb causal gap", lambda i: (lambda e: L.GlobalAveragePooling1D()(L.MultiHeadAttention(2, 2)(e, e, use_causal_mask=True)))(emb(i)), (6,), integer=3)
graph("mha emb two", lambda a, b: L.MultiHeadAttention(2, 2)(emb(a), emb(b)), (4,), (6,), integer=3)
graph("att masks", lambda a, b: L.Attention()([emb(a), emb(b)]), (4,), (5,), integer=3)
graph("addatt noscale mask", lambda a, b: L.AdditiveAttention(use_scale=False)([emb(a), emb(b)]), (4,), (5,), integer=3)
graph("bn masked steps", lambda i: L.Dense(1)(L.LSTM(2)(L.BatchNormalization()(L.Masking()(i)))), (5, 2), masked=MASK, steps=3)
graph("nested twice", nested, (3,), batch=3)
graph("op add", lambda a, b: L.Dense(2)(a + b * 2.0), (3,), (3,))
graph("op funcs", lambda a: ops.relu(L.Dense(3)(a)) - ops.mean(a, axis=-1, keepdims=True), (3,))
graph("op concat", lambda a, b: ops.concatenate([a, b], axis=-1), (3,), (2,))
graph("op matmul", lambda a, b: ops.matmul(a, b), (3, 4), (4, 2))
graph("op slice", lambda a: a[:, 0] * 1.0, (3, 4))
graph("op reshape", lambda a: ops.reshape(a, (-1, 6)), (2, 3))
graph("last step", lambda i: L.Dense(2)(L.LSTM(3, return_sequences=True)(i)[:, -1, :]), (4, 2), steps=2)
graph("slice range", lambda i: i[:, 1:3] * 2.0 + i[:, 0:2], (4, 2))
graph("slice step", lambda i: i[:, ::2], (5, 2))
graph("slice rev", lambda i: i[:, ::-1], (5,))
graph("newaxis", lambda i: L.Conv1D(2, 2)(i[:, :, None]), (5,))
graph("siamese abs", lambda a, b: (lambda d: L.Dense(1, activation="sigmoid")(ops.abs(d(a) - d(b))))(L.Dense(3)), (4,), (4,), steps=2, loss="binary_crossentropy")
graph("euclid", lambda a, b: ops.sqrt(ops.sum(ops.square(a - b), axis=1, keepdims=True) + 1e-6), (4,), (4,))
graph("one minus", lambda a: 1.0 - a, (3,))
graph("two over", lambda a: 2.0 / (1.0 + ops.exp(-a)), (3,))
graph("power", lambda a: a ** 2, (3,))
graph("neg", lambda a: -a / 3, (3,))
graph("maxmin", lambda a: ops.maximum(a, 0.1) + ops.minimum(a, 0.2), (3,))
graph("clip", lambda a: ops.clip(a, -0.5, 0.5), (4,))
graph("stack", lambda a, b: ops.stack([a, b], axis=1), (3,), (3,))
graph("mean axis", lambda a: ops.mean(a, axis=1), (3, 2))
graph("max 2d", lambda a: ops.max(a, axis=(1, 2)), (3, 2, 2))
graph("transpose", lambda a: ops.transpose(a, (0, 2, 1)), (3, 2))
graph("const arr", lambda a: a * np.array([1., 2., 3.], "float32"), (3,))
graph("softmax 1", lambda a: ops.softmax(a, axis=1), (3, 2))
graph("where", lambda a, b: ops.where(a > 0, a, b), (3,), (3,))
graph("norm", lambda a: a / ops.sqrt(ops.sum(a * a, axis=-1, keepdims=True)), (3,))
graph("einsum", lambda a, b: ops.einsum("bij,bjk->bik", a, b), (2, 3), (3, 2))
graph("matmul t", lambda a: ops.matmul(a, ops.transpose(a, (0, 2, 1))), (2, 3))
graph("concat time", lambda a, b: ops.concatenate([a, b], axis=1), (2, 3), (1, 3))
graph("var", lambda a: (a - ops.mean(a, axis=-1, keepdims=True)) / ops.sqrt(ops.var(a, axis=-1, keepdims=True) + 1e-3), (5,))
graph("squeeze", lambda a: ops.squeeze(a, axis=2), (3, 1))
graph("expand", lambda a: ops.expand_dims(a, axis=1), (3,))
graph("gelu op", lambda a: ops.gelu(a), (3,))
graph("lse", lambda a: ops.logsumexp(a, axis=1), (3, 2))
graph("residual", lambda a: L.ReLU()(a + L.Dense(3)(L.Dense(3, activation="relu")(a))), (3,), steps=2)
graph("gate", lambda a: L.Dense(3, activation="sigmoid")(a) * L.Dense(3)(a), (3,), steps=2)
graph("unknown mean", lambda i: ops.mean(L.Dense(2)(i), axis=1), (None, 2))
graph("transfer nested last", nest_last, (3,), steps=2)
graph("nested seq last", nest_seq, (3,), steps=2)
graph("triplet", shared3, (3,), (3,), (3,))
graph("masked attention, added", lambda i: (lambda e: L.Dense(2)(L.GlobalAveragePooling1D()(L.LayerNormalization()(e + L.MultiHeadAttention(2, 2)(e, e)))))(L.Embedding(5, 4, mask_zero=True)(i)), (5,), integer=4, steps=2)
json.dump({"keras": keras.__version__, "graphs": cases}, open(sys.argv[1], "w"), separators=(",", ":"))
