/** Pictures in another size, place or colour. */

import { describe, fault, finite, whole } from '../engine/errors.js';
import { isArray } from '../engine/look.js';
import { namespace } from '../engine/namespace.js';
import { allContained } from './contained.js';
import { castFor, type Like, mul } from './elementwise.js';
import { asTensor, make, type Tensor } from './handle.js';
import { tile } from './join.js';
import { flag } from './pictures.js';
import { along, expandDims, reshapeFor, reverseFor } from './rearrange.js';
import { sum } from './reduce.js';
import { Op, run } from './run.js';
import {
  nonMaxSuppression,
  nonMaxSuppressionAsync,
  nonMaxSuppressionPadded,
  nonMaxSuppressionPaddedAsync,
  nonMaxSuppressionWithScore,
  nonMaxSuppressionWithScoreAsync,
} from './suppression.js';
import { threshold } from './threshold.js';

const RESIZE = /* @__PURE__ */ new Op('general', 'resizeBilinear');
const CROP = /* @__PURE__ */ new Op('general', 'cropAndResize');
const ROTATE = /* @__PURE__ */ new Op('general', 'rotate');
const TRANSFORM = /* @__PURE__ */ new Op('general', 'transform');

/** A height and a width, in pixels. */
function checkSize(where: string, size: unknown): [number, number] {
  if (!isArray(size) || size.length !== 2)
    throw fault('shape', `${where}: size: expected [height, width], got ${describe(size)}`);
  const [height, width] = Array.from(size, (length) => whole(`${where}: size`, length, 1));
  return [height!, width!];
}

/** Pictures `[n, height, width, channels]`. */
function batchOf(where: string, x: Like): Tensor {
  const from = asTensor(where, x);
  if (from.rank === 4) return from;
  throw fault(
    'shape',
    `${where}: expected pictures with 4 axes, but there are ${from.rank}: [${from.shape}]`,
  );
}

/** What `of` makes of a batch of pictures, or of one, which stays one. */
function picturesOf(where: string, x: Like, of: (batch: Tensor) => Tensor): Tensor {
  const from = asTensor(where, x);
  if (from.rank !== 3) return of(batchOf(where, from));
  const result = of(expandDims(from, 0));
  return reshapeFor(where, result, result.shape.slice(1));
}

function checkCorners(where: string, alignCorners: unknown, halfPixelCenters: unknown): void {
  for (const given of [alignCorners, halfPixelCenters])
    if (typeof given !== 'boolean')
      throw fault('type', `${where}: expected true or false, got ${describe(given)}`);
  if (alignCorners && halfPixelCenters)
    throw fault('value', `${where}: with halfPixelCenters alignCorners must be false`);
}

/**
 * Pictures of `[height, width]` pixels, each a mixture of the four around.
 * @example image.resizeBilinear(tensor3d([[[0], [2]]]), [1, 4]).dataSync(); // → [0, 1, 2, 2]
 */
export function resizeBilinear(
  images: Like,
  size: [number, number],
  alignCorners = false,
  halfPixelCenters = false,
): Tensor {
  const where = 'resizeBilinear';
  const [height, width] = checkSize(where, size);
  checkCorners(where, alignCorners, halfPixelCenters);
  const numbers = [height, width, flag(alignCorners), flag(halfPixelCenters)];
  return picturesOf(where, images, (batch) => run(RESIZE, [batch], numbers, where));
}

/**
 * Pictures of `[height, width]` pixels, each the nearest old one. Whole numbers stay whole.
 * @example image.resizeNearestNeighbor(tensor3d([[[0], [2]]]), [1, 4]).dataSync(); // → [0, 0, 2, 2]
 */
