/** Inputs of models: symbols, and the layers that stand for them. */
import { onlyKeys } from '../engine/errors.js';
import { Handle } from '../engine/handle.js';
import { call } from '../engine/instance.js';
import type { CoreLayer } from '../wasm/mapling.js';
import { CoreMade } from './core-made.js';
import { type InputLayerArgs, readInput } from './input-args.js';
import { type Dims, SymbolicTensor } from './symbolic.js';

export type { InputLayerArgs } from './input-args.js';

export interface InputArgs {
  /** The shape of a sample, `null` where any length will do. */
  shape?: Dims;
  /** The same with a batch axis in front. */
  batchShape?: Dims;
  name?: string;
  dtype?: string;
  sparse?: boolean;
}

/** The layer that stands for an input of a model. */
export class InputLayer extends CoreMade {
  static override className = 'InputLayer';
  readonly #symbol: SymbolicTensor;

  constructor(args: InputLayerArgs = {}, where = 'InputLayer') {
    const { dims, name, kind } = readInput(where, args);
    super({ ...(name !== undefined && { name }), dtype: kind }, 'InputLayer');
    const core = call((wasm) => wasm.CoreSymbol.input(name, JSON.stringify(dims)));
    this.#symbol = new SymbolicTensor(core, this, [], 0, kind);
    this.noteCall([], [this.#symbol]);
  }

  protected override makeHandle(): Handle<CoreLayer> {
    const core = this.#symbol.handle.get('InputLayer');
    return new Handle(() => core.layer());
  }
  /** What layers are called on. */
  get symbol(): SymbolicTensor {
    return this.#symbol;
  }
  override get batchInputShape(): Dims {
    return this.#symbol.shape;
  }
  override getConfig(): Record<string, unknown> {
    const { name } = this.args;
    const settings = { batchInputShape: this.batchInputShape, dtype: this.dtype, sparse: false };
    return name === undefined ? settings : { ...settings, name };
  }
}

/**
 * An input of a model: samples of this shape.
 * @example
 * const x = input({ shape: [2] });
 * x.shape; // → [null, 2]
 */
export function input(args: InputArgs): SymbolicTensor {
  onlyKeys('input', args, ['shape', 'batchShape', 'name', 'dtype', 'sparse']);
  const { shape, ...others } = args ?? {};
  return new InputLayer({ ...others, ...(shape && { inputShape: shape }) }, 'input').symbol;
}
