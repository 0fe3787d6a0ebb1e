/** Tensors as text, by methods of theirs. The page's worker, which prints nothing, goes without. */
import { textOfTensor } from './format.js';
import { heldBy, Tensor, valuesOf } from './handle.js';
import type { Rank } from './rank.js';
import type { Shape } from './shape.js';
import type { DataType } from './values.js';

interface Printing {
  /** As text; with kind and shape if `verbose`. */
  toString(verbose?: boolean): string;
  print(verbose?: boolean): void;
  /** What `JSON.stringify` writes down: kind, shape and values, row by row. */
  toJSON(): { dtype: DataType; shape: Shape; values: number[] };
}

declare module './handle.js' {
  interface Tensor<R extends Rank = Rank> extends Printing {}
}

const methods: Printing & ThisType<Tensor> = {
  toString(verbose = false) {
    const self = this.raw();
    return textOfTensor(heldBy('toString', self), self.shape, self.dtype, verbose === true);
  },
  print(verbose = false) {
    console.log(this.toString(verbose));
  },
  toJSON() {
    const { shape, dtype } = this.raw();
    return { dtype, shape: [...shape], values: Array.from(valuesOf('toJSON', this.raw())) };
  },
};

for (const [name, value] of Object.entries(methods))
  Object.defineProperty(Tensor.prototype, name, { value, writable: true, configurable: true });
