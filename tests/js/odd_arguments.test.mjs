// Every exported function with every argument in turn replaced by what makes no sense there: it is taken or refused.
import { assert, unrecorded as mapling, test } from './mapling.mjs';
import { oracle, revive } from './oracle.mjs';
import { alive, fault, model, picture, x } from './refused.mjs';

/** Values that fit nowhere, or only by chance. */
const ODD = [
  undefined,
  null,
  true,
  Number.NaN,
  Number.POSITIVE_INFINITY,
  -1,
  1.5,
  2 ** 53,
  '',
  'text',
  [],
  [-1],
  [0.5],
  [Number.NaN],
  [null],
  [[1], [2, 3]],
  ['a'],
  {},
  { length: 3 },
  () => 1,
  Symbol('odd'),
  5n,
  [5n],
  new Date(0),
  /x/,
  new Map(),
  Promise.resolve(),
  new Uint8Array(0),
  new DataView(new ArrayBuffer(4)),
  BigInt64Array.of(1n),
  Object.create(null),
  [Symbol('odd')],
  [undefined],
];
/** Arguments that fit, for functions that the oracle does not know. */
const FITTING = {
  tensor: [[1, 2], [2], 'float32'],
  tensor1d: [[1, 2], 'int32'],
  tensor2d: [[1, 2], [1, 2], 'bool'],
  tensor3d: [
    [1, 2],
    [1, 1, 2],
  ],
  tensor4d: [
    [1, 2],
    [1, 1, 1, 2],
  ],
  tensor5d: [
    [1, 2],
    [1, 1, 1, 1, 2],
  ],
  tensor6d: [
    [1, 2],
    [1, 1, 1, 1, 1, 2],
  ],
  scalar: [1, 'float32'],
  randomNormal: [[2], 0, 1, 'float32', 1],
  randomUniform: [[2], 0, 1, 'float32', 1],
  digit: [
    [
      [
        [0, 0],
        [5, 9],
      ],
    ],
  ],
  sequential: [{}],
  modelFromJSON: ['{}'],
  loadModel: [{ json: '{}', weights: new Uint8Array(0) }],
  tidy: ['name', () => 1],
  complex: [
    [1, 2],
    [3, 4],
  ],
  cosineWindow: [4, 0.5, 0.5],
  enclosingPowerOfTwo: [5],
  rfft: [[1, 2, 3], 4],
  ...inNamespaces(),
};
/** Members of namespaces. */
function inNamespaces() {
  const photo = mapling.ones([1, 3, 3, 3]);
  const boxes = [
    [0, 0, 1, 1],
    [0, 0.5, 1, 1],
  ];
  const scores = [0.5, 0.4];
  return {
    'image.resizeBilinear': [photo, [2, 2], false, true],
    'image.resizeNearestNeighbor': [photo, [2, 2], false, true],
    'image.cropAndResize': [photo, boxes, [0, 0], [2, 2], 'bilinear', 0],
    'image.flipLeftRight': [photo],
    'image.grayscaleToRGB': [mapling.ones([2, 2, 1])],
    'image.rgbToGrayscale': [photo],
    'image.rotateWithOffset': [photo, 1, [1, 2, 3], [0.5, 0.5]],
    'image.transform': [photo, [[1, 0, 0, 0, 1, 0, 0, 0]], 'bilinear', 'reflect', 0, [2, 2]],
    'image.threshold': [mapling.ones([2, 2, 3]), 'otsu', false, 0.5],
    'image.nonMaxSuppression': [boxes, scores, 2, 0.5, 0],
    'image.nonMaxSuppressionAsync': [boxes, scores, 2, 0.5, 0],
    'image.nonMaxSuppressionWithScore': [boxes, scores, 2, 0.5, 0, 0.1],
    'image.nonMaxSuppressionWithScoreAsync': [boxes, scores, 2, 0.5, 0, 0.1],
    'signal.frame': [[1, 2, 3], 2, 1, true, 0],
    'signal.stft': [[1, 2, 3], 2, 1, 4],
    'signal.hannWindow': [4],
    'signal.hammingWindow': [4],
    'browser.fromPixels': [{ data: new Uint8Array(4), width: 1, height: 1 }, 3],
    'browser.fromPixelsAsync': [{ data: new Uint8Array(4), width: 1, height: 1 }, 3],
    'browser.toPixels': [[[1, 2]], null],
    'browser.draw': [[[1, 2]], {}, {}],
  };
}
/** These restart the instance, wait for something outside, or print. */
const LEFT_OUT = new Set(['init', 'nextFrame', 'ready', 'print']);
const isClass = (value) => typeof value === 'function' && /^class/.test(String(value));

