// What `toJSON` writes, Keras' own `model_from_json` reads.
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { mapling } from './mapling.mjs';
import { startPython } from './python.mjs';

const { input, layers, model, modelFromJSON, ones, randomNormal, regularizers, sequential } = mapling;
const keras = startPython('keras_json.py');
after(() => keras.stop());

function shared() {
  const [a, b] = [input({ shape: [3] }), input({ shape: [3] })];
  const dense = layers.dense({ units: 2 });
  return model({ inputs: [a, b], outputs: layers.add().apply([dense.apply(a), dense.apply(b)]) });
}
function nested() {
  const inner = sequential({ layers: [layers.dense({ units: 3, inputShape: [4] })] });
  const x = input({ shape: [4] });
  return model({ inputs: x, outputs: inner.apply(x), name: 'around' });
}
function wrapped() {
  const made = sequential();
  made.add(layers.embedding({ inputDim: 5, outputDim: 3, maskZero: true, inputLength: 4 }));
  made.add(layers.bidirectional({ layer: layers.lstm({ units: 2, returnSequences: true }) }));
  made.add(layers.timeDistributed({ layer: layers.dense({ units: 2 }) }));
  return made;
}
function restrained() {
  const kernelRegularizer = regularizers.l2({ l2: 0.1 });
  const dense = layers.dense({ units: 3, inputShape: [4], activation: 'relu', kernelRegularizer });
  return sequential({ layers: [dense, layers.batchNormalization(), layers.dense({ units: 1 })] });
}

test('rows, graphs, models inside models and layers around layers are read under their names', async () => {
  const models = [shared(), nested(), wrapped(), restrained()];
  const said = await keras.ask(models.map((one) => one.toJSON()));
  const [two, around, row, plain] = said;
  assert.deepEqual(
    said.map(({ name }) => name),
    models.map(({ name }) => name),
  );
  assert.deepEqual(
    two.layers,
    models[0].layers.map(({ name }) => name),
  );
  assert.deepEqual(two.shape, [null, 2]);
  assert.equal(around.name, 'around');
  assert.deepEqual(around.shape, [null, 3]);
  assert.deepEqual(
    row.layers,
    models[2].layers.map(({ name }) => name),
  );
  assert.deepEqual(plain.shape, [null, 1]);
});

test('states that recurrent layers begin with are told by name, of cells in a stack each cell’s together', async () => {
  const x = input({ shape: [4, 3] });
  const [h, c] = [input({ shape: [2] }), input({ shape: [2] })];
  const lstm = layers.lstm({ units: 2 }).apply(x, { initialState: [h, c] });
  const cell = layers.stackedRNNCells({
    cells: [layers.gruCell({ units: 2 }), layers.lstmCell({ units: 2 })],
  });
  const stack = layers.rnn({ cell }).apply(x, { initialState: [h, h, c] });
  const made = model({ inputs: [x, h, c], outputs: [lstm, stack] });
  const [said] = await keras.ask([made.toJSON()]);
  assert.deepEqual(said.shape, [
    [null, 2],
    [null, 2],
  ]);
  const again = modelFromJSON(made.toJSON());
  again.setWeights(made.getWeights());
  const given = [randomNormal([2, 4, 3], 0, 1, 'float32', 7), ones([2, 2]), ones([2, 2])];
  const values = (answers) => answers.map((one) => [...one.dataSync()]);
  assert.deepEqual(values(again.predict(given)), values(made.predict(given)));
});
