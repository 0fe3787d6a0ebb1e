/**
 * Where layers find what works for parts of models that are code of the user's: classes that extend `Layer`, and
 * regularizers, constraints and initializers that are functions. The package's entry puts it here
 * (`provide-own.ts`); the page's worker, to which models come as JSON, loads it only when a model needs it.
 */
import { fault } from '../engine/errors.js';
import { isObject } from '../engine/look.js';
import type { Base, Mapping, Own } from './own.js';
import type * as judges from './own-judges.js';
import { PART_KEY } from './part-key.js';
import type * as parts from './parts.js';

export interface OwnCode
  extends Pick<typeof parts, 'asOwnRegularizer' | 'giveParts' | 'isPart' | 'takeParts'>,
    Pick<typeof judges, 'accuracy' | 'asForeign' | 'asJudge' | 'noLoss'> {
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
    const { config } = (isObject(value) ? value : {}) as { config?: { seed?: unknown } | null };
    // Values that follow from an initializer's own seed are made by JavaScript.
    if (PART_KEY.test(key) && typeof config?.seed === 'number') ownCode();
  }
  return { settings, parts: [] };
}
