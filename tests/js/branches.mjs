// A model with two inputs and two outputs whose numbers are easy to find by hand.
import { mapling } from './mapling.mjs';

const { input, layers, model, tensor } = mapling;

/** A layer x · kernel without a bias, whose kernel holds `value` everywhere. */
export const times = (value, units, name) =>
  layers.dense({
    units,
    name,
    useBias: false,
    kernelInitializer: { className: 'Constant', config: { value } },
  });

/**
 * `sum` is 1 · (2 · Σ left, twice, + right), `part` is 2 · Σ left twice: two inputs, two outputs, `double` in between.
 */
export function branches() {
  const [left, right] = [
    input({ shape: [3], name: 'left' }),
    input({ batchShape: [null, 2], name: 'right' }),
  ];
  const doubled = times(2, 2, 'double').apply(left);
  const sum = times(1, 1, 'sum').apply(layers.add({ name: 'both' }).apply([doubled, right]));
  const part = layers.activation({ activation: 'relu', name: 'part' }).apply(doubled);
  return model({ inputs: [left, right], outputs: [sum, part], name: 'branches' });
}

/** Two samples for each input. */
export const left = () =>
  tensor([
    [1, 2, 3],
    [0, 0, 1],
  ]);

export const right = () =>
  tensor([
    [10, 20],
    [1, 1],
  ]);
