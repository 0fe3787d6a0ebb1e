// Ops on pictures. Values by hand, from TensorFlow.js' definitions; resizing beside NumPy is in images.test.mjs.
import { assert, mapling, test } from './mapling.mjs';

const { grad, gradCheck, image, tensor } = mapling;
const ramp = (height, width, channels = 1, dtype = 'float32') =>
  tensor(
    Array.from({ length: height * width * channels }, (_, at) => at),
    [1, height, width, channels],
    dtype,
  );
const rows = (x) => x.reshape(x.shape.slice(1, 3)).arraySync();

test('resizing: the nearest pixel of whole numbers stays whole, methods do the same, and constants stay exact', () => {
  const x = ramp(2, 2, 1, 'int32');
  const large = image.resizeNearestNeighbor(x.add(tensor(2 ** 30, [], 'int32')), [3, 4], false, true);
  assert.equal(large.dtype, 'int32');
  const expected = [
    [0, 0, 1, 1],
    [2, 2, 3, 3],
    [2, 2, 3, 3],
  ];
  assert.deepEqual(
    rows(large).map((row) => row.map((value) => value - 2 ** 30)),
    expected,
  );
  assert.deepEqual(rows(x.resizeNearestNeighbor([3, 4], false, true)), expected);
  assert.deepEqual(
    x.cast('float32').resizeBilinear([3, 3], true).dataSync(),
    Float32Array.of(0, 0.5, 1, 1, 1.5, 2, 2, 2.5, 3),
  );
  const same = image.resizeBilinear(mapling.fill([1, 7, 5, 3], Math.fround(0.7)), [13, 11]);
  assert.ok(same.dataSync().every((value) => value === Math.fround(0.7)));
  assert.deepEqual(image.resizeBilinear(mapling.ones([3, 3, 2]), [5, 4]).shape, [5, 4, 2]);
  assert.throws(() => image.resizeBilinear(x, [3, 3], true, true), {
    code: 'value',
    message: 'resizeBilinear: with halfPixelCenters alignCorners must be false',
  });
  assert.throws(() => image.resizeBilinear(x, [0, 3]), {
    message: /^resizeBilinear: size: expected a whole/,
  });
  assert.throws(() => image.resizeBilinear(tensor([1]), [1, 1]), {
    code: 'shape',
    message: /^resizeBilinear: /,
  });
});

test('cropAndResize cuts boxes out, and fills what lies outside', () => {
  const x = ramp(3, 3);
  const boxes = tensor([
    [0, 0, 1, 1],
    [0.5, 0.5, 1.5, 1],
    [1, 1, 0, 0],
  ]);
  const of = tensor([0, 0, 0], [3], 'int32');
  const cut = image.cropAndResize(x, boxes, of, [2, 2], 'bilinear', -1);
  assert.deepEqual(
    cut.unstack().map((one) => one.flatten().arraySync()),
    [
      [0, 2, 6, 8],
      [4, 5, -1, -1],
      [8, 6, 2, 0],
    ],
  );
  const near = image.cropAndResize(x, [[0, 0, 0.7, 0.7]], tensor([0], [1], 'int32'), [2, 2], 'nearest');
  assert.deepEqual(near.flatten().arraySync(), [0, 1, 3, 4]);
  const dx = grad((x) => image.cropAndResize(x, boxes, of, [2, 2], 'bilinear', -1).sum())(x);
  assert.deepEqual(rows(dx), [
    [2, 0, 2],
    [0, 1, 1],
    [2, 0, 2],
  ]);
  assert.throws(() => image.cropAndResize(x, boxes, tensor([0, 0, 1], [3], 'int32'), [2, 2]), {
    message: 'cropAndResize: there is no picture 1 among 1',
  });
  assert.throws(() => image.cropAndResize(x, boxes, tensor([0], [1], 'int32'), [2, 2]), { code: 'shape' });
});

test('pictures are flipped, turned and mapped', () => {
  const x = ramp(2, 3);
  assert.deepEqual(rows(image.flipLeftRight(x)), [
    [2, 1, 0],
    [5, 4, 3],
  ]);
  const turned = image.rotateWithOffset(ramp(3, 3), Math.PI / 2, 9, [1 / 3, 1 / 3]);
  assert.deepEqual(rows(turned), [
    [2, 5, 8],
    [1, 4, 7],
    [0, 3, 6],
  ]);
  const coloured = image.rotateWithOffset(mapling.zeros([1, 1, 2, 4]), Math.PI, [1, 2, 3], 0);
  assert.deepEqual(coloured.flatten().arraySync(), [0, 0, 0, 0, 1, 2, 3, 255]);
  const right = (mode, by = 1) =>
    rows(image.transform(x, [[1, 0, -by, 0, 1, 0, 0, 0]], 'nearest', mode, 7))[0];
  assert.deepEqual(
    [right('constant'), right('nearest'), right('reflect', 2), right('wrap')],
    [
      [7, 0, 1],
      [0, 0, 1],
      [1, 0, 0],
      [2, 0, 1],
    ],
  );
  const half = image.transform(x, [[0.5, 0, 0, 0, 1, 0, 0, 0]], 'bilinear', 'constant', 0, [1, 4]);
  assert.deepEqual(rows(half), [[0, 0.5, 1, 1.5]]);
  // With one row for each picture.
  const two = image.transform(mapling.concat([x, x]), [
    [1, 0, 0, 0, 1, 0, 0, 0],
    [1, 0, 0, 0, 0, 1, 0, 0],
  ]);
  assert.deepEqual(two.flatten().arraySync(), [0, 1, 2, 3, 4, 5, 3, 4, 5, 3, 4, 5]);
  assert.throws(() => image.transform(x, [[1, 2]]), { code: 'shape', message: /^transform: / });
  assert.throws(() => image.transform(x, [[1, 0, 0, 0, 1, 0, 0, 0]], 'cubic'), {
    message: /interpolation: expected/,
  });
});

