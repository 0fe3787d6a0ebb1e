// What layers tell of themselves, and settings that are misspelt or missing.
import { assert, mapling, test, unrecorded } from './mapling.mjs';

const { layers, sequential } = mapling;

const near = (tensor, want, allowed = 1e-6) => {
  const got = Array.from(tensor.dataSync());
  assert.ok(
    got.length === want.length && got.every((value, at) => Math.abs(value - want[at]) <= allowed),
    `${got}, expected ${want}`,
  );
};

test('a layer tells its name, class, settings, shape and weights, and takes weights', () => {
  const layer = layers.dense({ units: 2, name: 'first', inputShape: [3] });
  const model = sequential({ layers: [layer, layers.dense({ units: 1 })] });
  assert.equal(layer.name, 'first');
  assert.equal(layer.getClassName(), 'Dense');
  assert.equal(layer.getConfig().units, 2);
  assert.deepEqual(layer.outputShape, [null, 2]);
  assert.equal(layer.countParams(), 8);
  layer.setWeights([mapling.ones([3, 2]), mapling.tensor([5, 6])]);
  assert.deepEqual(
    layer.getWeights().map((weight) => weight.arraySync()),
    [
      [
        [1, 1],
        [1, 1],
        [1, 1],
      ],
      [5, 6],
    ],
  );
  assert.deepEqual(model.getWeights()[1].arraySync(), [5, 6]);
  assert.deepEqual(model.getLayer('first').getWeights()[1].arraySync(), [5, 6]);
});

test('a layer’s configuration holds all settings, and makes the same layer', () => {
  const layer = layers.dense({ units: 2, name: 'named', inputShape: [3], kernelRegularizer: 'l2' });
  assert.deepEqual(layer.getConfig(), {
    name: 'named',
    trainable: true,
    dtype: 'float32',
    batchInputShape: [null, 3],
    units: 2,
    activation: 'linear',
    useBias: true,
    kernelInitializer: 'glorot_uniform',
    biasInitializer: 'zeros',
    kernelRegularizer: { className: 'L2', config: { l2: 0.01 } },
    biasRegularizer: null,
    activityRegularizer: null,
    kernelConstraint: null,
    biasConstraint: null,
  });
  layer.trainable = false;
  assert.deepEqual(layers.dense(layer.getConfig()).getConfig(), layer.getConfig());
  const given = {
    ...{
      dense: { units: 1 },
      conv2d: { filters: 1, kernelSize: 2 },
      reshape: { targetShape: [2] },
      permute: { dims: [1] },
    },
    ...{
      repeatVector: { n: 2 },
      cropping2d: { cropping: 1 },
      simpleRNN: { units: 1 },
      lstm: { units: 1 },
      gru: { units: 1 },
    },
    ...{
      simpleRNNCell: { units: 1 },
      lstmCell: { units: 1 },
      gruCell: { units: 1 },
      convLstm2d: { filters: 1, kernelSize: 2 },
      convLstm2dCell: { filters: 1, kernelSize: 2 },
      rnn: { cell: layers.lstmCell({ units: 1 }) },
      stackedRNNCells: { cells: [layers.gruCell({ units: 1 }), layers.lstmCell({ units: 1 })] },
    },
    ...{
      embedding: { inputDim: 3, outputDim: 2 },
      dot: { axes: 1 },
      dropout: { rate: 0.5 },
      activation: { activation: 'relu' },
    },
    ...{
      bidirectional: { layer: layers.gru({ units: 1 }) },
      timeDistributed: { layer: layers.dense({ units: 1 }) },
    },
    ...{
      conv1d: { filters: 1, kernelSize: 2 },
      conv3d: { filters: 1, kernelSize: 2 },
      conv2dTranspose: { filters: 1, kernelSize: 2 },
      conv3dTranspose: { filters: 1, kernelSize: 2 },
      depthwiseConv2d: { kernelSize: 2 },
      separableConv1d: { filters: 1, kernelSize: 2 },
      separableConv2d: { filters: 1, kernelSize: 2 },
    },
    ...{ inputLayer: { inputShape: [2] }, rescaling: { scale: 2 } },
    ...{
      resizing: { height: 2, width: 3 },
      centerCrop: { height: 2, width: 3 },
      randomCrop: { height: 2, width: 3 },
      categoryEncoding: { numTokens: 3 },
      randomRotation: { factor: 0.1 },
      randomZoom: { heightFactor: 0.1 },
      randomTranslation: { heightFactor: 0.1, widthFactor: 0.2 },
      randomContrast: { factor: 0.1 },
      randomBrightness: { factor: 0.1 },
      gaussianNoise: { stddev: 0.5 },
      gaussianDropout: { rate: 0.5 },
      alphaDropout: { rate: 0.5 },
      spatialDropout1d: { rate: 0.5 },
      spatialDropout2d: { rate: 0.5 },
      spatialDropout3d: { rate: 0.5 },
      multiHeadAttention: { numHeads: 2, keyDim: 2 },
    },
  };
  // Settings that are read back are no values: a layer still lacks a test after this.
  for (const [name, make] of Object.entries(unrecorded.layers)) {
    // What a model begins with is a symbol, no layer; classes are made otherwise.
    if (['Layer', 'RNN', 'RNNCell', 'input'].includes(name)) continue;
    const config = make(given[name] ?? {}).getConfig();
    for (const key of Object.keys(given[name] ?? {}))
      assert.ok(name === 'inputLayer' || key in config, `${name}: ${key}`);
    // Settings of wrapped layers are read by modelFromJSON.
    if (config.layer === undefined) assert.deepEqual(make(config).getConfig(), config, name);
  }
});

