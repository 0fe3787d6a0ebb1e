// Every layer of the oracle, written as ONNX and run by onnxruntime: what it gives is what mapling gives, within 1e-5. Each
// is tried with shapes that are fixed and, where the layer allows it, with lengths that are not.
import { readFileSync } from 'node:fs';
import { layerClasses } from '../../scripts/layer-lists.mjs';
import { at } from '../../scripts/run.mjs';
import { readOracle, settings, tensorOf } from '../js/keras.mjs';
import { assert, mapling, test } from '../js/mapling.mjs';
import { sameInOnnx, seen } from './onnx.mjs';

const { input, layers, model, modelFromJSON, tensor } = mapling;
const makerOf = (className) =>
  Object.keys(layers).find((name) => name.toLowerCase() === className.toLowerCase());
const single = (all) => (all.length === 1 ? all[0] : all);

/** The shape of a sample, as it is or with all lengths but that of the last axis left open. */
const sampleShape = ({ shape }, isOpen) =>
  shape.slice(1).map((length, axis) => (isOpen && axis < shape.length - 2 ? null : length));

/** Values that are 0 where a mask is, so that a masking layer finds it again. */
function masked(x, mask) {
  if (!mask) return x;
  const each = x.size / mask.data.length;
  const values = Array.from(x.dataSync(), (value, index) =>
    mask.data[Math.floor(index / each)] ? value : 0,
  );
  return tensor(values, x.shape);
}

/** Layers that need to know how large samples are: for pictures' proportions, for weights, or to be called at all. */
const NEEDS_SIZE =
  /crop|^reshape|resizing\/.*\/pad|norm\/.*axes|prelu|softmax\/two|rms\/two|unit\/two|layer\/|group\/|up_sampling3d|normalization\/(first|adapted)/;

for (const file of ['keras-1.json', 'convolutions.json', 'preprocessing.json']) {
  for (const one of readOracle(file).layers.filter(({ training }) => !training)) {
    test(`${one.layer}, ${one.name}: onnxruntime gives the same`, async () => {
      for (const isOpen of NEEDS_SIZE.test(one.name) ? [false] : [false, true]) {
        const x = input({ shape: sampleShape(one.x, isOpen) });
        const layer = layers[makerOf(one.layer)](settings(one.config));
        const made = model({ inputs: x, outputs: layer.apply(x) });
        layer.setWeights(one.weights.map(tensorOf));
        await sameInOnnx(made, [tensorOf(one.x)]);
      }
    });
  }
}

for (const one of readOracle('attention.json').cases) {
  // Masks of single values come from nowhere in a model, and a mask of pairs for all samples at once neither.
  if (/^softmax\/mask|key, causal$/.test(one.name)) continue;
  test(`${one.layer}, ${one.name}: onnxruntime gives the same`, async () => {
    for (const isOpen of NEEDS_SIZE.test(one.name) ? [false] : [false, true]) {
      const layer = layers[makerOf(one.layer)](settings(one.config));
      const named = Object.entries(settings(one.named));
      const places = named.map(([, place]) => place);
      const xs = one.inputs.map((x, place) => masked(tensorOf(x), one.masks[place]));
      const inputs = xs.map((x) => input({ shape: sampleShape(x, isOpen) }));
      const given = inputs.map((x, place) => (one.masks[place] ? layers.masking().apply(x) : x));
      const args = { ...settings(one.options) };
      for (const [name, place] of named) args[name] = given[place];
      const plain = given.filter((_, place) => !places.includes(place));
      const made = model({ inputs, outputs: layer.apply(single(plain), args) });
      layer.setWeights(one.weights.map(tensorOf));
      await sameInOnnx(made, xs);
    }
  });
}

/** The layer that Keras wrote down. */
const read = (layer) => modelFromJSON({ class_name: 'Sequential', config: { layers: [layer] } }).layers[0];
/** Whether a layer, or one inside it, keeps states from batch to batch. */
const isStateful = (layer) => /"stateful":true/.test(JSON.stringify(layer));

for (const one of readOracle('recurrent.json').layers.filter(({ layer }) => !isStateful(layer))) {
  test(`${one.name}: onnxruntime gives the same`, async () => {
    for (const isOpen of [false, true]) {
      for (const { x, mask, initial = [] } of one.calls) {
        const layer = read(one.layer);
        const xs = [masked(tensorOf(x), mask), ...initial.map(tensorOf)];
        const inputs = xs.map(({ shape }, place) =>
          input({
            shape: shape.slice(1).map((length, axis) => (isOpen && place + axis === 0 ? null : length)),
          }),
        );
        const first = mask ? layers.masking().apply(inputs[0]) : inputs[0];
        const outputs = layer.apply(first, initial.length > 0 ? { initialState: inputs.slice(1) } : {});
        const made = model({ inputs, outputs });
        layer.setWeights(one.weights.map(tensorOf));
        await sameInOnnx(made, xs);
      }
    }
  });
}

