/**
 * Layers: settings, and a mapping with weights. Those of the library compute in the core; a class that extends `Layer`
 * computes in JavaScript, in the same training loop.
 */
import { describe, fault } from '../engine/errors.js';
import { Handle } from '../engine/handle.js';
import { call } from '../engine/instance.js';
import { isA, isArray, isObject } from '../engine/look.js';
import { nextSeed } from '../tensor/seed.js';
import type { CoreLayer, CoreWeight } from '../wasm/mapling.js';
import { areSamples, asShape, commonSettings, type LayerArgs, listOfDims, readDtype } from './args.js';
import { atWork } from './at-work.js';
import { LayerInGraph } from './layer-in-graph.js';
import type { Own } from './own.js';
import { ownCode } from './own-code.js';
import type { OwnPart, Serializable } from './parts.js';
import { remade } from './registry.js';
import { checkSavable } from './savable.js';
import { jsonOf, settingsJson } from './settings.js';
import type { Dims } from './symbolic.js';
import type { LayerVariable } from './weights.js';

/** How many layers were made. */
let made = 0;

/** A mapping with weights. Extend it for one of your own: `build`, `call` and `computeOutputShape` say what it does. */
export class Layer extends LayerInGraph {
  /** Keras' name of the class; one's own must say theirs. */
  static className = 'Layer';
  /**
   * Whether the masks of inputs go on to the results; a layer of one's own that knows masks sets it to true. One that
   * says how by {@link computeMask} of its own knows them, as in Keras 3.
   */
  supportsMasking: boolean = this._isOwn && this.computeMask !== Layer.prototype.computeMask;
  /** A number that no other layer has. */
  readonly id = made++;
  /** The settings it was made with. */
  protected readonly args: Readonly<Record<string, unknown>>;
  /** The shapes of samples that it took last, once it has its weights: no need to ask the core again. */
  #taken: readonly Dims[] | undefined;
  readonly #className: string | undefined;
  /** A setting that cannot be written down. */
  #nameless: string | undefined;
  /** What stands behind a class of the user's. */
  readonly #own: Own | undefined;
  readonly #outputPart: OwnPart | undefined;

  constructor(args: LayerArgs = {}, className?: string) {
    super();
    const isNamed = className === undefined || (typeof className === 'string' && className.length <= 200);
    if (isNamed) this.#className = className;
    if (!isObject(args) || isArray(args)) {
      throw fault('type', `${this.getClassName()}: expected an object of settings, got ${describe(args)}`);
    }
    if (!isNamed) throw fault('type', `Layer: className: expected a short text, got ${describe(className)}`);
    this.args = { ...args };
    // Mistakes in what every layer takes are told at once.
    commonSettings(this.getClassName(), args);
    if (!this._isOwn) return;
    this.#own = this.#makeOwn();
    const penalty = this.args.activityRegularizer;
    if (penalty !== undefined && penalty !== null) {
      const where = `${this.getClassName()}: activityRegularizer`;
      this.#outputPart = ownCode().asOwnRegularizer(where, 'activityRegularizer', penalty);
    }
  }

  /** What stands behind a class of the user's. */
  get _code(): Own | undefined {
    return this.#own;
  }
  /** Whether it is of a class of the user's, whose mapping is written in JavaScript. */
  protected get _isOwn(): boolean {
    return true;
  }

