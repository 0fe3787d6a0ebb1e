"""Values that Python and JavaScript both know how to make, and how a case is written down.

A tensor of a case is `{"s": shape, "v": values}` or, to keep the file small, `{"s": shape, "g": [seed, low, high]}`:
the values that `spread` makes from these three numbers, and `tests/js/oracle.mjs` too. `"d"` is the kind, float32
when it is missing. Of a large result the file holds a few values (`"at"` says where) and a checksum over all.
"""
import math
import zlib
import numpy as np

DTYPES = {"float32": np.float32, "int32": np.int32, "bool": np.bool_}


def noise(count, seed):
    """Whole numbers below 2³² from a hash of their place: the same in both languages."""
    h = (np.arange(1, count + 1, dtype=np.uint64) * np.uint64(2654435761) + np.uint64(seed * 40503)) & np.uint64(0xFFFFFFFF)
    for shift, factor in ((16, 0x85EBCA6B), (13, 0xC2B2AE35)):
        h ^= h >> np.uint64(shift)
        h = (h * np.uint64(factor)) & np.uint64(0xFFFFFFFF)
    return h ^ (h >> np.uint64(16))


def spread(count, seed, low, high, dtype="float32"):
    """Values from `low` to `high`; whole ones below `high` for the other kinds."""
    values = low + (high - low) * (noise(count, seed).astype(np.float64) / 2**32)
    return (values if dtype == "float32" else np.floor(values)).astype(DTYPES[dtype])


class T:
    """A tensor of a case: what stands in the file, and the same as an array."""

    def __init__(self, written, array):
        self.written = written
        self.array = array

    @property
    def dtype(self):
        return self.written.get("d", "float32")

    @property
    def exact(self):
        """The values in the kind that references compute with: float64 for floats, int64 for whole numbers."""
        return self.array.astype(np.float64 if self.dtype == "float32" else np.int64)


class Spread(T):
    """A tensor of spread values. Its seed comes with the case that it belongs to."""

    def __init__(self, shape, low, high, dtype):
        self.made = None
        self.wanted = (shape, low, high, dtype)

    def settle(self, seed):
        shape, low, high, dtype = self.wanted
        written = {"s": list(shape), "g": [seed, low, high]}
        if dtype != "float32":
            written["d"] = dtype
        self.made = T(written, spread(math.prod(shape), seed, low, high, dtype).reshape(shape))

    written = property(lambda self: self.made.written)
    array = property(lambda self: self.made.array)
    dtype = property(lambda self: self.wanted[3])


def g(shape, low=-2.0, high=2.0, dtype="float32"):
    """A tensor of spread values, for a case."""
    return Spread(shape, low, high, dtype)


_seeds = {}


def settle(family, op, args):
    """
    Gives the spread tensors among the arguments their seeds, which count up for each op of a family by itself: cases that
    are added to one op leave the values of all others as they were.
    """
    for arg in args:
        if isinstance(arg, list):
            settle(family, op, arg)
        elif isinstance(arg, Spread) and arg.made is None:
            key = f"{family} {op}"
            _seeds[key] = _seeds.get(key, zlib.crc32(key.encode()) % 10_000 * 100) + 1
            arg.settle(_seeds[key])


def i(shape, low=-9, high=10):
    return g(shape, low, high, "int32")


def b(shape):
    return g(shape, 0, 2, "bool")


def v(values, dtype="float32"):
    """A tensor of these values."""
    array = np.asarray(values).astype(DTYPES[dtype])
    written = {"s": list(array.shape), "v": numbers(array.ravel())}
    if dtype != "float32":
        written["d"] = dtype
    return T(written, array)


def numbers(flat):
    """Nine digits hold every float32; JSON has no name for what is not finite, so that becomes a string."""
    def one(value):
        value = float(value)
        if not math.isfinite(value):
            return "NaN" if math.isnan(value) else "Infinity" if value > 0 else "-Infinity"
        return int(value) if value == int(value) and abs(value) < 2**53 else float(f"{value:.9g}")

    return [one(value) for value in flat]


MOST = 40


def result(array, dtype):
    """A result as the file holds it."""
    array = np.asarray(array)
    flat = array.ravel().astype(np.float64)
    written = {"s": list(array.shape)}
    if dtype != "float32":
        written["d"] = dtype
    if flat.size <= MOST:
        written["v"] = numbers(flat)
    else:
        step = flat.size // 12
        written["at"] = step
        written["v"] = numbers(flat[::step])
        weights = noise(flat.size, 7).astype(np.float64) / 2**32
        written["sum"] = float(f"{np.dot(flat, weights):.13g}")
        written["of"] = float(f"{np.dot(np.abs(flat), weights):.6g}")
    return written


families = {}


def case(family, op, args, reference, *, close=None, out=None, calls="both"):
    """
    One call and what it gives. `reference` gets the arguments with arrays of float64 or int64 for tensors. `close` is
    how the result is compared: None bit for bit, `relative` ≤ 1e-6 of each value, `scale` ≤ 1e-5 of the greatest
    (sums of products, whose terms may cancel). `out` is the result's kind; `calls` is `function` where no method has
    the same arguments. A reference may give a list of results, or a dict of them by name.
    """
    settle(family, op, args)
    flat = [part for arg in args for part in (arg if isinstance(arg, list) else [arg])]
    kinds = [part.dtype for part in flat if isinstance(part, T)]
    if out is None:
        out = "float32" if "float32" in kinds or not kinds else "int32"
    unpack = lambda arg: arg.exact if isinstance(arg, T) else [unpack(part) for part in arg] if isinstance(arg, list) else arg
    write = lambda arg: arg.written if isinstance(arg, T) else [write(part) for part in arg] if isinstance(arg, list) else numbers([arg])[0] if isinstance(arg, float) else arg
    with np.errstate(all="ignore"):
        value = reference(*[unpack(arg) for arg in args])

        def finished(part, kind):
            if isinstance(part, dict):
                return {name: finished(one, kind[name] if isinstance(kind, dict) else kind) for name, one in part.items()}
            if isinstance(part, (list, tuple)):
                return [finished(one, kind) for one in part]
            # What is compared bit for bit is rounded to its kind; a reference with a tolerance stays as it is.
            return result(np.asarray(part) if close else np.asarray(part).astype(DTYPES[kind]), kind)

        done = finished(value, out)
    written = {"op": op, "args": [write(arg) for arg in args], "out": done}
    if close:
        written["close"] = close
    if calls != "both":
        written["calls"] = calls
    families.setdefault(family, []).append(written)
