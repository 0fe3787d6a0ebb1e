"""Sums over axes and windows: reductions, matrices, pictures."""
import math
import numpy as np
from values import b, case, g, i, v

NAN, INF = math.nan, math.inf


def over(f):
    def reduced(x, axis=None, keep=False):
        axes = None if axis is None else axis if isinstance(axis, int) else tuple(axis)
        return f(x, axis=axes, keepdims=bool(keep))

    return reduced


def log_sum_exp(x, axis, keepdims):
    top = np.max(x, axis=axis, keepdims=True)
    total = np.log(np.sum(np.exp(x - top), axis=axis, keepdims=True)) + top
    return total if keepdims else np.squeeze(total, axis=axis)


REDUCED = {
    "sum": (np.sum, "scale"), "mean": (np.mean, "scale"), "max": (np.max, None), "min": (np.min, None),
    "prod": (np.prod, "scale"), "logSumExp": (log_sum_exp, "scale"),
}
AXES = [
    ([], []), ([1], []), ([7], []), ([7], [0]), ([7], [-1]), ([3, 5], []), ([3, 5], [0]), ([3, 5], [1]), ([3, 5], [-1, True]),
    ([3, 5], [[0, 1]]), ([3, 5], [None, True]), ([2, 3, 5], [1]), ([2, 3, 5], [[0, 2]]), ([2, 3, 5], [[-1, 0], True]),
    ([2, 3, 5], [[-2], True]), ([2, 2, 2, 2, 3], [[1, 3]]), ([2, 1, 3, 1, 2, 2], [[0, 4, 5]]), ([2, 0, 3], [0]), ([4001], []), ([61, 67], [0]), ([61, 67], [1]),
]