/** Calls with one argument after the other replaced by each odd value, with the rest left as it is, or left out. */
function* fuzzed(args) {
  for (let place = 0; place < Math.max(1, args.length); place++) {
    for (const odd of ODD) {
      yield [...args.slice(0, place), odd];
      if (place < args.length - 1) yield [...args.slice(0, place), odd, ...args.slice(place + 1)];
    }
  }
  yield [];
  yield [...args, {}, 'more'];
}

/** What is wrong with how `call` takes odd arguments; at most a few of a kind. */
async function fuzz(label, name, call, args) {
  const wrong = new Map();
  for (const odd of fuzzed(args)) {
    try {
      const result = call(odd);
      if (typeof result?.then === 'function') await result;
    } catch (error) {
      const said = fault(error, name);
      if (said && !/not in mapling/.test(error.message)) wrong.set(said.slice(0, 60), `${label}: ${said}`);
    }
  }
  const dead = await alive();
  return [...wrong.values()].slice(0, 3).concat(dead ? [`${label}: ${dead}`] : []);
}

const fitting = (name) => {
  if (Object.hasOwn(FITTING, name)) return () => FITTING[name];
  for (const cases of Object.values(oracle)) {
    const found = cases.filter(({ op, out, args }) => op === name && out && args.length > 0);
    // The one with the most arguments.
    if (found.length > 0) {
      const most = found.reduce((best, one) => (one.args.length > best.args.length ? one : best));
      return () => revive(most.args);
    }
  }
  return () => [x(), x(), x()];
};

/** Names that are there only to say that they are not say the same of everything. */
const isAbsent = (value) => {
  try {
    const answer = value();
    if (typeof answer?.catch === 'function') answer.catch(() => {});
  } catch ({ message }) {
    return /not in mapling/.test(message);
  }
  return false;
};

for (const name of Object.keys(mapling)) {
  const value = mapling[name];
  if (typeof value !== 'function' || isClass(value) || LEFT_OUT.has(name) || isAbsent(value)) continue;
  test(`odd arguments: ${name} takes them or refuses them by name`, async () => {
    assert.deepEqual(await fuzz(name, name, (args) => value(...args), fitting(name)()), []);
  });
}

test('odd arguments: methods of tensors take them or refuse them by name', async () => {
  const wrong = [];
  for (const name of Object.getOwnPropertyNames(mapling.Tensor.prototype)) {
    const { value } = Object.getOwnPropertyDescriptor(mapling.Tensor.prototype, name);
    if (typeof value !== 'function' || /constructor|^print$|dispose/.test(name)) continue;
    const [, ...rest] = fitting(name)();
    const self = name === 'conv2d' || /Pool/.test(name) ? picture() : x();
    wrong.push(...(await fuzz(`tensor.${name}`, name, (args) => self[name](...args), rest)));
  }
  assert.deepEqual(wrong, []);
});

/** A layer in a model, an optimizer in a compiled one: what a setting means is often looked at only there. */
const used = {
  layers: (layer) => mapling.sequential({ layers: [layer] }),
  train: (optimizer) => model().compile({ optimizer, loss: 'meanSquaredError' }),
};

for (const [namespace, members] of Object.entries(mapling)) {
  if (typeof members !== 'object' || members === null || namespace === 'datasets') continue;
  test(`odd arguments: members of ${namespace} take them or refuse them, alone and in a model`, async () => {
    const wrong = [];
    for (const [name, make] of Object.entries(members)) {
      // `assert` throws what it is given.
      if (typeof make !== 'function' || isClass(make) || name === 'assert') continue;
      const use = (args) => (used[namespace] ?? ((made) => made))(make(...args));
      const label = `${namespace}.${name}`;
      const args = FITTING[label] ?? [{ units: 1 }, 1, 1];
      wrong.push(...(await fuzz(label, '', use, args)));
    }
    assert.deepEqual(wrong, []);
  });
}

