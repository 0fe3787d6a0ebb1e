// Models as ONNX: what the file says of itself, masks, shared layers, models in models, open lengths, how few transposes
// there are, and what is refused.
import { gzipSync } from 'node:zlib';
import { build } from 'rolldown';
import { at } from '../../scripts/run.mjs';
import { assert, mapling, test } from '../js/mapling.mjs';
import { sameInOnnx } from './onnx.mjs';

const { input, io, layers, model, sequential, serialization, setSeed, tensor } = mapling;

/** A batch of values of both signs; of every third step all are 0. */
const values = (shape, gaps = false) => {
  const [, steps, ...rest] = shape;
  const width = rest.reduce((all, length) => all * length, 1);
  const size = shape[0] * steps * width;
  const isGap = (index) => gaps && (Math.floor(index / width) * 7) % 3 === 0;
  return tensor(
    Array.from({ length: size }, (_, index) => (isGap(index) ? 0 : Math.sin(1.7 * index + 0.3))),
    shape,
  );
};
const count = (ops, name) => ops.filter((op) => op === name).length;

test('a file names its maker, its model, its inputs and outputs, and lengths that are open', async () => {
  const [words, extra] = [
    input({ shape: [null, 3], name: 'words' }),
    input({ batchShape: [null, 2], name: 'extra' }),
  ];
  const state = layers.lstm({ units: 4, returnState: true, name: 'reader' }).apply(words);
  const joined = layers.concatenate({ name: 'joined' }).apply([state[0], extra]);
  const made = model({ inputs: [words, extra], outputs: [joined, state[1], state[2]], name: 'reading' });
  const { producer, opset, name, shapes, bytes } = await sameInOnnx(
    made,
    [values([2, 3, 3]), values([2, 2])],
    [values([5, 1, 3]), values([5, 2])],
  );
  assert.deepEqual([producer, opset, name], [['mapling', '0.1.0'], [['', 18]], 'reading']);
  assert.deepEqual(shapes, {
    words: ['batch', 'words_1', 3],
    extra: ['batch', 2],
    joined: ['batch', 6],
    reader: ['batch', 4],
    reader_1: ['batch', 4],
  });
  const told = await io.toOnnx(made, { docString: 'reads “words”' });
  assert.ok(Buffer.from(told).includes('reads “words”'));
  assert.ok(!Buffer.from(bytes).includes('reads'));
});

test('axes are turned once on the way in, and not again between convolutions', async () => {
  setSeed(1);
  const x = input({ shape: [8, 8, 2] });
  const conv = (args) => layers.conv2d({ filters: 4, kernelSize: 3, padding: 'same', ...args });
  const first = conv({ activation: 'relu' }).apply(x);
  const second = conv({}).apply(layers.batchNormalization().apply(first));
  const sum = layers.add().apply([first, layers.leakyReLU().apply(second)]);
  const joined = layers.concatenate().apply([sum, layers.prelu({ sharedAxes: [1, 2] }).apply(second)]);
  const small = layers.maxPooling2d({}).apply(
    layers
      .zeroPadding2d({
        padding: [
          [0, 0],
          [1, 1],
        ],
      })
      .apply(joined),
  );
  const large = layers.upSampling2d({ interpolation: 'bilinear' }).apply(small);
  const scaled = layers.rescaling({ scale: 2, offset: 1 }).apply(large);
  const outputs = layers.dense({ units: 3 }).apply(layers.globalAveragePooling2d().apply(scaled));
  const { ops } = await sameInOnnx(model({ inputs: x, outputs }), [values([2, 8, 8, 2])]);
  assert.equal(count(ops, 'Conv'), 2);
  assert.equal(count(ops, 'Transpose'), 1);
});

test('a layer that is called twice stands once in the file, with its weights', async () => {
  const shared = layers.dense({ units: 200, activation: 'tanh' });
  const inputs = [input({ shape: [100] }), input({ shape: [100] })];
  const made = model({ inputs, outputs: layers.subtract().apply(inputs.map((x) => shared.apply(x))) });
  const { bytes, ops } = await sameInOnnx(made, [values([3, 100]), values([3, 100]).neg()]);
  assert.equal(count(ops, 'MatMul'), 2);
  const weights = 4 * made.countParams();
  assert.ok(bytes.length > weights && bytes.length < weights + 2000);
});

