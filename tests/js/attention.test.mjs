// Layers of normalisation, activation and attention with settings, masks and several inputs that keras-1.json does not
// have: Keras' numbers (tests/oracle/attention.json), first and second derivatives, models that are saved and trained.
import { close, closeNumbers, readOracle, settings, tensorOf } from './keras.mjs';
import { assert, mapling, test } from './mapling.mjs';
import { list, near } from './numbers.mjs';

const { add, grads, input, layers, model, modelFromJSON, sequential, tensor, variableGrads } = mapling;

const makerOf = (className) =>
  Object.keys(layers).find((name) => name.toLowerCase() === className.toLowerCase());
/** One as it is, several as a list. */
const single = (all) => (all.length === 1 ? all[0] : all);

for (const one of readOracle('attention.json').cases) {
  test(`${one.layer}, ${one.name}: values and gradients as Keras'`, () => {
    const layer = layers[makerOf(one.layer)](settings(one.config));
    const named = Object.entries(settings(one.named));
    const places = named.map(([, place]) => place);
    const isPlain = (_, at) => !places.includes(at);
    const masks = one.masks.filter(isPlain).map((mask) => mask && tensorOf(mask).asType('bool'));
    const call = (...inputs) => {
      const args = { ...settings(one.options) };
      for (const [name, place] of named) args[name] = inputs[place];
      if (masks.some((mask) => mask)) args.mask = single(masks);
      return [layer.apply(single(inputs.filter(isPlain)), args)].flat();
    };
    const inputs = one.inputs.map(tensorOf);
    call(...inputs);
    const start = one.weights.map(tensorOf);
    assert.deepEqual(
      layer.weights.map(({ name }) => name.split('/').slice(1).join('/')),
      one.weights.map(({ name }) => name),
    );
    layer.setWeights(start);
    const outputs = call(...inputs);
    assert.equal(outputs.length, one.outputs.length);
    for (const [at, y] of outputs.entries()) close(`output ${at}`, y, one.outputs[at], 1e-5);
    const loss = (...given) =>
      call(...given)
        .map((y, at) => y.mul(tensorOf(one.dys[at])).sum())
        .reduce((all, part) => add(all, part));
    // All gradients are of one scale; that of the bias of keys is 0 but for rounding. A mask has none.
    const masked = one.named.attention_mask;
    const free = inputs.filter((_, at) => at !== masked);
    const found = grads((...given) =>
      loss(
        ...given.slice(0, masked),
        ...(masked === undefined ? [] : [inputs[masked]]),
        ...given.slice(masked ?? inputs.length),
      ),
    )(free);
    const wanted = one.dinputs.filter((_, at) => at !== masked);
    if (start.length > 0) {
      const byName = variableGrads(() => loss(...inputs)).grads;
      found.push(...layer.weights.map(({ name }) => byName[name]));
      wanted.push(...one.dweights);
    }
    assert.deepEqual(
      found.map(({ shape }) => shape),
      wanted.map(({ shape }) => shape),
    );
    const flat = (all) => all.flatMap((one) => [...one]);
    closeNumbers(
      'gradients',
      flat(found.map((one) => one.dataSync())),
      flat(wanted.map(({ data }) => data)),
      1e-5,
    );
  });
}

/** A layer's second derivatives against differences of its first. */
function checkSecond(make, x) {
  const layer = make();
  layer.apply(x);
  const slopes = tensor(
    Array.from({ length: x.size }, (_, at) => Math.sin(at + 1)),
    x.shape,
  );
  const first = (given) =>
    grads((x) => layer.apply(x).square().sum())([given])[0]
      .mul(slopes)
      .sum();
  const [second] = grads(first)([x]);
  const values = list(x);
  values.forEach((value, at) => {
    const moved = (by) =>
      first(
        tensor(
          values.map((one, place) => (place === at ? value + by : one)),
          x.shape,
        ),
      ).dataSync()[0];
    near([(moved(0.01) - moved(-0.01)) / 0.02], [second.dataSync()[at]], 0.03);
  });
}

