/** Learning rates that follow the number of steps. The core evaluates them, with the same bits everywhere. */
import { describe, fault, finite, onlyKeys, whole } from '../engine/errors.js';
import { call } from '../engine/instance.js';
import { isArray, isObject } from '../engine/look.js';
import { namespace } from '../engine/namespace.js';
import { described } from './judge.js';
import { scheduleJson } from './rate.js';

/** A schedule, for an optimizer's `learningRate`. */
export class LearningRateSchedule {
  readonly className: string;
  readonly config: Readonly<Record<string, unknown>>;

  constructor(className: string, config: object) {
    ({ className: this.className, config: this.config } = described<Record<string, unknown>>(
      'schedules',
      className,
      config,
    ));
  }
  getClassName(): string {
    return this.className;
  }
  getConfig(): Record<string, unknown> {
    return { ...this.config };
  }
  /** The rate after so many steps. */
  call(step: number): number {
    const steps = whole(`${this.className}: step`, step, 0);
    const settings = JSON.stringify(scheduleJson(this));
    return Number(call((wasm) => wasm.rateAt(settings, steps), this.className).toPrecision(7));
  }
}

/** A schedule from settings with these keys; numbers that JSON cannot hold are refused. */
function made(className: string, config: object, keys: string): LearningRateSchedule {
  const where = `schedules.${className[0]!.toLowerCase()}${className.slice(1)}`;
  onlyKeys(where, config, [...keys.split(' '), 'name']);
  if (config === undefined) throw fault('type', `${where}: expected settings, got ${describe(config)}`);
  for (const [key, value] of Object.entries(config)) {
    if (isArray(value)) for (const one of value) finite(`${where}: ${key}`, one);
    else if (isObject(value))
      throw fault('type', `${where}: ${key}: expected a number, got ${describe(value)}`);
    else if (typeof value === 'number') finite(`${where}: ${key}`, value);
  }
  return new LearningRateSchedule(className, config);
}

export interface DecayArgs {
  initialLearningRate: number;
  decaySteps: number;
  decayRate: number;
  /** Falls in stairs, every `decaySteps`. Default: false. */
  staircase?: boolean;
}
export interface PiecewiseArgs {
  /** Numbers of steps, growing. */
  boundaries: number[];
  /** The rate up to each boundary, and that after the last. */
  values: number[];
}
export interface PolynomialDecayArgs {
  initialLearningRate: number;
  decaySteps: number;
  /** Default: 0.0001. */
  endLearningRate?: number;
  /** Default: 1, a straight line. */
  power?: number;
  /** Begins anew, more slowly, whenever it has ended. Default: false. */
  cycle?: boolean;
}
export interface CosineDecayArgs {
  initialLearningRate: number;
  decaySteps: number;
  /** The share of the rate that is left at the end. Default: 0. */
  alpha?: number;
  /** Where the warm-up leads to, from `initialLearningRate`. Default: there is none. */
  warmupTarget?: number;
  warmupSteps?: number;
}
export interface CosineDecayRestartsArgs {
  initialLearningRate: number;
  firstDecaySteps: number;
  /** How much longer each period is than the one before. Default: 2. */
  tMul?: number;
  /** How much of the rate each period begins with. Default: 1, as much as the one before. */
  mMul?: number;
  alpha?: number;
}
export interface OneCycleArgs {
  maxLearningRate: number;
  totalSteps: number;
  /** The share of the steps in which the rate grows. Default: 0.3. */
  pctStart?: number;
  /** It begins with `maxLearningRate / divFactor`. Default: 25. */
  divFactor?: number;
  /** It ends with that divided by `finalDivFactor`. Default: 10000. */
  finalDivFactor?: number;
}

const DECAY = 'initialLearningRate decaySteps decayRate staircase';

/** Schedules, with Keras' names and defaults; `oneCycle` is PyTorch's. */
export const schedules = /* @__PURE__ */ namespace('schedules', {
  /** The same rate all the time. @example optimizers.schedules.constant(0.1).call(100); // → 0.1 */
  constant: (rate: number): LearningRateSchedule =>
    made('PiecewiseConstantDecay', { boundaries: [], values: [rate] }, 'boundaries values'),
  /**
   * Falls by a factor for every so many steps.
   * @example
   * const rate = optimizers.schedules.exponentialDecay({ initialLearningRate: 0.1, decaySteps: 10, decayRate: 0.5 });
   * rate.call(20); // → 0.025
   */
  exponentialDecay: (args: DecayArgs): LearningRateSchedule => made('ExponentialDecay', args, DECAY),
  /**
   * Falls as 1 / steps.
   * @example
   * const rate = optimizers.schedules.inverseTimeDecay({ initialLearningRate: 0.1, decaySteps: 10, decayRate: 1 });
   * rate.call(10); // → 0.05
   */
  inverseTimeDecay: (args: DecayArgs): LearningRateSchedule => made('InverseTimeDecay', args, DECAY),
  /**
   * One rate up to each boundary.
   * @example
   * const rate = optimizers.schedules.piecewiseConstantDecay({ boundaries: [10], values: [0.1, 0.01] });
   * rate.call(11); // → 0.01
   */
  piecewiseConstantDecay: (args: PiecewiseArgs): LearningRateSchedule =>
    made('PiecewiseConstantDecay', args, 'boundaries values'),
  /**
   * Falls to an end as a power of the steps that are left.
   * @example
   * const rate = optimizers.schedules.polynomialDecay({ initialLearningRate: 0.1, decaySteps: 10, endLearningRate: 0 });
   * rate.call(5); // → 0.05
   */
  polynomialDecay: (args: PolynomialDecayArgs): LearningRateSchedule =>
    made('PolynomialDecay', args, 'initialLearningRate decaySteps endLearningRate power cycle'),
  /**
   * Falls as half a cosine, after a warm-up if asked for.
   * @example optimizers.schedules.cosineDecay({ initialLearningRate: 0.1, decaySteps: 10 }).call(5); // → 0.05
   */
  cosineDecay: (args: CosineDecayArgs): LearningRateSchedule =>
    made('CosineDecay', args, 'initialLearningRate decaySteps alpha warmupTarget warmupSteps'),
  /**
   * Falls as half a cosine, again and again.
   * @example optimizers.schedules.cosineDecayRestarts({ initialLearningRate: 0.1, firstDecaySteps: 10 }).call(10); // → 0.1
   */
  cosineDecayRestarts: (args: CosineDecayRestartsArgs): LearningRateSchedule =>
    made('CosineDecayRestarts', args, 'initialLearningRate firstDecaySteps tMul mMul alpha'),
  /**
   * Up, then down to far below the beginning (Smith and Topin 2018).
   * @example optimizers.schedules.oneCycle({ maxLearningRate: 0.1, totalSteps: 100 }).call(30); // → 0.09995
   */
  oneCycle: (args: OneCycleArgs): LearningRateSchedule =>
    made('OneCycle', args, 'maxLearningRate totalSteps pctStart divFactor finalDivFactor'),
});
