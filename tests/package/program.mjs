// A program that uses the package as its readme shows: text for every bundler and runtime, and what it must find.
import assert from 'node:assert/strict';

/** Trains on this thread, saves, loads, and trains the same in a worker. Gives what both have found. */
export const program = `
  const points = tensor2d([[0, 0], [0, 1], [1, 0], [1, 1]]);
  const answers = tensor2d([[0], [1], [1], [0]]);
  const made = () => {
    const model = sequential({ seed: 3 });
    model.add(layers.dense({ units: 8, activation: 'tanh', inputShape: [2] }));
    model.add(layers.dense({ units: 1, activation: 'sigmoid' }));
    model.compile({ optimizer: train.adam(0.1), loss: 'binaryCrossentropy' });
    return model;
  };
  const model = made();
  const { history } = await model.fit(points, answers, { epochs: 200, batchSize: 4 });
  const restored = await loadModel(await model.save());
  const guesses = Array.from(model.predict(points).dataSync());
  const same = String(restored.predict(points).dataSync()) === String(guesses);
  const { threads } = backend();
`;
export const inWorker = `
  await trainer.setModel(made());
  const there = await trainer.fit(points, answers, { epochs: 200, batchSize: 4 });
  const told = Array.from((await trainer.predict(points)).values);
  const at = await trainer.backend();
  trainer.terminate();
`;
export const result = '{ loss: history.loss.at(-1), guesses, same, threads }';
export const both =
  '{ loss: history.loss.at(-1), guesses, same, threads, there: { loss: there.history.loss.at(-1), told, threads: at.threads } }';
export const names = 'backend, init, layers, loadModel, sequential, tensor2d, train';

/** A program for pages, which leaves what it has found, or the error, as \`window.found\`. */
export const page = ({ imports, init = 'await init();', trainer = 'await createTrainer()' }) => `
${imports}
const run = async () => {
  ${init}
  ${program}
  const trainer = ${trainer};
  ${inWorker}
  return ${both};
};
run().then((found) => { window.found = found; }, (failure) => { window.found = { failure: String(failure) }; });
`;

export const imports = `import { ${names} } from 'mapling';\nimport { createTrainer } from 'mapling/trainer';`;

/** Checks what the program has found. */
export function hasLearned({ failure, loss, guesses, same, there }) {
  assert.equal(failure, undefined);
  assert.ok(loss < 0.05, `loss ${loss}`);
  assert.deepEqual(guesses.map(Math.round), [0, 1, 1, 0]);
  assert.ok(same, 'a saved and loaded model answers differently');
  if (!there) return;
  // One seed, the same bits: in a worker too.
  assert.equal(there.loss, loss);
  assert.deepEqual(there.told, guesses);
}
