// What `init` makes of modes and threads: where they can be had, where not, and when a worker dies.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { after, before, test } from 'node:test';
import { at } from '../../scripts/run.mjs';
import { launch } from '../browser/chromium.mjs';
import { isolation, serve } from '../browser/serve.mjs';

const { hash } = JSON.parse(readFileSync(at('tests/same_bits/golden.json'), 'utf8'));
const mounts = { '/npm/': at('dist/npm'), '/tests/': at('tests/same_bits') };
/** Starts the package in a page: `mapling`, `train(options)` and, in `workers`, every worker that is started. */
const prelude = `
  window.workers = [];
  window.Worker = class extends Worker {
    constructor(...args) {
      super(...args);
      window.workers.push(this);
    }
  };
  Object.defineProperty(navigator, 'hardwareConcurrency', { value: 3 });
  const mapling = await import('/npm/index.js');
  const { trainedHash } = await import('/tests/recipe.mjs');
  const train = (options) => trainedHash(mapling, options);`;

let browser;
const servers = {};
before(async () => {
  browser = await launch();
  servers.isolated = await serve(mounts, { headers: isolation });
  servers.plain = await serve(mounts);
  servers.broken = await serve(mounts, {
    headers: isolation,
    missing: (path) => path.endsWith('crew-worker.js'),
  });
});
after(async () => {
  await browser.close();
  for (const server of Object.values(servers)) await server.close();
});

/** What an async function's body returns in a fresh page. */
async function inPage(server, body) {
  const page = await browser.newPage();
  try {
    await page.goto(`${servers[server].origin}/tests/page.html`);
    return await page.evaluate(`(async () => { ${prelude}\n${body} })()`);
  } finally {
    await page.close();
  }
}

test('options that make no sense are refused by name, and nothing has changed', async () => {
  const { init, backend, tensor1d } = await import('../../dist/npm/index.js');
  const wrong = [
    [{ threads: 0 }, /init: threads: expected a whole number of at least 1, got 0/],
    [{ threads: -2 }, /init: threads: .* got -2/],
    [{ threads: 1.5 }, /init: threads: .* got 1.5/],
    [{ threads: Number.NaN }, /init: threads: .* got NaN/],
    [{ threads: 'two' }, /init: threads: expected a whole number or 'auto', got "two"/],
    [{ threads: null }, /init: threads: .* got null/],
    [{ mode: 'quick' }, /init: mode: expected 'exact' or 'fast', got "quick"/],
    [{ thread: 2 }, /init: unknown key "thread"/],
    [{ wasm: new Uint8Array(8), threads: 2 }, /init: wasm: only the exact module/],
  ];
  for (const [options, message] of wrong) await assert.rejects(init(options), { message });
  assert.throws(() => backend(), /not loaded yet/);
  await init();
  for (const [options, message] of wrong) {
    await assert.rejects(init({ ...options, restart: true }), { message });
  }
  await assert.rejects(init({ mode: 'fast' }), /loaded already, with mode by default; `restart: true`/);
  assert.deepEqual(tensor1d([1, 2]).add(1).arraySync(), [2, 3]);
});

test('Node goes on with one thread, exactly, and says so', async () => {
  const { init, backend } = await import('../../dist/npm/index.js');
  await init({ threads: 2, restart: true });
  const { mode, threads, isolated, notes } = backend();
  assert.deepEqual({ mode, threads, isolated }, { mode: 'exact', threads: 1, isolated: false });
  assert.match(notes.join(), /not cross-origin isolated, so there is one/);
});

test('an isolated page uses its cores, no more than there are, and says so', async () => {
  const [auto, five] = await inPage(
    'isolated',
    `await mapling.init();
    const auto = mapling.backend();
    await mapling.init({ threads: 5, restart: true });
    return [auto, mapling.backend()];`,
  );
  assert.deepEqual(auto, { mode: 'exact', threads: 3, isolated: true, notes: [] });
  assert.equal(five.threads, 3);
  assert.deepEqual(five.notes, ['threads: 5 asked for, but there are 3 cores']);
});

test('a page that is not isolated goes on with one thread, says so, and has the same bits', async () => {
  const [trained, info] = await inPage('plain', 'return [await train({ threads: 2 }), mapling.backend()];');
  assert.equal(trained, hash);
  assert.equal(info.threads, 1);
  assert.equal(info.isolated, false);
  assert.match(info.notes.join(), /not cross-origin isolated/);
});

