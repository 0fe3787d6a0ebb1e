// A trainer's worker in a real browser: that it trains the same bits as the page, and what happens when something dies.
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { build } from 'vite';
import { at } from '../../scripts/run.mjs';
import { launch } from '../browser/chromium.mjs';
import { serve } from '../browser/serve.mjs';

/** The page's script: what the tests use, as properties of the window. */
const main = `
  const workers = [];
  window.Worker = class extends Worker {
    constructor(...args) {
      super(...args);
      workers.push(this);
    }
  };
  Object.defineProperty(navigator, 'hardwareConcurrency', { value: 2 });
  const { createTrainer } = await import('mapling/trainer');
  const mapling = await import('mapling');
  const layer = (class_name, config = {}) => ({ class_name, config });
  const network = {
    json: layer('Sequential', {
      layers: [
        layer('Flatten'),
        layer('Dense', { units: 32, activation: 'relu' }),
        layer('Dense', { units: 10, activation: 'softmax' }),
      ],
    }),
    compile: { optimizer: 'adam', loss: 'sparseCategoricalCrossentropy', metrics: ['accuracy'] },
    inputShape: [28, 28, 1],
    seed: 1,
  };
  const messageOf = (work) => work.then(() => 'no error', ({ message }) => message);
  /** The next event of a kind. */
  const next = (trainer, type, is = () => true) => new Promise((resolve) => {
    const end = trainer.subscribe((event) => {
      if (event.type !== type || !is(event)) return;
      end();
      resolve(event);
    });
  });
  const after = (trainer, step) => next(trainer, 'state', ({ state }) => state.step >= step);
  const digits = { kind: 'digits', seed: 1, count: 600 };
  Object.assign(window, { workers, createTrainer, mapling, network, messageOf, next, after, digits, ready: true });`;

let browser;
let folder;
const servers = {};
before(async () => {
  folder = mkdtempSync(join(tmpdir(), 'mapling-worker-'));
  writeFileSync(join(folder, 'index.html'), '<!doctype html><script type="module" src="./main.js"></script>');
  writeFileSync(join(folder, 'main.js'), main);
  await build({
    root: folder,
    logLevel: 'error',
    base: './',
    configFile: false,
    resolve: {
      alias: [
        { find: 'mapling/trainer', replacement: at('dist/npm/worker/trainer.js') },
        { find: /^mapling$/, replacement: at('dist/npm/index.js') },
      ],
    },
    worker: { format: 'es' },
    build: { target: 'es2022', outDir: join(folder, 'dist'), assetsInlineLimit: 0 },
  });
  writeFileSync(
    join(folder, 'dist', 'stray.js'),
    "export default () => { setTimeout(() => { throw new Error('a stray error'); }, 300); return {}; };",
  );
  // Starts the core anew such that its next batch traps once the page says so.
  writeFileSync(
    join(folder, 'dist', 'trap.js'),
    `let isDoomed = false;
    new BroadcastChannel('trap').onmessage = () => {
      isDoomed = true;
    };
    WebAssembly.Instance = new Proxy(WebAssembly.Instance, {
      construct(Instance, args) {
        const { exports } = new Instance(...args);
        const fit_run = (...args) => {
          if (!isDoomed) return exports.fit_run(...args);
          isDoomed = false;
          throw new WebAssembly.RuntimeError('unreachable');
        };
        return { exports: { ...exports, fit_run } };
      },
    });
    export default ({ init }) => init({ threads: 1, restart: true });`,
  );
  const mounts = { '/': join(folder, 'dist') };
  servers.plain = await serve(mounts);
  browser = await launch();
});
after(async () => {
  await browser?.close();
  for (const server of Object.values(servers)) await server.close();
  rmSync(folder, { recursive: true, force: true });
});

/** What an async function's body returns in a fresh page. */
async function inPage(server, body) {
  const page = await browser.newPage();
  try {
    await page.goto(`${servers[server].origin}/`);
    await page.waitForFunction(() => window.ready);
    return await page.evaluate(`(async () => { ${body} })()`);
  } finally {
    await page.close();
  }
}

