/** The network that tells whether somebody liked something, its training, and each word's part in what it says. */
import { batch, computed, effect, signal } from '@preact/signals';
import type { ModelSource, Plain, Trainer } from 'mapling/trainer';
import { paced } from '../../state/pace';
import { language } from '../../words';
import { corpusOf, type Sentence, type Tongue, tokensOf } from './vocabulary';
import { startTrainer } from './worker';

/** Whether the words are read in their order, or only averaged. */
export type Kind = 'order' | 'bag';
export const EPOCHS = 30;
/** Milliseconds between two epochs, which take five: so that one sees it learn. */
const PAUSE = 50;

export type Phase = 'idle' | 'starting' | 'training' | 'done' | 'failed';
export const phase = signal<Phase>('idle');
export const kind = signal<Kind>('order');
export const typed = signal<Record<Tongue, string>>({ en: 'the food was not good', zh: '菜不好吃' });

/** What was trained. */
export const trained = signal<{ tongue: Tongue; kind: Kind } | null>(null);
/** After each epoch: the loss on the sentences to train on, and on those that were held out. */
export const losses = signal<{ train: number[]; heldOut: number[] }>({ train: [], heldOut: [] });
/** The held-out sentences that are misread now, of how many. */
export const test = signal<{ wrong: Sentence[]; total: number } | null>(null);

export interface Part {
  token: string;
  isKnown: boolean;
  /** How much likelier *liked* is with this word than without it. */
  part: number;
}
/** What the network says of the typed sentence. */
export const opinion = signal<{ text: string; liked: number; parts: Part[] } | null>(null);

export const tongue = computed<Tongue>(() => language.value);

const layer = (class_name: string, config: object = {}) => ({ class_name, config });

function source(tongue: Tongue, kind: Kind): ModelSource {
  const { size, length } = corpusOf(tongue);
  return {
    json: layer('Sequential', {
      layers: [
        layer('Embedding', { inputDim: size, outputDim: 16, maskZero: true }),
        layer('Dropout', { rate: 0.5 }),
        kind === 'order' ? layer('LSTM', { units: 16 }) : layer('GlobalAveragePooling1D'),
        layer('Dense', { units: 2, activation: 'softmax' }),
      ],
    }),
    compile: {
      optimizer: { className: 'Adam', config: { learningRate: 0.005 } },
      loss: 'sparseCategoricalCrossentropy',
      metrics: ['accuracy'],
    },
    inputShape: [length],
    seed: 1,
  };
}

let trainer: Promise<Trainer> | null = null;

/** Reads the typed sentence, and once more without each of its words. */
const read = paced(async () => {
  const [worker, what] = [await trainer, trained.peek()];
  if (!worker || !what || what.tongue !== tongue.peek()) {
    opinion.value = null;
    return;
  }
  const corpus = corpusOf(what.tongue);
  const text = typed.peek()[what.tongue];
  const tokens = tokensOf(what.tongue, text).slice(0, corpus.length);
  if (tokens.length === 0) {
    opinion.value = null;
    return;
  }
  const without = tokens.map((_, at) => tokens.filter((_, other) => other !== at));
  const { values } = (await worker.predict(corpus.rows([tokens, ...without]))) as Plain;
  const liked = (row: number) => values[2 * row + 1]!;
  opinion.value = {
    text,
    liked: liked(0),
    parts: tokens.map((token, at) => ({
      token,
      isKnown: corpus.knows(token),
      part: liked(0) - liked(at + 1),
    })),
  };
}, 60);

const sleep = (milliseconds: number) => new Promise<void>((done) => setTimeout(done, milliseconds));

async function give(worker: Trainer, tongue: Tongue): Promise<void> {
  const corpus = corpusOf(tongue);
  for (const [set, sentences] of [
    ['train', corpus.train],
    ['test', corpus.heldOut],
  ] as const)
    await worker.setData(set, corpus.rows(sentences.map(({ text }) => tokensOf(tongue, text))), {
      values: Int32Array.from(sentences, ({ label }) => label),
      shape: [sentences.length],
    });
}

/** Trains a fresh network on the sentences of the page's language. */
export async function train(): Promise<void> {
  if (phase.peek() === 'starting') return;
  const what = { tongue: tongue.peek(), kind: kind.peek() };
  batch(() => {
    phase.value = 'starting';
    trained.value = null;
    losses.value = { train: [], heldOut: [] };
    test.value = null;
  });
  try {
    if (!trainer) {
      trainer = startTrainer();
      (await trainer).subscribe((event) => {
        if (event.type === 'error' || event.type === 'restarted') phase.value = 'failed';
        if (event.type !== 'evaluated' || !event.classes || !trained.peek()) return;
        const { mistakes, total } = event.classes;
        const { heldOut } = corpusOf(trained.peek()!.tongue);
        test.value = { wrong: Array.from(mistakes, (at) => heldOut[at]!), total };
      });
    }
    const worker = await trainer;
    await worker.stop();
    await give(worker, what.tongue);
    await worker.setModel(source(what.tongue, what.kind));
    trained.value = what;
    phase.value = 'training';
    await worker.start({
      epochs: EPOCHS,
      batchSize: 16,
      evaluateOn: 'test',
      validation: 'test',
      callbacks: {
        onEpochEnd: async (_epoch, logs) => {
          if (trained.peek() !== what) return;
          const now = losses.peek();
          losses.value = {
            train: [...now.train, logs?.loss ?? Number.NaN],
            heldOut: [...now.heldOut, logs?.val_loss ?? Number.NaN],
          };
          read();
          await sleep(PAUSE);
        },
        onTrainEnd: () => {
          if (trained.peek() !== what) return;
          phase.value = 'done';
          read();
        },
      },
    });
  } catch (failure) {
    // One that could not be started is started anew by the next try.
    trainer?.catch(() => {
      trainer = null;
    });
    console.error(failure);
    phase.value = 'failed';
  }
}

effect(() => {
  typed.value;
  tongue.value;
  if (trained.value) read();
});
// A network that reads English does not read Chinese: it is trained anew once the page speaks the other language.
effect(() => {
  const now = tongue.value;
  if (trained.peek() && trained.peek()!.tongue !== now && phase.peek() !== 'idle') void train();
});
