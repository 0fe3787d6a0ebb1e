"""What is named by indices, told apart, counted and searched for; running products, norms, sums of products, matrices."""
import math
import numpy as np
from derivatives import derivative
from values import T, b, case, g, i, v

INF = math.inf


def strided(x, begin, end, strides=None, begin_mask=0, end_mask=0, ellipsis_mask=0, new_mask=0, shrink_mask=0):
    def entry(at):
        if ellipsis_mask >> at & 1:
            return Ellipsis
        if new_mask >> at & 1:
            return None
        if shrink_mask >> at & 1:
            return begin[at]
        return slice(None if begin_mask >> at & 1 else begin[at], None if end_mask >> at & 1 else end[at], strides[at] if strides else 1)

    return x[tuple(entry(at) for at in range(len(begin)))]


def gather_nd(x, indices):
    return x[tuple(np.moveaxis(indices, -1, 0))]


def places(indices):
    return (indices,) if indices.ndim == 1 else tuple(np.moveaxis(indices, -1, 0))


def scatter_nd(indices, updates, shape):
    y = np.zeros(shape, updates.dtype)
    np.add.at(y, places(indices), updates)
    return y


def scatter_update(x, indices, updates):
    y = x.copy()
    for at in np.ndindex(indices.shape[:-1]):
        y[tuple(indices[at])] = updates[at]
    return y


def to_dense(indices, values, shape, other=0):
    y = np.full(shape, other, values.dtype)
    rows = indices.reshape(-1, 1) if indices.ndim < 2 else indices
    for row, value in zip(rows, np.broadcast_to(values, len(rows))):
        y[tuple(row)] = value
    return y


def segment_sum(x, ids, segments):
    y = np.zeros((segments, *x.shape[ids.ndim:]), x.dtype)
    inside = (ids >= 0) & (ids < segments)
    np.add.at(y, ids[inside], x[inside])
    return y


def unique(x, axis=0):
    firsts, known, which = [], {}, []
    for at in range(x.shape[axis]):
        name = tuple(np.take(x, at, axis).ravel())
        if name not in known:
            known[name] = len(firsts)
            firsts.append(at)
        which.append(known[name])
    return {"values": np.take(x, firsts, axis), "indices": np.array(which)}


def searched(edges, values, side="left"):
    y = np.zeros(values.shape)
    for at in np.ndindex(values.shape[:-1]):
        y[at] = np.searchsorted(edges[at], values[at], side)
    return y


def counted(x, weights, size, binary=False):
    def row(x, weights):
        inside = x < size
        return np.bincount(x[inside], weights[inside] if weights.size else None, size)

    rows = [row(x, weights)] if x.ndim == 1 else [row(*pair) for pair in zip(x, weights if weights.size else [weights] * len(x))]
    y = rows[0] if x.ndim == 1 else np.array(rows)
    return (y > 0) * 1.0 if binary else y


def running(x, axis=0, exclusive=False, reverse=False):
    y = np.flip(x, axis) if reverse else x
    if exclusive:
        y = np.concatenate([np.ones_like(np.take(y, [0], axis)), np.delete(y, -1, axis)], axis)
    y = np.cumprod(y, axis)
    return np.flip(y, axis) if reverse else y


def norm(x, order="euclidean", axis=None, keep=False):
    order = {"euclidean": None}.get(order, order)
    if axis is None:
        y = np.linalg.norm(x.ravel(), order)
        return y.reshape([1] * x.ndim) if keep else y
    return np.linalg.norm(x, order, tuple(axis) if isinstance(axis, list) else axis, keep)