test('the worker trains to the same bits as the page', async () => {
  const [there, here] = await inPage(
    'plain',
    `await mapling.init();
    const { layers } = mapling;
    const model = mapling.sequential({ seed: 5, layers: [layers.dense({ units: 3, activation: 'tanh', inputShape: [4] }), layers.dense({ units: 1 })] });
    model.compile({ optimizer: 'adam', loss: 'meanSquaredError' });
    const trainer = await createTrainer();
    await trainer.setModel(model);
    const [x, y] = [mapling.randomNormal([256, 4], 0, 1, 'float32', 1), mapling.randomNormal([256, 1], 0, 1, 'float32', 2)];
    const args = { epochs: 3, batchSize: 16 };
    const there = await trainer.fit(x, y, args);
    const here = await mapling.loadModel(await trainer.save()).then(() => model.fit(x, y, args));
    return [there.history.loss, here.history.loss];`,
  );
  assert.equal(there.length, 3);
  assert.deepEqual(there, here);
});

test('what the worker loads later is there when it is asked for: an initializer’s own seed, a ready-made callback', async () => {
  const [starts, epochs] = await inPage(
    'plain',
    `const trainer = await createTrainer();
    const layer = (class_name, config) => ({ class_name, config });
    const seeded = layer('Sequential', {
      layers: [layer('Dense', { units: 2, kernel_initializer: layer('GlorotUniform', { seed: 3 }) })],
    });
    const starts = [];
    for (const seed of [1, 2]) {
      await trainer.setModel({ json: seeded, inputShape: [3], seed, compile: { optimizer: 'sgd', loss: 'meanSquaredError' } });
      starts.push(Array.from((await trainer.weights())[0].values));
    }
    const x = { values: Float32Array.from({ length: 30 }, (_, at) => at / 30), shape: [10, 3] };
    const y = { values: new Float32Array(20), shape: [10, 2] };
    const callbacks = mapling.callbacks.earlyStopping({ monitor: 'loss', minDelta: 10, restoreBestWeights: true });
    const { epoch } = await trainer.fit(x, y, { epochs: 6, callbacks });
    return [starts, epoch];`,
  );
  assert.deepEqual(starts[0], starts[1]);
  assert.ok(starts[0].some((value) => value !== 0));
  assert.ok(epochs.length < 6);
});

