/** Which layers belong to a layer of one's own: their weights are its weights, and the layers that it calls must be among them. */
import { fault } from '../engine/errors.js';
import type { Handle } from '../engine/handle.js';
import type { CoreLayer } from '../wasm/mapling.js';
import { type AtWork, working } from './at-work.js';
import type { LayerVariable } from './weights.js';

/** A layer, as the layer that holds it sees it. */
export interface Inner {
  readonly name: string;
  readonly built: boolean;
  readonly _handle: Handle<CoreLayer>;
  readonly _seen: readonly LayerVariable[];
  /** The layers that JavaScript knows inside it. */
  readonly _inner: readonly Inner[];
}

/** What a layer is at work for: to find out what is inside it, to try out of what shape its results are, or to compute. */
export type Mode = 'building' | 'trying' | 'computing';

const isTrained = ({ _seen }: Inner): boolean => _seen.some(({ trainable }) => trainable);

/** The layer and all layers inside it. */
function within(layer: Inner): Set<Inner> {
  const all = new Set<Inner>([layer]);
  // What is added while the set is gone through is gone through too.
  for (const one of all) for (const inner of one._inner) all.add(inner);
  return all;
}

export class Members implements AtWork<Inner> {
  readonly #owner: Inner;
  readonly #title: () => string;
  #inner: readonly Inner[] = [];
  /** Layers that the trial run has met, and those of them that it has built. */
  readonly #met = new Set<Inner>();
  readonly #early = new Set<Inner>();
  /** Layers that belong to the owner, and those of them whose weights are known to be its weights. */
  #all = new WeakSet<Inner>();
  readonly #ready = new WeakSet<Inner>();
  #mode: Mode = 'computing';

  constructor(owner: Inner, title: () => string) {
    this.#owner = owner;
    this.#title = title;
  }

  /** The layers inside the owner, but for those that are inside another one of them. */
  get inner(): readonly Inner[] {
    return this.#inner;
  }
  /** Whether the trial run has met any layer. */
  get hasMet(): boolean {
    return this.#met.size > 0;
  }

  /** Runs `action` as the owner's work. */
  as<T>(mode: Mode, action: () => T): T {
    const before = this.#mode;
    this.#mode = mode;
    try {
      return working(this, this.#title(), action);
    } finally {
      this.#mode = before;
    }
  }

  /** See {@link AtWork}: a layer that is called belongs to the owner, or would not be trained. */
  meet(layer: Inner): boolean {
    if (this.#mode === 'building') {
      this.#met.add(layer);
      return false;
    }
    if (this.#ready.has(layer)) return this.#mode === 'computing';
    // What has no weights yet may turn out to have none.
    if (!layer.built) {
      if (!this.#all.has(layer)) this.#refuse(layer);
      return false;
    }
    const own = new Set(this.#owner._seen.map(({ id }) => id));
    if (layer._seen.every(({ id }) => own.has(id))) this.#ready.add(layer);
    // Nothing has to be trained in a layer that is frozen.
    else if (isTrained(layer)) this.#refuse(layer);
    return false;
  }
  /** See {@link AtWork}. */
  made(layer: Inner): void {
    if (this.#mode === 'building') this.#early.add(layer);
    else if (this.#mode === 'computing' && isTrained(layer)) this.#refuse(layer);
  }
  #refuse(layer: Inner): never {
    const [outer, inner] = [this.#owner.name, layer.name];
    const how = this.#all.has(layer)
      ? `was not called when ${outer} was built, by a call that does not train, and would not be trained: build it in the method build`
      : `does not belong to ${outer} and would not be trained: keep it as a property from the start, or freeze it (trainable = false)`;
    throw fault('state', `layer ${outer}: call: the layer ${inner} ${how}`);
  }

  /** Takes in the layers that the owner holds, then others that the trial run has met; tells the core by `want`. */
  take(held: readonly Inner[], want: (inner: readonly Inner[], early: readonly Inner[]) => void): void {
    const all = [...new Set([...held, ...[...this.#met].filter(isTrained)])];
    for (const layer of all) this.#refuseCircle(layer);
    // What is inside another one of them is inside the owner through that one.
    const deeper = new Set(all.flatMap((layer) => [...within(layer)].slice(1)));
    const inner = all.filter((layer) => !deeper.has(layer));
    want(inner, [...this.#early]);
    this.#inner = inner;
    this.#all = new WeakSet(inner.flatMap((layer) => [...within(layer)]));
  }
  #refuseCircle(layer: Inner): void {
    if (!within(layer).has(this.#owner)) return;
    const [outer, inner] = [this.#owner.name, layer.name];
    throw fault(
      'value',
      `layer ${outer}: it holds the layer ${inner}, which holds ${outer}: one of the two must not`,
    );
  }
  /** Forgets what the trial run has met. */
  forget(): void {
    this.#met.clear();
    this.#early.clear();
  }
}
