import { closeNumbers, judged, settings, tensorOf } from './keras.mjs';
import { assert, mapling, test } from './mapling.mjs';
import { testFamily } from './oracle.mjs';

testFamily('losses');

const { losses, Reduction } = mapling;
const functionName = (className) =>
  className === 'KLDivergence' ? 'klDivergence' : className[0].toLowerCase() + className.slice(1);

for (const one of judged('losses')) {
  const [yTrue, yPred] = [tensorOf(one.y_true), tensorOf(one.y_pred)];
  test(`losses.${one.loss} as an object: ${one.name}, with its gradient`, () => {
    const loss = losses[one.loss](settings(one.config));
    closeNumbers('value', loss.call(yTrue, yPred).dataSync(), [one.value], 1e-5);
    const gradient = mapling.grad((x) => loss.call(yTrue, x))(yPred);
    closeNumbers('gradient', gradient.dataSync(), one.dy_pred.data, 1e-5);
    assert.equal(loss.getClassName(), one.loss);
    assert.deepEqual(loss.getConfig(), settings(one.config));
  });
  if (Object.entries(one.config).some(([key, value]) => key !== 'axis' || value !== -1)) continue;
  test(`losses.${functionName(one.loss)} as a function: ${one.name}, with its gradient`, () => {
    const loss = losses[functionName(one.loss)];
    closeNumbers('value', loss(yTrue, yPred).dataSync(), [one.value], 1e-5);
    const gradient = mapling.grad((x) => loss(yTrue, x))(yPred);
    closeNumbers('gradient', gradient.dataSync(), one.dy_pred.data, 1e-5);
  });
}

const [y, p] = [
  mapling.tensor2d([
    [1, 0],
    [0, 1],
  ]),
  mapling.tensor2d([
    [0.75, 0.5],
    [0.25, 0.5],
  ]),
];

test('focal losses count what is nearly right little', () => {
  // Each value's probability of being right is 0.75 or 0.5.
  const term = (q) => -((1 - q) ** 2) * Math.log(q);
  const binary = losses.binaryFocalCrossentropy(y, p, null, Reduction.NONE).dataSync();
  closeNumbers('binary', binary, [(term(0.75) + term(0.5)) / 2, (term(0.75) + term(0.5)) / 2], 1e-5);
  const balanced = losses.BinaryFocalCrossentropy({ applyClassBalancing: true, alpha: 0.25, gamma: 1 });
  const once = (q, alpha) => -alpha * (1 - q) * Math.log(q);
  const each = [once(0.75, 0.25), once(0.5, 0.75), once(0.75, 0.75), once(0.5, 0.25)];
  closeNumbers('balanced', balanced.call(y, p).dataSync(), [each.reduce((a, b) => a + b) / 4], 1e-5);
  // Rows are divided by their sums.
  const rows = [0.6, 2 / 3].map((q) => 0.25 * term(q));
  const categorical = losses.categoricalFocalCrossentropy(y, p, null, Reduction.NONE).dataSync();
  closeNumbers('categorical', categorical, rows, 1e-5);
  const object = losses.CategoricalFocalCrossentropy({ alpha: 1 }).call(y, p).dataSync();
  closeNumbers('alpha', object, [(4 * (rows[0] + rows[1])) / 2], 1e-5);
});

test('probabilities that do not add up to 1 are divided by their sum, then kept from 0', () => {
  const value = losses.categoricalCrossentropy([[1, 0]], [[0.25, 0.75]]).dataSync()[0];
  const doubled = losses.categoricalCrossentropy([[1, 0]], [[0.5, 1.5]]).dataSync()[0];
  closeNumbers('value', [value, doubled], [Math.log(4), Math.log(4)], 1e-5);
});

test('weights and reductions are those of TensorFlow.js', () => {
  const each = mapling.tensor1d([1, 2, 3]);
  const of = (weights, reduction) => losses.computeWeightedLoss(each, weights, reduction).arraySync();
  assert.equal(of(), 2);
  assert.equal(of([2, 0, 1]), 2.5);
  assert.equal(of([2, 0, 1], Reduction.SUM), 5);
  closeNumbers('mean', [of([2, 0, 1], Reduction.MEAN)], [5 / 3], 1e-6);
  assert.deepEqual(of([2, 0, 1], Reduction.NONE), [2, 0, 3]);
  assert.equal(losses.cosineDistance([[1, 0]], [[0.5, 1]], 1).arraySync(), 0.5);
  assert.equal(losses.absoluteDifference([[1], [2]], [[2], [4]], [[1], [0]]).arraySync(), 1);
  assert.equal(
    losses
      .MeanAbsoluteError({ reduction: 'sum' })
      .call([[1], [2]], [[2], [4]])
      .arraySync(),
    3,
  );
  const weighted = losses.MeanAbsoluteError({ reduction: 'mean_with_sample_weight' });
  closeNumbers('weights', weighted.call([[1], [2]], [[2], [4]], [2, 1]).dataSync(), [4 / 3], 1e-6);
});

test('class numbers for each step of a sequence are taken', () => {
  const scores = mapling.tensor3d([
    [
      [0.5, 0.5],
      [0.25, 0.75],
    ],
  ]);
  const found = losses.sparseCategoricalCrossentropy([[0, 1]], scores, null, Reduction.NONE);
  closeNumbers('steps', found.dataSync(), [Math.log(2), -Math.log(0.75)], 1e-6);
  assert.deepEqual(found.shape, [1, 2]);
});

test('what does not fit is refused under the name of the loss', () => {
  const refused = (call, text) => assert.throws(call, (error) => error.message.includes(text));
  refused(() => losses.huber([[1, 2]], [[1]]), 'losses.huber');
  refused(() => losses.meanSquaredError([[1, 2]], [[1, 2, 3]]), 'losses.meanSquaredError');
  refused(() => losses.Huber({ delt: 2 }).call([[1]], [[1]]), 'did you mean "delta"?');
  refused(() => losses.Huber({ delta: Number.NaN }), 'expected a finite number');
  refused(() => losses.sparseCategoricalCrossentropy([2], [[0.5, 0.5]]), 'label 2 is outside');
});