test('models in models, twice and for each step, give the same', async () => {
  const inner = sequential({
    name: 'inner',
    layers: [
      layers.conv2d({ filters: 3, kernelSize: 2, activation: 'relu', inputShape: [4, 4, 1] }),
      layers.flatten(),
      sequential({ name: 'innermost', layers: [layers.dense({ units: 5 }), layers.dropout({ rate: 0.5 })] }),
    ],
  });
  const picture = input({ shape: [4, 4, 1] });
  const film = input({ shape: [null, 4, 4, 1] });
  const read = layers.gru({ units: 2 }).apply(layers.timeDistributed({ layer: inner }).apply(film));
  const outputs = layers.concatenate().apply([inner.apply(picture), inner.apply(picture), read]);
  const made = model({ inputs: [picture, film], outputs });
  await sameInOnnx(
    made,
    [values([3, 4, 4, 1]), values([3, 2, 4, 4, 1])],
    [values([1, 4, 4, 1]), values([1, 5, 4, 4, 1])],
  );
});

test('masks of an embedding reach what heeds them', async () => {
  setSeed(2);
  const words = input({ shape: [null] });
  const rows = layers.embedding({ inputDim: 9, outputDim: 4, maskZero: true }).apply(words);
  const passed = layers.layerNormalization().apply(layers.dropout({ rate: 0.3 }).apply(rows));
  const read = layers.bidirectional({ layer: layers.gru({ units: 3, returnSequences: true }) }).apply(passed);
  const heads = layers.multiHeadAttention({ numHeads: 2, keyDim: 3 }).apply([passed, read]);
  const outputs = [
    layers.globalAveragePooling1d().apply(heads),
    layers.lstm({ units: 3, goBackwards: true }).apply(read),
    layers.timeDistributed({ layer: layers.dense({ units: 2 }) }).apply(read),
    layers.simpleRNN({ units: 2, activation: 'relu' }).apply(passed),
  ];
  const tokens = [
    [3, 0, 5, 8, 0],
    [0, 0, 1, 2, 2],
    [4, 4, 4, 0, 0],
  ];
  await sameInOnnx(model({ inputs: words, outputs }), [tensor(tokens)], [tensor([[1, 0, 7]])]);
});

test('masks go past each layer, or end before it, as they do here', async () => {
  setSeed(3);
  const words = input({ shape: [5] });
  const rows = layers.embedding({ inputDim: 9, outputDim: 4, maskZero: true }).apply(words);
  const dense = () => layers.dense({ units: 4, inputShape: [5, 4] });
  const between = [
    dense(),
    sequential({ layers: [dense()] }),
    layers.timeDistributed({ layer: dense() }),
    layers.layerNormalization(),
    layers.rmsNormalization(),
    layers.batchNormalization(),
    layers.groupNormalization({ groups: 2 }),
    layers.unitNormalization(),
    layers.normalization({ mean: 0.1, variance: 2 }),
    layers.activation({ activation: 'tanh' }),
    layers.reLU(),
    layers.prelu(),
    layers.dropout({ rate: 0.1 }),
    layers.spatialDropout1d({ rate: 0.1 }),
    layers.gaussianNoise({ stddev: 1 }),
    layers.identity(),
    layers.rescaling({ scale: 2 }),
    layers.conv1d({ filters: 4, kernelSize: 1 }),
    layers.reshape({ targetShape: [5, 4] }),
    layers.permute({ dims: [1, 2] }),
    layers.gru({ units: 2, returnSequences: true }),
  ].map((layer) => layer.apply(rows));
  between.push(layers.add().apply([rows, between[0]]), layers.multiply().apply([rows, between[17]]));
  // What heeds masks: means of steps.
  const outputs = between.map((one) => layers.globalAveragePooling1d().apply(one));
  await sameInOnnx(model({ inputs: words, outputs }), [
    tensor([
      [3, 0, 5, 8, 0],
      [4, 4, 1, 0, 0],
    ]),
  ]);
});

