/** Classes of callbacks of which each run gets one by itself. */
import { describe, fault, whole } from '../../engine/errors.js';
import { isA, isRevoked, listOf } from '../../engine/look.js';
import { registered } from '../verbosity.js';
import { Callback, type CallbackArgs } from './callback.js';

type Constructor = new () => Callback;

const all: { level: number; make: Constructor }[] = [];

/**
 * Lets every later `fit` and `fitDataset` whose `verbose` is at least `verbosityLevel` make a callback of this class and
 * tell it before those that are given.
 * @example
 * const seen = [];
 * class Noting extends Callback {
 *   onTrainBegin() {
 *     seen.push('begun');
 *   }
 * }
 * registerCallbackConstructor(2, Noting);
 * const model = sequential({ layers: [layers.dense({ units: 1, inputShape: [1] })] });
 * model.compile({ optimizer: 'sgd', loss: 'meanSquaredError' });
 * await model.fit([[1]], [[1]], { verbose: 2 });
 * seen; // → ['begun']
 */
export function registerCallbackConstructor(verbosityLevel: number, callbackConstructor: Constructor): void {
  const where = 'registerCallbackConstructor';
  const level = whole(`${where}: verbosityLevel`, verbosityLevel, 0);
  if (
    isRevoked(callbackConstructor) ||
    typeof callbackConstructor !== 'function' ||
    !isA(callbackConstructor.prototype, Callback)
  )
    throw fault(
      'type',
      `${where}: expected a class that extends Callback, got ${describe(callbackConstructor)}`,
    );
  if (all.some(({ make }) => make === callbackConstructor))
    throw fault('name', `${where}: the class ${describe(callbackConstructor.name)} is registered already`);
  all.push({ level, make: callbackConstructor });
  registered.add = (given, verbose) => {
    const made: CallbackArgs[] = all.filter(({ level }) => level <= verbose).map(({ make }) => new make());
    if (made.length === 0) return given;
    return [...made, ...(given === undefined || given === null ? [] : listOf(given as CallbackArgs))];
  };
}
