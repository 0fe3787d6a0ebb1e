// Mistakes are refused before anything has changed, by an error that names the function.
import { assert, unrecorded as mapling, test } from './mapling.mjs';
import { fault, model, picture, refused, x } from './refused.mjs';

test('shapes that do not fit are refused by name', () =>
  refused([
    ...[
      'add',
      'sub',
      'mul',
      'div',
      'pow',
      'equal',
      'notEqual',
      'greater',
      'greaterEqual',
      'less',
      'lessEqual',
    ].map((name) => [name, () => mapling[name](x(), mapling.zeros([4]))]),
    ['logicalAnd', () => mapling.logicalAnd(mapling.zeros([2], 'bool'), mapling.zeros([3], 'bool'))],
    ['logicalOr', () => mapling.logicalOr(mapling.zeros([2], 'bool'), mapling.zeros([3], 'bool'))],
    ['where', () => mapling.where(mapling.zeros([2], 'bool'), x(), mapling.zeros([4]))],
    ['matMul', () => mapling.matMul(x(), x())],
    ['matMul of vectors', () => mapling.matMul(mapling.zeros([3]), x()), 'matMul'],
    ['matMul of stacks', () => mapling.matMul(mapling.zeros([2, 3, 4]), mapling.zeros([3, 4, 5])), 'matMul'],
    ['dot', () => mapling.dot(x(), x())],
    ['dot of scalars', () => mapling.dot(mapling.scalar(1), mapling.scalar(2)), 'dot'],
    ['reshape', () => mapling.reshape(x(), [4])],
    ['reshape with two open lengths', () => mapling.reshape(x(), [-1, -1]), 'reshape'],
    ['reshape to thirds', () => mapling.reshape(x(), [-1, 4]), 'reshape'],
    ['reshape to a number below -1', () => mapling.reshape(x(), [-2, 3]), 'reshape'],
    ['squeeze', () => mapling.squeeze(x(), [0])],
    ['broadcastTo', () => mapling.broadcastTo(x(), [3, 3])],
    ['broadcastTo fewer axes', () => mapling.broadcastTo(x(), [3]), 'broadcastTo'],
    ['concat', () => mapling.concat([x(), mapling.zeros([2, 2])])],
    ['concat of nothing', () => mapling.concat([]), 'concat'],
    ['stack', () => mapling.stack([x(), mapling.zeros([2, 2])])],
    ['stack of nothing', () => mapling.stack([]), 'stack'],
    ['split', () => mapling.split(x(), 4, 1)],
    ['split', () => mapling.split(x(), [1, 1], 1)],
    ['split into -1', () => mapling.split(x(), -1), 'split'],
    ['split into 0', () => mapling.split(x(), 0), 'split'],
    ['split into 1.5', () => mapling.split(x(), 1.5), 'split'],
    ['split into a negative part', () => mapling.split(x(), [-1, 3]), 'split'],
    ['slice', () => mapling.slice(x(), [0, 2], [1, 2])],
    ['slice', () => mapling.slice(x(), [0, 0, 0], [1, 1, 1])],
    ['transpose', () => mapling.transpose(x(), [0])],
    ['transpose', () => mapling.transpose(x(), [0, 0])],
    ['conv2d', () => mapling.conv2d(picture(), mapling.ones([2, 2, 3, 1]), 1, 'valid')],
    ['conv2d', () => mapling.conv2d(picture(), mapling.ones([5, 5, 1, 1]), 1, 'valid')],
    ['conv2d', () => mapling.conv2d(mapling.ones([4, 4]), mapling.ones([2, 2, 1, 1]), 1, 'valid')],
    ['conv2d', () => mapling.conv2d(picture(), mapling.ones([2, 2]), 1, 'valid')],
    ['maxPool', () => mapling.maxPool(picture(), 5, 1, 'valid')],
    ['avgPool', () => mapling.avgPool(picture(), 5, 1, 'valid')],
    ['tensor', () => mapling.tensor([1, 2, 3], [2])],
    ['tensor', () => mapling.tensor([[1, 2], [3]])],
    ['tensor', () => mapling.tensor([[1], 2])],
    ['tensor1d', () => mapling.tensor1d([[1], [2]])],
    ['tensor2d', () => mapling.tensor2d([1, 2])],
    ['tensor3d', () => mapling.tensor3d([1, 2])],
    ['tensor4d', () => mapling.tensor4d([1, 2])],
    ['tensor5d', () => mapling.tensor5d([1, 2])],
    ['tensor6d', () => mapling.tensor6d([1, 2])],
    ['scalar', () => mapling.scalar([1, 2])],
  ]));

