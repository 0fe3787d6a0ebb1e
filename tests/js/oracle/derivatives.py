"""
First derivatives of sum(dy · y): what `grads(f)(inputs, dy)` gives. Central differences in float64 of the references
that the values come from; at kinks, where differences say nothing, the numbers are given by hand.
"""
import numpy as np
from elementwise import ARITHMETIC, ELEMENTARY, RANGES
from shapes import gathered, parts, slices
from sums import conv1d, conv2d, conv2d_transpose, depthwise, log_soft, log_sum_exp, over, pooled, resized, separable, soft, turned
from values import T, families, g, numbers, result, settle, v


def slopes(f, inputs, dy):
    """The derivative of sum(dy · f(inputs)) by each input."""
    found = []
    for at, x in enumerate(inputs):
        dx = np.zeros(x.size)
        for place in range(x.size):
            def moved(by):
                turned = x.copy().reshape(-1)
                turned[place] += by
                return f(*[turned.reshape(x.shape) if other == at else one for other, one in enumerate(inputs)])
            h = 1e-5 * max(1, abs(x.reshape(-1)[place]))
            dx[place] = np.sum(dy * (moved(h) - moved(-h))) / (2 * h)
        found.append(dx.reshape(x.shape))
    return found


def derivative(op, args, reference, given=None):
    """`args` as for a case; the derivative is by each float32 tensor among them, in lists too."""
    tensors = []
    settle("derivatives", op, args)

    def template(arg):
        if isinstance(arg, T) and arg.dtype == "float32":
            tensors.append(arg)
            return {"x": len(tensors) - 1}
        if isinstance(arg, list) and any(isinstance(part, T) for part in arg):
            return [template(part) for part in arg]
        return arg.written if isinstance(arg, T) else arg

    written = [template(arg) for arg in args]
    # JSON has no name for infinities.
    plain = [numbers([arg])[0] if isinstance(arg, float) else arg for arg in written]

    def f(*values):
        fill = lambda arg, plain: values[arg["x"]] if isinstance(arg, dict) and "x" in arg else [fill(a, p) for a, p in zip(arg, plain)] if isinstance(arg, list) and any(isinstance(part, T) for part in plain) else plain.exact if isinstance(plain, T) else arg
        return np.asarray(reference(*[fill(arg, plain) for arg, plain in zip(written, args)]), np.float64)

    inputs = [tensor.exact for tensor in tensors]
    dy = g(f(*inputs).shape, 0.5, 2)
    settle("derivatives", op, [dy])
    found = given(dy.exact) if given else slopes(f, inputs, dy.exact)
    families.setdefault("derivatives", []).append({
        "op": op, "inputs": [tensor.written for tensor in tensors], "args": plain, "dy": dy.written,
        "dx": [result(dx, "float32") for dx in found],
    })


