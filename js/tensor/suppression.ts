/** Of boxes that show the same thing, the one with the highest score. */
import { describe, fault, whole } from '../engine/errors.js';
import { exp, type Like } from './elementwise.js';
import { asTensor, make, Tensor, valuesOf } from './handle.js';
import { checkShape } from './shape.js';
import { room, type Values } from './values.js';

interface Candidate {
  score: number;
  box: number;
  /** From which of the boxes that were taken on it has to be compared. */
  since: number;
}

/** The lower score first; of two that are equal, the box that comes later. */
const byScore = (a: Candidate, b: Candidate): number => a.score - b.score || b.box - a.box;

/** What two boxes `[top, left, bottom, right]` share, of what they cover together. */
function overlap(boxes: Values, i: number, j: number): number {
  const [a, b] = [i, j].map((at) => {
    const [y1, x1, y2, x2] = boxes.subarray(4 * at, 4 * at + 4) as unknown as [
      number,
      number,
      number,
      number,
    ];
    return [Math.min(y1, y2), Math.min(x1, x2), Math.max(y1, y2), Math.max(x1, x2)] as const;
  });
  const [areaA, areaB] = [a!, b!].map(([top, left, bottom, right]) => (bottom - top) * (right - left));
  if (areaA! <= 0 || areaB! <= 0) return 0;
  const height = Math.max(Math.min(a![2], b![2]) - Math.max(a![0], b![0]), 0);
  const width = Math.max(Math.min(a![3], b![3]) - Math.max(a![1], b![1]), 0);
  const shared = height * width;
  return shared / (areaA! + areaB! - shared);
}

/** The boxes that are taken, best first, and their scores. */
function choose(
  where: string,
  boxes: Like,
  scores: Like,
  maxOutputSize: number,
  iouThreshold: number,
  scoreThreshold: number,
  sigma: number,
): { indices: number[]; scores: number[] } {
  const [places, marks] = [asTensor(where, boxes), asTensor(where, scores)];
  const count = places.shape[0] ?? 0;
  if (places.rank !== 2 || places.shape[1] !== 4)
    throw fault('shape', `${where}: boxes: expected [boxes, 4], got [${places.shape}]`);
  if (marks.rank !== 1 || marks.shape[0] !== count)
    throw fault('shape', `${where}: scores: expected [${count}], got [${marks.shape}]`);
  const most = Math.min(whole(`${where}: maxOutputSize`, maxOutputSize, 0), count);
  for (const [name, value] of [
    ['iouThreshold', iouThreshold],
    ['softNmsSigma', sigma],
  ] as const) {
    if (!(typeof value === 'number' && value >= 0 && value <= 1))
      throw fault('value', `${where}: ${name}: expected a number from 0 to 1`);
  }
  if (typeof scoreThreshold !== 'number' || Number.isNaN(scoreThreshold))
    throw fault('value', `${where}: scoreThreshold: expected a number`);
  const [corners, values] = [valuesOf(where, places), valuesOf(where, marks)];
  const waiting: Candidate[] = [];
  values.forEach((score, box) => {
    if (score > scoreThreshold) waiting.push({ score, box, since: 0 });
  });
  waiting.sort(byScore);
  const taken: { indices: number[]; scores: number[] } = { indices: [], scores: [] };
  while (taken.indices.length < most && waiting.length > 0) {
    const one = waiting.pop()!;
    const before = one.score;
    if (before < scoreThreshold) break;
    let ignored = false;
    for (let at = taken.indices.length - 1; at >= one.since; at--) {
      const share = overlap(corners, one.box, taken.indices[at]!);
      ignored = share >= iouThreshold;
      if (ignored) break;
      if (sigma > 0) one.score *= exp(make(where, (-0.5 / sigma) * share * share)).dataSync()[0]!;
      if (one.score <= scoreThreshold) break;
    }
    one.since = taken.indices.length;
    if (ignored) continue;
    if (one.score === before) {
      taken.indices.push(one.box);
      taken.scores.push(one.score);
    } else if (one.score > scoreThreshold) {
      // Back into line, behind those with a higher score.
      const place = waiting.findIndex((other) => byScore(other, one) > 0);
      waiting.splice(place < 0 ? waiting.length : place, 0, one);
    }
  }
  return taken;
}

const indicesOf = (indices: number[]): Tensor =>
  new Tensor(Int32Array.from(indices), [indices.length], 'int32');

