/**
 * Regularizers, constraints and initializers: those of the library, and those of one's own. What is one's own is a
 * function, or an object with `apply` (or `call`, as Keras says), which the core calls.
 */
import { camelKeys, describe, fault, snakeKeys, toSnake } from '../engine/errors.js';
import { type Foreign, registerForeign } from '../engine/foreign.js';
import { call } from '../engine/instance.js';
import { isA, isArray, isFunction, isObject, isRevoked } from '../engine/look.js';
import { namespace } from '../engine/namespace.js';
import { asTensor, Tensor } from '../tensor/handle.js';
import { close, open } from '../tensor/scope.js';
import { nextSeed, seeded } from '../tensor/seed.js';
import { checkShape } from '../tensor/shape.js';
import { adoptAll, lendAll } from '../tensor/slots.js';
import type { CoreLayer } from '../wasm/mapling.js';
import { PART_KEY } from './part-key.js';
import { classNamed, fromConfig, remade } from './registry.js';
import { plainSettings, settingsJson } from './settings.js';

/** Settings of what is made from them again. */
export type PartConfig = Record<string, unknown>;

/** What can be made again from its settings. */
export class Serializable {
  static className = 'Serializable';
  /** Its settings, from which it is made again. */
  getConfig(): PartConfig {
    return {};
  }
  getClassName(): string {
    return (this.constructor as typeof Serializable).className;
  }
  /** What is made again from its settings, `(config)`, as in TensorFlow.js after the class: `(class, config)`. */
  // biome-ignore lint/suspicious/noExplicitAny: a class of one's own may take either, and gives itself
  static fromConfig(...given: any[]): any {
    // biome-ignore lint/complexity/noThisInStatic: the class that is asked, one of a program's own
    return remade(this, given);
  }
}

/** Whether a value is a part that can be made again from its settings. */
export const isPart = (value: unknown): value is Serializable => isA(value, Serializable);

const needed = (part: Serializable, what: string): Error =>
  fault('state', `${part.getClassName()}: ${what} of your own needs a method \`apply\``);

/** What a weight or an output adds to the loss: a class of one's own says it by `apply(x)`, a single value. */
export class Regularizer extends Serializable {
  static override className = 'Regularizer';
  apply(_x: Tensor): Tensor {
    throw needed(this, 'a regularizer');
  }
}
/** What a weight is held to after each step: a class of one's own gives by `apply(w)` the values that are allowed. */
export class Constraint extends Serializable {
  static override className = 'Constraint';
  apply(_w: Tensor): Tensor {
    throw needed(this, 'a constraint');
  }
}
/** What a weight starts as: a class of one's own makes the values by `apply(shape, dtype)`. */
export class Initializer extends Serializable {
  static override className = 'Initializer';
  apply(_shape: number[], _dtype?: string): Tensor {
    throw needed(this, 'an initializer');
  }
}

/** A part of the library: a name and settings, which the core reads. */
interface Named {
  readonly className: string;
  readonly config: PartConfig;
}
const json = (where: string, { className, config }: Named): string =>
  settingsJson(where, { className, config });

/** Does `action` with a slot of the tensor and takes the slot that it answers with. */
function through(where: string, x: unknown, action: (slot: number) => number): Tensor {
  const [slot] = lendAll([asTensor(where, x)], where);
  try {
    return adoptAll([action(slot!)])[0]!;
  } finally {
    call((wasm) => wasm.free(slot!));
  }
}

/** A part of the library as an object: what it is called, its settings, and what the core makes of them. */
function named<T extends Serializable>(
  part: T,
  where: string,
  own: Named,
  apply: (...given: never[]) => Tensor,
): T {
  const settled = json(where, own);
  return Object.assign(part, {
    apply: (...given: never[]) => apply(...([settled, ...given] as never[])),
    getClassName: () => own.className,
    getConfig: () => ({ ...own.config }),
    toCore: () => ({ className: own.className, config: own.config }),
  });
}

type Makers = Record<string, (config?: PartConfig) => Serializable>;

/** A function for each class, that makes an object of it. */
function makers<T extends Serializable>(
  where: string,
  classes: Record<string, string>,
  make: (name: string, own: Named) => T,
) {
  const all = Object.entries(classes).map(([name, className]) => [
    name,
    (config?: PartConfig | null) => {
      const title = `${where}.${name}`;
      if (config !== undefined && (!isObject(config) || isArray(config)))
        throw fault('type', `${title}: expected an object of settings, got ${describe(config)}`);
      return make(title, { className, config: { ...config } });
    },
  ]);
  return Object.fromEntries(all) as Record<string, (config?: PartConfig) => T>;
}

