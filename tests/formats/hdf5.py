"""Writes HDF5 files with h5py, and compares with them those that mapling wrote of what it read."""

import json
import sys
from pathlib import Path

import h5py
import numpy as np

folder = Path(sys.argv[1])
task = json.loads((folder / "task.json").read_text())


def fill(file):
    file["a/b/f32"] = np.arange(12, dtype="f4").reshape(3, 4) / 7
    file["a/f64"] = np.float64(3.5)
    file["a/f16"] = np.array([1.5, -2, 6e-8, 65504, np.inf, 0], "f2")
    for kind in ["i1", "u1", "i2", "u2", "i4", "u4", "i8", "u8"]:
        file[f"ints/{kind}"] = np.array([1, 2, 100], kind) * (-1 if kind[0] == "i" else 1)
    file["a/bool"] = np.array([True, False])
    file["a/text"] = "häß"
    file["a/texts"] = ["one", "", "three"]
    file["a/fixed"] = np.array([b"ab", b"c"])
    file.create_dataset("a/none", shape=(0, 3), dtype="f4")
    file.create_dataset("a/null", data=h5py.Empty("f4"))
    numbers = np.arange(1000, dtype="f4").reshape(50, 20)
    file.create_dataset("chunks/gzip", data=numbers, compression="gzip", chunks=(7, 8))
    file.create_dataset("chunks/shuffled", data=numbers, compression="gzip", shuffle=True, chunks=(50, 3))
    file.create_dataset("chunks/checked", data=np.arange(10, dtype="i2"), fletcher32=True, chunks=(4,))
    file.create_dataset("chunks/plain", data=numbers, chunks=(16, 16))
    file.create_dataset("chunks/unwritten", shape=(9,), dtype="f4", chunks=(4,))
    file.create_dataset("a/filled", shape=(2, 3), dtype="f4", fillvalue=2.5)
    half = file.create_dataset("chunks/filled", shape=(9,), dtype="f4", chunks=(4,), fillvalue=7)
    half[:3] = [1, 2, 3]
    file.attrs["number"] = 3
    file.attrs["text"] = "text"
    file.attrs["bytes"] = b"bytes"
    file.attrs["list"] = ["x", "yy"]
    file["a"].attrs["names"] = np.array([b"layer_1", b"l2"])
    file["a/b/f32"].attrs["half"] = np.array([[0.5, 2]], "f2")
    file["a"].attrs["nothing"] = h5py.Empty("f4")


def many(file):
    for number in range(700):
        file[f"many/{number}"] = np.float32(number)
    file.create_group("empty")


def value(x):
    if isinstance(x, h5py.Empty):
        return None
    x = np.asarray(x)
    if x.dtype.kind in "SUO":
        texts = [t if isinstance(t, str) else t.decode() for t in x.ravel()]
        return [list(x.shape), texts]
    return [list(x.shape), [float(v) if np.isfinite(v) else None for v in x.ravel()]]


def described(node):
    attributes = {name: value(v) for name, v in node.attrs.items()}
    if isinstance(node, h5py.Group):
        return {"attributes": attributes, "members": {name: described(node[name]) for name in node}}
    return {"attributes": attributes, "value": value(node[()])}


if task["step"] == "write":
    with h5py.File(folder / "default.h5", "w") as file:
        fill(file)
    with h5py.File(folder / "many.h5", "w") as file:
        many(file)
    with h5py.File(folder / "new.h5", "w", libver="v108") as file:
        file["a/b/f32"] = np.arange(12, dtype="f4").reshape(3, 4)
        file["a"].attrs["text"] = "x"
        file.create_dataset("a/filled", shape=(2, 3), dtype="f4", fillvalue=2.5)
        file["a"].create_dataset("gzip", data=np.arange(100.0), compression="gzip", chunks=(30,))
    with h5py.File(folder / "not_readable.h5", "w", libver="v108") as file:
        many(file)
names = task["files"]
answer = {}
for name in names:
    with h5py.File(folder / name, "r") as file:
        answer[name] = described(file)
(folder / "answer.json").write_text(json.dumps(answer))
