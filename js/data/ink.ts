/** Drawings of either kind, strokes or pixels, made into what MNIST's makers would have scanned. */

import { fault } from '../engine/errors.js';
import { call } from '../engine/instance.js';
import { isArray, isObject } from '../engine/look.js';
import { Tensor } from '../tensor/handle.js';
import { checkPixels, type PixelSource, type Pixels, pixelsOf } from '../tensor/pixels.js';
import { isTypedArray } from '../tensor/values.js';
import { digit as digitOfStrokes, type Strokes } from './drawing.js';

/** The pixels of a drawing. Bytes that are clamped are taken without an ImageData around them too. */
function pixelsOfDrawing(drawing: object): Pixels {
  if ('data' in drawing && isTypedArray(drawing.data)) return checkPixels('digit', drawing as Pixels);
  return pixelsOf('digit', drawing);
}

/**
 * How much ink each pixel has. Where paper is transparent, ink is what is not. Otherwise paper is as light as most pixels
 * at the edge, and ink is what is lighter or darker: black on white and white on black are the same.
 */
function inkOf({ data, width, height }: Pixels): Float32Array {
  const ink = new Float32Array(width * height);
  let [least, most] = [255, 0];
  for (let at = 3; at < data.length; at += 4) {
    least = Math.min(least, data[at]!);
    most = Math.max(most, data[at]!);
  }
  if (least < 255) return most === 0 ? ink : ink.map((_, at) => data[4 * at + 3]! / 255);
  const light = (at: number): number =>
    0.2989 * data[4 * at]! + 0.587 * data[4 * at + 1]! + 0.114 * data[4 * at + 2]!;
  const edge: number[] = [];
  for (let column = 0; column < width; column++)
    edge.push(light(column), light((height - 1) * width + column));
  for (let row = 0; row < height; row++) edge.push(light(row * width), light((row + 1) * width - 1));
  edge.sort((a, b) => a - b);
  const paper = edge[edge.length >> 1]!;
  return ink.map((_, at) => Math.abs(light(at) - paper) / 255);
}

/** Ink that fills 20 × 20 of 28 × 28 pixels, centred by its mass. */
const fitInk = (ink: Float32Array, width: number, height: number): Tensor =>
  new Tensor(
    call((wasm) => wasm.fitPixels(ink, width, height)),
    [28, 28],
    'float32',
  );

/**
 * What MNIST would have made of a drawing: 28 × 28 values from 0 to 1, ink bright, paper 0, the ink filling 20 × 20 and
 * centred by its mass. A drawing is strokes of points, or pixels: a canvas, an ImageData, a picture.
 */
export function digit(drawing: Strokes | PixelSource | Pixels): Tensor {
  const strokes = !isObject(drawing) || isArray(drawing) || 'length' in drawing;
  if (strokes) return digitOfStrokes(drawing as Strokes);
  const isPicture =
    'data' in drawing || 'getContext' in drawing || ('width' in drawing && 'height' in drawing);
  // Whatever else it is, is refused as strokes are.
  if (!isPicture) return digitOfStrokes(drawing as unknown as Strokes);
  const pixels = pixelsOfDrawing(drawing);
  const ink = inkOf(pixels);
  if (!ink.some((one) => one > 0)) throw fault('value', 'digit: the drawing is empty: all pixels are alike');
  return fitInk(ink, pixels.width, pixels.height);
}
