"""Functions of each value for itself, arithmetic of two, comparisons, and choosing between two."""
import math
import numpy as np
from values import b, case, g, i, v

NAN, INF = math.nan, math.inf
erf = np.vectorize(math.erf, otypes=[float])
erfc = np.vectorize(math.erfc, otypes=[float])


def sigmoid(x):
    return np.where(x >= 0, 1 / (1 + np.exp(-np.abs(x))), np.exp(-np.abs(x)) / (1 + np.exp(-np.abs(x))))


def softplus(x):
    return np.maximum(x, 0) + np.log1p(np.exp(-np.abs(x)))


def elu(x):
    return np.where(x > 0, x, np.expm1(np.minimum(x, 0)))


SELU_SCALE, SELU_ALPHA = 1.0507009873554805, 1.6732632423543772

# Where the value is a rounding of the exact one, bit for bit: name, reference.
EXACT = {
    "abs": np.abs,
    "neg": np.negative,
    "square": np.square,
    "sqrt": np.sqrt,
    "relu": lambda x: np.maximum(x, 0),
    "relu6": lambda x: np.clip(x, 0, 6),
    "ceil": np.ceil,
    "floor": np.floor,
    # To the nearest, halves to the even one.
    "round": np.round,
    "reciprocal": lambda x: 1 / x,
    "sign": np.sign,
}
# Elementary functions: name, reference, the points that say something about the function.
NEAR_0 = [1e-30, -1e-30, 1e-7, -1e-7, 1e-5, -1e-5, 1e-3, -1e-3, 0.1, -0.1, 0.5, -0.5]
TAILS = [1, -1, 2.5, -2.5, 5, -5, 9, -9, 12, -12, 17, -17, 20, -20, 40, -40, 80, -80]
ELEMENTARY = {
    "exp": (np.exp, NEAR_0 + [1, -1, 10, -10, 50, -50, 88, -87]),
    "expm1": (np.expm1, NEAR_0 + [1, -1, 10, -10, 50, -50, 88, -87]),
    "log": (np.log, [1e-37, 1e-20, 1e-5, 0.1, 0.5, 0.9, 0.999, 0.99999, 1.00001, 1.001, 1.1, 2, 10, 1e5, 1e20, 3e38]),
    "log1p": (np.log1p, NEAR_0 + [-0.9, -0.999, 1, 10, 1e5, 1e20, 3e38]),
    "sigmoid": (sigmoid, NEAR_0 + TAILS),
    "logSigmoid": (lambda x: -softplus(-x), NEAR_0 + TAILS),
    "softplus": (softplus, NEAR_0 + TAILS),
    "tanh": (np.tanh, NEAR_0 + TAILS),
    "erf": (erf, NEAR_0 + [1, -1, 2, -2, 3, -3, 3.9, -3.9, 6, -6]),
    "elu": (elu, NEAR_0 + TAILS),
    "selu": (lambda x: SELU_SCALE * np.where(x > 0, x, SELU_ALPHA * np.expm1(np.minimum(x, 0))), NEAR_0 + TAILS),
    "sin": (np.sin, NEAR_0 + [1, -1, 1.5707964, 3.1415927, 6.2831855, 22, -22, 100, -100]),
    "cos": (np.cos, NEAR_0 + [1, -1, 1.5707964, 3.1415927, 6.2831855, 22, -22, 100, -100]),
    "tan": (np.tan, NEAR_0 + [1, -1, 1.5, -1.5, 3.1415927, 22, -22, 100, -100]),
    "asin": (np.arcsin, NEAR_0 + [0.9, -0.9, 0.9999, -0.9999, 1, -1]),
    "acos": (np.arccos, NEAR_0 + [0.9, -0.9, 0.9999, -0.9999, 1, -1]),
    "atan": (np.arctan, NEAR_0 + TAILS),
    "sinh": (np.sinh, NEAR_0 + [1, -1, 9, -9, 50, -50, 88, -88]),
    "cosh": (np.cosh, NEAR_0 + [1, -1, 9, -9, 50, -50, 88, -88]),
    "asinh": (np.arcsinh, NEAR_0 + TAILS + [1e10, -1e10]),
    "acosh": (np.arccosh, [1, 1.0001, 1.5, 2, 10, 1e5, 1e10]),
    "atanh": (np.arctanh, NEAR_0 + [0.9, -0.9, 0.9999, -0.9999]),
    "rsqrt": (lambda x: 1 / np.sqrt(x), [1e-30, 1e-5, 0.1, 0.5, 1, 2, 3, 10, 1e5, 1e30]),
}
RANGES = {"log": (0.01, 9), "sqrt": (0, 9), "rsqrt": (0.01, 9), "acosh": (1, 9), "log1p": (-0.9, 9), "asin": (-1, 1), "acos": (-1, 1), "atanh": (-0.95, 0.95), "reciprocal": (0.1, 9)}
SHAPES = [[], [0], [1], [7], [3, 5], [2, 1, 3], [0, 4], [2, 2, 1, 2, 3], [1, 2, 3, 1, 2, 2], [1009], [13, 17, 11]]


