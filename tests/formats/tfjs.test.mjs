// Models to TensorFlow.js and back, read by the real one: every layer of Keras' oracle that it has, one by one.
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { artifactsOf, assert, mapling, roundTrip } from './tensorflow.mjs';

const read = (name) =>
  JSON.parse(readFileSync(new URL(`../oracle/${name}.json`, import.meta.url), 'utf8'));

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
    ...read('attention').cases
      .filter(({ inputs, masks, options }) => inputs.length === 1 && !masks[0] && !Object.keys(options).length)
      .map(({ name, layer, config, inputs: [x], weights }) => ({
        name,
        layer: { class_name: layer, config },
        x,
        weights,
      })),
    ...read('recurrent').layers
      .filter(({ calls: [{ mask, initial }] }) => !mask && !initial)
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

const refused = {};
for (const one of cases()) {
  const label = `${one.layer.class_name}: ${one.name}`;
  test(`${label} goes to TensorFlow.js and comes back`, async () => {
    const model = modelOf(one);
    try {
      await artifactsOf(model);
    } catch ({ code, message }) {
      assert.ok(code === 'name' || code === 'value', message);
      refused[label] = message;
      return;
    }
    await roundTrip(model, [one.x]);
  });
}
test('refused', () => console.log(refused));