test('a run that is adjusted trains to the bits of one whose optimizer is changed at the same steps', async () => {
  const [live, planned, here, anew, sizes] = await inPage(
    'plain',
    `await mapling.init();
    const { layers, train } = mapling;
    const make = () => {
      const model = mapling.sequential({ seed: 5, layers: [layers.dense({ units: 3, activation: 'tanh', inputShape: [4] }), layers.dense({ units: 1 })] });
      model.compile({ optimizer: train.momentum(0.05, 0.9), loss: 'meanSquaredError' });
      return model;
    };
    const [x, y] = [mapling.randomNormal([256, 4], 0, 1, 'float32', 1), mapling.randomNormal([256, 1], 0, 1, 'float32', 2)];
    const run = { epochs: 2, batchSize: 16, finalRate: 0.5 };
    const weights = async (trainer) => (await trainer.weights()).map(({ values }) => Array.from(values));
    const ended = (trainer) => next(trainer, 'state', ({ state }) => state.status === 'done');

    const trainer = await createTrainer();
    await trainer.setData('train', x, y);
    await trainer.setModel(make());
    await trainer.start({ ...run, paused: true });
    await trainer.step(7);
    const { step } = await trainer.adjust({ learningRate: 0.01 });
    await trainer.step(12);
    await trainer.adjust({ momentum: 0.3 });
    const end = ended(trainer);
    await trainer.resume();
    await end;
    const live = await weights(trainer);

    await trainer.setModel(make());
    const second = ended(trainer);
    await trainer.start({ ...run, adjustments: [{ step, learningRate: 0.01 }, { step: 19, momentum: 0.3 }] });
    await second;
    const planned = await weights(trainer);

    // What was planned makes way for another plan.
    await trainer.setModel(make());
    await trainer.start({ ...run, paused: true, adjustments: [{ step: 10, learningRate: 1 }] });
    await trainer.step(7);
    const wrong = await messageOf(trainer.adjust({ learningRate: 5, adjustments: [{ step: 0, learningRate: 1 }] }));
    await trainer.adjust({ learningRate: 0.01, adjustments: [{ step: 19, momentum: 0.3 }] });
    const replanned = ended(trainer);
    await trainer.resume();
    await replanned;
    const anew = [await weights(trainer), wrong];

    const model = make();
    let done = 0;
    await model.fit(x, y, { ...run, callbacks: { onBatchEnd: () => {
      done++;
      if (done === 7) model.learningRate = 0.01;
      if (done === 19) model.optimizer.setMomentum(0.3);
    } } });
    const here = model.getWeights().map(({ values }) => Array.from(values));

    // Batches of another size: the epoch is gone through once, and so is each after it.
    await trainer.setModel(make());
    await trainer.start({ ...run, epochs: 3, paused: true });
    await trainer.step(3);
    const sizes = [await trainer.adjust({ batchSize: 100 })].map(({ batch, batches }) => [batch, batches]);
    const third = ended(trainer);
    await trainer.resume();
    const { state } = await third;
    sizes.push([state.step]);
    return [live, planned, here, anew, sizes];`,
  );
  assert.deepEqual(live, here);
  assert.deepEqual(planned, here);
  assert.deepEqual(anew[0], here);
  assert.match(anew[1], /adjust: adjustments: step/);
  // 3 batches of 16, then 208 samples in 3 batches; two epochs of 256 samples in 3 batches each.
  assert.deepEqual(sizes, [[3, 6], [12]]);
});

test('orders hold in the order in which they were given, and news arrives before the answer that follows it', async () => {
  const found = await inPage(
    'plain',
    `await mapling.init();
    const { layers } = mapling;
    const model = mapling.sequential({ seed: 5, layers: [layers.dense({ units: 1, inputShape: [4] })] });
    model.compile({ optimizer: 'sgd', loss: 'meanSquaredError' });
    const trainer = await createTrainer();
    await trainer.setData('train', mapling.randomNormal([256, 4], 0, 1, 'float32', 1), mapling.zeros([256, 1]));
    await trainer.setModel(model);
    let told;
    trainer.subscribe((event) => { if (event.type === 'state') told = event.state.status; });
    const statuses = [];
    const note = () => statuses.push(told);
    for (let round = 0; round < 20; round++) {
      // The run has not begun when it is paused, and stopped.
      await Promise.all([trainer.start({ epochs: 10000 }), trainer.pause().then(note)]);
      await trainer.resume().then(note);
      await Promise.all([trainer.pause(), trainer.resume(), trainer.pause().then(note)]);
      await Promise.all([trainer.stop(), trainer.start({ epochs: 10000 }), trainer.stop().then(note)]);
    }
    trainer.terminate();
    return statuses;
  `,
  );
  assert.deepEqual(found, Array(20).fill(['paused', 'training', 'paused', 'ready']).flat());
});

