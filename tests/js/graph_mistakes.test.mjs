// Graphs that cannot be: each mistake is an error that says what is wrong, and changes nothing.
import { branches, left, right } from './branches.mjs';
import { assert, mapling, test } from './mapling.mjs';
import { list, near } from './numbers.mjs';

const { input, layers, model, sequential, tensor } = mapling;

test('mistakes with graphs are errors that say what is wrong, and change nothing', () => {
  const [a, b] = [input({ shape: [3], name: 'a' }), input({ shape: [2], name: 'b' })];
  const hidden = layers.dense({ units: 2, name: 'hidden' }).apply(a);
  const twin = () => input({ shape: [1], name: 'twin' });
  const mistakes = {
    'a missing input': [
      /^model: the outputs depend on the input a, which is not among its inputs$/,
      () => model({ inputs: b, outputs: layers.add().apply([hidden, b]) }),
    ],
    'an output that depends on no input': [
      /^model: the outputs depend on the input b, which is not among its inputs$/,
      () => model({ inputs: a, outputs: [hidden, b] }),
    ],
    'an input given twice': [
      /^model: the input a is given twice$/,
      () => model({ inputs: [a, a], outputs: hidden }),
    ],
    'a name used twice': [
      /^layer name `same` is used twice$/,
      () => {
        const same = () => layers.dense({ units: 1, name: 'same' });
        model({ inputs: a, outputs: same().apply(same().apply(a)) });
      },
    ],
    'two inputs of one name': [
      /^layer name `twin` is used twice$/,
      () => {
        const both = [twin(), twin()];
        model({ inputs: both, outputs: layers.add().apply(both) });
      },
    ],
    'shapes that differ at a merge': [
      /Add: \[3\] and \[2\] cannot be broadcast together$/,
      () => layers.add().apply([a, b]),
    ],
    'lengths that differ at a concatenation': [
      /Concatenate: samples of shapes \[\[2, 3\], \[3, 4\]\] differ outside axis 1$/,
      () => layers.concatenate({ axis: 1 }).apply([input({ shape: [2, 3] }), input({ shape: [3, 4] })]),
    ],
    'a layer of one input called on two': [
      /Dense: one input is expected, but there are 2$/,
      () => layers.dense({ units: 1 }).apply([a, b]),
    ],
    'symbols among tensors': [
      /^Add: apply: expected tensors or symbols, got both$/,
      () => layers.add().apply([a, tensor([[1, 2, 3]])]),
    ],
    'no inputs': [/^model: inputs: expected symbols/, () => model({ inputs: [], outputs: hidden })],
    'tensors for symbols': [
      /^model: outputs: expected symbols.* got a Tensor$/,
      () => model({ inputs: a, outputs: tensor([1]) }),
    ],
    'a misspelt key': [
      /^model: unknown key "output"; did you mean "outputs"\?$/,
      () => model({ inputs: a, output: hidden }),
    ],
    'an input without a shape': [
      /^input: shape: expected a shape such as \[28, 28\], got undefined$/,
      () => input({}),
    ],
    'an input with a negative length': [/^input: shape: expected a shape/, () => input({ shape: [-1] })],
    'a layer that was not called': [
      /^layer dense: input: it has not been called on a symbol yet$/,
      () => layers.dense({ units: 1 }).input,
    ],
    'a layer that was called twice': [
      /^layer again: output: it has been called several times$/,
      () => {
        const again = layers.dense({ units: 3, name: 'again' });
        again.apply(again.apply(a));
        return again.output;
      },
    ],
    'a call that did not happen': [
      /^layer hidden: getInputAt: there are 1 calls, got 1$/,
      () => hidden.sourceLayer.getInputAt(1),
    ],
    'a loss for an output that is not there': [
      /^compile: loss: there is no output "prt"; there are sum, part$/,
      () =>
        branches().compile({ optimizer: 'sgd', loss: { sum: 'meanSquaredError', prt: 'meanSquaredError' } }),
    ],
    'an output without a loss': [
      /^compile: loss: nothing is given for the output part$/,
      () => branches().compile({ optimizer: 'sgd', loss: { sum: 'meanSquaredError' } }),
    ],
    'metrics of an output that is not there': [
      /^compile: metrics: there is no output "x"/,
      () => branches().compile({ optimizer: 'sgd', loss: 'meanSquaredError', metrics: { x: 'mse' } }),
    ],
    'loss weights that are no numbers': [
      /^compile: lossWeights: expected a finite number, got NaN$/,
      () => branches().compile({ optimizer: 'sgd', loss: 'meanSquaredError', lossWeights: [1, Number.NaN] }),
    ],
    'one input too few': [
      /^predict: x: the model has 2 inputs, but 1 were given$/,
      () => branches().predict([left()]),
    ],
    'an input of another name': [
      /^predict: x: there is no "rigth"; there are left, right$/,
      () => branches().predict({ left: left(), rigth: right() }),
    ],
    'a cycle in a configuration': [
      /^model: layer hidden is called on .* before that is computed: the graph has a cycle, or a layer is missing$/,
      () => {
        const written = model({
          inputs: a,
          outputs: layers.dense({ units: 2, name: 'last' }).apply(hidden),
        }).toJSON(undefined, false);
        const { layers: all } = written.config;
        all[1].inbound_nodes = structuredClone(all[2].inbound_nodes);
        all[1].inbound_nodes[0].args[0].config.keras_history = ['last', 0, 0];
        mapling.modelFromJSON(written);
      },
    ],
  };
  for (const [name, [message, action]] of Object.entries(mistakes)) {
    assert.throws(action, (error) => {
      assert.match(error.message, message, name);
      return error.name === 'Error' && typeof error.code === 'string';
    });
  }
  assert.deepEqual(list(branches().predict([left(), right()])[0]), [54, 6]);
});

