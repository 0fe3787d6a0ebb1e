/** Predictions in pieces: between two of them others get their turn, so that a long one keeps nobody waiting. */
import { fault } from '../../engine/errors.js';
import { isA, isArray } from '../../engine/look.js';
import { nextTurn } from '../../engine/turn.js';
import type { LayersModel } from '../../nn/model.js';
import { Tensor } from '../../tensor/handle.js';
import { rowsOf } from '../../tensor/rows.js';
import type { NumericDataType } from '../../tensor/values.js';
import type { Data } from '../../train/samples.js';
import type { Plain } from '../protocol.js';

/** Samples in the first piece; later ones become longer as long as they are quick. */
const FIRST = 32;
/** Milliseconds that a piece should take. */
const QUICK = 8;

/** The same samples of everything that `data` is made of. */
function rows(data: Data, from: number, count: number): Data {
  const cut = (tensor: Tensor): Tensor => rowsOf('predict', tensor, from, count);
  if (isA(data, Tensor)) return cut(data);
  if (isArray(data)) return (data as Tensor[]).map(cut);
  return Object.fromEntries(
    Object.entries(data as Record<string, Tensor>).map(([name, tensor]) => [name, cut(tensor)]),
  );
}

const listOf = (data: Data): Tensor[] => (isA(data, Tensor) ? [data] : (Object.values(data) as Tensor[]));

/** What `model` answers, one for each output. Stops once `isWanted` says no. */
export async function piecewise(model: LayersModel, x: Data, isWanted: () => boolean): Promise<Plain[]> {
  const inputs = listOf(x);
  const total = inputs[0]?.shape[0] ?? 0;
  const isEven = inputs.every(({ shape }) => shape[0] === total);
  // What cannot be cut is refused by the model in its own words.
  const fixed = model.fixedBatch_();
  const whole = total <= FIRST || !isEven || fixed !== undefined;
  const options = fixed === undefined ? {} : { batchSize: fixed };
  const answers: Plain[] = [];
  let size = whole ? total : FIRST;
  for (let from = 0; from < total || from === 0; ) {
    const count = whole ? total : Math.min(size, total - from);
    const started = performance.now();
    const piece = [model.predict(whole ? x : rows(x, from, count), options)].flat();
    piece.forEach((tensor, at) => {
      const { shape } = tensor;
      const dtype = tensor.dtype as NumericDataType;
      const values = tensor.dataSync() as Float32Array;
      if (whole) {
        answers.push({ values, shape: [...shape], dtype });
        return;
      }
      answers[at] ??= {
        values: new Float32Array((values.length / count) * total),
        shape: [total, ...shape.slice(1)],
        dtype,
      };
      answers[at].values.set(values, (values.length / count) * from);
    });
    from += Math.max(1, count);
    if (whole || from >= total) break;
    if (performance.now() - started < QUICK / 2) size *= 2;
    await nextTurn();
    if (!isWanted()) throw fault('state', 'predict: nobody waits for the answer any more');
  }
  return answers;
}