/** The weight of Keras' path, which begins with the name of a model in a row. */
const pathIn = (model, path) =>
  model.weights.some(({ name }) => name === path) ? path : path.slice(path.indexOf('/') + 1);

for (const one of readOracle('models-1.json').models) {
  test(`${one.name}: onnxruntime gives the same`, async () => {
    const made = modelFromJSON(one.config);
    made.loadWeights(
      Object.fromEntries(one.weights.map((weight) => [pathIn(made, weight.path), tensorOf(weight)])),
    );
    await sameInOnnx(made, one.inputs.map(tensorOf));
  });
}

/** A batch of values that are not small and have both signs. */
const values = (shape, scale = 3) => {
  const size = shape.reduce((all, length) => all * length, 1);
  return tensor(
    Array.from({ length: size }, (_, index) => scale * Math.sin(1.7 * index + 0.3)),
    shape,
  );
};
const row = (layer, shape) => {
  const x = input({ shape });
  return model({ inputs: x, outputs: layer.apply(x) });
};

for (const [name, layer, shape] of [
  [
    'a threshold, a slope and a limit',
    () => layers.reLU({ threshold: 1, negativeSlope: 0.1, maxValue: 2 }),
    [5],
  ],
  ['elu', () => layers.elu({ alpha: 0.5 }), [5]],
  ['a threshold', () => layers.thresholdedReLU({ theta: 0.5 }), [5]],
  ['a softmax', () => layers.softmax({ axis: 1 }), [4, 5]],
  ['noise', () => layers.gaussianNoise({ stddev: 1 }), [5]],
  ['dropout of pictures', () => layers.spatialDropout2d({ rate: 0.5 }), [4, 5, 2]],
  ['dropout of sequences', () => layers.spatialDropout1d({ rate: 0.5 }), [4, 5]],
  ['dropout of volumes', () => layers.spatialDropout3d({ rate: 0.5 }), [2, 3, 4, 2]],
  ['multiplied noise', () => layers.gaussianDropout({ rate: 0.5 }), [5]],
  ['dropout that keeps the mean', () => layers.alphaDropout({ rate: 0.5 }), [5]],
  ['dropout', () => layers.dropout({ rate: 0.5 }), [5]],
  ['a penalty', () => layers.activityRegularization({ l1: 1 }), [5]],
  ['a turned picture', () => layers.randomRotation({ factor: 0.2 }), [4, 5, 2]],
  ['a larger picture', () => layers.randomZoom({ heightFactor: 0.2 }), [4, 5, 2]],
  ['a moved picture', () => layers.randomTranslation({ heightFactor: 0.2, widthFactor: 0.2 }), [4, 5, 2]],
  ['a brighter picture', () => layers.randomBrightness({ factor: 0.2 }), [4, 5, 2]],
  [
    'cropped pictures',
    () =>
      layers.cropping2d({
        cropping: [
          [1, 0],
          [0, 2],
        ],
      }),
    [4, 5, 2],
  ],
  ['the greatest of a sequence', () => layers.globalMaxPooling1d(), [4, 5]],
  ['padding that is not there', () => layers.zeroPadding2d({ padding: 0 }), [4, 5, 2]],
]) {
  test(`${name}: onnxruntime gives the same`, async () => {
    await sameInOnnx(row(layer(), shape), [values([3, ...shape])]);
  });
}

/** Values with some steps that are 0 in all places, which a masking layer finds. */
const gappy = (shape, seed) => {
  const [, steps, width] = [shape[0], shape[1], shape.slice(2).reduce((all, length) => all * length, 1)];
  const isGap = (index) => (Math.floor(index / width) * 7 + seed) % 3 === 0 && steps > 1;
  return tensor(
    Array.from(values(shape).dataSync(), (value, index) => (isGap(index) ? 0 : value + 0.1 * seed)),
    shape,
  );
};

for (const name of ['add', 'average', 'multiply', 'maximum', 'minimum', 'concatenate', 'subtract']) {
  test(`${name}, masked and not: onnxruntime gives the same`, async () => {
    const inputs = [input({ shape: [null, 3] }), input({ shape: [null, 3] })];
    const [a, b] = inputs.map((x) => layers.masking().apply(x));
    // A mean leaves masked steps out, so that it shows the mask.
    const mean = (x) => layers.globalAveragePooling1d().apply(x);
    const merged = [
      [a, b],
      [inputs[0], b],
      [a, inputs[1]],
    ].map((pair) => layers[name]().apply(pair));
    const made = model({ inputs, outputs: [...merged, ...merged.map(mean)] });
    await sameInOnnx(
      made,
      [gappy([2, 5, 3], 1), gappy([2, 5, 3], 2)],
      [gappy([4, 3, 3], 2), gappy([4, 3, 3], 3)],
    );
  });
}