test('names that models found for their layers are found anew where two are joined in a third', async () => {
  const half = () => {
    const x = input({ shape: [2] });
    return model({ inputs: x, outputs: layers.dense({ units: 1 }).apply(x) });
  };
  const [a, b] = [half(), half()];
  assert.deepEqual(
    [a, b].map((one) => one.layers[1].name),
    ['dense', 'dense'],
  );
  const x = tensor([[1, 2]]);
  const apart = [a, b].map((one) => list(one.predict(x))[0]);
  const joined = model({
    inputs: [a.inputs[0], b.inputs[0]],
    outputs: layers.add().apply([a.outputs[0], b.outputs[0]]),
  });
  assert.deepEqual(
    joined.layers.map(({ name }) => name),
    ['input_layer', 'input_layer_1', 'dense', 'dense_1', 'add'],
  );
  assert.deepEqual(
    joined.weights.map(({ name }) => name),
    ['dense/kernel', 'dense/bias', 'dense_1/kernel', 'dense_1/bias'],
  );
  near(list(joined.predict([x, x])), [apart[0] + apart[1]]);
  const again = await mapling.loadModel(await joined.save());
  near(list(again.predict([x, x])), [apart[0] + apart[1]]);
  // In a row, too: the layer that has come from elsewhere gets another name.
  const row = sequential({ layers: [layers.dense({ units: 1, inputShape: [2] })] });
  row.add(sequential({ layers: [layers.dense({ units: 1 })] }).layers[0]);
  assert.deepEqual(
    row.layers.map(({ name }) => name),
    ['dense', 'dense_1'],
  );
  // Names that were given stay, and are refused by one error.
  const named = (name) => layers.dense({ units: 1, name }).apply(input({ shape: [1] }));
  const ends = [named('same'), named('same')];
  assert.throws(
    () => model({ inputs: ends.map((end) => end.inputs[0]), outputs: ends }),
    /^Error: layer name `same` is used twice$/,
  );
});