test('an engine without SIMD is told what it takes', async () => {
  const message = await inPage(
    'plain',
    `WebAssembly.validate = () => false;
    return mapling.init().catch(({ message }) => message);`,
  );
  assert.match(message, /lacks WebAssembly SIMD; it takes Chrome 91, Firefox 89, Safari 16.4/);
});

test('the fast mode trains; an engine without relaxed SIMD uses the exact one and says so', async () => {
  const [info, trained, loss] = await inPage(
    'isolated',
    `const trained = await train({ mode: 'fast', threads: 2 });
    const { datasets, layers, sequential } = mapling;
    const { images, labels } = datasets.digits({ seed: 7, count: 600 }).train;
    const model = sequential({ seed: 1, layers: [layers.flatten({ inputShape: [28, 28, 1] }), layers.dense({ units: 10, activation: 'softmax' })] });
    model.compile({ optimizer: 'adam', loss: 'sparseCategoricalCrossentropy' });
    const { history } = await model.fit(images, labels, { epochs: 5 });
    return [mapling.backend(), trained, history.loss];`,
  );
  assert.deepEqual(info, { mode: 'fast', threads: 2, isolated: true, notes: [] });
  assert.match(trained, /^[0-9a-f]{16}$/);
  assert.ok(loss.at(-1) < 0.6 * loss[0], `losses ${loss}`);
  const [fallback, bits] = await inPage(
    'isolated',
    `const { validate } = WebAssembly;
    let asked = 0;
    // SIMD is asked for first, relaxed SIMD next.
    WebAssembly.validate = (bytes) => validate(bytes) && asked++ === 0;
    const bits = await train({ mode: 'fast', threads: 1 });
    return [mapling.backend(), bits];`,
  );
  assert.equal(fallback.mode, 'exact');
  assert.match(fallback.notes.join(), /lacks relaxed SIMD; 'exact' is used/);
  assert.equal(bits, hash);
});

test('threads cost little where other programs use all cores', async () => {
  const [one, two] = await inPage(
    'isolated',
    `const { datasets, layers, sequential } = mapling;
    const busy = URL.createObjectURL(new Blob(['for (;;);']));
    const others = Array.from({ length: ${availableParallelism()} }, () => new Worker(busy));
    const times = [];
    for (const threads of [1, 2]) {
      await mapling.init({ threads, restart: true });
      const { images, labels } = datasets.digits({ seed: 7, count: 4000 }).train;
      const model = sequential({ seed: 1, layers: [layers.flatten({ inputShape: [28, 28, 1] }), layers.dense({ units: 128, activation: 'relu' }), layers.dense({ units: 10, activation: 'softmax' })] });
      model.compile({ optimizer: 'adam', loss: 'sparseCategoricalCrossentropy' });
      const begun = performance.now();
      await model.fit(images, labels, { epochs: 12 });
      times.push(performance.now() - begun);
    }
    for (const other of others) other.terminate();
    return times;`,
  );
  // It was twenty times as long, most times, when nobody looked at how long steps take.
  assert.ok(two < 6 * one, `one thread took ${one} ms, two took ${two} ms`);
});

test('a worker that is ended from outside is reported, and the others go on to the same bits', async () => {
  const [before, info, trained] = await inPage(
    'isolated',
    `await mapling.init({ threads: 3 });
    const before = mapling.backend().threads;
    window.workers[0].terminate();
    const trained = await train();
    while (mapling.backend().threads === 3) await mapling.nextFrame();
    return [before, mapling.backend(), trained];`,
  );
  assert.equal(before, 3);
  assert.equal(info.threads, 2);
  assert.deepEqual(info.notes, ['worker 1 was ended from outside']);
  assert.equal(trained, hash);
});

test('workers that cannot be loaded are reported, and one thread goes on', async () => {
  const [info, trained] = await inPage(
    'broken',
    'const trained = await train({ threads: 3 }); return [mapling.backend(), trained];',
  );
  assert.equal(info.threads, 1);
  assert.equal(info.notes.length, 2, info.notes.join());
  assert.match(info.notes[0], /worker \d did not start \(its script could not be loaded\)/);
  assert.equal(trained, hash);
});