/** Layers with settings that fit, each of which is replaced in turn; what a layer does not know it refuses. */
const LAYERS = {
  dense: { units: 2, inputShape: [4] },
  conv2d: { filters: 2, kernelSize: 2, inputShape: [4, 4, 1] },
  maxPooling2d: { poolSize: 2, inputShape: [4, 4, 1] },
  averagePooling2d: { poolSize: 2, inputShape: [4, 4, 1] },
  lstm: { units: 2, inputShape: [3, 2] },
  dropout: { rate: 0.5, inputShape: [4] },
  activation: { activation: 'relu', inputShape: [4] },
  reshape: { targetShape: [2, 2], inputShape: [4] },
  flatten: { inputShape: [2, 2] },
};
const SETTINGS = [
  ...[
    'units',
    'filters',
    'kernelSize',
    'poolSize',
    'strides',
    'padding',
    'dilationRate',
    'dataFormat',
    'rate',
  ],
  ...[
    'targetShape',
    'activation',
    'recurrentActivation',
    'useBias',
    'unitForgetBias',
    'returnSequences',
    'dropout',
  ],
  ...[
    'kernelInitializer',
    'recurrentInitializer',
    'biasInitializer',
    'trainable',
    'name',
    'inputShape',
    'batchInputShape',
  ],
];

test('odd settings: layers take them or refuse them, one after the other', async () => {
  const wrong = [];
  for (const [name, fit] of Object.entries(LAYERS)) {
    for (const key of SETTINGS) {
      const use = ([odd]) => used.layers(mapling.layers[name]({ ...fit, [key]: odd }));
      wrong.push(...(await fuzz(`layers.${name}({ ${key} })`, '', use, [])));
    }
  }
  assert.deepEqual(wrong, []);
});

test('odd arguments: classes take them or refuse them', async () => {
  const wrong = [];
  for (const [name, type] of Object.entries(mapling)) {
    // A tensor's constructor takes what it is given; programs call `tensor`.
    if (!isClass(type) || name === 'Tensor') continue;
    const use = (args) => {
      const made = new type(...args);
      if (made instanceof mapling.Layer) used.layers(made);
      if (made instanceof mapling.Optimizer) used.train(made);
    };
    wrong.push(...(await fuzz(`new ${name}`, '', use, [{}, {}])));
  }
  assert.deepEqual(wrong, []);
});

test('odd arguments: data sets take them or refuse them', async () => {
  const { digits, files, mnist } = mapling.datasets;
  const file = (odd) => ({ name: odd, bytes: odd });
  const calls = {
    // Without a number there would be 12,000 digits.
    count: (odd) => digits({ count: odd ?? 3 }),
    seed: (odd) => digits({ seed: odd, count: 3 }),
    file: (odd) => files([odd]),
    files: (odd) => files(odd),
    bytes: (odd) =>
      files([
        { ...file(odd), name: 'train-images' },
        { ...file(odd), name: 'train-labels' },
      ]),
    mnist: (odd) => mnist(odd),
    url: (odd) => mnist({ url: odd }),
    cache: (odd) => mnist({ url: 'nowhere', cache: odd }),
  };
  const wrong = [];
  for (const [name, call] of Object.entries(calls))
    wrong.push(...(await fuzz(name, '', ([odd]) => call(odd), [])));
  assert.deepEqual(wrong, []);
});

test('odd arguments: methods of models take them or refuse them', async () => {
  const [rows, targets] = [x(), mapling.zeros([2, 1])];
  const uses = {
    add: [mapling.layers.dense({ units: 1 })],
    build: [[null, 3]],
    compile: [{ optimizer: 'sgd', loss: 'meanSquaredError' }],
    fit: [rows, targets, { epochs: 1 }],
    evaluate: [rows, targets, {}],
    predict: [rows, {}],
    predictOnBatch: [rows],
    trainOnBatch: [rows, targets],
    testOnBatch: [rows, targets],
    setWeights: [[mapling.zeros([3, 1]), mapling.zeros([1])]],
    loadWeights: [new Uint8Array(8)],
    getLayer: ['name', 0],
    summary: [66, [0.5, 0.8, 1], () => {}],
  };
  const wrong = [];
  const { log } = console;
  console.log = () => {};
  try {
    for (const [name, args] of Object.entries(uses)) {
      wrong.push(...(await fuzz(`model.${name}`, '', (odd) => model()[name](...odd), args)));
    }
  } finally {
    console.log = log;
  }
  assert.deepEqual(wrong, []);
});