test('samples of other ranks are put together: onnxruntime gives the same', async () => {
  const inputs = [input({ shape: [4] }), input({ shape: [null, 4] })];
  const outputs = [layers.add().apply(inputs), layers.maximum().apply(inputs)];
  await sameInOnnx(model({ inputs, outputs }), [values([2, 4]), values([2, 3, 4])]);
  const along = [input({ shape: [null, 4] }), input({ shape: [null, 4] })];
  const joined = model({ inputs: along, outputs: layers.concatenate({ axis: 1 }).apply(along) });
  await sameInOnnx(joined, [values([2, 3, 4]), values([2, 5, 4])]);
});

for (const [name, args, ...shapes] of [
  ['rows', { axes: 1 }, [4], [4]],
  ['cosines', { axes: -1, normalize: true }, [4], [4]],
  ['sequences', { axes: 2 }, [3, 4], [5, 4]],
  ['sequences along time', { axes: 1 }, [3, 4], [3, 2]],
  ['a sequence and a row', { axes: [2, 1] }, [3, 4], [4]],
  ['pictures', { axes: [3, 1], normalize: true }, [2, 3, 4], [4, 5]],
]) {
  test(`a product of ${name}: onnxruntime gives the same`, async () => {
    const inputs = shapes.map((shape) => input({ shape }));
    const made = model({ inputs, outputs: layers.dot(args).apply(inputs) });
    await sameInOnnx(
      made,
      shapes.map((shape) => values([3, ...shape])),
    );
  });
}

for (const [name, cell, step, ...states] of [
  ['a simple cell', () => layers.simpleRNNCell({ units: 3 }), [4], [3]],
  ['a gated cell', () => layers.gruCell({ units: 3 }), [4], [3]],
  ['a gated cell that resets before', () => layers.gruCell({ units: 3, resetAfter: false }), [4], [3]],
  ['a cell with memory', () => layers.lstmCell({ units: 3 }), [4], [3], [3]],
  [
    'a convolutional cell',
    () => layers.convLstm2dCell({ filters: 2, kernelSize: 2, padding: 'same', strides: 2 }),
    [4, 5, 3],
    [2, 3, 2],
    [2, 3, 2],
  ],
  [
    'a stack of cells',
    () => layers.stackedRNNCells({ cells: [layers.gruCell({ units: 3 }), layers.lstmCell({ units: 2 })] }),
    [4],
    [3],
    [2],
    [2],
  ],
]) {
  test(`${name} by itself: onnxruntime gives the same`, async () => {
    const shapes = [step, ...states];
    const inputs = shapes.map((shape) => input({ shape }));
    const made = model({ inputs, outputs: cell().apply(inputs) });
    await sameInOnnx(
      made,
      shapes.map((shape) => values([2, ...shape], 1)),
    );
  });
}

test('axes in another order before a picture is resized: onnxruntime gives the same', async () => {
  const x = input({ shape: [6, 5, 2] });
  const turned = layers.permute({ dims: [3, 1, 2] }).apply(x);
  const outputs = layers.resizing({ height: 5, width: 4 }).apply(turned);
  await sameInOnnx(model({ inputs: x, outputs }), [values([3, 6, 5, 2])]);
});

for (const args of [{ axis: 1 }, { axis: 2, scale: false }, { center: false, epsilon: 0.1 }]) {
  test(`batch normalisation, ${JSON.stringify(args)}: onnxruntime gives the same`, async () => {
    const layer = layers.batchNormalization(args);
    const made = row(layer, [3, 4, 2]);
    layer.setWeights(
      layer.weights.map(({ shape }, at) =>
        values(shape, 1)
          .abs()
          .add(0.2 * at + 0.1),
      ),
    );
    await sameInOnnx(made, [values([5, 3, 4, 2])]);
  });
}

test('each activation has a form in ONNX', async () => {
  const rust = readFileSync(at('src/nn/activation.rs'), 'utf8');
  const table = /^activations! \{(.*?)^\}/ms.exec(rust)[1];
  const names = [...table.matchAll(/^ {4}\w+ "(\w+)"/gm)].map(([, name]) => name);
  assert.ok(names.length > 25 && names.includes('squareplus'));
  const x = input({ shape: [7] });
  const outputs = ['linear', ...names].map((activation) => layers.activation({ activation }).apply(x));
  await sameInOnnx(model({ inputs: x, outputs }), [values([4, 7])]);
});

test('RandomCrop takes the middle outside training: onnxruntime gives the same', async () => {
  const layer = layers.randomCrop({ height: 3, width: 2, seed: 1 });
  const x = input({ shape: [6, 5, 2] });
  await sameInOnnx(model({ inputs: x, outputs: layer.apply(x) }), [values([2, 6, 5, 2])]);
});

test('each layer of the library has a form in ONNX', () => {
  const unseen = layerClasses().filter((name) => !seen.has(name));
  const advice =
    'no model with these layers was run by onnxruntime: a layer that no file of tests/oracle has takes a row in this file';
  assert.deepEqual(unseen, [], `${advice}: ${unseen.join(', ')}`);
});
