/**
 * Teaches the model a picture. A pupil with the model's weights, and an optimizer of its own, trains on pictures like the
 * one that is taught, among training pictures to which it must not answer otherwise than before; then the model takes its
 * weights over. What the model's own run and optimizer remember stays as it was.
 */

import type { DigitSet } from '../../data/digit-set.js';
import { Draws } from '../../data/draws.js';
import { fault } from '../../engine/errors.js';
import { call } from '../../engine/instance.js';
import { nextTurn } from '../../engine/turn.js';
import type { LayersModel } from '../../nn/model.js';
import { type ModelSource, readSource } from '../../nn/source.js';
import { setAll } from '../../nn/weights.js';
import { Tensor } from '../../tensor/handle.js';
import { Held, samples } from '../../train/samples.js';
import type { Taught, TaughtStep } from '../protocol.js';
import { like, type Original, PIXELS, pictureOf } from './likes.js';
import { answers, type Rehearsal, rehearsal, sampleShape } from './rehearsal.js';
import type { Session } from './session.js';

/** A lesson: what is taught, at least one picture, as this class. */
export interface Lesson {
  where: string;
  originals: Original[];
  label: number;
  /** What must not be forgotten: of so many training pictures those of which the model is least sure. */
  train: DigitSet;
  looked: number;
  kept: number;
  /** How much of what is rehearsed is what the pictures show; the rest is what the model answered before. */
  labels: number;
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
  /** Whether it goes only as far as it has to in the end. A class of which a few drawings are known needs room for others. */
  goesBack: boolean;
  onStep?: ((step: TaughtStep) => void) | undefined;
  isWanted: () => boolean;
}

/** So many likes, of which none is trained on, say whether the picture has been learned. */
const PROBES = 32;
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

/** The batches of so many steps from one on, one after the other: pictures, and how probable each class shall be. */
function batches(
  { originals, label, train, ...lesson }: Lesson,
  { places, answers: known }: Rehearsal,
  draws: Draws,
  from: number,
  steps: number,
  likes: number,
): { bytes: Uint8Array; truths: Float32Array } {
  const size = lesson.likes + lesson.rehearsed;
  const classes = known[0]!.length;
  const [bytes, truths] = [new Uint8Array(steps * size * PIXELS), new Float32Array(steps * size * classes)];
  const pictures = train.images.packed!;
  let taught = from * lesson.likes;
  for (let at = 0; at < steps * size; at++) {
    if (at % size < likes) {
      pack([like(originals[taught++ % originals.length]!, draws)], bytes, at * PIXELS);
      truths[at * classes + label] = 1;
      continue;
    }
    const one = draws.below(places.length);
    const place = places[one]!;
    bytes.set(pictures.subarray(place * PIXELS, (place + 1) * PIXELS), at * PIXELS);
    truths.set(known[one]!, at * classes);
    if (lesson.labels === 0) continue;
    for (let of = 0; of < classes; of++) truths[at * classes + of]! *= 1 - lesson.labels;
    truths[at * classes + train.labels.values[place]!]! += lesson.labels;
  }
  return { bytes, truths };
}

const best = (answer: Float32Array): number =>
  answer.reduce((most, value, at) => (value > answer[most]! ? at : most), 0);

/** What lets others have their turn after some milliseconds of work, and refuses to go on once nobody waits. */
function turns({ where, isWanted }: Lesson): () => Promise<void> {
  let since = performance.now();
  return async () => {
    if (performance.now() - since < SLICE) return;
    await nextTurn();
    if (!isWanted()) throw fault('state', `${where}: nobody waits for the answer any more`);
    since = performance.now();
  };
}

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
      loss: 'categoricalCrossentropy',
    },
  });
  try {
    return { taught: await attended(pupil, lesson, probes, draws), pupil };
  } catch (failure) {
    pupil.dispose();
    throw failure;
  }
}

/** So often the way back to what the model was is halved, in search of how much of it a pupil can go. */
const HALVINGS = 5;
/** What is added to the movement that is just enough: the pictures that were looked at are few. */
const MORE = 1.1;

/**
 * Takes a pupil back on the straight line to the weights that it began with, as far as it still knows what it has learned:
 * whatever it has moved beyond that costs other digits, and gains nothing.
 */
function takeBack(pupil: LayersModel, before: readonly Float32Array[], isEnough: () => boolean): void {
  const after = valuesOf(pupil);
  const go = (share: number): void => {
    const values = pupil.weights.map(({ shape }, at) => {
      const [from, to] = [before[at]!, after[at]!];
      return new Tensor(
        from.map((value, place) => value + share * (to[place]! - value)),
        shape,
        'float32',
      );
    });
    setAll('digits.teach', pupil.weights, values);
  };
  let [least, enough] = [0, 1];
  for (let halving = 0; halving < HALVINGS; halving++) {
    const share = (least + enough) / 2;
    go(share);
    if (isEnough()) enough = share;
    else least = share;
  }
  go(Math.min(1, MORE * enough));
  if (!isEnough()) go(1);
}

const valuesOf = ({ weights }: LayersModel): Float32Array[] =>
  weights.map((weight) => weight.snapshot().dataSync() as Float32Array);

