/** The network as a file, and a network from one. What cannot be used is found out before anything changes. */
import { signal } from '@preact/signals';
import type { ModelFormat, ReadModel } from 'mapling/trainer';
import { clearHistory } from '../state/curves';
import { dispatch, session } from '../state/session';
import { enqueue, messageOf } from '../state/trainer';
import { type Out, save } from './files';

/** What became of a file that was brought, in a form for which words are found. */
export type Brought =
  | { kind: 'taken'; name: string; params: number }
  | { kind: 'takes' | 'gives'; name: string; shape: string; expected: number }
  | { kind: 'unreadable'; name: string; detail: string }
  | { kind: 'failed'; detail: string };

export const brought = signal<Brought | null>(null);

export function takeAway(format: ModelFormat): void {
  void enqueue(async (trainer) => {
    try {
      save((await trainer.write(format)) as Out[]);
      brought.value = null;
    } catch (failure) {
      brought.value = { kind: 'failed', detail: messageOf(failure) };
    }
  });
}

const sizeOf = (shape: readonly (number | null)[]): number =>
  shape.reduce<number>((size, length) => size * (length ?? 28), 1);

/** Why a model cannot read the page's digits; null if it can. */
function misfit(name: string, { inputs, outputs }: ReadModel): Brought | null {
  const shown = (shapes: ReadModel['inputs']) =>
    shapes.map((shape) => shape.map((length) => length ?? '?').join(' × ')).join(', ');
  const expected = session.peek().data?.classes ?? 10;
  if (inputs.length !== 1 || sizeOf(inputs[0]!) !== 784)
    return { kind: 'takes', name, shape: shown(inputs), expected };
  if (outputs.length !== 1 || outputs[0]!.length !== 1 || outputs[0]![0] !== expected)
    return { kind: 'gives', name, shape: shown(outputs), expected };
  return null;
}

export function bring(files: readonly File[]): void {
  const [first] = files;
  if (!first) return;
  const { name } = files.find(({ name: file }) => /\.json$/i.test(file)) ?? first;
  void enqueue(async (trainer) => {
    let found: ReadModel;
    try {
      found = await trainer.read([...files]);
    } catch (failure) {
      brought.value = { kind: 'unreadable', name, detail: messageOf(failure) };
      return;
    }
    const odd = misfit(name, found);
    if (odd) {
      brought.value = odd;
      return;
    }
    try {
      // Digits are trained on by their numbers, whatever the model was compiled with where it comes from.
      const { compile, optimizerState, run: _, ...rest } = found.source;
      const own = (compile as { loss?: unknown } | undefined)?.loss;
      const fits = own === 'sparseCategoricalCrossentropy' || own === 'sparse_categorical_crossentropy';
      const trained = {
        ...(fits && optimizerState ? { optimizerState } : {}),
        compile: {
          optimizer: (fits && compile?.optimizer) || { className: 'Adam', config: { learningRate: 0.001 } },
          loss: 'sparseCategoricalCrossentropy',
          metrics: ['accuracy'],
        },
      };
      await trainer.stop();
      const network = await trainer.setModel({ ...rest, ...trained });
      clearHistory();
      dispatch({
        type: 'changed',
        to: { phase: 'ready', isStale: false, wantsToTrain: false, network, run: null, evaluation: null },
      });
      brought.value = { kind: 'taken', name, params: found.params };
      const tested = await trainer.evaluate('test');
      if (tested.classes) dispatch({ type: 'tested', evaluation: tested.classes });
    } catch (failure) {
      brought.value = { kind: 'failed', detail: messageOf(failure) };
    }
  });
}
