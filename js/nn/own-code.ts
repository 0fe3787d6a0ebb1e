/**
 * Where layers find what works for parts of models that are code of the user's: classes that extend `Layer`, and
 * regularizers, constraints and initializers that are functions; and what lets such code use weights as variables. The package's entry puts it here
 * (`provide-own.ts`); the page's worker, to which models come as JSON, loads it only when a model needs it.
 */
import { fault } from '../engine/errors.js';
import type { Shape } from '../tensor/shape.js';
import type { Store, Variable } from '../tensor/variable.js';
import type { Base, Mapping, Own } from './own.js';
import { PART_KEY } from './part-key.js';
import type * as parts from './parts.js';

export interface OwnCode
  extends Pick<typeof parts, 'asOwnRegularizer' | 'giveParts' | 'isPart' | 'takeParts'> {
  /** A variable with its values in a store. */
  makeVariable(store: Store, shape: Shape): Variable;
  /** What stands behind a layer of a class of the user's. */
  makeOwn(layer: Mapping, base: Base): Own;
}

let provided: OwnCode | undefined;

/** Lets layers use it from now on. */
export function provide(code: OwnCode): void {
  provided = code;
}

/** Whether it is here. */
export const hasOwnCode = (): boolean => provided !== undefined;

/** What was provided. */
export function ownCode(): OwnCode {
  if (provided) return provided;
  throw fault('state', 'the code for layers and their parts that are your own is not loaded');
}

/** The settings with null in the place of parts of one's own, and these. */
export function takeParts(
  className: string,
  settings: Record<string, unknown>,
): ReturnType<OwnCode['takeParts']> {
  if (provided) return provided.takeParts(className, settings);
  for (const [key, value] of Object.entries(settings)) {
    const { config } = (value ?? {}) as { config?: { seed?: unknown } | null };
    // Values that follow from an initializer's own seed are made by JavaScript.
    if (PART_KEY.test(key) && typeof config?.seed === 'number') ownCode();
  }
  return { settings, parts: [] };
}