export function resizeNearestNeighbor(
  images: Like,
  size: [number, number],
  alignCorners = false,
  halfPixelCenters = false,
): Tensor {
  const where = 'resizeNearestNeighbor';
  const lengths = checkSize(where, size);
  checkCorners(where, alignCorners, halfPixelCenters);
  return picturesOf(where, images, (batch) => {
    if (batch.dtype !== 'float32' && batch.dtype !== 'int32')
      throw fault('type', `${where}: expected float32 or int32, got ${batch.dtype}`);
    return lengths.reduce((result, length, at) => {
      const old = batch.shape[1 + at]!;
      if (old === 0) throw fault('shape', `${where}: [${batch.shape}]: a picture without pixels`);
      // Fractions of whole numbers, which are exact where a place is whole.
      const place = (index: number): number => {
        if (alignCorners && length > 1) return Math.round((index * (old - 1)) / (length - 1));
        const at = halfPixelCenters ? ((2 * index + 1) * old) / (2 * length) : (index * old) / length;
        return Math.min(old - 1, Math.floor(at));
      };
      return along(
        where,
        result,
        1 + at,
        Array.from({ length }, (_, index) => place(index)),
      );
    }, batch);
  });
}

const METHODS = ['nearest', 'bilinear'] as const;
type Method = (typeof METHODS)[number];

/** Whether pictures are read between their pixels. */
function isBilinear(where: string, name: string, method: unknown): boolean {
  if (METHODS.includes(method as Method)) return method === 'bilinear';
  throw fault('value', `${where}: ${name}: expected 'nearest' or 'bilinear', got ${describe(method)}`);
}

/**
 * Cuts boxes out of pictures and makes each `cropSize` pixels. A box is `[top, left, bottom, right]` in shares of height
 * and width; `boxInd` says of which picture it is a part.
 * @example
 * const picture = range(0, 16).reshape([1, 4, 4, 1]);
 * image.cropAndResize(picture, [[0, 0, 1, 1]], tensor1d([0], 'int32'), [2, 2]).reshape([2, 2]); // → [[0, 3], [12, 15]]
 */
function cropAndResize(
  image: Like,
  boxes: Like,
  boxInd: Like,
  cropSize: [number, number],
  method: Method = 'bilinear',
  extrapolationValue = 0,
): Tensor {
  const where = 'cropAndResize';
  const inputs = [batchOf(where, image), asTensor(where, boxes), asTensor(where, boxInd)];
  const [height, width] = checkSize(where, cropSize);
  const bilinear = isBilinear(where, 'method', method);
  const numbers = [height, width, flag(bilinear), finite(`${where}: extrapolationValue`, extrapolationValue)];
  return run(CROP, inputs, numbers, where);
}

/**
 * Pictures with left and right exchanged.
 * @example image.flipLeftRight(tensor4d([1, 2, 3, 4], [1, 2, 2, 1])).reshape([2, 2]); // → [[2, 1], [4, 3]]
 */
const flipLeftRight = (image: Like): Tensor =>
  reverseFor('flipLeftRight', batchOf('flipLeftRight', image), 2);

/** The tensor, whose last axis must have so many channels. */
function withChannels(where: string, image: Like, channels: number): Tensor {
  const from = asTensor(where, image);
  if (from.rank >= 2 && from.shape.at(-1) === channels) return from;
  const what = channels === 1 ? 'one channel' : `${channels} channels`;
  throw fault('shape', `${where}: expected pictures with ${what}, got [${from.shape}]`);
}

/**
 * Pictures with one channel three times.
 * @example image.grayscaleToRGB(tensor3d([[[5]]])); // → [[[5, 5, 5]]]
 */
function grayscaleToRGB(image: Like): Tensor {
  const from = withChannels('grayscaleToRGB', image, 1);
  return tile(
    from,
    from.shape.map((_, axis) => (axis === from.rank - 1 ? 3 : 1)),
  );
}

/**
 * How light pictures are, from their red, green and blue.
 * @example image.rgbToGrayscale(tensor3d([[[1, 1, 1]]])); // → [[[0.9999]]]
 */
function rgbToGrayscale(image: Like): Tensor {
  const where = 'rgbToGrayscale';
  const from = withChannels(where, image, 3);
  const shares = make(where, [0.2989, 0.587, 0.114], undefined, 'float32');
  const light = sum(mul(castFor(where, from, 'float32'), shares), -1, true);
  return castFor(where, light, from.dtype);
}