/**
 * What weights and outputs add to the loss.
 * @example
 * regularizers.l1({ l1: 0.1 }).apply([1, -2]); // → 0.3
 * regularizers.l2({ l2: 0.1 }).apply([1, -2]); // → 0.5
 * regularizers.l1l2({ l1: 0.1, l2: 0.1 }).apply([1, -2]); // → 0.8
 * regularizers.orthogonal({ factor: 0.5 }).apply([[1, 0], [1, 1]]); // → 0.3536
 */
export const regularizers = /* @__PURE__ */ namespace('regularizers', {
  ...makers(
    'regularizers',
    { l1: 'L1', l2: 'L2', l1l2: 'L1L2', orthogonal: 'OrthogonalRegularizer' },
    (where, own) =>
      named(new Regularizer(), where, own, (settings: string, x: Tensor) =>
        through(where, x, (slot) => call((wasm) => wasm.penalty(settings, slot), where)),
      ),
  ),
  Regularizer,
} as Record<'l1' | 'l2' | 'l1l2' | 'orthogonal', (config?: PartConfig) => Regularizer> & {
  Regularizer: typeof Regularizer;
});

const CONSTRAINTS = { nonNeg: 'NonNeg', maxNorm: 'MaxNorm', unitNorm: 'UnitNorm', minMaxNorm: 'MinMaxNorm' };
/**
 * What weights are held to after each step.
 * @example
 * constraints.nonNeg().apply([-1, 2]); // → [0, 2]
 * constraints.maxNorm({ maxValue: 1, axis: 0 }).apply([[3], [4]]); // → [[0.6], [0.8]]
 * constraints.unitNorm({ axis: 0 }).apply([[3], [4]]); // → [[0.6], [0.8]]
 * constraints.minMaxNorm({ minValue: 0.5, maxValue: 1, axis: 0 }).apply([[3], [4]]); // → [[0.6], [0.8]]
 */
export const constraints = /* @__PURE__ */ namespace('constraints', {
  ...makers('constraints', CONSTRAINTS, (where, own) =>
    named(new Constraint(), where, own, (settings: string, w: Tensor) =>
      through(where, w, (slot) => call((wasm) => wasm.constrain(settings, slot), where)),
    ),
  ),
  Constraint,
} as Record<keyof typeof CONSTRAINTS, (config?: PartConfig) => Constraint> & {
  Constraint: typeof Constraint;
});

