/** Tensors as text, by methods of theirs. The page's worker, which prints nothing, goes without. */
import { textOfTensor } from './format.js';
import { Tensor, valuesOf } from './handle.js';
import type { Rank } from './rank.js';

interface Printing {
  /** As text; with kind and shape if `verbose`. */
  toString(verbose?: boolean): string;
  print(verbose?: boolean): void;
}

declare module './handle.js' {
  interface Tensor<R extends Rank = Rank> extends Printing {}
}

const methods: Printing & ThisType<Tensor> = {
  toString(verbose = false) {
    const self = this.raw();
    return textOfTensor(valuesOf('toString', self), self.shape, self.dtype, verbose === true);
  },
  print(verbose = false) {
    console.log(this.toString(verbose));
  },
};

for (const [name, value] of Object.entries(methods))
  Object.defineProperty(Tensor.prototype, name, { value, writable: true, configurable: true });
