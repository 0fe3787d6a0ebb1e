// Preprocessing layers beyond what tests/oracle/preprocessing.json shows: what is drawn, single pictures, bad settings.
import { assert, mapling, test } from './mapling.mjs';

const { layers, sequential, tensor } = mapling;
const pictures = (n) => mapling.range(0, n * 12).reshape([n, 4, 3, 1]);
const RANDOM = {
  randomFlip: { mode: 'horizontalAndVertical' },
  randomRotation: { factor: 0.3 },
  randomZoom: { heightFactor: 0.4 },
  randomTranslation: { heightFactor: 0.4, widthFactor: [0, 0.3] },
  randomContrast: { factor: 0.5 },
  randomBrightness: { factor: 0.5 },
};

for (const [name, settings] of Object.entries(RANDOM)) {
  test(`${name}: changes each picture by itself while training, the same for the same seed, and nothing else`, () => {
    const made = (seed, training) => {
      const layer = layers[name](settings);
      sequential({ layers: [layer], seed }).build([null, 4, 3, 1]);
      mapling.setSeed(seed);
      return layer.apply(pictures(16), { training }).arraySync();
    };
    const x = pictures(16).arraySync();
    assert.deepEqual(made(1, false), x);
    const changed = made(1, true);
    assert.deepEqual(made(1, true), changed);
    assert.notDeepEqual(made(2, true), changed);
    assert.notDeepEqual(changed, x);
    assert.deepEqual(
      layers[name](settings).apply(mapling.ones([4, 3, 1]), { training: false }).shape,
      [4, 3, 1],
    );
  });
}

test('randomFlip mirrors about half of the pictures, each whole', () => {
  const x = pictures(40).arraySync();
  const y = layers.randomFlip({ mode: 'horizontal' }).apply(pictures(40), { training: true }).arraySync();
  const mirrored = y.map((picture, at) => {
    const other = x[at].map((row) => [...row].reverse());
    const flipped = `${picture}` === `${other}`;
    assert.ok(flipped || `${picture}` === `${x[at]}`);
    return flipped;
  });
  const count = mirrored.filter(Boolean).length;
  assert.ok(count > 5 && count < 35, `${count} of 40`);
});

test('randomBrightness and randomContrast stay within the range of values', () => {
  const x = tensor([0, 128, 255, 64], [1, 2, 2, 1]);
  const light = layers.randomBrightness({ factor: [0.5, 0.5] }).apply(x, { training: true });
  assert.deepEqual([...light.dataSync()], [127.5, 255, 255, 191.5]);
  const sharp = layers.randomContrast({ factor: 1 }).apply(x, { training: true }).dataSync();
  // Keras: the factor is between 1 and 1 plus the number.
  const mean = 111.75;
  const factor = (sharp[1] - mean) / (128 - mean);
  assert.ok(factor >= 1 && factor <= 2 && sharp[0] >= 0 && sharp[2] <= 255, `${factor}`);
});

test('resizing and centerCrop take a single picture, whole numbers, and pictures of any size in a model', () => {
  const x = tensor([0, 2, 4, 6], [2, 2, 1], 'int32');
  const y = layers.resizing({ height: 1, width: 2, interpolation: 'bilinear' }).apply(x);
  assert.deepEqual([y.shape, ...y.dataSync()], [[1, 2, 1], 2, 4]);
  assert.deepEqual(layers.centerCrop({ height: 1, width: 1 }).apply(x).shape, [1, 1, 1]);
  const model = sequential({
    layers: [layers.resizing({ height: 2, width: 2, inputShape: [null, null, 1] }), layers.flatten()],
  });
  assert.deepEqual(model.outputs[0].shape, [null, 4]);
  assert.deepEqual(model.predict(mapling.ones([1, 5, 3, 1])).arraySync(), [[1, 1, 1, 1]]);
});

