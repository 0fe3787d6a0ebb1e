// Models of one layer each, from every case of tests/oracle that makes a layer: what goes in, and the layer's weights.
import { readFileSync } from 'node:fs';
import { mapling } from './mapling.mjs';

const { layers, tensor } = mapling;

const read = (name) => JSON.parse(readFileSync(new URL(`../oracle/${name}`, import.meta.url), 'utf8'));
const tensorOf = ({ shape, data, dtype }) => tensor(data, shape, dtype ?? 'float32');
const camel = (name) => name.replace(/_([a-z0-9])/g, (_, letter) => letter.toUpperCase());
const settings = (config) =>
  Object.fromEntries(Object.entries(config).map(([key, value]) => [camel(key), value]));
export const makerOf = (className) =>
  Object.keys(layers).find((name) => name.toLowerCase() === className.toLowerCase());

/** A model of one layer on inputs of the shapes of these tensors. */
export function modelOf(layer, xs, { options = {}, batch = false } = {}) {
  const inputs = xs.map(({ shape }) =>
    batch ? mapling.input({ batchShape: shape }) : mapling.input({ shape: shape.slice(1) }),
  );
  const outputs = layer.apply(inputs.length === 1 ? inputs[0] : inputs, options);
  return mapling.model({ inputs, outputs });
}

/** Keras' layers whose results are drawn, in training: they are compared in inference alone. */
const DRAWN = /Dropout|Noise|Random/;

function* simple(file) {
  for (const { name, layer: className, config, x, weights } of read(file).layers) {
    // Outside of training Keras 3.15 leaves pictures whole, though its documentation and its shape say otherwise.
    if (className === 'RandomCrop') continue;
    const layer = layers[makerOf(className)](settings(config));
    yield { name, className, layer, xs: [tensorOf(x)], weights };
  }
}

/** Inputs of as many samples each: a mask that is the same for all is repeated. */
function alike(xs) {
  const most = Math.max(...xs.map(({ shape }) => shape[0]));
  return xs.map((x) => (x.shape[0] === most ? x : mapling.tile(x, [most, ...x.shape.slice(1).fill(1)])));
}

function* attention() {
  for (const one of read('attention.json').cases) {
    const { name, layer: className, config, inputs, named, options, weights } = one;
    const layer = layers[makerOf(className)](settings(config));
    const xs = alike(inputs.map(tensorOf));
    const given = { ...settings(options), ...named };
    yield { name, className, layer, xs, weights, named: Object.keys(named).length > 0, options: given };
  }
}

function* recurrent() {
  for (const { name, layer: written, weights, calls } of read('recurrent.json').layers) {
    const { x, initial } = calls[0];
    // The model's own reader makes wrappers and cells.
    const config = { class_name: written.class_name, config: { ...written.config } };
    yield { name, className: written.class_name, config, xs: [tensorOf(x)], initial, weights };
  }
}

/** All cases, each once. */
export function* layerCases() {
  for (const file of ['keras-1.json', 'convolutions.json', 'preprocessing.json']) {
    for (const one of simple(file)) {
      const model = modelOf(one.layer, one.xs);
      one.layer.setWeights(one.weights.map(tensorOf));
      yield { ...one, model, trains: !DRAWN.test(one.className) };
    }
  }
  for (const one of attention()) {
    // Inputs by name are wired by name.
    const shapes = one.xs.map(({ shape }) => mapling.input({ shape: shape.slice(1) }));
    const byName = Object.entries(one.options).filter(([, value]) => typeof value === 'number');
    const flags = Object.entries(one.options).filter(([, value]) => typeof value !== 'number');
    const places = byName.map(([, place]) => place);
    const first = shapes.filter((_, place) => !places.includes(place));
    const options = Object.fromEntries(
      [...flags, ...byName.map(([key, place]) => [key, shapes[place]])].map(([key, value]) => [
        camel(key),
        value,
      ]),
    );
    const outputs = one.layer.apply(first.length === 1 ? first[0] : first, options);
    const model = mapling.model({ inputs: shapes, outputs });
    one.layer.setWeights(one.weights.map(tensorOf));
    yield { ...one, model, trains: !one.layer.getConfig().dropout };
  }
  for (const one of recurrent()) {
    const { stateful } = one.config.config.layer?.config ?? one.config.config;
    const shape = one.xs[0].shape;
    const json = {
      class_name: 'Sequential',
      config: {
        name: 'one',
        layers: [
          {
            class_name: 'InputLayer',
            config: { batch_shape: stateful ? shape : [null, ...shape.slice(1)], name: 'x' },
          },
          one.config,
        ],
      },
    };
    const model = mapling.modelFromJSON(json);
    model.build();
    model.setWeights(one.weights.map(tensorOf));
    yield { ...one, model, trains: !stateful };
  }
}
