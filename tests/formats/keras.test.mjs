// Models go to Keras 3 as `.keras` files and come back: every layer of tests/oracle, and whole models that train (how each
// layer trains is in keras_steps.test.mjs). Real
// Keras reads each file, says what the model gives, trains it on JAX, and writes it anew; what it wrote is read here.
import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { layerCases } from './layer_cases.mjs';
import { mapling } from './mapling.mjs';
import { wholeModels } from './models.mjs';
import { ask, sharedFolder } from './python.mjs';
import { close, isMoot, list, single, steps, weightsOf, written } from './steps.mjs';

const { io } = mapling;
mapling.setSeed(1);
const folder = sharedFolder();
const read = (file) => new Uint8Array(readFileSync(join(folder, file)));

/** The model's answers, as in inference and from the state that it begins with. */
function answers(model, xs) {
  model.resetStates?.();
  const ys = list(model.predict(single(xs), { batchSize: 1000 })).map(written);
  model.resetStates?.();
  return ys;
}
/** Weights of whole models that are moot: a bias before a normalisation, and the moving mean that follows it, too. */
const isMootIn = (weight, name) =>
  isMoot(weight) ||
  (/^(separable_conv2d\/bias|batch_normalization\/moving_mean)$/.test(weight) &&
    /normalisations.*Adam/.test(name));

const cases = [];
async function note(one) {
  const { name, model, xs, ys } = one;
  const file = `model${cases.length}`;
  const task = {
    file,
    name,
    xs: xs.map(written),
    ...(ys && { ys: ys.map(written) }),
    legacy: one.isWhole ?? false,
  };
  const case_ = { ...one, file, task };
  // The optimizer has something to remember by then.
  if (ys) await steps(model, one, 3);
  case_.outputs = answers(model, xs);
  writeFileSync(join(folder, `${file}.keras`), await io.toKeras(model));
  if (ys) {
    case_.iterations = model.optimizer.iterations;
    case_.losses = await steps(model, one, 10);
    case_.weights = weightsOf(model);
    case_.after = answers(model, xs);
    case_.more = await steps(model, one, 10);
  }
  cases.push(case_);
}

for (const one of layerCases()) await note({ ...one, name: `layer ${one.name}` });
for (const [name, make] of Object.entries(wholeModels)) {
  const { made, compile, xs, ys } = make();
  made.compile(compile);
  await note({ name: `model ${name}`, model: made, xs, ys, isWhole: true });
  const same = make();
  same.made.compile({ ...same.compile, optimizer: mapling.train.adam(0.01) });
  await note({ name: `model ${name}, with Adam`, model: same.made, xs, ys });
}

// Keras computes single layers with NumPy, which needs no compiling; what NumPy cannot do there, and training, with JAX.
const taskOf = (some) => ({ cases: some.map(({ task }) => task) });
const plain = cases.filter(({ ys }) => !ys);
const byNumpy = await ask('exchange.py', folder, taskOf(plain), { backend: 'numpy' });
const left = cases.filter(({ file }) => !byNumpy[file] || byNumpy[file].error);
const keras = { ...byNumpy, ...(await ask('exchange.py', folder, { ...taskOf(left), native: true })) };

for (const case_ of cases) {
  const { name, file, xs, ys, outputs } = case_;
  const answer = keras[file];
  test(`${name}: to Keras and back`, async () => {
    assert.equal(answer.error, undefined);
    outputs.forEach((y, at) => {
      close(`output ${at}`, y.data, answer.outputs[at].data, 1e-5);
    });
    if (ys) {
      assert.equal(answer.iterations, case_.iterations);
      close('losses of the next ten steps', case_.losses, answer.losses, 1e-4);
      case_.weights.forEach(({ name: weight, data }, at) => {
        if (!isMootIn(weight, name)) close(weight, data, answer.weights[at].data, 1e-4);
      });
    }
    const back = await io.fromKeras(read(`${file}.back.keras`));
    answers(back, xs).forEach((y, at) => {
      close(`output ${at} of the model read`, y.data, (answer.after ?? answer.outputs)[at].data, 1e-5);
    });
    if (ys) close('losses of ten steps more', await steps(back, case_, 10), answer.more, 1e-4);
    back.dispose();
  });
}

test('a masked graph that Keras made is read, and training goes on here', async () => {
  const { xs, ys, outputs, losses } = keras.native;
  const model = await io.fromKeras(read('native.keras'));
  const tensors = (all, dtype) => all.map(({ data, shape }) => mapling.tensor(data, shape, dtype));
  const case_ = { xs: tensors(xs, 'int32'), ys: tensors(ys) };
  answers(model, case_.xs).forEach((y, at) => {
    close(`output ${at}`, y.data, outputs[at].data, 1e-5);
  });
  assert.equal(model.optimizer.iterations, 3);
  close('losses', await steps(model, case_, 10), losses, 1e-4);
});

const whole = cases.filter(({ isWhole }) => isWhole);

test('weights that Keras saved alone go into a model that is there', async () => {
  for (const { model, file, xs } of whole) {
    await model.loadWeights(read(`${file}.weights.h5`));
    answers(model, xs).forEach((y, at) => {
      close(`${file}, output ${at}`, y.data, keras[file].after[at].data, 1e-5);
    });
  }
});

test('a legacy file of Keras is read as a whole model, and its weights go into another', async () => {
  for (const { name, model, file, xs } of whole) {
    const bytes = read(`${file}.h5`);
    const back = await io.fromKeras(bytes);
    answers(back, xs).forEach((y, at) => {
      close(`${name}, output ${at}`, y.data, keras[file].after[at].data, 1e-5);
    });
    assert.ok(back.optimizer, 'it is compiled');
    model.setWeights(model.getWeights().map((weight) => weight.mul(0)));
    await model.loadWeights(bytes);
    answers(model, xs).forEach((y, at) => {
      close(`${name}, output ${at} of the other`, y.data, keras[file].after[at].data, 1e-5);
    });
  }
});

test('weights of another model are refused, and nothing changes', async () => {
  const [one, other] = whole.slice(1);
  const before = one.model.getWeights().map((weight) => [...weight.dataSync()]);
  for (const ending of ['weights.h5', 'h5']) {
    await assert.rejects(
      async () => one.model.loadWeights(read(`${other.file}.${ending}`)),
      (error) => ['format', 'shape'].includes(error.code),
    );
  }
  assert.deepEqual(
    one.model.getWeights().map((weight) => [...weight.dataSync()]),
    before,
  );
});
