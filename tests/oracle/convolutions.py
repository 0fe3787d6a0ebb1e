"""Keras' numbers for the layers of convolution, pooling, up-sampling and edges in settings that keras-1.json does not have:
even windows, strides beside padding, dilation, several kernels a channel, lengths that no window covers. Writes
convolutions.json beside this file, in the form of make.py's layers. Takes `pip install keras jax`."""
import json
import os
from pathlib import Path

os.environ["KERAS_BACKEND"] = "jax"
import jax
import keras
import numpy as np

rng = np.random.default_rng(11)
cases = []


def arr(x):
    x = np.asarray(x, np.float32)
    return {"shape": list(x.shape), "data": [round(float(v), 7) for v in x.ravel()]}


def case(name, layer, config, shape):
    made = getattr(keras.layers, layer)(**config)
    x = np.round(rng.normal(size=shape), 3).astype(np.float32)
    made.build(x.shape)
    made.set_weights([np.round(rng.normal(size=w.shape) * 0.5, 3).astype(np.float32) for w in made.weights])
    weights = [w.numpy() for w in made.weights]
    call = lambda x, weights: made.stateless_call(weights, [], x)[0]
    y, back = jax.vjp(call, x, weights)
    dy = np.round(rng.normal(size=y.shape), 3).astype(np.float32)
    dx, dweights = back(dy)
    names = [w.name for w in made.weights]
    written = [{"name": name, **arr(w)} for name, w in zip(names, weights)]
    cases.append({
        "name": name, "layer": layer, "config": config, "training": False, "x": arr(x), "weights": written, "trainable": names,
        "y": arr(y), "dy": arr(dy), "dx": arr(dx), "dweights": [{"name": n, **arr(d)} for n, d in zip(names, dweights)],
        "weights_after": written,
    })


case("conv1d/even", "Conv1D", {"filters": 3, "kernel_size": 4, "padding": "same", "strides": 2, "activation": "relu"}, (2, 7, 2))
case("conv1d/causal strides", "Conv1D", {"filters": 2, "kernel_size": 3, "padding": "causal", "strides": 2}, (2, 8, 3))
case("conv1d/causal beyond", "Conv1D", {"filters": 2, "kernel_size": 4, "padding": "causal", "dilation_rate": 3}, (1, 5, 2))
case("conv1d/dilation", "Conv1D", {"filters": 2, "kernel_size": 2, "padding": "same", "dilation_rate": 3, "use_bias": False}, (2, 6, 1))
for padding in ["valid", "same"]:
    for kernel, strides, output_padding in [(3, 2, 1), (2, 2, None), (4, 3, 2), (2, 3, None), ([3, 2], [1, 2], None), (4, 2, 0), (5, 4, 3)]:
        case(f"conv2d_transpose/{padding} {kernel} {strides} {output_padding}", "Conv2DTranspose", {"filters": 2, "kernel_size": kernel, "strides": strides, "padding": padding, "output_padding": output_padding}, (1, 3, 2, 2))
    case(f"conv2d_transpose/{padding} dilation", "Conv2DTranspose", {"filters": 2, "kernel_size": 3, "padding": padding, "dilation_rate": 2, "activation": "relu"}, (1, 4, 3, 2))
    case(f"conv3d/{padding}", "Conv3D", {"filters": 2, "kernel_size": [2, 3, 1], "padding": padding, "activation": "relu"}, (1, 4, 4, 3, 2))
    case(f"conv3d/{padding} strides", "Conv3D", {"filters": 2, "kernel_size": 2, "strides": [2, 1, 2], "padding": padding}, (2, 3, 3, 3, 1))
    case(f"conv3d/{padding} dilation", "Conv3D", {"filters": 1, "kernel_size": [2, 1, 2], "dilation_rate": 2, "padding": padding}, (1, 5, 2, 4, 2))
    case(f"conv3d_transpose/{padding}", "Conv3DTranspose", {"filters": 2, "kernel_size": [3, 2, 2], "strides": [2, 1, 2], "padding": padding}, (1, 2, 2, 2, 2))
    case(f"depthwise/{padding} strides", "DepthwiseConv2D", {"kernel_size": [3, 4], "strides": 2, "padding": padding, "depth_multiplier": 3}, (2, 6, 7, 2))
    case(f"depthwise/{padding} dilation", "DepthwiseConv2D", {"kernel_size": 2, "dilation_rate": [2, 1], "padding": padding, "activation": "tanh"}, (1, 5, 6, 5))
    case(f"separable/{padding} strides", "SeparableConv2D", {"filters": 3, "kernel_size": [2, 3], "strides": 2, "padding": padding, "depth_multiplier": 2}, (1, 5, 6, 2))
    case(f"separable1d/{padding}", "SeparableConv1D", {"filters": 3, "kernel_size": 3, "padding": padding, "activation": "relu"}, (2, 6, 4))
    case(f"max_pool1d/{padding}", "MaxPooling1D", {"pool_size": 3, "strides": 2, "padding": padding}, (2, 8, 3))
    case(f"avg_pool1d/{padding}", "AveragePooling1D", {"pool_size": 3, "strides": 2, "padding": padding}, (2, 8, 3))
    case(f"max_pool3d/{padding}", "MaxPooling3D", {"pool_size": 2, "padding": padding}, (1, 3, 4, 5, 2))
    case(f"avg_pool3d/{padding}", "AveragePooling3D", {"pool_size": [3, 2, 2], "strides": [2, 1, 2], "padding": padding}, (1, 4, 3, 5, 2))
case("depthwise/one channel", "DepthwiseConv2D", {"kernel_size": 3, "padding": "same", "depth_multiplier": 3}, (2, 4, 5, 1))
case("global_avg_pool3d", "GlobalAveragePooling3D", {"keepdims": True}, (2, 2, 3, 2, 3))
case("global_max_pool3d", "GlobalMaxPooling3D", {}, (2, 2, 3, 2, 3))
case("up_sampling1d", "UpSampling1D", {"size": 3}, (2, 3, 2))
case("up_sampling/bilinear", "UpSampling2D", {"size": [2, 3], "interpolation": "bilinear"}, (2, 3, 2, 2))
case("up_sampling/bilinear, 4", "UpSampling2D", {"size": 4, "interpolation": "bilinear"}, (1, 3, 1, 3))
case("up_sampling3d", "UpSampling3D", {"size": [1, 2, 3]}, (1, 2, 2, 2, 2))
case("zero_padding1d", "ZeroPadding1D", {"padding": [2, 1]}, (2, 3, 2))
case("zero_padding3d", "ZeroPadding3D", {"padding": [[1, 0], [0, 2], [1, 1]]}, (1, 2, 2, 1, 2))
case("cropping1d", "Cropping1D", {"cropping": [1, 2]}, (2, 5, 2))
case("cropping3d", "Cropping3D", {"cropping": [[1, 0], [0, 2], [1, 1]]}, (1, 3, 4, 3, 2))

path = Path(__file__).with_name("convolutions.json")
path.write_text(json.dumps({"keras": keras.__version__, "layers": cases}, separators=(",", ":")) + "\n")
print(f"{len(cases)} layers, {path.stat().st_size / 1024:.0f} KB")
