// Models that TensorFlow.js made, with its own defaults, and what its converter makes of Keras' models.
import { test } from 'node:test';
import { artifactsOf, assert, close, inMapling, inputs, mapling, tf } from './tensorflow.mjs';

const { layers } = tf;
const row = (shape, ...all) => {
  const model = tf.sequential();
  all.forEach((layer, at) => {
    if (at === 0) layer.batchInputShape = [null, ...shape];
    model.add(layer);
  });
  return model;
};
/** Weights that are none of the initializers', so that a mistake in one shows. */
function stirred(model) {
  model.setWeights(
    model.getWeights().map((weight, at) => {
      const positive = /variance/.test(model.weights[at].name);
      const values = Array.from({ length: weight.size }, (_, place) => Math.sin(1 + place * 1.7 + at));
      return tf.tensor(positive ? values.map(Math.abs) : values, weight.shape);
    }),
  );
  return model;
}
const samples = (shape, whole) => {
  const size = shape.reduce((product, length) => product * length, 2);
  const data = Array.from({ length: size }, (_, at) => Math.sin(at * 2.3 + 1));
  return {
    shape: [2, ...shape],
    data: whole ? data.map((value) => Math.floor(Math.abs(value) * whole)) : data,
  };
};

/** A row of TensorFlow.js' layers, and the shape of its samples. */
const ROWS = {
  dense: [[4], () => [layers.dense({ units: 3, activation: 'hardSigmoid' })]],
  'activations of its own': [
    [4],
    () =>
      ['swish', 'mish', 'logSoftmax', 'gelu', 'relu6', 'softsign'].map((activation) =>
        layers.dense({ units: 4, activation }),
      ),
  ],
  'simple RNN': [[3, 2], () => [layers.simpleRNN({ units: 3 })]],
  lstm: [[3, 2], () => [layers.lstm({ units: 3, returnSequences: true }), layers.lstm({ units: 2 })]],
  gru: [[3, 2], () => [layers.gru({ units: 3 })]],
  'both ways': [
    [3, 2],
    () => [
      layers.bidirectional({ layer: layers.gru({ units: 3, returnSequences: true }), mergeMode: 'sum' }),
      layers.bidirectional({ layer: layers.lstm({ units: 2 }), mergeMode: 'concat' }),
    ],
  ],
  'a stack of cells': [
    [3, 2],
    () => [
      layers.rnn({
        cell: [
          layers.lstmCell({ units: 2 }),
          layers.gruCell({ units: 3 }),
          layers.simpleRNNCell({ units: 2 }),
        ],
      }),
    ],
  ],
  'a cell': [[3, 2], () => [layers.rnn({ cell: layers.lstmCell({ units: 2 }), returnSequences: true })]],
  'convolutional LSTM': [[3, 5, 5, 1], () => [layers.convLstm2d({ filters: 2, kernelSize: 3 })]],
  embedding: [
    [4],
    () => [layers.embedding({ inputDim: 7, outputDim: 3, maskZero: true }), layers.lstm({ units: 2 })],
    7,
  ],
  pictures: [
    [9, 8, 2],
    () => [
      layers.conv2d({ filters: 4, kernelSize: 3, activation: 'relu' }),
      layers.maxPooling2d({ poolSize: 2 }),
      layers.depthwiseConv2d({ kernelSize: 2, depthMultiplier: 2, depthwiseRegularizer: 'l1l2' }),
      layers.batchNormalization(),
      layers.reLU({ maxValue: 0.7 }),
      layers.separableConv2d({ filters: 3, kernelSize: 2, depthMultiplier: 2, padding: 'same' }),
      layers.leakyReLU({ alpha: 0.2 }),
      layers.conv2dTranspose({ filters: 2, kernelSize: 2, strides: 2 }),
      layers.zeroPadding2d({ padding: 1 }),
      layers.cropping2D({
        cropping: [
          [1, 0],
          [0, 1],
        ],
      }),
      layers.upSampling2d({ size: [2, 2] }),
      layers.averagePooling2d({}),
      layers.globalMaxPooling2d({}),
      layers.dense({ units: 2 }),
      layers.softmax(),
    ],
  ],
  sequences: [
    [8, 3],
    () => [
      layers.conv1d({ filters: 4, kernelSize: 3, dilationRate: 2 }),
      layers.maxPooling1d({ poolSize: 2 }),
      layers.timeDistributed({ layer: layers.dense({ units: 3 }) }),
      layers.prelu(),
      layers.elu(),
      layers.thresholdedReLU({ theta: 0.3 }),
      layers.layerNormalization(),
      layers.spatialDropout1d({ rate: 0.5 }),
      layers.permute({ dims: [2, 1] }),
      layers.globalAveragePooling1d({}),
    ],
  ],
  volumes: [
    [4, 4, 4, 1],
    () => [
      layers.conv3d({ filters: 2, kernelSize: 2 }),
      layers.maxPooling3d({ poolSize: 2, strides: 1 }),
      layers.conv3dTranspose({ filters: 1, kernelSize: 2 }),
      layers.flatten(),
    ],
  ],
  'shapes and noise': [
    [4],
    () => [
      layers.repeatVector({ n: 3 }),
      layers.reshape({ targetShape: [4, 3] }),
      layers.masking({ maskValue: 0 }),
      layers.gaussianNoise({ stddev: 1 }),
      layers.gaussianDropout({ rate: 0.4 }),
      layers.alphaDropout({ rate: 0.3 }),
      layers.dropout({ rate: 0.2, noiseShape: [null, 1, 3] }),
      layers.rescaling({ scale: 2, offset: 1 }),
      layers.activation({ activation: 'tanh' }),
    ],
  ],
  'parts with settings': [
    [4],
    () => [
      layers.dense({
        units: 3,
        kernelInitializer: tf.initializers.leCunNormal({}),
        biasInitializer: tf.initializers.constant({ value: 2 }),
        kernelRegularizer: tf.regularizers.l1({ l1: 0.1 }),
        biasRegularizer: 'l1l2',
        kernelConstraint: tf.constraints.maxNorm({ maxValue: 2, axis: 0 }),
        biasConstraint: 'nonNeg',
      }),
      layers.dense({ units: 3, kernelInitializer: 'orthogonal', kernelConstraint: 'unitNorm' }),
    ],
  ],
};

