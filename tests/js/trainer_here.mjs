// A trainer whose worker's side lies in this process, at the other end of a channel; that real workers do the same, and what
// happens when they die, is tested in browsers (tests/worker).
import { pathToFileURL } from 'node:url';
import { at } from '../../scripts/run.mjs';
import { assert, mapling, unrecorded } from './mapling.mjs';

const inPackage = (file) => pathToFileURL(at(`dist/npm/worker/${file}`)).href;
export const { createTrainer } = await import(inPackage('trainer.js'));
const { serve } = await import(inPackage('inside/service.js'));
const { layers, sequential, train } = mapling;

/** A trainer whose worker is here. */
export async function started(options = {}) {
  const trainer = await createTrainer({
    ...options,
    worker: () => {
      const { port1, port2 } = new MessageChannel();
      serve(port2);
      return Object.assign(port1, { terminate: () => port1.close() });
    },
  });
  return trainer;
}

export async function withTrainer(body, options) {
  const trainer = await started(options);
  try {
    await body(trainer);
  } finally {
    trainer.terminate();
  }
}

/** y = 2 a + b − 1 of 64 points, the same each time. */
export function line() {
  const x = Float32Array.from({ length: 128 }, (_, i) => ((i * 37) % 64) / 32 - 1);
  const y = Float32Array.from({ length: 64 }, (_, i) => 2 * x[2 * i] + x[2 * i + 1] - 1);
  return { x: { values: x, shape: [64, 2] }, y: { values: y, shape: [64, 1] } };
}

export const linear = () => {
  const made = sequential({ seed: 3, layers: [layers.dense({ units: 1, inputShape: [2] })] });
  made.compile({ optimizer: train.adam(0.05), loss: unrecorded.losses.meanSquaredError, metrics: ['mse'] });
  return made;
};

/** What is asked of a trainer is refused with this code and message. */
export const refused = (work, code, message) =>
  assert.rejects(work, (failure) => {
    assert.equal(failure.code, code, failure.message);
    assert.match(failure.message, message);
    return true;
  });
