#!/usr/bin/env python3
"""
Fourier transforms, windows and short-time spectra of NumPy and SciPy, for `tests/js/spectral.test.mjs`:

    python spectral.py          (needs NumPy and SciPy; writes spectral.json beside this file)

Inputs are whole numbers from -9 to 9, so that both languages have the same. Complex numbers are written as real and
imaginary part by turns.
"""
import json
from pathlib import Path

import numpy as np
from scipy.signal import get_window

rng = np.random.default_rng(5)
written = {"transforms": [], "windows": [], "spectra": []}


def flat(values):
    values = np.asarray(values)
    if np.iscomplexobj(values):
        values = np.stack([values.real, values.imag], -1)
    return [float(f"{value:.8g}") for value in values.ravel()]


for shape in [(1,), (2,), (3,), (7,), (8,), (13,), (2, 30), (31,), (2, 2, 9), (64,), (101,)]:
    x = rng.integers(-9, 10, shape) + 1j * rng.integers(-9, 10, shape)
    written["transforms"].append({
        "shape": shape, "x": flat(x), "fft": flat(np.fft.fft(x)), "ifft": flat(np.fft.ifft(x)),
        "rfft": flat(np.fft.rfft(x.real)), "rfft5": flat(np.fft.rfft(x.real, 5)), "rfft12": flat(np.fft.rfft(x.real, 12)),
        "irfft": flat(np.fft.irfft(x)) if shape[-1] > 1 else flat(x.real),
    })
for length in [1, 2, 5, 6, 16, 17]:
    # TensorFlow's windows are periodic where their length is even, and symmetric where it is odd.
    even = length % 2 == 0
    written["windows"].append({"length": length, "hann": flat(get_window("hann", length, even)), "hamming": flat(get_window("hamming", length, even))})
for size, length, step, points in [(20, 6, 3, 8), (17, 8, 5, 8), (12, 5, 2, 16)]:
    x = rng.integers(-9, 10, size)
    frames = np.stack([x[at:at + length] for at in range(0, size - length + 1, step)])
    window = get_window("hann", length, length % 2 == 0)
    written["spectra"].append({"x": x.tolist(), "length": length, "step": step, "points": points, "out": flat(np.fft.rfft(frames * window, points))})

path = Path(__file__).with_name("spectral.json")
path.write_text(json.dumps(written, separators=(",", ":")) + "\n")
print(path.stat().st_size)