/**
 * The indices of at most `maxOutputSize` boxes `[top, left, bottom, right]`, best first, of which no two overlap by
 * `iouThreshold` or more.
 * @example
 * const boxes = [[0, 0, 1, 1], [0, 0, 1, 0.9], [2, 2, 3, 3]];
 * image.nonMaxSuppression(boxes, [0.8, 0.9, 0.7], 3); // → [1, 2]
 */
export function nonMaxSuppression(
  boxes: Like,
  scores: Like,
  maxOutputSize: number,
  iouThreshold = 0.5,
  scoreThreshold = Number.NEGATIVE_INFINITY,
): Tensor {
  const where = 'nonMaxSuppression';
  return indicesOf(choose(where, boxes, scores, maxOutputSize, iouThreshold, scoreThreshold, 0).indices);
}

/**
 * The same, with zeros behind the indices up to `maxOutputSize` if `padToMaxOutputSize`, and how many of the indices are
 * boxes.
 * @example image.nonMaxSuppressionPadded([[0, 0, 1, 1]], [0.8], 3, 0.5, 0, true).selectedIndices; // → [0, 0, 0]
 */
export function nonMaxSuppressionPadded(
  boxes: Like,
  scores: Like,
  maxOutputSize: number,
  iouThreshold = 0.5,
  scoreThreshold = Number.NEGATIVE_INFINITY,
  padToMaxOutputSize = false,
): { selectedIndices: Tensor; validOutputs: Tensor } {
  const where = 'nonMaxSuppressionPadded';
  if (typeof padToMaxOutputSize !== 'boolean')
    throw fault(
      'type',
      `${where}: padToMaxOutputSize: expected true or false, got ${describe(padToMaxOutputSize)}`,
    );
  const { indices } = choose(where, boxes, scores, maxOutputSize, iouThreshold, scoreThreshold, 0);
  const padded = room(
    where,
    padToMaxOutputSize ? checkShape(where, [maxOutputSize])[0]! : indices.length,
    'int32',
  );
  padded.set(indices);
  return {
    selectedIndices: new Tensor(padded, [padded.length], 'int32'),
    validOutputs: new Tensor(Int32Array.of(indices.length), [], 'int32'),
  };
}

/**
 * `nonMaxSuppressionPadded`, as a promise.
 * @example (await image.nonMaxSuppressionPaddedAsync([[0, 0, 1, 1]], [0.8], 3)).validOutputs; // → 1
 */
export async function nonMaxSuppressionPaddedAsync(
  ...args: Parameters<typeof nonMaxSuppressionPadded>
): Promise<{ selectedIndices: Tensor; validOutputs: Tensor }> {
  return nonMaxSuppressionPadded(...args);
}

/**
 * `nonMaxSuppression`, as a promise.
 * @example await image.nonMaxSuppressionAsync([[0, 0, 1, 1], [2, 2, 3, 3]], [0.8, 0.9], 1); // → [1]
 */
export async function nonMaxSuppressionAsync(...args: Parameters<typeof nonMaxSuppression>): Promise<Tensor> {
  return nonMaxSuppression(...args);
}

/**
 * The same with the boxes' scores, which with `softNmsSigma` fall with each overlap instead.
 * @example
 * const boxes = [[0, 0, 1, 1], [0, 0, 1, 0.9], [2, 2, 3, 3]];
 * image.nonMaxSuppressionWithScore(boxes, [0.8, 0.9, 0.7], 3).selectedScores; // → [0.9, 0.7]
 */
export function nonMaxSuppressionWithScore(
  boxes: Like,
  scores: Like,
  maxOutputSize: number,
  iouThreshold = 0.5,
  scoreThreshold = Number.NEGATIVE_INFINITY,
  softNmsSigma = 0,
): { selectedIndices: Tensor; selectedScores: Tensor } {
  const where = 'nonMaxSuppressionWithScore';
  const taken = choose(where, boxes, scores, maxOutputSize, iouThreshold, scoreThreshold, softNmsSigma);
  return {
    selectedIndices: indicesOf(taken.indices),
    selectedScores: new Tensor(Float32Array.from(taken.scores), [taken.scores.length], 'float32'),
  };
}

/**
 * `nonMaxSuppressionWithScore`, as a promise.
 * @example
 * const found = await image.nonMaxSuppressionWithScoreAsync([[0, 0, 1, 1], [2, 2, 3, 3]], [0.8, 0.9], 2);
 * found.selectedIndices; // → [1, 0]
 */
export async function nonMaxSuppressionWithScoreAsync(
  ...args: Parameters<typeof nonMaxSuppressionWithScore>
): Promise<{ selectedIndices: Tensor; selectedScores: Tensor }> {
  return nonMaxSuppressionWithScore(...args);
}
