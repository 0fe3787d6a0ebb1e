/** A model on its way into the worker. */
import { describe, fault, onlyKeys } from '../engine/errors.js';
import { isArray } from '../engine/look.js';
import { plainSettings } from '../nn/settings.js';
import { SOURCE_KEYS } from '../nn/source-keys.js';
import type { CompileSpec, ModelSource, OptimizerState } from './protocol.js';

/** What is needed of a model of this page, from this copy of the package or another. */
export interface ModelLike {
  readonly seed: number;
  save(): Promise<{ json: string; weights: Uint8Array }>;
  /** What its optimizer remembers. */
  optimizerState_(): OptimizerState | undefined;
  /** What its stateful layers keep. */
  states_?(): ModelSource['states'] | undefined;
  getCompileConfig():
    | { optimizer: unknown; loss: unknown; lossWeights?: unknown; metrics?: unknown }
    | undefined;
}

const isModel = (value: unknown): value is ModelLike =>
  typeof (value as Partial<ModelLike> | null)?.save === 'function' &&
  typeof (value as ModelLike).getCompileConfig === 'function';

/** A loss or a metric as it crosses: a function of the library by the class that it stands for. */
function plainPart(key: string, value: unknown, hasModules: boolean): unknown {
  if (typeof value === 'function') {
    const { className, name } = value as { className?: unknown; name: string };
    // Logs keep the name that the metric has in this page.
    if (typeof className === 'string') return { className, config: key === 'loss' ? {} : { name } };
    if (hasModules && name !== '') return name;
    const how = 'name it, and the module that exports it in createTrainer({ modules })';
    throw fault('type', `setModel: ${key}: a function stays in this page; ${how}`);
  }
  if (isArray(value)) return Array.from(value, (part) => plainPart(key, part, hasModules));
  if (typeof value !== 'object' || value === null) return plainSettings('setModel', value, key);
  const { className, config } = value as { className?: unknown; config?: unknown };
  if (typeof className === 'string')
    return { className, config: plainSettings('setModel', config ?? {}, key) };
  return Object.fromEntries(
    Object.entries(value).map(([name, part]) => [name, plainPart(key, part, hasModules)]),
  );
}

/** What crosses of what a model was compiled with: names and numbers. */
function plainCompile(given: Record<string, unknown>, hasModules: boolean): CompileSpec {
  onlyKeys('setModel: compile', given, ['optimizer', 'loss', 'lossWeights', 'metrics', 'weightedMetrics']);
  const optimizer = given.optimizer as { className?: string; config?: Record<string, unknown> };
  const parts = ['loss', 'lossWeights', 'metrics', 'weightedMetrics']
    .filter((key) => given[key] !== undefined && given[key] !== null)
    .map((key) => [key, plainPart(key, given[key], hasModules)]);
  return {
    optimizer: plainPart('optimizer', optimizer, false),
    ...Object.fromEntries(parts),
  } as CompileSpec;
}

/** A model, or its description, in the form that crosses. */
export async function asSource(model: ModelLike | ModelSource, hasModules: boolean): Promise<ModelSource> {
  if (isModel(model)) {
    const { json, weights } = await model.save();
    const compile = model.getCompileConfig();
    const optimizerState = model.optimizerState_();
    const states = model.states_?.();
    return {
      json,
      weights,
      seed: model.seed,
      ...(compile ? { compile: plainCompile(compile, hasModules) } : {}),
      ...(optimizerState ? { optimizerState } : {}),
      ...(states ? { states } : {}),
    };
  }
  if (typeof model !== 'object' || model === null || !('json' in model))
    throw fault('type', `setModel: expected a model, or { json, compile }, got ${describe(model)}`);
  onlyKeys('setModel', model, SOURCE_KEYS);
  const { compile } = model;
  return { ...model, ...(compile ? { compile: plainCompile({ ...compile }, hasModules) } : {}) };
}
