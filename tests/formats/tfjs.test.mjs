// Models to TensorFlow.js and back, read by the real one: every layer of Keras' oracle that it has, one by one.
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { artifactsOf, assert, mapling, roundTrip, tf } from './tensorflow.mjs';

const read = (name) => JSON.parse(readFileSync(new URL(`../oracle/${name}.json`, import.meta.url), 'utf8'));

/** Cases with one layer, one input and no mask: the layer as Keras writes it, its input and weights. */
function cases() {
  const plain = ['keras-1', 'convolutions', 'preprocessing'].flatMap((name) => read(name).layers);
  return [
    ...plain.map(({ name, layer, config, x, weights }) => ({
      name,
      layer: { class_name: layer, config },
      x,
      weights,
    })),
    ...read('attention')
      .cases.filter(
        ({ inputs, masks, options }) => inputs.length === 1 && !masks[0] && !Object.keys(options).length,
      )
      .map(({ name, layer, config, inputs: [x], weights }) => ({
        name,
        layer: { class_name: layer, config },
        x,
        weights,
      })),
    ...read('recurrent')
      .layers.filter(({ calls: [{ mask, initial }] }) => !mask && !initial)
      .map(({ name, layer, calls: [{ x }], weights }) => ({ name, layer, x, weights })),
  ];
}

/** The model of a case. */
function modelOf({ layer, x, weights }) {
  const { batch_input_shape: _, ...config } = layer.config;
  const isStateful = config.stateful === true;
  const batch = [isStateful ? x.shape[0] : null, ...x.shape.slice(1)];
  const tried = { ...layer, config: { ...config, name: 'tried' } };
  // TensorFlow.js' own CenterCrop and CategoryEncoding overwrite the shape of what they are called on, so that as first
  // layers they refuse all samples.
  const first = { class_name: 'Reshape', config: { target_shape: x.shape.slice(1), name: 'first' } };
  const row = { class_name: 'Sequential', config: { layers: [first, tried] } };
  Object.assign(row.config.layers[0].config, { batch_input_shape: batch });
  const alone = mapling.modelFromJSON(row);
  const outputs = [alone.layers[1].output].flat();
  // There, rows have layers with one output.
  const model = outputs.length > 1 ? mapling.model({ inputs: alone.inputs, outputs }) : alone;
  model.setWeights(weights.map(({ shape, data }) => mapling.tensor(data, shape)));
  return model;
}

/** What TensorFlow.js does not have besides layers, and what it has and cannot compute: each with what is said. */
const REFUSED = `
TensorFlow.js computes DepthwiseConv2D without dilation_rate
TensorFlow.js computes no causal convolutions
TensorFlow.js has no GRU with resetAfter: true
TensorFlow.js has no activation "celu"
TensorFlow.js has no activation "exponential"
TensorFlow.js has no activation "hard_shrink"
TensorFlow.js has no activation "hard_sigmoid"
TensorFlow.js has no activation "hard_silu"
TensorFlow.js has no activation "hard_tanh"
TensorFlow.js has no activation "leaky_relu"
TensorFlow.js has no activation "log_sigmoid"
TensorFlow.js has no activation "soft_shrink"
TensorFlow.js has no activation "sparse_plus"
TensorFlow.js has no activation "sparse_sigmoid"
TensorFlow.js has no activation "squareplus"
TensorFlow.js has no activation "tanh_shrink"
TensorFlow.js has no backward_layer with settings of its own
TensorFlow.js has no setting dilation_rate for Conv2DTranspose
TensorFlow.js has no setting output_padding for Conv2DTranspose
TensorFlow.js has no setting rms_scaling for LayerNormalization
TensorFlow.js scales bilinearly by other places than Keras 3
TensorFlow.js' Resizing runs in no model
`;
/** What it reads, and then refuses itself. */
const ITS_OWN = {
  'CenterCrop: center_crop/smaller': /must be rank 3 or 4/,
  'CategoryEncoding: category_encoding/one_hot': /maximum output rank is 2/,
};

const refused = new Set();
for (const one of cases()) {
  const label = `${one.layer.class_name}: ${one.name}`;
  test(`${label} goes to TensorFlow.js and comes back`, async () => {
    const model = modelOf(one);
    try {
      await artifactsOf(model);
    } catch ({ code, message }) {
      assert.ok(code === 'name' || code === 'value', message);
      refused.add(message.replace(/^save: tried: (.*TensorFlow)/, 'TensorFlow').replace(/;.*/, ''));
      return;
    }
    if (ITS_OWN[label]) await assert.rejects(() => roundTrip(model, [one.x]), ITS_OWN[label]);
    else await roundTrip(model, [one.x]);
  });
}

test('what TensorFlow.js does not have is named when a model is saved', () => {
  const known = tf.serialization.SerializationMap.getMap().classNameMap;
  const missing = new Set(cases().map(({ layer }) => layer.class_name));
  // Initializers are among its classes too, one of which has the name of a layer.
  for (const [name, [type]] of Object.entries(known))
    if (type.prototype instanceof tf.layers.Layer) missing.delete(name);
  const layers = [...missing].map((name) => `TensorFlow.js has no layer ${name}`);
  assert.deepEqual([...refused].sort(), [...REFUSED.trim().split('\n'), ...layers].sort());
});
