// classWeight: how much samples count, or their steps, by the class that the targets say; sample weights beside it.
import { assert, mapling, test } from './mapling.mjs';
import { list, near } from './numbers.mjs';

const { layers, sequential, tensor, train } = mapling;

/** A model whose answers are its bias alone. */
function biased(units, loss, more = {}) {
  const made = sequential({
    layers: [layers.dense({ units, kernelInitializer: 'zeros', inputShape: [1], ...more })],
  });
  made.compile({ optimizer: train.sgd(1), loss });
  return made;
}
const bias = (made) => list(made.getWeights()[1]);

test('binary classes: three negatives and one positive that counts three times leave the bias where it is', async () => {
  const y = tensor([[1], [0], [0], [0]]);
  const classWeight = { 0: 1, 1: 3 };
  const fitted = biased(1, 'binaryCrossentropy', { activation: 'sigmoid' });
  await fitted.fit(mapling.zeros([4, 1]), y, { batchSize: 4, classWeight });
  near(bias(fitted), [0]);
  const stepped = biased(1, 'binaryCrossentropy', { activation: 'sigmoid' });
  await stepped.trainOnBatch(mapling.zeros([4, 1]), y, undefined, classWeight);
  near(bias(stepped), [0]);
  const plain = biased(1, 'binaryCrossentropy', { activation: 'sigmoid' });
  await plain.trainOnBatch(mapling.zeros([4, 1]), y);
  near(bias(plain), [-0.25]);
});

test('classes one-hot, as numbers and as a column are the same; one that is not named counts 1', async () => {
  const forms = [
    [
      'categoricalCrossentropy',
      tensor([
        [1, 0],
        [0, 1],
        [0, 1],
      ]),
    ],
    ['sparseCategoricalCrossentropy', tensor([0, 1, 1])],
    ['sparseCategoricalCrossentropy', tensor([[0], [1], [1]])],
  ];
  for (const [loss, y] of forms) {
    const made = biased(2, loss, { activation: 'softmax' });
    await made.fit(mapling.zeros([3, 1]), y, { batchSize: 3, classWeight: { 1: 5 } });
    // Half of 1 + 5 + 5 each way: (1 − 10) / 2 / 3.
    near(bias(made), [-1.5, 1.5]);
  }
});

test('with sample weights both count; data for validation count by samples only', async () => {
  const made = biased(1, 'meanSquaredError');
  const [x, y] = [mapling.zeros([4, 1]), tensor([[0], [1], [1], [1]])];
  const { history } = await made.fit(x, y, {
    batchSize: 4,
    classWeight: { 1: 3 },
    sampleWeight: tensor([1, 2, 1, 4]),
    validationSplit: 0.25,
  });
  near(history.loss, [(6 + 3) / 3]);
  // The bias is 2 · 9 / 3 after the step; the last sample counts 4.
  near(history.val_loss, [4 * 25]);
  near(list(made.evaluate(x, y, { sampleWeight: tensor([0, 0, 0, 2]) })), [(2 * 25) / 4]);
  near(list(made.testOnBatch(x, y, tensor([0, 0, 0, 2]))), [(2 * 25) / 4]);
  near([await made.trainOnBatch(x, y, tensor([0, 0, 0, 2]), { 1: 2 })].flat(), [(4 * 25) / 4]);
});

test('steps of sequences count by their own classes', async () => {
  const steps = () => {
    const made = sequential({
      layers: [
        layers.timeDistributed({
          layer: layers.dense({ units: 2, kernelInitializer: 'zeros', activation: 'softmax' }),
          inputShape: [2, 1],
        }),
      ],
    });
    return made;
  };
  const x = mapling.zeros([2, 2, 1]);
  const oneHot = tensor([
    [
      [1, 0],
      [0, 1],
    ],
    [
      [0, 1],
      [0, 1],
    ],
  ]);
  const forms = [
    ['categoricalCrossentropy', oneHot],
    [
      'sparseCategoricalCrossentropy',
      tensor([
        [[0], [1]],
        [[1], [1]],
      ]),
    ],
    [
      'sparseCategoricalCrossentropy',
      tensor([
        [0, 1],
        [1, 1],
      ]),
    ],
  ];
  for (const [loss, y] of forms) {
    const made = steps();
    made.compile({ optimizer: train.sgd(1), loss });
    const { history } = await made.fit(x, y, { classWeight: { 0: 3 } });
    near(history.loss, [(Math.log(2) * 6) / 4], 1e-5);
    near(list(made.getWeights()[1]), [0, 0]);
  }
  const made = steps();
  made.compile({ optimizer: train.sgd(1), loss: 'categoricalCrossentropy' });
  const { history } = await made.fit(x, oneHot, { classWeight: { 0: 3 }, sampleWeight: tensor([2, 0]) });
  near(history.loss, [(Math.log(2) * 8) / 4], 1e-5);
});

test('class weights that make no sense are refused by name', async () => {
  const made = biased(1, 'meanSquaredError');
  const [x, y] = [mapling.zeros([2, 1]), mapling.ones([2, 1])];
  const mistakes = [
    [/^fit: classWeight: expected \{ class: weight \}, got 5$/, 5],
    [/^fit: classWeight: expected the number of a class, got "a"$/, { a: 1 }],
    [/^fit: classWeight: class 1: expected a finite number, got "2"$/, { 1: '2' }],
    [/^fit: classWeight: class 1: expected a finite number, got NaN$/, { 1: Number.NaN }],
  ];
  for (const [message, classWeight] of mistakes)
    await assert.rejects(() => made.fit(x, y, { classWeight }), { message });
  const ends = [1, 2].map(() => mapling.input({ shape: [1] }));
  const both = mapling.model({
    inputs: ends,
    outputs: ends.map((end) => layers.dense({ units: 1 }).apply(end)),
  });
  both.compile({ optimizer: 'sgd', loss: 'meanSquaredError' });
  await assert.rejects(
    () => both.fit([x, x], [y, y], { classWeight: { 1: 2 } }),
    /for models with one output; there are 2$/,
  );
  assert.deepEqual(list(mapling.add(1, 2)), [3]);
});
