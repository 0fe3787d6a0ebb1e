/** What of a layer lies in the core: the layer itself and its weights, which may be moved out to JavaScript. */
import { describe, fault, ownName } from '../engine/errors.js';
import type { Handle } from '../engine/handle.js';
import { Home } from '../engine/home.js';
import { call } from '../engine/instance.js';
import type { Tensor } from '../tensor/handle.js';
import type { CoreLayer, CoreWeight } from '../wasm/mapling.js';
import { homeOf, waitForWeights, waitNoMore } from './layer-home.js';
import type { Dims } from './symbolic.js';
import { LayerVariable, type PlainWeight, setAll, unique } from './weights.js';

/** A layer, as the one who asks for its weights sees it. */
export abstract class LayerInCore {
  #handle: Handle<CoreLayer> | undefined;
  #seen: LayerVariable[] | undefined;
  #weights: LayerVariable[] | undefined;
  #home: Home | undefined;
  #isEntering = false;
  /** Whether it was noted as one whose weights do not exist yet. */
  #waits = false;

  abstract getClassName(): string;
  /** The layers that JavaScript knows inside it: their weights are its weights. */
  abstract get _inner(): readonly LayerInCore[];
  /** Makes the layer in the core. */
  protected abstract makeHandle(): Handle<CoreLayer>;
  /** The weights in the core, which are made now if it is known for which inputs. */
  protected abstract findWeights(): CoreWeight[];
  /** Weights that a class of the user's holds itself, in the order of the core's. */
  protected abstract get _ownVariables(): readonly LayerVariable[];
  /** Lets go of what the core would call. */
  protected abstract _release(): void;