def unary():
    for op, reference in EXACT.items():
        low, high = RANGES.get(op, (-8, 8))
        for shape in SHAPES:
            case("elementwise", op, [g(shape, low, high)], reference)
    # Whole numbers stay whole where the function allows.
    for op in ["abs", "neg", "square", "relu", "sign"]:
        case("elementwise", op, [i([11])], EXACT[op])
        case("elementwise", op, [i([3, 0])], EXACT[op])
    case("elementwise", "abs", [v([1700000001, -1700000001], "int32")], np.abs)
    case("elementwise", "sqrt", [v([0, 1, 2, 3, 16], "int32")], np.sqrt, out="float32")
    for op in ["floor", "ceil", "round"]:
        case("elementwise", op, [v([-2.5, -1.5, -0.5, 0.5, 1.5, 2.5, 3.49, -3.51])], EXACT[op])
    for op, (reference, points) in ELEMENTARY.items():
        low, high = RANGES.get(op, (-6, 6))
        case("elementwise", op, [v(points)], reference, close="relative")
        for shape in [[], [0], [3, 5], [1009], [13, 17, 11]]:
            # A value near a zero of the function away from the origin has no digits to compare: the points above do that.
            case("elementwise", op, [g(shape, low, high)], reference, close="relative")
    for op in ["exp", "sigmoid", "tanh", "erf"]:
        case("elementwise", op, [v([0, 1, 2, 3], "int32")], ELEMENTARY[op][0], close="relative", out="float32")
    for op, reference in {"isNaN": np.isnan, "isInf": np.isinf, "isFinite": np.isfinite}.items():
        case("elementwise", op, [v([NAN, INF, -INF, 0, 1, -1])], reference, out="bool")
        case("elementwise", op, [v([])], reference, out="bool")
    case("elementwise", "step", [v([-1, -0.0, 0, 0.5, 3, INF])], lambda x: (x > 0) * 1.0)
    case("elementwise", "step", [v([-1, 0, 3]), 0.25], lambda x, a: np.where(x > 0, 1, a))
    for slope in [None, 0.2, 0.25]:
        args = [g([4, 5])] + ([] if slope is None else [slope])
        case("elementwise", "leakyRelu", args, lambda x, a=0.2: np.where(x >= 0, x, a * x), close="relative")
    case("elementwise", "prelu", [g([3, 4]), v([0.1, 0.2, 0.3, 0.4])], lambda x, a: np.where(x >= 0, x, a * x), close="relative")
    for x in [g([23], -9, 9), i([5, 3])]:
        case("elementwise", "clipByValue", [x, -3, 4], lambda x, low, high: np.clip(x, low, high))
    case("elementwise", "clipByValue", [g([0, 3]), -3, 4], lambda x, low, high: np.clip(x, low, high))
    # Values that are not finite: NaN stays, infinities have the limits.
    odd = v([NAN, INF, -INF])
    case("elementwise", "relu", [odd], lambda x: np.maximum(x, 0))
    case("elementwise", "abs", [odd], np.abs)
    case("elementwise", "neg", [odd], np.negative)
    case("elementwise", "square", [odd], np.square)
    case("elementwise", "sqrt", [v([NAN, INF, -1, 0])], np.sqrt)
    case("elementwise", "log", [v([NAN, INF, -1, 0])], np.log)
    case("elementwise", "exp", [odd], np.exp)
    case("elementwise", "exp", [v([89, 1000, -1000])], lambda x: np.exp(x).astype(np.float32))
    case("elementwise", "sigmoid", [odd], sigmoid)
    case("elementwise", "tanh", [odd], np.tanh)
    case("elementwise", "erf", [odd], erf)
    case("elementwise", "clipByValue", [odd, -1, 1], np.clip)
    for op in ["softplus", "expm1", "log1p", "elu"]:
        case("elementwise", op, [v([NAN, INF])], ELEMENTARY[op][0])
    case("elementwise", "logicalNot", [b([7])], np.logical_not, out="bool")
    case("elementwise", "logicalNot", [v([[True], [False]], "bool")], np.logical_not, out="bool")
    # Activations by their layers' names: the first column of what Keras calls them.
    for name, reference in {
        "elu": elu, "selu": ELEMENTARY["selu"][0], "relu": EXACT["relu"], "sigmoid": sigmoid, "tanh": np.tanh,
        "softplus": softplus, "softsign": lambda x: x / (1 + np.abs(x)), "exponential": np.exp, "linear": lambda x: x,
        # gelu by erfc, mish by softplus: exact far out, where 1 + erf(x) has lost its digits.
        "gelu": lambda x: x * 0.5 * erfc(-x / math.sqrt(2)),
        "silu": lambda x: x * sigmoid(x),
        "mish": lambda x: x * np.tanh(softplus(x)),
        # Keras 3's: relu6(x + 3) / 6.
        "hardSigmoid": lambda x: np.clip(x / 6 + 0.5, 0, 1),
    }.items():
        points = [0, -1e-5, 1e-5, -1e-3, 1e-3, -0.5, 0.5, -1, 1, -2.5, 2.5, -5, 5, -6, 6, -8, 8, -20, 20, -60, 60]
        # gelu(-20) is below the smallest float32.
        points = [x for x in points if not (name == "gelu" and x < -8)]
        case("activations", name, [v(np.reshape(points, (-1, 1)))], reference, close="relative")
        case("activations", name, [g([5, 211], -6, 6)], reference, close="relative")


