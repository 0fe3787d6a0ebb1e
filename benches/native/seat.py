"""What the Python libraries' runners have in common: MNIST, and the conversation with benches/hosts.mjs."""

import gzip
import json
import os
import socket
import sys
import time

# One thread, no GPU. Libraries read this when they are imported, so runners import this file first.
os.environ["CUDA_VISIBLE_DEVICES"] = ""
for name in ("OMP_NUM_THREADS", "MKL_NUM_THREADS", "OPENBLAS_NUM_THREADS"):
    os.environ[name] = "1"

import numpy as np

BATCH = {"W1": 32, "W1b": 128, "W2": 128, "W2b": 20, "W3": 64, "W5": 64, "W6": 64, "W7": 32, "W8": 64, "W9": 32}
WARM_SECONDS = 0.3


def idx(name):
    with gzip.open(os.path.join(sys.argv[1], f"{name}.gz")) as file:
        data = file.read()
    shape = [int.from_bytes(data[4 + 4 * i : 8 + 4 * i], "big") for i in range(data[3])]
    return np.frombuffer(data, np.uint8, offset=4 + 4 * len(shape)).reshape(shape)


def mnist():
    """Training pictures (60000, 28, 28) from 0 to 1, their labels, and test pictures."""
    pictures, labels = idx("train-images-idx3-ubyte"), idx("train-labels-idx1-ubyte")
    test = idx("t10k-images-idx3-ubyte")
    return pictures.astype(np.float32) / 255, labels.astype(np.int64), test.astype(np.float32) / 255


def warm(step):
    """Calls `step` until it has run for a while: libraries compile what is hot."""
    start = time.perf_counter()
    step()
    while time.perf_counter() - start < WARM_SECONDS:
        step()


def latencies(count, predict):
    """Milliseconds of single calls, as benches/subjects/timing.mjs measures them."""
    times, calls, index = [], 0, 0
    while len(times) < count:
        start, here, took = time.perf_counter(), 0, 0.0
        while took < 2:
            predict(index % 1000)
            index, here = index + 1, here + 1
            took = 1000 * (time.perf_counter() - start)
        times.append(took / here)
        calls += here
    return {"times": times, "calls": calls}


def serve(name, library):
    """Says who is here, then answers calls of `library`'s methods (`start`, `train`, `predict`) for ever.

    Node's channel to its children is a socket that carries a line of JSON for each message.
    """
    with socket.socket(fileno=int(os.environ["NODE_CHANNEL_FD"])).makefile("rw") as channel:

        def send(message):
            channel.write(json.dumps(message) + "\n")
            channel.flush()

        send({"value": name})
        for line in channel:
            method, *args = json.loads(line)
            try:
                send({"value": getattr(library, method)(*args)})
            except Exception as error:
                send({"error": f"{type(error).__name__}: {error}"})
