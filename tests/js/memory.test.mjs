// Where tensors lie, and when their memory is freed.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { queryObjects, setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { at } from '../../scripts/run.mjs';

const mapling = await import(pathToFileURL(process.env.MAPLING_ENTRY ?? at('dist/npm/index.js')).href);
await mapling.init();
const { memory, tensor, tidy } = mapling;

const MEBIBYTE = 2 ** 20;
const values = (count, from = 0) => Float32Array.from({ length: count }, (_, at) => from + at);

/** What `action` adds to the tensors that are alive. */
function added(action) {
  const before = memory();
  action();
  const after = memory();
  return [after.numTensors - before.numTensors, after.numBytes - before.numBytes];
}

test('memory counts tensors and their bytes, and dispose frees both', () => {
  let x;
  assert.deepEqual(
    added(() => {
      x = tensor(values(100));
    }),
    [1, 400],
  );
  let view;
  assert.deepEqual(
    added(() => {
      view = x.reshape([10, 10]);
    }),
    [1, 0],
    'a view has no bytes of its own',
  );
  assert.deepEqual(
    added(() => x.dispose()),
    [-1, 0],
  );
  assert.equal(x.isDisposed, true);
  assert.deepEqual(view.sum().dataSync(), Float32Array.of(4950));
  assert.deepEqual(
    added(() => {
      view.dispose();
      view.dispose();
    }),
    [-1, -400],
  );
});

test('a disposed tensor that is used is one error that names the function', () => {
  const x = tensor([1, 2]);
  x.dispose();
  for (const [name, use] of Object.entries({
    add: () => x.add(1),
    mul: () => mapling.mul(2, x),
    dataSync: () => x.dataSync(),
    reshape: () => x.reshape([2, 1]),
    concat: () => mapling.concat([tensor([1]), x]),
    greater: () => x.greater(0),
    toString: () => String(x),
  })) {
    assert.throws(use, { message: `${name}: the tensor is disposed`, code: 'state' }, name);
  }
});

test('tidy frees what was made in it, but for what is returned, kept or a variable', () => {
  const x = tensor([1, 2, 3]);
  let [kept, variable, inner] = [];
  const before = memory().numTensors;
  const result = tidy(() => {
    inner = x.add(1);
    kept = mapling.keep(x.mul(2));
    variable = mapling.variable(inner);
    return { list: [inner.square()], other: 'text' };
  });
  assert.equal(memory().numTensors - before, 3);
  assert.equal(inner.isDisposed, true);
  assert.deepEqual([...result.list[0].dataSync()], [4, 9, 16]);
  assert.deepEqual([...kept.dataSync()], [2, 4, 6]);
  assert.deepEqual([...variable.dataSync()], [2, 3, 4]);
  mapling.dispose([result, kept, variable]);
  assert.equal(memory().numTensors, before);
});

test('tidy in tidy hands its result to the outer one, and an error frees all', () => {
  const x = tensor([1]);
  const before = memory().numTensors;
  const y = tidy('named', () => tidy(() => x.add(1)).add(tidy(() => x.add(2))));
  assert.deepEqual([...y.dataSync()], [5]);
  assert.equal(memory().numTensors - before, 1);
  const mine = new RangeError('mine');
  assert.throws(
    () =>
      tidy(() => {
        x.add(1);
        tidy(() => x.add(2));
        throw mine;
      }),
    (thrown) => thrown === mine,
  );
  assert.equal(memory().numTensors - before, 1);
  assert.throws(() => tidy('a', 1), { code: 'type', message: 'tidy: expected a function, got 1' });
});

test('of an async function tidy frees nothing, and scopes that are closed twice or out of order do no harm', async () => {
  const x = tensor([1]);
  const late = tidy(async () => {
    const y = x.add(1);
    await null;
    return y.add(1);
  });
  assert.deepEqual([...(await late).dataSync()], [3]);
  const engine = mapling.engine();
  engine.startScope();
  const [y, z] = [
    x.add(1),
    tidy(() => {
      engine.endScope();
      return x.add(2);
    }),
  ];
  assert.throws(() => engine.endScope(), { code: 'state' });
  assert.deepEqual([x.isDisposed, y.isDisposed, ...z.dataSync()], [false, true, 3]);
});

test('using disposes of a tensor where the engine knows it', () => {
  if (!Symbol.dispose) return;
  const x = tensor([1]);
  x[Symbol.dispose]();
  assert.equal(x.isDisposed, true);
});

