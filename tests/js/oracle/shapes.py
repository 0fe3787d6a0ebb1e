"""What moves values without computing: shapes, slices, joins; and what makes tensors."""
import numpy as np
from values import T, b, case, g, i, v

KINDS = [g, i, lambda shape: b(shape)]


def slices(x, begin, size=None):
    begin = [begin] if isinstance(begin, int) else list(begin)
    size = [-1] * len(begin) if size is None else [size] if isinstance(size, int) else list(size)
    box = tuple(slice(at, None if n == -1 else at + n) for at, n in zip(begin, size))
    return x[box]


def gathered(x, indices, axis=0, batch_dims=0):
    if batch_dims == 0:
        return np.take(x, indices, axis=axis)
    return np.stack([gathered(one, at, axis - 1, batch_dims - 1) for one, at in zip(x, indices)])


def unstacked(x, axis=0):
    return [np.take(x, at, axis=axis) for at in range(x.shape[axis])]


def parts(x, lengths, axis=0):
    where = lengths if isinstance(lengths, int) else np.cumsum(lengths)[:-1]
    return np.split(x, where, axis=axis)


def strided(x, begin, end, strides):
    return x[tuple(slice(*box) for box in zip(begin, end, strides))]


def kind(x):
    return {"out": x.dtype}


