/** The digit in a photo of paper: its ink found, its size, place and strength made those of a drawing. */
import { fault } from '../../engine/errors.js';
import { call } from '../../engine/instance.js';

/** Pixels of red, green, blue and opacity, as a canvas gives them. */
export interface Photo {
  data: Uint8ClampedArray;
  width: number;
  height: number;
}

/** The light of paper is measured around each pixel, this share of the longer side away. */
const AROUND = 1 / 6;
/** Ink differs from paper by so much at least, of 1. */
const FAINT = 0.12;
/** A stain this small, beside the largest piece of ink, is none. */
const STAIN = 0.05;
/** How thick MNIST's strokes are, as a share of the digit's size. */
const THICK = 0.11;

/** How light each pixel is, 0 to 1. */
const lightOf = ({ data, width, height }: Photo): Float32Array =>
  Float32Array.from(
    { length: width * height },
    (_, at) => (0.299 * data[4 * at]! + 0.587 * data[4 * at + 1]! + 0.114 * data[4 * at + 2]!) / 255,
  );

/** The mean of a square around each pixel, from sums over rectangles (Crow 1984). */
function meanAround(values: Float32Array, width: number, height: number, radius: number): Float32Array {
  const sums = new Float64Array((width + 1) * (height + 1));
  for (let y = 0; y < height; y++) {
    let row = 0;
    for (let x = 0; x < width; x++) {
      row += values[y * width + x]!;
      sums[(y + 1) * (width + 1) + x + 1] = sums[y * (width + 1) + x + 1]! + row;
    }
  }
  return values.map((_, at) => {
    const [x, y] = [at % width, Math.floor(at / width)];
    const [left, top] = [Math.max(0, x - radius), Math.max(0, y - radius)];
    const [right, bottom] = [Math.min(width, x + radius + 1), Math.min(height, y + radius + 1)];
    const corner = (cx: number, cy: number): number => sums[cy * (width + 1) + cx]!;
    const sum = corner(right, bottom) - corner(left, bottom) - corner(right, top) + corner(left, top);
    return sum / ((right - left) * (bottom - top));
  });
}

/** The value that parts two kinds of values best (Otsu 1979). */
function threshold(values: Float32Array): number {
  const histogram = new Uint32Array(256);
  for (const value of values) histogram[Math.min(255, Math.max(0, Math.round(255 * value)))]!++;
  const total = values.length;
  const sum = histogram.reduce((all, count, value) => all + count * value, 0);
  let [count, below, best, found] = [0, 0, -1, 0];
  for (let value = 0; value < 255; value++) {
    count += histogram[value]!;
    below += value * histogram[value]!;
    if (count === 0 || count === total) continue;
    const apart = (total * below - count * sum) ** 2 / (count * (total - count));
    if (apart > best) [best, found] = [apart, value];
  }
  return (found + 0.5) / 255;
}

/** Pieces of ink that hang together: the number of each pixel's piece, and each piece's size and whether it is cut off. */
function pieces(ink: Uint8Array, width: number, height: number): { of: Int32Array; all: Piece[] } {
  const of = new Int32Array(ink.length).fill(-1);
  const all: Piece[] = [];
  for (let start = 0; start < ink.length; start++) {
    if (!ink[start] || of[start]! >= 0) continue;
    const piece = { size: 0, isCut: false };
    const waiting = [start];
    of[start] = all.length;
    while (waiting.length > 0) {
      const at = waiting.pop()!;
      piece.size++;
      const [x, y] = [at % width, Math.floor(at / width)];
      if (x === 0 || y === 0 || x === width - 1 || y === height - 1) piece.isCut = true;
      for (let down = -1; down <= 1; down++)
        for (let over = -1; over <= 1; over++) {
          const [nx, ny] = [x + over, y + down];
          const next = ny * width + nx;
          if (nx < 0 || ny < 0 || nx >= width || ny >= height || !ink[next] || of[next]! >= 0) continue;
          of[next] = all.length;
          waiting.push(next);
        }
    }
    all.push(piece);
  }
  return { of, all };
}
interface Piece {
  size: number;
  isCut: boolean;
}

/** Ink, and paper so near to it that a thicker pen would have reached it. */
function thickened(ink: Uint8Array, width: number, height: number, radius: number): Float32Array {
  const thick = Float32Array.from(ink);
  const reach = Math.floor(radius);
  if (reach < 1) return thick;
  for (let at = 0; at < ink.length; at++) {
    if (!ink[at]) continue;
    const [x, y] = [at % width, Math.floor(at / width)];
    for (let down = -reach; down <= reach; down++)
      for (let over = -reach; over <= reach; over++) {
        const [nx, ny] = [x + over, y + down];
        if (over * over + down * down > radius * radius) continue;
        if (nx >= 0 && ny >= 0 && nx < width && ny < height) thick[ny * width + nx] = 1;
      }
  }
  return thick;
}

/**
 * The digit in a photo as the model is shown drawings, 28 × 28 values from 0 to 1.
 * @throws `value` where no ink stands out.
 */
export function digitIn(where: string, photo: Photo): Float32Array {
  const { width, height } = photo;
  const light = lightOf(photo);
  const paper = meanAround(light, width, height, Math.ceil(Math.max(width, height) * AROUND));
  const darker = light.map((value, at) => paper[at]! - value);
  const lighter = darker.map((value) => -value);
  // Pen on paper, or chalk on a board: ink is where single pixels stand out more.
  const strength = (values: Float32Array): number => values.toSorted().at(-Math.ceil(values.length / 200))!;
  const contrast = strength(darker) >= strength(lighter) ? darker : lighter;
  const limit = Math.max(FAINT, threshold(contrast.map((value) => Math.max(0, value))));
  const found = Uint8Array.from(contrast, (value) => (value > limit ? 1 : 0));
  const { of, all } = pieces(found, width, height);
  // The edge of the sheet, or of the table, is cut off by the photo's; a digit lies inside.
  const whole = all.filter(({ isCut }) => !isCut);
  const most = Math.max(0, ...(whole.length > 0 ? whole : all).map(({ size }) => size));
  const isKept = ({ size, isCut }: Piece): boolean => size >= STAIN * most && (!isCut || whole.length === 0);
  if (most < 12) throw fault('value', `${where}: no ink stands out from the paper`);
  const ink = found.map((one, at) => (one && isKept(all[of[at]!]!) ? 1 : 0));

  let [left, right, top, bottom, area, edge] = [width, 0, height, 0, 0, 0];
  ink.forEach((one, at) => {
    if (!one) return;
    const [x, y] = [at % width, Math.floor(at / width)];
    [left, right, top, bottom] = [
      Math.min(left, x),
      Math.max(right, x),
      Math.min(top, y),
      Math.max(bottom, y),
    ];
    area++;
    if (!ink[at - 1] || !ink[at + 1] || !ink[at - width] || !ink[at + width]) edge++;
  });
  const size = Math.max(right - left, bottom - top) + 1;
  const thickness = (2 * area) / Math.max(1, edge);
  const radius = Math.max(0, (THICK * size - thickness) / 2);
  const thick = thickened(ink, width, height, radius);
  return call((wasm) => wasm.fitPixels(thick, width, height), where);
}