  #makeOwn(): Own {
    // `layer.build(shape)` makes the weights in the core, which asks the class' own `build` what weights there are.
    const build = (shape: Dims | Dims[]): void => this.#buildFor(shape);
    Object.defineProperty(this, 'build', { value: build, writable: true, configurable: true });
    const own = (): Layer['build'] =>
      this.build === build ? (Object.getPrototypeOf(this) as Layer).build : this.build;
    return ownCode().makeOwn(this, {
      isLayer: (value): value is Layer => isA(value, Layer),
      tellsWeights: (Object.getPrototypeOf(this) as Layer).build !== Layer.prototype.build,
      tellsShape: this.computeOutputShape !== Layer.prototype.computeOutputShape,
      build: (shape) => own().call(this, shape),
      core: (where) => this._core(where),
      enterHome: () => this.enterHome(),
    });
  }
  #buildFor(shape: Dims | Dims[]): void {
    const core = this._core('build');
    const dims = JSON.stringify(listOfSamples(`${this.getClassName()}: build`, shape));
    this._makeBuilt(() => core.build(dims, nextSeed()));
  }

  /** The layers that JavaScript knows inside it: their weights are its weights. */
  get _inner(): readonly Layer[] {
    return (this.#own?.inner ?? []) as readonly Layer[];
  }

  protected get _ownVariables(): readonly LayerVariable[] {
    return this.#own?.variables ?? [];
  }
  protected _release(): void {
    this.#own?.release();
  }
  /**
   * The weights in the core. They are made if it is known for which inputs: by the model, from whose seed they follow, or
   * for what the layer was called on.
   */
  protected findWeights(): CoreWeight[] {
    if (!this.built) this._askModel();
    const called = this._calledOn();
    if (called && !this.built) this.ensureBuilt(called);
    return this._ask('weights', (core) => core.weights());
  }

  /** Makes the layer in the core: for a class of the user's one whose mapping comes back here. */
  protected makeHandle(): Handle<CoreLayer> {
    const [className, given] = [this.getClassName(), this.args as LayerArgs];
    const common = settingsJson(className, commonSettings(className, given));
    const config = jsonOf(`${className}: getConfig`, this.getConfig(), (value) =>
      isA(value, Layer) || ownCode().isPart(value) ? written(value) : value,
    );
    const id = this.#own?.register() ?? 0;
    const handle = new Handle((wasm) => wasm.CoreLayer.custom(className, common, config, id));
    if (this.#outputPart) this._giveParts(handle, [this.#outputPart]);
    return handle;
  }
  /** Puts functions of the user's into the core's layer. */
  protected _giveParts(handle: Handle<CoreLayer>, parts: readonly OwnPart[]): number[] {
    this.#nameless = parts.find(({ isNameless }) => isNameless)?.key;
    const functions = ownCode().giveParts(handle.get(this.getClassName()), this.getClassName(), parts);
    this.#own?.remember(functions);
    return functions;
  }

  /** Makes the weights by `addWeight`; `inputShape` begins with the batch axis. */
  build(_inputShape: Dims | Dims[]): void {}

  /** What the core makes of it as a setting of another layer. */
  toCore(): unknown {
    return written(this);
  }

  /** Makes the weights for these inputs, unless they exist. */
  ensureBuilt(inputs: readonly { readonly shape: Dims }[]): void {
    // A seed is drawn by each call: numbers that come after it do not depend on what is known here.
    const seed = nextSeed();
    if (this.#taken && areSamples(inputs, this.#taken)) return;
    const samples = inputs.map(({ shape }) => shape.slice(1));
    const core = this._core('build');
    this._makeBuilt(() => core.build(JSON.stringify(samples), seed));
    // A layer of one's own that is tried out has the core forget weights that were made meanwhile.
    if (!this._isOwn && !atWork<Layer>()) this.#taken = samples;
  }
  /**
   * Makes the weights by `action`, and tells a layer at work that they have been made while it is. `where` begins errors, if
   * it was something else than `build` that was called.
   */
  protected _makeBuilt(action: () => void, where?: string): void {
    const around = atWork<Layer>();
    const wasBuilt = around === undefined || this.built;
    call(action, where);
    if (!wasBuilt) around.made(this);
    this._begin?.();
  }
  /** Sets the weights that it was given to begin with, once they exist: `given-weights.ts` provides it. */
  _begin?(): void;
  /** These weights. */
  get _given(): LayerArgs['weights'] {
    return (this.args as LayerArgs).weights ?? undefined;
  }

  get className(): string {
    return this.getClassName();
  }
  getClassName(): string {
    if (this.#className !== undefined) return this.#className;
    const { className }: { className: unknown } = this.constructor as typeof Layer;
    if (typeof className === 'string' && className !== '') return className;
    throw fault('type', `Layer: static className: expected a text, got ${describe(className)}`);
  }
  get dtype(): string {
    return readDtype(this.getClassName(), this.args.dtype) ?? 'float32';
  }

  /**
   * Its settings. A class of one's own adds those of its own.
   * @example layers.dense({ units: 3 }).getConfig().units; // → 3
   */
  getConfig(): Record<string, unknown> {
    const { name, trainable, batchInputShape, batchSize } = this.args as LayerArgs;
    const inputShape = asShape((this.args as LayerArgs).inputShape);
    const shape = batchInputShape ?? (inputShape ? [batchSize ?? null, ...inputShape] : undefined);
    const penalty = this.#outputPart && { activityRegularizer: this.#outputPart.written };
    const more = { dtype: this.dtype, ...(shape && { batchInputShape: shape }), ...penalty };
    if (this._isMade) return { name: this.name, trainable: this.trainable, ...more };
    return { ...(name === undefined ? {} : { name }), trainable: trainable ?? true, ...more };
  }
  /** Refuses to be written down where what is read again would be something else, or nothing. */
  _checkSaving(where: string): void {
    for (const layer of this._inner) layer._checkSaving(where);
    checkSavable(`${where}: layer ${this.name}`, {
      nameless: this.#nameless,
      isOwn: this.#own !== undefined,
      className: this.getClassName(),
      isUnnamed: this.getClassName() === Layer.className,
      unwritten: this.getConfig === Layer.prototype.getConfig ? this.args : {},
    });
  }
  /**
   * A layer of this class with these settings, `(config)`, as in TensorFlow.js after the class: `(class, config)`. Classes of
   * one's own may have either.
   */
  // biome-ignore lint/suspicious/noExplicitAny: a class of one's own may take either, and gives itself
  static fromConfig(...given: any[]): any {
    // biome-ignore lint/complexity/noThisInStatic: the class that is asked, one of a program's own
    return remade(this, given);
  }
}

/** A layer or a part among settings, as it is written down. */
const written = (value: Layer | Serializable): object => ({
  className: value.getClassName(),
  config: value.getConfig(),
});

/** The shapes of samples for shapes of batches. */
const listOfSamples = (where: string, shape: unknown): Dims[] =>
  listOfDims(where, shape).map((dims) => dims.slice(1));
