// A small tool that learns gestures in a worker, so that the page stays alive. It keeps its samples and what it has learned,
// with what the optimizer remembers, and goes on from there the next time.
import { init, layers, sequential, train } from 'mapling';
import { createTrainer } from 'mapling/trainer';
import { forget, read, write } from './kept.js';
import { allow, listen } from './readings.js';

/** Readings that make up a gesture: about a second. */
const LENGTH = 64;
const names = ['circle', 'shake', 'still'];
const at = (id) => document.getElementById(id);
const say = (text) => {
  at('state').textContent = text;
};

/** The samples of each gesture, `LENGTH × 3` values each. */
let samples = names.map(() => []);
let trainer;
let isTaught = false;
/** How many batches the model has been trained on, in all. */
let steps = 0;

async function newModel() {
  await init();
  const model = sequential({ seed: 1 });
  model.add(layers.conv1d({ filters: 16, kernelSize: 7, activation: 'relu', inputShape: [LENGTH, 3] }));
  model.add(layers.maxPooling1d({ poolSize: 2 }));
  model.add(layers.conv1d({ filters: 16, kernelSize: 5, activation: 'relu' }));
  model.add(layers.globalAveragePooling1d());
  model.add(layers.dense({ units: names.length, activation: 'softmax' }));
  model.compile({
    optimizer: train.adam(0.01),
    loss: 'sparseCategoricalCrossentropy',
    metrics: ['accuracy'],
  });
  return model;
}

/** Readings of a sensor as numbers near 1. */
const scaled = (readings) =>
  Float32Array.from(readings.flat(), (value) => Math.max(-4, Math.min(4, value / 10)));

async function learn() {
  const counts = samples.map((ones) => ones.length);
  if (counts.some((count) => count === 0))
    return say(`record each gesture first: ${names.map((name, i) => `${name} ${counts[i]}`).join(', ')}`);
  const all = samples.flatMap((ones, label) => ones.map((values) => ({ values, label })));
  const x = new Float32Array(all.length * LENGTH * 3);
  all.forEach(({ values }, i) => {
    x.set(values, i * LENGTH * 3);
  });
  const y = Int32Array.from(all, ({ label }) => label);
  at('train').disabled = true;
  try {
    const { history } = await trainer.fit(
      { values: x, shape: [all.length, LENGTH, 3] },
      { values: y, shape: [all.length] },
      { epochs: 40, batchSize: 8 },
    );
    isTaught = true;
    steps = (await trainer.save()).step;
    say(
      `learned from ${all.length} gestures; right ${(100 * history.acc.at(-1)).toFixed()} %, after ${steps} steps`,
    );
  } finally {
    at('train').disabled = false;
  }
}

let recording;
let heard = [];
let isAsking = false;
async function hear(reading) {
  heard.push(reading);
  if (recording !== undefined) {
    if (heard.length < LENGTH) return;
    samples[recording].push(scaled(heard));
    say(`${names[recording]}: ${samples[recording].length} recorded`);
    recording = undefined;
    heard = [];
  } else if (heard.length >= LENGTH && isTaught && !isAsking) {
    const values = scaled(heard.slice(-LENGTH));
    heard = heard.slice(-LENGTH / 2);
    isAsking = true;
    try {
      const { values: odds } = await trainer.predict({ values, shape: [1, LENGTH, 3] });
      const best = odds.indexOf(Math.max(...odds));
      at('answer').textContent = `${names[best]} (${(100 * odds[best]).toFixed()} %)`;
    } finally {
      isAsking = false;
    }
  } else if (heard.length > 2 * LENGTH) heard = heard.slice(-LENGTH);
}

async function save() {
  try {
    await write({ samples, model: await trainer.save(), isTaught });
    say('saved in this browser');
  } catch (failure) {
    say(`not saved, the browser says: ${failure.message}`);
  }
}

names.forEach((name, label) => {
  const button = document.createElement('button');
  button.type = 'button';
  button.textContent = `Record ${name}`;
  button.onclick = () => {
    [recording, heard] = [label, []];
    say(`${name}: go!`);
  };
  at('record').append(button);
});
const shown = (action) => () => action().catch((failure) => say(failure.message));
at('train').onclick = shown(learn);
at('save').onclick = shown(save);
at('allow').onclick = shown(allow);
at('forget').onclick = shown(async () => {
  await forget();
  samples = names.map(() => []);
  await trainer.setModel(await newModel());
  isTaught = false;
  say('forgotten');
});

trainer = await createTrainer();
trainer.subscribe((event) => {
  if (event.type === 'error') say(event.message);
  if (event.type !== 'state') return;
  steps = event.state.step;
  // News may come later than the end that it is before.
  if (event.state.status !== 'training' || !at('train').disabled) return;
  const { epoch, epochs, logs } = event.state;
  say(`learning: ${epoch} of ${epochs}, loss ${logs.loss?.toFixed(3) ?? '…'}, step ${steps}`);
});
const kept = await read().catch(() => undefined);
await trainer.setModel(kept?.model ?? (await newModel()));
if (kept) ({ samples, isTaught } = kept);
listen(at('pad'), hear);
say(kept ? `read what was saved: ${samples.flat().length} gestures, step ${kept.model.step}` : 'ready');
