/** Inputs of models: symbols, and the layers that stand for them. */
import { describe, fault, onlyKeys, ownName } from '../engine/errors.js';
import { Handle } from '../engine/handle.js';
import { call } from '../engine/instance.js';
import type { CoreLayer } from '../wasm/mapling.js';
import { readDtype } from './args.js';
import { CoreMade } from './core-made.js';
import { type Dims, SymbolicTensor } from './symbolic.js';

export interface InputArgs {
  /** The shape of a sample, `null` where any length will do. */
  shape?: Dims;
  /** The same with a batch axis in front. */
  batchShape?: Dims;
  name?: string;
  dtype?: string;
  sparse?: boolean;
}

export interface InputLayerArgs {
  /** The shape of a sample, `null` where any length will do. */
  inputShape?: Dims;
  /** The same with a batch axis in front; Keras 3 says `batchShape`. */
  batchInputShape?: Dims;
  batchShape?: Dims;
  /** Any batch is taken all the same. */
  batchSize?: number;
  name?: string;
  dtype?: string;
  /** These three are taken where they say false: Keras writes them down. */
  sparse?: boolean;
  ragged?: boolean;
  optional?: boolean;
}

const KEYS = [
  ...['inputShape', 'batchInputShape', 'batchShape', 'batchSize'],
  ...['name', 'dtype', 'sparse', 'ragged', 'optional', 'trainable'],
];

/** The layer that stands for an input of a model. */
export class InputLayer extends CoreMade {
  static override className = 'InputLayer';
  readonly #symbol: SymbolicTensor;

  constructor(args: InputLayerArgs = {}, where = 'InputLayer') {
    const { inputShape, batchInputShape, batchShape, name, dtype } = args ?? {};
    onlyKeys(where, args, KEYS);
    for (const key of ['sparse', 'ragged', 'optional'] as const) {
      if (args[key]) throw fault('value', `${where}: ${key}: not in mapling, got ${describe(args[key])}`);
    }
    const dims = inputShape ?? (batchInputShape ?? batchShape)?.slice(1);
    const isLength = (one: unknown): boolean =>
      one === null || (Number.isSafeInteger(one) && Number(one) >= 1);
    if (!Array.isArray(dims) || !dims.every(isLength))
      throw fault('type', `${where}: shape: expected a shape such as [28, 28], got ${describe(dims)}`);
    if (name !== undefined && name !== null) {
      if (typeof name !== 'string')
        throw fault('type', `${where}: name: expected a text, got ${describe(name)}`);
      ownName(name);
    }
    const kind = readDtype(where, dtype) ?? 'float32';
    super({ ...(typeof name === 'string' && { name }), dtype: kind }, 'InputLayer');
    const core = call((wasm) => wasm.CoreSymbol.input(name ?? undefined, JSON.stringify(dims)));
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

/** An input of a model: samples of this shape. */
export function input(args: InputArgs): SymbolicTensor {
  onlyKeys('input', args, ['shape', 'batchShape', 'name', 'dtype', 'sparse']);
  const { shape, ...others } = args ?? {};
  return new InputLayer({ ...others, ...(shape && { inputShape: shape }) }, 'input').symbol;
}
