import assert from 'node:assert/strict';
import { execFile, execFileSync, spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { gzipSync } from 'node:zlib';
import { at } from '../../scripts/run.mjs';
import { launch } from '../browser/chromium.mjs';
import { isolation, serve } from '../browser/serve.mjs';
import { withoutMnist } from '../mnist.mjs';
import { installPacked } from './packed.mjs';

let installed;
before(() => {
  installed = installPacked();
});
after(() => installed.remove());

/** Learns the exclusive or; the same text runs in Node and in a page. */
const learnXor = `
  await init();
  await init();
  const x = tensor2d([[0, 0], [0, 1], [1, 0], [1, 1]]);
  const y = tensor2d([[0], [1], [1], [0]]);
  const model = sequential({ seed: 3 });
  model.add(layers.dense({ units: 8, activation: 'tanh', inputShape: [2] }));
  model.add(layers.dense({ units: 1, activation: 'sigmoid' }));
  model.compile({ optimizer: train.adam(0.1), loss: 'binaryCrossentropy' });
  const { history } = await model.fit(x, y, { epochs: 200, batchSize: 4 });
  const restored = await loadModel(await model.save());
  const result = {
    loss: history.loss.at(-1),
    guesses: Array.from(model.predict(x).dataSync(), Math.round),
    same: String(restored.predict(x).dataSync()) === String(model.predict(x).dataSync()),
    bytes: memory().numBytes,
  };`;
const names = 'init, layers, loadModel, memory, sequential, tensor2d, train';

function hasLearned({ loss, guesses, same, bytes }) {
  assert.ok(loss < 0.05, `loss ${loss}`);
  assert.deepEqual(guesses, [0, 1, 1, 0]);
  assert.ok(same, 'a saved and loaded model answers differently');
  assert.ok(bytes > 0);
}

test('the tarball holds code, types, wasm, licences and a readme, and no sources', () => {
  const { files } = installed;
  for (const wanted of [
    'index.js',
    'index.d.ts',
    'auto.js',
    'auto.d.ts',
    'vendor/papaparse.js',
    'worker/trainer.js',
    'worker/trainer.d.ts',
    'worker/worker.js',
    'worker/thread-worker.js',
    'cjs/index.cjs',
    'cjs/auto.cjs',
    'cjs/trainer.cjs',
    'engine/crew-worker.js',
    'wasm/mapling_bg.wasm',
    'wasm/threads_bg.wasm',
    'wasm/fast_bg.wasm',
    'wasm/fast_threads_bg.wasm',
    'README.md',
    'docs/COMPATIBILITY.md',
    'docs/FILES.md',
    'docs/PACKAGE.md',
    'LICENSE-MIT',
    'LICENSE-APACHE',
    'package.json',
  ]) {
    assert.ok(files.includes(wanted), `${wanted} is missing`);
  }
  const odd = files.filter((name) => !/\.(c?js|d\.ts|wasm|md)$|(^|\/)LICENSE-|^package\.json$/.test(name));
  assert.deepEqual(odd, []);
});

test('in Node a model trains, is saved and loaded', () => {
  installed.write(
    'xor.mjs',
    `import { ${names} } from 'mapling';${learnXor}\nconsole.log(JSON.stringify(result));`,
  );
  const printed = execFileSync(process.execPath, ['xor.mjs'], { cwd: installed.folder, encoding: 'utf8' });
  hasLearned(JSON.parse(printed));
});

test('mapling/auto is ready when it is imported, and has everything', () => {
  installed.write(
    'auto.mjs',
    `import * as tf from 'mapling/auto';
    import * as all from 'mapling';
    const missing = Object.keys(all).filter((name) => tf[name] !== all[name]);
    const csv = await tf.data.csv('a,b\\n1,2\\n').toArray();
    const model = tf.sequential({ layers: [tf.layers.dense({ units: 1, inputShape: [1], name: 'only' })] });
    const onnx = Buffer.from(await tf.io.toOnnx(model)).includes('only/MatMul');
    console.log(JSON.stringify([missing, tf.add(1, 2).arraySync(), csv, onnx]));`,
  );
  const printed = execFileSync(process.execPath, ['auto.mjs'], { cwd: installed.folder, encoding: 'utf8' });
  assert.deepEqual(JSON.parse(printed), [[], 3, [{ a: 1, b: 2 }], true]);
});

test('programs for TensorFlow.js in TypeScript compile with the import changed, and run', () => {
  cpSync(at('tests/package/programs'), join(installed.folder, 'typed'), { recursive: true });
  const tsc = (...args) =>
    spawnSync(process.execPath, [at('node_modules/typescript/bin/tsc'), ...args], {
      cwd: installed.folder,
      encoding: 'utf8',
    });
  const options = ['--strict', '--target', 'es2022', '--lib', 'es2023,dom,dom.iterable', '--types', ''];
  const names = readdirSync(join(installed.folder, 'typed'));
  const files = names.map((name) => `typed/${name}`);
  const bundled = ['--module', 'esnext', '--moduleResolution', 'bundler', '--noEmit'];
  for (const more of [bundled, ['--module', 'nodenext', '--outDir', 'compiled']]) {
    const { status, stdout } = tsc(...options, ...more, ...files);
    assert.equal(status, 0, stdout);
  }
  for (const name of names) {
    const program = join('compiled', name.replace('.ts', '.js'));
    execFileSync(process.execPath, [program], { cwd: installed.folder, encoding: 'utf8' });
  }
  installed.write(
    'ranks.ts',
    "import * as tf from 'mapling/auto';\nconst one: tf.Tensor1D = tf.tensor([1]) as tf.Tensor2D;\nconsole.log(one);",
  );
  const { stdout } = tsc(...options, '--noEmit', '--module', 'nodenext', 'ranks.ts');
  assert.match(stdout, /ranks\.ts.*Type 'Tensor2D' is not assignable to type 'Tensor1D'/);
});

test('in Node MNIST comes from a folder or a server, and what is wrong with a file is said by name', async () => {
  const idx = (shape, values) => {
    const sizes = shape.flatMap((size) => [0, 0, size >> 8, size & 255]);
    return gzipSync(Uint8Array.from([0, 0, 8, shape.length, ...sizes, ...values]));
  };
  mkdirSync(join(installed.folder, 'mnist'));
  for (const name of ['train', 't10k']) {
    installed.write(`mnist/${name}-images-idx3-ubyte.gz`, idx([2, 1, 2], [0, 51, 102, 255]));
    installed.write(`mnist/${name}-labels-idx1-ubyte.gz`, idx([2], [3, 7]));
  }
  installed.write(
    'mnist.mjs',
    `import { datasets, init } from 'mapling';
    await init();
    const options = JSON.parse(process.argv[2]);
    try {
      const { train, test } = await datasets.mnist(options);
      console.log(JSON.stringify([[...train.images.values], [...test.labels.values]]));
    } catch ({ message }) {
      console.log(message);
    }`,
  );
  const read = async (options) => {
    const { stdout } = await promisify(execFile)(process.execPath, ['mnist.mjs', JSON.stringify(options)], {
      cwd: installed.folder,
    });
    return stdout.trim();
  };
  const right = JSON.stringify([Array.from(Float32Array.of(0, 51 / 255, 102 / 255, 1)), [3, 7]]);
  assert.equal(await read({ url: pathToFileURL(join(installed.folder, 'mnist')) }), right);
  const server = await serve({ '/data/': join(installed.folder, 'mnist') }, { version: () => '"1"' });
  const url = `${server.origin}/data/`;
  try {
    assert.equal(await read({ url, cache: true }), right, 'Node has no storage to keep files in');
    assert.match(
      await read({ url, cache: 'yes' }),
      /^datasets.mnist: cache: expected true or false, got "yes"$/,
    );
    assert.match(await read({ url: `${url}no/` }), /-ubyte.gz could not be loaded from http.*: HTTP 404$/);
    installed.write('mnist/train-images-idx3-ubyte.gz', idx([2, 1, 2], [0, 51, 102, 255]).subarray(0, 15));
    assert.match(await read({ url }), /^train-images-idx3-ubyte.gz is damaged: it cannot be unpacked/);
  } finally {
    await server.close();
  }
});

test('TypeScript accepts what the readme shows and refuses what is wrong', () => {
  installed.write(
    'right.ts',
    `import { datasets, digit, init, layers, sequential, type Tensor, train } from 'mapling';
    import { createTrainer, type Trainer } from 'mapling/trainer';
    await init();
    const { train: digits, test } = datasets.digits({ seed: 1, count: 60 });
    const model = sequential({ layers: [layers.flatten({ inputShape: [28, 28, 1] }), layers.dense({ units: 10, activation: 'softmax' })] });
    model.compile({ optimizer: train.adam(), loss: 'sparseCategoricalCrossentropy', metrics: ['accuracy'] });
    const { history } = await model.fit(digits.images, digits.labels, { epochs: 1, validationData: [test.images, test.labels] });
    const losses: number[] | undefined = history.loss;
    const picture: Tensor = digit([[[0, 0], [10, 10]]]);
    const trainer: Trainer = await createTrainer();
    const { params }: { params: number } = await trainer.setModel(model);
    const { history: there } = await trainer.fit(digits.images, digits.labels, { epochs: 1, callbacks: { onEpochEnd: (epoch, logs) => console.log(epoch, logs.loss) } });
    const errors: number[] | undefined = there.loss;
    console.log(losses, errors, picture, params);`,
  );
  installed.write(
    'typed.ts',
    `import { callbacks, customGrad, input, type LayersModel, layers, loadModel, model, ones, type SymbolicTensor, type Tensor, train } from 'mapling';
    const square = customGrad((x, save) => { save([x]); return { value: x.square(), gradFunc: (dy, [x]) => dy.mul(x!) }; });
    const from: SymbolicTensor = input({ shape: [2, 3] });
    const lstm = layers.lstm({ units: 2, returnState: true });
    const [y, h, c]: SymbolicTensor[] = lstm.apply(from);
    const two: SymbolicTensor = layers.concatenate().apply([h!, c!]);
    const one: LayersModel = model({ inputs: from, outputs: [layers.flatten().apply(y!), two] });
    const answer: Tensor = layers.dense({ units: 1 }).apply(ones([2, 3])).square();
    const [first, second]: Tensor[] = one.predict(ones([1, 2, 3]));
    const size: number = one.predict(ones([1, 2, 3])).size;
    one.compile({ optimizer: { className: 'SGD', config: { learningRate: 0.1 } }, loss: 'mse' });
    const best = callbacks.modelCheckpoint();
    await one.fit(ones([1, 2, 3]), [ones([1, 4]), ones([1, 4])], {
      sampleWeight: [1],
      classWeight: new Map([[1, 3]]),
      callbacks: [best, { onEpochEnd: (epoch, logs) => console.log(epoch.toFixed(), logs.loss?.toFixed()) }],
    });
    const again: LayersModel = await loadModel(best.saved!);
    train.sgd(0.1).applyGradients([[answer, one.trainableWeights[0]!]]);
    console.log(square(2).size, first, second, size, again);`,
  );
  const [whole, graph, places] = readFileSync(at('README.md'), 'utf8').matchAll(/```js\n(.*?)```/gs);
  installed.write('whole.ts', whole[1]);
  installed.write('graph.ts', graph[1]);
  const given =
    "import type { LayersModel } from 'mapling';\ndeclare const [model, files]: [LayersModel, File[]];\n";
  installed.write('places.ts', given + places[1]);
  installed.write(
    'odd.ts',
    `import { sequential } from 'mapling';\nsequential().compile({ optimizer: 7, loss: 'mse' });`,
  );
  installed.write('wrong.ts', `import { layers } from 'mapling';\nlayers.dense({ units: 'ten' });`);
  const tsc = (...args) =>
    spawnSync(process.execPath, [at('node_modules/typescript/bin/tsc'), ...args], {
      cwd: installed.folder,
      encoding: 'utf8',
    });
  const strict = [
    '--noEmit',
    '--strict',
    '--target',
    'es2022',
    '--lib',
    'es2023,dom,dom.iterable',
    '--types',
    '',
  ];
  for (const resolution of [
    ['--module', 'nodenext'],
    ['--module', 'esnext', '--moduleResolution', 'bundler'],
  ]) {
    const { status, stdout } = tsc(
      ...strict,
      ...resolution,
      'right.ts',
      'typed.ts',
      'whole.ts',
      'graph.ts',
      'places.ts',
    );
    assert.equal(status, 0, stdout);
  }
  const { status, stdout } = tsc(...strict, '--module', 'nodenext', 'wrong.ts');
  assert.notEqual(status, 0);
  assert.match(stdout, /wrong\.ts.*'string' is not assignable to type 'number'/s);
  assert.match(
    tsc(...strict, '--module', 'nodenext', 'odd.ts').stdout,
    /odd\.ts.*'number' is not assignable to type/s,
  );
});

test('in a Vite page a model trains, and a worker answers within 50 ms while it trains, with threads if isolated', async () => {
  installed.write('index.html', '<!doctype html><script type="module" src="./main.js"></script>');
  installed.write(
    'main.js',
    `import { ${names} } from 'mapling';
    import { createTrainer } from 'mapling/trainer';
    window.later = async () => {
      const tf = await import('mapling/auto');
      const rows = await tf.data.csv(new Blob(['a,b\\n1,"x"\\n'])).toArray();
      return [tf.scalar(3).square().arraySync(), rows];
    };
    window.xor = async () => {${learnXor} return result; };
    window.worker = async () => {
      const trainer = await createTrainer();
      await trainer.digits.load({ kind: 'digits', seed: 1, count: 3000 });
      const { dense, flatten } = layers;
      const model = sequential({
        seed: 1,
        layers: [
          flatten({ inputShape: [28, 28, 1] }),
          dense({ units: 64, activation: 'relu' }),
          dense({ units: 10, activation: 'softmax' }),
        ],
      });
      model.compile({ optimizer: 'adam', loss: 'sparseCategoricalCrossentropy', metrics: ['accuracy'] });
      await trainer.setModel(model);
      let state;
      trainer.subscribe((event) => { if (event.type === 'state') state = event.state; });
      await trainer.start({ epochs: 1000, batchSize: 32 });
      const timed = async (work) => {
        const begun = performance.now();
        await work();
        return performance.now() - begun;
      };
      const delays = [];
      for (let round = 0; round < 9; round++) {
        await new Promise((resolve) => setTimeout(resolve, 100));
        delays.push(await timed(() => trainer.predict({ values: new Float32Array(784), shape: [1, 28, 28, 1] })));
      }
      const during = state.status;
      const { status, step, logs } = await trainer.pause();
      trainer.terminate();
      return { delays, during, status, step, loss: logs.loss };
    };
    window.loaded = async (url) => {
      const trainer = await createTrainer();
      const news = [];
      const { train } = await trainer.digits.load({ kind: 'mnist', url }, (progress) => news.push(progress));
      trainer.terminate();
      return { news, train };
    };
    window.told = async (options) => {
      const trainer = await createTrainer(options);
      const told = await trainer.backend();
      trainer.terminate();
      return told;
    };`,
  );
  const vite = [at('node_modules/vite/bin/vite.js'), 'build', '--base', './', '--logLevel', 'error'];
  execFileSync(process.execPath, vite, { cwd: installed.folder, stdio: ['ignore', 'inherit', 'inherit'] });
  const mounts = { '/deep/down/': join(installed.folder, 'dist'), '/mnist/': at('www/public/mnist') };
  const [server, isolated] = [await serve(mounts), await serve(mounts, { headers: isolation })];
  const browser = await launch();
  try {
    const page = await browser.newPage();
    await page.goto(`${server.origin}/deep/down/`);
    await page.waitForFunction(() => window.worker);
    hasLearned(await page.evaluate(() => window.xor()));
    assert.deepEqual(await page.evaluate(() => window.later()), [9, [{ a: 1, b: 'x' }]]);
    const { delays, during, status, step, loss } = await page.evaluate(() => window.worker());
    assert.equal(during, 'training');
    assert.equal(status, 'paused');
    assert.ok(step > 0 && loss < 2.3, `loss ${loss} after ${step} steps`);
    delays.sort((a, b) => a - b);
    assert.ok(delays[4] <= 50, `predict took ${delays.map((delay) => delay.toFixed(1))} ms`);

    // News comes now and then, and ends with all that there is.
    if (!withoutMnist) {
      const { news, train } = await page.evaluate(() => window.loaded('/mnist/'));
      assert.equal(train, 60_000);
      const last = Object.fromEntries(news.map(({ file, loaded }) => [file, loaded]));
      for (const file of readdirSync(at('www/public/mnist')).filter((name) => name.endsWith('.gz'))) {
        assert.equal(last[file], statSync(at(`www/public/mnist/${file}`)).size, file);
      }
    }

    // The headers are all that threads need: the trainer's worker starts workers of its own.
    await page.goto(`${isolated.origin}/deep/down/`);
    await page.waitForFunction(() => window.told);
    const told = (options) => page.evaluate((options) => window.told(options), options);
    for (const mode of ['exact', 'fast']) {
      assert.deepEqual(await told({ mode, threads: 2 }), { mode, threads: 2, isolated: true, notes: [] });
    }
    await assert.rejects(told({ threads: 0 }), /init: threads: expected a whole number of at least 1, got 0/);
  } finally {
    await browser.close();
    await server.close();
    await isolated.close();
  }
});
