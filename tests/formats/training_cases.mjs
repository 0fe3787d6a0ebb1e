// Each layer of tests/oracle in a model that trains by Adam: the cases of layer_cases.mjs without chance, and with weights.
import { layerCases, makerOf, modelOf } from './layer_cases.mjs';
import { mapling } from './mapling.mjs';
import { noise } from './models.mjs';
import { list, single } from './steps.mjs';

const { input, layers, train } = mapling;

/** The layer, or one like it that leaves nothing to chance. Ranges of one number draw nothing: they stay as they are. */
function certain({ className, layer }) {
  const config = layer.getConfig();
  const still = {};
  if (config.dropout) still.dropout = 0;
  for (const key of ['factor', 'heightFactor', 'widthFactor']) {
    const [least, most] = list(config[key] ?? 0);
    if (most !== undefined && least !== most) still[key] = [0, 0];
  }
  if (Object.keys(still).length === 0) return layer;
  return layers[makerOf(className)]({ ...config, ...still });
}

/** Numbers near to those that change nothing. */
const almost = (units) => mapling.eye(units).add(noise([units, units], 3).mul(0.1));

/** A layer without weights, before it a dense one, which learns by the gradients that it passes; behind it if it passes none. */
function withWeights({ className, layer, xs, options }) {
  const inputs = xs.map(({ shape }) => input({ shape: shape.slice(1) }));
  if (className === 'CategoryEncoding') {
    // In TensorFlow.js it may not be the first, since it overwrites the shape of what it is called on.
    const first = layers.reshape({ targetShape: xs[0].shape.slice(1) }).apply(inputs[0]);
    const dense = layers.dense({ units: 3, name: 'learns' });
    const outputs = dense.apply(layer.apply(first));
    dense.setWeights(dense.getWeights().map((weight) => noise(weight.shape, 3)));
    return mapling.model({ inputs, outputs });
  }
  const units = xs[0].shape.at(-1);
  const dense = layers.dense({ units, name: 'learns' });
  const outputs = layer.apply(single([dense.apply(inputs[0]), ...inputs.slice(1)]), options);
  dense.setWeights([almost(units), noise([units], 4).mul(0.1)]);
  return mapling.model({ inputs, outputs });
}

function learning(one) {
  if (!one.layer) return one.model;
  const { options = {}, xs } = one;
  const layer = certain(one);
  if (one.model.trainableWeights.length === 0) return withWeights({ ...one, layer, options });
  if (layer === one.layer) return one.model;
  const model = modelOf(layer, xs, { options });
  layer.setWeights(one.layer.getWeights());
  one.model.dispose();
  return model;
}

/**
 * All cases: a model that is compiled with Adam, what goes in and what should come out. `isRow: false` makes graphs of models in a
 * row with several outputs, which TensorFlow.js has not.
 */
export function* trainingCases({ adam = () => train.adam(0.01), isRow = true } = {}) {
  for (const one of layerCases()) {
    // Whatever it is told it draws, and what it draws is known to the library alone that draws it.
    if (one.className === 'RandomFlip') continue;
    let model = learning(one);
    const { inputs, outputs } = model;
    if (!isRow && !one.layer && outputs.length > 1) model = mapling.model({ inputs, outputs });
    const answers = list(model.predict(single(one.xs), { batchSize: 1000 }));
    const ys = answers.map(({ shape }, at) => noise(shape, 5 + at).mul(0.5));
    const compile = { optimizer: adam(), loss: single(ys.map(() => 'meanSquaredError')) };
    model.compile(compile);
    yield { ...one, name: `${one.className}, ${one.name}`, model, compile, xs: one.xs, ys };
  }
}