test('a layer is built, called and asked for shapes by itself', () => {
  const layer = layers.dense({ units: 2, dtype: 'float32' });
  assert.deepEqual(
    [layer.built, layer.dtype, layer.className, layer.batchInputShape],
    [false, 'float32', 'Dense', undefined],
  );
  assert.deepEqual(layer.computeOutputShape([null, 3]), [null, 2]);
  layer.build([null, 3]);
  assert.equal(layer.built, true);
  assert.deepEqual(
    layer.weights.map(({ name, shape }) => [name, shape]),
    [
      ['dense/kernel', [3, 2]],
      ['dense/bias', [2]],
    ],
  );
  layer.setWeights([mapling.ones([3, 2]), mapling.tensor([1, 2])]);
  near(layer.call(mapling.tensor([[1, 2, 3]])), [7, 8]);
  assert.throws(() => layer.build([null, 4]), { code: 'shape' });
  assert.deepEqual(layers.flatten({ batchInputShape: [8, 2, 3] }).batchInputShape, [8, 2, 3]);
  assert.deepEqual(layer.dispose(), { refCountAfterDispose: 0, numDisposedVariables: 2 });
  assert.throws(() => layer.apply(mapling.ones([1, 3])), { code: 'state' });
});

test('names that are not there say so, and name the nearest', () => {
  for (const [call, message] of [
    [() => layers.fooBarLayer(), /^layers\.fooBarLayer: not in mapling; there is nothing like it$/],
    [() => layers.dens({ units: 1 }), /^layers\.dens: not in mapling; the nearest is dense$/],
    [() => mapling.train.adamx(0.1), /^train\.adamx: not in mapling; the nearest is adam$/],
    [
      () => mapling.callbacks.tensorBoard('logs'),
      /^callbacks\.tensorBoard: not in mapling; the nearest is csvLogger$/,
    ],
    [() => mapling.util.shufle([1]), /^util\.shufle: not in mapling; the nearest is shuffle$/],
    [() => mapling.datasets.minst(), /^datasets\.minst: not in mapling; the nearest is mnist$/],
    [
      () => mapling.serialization.registerClas(),
      /^serialization\.registerClas: not in mapling; the nearest is registerClass$/,
    ],
    ...['losses', 'metrics', 'regularizers', 'initializers', 'constraints', 'io', 'browser'].map((space) => [
      () => mapling[space].noSuchThing(),
      new RegExp(`^${space}\\.noSuchThing: not in mapling; (the nearest is|there is nothing like it)`),
    ]),
  ])
    assert.throws(call, { code: 'name', message });
});

test('a misspelt setting is answered with the nearest, an odd one with all that there are', () => {
  for (const [call, message] of [
    [
      () => layers.conv2d({ filters: 1, kernalSize: 2 }),
      /^Conv2D: unknown key "kernalSize"; did you mean "kernelSize"\?$/,
    ],
    [() => layers.dense({ unit: 1 }), /^Dense: unknown key "unit"; did you mean "units"\?$/],
    [
      () => layers.dense({ units: 1, inputshape: [2] }),
      /^Dense: unknown key "inputshape"; did you mean "inputShape"\?$/,
    ],
    [() => layers.flatten({ rate: 1 }), /^Flatten: unknown key "rate"; known: dataFormat$/],
    [
      () => layers.dense({ units: 1, kernelRegularizer: { className: 'L2', config: { l3: 1 } } }),
      /^Dense: `kernelRegularizer`: L2: unknown key "l3"; did you mean "l2"\?$/,
    ],
    [() => sequential({ layer: [] }), /^sequential: unknown key "layer"; did you mean "layers"\?$/],
  ])
    assert.throws(call, { message });
});
