import { closeNumbers, judged, settings, tensorOf } from './keras.mjs';
import { assert, mapling, test } from './mapling.mjs';

const { metrics } = mapling;
const functionName = (className) =>
  className.replace(/^([A-Z]+)(?=[A-Z][a-z]|$)|^[A-Z]/, (capitals) => capitals.toLowerCase());

for (const one of judged('metrics')) {
  const [yTrue, yPred] = [tensorOf(one.y_true), tensorOf(one.y_pred)];
  const weights = one.weights && tensorOf(one.weights);
  test(`metrics.${one.metric} as an object, batch by batch: ${one.name}`, () => {
    const metric = metrics[one.metric](settings(one.config));
    const rows = yTrue.shape[0];
    for (const half of [0, rows / 2]) {
      const part = (x) => x?.slice(half, rows / 2);
      metric.updateState(part(yTrue), part(yPred), part(weights));
    }
    closeNumbers('value', [metric.result()], [one.value], 1e-5);
    metric.resetState();
    assert.equal(metric.result(), 0);
    metric.updateState(yTrue, yPred, weights);
    closeNumbers('again', [metric.result()], [one.value], 1e-5);
    assert.equal(metric.getClassName(), one.metric);
    assert.deepEqual(metric.getConfig(), settings(one.config));
    metric.dispose();
  });
  if (weights) continue;
  test(`metrics.${functionName(one.metric)} as a function: ${one.name}`, () => {
    const value = metrics[functionName(one.metric)](yTrue, yPred, settings(one.config));
    closeNumbers('value', [value.mean().arraySync()], [one.value], 1e-5);
  });
}

const [y, p] = [
  mapling.tensor2d([
    [1, 0],
    [0, 1],
  ]),
  mapling.tensor2d([
    [0.75, 0.25],
    [0.5, 0.25],
  ]),
];

test('functions give a value for each sample, where a metric is a mean', () => {
  const rows = (name, want, args) => {
    closeNumbers(name, metrics[name](...(args ?? [y, p])).dataSync(), want, 1e-5);
    // The object's value is the mean of them.
    const className = name === 'klDivergence' ? 'KLDivergence' : name[0].toUpperCase() + name.slice(1);
    if (!metrics[className].call) return;
    const metric = metrics[className]();
    metric.updateState(...(args ?? [y, p]));
    closeNumbers(className, [metric.result()], [want.reduce((a, b) => a + b) / want.length], 1e-5);
  };
  rows('binaryAccuracy', [1, 0.5]);
  rows('categoricalAccuracy', [1, 0]);
  rows('sparseCategoricalAccuracy', [1, 0], [[0, 1], p]);
  rows('topKCategoricalAccuracy', [1, 1]);
  rows('sparseTopKCategoricalAccuracy', [1, 1], [[0, 1], p]);
  rows('meanSquaredError', [0.0625, 0.40625]);
  rows('meanAbsoluteError', [0.25, 0.625]);
  const [hundredths] = metrics.meanAbsolutePercentageError([[2, 4]], [[1, 5]]).dataSync();
  closeNumbers('percentage', [hundredths], [37.5], 1e-5);
  rows('meanAbsolutePercentageError', [37.5], [[[2, 4]], [[1, 5]]]);
  rows('meanSquaredLogarithmicError', [Math.log(2) ** 2], [[[1]], [[3]]]);
  rows('logCoshError', [Math.log(Math.cosh(2))], [[[1]], [[3]]]);
  rows('hinge', [0.5], [[[1]], [[0.5]]]);
  rows('squaredHinge', [0.25], [[[1]], [[0.5]]]);
  rows('categoricalHinge', [0.5, 1.25]);
  rows('klDivergence', [Math.log(2)], [[[1]], [[0.5]]]);
  rows('poisson', [2 - 3 * Math.log(2)], [[[3]], [[2]]]);
  rows('cosineSimilarity', [0.6], [[[3, 4]], [[1, 0]]]);
  rows('binaryCrossentropy', [Math.log(2)], [[[1]], [[0.5]]]);
  rows('categoricalCrossentropy', [-Math.log(0.75)], [[[1, 0]], [[0.75, 0.25]]]);
  rows('sparseCategoricalCrossentropy', [-Math.log(0.75)], [[0], [[0.75, 0.25]]]);
  for (const name of ['mse', 'MSE'])
    closeNumbers(name, metrics[name](y, p).dataSync(), [0.0625, 0.40625], 1e-5);
  for (const name of ['mae', 'MAE']) closeNumbers(name, metrics[name](y, p).dataSync(), [0.25, 0.625], 1e-5);
  for (const name of ['mape', 'MAPE'])
    closeNumbers(name, metrics[name]([[2, 4]], [[1, 5]]).dataSync(), [37.5], 1e-5);
});