test('axes and indices outside a tensor are refused by name', () =>
  refused([
    ...['sum', 'mean', 'max', 'min'].flatMap((name) =>
      [2, -3, 0.5, Number.NaN, [0, 2]].map((axis) => [
        `${name}(x, ${axis})`,
        () => mapling[name](x(), axis),
        name,
      ]),
    ),
    ...['argMax', 'argMin', 'softmax', 'logSoftmax', 'unstack'].flatMap((name) =>
      [2, -3, 0.5].map((axis) => [`${name}(x, ${axis})`, () => mapling[name](x(), axis), name]),
    ),
    ['sum over an axis twice', () => mapling.sum(x(), [0, 0]), 'sum'],
    ['expandDims', () => mapling.expandDims(x(), 4)],
    ['squeeze', () => mapling.squeeze(x(), [5])],
    ['concat', () => mapling.concat([x(), x()], 2)],
    ['stack', () => mapling.stack([x(), x()], 4)],
    ['split', () => mapling.split(x(), 2, 3)],
    ['gather along', () => mapling.gather(x(), [0], 3), 'gather'],
    ['gather', () => mapling.gather(x(), [2])],
    ['gather', () => mapling.gather(x(), [-1])],
    ['gather', () => mapling.gather(x(), [0.5])],
    ['transpose', () => mapling.transpose(x(), [0, 2])],
    ['argMax of nothing', () => mapling.argMax(mapling.zeros([0])), 'argMax'],
  ]));

test('values of a wrong kind are refused by name', () =>
  refused([
    ['tensor', () => mapling.tensor('text')],
    ['tensor', () => mapling.tensor(['1', '2'])],
    ['tensor', () => mapling.tensor([null])],
    ['tensor', () => mapling.tensor(undefined)],
    ['tensor', () => mapling.tensor([1n])],
    ['tensor', () => mapling.tensor(1n)],
    ['tensor', () => mapling.tensor(BigInt64Array.of(1n))],
    ['tensor', () => mapling.tensor({ length: 1, 0: 1 })],
    ['tensor', () => mapling.tensor([1], [1], 'float64')],
    ['tensor', () => mapling.tensor([1], 'shape')],
    ['tensor', () => mapling.tensor([Symbol('s')])],
    ['zeros', () => mapling.zeros([1.5])],
    ['zeros', () => mapling.zeros([-1])],
    ['zeros', () => mapling.zeros('2')],
    ['ones', () => mapling.ones([Number.NaN])],
    ['fill', () => mapling.fill([2], 'x')],
    ['fill', () => mapling.fill([2], 1, 'float16')],
    ['eye', () => mapling.eye(-1)],
    ['range', () => mapling.range(0, 5, 0)],
    ['range', () => mapling.range(0, Number.POSITIVE_INFINITY)],
    ['range', () => mapling.range(Number.NaN, 1)],
    ['linspace', () => mapling.linspace(0, 1, 0)],
    ['linspace', () => mapling.linspace(0, 1, 2.5)],
    ['oneHot', () => mapling.oneHot([0, 1], 0)],
    ['oneHot', () => mapling.oneHot([0, 1], 1.5)],
    ['cast', () => mapling.cast(x(), 'double')],
    ['clipByValue', () => mapling.clipByValue(x(), 2, 1)],
    ['randomNormal', () => mapling.randomNormal([2], Number.NaN)],
    ['randomNormal', () => mapling.randomNormal([2], 0, 1, 'float32', [5])],
    ['randomUniform', () => mapling.randomUniform([2], 0, Number.POSITIVE_INFINITY)],
    ['conv2d', () => mapling.conv2d(picture(), mapling.ones([2, 2, 1, 1]), 0, 'valid')],
    ['conv2d', () => mapling.conv2d(picture(), mapling.ones([2, 2, 1, 1]), 1, 'sama')],
    ['conv2d', () => mapling.conv2d(picture(), mapling.ones([2, 2, 1, 1]), 1, 'valid', 'NHWC', 0)],
    ['conv2d', () => mapling.conv2d(picture(), mapling.ones([2, 2, 1, 1]), 1, 'valid', 'XYZ')],
    ['maxPool', () => mapling.maxPool(picture(), 0, 1, 'valid')],
    ['maxPool', () => mapling.maxPool(picture(), 2, -1, 'valid')],
    ['avgPool', () => mapling.avgPool(picture(), 2, 1, 'full')],
    ['tidy', () => mapling.tidy('a', 1)],
    ['tidy', () => mapling.tidy()],
    ['init', () => mapling.init(null)],
    ['init', () => mapling.init({ mode: 'slow' })],
    ['digit', () => mapling.digit('strokes')],
    ['digit', () => mapling.digit([[[1, Number.NaN]]])],
    ['datasets.digits', () => mapling.datasets.digits({ count: 0 })],
    ['datasets.digits', () => mapling.datasets.digits({ sed: 1 })],
    ['datasets.files', () => mapling.datasets.files([])],
    ['datasets.mnist', () => mapling.datasets.mnist({ url: 5 })],
    ['createShuffledIndices', () => mapling.util.createShuffledIndices(-1)],
  ]));

