// Flowers of three kinds by four measures: a small network, its accuracy and its confusion.
import assert from 'node:assert/strict';
import * as tf from '@tensorflow/tfjs';

const KINDS = ['setosa', 'versicolor', 'virginica'];
/** Measures around a centre for each kind. */
const CENTRES = [
  [5.0, 3.4, 1.5, 0.25],
  [5.9, 2.8, 4.3, 1.3],
  [6.6, 3.0, 5.6, 2.0],
];
function flowers(each) {
  const noise = tf.randomNormal([KINDS.length * each, 4], 0, 0.3, 'float32', 7).arraySync();
  return noise.map((row, at) => {
    const kind = at % KINDS.length;
    return { kind, measures: row.map((value, i) => CENTRES[kind][i] + value) };
  });
}

/** The data as tensors: for each kind a share is kept for testing. */
function split(data, testSplit) {
  return tf.tidy(() => {
    const [xTrain, yTrain, xTest, yTest] = [[], [], [], []];
    for (let kind = 0; kind < KINDS.length; kind++) {
      const own = data.filter((one) => one.kind === kind);
      tf.util.shuffle(own);
      const test = Math.round(own.length * testSplit);
      const xs = tf.tensor2d(
        own.map(({ measures }) => measures),
        [own.length, 4],
      );
      const ys = tf.oneHot(tf.tensor1d(own.map((one) => one.kind)).toInt(), KINDS.length);
      xTrain.push(xs.slice([0, 0], [own.length - test, 4]));
      xTest.push(xs.slice([own.length - test, 0], [test, 4]));
      yTrain.push(ys.slice([0, 0], [own.length - test, KINDS.length]));
      yTest.push(ys.slice([own.length - test, 0], [test, KINDS.length]));
    }
    return [xTrain, yTrain, xTest, yTest].map((parts) => tf.concat(parts, 0));
  });
}

const [xTrain, yTrain, xTest, yTest] = split(flowers(40), 0.15);
const model = tf.sequential();
model.add(tf.layers.dense({ units: 10, activation: 'sigmoid', inputShape: [xTrain.shape[1]] }));
model.add(tf.layers.dense({ units: 3, activation: 'softmax' }));
model.summary(undefined, undefined, () => {});
const optimizer = tf.train.adam(0.05);
model.compile({ optimizer, loss: 'categoricalCrossentropy', metrics: ['accuracy'] });

const seen = [];
const begin = performance.now();
const history = await model.fit(xTrain, yTrain, {
  epochs: 80,
  validationData: [xTest, yTest],
  callbacks: {
    onEpochEnd: async (epoch, logs) => {
      seen.push([epoch, logs.loss, logs.val_loss, logs.acc, logs.val_acc]);
      await tf.nextFrame();
    },
  },
});
const secondsPerEpoch = (performance.now() - begin) / (1000 * 80);
assert.equal(seen.length, 80);
assert.ok(history.history.val_acc.at(-1) > 0.85, `accuracy ${history.history.val_acc.at(-1)}`);
assert.ok(secondsPerEpoch > 0);

tf.tidy(() => {
  const guesses = model.predict(xTest).argMax(-1);
  const labels = yTest.argMax(-1);
  const confusion = tf.math.confusionMatrix(labels, guesses, KINDS.length);
  const right = confusion.arraySync().reduce((sum, row, at) => sum + row[at], 0);
  assert.ok(right >= 0.85 * xTest.shape[0]);
  const one = model.predict(tf.tensor2d([[5.1, 3.5, 1.4, 0.2]], [1, 4]));
  assert.equal(KINDS[one.argMax(-1).dataSync()[0]], 'setosa');
});
