/**
 * What stands behind a class that extends `Layer`: the core asks here for shapes and results, and the class' `build`,
 * `call` and `computeOutputShape` answer. Layers that it holds belong to it: their weights are its weights.
 */
import { brief, describe, fault } from '../engine/errors.js';
import { registerForeign, releaseForeign, releaseWith } from '../engine/foreign.js';
import { call } from '../engine/instance.js';
import { isA, listOf } from '../engine/look.js';
import { zeros } from '../tensor/create.js';
import { asTensor, Tensor } from '../tensor/handle.js';
import { close, open } from '../tensor/scope.js';
import { seeded } from '../tensor/seed.js';
import { checkShape } from '../tensor/shape.js';
import { adoptAll, freeAll, lendAll } from '../tensor/slots.js';
import { Variable } from '../tensor/variable.js';
import type { CoreLayer } from '../wasm/mapling.js';
import { type CallArgs, listOfDims, single } from './args.js';
import { checkSpecs } from './input-spec.js';
import { layersIn } from './inside.js';
import { carry, freeingMasks } from './masks.js';
import { type Inner, Members } from './members.js';
import { MasksOfResults } from './own-masks.js';
import { giveParts, type OwnPart, takeParts } from './parts.js';
import { alsoList, checkResults, tryLengths } from './results.js';
import { settingsJson } from './settings.js';
import type { Dims } from './symbolic.js';
import { LayerVariable } from './weights.js';

/** What the class says. */
export interface Mapping extends Inner {
  readonly supportsMasking: boolean;
  /** What it expects of its inputs. */
  readonly inputSpec?: unknown;
  /** How many values each state has, if it is a cell. */
  readonly stateSize?: unknown;
  getClassName(): string;
  call(inputs: Tensor | Tensor[], args: CallArgs): Tensor | Tensor[];
  computeOutputShape(shape: Dims | Dims[]): Dims | Dims[];
  computeMask(
    inputs: Tensor | Tensor[],
    mask: Tensor | null | (Tensor | null)[],
  ): Tensor | null | (Tensor | null)[];
}

/** What the class gets from its base. */
export interface Base {
  /** Whether it is a layer. */
  isLayer(value: object): value is Inner & object;
  /** Whether the class says itself of what shape its results are. */
  readonly tellsShape: boolean;
  /** Whether the class says itself what weights there are. */
  readonly tellsWeights: boolean;
  /** The class' own `build`. */
  build(shape: Dims | Dims[]): void;
  core(where: string): CoreLayer;
  enterHome(): void;
}

/** The first number that the core gives says what it asks for. */
const SHAPES = 0;
const BRING_IN = 2;
/** Samples in a trial run: as many results must come out. */
const SAMPLES = 2;
/** So many shapes are remembered: sequences may have any length. */
const MOST_TOLD = 256;
/** Properties of the base. */
const BASE: ReadonlySet<string> = new Set(['args', 'supportsMasking']);

/** A layer of one's own, as the core sees it. */
export class Own {
  readonly #layer: Mapping;
  readonly #base: Base;
  /** What `addWeight` was asked for. */
  readonly #wanted: { spec: Record<string, unknown>; parts: OwnPart[]; variable: LayerVariable }[] = [];
  /** The numbers of the functions that the core calls. */
  readonly #functions: number[] = [];
  readonly #members: Members;
  readonly #masks: MasksOfResults;
  /** The shapes of results, by those of inputs. */
  readonly #told = new Map<string, Dims[]>();
  /** What the call at work is given besides tensors; nothing where the layer is called by a model. */
  #given: CallArgs = {};
  #wasBuilt = false;

  constructor(layer: Mapping, base: Base) {
    this.#layer = layer;
    this.#base = base;
    this.#members = new Members(layer, () => layer.getClassName());
    this.#masks = new MasksOfResults(layer);
  }