def qr(x, full=False):
    """By reflections as in TensorFlow.js: a diagonal value has the other sign than what stood in its place."""
    if x.ndim > 2:
        pairs = [qr(one, full) for one in x]
        return [np.array([pair[at] for pair in pairs]) for at in (0, 1)]
    m, n = x.shape
    q, r = np.eye(m), x.copy()
    for at in range(min(m, n)):
        column = np.where(np.arange(m) >= at, r[:, at], 0)
        column[at] += (1 if column[at] > 0 else -1) * np.linalg.norm(column)
        reflect = np.eye(m) - 2 * np.outer(column, column) / (column @ column)
        q, r = q @ reflect, reflect @ r
    k = m if full else min(m, n)
    return [q[:, :k], np.triu(r)[:k]]


def band(x, lower, upper):
    rows, columns = np.indices(x.shape[-2:])
    inside = ((lower < 0) | (rows - columns <= lower)) & ((upper < 0) | (columns - rows <= upper))
    return np.where(inside, x, 0)


def gram_schmidt(x):
    q, r = np.linalg.qr(x.T)
    return (q * np.sign(np.diag(r))).T


def batch_norm(x, mean, variance, offset=None, scale=None, epsilon=0.001):
    y = (x - mean) / np.sqrt(variance + (0.001 if epsilon is None else epsilon))
    return y * (1 if scale is None else scale) + (0 if offset is None else offset)


def moving(before, x, decay, step=None, debias=True):
    return before + (x - before) * (1 - decay) / ((1 - decay**step) if debias else 1)


WHOLE = {"out": "int32"}
FOUND = {"values": "float32", "indices": "int32"}
BIG = [1700000000, 1700000060, 16777217]


