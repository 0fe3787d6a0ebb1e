/** What the library's layers are called with by name, besides `training` and `mask`. */

import { describe, fault } from '../engine/errors.js';
import { isA, isArray } from '../engine/look.js';
import { Tensor } from '../tensor/handle.js';
import { type CallArgs, isSymbol, type Value } from './args.js';
import { settingsJson } from './settings.js';

const OF_ATTENTION = ['useCausalMask', 'returnAttentionScores'];
/** Tensors: to the core these are further inputs, whose places it is told. */
const TENSORS = ['value', 'key', 'attentionMask'];
const KEYS: Record<string, readonly string[]> = {
  Attention: OF_ATTENTION,
  AdditiveAttention: OF_ATTENTION,
  MultiHeadAttention: [...TENSORS, ...OF_ATTENTION],
};

/** The names that a layer of this class knows. */
export const callKeys = (className: string): readonly string[] =>
  Object.hasOwn(KEYS, className) ? KEYS[className]! : [];

/** The inputs with the tensors that are given by name behind them, and their places in the place of these. */
export function takeNamed(
  className: string,
  inputs: Value[],
  args: CallArgs,
): { inputs: Value[]; args: CallArgs } {
  const known = callKeys(className);
  if (known.length === 0) return { inputs, args };
  const [all, rest] = [[...inputs], { ...args }];
  for (const name of TENSORS) {
    if (!known.includes(name) || !(name in rest)) continue;
    const given = rest[name];
    delete rest[name];
    if (given === undefined || given === null) continue;
    if (!isA(given, Tensor) && !isSymbol(given))
      throw fault(
        'type',
        `${className}: apply: ${name}: expected a tensor or a symbol, got ${describe(given)}`,
      );
    rest[name] = [all.push(given) - 1];
  }
  return { inputs: all, args: rest };
}

/** What a layer is called with by name, and reads as further inputs. */
export function readInputs(where: string, key: string, given: unknown): Value[] {
  const states: unknown[] = isArray(given) ? given : [given];
  const odd = states.find((one) => !isA(one, Tensor) && !isSymbol(one));
  if (odd === undefined && states.length > 0) return states as Value[];
  throw fault('type', `${where}: apply: ${key}: expected tensors or symbols, got ${describe(odd ?? given)}`);
}

/** What a call is told besides `training`, as the core reads it. */
export function optionsJson(where: string, { training: _, ...options }: CallArgs): string {
  return settingsJson(where, options);
}
