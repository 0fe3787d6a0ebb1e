// What would go wrong without anybody noticing is refused.
import { assert, mapling, test } from './mapling.mjs';
import { list } from './numbers.mjs';

const { input, layers, losses, metrics, model, ones, sequential, tensor, train } = mapling;
const line = (args) => {
  const made = sequential({
    layers: [layers.dense({ units: 1, inputShape: [1], kernelInitializer: 'ones' })],
  });
  made.compile({ optimizer: train.sgd(0.1), loss: 'meanSquaredError', ...args });
  return made;
};
const pair = () => {
  const inputs = [input({ shape: [1] }), input({ shape: [1] })];
  return model({ inputs, outputs: layers.add().apply(inputs) });
};

test('inputs with different numbers of samples are refused by whatever takes them', async () => {
  const both = pair();
  assert.throws(
    () => both.predict([[[1]], [[1], [2]]]),
    /^Error: predict: x: one input has 1 samples, another 2$/,
  );
  both.compile({ optimizer: 'sgd', loss: 'mse' });
  assert.throws(() => both.evaluate([[[1]], [[1], [2]]], [[1]]), /^Error: evaluate: x: one input has 1/);
});

test('a loss that does not depend on the predictions trains nothing, and says so', async () => {
  for (const loss of [() => tensor([1]), (_, p) => tensor(p.dataSync()).square().mean(), (y) => y.square()]) {
    const one = line({ loss });
    await assert.rejects(
      one.fit([[1]], [[2]]),
      /^Error: compile: loss: the loss does not depend on the predictions/,
    );
    assert.deepEqual(list(one.getWeights()[0]), [1]);
  }
  // Nothing is learned by an evaluation, nor by a model that is frozen.
  const one = line({ loss: (y) => y.square() });
  assert.deepEqual(list(one.evaluate([[1]], [[2]])), [4]);
});

test('classWeight may be a Map', async () => {
  const weighted = async (classWeight) => {
    const one = line();
    await one.fit([[1], [2]], [[0], [1]], { classWeight, batchSize: 2 });
    return list(one.getWeights()[0]);
  };
  assert.deepEqual(await weighted(new Map([[1, 3]])), await weighted({ 1: 3 }));
  assert.ok(`${await weighted(new Map([[1, 3]]))}` !== `${await weighted({})}`);
  for (const odd of [
    new Map([['one', 3]]),
    new Map([[1, 'x']]),
    new Map([[{}, 1]]),
    new Set([1]),
    tensor([1]),
  ])
    await assert.rejects(line().fit([[1]], [[1]], { classWeight: odd }), /^Error: fit: classWeight: /);
});