def indexing():
    family = "indexing"
    only = {"calls": "function"}
    kind = lambda x: {"out": x.dtype}
    for make in [g, i, b]:
        x = make([5, 4, 3])
        case(family, "stridedSlice", [x, [1, 3], [5, 0], [2, -1]], strided, **kind(x))
    for shape, how in [
        ([7], [[0], [0], [2], 1, 1]), ([7], [[-1], [-8], [-2]]), ([7], [[3], [3]]), ([7], [[-100], [100], [3]]), ([7], [[2], [0], [1], 0, 0, 0, 0, 1]), ([7], [[-2], [0], [1], 0, 0, 0, 0, 1]),
        ([3, 4, 5], [[0, 1], [0, 3], [1, 1], 0, 0, 1]), ([3, 4, 5], [[0, 1, 0], [2, 9, 2], [1, 2, 1], 0, 0, 2]), ([3, 4, 5], [[0, 0, 1], [0, 2, 4], [1, 1, 2], 0, 0, 0, 1]), ([3, 4, 5], [[0, 0, 0, -1], [2, 0, 0, 0], [1, 1, 1, 1], 0, 0, 2, 4, 8]),
        ([3, 4], [[2, 0], [0, 0], [-1, -1], 2, 2]), ([0, 3], [[0, 0], [2, 3], [1, 2]]), ([31, 37], [[30, 1], [2, 36], [-3, 5]]), ([2, 3, 2, 3, 2], [[0, 1], [0, 2], None, 0, 0, 1]),
    ]:
        case(family, "stridedSlice", [g(shape), *how], strided)
    for shape, indices in [([5], [[4], [0], [4]]), ([5, 3], [[4], [0]]), ([5, 3], [[4, 2], [0, 1]]), ([5, 3], [4, 2]), ([5, 3], [1]), ([2, 3, 4], [[[1, 2, 3], [0, 0, 0]], [[1, 1, 1], [0, 2, 0]]]), ([31, 37], [[30, 36], [7, 0]]), ([4, 1], [[3, 0]])]:
        case(family, "gatherND", [g(shape), v(indices, "int32")], gather_nd, **only)
    case(family, "gatherND", [g([2, 3]), v(np.zeros([0, 1]), "int32")], lambda x, at: np.zeros([0, 3]), **only)
    case(family, "gatherND", [v(BIG, "int32"), v([[2], [0]], "int32")], gather_nd, **only)
    case(family, "gatherND", [b([3, 2]), v([[2, 1], [0, 0]], "int32")], gather_nd, out="bool", **only)
    for indices, updates, shape in [([[4], [3], [1], [7]], [4], [8]), ([1, 0, 1], [3, 2], [4, 2]), ([[0, 1], [2, 2], [0, 1]], [3], [3, 3]), ([[[0], [1]], [[1], [1]]], [2, 2, 3], [2, 3]), ([[30, 36]], [1], [31, 37]), ([[1]], [1, 0], [2, 0])]:
        case(family, "scatterND", [v(indices, "int32"), g(updates), shape], scatter_nd, close="scale", **only)
        case(family, "scatterND", [v(indices, "int32"), i(updates), shape], scatter_nd, **WHOLE, **only)
    case(family, "scatterND", [v([[0], [0]], "int32"), v([1000000001, 700000002], "int32"), [2]], scatter_nd, **WHOLE, **only)
    for shape, indices, updates in [([8], [[4], [3], [4]], [3]), ([4, 2], [[1], [3]], [2, 2]), ([3, 3], [[0, 1], [2, 2], [0, 1]], [3]), ([2, 3], [[[0], [1]], [[1], [1]]], [2, 2, 3]), ([31, 37], [[30, 36]], [1])]:
        for make in [g, i, b]:
            x = make(shape)
            case(family, "tensorScatterUpdate", [x, v(indices, "int32"), make(updates)], scatter_update, **kind(x), **only)
    case(family, "tensorScatterUpdate", [v(BIG, "int32"), v([[1]], "int32"), v([1700000061], "int32")], scatter_update, **WHOLE, **only)
    for indices, values, shape, other in [([4, 5, 1], g([3]), [8], []), (2, g([]), [4], [v(-1)]), ([[0, 1], [1, 0]], g([2]), [2, 2], [v(1.5)]), ([[0, 1], [1, 0]], g([]), [2, 3], []), ([3, 3], v([5, 6], "int32"), [5], [v(7, "int32")]), ([1], v([1700000061], "int32"), [2], [v(16777217, "int32")]), ([1], v([1], "bool"), [3], [v(0, "bool")])]:
        case(family, "sparseToDense", [v(indices, "int32"), values, shape, *other], to_dense, **kind(values), **only)
    for shape, ids, segments in [([6, 2], [0, 2, 2, 1, -1, 7], 4), ([4], [1, 1, 1, 1], 2), ([2, 2, 3], [[0, 1], [1, 0]], 3), ([0, 2], [], 3), ([5], [0, 1, 2, 3, 4], 0), ([101], [at * 7 % 13 for at in range(101)], 13)]:
        case(family, "unsortedSegmentSum", [g(shape), v(ids, "int32"), segments], segment_sum, close="scale")
        case(family, "unsortedSegmentSum", [i(shape), v(ids, "int32"), segments], segment_sum)
    case(family, "unsortedSegmentSum", [v([1000000001, 700000002], "int32"), v([1, 1], "int32"), 2], segment_sum)
    case(family, "unsortedSegmentSum", [v([1, 1, 0], "bool"), v([1, 1, 0], "int32"), 2], segment_sum, **WHOLE)
    case("shapes", "gather", [g([2, 4, 3]), v([[3, 0], [1, 1]], "int32"), 1, -1], lambda x, at, *_: np.stack([x[row][at[row]] for row in range(2)]))
    case("shapes", "gather", [i([2, 3, 4]), v([[[3, 0], [1, 1], [2, 0]]] * 2, "int32"), 2, 2], lambda x, at, *_: np.take_along_axis(x, at, 2), **WHOLE)

    family = "search"
    for x, how in [(v([1, 1, 2, 4, 4, 4, 7, 8, 8]), []), (v([[1, 0, 0], [1, 0, 0], [2, 0, 0]]), [0]), (v([[1, 0, 0], [1, 0, 0], [2, 0, 0]]), [1]), (g([1]), []), (v([]), []), (g([2, 0, 3]), [0]), (v([[[1], [2]], [[1], [2]], [[0], [2]]]), [-3]), (v([0, -0.0, 1]), [])]:
        case(family, "unique", [x, *how], unique, out=FOUND)
    case(family, "unique", [i([101], 0, 7)], unique, **WHOLE)
    case(family, "unique", [v([1700000000, 1700000060, 1700000000], "int32")], unique, **WHOLE)
    case(family, "unique", [v([0, 1, 1], "bool")], unique, out={"values": "bool", "indices": "int32"})
    edges, values = v([[0, 3, 8, 9, 10], [1, 2, 3, 4, 5]]), v([[9.8, 3, 4.3], [0.1, 6.6, 5]])
    for side in ["left", "right"]:
        for one, other in [(edges, values), (v([-1, 3.3, 9.1, 10]), v([0, 3.3, 12, -2])), (v([]), v([1, 2])), (v([1, 2]), v([])), (v(BIG[:2], "int32"), v([1700000000, 1700000001], "int32"))]:
            case(family, "searchSorted", [one, other, side], searched, **WHOLE, **only)
            case(family, "lowerBound" if side == "left" else "upperBound", [one, other], lambda one, other, side=side: searched(one, other, side), **WHOLE, **only)
    x, rows = v([1, 1, 1, 2, 9], "int32"), v([[1, 1, 1], [2, 9, 0]], "int32")
    for weights, out in [(v([]), "float32"), (v([], "int32"), "int32"), (g([5]), "float32"), (i([5]), "int32")]:
        case(family, "bincount", [x, weights, 4], counted, close="scale", out=out, **only)
        case(family, "denseBincount", [x, weights, 4], counted, close="scale", out=out, **only)
    case(family, "bincount", [v([], "int32"), v([]), 3], lambda *_: np.zeros(3), out="float32", **only)
    case(family, "bincount", [x, v([]), 0], lambda *_: np.zeros(0), out="float32", **only)
    for weights in [v([]), g([2, 3])]:
        case(family, "denseBincount", [rows, weights, 4], counted, close="scale", out="float32", **only)
    case(family, "denseBincount", [rows, v([]), 4, True], counted, out="float32", **only)
    case(family, "bincount", [i([1009], 0, 50), v([]), 37], counted, out="float32", **only)
    case(family, "broadcastArgs", [v([2, 1], "int32"), v([4, 1, 3], "int32")], lambda a, b: np.array(np.broadcast_shapes(tuple(a), tuple(b))), **WHOLE, **only)
    case(family, "broadcastArgs", [v([], "int32"), v([3], "int32")], lambda *_: np.array([3]), **WHOLE, **only)
    case(family, "bitwiseAnd", [v([0, 5, 3, 14, -1, 2147483647], "int32"), v([5, 0, 7, 11, -2147483648, 1700000061], "int32")], np.bitwise_and, **WHOLE, **only)


