// Pixels as tensors and back, in Node; tests/package/pixels.test.mjs does the same with a page's canvases.
import { assert, mapling, test } from './mapling.mjs';

const { browser, digit, tensor } = mapling;
const data = Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12);
const pixels = { data, width: 3, height: 1 };
/** As packages for Node and other realms have it: told by its name. */
class ImageData {
  constructor(data, width, height) {
    Object.assign(this, { data, width, height });
  }
}

test('pixels become whole numbers, of as many channels as are asked for', async () => {
  const picture = browser.fromPixels(pixels);
  assert.deepEqual([picture.shape, picture.dtype], [[1, 3, 3], 'int32']);
  assert.deepEqual([...picture.dataSync()], [1, 2, 3, 5, 6, 7, 9, 10, 11]);
  assert.deepEqual([...browser.fromPixels(pixels, 1).dataSync()], [1, 5, 9]);
  const clamped = new ImageData(Uint8ClampedArray.from(data), 3, 1);
  assert.deepEqual([...browser.fromPixels(clamped, 4).dataSync()], [...data]);
  const later = await browser.fromPixelsAsync(pixels, 2);
  assert.deepEqual([later.shape, ...later.dataSync()], [[1, 3, 2], 1, 2, 5, 6, 9, 10]);
});

test('tensors become bytes: float32 from 0 to 1, int32 from 0 to 255', async () => {
  const bytes = async (...args) => {
    const made = await browser.toPixels(...args);
    assert.ok(made instanceof Uint8ClampedArray);
    return [...made];
  };
  assert.deepEqual(
    await bytes(tensor([[0, 0.5, 1]])),
    [0, 0, 0, 255, 128, 128, 128, 255, 255, 255, 255, 255],
  );
  assert.deepEqual(await bytes(tensor([[[7]]], undefined, 'int32')), [7, 7, 7, 255]);
  assert.deepEqual(await bytes(tensor([[[1, 0, 0.2]]])), [255, 0, 51, 255]);
  assert.deepEqual(await bytes(browser.fromPixels(pixels, 4)), [...data]);
  // Arrays are whole numbers, as in TensorFlow.js.
  assert.deepEqual(await bytes([[1, 200]]), [1, 1, 1, 255, 200, 200, 200, 255]);
});

test('pixels that are none, and values that no pixel has, are refused by name', async () => {
  for (const [call, code, message] of [
    [
      () => browser.fromPixels(null),
      'type',
      /^fromPixels: there are no pixels: expected an ImageData, a canvas.*got null$/,
    ],
    [
      () => browser.fromPixels({ ...pixels, data: [1, 2, 3, 4] }),
      'type',
      /^fromPixels: there are no pixels: expected/,
    ],
    [
      () => browser.fromPixels({ ...pixels, width: 2 }),
      'shape',
      /^fromPixels: 12 bytes are not 2 × 1 pixels/,
    ],
    [
      () => browser.fromPixels(pixels, 5),
      'value',
      /^fromPixels: numChannels: pixels have 4 channels, not 5$/,
    ],
    [
      () =>
        browser.fromPixels({
          get data() {
            throw new TypeError('no');
          },
        }),
      'value',
      /^fromPixels: the pixels cannot be read: "no"$/,
    ],
  ])
    assert.throws(call, { code, message });
  for (const [image, code, message] of [
    [tensor([[1.5]]), 'value', /^toPixels: values of float32 must be from 0 to 1, but one is 1.5$/],
    [tensor([[Number.NaN]]), 'value', /but one is NaN$/],
    [tensor([[-1]], undefined, 'int32'), 'value', /^toPixels: values of int32 must be from 0 to 255/],
    [tensor([[true]]), 'type', /^toPixels: expected float32 or int32, got bool$/],
    [tensor([1]), 'shape', /^toPixels: expected a picture of 1, 3 or 4 channels, got \[1\]$/],
    [tensor([[[1, 1]]]), 'shape', /got \[1,1,2\]$/],
  ])
    await assert.rejects(browser.toPixels(image), { code, message });
  await assert.rejects(browser.toPixels(tensor([[1]]), {}), {
    code: 'type',
    message: /^toPixels: expected a canvas/,
  });
  assert.throws(() => browser.draw(tensor([[1]]), {}, { imageOptions: { alpha: 2 } }), { code: 'value' });
  assert.throws(() => browser.draw(tensor([[1]]), {}, { alpha: 1 }), { code: 'name' });
});

test('draw puts a picture onto a canvas', (context) => {
  const put = [];
  globalThis.ImageData = ImageData;
  context?.after?.(() => delete globalThis.ImageData);
  const canvas = { getContext: () => ({ putImageData: (...args) => put.push(args) }) };
  browser.draw(tensor([[0, 1]]), canvas, { imageOptions: { alpha: 0.2 } });
  delete globalThis.ImageData;
  assert.deepEqual([canvas.width, canvas.height, ...put[0].slice(1)], [2, 1, 0, 0]);
  assert.deepEqual([...put[0][0].data], [0, 0, 0, 51, 255, 255, 255, 51]);
});

test('a digit comes from pixels too: from black on white, white on black, ink on transparent paper', () => {
  const side = 60;
  const drawn = (ink, paper) => {
    const data = new Uint8ClampedArray(4 * side * side);
    for (let at = 0; at < side * side; at++) {
      const [x, y] = [at % side, Math.floor(at / side)];
      data.set(x >= 40 && x < 45 && y >= 5 && y < 45 ? ink : paper, 4 * at);
    }
    return { data, width: side, height: side };
  };
  const [black, white] = [
    [0, 0, 0, 255],
    [255, 255, 255, 255],
  ];
  const first = digit(drawn(black, white));
  assert.deepEqual(first.shape, [28, 28]);
  const values = first.arraySync();
  const rows = values.flatMap((row, at) => (row.some((value) => value > 0) ? [at] : []));
  assert.deepEqual([rows[0], rows.at(-1), rows.length], [5, 24, 20]);
  // The bar is 40 high and 5 wide, so that 20 rows of 2.5 pixels hold its ink.
  const ink = values.flat().reduce((sum, value) => sum + value);
  assert.ok(Math.abs(ink - 50) < 1e-3, `${ink}`);
  for (const other of [
    drawn(white, black),
    drawn(black, [0, 0, 0, 0]),
    drawn([9, 200, 30, 255], [0, 0, 0, 0]),
  ])
    digit(other)
      .flatten()
      .arraySync()
      .forEach((value, at) => {
        assert.ok(Math.abs(value - values.flat()[at]) < 1e-5, `pixel ${at}`);
      });
  assert.throws(() => digit(drawn(black, black)), { message: /^digit: the drawing is empty/ });
  assert.throws(() => digit(drawn([0, 0, 0, 0], [0, 0, 0, 0])), { message: /^digit: the drawing is empty/ });
  assert.throws(() => digit({ data: new Uint8Array(3), width: 1, height: 1 }), { code: 'shape' });
});
