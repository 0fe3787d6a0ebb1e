"""Keras' preprocessing layers, which make.py leaves out. What they draw is pinned by giving both ends of a range the same
value. Writes preprocessing.json beside this file. Takes `pip install keras jax`."""
import json
import os
from pathlib import Path

os.environ["KERAS_BACKEND"] = "jax"
import jax
import keras
import numpy as np

rng = np.random.default_rng(11)
layers = []


def arr(x):
    x = np.asarray(x, np.float32)
    return {"shape": list(x.shape), "data": [float(f"{v:.8g}") for v in x.ravel()]}


def add(name, cls, config, x, training=False, whole=False):
    """A case as make.py writes it; `whole` numbers have no gradient."""
    x = np.asarray(x, np.float32)
    made = getattr(keras.layers, cls)(**config)
    if whole:
        y = made(x.astype(np.int32))
        dy, dx = rng.normal(size=y.shape), None
    else:
        y, back = jax.vjp(lambda x: made(x, training=training), jax.numpy.asarray(x))
        dy = rng.normal(size=y.shape).astype(np.float32)
        dx = arr(back(jax.numpy.asarray(dy))[0])
    layers.append({"name": name, "layer": cls, "config": config, "training": training, "x": arr(x), "weights": [],
                   "trainable": [], "y": arr(y), "dy": arr(dy), "dx": dx, "dweights": [], "weights_after": []})


def pictures(*shape):
    return rng.normal(size=shape)


for how in ["nearest", "bilinear"]:
    for name, size, shape in [("larger", (7, 5), (2, 4, 3, 2)), ("smaller", (3, 2), (1, 7, 5, 1)), ("both", (2, 9), (1, 5, 4, 2))]:
        add(f"resizing/{how}/{name}", "Resizing", {"height": size[0], "width": size[1], "interpolation": how}, pictures(*shape))
    add(f"resizing/{how}/crop", "Resizing", {"height": 4, "width": 3, "interpolation": how, "crop_to_aspect_ratio": True}, pictures(2, 5, 9, 1))
    add(f"resizing/{how}/pad", "Resizing", {"height": 4, "width": 4, "interpolation": how, "pad_to_aspect_ratio": True, "fill_value": 0.5}, pictures(1, 3, 7, 2))
add("center_crop", "CenterCrop", {"height": 3, "width": 2}, pictures(2, 6, 7, 2))
add("center_crop/smaller", "CenterCrop", {"height": 6, "width": 4}, pictures(1, 4, 5, 2))
for mode in ["one_hot", "multi_hot", "count"]:
    add(f"category_encoding/{mode}", "CategoryEncoding", {"num_tokens": 5, "output_mode": mode}, [[3, 1, 1, 0], [4, 4, 4, 2]], whole=True)
add("category_encoding/one_hot/single", "CategoryEncoding", {"num_tokens": 4, "output_mode": "one_hot"}, [[3], [0], [1]], whole=True)
for mode in ["constant", "nearest", "reflect", "wrap"]:
    for how in ["nearest", "bilinear"]:
        common = {"fill_mode": mode, "interpolation": how, "fill_value": 0.3}
        add(f"random_rotation/{mode}/{how}", "RandomRotation", {"factor": [0.13, 0.13], **common}, pictures(1, 6, 5, 1), training=True)
        add(f"random_zoom/{mode}/{how}", "RandomZoom", {"height_factor": [0.37, 0.37], "width_factor": [-0.23, -0.23], **common}, pictures(1, 5, 6, 1), training=True)
        add(f"random_translation/{mode}/{how}", "RandomTranslation", {"height_factor": [0.23, 0.23], "width_factor": [-0.61, -0.61], **common}, pictures(1, 5, 6, 1), training=True)
add("random_zoom/one factor", "RandomZoom", {"height_factor": [-0.31, -0.31]}, pictures(2, 4, 5, 2), training=True)
add("random_contrast", "RandomContrast", {"factor": [0.0, 0.0], "value_range": [-5, 5]}, pictures(2, 4, 3, 2), training=True)
add("random_brightness", "RandomBrightness", {"factor": [0.2, 0.2], "value_range": [-1, 1.5]}, pictures(2, 4, 3, 2), training=True)
for cls, config in [("RandomFlip", {}), ("RandomRotation", {"factor": 0.2}), ("RandomContrast", {"factor": 0.2})]:
    add(f"{cls}/not training", cls, config, pictures(1, 3, 2, 1))
add("random_crop/equal", "RandomCrop", {"height": 6, "width": 2}, pictures(2, 6, 7, 2), training=True)
add("random_crop/smaller", "RandomCrop", {"height": 6, "width": 4}, pictures(1, 4, 5, 2), training=True)
given = {"mean": [1.5, -2.0, 0.0], "variance": [4.0, 0.25, 0.0]}
add("normalization/given", "Normalization", given, pictures(4, 3))
add("normalization/back", "Normalization", {**given, "invert": True}, pictures(2, 2, 3))
add("normalization/numbers", "Normalization", {"axis": [1, -1], "mean": 0.5, "variance": 2.25}, pictures(2, 3, 2))
add("normalization/first axis", "Normalization", {**given, "axis": 1}, pictures(2, 3, 4))
for axis, shape in [(-1, (5, 3)), ([1, 2], (6, 2, 3)), (None, (4, 3)), (1, (3, 2, 4))]:
    made = keras.layers.Normalization(axis=axis)
    data = np.asarray(pictures(*shape) * 3 + 1, np.float32)
    made.adapt(data)
    x = np.asarray(pictures(*shape), np.float32)
    y, back = jax.vjp(made, jax.numpy.asarray(x))
    dy = rng.normal(size=y.shape).astype(np.float32)
    weights = [{"name": w.name, **arr(w.numpy())} for w in made.weights]
    layers.append({"name": f"normalization/adapted {axis}", "layer": "Normalization", "config": {"axis": [] if axis is None else axis},
                   "training": False, "x": arr(x), "data": arr(data), "weights": weights, "trainable": [], "y": arr(y),
                   "dy": arr(dy), "dx": arr(back(jax.numpy.asarray(dy))[0]), "dweights": [], "weights_after": weights})
add("identity", "Identity", {}, pictures(2, 3))

path = Path(__file__).with_name("preprocessing.json")
path.write_text(json.dumps({"keras": keras.__version__, "layers": layers}, separators=(",", ":")) + "\n")
print(len(layers), path.stat().st_size)