const INITIALIZERS = {
  /** 0 everywhere. @example initializers.zeros().apply([2]); // → [0, 0] */
  zeros: 'Zeros',
  /** 1 everywhere. @example initializers.ones().apply([2]); // → [1, 1] */
  ones: 'Ones',
  /** `value` everywhere. @example initializers.constant({ value: 3 }).apply([2]); // → [3, 3] */
  constant: 'Constant',
  /**
   * Even between `minval` and `maxval`.
   * @example initializers.randomUniform({ minval: 1, maxval: 2, seed: 1 }).apply([100]).min().dataSync()[0] >= 1; // → true
   */
  randomUniform: 'RandomUniform',
  /**
   * Normal with `mean` and `stddev`.
   * @example initializers.randomNormal({ mean: 5, stddev: 0.1, seed: 1 }).apply([100]).mean().round(); // → 5
   */
  randomNormal: 'RandomNormal',
  /**
   * Normal, without values beyond two deviations.
   * @example initializers.truncatedNormal({ stddev: 1, seed: 1 }).apply([100]).abs().max().dataSync()[0] <= 2; // → true
   */
  truncatedNormal: 'TruncatedNormal',
  /**
   * Even with variance 2 / (inputs + outputs): what most kernels begin with.
   * @example initializers.glorotUniform({ seed: 1 }).apply([3, 3]).abs().max().dataSync()[0] <= 1; // → true
   */
  glorotUniform: 'GlorotUniform',
  /**
   * Normal with variance 2 / (inputs + outputs), cut off at two deviations.
   * @example initializers.glorotNormal({ seed: 1 }).apply([64, 64]).square().mean().mul(64).round(); // → 1
   */
  glorotNormal: 'GlorotNormal',
  /**
   * Even with variance 2 / inputs.
   * @example initializers.heUniform({ seed: 1 }).apply([6, 4]).abs().max().dataSync()[0] <= 1; // → true
   */
  heUniform: 'HeUniform',
  /**
   * Normal with variance 2 / inputs, cut off at two deviations: for relu.
   * @example initializers.heNormal({ seed: 1 }).apply([64, 64]).square().mean().mul(32).round(); // → 1
   */
  heNormal: 'HeNormal',
  /**
   * Even with variance 1 / inputs.
   * @example initializers.leCunUniform({ seed: 1 }).apply([3, 4]).abs().max().dataSync()[0] <= 1; // → true
   */
  leCunUniform: 'LecunUniform',
  /**
   * Normal with variance 1 / inputs, cut off at two deviations.
   * @example initializers.leCunNormal({ seed: 1 }).apply([64, 64]).square().mean().mul(64).round(); // → 1
   */
  leCunNormal: 'LecunNormal',
  /**
   * A random orthogonal matrix, times `gain`.
   * @example
   * const turn = initializers.orthogonal({ seed: 1 }).apply([2, 2]);
   * turn.matMul(turn, false, true).mul(1000).round().abs(); // → [[1000, 0], [0, 1000]]
   */
  orthogonal: 'Orthogonal',
  /**
   * The identity matrix, times `gain`.
   * @example initializers.identity({ gain: 2 }).apply([2, 2]); // → [[2, 0], [0, 2]]
   */
  identity: 'Identity',
  /**
   * Random, so that variance stays from layer to layer: `scale`, `mode`, `distribution`.
   * @example
   * const wide = { scale: 2, mode: 'fanIn', distribution: 'normal', seed: 1 };
   * initializers.varianceScaling(wide).apply([64, 64]).square().mean().mul(32).round(); // → 1
   */
  varianceScaling: 'VarianceScaling',
};
/** What weights start as. One with a `seed` starts every weight of a shape as the same values. */
export const initializers = /* @__PURE__ */ namespace('initializers', {
  ...makers('initializers', INITIALIZERS, (where, own) => {
    const { seed, ...config } = own.config;
    const made = named(new Initializer(), where, { ...own, config }, (settings: string, shape: number[]) => {
      const lengths = Uint32Array.from(checkShape(where, shape));
      const from = typeof seed === 'number' ? seed : nextSeed();
      return adoptAll([call((wasm) => wasm.initialize(settings, lengths, from), where)])[0]!;
    });
    if (seed === undefined || seed === null) return made;
    if (typeof seed !== 'number' || !Number.isSafeInteger(seed))
      throw fault('value', `${where}: seed: a seed is a whole number, got ${describe(seed)}`);
    // Its values follow from its own seed and not from the model's: as a part of one's own.
    return Object.assign(made, { toCore: undefined, getConfig: () => ({ ...own.config }) });
  }),
  Initializer,
} as Record<keyof typeof INITIALIZERS, (config?: PartConfig) => Initializer> & {
  Initializer: typeof Initializer;
});

type Apply = (...given: unknown[]) => unknown;

/** A part of one's own in a setting: what it does, and what is written down of it. */
export interface OwnPart {
  key: string;
  apply: Apply;
  written: unknown;
  /** Whether it is a function or an object without a class: it cannot be made again from what is written down. */
  isNameless?: boolean;
}

/** The function of a part of one's own, if the value is one. */
function applyOf(value: unknown): Apply | undefined {
  if (isFunction(value)) return value as Apply;
  if (!isObject(value)) return undefined;
  const { toCore, apply, call: called } = value as Record<string, unknown>;
  if (typeof toCore === 'function') return undefined;
  const own = isFunction(apply) ? apply : called;
  return isFunction(own) ? (...given) => (own as Apply).apply(value, given) : undefined;
}

/** Whether there is no class that could be known by its name. */
const isNameless = (value: object): boolean =>
  typeof value === 'function' || (value.constructor === Object && !('getClassName' in value));

/** What is written down of a part of one's own, so that it can be made again. */
function writtenOf(where: string, value: object): unknown {
  if (typeof value === 'function') return { class_name: value.name || 'function', config: {} };
  const { getClassName, getConfig } = value as Partial<Serializable>;
  const { className } = value.constructor as { className?: unknown };
  const name = getClassName?.call(value) ?? className ?? value.constructor?.name;
  const config: unknown = getConfig?.call(value) ?? {};
  return { class_name: String(name), config: snakeKeys(plainSettings(where, config)) };
}

