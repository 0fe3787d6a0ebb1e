// An error names the function that the program has called, and not one that this one calls in its turn: a table over all
// methods of models, trainers, optimizers and data sets, each called with a first argument that makes no sense.
import { createTrainer } from '../../dist/npm/worker/trainer.js';
import { assert, unrecorded as mapling, test } from './mapling.mjs';

const { data, layers, train } = mapling;

const compiled = (model) => {
  model.compile({ optimizer: 'sgd', loss: 'meanSquaredError' });
  return model;
};
const row = () => compiled(mapling.sequential({ layers: [layers.dense({ units: 1, inputShape: [2] })] }));
const graph = () => {
  const x = mapling.input({ shape: [2] });
  return compiled(mapling.model({ inputs: x, outputs: layers.dense({ units: 1 }).apply(x) }));
};

const NONSENSE = [
  null,
  undefined,
  5,
  Number.NaN,
  'nonsense',
  new Map(),
  () => 1,
  Symbol('odd'),
  { odd: 1 },
  [null],
];

/** The names of all methods of an object, but for those of its insides. */
function methodsOf(object) {
  const names = new Set();
  for (let from = object; from && from !== Object.prototype; from = Object.getPrototypeOf(from))
    for (const [name, { value }] of Object.entries(Object.getOwnPropertyDescriptors(from)))
      if (typeof value === 'function' && !/^_|_$/.test(name) && name !== 'constructor') names.add(name);
  return [...names].sort();
}

/** What TypeScript calls private or protected, and programs do not see. */
const INSIDE = new Set([
  'dimsOf',
  'ensureBuilt',
  'findWeights',
  'know',
  'layerOf',
  'makeHandle',
  'makeHome',
  'optimizer',
]);
/** Names of TensorFlow.js that are refused whatever they are given, with the nearest. */
const ELSEWHERE = /not in mapling; the nearest is/;
/**
 * Methods that a layer answers by being applied, whose errors say `apply`, or which are told by the core of the layer that
 * finds the fault.
 */
const APPLIED = new Set(['apply', 'call', 'computeMask', 'computeOutputShape', 'build']);

async function check(make, { skip = [], fewer = NONSENSE } = {}) {
  const wrong = [];
  for (const name of methodsOf(await make())) {
    if (INSIDE.has(name) || APPLIED.has(name) || skip.includes(name)) continue;
    for (const one of fewer) {
      const object = await make();
      try {
        await object[name](one);
      } catch (error) {
        const { message, code } = error;
        const isNamed =
          new RegExp(`^(layer \\w+: |\\w+[.:] ?)?${name}\\b`).test(message) || ELSEWHERE.test(message);
        if (!isNamed || typeof code !== 'string') wrong.push(`${name}(${String(one)}): ${code}: ${message}`);
      }
    }
  }
  assert.deepEqual(wrong, []);
}

for (const [what, make] of Object.entries({ 'a sequential model': row, 'a model of symbols': graph }))
  test(`errors of ${what} name the method that was called`, () =>
    // What prints, or ends it, takes anything.
    check(make, { skip: ['summary'] }));

test('errors of an optimizer name the method that was called', async () => {
  await check(() => train.adam(0.1));
  await check(() => train.momentum(0.1, 0.9));
});

test('errors of a data set name the method that was called', async () => {
  await check(() => data.array([1, 2, 3]));
  await check(() => data.csv('data:text/csv,a%0A1'), { fewer: [null, 5] });
});

test('errors of a trainer name the method that was called', async () => {
  const trainer = await createTrainer();
  try {
    await trainer.setModel(row());
    await check(() => trainer, { skip: ['terminate'] });
  } finally {
    trainer.terminate();
  }
});

test('errors name the argument beside the function', async () => {
  const [x, y] = [
    [
      [1, 2],
      [3, 4],
    ],
    [[1], [2]],
  ];
  const says = (call, message, code) =>
    assert.rejects(
      async () => call(),
      ({ message: got, code: is }) => {
        assert.match(got, message);
        assert.equal(is, code, got);
        return true;
      },
    );
  const expected =
    /expected a tensor, an array, a list of tensors or \{ name: tensor \}, got a (Map|Set|Promise)$/;
  for (const odd of [new Map(), new Set(), Promise.resolve(x)]) {
    await says(() => row().fit(odd, y), expected, 'type');
    await says(() => row().fit(x, odd), expected, 'type');
    await says(() => row().predict(odd), expected, 'type');
    await says(() => row().evaluate(odd, y), expected, 'type');
  }
  await says(() => row().predictOnBatch(null), /^predictOnBatch: x: /, 'type');
  await says(() => row().testOnBatch(null, y), /^testOnBatch: x: /, 'type');
  await says(() => row().testOnBatch(x, y, [1]), /^testOnBatch: sampleWeight: /, 'shape');
  await says(() => mapling.regularizers.l2({ l2: 'x' }).apply([1]), /^regularizers\.l2: /, 'value');
  await says(
    () => mapling.constraints.maxNorm({ axis: 0.5 }).apply([[1]]),
    /^constraints\.maxNorm: /,
    'value',
  );
  const trainer = await createTrainer();
  try {
    await trainer.setModel(row());
    await says(
      () => trainer.fit([[1, 2, 3]], [[1]]),
      /^fit: the model takes samples of shape \[2\]/,
      'shape',
    );
    await says(() => trainer.fit(x, y, { epochs: -1 }), /^fit: epochs: /, 'value');
    await says(() => trainer.start(), /^start: data: /, 'name');
    await trainer.setData('train', x, y);
    await says(() => trainer.start({ epochs: -1 }), /^start: epochs: /, 'value');
    await says(() => trainer.start({ callbacks: 5 }), /^start: callbacks: /, 'type');
    await says(() => trainer.plan(null), /^plan: expected a model/, 'type');
    await says(() => trainer.plan({ json: 5 }), /^plan: /, 'type');
    await says(() => trainer.weights(7), /^weights: layer: there are 1 layers, got 7$/, 'value');
    await says(
      () => trainer.fit(x, y, { validationData: 0 }),
      /^fit: validationData: expected \[x, y\]/,
      'type',
    );
  } finally {
    trainer.terminate();
  }
});
