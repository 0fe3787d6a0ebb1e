// Training goes on in Keras: a model that was trained here for an epoch and saved with its optimizer goes on there, on one
// device and shared out over four, as it goes on here; and what Keras has trained further goes on here again.
import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { mapling } from './mapling.mjs';
import { noise } from './models.mjs';
import { ask, sharedFolder } from './python.mjs';

const { io, layers, sequential } = mapling;
mapling.setSeed(1);
const [SAMPLES, BATCH] = [512, 32];

/** Pictures of 8 × 8, and which of their four corners is the brightest. */
function samples() {
  const x = noise([SAMPLES, 8, 8, 1], 1);
  const corners = mapling.avgPool(x, 4, 4, 'valid').reshape([SAMPLES, 4]);
  return { x, y: mapling.oneHot(corners.argMax(-1), 4) };
}
const { x, y } = samples();

function network() {
  const model = sequential();
  model.add(layers.conv2d({ filters: 8, kernelSize: 3, activation: 'relu', inputShape: [8, 8, 1] }));
  model.add(layers.maxPooling2d({ poolSize: 2 }));
  model.add(layers.flatten());
  model.add(
    layers.dense({ units: 32, activation: 'tanh', kernelRegularizer: mapling.regularizers.l2({ l2: 1e-4 }) }),
  );
  model.add(layers.dense({ units: 4, activation: 'softmax' }));
  model.compile({
    optimizer: mapling.train.adam(0.005),
    loss: 'categoricalCrossentropy',
    metrics: ['accuracy'],
  });
  return model;
}

/** The same batches on both sides: one after the other, from the beginning again at the end. */
async function steps(model, first, count) {
  const losses = [];
  for (let step = first; step < first + count; step++) {
    const from = (step * BATCH) % SAMPLES;
    const [loss] = [await model.trainOnBatch(x.slice([from], [BATCH]), y.slice([from], [BATCH]))].flat();
    losses.push(loss);
  }
  return losses;
}
const furthest = (ours, theirs) => Math.max(...ours.map((loss, at) => Math.abs(loss - theirs[at])));

const model = network();
await model.fit(x, y, { epochs: 1, batchSize: BATCH, verbose: 0 });
const file = await io.toKeras(model);
const here = await steps(model, 0, 100);

for (const devices of [1, 4]) {
  test(`100 steps in Keras on ${devices} of JAX's devices: the losses are within 1e-4 of those here, and it goes on here`, async () => {
    const folder = sharedFolder();
    writeFileSync(join(folder, 'model.keras'), file);
    const task = { x: [...x.dataSync()], shape: x.shape, y: [...y.dataSync()], batch: BATCH };
    const answer = await ask('goes_on.py', folder, task, { devices });
    assert.equal(answer.devices, devices);
    assert.equal(answer.losses.length, 100);
    assert.ok(here[99] < 0.8 * here[0], `it learns: ${here[0]} → ${here[99]}`);
    const off = furthest(here, answer.losses);
    assert.ok(off <= 1e-4, `the losses are off by up to ${off}`);
    const back = await io.fromKeras(new Uint8Array(readFileSync(join(folder, 'back.keras'))));
    assert.equal(back.optimizer.iterations, SAMPLES / BATCH + 100);
    const more = furthest(await steps(back, 100, 100), answer.more);
    assert.ok(more <= 1e-4, `of 100 steps more here the losses are off by up to ${more}`);
    console.log(
      `# ${devices} devices: off by ${off.toExponential(1)}, back here by ${more.toExponential(1)}`,
    );
  });
}