test('gradients flow through pictures that are resized and mapped, twice', () => {
  const weights = tensor([[0.3, -1, 2, 0.7, 1.1, -0.2]]).reshape([1, 2, 3, 1]);
  for (const f of [
    (x) => image.resizeBilinear(x.square(), [3, 5]),
    (x) => image.resizeNearestNeighbor(x.square(), [3, 5], true),
    (x) => image.transform(x.square(), [[0.8, 0.1, 0.2, -0.1, 0.9, 0.1, 0, 0]], 'bilinear', 'reflect'),
    (x) => image.rotateWithOffset(x.square(), 0.7),
  ]) {
    const x = tensor([0.4, -0.8, 1.2, 0.5, -0.3, 0.9], [1, 2, 3, 1]);
    assert.ok(gradCheck(f, x).ok, String(f));
    assert.ok(gradCheck((x) => grad(f)(x).mul(weights).sum(), x).ok, `second: ${f}`);
  }
});

test('colours', () => {
  const grey = image.rgbToGrayscale(tensor([[[10, 20, 30]]]));
  assert.ok(Math.abs(grey.dataSync()[0] - 18.149) < 1e-4 && `${grey.shape}` === '1,1,1');
  const whole = image.rgbToGrayscale(tensor([[[10, 20, 30]]], undefined, 'int32'));
  assert.deepEqual([whole.dtype, ...whole.dataSync()], ['int32', 18]);
  assert.deepEqual(image.grayscaleToRGB(tensor([[[1], [2]]])).arraySync(), [
    [
      [1, 1, 1],
      [2, 2, 2],
    ],
  ]);
  assert.throws(() => image.grayscaleToRGB(tensor([[1, 2]])), { code: 'shape', message: /with one channel/ });
});

test('threshold parts light from dark, by a share or by the picture itself', () => {
  const x = tensor([10, 30, 130, 200, 220, 90], [2, 3, 1], 'int32');
  const white = (...args) =>
    image
      .threshold(x, ...args)
      .flatten()
      .arraySync();
  assert.deepEqual(white(), [0, 0, 255, 255, 255, 0]);
  assert.deepEqual(
    white('binary', true, 0.8),
    [255, 255, 255, 255, 0, 255].map((value, at) => (at === 4 ? 0 : value)),
  );
  assert.deepEqual(white('otsu'), [0, 0, 255, 255, 255, 0]);
  assert.equal(
    image
      .threshold(mapling.fill([2, 2, 3], 255))
      .sum()
      .dataSync()[0],
    4 * 255,
  );
  assert.throws(() => image.threshold(x, 'other'), { message: /^threshold: method/ });
});

test('of boxes that overlap the best is left', async () => {
  const boxes = tensor([
    [0, 0, 1, 1],
    [0, 0, 1, 0.9],
    [0, 0, 1, 0.4],
    [2, 2, 3, 3],
    [3, 3, 4, 4],
  ]);
  const scores = tensor([0.6, 0.9, 0.8, 0.3, 0.3]);
  const taken = (...args) => image.nonMaxSuppression(boxes, scores, ...args).arraySync();
  assert.deepEqual(taken(5), [1, 2, 3, 4]);
  assert.deepEqual(taken(5, 1), [1, 2, 0, 3, 4]);
  assert.deepEqual(taken(5, 0.5, 0.5), [1, 2]);
  assert.deepEqual(taken(1), [1]);
  const later = await image.nonMaxSuppressionAsync(boxes, scores, 2);
  assert.deepEqual([later.dtype, ...later.dataSync()], ['int32', 1, 2]);
  const soft = image.nonMaxSuppressionWithScore(boxes, scores, 5, 1, 0, 0.5);
  assert.deepEqual(soft.selectedIndices.arraySync(), [1, 2, 3, 4, 0]);
  const fallen = Math.exp(-(0.9 ** 2)) * Math.exp(-(0.4 ** 2)) * 0.6;
  assert.ok(Math.abs(soft.selectedScores.arraySync()[4] - fallen) < 1e-6);
  const same = await image.nonMaxSuppressionWithScoreAsync(boxes, scores, 5);
  assert.deepEqual(same.selectedIndices.arraySync(), [1, 2, 3, 4]);
  const padded = image.nonMaxSuppressionPadded(boxes, scores, 6, 0.5, 0, true);
  assert.deepEqual(padded.selectedIndices.arraySync().length, 6);
  assert.deepEqual(
    padded.selectedIndices.arraySync().slice(0, padded.validOutputs.arraySync()),
    image.nonMaxSuppression(boxes, scores, 6, 0.5, 0).arraySync(),
  );
  const bare = await image.nonMaxSuppressionPaddedAsync(boxes, scores, 6, 0.5, 0);
  assert.deepEqual(
    [bare.selectedIndices.size, bare.validOutputs.dtype],
    [bare.validOutputs.arraySync(), 'int32'],
  );
  assert.throws(() => image.nonMaxSuppression(boxes, scores, 5, 2), { message: /iouThreshold/ });
  assert.throws(() => image.nonMaxSuppression(scores, scores, 5), { code: 'shape' });
});
