/** How losses and metrics with settings are written down for the core. */
import { brief, describe, fault, snakeKeys } from '../engine/errors.js';
import { isArray, isObject } from '../engine/look.js';
import { plainSettings } from '../nn/settings.js';

/** What has a name and settings. */
export interface Described {
  readonly className: string;
  readonly config?: object | undefined;
}

/** A class name and settings as they are kept, or an error that says what is expected. */
export function described<C extends object>(
  what: string,
  className: unknown,
  config: unknown,
): { className: string; config: Readonly<C> } {
  if (typeof className !== 'string')
    throw fault('type', `${what}: expected the name of a class, got ${describe(className)}`);
  const where = `${what}.${brief(className)}`;
  const given = config ?? {};
  if (!isObject(given) || isArray(given))
    throw fault('type', `${where}: expected settings, got ${describe(config)}`);
  return { className, config: plainSettings(where, given) as C };
}

/** `{ class_name, config }` as JSON; settings that JSON cannot hold are refused. */
export const judgeJson = (where: string, { className, config }: Described): string =>
  JSON.stringify({ class_name: className, config: snakeKeys(plainSettings(where, config ?? {})) });

/** `MeanAbsoluteError` → `meanAbsoluteError`, `KLDivergence` → `klDivergence`, `AUC` → `auc`. */
export const functionName = (className: string): string =>
  className.replace(/^([A-Z]+)(?=[A-Z][a-z]|$)|^[A-Z]/, (capitals) => capitals.toLowerCase());

/**
 * Lets a function say which of Keras' classes it stands for: a model that is compiled with it then uses that, whose value
 * over an epoch is no mean of batches.
 */
export const standsFor = <F extends object>(action: F, name: string, className: string): F =>
  Object.defineProperties(action, { name: { value: name }, className: { value: className } });