for (const [name, [shape, make, whole]] of Object.entries(ROWS)) {
  test(`${name}: TensorFlow.js' own is the same here, and goes back`, async () => {
    const its = stirred(row(shape, ...make()));
    const own = await inMapling(its);
    const { own: x, its: itsX } = inputs([samples(shape, whole)]);
    const wanted = its.predict(itsX[0]);
    close('here', own.predict(x[0]), wanted);
    const there = await tf.loadLayersModel(tf.io.fromMemory(await artifactsOf(own)));
    close('back there', there.predict(itsX[0]), wanted);
  });
}

test('a graph of TensorFlow.js with states, shared layers and models inside is the same here', async () => {
  const x = tf.input({ shape: [3, 2] });
  const [seen, h, c] = layers.lstm({ units: 4, returnState: true, returnSequences: true }).apply(x);
  const decoded = layers.lstm({ units: 4 }).apply(seen, { initialState: [h, c] });
  const inside = tf.sequential({ layers: [layers.dense({ units: 3, inputShape: [4], name: 'first' })] });
  const both = layers.add().apply([inside.apply(decoded), inside.apply(h)]);
  const its = tf.model({ inputs: x, outputs: [both, layers.dense({ units: 1, name: 'last' }).apply(both)] });
  const own = await inMapling(stirred(its));
  const data = inputs([samples([3, 2])]);
  close('here', own.predict(data.own[0]), its.predict(data.its[0]));
});

/** The bytes of numbers, one kind after the other. */
const bytes = (...all) =>
  all.reduce((joined, one) => {
    const next = new Uint8Array(joined.length + one.byteLength);
    next.set(joined);
    next.set(new Uint8Array(one.buffer), joined.length);
    return next;
  }, new Uint8Array(0));
/** The bits of numbers that half precision holds. */
const halves = (values) =>
  Uint16Array.from(values, (value) => {
    if (value === 0) return 0;
    const exponent = Math.floor(Math.log2(Math.abs(value)));
    const fraction = (Math.abs(value) / 2 ** exponent - 1) * 1024;
    return (value < 0 ? 0x8000 : 0) + ((exponent + 15) << 10) + fraction;
  });

/** What the converter writes for a model of Keras 2. */
const converted = (config, weights, version = '2.4.0') => ({
  format: 'layers-model',
  generatedBy: `keras v${version}`,
  convertedBy: 'TensorFlow.js Converter v3.9.0',
  modelTopology: {
    keras_version: version,
    backend: 'tensorflow',
    model_config: { class_name: 'Sequential', config },
    training_config: { loss: 'mse', optimizer_config: { class_name: 'Adam', config: {} } },
  },
  weightSpecs: weights.map(({ values, ...spec }) => spec),
  weightData: bytes(...weights.map(({ values }) => values)).buffer,
});
const part = (class_name, config = {}) => ({ class_name, config });

