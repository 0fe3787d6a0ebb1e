// What models that come and go leave behind: nothing that grows, in one turn as long as a program likes too.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { queryObjects, setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { at } from '../../scripts/run.mjs';

const entry = pathToFileURL(process.env.MAPLING_ENTRY ?? at('dist/npm/index.js')).href;
const mapling = await import(entry);
await mapling.init();
const { io, layers, sequential, Variable } = mapling;
const { Names } = await import(new URL('tensor/names.js', entry).href);

setFlagsFromString('--expose-gc');
const gc = runInNewContext('gc');
const nextTurn = () => new Promise((resolve) => setTimeout(resolve, 20));
/** How many objects of a class are left that something refers to. */
const left = (ofClass) => {
  gc();
  return queryObjects(ofClass, { format: 'count' });
};
const small = () => sequential({ layers: [layers.dense({ units: 1, inputShape: [1], name: 'small' })] });

test('a synchronous loop keeps some thousand weights that were looked at, however many it drops', async () => {
  const before = left(Variable);
  const one = () => {
    const dense = layers.dense({ units: 1 });
    dense.build([null, 1]);
    assert.equal(dense.weights.length, 2);
  };
  for (let i = 0; i < 11_000; i++) one();
  const after = left(Variable) - before;
  assert.ok(after <= 20_490, `${after} weights of 22000 are left`);
  for (let i = 0; i < 500; i++) one();
  const more = left(Variable) - before - after;
  assert.ok(more < 10, `${more} weights more of 1000 more`);
  await nextTurn();
  await nextTurn();
  const later = left(Variable) - before;
  assert.ok(later < 10, `${later} weights are left in the next turn`);
});

test('a loop that only awaits what is there already lets others have a turn, so that what it drops is freed', async () => {
  const bytes = await io.toKeras(small());
  await nextTurn();
  const before = left(Variable);
  for (let i = 0; i < 600; i++) (await io.fromKeras(bytes)).getWeights();
  const after = left(Variable);
  assert.ok(after - before <= 2 * 256, `${after - before} weights of 1200 are left`);
});

test('optimizers that were disposed of, or refused, are collected', () => {
  const compile = { optimizer: 'adam', loss: 'meanSquaredError' };
  const [x, y] = [mapling.ones([2, 1]), mapling.zeros([2, 1])];
  const one = () => {
    const model = small();
    assert.throws(() => model.compile({ ...compile, loss: 'none such' }), { code: 'name' });
    model.compile(compile);
    const optimizer = model.optimizer;
    optimizer.minimize(
      () => mapling.losses.meanSquaredError(y, model.apply(x)),
      false,
      model.trainableWeights,
    );
    optimizer.dispose();
    assert.equal(optimizer.iterations, 0, 'it begins anew when it is used once more');
    optimizer.dispose();
    model.dispose();
  };
  one();
  const before = left(mapling.Optimizer);
  for (let i = 0; i < 50; i++) one();
  const more = left(mapling.Optimizer) - before;
  assert.ok(more < 5, `${more} optimizers are left`);
});

test('weights are found by their names at once, and no more when their model is disposed of', () => {
  const model = sequential({ layers: [layers.dense({ units: 1, inputShape: [1], name: 'found' })] });
  const [kernel] = model.weights;
  const { registeredVariables } = mapling.engine();
  assert.equal(registeredVariables['found/kernel'], kernel.val);
  model.dispose();
  assert.equal(mapling.engine().registeredVariables['found/kernel'], undefined);
});

test('names: what is alive is found, what was collected is removed though its name never comes again', async () => {
  const names = new Names();
  const held = {};
  const entry = names.enter('held', held);
  for (let i = 0; i < 5000; i++) names.enter(`once ${i}`, {});
  assert.equal(names.names.length, 5001, 'a reference holds until the turn ends');
  await nextTurn();
  gc();
  names.enter('sweeps', held);
  for (let i = 0; i < 10_000; i++) names.enter('same', held);
  assert.deepEqual(names.names, ['held', 'sweeps', 'same']);
  assert.deepEqual(names.named('held'), [held]);
  names.leave(entry);
  names.leave(entry);
  assert.deepEqual(names.named('held'), []);
});

test('names: of very many in one turn the latest are found, of few all, and in the next turn all that are alive', async () => {
  const names = new Names();
  const all = Array.from({ length: 24_000 }, (_, at) => ({ at }));
  for (const one of all) names.enterLightly(`number ${one.at}`, one, 4);
  const found = (one) => names.named(`number ${one.at}`)[0] === one;
  assert.deepEqual(
    [0, 16_383, 19_904, 23_999].map((at) => found(all[at])),
    [true, true, true, true],
  );
  assert.equal(all.filter(found).length, 16_384 + 4096);
  await nextTurn();
  gc();
  assert.equal(all.filter(found).length, 16_384 + 4096);
  const last = { at: 24_000 };
  names.enterLightly('number 24000', last, 4);
  assert.ok(found(last));

  const large = new Names();
  const megabytes = Array.from({ length: 140 }, (_, at) => ({ at }));
  for (const one of megabytes) large.enterLightly(`${one.at}`, one, 2 ** 23);
  const there = megabytes.filter((one) => large.named(`${one.at}`)[0] === one);
  assert.deepEqual([there.length, there[0].at, there.at(-1).at], [128, 0, 139]);
});
