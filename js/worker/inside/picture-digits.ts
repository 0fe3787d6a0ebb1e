/** Digits from pictures in folders, each named by its label: `train/7/0001.png`. */
import type { Rows } from '../../data/from-files.js';
import { digit } from '../../data/ink.js';
import { refused } from '../../data/refusal.js';

const SIDE = 28;
const PIXELS = SIDE * SIDE;

/** The label that a path tells: the last of its folders that is a number. */
export function labelIn(path: string): number | undefined {
  const folders = path.split('/').slice(0, -1);
  const found = folders.findLast((name) => /^\d{1,3}$/.test(name));
  const label = found === undefined ? undefined : Number(found);
  return label !== undefined && label < 256 ? label : undefined;
}

async function pixelsOf(file: File): Promise<ImageData> {
  let picture: ImageBitmap;
  try {
    picture = await createImageBitmap(file);
  } catch {
    throw refused(`${file.name}: it is no picture that can be opened`, { why: 'damaged', file: file.name });
  }
  const { width, height } = picture;
  const sheet = new OffscreenCanvas(width, height).getContext('2d', { willReadFrequently: true })!;
  sheet.drawImage(picture, 0, 0);
  picture.close();
  return sheet.getImageData(0, 0, width, height);
}

/** Pictures of MNIST's size, light on dark, are taken as they are. */
function asTheyAre({ data, width, height }: ImageData): Uint8Array | undefined {
  if (width !== SIDE || height !== SIDE) return undefined;
  const grey = new Uint8Array(PIXELS);
  for (let at = 0; at < PIXELS; at++) {
    if (data[4 * at + 3]! < 255) return undefined;
    const light = 0.299 * data[4 * at]! + 0.587 * data[4 * at + 1]! + 0.114 * data[4 * at + 2]!;
    grey[at] = Math.round(light);
    const isEdge = at < SIDE || at >= PIXELS - SIDE || at % SIDE === 0 || at % SIDE === SIDE - 1;
    if (isEdge && light > 64) return undefined;
  }
  return grey;
}

/** The pictures, those of other sizes and of dark ink fitted as drawings are. */
export async function picturesOf(files: readonly File[], paths: readonly string[]): Promise<Rows> {
  const bytes = new Uint8Array(files.length * PIXELS);
  const labels = new Uint8Array(files.length);
  for (const [at, file] of files.entries()) {
    const path = paths[at]!;
    const label = labelIn(path);
    if (label === undefined)
      throw refused(`${path}: no folder on its way is named by a label`, { why: 'unlabelled', file: path });
    labels[at] = label;
    const picture = await pixelsOf(file);
    const own = asTheyAre(picture);
    if (own) bytes.set(own, at * PIXELS);
    else if (picture.data.some((value, place) => value !== picture.data[place % 4]))
      (digit(picture).dataSync() as Float32Array).forEach((value, pixel) => {
        bytes[at * PIXELS + pixel] = Math.round(255 * value);
      });
  }
  return { bytes, labels, height: SIDE, width: SIDE };
}
