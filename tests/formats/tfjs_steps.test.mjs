// Every layer of tests/oracle that TensorFlow.js has trains on there, from artifacts that were written here: ten steps of Adam
// there are ten steps here. The artifacts read here go on to the same bits.
import { test } from 'node:test';
import { close, distance, steps, weightsOf } from './steps.mjs';
import { artifactsOf, assert, inMapling, inputs, mapling, tf } from './tensorflow.mjs';
import { trainingCases } from './training_cases.mjs';

/** Keras 3 adds epsilon before the second moment's bias is corrected, TensorFlow.js after: one so small counts in neither. */
const adam = () => mapling.train.adam(0.01, 0.9, 0.999, 1e-11);
mapling.setSeed(1);

const DILATION = /dilation rates greater than 1 are not yet supported in gradients/;
const WITHOUT_GRADIENT = /gradient function not found for/;
/** It adds up the losses of outputs before their means are taken, which outputs of different ranks have not in common. */
const RANKS = /could not be broadcast together/;
/** What it answers with, and cannot train: each with what it says. */
const CANNOT = {
  'Conv2D, conv2d/4': DILATION,
  'Conv2D, conv2d/7': DILATION,
  'Conv1D, conv1d/dilation': DILATION,
  'Conv3D, conv3d/valid dilation': DILATION,
  'Conv3D, conv3d/same dilation': DILATION,
  'Conv3DTranspose, conv3d_transpose/valid': WITHOUT_GRADIENT,
  'Conv3DTranspose, conv3d_transpose/same': WITHOUT_GRADIENT,
  'CenterCrop, center_crop': WITHOUT_GRADIENT,
  'CenterCrop, center_crop/smaller': /must be rank 3 or 4/,
  'CategoryEncoding, category_encoding/one_hot': /maximum output rank is 2/,
  'LayerNormalization, layer/neither': /reading 'dataId'/,
  'LayerNormalization, layer/beta alone': /reading 'dataId'/,
  'LSTM, LSTM: stateful, backwards, masked, all results': RANKS,
  'RNN, RNN of SimpleRNNCell': RANKS,
  'RNN, RNN of LSTMCell': RANKS,
  'ConvLSTM2D, ConvLSTM2D: all results': RANKS,
};
/**
 * What it trains by other gradients than Keras, which are compared in keras_steps.test.mjs: of averages of windows that reach
 * over the edge, and of pictures that grow more one way than the other.
 */
const OTHERWISE = [
  'AveragePooling2D, AveragePooling2D/2',
  'AveragePooling1D, avg_pool1d/same',
  'AveragePooling3D, avg_pool3d/same',
  'UpSampling2D, up_sampling',
];

const there = (tensors) => inputs(tensors.map((x) => ({ shape: x.shape, data: [...x.dataSync()] }))).its;
const trained = new Set();
const written = [];
for (const one of trainingCases({ adam, isRow: false })) {
  const { model, className, name, xs, ys } = one;
  written.push(one);
  await steps(model, one, 3);
  model.resetStates();
  let artifacts;
  try {
    artifacts = await artifactsOf(model, { includeOptimizer: true });
  } catch ({ code, message }) {
    assert.ok(['name', 'value'].includes(code) && /TensorFlow\.js/.test(message), `${name}: ${message}`);
    continue;
  }
  trained.add(className);
  const losses = await steps(model, one, 10);
  const weights = weightsOf(model);
  model.dispose();
  const what = CANNOT[name]
    ? 'TensorFlow.js reads it and cannot train it'
    : OTHERWISE.includes(name)
      ? 'TensorFlow.js trains it by other gradients than Keras'
      : 'ten steps of Adam in TensorFlow.js are ten steps here';
  test(`${name}: ${what}`, async () => {
    const back = await mapling.loadLayersModel(mapling.io.fromMemory(artifacts));
    assert.deepEqual(await steps(back, one, 10), losses);
    assert.deepEqual(weightsOf(back), weights);
    back.dispose();
    const its = await tf.loadLayersModel(tf.io.fromMemory(artifacts));
    const same = { xs: there(xs), ys: there(ys) };
    if (CANNOT[name]) {
      await assert.rejects(steps(its, same, 1), CANNOT[name]);
      return;
    }
    const found = await steps(its, same, 10);
    if (OTHERWISE.includes(name)) {
      assert.ok(distance(losses, found) > 1e-3, 'TensorFlow.js trains it as Keras does');
      return;
    }
    close('losses there', losses, found, 1e-4);
    its.resetStates();
    const home = await inMapling(its, { includeOptimizer: true });
    for (const [at, { name, data }] of weightsOf(home).entries()) close(name, weights[at].data, data, 1e-4);
    close('losses of ten steps more', await steps(home, one, 10), await steps(its, same, 10), 1e-4);
    home.dispose();
  });
}

test('every class of layers that TensorFlow.js has trained on from artifacts', () => {
  const known = tf.serialization.SerializationMap.getMap().classNameMap;
  const its = ({ className }) => known[className]?.[0].prototype instanceof tf.layers.Layer;
  const classes = new Set(written.filter(its).map(({ className }) => className));
  // Its Resizing runs in no model, and so it is refused when a model is saved.
  assert.deepEqual(
    [...classes].filter((each) => !trained.has(each)),
    ['Resizing'],
  );
  assert.ok(trained.size >= 35, `${[...trained]}`);
});
