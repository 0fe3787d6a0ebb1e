// How a trainer begins, and what it refuses.
import { pathToFileURL } from 'node:url';
import { at } from '../../scripts/run.mjs';
import { assert, test } from './mapling.mjs';
import { createTrainer, line, linear, refused, started, withTrainer } from './trainer_here.mjs';

test('mistakes are told by name, with a code, and change nothing', async () => {
  await withTrainer(async (trainer) => {
    await refused(trainer.predict([[1, 2]]), 'state', /predict: there is no model yet/);
    await trainer.setModel(linear());
    await refused(trainer.start(), 'name', /start: data: there is no data set "train"; there are none yet/);
    const { x, y } = line();
    await trainer.setData('train', x, y);
    await refused(trainer.start({ epochs: -1 }), 'value', /^start: epochs: expected a whole number/);
    await refused(trainer.start({ epoch: 3 }), 'name', /unknown key "epoch"; did you mean "epochs"/);
    await refused(trainer.start({ evaluateEvery: 2 }), 'value', /evaluateEvery: needs evaluateOn/);
    await refused(
      trainer.start({ evaluateOn: 'tset' }),
      'name',
      /there is no data set "tset"; there are train/,
    );
    await refused(trainer.setModel({ json: 'nonsense' }), 'format', /setModel: this is not JSON/);
    await refused(trainer.setModel(null), 'type', /setModel: expected a model/);
    await refused(trainer.setData('a', 'text'), 'type', /setData: x: expected a tensor/);
    const some = new Float32Array(4);
    await refused(trainer.setData('a', { values: some, shape: [-2, -2] }), 'shape', /whole numbers/);
    await refused(trainer.predict({ values: some, shape: [2, 2], dtype: 'bytes' }), 'type', /dtype/);
    await refused(trainer.predict(some, { sginal: 1 }), 'name', /did you mean "signal"/);
    await refused(trainer.fit(x, y, { epochs: () => 1 }), 'type', /fit: epochs/);
    await refused(trainer.fit(some, some, { callbacks: { onEpochEndd() {} } }), 'name', /onEpochEndd/);
    await refused(trainer.setModel({ json: '{}', foo: 1 }), 'name', /setModel: unknown key "foo"/);
    await refused(trainer.digits.read(5), 'type', /digits.read/);
    await refused(createTrainer({ modules: 5 }), 'type', /createTrainer: modules/);
    await refused(
      trainer.setData('a', { values: new Float32Array(3), shape: [2, 2] }),
      'shape',
      /3 values do not make up shape \[2,2\]/,
    );
    const own = linear();
    own.compile({ optimizer: 'sgd', loss: (truth, guess) => truth.sub(guess).square() });
    await refused(trainer.setModel(own), 'type', /setModel: loss: a function stays in this page/);
    // The model and the data are those of before.
    assert.equal((await trainer.evaluate('train')).data, 'train');
    await trainer.start({ epochs: 100_000 });
    await refused(trainer.start(), 'state', /start: the model is being trained; stop that first/);
    await refused(trainer.setModel(linear()), 'state', /setModel: the model is being trained/);
    await refused(trainer.evaluate(x, y), 'type', /evaluate: expected the name of a data set/);
    await refused(trainer.digits.read([[[0, 0]]]), 'shape', /the model takes \[2\]/);
    assert.equal((await trainer.pause()).status, 'paused');
  });
});

test('a worker that never begins, or whose module never ends loading, is given up after a while', async () => {
  const silent = () => {
    const { port1 } = new MessageChannel();
    return Object.assign(port1, { terminate: () => port1.close() });
  };
  const begun = performance.now();
  await refused(
    createTrainer({ worker: silent, patience: 100 }),
    'state',
    /^createTrainer: the worker has not begun within 0.1 s/,
  );
  const endless = 'data:text/javascript,await new Promise(() => {})';
  await refused(
    started({ modules: [endless], patience: 300 }),
    'state',
    /^createTrainer: the worker has not begun within 0.3 s/,
  );
  assert.ok(performance.now() - begun < 20_000);
  await refused(createTrainer({ worker: silent, patience: -1 }), 'value', /^createTrainer: patience/);
});

test('in Node a trainer has a thread, which takes the module from an address or as bytes', async () => {
  const file = pathToFileURL(at('dist/npm/wasm/mapling_bg.wasm'));
  const { readFile } = await import('node:fs/promises');
  const bytes = await readFile(file);
  for (const wasm of [undefined, file, file.href, bytes, await WebAssembly.compile(bytes)]) {
    const trainer = await createTrainer({ wasm });
    assert.deepEqual((await trainer.backend()).threads, 1);
    trainer.terminate();
  }
});

test('workers and modules that cannot be are refused before anything is started', async () => {
  const said = (options) =>
    createTrainer(options).then(
      (trainer) => {
        trainer.terminate();
        return 'no error';
      },
      ({ code, message }) => `${code} ${message}`,
    );
  const { proxy, revoke } = Proxy.revocable({}, {});
  revoke();
  for (const [options, message] of [
    [{ worker: 7 }, /^type createTrainer: worker: expected an address or a function, got 7/],
    [{ worker: proxy }, /^type createTrainer: worker: expected an address or a function/],
    [{ worker: './worker.js' }, /^state createTrainer: there are no web workers here/],
    [{ wasm: 7 }, /^type createTrainer: wasm: expected an address, bytes or a WebAssembly.Module, got 7/],
    [{ wasm: proxy }, /^type createTrainer: wasm: expected an address/],
    [{ wasm: 'not an address' }, /^value createTrainer: wasm: expected an address, got "not an address"/],
    [{ wasm: 'file:///nowhere.wasm' }, /^state init: the WebAssembly module could not be loaded \(ENOENT/],
    [{ wasm: Uint8Array.of(1, 2, 3) }, /^state init: the WebAssembly module could not be loaded/],
    [{ wsm: 7 }, /^name createTrainer: unknown key "wsm"; did you mean "wasm"\?/],
  ])
    assert.match(await said(options), message);
});