test('an adjustment that cannot hold is refused, and nothing has changed', async () => {
  const [said, rate, tells] = await inPage(
    'plain',
    `const trainer = await createTrainer();
    const { train } = await trainer.digits.load(digits);
    await trainer.setModel(network);
    const said = [await messageOf(trainer.adjust({ learningRate: 1 }))];
    await trainer.start({ epochs: 5, paused: true });
    for (const wrong of [{ momentum: 0.5 }, { learningRate: -1, batchSize: 8 }, { batchSize: 0 }, { lerningRate: 1 }, { momentum: 1 }])
      said.push(await messageOf(trainer.adjust(wrong)));
    said.push(await messageOf(trainer.start({ adjustments: [{ step: 3, learningRate: 1 }, { step: 3, batchSize: 1 }] })));
    const { batches } = await trainer.step();
    const { compile } = await trainer.save();
    // A run that was adjusted is kept with its new settings, and goes on with these.
    await trainer.adjust({ batchSize: 60 });
    await trainer.step(2);
    const file = await trainer.checkpoint();
    await trainer.step(3);
    const straight = Array.from((await trainer.weights())[0].values);
    await trainer.stop();
    await trainer.setModel(file);
    const old = await messageOf(trainer.start({ epochs: 5, resume: true }));
    await trainer.start({ epochs: 5, batchSize: 60, resume: true, paused: true });
    await trainer.step(3);
    const resumed = Array.from((await trainer.weights())[0].values);
    return [said, [compile.optimizer.config?.learningRate, batches, Math.ceil(train / 32)], [old, String(straight) === String(resumed)]];`,
  );
  const wanted = [
    /there is no training under way/,
    /momentum: Adam has none to change/,
    /learningRate: expected at least 0/,
    /batchSize: expected a whole number of at least 1/,
    /did you mean "learningRate"/,
    /momentum: expected a number from 0 to less than 1/,
    /adjustments: step: expected a whole number of at least 4/,
  ];
  assert.equal(said.length, wanted.length);
  for (const [at, pattern] of wanted.entries()) assert.match(said[at], pattern);
  assert.equal(rate[0], undefined);
  assert.equal(rate[1], rate[2]);
  assert.match(tells[0], /batchSize: the run had 60/);
  assert.ok(tells[1]);
});

test('a step that is told of from within trains to the same bits, and tells what it did', async () => {
  const [told, alone, tale] = await inPage(
    'plain',
    `const trainer = await createTrainer();
    await trainer.digits.load(digits);
    const weights = async () => (await trainer.weights()).map(({ values }) => Array.from(values));
    const run = { epochs: 2, batchSize: 200, augment: { rotation: 0.05, shift: 0.1 }, paused: true };
    const noisy = structuredClone(network);
    noisy.json.config.layers.splice(1, 0, { class_name: 'Dropout', config: { rate: 0.2 } });
    await trainer.setModel(noisy);
    await trainer.start(run);
    const steps = [];
    const before = await weights();
    for (let step = 0; step < 4; step++) steps.push(await trainer.digits.stepInside());
    const told = await weights();
    await trainer.stop();
    await trainer.setModel(noisy);
    await trainer.start(run);
    await trainer.step(4);
    const alone = await weights();
    const [first] = steps;
    const moved = first.layers[0].weights[0];
    const at = moved.farthest[0].at;
    return [told, alone, {
      steps: steps.map(({ step, indices, labels, loss }) => [step, indices.length, labels.length, loss]),
      before: before[0][at] === moved.farthest[0].before,
      change: first.first.change[at] === Math.fround(moved.farthest[0].after - moved.farthest[0].before),
      indices: [...first.indices].every((index, place, all) => all.indexOf(index) === place),
      names: first.layers.map(({ name, className, weights }) => [className, weights.length]),
    }];`,
  );
  assert.deepEqual(told, alone);
  assert.deepEqual(
    tale.steps.map(([step, shown, labels]) => [step, shown, labels]),
    [1, 2, 3, 4].map((step) => [step, 32, 32]),
  );
  assert.ok(tale.steps.every(([, , , loss]) => loss > 0.5 && loss < 5));
  assert.deepEqual(tale.names, [
    ['Dense', 2],
    ['Dense', 2],
  ]);
  assert.ok(tale.before && tale.change && tale.indices);
});