test('a long loop that disposes of nothing stays within the budget, and old results keep their values', () => {
  const x = tensor(values(4096));
  const results = [];
  let y = x;
  for (let i = 0; i < 20_000; i++) {
    y = x.add(i);
    if (i % 1000 === 0) results.push([i, y]);
  }
  const { wasmBytes, budgetBytes } = memory();
  assert.ok(wasmBytes < budgetBytes + 32 * MEBIBYTE, `${wasmBytes} bytes`);
  for (const [i, result] of results) assert.deepEqual(result.dataSync(), values(4096, i));
  // What was moved out is brought in again when it is used.
  for (const [i, result] of results) assert.deepEqual([...result.slice(0, 2).dataSync()], [i, i + 1]);
});

test('inputs of one op stay in the core while the others are brought in', () => {
  const parts = Array.from({ length: 40 }, (_, at) => tensor(values(2 ** 17, at)));
  const joined = mapling.concat(parts.map((part) => part.add(0)));
  assert.equal(joined.size, 40 * 2 ** 17);
  assert.deepEqual([...joined.slice([39 * 2 ** 17], [3]).dataSync()], [39, 40, 41]);
  mapling.dispose([parts, joined]);
});

test('tensors in JavaScript survive a restart, those in the core are lost with one error', async () => {
  const outside = tensor([1, 2, 3]);
  const inside = outside.add(1);
  const both = tensor([4, 5]);
  both.add(1);
  await mapling.init({ restart: true });
  assert.deepEqual([...outside.mul(2).dataSync()], [2, 4, 6]);
  assert.deepEqual([...both.add(1).dataSync()], [5, 6]);
  const lost = /^Error: (mul|dataSync): this tensor was lost with the instance of mapling that it was in$/;
  assert.throws(() => inside.mul(2), lost);
  assert.throws(() => inside.dataSync(), lost);
  inside.dispose();
  const { numTensors } = memory();
  outside.dispose();
  assert.equal(memory().numTensors, numTensors - 1);
});

