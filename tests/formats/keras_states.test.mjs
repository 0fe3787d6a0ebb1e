// Recurrent layers that begin with states of others: Keras is given these by name, and reads what is written here.
import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { mapling } from './mapling.mjs';
import { noise } from './models.mjs';
import { ask, sharedFolder } from './python.mjs';
import { close, list, written } from './steps.mjs';

const { input, io, layers, model, setSeed } = mapling;

/** A model in which each kind of recurrent layer is given states, by name or in a list. */
function made() {
  setSeed(4);
  const inputs = [input({ shape: [4, 3] }), input({ shape: [3, 4, 4, 1] })];
  const [words, pictures] = inputs;
  const [, h, c] = layers.lstm({ units: 3, returnState: true }).apply(words);
  const stack = () =>
    layers.stackedRNNCells({ cells: [layers.lstmCell({ units: 3 }), layers.gruCell({ units: 3 })] });
  const both = layers.bidirectional({ layer: layers.lstm({ units: 3 }) });
  const inside = layers.rnn({ cell: stack() });
  const convolved = { filters: 2, kernelSize: 2, padding: 'same' };
  const [, ...seen] = layers.convLstm2d({ ...convolved, returnState: true }).apply(pictures);
  const within = [input({ shape: [4, 3] }), input({ shape: [3] })];
  const reader = model({ inputs: within, outputs: layers.gru({ units: 3 }).apply(within) });
  const outputs = [
    layers.lstm({ units: 3 }).apply(words, { initialState: [h, c] }),
    layers.lstm({ units: 3 }).apply([words, c, h]),
    layers.gru({ units: 3, returnSequences: true }).apply(words, { initialState: h }),
    layers.simpleRNN({ units: 3 }).apply([words, c]),
    both.apply(words, { initialState: [h, c, c, h] }),
    inside.apply(words, { initialState: [h, c, h] }),
    layers.bidirectional({ layer: layers.rnn({ cell: stack() }) }).apply([words, h, c, h, c, h, c]),
    layers.convLstm2d(convolved).apply(pictures, { initialState: seen }),
    reader.apply([words, h]),
  ];
  return { model: model({ inputs, outputs }), xs: [noise([2, 4, 3], 1), noise([2, 3, 4, 4, 1], 2)] };
}

test('Keras begins with the states that recurrent layers are given here, and what it writes comes back', async () => {
  const { model: own, xs } = made();
  const folder = sharedFolder();
  writeFileSync(join(folder, 'states.keras'), await io.toKeras(own));
  const task = { cases: [{ file: 'states', xs: xs.map(written) }] };
  const { states: answer } = await ask('exchange.py', folder, task, { backend: 'numpy' });
  assert.equal(answer.error, undefined);
  const back = await io.fromKeras(readFileSync(join(folder, 'states.back.keras')));
  const again = list(back.predict(xs)).map(written);
  list(own.predict(xs)).forEach((y, at) => {
    close(`output ${at}`, written(y).data, answer.outputs[at].data, 1e-5);
    close(`output ${at}, back again`, again[at].data, answer.outputs[at].data, 1e-5);
  });
});
