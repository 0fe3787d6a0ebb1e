// What has the same name as something else: variables of several models, variables of one's own.
import { assert, mapling, test, unrecorded } from './mapling.mjs';
import { list } from './numbers.mjs';

const { layers, ones, sequential, tensor, train, variable, variableGrads } = mapling;
const line = () =>
  sequential({
    layers: [layers.dense({ units: 1, inputShape: [1], kernelInitializer: 'ones', name: 'same' })],
  });
const kernel = (model) => list(model.getWeights()[0])[0];
const gradsOf = (model) => variableGrads(() => model.apply(ones([1, 1])).sum()).grads;
const doubled = (grads) => Object.fromEntries(Object.entries(grads).map(([name, g]) => [name, g.mul(2)]));

test('a gradient by a name that weights of several models have is refused, and changes none of them', () => {
  const [first, second] = [line(), line()];
  const given = gradsOf(first);
  gradsOf(second);
  assert.throws(
    () => train.sgd(0.1).applyGradients(doubled(given)),
    /^Error: applyGradients: 2 variables have the name "same\/kernel"/,
  );
  assert.deepEqual([kernel(first), kernel(second)], [1, 1]);
  train.sgd(0.25).applyGradients(given);
  assert.deepEqual([kernel(first), kernel(second)], [0.75, 1]);
  // The other model gone, the name says which.
  second.dispose();
  train.sgd(0.25).applyGradients(doubled(given));
  assert.equal(kernel(first), 0.25);
});

test('gradients in pairs with their variables, as Keras hands them over', () => {
  const [first, second] = [line(), line()];
  const w = variable(tensor([1, 2]), true);
  const optimizer = train.sgd(0.5);
  optimizer.applyGradients([
    [ones([1, 1]), first.trainableWeights[0]],
    [tensor([2, 4]), w],
    [null, second.trainableWeights[0]],
  ]);
  assert.deepEqual([kernel(first), kernel(second), list(w)], [0.5, 1, [0, 0]]);
  for (const odd of [[ones([1, 1])], [undefined], [], {}, [[ones([1, 1]), 'same/kernel']], [[first, 1]]])
    assert.throws(() => optimizer.applyGradients(odd), /^Error: applyGradients: (expected|there are no)/);
  assert.equal(optimizer.iterations, 1);
});

test('a name that a variable of one’s own has is taken until it is disposed of', () => {
  const taken = variable(1, true, 'taken');
  assert.throws(() => variable(2, true, 'taken'), /^Error: variable: there is a variable "taken" already/);
  taken.dispose();
  assert.deepEqual(list(variable(2, true, 'taken')), [2]);
});

test('a class of one’s own cannot have the name of a class of the library', () => {
  const { initializers, serialization } = mapling;
  // Being refused as a name is no value of a layer: whether it has one is another test's question.
  const classes = [
    ...Object.values(unrecorded.layers).filter((make) => make !== unrecorded.layers.Layer),
    ...Object.values(initializers).filter((make) => make !== initializers.Initializer),
  ];
  const settings = {
    units: 1,
    filters: 1,
    kernelSize: 1,
    targetShape: [1],
    dims: [1],
    n: 1,
    cropping: 1,
    inputDim: 1,
    outputDim: 1,
    axes: 1,
    rate: 0,
    scale: 1,
    activation: 'relu',
    shape: [1],
    layer: layers.dense({ units: 1 }),
    stddev: 0,
    numHeads: 1,
    keyDim: 1,
  };
  let tried = 0;
  for (const make of classes) {
    let name;
    for (const keys of [
      [],
      ...Object.keys(settings).map((key) => [key]),
      ['numHeads', 'keyDim'],
      Object.keys(settings),
    ]) {
      try {
        name = make(Object.fromEntries(keys.map((key) => [key, settings[key]]))).getClassName();
        break;
      } catch {}
    }
    if (!name) continue;
    tried++;
    class Odd extends layers.Layer {
      static className = name;
    }
    assert.throws(
      () => serialization.registerClass(Odd),
      new RegExp(`registerClass: "${name}" is a class of the library`),
      `js/nn/class-names.ts, which the build writes, and js/nn/taken-names.ts lack ${name}`,
    );
  }
  assert.ok(tried > 50, `${tried} classes`);
});

test('weights that were lost with an instance make no name ambiguous', async () => {
  const lost = line();
  gradsOf(lost);
  await mapling.init({ restart: true });
  const one = line();
  train.sgd(0.25).applyGradients(doubled(gradsOf(one)));
  assert.equal(kernel(one), 0.5);
});

test('what getWeights gives is taken for the weights themselves, where gradients are asked for', () => {
  const one = line();
  const loss = () => one.apply(ones([1, 1])).sum();
  const { grads } = variableGrads(loss, one.getWeights());
  assert.deepEqual(Object.keys(grads), ['same/kernel', 'same/bias']);
  train.sgd(0.25).applyGradients(grads);
  assert.equal(kernel(one), 0.75);
  train.sgd(0.25).minimize(loss, false, [one.getWeights()[0]]);
  assert.equal(kernel(one), 0.5);
  assert.throws(
    () => variableGrads(loss, [ones([1, 1])]),
    /^Error: variableGrads: expected variables, got a Tensor/,
  );
});

test('a model begins where layers.input says, and remembers its last run', async () => {
  const from = layers.input({ shape: [1], name: 'from' });
  assert.deepEqual(from.shape, [null, 1]);
  const made = mapling.model({ inputs: from, outputs: layers.dense({ units: 1 }).apply(from) });
  made.compile({ optimizer: 'sgd', loss: 'meanSquaredError' });
  assert.equal(made.history, undefined);
  const history = await made.fit(ones([2, 1]), ones([2, 1]));
  assert.equal(made.history, history);
  const ids = made.layers.map(({ id }) => id);
  assert.equal(new Set(ids).size, 2);
});