test('functions give one value, where a metric is no mean', () => {
  const one = (name, className, want, args = [y, p]) => {
    closeNumbers(name, metrics[name](...args).dataSync(), [want], 1e-5);
    const metric = metrics[className](args[2]);
    metric.updateState(args[0], args[1]);
    closeNumbers(className, [metric.result()], [want], 1e-5);
  };
  const answers = [
    [1, 0, 1, 1],
    [0.9, 0.8, 0.7, 0.1],
  ].map((row) => mapling.tensor2d(row, [4, 1]));
  one('accuracy', 'Accuracy', 0.5);
  one('rootMeanSquaredError', 'RootMeanSquaredError', 5, [[[0]], [[5]]]);
  one('precision', 'Precision', 2 / 3, answers);
  one('recall', 'Recall', 2 / 3, answers);
  one('f1Score', 'F1Score', 2 / 3, [...answers, { threshold: 0.5 }]);
  one('fBetaScore', 'FBetaScore', 2 / 3, [...answers, { threshold: 0.5, beta: 2 }]);
  one('auc', 'AUC', 1 / 3, answers);
  one('truePositives', 'TruePositives', 2, answers);
  one('falsePositives', 'FalsePositives', 1, answers);
  one('falseNegatives', 'FalseNegatives', 1, answers);
  one('trueNegatives', 'TrueNegatives', 0, answers);
  one('r2Score', 'R2Score', 0.75, [
    [[1], [3]],
    [[1.5], [2.5]],
  ]);
  one('perplexity', 'Perplexity', 2, [[0], [[0.5, 0.5]]]);
});

test('an object tells the value of each row too, and may be used again once it is freed', () => {
  const metric = metrics.MeanAbsoluteError();
  metric.updateState(y, p);
  metric.dispose();
  assert.equal(metric.result(), 0);
  assert.deepEqual(Array.from(metric.each(y, p).dataSync()), [0.25, 0.625]);
});

test('confusionMatrix counts pairs of classes', () => {
  const want = [
    [1, 1, 0],
    [0, 1, 0],
    [1, 0, 0],
  ];
  for (const owner of [metrics, mapling.math]) {
    const counts = owner.confusionMatrix([0, 0, 1, 2], [0, 1, 1, 0], 3);
    assert.deepEqual(counts.arraySync(), want);
    assert.equal(counts.dtype, 'int32');
  }
});

test('samples count by their weights in updateState and in weightedMetrics', async () => {
  const metric = metrics.MeanAbsoluteError();
  metric.updateState([[0], [0]], [[1], [2]], [1, 3]);
  assert.equal(metric.result(), 7 / 4);
  const model = mapling.sequential({
    layers: [mapling.layers.dense({ units: 1, useBias: false, inputShape: [1], kernelInitializer: 'ones' })],
  });
  model.compile({
    optimizer: 'sgd',
    loss: 'mse',
    metrics: ['mae'],
    weightedMetrics: [metrics.MeanAbsoluteError({ name: 'heavy' })],
  });
  assert.deepEqual(model.metricsNames, ['loss', 'mae', 'heavy']);
  const [x, zero] = [mapling.tensor2d([[1], [2]]), mapling.tensor2d([[0], [0]])];
  const [, mae, heavy] = model.evaluate(x, zero, { sampleWeight: [1, 3] });
  assert.deepEqual([mae.arraySync(), heavy.arraySync()], [1.5, 1.75]);
});

test('a model takes metrics by name, as objects and as functions, over the epoch', async () => {
  const model = mapling.sequential({
    layers: [mapling.layers.dense({ units: 1, useBias: false, inputShape: [1], kernelInitializer: 'ones' })],
  });
  model.compile({
    optimizer: 'sgd',
    loss: mapling.losses.BinaryCrossentropy(),
    metrics: ['precision', metrics.Precision({ thresholds: 0.75, name: 'strict' }), metrics.AUC()],
  });
  const [x, y] = [
    mapling.tensor2d([[0.9], [0.1], [0.8], [0.7], [0.6], [0.2]]),
    mapling.tensor2d([[1], [0], [0], [0], [1], [1]]),
  ];
  const found = model.evaluate(x, y, { batchSize: 2 }).map((value) => value.arraySync());
  closeNumbers('precision, strict, auc', found.slice(1), [2 / 4, 1 / 2, 5 / 9], 1e-5);
  assert.deepEqual(model.metricsNames, ['loss', 'precision', 'strict', 'auc']);
});

test('what does not fit is refused under the name of the metric', () => {
  const refused = (call, text) =>
    assert.throws(call, (error) => error.message.includes(text) || assert.fail(error.message));
  refused(() => metrics.precision([[1, 2]], [[1]]), 'precision: targets are [1, 2]');
  refused(() => metrics.auc([[1]], [[1]], { numThreshold: 3 }), 'did you mean "numThresholds"?');
  refused(() => metrics.AUC({ numThresholds: Number.NaN }), 'expected a finite number');
  refused(() => metrics.sparseCategoricalAccuracy([-1], [[0.5, 0.5]]), 'class number');
  refused(() => metrics.confusionMatrix([3], [0], 3), 'class number below 3');
  refused(() => metrics.bleu(), 'not in mapling');
});
