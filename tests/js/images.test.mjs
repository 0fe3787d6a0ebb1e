import { assert, mapling, test } from './mapling.mjs';
import { testFamily } from './oracle.mjs';

testFamily('images', { functions: [], methods: [] });

/** Which pixels of a picture with one channel are not finite, row by row. */
const spoilt = (picture) =>
  picture
    .reshape(picture.shape.slice(1, 3))
    .arraySync()
    .map((row) => row.map((value) => (Number.isFinite(value) ? '.' : 'x')).join(''));

for (const value of [Number.NaN, Number.POSITIVE_INFINITY]) {
  test(`a kernel's corner of ${value} reaches no pixel whose window has that corner outside the picture`, () => {
    const kernel = mapling.tensor4d([value, 1, 1, 1, 1, 1, 1, 1, 1], [3, 3, 1, 1]);
    const y = mapling.conv2d(mapling.ones([1, 4, 5, 1]), kernel, 1, 'same');
    assert.deepEqual(spoilt(y), ['.....', '.xxxx', '.xxxx', '.xxxx']);
    assert.deepEqual(y.dataSync().slice(0, 5), Float32Array.of(4, 6, 6, 6, 4));
  });

  test(`a pixel of ${value} reaches the windows that hold it and no other`, () => {
    const x = mapling.tensor4d(
      Float32Array.from({ length: 25 }, (_, at) => (at === 6 ? value : 1)),
      [1, 5, 5, 1],
    );
    const y = x.conv2d(mapling.ones([2, 2, 1, 1]), 1, 'valid');
    assert.deepEqual(spoilt(y), ['xx..', 'xx..', '....', '....']);
  });

  test(`a kernel of ${value} makes black pixels not finite too`, () => {
    const y = mapling.conv2d(mapling.zeros([1, 3, 3, 1]), mapling.fill([2, 2, 1, 1], value), 1, 'valid');
    assert.deepEqual(spoilt(y), ['xx', 'xx']);
  });
}

test('pooling: NaN wins wherever it stands in a window, at the edge and in every channel', () => {
  for (let at = 0; at < 2 * 9 * 9; at += 5) {
    const values = Float32Array.from({ length: 2 * 9 * 9 }, (_, place) =>
      place === at ? Number.NaN : place,
    );
    const pooled = mapling.maxPool(mapling.tensor4d(values, [1, 9, 9, 2]), 2, 2, 'same').arraySync()[0];
    const [row, column, channel] = [Math.floor(at / 18), Math.floor(at / 2) % 9, at % 2];
    pooled.flat().forEach((pixel, place) => {
      const inside = Math.floor(place / 5) === row >> 1 && place % 5 === column >> 1;
      assert.equal(Number.isNaN(pixel[channel]), inside, `NaN at ${at}, window ${place}`);
      assert.equal(Number.isNaN(pixel[1 - channel]), false);
    });
  }
});

test('pictures stored with channels first are computed as such, or refused by name', () => {
  const [x, kernel] = [mapling.range(0, 18).reshape([1, 2, 3, 3]), mapling.ones([2, 2, 2, 1])];
  let y;
  try {
    y = mapling.conv2d(x, kernel, 1, 'valid', 'NCHW');
  } catch (error) {
    assert.match(error.message, /^conv2d: .*(NCHW|format)/i);
    return;
  }
  assert.deepEqual(
    [y.shape, [...y.dataSync()]],
    [
      [1, 1, 2, 2],
      [52, 60, 76, 84],
    ],
  );
});
