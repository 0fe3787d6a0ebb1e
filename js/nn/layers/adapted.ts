/** A layer whose weights are found from data before training. */
import { describe, fault } from '../../engine/errors.js';
import { can, isA, isArray, isObject } from '../../engine/look.js';
import { add, type Like, mul, square, sub } from '../../tensor/elementwise.js';
import { asTensor, Tensor } from '../../tensor/handle.js';
import { moments } from '../../tensor/reduce.js';
import type { LayerArgs } from '../args.js';
import { BuiltIn } from '../built-in.js';

export interface NormalizationArgs extends LayerArgs {
  /** Whose places have a mean and a variance of their own; null: all values have the same. Default: −1, the last. */
  axis?: number | number[] | null;
  /** The mean, where it is known; then `variance` has to be given too. */
  mean?: number | number[];
  variance?: number | number[];
  /** Whether values are put back to this mean and variance instead. Default: false. */
  invert?: boolean;
}

/** Batches that are given one by one. */
interface Batches {
  iterator(): Promise<{ next(): Promise<IteratorResult<unknown, unknown>> }>;
}

/** Values with the mean 0 and the variance 1. */
export class Normalization extends BuiltIn {
  constructor(args: NormalizationArgs = {}) {
    if (!isObject(args) || isArray(args))
      throw fault('type', `Normalization: expected an object of settings, got ${describe(args)}`);
    super('Normalization', (args.axis === null ? { ...args, axis: [] } : args) as LayerArgs);
  }

  /**
   * Finds mean and variance: of a tensor at once, before anything is awaited; of a data set's batches (of which inputs are
   * `xs`, or the first of a list) one after the other.
   */
  async adapt(data: Like | Batches): Promise<void> {
    const where = 'Normalization: adapt';
    if (this.getConfig().mean !== null && this.getConfig().mean !== undefined)
      throw fault('state', `${where}: the mean and the variance were given`);
    if (!can(data, 'iterator')) {
      const x = asTensor(where, data as Like);
      this.#put(this.#statistics(where, x));
      return;
    }
    const iterator = await (data as Batches).iterator();
    if (!can(iterator, 'next'))
      throw fault('type', `${where}: iterator: expected an iterator, got ${describe(iterator)}`);
    let [count, mean, variance]: [number, Tensor | undefined, Tensor | undefined] = [0, undefined, undefined];
    for (;;) {
      const step: unknown = await iterator.next();
      if (!isObject(step))
        throw fault('type', `${where}: next: expected { value, done }, got ${describe(step)}`);
      const { value, done } = step as IteratorResult<unknown>;
      if (done) break;
      const x = asTensor(where, inputsOf(value) as Like);
      const own = this.#statistics(where, x);
      const size = x.size / Math.max(own[0].size, 1);
      count += size;
      const share = size / count;
      if (!mean || !variance) {
        [mean, variance] = own;
        continue;
      }
      // What each part lies apart from the mean of both counts too.
      const both: Tensor = add(mul(mean, 1 - share), mul(own[0], share));
      const before: Tensor = mul(add(variance, square(sub(mean, both))), 1 - share);
      variance = add(before, mul(add(own[1], square(sub(own[0], both))), share));
      mean = both;
    }
    if (!mean || !variance) throw fault('value', `${where}: the data set has no batches`);
    this.#put([mean, variance]);
  }

  #statistics(where: string, x: Tensor): [mean: Tensor, variance: Tensor] {
    if (x.rank === 0 || x.size === 0)
      throw fault('shape', `${where}: expected samples, got the shape [${x.shape}]`);
    this.build([null, ...x.shape.slice(1)]);
    const kept = (this.getConfig().axis as number[]).map((axis) => (axis < 0 ? axis + x.rank : axis));
    const others = x.shape.map((_, axis) => axis).filter((axis) => !kept.includes(axis));
    const { mean, variance } = moments(x, others);
    return [mean, variance];
  }
  #put(statistics: [Tensor, Tensor]): void {
    this.weights.slice(0, 2).forEach((weight, at) => {
      weight.write(statistics[at]!.reshape(weight.shape));
    });
  }
}

/** The inputs of an element of a data set. */
function inputsOf(element: unknown): unknown {
  if (isA(element, Tensor)) return element;
  if (isArray(element)) return isA(element[0], Tensor) ? element[0] : element;
  return isObject(element) && 'xs' in element ? element.xs : element;
}