  get #title(): string {
    return this.#layer.getClassName();
  }
  /** The layers inside it. */
  get inner(): readonly Inner[] {
    return this.#members.inner;
  }
  /** Its own weights, in the order in which it asked for them. */
  get variables(): readonly LayerVariable[] {
    return this.#wanted.map(({ variable }) => variable);
  }

  /** What the core calls: first for the shapes of results, later for the results. */
  register(): number {
    // Whoever is called by the core is not kept alive by that: a layer that nobody refers to is collected.
    const self = new WeakRef(this);
    const id = registerForeign((slots, extra) => {
      const own = self.deref();
      if (!own) throw fault('state', 'a layer that the core wants to call is gone');
      const rest = extra.subarray(1);
      if (extra[0] === SHAPES) return own.#shapes(rest);
      if (extra[0] !== BRING_IN) return own.#compute(slots, rest);
      own.#base.enterHome();
      return [];
    });
    this.#functions.push(id);
    releaseWith(this, this.#functions);
    return id;
  }
  /** The core calls it no more. */
  release(): void {
    this.#functions.forEach(releaseForeign);
  }
  /** Remembers functions that the core calls on behalf of this layer. */
  remember(functions: readonly number[]): void {
    this.#functions.push(...functions);
  }

  /** A weight for the class' `build` to make. */
  addWeight(
    name: string,
    shape: number[],
    dtype: string | null,
    settings: { initializer: unknown; regularizer: unknown; constraint: unknown },
    trainable: boolean,
  ): LayerVariable {
    const where = `${this.#title}: addWeight`;
    if (typeof name !== 'string' || name === '')
      throw fault('type', `${where}: name: expected a text, got ${describe(name)}`);
    if (this.#wanted.some(({ spec }) => spec.name === name))
      throw fault('name', `${where}: the name ${describe(name)} is used twice`);
    if (dtype !== null && dtype !== 'float32')
      throw fault('value', `${where}: ${brief(name)}: dtype: expected float32, got ${describe(dtype)}`);
    const lengths = checkShape(`${where}: ${brief(name)}`, shape);
    const keyed = Object.entries(settings).map(([kind, value]) => [
      `${name}${kind[0]!.toUpperCase()}${kind.slice(1)}`,
      value,
    ]);
    const { settings: named, parts } = takeParts(this.#title, Object.fromEntries(keyed));
    const [initializer, regularizer, constraint] = Object.values(named);
    const spec = {
      name,
      shape: lengths,
      initializer: initializer ?? undefined,
      regularizer,
      constraint,
      trainable,
    };
    const place = this.#wanted.length;
    const variable = new LayerVariable(
      () => this.#base.core('weights').weights()[place],
      () => this.#base.enterHome(),
      () => `${this.#layer.name}/${name}`,
      lengths,
    );
    this.#wanted.push({ spec, parts, variable });
    return variable;
  }

  /** The shapes of the results, each its rank and its lengths, in a tensor: a negative length is one that is open. */
  #shapes(asked: Float64Array): number[] {
    const inputs: Dims[] = [];
    for (let at = 0; at < asked.length; at += 1 + asked[at]!) {
      const lengths = asked.subarray(at + 1, at + 1 + asked[at]!);
      inputs.push([null, ...Array.from(lengths, (length) => (length < 0 ? null : length))]);
    }
    const outputs = this.#outputDims(inputs);
    const told = outputs.flatMap((dims) => [dims.length - 1, ...dims.slice(1).map((length) => length ?? -1)]);
    return lendAll([asTensor('computeOutputShape', told)], 'computeOutputShape');
  }

  /** The shapes of results for inputs of these shapes. */
  #outputDims(inputs: Dims[]): Dims[] {
    checkSpecs(this.#title, this.#layer.inputSpec, inputs);
    if (!this.#wasBuilt) this.#build(inputs);
    const key = inputs.join('/');
    const known = this.#told.get(key);
    if (known) return known;
    const told = this.#isCell(inputs)
      ? this.#members.as('trying', () => this.#tried(inputs))
      : this.#layer.computeOutputShape(single(inputs));
    const dims = listOfDims(`${this.#title}: computeOutputShape`, told);
    this.#tell(key, dims);
    return dims;
  }

  /** Whether these are the shapes of a step and of the states of a cell, whose class speaks of the step alone. */
  #isCell(inputs: readonly Dims[]): boolean {
    return inputs.length > 1 && this.#layer.stateSize !== undefined;
  }

  #tell(key: string, dims: Dims[]): void {
    if (this.#told.size >= MOST_TOLD) this.#told.clear();
    this.#told.set(key, dims);
  }

  /** Makes what the class wants: its weights, and those of the layers that it holds. */
  #build(inputs: Dims[]): void {
    // A constructor may have asked for weights already.
    const before = this.#wanted.length;
    this.#told.clear();
    try {
      this.#members.as('building', () => {
        this.#base.build(this.#isCell(inputs) ? inputs[0]! : single(inputs));
        this.#wantWeights();
        const held = this.#held();
        if (!this.#base.tellsShape || this.#isCell(inputs))
          this.#tell(inputs.join('/'), this.#triedOrSame(inputs));
        else if (!this.#base.tellsWeights || held.some(({ built }) => !built)) this.#triedOrSame(inputs);
        this.#wantLayers();
        this.#refuseVariables();
      });
    } catch (failure) {
      this.#wanted.length = before;
      throw failure;
    } finally {
      this.#members.forget();
    }
    this.#wasBuilt = true;
  }

  /** The layers that the class holds as properties. */
  #held(): Inner[] {
    return layersIn(this.#layer, BASE, this.#base.isLayer);
  }

  /** A variable that is no weight of a layer would be neither trained by `fit`, nor counted, nor saved. */
  #refuseVariables(): void {
    const isBare = (value: object): value is Variable => isA(value, Variable) && !value.isWeight;
    const bare = layersIn(this.#layer, BASE, isBare).find(
      ({ trainable, isDisposed }) => trainable && !isDisposed,
    );
    if (!bare) return;
    const how = 'make it by this.addWeight(…) in build, or let it not be trainable';
    throw fault(
      'state',
      `layer ${this.#layer.name}: the variable ${describe(bare.name)}, which it holds, would not be trained: ${how}`,
    );
  }

  #wantWeights(): void {
    const where = `${this.#title}: addWeight`;
    const specs = settingsJson(
      where,
      this.#wanted.map(({ spec }) => spec),
    );
    const core = this.#base.core('build');
    call(() => core.wantWeights(specs));
    for (const { parts } of this.#wanted) this.remember(giveParts(core, where, parts.splice(0)));
  }

  /** Tells the core which layers are inside. */
  #wantLayers(): void {
    this.#members.take(this.#held(), (inner, early) => {
      const copies = (layers: readonly Inner[]): CoreLayer[] =>
        layers.map((layer) => layer._handle.get(this.#title).copy());
      const core = this.#base.core('build');
      const [inside, made] = [copies(inner), copies(early)];
      call(() => core.wantLayers(inside, made));
    });
  }

  /** The shapes of results as they come out of runs on zeros. */
  infer(shape: Dims | Dims[]): Dims | Dims[] {
    const inputs = listOfDims(`${this.#title}: computeOutputShape`, shape);
    if (!this.#wasBuilt) {
      const lengths = JSON.stringify(inputs);
      call(() => this.#base.core('computeOutputShape').outputDims(lengths));
    }
    const known = this.#told.get(inputs.join('/'));
    if (known) return single(known);
    return single(this.#members.as('trying', () => this.#triedOrSame(inputs)));
  }

  /**
   * The same, for a layer that cannot be tried out on a few zeros: its results are taken to have the shapes of its
   * inputs, as in TensorFlow.js. What it throws it will throw again when it is called.
   */
  #triedOrSame(inputs: Dims[]): Dims[] {
    try {
      return this.#tried(inputs);
    } catch (failure) {
      if (inputs.length > 1 || this.#members.hasMet || this.#held().length > 0) throw failure;
      return inputs;
    }
  }
  #tried(inputs: Dims[]): Dims[] {
    return tryLengths(inputs, (samples) => this.#run(samples));
  }

  /** The shapes of results for zeros of these shapes. */
  #run(samples: readonly number[][]): Dims[] {
    const scope = open('pause');
    const standIns = this.#pretend();
    // Stateful layers inside keep nothing of it.
    call((wasm) => wasm.trial(true));
    try {
      const inputs = samples.map((lengths) => zeros([SAMPLES, ...lengths]));
      const outputs = freeingMasks(() => this.#call(inputs, { training: false }));
      if (outputs.length === 0) throw fault('shape', `${this.#title}: call: there are no results`);
      return outputs.map(({ shape }) => {
        if (shape[0] === SAMPLES) return [null, ...shape.slice(1)];
        throw fault(
          'shape',
          `${this.#title}: call: expected a result for each of ${SAMPLES} samples, got [${shape}]`,
        );
      });
    } finally {
      call((wasm) => wasm.trial(false));
      for (const { variable } of this.#wanted) variable.pretend(undefined);
      close(scope, new Set());
      freeAll(standIns);
    }
  }

  /** Lets weights that do not exist yet be zeros. */
  #pretend(): number[] {
    if (this.#wasBuilt && this.#layer.built) return [];
    return this.#wanted.map(({ variable }) => {
      const [slot] = lendAll([zeros(variable.shape)], `${this.#title}: call`);
      variable.pretend(slot);
      return slot!;
    });
  }

  /** Runs `action`, in which the class' `call` gets these arguments too. */
  given<T>(args: CallArgs, action: () => T): T {
    const before = this.#given;
    this.#given = args;
    try {
      return action();
    } finally {
      this.#given = before;
    }
  }
  #call(inputs: Tensor[], args: CallArgs): Tensor[] {
    const where = `${this.#title}: call`;
    const given = inputs.length === 1 ? alsoList(inputs[0]!) : inputs;
    return listOf<unknown>(this.#layer.call(given, { ...this.#given, ...args })).map((output) => {
      if (isA(output, Tensor)) return asTensor(where, output);
      throw fault('type', `${where}: expected a tensor, got ${describe(output)}`);
    });
  }

  /** The results, and after them their masks if there are any. */
  #compute(slots: Uint32Array, extra: Float64Array): number[] {
    const where = `${this.#title}: call`;
    const [training, seed, count] = [extra[0] === 1, extra[1]!, extra[2]!];
    const flags = extra.subarray(3, 3 + count);
    const masked = flags.filter((flag) => flag === 1).length;
    const weights = slots.subarray(count + masked);
    const scope = open('record');
    try {
      const inputs = adoptAll(slots.subarray(0, count));
      const given = adoptAll(slots.subarray(count, count + masked)).map((mask) => mask.asType('bool'));
      const masks = Array.from(flags, (flag) => (flag === 1 ? given.shift()! : null));
      this.#layer._seen.forEach(({ val }, at) => {
        scope.handles.set(val.identity, weights[at]!);
      });
      const run = (): number[] => {
        const args: CallArgs = masked > 0 ? { training, mask: single(masks) } : { training };
        inputs.forEach((input, at) => {
          if (masks[at]) carry(input, masks[at]);
        });
        const shapes = inputs.map(({ shape }): Dims => [null, ...shape.slice(1)]);
        checkSpecs(where, this.#layer.inputSpec, shapes);
        const outputs = this.#members.as('computing', () => this.#call(inputs, args));
        checkResults(where, this.#outputDims(shapes), outputs);
        return [...lendAll(outputs, where), ...this.#masks.of(inputs, masks, outputs)];
      };
      // What is drawn in training follows from the model's seed.
      return freeingMasks(() => (training ? seeded(seed, run) : run()));
    } finally {
      close(scope, new Set());
      // The handles of weights were the core's; those of a weight that was assigned to are set aside.
      freeAll(weights);
    }
  }
}
