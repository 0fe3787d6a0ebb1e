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
  const other = layers[makerOf(className)]({ ...config, ...still });
  return other;
}

/** Numbers near to those that change nothing. */
const almost = (units) => mapling.eye(units).add(noise([units, units], 3).mul(0.1));

/** A layer without weights, before it a dense one, which learns by the gradients that it passes; behind it if it passes none. */
function withWeights({ className, layer, xs, options }) {
  const inputs = xs.map(({ shape }) => input({ shape: shape.slice(1) }));
  if (className === 'CategoryEncoding') {
    const outputs = layers.dense({ units: 3, name: 'learns' }).apply(layer.apply(single(inputs)));
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
  return model;
}

/** All cases: a model that is compiled with Adam, what goes in and what should come out. */
export function* trainingCases() {
  for (const one of layerCases()) {
    // Whatever it is told it draws, and what it draws is known to the library alone that draws it.
    if (one.className === 'RandomFlip') continue;
    const model = learning(one);
    const answers = list(model.predict(single(one.xs), { batchSize: 1000 }));
    const ys = answers.map(({ shape }, at) => noise(shape, 5 + at).mul(0.5));
    const compile = { optimizer: train.adam(0.01), loss: single(ys.map(() => 'meanSquaredError')) };
    model.compile(compile);
    yield { ...one, name: `${one.className}, ${one.name}`, model, compile, xs: one.xs, ys };
  }
}
