/** An LSTM read step by step: what its gates do with each row, and what it would answer after each. */
import {
  add,
  concat,
  matMul,
  mul,
  sigmoid,
  slice,
  softmax,
  split,
  type Tensor,
  tanh,
  tensor,
  tidy,
  zeros,
} from 'mapling';

/** The weights of an LSTM and of the dense layer behind it, in the model's order. */
export type ReaderWeights = { shape: number[]; values: Float32Array }[];

/** The gates, in Keras' order in the kernel, and what comes of them. */
export const TRACES = ['input', 'forget', 'candidate', 'output', 'memory'] as const;
export type Trace = (typeof TRACES)[number];

export interface Walk {
  steps: number;
  units: number;
  classes: number;
  /** `steps × units` each: gates between 0 and 1, the candidate and the memory around 0. */
  traces: Record<Trace, Float32Array>;
  /** `steps × classes`: what the network would answer if the digit ended after this row. */
  beliefs: Float32Array;
}

const values = (rows: Tensor[]): Float32Array => concat(rows, 0).dataSync() as Float32Array;

/** Reads a picture of so many rows with these weights. */
export function walk(pixels: Float32Array, steps: number, weights: ReaderWeights): Walk {
  return tidy(() => {
    const [kernel, recurrent, bias, answer, answerBias] = weights.map(({ values, shape }) =>
      tensor(values, shape),
    ) as [Tensor, Tensor, Tensor, Tensor, Tensor];
    const units = recurrent.shape[0]!;
    const fromRows = add(matMul(tensor(pixels, [steps, pixels.length / steps]), kernel), bias);
    const rows: Record<Trace, Tensor[]> = { input: [], forget: [], candidate: [], output: [], memory: [] };
    const states: Tensor[] = [];
    let [state, memory] = [zeros([1, units]) as Tensor, zeros([1, units]) as Tensor];
    for (let step = 0; step < steps; step++) {
      const sums = add(slice(fromRows, [step, 0], [1, 4 * units]), matMul(state, recurrent));
      const [input, forget, candidate, output] = split(sums, 4, 1).map((part, at) =>
        at === 2 ? tanh(part) : sigmoid(part),
      ) as [Tensor, Tensor, Tensor, Tensor];
      memory = add(mul(forget, memory), mul(input, candidate));
      state = mul(output, tanh(memory));
      states.push(state);
      for (const [name, value] of Object.entries({ input, forget, candidate, output, memory }))
        rows[name as Trace].push(value);
    }
    const beliefs = softmax(add(matMul(concat(states, 0), answer), answerBias));
    return {
      steps,
      units,
      classes: answer.shape[1]!,
      traces: Object.fromEntries(TRACES.map((name) => [name, values(rows[name])])) as Record<
        Trace,
        Float32Array
      >,
      beliefs: beliefs.dataSync() as Float32Array,
    };
  });
}