def running_and_matrices():
    family = "reductions"
    for shape, how in [([7], []), ([1], []), ([0], []), ([3, 5], [1]), ([3, 5], [0]), ([2, 3, 5], [-2]), ([13], [0, True]), ([13], [0, False, True]), ([3, 5], [1, True, True]), ([101], [])]:
        case(family, "cumprod", [g(shape, 0.5, 1.5), *how], lambda x, axis=0, *how: running(x, axis, *how) if x.size else x, close="relative")
    case(family, "cumprod", [v([2, 0, 3, 4])], running)
    case(family, "cumprod", [i([3, 5]), 1], running)
    case(family, "cumprod", [v([46341, 36201, -1], "int32"), 0, True, True], running)
    case(family, "cumprod", [v([1, 1, 0, 1], "bool")], running, **WHOLE)
    for order in [1, "euclidean", INF, -INF]:
        for axis in [0, [0, 1], [1, 2], -1]:
            case(family, "norm", [g([2, 3, 4]), order, axis], norm, close="scale")
        case(family, "norm", [g([3, 5]), order, [0, 1], True], norm, close="scale")
        case(family, "norm", [g([3, 5]), order], norm, close="scale")
        case(family, "norm", [g([3, 5]), order, None, True], norm, close="scale")
    case(family, "norm", [g([3, 5]), "fro", [0, 1]], norm, close="scale")
    case(family, "norm", [g([7]), 2], norm, close="scale")
    case(family, "norm", [i([3, 5]), 1, [0, 1]], norm)
    case(family, "moments", [i([3, 5]), 1], lambda x, axis: {"mean": x.mean(axis), "variance": x.var(axis)}, close="scale", out="float32", calls="function")

    family, only = "matrices", {"calls": "function"}
    for equation, *shapes in [
        ("ij->ji", [2, 3]), ("ij->", [2, 3]), ("ij->i", [2, 3]), ("i->i", [7]), ("i,i->", [1009], [1009]), ("i,j->ij", [2], [3]), ("ij,jk->ik", [2, 3], [3, 5]), (" i j , j k -> k i ", [2, 3], [3, 5]),
        ("bij,bjk->bik", [2, 3, 4], [2, 4, 5]), ("bij,bjk->ki", [2, 3, 4], [2, 4, 5]), ("bhid,bhjd->bhij", [2, 2, 3, 4], [2, 2, 5, 4]), ("ij,ij->ij", [2, 3], [2, 3]), ("ij,kl->", [2, 3], [2, 2]),
        ("ijk,lj->lik", [2, 3, 4], [5, 3]), ("abc,cd->abd", [2, 3, 4], [4, 2]), ("i,->i", [3], []), ("i,j,jk->ik", [2], [3], [3, 4]), ("ij,jk->ik", [0, 3], [3, 2]), ("ij,jk->ik", [2, 0], [0, 2]), ("ij,jk->ik", [31, 37], [37, 29]),
    ]:
        for make in [g, i]:
            case(family, "einsum", [equation, *[make(shape) for shape in shapes]], lambda equation, *x: np.einsum(equation.replace(" ", ""), *x), close="scale" if make is g else None, **only)
    case(family, "einsum", ["bij,bjk->bik", v([[[16777217, 1]]], "int32"), v([[[1], [2]]], "int32")], np.einsum, **only)
    # Whole numbers stay whole in many products too.
    for one, other, turns in [([2, 3, 4], [2, 4, 5], []), ([2, 3, 4], [4, 5], []), ([2, 1, 3, 4], [3, 5, 4], [False, True]), ([0, 2, 3], [3, 2], [])]:
        case(family, "matMul", [i(one), i(other), *turns], lambda x, y, _=False, turn=False: x @ (np.swapaxes(y, -1, -2) if turn else y))
    case(family, "matMul", [v([[[16777217, 1]]], "int32"), v([[1], [2]], "int32")], lambda x, y: x @ y)
    for shape, how in [([1, 1], []), ([3, 3], []), ([5, 3], []), ([3, 5], []), ([4, 1], []), ([1, 4], []), ([5, 3], [True]), ([2, 3, 3], []), ([2, 4, 3], []), ([13, 11], []), ([0, 2, 2], [])]:
        case(family, "linalg.qr", [g(shape), *how], qr if 0 not in shape else lambda x, *_: [x, x], close="scale", **only)
    for shape, lower, upper in [([3, 4], 1, -1), ([3, 4], 0, 0), ([4, 3], -1, 1), ([2, 3, 4], 0, 2), ([1, 1], 0, 0), ([0, 2], 0, 1), ([31, 37], 5, 7)]:
        for make in [g, i, b]:
            x = make(shape)
            case(family, "linalg.bandPart", [x, lower, upper], band, out=x.dtype, **only)
    for shape in [[1, 1], [3, 4], [3, 3], [7, 13]]:
        case(family, "linalg.gramSchmidt", [g(shape)], gram_schmidt, close="scale", **only)
    for op, x, row in [("batchNorm", [7], []), ("batchNorm", [2, 3, 4], [4]), ("batchNorm2d", [5, 3], [3]), ("batchNorm3d", [2, 2, 3], [2, 2, 3]), ("batchNorm4d", [2, 3, 3, 5], [5])]:
        calls = {} if op == "batchNorm" else only
        case(family, op, [g(x), g(row), g(row, 0.5, 2), g(row), g(row), 0.01], batch_norm, close="scale", **calls)
        case(family, op, [g(x), g(row), g(row, 0.5, 2)], batch_norm, close="scale", **calls)
        case(family, op, [g(x), g(row), g(row, 0.5, 2), None, g(row)], batch_norm, close="scale", **calls)
    for how in [[2], [1], [None, False]]:
        case(family, "movingAverage", [g([3, 2]), g([3, 2]), 0.9, *how], moving, close="scale", **only)
    case(family, "movingAverage", [g([3]), g([3]), v(0.5), v(3)], moving, close="scale", **only)