test('calls that TensorFlow.js would answer differently are answered or refused by name', () =>
  refused(
    [
      ['squeeze(x, 0)', () => mapling.squeeze(x(), 0)],
      ['reshape(x, 4)', () => mapling.reshape(x(), 4)],
      ['reshape(x, 6)', () => mapling.reshape(x(), 6)],
      ['transpose(x, 0)', () => mapling.transpose(x(), 0)],
      ['stack(x)', () => mapling.stack(x())],
      ['concat(x)', () => mapling.concat(x())],
      ['gather(x, x)', () => mapling.gather(x(), x())],
      ['add(x, text)', () => mapling.add(x(), '1')],
      ['softmax along the first axis', () => mapling.softmax(x(), 0), 'softmax'],
      ['tensor of 7 axes', () => mapling.tensor([[[[[[[1]]]]]]]), 'tensor'],
      ['dispose(5)', () => mapling.dispose(5)],
      ['keep(5)', () => mapling.keep(5)],
    ],
    { mayWork: true },
  ));

test('a detached buffer, a proxy that throws and arrays that contain themselves are refused by name', () => {
  const detached = Float32Array.of(1, 2);
  structuredClone(detached, { transfer: [detached.buffer] });
  const endless = [];
  endless.push(endless);
  const deep = JSON.parse(`${'['.repeat(4000)}1${']'.repeat(4000)}`);
  const throwing = new Proxy([1, 2], {
    get() {
      throw new Error('tensor: from the trap');
    },
  });
  return refused([
    ['tensor of a detached buffer', () => mapling.tensor(detached, [2]), 'tensor'],
    ['tensor of an array in itself', () => mapling.tensor(endless), 'tensor'],
    ['tensor of 4,000 nested arrays', () => mapling.tensor(deep), 'tensor'],
    ['tensor of a proxy that throws', () => mapling.tensor(throwing), 'tensor'],
  ]);
});

test('a proxy around a tensor, as a reactive state makes them, computes like the tensor', () => {
  const wrapped = new Proxy(x(), {});
  const summed = mapling.add(wrapped, 1);
  assert.deepEqual(summed.arraySync(), [
    [2, 3, 4],
    [5, 6, 7],
  ]);
  assert.deepEqual(wrapped.mul(2).sum().arraySync(), 42);
});

