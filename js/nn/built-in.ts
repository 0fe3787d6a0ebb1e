/** Layers of the library, by their classes and settings. */

import { camelKeys, describe, fault } from '../engine/errors.js';
import { releaseForeign, releaseWith } from '../engine/foreign.js';
import { Handle } from '../engine/handle.js';
import { call } from '../engine/instance.js';
import { areAll, isA, isArray, isObject, listOf } from '../engine/look.js';
import type { Tensor } from '../tensor/handle.js';
import { adoptAll } from '../tensor/slots.js';
import type { CoreLayer } from '../wasm/mapling.js';
import { commonSettings, type LayerArgs } from './args.js';
import { CoreMade } from './core-made.js';
import { Layer } from './layer.js';
import { takeParts } from './own-code.js';
import { fromConfig, type Registered } from './registry.js';
import { settingsJson } from './settings.js';

/** A layer of the library. */
export class BuiltIn extends CoreMade {
  #inside: readonly Layer[] = [];
  #functions: readonly number[] = [];

  constructor(className: string, args: LayerArgs) {
    super(args, className);
    // Settings that make no sense are refused where they are given.
    void this._handle;
  }

  protected override makeHandle(): Handle<CoreLayer> {
    const className = this.getClassName();
    const {
      batchSize: _,
      implementation: __,
      batchInputShape: ___,
      dtype: ____,
      weights: _____,
      ...own
    } = this.args as LayerArgs & Record<string, unknown>;
    const { settings, parts } = takeParts(className, { ...own, ...commonSettings(className, this.args) });
    const inside = insideOf(className, settings);
    const handle = inside ? this.#around(settings, inside) : this.#plain(settings);
    if (parts.length > 0) {
      this.#functions = this._giveParts(handle, parts);
      releaseWith(this, this.#functions);
    }
    return handle;
  }
  #plain(settings: Record<string, unknown>): Handle<CoreLayer> {
    const className = this.getClassName();
    const config = settingsJson(className, settings);
    return new Handle((wasm) => new wasm.CoreLayer(className, config));
  }
  /** Around layers that stay what they are: their weights are its weights. */
  #around(settings: Record<string, unknown>, inside: readonly Layer[]): Handle<CoreLayer> {
    const className = this.getClassName();
    const { layer: _, backwardLayer: __, cell: ___, cells: ____, ...rest } = settings;
    const config = settingsJson(className, rest);
    if ('cell' in settings || 'cells' in settings) for (const cell of inside) tellStates(className, cell);
    const lent = inside.map((layer) => layer._handle.get(className).copy());
    const handle = new Handle((wasm) => wasm.CoreLayer.around(className, config, lent));
    this.#inside = inside;
    return handle;
  }
  override get _inner(): readonly Layer[] {
    return this.#inside;
  }
  override dispose(): { refCountAfterDispose: number; numDisposedVariables: number } {
    const done = super.dispose();
    this.#functions.forEach(releaseForeign);
    return done;
  }

  /** The states that a stateful layer goes on from, `[batch, …]` each; none where it begins with zeros. */
  get states(): Tensor[] {
    return adoptAll(this._ask('states', (core) => core.states()));
  }

  /** What the core makes of it as a setting of another layer. */
  override toCore(): unknown {
    if (this._given) throw fault('value', `${this.getClassName()}: weights: not of a layer in another`);
    return { className: this.getClassName(), config: this.getConfig() };
  }

  /** All of its settings: those that were given and the defaults of the rest. */
  override getConfig(): Record<string, unknown> {
    const config = JSON.parse(this._ask('getConfig', (core) => core.config())) as object;
    const { batchInputShape, dtype, trainable } = this;
    const common = { trainable, dtype, ...(batchInputShape && { batchInputShape }) };
    return { ...common, ...(camelKeys(config) as object) };
  }
}

/** The layers that a wrapper is around, where the core cannot make them from their settings alone. */
function insideOf(className: string, settings: Record<string, unknown>): Layer[] | undefined {
  const { layer, backwardLayer, cell, cells } = settings;
  const isLayer = (one: unknown): one is Layer => isA(one, Layer);
  if (className === 'RNN' && isLayer(cell)) return [cell];
  if (className === 'StackedRNNCells' && isArray(cells)) {
    const hole = cells.findIndex((one) => !isObject(one));
    if (hole >= 0)
      throw fault(
        'type',
        `${className}: cells: expected a list of cells, got ${describe(cells[hole])} at place ${hole}`,
      );
    if (cells.length > 0 && areAll(cells, isLayer)) return cells;
  }
  if (!isA(layer, Layer)) return undefined;
  if (className === 'TimeDistributed') return [layer];
  if (className !== 'Bidirectional') return undefined;
  const isOwn = (one: unknown): boolean =>
    isLayer(one) && (!(one instanceof CoreMade) || one._inner.some(isOwn));
  if (!isOwn(layer) && !isOwn(backwardLayer)) return undefined;
  return [layer, isA(backwardLayer, Layer) ? backwardLayer : backwards(layer)];
}

/** Tells the core of a cell of one's own how many values its states have. */
function tellStates(where: string, cell: Layer): void {
  if (cell instanceof CoreMade) return;
  const { stateSize } = cell as { stateSize?: unknown };
  const sizes: readonly unknown[] = listOf(stateSize);
  if (sizes.length === 0 || !areAll(sizes, (size) => Number.isSafeInteger(size) && Number(size) >= 1)) {
    throw fault(
      'type',
      `${where}: cell: ${cell.getClassName()}: stateSize: expected a whole number, or a list of them, one for each state, got ${describe(stateSize)}`,
    );
  }
  call(() => cell._handle.get(where).wantStates(Uint32Array.from(sizes as number[])));
}

/** A layer with these settings that is made anew, with the layers inside it. */
function made(layer: Layer, more: Record<string, unknown>): Layer {
  const config = { ...layer.getConfig(), ...more };
  if (!(layer instanceof BuiltIn)) {
    return fromConfig(layer.constructor as unknown as Registered, config) as Layer;
  }
  const inside = layer._inner.map((inner) => made(inner, {}));
  if ('cell' in config) config.cell = inside[0] ?? config.cell;
  if ('cells' in config && inside.length > 0) config.cells = inside;
  return new BuiltIn(layer.getClassName(), config);
}

/** A layer of one's own that reads the other way round, as Keras makes it: from the settings. */
function backwards(layer: Layer): Layer {
  const config = layer.getConfig();
  for (const key of ['goBackwards', 'returnSequences']) {
    if (typeof config[key] === 'boolean') continue;
    throw fault(
      'value',
      `Bidirectional: ${layer.getClassName()}: getConfig: expected ${key} to be true or false, got ${describe(config[key])}`,
    );
  }
  return made(layer, { goBackwards: !config.goBackwards, name: `backward_${layer.name}` });
}