for (const kind of ['simpleRNN', 'gru', 'lstm']) {
  test(`${kind}, however it reads what is masked: onnxruntime gives the same`, async () => {
    const x = input({ shape: [null, 3] });
    const steps = layers.masking().apply(x);
    const outputs = [false, true].flatMap((returnSequences) =>
      [false, true].flatMap((goBackwards) =>
        [false, true].flatMap((useBias) => {
          const args = { units: 2, returnSequences, goBackwards, useBias, returnState: useBias };
          return [layers[kind](args).apply(steps), layers[kind](args).apply(x)].flat();
        }),
      ),
    );
    const one = layers.rnn({
      cell: [layers.gruCell({ units: 3 }), layers.lstmCell({ units: 2 })],
      goBackwards: true,
      returnSequences: true,
      zeroOutputForMask: true,
    });
    await sameInOnnx(model({ inputs: x, outputs: [...outputs, one.apply(steps)] }), [
      values([3, 4, 3], true),
    ]);
  });
}

test('a convolutional memory leaves masked pictures out, both ways', async () => {
  const x = input({ shape: [4, 8] });
  const pictures = layers
    .timeDistributed({ layer: layers.reshape({ targetShape: [2, 4, 1] }) })
    .apply(layers.masking().apply(x));
  const args = { filters: 2, kernelSize: 2, padding: 'same', recurrentActivation: 'hardSigmoid' };
  const both = layers.bidirectional({ layer: layers.convLstm2d({ ...args, returnSequences: true }) });
  const last = layers.bidirectional({ layer: layers.convLstm2d(args) });
  const outputs = [layers.convLstm2d(args), both, last].map((layer) => layer.apply(pictures));
  await sameInOnnx(model({ inputs: x, outputs }), [values([2, 4, 8], true)]);
});

test('what has no form in ONNX is named, all of it, before anything is written', async () => {
  class Doubled extends layers.Layer {
    static className = 'Doubled';
    call(x) {
      return x.mul(2);
    }
  }
  serialization.registerClass(Doubled);
  const inside = sequential({ layers: [new Doubled({ name: 'twice', batchInputShape: [3, 4, 2] })] });
  const made = sequential({
    layers: [
      inside,
      layers.bidirectional({ layer: layers.lstm({ units: 2, name: 'reader', stateful: true }) }),
    ],
  });
  made.build();
  const refused = (of, message, options) =>
    assert.rejects(io.toOnnx(of, options), { code: 'value', message: message });
  await refused(
    made,
    'toOnnx: layers that have no form in ONNX: twice (Doubled), forward_reader (LSTM, stateful), backward_reader (LSTM, stateful)',
  );
  const row = (layer, shape) => {
    const x = input({ shape });
    return model({ inputs: x, outputs: layer.apply(x) });
  };
  await refused(
    row(layers.centerCrop({ height: 2, width: 2, name: 'middle' }), [null, 4, 1]),
    'toOnnx: layer middle (CenterCrop): a picture of unknown size has no form in ONNX',
  );
  await refused(
    row(layers.resizing({ height: 2, width: 2, cropToAspectRatio: true, name: 'small' }), [4, null, 1]),
    'toOnnx: layer small (Resizing): a picture of unknown size has no form in ONNX',
  );
});

test('what is no model, and what is no option, is refused by name', async () => {
  const refused = (expected, ...args) => assert.rejects(io.toOnnx(...args), expected);
  await refused({ code: 'type', message: 'toOnnx: expected a model, got "model.json"' }, 'model.json');
  await refused({ code: 'type', message: 'toOnnx: expected a model, got undefined' });
  const made = sequential({ layers: [layers.dense({ units: 1, inputShape: [1] })] });
  await refused({ code: 'name', message: /unknown key "docstring"; did you mean "docString"/ }, made, {
    docstring: '',
  });
  await refused({ code: 'type', message: 'toOnnx: docString: expected a text, got 3' }, made, {
    docString: 3,
  });
  const unbuilt = sequential({ layers: [layers.dense({ units: 1 })] });
  await refused({ code: 'state' }, unbuilt);
  made.dispose();
  await refused({ code: 'state' }, made);
});

test('what writes ONNX is small, with what turns each layer into ops', async () => {
  const { output } = await build({
    input: at('dist/npm/io/onnx/to-onnx.js'),
    external: (id) => /^\.\.\/(\.\.\/(?!vendor)|portable|take-apart)/.test(id),
    write: false,
    output: { format: 'es', minify: true, comments: { legal: false } },
  });
  assert.equal(output.length, 1);
  const { length } = gzipSync(output[0].code, { level: 9 });
  assert.ok(length <= 12 * 1024, `${length} bytes`);
});
