/** Writing a model down, with everything that training it further depends on: the other way than `source.ts`. */
import type { Resumable } from '../train/run-state.js';
import { plainSettings } from './settings.js';
import type { Holder } from './shared-layers.js';
import type { CompileSpec, ModelSource, OptimizerState, SavedModel } from './source.js';

/** What is needed of a model, from this copy of the package or another. */
export interface ModelLike extends Holder {
  readonly seed: number;
  /** Its architecture and weights. */
  saved_(where: string): { json: string; weights: Uint8Array };
  readonly optimizer?: { className: string; config: Readonly<Record<string, unknown>> } | undefined;
  /** What its optimizer remembers. */
  optimizerState_(): OptimizerState | undefined;
  /** What its stateful layers keep. */
  states_?(): ModelSource['states'] | undefined;
  /** How many runs it has begun, and how many numbers its layers have drawn. */
  generator_(): number[];
  readonly run_?: Resumable | undefined;
  getCompileConfig():
    | { optimizer: unknown; loss: unknown; lossWeights?: unknown; metrics?: unknown }
    | undefined;
}

/**
 * A model as it is while no batch is being done; of one that a user made, `checkShared` has been asked. `compile` is what it was compiled
 * with, in names and numbers.
 */
export function sourceOf(where: string, model: ModelLike, compile: CompileSpec | undefined): SavedModel {
  const saved = model.saved_(where);
  const { seed, optimizer, run_: run } = model;
  const optimizerState = model.optimizerState_();
  const states = model.states_?.();
  // The optimizer as it is now: its learning rate may have been changed.
  const now = optimizer && {
    className: optimizer.className,
    config: plainSettings(where, optimizer.config) as Record<string, unknown>,
  };
  return {
    ...saved,
    seed,
    generator: model.generator_(),
    ...(compile ? { compile: { ...compile, ...(now ? { optimizer: now } : {}) } } : {}),
    ...(optimizerState ? { optimizerState } : {}),
    ...(states ? { states } : {}),
    ...(run ? { run: run.state() } : {}),
  };
}