  /** Whether the layer is in the core by now. */
  protected get _isMade(): boolean {
    return this.#handle !== undefined;
  }
  /** The layer in the core. */
  get _handle(): Handle<CoreLayer> {
    this.#handle ??= this.makeHandle();
    return this.#handle;
  }
  protected _core(where: string): CoreLayer {
    const core = this._handle.get(`${this.getClassName()}: ${where}`);
    this.enterHome();
    return core;
  }
  /** Asks the core of it. Whatever a class of the user's does when it is made is done before. */
  _ask<T>(where: string, question: (core: CoreLayer) => T): T {
    const core = this._core(where);
    return call(() => question(core));
  }
  /** Sees to it that its weights are in the core. */
  enterHome(): void {
    if (this.#isEntering) return;
    const { _inner: inner, _home: home } = this;
    if (inner.length > 0) Home.enterAll(this._homes);
    else if (home) {
      if (this.#waits) waitNoMore(this);
      this.#waits = false;
      home.enter();
    } else if (this.#handle) {
      this.#waits = true;
      waitForWeights(this);
    }
  }
  /** Counts its weights as used last; whether they are known to be in the core. */
  _touchHome(): boolean {
    return this._inner.length === 0 && this._home?.touch() === true;
  }
  /** Where its weights are; a layer whose weights do not exist yet has none to be moved. */
  get _home(): Home | undefined {
    if (!this.#home && this.#handle && !this.#handle.isFreed && !this.#isEntering)
      this.#home = this.makeHome(this.#handle);
    return this.#home;
  }
  /** Where its weights are and those of the layers that JavaScript knows inside it. */
  get _homes(): Home[] {
    return [this._home ?? [], ...this._inner.map((layer) => layer._homes)].flat();
  }
  protected makeHome(handle: Handle<CoreLayer>): Home | undefined {
    // To ask whether there are weights must not ask for them once more.
    this.#isEntering = true;
    try {
      const core = handle.get(this.getClassName());
      return call(() => core.isBuilt()) ? homeOf(handle, this._inner.length > 0) : undefined;
    } finally {
      this.#isEntering = false;
    }
  }
  get name(): string {
    const name = this._ask('name', (core) => core.name());
    // Messages of the core spell it as it is.
    ownName(name);
    return name;
  }
  /** The shape of a batch of its input, if its settings say it. */
  get batchInputShape(): Dims | undefined {
    const told = this._ask('batchInputShape', (core) => core.batchInputShape());
    return (JSON.parse(told) as Dims | null) ?? undefined;
  }
  /** Whether training changes its weights; what is set holds from the next step on. */
  get trainable(): boolean {
    return this._ask('trainable', (core) => core.trainable());
  }
  set trainable(trainable: boolean) {
    if (typeof trainable !== 'boolean') {
      throw fault(
        'type',
        `layer ${this.name}: trainable: expected true or false, got ${describe(trainable)}`,
      );
    }
    this._ask('trainable', (core) => core.setTrainable(trainable));
  }

  get built(): boolean {
    return this._ask('built', (core) => core.isBuilt());
  }
  /** Programs for TensorFlow.js say at the end of `build` that it is done, which is known here. */
  set built(built: boolean) {
    if (built === true) return;
    throw fault(
      'value',
      `layer ${this.name}: built: weights that exist stay; expected true, got ${describe(built)}`,
    );
  }
  /** Its weights, those of the layers inside it after its own. */
  get weights(): LayerVariable[] {
    if (this.#weights) return this.#weights;
    const all = unique(this._seen);
    if (this.#seen) this.#weights = all;
    return all;
  }
  /**
   * What brings its weights into the core. A weight is kept until the turn ends, since it can be found by its name: it
   * holds homes, and not the layer with all that it knows, which in a long loop can be collected at once.
   */
  #entering(): () => void {
    return this.built && this._hasHomes() ? bringing(this._homes) : () => this.enterHome();
  }
  /** Whether it is known where its weights are and those of the layers inside it. */
  _hasHomes(): boolean {
    const inner = this._inner;
    return inner.length > 0 ? inner.every((layer) => layer._hasHomes()) : this._home !== undefined;
  }
  /** The weights as its mapping gets them: one that is reached in two ways is there twice. */
  get _seen(): LayerVariable[] {
    if (this.#seen) return this.#seen;
    const found = this.findWeights();
    const [own, enter] = [this._ownVariables, this.#entering()];
    const all = found.map((core, at) => own[at] ?? new LayerVariable(() => core, enter));
    if (this.built) this.#seen = all;
    return all;
  }
  get trainableWeights(): LayerVariable[] {
    return this.weights.filter(({ trainable }) => trainable);
  }
  get nonTrainableWeights(): LayerVariable[] {
    return this.weights.filter(({ trainable }) => !trainable);
  }
  /** Forgets which weights there are: a model has got more layers. */
  protected forgetWeights(): void {
    this.#seen = undefined;
    this.#weights = undefined;
  }
  /**
   * How many numbers its weights hold.
   * @example
   * const dense = layers.dense({ units: 3 });
   * dense.apply(tensor([[1, 2]]));
   * dense.countParams(); // → 9
   */
  countParams(): number {
    return this.weights.reduce((sum, { shape }) => sum + shape.reduce((size, length) => size * length, 1), 0);
  }
  /**
   * The weights' values; only those that training may change if `trainableOnly`.
   * @example
   * const dense = layers.dense({ units: 1, kernelInitializer: 'ones' });
   * dense.apply(tensor([[1, 2]]));
   * dense.getWeights()[0]; // → [[1], [1]]
   */
  getWeights(trainableOnly = false): Tensor[] {
    return (trainableOnly ? this.trainableWeights : this.weights).map((weight) => weight.snapshot());
  }
  /** Replaces the weights' values: all or, if one does not fit, none. */
  setWeights(values: readonly (Tensor | PlainWeight)[]): void {
    setAll(`layer ${this.name}: setWeights`, this.weights, values);
  }

  /**
   * How many weights it has, with the layers inside it that have not been counted yet. Others may have disposed of some
   * of these, whose weights are gone: they are not asked for here.
   */
  _countWeights(counted: Set<LayerInCore>): number {
    if (counted.has(this)) return 0;
    counted.add(this);
    const [handle, inner] = [this.#handle, this._inner];
    const own = handle?.isThere ? call(() => handle.get('dispose').weightCount(inner.length > 0)) : 0;
    return inner.reduce((sum, layer) => sum + layer._countWeights(counted), own);
  }
  /** Frees what the core holds of the layers inside it. */
  protected _disposeInner(): void {
    for (const layer of this._inner) layer.dispose();
  }
  /**
   * Frees what the core holds of it, now rather than when nobody refers to it any more.
   * @example
   * const dense = layers.dense({ units: 3 });
   * dense.apply(tensor([[1, 2]]));
   * dense.dispose().numDisposedVariables; // → 2
   */
  dispose(): { refCountAfterDispose: number; numDisposedVariables: number } {
    const count = this._countWeights(new Set());
    waitNoMore(this);
    this.#home?.leave();
    for (const variable of this.#seen ?? []) variable.free();
    this._disposeInner();
    this.forgetWeights();
    this.#handle?.free();
    this._release();
    return { refCountAfterDispose: 0, numDisposedVariables: count };
  }
}

/** A function of its own, so that what it returns knows nothing else. */
const bringing = (homes: readonly Home[]) => (): void => Home.enterAll(homes);
