/** Tensors of what a page shows, and the way back. */

import { describe, fault, finite, onlyKeys, whole } from '../engine/errors.js';
import { isA, isObject } from '../engine/look.js';
import { namespace } from '../engine/namespace.js';
import { castFor } from './elementwise.js';
import { asTensor, Tensor, valuesOf } from './handle.js';
import type { TensorLike } from './values.js';

/** Pixels by themselves: red, green, blue and alpha of each, row by row. */
export interface PixelData {
  width: number;
  height: number;
  data: Uint8Array;
}

/** What pixels can be taken from. */
export type PixelSource =
  | PixelData
  | ImageData
  | HTMLImageElement
  | HTMLCanvasElement
  | HTMLVideoElement
  | ImageBitmap
  | OffscreenCanvas;

/** Pixels of any kind, as they are read here. */
export interface Pixels {
  data: ArrayLike<number>;
  width: number;
  height: number;
}

/** `'ImageData'`, `'HTMLVideoElement'`, `'Uint8Array'`: whatever realm or package the object comes from. */
const kindOf = (value: unknown): string => {
  const tag = Object.prototype.toString.call(value).slice(8, -1);
  const name: unknown = (value as object | null)?.constructor?.name;
  return tag === 'Object' && typeof name === 'string' ? name : tag;
};

const isBytes = (value: unknown): boolean =>
  isObject(value) && (isA(value, Uint8Array) || kindOf(value) === 'Uint8Array');

const EXPECTED =
  'an ImageData, a canvas, a picture, a video, an ImageBitmap or { data: Uint8Array, width, height }';

/** The pixels of an object with `data`, `width` and `height`, four bytes each. */
export function checkPixels(where: string, { data, width, height }: Pixels): Pixels {
  whole(`${where}: width`, width, 1);
  whole(`${where}: height`, height, 1);
  if (data.length === 4 * width * height) return { data, width, height };
  throw fault(
    'shape',
    `${where}: ${data.length} bytes are not ${width} × ${height} pixels of red, green, blue and alpha`,
  );
}

/** Draws what has no pixels of its own onto a canvas, and reads them there. */
function drawn(where: string, source: CanvasImageSource, width: number, height: number): Pixels {
  whole(`${where}: width`, width, 1);
  whole(`${where}: height`, height, 1);
  const canvas =
    typeof document === 'undefined'
      ? new OffscreenCanvas(width, height)
      : Object.assign(document.createElement('canvas'), { width, height });
  const context = canvas.getContext('2d', { willReadFrequently: true }) as CanvasRenderingContext2D;
  context.drawImage(source, 0, 0, width, height);
  return context.getImageData(0, 0, width, height);
}

/** Whether an error is one of the page's functions for pictures. */
const isOfPage = (thrown: unknown): thrown is Error =>
  [globalThis.DOMException, TypeError, ReferenceError].some((type) => type && isA(thrown, type));

/** The pixels of anything that has some. */
export function pixelsOf(where: string, source: unknown): Pixels {
  try {
    return read(where, source);
  } catch (thrown) {
    // Canvases with pictures of other sites refuse to be read. An object's own error is the caller's.
    if (!isOfPage(thrown)) throw thrown;
    throw fault('value', `${where}: the pixels cannot be read: ${describe(thrown.message)}`);
  }
}

function read(where: string, source: unknown): Pixels {
  const refused = fault(
    'type',
    `${where}: there are no pixels: expected ${EXPECTED}, got ${describe(source)}`,
  );
  if (!isObject(source)) throw refused;
  const kind = kindOf(source);
  if ('data' in source) {
    if (kind === 'ImageData' || isBytes(source.data)) return checkPixels(where, source as Pixels);
    throw refused;
  }
  if ('getContext' in source && typeof source.getContext === 'function') {
    const canvas = source as HTMLCanvasElement;
    const context = canvas.getContext('2d');
    // A canvas that is drawn on by WebGL has no other context.
    if (!context) return drawn(where, canvas, canvas.width, canvas.height);
    return checkPixels(where, context.getImageData(0, 0, canvas.width, canvas.height));
  }
  if (kind === 'HTMLVideoElement') {
    const video = source as HTMLVideoElement;
    if (video.readyState < 2)
      throw fault('state', `${where}: the video has no picture yet: wait for its event loadeddata`);
    return drawn(where, video, video.videoWidth, video.videoHeight);
  }
  if (kind === 'HTMLImageElement' || kind === 'ImageBitmap') {
    const { complete, width, height } = source as HTMLImageElement;
    if (complete === false) throw fault('state', `${where}: the picture has not loaded yet`);
    return drawn(where, source as CanvasImageSource, width, height);
  }
  throw refused;
}

/**
 * The pixels of a picture as whole numbers from 0 to 255: `[height, width, numChannels]`.
 * @example
 * const red = { width: 1, height: 1, data: Uint8Array.of(255, 0, 0, 255) };
 * browser.fromPixels(red); // → [[[255, 0, 0]]]
 */
function fromPixels(pixels: PixelSource, numChannels = 3): Tensor {
  return taken('fromPixels', pixels, numChannels);
}

/**
 * The same, later.
 * @example
 * const red = { width: 1, height: 1, data: Uint8Array.of(255, 0, 0, 255) };
 * await browser.fromPixelsAsync(red, 4); // → [[[255, 0, 0, 255]]]
 */