def floor_div(x, y):
    return np.floor(x / y)


def quotient(x, y):
    return np.floor(x / y) if x.dtype.kind == "i" and y.dtype.kind == "i" else x / y


ARITHMETIC = {
    "add": np.add,
    "sub": np.subtract,
    "mul": np.multiply,
    # Whole by whole is rounded down, as in TensorFlow.js; NumPy would give a fraction.
    "div": quotient,
    "maximum": np.maximum,
    "minimum": np.minimum,
    "squaredDifference": lambda x, y: np.square(x - y),
}
PAIRS = [
    ([], []), ([7], []), ([], [3, 5]), ([0], []), ([0], [1]), ([5], [1]), ([1], [5]), ([3, 5], [5]), ([5], [3, 5]),
    ([3, 1], [1, 5]), ([2, 3, 5], [3, 1]), ([2, 1, 5], [3, 1]), ([1, 2, 1, 3], [4, 1, 5, 1]), ([2, 0, 3], [1, 3]),
    ([1013], [1013]), ([31, 37], [37]), ([31, 37], [31, 1]), ([1, 37], [31, 1]), ([2, 1, 2, 1, 2, 3], [3, 1, 2, 1, 3]),
]


def rounded_twice(op):
    """How an op is compared that may round in between."""
    return "relative" if op == "squaredDifference" else None


