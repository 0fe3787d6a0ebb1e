// Files of the real Keras with settings that few programs use: precision, names of outputs, functions, masks of old.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { mapling } from './mapling.mjs';
import { ask, sharedFolder } from './python.mjs';

const { io, tensor } = mapling;
const folder = sharedFolder();
const said = await ask('keras_settings.py', folder, {});
const x = tensor(said.x, [8, 6]);
const y = tensor(said.y, [8, 1]);
const tokens = tensor(said.tokens, [8, 5]);

const read = (name, options) =>
  io.fromKeras(readFileSync(join(folder, `${name}.${said.models[name].kind}`)), options);
/** Answers within a share of the greatest. */
function answersAlike(name, model, given, share = 1e-5) {
  const own = [model.predict(given)].flat();
  said.models[name].answers.forEach((wanted, at) => {
    const scale = Math.max(...wanted.map(Math.abs));
    const got = own[at].dataSync();
    wanted.forEach((value, place) => {
      assert.ok(Math.abs(got[place] - value) <= share * scale, `${name} ${at}: ${got[place]}, not ${value}`);
    });
  });
}
async function lossesAlike(name, model, share) {
  for (const wanted of said.models[name].losses) {
    const [got] = [await model.trainOnBatch(x, y)].flat();
    assert.ok(Math.abs(got - wanted) <= share * wanted, `${name}: a loss of ${got}, not ${wanted}`);
  }
}

for (const [policy, share] of [
  ['mixed_float16', 3e-3],
  ['mixed_bfloat16', 3e-2],
  ['float16', 3e-3],
  ['bfloat16', 3e-2],
  ['float64', 1e-5],
])
  test(`a layer of ${policy} is read, and computed in float32`, async () => {
    const model = await read(policy);
    answersAlike(policy, model, x, share);
    assert.equal(model.layers[0].dtype, 'float32');
  });

test('of an optimizer that scales losses the one inside goes on', async () => {
  const model = await read('scaled');
  assert.equal(model.optimizer.className, 'Adam');
  assert.equal(model.optimizer.iterations, 3);
  await lossesAlike('scaled', model, 3e-3);
});

test("functions of Keras' own are losses and metrics by their names", async () => {
  const model = await read('functions');
  assert.deepEqual(model.metricsNames, ['loss', 'meanSquaredError']);
  await lossesAlike('functions', model, 1e-4);
});

test('inputs and outputs with names of their own come in the order of these, and are judged by them', async () => {
  const model = await read('named');
  assert.deepEqual(
    [model.inputNames, model.outputNames],
    [
      ['a', 'z'],
      ['p', 'q'],
    ],
  );
  answersAlike('named', model, [x, x.mul(2)]);
  const { loss, lossWeights } = model.getCompileConfig();
  assert.deepEqual({ ...loss }, { p: 'mse', q: 'mae' });
  assert.deepEqual({ ...lossWeights }, { p: 2, q: 0.5 });
});

for (const name of ['masked', 'masked_of_old'])
  test(`a graph with masks, ${said.models[name].kind}: how they are found is left out`, async () => {
    answersAlike(name, await read(name), tokens);
  });

test('operations in a graph of a legacy file, which names no modules, are not taken for layers of their names', async () => {
  answersAlike('computed_of_old', await read('computed_of_old'), x);
});

class Halved extends mapling.layers.Layer {
  static className = 'Halved';
  constructor({ factor, ...args }) {
    super(args);
    this.factor = factor;
  }
  build(shape) {
    this.shift = this.addWeight('shift', [shape.at(-1)], 'float32', mapling.initializers.ones());
  }
  call(given) {
    return [given].flat()[0].mul(this.factor).add(this.shift.read());
  }
  getConfig() {
    return { ...super.getConfig(), factor: this.factor };
  }
}

for (const name of ['owned', 'owned_of_old'])
  test(`a class of one's own in a package of Keras', ${said.models[name].kind}, is known by its name`, async () => {
    mapling.serialization.registerClass(Halved);
    answersAlike(name, await read(name), x);
  });

test('initializers that are arrays or have generators do not stand in the way of weights', async () => {
  answersAlike('matrix', await read('matrix'), tokens);
  answersAlike('generator', await read('generator'), x);
});

const REFUSED = [
  ['lambda', 'name', /config\.json: twice: a Lambda layer holds Python code/],
  ['quantized', 'value', /config\.json: dense\w*: dtype: "QuantizedDTypePolicy"/],
  ['dice', 'name', /loss `dice` is unknown; .*\{ compile: false \}/],
  ['summed', 'value', /gradientAccumulationSteps.*\{ compile: false \}/],
  ['grouped', 'value', /in_groups: Conv2D: `groups`/],
];
for (const [name, code, message] of REFUSED)
  test(`${name}: refused by name and place`, async () => {
    await assert.rejects(read(name), (error) => {
      assert.equal(error.code, code, error.message);
      assert.match(error.message, message);
      return true;
    });
  });

test('without what they are compiled with, models are read', async () => {
  for (const name of ['dice', 'summed']) answersAlike(name, await read(name, { compile: false }), x);
});
