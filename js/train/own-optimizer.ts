/** The class that optimizers of one's own extend, which take their steps by an `applyGradients` of their own. */
import { fault } from '../engine/errors.js';
import { isA, isObject } from '../engine/look.js';
import type { CoreOptimizer } from '../wasm/mapling.js';
import { Optimizer } from './optimizer.js';
import type { Rate } from './rate.js';

/** How far the steps of optimizers of one's own go: what they say themselves. */
const rates = new WeakMap<object, unknown>();

/** An optimizer; all of the library's are instances of it too. */
class OpenOptimizer extends Optimizer {
  /** A class of one's own says `super()`. */
  constructor(className?: string, config?: Record<string, unknown>) {
    const own = new.target as { className?: string; name: string };
    const isOwn = className === undefined && new.target !== OpenOptimizer;
    super(isOwn ? (own.className ?? own.name) : (className as string), config ?? {});
  }
  static override [Symbol.hasInstance](one: unknown): boolean {
    // biome-ignore lint/complexity/noThisInStatic: the class that is asked about, one of a program's own perhaps
    const asked = this as unknown as typeof OpenOptimizer;
    if (asked === OpenOptimizer) return isA(one, Optimizer);
    return isObject(one) && Object.prototype.isPrototypeOf.call(asked.prototype, one);
  }
  override getConfig(): Record<string, unknown> {
    return isOwn(this) ? this.config : super.getConfig();
  }
  override core(): CoreOptimizer {
    if (!isOwn(this)) return super.core();
    const how =
      'it needs an applyGradients of its own, and trains by its minimize(…) in a loop, not by compile';
    throw fault('state', `${this.className}: an optimizer of your own: ${how}`);
  }
  override get learningRate(): number {
    return isOwn(this) ? (rates.get(this) as number) : super.learningRate;
  }
  override set learningRate(rate: Rate) {
    if (isOwn(this)) rates.set(this, rate);
    else super.learningRate = rate;
  }
}

const isOwn = (optimizer: Optimizer): boolean => Object.getPrototypeOf(optimizer) !== OpenOptimizer.prototype;

export { OpenOptimizer as Optimizer };
