/** What an optimizer remembers of a model's weights (moments, say), taken out and put back. */
import { fault, whole } from '../engine/errors.js';
import { call } from '../engine/instance.js';
import { isA, isArray } from '../engine/look.js';
import type { CoreOptimizer } from '../wasm/mapling.js';
import type { Optimizer } from './optimizer.js';

export interface State {
  /** How many steps the optimizer took. */
  steps: number;
  /** What the optimizer remembers of each weight; null where it remembers nothing. */
  values: (Float32Array | null)[];
}

/** What `optimizer` remembers of the weights with these keys. */
export function stateOf(optimizer: Optimizer, keys: readonly number[]): State {
  const core = optimizer.core();
  return call(() => {
    const all = core.takeState();
    core.giveState(all as never[]);
    const byKey = new Map(all);
    return { steps: core.steps(), values: keys.map((key) => byKey.get(key) ?? null) };
  });
}

/** A weight: its number, and how room is made for what is remembered of it. */
interface Remembered {
  readonly id: number;
  makeRoom_(optimizer: CoreOptimizer): void;
}

/**
 * Lets `optimizer` remember `state` of these weights.
 * @throws For a state of other weights or of another optimizer; nothing has changed then.
 */
export function restoreState(
  where: string,
  optimizer: Optimizer,
  weights: readonly Remembered[],
  state: State,
): void {
  const { steps, values } = (state ?? {}) as Partial<State>;
  whole(`${where}: optimizerState: steps`, steps, 0);
  if (!isArray(values) || values.length !== weights.length) throw misfit(where);
  const core = optimizer.core();
  const before = stateOf(
    optimizer,
    weights.map(({ id }) => id),
  );
  for (const weight of weights) weight.makeRoom_(core);
  call(() => {
    const all = new Map(core.takeState());
    const fits = weights.every(({ id }, at) => {
      const own: unknown = values[at];
      return own === null || (isA(own, Float32Array) && own.length === all.get(id)?.length);
    });
    const given = fits ? values : before.values;
    weights.forEach(({ id }, at) => {
      const own = given[at];
      if (own) all.set(id, own);
      else all.delete(id);
    });
    // The core keeps its memory in the order of keys.
    core.giveState([...all].sort(([a], [b]) => a - b) as never[]);
    if (!fits) throw misfit(where);
    core.setSteps(steps!);
  });
  optimizer.home.measure();
}

const misfit = (where: string): Error =>
  fault('shape', `${where}: optimizerState: what the optimizer remembers does not belong to this model`);