/** What a setting says: an object that was written down becomes what it was made from, if its class is known. */
function read(where: string, value: unknown): unknown {
  if (isRevoked(value))
    throw fault('type', `${where}: expected a name, a function or an object, got a revoked proxy`);
  if (typeof value === 'function' && !isFunction(value))
    throw fault(
      'type',
      `${where}: expected a name, a function or an object, got ${describe(value)}; make one by \`new\``,
    );
  const { className, config } = (isObject(value) ? value : {}) as {
    className?: unknown;
    config?: PartConfig;
  };
  if (typeof value !== 'object' || typeof className !== 'string' || applyOf(value)) return value;
  if (isRevoked(config)) throw fault('type', `${where}: config: expected settings, got a revoked proxy`);
  const known = classNamed(className);
  if (known) return fromConfig(known, config ?? {});
  if (config?.seed === undefined || config.seed === null || !/Initializer$/.test(where)) return value;
  // One of the library with a seed of its own.
  const found = Object.entries(INITIALIZERS).find(([, name]) => name === className);
  return found ? (initializers as unknown as Makers)[found[0]]!(config) : value;
}

/** The settings with null in the place of parts of one's own, and these. */
export function takeParts(
  className: string,
  settings: Record<string, unknown>,
): { settings: Record<string, unknown>; parts: OwnPart[] } {
  const parts: OwnPart[] = [];
  const entries = Object.entries(settings).map(([key, given]): [string, unknown] => {
    if (!PART_KEY.test(key)) return [key, given];
    const where = `${className}: ${key}`;
    const value = read(where, given);
    const apply = applyOf(value);
    if (!apply) return [key, value];
    parts.push({
      key,
      apply,
      written: writtenOf(where, value as object),
      isNameless: isNameless(value as object),
    });
    return [key, null];
  });
  return { settings: Object.fromEntries(entries), parts };
}

/** A part as the core calls it. */
function foreignPart(where: string, { key, apply }: OwnPart): Foreign {
  const starts = key.endsWith('Initializer');
  return (slots, extra) => {
    const scope = open('record');
    try {
      if (starts) {
        const shape = Array.from(extra.subarray(1));
        const value = seeded(extra[0]!, () => apply([...shape], 'float32'));
        return lendAll([checked(where, value, shape)], where);
      }
      const [x] = adoptAll(slots);
      const shape = key.endsWith('Constraint') ? x!.shape : [];
      return lendAll([checked(where, apply(x), shape)], where);
    } finally {
      close(scope, new Set());
    }
  };
}

function checked(where: string, value: unknown, shape: readonly number[]): Tensor {
  if (!isA(value, Tensor)) throw fault('type', `${where}: expected a tensor, got ${describe(value)}`);
  const tensor = asTensor(where, value);
  // Rounded weights, and losses without gradients, would go unnoticed.
  if (tensor.dtype !== 'float32')
    throw fault('type', `${where}: expected float32 values, got ${tensor.dtype}`);
  if (`${tensor.shape}` === `${shape}`) return tensor;
  // A single value may have axes.
  if (shape.length === 0 && tensor.size === 1) return tensor.reshape([]);
  throw fault(
    'shape',
    `${where}: expected ${shape.length === 0 ? 'a single value' : `[${shape}]`}, got [${tensor.shape}]`,
  );
}

/** Puts parts of one's own into a layer of the core: the numbers of the functions. */
export function giveParts(core: CoreLayer, className: string, parts: readonly OwnPart[]): number[] {
  return parts.map((part) => {
    const id = registerForeign(foreignPart(`${className}: ${part.key}`, part));
    call(() => core.addPart(toSnake(part.key), JSON.stringify(part.written), id));
    return id;
  });
}

/** A regularizer of any kind as a part of one's own: what adds to the loss for a layer whose outputs the core does not know. */
export function asOwnRegularizer(where: string, key: string, given: unknown): OwnPart {
  const value = read(where, given);
  const apply = applyOf(value);
  if (apply)
    return {
      key,
      apply,
      written: writtenOf(where, value as object),
      isNameless: isNameless(value as object),
    };
  const plain = camelKeys(plainSettings(where, value)) as string | Named;
  const { className, config = {} } = typeof plain === 'string' ? { className: plain } : plain;
  const settings = json(where, { className, config });
  return {
    key,
    apply: (x) => through(where, x, (slot) => call((wasm) => wasm.penalty(settings, slot))),
    written: { class_name: className, config: snakeKeys(config) },
  };
}
