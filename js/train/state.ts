/** What an optimizer remembers of a model's weights, taken out and put back. */
import { fault } from '../engine/errors.js';
import { call } from '../engine/instance.js';
import type { Optimizer } from './optimizers.js';

export interface State {
  /** How many steps it took. */
  steps: number;
  /** Its values for each weight; null where it remembers nothing. */
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

/** Lets `optimizer` remember `state` of the weights with these keys, whose sizes these are. */
export function restoreState(
  where: string,
  optimizer: Optimizer,
  weights: readonly { key: number; size: number }[],
  state: State,
): void {
  const core = optimizer.core();
  const given = state.values;
  const fits = (values: Float32Array | null, size: number): boolean =>
    values === null || (size > 0 ? values.length % size === 0 : values.length === 0);
  if (given.length !== weights.length || !weights.every(({ size }, at) => fits(given[at]!, size)))
    throw fault('shape', `${where}: what the optimizer remembers does not belong to this model`);
  const pairs = weights.flatMap(({ key }, at) => (given[at] ? [[key, given[at]]] : []));
  call(() => {
    for (const { key } of weights) core.forget(key);
    // The core keeps its memory in the order of keys.
    const others = core.takeState();
    const all = [...others, ...pairs].sort(([a], [b]) => (a as number) - (b as number));
    core.giveState(all as never[]);
    core.setSteps(state.steps);
  });
  optimizer.home.measure();
}