def slopes_of_indexing():
    derivative("stridedSlice", [g([5, 4]), [4, 0], [0, 4], [-2, 3]], strided)
    derivative("stridedSlice", [g([2, 3, 4]), [0, 0, 1], [0, 0, 3], [1, 1, 1], 0, 0, 1, 2], strided)
    derivative("gatherND", [g([3, 4]), v([[2, 1], [0, 3], [2, 1]], "int32")], gather_nd)
    derivative("gatherND", [g([3, 4]), v([[2], [2]], "int32")], gather_nd)
    derivative("scatterND", [v([[1], [0], [1]], "int32"), g([3, 2]), [4, 2]], scatter_nd)
    derivative("tensorScatterUpdate", [g([4, 2]), v([[1], [3], [1]], "int32"), g([3, 2])], scatter_update)
    derivative("sparseToDense", [v([3, 1], "int32"), g([2]), [5], g([])], to_dense)
    derivative("sparseToDense", [v([3, 1], "int32"), g([]), [5]], to_dense)
    derivative("unsortedSegmentSum", [g([5, 2]), v([0, 2, 2, -1, 1], "int32"), 4], segment_sum)
    derivative("cumprod", [g([5], 0.5, 2)], running)
    derivative("cumprod", [v([[2, 0, 3], [1, -2, 0.5]]), 1, True], running)
    derivative("cumprod", [g([4, 2]), 0, False, True], running)
    for order in [1, "euclidean", INF, -INF]:
        derivative("norm", [g([3, 4]), order, [0, 1]], norm)
        derivative("norm", [g([3, 4]), order, 1], norm)
    for equation, *shapes in [("ij->j", [2, 3]), ("ij,jk->ki", [2, 3], [3, 2]), ("bij,bkj->bki", [2, 2, 3], [2, 3, 3]), ("i,j->ij", [2], [3]), ("ij,kl->k", [2, 3], [2, 2]), ("i,ij,j->", [2], [2, 3], [3])]:
        derivative("einsum", [equation, *[g(shape) for shape in shapes]], np.einsum)
    derivative("linalg.bandPart", [g([3, 4]), 1, 0], band)
    derivative("linalg.gramSchmidt", [g([2, 3])], gram_schmidt)
    derivative("batchNorm", [g([2, 3]), g([3]), g([3], 0.5, 2), g([3]), g([3]), 0.01], batch_norm)
    derivative("batchNorm4d", [g([2, 1, 2, 3]), g([3]), g([3], 0.5, 2)], batch_norm)
    derivative("movingAverage", [g([3]), g([3]), 0.9, 2], moving)
    derivative("gather", [g([2, 4]), v([[3, 0], [1, 1]], "int32"), 1, 1], lambda x, at, *_: np.take_along_axis(x, at, 1))
