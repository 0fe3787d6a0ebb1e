/** A model of an architecture whose weights are found by its layers: it is made first, and then asked what it has. */
import { type Code, fault, textOf } from '../../engine/errors.js';
import { giveUp } from '../../nn/give-up.js';
import type { LayersModel } from '../../nn/model.js';
import type { PortableTraining, PortableWeight, Remembered } from '../portable.js';
import { began, compileAs, restoreMemory, setWeights, slotsOf } from '../put-together.js';
import type { KerasObject } from './written.js';

/** Where the architecture stands, and what the model is compiled with. */
const CONFIG = "the model's configuration";

/** What is known of a weight before it has its values. */
export type WeightPlan = Omit<PortableWeight, 'values'>;

/** What fills a model. */
export interface Filling {
  /** In the order of `model.weights`. */
  values: readonly Float32Array[];
  training?: PortableTraining | undefined;
  /** What the optimizer of the compiled model remembers, which has these slots. */
  optimizer?(slots: string[]): Remembered | undefined;
}

/** What is known of a model's weights. */
export const planOf = (model: LayersModel): WeightPlan[] =>
  model.weights.map(({ name, shape, trainable, isState }) => ({
    name,
    shape: [...shape],
    trainable,
    isState,
  }));

/** What can be done where a model is compiled with something that is not here. */
export const BARE = '; { compile: false } reads the model without what it is compiled with';

/** Runs `action` on what a file says: errors of the library's begin with the file and the place in it, and end with `how`. */
export function said<T>(where: string, place: string, action: () => T, how = ''): T {
  try {
    return action();
  } catch (failure) {
    const { code } = (failure ?? {}) as { code?: Code };
    const text = textOf(failure);
    // What has no code is a mistake of ours, and not of the file's.
    if (typeof code !== 'string' || text.startsWith(where)) throw failure;
    throw fault(code, `${where}: ${place}: ${text}${how}`);
  }
}

/**
 * The model of an architecture. Its weights have at most `size` values: a file that describes more than it holds is refused
 * before memory is found for them.
 * @throws For parts that do not belong together; nothing is left of the model then.
 */
export function assemble(
  where: string,
  architecture: KerasObject,
  size: number,
  fill: (own: readonly WeightPlan[]) => Filling,
): LayersModel {
  const model = said(where, CONFIG, () => began(where, architecture, size));
  try {
    const { values, training, optimizer } = fill(planOf(model));
    setWeights(where, model, values);
    if (training) said(where, CONFIG, () => compileAs(model, training), BARE);
    const kept = training && optimizer?.(slotsOf(model));
    if (kept) restoreMemory(model, kept);
    return model;
  } catch (failure) {
    giveUp(model);
    throw failure;
  }
}
