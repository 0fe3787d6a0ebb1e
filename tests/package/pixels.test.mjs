// Canvases, pictures and videos of a real page as tensors, and tensors on a canvas.
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { at } from '../../scripts/run.mjs';
import { launch } from '../browser/chromium.mjs';
import { serve } from '../browser/serve.mjs';

/** Runs `body` in a page that has the package as `tf`. */
async function inPage(body) {
  const folder = mkdtempSync(join(tmpdir(), 'mapling-page-'));
  writeFileSync(
    join(folder, 'index.html'),
    `<!doctype html><title>pixels</title><script type="module">
    import * as tf from '/npm/index.js';
    await tf.init();
    window.tf = tf;
    </script>`,
  );
  const server = await serve({ '/npm/': at('dist/npm'), '/': folder });
  const browser = await launch();
  try {
    const page = await browser.newPage();
    await page.goto(`${server.origin}/`);
    await page.waitForFunction(() => window.tf);
    return await page.evaluate(body);
  } finally {
    await browser.close();
    await server.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

test('what a page shows becomes whole numbers, whichever way it is shown', async () => {
  const { found, alpha, late, video } = await inPage(async () => {
    const { tf } = window;
    const canvas = Object.assign(document.createElement('canvas'), { width: 3, height: 2 });
    const context = canvas.getContext('2d');
    const image = new ImageData(3, 2);
    image.data.set([255, 0, 0, 255, 0, 255, 0, 255, 0, 0, 255, 255]);
    image.data.set([9, 8, 7, 255, 255, 255, 255, 255, 0, 0, 0, 255], 12);
    context.putImageData(image, 0, 0);
    const offscreen = new OffscreenCanvas(3, 2);
    offscreen.getContext('2d').putImageData(image, 0, 0);
    const picture = new Image();
    picture.src = canvas.toDataURL();
    await picture.decode();
    const gl = Object.assign(document.createElement('canvas'), { width: 3, height: 2 });
    gl.getContext('webgl', { preserveDrawingBuffer: true });
    const sources = { image, canvas, offscreen, bitmap: await createImageBitmap(canvas), picture };
    const found = {};
    for (const [name, source] of Object.entries(sources)) {
      const x = name === 'bitmap' ? await tf.browser.fromPixelsAsync(source) : tf.browser.fromPixels(source);
      found[name] = [x.shape, x.dtype, [...x.dataSync()]];
    }
    const alpha = [...tf.browser.fromPixels(gl, 4).dataSync()];
    let late = '';
    try {
      tf.browser.fromPixels(document.createElement('video'));
    } catch (error) {
      late = `${error.code} ${error.message}`;
    }
    // A video of a grey canvas.
    const screen = Object.assign(document.createElement('canvas'), { width: 64, height: 48 });
    const paint = () => {
      const drawing = screen.getContext('2d');
      drawing.fillStyle = 'rgb(120, 120, 120)';
      drawing.fillRect(0, 0, 64, 48);
    };
    paint();
    const film = Object.assign(document.createElement('video'), { muted: true });
    film.srcObject = screen.captureStream();
    const again = setInterval(paint, 30);
    await film.play();
    clearInterval(again);
    const frame = tf.browser.fromPixels(film);
    return { found, alpha, late, video: [frame.shape, frame.min().dataSync()[0], frame.max().dataSync()[0]] };
  });
  const colours = [255, 0, 0, 0, 255, 0, 0, 0, 255, 9, 8, 7, 255, 255, 255, 0, 0, 0];
  for (const [name, got] of Object.entries(found)) assert.deepEqual(got, [[2, 3, 3], 'int32', colours], name);
  assert.deepEqual(alpha, Array(24).fill(0), 'a canvas of WebGL');
  assert.match(late, /^state fromPixels: the video has no picture yet/);
  const [shape, least, most] = video;
  assert.deepEqual(shape, [48, 64, 3]);
  assert.ok(least >= 112 && most <= 128, `grey 120 is ${least} to ${most}`);
});

test('tensors are put onto a canvas, and a digit is read from one', async () => {
  const { bytes, size, back, drawn, ink } = await inPage(async () => {
    const { tf } = window;
    const canvas = document.createElement('canvas');
    const x = tf.tensor([0, 51, 102, 153, 204, 255], [2, 3], 'int32');
    const bytes = [...(await tf.browser.toPixels(x, canvas))];
    const size = [canvas.width, canvas.height];
    const back = [...tf.browser.fromPixels(canvas, 1).dataSync()];
    tf.browser.draw(tf.ones([1, 2, 3]), canvas, { imageOptions: { alpha: 0.4 } });
    const drawn = [canvas.width, canvas.height, ...tf.browser.fromPixels(canvas, 4).dataSync()];
    const pad = Object.assign(document.createElement('canvas'), { width: 200, height: 200 });
    const pen = pad.getContext('2d');
    pen.fillRect(120, 10, 20, 100);
    const one = tf.digit(pad);
    pen.globalCompositeOperation = 'destination-over';
    pen.fillStyle = 'white';
    pen.fillRect(0, 0, 200, 200);
    const other = tf.digit(pad);
    const off = one.sub(other).abs().max().dataSync()[0];
    return { bytes, size, back, drawn, ink: [one.shape, one.sum().dataSync()[0], off] };
  });
  assert.deepEqual(bytes.slice(0, 12), [0, 0, 0, 255, 51, 51, 51, 255, 102, 102, 102, 255]);
  assert.deepEqual(
    [size, back],
    [
      [3, 2],
      [0, 51, 102, 153, 204, 255],
    ],
  );
  assert.deepEqual(drawn, [2, 1, 255, 255, 255, 102, 255, 255, 255, 102]);
  assert.deepEqual(ink[0], [28, 28]);
  assert.ok(Math.abs(ink[1] - 80) < 1e-2 && ink[2] < 1e-5, `${ink}`);
});
