#!/usr/bin/env python3
"""Recurrent layers as Keras 3 computes them: states that are given, given back and carried from batch to batch; each way
to merge both directions; cells, stacks of cells, masks.

    python recurrent.py --seed 1 --out recurrent.json          (needs: keras 3, jax)

`layers`: `layer` is what Keras writes of the layer, `weights` its weights in Keras' order, `calls` one batch after the
other: `x`, `mask` and `initial` (states to begin with) where there are some, and `outputs`. A stateful layer goes on with
its state from call to call. `dy`, `dx`, `dinitial` and `dweights` belong to the last call.
`training`: a stateful model, trained batch by batch with stochastic gradient descent: the loss of each batch before its
step, the weights after all of them, and then the outputs for `more`. Arrays are flat, row-major.
"""
import argparse, json, os
os.environ["KERAS_BACKEND"] = "jax"
os.environ.setdefault("JAX_PLATFORMS", "cpu")
# The arrays are small: what takes time is to compile.
os.environ.setdefault("XLA_FLAGS", "--xla_backend_optimization_level=0 --xla_llvm_disable_expensive_passes=true")
import numpy as np
import jax
import jax.numpy as jnp
import keras
from keras import layers as L

ap = argparse.ArgumentParser()
ap.add_argument("--seed", type=int, default=1)
ap.add_argument("--out", required=True)
args = ap.parse_args()
rng = np.random.default_rng(args.seed)
keras.utils.set_random_seed(args.seed)
normal = lambda *s: rng.normal(size=s).astype(np.float32)


def arr(a):
    a = np.asarray(a)
    return {"shape": list(a.shape), "data": [float(f"{float(v):.8g}") for v in a.ravel()]}


def written(layer):
    full = keras.saving.serialize_keras_object(layer)
    strip = lambda o: {k: strip(v) for k, v in o.items() if k not in ("module", "registered_name", "build_config", "dtype")} if isinstance(o, dict) else [strip(v) for v in o] if isinstance(o, list) else o
    return strip(full)


flat = lambda y: keras.tree.flatten(y)
cases = []


def case(name, make, x_shape, batches=1, stateful=False, initial=None, mask=None):
    """`make(stateful)` makes the layer; `initial` are states to begin with, as they are nested."""
    plain, layer = make(False), make(stateful)
    xs = [normal(*x_shape) for _ in range(batches)]
    states = initial
    kwargs = {} if mask is None else {"mask": jnp.asarray(mask, bool)}
    kwargs_of = lambda s: {**kwargs, **({} if s is None else {"initial_state": s})}
    for own in (plain, layer):
        own(xs[0], **kwargs_of(states))
    weights = [normal(*w.shape) * 0.7 for w in layer.trainable_variables]
    for own in (plain, layer):
        for w, v in zip(own.trainable_variables, weights):
            w.assign(v)
    if stateful:
        # Keras' own `reset_state` does not know states that are nested.
        keras.tree.map_structure(lambda v: v.assign(jnp.zeros(v.shape)), layer.states)
    calls, before = [], states
    for x in xs:
        told = flat(layer(x, **kwargs_of(states if stateful is False else None)))
        # What the last batch began with: the state after the one before it.
        last = before
        if stateful:
            before = keras.tree.map_structure(lambda v: v.numpy(), layer.states)
        calls.append({"x": arr(x), **({} if mask is None else {"mask": arr(mask)}), **({} if states is None else {"initial": [arr(s) for s in flat(states)]}), "outputs": [arr(y) for y in told]})
    dy = [normal(*np.asarray(y).shape) for y in told]
    others = [v.value for v in plain.non_trainable_variables]

    def total(tv, x, s):
        y, _ = plain.stateless_call(tv, others, x, **kwargs_of(s))
        return sum(jnp.sum(a * b) for a, b in zip(flat(y), dy))

    tv = [jnp.asarray(w) for w in weights]
    again, _ = plain.stateless_call(tv, others, xs[-1], **kwargs_of(last))
    for a, b in zip(flat(again), told):
        np.testing.assert_allclose(a, b, atol=1e-5)
    dtv, dx = jax.grad(total, argnums=(0, 1))(tv, jnp.asarray(xs[-1]), last)
    out = {"name": name, "layer": written(layer), "weights": [arr(w) for w in weights], "calls": calls, "dy": [arr(v) for v in dy], "dx": arr(dx), "dweights": [arr(v) for v in dtv]}
    if states is not None:
        out["dinitial"] = [arr(v) for v in flat(jax.grad(total, argnums=2)(tv, jnp.asarray(xs[-1]), states))]
    cases.append(out)
    print(name, [y.shape for y in told])


MASK = np.array([[1, 1, 0, 1], [0, 1, 1, 0]], np.float32)
KINDS = {
    "SimpleRNN": lambda **a: L.SimpleRNN(3, **a),
    "LSTM": lambda **a: L.LSTM(3, **a),
    "GRU": lambda **a: L.GRU(3, **a),
    "GRU, reset before": lambda **a: L.GRU(3, reset_after=False, **a),
}
for kind, make in KINDS.items():
    count = 2 if kind == "LSTM" else 1
    case(f"{kind}: stateful", lambda s: make(stateful=s, return_sequences=True), (2, 2, 2), batches=3, stateful=True)
    case(f"{kind}: state given and given back", lambda s: make(return_state=True), (2, 4, 2), initial=[normal(2, 3) for _ in range(count)])
