// Pictures of any size are made ready for a network, and its features, frozen, teach a few examples.
import assert from 'node:assert/strict';
import * as tf from '@tensorflow/tfjs';

const SIZE = 16;
/** What a canvas would give: a disc or a frame in some colour. */
function picture(kind, width, height, shade) {
  const data = new Uint8Array(4 * width * height);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const [u, v] = [(2 * x) / (width - 1) - 1, (2 * y) / (height - 1) - 1];
      const on = kind === 0 ? u * u + v * v < 0.4 : Math.max(Math.abs(u), Math.abs(v)) > 0.7;
      data.set(on ? [shade, 255 - shade, 200, 255] : [10, 10, 10, 255], 4 * (y * width + x));
    }
  }
  return { data, width, height };
}
const capture = (pixels) =>
  tf.tidy(() => {
    const image = tf.browser.fromPixels(pixels);
    assert.deepEqual([image.dtype, image.shape[2]], ['int32', 3]);
    const square = Math.min(image.shape[0], image.shape[1]);
    const cropped = image.slice(
      [Math.floor((image.shape[0] - square) / 2), Math.floor((image.shape[1] - square) / 2), 0],
      [square, square, 3],
    );
    const resized = tf.image.resizeBilinear(cropped, [SIZE, SIZE]);
    return resized.expandDims(0).toFloat().div(tf.scalar(127)).sub(tf.scalar(1));
  });

const base = tf.sequential({
  layers: [
    tf.layers.conv2d({
      inputShape: [SIZE, SIZE, 3],
      filters: 8,
      kernelSize: 3,
      strides: 2,
      activation: 'relu',
      name: 'conv_a',
    }),
    tf.layers.conv2d({ filters: 12, kernelSize: 3, strides: 2, activation: 'relu', name: 'conv_b' }),
    tf.layers.flatten(),
    tf.layers.dense({ units: 5, activation: 'softmax' }),
  ],
});
const layer = base.getLayer('conv_b');
const truncated = tf.model({ inputs: base.inputs, outputs: layer.output });

let xs = null;
let ys = null;
const addExample = (example, label) =>
  tf.tidy(() => {
    const y = tf.oneHot(tf.tensor1d([label]).toInt(), 2);
    if (xs == null) {
      xs = tf.keep(example);
      ys = tf.keep(y);
      return;
    }
    const [oldX, oldY] = [xs, ys];
    xs = tf.keep(oldX.concat(example, 0));
    ys = tf.keep(oldY.concat(y, 0));
    oldX.dispose();
    oldY.dispose();
  });
for (let n = 0; n < 24; n++) {
  const image = capture(picture(n % 2, 20 + n, 30 + ((n * 7) % 20), 80 + 5 * n));
  addExample(truncated.predict(image), n % 2);
}
assert.equal(xs.shape[0], 24);
const head = tf.sequential({
  layers: [
    tf.layers.flatten({ inputShape: truncated.outputs[0].shape.slice(1) }),
    tf.layers.dense({ units: 10, activation: 'relu', kernelInitializer: 'varianceScaling', useBias: true }),
    tf.layers.dense({
      units: 2,
      kernelInitializer: 'varianceScaling',
      useBias: false,
      activation: 'softmax',
    }),
  ],
});
head.compile({ optimizer: tf.train.adam(0.01), loss: 'categoricalCrossentropy' });
const losses = [];
await head.fit(xs, ys, {
  batchSize: Math.floor(xs.shape[0] * 0.4),
  epochs: 20,
  callbacks: { onBatchEnd: async (_batch, logs) => losses.push(logs.loss) },
});
assert.ok(losses.at(-1) < 0.2, `${losses.at(-1)}`);
for (const kind of [0, 1]) {
  const predicted = tf.tidy(() =>
    head
      .predict(truncated.predict(capture(picture(kind, 33, 21, 140))))
      .as1D()
      .argMax(),
  );
  assert.equal((await predicted.data())[0], kind);
}
