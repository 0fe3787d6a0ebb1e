// Files of models whose outputs have names that are not those of layers.
import { assert, mapling, test } from './mapling.mjs';

const { input, io, layers, loadLayersModel, model, modelFromJSON } = mapling;

/** A model with an input for each of two outputs, which have these names in Keras' JSON. */
function named(first, second) {
  const [a, b] = [input({ shape: [2], name: 'a' }), input({ shape: [2], name: 'b' })];
  const [d, e] = [layers.dense({ units: 1, name: 'd' }), layers.dense({ units: 1, name: 'e' })];
  const json = model({ inputs: [a, b], outputs: [d.apply(a), e.apply(b)] }).toJSON(null, false);
  json.config.output_layers = { [first]: ['d', 0, 0], [second]: ['e', 0, 0] };
  return modelFromJSON(json);
}
function shared() {
  const [a, b] = [input({ shape: [2] }), input({ shape: [2] })];
  const s = layers.dense({ units: 1, name: 's' });
  return model({ inputs: [a, b], outputs: [s.apply(a), s.apply(b)] });
}
async function throughTensorFlow(made) {
  let artifacts;
  const handler = io.withSaveHandler(async (given) => {
    artifacts = given;
    return { modelArtifactsInfo: { dateSaved: new Date(), modelTopologyType: 'JSON' } };
  });
  await made.save(handler, { includeOptimizer: true });
  return loadLayersModel(io.fromMemory(artifacts));
}

test('what outputs are compiled with by their names is in files of TensorFlow.js by their order', async () => {
  const two = named('first', 'second');
  two.compile({
    optimizer: 'sgd',
    loss: { second: 'meanAbsoluteError', first: 'hinge' },
    metrics: { second: ['mse'] },
  });
  const read = await throughTensorFlow(two);
  assert.deepEqual(read.outputNames, ['d', 'e']);
  assert.deepEqual(read.loss, ['hinge', 'mean_absolute_error']);
  assert.deepEqual(read.metricsNames, ['loss', 'd_loss', 'e_loss', 'e_mse']);
});

test('two outputs of one layer are compiled with the same from files of Keras and of TensorFlow.js', async () => {
  const made = shared();
  made.compile({ optimizer: 'sgd', loss: { s: 'hinge', s_1: 'mse' } });
  const files = [
    [await throughTensorFlow(made), ['hinge', 'mean_squared_error']],
    [await io.fromKeras(await io.toKeras(made)), ['hinge', 'mse']],
  ];
  for (const [read, loss] of files) {
    assert.deepEqual(read.outputNames, ['s', 's_1']);
    assert.deepEqual(read.metricsNames, ['loss', 's_loss', 's_1_loss']);
    assert.deepEqual(read.loss, loss);
  }
});

test('names of outputs are there again from files of Keras', async () => {
  const two = named('first', 'second');
  two.compile({ optimizer: 'sgd', loss: { second: 'hinge', first: 'mse' } });
  const read = await io.fromKeras(await io.toKeras(two));
  assert.deepEqual(read.outputNames, ['first', 'second']);
  assert.deepEqual(read.loss, { first: 'mse', second: 'hinge' });
});
