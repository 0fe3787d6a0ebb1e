// Graphs as Keras 3 writes them (tests/oracle/graphs.json), with masks and operations among their layers: read by
// `modelFromJSON`, they give Keras' outputs, gradients and steps of training.
import { close as closeTo, readOracle, tensorOf } from './keras.mjs';
import { assert, mapling, test } from './mapling.mjs';

const { grads, modelFromJSON, train, variableGrads } = mapling;
const single = (all) => (all.length === 1 ? all[0] : all);
const list = (one) => [one].flat();

/** Compares within 1e-4 of the scale; what is only rounding in Keras (the bias of attention's keys) is 0 here. */
function close(what, ours, keras) {
  const isRounding = keras.data.every((value) => Math.abs(value) < 1e-6);
  closeTo(
    what,
    ours,
    isRounding ? { ...keras, data: keras.data.map(() => 0) } : keras,
    isRounding ? 1e-2 : 1e-4,
  );
}

function checkValues(one, model, xs) {
  const load = () => model.setWeights(one.weights.map(tensorOf));
  const run = (inputs) => list(model.apply(single(inputs), { training: one.training }));
  load();
  assert.equal(run(xs).length, one.outputs.length);
  run(xs).forEach((output, at) => {
    close(`output ${at}`, output, one.outputs[at]);
  });
  const dys = one.dy.map(tensorOf);
  const sum = (inputs) =>
    run(inputs)
      .map((output, at) => output.mul(dys[at]).sum())
      .reduce((a, b) => a.add(b));
  const given = (floats) =>
    xs.map((x, at) => {
      const place = one.dx.findIndex((dx) => dx.at === at);
      return place < 0 ? x : floats[place];
    });
  if (one.dx.length > 0) {
    const found = grads((...floats) => sum(given(floats)))(one.dx.map(({ at }) => xs[at]));
    for (const [at, keras] of one.dx.entries()) close(`dx of input ${keras.at}`, found[at], keras);
  }
  if (one.dweights.length > 0) {
    const { grads: found } = variableGrads(() => sum(xs));
    const names = model.trainableWeights.map(({ name }) => name);
    for (const [at, keras] of one.dweights.entries()) close(`d${keras.path}`, found[names[at]], keras);
  }
  load();
}

for (const one of readOracle('graphs.json').graphs) {
  test(`${one.name}: read from Keras' JSON, with its outputs, gradients and steps`, async () => {
    const model = modelFromJSON(one.config);
    const xs = one.inputs.map(tensorOf);
    checkValues(one, model, xs);
    // What is written is read again.
    const again = modelFromJSON(model.toJSON());
    again.setWeights(one.weights.map(tensorOf));
    list(again.apply(single(xs), { training: one.training })).forEach((output, at) => {
      close(`output ${at} of the model that was written`, output, one.outputs[at]);
    });
    if (!one.steps) return;
    const { loss, losses, targets, weights } = one.steps;
    model.compile({ optimizer: train.sgd(0.05), loss });
    for (const keras of losses) {
      const told = list(await model.trainOnBatch(single(xs), single(targets.map(tensorOf))))[0];
      assert.ok(
        Math.abs(told - keras) <= 1e-4 * Math.max(1e-3, Math.abs(keras)),
        `loss ${told}, not ${keras}`,
      );
    }
    model.getWeights().forEach((weight, at) => {
      close(`${weights[at].path} after the steps`, weight, weights[at]);
    });
  });
}

test('an operation that cannot be read is named', () => {
  const tensor = {
    class_name: '__keras_tensor__',
    config: { shape: [null, 2], keras_history: ['a', 0, 0] },
  };
  const layers = [
    {
      module: 'keras.layers',
      class_name: 'InputLayer',
      config: { batch_shape: [null, 2], name: 'a' },
      name: 'a',
      inbound_nodes: [],
    },
    {
      module: 'keras.src.ops.linalg',
      class_name: 'Cholesky',
      config: { name: 'b' },
      name: 'b',
      inbound_nodes: [{ args: [tensor], kwargs: {} }],
    },
  ];
  const config = { name: 'm', layers, input_layers: [['a', 0, 0]], output_layers: [['b', 0, 0]] };
  assert.throws(
    () => modelFromJSON({ module: 'keras.src.models.functional', class_name: 'Functional', config }),
    {
      code: 'name',
      message: /the operation Cholesky in a graph cannot be read/,
    },
  );
});

test('a list of layers alone is a row of them, as Keras once wrote it', () => {
  const config = [{ class_name: 'Dense', config: { units: 1, batch_input_shape: [null, 2] } }];
  assert.equal(modelFromJSON({ class_name: 'Sequential', config }).countParams(), 3);
});
