/** What a test of a model on a set finds. */
import { call, isReady } from '../../engine/instance.js';
import { nextTurn } from '../../engine/turn.js';
import type { LayersModel } from '../../nn/model.js';
import { ALL } from '../../train/control.js';
import { named } from '../../train/history.js';
import type { Evaluation } from '../../wasm/mapling.js';
import type { Evaluated } from '../protocol.js';
import type { DataSet } from './sets.js';

/** Milliseconds of work between two looks at messages, if nothing else is asked for. */
export const SLICE = 8;
/** Samples to test at once: whoever asks for something waits for so many at most. */
const TEST_BATCH = 32;

/** A test of a model at its first batch. Refuses a set that the model cannot be tested on. */
export function evaluationOf(where: string, model: LayersModel, set: DataSet): Evaluation {
  const [network, samples] = [model.network.get(where), set.samples(where, model.ends_())];
  return call((wasm) => new wasm.Evaluation(network, samples, model.fixedBatch_() ?? TEST_BATCH));
}

/** Logs, and of classes what was taken for what; nothing if nobody wants it any more. */
export async function tested(
  model: LayersModel,
  set: DataSet,
  isWanted: () => boolean,
): Promise<Pick<Evaluated, 'logs' | 'classes'> | undefined> {
  const network = model.network.get('evaluate');
  const evaluation = evaluationOf('evaluate', model, set);
  try {
    while (!call(() => evaluation.run(network, SLICE, ALL))) {
      await nextTurn();
      if (!isWanted()) return undefined;
    }
    const logs = named(
      model.metricsNames,
      call(() => evaluation.logs()),
    );
    const outputs = model.ends_().outputDims?.[0]?.at(-1) ?? 0;
    const confusion = call(() => evaluation.confusion(Math.max(outputs, 2)));
    if (confusion.length === 0) return { logs };
    const predicted = call(() => evaluation.guesses());
    const truths = set.target(model.outputNames[0]).values;
    const mistakes = Uint32Array.from(predicted.keys()).filter((at) => predicted[at] !== truths[at]);
    const [total, correct] = [predicted.length, predicted.length - mistakes.length];
    return { logs, classes: { correct, total, confusion, mistakes, predicted } };
  } finally {
    if (isReady()) evaluation.free();
  }
}
