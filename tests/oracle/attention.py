"""Keras' numbers for layers of normalisation, activation and attention with settings that make.py does not have: several
axes, masks, several inputs and results. Writes attention.json beside this file. Takes `pip install keras jax`."""
import json
import os
from pathlib import Path

os.environ["KERAS_BACKEND"] = "jax"
import jax
import jax.numpy as jnp
import keras
import numpy as np
from keras import layers as L
from keras.src import backend

rng = np.random.default_rng(11)
cases = []


def arr(x):
    x = np.asarray(x, np.float32)
    return {"shape": list(x.shape), "data": [float(f"{v:.7g}") for v in x.ravel()]}


def normal(*shape):
    return rng.normal(size=shape).astype(np.float32)


def case(name, cls, config, inputs, masks=None, named=None, **options):
    """`named` says which of the inputs are given by name; the rest by place, in a list or not as the layer wants."""
    named = named or {}
    layer = getattr(L, cls)(**config)
    masks = [None if m is None else jnp.asarray(m, bool) for m in masks or [None] * len(inputs)]

    def call(inputs, weights):
        plain = [x for i, x in enumerate(inputs) if i not in named.values()]
        kwargs = {key: inputs[i] for key, i in named.items()}
        kwargs.update(options)
        if cls == "MultiHeadAttention":
            if "attention_mask" in kwargs:
                kwargs["attention_mask"] = kwargs["attention_mask"] > 0
            if masks[1] is not None:
                kwargs["value_mask"] = masks[1]
            if len(masks) > 2 and masks[2] is not None:
                kwargs["key_mask"] = masks[2]
            if masks[0] is not None:
                backend.set_keras_mask(plain[0], masks[0])
            args = plain
        elif "Attention" in cls:
            args = [plain]
            if any(m is not None for m in masks):
                kwargs["mask"] = masks
        else:
            args = plain
            if cls == "Softmax" and masks[0] is not None:
                kwargs["mask"] = masks[0]
        out, _ = layer.stateless_call(weights, state, *args, **kwargs)
        return list(out) if isinstance(out, (tuple, list)) else [out]

    shapes = [x.shape for x in inputs]
    if cls == "MultiHeadAttention":
        layer.build(shapes[0], shapes[1], shapes[2] if len(shapes) > 2 and 2 not in
                    [i for k, i in named.items() if k == "attention_mask"] else None)
    elif "Attention" in cls:
        layer.build(shapes)
    else:
        layer.build(shapes[0])
    weights = [jnp.asarray(normal(*w.shape) * 0.5 + (1 if w.name in ("gamma", "scale") else 0))
               for w in layer.trainable_variables]
    state = [v.value for v in layer.non_trainable_variables]
    xs = [jnp.asarray(x, np.float32) for x in inputs]
    outputs, pull = jax.vjp(call, xs, weights)
    dys = [jnp.asarray(normal(*y.shape)) for y in outputs]
    dxs, dws = pull(dys)
    cases.append({
        "name": name, "layer": cls, "config": config, "inputs": [arr(x) for x in inputs],
        "masks": [None if m is None else arr(m) for m in masks], "named": named, "options": options,
        "weights": [{"name": "/".join(w.path.split("/")[1:]), **arr(v)}
                    for w, v in zip(layer.trainable_variables, weights)],
        "outputs": [arr(y) for y in outputs], "dys": [arr(y) for y in dys],
        "dinputs": [arr(x) for x in dxs], "dweights": [arr(w) for w in dws],
    })


