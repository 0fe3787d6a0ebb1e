/** Models whose layers are in a row: a way to write a graph. */
import { describe, fault, onlyKeys } from '../engine/errors.js';
import { Handle } from '../engine/handle.js';
import { call } from '../engine/instance.js';
import { isA, isArray } from '../engine/look.js';
import { Layer } from './layer.js';
import { LayersModel } from './model.js';
import { seedFrom } from './seed-from.js';
import type { Dims } from './symbolic.js';

export interface SequentialArgs {
  layers?: Layer[];
  name?: string;
  /** Decides weights, order and dropout. Default: a new one each time, or what `setSeed` leads to. */
  seed?: number;
}

/** Layers in a row. */
export class Sequential extends LayersModel {
  static override className = 'Sequential';
  readonly #row: Layer[] = [];
  /** The layers of the row, each once. */
  readonly #held = new Set<Layer>();

  constructor(args: SequentialArgs = {}) {
    onlyKeys('sequential', args, ['layers', 'name', 'seed']);
    const { layers = [], name, seed } = args ?? {};
    const from = seedFrom('sequential', seed);
    if (!isArray(layers)) {
      throw fault('type', `sequential: layers: expected an array, got ${describe(layers)}`);
    }
    super({ network: new Handle((wasm) => wasm.Network.sequential(from)), name, seed: from }, 'Sequential');
    for (const layer of layers) this.add(layer);
  }

  /**
   * Adds a layer at the end.
   * @example
   * const model = sequential();
   * model.add(layers.dense({ units: 2, inputShape: [3] }));
   * model.layers.length; // → 1
   */
  add(layer: Layer): void {
    if (!isA(layer, Layer)) throw fault('type', `add: expected a layer, got ${describe(layer)}`);
    this.notTraining_('add');
    if (layer.getClassName() === 'InputLayer') {
      const { name } = layer.getConfig();
      this.setInput_(layer.batchInputShape!, typeof name === 'string' ? name : undefined);
      return;
    }
    const core = layer._handle.get('add');
    if (this.#held.has(layer) && layer.batchInputShape) {
      throw fault(
        'value',
        `add: the layer ${layer.name} is in the model already, and its inputShape is for a first layer: leave inputShape out and add an inputLayer`,
      );
    }
    call(() => this.network.get('add').add(core));
    this.#row.push(layer);
    this.#held.add(layer);
    this.know(layer);
    this.forgetSymbols();
  }
  /** Says of what shape a batch is, and what the input is called; for this folder only. */
  setInput_(batch: Dims, name?: string): void {
    const dims = JSON.stringify(batch);
    call(() => this.core_('add').setInput(dims, name));
  }
  /**
   * Takes the last layer away.
   * @example
   * const model = sequential({ layers: [layers.dense({ units: 2, inputShape: [3] }), layers.dense({ units: 1 })] });
   * model.pop();
   * model.outputs[0].shape; // → [null, 2]
   */
  pop(): void {
    this.notTraining_('pop');
    if (this.#row.length === 0) throw fault('state', 'pop: the model has no layers');
    call(() => this.core_('pop').pop());
    const last = this.#row.pop()!;
    this.forgetSymbols();
    if (this.#row.includes(last)) return;
    this.#held.delete(last);
    this.forgetLayer_(last);
  }

  override get layers(): Layer[] {
    return [...this.#row];
  }
  override get isRow_(): boolean {
    return true;
  }
}

/**
 * A model to which layers are added in a row.
 * @example
 * const model = sequential({ seed: 1 });
 * model.add(layers.dense({ units: 4, inputShape: [3] }));
 * model.countParams(); // → 16
 */
export const sequential = (args?: SequentialArgs): Sequential => new Sequential(args);
