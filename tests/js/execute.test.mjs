// What layers of a model give on the way: `model.execute`.
import { assert, mapling, test } from './mapling.mjs';
import { list } from './numbers.mjs';

const { input, layers, model, ones, sequential, tensor, train, variableGrads } = mapling;

/** `first` doubles each of two inputs' values and adds them up, `second` triples what comes of that. */
const row = () => {
  const dense = (name, units, weight, more) =>
    layers.dense({
      name,
      units,
      useBias: false,
      kernelInitializer: { className: 'Constant', config: { value: weight } },
      ...more,
    });
  return sequential({ layers: [dense('first', 2, 2, { inputShape: [2] }), dense('second', 1, 3)] });
};

test('layers are asked by name, by TensorFlow.js’ names of symbols, or by symbols, alone or in a list', () => {
  const made = row();
  const x = tensor([[1, 2]]);
  assert.deepEqual(list(made.execute(x, 'first')), [6, 6]);
  assert.deepEqual(list(made.execute(x, 'second/second')), [36]);
  const [symbol] = [made.layers[0].output];
  assert.deepEqual(made.execute([x], [symbol, 'second', made.inputs[0]]).map(list), [[6, 6], [36], [1, 2]]);
  const before = mapling.memory().numTensors;
  const many = made.execute(x, ['first', 'second']);
  assert.equal(mapling.memory().numTensors - before, many.length);
  assert.deepEqual(list(made.predict(x)), [36], 'the model stays as it was');
  assert.equal(made.layers[0].output, symbol);
});

test('a graph is executed on inputs by name, with gradients, and after training on what was learnt', async () => {
  const [a, b] = ['a', 'b'].map((name) => input({ shape: [2], name }));
  const sum = layers.add({ name: 'sum' }).apply([a, b]);
  const made = model({ inputs: [a, b], outputs: layers.dense({ units: 1, name: 'last' }).apply(sum) });
  const given = {
    b: ones([3, 2]),
    a: tensor([
      [1, 2],
      [3, 4],
      [5, 6],
    ]),
  };
  assert.deepEqual(list(made.execute(given, 'sum')), [2, 3, 4, 5, 6, 7]);
  const { grads } = variableGrads(() => made.execute(given, 'last').sum(), made.getWeights());
  assert.deepEqual(Object.values(grads).map(list), [[12, 15], [3]]);
  made.compile({ optimizer: train.sgd(0.01), loss: 'meanSquaredError' });
  await made.fit([given.a, given.b], ones([3, 1]), { epochs: 3 });
  assert.deepEqual(list(made.execute([given.a, given.b], 'last')), list(made.predict([given.a, given.b])));
});

test('a layer that is called twice is asked by its symbols, and what is not there is refused by name', () => {
  const a = input({ shape: [1], name: 'a' });
  const twice = layers.dense({ name: 'twice', units: 1, useBias: false, kernelInitializer: 'ones' });
  const once = twice.apply(a);
  const made = model({ inputs: a, outputs: twice.apply(once) });
  assert.deepEqual(list(made.execute(tensor([[4]]), once)), [4]);
  const refused = (outputs, code, words, inputs = tensor([[4]])) =>
    assert.throws(
      () => made.execute(inputs, outputs),
      (failure) => {
        assert.equal(failure.code, code);
        assert.match(failure.message, words);
        return true;
      },
    );
  refused('twice', 'name', /^execute: outputs: "twice" gives 2 tensors: ask by its symbols/);
  refused(
    'twicy',
    'name',
    /^execute: outputs: there is no layer "twicy" in the model; did you mean "twice"\?/,
  );
  refused([], 'value', /^execute: outputs: expected at least one name/);
  refused([3], 'type', /^execute: outputs: expected names of layers, or symbols, got 3/);
  refused(once, 'value', /^execute: inputs: expected 1 tensors, got 2/, [ones([1, 1]), ones([1, 1])]);
  refused(once, 'type', /^execute: inputs: a: /, { b: ones([1, 1]) });
  assert.throws(
    () => made.execute(tensor([[4]]), input({ shape: [1] })),
    ({ code }) => typeof code === 'string',
  );
});

test('a thousand executions leave no more memory than ten', () => {
  const made = row();
  const x = tensor([[1, 2]]);
  const run = (times) => {
    for (let time = 0; time < times; time++) made.execute(x, 'first').dispose();
    return mapling.memory();
  };
  const { coreBytes, numTensors } = run(10);
  const after = run(1000);
  assert.deepEqual([after.coreBytes, after.numTensors], [coreBytes, numTensors]);
});