test('normalisations and attention can be differentiated twice', () => {
  const x = tensor([0.3, -0.8, 0.5, 0.9, -0.2, 0.1, 0.7, -0.6], [1, 2, 4]);
  checkSecond(() => layers.layerNormalization({ epsilon: 0.5 }), x);
  checkSecond(() => layers.groupNormalization({ groups: 2, epsilon: 0.5 }), x);
  checkSecond(() => layers.rmsNormalization({ epsilon: 0.5 }), x);
  checkSecond(() => layers.unitNormalization(), x);
  class Self extends layers.Layer {
    static className = 'Self';
    heads = layers.multiHeadAttention({ numHeads: 2, keyDim: 2, kernelInitializer: 'ones' });
    call(x) {
      return this.heads.apply([x, x], { useCausalMask: true });
    }
  }
  checkSecond(() => new Self(), x.mul(0.3));
});

test('a causal mask hides what comes later, and padding what is none', () => {
  const layer = layers.multiHeadAttention({ numHeads: 2, keyDim: 3 });
  const x = tensor(
    Array.from({ length: 20 }, (_, at) => Math.sin(at)),
    [1, 5, 4],
  );
  const early = x.slice([0, 0, 0], [1, 2, 4]);
  const whole = layer.apply([x, x], { useCausalMask: true });
  near(list(whole.slice([0, 0, 0], [1, 2, 4])), list(layer.apply([early, early], { useCausalMask: true })));
  const embedding = layers.embedding({ inputDim: 9, outputDim: 4, maskZero: true });
  const words = embedding.apply(tensor([[3, 5, 0, 0]], [1, 4], 'int32'));
  const [y, scores] = layer.apply([words, words], { returnAttentionScores: true });
  assert.deepEqual(scores.shape, [1, 2, 4, 4]);
  // Words that are none are looked at by nobody, and look at nothing.
  const seen = list(scores.notEqual(0).any(1));
  near(seen, [1, 1, 0, 0, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]);
  // The mask of the query goes on.
  near(list(layers.globalAveragePooling1d().apply(y)), list(y.slice([0, 0, 0], [1, 2, 4]).mean(1)));
});

