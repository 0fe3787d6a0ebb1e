// What programs read off layers of the library: settings and weights.
import { assert, mapling, test } from './mapling.mjs';
import { list } from './numbers.mjs';

const { layers, sequential, tensor } = mapling;
const first = (layer) => sequential({ layers: [layer] }).layers[0];

test('settings are properties, with their defaults', () => {
  const conv = layers.conv2d({ filters: 2, kernelSize: 3, strides: 2, padding: 'same', activation: 'relu' });
  assert.deepEqual(
    [
      conv.filters,
      conv.kernelSize,
      conv.strides,
      conv.padding,
      conv.dataFormat,
      conv.activation,
      conv.useBias,
    ],
    [2, [3, 3], [2, 2], 'same', 'channelsLast', 'relu', true],
  );
  const { units, returnSequences, recurrentActivation } = layers.lstm({ units: 4, returnSequences: true });
  assert.deepEqual([units, returnSequences, recurrentActivation], [4, true, 'sigmoid']);
  const norm = layers.batchNormalization({ momentum: 0.9 });
  assert.deepEqual([norm.axis, norm.momentum, norm.epsilon, norm.center], [-1, 0.9, 0.001, true]);
  assert.deepEqual(
    [
      layers.dropout({ rate: 0.3 }).rate,
      layers.maxPooling2d({ poolSize: 2 }).poolSize,
      layers.flatten().rate,
    ],
    [0.3, [2, 2], undefined],
  );
  const inner = layers.dense({ units: 2 });
  assert.equal(layers.timeDistributed({ layer: inner }).layer, inner);
  assert.throws(() => {
    conv.filters = 3;
  }, /^Error: Conv2D: filters: settings are given where a layer is made/);
});

/** A layer of each kind, and what its settings are when they are read off it. */
const READ = [
  [
    layers.separableConv2d({ filters: 2, kernelSize: 3, depthMultiplier: 2, dilationRate: 1 }),
    { depthMultiplier: 2 },
  ],
  [layers.conv2d({ filters: 2, kernelSize: 3, dilationRate: 2 }), { dilationRate: [2, 2], groups: 1 }],
  [
    layers.gru({ units: 2, dropout: 0.1, recurrentDropout: 0.2, goBackwards: true, returnState: true }),
    { dropout: 0.1, recurrentDropout: 0.2, goBackwards: true, returnState: true, resetAfter: true },
  ],
  [layers.lstm({ units: 2 }), { unitForgetBias: true }],
  [
    layers.embedding({ inputDim: 5, outputDim: 3, maskZero: true }),
    { inputDim: 5, outputDim: 3, maskZero: true },
  ],
  [layers.masking({ maskValue: 2 }), { maskValue: 2 }],
  [layers.reLU({ maxValue: 6 }), { maxValue: 6 }],
  [layers.bidirectional({ layer: layers.lstm({ units: 2 }), mergeMode: 'sum' }), { mergeMode: 'sum' }],
  [layers.repeatVector({ n: 3 }), { n: 3 }],
  [layers.batchNormalization({ scale: false }), { scale: false }],
  [
    layers.upSampling2d({ size: [2, 3], interpolation: 'bilinear' }),
    { size: [2, 3], interpolation: 'bilinear' },
  ],
  [layers.gaussianNoise({ stddev: 0.5 }), { stddev: 0.5 }],
  [layers.reshape({ targetShape: [2, 3] }), { targetShape: [2, 3] }],
  [layers.permute({ dims: [2, 1] }), { dims: [2, 1] }],
  [layers.thresholdedReLU({ theta: 0.5 }), { theta: 0.5 }],
  [
    layers.cropping2D({
      cropping: [
        [1, 0],
        [0, 1],
      ],
    }),
    {
      cropping: [
        [1, 0],
        [0, 1],
      ],
    },
  ],
  [layers.multiHeadAttention({ numHeads: 2, keyDim: 3 }), { numHeads: 2, keyDim: 3 }],
  [layers.centerCrop({ height: 4, width: 5 }), { height: 4, width: 5 }],
  [layers.rescaling({ scale: 0.5, offset: 1 }), { offset: 1 }],
  [layers.categoryEncoding({ numTokens: 4, outputMode: 'oneHot' }), { numTokens: 4, outputMode: 'one_hot' }],
  [
    layers.conv2dTranspose({ filters: 2, kernelSize: 3, strides: 2, outputPadding: 1 }),
    { outputPadding: [1, 1] },
  ],
  [layers.prelu({ sharedAxes: [1] }), { sharedAxes: [1] }],
];
for (const [layer, settings] of READ)
  test(`${layer.getClassName()}: ${Object.keys(settings).join(', ')}`, () => {
    for (const [name, wanted] of Object.entries(settings)) assert.deepEqual(layer[name], wanted, name);
  });

