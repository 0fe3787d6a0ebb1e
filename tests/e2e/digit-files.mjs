// Files of digits that tests bring.
/** A file as the page is given it (`drop` of page.mjs). */
export const file = (name, bytes) => ({ name, base64: Buffer.from(bytes).toString('base64') });

/** An IDX file of unsigned bytes. */
export function idx(name, shape, values) {
  const header = Buffer.alloc(4 + 4 * shape.length);
  header.writeUInt32BE(0x800 + shape.length, 0);
  shape.forEach((size, axis) => {
    header.writeUInt32BE(size, 4 + 4 * axis);
  });
  return file(name, Buffer.concat([header, Buffer.from(values)]));
}

/** `count` pictures of this height and width, whose value at a place `at` tells, and labels from 0 up to `classes`. */
export function set(count, [height, width], classes, at, names = ['images', 'labels']) {
  const size = height * width;
  const pixels = new Uint8Array(count * size);
  for (let place = 0; place < pixels.length; place++) {
    const inPicture = place % size;
    const [x, y] = [inPicture % width, Math.floor(inPicture / width)];
    pixels[place] = at(x, y, Math.floor(place / size));
  }
  return [
    idx(names[0], [count, height, width], pixels),
    idx(
      names[1],
      [count],
      Array.from({ length: count }, (_, label) => label % classes),
    ),
  ];
}

/** A stem, with a foot to the right of it: no picture like it upside down, mirrored or turned. */
export const isOfL = (x, y, size) =>
  (x >= size / 4 && x < size / 3 && y >= size / 5 && y < (4 * size) / 5) ||
  (y >= (3 * size) / 4 && y < (4 * size) / 5 && x >= size / 4 && x < (3 * size) / 4);