test('messages cut what they show of a large value', () => {
  const long = 'x'.repeat(10_000_000);
  return refused([
    ['cast', () => mapling.cast(x(), long)],
    ['tensor', () => mapling.tensor([1], [1], long)],
    ['tensor', () => mapling.tensor(long)],
    ['tensor', () => mapling.tensor([[long]])],
    ['reshape', () => mapling.reshape(x(), new Array(100_000).fill(7))],
    ['zeros', () => mapling.zeros(new Array(100_000).fill(1))],
    ['slice', () => mapling.slice(x(), new Array(100_000).fill(0))],
    ['split', () => mapling.split(x(), new Array(100_000).fill(1))],
    ['transpose', () => mapling.transpose(x(), new Array(100_000).fill(0))],
    ['conv2d', () => mapling.conv2d(picture(), mapling.ones([2, 2, 1, 1]), 1, long)],
    [
      'padding',
      () => {
        const config = { filters: 1, kernelSize: 1, padding: long, inputShape: [2, 2, 1] };
        mapling.sequential({ layers: [mapling.layers.conv2d(config)] });
      },
    ],
    [
      'activation',
      () =>
        mapling.sequential({
          layers: [mapling.layers.dense({ units: 1, activation: long, inputShape: [2] })],
        }),
    ],
    [
      'name',
      () => mapling.sequential({ layers: [mapling.layers.dense({ units: 0, name: long, inputShape: [2] })] }),
      'units',
    ],
    [
      'optimizer',
      () =>
        mapling
          .sequential({ layers: [mapling.layers.dense({ units: 1, inputShape: [2] })] })
          .compile({ optimizer: long, loss: 'meanSquaredError' }),
    ],
    ['getLayer', () => mapling.sequential().getLayer(long)],
  ]);
});

test('names of TensorFlow.js that are not here say so and name the nearest', async () => {
  const uses = {
    losses: () => mapling.losses.cosineDistance(x(), x()),
    metrics: () => mapling.metrics.precision(x(), x()),
    regularizers: () => mapling.regularizers.l1l2({ l1: 0.1 }),
    initializers: () => mapling.initializers.heNormal({}),
    constraints: () => mapling.constraints.nonNeg(),
    data: () => mapling.data.webcam(null),
    browser: () => mapling.browser.fromTexture({}),
    io: () => mapling.io.listModels(),
    image: () => mapling.image.combinedNonMaxSuppression(x()),
    train: () => mapling.train.adamax(0.1),
    layers: () => mapling.layers.convLstm3d({}),
  };
  const bare = [];
  for (const [name, use] of Object.entries(uses)) {
    try {
      await use();
    } catch (error) {
      if (fault(error, name) && !/not in mapling|nearest|there are/.test(error.message))
        bare.push(`${name}: ${error.message}`);
    }
  }
  assert.deepEqual(bare, []);
});

