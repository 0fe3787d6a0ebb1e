// A class where a function is expected: an engine would say "Class constructor A cannot be invoked without 'new'" in the
// middle of the work. Here it is refused before, and what was expected is said.
import { createTrainer } from '../../dist/npm/worker/trainer.js';
import { assert, unrecorded as mapling, test } from './mapling.mjs';

class A {}
class Ones extends mapling.initializers.Initializer {
  static className = 'OnesOfClasses';
  apply(shape) {
    return mapling.ones(shape);
  }
}
class Silent extends mapling.Callback {}

const { data, layers, train } = mapling;
const dense = (args) =>
  mapling.sequential({ layers: [layers.dense({ units: 1, inputShape: [2], ...args })] });
const compiled = (args) => {
  const made = dense();
  made.compile({ optimizer: 'sgd', loss: 'meanSquaredError', ...args });
  return made;
};
const fit = (callbacks) => compiled().fit([[1, 2]], [[1]], { callbacks });
const hooked = (hook) => Object.assign(new Silent(), { onEpochEnd: hook });
/** The result of a layer of one's own. */
let made = 0;
const own = (members) => {
  class Own extends layers.Layer {
    static className = `OwnOfClasses${made++}`;
    call(x) {
      return x;
    }
  }
  Object.assign(Own.prototype, members);
  return new Own().apply(mapling.ones([1, 2]));
};

/** What is called, with a class where a function belongs, and how the error begins. */
const PLACES = [
  ['compile: loss: expected a name or a function, got a class A', () => compiled({ loss: A })],
  ['compile: loss:', () => compiled({ loss: [A] })],
  ['compile: loss:', () => compiled({ loss: { dense: A } })],
  ['compile: metrics:', () => compiled({ metrics: [A] })],
  ['compile: weightedMetrics:', () => compiled({ weightedMetrics: [A] })],
  ['compile: optimizer:', () => compiled({ optimizer: A })],
  ...['kernelInitializer', 'kernelRegularizer', 'kernelConstraint', 'activityRegularizer'].map((key) => [
    `Dense: ${key}: expected a name, a function or an object, got a class`,
    () => dense({ [key]: key === 'kernelInitializer' ? Ones : A }),
  ]),
  ['Dense: activation:', () => dense({ activation: A })],
  ['fit: callbacks: expected an object of functions, got a class', () => fit(A)],
  ['fit: callbacks: expected an object of functions, got a class', () => fit([Silent])],
  ['fit: callbacks: onEpochEnd: expected a function', () => fit({ onEpochEnd: A })],
  ['fit: callbacks: onEpochEnd: expected a function', () => fit(hooked(A))],
  ['fit: callbacks: onEpochEnd: expected a function, got 5', () => fit(hooked(5))],
  ['learningRateScheduler:', () => mapling.callbacks.learningRateScheduler(A)],
  ['modelCheckpoint: save:', () => mapling.callbacks.modelCheckpoint({ save: A })],
  ['csvLogger: write:', () => mapling.callbacks.csvLogger({ write: A })],
  ['customGrad:', () => mapling.customGrad(A)],
  [
    'customGrad: the function has to return { value, gradFunc }',
    () => mapling.grad(mapling.customGrad((x) => ({ value: x.square(), gradFunc: A })))(1),
  ],
  ...['grad', 'grads', 'valueAndGrad', 'valueAndGrads'].map((name) => [`${name}:`, () => mapling[name](A)]),
  ...['variableGrads', 'tidy', 'profile', 'time'].map((name) => [`${name}:`, () => mapling[name](A)]),
  ['gradCheck:', () => mapling.gradCheck(A, [1])],
  ['minimize:', () => train.sgd(0.1).minimize(A)],
  ['computeGradients:', () => train.sgd(0.1).computeGradients(A)],
  ['rand:', () => mapling.rand([2], A)],
  ['op:', () => mapling.op({ a: A })],
  ['multiRNNCell:', () => mapling.multiRNNCell([A], [[1]], [[[1]]], [[[1]]])],
  ['stft:', () => mapling.signal.stft(mapling.ones([10]), 4, 2, 4, A)],
  ...['map', 'filter', 'mapAsync', 'forEachAsync'].map((name) => [
    `${name}:`,
    () => data.array([1])[name](A),
  ]),
  ['data.generator:', () => data.generator(A)],
  ['data.func:', () => data.func(A)],
  ['summary:', () => compiled().summary(80, undefined, A)],
  ['withSaveHandler:', () => mapling.io.withSaveHandler(A)],
  ['save:', () => compiled().save({ save: A })],
  ['loadLayersModel:', () => mapling.loadLayersModel({ load: A })],
  [
    'OwnOfClasses',
    () =>
      own({
        build() {
          this.addWeight('w', [1], 'float32', A);
        },
      }),
  ],
  [
    'OwnOfClasses',
    () =>
      own({
        call(x) {
          this.addLoss(A);
          return x;
        },
      }),
  ],
];

const refused = async (start, call) => {
  const told = await Promise.resolve()
    .then(call)
    .then(
      () => 'not refused',
      ({ code, message }) => (code === 'type' && message.startsWith(start) ? '' : `${code}: ${message}`),
    );
  return told && `${start} ${told}`;
};

test('a class where a function is expected is refused, and what was expected is said', async () => {
  const told = [];
  for (const [start, call] of PLACES) told.push(await refused(start, call));
  assert.deepEqual(told.filter(Boolean), []);
});

test('functions of every form are taken, constructors of values too', async () => {
  const ones = [
    () => 1,
    () => 1,
    async () => 1,
    {
      method() {
        return 1;
      },
    }.method,
    (() => 1).bind(null),
  ];
  for (const one of ones) assert.deepEqual(await data.array(['5']).mapAsync(one).toArray(), [1]);
  assert.deepEqual(await data.array(['5', '7']).map(Number).toArray(), [5, 7]);
  assert.deepEqual(await data.array([0, 7]).filter(Boolean).toArray(), [7]);
});

test('a trainer refuses a class, and what makes no worker', async () => {
  const maker = (made) => createTrainer({ worker: made });
  assert.equal(
    await refused('createTrainer: worker: expected an address or a function, got a class', () => maker(A)),
    '',
  );
  for (const nothing of [undefined, 5, {}])
    assert.equal(
      await refused('createTrainer: worker: expected the function to make a Worker', () =>
        maker(() => nothing),
      ),
      '',
    );
  const trainer = await createTrainer();
  try {
    await trainer.setModel(compiled());
    const run = (callbacks) => trainer.fit([[1, 2]], [[1]], { callbacks });
    assert.equal(await refused('subscribe:', async () => trainer.subscribe(A)), '');
    assert.equal(await refused('fit: callbacks: expected an object of functions', () => run(A)), '');
    assert.equal(await refused('fit: callbacks: onEpochEnd:', () => run({ onEpochEnd: A })), '');
    assert.equal(await refused('start: callbacks:', () => trainer.start({ callbacks: [5] })), '');
  } finally {
    trainer.terminate();
  }
});