def derivatives():
    for op, f in {"abs": np.abs, "neg": np.negative, "square": np.square, "sqrt": np.sqrt, "reciprocal": lambda x: 1 / x}.items():
        derivative(op, [g([5], 0.3, 2)], f)
        derivative(op, [g([2, 3], 0.3, 2)], f)
    derivative("abs", [v([-2, -0.5, 3])], np.abs)
    derivative("relu", [v([-2, -0.5, 0.5, 3])], lambda x: np.maximum(x, 0))
    derivative("relu6", [v([-2, 0.5, 3, 7])], lambda x: np.clip(x, 0, 6))
    # Steps have no slope.
    for op, f in {"floor": np.floor, "ceil": np.ceil, "round": np.round, "sign": np.sign}.items():
        derivative(op, [v([-1.3, 0.2, 2.7])], f)
    for op, (f, _) in ELEMENTARY.items():
        low, high = RANGES.get(op, (-2, 2))
        derivative(op, [g([7], low + 0.05 * (high - low), high - 0.05 * (high - low))], f)
    derivative("leakyRelu", [v([-2, -0.5, 0.5, 3]), 0.1], lambda x, a: np.where(x >= 0, x, a * x))
    derivative("prelu", [v([[-2, 0.5], [3, -1]]), v([0.1, 0.3])], lambda x, a: np.where(x >= 0, x, a * x))
    derivative("clipByValue", [v([-2, -0.5, 0.5, 3]), -1, 1], lambda x, low, high: np.clip(x, low, high))
    # At the kink itself, by the rule of Keras: relu's slope is 0, softplus has one half, elu and selu lead on from the right or left.
    derivative("relu", [v([0.0])], lambda x: np.maximum(x, 0), given=lambda dy: [0 * dy])
    derivative("abs", [v([0.0])], np.abs, given=lambda dy: [0 * dy])
    derivative("softplus", [v([0.0, -20, 20])], lambda x: np.log1p(np.exp(x)))
    derivative("elu", [v([0.0])], ELEMENTARY["elu"][0], given=lambda dy: [dy])

    for op in ["add", "sub", "mul", "div", "squaredDifference"]:
        for one, other in [([3], [3]), ([3], []), ([], [2, 3]), ([3, 1], [1, 4]), ([2, 3], [3]), ([2, 1, 2], [3, 1])]:
            derivative(op, [g(one), g(other, 0.5, 2)], ARITHMETIC[op])
    for op in ["maximum", "minimum"]:
        derivative(op, [g([5]), g([5])], ARITHMETIC[op])
        derivative(op, [g([2, 3]), g([3])], ARITHMETIC[op])
    derivative("pow", [g([5], 0.5, 2), g([5], -2, 2)], np.power)
    derivative("pow", [g([2, 3], 0.5, 2), v(3.0)], np.power)
    # The exponent may be a whole number, which has no derivative, and then the base may be negative.
    derivative("pow", [v([-2, -0.5, 1.5]), v(3, "int32")], np.power)
    derivative("atan2", [g([5], 0.5, 2), g([5], 0.5, 2)], np.arctan2)
    derivative("where", [v([1, 0, 1], "bool"), g([3]), g([2, 3])], np.where)
    derivative("where", [v([[1], [0]], "bool"), g([3]), g([])], np.where)

    for op, f in {"sum": np.sum, "mean": np.mean, "max": np.max, "min": np.min, "logSumExp": log_sum_exp, "prod": np.prod}.items():
        derivative(op, [g([5], 0.5, 2)], over(f) if op != "logSumExp" else lambda x: log_sum_exp(x, 0, False))
        derivative(op, [g([2, 3], 0.5, 2), 1], over(f))
        derivative(op, [g([2, 3, 2], 0.5, 2), [0, -1], True], over(f))
    derivative("cumsum", [g([2, 3]), 1], np.cumsum)
    derivative("norm", [g([5])], lambda x: np.sqrt(np.sum(x * x)))

    for one, other, turns in [([2, 3], [3, 4], []), ([3, 2], [3, 4], [True, False]), ([2, 3], [4, 3], [False, True]), ([3, 2], [4, 3], [True, True]), ([2, 2, 3], [2, 3, 2], []), ([2, 2, 3], [3, 2], []), ([1, 2, 3], [2, 3, 1], [])]:
        derivative("matMul", [g(one), g(other), *turns], lambda x, y, left=False, right=False: turned(x, left) @ turned(y, right))
    derivative("dot", [g([5]), g([5])], np.dot)
    derivative("dot", [g([2, 3]), g([3])], np.dot)
    derivative("outerProduct", [g([2]), g([3])], np.outer)
    derivative("softmax", [g([2, 3])], soft)
    derivative("logSoftmax", [g([2, 3])], log_soft)

    derivative("reshape", [g([2, 3]), [3, 2]], np.reshape)
    derivative("expandDims", [g([3]), 0], np.expand_dims)
    derivative("squeeze", [g([1, 3])], np.squeeze)
    derivative("transpose", [g([2, 3, 2]), [2, 0, 1]], np.transpose)
    derivative("broadcastTo", [g([3, 1]), [2, 3, 2]], np.broadcast_to)
    derivative("slice", [g([3, 4]), [1, 0], [2, 3]], slices)
    # A row that is taken twice gets both gradients.
    derivative("gather", [g([4, 2]), v([3, 0, 3], "int32")], gathered)
    derivative("gather", [g([2, 4]), v([[1, 1], [3, 0]], "int32"), 1], gathered)
    derivative("concat", [[g([2, 3]), g([2, 1])], 1], lambda parts, axis: np.concatenate(parts, axis))
    derivative("stack", [[g([3]), g([3])], 1], lambda parts, axis: np.stack(parts, axis))
    derivative("tile", [g([2, 3]), [2, 2]], np.tile)
    derivative("pad", [g([2, 3]), [[1, 0], [0, 2]]], np.pad)
    derivative("reverse", [g([2, 3]), 1], np.flip)
    derivative("clone", [g([2, 3])], lambda x: x)
    derivative("cast", [g([3]), "float32"], lambda x, _: x)

    for picture, kernel, how in [([1, 4, 4, 1], [2, 2, 1, 2], [1, "valid"]), ([1, 4, 5, 2], [3, 3, 2, 1], [1, "same"]), ([2, 5, 5, 1], [3, 3, 1, 2], [2, "same"]), ([1, 6, 6, 1], [2, 2, 1, 1], [1, "valid", "NHWC", 2])]:
        derivative("conv2d", [g(picture), g(kernel), *how], conv2d)
    for op, f in [("maxPool", np.max), ("avgPool", np.mean)]:
        for picture, how in [([1, 4, 4, 1], [2, 2, "valid"]), ([1, 5, 5, 2], [2, 2, "same"]), ([1, 5, 4, 1], [3, 1, "same"])]:
            derivative(op, [g(picture), *how], pooled(f))
    derivative("depthwiseConv2d", [g([1, 4, 4, 2]), g([2, 2, 2, 1]), 1, "same"], depthwise)
    derivative("separableConv2d", [g([1, 4, 4, 2]), g([2, 2, 2, 1]), g([1, 1, 2, 2]), 1, "same"], separable)
    derivative("conv1d", [g([1, 6, 2]), g([3, 2, 2]), 1, "same"], conv1d)
    derivative("conv2dTranspose", [g([1, 2, 2, 2]), g([3, 3, 1, 2]), [1, 4, 4, 1], 2, "same"], conv2d_transpose)
    derivative("image.resizeBilinear", [g([1, 3, 3, 1]), [5, 4]], resized(False))