test('mistakes with models are refused before anything changes', async () => {
  const { layers, sequential } = mapling;
  const trained = model();
  const pictures = sequential({ layers: [layers.flatten({ inputShape: [4, 4, 1] })] });
  pictures.compile({ optimizer: 'sgd', loss: 'meanSquaredError' });
  const before = trained.getWeights().map((weight) => [...weight.dataSync()]);
  await refused([
    ['predict', () => trained.predict(mapling.zeros([2, 4])), ''],
    ['fit', () => trained.fit(x(), mapling.zeros([3, 1])), ''],
    ['fit with a wrong key', () => trained.fit(x(), mapling.zeros([2, 1]), { epoch: 3 }), 'epoch'],
    ['fit', () => trained.fit(x(), mapling.zeros([2, 1]), { validationSplit: 1 }), 'validationSplit'],
    ['fit', () => trained.fit(x(), mapling.zeros([2, 1]), { batchSize: 0 }), 'batchSize'],
    ['setWeights', () => trained.setWeights([mapling.zeros([3, 1])])],
    ['setWeights', () => trained.setWeights([mapling.zeros([1, 3]), mapling.zeros([1])])],
    ['setWeights', () => trained.setWeights([undefined])],
    ['loadWeights', () => trained.loadWeights(Uint8Array.of(1, 2, 3)), ''],
    ['getLayer', () => trained.getLayer('no such')],
    ['build', () => trained.build(3)],
    ['compile', () => trained.compile({ optimizer: 'sdg', loss: 'meanSquaredError' }), 'sdg'],
    ['compile', () => trained.compile({ optimizer: 'sgd', loss: 'meanSquare' }), 'meanSquare'],
    ['compile', () => trained.compile({ optimizer: 'sgd' }), 'loss'],
    [
      'train.sgd(NaN)',
      () => trained.compile({ optimizer: mapling.train.sgd(Number.NaN), loss: 'meanSquaredError' }),
      'learningRate',
    ],
    [
      'augment',
      () =>
        pictures.fit(mapling.zeros([2, 4, 4, 1]), mapling.zeros([2, 16]), {
          augment: { rotation: Number.NaN },
        }),
      'rotation',
    ],
    ['Dense', () => sequential({ layers: [layers.dense({ inputShape: [2] })] }), 'units'],
    ['Dense', () => sequential({ layers: [layers.dense({ units: 2, unit: 3, inputShape: [2] })] }), 'unit'],
    [
      'a layer in two models',
      () => {
        const layer = layers.dense({ units: 1, inputShape: [2] });
        sequential({ layers: [layer] });
        sequential({ layers: [layer, layer, 5] });
      },
      '',
    ],
    ['new Layer({}, {})', () => sequential({ layers: [new mapling.Layer({}, {})] }), ''],
    [
      'new Layer of an unknown class',
      () => sequential({ layers: [new mapling.Layer('NoSuch', {})] }),
      'NoSuch',
    ],
    ['modelFromJSON', () => mapling.modelFromJSON('no json')],
    ['modelFromJSON', () => mapling.modelFromJSON('null')],
    ['loadModel', () => mapling.loadModel(null)],
  ]);
  assert.deepEqual(
    trained.getWeights().map((weight) => [...weight.dataSync()]),
    before,
  );
});

test('settings with a cycle or thousands of levels are refused, and the instance lives on', () => {
  const cycle = { units: 1, inputShape: [2] };
  cycle.kernelInitializer = { className: 'Constant', config: cycle };
  let nested = [];
  for (let depth = 0; depth < 9000; depth++) nested = [nested];
  return refused([
    ['a cycle', () => mapling.sequential({ layers: [mapling.layers.dense(cycle)] }), ''],
    [
      '9,000 levels',
      () => mapling.sequential({ layers: [mapling.layers.dense({ units: nested, inputShape: [2] })] }),
      '',
    ],
    ['9,000 levels of JSON', () => mapling.modelFromJSON(`${'['.repeat(9000)}${']'.repeat(9000)}`), ''],
    [
      'a cycle in an optimizer',
      () => {
        const spec = { className: 'SGD', config: {} };
        spec.config.self = spec;
        model().compile({ optimizer: spec, loss: 'meanSquaredError' });
      },
      '',
    ],
  ]);
});

test('members of TensorFlow.js’ classes that are not here say so, and so do its classes when they are made', () => {
  const { layers, sequential } = mapling;
  const made = sequential({ layers: [layers.dense({ units: 1, inputShape: [1] })] });
  const [layer] = made.layers;
  const uses = [
    [/^Layer\.getNodeAtIndex: not in mapling; the nearest is getInputAt/, () => layer.getNodeAtIndex(0)],
    [/^Layer\.setCallHook: not in mapling/, () => layer.setCallHook(() => {})],
    [/^LayerVariable\.dispose: not in mapling/, () => made.weights[0].dispose()],
    [/^Tensor\.dataToGPU: not in mapling; the nearest is data\(\)$/, () => mapling.tensor([1]).dataToGPU()],
    [/^KernelBackend: not in mapling/, () => new mapling.KernelBackend()],
    [/^layers\.ConvRNN2D: not in mapling/, () => new (class extends layers.ConvRNN2D {})()],
    [/^data\.webcam: not in mapling/, () => mapling.data.webcam()],
    [
      /^models\.modelFromJson: not in mapling; the nearest is modelFromJSON$/,
      () => mapling.models.modelFromJson(),
    ],
  ];
  for (const [message, use] of uses) assert.throws(use, { name: 'Error', code: 'name', message });
  // What a program puts in their place is there.
  layer.losses = [1];
  assert.deepEqual(layer.losses, [1]);
});