test('a plan tells shapes, numbers and work, up to the layer that cannot be; health counts units that are dead', async () => {
  const [plan, bad, health] = await inPage(
    'plain',
    `const trainer = await createTrainer();
    const conv = layer => ({ class_name: 'Conv2D', config: { filters: 4, kernelSize: 5, ...layer } });
    const json = (...layers) => ({ class_name: 'Sequential', config: { layers } });
    const inputShape = [28, 28, 1];
    const plan = await trainer.plan({ json: json(conv({}), { class_name: 'Flatten', config: {} }, { class_name: 'Dense', config: { units: 10 } }), inputShape });
    const bad = await trainer.plan({ json: json(conv({}), conv({ kernelSize: 25 })), inputShape });
    await trainer.digits.load(digits);
    await trainer.setModel(network);
    // The first three units can never answer.
    const all = await trainer.weights();
    const bias = all[1].values.map((value, at) => at < 3 ? -1e6 : value);
    await trainer.setWeights([all[0], { ...all[1], values: bias }, ...all.slice(2)]);
    return [plan, bad, await trainer.digits.health()];`,
  );
  assert.deepEqual(
    plan.layers.map(({ outputShape, params, multiplyAdds }) => [outputShape, params, multiplyAdds]),
    [
      [[24, 24, 4], 104, 57_600],
      [[2304], 0, 0],
      [[10], 23_050, 23_040],
    ],
  );
  assert.deepEqual([plan.params, plan.multiplyAdds, plan.refused], [23_154, 80_640, undefined]);
  assert.equal(bad.layers.length, 1);
  assert.equal(bad.refused.layer, 1);
  assert.equal(bad.refused.code, 'shape');
  assert.equal(health.layers.length, 2);
  assert.ok(health.layers[0].dead >= 3 && health.layers[0].units === 32);
  assert.equal(health.layers[1].dead, 0);
  assert.ok(health.layers.every(({ weightSize, gradientSize }) => weightSize > 0 && gradientSize > 0));
});

test('a worker that dies is started anew with the model of the last checkpoint and the digits, and says so', async () => {
  const found = await inPage(
    'plain',
    `const trainer = await createTrainer();
    await trainer.digits.load(digits);
    await trainer.setModel(network);
    await trainer.setData('more', { values: new Float32Array(784), shape: [1, 28, 28, 1] }, Int32Array.of(3));
    await trainer.start({ epochs: 100000 });
    await after(trainer, 30);
    const { step } = await trainer.pause();
    const before = (await trainer.evaluate('test')).logs;
    const told = next(trainer, 'restarted');
    await trainer.resume();
    const predicting = messageOf(trainer.predict({ values: new Float32Array(784 * 50000), shape: [50000, 28, 28, 1] }));
    workers[0].terminate();
    const { lost, reason, step: from } = await told;
    const after_ = (await trainer.evaluate('test')).logs;
    const missing = await messageOf(trainer.evaluate('more'));
    await trainer.start({ epochs: 100000 });
    const { state } = await after(trainer, step + 20);
    trainer.terminate();
    return { step, from, lost, reason, before, after: after_, missing, predicting: await predicting, later: state.step };`,
  );
  assert.ok(found.step >= 30);
  assert.equal(found.from, found.step);
  assert.deepEqual(found.lost, ['more']);
  assert.deepEqual(found.after, found.before);
  assert.match(found.reason, /closed, or the browser ended it/);
  assert.match(found.predicting, /the worker has died .* another one takes its place/);
  assert.match(found.missing, /there is no data set "more"; there are train, test/);
  assert.ok(found.later >= found.step + 20);
});

test('a run whose worker dies goes on with the next one, to the bits of a run that nobody ended', async () => {
  const found = await inPage(
    'plain',
    `const run = { epochs: 3, batchSize: 16, augment: { shift: 0.1 } };
    const hash = (bytes) => bytes.reduce((sum, byte) => (Math.imul(sum, 31) + byte) | 0, 7);
    const straight = await createTrainer();
    await straight.digits.load(digits);
    await straight.setModel(network);
    const over = next(straight, 'state', ({ state }) => state.status === 'done');
    await straight.start(run);
    await over;
    const wanted = await straight.checkpoint();
    straight.terminate();
    const trainer = await createTrainer();
    await trainer.digits.load(digits);
    await trainer.setModel(network);
    await trainer.start(run);
    await after(trainer, 20);
    const { step } = await trainer.pause();
    const told = next(trainer, 'restarted');
    workers.at(-1).terminate();
    const { step: from } = await told;
    const ended = next(trainer, 'state', ({ state }) => state.status === 'done');
    await trainer.start({ ...run, resume: true });
    await ended;
    const file = await trainer.checkpoint();
    await mapling.init();
    const page = await mapling.io.fromCheckpoint(file);
    trainer.terminate();
    return { step, from, wanted: hash(wanted), found: hash(file), layers: page.layers.length };`,
  );
  assert.equal(found.from, found.step);
  assert.equal(found.found, found.wanted);
  assert.equal(found.layers, 3);
});

