/** A model on its way into the worker. */
import { describe, fault } from '../engine/errors.js';
import { plainSettings } from '../nn/settings.js';
import type { CompileSpec, ModelSource } from './protocol.js';

/** What is needed of a model of this page, from this copy of the package or another. */
export interface ModelLike {
  readonly seed: number;
  save(): Promise<{ json: string; weights: Uint8Array }>;
  getCompileConfig():
    | { optimizer: unknown; loss: unknown; lossWeights?: unknown; metrics?: unknown }
    | undefined;
}

const isModel = (value: unknown): value is ModelLike =>
  typeof (value as Partial<ModelLike> | null)?.save === 'function' &&
  typeof (value as ModelLike).getCompileConfig === 'function';

/** What crosses of what a model was compiled with: names and numbers. */
function plainCompile(given: Record<string, unknown>): CompileSpec {
  const part = (key: string): unknown => {
    const value = given[key];
    if (
      typeof value === 'function' ||
      (Array.isArray(value) && value.some((one) => typeof one === 'function'))
    ) {
      const how = 'name it, and the module that exports it in createTrainer({ modules })';
      throw fault('type', `setModel: ${key}: a function stays in this page; ${how}`);
    }
    return plainSettings('setModel', value, key);
  };
  const optimizer = given.optimizer as { className?: string; getConfig?: () => Record<string, unknown> };
  const named =
    typeof optimizer?.getConfig === 'function'
      ? { className: optimizer.className!, config: optimizer.getConfig() }
      : part('optimizer');
  return {
    optimizer: named as CompileSpec['optimizer'],
    loss: part('loss'),
    ...(given.lossWeights === undefined ? {} : { lossWeights: part('lossWeights') }),
    ...(given.metrics === undefined ? {} : { metrics: part('metrics') }),
  };
}

/** A model, or its description, in the form that crosses. */
export async function asSource(model: ModelLike | ModelSource): Promise<ModelSource> {
  if (isModel(model)) {
    const { json, weights } = await model.save();
    const compile = model.getCompileConfig();
    return { json, weights, seed: model.seed, ...(compile ? { compile: plainCompile(compile) } : {}) };
  }
  if (typeof model !== 'object' || model === null || !('json' in model))
    throw fault('type', `setModel: expected a model, or { json, compile }, got ${describe(model)}`);
  const { compile } = model;
  return { ...model, ...(compile ? { compile: plainCompile({ ...compile }) } : {}) };
}