def reductions():
    family = "reductions"
    for op, (f, close) in REDUCED.items():
        for shape, how in AXES:
            low, high = (0.5, 1.5) if op == "prod" else (-2, 2)
            if op == "prod" and math.prod(shape) > 100:
                continue
            case(family, op, [g(shape, low, high), *how], over(f), close=close)
        # No axes: nothing is summed up.
        if op != "logSumExp":
            case(family, op, [g([2, 3]), []], over(f), close=close)
    # Of nothing: the sum is 0, the product 1.
    for shape, how in [([0], []), ([0, 3], [0]), ([3, 0], [1])]:
        case(family, "sum", [g(shape), *how], over(np.sum))
        case(family, "prod", [g(shape), *how], over(np.prod))
    for op in ["sum", "max", "min", "prod"]:
        case(family, op, [i([3, 5], -3, 4), 1], over(REDUCED[op][0]))
        case(family, op, [i([7], -3, 4)], over(REDUCED[op][0]))
    case(family, "sum", [b([3, 5]), 0], over(np.sum))
    case(family, "sum", [b([101])], over(np.sum))
    case(family, "mean", [i([3, 5]), 1], over(np.mean), close="scale", out="float32")
    case(family, "mean", [b([3, 5])], over(np.mean), close="scale", out="float32")
    big = v([[16777216, 16777217], [1700000001, 1700000000]], "int32")
    case(family, "sum", [v([1000000001, 700000002], "int32")], over(np.sum))
    for op in ["max", "min"]:
        case(family, op, [big, 1], over(REDUCED[op][0]))
        case(family, op, [v([NAN, INF, -INF, 1])], over(REDUCED[op][0]))
        case(family, op, [v([1, INF, -INF])], over(REDUCED[op][0]))
        case(family, op, [v([[1, NAN], [NAN, 1], [2, 3]]), 1], over(REDUCED[op][0]))
    for op in ["sum", "mean"]:
        case(family, op, [v([NAN, 1])], over(REDUCED[op][0]))
        case(family, op, [v([INF, 1])], over(REDUCED[op][0]))
        case(family, op, [v([INF, -INF])], over(REDUCED[op][0]))
    # Many terms of one sign: a plain sum in float32 would lose digits.
    case(family, "sum", [g([4001], 0.9, 1.1)], over(np.sum), close="relative")
    case(family, "mean", [g([4001], 0.9, 1.1)], over(np.mean), close="relative")
    for op, f in {"all": np.all, "any": np.any}.items():
        for shape, how in AXES[:16]:
            case(family, op, [b(shape), *how], over(f), out="bool")
    for op, f in {"argMax": np.argmax, "argMin": np.argmin}.items():
        for shape, how in [([1], []), ([7], []), ([7], [0]), ([7], [-1]), ([3, 5], []), ([3, 5], [0]), ([3, 5], [1]), ([3, 5], [-1]), ([2, 3, 5], [1]), ([2, 3, 5], [-3]), ([4001], []), ([61, 67], [1]), ([61, 67], [0])]:
            case(family, op, [g(shape), *how], lambda x, axis=0: f(x, axis), out="int32")
        # The first of equals.
        case(family, op, [v([3, 1, 3, 1, 1])], lambda x: f(x, 0), out="int32")
        case(family, op, [v([[2, 2], [0, 0], [2, 0]]), 0], f, out="int32")
        case(family, op, [i([5, 7], -1, 2), 1], f, out="int32")
        case(family, op, [big, 1], f, out="int32")
        case(family, op, [v([INF, -INF, 1, INF, -INF])], lambda x: f(x, 0), out="int32")
    for shape, how in [([7], []), ([3, 5], [1]), ([3, 5], [0]), ([2, 3, 5], [-2])]:
        case(family, "cumsum", [g(shape), *how], lambda x, axis=0: np.cumsum(x, axis), close="scale")
    case(family, "cumsum", [v([1, 2, 3, 4]), 0, True], lambda x, axis, _: np.cumsum(x, axis) - x)
    case(family, "cumsum", [v([1, 2, 3, 4]), 0, False, True], lambda x, *_: np.cumsum(x[::-1])[::-1])
    case(family, "cumsum", [i([3, 5]), 1], np.cumsum)
    case(family, "norm", [g([3, 5])], lambda x: np.sqrt(np.sum(x * x)), close="scale")
    case(family, "norm", [g([7]), 1], lambda x, _: np.sum(np.abs(x)), close="scale")
    case(family, "norm", [g([3, 5]), "euclidean", 1], lambda x, *_: np.sqrt(np.sum(x * x, 1)), close="scale")
    def moments(x, axis=None, keep=False):
        axes = tuple(axis) if isinstance(axis, list) else axis
        return {"mean": x.mean(axes, keepdims=keep), "variance": x.var(axes, keepdims=keep)}

    for shape, how in [([7], []), ([3, 5], [0]), ([3, 5], [[0, 1]]), ([2, 3, 5], [[0, 2], True])]:
        case(family, "moments", [g(shape), *how], moments, close="scale", calls="function")

    def topk(x, k=1, _sorted=True):
        order = np.argsort(-x, axis=-1, kind="stable")[..., :k]
        return {"values": np.take_along_axis(x, order, -1), "indices": order}

    for x, how in [(g([7]), [3]), (g([3, 5]), [2]), (g([5]), []), (v([1, 4, 2, 4]), [3]), (g([2, 3, 4]), [4])]:
        case(family, "topk", [x, *how], topk, out={"values": "float32", "indices": "int32"})


def turned(x, yes):
    return np.swapaxes(x, -1, -2) if yes else x


def log_soft(x, *_):
    below = x - x.max(-1, keepdims=True)
    return below - np.log(np.exp(below).sum(-1, keepdims=True))


def soft(x, *_):
    shares = np.exp(x - x.max(-1, keepdims=True))
    return shares / shares.sum(-1, keepdims=True)