test('a worker that is closed while nobody asks is noticed too, and pause is answered', async () => {
  const [status, reason] = await inPage(
    'plain',
    `const trainer = await createTrainer();
    await trainer.setModel(network);
    const told = next(trainer, 'restarted');
    workers[0].terminate();
    const paused = await trainer.pause().catch(() => trainer.pause());
    return [paused.status, (await told).reason];`,
  );
  assert.equal(status, 'ready');
  assert.match(reason, /closed/);
});

test('a load that comes too late or fails leaves data and training alone', async () => {
  const found = await inPage(
    'plain',
    `const trainer = await createTrainer();
    await trainer.digits.load(digits);
    await trainer.setModel(network);
    await trainer.start({ epochs: 100000 });
    const failed = await messageOf(trainer.digits.load({ kind: 'mnist', url: './nowhere/' }));
    const first = messageOf(trainer.digits.load({ kind: 'mnist', url: './nowhere/' }));
    const second = trainer.digits.load({ kind: 'digits', seed: 2, count: 900 });
    const info = await second;
    const { status, step } = await trainer.pause();
    return { failed, first: await first, count: info.train, status, step };`,
  );
  assert.match(found.failed, /nowhere/);
  assert.match(found.first, /nowhere|other digits were asked for meanwhile/);
  assert.equal(found.count, 900);
  assert.equal(found.status, 'paused');
  assert.ok(found.step > 0);
});

test('files are turned and fitted as they are asked to be, and a refusal crosses with what is wrong', async () => {
  const found = await inPage(
    'plain',
    `const trainer = await createTrainer();
    await trainer.digits.load(digits);
    const idx = (shape, values) => Uint8Array.from(
      [0, 0, 8, shape.length, ...shape.flatMap((size) => [24, 16, 8, 0].map((bits) => size >>> bits)), ...values]);
    // A bar at the top of 32 × 32 pixels, which turned is one at the left.
    const bar = Array.from({ length: 2 * 1024 }, (_, at) => ((at % 1024) >= 96 && (at % 1024) < 224 && at % 32 > 3 && at % 32 < 28 ? 255 : 0));
    const files = [new File([idx([2, 32, 32], bar)], 'emnist-images'), new File([idx([2], [4, 11])], 'emnist-labels')];
    const plain = await trainer.digits.load({ kind: 'files', files });
    const info = await trainer.digits.load({ kind: 'files', files, fit: true, turn: 'by name' });
    const { pixels } = await trainer.digits.images([0], 'test');
    const upright = await trainer.digits.load({ kind: 'files', files, fit: true });
    const refusal = await trainer.digits.load({ kind: 'files', files: [new File(['hello'], 'words.txt')] })
      .then(() => 'taken', ({ code, refusal }) => ({ code, refusal }));
    const column = (x) => Array.from({ length: 28 }, (_, y) => pixels[28 * y + x]).filter((ink) => ink > 128).length;
    return { plain, info, upright, refusal, columns: Array.from({ length: 28 }, (_, x) => column(x)) };`,
  );
  const common = { name: 'file', train: 1, test: 1, classes: 12 };
  assert.deepEqual(found.plain, { ...common, imageShape: [32, 32] });
  const fitted = { ...common, imageShape: [28, 28], fittedFrom: [32, 32] };
  assert.deepEqual(found.info, { ...fitted, turned: true });
  assert.deepEqual(found.upright, fitted);
  assert.deepEqual(found.refusal, {
    code: 'format',
    refusal: { why: 'kind', file: 'words.txt', looks: 'text' },
  });
  const inked = found.columns.filter((count) => count > 0);
  assert.ok(inked.length <= 4 && Math.max(...inked) >= 18, `a bar that stands: ${found.columns}`);
});

