/** Tensors that stand for what a model will compute. */
import { fault } from '../engine/errors.js';
import { Handle } from '../engine/handle.js';
import { isObject } from '../engine/look.js';
import type { CoreSymbol } from '../wasm/mapling.js';

/** The lengths of all axes, the batch axis first; `null` where any length will do. */
export type Dims = (number | null)[];

/** What a symbol needs to know of the layer that it comes from. */
export interface Source {
  readonly name: string;
}

let count = 0;

/** The result of calling a layer on other symbols, or an input of a model. */
export class SymbolicTensor {
  readonly id = count++;
  readonly shape: Dims;
  readonly dtype: 'float32' | 'int32';
  readonly sourceLayer: Source;
  /** What the layer was called on; empty for an input. */
  readonly inputs: readonly SymbolicTensor[];
  /** Which of the layer's results it is. */
  readonly outputTensorIndex: number;
  readonly handle: Handle<CoreSymbol>;

  constructor(
    core: CoreSymbol,
    sourceLayer: Source,
    inputs: readonly SymbolicTensor[],
    output = 0,
    dtype: 'float32' | 'int32' = 'float32',
  ) {
    if (!isObject(core) || typeof (core as Partial<CoreSymbol>).dims !== 'function')
      throw fault('type', 'SymbolicTensor: input() and layer.apply() make them');
    this.handle = new Handle(() => core);
    this.shape = JSON.parse(core.dims()) as Dims;
    this.sourceLayer = sourceLayer;
    this.inputs = inputs;
    this.outputTensorIndex = output;
    this.dtype = dtype;
  }

  get rank(): number {
    return this.shape.length;
  }
  get name(): string {
    return this.sourceLayer.name;
  }

  /** A handle that a call of the core may take away. */
  lend(where: string): CoreSymbol {
    return this.handle.get(where).copy();
  }
}
