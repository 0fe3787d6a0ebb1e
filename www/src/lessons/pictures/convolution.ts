/** What a kernel and a pooling window make of a picture: mapling's own ops, called with one picture. */
import {
  avgPool,
  conv2d,
  maxPoolWithArgmax,
  mul,
  pad,
  relu,
  slice,
  sum,
  type Tensor,
  tensor,
  tidy,
} from 'mapling';

/** Numbers in rows. */
export interface Field {
  width: number;
  height: number;
  values: Float32Array;
}

interface Square {
  size: number;
  values: readonly number[];
}

const asPicture = ({ width, height, values }: Field): Tensor => tensor(values, [1, height, width, 1]);

function asField(pictures: Tensor): Field {
  const [, height, width] = pictures.shape as [number, number, number, number];
  return { width, height, values: pictures.dataSync() as Float32Array };
}

/** The map of a kernel: its sum at each place where it fits. */
export function convolve(
  picture: Field,
  { size, values }: Square,
  { isCut = false, shift = 0 }: { isCut?: boolean; shift?: number } = {},
): Field {
  return tidy(() => {
    const moved = slice(
      pad(asPicture(picture), [
        [0, 0],
        [0, 0],
        [shift, 0],
        [0, 0],
      ]),
      [0, 0, 0, 0],
      [1, picture.height, picture.width, 1],
    );
    const sums = conv2d(moved, tensor([...values], [size, size, 1, 1]), 1, 'valid');
    return asField(isCut ? relu(sums) : sums);
  });
}

export interface Products {
  pixels: Float32Array;
  products: Float32Array;
  sum: number;
}

/** What a kernel multiplies where its upper left corner is at `[x, y]`. */
export function productsAt(
  picture: Field,
  { size, values }: Square,
  [x, y]: readonly [number, number],
): Products {
  return tidy(() => {
    const window = slice(tensor(picture.values, [picture.height, picture.width]), [y, x], [size, size]);
    const products = mul(window, tensor([...values], [size, size]));
    return {
      pixels: window.dataSync() as Float32Array,
      products: products.dataSync() as Float32Array,
      sum: sum(products).dataSync()[0]!,
    };
  });
}

export interface Pooled extends Field {
  /** For the largest value of each window, its place in the map; only where the largest is kept. */
  from: Int32Array | null;
}

/** The largest or the average of each window; windows lie side by side. */
export function pool(map: Field, { kind, size }: { kind: 'max' | 'average'; size: number }): Pooled {
  return tidy(() => {
    const input = asPicture(map);
    if (kind === 'average') return { ...asField(avgPool(input, size, size, 'valid')), from: null };
    const { result, indexes } = maxPoolWithArgmax(input, size, size, 'valid');
    return { ...asField(result), from: indexes.dataSync() as Int32Array };
  });
}