/**
 * Pictures turned by `radians` about `center`, which is in shares of width and height, one for both or `[x, y]`. Beyond a
 * picture is `fillValue`: one value, or one each for red, green and blue, with an alpha of 255.
 * @example image.rotateWithOffset(range(0, 9).reshape([1, 3, 3, 1]), Math.PI, 0, [1 / 3, 1 / 3]).reshape([3, 3]); // → [[8, 7, 6], [5, 4, 3], [2, 1, 0]]
 */
function rotateWithOffset(
  image: Like,
  radians: number,
  fillValue: number | [number, number, number] = 0,
  center: number | [number, number] = 0.5,
): Tensor {
  const where = 'rotateWithOffset';
  const from = batchOf(where, image);
  const numbers = (name: string, value: unknown, counts: readonly number[]): number[] => {
    const list = isArray(value) ? value : [value];
    if (counts.includes(list.length)) return Array.from(list, (one) => finite(`${where}: ${name}`, one));
    throw fault('value', `${where}: ${name}: got ${describe(value)}`);
  };
  const [x, y = x] = numbers('center', center, [1, 2]);
  const fill = numbers('fillValue', fillValue, [1, 3]);
  const channels = from.shape[3]!;
  const each = fill.length === 1 ? fill : [...fill, 255].slice(0, channels);
  if (each.length > 1 && each.length !== channels)
    throw fault('shape', `${where}: fillValue: three values for ${channels} channels`);
  const about = [x! * from.shape[2]!, y! * from.shape[1]!];
  return run(ROTATE, [from], [finite(`${where}: radians`, radians), ...about, ...each], where);
}

const FILL_MODES = ['constant', 'nearest', 'reflect', 'wrap'] as const;

/**
 * Pictures mapped by rows of eight numbers `a`: the new pixel `(x, y)` is the old one at
 * `((a0·x + a1·y + a2) / k, (a3·x + a4·y + a5) / k)` with `k = a6·x + a7·y + 1`.
 * @example
 * const moved = image.transform(tensor4d([1, 2, 3, 4], [1, 2, 2, 1]), [[1, 0, 1, 0, 1, 0, 0, 0]]);
 * moved.reshape([2, 2]); // → [[2, 0], [4, 0]]
 */
function transform(
  image: Like,
  transforms: Like,
  interpolation: Method = 'nearest',
  fillMode: (typeof FILL_MODES)[number] = 'constant',
  fillValue = 0,
  outputShape?: [number, number] | null,
): Tensor {
  const where = 'transform';
  const from = batchOf(where, image);
  const rows = asTensor(where, transforms);
  const [height, width] = checkSize(where, outputShape ?? from.shape.slice(1, 3));
  const bilinear = isBilinear(where, 'interpolation', interpolation);
  const mode = FILL_MODES.indexOf(fillMode);
  if (mode < 0)
    throw fault(
      'value',
      `${where}: fillMode: expected one of ${FILL_MODES.join(', ')}, got ${describe(fillMode)}`,
    );
  const fill = finite(`${where}: fillValue`, fillValue);
  return run(TRANSFORM, [from, rows], [height, width, flag(bilinear), mode, fill], where);
}

/** Pictures. */
export const image = /* @__PURE__ */ namespace(
  'image',
  /* @__PURE__ */ allContained({
    resizeBilinear,
    resizeNearestNeighbor,
    cropAndResize,
    flipLeftRight,
    grayscaleToRGB,
    rgbToGrayscale,
    rotateWithOffset,
    transform,
    threshold,
    nonMaxSuppression,
    nonMaxSuppressionAsync,
    nonMaxSuppressionPadded,
    nonMaxSuppressionPaddedAsync,
    nonMaxSuppressionWithScore,
    nonMaxSuppressionWithScoreAsync,
  }),
);
