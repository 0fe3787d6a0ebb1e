// MNIST as bytes, for libraries that do not read its files themselves.

/** What precedes the data in an IDX file of pictures, and of labels. */
const [PICTURES_HEADER, LABELS_HEADER] = [16, 8];
export const PIXELS = 784;

async function read(name, header) {
  const response = await fetch(new URL(`../../www/public/mnist/${name}.gz`, import.meta.url));
  const stream = response.body.pipeThrough(new DecompressionStream('gzip'));
  return new Uint8Array(await new Response(stream).arrayBuffer()).subarray(header);
}

/** `{ pixels, labels, test }`: bytes; `test` are pixels. */
export async function mnist() {
  const [pixels, labels, test] = await Promise.all([
    read('train-images-idx3-ubyte', PICTURES_HEADER),
    read('train-labels-idx1-ubyte', LABELS_HEADER),
    read('t10k-images-idx3-ubyte', PICTURES_HEADER),
  ]);
  return { pixels, labels, test };
}

/** Pictures as floats from 0 to 1. */
export const floats = (bytes, from, count) =>
  Float32Array.from(bytes.subarray(from * PIXELS, (from + count) * PIXELS), (byte) => byte / 255);

/** The numbers below `count` in random order. */
export function shuffled(count) {
  const order = Uint32Array.from({ length: count }, (_, index) => index);
  for (let last = count - 1; last > 0; last--) {
    const other = Math.floor(Math.random() * (last + 1));
    [order[last], order[other]] = [order[other], order[last]];
  }
  return order;
}

/** Loads a library that is not a module. */
export const script = (address) =>
  new Promise((resolve, reject) => {
    const tag = Object.assign(document.createElement('script'), { src: address, onload: resolve });
    tag.onerror = () => reject(new Error(`${address} could not be loaded`));
    document.head.append(tag);
  });
