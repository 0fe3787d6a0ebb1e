/** An optimizer: its name and settings, which the core checks. `steps.ts` adds steps on variables. */
import { camelKeys, describe, fault, finite, onlyKeys, snakeKeys } from '../engine/errors.js';
import { Home } from '../engine/home.js';
import { call, currentGeneration } from '../engine/instance.js';
import { isA, isObject } from '../engine/look.js';
import { plainSettings } from '../nn/settings.js';
import type { CoreOptimizer } from '../wasm/mapling.js';
import { isSchedule, type Rate, scheduleJson } from './rate.js';

/** What a model is compiled with, and what takes steps on variables. */
export class Optimizer {
  readonly className: string;
  private readonly settings: Record<string, unknown>;
  private made: CoreOptimizer | undefined;
  /** Where what it remembers is. */
  readonly home = new Home({
    bytes: () => this.made?.stateBytes() ?? 0,
    moveOut: () => this.made?.takeState() ?? [],
    moveIn: (kept) => this.made?.giveState(kept as [number, Float32Array][]),
  });
  private generation = -1;

  constructor(className: string, config: Record<string, unknown>) {
    if (typeof className !== 'string')
      throw fault('type', `Optimizer: className: expected a name, got ${describe(className)}`);
    this.className = className;
    if (config !== undefined && config !== null && !isObject(config))
      throw fault('type', `Optimizer: expected an object of settings, got ${describe(config)}`);
    this.settings = { ...config };
    this._clipsGlobally = Object.keys(this.settings).some((key) => /^global_?clip_?norm$/i.test(key));
  }
  /** Whether a step begins with a look at all gradients together; for this folder only. */
  readonly _clipsGlobally: boolean;

  /** The settings that were given. */
  get config(): Readonly<Record<string, unknown>> {
    return { ...this.settings };
  }
  getClassName(): string {
    return this.className;
  }
  /** All settings, those that were not given too. */
  getConfig(): Record<string, unknown> {
    const all = camelKeys(JSON.parse(this.#ask((core) => core.config()))) as Record<string, unknown>;
    const named = Object.entries(all).map(([key, value]) => [key.replace(/^beta_/, 'beta'), value]);
    return { ...Object.fromEntries(named), ...this.settings };
  }

  /**
   * The core's optimizer, which keeps what is remembered of variables. It is made when it is needed first, and anew,
   * with nothing remembered, after a restart.
   */
  core(): CoreOptimizer {
    const core = this.optimizer();
    this.home.enter();
    return core;
  }
  /** Settings may be objects of the caller's that throw when they are read: that is done before the core is called. */
  #ask<T>(question: (core: CoreOptimizer) => T, where?: string): T {
    const core = this.core();
    return call(() => question(core), where);
  }
  private optimizer(): CoreOptimizer {
    if (!this.made || this.generation !== currentGeneration()) {
      const settings = JSON.stringify(optimizerJson(this));
      this.home.leave();
      const made = call((wasm) => new wasm.CoreOptimizer(settings));
      const { learningRate } = this.settings;
      // The very float32 that assigning it gives, whatever is read of its decimals.
      if (typeof learningRate === 'number') call(() => made.setLearningRate(learningRate));
      this.made = made;
      this.generation = currentGeneration();
    }
    return this.made;
  }

  /** How far the next step goes; a change holds from then on, and a number ends a schedule. */
  get learningRate(): number {
    const { learningRate } = this.settings;
    if (typeof learningRate === 'number') return learningRate;
    // What float32 keeps of a decimal number, as the decimal number.
    return Number(this.#ask((core) => core.learningRate()).toPrecision(7));
  }
  set learningRate(rate: Rate) {
    this.#setRate('learningRate', rate);
  }
  #setRate(name: string, rate: Rate): void {
    const where = `${this.className}: ${name}`;
    if (isSchedule(rate)) {
      const settings = JSON.stringify(scheduleJson(rate));
      this.#ask((core) => core.setSchedule(settings), where);
    } else {
      finite(where, rate);
      this.#ask((core) => core.setLearningRate(rate), where);
    }
    this.settings.learningRate = rate;
  }
  /** As assigning {@link learningRate}. */
  setLearningRate(rate: Rate): void {
    this.#setRate('setLearningRate', rate);
  }
  /**
   * Changes the momentum from the next step on, of an optimizer that has one to change: SGD.
   * @example
   * const optimizer = train.momentum(0.01, 0.9);
   * optimizer.setMomentum(0.5);
   * optimizer.getConfig().momentum; // → 0.5
   */
  setMomentum(momentum: number): void {
    const where = `${this.className}: setMomentum`;
    finite(`${where}: momentum`, momentum);
    this.#ask((core) => core.setMomentum(momentum), where);
    this.settings.momentum = momentum;
  }
  /** How many steps have been taken. */
  get iterations(): number {
    return this.#ask((core) => core.steps());
  }

  /** Frees what is remembered of variables. */
  dispose(): void {
    const { made } = this;
    this.home.leave();
    this.made = undefined;
    if (made && this.generation === currentGeneration()) call(() => made.free());
  }
}

/** An optimizer as Keras would write it down, from a name, an object, or what `train.…` gives. */
export interface OptimizerSpec {
  className: string;
  config: Record<string, unknown>;
}

/** What the core reads: `{ class_name, config }`. */
export function optimizerJson(optimizer: unknown): unknown {
  if (isA(optimizer, Optimizer))
    return {
      class_name: optimizer.className,
      config: snakeKeys(plainSettings(optimizer.className, optimizer.config)),
    };
  const spec = optimizer as Partial<OptimizerSpec> | null | undefined;
  if (!isObject(spec) || typeof spec.className !== 'string') {
    throw fault(
      'type',
      `compile: optimizer: expected a name or train.sgd(…), train.adam(…), got ${describe(optimizer)}`,
    );
  }
  onlyKeys('compile: optimizer', spec, ['className', 'config']);
  return { class_name: spec.className, config: snakeKeys(plainSettings(spec.className, spec.config ?? {})) };
}