def binary():
    for op, reference in ARITHMETIC.items():
        for left, right in PAIRS:
            case("arithmetic", op, [g(left), g(right, 0.5, 3)], reference, close=rounded_twice(op))
        for left, right in [([7], []), ([3, 1], [1, 5]), ([0], [1])]:
            case("arithmetic", op, [i(left), i(right, 1, 7)], reference)
            case("arithmetic", op, [i(left), g(right, 0.5, 3)], reference, close=rounded_twice(op))
            case("arithmetic", op, [b(left), i(right, 1, 7)], reference)
    # Two masks are added as whole numbers.
    for op in ["add", "mul", "maximum", "minimum"]:
        case("arithmetic", op, [v([0, 0, 1, 1], "bool"), v([0, 1, 0, 1], "bool")], ARITHMETIC[op])
    case("arithmetic", "div", [v([7, -7, 7, -7, 6, -6], "int32"), v([2, 2, -2, -2, 3, 3], "int32")], quotient)
    case("arithmetic", "sub", [v([1700000000, 1700000060], "int32"), v(1700000000, "int32")], np.subtract)
    case("arithmetic", "add", [v([16777217, 2147483647], "int32"), v([1, -1], "int32")], np.add)
    case("arithmetic", "mul", [v([16777217, 46341], "int32"), v([3, 46340], "int32")], np.multiply)
    case("arithmetic", "maximum", [v([16777217, -16777217], "int32"), v([16777216, -16777216], "int32")], np.maximum)
    # NaN wins, infinities follow IEEE 754.
    odd = [v([NAN, 1, INF, INF, -INF, 0, 1, -1]), v([1, NAN, 1, INF, INF, 0, 0, 0])]
    for op in ["add", "sub", "mul", "div", "maximum", "minimum"]:
        case("arithmetic", op, odd, ARITHMETIC[op])
    for left, right in [([23], [23]), ([], [5]), ([3, 1], [1, 5])]:
        case("arithmetic", "pow", [g(left, 0.2, 5), g(right, -3, 3)], np.power, close="relative")
    case("arithmetic", "pow", [v([-2, -1.5, 0, 3, 0]), v([3, 2, 2, 0, 0])], np.power, close="relative")
    case("arithmetic", "pow", [v([2, -3, 7, 1, 0], "int32"), v([10, 3, 2, 0, 5], "int32")], np.power)
    case("arithmetic", "pow", [g([7], 0.2, 5), v(2, "int32")], np.power, close="relative")
    # The remainder has the divisor's sign.
    signs = [v([7, -7, 7, -7, 6]), v([3, 3, -3, -3, 3])]
    whole = [v([7, -7, 7, -7, 6], "int32"), v([3, 3, -3, -3, 3], "int32")]
    for pair in [signs, whole]:
        case("arithmetic", "mod", pair, np.mod)
        # Whole numbers come out whatever went in, as in TensorFlow.js.
        case("arithmetic", "floorDiv", pair, floor_div, out="int32")
    case("arithmetic", "divNoNan", [v([1, -1, 0, 6]), v([0, 0, 0, 4])], lambda x, y: np.where(y == 0, 0, x / np.where(y == 0, 1, y)))
    case("arithmetic", "divNoNan", [v([1, -7], "int32"), v([0, 2], "int32")], lambda x, y: np.where(y == 0, 0, np.floor(x / np.where(y == 0, 1, y))))
    case("arithmetic", "atan2", [g([23], -3, 3), g([23], -3, 3)], np.arctan2, close="relative")
    case("arithmetic", "atan2", [v([0, 1, 0, -1]), v([1, 0, -1, 0])], np.arctan2, close="relative")
    case("arithmetic", "addN", [[v([1, 2, 3]), v([4, 5, 6]), v([0.5, 0, -0.5])]], lambda parts: sum(parts), calls="function")
    case("arithmetic", "addN", [[i([2, 3]), i([2, 3])]], lambda parts: sum(parts), calls="function")


COMPARISONS = {
    "equal": np.equal, "notEqual": np.not_equal, "greater": np.greater, "greaterEqual": np.greater_equal,
    "less": np.less, "lessEqual": np.less_equal,
}


def comparisons():
    for op, reference in COMPARISONS.items():
        for left, right in PAIRS:
            case("comparisons", op, [i(left, -1, 2), i(right, -1, 2)], reference, out="bool")
        case("comparisons", op, [g([23]), g([23])], reference, out="bool")
        case("comparisons", op, [v([0.5, 1, 1.5]), v([1, 1, 1], "int32")], reference, out="bool")
        case("comparisons", op, [b([7]), b([7])], reference, out="bool")
        # NaN equals nothing and is neither more nor less than anything.
        case("comparisons", op, [v([NAN, NAN, 1, INF, -INF, 0.0]), v([NAN, 1, NAN, INF, INF, -0.0])], reference, out="bool")
        # float32 cannot tell these two apart.
        case("comparisons", op, [v([16777216], "int32"), v([16777217], "int32")], reference, out="bool")
    for op, reference in {"logicalAnd": np.logical_and, "logicalOr": np.logical_or, "logicalXor": np.logical_xor}.items():
        case("comparisons", op, [v([0, 0, 1, 1], "bool"), v([0, 1, 0, 1], "bool")], reference, out="bool")
        case("comparisons", op, [b([3, 1]), b([5])], reference, out="bool")
        case("comparisons", op, [b([0]), b([1])], reference, out="bool")
        case("comparisons", op, [b([1013]), b([1013])], reference, out="bool")
    for condition, left, right in [([], [], []), ([7], [7], [7]), ([3, 1], [3, 5], [5]), ([5], [], [3, 1]), ([0], [0], [1]), ([1009], [1009], [1009]), ([2, 1, 1], [3, 1], [5])]:
        case("comparisons", "where", [b(condition), g(left), g(right)], np.where, calls="function")
    case("comparisons", "where", [b([7]), i([7]), i([7])], np.where, calls="function", out="int32")
    case("comparisons", "where", [b([7]), b([7]), b([7])], np.where, calls="function", out="bool")
    case("comparisons", "where", [v([1, 0], "bool"), v([1700000001, 5], "int32"), v([5, 1700000001], "int32")], np.where, calls="function", out="int32")
    case("comparisons", "where", [v([1, 0], "bool"), v([7, 8], "int32"), v([0.5, 1.5])], np.where, calls="function", out="float32")
    case("comparisons", "where", [v([1, 0, 1], "bool"), v([NAN, 1, INF]), v([2, NAN, 3])], np.where, calls="function")