test('an error that nothing caught in the worker is news, and the worker goes on', async () => {
  const [message, loss] = await inPage(
    'plain',
    `const trainer = await createTrainer({ modules: ['./stray.js'] });
    const { message } = await next(trainer, 'error');
    await trainer.digits.load(digits);
    await trainer.setModel(network);
    return [message, (await trainer.evaluate('test')).logs.loss];`,
  );
  assert.match(message, /a stray error/);
  assert.ok(loss > 0);
});

test('a core that traps is started anew inside the worker, with the model of the last checkpoint; data stay', async () => {
  const found = await inPage(
    'plain',
    `const trainer = await createTrainer({ modules: ['./trap.js'] });
    await trainer.digits.load(digits);
    await trainer.setModel(network);
    await trainer.setData('more', { values: new Float32Array(784), shape: [1, 28, 28, 1] }, Int32Array.of(3));
    const told = next(trainer, 'restarted');
    await trainer.start({ epochs: 100000 });
    await after(trainer, 30);
    new BroadcastChannel('trap').postMessage('');
    const { lost, reason, step } = await told;
    const { logs } = await trainer.evaluate('more');
    await trainer.start({ epochs: 100000 });
    const { state } = await after(trainer, step + 20);
    return { lost, reason, step, loss: logs.loss, later: state.step };`,
  );
  assert.match(found.reason, /mapling (has )?stopped.*unreachable/);
  assert.deepEqual(found.lost, []);
  assert.ok(found.loss > 0);
  assert.ok(found.later >= found.step + 20);
});

test('a script that cannot be loaded, and a worker that dies again and again, end in one error', async () => {
  const [missing, last, later] = await inPage(
    'plain',
    `const missing = await messageOf(createTrainer({ worker: () => new Worker('./missing.js', { type: 'module' }) }));
    const trainer = await createTrainer();
    const failing = next(trainer, 'error', ({ message }) => /times in a row/.test(message));
    // Each is ended as soon as it has taken the place of the one before.
    const end = trainer.subscribe(({ type }) => type === 'restarted' && workers.at(-1).terminate());
    workers.at(-1).terminate();
    const { message } = await failing;
    end();
    return [missing, message, await messageOf(trainer.pause())];`,
  );
  assert.match(missing, /createTrainer: the worker failed: its script could not be loaded/);
  assert.match(last, /the worker has died 4 times in a row/);
  assert.match(later, /times in a row/);
});

test('class activation of maps that only a linear layer follows adds up to the score, for and against', async () => {
  const { gained, wanted, least, most } = await inPage(
    'plain',
    `const trainer = await createTrainer();
    await trainer.digits.load(digits);
    const layer = (class_name, config = {}) => ({ class_name, config });
    const layers = [
      layer('Conv2D', { filters: 4, kernel_size: 3, padding: 'same', activation: 'relu' }),
      layer('Flatten'),
      layer('Dense', { units: 10, activation: 'softmax' }),
    ];
    await trainer.setModel({ ...network, json: layer('Sequential', { layers }) });
    await trainer.start({ epochs: 1 });
    await next(trainer, 'state', ({ state }) => state.status === 'done');
    const of = { set: 'train', index: 5 };
    const sums = [];
    const values = [];
    for (const ofClass of [3, 4]) {
      const found = await trainer.digits.explain(of, 'activation', { class: ofClass });
      sums.push(found.values.reduce((all, one) => all + one, 0));
      values.push(...found.values);
      sums.probabilities = found.probabilities;
    }
    const bias = (await trainer.weights(2))[1].values;
    const p = sums.probabilities;
    trainer.terminate();
    return {
      gained: sums[0] - sums[1],
      wanted: Math.log(p[3]) - Math.log(p[4]) - (bias[3] - bias[4]),
      least: Math.min(...values),
      most: Math.max(...values),
    };`,
  );
  assert.ok(Math.abs(gained - wanted) < 1e-3, `${gained} and ${wanted}`);
  assert.ok(least < 0 && most > 0);
});

