// Models written as ONNX run in onnxruntime-web, in WebAssembly as in a browser. That every layer gives the same in
// onnxruntime is tested in tests/formats.
import * as ort from 'onnxruntime-web';
import { closeNumbers } from './keras.mjs';
import { assert, mapling, test } from './mapling.mjs';

const { input, io, layers, model, tensor } = mapling;
ort.env.wasm.numThreads = 1;
ort.env.logLevel = 'error';

/** What onnxruntime-web makes of `x`, which goes into the only input. */
async function run(bytes, x) {
  const session = await ort.InferenceSession.create(bytes);
  const given = new ort.Tensor('float32', Float32Array.from(x.dataSync()), x.shape);
  const outputs = await session.run({ [session.inputNames[0]]: given });
  await session.release();
  return outputs;
}

async function same(made, x) {
  const outputs = await run(await io.toOnnx(made), x);
  const ours = [made.predict(x)].flat();
  assert.deepEqual(Object.keys(outputs), made.outputNames);
  ours.forEach((y, at) => {
    const theirs = outputs[made.outputNames[at]];
    assert.deepEqual(theirs.dims, y.shape);
    closeNumbers(made.outputNames[at], theirs.data, Array.from(y.dataSync()), 1e-5);
  });
}

const waves = (shape) =>
  tensor(
    Array.from({ length: shape.reduce((all, length) => all * length, 1) }, (_, at) => Math.sin(at + 1)),
    shape,
  );

test('a convolutional network runs in onnxruntime-web', async () => {
  const x = input({ shape: [12, 12, 1] });
  let y = layers
    .conv2d({ filters: 4, kernelSize: 3, strides: 2, padding: 'same', activation: 'relu' })
    .apply(x);
  y = layers.maxPooling2d({}).apply(layers.batchNormalization().apply(y));
  y = layers.upSampling2d({ interpolation: 'bilinear' }).apply(y);
  const outputs = layers.dense({ units: 10, activation: 'softmax' }).apply(layers.flatten().apply(y));
  await same(model({ inputs: x, outputs }), waves([3, 12, 12, 1]));
});

test('recurrent layers, masks and attention run in onnxruntime-web', async () => {
  const words = input({ shape: [null], name: 'words' });
  const rows = layers.embedding({ inputDim: 8, outputDim: 4, maskZero: true }).apply(words);
  const read = layers
    .bidirectional({ layer: layers.lstm({ units: 3, returnSequences: true }), name: 'read' })
    .apply(rows);
  const heads = layers.multiHeadAttention({ numHeads: 2, keyDim: 3 });
  const seen = heads.apply([read, read], { useCausalMask: true });
  const plain = layers
    .dense({ units: 3 })
    .apply(layers.flatten().apply(layers.gru({ units: 2 }).apply(seen)));
  const made = model({ inputs: words, outputs: [plain, layers.globalAveragePooling1d().apply(read)] });
  const tokens = [
    [1, 5, 0, 7],
    [0, 3, 3, 0],
  ];
  await same(made, tensor(tokens));
});
