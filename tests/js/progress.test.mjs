// What `verbose` prints, in a terminal and elsewhere. Programs of their own print it.
import { execFileSync } from 'node:child_process';
import { assert, entry, test } from './mapling.mjs';

/** What a program prints that has a model, data of 40 samples and the package as `tf`. */
function printed(body, { terminal = false } = {}) {
  const program = `
    ${terminal ? 'process.stdout.isTTY = true;' : ''}
    import * as tf from ${JSON.stringify(entry)};
    await tf.init({ threads: 1 });
    const model = tf.sequential({ layers: [tf.layers.dense({ units: 1, inputShape: [1], kernelInitializer: 'zeros' })] });
    model.compile({ optimizer: tf.train.sgd(0), loss: 'meanSquaredError', metrics: ['mae'] });
    const [x, y] = [tf.ones([40, 1]), tf.ones([40, 1])];
    ${body}`;
  const node = ['--input-type=module', '--eval', program];
  return execFileSync(process.execPath, node, { encoding: 'utf8', env: { ...process.env, NO_COLOR: '' } });
}
/** Without what depends on the machine. */
const timeless = (text) => text.replace(/\d+s (- )?(\d+(s|ms|us)\/step)/g, 'TIME $1STEP');

test('by default, and with 0, nothing is printed', () => {
  assert.equal(
    printed(`
      await model.fit(x, y);
      await model.fit(x, y, { verbose: 0 });
      await model.fit(x, y, { verbose: false });
      model.evaluate(x, y);
      model.predict(x);
      await model.fitDataset(tf.data.array([{ xs: x, ys: y }]));`),
    '',
  );
});

test('with 1 each epoch has a heading and a line; elsewhere than in a terminal plain ones', () => {
  const text = printed(`
    await model.fit(x, y, { epochs: 2, batchSize: 10, verbose: 1, validationData: [x, y] });
    await model.fitDataset(tf.data.array([{ xs: x, ys: y }]), { verbose: true });
    model.evaluate(x, y, { batchSize: 10, verbose: 1 });
    model.predict(x, { batchSize: 10, verbose: 'auto' });
    await model.evaluateDataset(tf.data.array([{ xs: x, ys: y }]), { verbose: 1 });`);
  const bar = '━'.repeat(20);
  const means = 'loss: 1.0000 - mae: 1.0000';
  const line = `4/4 ${bar} TIME STEP - ${means} - val_loss: 1.0000 - val_mae: 1.0000`;
  assert.deepEqual(timeless(text).trimEnd().split('\n'), [
    'Epoch 1/2',
    line,
    'Epoch 2/2',
    line,
    'Epoch 1/1',
    `1/1 ${bar} TIME STEP - ${means}`,
    `4/4 ${bar} TIME STEP - ${means}`,
    `4/4 ${bar} TIME STEP`,
    `1/1 ${bar} TIME STEP - ${means}`,
  ]);
});

test('with 2 there is a line an epoch, as Keras writes it', () => {
  const text = printed('await model.fit(x, y, { epochs: 2, batchSize: 10, verbose: 2 });');
  const line = '4/4 - TIME - STEP - loss: 1.0000 - mae: 1.0000';
  assert.deepEqual(timeless(text).trimEnd().split('\n'), ['Epoch 1/2', line, 'Epoch 2/2', line]);
});

test('in a terminal the line is written anew as time goes on, and says how much is left', () => {
  const text = printed(
    `const slow = { onBatchEnd: () => new Promise((resolve) => setTimeout(resolve, 60)) };
     await model.fit(x, y, { epochs: 2, batchSize: 4, verbose: 1, callbacks: slow });
     const endless = tf.data.generator(function* () { for (;;) yield { xs: x, ys: y }; });
     await model.fitDataset(endless.take(4), { verbose: 1, callbacks: slow });`,
    { terminal: true },
  );
  // biome-ignore lint/suspicious/noControlCharactersInRegex: the marks of colours
  const plain = text.replace(/\x1b\[\d+m/g, '');
  const [heading, first, second, third, unknown, last] = plain.trimEnd().split('\n');
  assert.deepEqual([heading, second], ['Epoch 1/2', 'Epoch 2/2']);
  const states = first.split('\r').slice(1);
  assert.ok(states.length >= 3, first);
  for (const state of states)
    assert.match(state, /^ ?\d+\/10 ━{20} \d+s \d+(ms|us|s)\/step - loss: 1.0000 - mae: 1.0000 *$/);
  assert.match(states.at(-1), /^10\/10 /);
  assert.match(third.split('\r').at(-1), /^10\/10 /);
  assert.equal(unknown, 'Epoch 1/1');
  assert.match(last, /\r {6}\d\/Unknown \d+s /);
  assert.match(last.split('\r').at(-1), /^4\/4 /);
  // biome-ignore lint/suspicious/noControlCharactersInRegex: the marks of colours
  assert.match(text, /\x1b\[1m10\/10\x1b\[0m \x1b\[32m━{20}\x1b\[0m/);
});

test('what is no verbosity is refused', () => {
  const text = printed(`
    for (const act of [
      () => model.fit(x, y, { verbose: 3 }),
      async () => model.evaluate(x, y, { verbose: 'much' }),
      async () => model.predict(x, { verbose: {} }),
      () => model.evaluateDataset(tf.data.array([{ xs: x, ys: y }]), { verbose: 9 }),
    ]) await act().catch(({ message }) => console.log(message));`);
  assert.deepEqual(text.trimEnd().split('\n'), [
    'fit: verbose: expected 0, 1, 2 or auto, got 3',
    'evaluate: verbose: expected 0, 1, 2 or auto, got "much"',
    'predict: verbose: expected 0, 1, 2 or auto, got an object',
    'evaluateDataset: verbose: expected 0, 1, 2 or auto, got 9',
  ]);
});

test('callbacks tell what they do if they are asked to', () => {
  const text = printed(`
    const { earlyStopping, modelCheckpoint, reduceLROnPlateau } = tf.callbacks;
    const verbose = 1;
    await model.fit(x, y, { epochs: 9, callbacks: [
      earlyStopping({ monitor: 'loss', patience: 2, restoreBestWeights: true, verbose }),
      earlyStopping({ monitor: 'loss', patience: 5 }),
      reduceLROnPlateau({ monitor: 'loss', patience: 1, factor: 0.5, verbose, minLr: -1 }),
      modelCheckpoint({ monitor: 'loss', saveBestOnly: true, verbose }),
    ] });`);
  assert.deepEqual(text.trimEnd().split('\n'), [
    'Epoch 1: the model is saved',
    'Epoch 2: ReduceLROnPlateau reducing learning rate to 0.',
    'Epoch 3: ReduceLROnPlateau reducing learning rate to 0.',
    'Epoch 3: early stopping',
    'Restoring model weights from the end of the best epoch: 1.',
  ]);
});