test('the worker tells what happens inside the model, and why it reads a picture as it does', async () => {
  const found = await inPage(
    'plain',
    `const trainer = await createTrainer();
    await trainer.digits.load(digits);
    await trainer.setModel(network);
    await trainer.start({ epochs: 2 });
    await next(trainer, 'state', ({ state }) => state.status === 'done');
    const of = { set: 'train', index: 5 };
    const inside = await trainer.digits.inspect(of, { class: 3 });
    const sum = (values) => values.reduce((all, one) => all + one, 0);
    const integrated = await trainer.digits.explain(of, 'integrated', { class: 3 });
    const blank = await trainer.predict(mapling.zeros([1, 28, 28, 1]));
    const nearest = await trainer.digits.explain(of, 'nearest');
    const occluded = await trainer.digits.explain(of, 'occlusion');
    const refused = [
      await messageOf(trainer.digits.explain(of, 'activation')),
      await messageOf(trainer.digits.explain(of, 'magic')),
      await messageOf(trainer.digits.inspect({ set: 'test', index: 1e6 })),
      await messageOf(trainer.digits.inspect(of, { class: 10 })),
      await messageOf(trainer.digits.inspect(3)),
    ];
    const logits = (p) => Math.log(p[3]) - Math.log(p[4]);
    const other = await trainer.digits.explain(of, 'integrated', { class: 4 });
    const kernel = (await trainer.weights(2))[0].values;
    trainer.terminate();
    return {
      names: inside.layers.map(({ name, shape }) => [name, ...shape]),
      ends: Array.from(inside.layers.at(-1).values, (v, at) => v - inside.probabilities[at]),
      column: Array.from(inside.layers[1].gradient, (v, at) => v - kernel[at * 10 + 3]),
      flat: inside.gradient.length,
      // Gradients along the way add up to what the score has gained; differences of scores are those of logarithms.
      gained: [sum(integrated.values) - sum(other.values), logits(inside.probabilities) - logits(blank.values)],
      nearest: nearest.nearest.map(({ distance }) => distance),
      self: nearest.nearest[0].index,
      looked: nearest.looked,
      occluded: [occluded.values.length, Math.max(...occluded.values) > 0],
      refused,
    };`,
  );
  assert.deepEqual(
    found.names.map(([, ...shape]) => shape),
    [[784], [32], [10]],
  );
  assert.ok(found.ends.every((difference) => difference === 0));
  assert.ok(found.column.every((difference) => Math.abs(difference) < 1e-6));
  assert.equal(found.flat, 784);
  const [gained, wanted] = found.gained;
  assert.ok(Math.abs(gained - wanted) < 0.03 * Math.max(1, Math.abs(wanted)), `${found.gained}`);
  assert.equal(found.self, 5);
  assert.equal(found.nearest[0], 0);
  assert.ok(found.nearest.every((distance, at) => at === 0 || distance >= found.nearest[at - 1]));
  assert.equal(found.looked, 600);
  assert.deepEqual(found.occluded, [784, true]);
  const [way, name, index, ofClass, picture] = found.refused;
  assert.match(way, /only networks with convolutions/);
  assert.match(
    name,
    /way: expected one of gradient, integrated, occlusion, activation, nearest, got "magic"/,
  );
  assert.match(index, /there is no picture 1000000/);
  assert.match(ofClass, /expected a class below 10, got 10/);
  assert.match(picture, /expected \{ strokes \}, \{ set, index \} or \{ pixels \}, got 3/);
});