test('categoryEncoding: rows, single samples, weights, and numbers that are no class', () => {
  const x = tensor([1, 3, 1], [3], 'int32');
  const layer = (outputMode) => layers.categoryEncoding({ numTokens: 4, outputMode });
  assert.deepEqual(layer('multiHot').apply(x).arraySync(), [0, 1, 0, 1]);
  assert.deepEqual(layer('oneHot').apply(x).shape, [3, 4]);
  const weighed = { countWeights: tensor([0.5, 2, 1]) };
  assert.deepEqual(layer('count').apply(x, weighed).arraySync(), [0, 1.5, 0, 2]);
  const dw = mapling.grad((w) => layer('count').apply(x, { countWeights: w }).square().sum())(
    weighed.countWeights,
  );
  assert.deepEqual([...dw.dataSync()], [3, 4, 3]);
  const [a, w] = [mapling.input({ shape: [2] }), mapling.input({ shape: [2] })];
  const model = mapling.model({ inputs: [a, w], outputs: layer('count').apply(a, { countWeights: w }) });
  const rows = [tensor([[0, 0]], undefined, 'int32'), tensor([[1.5, 2]])];
  for (const one of [model, mapling.modelFromJSON(model.toJSON())])
    assert.deepEqual(one.predict(rows).arraySync(), [[3.5, 0, 0, 0]]);
  assert.throws(() => layer('oneHot').apply(x, weighed), { message: /2 inputs; one is expected/ });
  assert.throws(() => layer('oneHot').apply(tensor([4], [1], 'int32')), {
    message: /4 is not one of 4 classes/,
  });
  assert.throws(() => layer('oneHot').apply(tensor([-1], [1], 'int32')), { message: /-1 is not one of/ });
});

test('settings that make no sense are refused by name', () => {
  for (const [make, message] of [
    [() => layers.resizing({ height: 0, width: 1 }), /^Resizing: `height` and `width` must be at least 1/],
    [() => layers.resizing({ height: 1, width: 1, interpolation: 'bicubic' }), /`nearest` or `bilinear`/],
    [() => layers.resizing({ height: 1, width: 1, antialias: true }), /`antialias` is not offered/],
    [
      () => layers.resizing({ height: 1, width: 1, cropToAspectRatio: true, padToAspectRatio: true }),
      /only one of/,
    ],
    [() => layers.resizing({ height: 1, crop_to_aspect: 1 }), /did you mean "cropToAspectRatio"|unknown key/],
    [() => layers.randomFlip({ mode: 'sideways' }), /`horizontal`, `vertical` or/],
    [
      () => layers.randomRotation({ factor: 2 }),
      /^RandomRotation: `factor` must be from -1 to 1, but is -2 to 2/,
    ],
    [() => layers.randomRotation({ factor: 0.1, seed: 0.5 }), /^RandomRotation: .*whole number/],
    [() => layers.randomCrop({ height: 0, width: 1 }), /^RandomCrop: `height` and `width`/],
    [() => layers.normalization({ mean: 1 }), /^Normalization: `mean` and `variance` must both/],
    [
      () => layers.normalization({ mean: [1, 2], variance: [1, 2] }).apply(mapling.ones([2, 3])),
      /2 values for an axis of 3/,
    ],
    [() => layers.randomZoom({ heightFactor: -1 }), /^RandomZoom: `heightFactor`/],
    [() => layers.randomTranslation({ heightFactor: 0.1 }), /widthFactor/],
    [
      () => layers.randomTranslation({ heightFactor: 0, widthFactor: 0, fillMode: 'mirror' }),
      /`reflect` or `wrap`/,
    ],
    [() => layers.randomBrightness({ factor: 0.1, valueRange: [1, 0] }), /`valueRange` must rise/],
    [() => layers.categoryEncoding({ numTokens: 0 }), /^CategoryEncoding: `numTokens`/],
    [() => layers.categoryEncoding({ numTokens: 2, outputMode: 'tfIdf' }), /`one_hot|oneHot`/],
    [
      () => layers.randomWidth({ factor: 0.1 }),
      /^layers.randomWidth: not in mapling; the nearest is randomZoom/,
    ],
  ])
    assert.throws(make, { message });
  assert.throws(() => layers.randomFlip().apply(mapling.ones([2, 3])), { code: 'shape' });
});