test('a layer without threshold has none, and its kernels have names of their own', () => {
  assert.equal(layers.dense({ units: 1 }).threshold, undefined);
  const model = first(layers.separableConv2d({ filters: 2, kernelSize: 3, inputShape: [4, 4, 1] }));
  assert.deepEqual(model.depthwiseKernel.shape, [3, 3, 1, 1]);
  assert.deepEqual(model.pointwiseKernel.shape, [1, 1, 1, 2]);
});

test('the hook that programs call in call does nothing', () => {
  class Hooked extends layers.Layer {
    call(x) {
      assert.equal(this.invokeCallHook(x, {}), undefined);
      return x.mul(2);
    }
  }
  const layer = new Hooked({});
  assert.deepEqual(list(layer.apply(tensor([[3]]))), [6]);
  assert.equal(layer.invokeCallHook(), undefined);
});

test('weights are properties as soon as the shape of samples is known', () => {
  const dense = first(layers.dense({ units: 1, inputShape: [2], kernelInitializer: 'ones' }));
  assert.deepEqual([dense.kernel.shape, list(dense.kernel.read()), dense.bias.shape], [[2, 1], [1, 1], [1]]);
  dense.kernel.write(tensor([[2], [3]]));
  assert.deepEqual(list(dense.getWeights()[0]), [2, 3]);
  assert.equal(layers.dense({ units: 1 }).kernel, undefined);
  assert.equal(first(layers.dense({ units: 1, useBias: false, inputShape: [2] })).bias, undefined);
  assert.deepEqual(
    first(layers.embedding({ inputDim: 4, outputDim: 2, inputLength: 3 })).embeddings.shape,
    [4, 2],
  );
  const lstm = first(layers.lstm({ units: 2, inputShape: [3, 1] }));
  assert.deepEqual(
    [lstm.kernel.shape, lstm.recurrentKernel.shape],
    [
      [1, 8],
      [2, 8],
    ],
  );
  const norm = first(layers.batchNormalization({ inputShape: [3] }));
  for (const name of ['gamma', 'beta', 'movingMean', 'movingVariance'])
    assert.deepEqual(norm[name].shape, [3]);
  assert.equal(layers.leakyReLU({ alpha: 0.25 }).negativeSlope, 0.25);
  assert.deepEqual(first(layers.prelu({ inputShape: [3] })).alpha.shape, [3]);
});

test('weights to begin with are set as soon as there are weights, wherever these are made', async () => {
  const given = () => [tensor([[5], [6]]), tensor([1])];
  const dense = (more) => layers.dense({ units: 1, weights: given(), ...more });
  const x = tensor([[1, 1]]);
  const open = () => sequential({ layers: [dense()] });
  const known = () => sequential({ layers: [dense({ inputShape: [2] })] });
  assert.deepEqual(list(dense().apply(x)), [12]);
  for (const made of [open, known]) {
    assert.deepEqual(list(made().predict(x)), [12]);
    assert.deepEqual(list(made().apply(x)), [12]);
    const trained = made();
    trained.compile({ optimizer: mapling.train.sgd(0), loss: 'meanSquaredError' });
    assert.equal((await trained.fit(x, tensor([[10]]), { epochs: 1 })).history.loss[0], 4);
    assert.deepEqual(trained.getWeights().map(list), [[5, 6], [1]]);
  }
  const inside = mapling.sequential({ layers: [known(), layers.activation({ activation: 'relu' })] });
  assert.deepEqual(list(inside.predict(x)), [12]);
  const table = layers.embedding({
    inputDim: 2,
    outputDim: 2,
    inputLength: 1,
    weights: [
      [
        [1, 2],
        [3, 4],
      ],
    ],
  });
  assert.deepEqual(list(sequential({ layers: [table] }).predict([[1]])), [3, 4]);
  // They are where it begins, and no setting of it.
  const model = known();
  model.setWeights([[[1], [1]], [0]]);
  assert.deepEqual(list((await mapling.loadModel(await model.save())).predict(x)), [2]);
  assert.equal('weights' in model.layers[0].getConfig(), false);
  assert.throws(
    () => layers.dense({ units: 1, weights: 3 }).apply(x),
    /^Error: Dense: weights: expected a list of tensors, got 3/,
  );
  assert.throws(() => dense({ weights: [tensor([1])] }).apply(x), /setWeights/);
  assert.throws(
    () => layers.bidirectional({ layer: layers.lstm({ units: 1, weights: [tensor([1])] }) }),
    /^Error: LSTM: weights: not of a layer in another/,
  );
});