test('what nobody holds is freed in time', async () => {
  setFlagsFromString('--expose-gc');
  const gc = runInNewContext('gc');
  const x = tensor(values(1000));
  const before = memory().numTensors;
  for (let i = 0; i < 5000; i++) x.add(i);
  for (let turn = 0; turn < 20 && memory().numTensors - before > 100; turn++) {
    gc();
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  assert.ok(memory().numTensors - before <= 100, `${memory().numTensors - before} are left`);
});

for (const [what, use] of [
  ['disposed of', (model) => model.dispose()],
  ['only forgotten', () => undefined],
  ['disposed of with their weights read', (model) => model.getWeights() && model.dispose()],
]) {
  test(`models that were asked once and ${what} leave memory flat in a synchronous loop`, () => {
    const zeros = { units: 512, inputShape: [1024], kernelInitializer: 'zeros' };
    const one = () => {
      const model = mapling.sequential({ layers: [mapling.layers.dense(zeros)] });
      const [first] = model.predict(mapling.ones([1, 1024])).dataSync();
      use(model);
      return first;
    };
    // Two mebibytes each: what may lie in the core of models that are in use is 64.
    let sum = 0;
    for (let i = 0; i < 40; i++) sum += one();
    const { wasmBytes } = memory();
    for (let i = 0; i < 80; i++) sum += one();
    assert.equal(sum, 0);
    const more = (memory().wasmBytes - wasmBytes) / MEBIBYTE;
    assert.ok(more < 16, `${more} MiB more after 80 more models`);
  });
}

test('a weight of a layer that was disposed of says so', () => {
  const layer = mapling.layers.dense({ units: 2, inputShape: [3] });
  const model = mapling.sequential({ layers: [layer] });
  model.build();
  const [kernel] = layer.weights;
  assert.deepEqual(kernel.read().shape, [3, 2]);
  model.dispose();
  assert.throws(() => kernel.snapshot(), { code: 'state', message: /disposed of with its layer/ });
});

test('a proxy around a tensor stands for the tensor, even if it wraps what it gives', () => {
  const x = tensor([
    [1, 2],
    [3, 4],
  ]);
  const deep = {
    get(target, key, receiver) {
      const value = Reflect.get(target, key, receiver);
      return typeof value === 'object' && value !== null ? new Proxy(value, deep) : value;
    },
  };
  for (const proxy of [
    new Proxy(x.clone(), {}),
    new Proxy(x.add(0), deep),
    new Proxy(mapling.variable(x), deep),
  ]) {
    assert.deepEqual(proxy.add(proxy).arraySync(), [
      [2, 4],
      [6, 8],
    ]);
    assert.deepEqual(mapling.concat([proxy, x]).shape, [4, 2]);
    assert.deepEqual(proxy.arraySync(), x.arraySync());
    assert.deepEqual(
      mapling
        .grad((one) => one.square().sum())(proxy)
        .arraySync(),
      [
        [2, 4],
        [6, 8],
      ],
    );
    proxy.dispose();
    assert.equal(proxy.isDisposed, true);
    if (!(proxy instanceof mapling.Variable)) assert.throws(() => proxy.add(1), { code: 'state' });
  }
});

test('ids are unique, and strides and rankType are those of the shape', () => {
  const [a, b] = [mapling.zeros([2, 3, 4]), mapling.zeros([])];
  assert.notEqual(a.id, b.id);
  assert.deepEqual([a.strides, a.rankType, b.strides, b.rankType], [[12, 4], '3', [], '0']);
});

test('models that were trained by their weights and forgotten are collected in a synchronous loop', () => {
  setFlagsFromString('--expose-gc');
  const gc = runInNewContext('gc');
  const [x, y] = [mapling.ones([4, 3]), mapling.zeros([4, 1])];
  const one = () => {
    const model = mapling.sequential({ layers: [mapling.layers.dense({ units: 1, inputShape: [3] })] });
    const loss = () => mapling.losses.meanSquaredError(y, model.apply(x));
    mapling.train.sgd(0.1).minimize(loss, false, model.trainableWeights);
  };
  const left = () => {
    gc();
    return queryObjects(mapling.layers.Layer, { format: 'count' });
  };
  one();
  const before = left();
  for (let i = 0; i < 100; i++) one();
  assert.ok(left() - before < 10, `${left() - before} layers and models are left of 100 models`);
});

test('arrays in place of tensors, weights and their values are nobody’s to forget, and are not counted', () => {
  const { concat, layers, oneHot, sequential, train, where } = mapling;
  const x = tensor([[1, 2]]);
  for (const [wants, op] of [
    [1, () => x.add([3, 4])],
    [1, () => mapling.add([1, 2], [3, 4])],
    [1, () => concat([[[1]], [[2]]])],
    [1, () => oneHot([1, 2], 3)],
    [1, () => where([true, false], [1, 2], [3, 4])],
    [1, () => mapling.reshape([1, 2], [2, 1])],
    [1, () => mapling.cast([1.5], 'int32')],
    [0, () => void x.dataSync()],
  ])
    assert.equal(added(op)[0], wants, String(op));
  const model = sequential({ layers: [layers.dense({ units: 1, inputShape: [2] })] });
  model.compile({ optimizer: train.sgd(0.1), loss: 'meanSquaredError' });
  for (const look of [
    () => model.weights,
    () => model.getWeights(),
    () => model.layers[0].getWeights(),
    () => model.weights.map((weight) => weight.read()),
    () => model.evaluate([[1, 2]], [[1]]).dispose(),
    () => model.getWeights().map((weight) => weight.dispose()),
    () => model.setWeights([[[1], [2]], [3]]),
  ])
    assert.equal(added(look)[0], 0, String(look));
  assert.equal(added(() => model.getWeights().map((weight) => weight.mul(2)))[0], 2);
  assert.deepEqual([...model.getWeights()[0].dataSync()], [1, 2]);
  assert.equal(added(() => model.dispose())[0], 0);
});

test('a question whether batches fit does not make memory as large as all that they might take', async () => {
  const { call } = await import(pathToFileURL(at('dist/npm/engine/instance.js')).href);
  await mapling.init({ restart: true });
  const { layers, sequential } = mapling;
  const convolution = (filters, more) =>
    layers.conv2d({ filters, kernelSize: 3, activation: 'relu', ...more });
  const model = sequential({
    layers: [
      convolution(16, { inputShape: [28, 28, 1] }),
      layers.maxPooling2d(),
      convolution(32),
      layers.maxPooling2d(),
      layers.flatten(),
      layers.dense({ units: 10, activation: 'softmax' }),
    ],
  });
  model.compile({ optimizer: 'adam', loss: 'sparseCategoricalCrossentropy' });
  const bytes = () => call((wasm) => wasm.memoryBytes());
  const before = bytes();
  const [x, y] = [mapling.zeros([128, 28, 28, 1]), mapling.zeros([128], 'int32')];
  await model.fit(x, y, { epochs: 3, batchSize: 128, verbose: 0 });
  // Outputs of layers for a batch take 9.7 MB; six times as many, and more, were tried for, and stayed.
  const grown = bytes() - before;
  assert.ok(grown < 45e6, `memory has grown by ${grown} bytes`);
});
