// Every layer of tests/oracle trains on in Keras, on JAX, from a `.keras` file that was written here: ten steps of Adam there
// are ten steps here. What Keras wrote then goes on here, and so does what was written here in each format, to the same bits.
import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { mapling } from './mapling.mjs';
import { ask, sharedFolder } from './python.mjs';
import { close, isMoot, steps, weightsOf, written } from './steps.mjs';
import { trainingCases } from './training_cases.mjs';

const { io, modelFromJSON, train } = mapling;
mapling.setSeed(1);
/** Compiling a step takes Keras on JAX half a second: two processes share the cases. */
const folders = [sharedFolder(), sharedFolder()];

/** The same ten steps again, of a model that a file brought: to the same bits. */
async function goesOn(what, model, one, { losses, weights }) {
  assert.deepEqual(await steps(model, one, 10), losses, `${what}: losses`);
  assert.deepEqual(weightsOf(model), weights, `${what}: weights`);
}

/** A model read from safetensors, which hold weights alone: the architecture is JSON, and what the optimizer remembers tensors by name. */
async function fromTensors({ json, weights, memory, compile }) {
  const model = modelFromJSON(json);
  model.loadWeights((await io.fromSafetensors(weights)).tensors);
  model.compile(compile);
  const named = Object.entries((await io.fromSafetensors(memory)).tensors);
  await model.optimizer.setWeights(named.map(([name, tensor]) => ({ name, tensor })));
  return model;
}

const cases = [];
for (const one of trainingCases()) {
  const { model, compile, xs, ys } = one;
  const [file, folder] = [`layer${cases.length}`, folders[cases.length % folders.length]];
  await steps(model, one, 3);
  model.resetStates();
  const bytes = await io.toKeras(model);
  writeFileSync(join(folder, `${file}.keras`), bytes);
  const memory = await model.optimizer.getWeights();
  const tensors = {
    json: model.toJSON(),
    weights: await io.toSafetensors(model),
    memory: await io.toSafetensors(Object.fromEntries(memory.map(({ name, tensor }) => [name, tensor]))),
    compile: { ...compile, optimizer: train.adam(0.01) },
  };
  const after = { losses: await steps(model, one, 10), weights: weightsOf(model) };
  model.dispose();
  const task = { file, xs: xs.map(written), ys: ys.map(written), trains_layer: true };
  cases.push({ one, file, folder, bytes, tensors, after, task });
}
const taskOf = (folder) => ({ cases: cases.filter((one) => one.folder === folder).map(({ task }) => task) });
const keras = new Map(folders.map((folder) => [folder, ask('exchange.py', folder, taskOf(folder))]));

for (const { one, bytes, tensors, after } of cases) {
  test(`${one.name}: ten steps of Adam after .keras and safetensors have the same bits`, async () => {
    // One after the other: an optimizer's memory is told by the names of weights, which both models have.
    const readers = { '.keras': () => io.fromKeras(bytes), safetensors: () => fromTensors(tensors) };
    for (const [what, read] of Object.entries(readers)) {
      const model = await read();
      await goesOn(what, model, one, after);
      model.dispose();
    }
  });
}

/** Keras on JAX begins each step of training with the first states: what a step leaves of those of stateful layers is lost there. */
async function stepsFromZero(model, one, count) {
  const losses = [];
  for (let step = 0; step < count; step++) {
    model.resetStates();
    losses.push(...(await steps(model, one, 1)));
  }
  return losses;
}

/** What Keras 3.15 answers with on NumPy and cannot compute on JAX: each with what it says. */
const CANNOT = {
  'MultiHeadAttention, heads/values of another length': /cannot reshape array/,
  'MultiHeadAttention, heads/weights': /Incompatible shapes for broadcasting/,
};

for (const { one, file, folder, bytes } of cases) {
  const cannot = CANNOT[one.name];
  const what = cannot ? 'Keras on JAX cannot train it' : 'ten steps of Adam in Keras are ten steps here';
  test(`${one.name}: ${what}`, async () => {
    const answer = (await keras.get(folder))[file];
    if (cannot) {
      assert.match(answer.error, cannot);
      return;
    }
    assert.equal(answer.error, undefined);
    assert.equal(answer.iterations, 3);
    const model = await io.fromKeras(bytes);
    close('losses', await stepsFromZero(model, one, 10), answer.losses, 1e-4);
    for (const [at, { name, data }] of weightsOf(model).entries())
      if (!isMoot(name)) close(name, data, answer.weights[at].data, 1e-4);
    model.dispose();
    const back = await io.fromKeras(new Uint8Array(readFileSync(join(folder, `${file}.back.keras`))));
    close('losses of ten steps more', await stepsFromZero(back, one, 10), answer.more, 1e-4);
    back.dispose();
  });
}