test('a transformer by name is saved, read, and trains', async () => {
  const tokens = input({ shape: [6] });
  let x = layers.embedding({ inputDim: 8, outputDim: 8 }).apply(tokens);
  const hides = input({ shape: [6, 6] });
  const heads = layers.multiHeadAttention({ numHeads: 2, keyDim: 4, dropout: 0.1, name: 'heads' });
  const y = heads.apply(x, { value: x, key: x, attentionMask: hides, useCausalMask: true });
  x = layers.layerNormalization().apply(layers.add().apply([x, y]));
  const output = layers.dense({ units: 8, activation: 'softmax' }).apply(x);
  const made = model({ inputs: [tokens, hides], outputs: output });
  const json = JSON.parse(made.toJSON(null, false) && JSON.stringify(made.toJSON(null, false)));
  const written = JSON.stringify(json);
  assert.match(written, /"use_causal_mask":true/);
  assert.match(written, /"attention_mask":\{/);
  const again = modelFromJSON(made.toJSON(null, false));
  again.setWeights(made.getWeights());
  const text = Array.from({ length: 32 }, (_, at) => Array.from({ length: 6 }, (_, step) => (at + step) % 8));
  const [words, next] = [tensor(text), tensor(text.map((row) => row.map((one) => (one + 1) % 8)))];
  const all = mapling.ones([32, 6, 6]);
  near(list(again.predict([words, all])), list(made.predict([words, all])));
  made.compile({ optimizer: mapling.train.adam(0.02), loss: 'sparseCategoricalCrossentropy' });
  const { history } = await made.fit([words, all], next, { epochs: 12, batchSize: 16, verbose: 0 });
  assert.ok(history.loss.at(-1) < 0.5 * history.loss[0], `${history.loss}`);
  await made.fit([words, all], next, { epochs: 1, verbose: 0 });
});

test('dot attention is a mean of values, weighted by how alike queries and keys are', () => {
  const [query, value] = [
    tensor([[[0, 10]]]),
    tensor([
      [
        [1, 0],
        [0, 1],
      ],
    ]),
  ];
  near(list(layers.attention().apply([query, value])), [0, 1], 1e-3);
  near(list(layers.attention().apply([query.mul(0), value])), [0.5, 0.5]);
  const [y, weights] = layers.additiveAttention({ useScale: false }).apply([query.mul(0), value], {
    returnAttentionScores: true,
  });
  near(list(y), [0.5, 0.5]);
  near(list(weights), [0.5, 0.5]);
  near(
    list(layers.attention().apply([query, value], { mask: [null, tensor([[true, false]], [1, 2], 'bool')] })),
    [1, 0],
  );
});

test('what attention cannot take is refused, and says what it can', () => {
  const heads = layers.multiHeadAttention({ numHeads: 2, keyDim: 2 });
  const x = mapling.ones([1, 3, 4]);
  for (const [action, message] of [
    [() => heads.apply(x), /a query, a value and perhaps a key are expected, but there are 1 inputs/],
    [() => heads.apply([x, x, x, x]), /but there are 4 inputs/],
    [() => heads.apply([x, x], { useCasualMask: true }), /did you mean "useCausalMask"\?/],
    [() => heads.apply([x, x], { useCausalMask: 1 }), /`useCausalMask`: expected true or false/],
    [() => heads.apply(x, { value: 3 }), /value: expected a tensor or a symbol, got 3/],
    [() => heads.apply([x, x], { attentionMask: mapling.ones([2, 2]) }), /`attentionMask` must be/],
    [() => heads.apply([x, mapling.ones([1, 2, 4]), x]), /as many keys as values/],
    [() => heads.apply([x, mapling.ones([2, 3, 4])]), /as many samples of each input/],
    [() => layers.multiHeadAttention({ numHeads: 2 }), /key_dim|keyDim/],
    [() => layers.multiHeadAttention({ numHeads: 2, keyDim: 2, attentionAxes: [2] }), /attentionAxes/],
    [() => layers.attention({ scoreMode: 'product' }), /"dot" or "concat"/],
    [() => layers.attention().apply(x), /but there are 1 inputs/],
    [() => layers.attention().apply([x, x], { attentionMask: x }), /unknown key "attentionMask"/],
    [() => layers.layerNormalization({ axis: [1, 1] }).apply(x), /names axis 1 twice/],
    [() => layers.layerNormalization({ axis: 0 }).apply(x), /`axis` cannot be 0/],
    [() => layers.groupNormalization({ groups: 3 }).apply(x), /4 channels cannot be parted into 3/],
  ]) {
    assert.throws(action, message);
  }
  // Nothing is made by a call that is refused.
  const anew = layers.multiHeadAttention({ numHeads: 2, keyDim: 2 });
  assert.throws(() => anew.apply([x, x], { attentionMask: mapling.ones([1, 3, 2]) }), { code: 'shape' });
  assert.equal(anew.built, false);
});

test('initializers scale by the fans that they are told, and identity is one', () => {
  const { identity, varianceScaling } = mapling.initializers;
  near(list(identity({ gain: 2 }).apply([2, 3])), [2, 0, 0, 0, 2, 0]);
  assert.throws(() => identity().apply([2]), /\[2\] is no matrix/);
  for (const [distribution, mode, fan] of [
    ['uniform', 'fanIn', 100],
    ['normal', 'fanOut', 400],
    ['truncatedNormal', 'fanAvg', 250],
    ['untruncatedNormal', 'fanIn', 100],
  ]) {
    const values = varianceScaling({ scale: 3, mode, distribution }).apply([100, 400]);
    const variance = values.square().mean().dataSync()[0];
    near([variance / (3 / fan)], [1], 0.03);
    const largest = values.abs().max().dataSync()[0] / Math.sqrt(3 / fan);
    const bound = { uniform: Math.sqrt(3), untruncatedNormal: 6 }[distribution] ?? 2 / 0.8796;
    assert.ok(largest <= bound + 1e-3, `${distribution}: ${largest}`);
  }
  assert.throws(() => varianceScaling({ mode: 'fanUp' }).apply([2, 2]), /`mode` is unknown/);
  const made = layers.dense({
    units: 2,
    inputShape: [2],
    kernelInitializer: varianceScaling({ scale: 2, mode: 'fanOut' }),
  });
  assert.deepEqual(made.getConfig().kernelInitializer.config, {
    scale: 2,
    mode: 'fan_out',
    distribution: 'truncated_normal',
  });
  assert.equal(sequential({ layers: [made] }).countParams(), 6);
});
