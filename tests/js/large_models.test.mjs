// Models of thousands of layers: what is done with them takes as long as they are large, and no longer.
import { assert, mapling, test } from './mapling.mjs';

const { input, io, layers, model, modelFromJSON, sequential } = mapling;

/** Milliseconds of the processor's time. */
async function taken(action) {
  const before = process.cpuUsage();
  await action();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000;
}

/** Two layers that are called one after the other, over and over. */
function shared(calls) {
  const x = input({ shape: [2] });
  const both = [layers.dense({ units: 2 }), layers.reLU()];
  let y = x;
  for (let at = 0; at < calls; at++) y = both[at % 2].apply(y);
  return model({ inputs: x, outputs: y, seed: 1 });
}
const row = (length) =>
  sequential({
    layers: [
      layers.inputLayer({ inputShape: [2] }),
      ...Array.from({ length }, () => layers.dense({ units: 2 })),
    ],
    seed: 1,
  });

/** What was quadratic took ten seconds and more of this; a loaded machine needs less than one for each now. */
const MOST = 5_000;

for (const [name, made] of [
  ['a row of 6,000 layers', () => row(6_000)],
  ['two layers called 9,000 times', () => shared(9_000)],
])
  test(`${name} is built, written and read in linear time`, async () => {
    const steps = {};
    const step = async (what, action) => {
      let result;
      steps[what] = await taken(async () => {
        result = await action();
      });
      return result;
    };
    const large = await step('build', () => {
      const fresh = made();
      if (!fresh.built) fresh.build();
      return fresh;
    });
    await step('weights', () => large.weights.map((weight) => weight.name));
    await step('setWeights', () => large.setWeights(large.getWeights()));
    const json = await step('toJSON', () => large.toJSON());
    await step('fromJSON', () => modelFromJSON(json));
    await step('summary', () => large.summary(undefined, undefined, () => {}));
    await step('TensorFlow.js', () => large.save(io.withSaveHandler(() => ({}))));
    await step('ONNX', () => io.toOnnx(large));
    await step('dispose', () => large.dispose());
    for (const [what, time] of Object.entries(steps))
      assert.ok(time < MOST, `${what}: ${Math.round(time)} ms`);
  });

test('a graph is read whatever the order in which its layers and calls are listed', () => {
  const large = shared(7);
  const written = JSON.parse(large.toJSON());
  const { config } = written;
  for (const order of [config.layers, [...config.layers].reverse()]) {
    const read = modelFromJSON({ ...written, config: { ...config, layers: order } });
    read.build();
    read.setWeights(large.getWeights());
    const x = mapling.tensor([[0.5, -0.25]]);
    assert.deepEqual(read.predict(x).arraySync(), large.predict(x).arraySync());
  }
});

test('a graph with a cycle is refused, and names the call that waits for it', () => {
  const written = JSON.parse(shared(4).toJSON());
  const [, first] = written.config.layers;
  const own = structuredClone(first.inbound_nodes[1]);
  // The first call waits for the second.
  first.inbound_nodes[0] = own;
  assert.throws(() => modelFromJSON(written), {
    code: 'value',
    message: /is called on .* before that is computed: the graph has a cycle, or a layer is missing/,
  });
});
