/** Callbacks in the worker: those that stay in the page are told, ready-made ones are made here. */
import { fault } from '../../engine/errors.js';
import type { CallbackArgs } from '../../train/callbacks/callback.js';
import type { CallbackSpec, Tell } from '../protocol.js';
import type { Session } from './session.js';

/** The callbacks of a run, in their order. The ready-made ones are loaded where one is asked for. */
export async function callbacksFrom(
  session: Session,
  specs: readonly CallbackSpec[],
  tell: Tell | undefined,
): Promise<CallbackArgs[]> {
  const isReady = (spec: CallbackSpec): boolean => !('hooks' in spec);
  const ready = specs.some(isReady) ? (await import('../../train/callbacks.js')).callbacks : {};
  return specs.map((spec, at) => {
    const told =
      (name: string) =>
      async (...args: unknown[]): Promise<unknown> => {
        session.telling++;
        const { value, stop } = await tell!(at, name, args).finally(() => {
          session.telling--;
        });
        if (stop) session.need('fit').stopTraining = true;
        return value;
      };
    if ('hooks' in spec) return Object.fromEntries(spec.hooks.map((hook) => [hook, told(hook)]));
    const make = (ready as Record<string, (...args: unknown[]) => CallbackArgs>)[spec.name];
    if (!make) throw fault('name', `fit: callbacks: ${spec.name} is unknown in the worker`);
    const here = (value: unknown): unknown => {
      const name = (value as { function?: string } | null | undefined)?.function;
      return typeof name === 'string' ? told(name) : value;
    };
    return make(
      ...spec.args.map((arg) =>
        typeof arg !== 'object' || arg === null || 'function' in arg
          ? here(arg)
          : Object.fromEntries(Object.entries(arg).map(([key, value]) => [key, here(value)])),
      ),
    );
  });
}

/** What ready-made callbacks show of what they have found, as far as it can cross. */
export const foundBy = (
  specs: readonly CallbackSpec[],
  all: readonly CallbackArgs[],
): Record<string, unknown>[] =>
  all.map((callback, at) => {
    if ('hooks' in specs[at]!) return {};
    const own = Object.entries(callback).filter(
      ([key, value]) => key !== 'model' && !key.startsWith('_') && typeof value !== 'function',
    );
    return Object.fromEntries(own);
  });
