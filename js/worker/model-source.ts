/** A model on its way into the worker. */
import { describe, fault, onlyKeys } from '../engine/errors.js';
import { isGone, isObject } from '../engine/look.js';
import { type Named, plainCompile } from '../nn/plain-compile.js';
import { SOURCE_KEYS } from '../nn/source-keys.js';
import type { ModelLike } from '../nn/source-of.js';
import type { ModelSource } from './protocol.js';

export type { ModelLike } from '../nn/source-of.js';

const isModel = (value: unknown): value is ModelLike =>
  typeof (value as Partial<ModelLike> | null)?.saved_ === 'function' &&
  typeof (value as ModelLike).getCompileConfig === 'function';

/** A model, its description, or the bytes of a checkpoint, in the form that crosses. */
export async function asSource(
  model: ModelLike | ModelSource | Uint8Array,
  hasModules: boolean,
  where = 'setModel',
): Promise<ModelSource | Uint8Array> {
  const named: Named = (key, name) => {
    if (hasModules && name !== '') return name;
    const how = 'name it, and the module that exports it in createTrainer({ modules })';
    throw fault('type', `${where}: ${key}: a function stays in this page; ${how}`);
  };
  if (isModel(model)) {
    // A page whose models live in the worker alone needs neither.
    const { whenAtRest } = await import('../train/at-rest.js');
    const { sourceOf } = await import('../nn/source-of.js');
    const { checkShared } = await import('../nn/shared-layers.js');
    checkShared(where, model);
    await whenAtRest(model.run_);
    const compile = model.getCompileConfig();
    return sourceOf(where, model, compile && plainCompile(where, compile, named));
  }
  if (
    ArrayBuffer.isView(model) &&
    !isGone(model) &&
    Object.prototype.toString.call(model) === '[object Uint8Array]'
  )
    return model as Uint8Array;
  if (!isObject(model) || !('json' in model))
    throw fault('type', `${where}: expected a model, or { json, compile }, got ${describe(model)}`);
  onlyKeys(where, model, SOURCE_KEYS);
  const { compile } = model;
  return { ...model, ...(compile ? { compile: plainCompile(where, { ...compile }, named) } : {}) };
}