case("LSTM: stateful, backwards, masked, all results", lambda s: L.LSTM(3, stateful=s, return_sequences=True, return_state=True, go_backwards=True), (2, 4, 2), batches=2, stateful=True, mask=MASK)
case("GRU: other activations, state given", lambda s: L.GRU(2, activation="softsign", recurrent_activation="hard_sigmoid", return_state=True), (2, 3, 2), initial=[normal(2, 2)])
for mode in ["sum", "mul", "ave", "concat", None]:
    case(f"Bidirectional GRU, {mode}", lambda s: L.Bidirectional(L.GRU(2, return_sequences=True, return_state=True), merge_mode=mode), (2, 4, 2), initial=[normal(2, 2), normal(2, 2)])
    case(f"Bidirectional LSTM, {mode}, last results", lambda s: L.Bidirectional(L.LSTM(2), merge_mode=mode), (2, 3, 2), initial=[normal(2, 2) for _ in range(4)])
case("Bidirectional, masked", lambda s: L.Bidirectional(L.LSTM(2, return_sequences=True)), (2, 4, 2), mask=MASK)
case("Bidirectional around a cell", lambda s: L.Bidirectional(L.RNN(L.GRUCell(2), return_sequences=True), merge_mode="sum"), (2, 4, 2), mask=MASK)
case("Bidirectional, two kinds of layers", lambda s: L.Bidirectional(L.LSTM(2), backward_layer=L.GRU(2, go_backwards=True)), (2, 3, 2))
for kind, cell in {"SimpleRNNCell": lambda: L.SimpleRNNCell(3), "LSTMCell": lambda: L.LSTMCell(3), "GRUCell": lambda: L.GRUCell(3)}.items():
    case(f"RNN of {kind}", lambda s: L.RNN(cell(), return_sequences=True, return_state=True), (2, 4, 2), mask=MASK)
stack = lambda: [L.GRUCell(3), L.LSTMCell(2), L.SimpleRNNCell(2)]
case("a stack, all results", lambda s: L.RNN(stack(), return_sequences=True, return_state=True), (2, 4, 2))
case("a stack, backwards and masked", lambda s: L.RNN(stack(), return_sequences=True, return_state=True, go_backwards=True), (2, 4, 2), mask=MASK)
case("a stack, stateful", lambda s: L.RNN(stack(), stateful=s), (2, 2, 2), batches=3, stateful=True)
case("a stack, zeros for masked", lambda s: L.RNN(stack(), return_sequences=True, zero_output_for_mask=True), (2, 4, 2), mask=MASK)
case("a stack, state given", lambda s: L.RNN([L.GRUCell(3), L.LSTMCell(2)]), (2, 3, 2), initial=[[normal(2, 3)], [normal(2, 2), normal(2, 2)]])
case("ConvLSTM2D: all results", lambda s: L.ConvLSTM2D(2, 2, strides=2, return_sequences=True, return_state=True), (2, 3, 4, 5, 1))
case("ConvLSTM2D: stateful, dilated, no bias", lambda s: L.ConvLSTM2D(2, (2, 1), dilation_rate=2, use_bias=False, recurrent_activation="hard_sigmoid", stateful=s), (2, 2, 4, 2, 1), batches=2, stateful=True)
case("ConvLSTM2D: backwards, one filter", lambda s: L.ConvLSTM2D(1, 2, padding="same", go_backwards=True, return_sequences=True), (2, 3, 2, 3, 2))


def training():
    """A step's loss and gradients with the state that the batch before has left, which is no part of the graph."""
    x, h, c = keras.Input((2, 2)), keras.Input((3,)), keras.Input((3,))
    y, after_h, after_c = L.LSTM(3, return_state=True)(x, initial_state=[h, c])
    model = keras.Model([x, h, c], [L.Dense(1)(y), after_h, after_c])
    start = [normal(*w.shape) * 0.5 for w in model.trainable_variables]
    others = [v.value for v in model.non_trainable_variables]
    tv, state = [jnp.asarray(w) for w in start], [jnp.zeros((2, 3))] * 2
    xs, ys, more = normal(8, 2, 2), normal(8, 1), normal(4, 2, 2)

    def loss(tv, x, y, state):
        (p, *after), _ = model.stateless_call(tv, others, [x, *state])
        return jnp.mean((p - y) ** 2), after

    losses = []
    for i in range(0, 8, 2):
        (value, after), g = jax.value_and_grad(loss, has_aux=True)(tv, xs[i : i + 2], ys[i : i + 2], state)
        losses.append(float(value))
        tv, state = [w - 0.1 * d for w, d in zip(tv, g)], after
    outputs = []
    for i in range(0, 4, 2):
        (p, *state), _ = model.stateless_call(tv, others, [more[i : i + 2], *state])
        outputs.append(p)
    return {"rate": 0.1, "x": arr(xs), "y": arr(ys), "start": [arr(w) for w in start], "losses": losses, "weights": [arr(w) for w in tv], "more": arr(more), "outputs": arr(np.concatenate(outputs))}


json.dump({"keras": keras.__version__, "jax": jax.__version__, "seed": args.seed, "layers": cases, "training": training()}, open(args.out, "w"), separators=(",", ":"))
print(len(cases), "layers,", os.path.getsize(args.out), "bytes")