def matrices():
    family = "matrices"
    multiply = lambda x, y, left=False, right=False: turned(x, left) @ turned(y, right)
    for m, k, n in [(1, 1, 1), (2, 3, 5), (7, 1, 3), (1, 7, 1), (0, 3, 2), (2, 0, 3), (2, 3, 0), (13, 17, 11), (31, 67, 29), (5, 129, 3)]:
        case(family, "matMul", [g([m, k]), g([k, n])], multiply, close="scale")
    for left, right in [(True, False), (False, True), (True, True)]:
        for m, k, n in [(2, 3, 5), (13, 17, 11)]:
            case(family, "matMul", [g([k, m] if left else [m, k]), g([n, k] if right else [k, n]), left, right], multiply, close="scale")
    for one, other in [([2, 3, 4], [2, 4, 5]), ([2, 3, 4], [4, 5]), ([3, 4], [2, 4, 5]), ([1, 3, 4], [5, 4, 2]), ([2, 1, 3, 4], [3, 4, 2]), ([0, 2, 3], [0, 3, 2]), ([3, 31, 7], [3, 7, 19])]:
        case(family, "matMul", [g(one), g(other)], multiply, close="scale")
    case(family, "matMul", [g([2, 4, 3]), g([2, 5, 4]), True, True], multiply, close="scale")
    # Whole numbers stay whole, as in TensorFlow.js, and exact.
    case(family, "matMul", [i([2, 3]), i([3, 2])], multiply)
    case(family, "matMul", [v([[16777217, 1]], "int32"), v([[1], [2]], "int32")], multiply)
    case(family, "dot", [v([3, 4], "int32"), v([16777217, 1], "int32")], np.dot)
    for one, other in [([7], [7]), ([3, 5], [5]), ([5], [5, 3]), ([2, 3], [3, 4]), ([1009], [1009])]:
        case(family, "dot", [g(one), g(other)], np.dot, close="scale")
    case(family, "outerProduct", [g([3]), g([5])], np.outer, calls="function")
    for shape in [[1], [7], [3, 5], [2, 3, 4], [0, 3], [3, 1], [1009], [31, 37]]:
        # Differences of larger values lose more than the bound in float32.
        case(family, "softmax", [g(shape, -4, 4)], soft, close="relative")
        case(family, "logSoftmax", [g(shape, -9, 9)], log_soft, close="scale")
    case(family, "softmax", [g([3, 5]), -1], soft, close="relative")
    case(family, "softmax", [g([3, 5]), 1], soft, close="relative")
    case(family, "logSoftmax", [g([3, 5]), -1], log_soft, close="scale")
    case(family, "softmax", [v([1000, 1001, 999])], soft, close="relative")
    case(family, "softmax", [v([-1000, 0])], soft, close="relative")
    case(family, "logSoftmax", [v([1000, 0, -1000])], log_soft, close="relative")
    case(family, "softmax", [v([[1, 2, 3]], "int32")], soft, close="relative", out="float32")
    case(family, "softmax", [v([[NAN, 1], [1, 1]])], soft)


