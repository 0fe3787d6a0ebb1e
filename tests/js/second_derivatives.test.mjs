// Second derivatives of ops that are made of others: the gradient of a gradient beside what small steps show.
import { assert, mapling, test } from './mapling.mjs';

const { grad, gradCheck, tensor } = mapling;
const int = (values, shape) => tensor(values, shape, 'int32');

/** A bend, so that there is a second derivative where an op is straight. */
const bent = (y) => y.mul(y).mul(y).sum();
const weights = (shape, seed) => mapling.randomUniform(shape, 0.5, 2, 'float32', seed);

const x34 = weights([3, 4], 1);
const CASES = {
  stridedSlice: [(x) => x.stridedSlice([2, 0], [0, 4], [-1, 3]), x34],
  gatherND: [(x) => mapling.gatherND(x, int([2, 1, 0, 3, 2, 1], [3, 2])), x34],
  scatterND: [(x) => mapling.scatterND(int([1, 0, 1], [3, 1]), x, [4, 4]), x34],
  tensorScatterUpdate: [(x) => mapling.tensorScatterUpdate(x, int([1], [1, 1]), x.slice(0, 1)), x34],
  sparseToDense: [(x) => mapling.sparseToDense(int([2, 0], [2]), x, [4], x.sum()), weights([2], 2)],
  unsortedSegmentSum: [(x) => mapling.unsortedSegmentSum(x, int([1, 0, 1], [3]), 2), x34],
  cumprod: [(x) => x.cumprod(1, true, true), x34],
  'cumprod beside a zero': [(x) => x.cumprod(), tensor([1.5, 0, 2])],
  norm: [(x) => x.norm('euclidean', 1), x34],
  'norm of a matrix': [(x) => x.norm(1, [0, 1]), x34],
  einsum: [(x) => mapling.einsum('ij,kj->ik', x, x), x34],
  'linalg.qr': [(x) => mapling.linalg.qr(x)[1], tensor([2, 0.5, -1, 1, 3, 0.25], [3, 2])],
  'linalg.qr by q': [(x) => mapling.linalg.qr(x)[0], tensor([2, 0.5, -1, 1, 3, 0.25], [3, 2])],
  'linalg.gramSchmidt': [(x) => mapling.linalg.gramSchmidt(x), tensor([2, 0.5, -1, 1, 3, 0.25], [2, 3])],
  'linalg.bandPart': [(x) => mapling.linalg.bandPart(x, 1, 0), x34],
  batchNorm: [(x) => mapling.batchNorm(x, x.mean(0), x.square().mean(0), 0.5, 2), x34],
  movingAverage: [(x) => mapling.movingAverage(x, x.square(), 0.7, 2), x34],
  dropout: [(x) => mapling.dropout(x, 0.5, null, 3), x34],
  'fused.matMul': [(x) => mapling.fused.matMul({ a: x, b: x, transposeB: true, activation: 'sigmoid' }), x34],
};

for (const [name, [f, x]] of Object.entries(CASES)) {
  test(`${name}: first and second derivatives agree with small steps`, () => {
    // Scaled, so that steps in float32 show two digits.
    const value = (one) => bent(f(one)).mul(0.1);
    for (const of of [value, (one) => grad(value)(one)]) {
      const { ok, maxDifference, rows } = gradCheck(of, x, { tolerance: 0.02 });
      assert.ok(ok && rows.length === x.size, `${maxDifference}`);
    }
  });
}