x3, x4 = normal(2, 3, 4), normal(2, 3, 2, 6)
case("layer/two axes", "LayerNormalization", {"axis": [1, 2]}, [x3])
case("layer/all axes", "LayerNormalization", {"axis": [3, 1, 2]}, [x4])
case("layer/an axis that is not last", "LayerNormalization", {"axis": 1, "epsilon": 0.1}, [x4])
case("layer/neither", "LayerNormalization", {"center": False, "scale": False}, [x3])
case("layer/beta alone", "LayerNormalization", {"scale": False}, [x3])
case("layer/rms", "LayerNormalization", {"rms_scaling": True}, [x3])
case("rms", "RMSNormalization", {}, [x3])
case("rms/two axes", "RMSNormalization", {"axis": [2, 3], "epsilon": 0.01}, [x4])
case("group/channels first", "GroupNormalization", {"groups": 3, "axis": 1}, [normal(2, 6, 2, 3)])
case("group/one a channel", "GroupNormalization", {"groups": -1, "center": False}, [x4])
case("group/one", "GroupNormalization", {"groups": 1, "axis": -2, "scale": False}, [x4])
case("group/sequences", "GroupNormalization", {"groups": 2}, [x3])
case("unit", "UnitNormalization", {}, [x3])
case("unit/two axes", "UnitNormalization", {"axis": [1, 2]}, [x4])
case("softmax/two axes", "Softmax", {"axis": [1, 2]}, [x3])
hidden = np.array([[[1, 0, 1, 1], [0, 0, 0, 0], [1, 1, 0, 1]]] * 2, bool)
case("softmax/mask", "Softmax", {}, [x3], [hidden])
case("prelu/shared", "PReLU", {"shared_axes": [1, 2]}, [x4])
for name in ["celu", "hard_silu", "hard_tanh", "hard_shrink", "soft_shrink", "tanh_shrink", "log_sigmoid", "log_softmax",
             "sparse_sigmoid", "sparse_plus", "squareplus", "mish", "relu6", "gelu", "hard_sigmoid", "softsign", "silu",
             "leaky_relu", "softplus", "exponential", "selu", "elu"]:
    case(f"activation/{name}", "Activation", {"activation": name}, [normal(2, 9) * 2])

q, v, k = normal(2, 3, 4), normal(2, 5, 6), normal(2, 5, 4)
v4 = normal(2, 5, 4)
qm = np.array([[1, 1, 0], [1, 0, 1]], bool)
vm = np.array([[1, 1, 0, 1, 0], [0, 1, 1, 1, 1]], bool)
none = np.array([[1, 1, 0, 1, 0], [0, 0, 0, 0, 0]], bool)
case("attention", "Attention", {}, [q, v, k])
case("attention/scale, causal", "Attention", {"use_scale": True}, [q, v4], use_causal_mask=True)
case("attention/masks", "Attention", {"use_scale": True}, [q, v4], [qm, vm])
case("attention/masks, causal, weights", "Attention", {}, [q, v, k], [qm, vm, None],
     use_causal_mask=True, return_attention_scores=True)
case("attention/concat", "Attention", {"score_mode": "concat"}, [q, v4])
case("attention/concat, scale", "Attention", {"score_mode": "concat", "use_scale": True}, [q, v, k], [None, vm, None])
case("additive", "AdditiveAttention", {}, [q, v4], [qm, vm])
case("additive/no scale", "AdditiveAttention", {"use_scale": False}, [q, v, k], return_attention_scores=True)

heads = {"num_heads": 2, "key_dim": 3}
mask = rng.random((2, 3, 5)) < 0.6
mask[0, 1] = False
case("heads", "MultiHeadAttention", heads, [q, v])
# Without a dropout Keras takes another way, which cannot do this with JAX.
case("heads/values of another length", "MultiHeadAttention", {**heads, "value_dim": 5, "dropout": 0.5}, [q, v, k])
case("heads/key by name, no bias", "MultiHeadAttention", {**heads, "use_bias": False}, [q, v, k],
     named={"value": 1, "key": 2})
case("heads/shape of output", "MultiHeadAttention", {**heads, "output_shape": [2, 3]}, [q, v])
case("heads/length of output, causal", "MultiHeadAttention", {**heads, "output_shape": 7}, [q, v],
     use_causal_mask=True)
case("heads/mask of pairs", "MultiHeadAttention", heads, [q, v, mask], named={"attention_mask": 2})
case("heads/mask of pairs, key, causal", "MultiHeadAttention", heads, [q, v, k, mask[:1]],
     named={"key": 2, "attention_mask": 3}, use_causal_mask=True)
case("heads/masks", "MultiHeadAttention", heads, [q, v], [qm, vm])
case("heads/masks, causal", "MultiHeadAttention", heads, [q, v, k], [qm, vm, none], use_causal_mask=True)
case("heads/masks, weights", "MultiHeadAttention", heads, [q, v], [qm, none], return_attention_scores=True)
case("heads/weights", "MultiHeadAttention", heads, [q, v, k], return_attention_scores=True, use_causal_mask=True)

out = Path(__file__).with_name("attention.json")
out.write_text(json.dumps({"keras": keras.__version__, "cases": cases}, separators=(",", ":")) + "\n")
print(len(cases), "cases,", out.stat().st_size, "bytes")