def shapes():
    move = lambda op, args, reference, **more: case("shapes", op, args, reference, **{**kind(args[0] if isinstance(args[0], T) else args[0][0]), **more})
    for make in KINDS:
        move("reshape", [make([3, 4]), [2, 6]], np.reshape)
        move("expandDims", [make([3, 5]), 1], np.expand_dims)
        move("squeeze", [make([1, 3, 1, 2])], np.squeeze)
        move("transpose", [make([3, 5])], np.transpose)
        move("broadcastTo", [make([3, 1]), [2, 3, 4]], np.broadcast_to)
        move("slice", [make([5, 7]), [1, 2], [3, 4]], slices)
        move("gather", [make([5, 3]), v([4, 0, 0, 2], "int32")], gathered)
        move("tile", [make([2, 3]), [2, 3]], np.tile)
        move("reverse", [make([2, 3])], np.flip)
        move("concat", [[make([2, 3]), make([1, 3])]], np.concatenate, calls="function")
        move("stack", [[make([2, 3]), make([2, 3])]], np.stack, calls="function")
        move("unstack", [make([2, 3])], unstacked)
        move("split", [make([4, 3]), 2], parts)
    for shape, to in [([], []), ([], [1, 1]), ([1], []), ([0], [0, 3]), ([0, 5], [5, 0]), ([3, 4], [-1]), ([3, 4], [2, -1]), ([2, 3, 4], [4, -1, 2]), ([1021], [1021, 1]), ([2, 2, 1, 2, 3], [12, 2]), ([0, 3], [-1, 3])]:
        move("reshape", [g(shape), to], lambda x, shape: x.reshape([x.size // max(1, int(-np.prod(shape))) if n == -1 else n for n in shape]))
    for shape, axis in [([], 0), ([], -1), ([3], 0), ([3], 1), ([3], -1), ([3, 5], -1), ([3, 5], -2), ([3, 5], 2), ([0, 2], 1)]:
        move("expandDims", [g(shape), axis], np.expand_dims)
    for shape, axes in [([1], [0]), ([1, 3, 1], [0]), ([1, 3, 1], [-1]), ([1, 3, 1], [0, 2]), ([1, 0], [0])]:
        move("squeeze", [g(shape), axes], lambda x, axes: np.squeeze(x, tuple(axes)))
    move("squeeze", [g([3, 5])], np.squeeze)
    for shape, order in [([], None), ([7], None), ([7], [0]), ([2, 3, 5], None), ([2, 3, 5], [1, 2, 0]), ([2, 3, 5], [-1, 0, 1]), ([2, 3, 5], [0, 2, 1]), ([2, 0, 3], [2, 0, 1]), ([31, 37], [1, 0]), ([2, 3, 2, 3, 2, 2], [5, 3, 1, 0, 2, 4]), ([3, 1, 2, 5], [0, 3, 1, 2])]:
        move("transpose", [g(shape)] + ([] if order is None else [order]), lambda x, order=None: np.transpose(x, order))
    for shape, to in [([], []), ([], [3]), ([1], [7]), ([5], [3, 5]), ([3, 1], [3, 5]), ([1, 3, 1], [2, 3, 4]), ([1], [0]), ([2, 1, 1], [2, 31, 37])]:
        move("broadcastTo", [g(shape), to], np.broadcast_to)
    for shape, begin, size in [([7], 2, 3), ([7], 2, None), ([7], [2], [-1]), ([7], 7, 0), ([7], 7, None), ([5, 7], [1], [2]), ([5, 7], 1, 3), ([5, 7], [0, 6], [5, 1]), ([5, 7], [2, 3], None), ([3, 4, 5], [1, 0, 2], [-1, 2, -1]), ([3, 4, 5], [1, 1, 1], [1, 1, 1]), ([0, 3], [0, 1], [0, 2]), ([41, 37], [3, 5], [29, 31]), ([2, 3, 2, 3, 2], [1, 1, 0, 1, 1], [1, 2, 2, 2, 1])]:
        move("slice", [g(shape), begin] + ([] if size is None else [size]), slices)
    for shape, indices, axis in [([5], 3, 0), ([5, 3], 1, 1), ([3, 4], [[0, 3], [2, 2]], 1), ([3, 4], [[0, 2], [1, 1]], 0), ([2, 3, 4], [3, 0], -1), ([2, 3, 4], [[0], [2]], 1), ([2, 3, 4], [1], -3), ([5, 3], [], 0), ([31, 41], [30, 0, 7, 7], 0), ([31, 41], [40, 0, 7, 7, 9], 1)]:
        move("gather", [g(shape), v(indices, "int32"), axis], gathered)
    move("gather", [g([2, 4, 3]), v([[3, 0], [1, 1]], "int32"), 1, 1], gathered)
    big = v([1700000000, 1700000060, 16777217], "int32")
    move("gather", [big, v([1, 2], "int32")], gathered)
    move("slice", [big, 1], slices)
    move("concat", [[big, big]], np.concatenate, calls="function")
    move("reverse", [big], np.flip)
    move("tile", [big, [2]], np.tile)
    for one, other, axis in [([3], [5], 0), ([0], [3], 0), ([2, 3], [2, 1], 1), ([2, 3], [2, 4], -1), ([2, 3], [5, 3], -2), ([2, 3, 1], [2, 2, 1], 1), ([31, 7], [31, 11], 1), ([0, 3], [0, 2], 1)]:
        move("concat", [[g(one), g(other)], axis], lambda parts, axis: np.concatenate(parts, axis), calls="function")
    move("concat", [[g([2, 3])]], np.concatenate, calls="function")
    move("concat", [[g([2, 3]), g([1, 3]), g([4, 3])], 0], lambda parts, axis: np.concatenate(parts, axis), calls="function")
    for shape, axis in [([], 0), ([3], 0), ([3], 1), ([3], -1), ([2, 3], 1), ([2, 3], -1), ([2, 0], 1)]:
        move("stack", [[g(shape), g(shape)], axis], lambda parts, axis: np.stack(parts, axis), calls="function")
    for shape, axis in [([3], 0), ([3, 5], 1), ([3, 5], -1), ([2, 3, 4], -2)]:
        move("unstack", [g(shape), axis], unstacked)
    for shape, lengths, axis in [([6], 3, 0), ([6], [1, 2, 3], 0), ([4, 6], 2, 1), ([4, 6], [5, 1], -1), ([4, 6], [1, 3], -2), ([5], [0, 5], 0)]:
        move("split", [g(shape), lengths, axis], parts)
    for shape, times in [([], []), ([3], [4]), ([3], [1]), ([2, 3], [1, 3]), ([2, 3], [0, 2]), ([2, 1, 3], [3, 2, 2])]:
        move("tile", [g(shape), times], lambda x, times: np.tile(x, times) if times else x)
    for shape, around in [([3], [[1, 2]]), ([2, 3], [[1, 0], [0, 2]]), ([0], [[1, 1]]), ([2, 2, 2], [[0, 0], [1, 1], [0, 3]]), ([29, 31], [[3, 2], [1, 4]])]:
        move("pad", [g(shape), around], np.pad)
        move("pad", [g(shape), around, 1.5], lambda x, around, value: np.pad(x, around, constant_values=value))
    move("pad", [i([2, 3]), [[1, 1], [1, 1]], 7], lambda x, around, value: np.pad(x, around, constant_values=value))
    for shape, around in [([5], [[2, 3]]), ([3, 4], [[1, 2], [0, 3]])]:
        for mode in ["reflect", "symmetric"]:
            move("mirrorPad", [g(shape), around, mode], lambda x, around, mode: np.pad(x, around, mode=mode))
    for shape, axis in [([5], 0), ([2, 3], 1), ([2, 3], [-1]), ([2, 3, 4], [0, 2]), ([0, 2], 0)]:
        move("reverse", [g(shape), axis], lambda x, axis: np.flip(x, axis if isinstance(axis, int) else tuple(axis)))
    for shape, begin, end, strides in [([9], [1], [8], [2]), ([5, 7], [4, 0], [0, 7], [-1, 3]), ([4, 4], [0, 1], [4, 3], [2, 1])]:
        move("stridedSlice", [g(shape), begin, end, strides], strided)
    for shape in [[], [0], [7], [3, 5]]:
        for op, reference in {"clone": lambda x: x, "zerosLike": np.zeros_like, "onesLike": np.ones_like}.items():
            for make in KINDS:
                # TensorFlow.js' tensors have no method `zerosLike` of another name, so the function is enough.
                move(op, [make(shape)], reference, calls="function")


def one_hot(indices, depth, on=1, off=0, _kind=None):
    hot = np.full(indices.shape + (depth,), off, float)
    for at in np.ndindex(indices.shape):
        if 0 <= indices[at] < depth:
            hot[at][indices[at]] = on
    return hot


def creation():
    made = lambda op, args, reference, **more: case("creation", op, args, reference, **{"calls": "function", **more})
    for op, value in {"zeros": 0, "ones": 1}.items():
        for shape in [[], [0], [7], [3, 5], [2, 0, 3], [31, 37]]:
            made(op, [shape], lambda shape: np.full(shape, float(value)), out="float32")
        for dtype in ["float32", "int32", "bool"]:
            made(op, [[2, 3], dtype], lambda shape, _: np.full(shape, value), out=dtype)
    for shape, value in [([], 2.5), ([0], 1), ([7], -0.1), ([3, 5], 1e30), ([1019], 0.3)]:
        made("fill", [shape, value], np.full, out="float32")
    made("fill", [[2, 3], 1700000001, "int32"], lambda shape, value, _: np.full(shape, value), out="int32")
    made("fill", [[2], 1, "bool"], lambda shape, value, _: np.full(shape, value), out="bool")
    made("fill", [[2], float("nan")], np.full, out="float32")
    for args in [[0], [1], [3], [3, 5], [5, 3], [1, 4]]:
        made("eye", args, lambda rows, columns=None: np.eye(rows, columns), out="float32")
    made("eye", [2, 3, [2]], lambda rows, columns, batch: np.broadcast_to(np.eye(rows, columns), (*batch, rows, columns)), out="float32")
    made("eye", [2, 2, None, "int32"], lambda rows, columns, _batch, _kind: np.eye(rows, columns), out="int32")
    for args in [[0, 5], [2, 9, 3], [5, 0, -2], [0, 1, 0.25], [3, 3], [-2, 2], [0, 1009]]:
        made("range", args, np.arange, out="float32")
    made("range", [0, 1, 0.3], np.arange, close="relative", out="float32")
    # Without a step a range may run down, as in TensorFlow.js; NumPy's would be empty.
    made("range", [5, 0], lambda start, stop: np.arange(start, stop, -1), out="float32")
    made("range", [1, 6, 2, "int32"], lambda start, stop, step, _: np.arange(start, stop, step), out="int32")
    for args in [[0, 1, 5], [1, 0, 3], [-3, 7, 101], [2, 9, 1], [0.1, 0.2, 2]]:
        made("linspace", args, np.linspace, close="scale", out="float32")
    labels = v([0, 2, 1, 3, -1], "int32")
    made("oneHot", [labels, 3], one_hot, out="int32")
    made("oneHot", [labels, 3, 5, -1], one_hot, out="int32")
    made("oneHot", [labels, 3, 0.5, -0.5, "float32"], one_hot, out="float32")
    made("oneHot", [labels, 3, 1, 0, "bool"], one_hot, out="bool")
    made("oneHot", [v([[0, 1], [1, 0]], "int32"), 2], one_hot, out="int32")
    made("oneHot", [v(1, "int32"), 3], one_hot, out="int32")
    made("oneHot", [i([211], 0, 10), 10], one_hot, out="int32")
    made("diag", [v([1, 2, 3])], np.diag, out="float32")
    # To whole numbers: toward zero. To masks: everything but zero is true.
    halves = v([-2.5, -0.5, 0, 0.5, 1, 2.99])
    cast = lambda x, _: x
    case("creation", "cast", [halves, "int32"], lambda x, _: np.trunc(x), out="int32")
    case("creation", "cast", [halves, "bool"], lambda x, _: x != 0, out="bool")
    case("creation", "cast", [halves, "float32"], cast, out="float32")
    for x in [v([-3, 0, 7, 16777216], "int32"), v([0, 1], "bool"), v([], "int32"), v(5, "int32")]:
        case("creation", "cast", [x, "float32"], cast, out="float32")
        case("creation", "cast", [x, "int32"], cast, out="int32")
        case("creation", "cast", [x, "bool"], lambda x, _: x != 0, out="bool")
    case("creation", "cast", [g([1013], -100, 100), "int32"], lambda x, _: np.trunc(x), out="int32")