async function fromPixelsAsync(pixels: PixelSource, numChannels = 3): Promise<Tensor> {
  return taken('fromPixelsAsync', pixels, numChannels);
}

function taken(where: string, source: unknown, numChannels: unknown): Tensor {
  const channels = whole(`${where}: numChannels`, numChannels, 1);
  if (channels > 4) throw fault('value', `${where}: numChannels: pixels have 4 channels, not ${channels}`);
  const { data, width, height } = pixelsOf(where, source);
  const values = new Int32Array(width * height * channels);
  let at = 0;
  for (let from = 0; at < values.length; from += 4) {
    for (let channel = 0; channel < channels; channel++) values[at++] = data[from + channel]!;
  }
  return new Tensor(values, [height, width, channels], 'int32');
}

/** Red, green, blue and alpha of a picture of 1, 3 or 4 channels, float32 from 0 to 1 or int32 from 0 to 255. */
function bytesOf(where: string, img: Tensor | TensorLike, alpha = 1): Pixels & { data: Uint8ClampedArray } {
  const given = asTensor(where, img);
  // As in TensorFlow.js, numbers that are not a tensor are from 0 to 255.
  const x = isA(img, Tensor) ? given : castFor(where, given, 'int32');
  const [height = 0, width = 0, channels = 1] = x.shape;
  if ((x.rank !== 2 && x.rank !== 3) || ![1, 3, 4].includes(channels))
    throw fault('shape', `${where}: expected a picture of 1, 3 or 4 channels, got [${x.shape}]`);
  if (x.dtype !== 'float32' && x.dtype !== 'int32')
    throw fault('type', `${where}: expected float32 or int32, got ${x.dtype}`);
  const [most, factor] = x.dtype === 'float32' ? [1, 255] : [255, 1];
  const values = valuesOf(where, x);
  const odd = values.find((value) => !(value >= 0 && value <= most));
  if (odd !== undefined)
    throw fault('value', `${where}: values of ${x.dtype} must be from 0 to ${most}, but one is ${odd}`);
  const data = new Uint8ClampedArray(4 * width * height);
  for (let pixel = 0; pixel < width * height; pixel++) {
    const from = pixel * channels;
    for (let channel = 0; channel < 4; channel++) {
      const place = channels === 1 ? from : from + channel;
      const value = channel === 3 && channels < 4 ? 255 * alpha : values[place]! * factor;
      data[4 * pixel + channel] = Math.round(value);
    }
  }
  return { data, width, height };
}

/** Puts bytes onto a canvas, which takes the picture's size. */
function put(where: string, canvas: unknown, { data, width, height }: Pixels & { data: Uint8ClampedArray }) {
  try {
    const target = canvas as HTMLCanvasElement;
    const context = target.getContext('2d');
    if (!context) throw fault('state', `${where}: the canvas has no 2d context`);
    target.width = width;
    target.height = height;
    context.putImageData(new ImageData(data as Uint8ClampedArray<ArrayBuffer>, width, height), 0, 0);
  } catch (thrown) {
    if (thrown instanceof Error && 'code' in thrown && thrown.code === 'state') throw thrown;
    throw fault('type', `${where}: expected a canvas, got ${describe(canvas)}`);
  }
}

/**
 * A picture `[height, width]` or `[height, width, 1, 3 or 4]` as the bytes of an ImageData, and onto a canvas if one is
 * given.
 * @example await browser.toPixels(tensor3d([[[1, 0, 0]]])); // → [255, 0, 0, 255]
 */
async function toPixels(
  img: Tensor | TensorLike,
  canvas?: HTMLCanvasElement | OffscreenCanvas,
): Promise<Uint8ClampedArray> {
  const bytes = bytesOf('toPixels', img);
  if (canvas !== undefined && canvas !== null) put('toPixels', canvas, bytes);
  return bytes.data;
}

export interface DrawOptions {
  contextOptions?: { contextType?: '2d' };
  /** How opaque a picture without alpha is, from 0 to 1. Default: 1. */
  imageOptions?: { alpha?: number };
}

/**
 * Draws a picture onto a canvas, which takes its size.
 * @example
 * const canvas = new OffscreenCanvas(1, 1);
 * browser.draw([[[255, 0, 0], [0, 0, 255]]], canvas);
 * browser.fromPixels(canvas); // → [[[255, 0, 0], [0, 0, 255]]]
 */
function draw(
  image: Tensor | TensorLike,
  canvas: HTMLCanvasElement | OffscreenCanvas,
  options: DrawOptions = {},
): void {
  onlyKeys('draw', options, ['contextOptions', 'imageOptions']);
  const { contextOptions, imageOptions } = options;
  onlyKeys('draw: contextOptions', contextOptions, ['contextType']);
  onlyKeys('draw: imageOptions', imageOptions, ['alpha']);
  const type: unknown = contextOptions?.contextType ?? '2d';
  if (type !== '2d') throw fault('value', `draw: contextType: expected '2d', got ${describe(type)}`);
  const alpha = finite('draw: alpha', imageOptions?.alpha ?? 1);
  if (alpha < 0 || alpha > 1) throw fault('value', `draw: alpha: expected 0 to 1, got ${alpha}`);
  put('draw', canvas, bytesOf('draw', image, alpha));
}

/** What a page shows. */
export const browser = /* @__PURE__ */ namespace('browser', { fromPixels, fromPixelsAsync, toPixels, draw });
