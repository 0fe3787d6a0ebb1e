// Products with a bias and an activation; matrices taken apart.
import { assert, mapling, test } from './mapling.mjs';
import { list, near } from './numbers.mjs';

const { fused, linalg, tensor } = mapling;

test('a fused product is the product, then the bias, then the activation', () => {
  const [a, b, bias] = [
    tensor([[1, -2]]),
    tensor([
      [1, 2],
      [3, 1],
    ]),
    tensor([0.5, 0.25]),
  ];
  const product = (more) => list(fused.matMul({ a, b, bias, ...more }));
  assert.deepEqual(product({}), [-4.5, 0.25]);
  assert.deepEqual(product({ activation: 'relu' }), [0, 0.25]);
  assert.deepEqual(product({ activation: 'relu6', bias: [15, 0] }), [6, 0]);
  assert.deepEqual(product({ activation: 'leakyrelu', leakyreluAlpha: 0.5 }), [-2.25, 0.25]);
  assert.deepEqual(product({ activation: 'prelu', preluActivationWeights: [2, 1] }), [-9, 0.25]);
  assert.deepEqual(product({ transposeB: true, bias: undefined }), [-3, 1]);
  near(product({ activation: 'sigmoid' }), [0.010986943, 0.5621765]);
  near(product({ activation: 'elu' }), [-0.988891, 0.25]);
  assert.throws(
    () => fused.matMul({ a, b, activation: 'swish' }),
    /^Error: fused.matMul: activation: expected one of/,
  );
  assert.throws(() => fused.matMul({ a, b, biass: 1 }), /unknown key "biass"; did you mean "bias"\?/);
  assert.throws(() => fused.matMul({ a, b, activation: 'prelu' }), /prelu needs preluActivationWeights/);
});

test('a fused convolution is the convolution, then the bias, then the activation, in either order of axes', () => {
  const x = mapling.randomNormal([1, 5, 4, 2], 0, 1, 'float32', 1);
  const filter = mapling.randomNormal([3, 3, 2, 3], 0, 1, 'float32', 2);
  const bias = tensor([0.5, -1, 2]);
  const want = mapling.conv2d(x, filter, 1, 'same').add(bias).relu();
  const how = { filter, bias, strides: 1, pad: 'same', activation: 'relu' };
  assert.deepEqual(list(fused.conv2d({ x, ...how })), list(want));
  const first = fused.conv2d({ x: x.transpose([0, 3, 1, 2]), dataFormat: 'NCHW', ...how });
  near(list(first.transpose([0, 2, 3, 1])), list(want));
});

test('fused.depthwiseConv2d is the convolution of each channel with a bias and an activation', () => {
  const x = mapling.randomNormal([2, 5, 4, 3], 0, 1, 'float32', 5);
  const filter = mapling.randomNormal([3, 3, 3, 2], 0, 1, 'float32', 6);
  const bias = tensor([0.5, -1, 2, 0, 1, -2]);
  const want = mapling.depthwiseConv2d(x, filter, 1, 'same').add(bias).relu6();
  const how = { filter, bias, strides: 1, pad: 'same', activation: 'relu6' };
  assert.deepEqual(list(fused.depthwiseConv2d({ x, ...how })), list(want));
});

test('a matrix taken apart and put together again is itself', () => {
  for (const [shape, full] of [
    [[5, 3], false],
    [[5, 3], true],
    [[3, 5], false],
    [[2, 4, 3], false],
    [[37, 31], false],
  ]) {
    const x = mapling.randomNormal(shape, 0, 1, 'float32', 4);
    const [q, r] = linalg.qr(x, full);
    near(list(q.matMul(r)), list(x), 1e-5);
    const k = q.shape.at(-1);
    near(list(q.matMul(q, true).sub(mapling.eye(k))), new Array((q.size / q.shape.at(-2)) * k).fill(0), 1e-5);
  }
  // Columns of zeros, and dependent ones, have no direction of their own.
  const [q, r] = linalg.qr(
    tensor([
      [0, 1],
      [0, 1],
    ]),
  );
  near(list(q.matMul(r)), [0, 1, 0, 1]);
  near(list(q.matMul(q, true)), [1, 0, 0, 1]);
});

test('vectors in a list become vectors in a list', () => {
  const [a, b] = linalg.gramSchmidt([tensor([3, 4]), tensor([1, 0])]);
  near(list(a), [0.6, 0.8]);
  near(list(b), [0.8, -0.6]);
  assert.throws(
    () => linalg.gramSchmidt(mapling.ones([3, 2])),
    /3 vectors of 2 values cannot all be orthogonal/,
  );
  assert.throws(() => linalg.qr([1, 2]), { message: 'linalg.qr: expected matrices, got [2]' });
});

test('sums of products that cannot be read are refused by what is wrong with them', () => {
  const x = mapling.ones([2, 2]);
  const refusals = {
    'an ellipsis is not supported': ['...i->i', x],
    'expected exactly one arrow': ['ij,jk', x, x],
    'i stands twice in ii': ['ii->i', x],
    'k stands in no input': ['ij->ijk', x],
    'expected 2 tensors, got 1': ['ij,jk->ik', x],
    'expected letters, got "3"': ['i3->i', x],
    'ijk for the 2 axes of [2,2]': ['ijk->i', x],
    'j is 2, and axis 0 of [3,2] is not': ['ij,jk->ik', x, mapling.ones([3, 2])],
    'expected an equation': [x, x],
  };
  for (const [said, args] of Object.entries(refusals))
    assert.throws(
      () => mapling.einsum(...args),
      (error) => error.message.startsWith('einsum: ') && error.message.includes(said),
    );
});