test('a model of Keras 2, its weights kept as uint8, uint16 and float16, is read with TensorFlow.js’ numbers', async () => {
  const config = {
    name: 'sequential',
    layers: [
      part('InputLayer', {
        batch_input_shape: [null, 3, 2],
        dtype: 'float32',
        sparse: false,
        ragged: false,
        name: 'input_1',
      }),
      part('LSTM', {
        name: 'lstm',
        trainable: true,
        dtype: 'float32',
        units: 2,
        activation: 'tanh',
        recurrent_activation: 'hard_sigmoid',
        use_bias: true,
        kernel_initializer: part('GlorotUniform', { seed: null }),
        bias_initializer: part('Zeros'),
        unit_forget_bias: true,
        return_sequences: false,
        go_backwards: false,
        stateful: false,
        unroll: false,
        time_major: false,
        implementation: 2,
      }),
      part('Dense', {
        name: 'dense',
        trainable: true,
        dtype: 'float32',
        units: 2,
        activation: 'linear',
        use_bias: true,
      }),
    ],
  };
  const count = (size, most) => Array.from({ length: size }, (_, at) => (at * 37) % most);
  const weights = [
    {
      name: 'lstm/lstm_cell/kernel',
      shape: [2, 8],
      dtype: 'float32',
      quantization: { dtype: 'uint8', scale: 0.01, min: -1 },
      values: Uint8Array.from(count(16, 256)),
    },
    {
      name: 'lstm/lstm_cell/recurrent_kernel',
      shape: [2, 8],
      dtype: 'float32',
      quantization: { dtype: 'uint16', scale: 0.00003, min: -0.9 },
      values: Uint16Array.from(count(16, 65536)),
    },
    {
      name: 'lstm/lstm_cell/bias',
      shape: [8],
      dtype: 'float32',
      quantization: { dtype: 'float16' },
      values: halves([0.5, -1.25, 0, 3, 2 ** -9, -0.75, 1, 2]),
    },
    { name: 'dense/kernel', shape: [2, 2], dtype: 'float32', values: Float32Array.of(1, -2, 0.5, 3) },
    { name: 'dense/bias', shape: [2], dtype: 'float32', values: Float32Array.of(0.1, 0.2) },
  ];
  const artifacts = converted(config, weights);
  const own = await mapling.loadLayersModel(mapling.io.fromMemory(artifacts));
  const its = await tf.loadLayersModel(tf.io.fromMemory(artifacts));
  const data = inputs([samples([3, 2])]);
  close('here', own.predict(data.own[0]), its.predict(data.its[0]));
  assert.equal(own.optimizer, undefined);
  const bias = own.weights.find(({ name }) => name === 'lstm/lstm_cell/bias');
  assert.deepEqual(Array.from(bias.read().dataSync()), [0.5, -1.25, 0, 3, 2 ** -9, -0.75, 1, 2]);
});

test('a model of Keras 3, whose weights the converter numbers, is read with Keras 3’s hard sigmoid', async () => {
  const source = mapling.sequential({
    layers: [
      mapling.layers.bidirectional({
        layer: mapling.layers.gru({ units: 2, recurrentActivation: 'hardSigmoid' }),
        inputShape: [3, 2],
      }),
      mapling.layers.batchNormalization(),
      mapling.layers.dense({ units: 1 }),
    ],
  });
  const values = source.getWeights().map((weight, at) => {
    const data = Float32Array.from({ length: weight.size }, (_, place) => 0.5 + Math.sin(place + at) / 2);
    return { shape: weight.shape, data };
  });
  source.setWeights(values.map(({ shape, data }) => mapling.tensor(data, shape)));
  // As HDF5 lists them: by name, the way back first.
  const names = [
    ...[0, 1, 2].map((at) => `bidirectional/forward_layer/cell/${at}`),
    ...[0, 1, 2].map((at) => `bidirectional/backward_layer/cell/${at}`),
    ...[0, 1, 2, 3].map((at) => `batch_normalization/${at}`),
    'dense/0',
    'dense/1',
  ];
  const weights = names.map((name, at) => ({
    name,
    shape: values[at].shape,
    dtype: 'float32',
    values: values[at].data,
  }));
  weights.sort((a, b) => (a.name < b.name ? -1 : 1));
  const { config } = JSON.parse(source.toJSON());
  const own = await mapling.loadLayersModel(mapling.io.fromMemory(converted(config, weights, '3.5.0')));
  const data = inputs([samples([3, 2])]);
  close('here', own.predict(data.own[0]), source.predict(data.own[0]), 0);
});

test('modelFromJSON reads what TensorFlow.js writes with its meaning', () => {
  const its = row([3, 2], layers.gru({ units: 3 }), layers.leakyReLU({ alpha: 0.4 }));
  const own = mapling.modelFromJSON(its.toJSON());
  const [gru, leaky] = own.layers.map((layer) => layer.getConfig());
  assert.deepEqual(
    [gru.recurrentActivation, gru.resetAfter, leaky.negativeSlope],
    ['keras2_hard_sigmoid', false, 0.4],
  );
});

test('loadWeights takes tensors under TensorFlow.js’ names', async () => {
  const its = stirred(
    row([3, 2], layers.bidirectional({ layer: layers.lstm({ units: 2, name: 'lstm' }), name: 'both' })),
  );
  const own = await inMapling(its);
  const named = Object.fromEntries(
    its.weights.map((weight) => [
      weight.originalName,
      mapling.tensor(
        Array.from(weight.read().dataSync()).map((x) => -x),
        weight.shape,
      ),
    ]),
  );
  own.loadWeights(named);
  its.setWeights(its.getWeights().map((weight) => weight.neg()));
  const data = inputs([samples([3, 2])]);
  close('here', own.predict(data.own[0]), its.predict(data.its[0]));
});
