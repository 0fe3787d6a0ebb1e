/** Numbers as scalar tensors. */
import { Tensor } from '../tensor/handle.js';
import { single } from './args.js';

/** A tensor for each number; several come in a list. */
export const scalars = (numbers: Float64Array): Tensor | Tensor[] =>
  single(Array.from(numbers, (value) => new Tensor(Float32Array.of(value), [], 'float32')));
