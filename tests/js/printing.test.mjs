// How tensors look as text: as in TensorFlow.js.
import { assert, mapling, test } from './mapling.mjs';

const shown = {
  'a scalar': [() => mapling.scalar(3.5), '3.5'],
  'a vector': [() => mapling.tensor([1, 2, 3]), '[1, 2, 3]'],
  'at most seven digits behind the point': [
    () => mapling.tensor([1.5, 2, 300.123456789]),
    '[1.5, 2, 300.1234436]',
  ],
  'a matrix in columns': [
    () =>
      mapling.tensor2d([
        [1, 2],
        [3, 40],
      ]),
    '[[1, 2 ],\n     [3, 40]]',
  ],
  'three axes': [
    () =>
      mapling.tensor3d([
        [
          [1, 2],
          [3, 4],
        ],
        [
          [5, 6],
          [7, 8],
        ],
      ]),
    '[[[1, 2],\n      [3, 4]],\n\n     [[5, 6],\n      [7, 8]]]',
  ],
  'four axes': [
    () => mapling.ones([2, 1, 2, 2]),
    '[[[[1, 1],\n       [1, 1]]],\n\n\n     [[[1, 1],\n       [1, 1]]]]',
  ],
  'whole numbers': [() => mapling.tensor([1, 1700000001], [2], 'int32'), '[1, 1700000001]'],
  'truth values': [() => mapling.tensor([true, false]), '[true, false]'],
  'one truth value': [() => mapling.scalar(true), 'true'],
  'no values': [() => mapling.tensor([]), '[]'],
  'what is not finite': [() => mapling.tensor([Number.NaN, 1 / 0, -1 / 0]), '[NaN, Infinity, -Infinity]'],
  'more than a thousand values': [() => mapling.range(0, 1001), '[0, 1, 2, ..., 998, 999, 1000]'],
  'more than a thousand values in rows': [
    () => mapling.zeros([40, 50]),
    `[${[1, 2, 3].map(() => '[0, 0, 0, ..., 0, 0, 0],\n     ').join('')}...,\n     ${[1, 2, 3].map(() => '[0, 0, 0, ..., 0, 0, 0]').join(',\n     ')}]`,
  ],
};

for (const [what, [make, text]] of Object.entries(shown)) {
  test(`toString: ${what}`, () => assert.equal(make().toString(), `Tensor\n    ${text}`));
}

test('the verbose form tells kind, rank and shape', () => {
  const x = mapling.tensor2d([
    [1.123456789, 2],
    [3, -4],
  ]);
  assert.equal(
    x.toString(true),
    'Tensor\n  dtype: float32\n  rank: 2\n  shape: [2,2]\n  values:\n    [[1.1234568, 2 ],\n     [3        , -4]]',
  );
});

test('print writes the text to the console, once', () => {
  const lines = [];
  const { log } = console;
  console.log = (...parts) => lines.push(parts.join(' '));
  try {
    mapling.tensor([1, 2]).print();
    mapling.tensor([1], [1], 'int32').print(true);
  } finally {
    console.log = log;
  }
  assert.deepEqual(lines, [
    'Tensor\n    [1, 2]',
    'Tensor\n  dtype: int32\n  rank: 1\n  shape: [1]\n  values:\n    [1]',
  ]);
});

test('toJSON gives kind, shape and values, row by row', () => {
  assert.deepEqual(mapling.tensor([[1, 2]], [1, 2], 'int32').toJSON(), {
    dtype: 'int32',
    shape: [1, 2],
    values: [1, 2],
  });
});
