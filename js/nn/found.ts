/** Layers that JavaScript meets in a model and did not make itself. */
import { camelKeys } from '../engine/errors.js';
import { Handle } from '../engine/handle.js';
import { call } from '../engine/instance.js';
import type { CoreLayer } from '../wasm/mapling.js';
import { CoreMade } from './core-made.js';

/** A layer that the core made: of a model that was read, or one inside another. */
export class Found extends CoreMade {
  readonly #core: CoreLayer;
  constructor(core: CoreLayer) {
    super({}, core.className());
    this.#core = core;
  }
  protected override makeHandle(): Handle<CoreLayer> {
    return new Handle(() => this.#core);
  }
  override getConfig(): Record<string, unknown> {
    return camelKeys(JSON.parse(call(() => this._core('getConfig').config()))) as Record<string, unknown>;
  }
}
