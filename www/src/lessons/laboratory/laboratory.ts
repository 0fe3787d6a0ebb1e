/** A second worker, in which lessons try things: the visitor's own network stays as it is, and trains on, in the first. */
import { createTrainer, type ModelSource, type Trainer } from 'mapling/trainer';
import { session } from '../../state/session';
import { IMAGE, testSet } from '../../state/testset';
import { liveTrainer } from '../../state/trainer';

let started: Promise<Trainer> | null = null;

/** All of mapling: the page's own worker knows no weights that decay. */
const worker = (): Worker =>
  new Worker(new URL('./whole-worker.ts', import.meta.url), { type: 'module', name: 'laboratory' });

/** The second worker; it starts when it is asked for first. */
export function laboratory(): Promise<Trainer> {
  started ??= createTrainer({ worker, threads: 1 });
  started.catch(() => {
    started = null;
  });
  return started;
}

/** Ends the second worker and all that happens in it. */
export function closeLaboratory(): void {
  void started?.then((trainer) => trainer.terminate()).catch(() => {});
  started = null;
}

/** Pictures of digits, a byte a pixel, one after the other, and what they show. */
export interface Pictures {
  pixels: Uint8Array;
  labels: Uint8Array;
}

/** The first so many digits of one of the page's sets; of generated ones there may be fewer. */
async function firstOf(set: 'train' | 'test', count: number): Promise<Pictures> {
  const trainer = liveTrainer();
  const { data } = session.peek();
  if (!trainer || !data) throw new Error('there are no digits yet');
  const all = Math.min(count, data[set]);
  return trainer.digits.images(
    Uint32Array.from({ length: all }, (_, at) => at),
    set,
  );
}

/** The first so many digits that the page's own network trains on. */
export const trainingDigits = (count: number): Promise<Pictures> => firstOf('train', count);

/** The first so many digits that no network trains on. */
export async function testDigits(count: number): Promise<Pictures> {
  const set = testSet.peek();
  if (!set) return firstOf('test', count);
  return { pixels: set.pixels.subarray(0, count * IMAGE), labels: set.labels.subarray(0, count) };
}

/** Gives the second worker copies of these under a name. */
export async function giveDigits(
  trainer: Trainer,
  name: string,
  { pixels, labels }: Pictures,
): Promise<void> {
  await trainer.setData(
    name,
    { values: pixels.slice(), shape: [labels.length, 28, 28, 1], dtype: 'bytes' },
    { values: Int32Array.from(labels), shape: [labels.length], dtype: 'int32' },
  );
}

/** A row of layers, in Keras' form, for pictures of digits. */
export const network = (
  layers: { class_name: string; config: Record<string, unknown> }[],
  optimizer: { className: string; config: Record<string, unknown> },
  seed: number,
): ModelSource => ({
  json: { class_name: 'Sequential', config: { layers } },
  compile: { optimizer, loss: 'sparseCategoricalCrossentropy', metrics: ['accuracy'] },
  inputShape: [28, 28, 1],
  seed,
});

const layer = (class_name: string, config: Record<string, unknown> = {}) => ({ class_name, config });

/** The layers of Keras' first tutorial; some may follow the hidden one. */
export const tutorialLayers = (...between: ReturnType<typeof layer>[]) => [
  layer('Flatten'),
  layer('Dense', { units: 128, activation: 'relu' }),
  ...between,
  layer('Dense', { units: 10, activation: 'softmax' }),
];

export { layer };
