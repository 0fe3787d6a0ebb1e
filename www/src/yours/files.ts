/** Files that leave the page: made here, saved where the browser saves what is downloaded. */
import type { Own } from './own';
import { pixelsOf } from './own';

export interface Out {
  name: string;
  bytes: Uint8Array<ArrayBuffer> | string;
}

/** Browsers save one file for a click; more of them follow by themselves. */
export function save(files: readonly Out[]): void {
  for (const { name, bytes } of files) {
    const address = URL.createObjectURL(new Blob([bytes], { type: 'application/octet-stream' }));
    const link = document.createElement('a');
    link.href = address;
    link.download = name;
    link.click();
    // Some browsers read it a little later.
    setTimeout(() => URL.revokeObjectURL(address), 60_000);
  }
}

/** The head of an IDX file of bytes: its lengths along each axis. */
function idx(lengths: readonly number[], values: Uint8Array): Uint8Array<ArrayBuffer> {
  const head = 4 + 4 * lengths.length;
  const bytes = new Uint8Array(head + values.length);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, 0x0800 + lengths.length);
  lengths.forEach((length, axis) => {
    view.setUint32(4 + 4 * axis, length);
  });
  bytes.set(values, head);
  return bytes;
}

/** Digits as MNIST's files hold them. */
export function asIdx(own: readonly Own[]): Out[] {
  const pixels = new Uint8Array(own.length * 784);
  own.forEach((one, at) => {
    pixels.set(pixelsOf(one), at * 784);
  });
  return [
    { name: 'my-train-images-idx3-ubyte', bytes: idx([own.length, 28, 28], pixels) },
    {
      name: 'my-train-labels-idx1-ubyte',
      bytes: idx(
        [own.length],
        Uint8Array.from(own, ({ label }) => label),
      ),
    },
  ];
}

/** Everything that is known of them: strokes in a box of 1000, pixels row by row. */
export const asJson = (own: readonly Own[], names: Readonly<Record<number, string>>): Out[] => [
  {
    name: 'my-digits.json',
    bytes: JSON.stringify(
      own.map((one) => {
        const { label, guess, strokes } = one;
        return { label, name: names[label], guess, strokes, pixels: [...pixelsOf(one)] };
      }),
    ),
  },
];
