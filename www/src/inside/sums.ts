/** The arithmetic behind one value: which products make its sum. Nothing is estimated: the terms add up to what is shown. */

/** One product: where its input comes from, the input and the weight. */
export interface Term {
  /** The place of the input among the values that the layer is given. */
  at: number;
  input: number;
  weight: number;
}

export interface Sum {
  /** All products that are not zero by their input, largest first. */
  terms: Term[];
  /** How many products there are, those that are zero too. */
  count: number;
  bias: number;
  /** Before the activation. */
  total: number;
}

const activations: Record<string, (value: number) => number> = {
  linear: (value) => value,
  relu: (value) => Math.max(0, value),
  sigmoid: (value) => 1 / (1 + Math.exp(-value)),
  tanh: Math.tanh,
};

/**
 * What an activation makes of a sum, where it looks at nothing else. While the network learns, the values that are shown are
 * of another moment than the weights.
 */
export const activated = (activation: string, sum: number): number | undefined =>
  activations[activation]?.(sum);

const summed = (terms: Term[], count: number, bias: number): Sum => {
  const total = terms.reduce((sum, { input, weight }) => sum + input * weight, bias);
  const size = ({ input, weight }: Term) => Math.abs(input * weight);
  return { terms: terms.sort((one, other) => size(other) - size(one)), count, bias, total };
};

/** The sum of a unit of a dense layer with this kernel `[inputs, units]`. */
export function sumOfUnit(
  inputs: Float32Array,
  kernel: Float32Array,
  bias: Float32Array | undefined,
  unit: number,
): Sum {
  const units = kernel.length / inputs.length;
  const terms: Term[] = [];
  inputs.forEach((input, at) => {
    if (input !== 0) terms.push({ at, input, weight: kernel[at * units + unit]! });
  });
  return summed(terms, inputs.length, bias?.[unit] ?? 0);
}

/** The sum of a convolution's filter at a place of its map; `kernel` is `[height, width, channels, filters]`. */
export function sumOfWindow(
  inputs: Float32Array,
  [height, width, channels]: readonly [number, number, number],
  kernel: Float32Array,
  [tall, wide, , filters]: readonly number[],
  bias: Float32Array | undefined,
  filter: number,
  [left, top]: readonly [number, number],
): Sum {
  const terms: Term[] = [];
  for (let dy = 0; dy < tall!; dy++)
    for (let dx = 0; dx < wide!; dx++)
      for (let channel = 0; channel < channels; channel++) {
        const [x, y] = [left + dx, top + dy];
        // Beyond the edge there is nothing.
        if (x < 0 || y < 0 || x >= width || y >= height) continue;
        const at = (y * width + x) * channels + channel;
        const weight = kernel[((dy * wide! + dx) * channels + channel) * filters! + filter]!;
        if (inputs[at] !== 0) terms.push({ at, input: inputs[at]!, weight });
      }
  return summed(terms, tall! * wide! * channels, bias?.[filter] ?? 0);
}
