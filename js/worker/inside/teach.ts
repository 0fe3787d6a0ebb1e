/**
 * Teaches the model a picture. A pupil with the model's weights, and an optimizer of its own, trains on pictures like the
 * one that is taught, among training pictures that it must not forget; then the model takes its weights over. What the
 * model's own run and optimizer remember stays as it was.
 */

import type { DigitSet } from '../../data/digit-set.js';
import { Draws } from '../../data/draws.js';
import { fault } from '../../engine/errors.js';
import { call } from '../../engine/instance.js';
import { nextTurn } from '../../engine/turn.js';
import type { LayersModel } from '../../nn/model.js';
import { type ModelSource, readSource } from '../../nn/source.js';
import { Tensor } from '../../tensor/handle.js';
import { Held, samples } from '../../train/samples.js';
import type { Taught, TaughtStep } from '../protocol.js';
import { like, type Original, PIXELS, pictureOf } from './likes.js';
import type { Session } from './session.js';

/** A lesson: what is taught, at least one picture, as this class. */
export interface Lesson {
  where: string;
  originals: Original[];
  label: number;
  /** What must not be forgotten. */
  train: DigitSet;
  seed: number;
  /** The most steps, each of so many pictures like the originals and so many to rehearse. */
  steps: number;
  likes: number;
  rehearsed: number;
  learningRate: number;
  /** So many more looks, once it has been learned: what was shaken settles. */
  settle: number;
  /** Whether what has been learned is taught on only when it has been forgotten; the rehearsal goes on meanwhile. */
  rests: boolean;
  onStep?: ((step: TaughtStep) => void) | undefined;
  isWanted: () => boolean;
}

/** So many likes, of which none is trained on, say whether the picture has been learned. */
const PROBES = 16;
/** Steps between two looks at them. */
const LOOK = 2;
/** It has been learned when all these are read right, the picture itself with this probability. */
const SURE = 0.8;
/** Milliseconds of work after which others get their turn. */
const SLICE = 8;

/** Pictures, values 0 to 1, as bytes one after the other. */
function pack(pictures: readonly Float32Array[], bytes: Uint8Array, from: number): void {
  pictures.forEach((picture, at) => {
    for (let pixel = 0; pixel < PIXELS; pixel++)
      bytes[from + at * PIXELS + pixel] = Math.round(255 * picture[pixel]!);
  });
}

/** So many steps' pictures are drawn at a time: most lessons end long before their last step. */
const AHEAD = 8;

/** The last steps of a lesson, from this share of them on, teach in any case: it must not end with what has been forgotten. */
const LAST = 0.75;

/** The batches of so many steps from one on, one after the other. */
function batches(
  lesson: Lesson,
  draws: Draws,
  from: number,
  steps: number,
  likes: number,
): { bytes: Uint8Array; labels: Int32Array } {
  const { originals, label, train } = lesson;
  const size = lesson.likes + lesson.rehearsed;
  const [bytes, labels] = [new Uint8Array(steps * size * PIXELS), new Int32Array(steps * size)];
  const [known, truths] = [train.images.packed!, train.labels.values];
  let taught = from * lesson.likes;
  for (let place = 0; place < steps * size; place++) {
    if (place % size < likes) {
      pack([like(originals[taught++ % originals.length]!, draws)], bytes, place * PIXELS);
      labels[place] = label;
      continue;
    }
    const index = draws.below(truths.length);
    bytes.set(known.subarray(index * PIXELS, (index + 1) * PIXELS), place * PIXELS);
    labels[place] = truths[index]!;
  }
  return { bytes, labels };
}

/** The model's answers for pictures that lie one after the other, a row for each. */
function answers(model: LayersModel, bytes: Uint8Array): Float32Array[] {
  const shape = sampleShape(model);
  const count = bytes.length / PIXELS;
  const all = [model.predict(new Tensor({ bytes }, [count, ...shape], 'float32'))].flat()[0]!;
  const values = all.dataSync() as Float32Array;
  all.dispose();
  const classes = values.length / count;
  return Array.from({ length: count }, (_, at) => values.slice(at * classes, (at + 1) * classes));
}

const best = (answer: Float32Array): number =>
  answer.reduce((most, value, at) => (value > answer[most]! ? at : most), 0);

/** The shape in which a model takes a picture. */
const sampleShape = ({ inputShape }: LayersModel): number[] =>
  (inputShape as (number | null)[]).slice(1).map((length) => length ?? 28);

