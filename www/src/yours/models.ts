/** The network as a file, and a network from one. What cannot be used is found out before anything changes. */
import { signal } from '@preact/signals';
import type { ModelFormat, ModelSource, ReadModel, Trainer } from 'mapling/trainer';
import { clearHistory } from '../state/curves';
import { helpsAnew, lacking, wholeAnew } from '../state/lacking';
import type { Brought } from '../state/notice';
import { makeWay } from '../state/runs';
import { dispatch, session } from '../state/session';
import { type Mark, marks } from '../state/timeline';
import { enqueue, messageOf, onceReady } from '../state/trainer';
import { replacing, turnTo } from '../state/turn';
import { type Out, save } from './files';

/** What became of the last file, where it was chosen. */
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

/** The network of a model in files, as it trains here: digits are its numbers, whatever it was compiled with before. */
function ours({ source }: ReadModel): ModelSource {
  const { compile, optimizerState, run: _, ...rest } = source;
  const own = (compile as { loss?: unknown } | undefined)?.loss;
  const fits = own === 'sparseCategoricalCrossentropy' || own === 'sparse_categorical_crossentropy';
  return {
    ...rest,
    ...(fits && optimizerState ? { optimizerState } : {}),
    compile: {
      optimizer: (fits && compile?.optimizer) || { className: 'Adam', config: { learningRate: 0.001 } },
      loss: 'sparseCategoricalCrossentropy',
      metrics: ['accuracy'],
    },
  };
}

/** Puts it in the place of the present network, which comes back with its run if that cannot be, and is kept beside it otherwise. */
async function exchange(trainer: Trainer, source: ModelSource): Promise<void> {
  await replacing(trainer, () => trainer.setModel(source));
  const { run: _, ...model } = await trainer.save();
  const step = model.step ?? 0;
  const standing: Mark = {
    ...{ step, phase: 'ready', model, run: null, evaluation: null },
    settings: session.peek().settings,
    origin: { step, epoch: 0 },
  };
  await turnTo(trainer, standing, () => {
    makeWay(step);
    clearHistory();
    marks.value = [standing];
    dispatch({ type: 'changed', to: { wantsToTrain: false, evaluation: null } });
  });
}

/** Starts the page anew with all of mapling, which takes the files then; says no where this browser keeps nothing for it. */
async function goesOnAnew(trainer: Trainer, files: readonly File[]): Promise<boolean> {
  try {
    const { stash } = await import('../state/stash');
    const name = await stash(files);
    // Where the run cannot be kept, that is a word of its own.
    const writing = await import('../state/kept-writing').catch(() => null);
    await writing?.keepAll(trainer);
    return await wholeAnew('files', name);
  } catch {
    return false;
  }
}

/** A network from files takes the place of the page's. `say` is told what became of it. */
export function bring(
  files: readonly File[],
  say = (now: Brought) => {
    brought.value = now;
  },
): void {
  const [first] = files;
  if (!first) return;
  const { name } = files.find(({ name: file }) => /\.json$/i.test(file)) ?? first;
  const work = async (trainer: Trainer) => {
    let found: ReadModel;
    try {
      found = await trainer.read([...files]);
    } catch (failure) {
      const lack = lacking(failure);
      if (lack?.isKnown && helpsAnew() && (await goesOnAnew(trainer, files))) return;
      const detail = messageOf(failure);
      say(lack ? { kind: 'lacks', name, part: lack.part, detail } : { kind: 'unreadable', name, detail });
      return;
    }
    const odd = misfit(name, found);
    if (odd) {
      say(odd);
      return;
    }
    try {
      await exchange(trainer, ours(found));
    } catch (failure) {
      say({ kind: 'failed', detail: messageOf(failure) });
      return;
    }
    say({ kind: 'taken', name, params: found.params });
  };
  onceReady(() => void enqueue(work));
}