def windows(length, size, stride, padding, dilation=1):
    """Where windows begin, and how much lies before the first: TensorFlow's rule of `same`."""
    reach = (size - 1) * dilation + 1
    if padding == "valid":
        return (length - reach) // stride + 1, 0
    if isinstance(padding, int):
        return (length + 2 * padding - reach) // stride + 1, padding
    count = -(-length // stride)
    return count, max(0, (count - 1) * stride + reach - length) // 2


def pair(x):
    return (x, x) if isinstance(x, int) else tuple(x)


def pixels(x, at, size, starts, stride, dilation):
    """The values under a window, `None` for those outside the picture."""
    rows = [at[0] * stride[0] - starts[0] + r * dilation[0] for r in range(size[0])]
    columns = [at[1] * stride[1] - starts[1] + c * dilation[1] for c in range(size[1])]
    return [[(r, c) if 0 <= r < x.shape[1] and 0 <= c < x.shape[2] else None for c in columns] for r in rows]


def over_windows(f, channels):
    def run(x, size, stride, padding, dilation):
        flat = x.ndim == 3
        x = x[None] if flat else x
        (height, top), (width, left) = (windows(x.shape[1 + axis], size[axis], stride[axis], padding, dilation[axis]) for axis in (0, 1))
        y = np.zeros((x.shape[0], height, width, channels if channels else x.shape[3]))
        for row in range(height):
            for column in range(width):
                y[:, row, column] = f(x, pixels(x, (row, column), size, (top, left), stride, dilation))
        return y[0] if flat else y

    return run


def conv2d(x, kernel, stride=1, padding="valid", _format="NHWC", dilation=1):
    def one(x, places):
        return sum(x[:, at[0], at[1]] @ kernel[r, c] for r, line in enumerate(places) for c, at in enumerate(line) if at)

    return over_windows(one, kernel.shape[3])(x, kernel.shape[:2], pair(stride), padding, pair(dilation))


def depthwise(x, kernel, stride, padding, _format="NHWC", dilation=1):
    def one(x, places):
        terms = [x[:, at[0], at[1], :, None] * kernel[r, c] for r, line in enumerate(places) for c, at in enumerate(line) if at]
        return sum(terms).reshape(x.shape[0], -1)

    return over_windows(one, kernel.shape[2] * kernel.shape[3])(x, kernel.shape[:2], pair(stride), padding, pair(dilation))


def separable(x, kernel, point, stride, padding):
    return depthwise(x, kernel, stride, padding) @ point[0, 0]


def conv1d(x, kernel, stride, padding, _format="NWC", dilation=1):
    return conv2d(x[..., None, :, :], kernel[None], (1, stride), padding, "NHWC", (1, dilation))[..., 0, :, :]


def pooled(reduce):
    def run(x, size, stride=None, padding="valid"):
        def one(x, places):
            return reduce(np.stack([x[:, at[0], at[1]] for line in places for at in line if at]), axis=0)

        return over_windows(one, None)(x, pair(size), pair(size if stride is None else stride), padding, (1, 1))

    return run


def conv2d_transpose(x, kernel, shape, stride, padding):
    """The derivative of a convolution: each value adds its window to the larger picture."""
    y = np.zeros(shape)
    stride = pair(stride)
    starts = [windows(shape[1 + axis], kernel.shape[axis], stride[axis], padding)[1] for axis in (0, 1)]
    for row in range(x.shape[1]):
        for column in range(x.shape[2]):
            for r, line in enumerate(pixels(y, (row, column), kernel.shape[:2], starts, stride, (1, 1))):
                for c, at in enumerate(line):
                    if at:
                        y[:, at[0], at[1]] += x[:, row, column] @ kernel[r, c].T
    return y


def resized(nearest):
    def run(x, size, align=False, half=False):
        y = np.zeros((*x.shape[:-3], *size, x.shape[-1]))
        scale = [(x.shape[axis - 3] - 1) / (size[axis] - 1) if align and size[axis] > 1 else x.shape[axis - 3] / size[axis] for axis in (0, 1)]
        for row in range(size[0]):
            for column in range(size[1]):
                at = [max(0, (place + 0.5) * scale[axis] - 0.5) if half and not nearest else place * scale[axis] for axis, place in enumerate((row, column))]
                if nearest:
                    r, c = (min(x.shape[axis - 3] - 1, int(np.floor(at[axis] + (0.5 if align else 0)))) for axis in (0, 1))
                    y[..., row, column, :] = x[..., r, c, :]
                else:
                    (r0, r1, fr), (c0, c1, fc) = ((int(a), min(n - 1, int(np.ceil(a))), a - int(a)) for a, n in zip(at, x.shape[-3:-1]))
                    upper = x[..., r0, c0, :] * (1 - fc) + x[..., r0, c1, :] * fc
                    lower = x[..., r1, c0, :] * (1 - fc) + x[..., r1, c1, :] * fc
                    y[..., row, column, :] = upper * (1 - fr) + lower * fr
        return y

    return run


def images():
    family = "images"
    for picture, kernel, how in [
        ([1, 1, 1, 1], [1, 1, 1, 1], [1, "valid"]), ([1, 5, 5, 1], [3, 3, 1, 1], [1, "valid"]), ([2, 7, 5, 3], [3, 2, 3, 4], [1, "valid"]),
        ([2, 7, 5, 3], [3, 3, 3, 2], [1, "same"]), ([1, 7, 8, 2], [3, 3, 2, 3], [2, "same"]), ([1, 8, 7, 2], [2, 2, 2, 3], [[2, 1], "same"]),
        ([1, 9, 9, 1], [3, 3, 1, 2], [[1, 3], "valid"]), ([1, 9, 11, 2], [3, 3, 2, 2], [1, "valid", "NHWC", 2]), ([1, 9, 11, 2], [3, 2, 2, 2], [1, "same", "NHWC", [2, 3]]),
        ([1, 5, 6, 1], [2, 3, 1, 1], [1, "same"]), ([1, 5, 5, 1], [5, 5, 1, 3], [1, "valid"]), ([1, 3, 3, 1], [5, 5, 1, 1], [1, "same"]),
        ([0, 5, 5, 1], [3, 3, 1, 2], [1, "valid"]), ([5, 6, 2], [3, 3, 2, 3], [1, "same"]), ([1, 6, 6, 1], [3, 3, 1, 1], [2, 1]),
        ([1, 17, 19, 5], [5, 3, 5, 7], [1, "same"]), ([3, 13, 13, 4], [1, 1, 4, 9], [1, "valid"]), ([1, 10, 10, 1], [1, 1, 1, 1], [3, "same"]),
    ]:
        case(family, "conv2d", [g(picture), g(kernel), *how], conv2d, close="scale")
    for op, reduce, close in [("maxPool", np.max, None), ("avgPool", np.mean, "relative")]:
        for picture, how in [
            ([1, 1, 1, 1], [1, 1, "valid"]), ([1, 4, 4, 1], [2, 2, "valid"]), ([2, 5, 7, 3], [2, 2, "valid"]), ([2, 5, 7, 3], [2, 2, "same"]),
            ([1, 5, 7, 2], [3, 1, "same"]), ([1, 5, 7, 2], [[3, 2], [2, 1], "same"]), ([1, 9, 9, 1], [[2, 3], [1, 3], "valid"]), ([1, 3, 3, 2], [5, 1, "same"]),
            ([6, 6, 2], [2, 2, "valid"]), ([0, 4, 4, 1], [2, 2, "valid"]), ([1, 7, 7, 1], [2, 3, "valid"]), ([1, 29, 31, 3], [3, 2, "same"]),
        ]:
            case(family, op, [g(picture, 0.1, 2), *how], pooled(reduce), close=close)
    nan = np.arange(16.0).reshape(1, 4, 4, 1)
    for at in [0, 1, 4, 5]:
        # NaN wins wherever it stands in its window.
        spoilt = nan.copy()
        spoilt.flat[at] = NAN
        case(family, "maxPool", [v(spoilt), 2, 2, "valid"], pooled(np.max))
        case(family, "avgPool", [v(spoilt), 2, 2, "valid"], pooled(np.mean))
    case(family, "maxPool", [v(np.full((1, 2, 2, 1), -INF)), 2, 2, "valid"], pooled(np.max))
    for picture, kernel, how in [([1, 5, 5, 2], [3, 3, 2, 1], [1, "valid"]), ([2, 6, 7, 3], [3, 2, 3, 2], [1, "same"]), ([1, 7, 7, 2], [3, 3, 2, 2], [2, "same"]), ([1, 9, 9, 1], [3, 3, 1, 3], [1, "valid", "NHWC", 2])]:
        case(family, "depthwiseConv2d", [g(picture), g(kernel), *how], depthwise, close="scale")
    case(family, "separableConv2d", [g([1, 6, 6, 2]), g([3, 3, 2, 2]), g([1, 1, 4, 3]), 1, "same"], separable, close="scale")
    for picture, kernel, how in [([2, 7, 3], [3, 3, 4], [1, "valid"]), ([1, 8, 2], [3, 2, 2], [2, "same"]), ([1, 9, 1], [2, 1, 2], [1, "valid", "NWC", 3])]:
        case(family, "conv1d", [g(picture), g(kernel), *how], conv1d, close="scale")
    for picture, kernel, shape, how in [([1, 3, 3, 2], [3, 3, 1, 2], [1, 5, 5, 1], [1, "valid"]), ([1, 3, 4, 2], [3, 3, 3, 2], [1, 6, 8, 3], [2, "same"]), ([2, 2, 2, 1], [2, 2, 2, 1], [2, 4, 4, 2], [2, "valid"])]:
        case(family, "conv2dTranspose", [g(picture), g(kernel), shape, *how], conv2d_transpose, close="scale")
    for op, nearest in [("image.resizeBilinear", False), ("image.resizeNearestNeighbor", True)]:
        for picture, how in [([1, 3, 4, 2], [[5, 7]]), ([1, 6, 5, 1], [[3, 2]]), ([4, 4, 1], [[8, 8]]), ([1, 3, 3, 1], [[5, 5], True]), ([1, 2, 2, 1], [[1, 1]])]:
            case(family, op, [g(picture), *how], resized(nearest), close="scale" if not nearest else None, calls="function")
    case(family, "image.resizeBilinear", [g([1, 4, 4, 1]), [6, 6], False, True], resized(False), close="scale", calls="function")