/** Trains the model of a source with an optimizer of its own. Whoever asks disposes of the pupil. */
export async function study(
  source: ModelSource,
  lesson: Lesson,
): Promise<{ taught: Taught; pupil: LayersModel }> {
  const { where, originals, seed, learningRate } = lesson;
  const draws = new Draws(seed);
  const probes = new Uint8Array((1 + PROBES) * PIXELS);
  pack([pictureOf(originals[0]!)], probes, 0);
  const others = Array.from({ length: PROBES }, (_, at) => like(originals[at % originals.length]!, draws));
  pack(others, probes, PIXELS);

  const pupil = readSource(where, {
    json: source.json,
    ...(source.weights ? { weights: source.weights } : {}),
    ...(source.inputShape ? { inputShape: source.inputShape } : {}),
    seed,
    compile: {
      // Its steps are as large as the mistakes: what is read right already hardly moves.
      optimizer: { className: 'SGD', config: { learningRate } },
      loss: 'sparseCategoricalCrossentropy',
    },
  });
  try {
    return { taught: await attended(pupil, lesson, probes, draws), pupil };
  } catch (failure) {
    pupil.dispose();
    throw failure;
  }
}

/** Trains a pupil until it has learned, or the lesson ends. */
async function attended(
  pupil: LayersModel,
  lesson: Lesson,
  probes: Uint8Array,
  draws: Draws,
): Promise<Taught> {
  const { where, originals, label, steps, likes, rehearsed, settle, onStep, isWanted } = lesson;
  const held = new Held();
  const release = pupil._hold();
  try {
    const network = pupil.network.get(where);
    const options = { epochs: 1, batchSize: likes + rehearsed, shuffle: false, validationSplit: 0 };
    const look = (step: number): TaughtStep => {
      const [own, ...rest] = answers(pupil, probes) as [Float32Array, ...Float32Array[]];
      const right = rest.filter((answer) => best(answer) === label).length / PROBES;
      return { step, probabilities: own, likes: right };
    };
    const before = look(0);
    const isLearned = ({ probabilities, likes: right }: TaughtStep): boolean =>
      right === 1 && probabilities[label]! >= SURE;
    let now = before;
    // The optimizer remembers nothing from step to step, so that each part of a lesson can be a run of its own.
    const fitFrom = (from: number) => {
      held.free();
      const isResting = lesson.rests && isLearned(now) && from < LAST * steps;
      const { bytes, labels } = batches(
        lesson,
        draws,
        from,
        Math.min(AHEAD, steps - from),
        isResting ? 0 : likes,
      );
      const pictures = new Tensor({ bytes }, [labels.length, ...sampleShape(pupil)], 'float32');
      const truths = new Tensor(labels, [labels.length], 'int32');
      const all = samples(held, where, pupil.ends_(), pictures, truths);
      return held.keep(call((wasm) => new wasm.Fit(network, all, JSON.stringify(options)), where));
    };
    let fit = fitFrom(0);
    onStep?.(now);
    let since = performance.now();
    let left = settle;
    for (let step = 0; step < steps && !(isLearned(now) && left-- <= 0); ) {
      if (step > 0 && step % AHEAD === 0) fit = fitFrom(step);
      const some = Math.min(LOOK, steps - step, AHEAD - (step % AHEAD));
      call(() => fit.run(network, Number.POSITIVE_INFINITY, some), where);
      step += some;
      now = look(step);
      onStep?.(now);
      if (performance.now() - since < SLICE) continue;
      await nextTurn();
      if (!isWanted()) throw fault('state', `${where}: nobody waits for the answer any more`);
      since = performance.now();
    }
    return {
      steps: now.step,
      before: before.probabilities,
      after: now.probabilities,
      likesBefore: before.likes,
      likes: now.likes,
      pixels: pictureOf(originals[0]!),
    };
  } finally {
    release();
    held.free();
  }
}

/** Whose model is taught, and what else is there. */
export interface Room {
  session: Session;
  model: LayersModel;
  train: DigitSet;
  isWanted: () => boolean;
}

/** See `digits.teach`. A run that is under way waits meanwhile, and goes on with what has been learned. */
export const teach = (
  { session, model, train, isWanted }: Room,
  original: Original,
  label: number,
  seed: number | undefined,
  onStep: Lesson['onStep'],
): Promise<Taught> =>
  session.beside(async () => {
    const where = 'digits.teach';
    await session.atRest();
    const lesson = { where, originals: [original], label, train, seed: seed ?? model.seed, onStep, isWanted };
    const { taught, pupil } = await study(session.save(), { ...lesson, ...ONE, ...lengthFor(model) });
    try {
      session.takeWeights(where, model, pupil);
    } finally {
      pupil.dispose();
    }
    return taught;
  });

/** A lesson about one picture: what its steps are of, and how fast it is. */
const ONE = { likes: 4, rehearsed: 60, learningRate: 0.1, rests: true };

/** How long it is. Networks with maps are shaken less, and take longer over each step. */
function lengthFor(model: LayersModel): Pick<Lesson, 'steps' | 'settle'> {
  const lines = call(() => model.network.get('digits.teach').layers());
  const hasMaps = lines.some(({ outputDims }) => outputDims[0]?.length === 3);
  return hasMaps ? { steps: 56, settle: 8 } : { steps: 240, settle: 30 };
}