/** Trains a pupil until it has learned, or the lesson ends. */
async function attended(
  pupil: LayersModel,
  lesson: Lesson,
  probes: Uint8Array,
  draws: Draws,
): Promise<Taught> {
  const { where, originals, label, steps, likes, rehearsed, settle, onStep } = lesson;
  const held = new Held();
  const release = pupil._hold();
  try {
    const network = pupil.network.get(where);
    const options = { epochs: 1, batchSize: likes + rehearsed, shuffle: false, validationSplit: 0 };
    const look = (step: number): TaughtStep => {
      const all = answers(pupil, probes);
      const classes = all.length / (1 + PROBES);
      const rows = Array.from({ length: 1 + PROBES }, (_, at) => all.slice(at * classes, (at + 1) * classes));
      const [own, ...rest] = rows as [Float32Array, ...Float32Array[]];
      const right = rest.filter((answer) => best(answer) === label).length / PROBES;
      return { step, probabilities: own, likes: right };
    };
    const before = look(0);
    const begunWith = valuesOf(pupil);
    const isLearned = ({ probabilities, likes: right }: TaughtStep): boolean =>
      right === 1 && probabilities[label]! >= SURE;
    let now = before;
    onStep?.(now);
    const othersTurn = turns(lesson);
    const known = await rehearsal(pupil, lesson.train, lesson, draws, othersTurn);
    // The optimizer remembers nothing from step to step, so that each part of a lesson can be a run of its own.
    const fitFrom = (from: number) => {
      held.free();
      const isResting = lesson.rests && isLearned(now) && from < LAST * steps;
      const some = Math.min(AHEAD, steps - from);
      const { bytes, truths } = batches(lesson, known, draws, from, some, isResting ? 0 : likes);
      const count = bytes.length / PIXELS;
      const pictures = new Tensor({ bytes }, [count, ...sampleShape(pupil)], 'float32');
      const shall = new Tensor(truths, [count, truths.length / count], 'float32');
      const all = samples(held, where, pupil.ends_(), pictures, shall);
      return held.keep(call((wasm) => new wasm.Fit(network, all, JSON.stringify(options)), where));
    };
    let fit = fitFrom(0);
    let left = settle;
    for (let step = 0; step < steps && !(isLearned(now) && left-- <= 0); ) {
      if (step > 0 && step % AHEAD === 0) fit = fitFrom(step);
      const some = Math.min(LOOK, steps - step, AHEAD - (step % AHEAD));
      call(() => fit.run(network, Number.POSITIVE_INFINITY, some), where);
      step += some;
      now = look(step);
      onStep?.(now);
      await othersTurn();
    }
    if (lesson.goesBack && isLearned(now)) {
      takeBack(pupil, begunWith, () => isLearned(look(now.step)));
      now = look(now.step);
      onStep?.(now);
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
const ONE = { likes: 8, labels: 0, rests: true, goesBack: true };

/** Multiply-adds that a lesson may take at most: to look for what is to be rehearsed, and to train. Some 0.8 s together. */
const TO_LOOK = 5e9;
const TO_TRAIN = 14e9;

/**
 * How long a lesson about one picture is, and how much it rehearses: by the work that a picture is for the network, not by
 * the clock, so that the same seed gives the same bits. A step trains, which takes three times what an answer does.
 */
function lengthFor(
  model: LayersModel,
): Pick<Lesson, 'looked' | 'kept' | 'rehearsed' | 'steps' | 'settle' | 'learningRate'> {
  const { work, isShared } = workOf(model);
  const within = (least: number, value: number, most: number): number =>
    Math.round(Math.min(most, Math.max(least, value)));
  const looked = within(400, TO_LOOK / work, 8000);
  const rehearsed = within(40, TO_TRAIN / (3 * work * 160), 120);
  const steps = within(16, TO_TRAIN / (3 * work * (ONE.likes + rehearsed)), 240);
  const [kept, settle] = [Math.ceil(looked / 6), within(6, steps / 8, 30)];
  // Gradients of a weight add up over all places where it is used: at 0.1 a picture that the network is sure is something
  // else moves a convnet so far in one step that it forgets what has nothing to do with either.
  return { looked, kept, rehearsed, steps, settle, learningRate: isShared ? 0.05 : 0.1 };
}

/**
 * Multiply-adds of a picture: each weight is used at each place of a map, or for each row of a sequence; and whether the
 * network has such weights.
 */
function workOf(model: LayersModel): { work: number; isShared: boolean } {
  const placesOf = (shape: readonly (number | null)[]): number =>
    shape.slice(0, -1).reduce<number>((places, length) => places * (length ?? 28), 1);
  let [work, isShared, before] = [1, false, sampleShape(model) as readonly (number | null)[]];
  for (const { params, outputDims } of call(() => model.network.get('digits.teach').layers())) {
    const shape = outputDims[0] ?? [];
    const places = placesOf(shape.length > 1 ? shape : before);
    work += params * places;
    isShared ||= params > 0 && places > 1;
    before = shape;
  }
  return { work, isShared };
}
