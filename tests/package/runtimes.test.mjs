// The packed package in the runtimes and test runners that people use: Node by import and by require, Deno, Bun, Jest with
// the globals of Node and with those of jsdom. Each trains on its own thread, and where there are workers in one.
import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { after, before, test } from 'node:test';
import { at } from '../../scripts/run.mjs';
import { toolFile } from '../../scripts/tools.mjs';
import { installPacked } from './packed.mjs';
import { both, hasLearned, imports, inWorker, names, program, result } from './program.mjs';
import { project } from './project.mjs';

let installed;
before(() => {
  installed = installPacked();
});
after(() => installed.remove());

const inNode = (folder, ...args) =>
  execFileSync(process.execPath, args, {
    cwd: folder,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'inherit'],
  });

/** The program with a worker, which prints what it has found. */
const whole = (body) => `
  ${program}
  const trainer = await createTrainer();
  ${inWorker}
  ${body ?? ''}
  console.log(JSON.stringify(${both}));`;
const asModule = `${imports}\nawait init();\n${whole()}`;
const required = `
  const { ${names} } = require('mapling');
  const { createTrainer } = require('mapling/trainer');
  const run = async () => { await init(); ${whole()} };
  run();`;

test('Node imports it, and trains in a thread', () => {
  installed.write('whole.mjs', asModule);
  hasLearned(JSON.parse(inNode(installed.folder, 'whole.mjs')));
});

test('Node requires it, and trains in a thread; mapling/auto is ready at once', () => {
  installed.write('whole.cjs', required);
  hasLearned(JSON.parse(inNode(installed.folder, 'whole.cjs')));
  installed.write(
    'auto.cjs',
    `const tf = require('mapling/auto');
    const same = tf.add === require('mapling').add;
    tf.init().then(() => console.log(JSON.stringify([tf.add(1, 2).arraySync(), same])));`,
  );
  assert.deepEqual(JSON.parse(inNode(installed.folder, 'auto.cjs')), [3, true]);
});

test('a thread of Node that dies in training is replaced, and one whose script fails is told', () => {
  installed.write(
    'dies.mjs',
    `import { init, layers, sequential } from 'mapling';
    import { createTrainer } from 'mapling/trainer';
    await init();
    const failed = await createTrainer({ modules: ['file:///nowhere.mjs'] }).catch(({ message }) => message);
    const trainer = await createTrainer({ modules: [new URL('./ends.mjs', import.meta.url)] });
    const restarted = new Promise((resolve) => trainer.subscribe((event) => event.type === 'restarted' && resolve(event)));
    const model = sequential({ layers: [layers.dense({ units: 1, inputShape: [1] })] });
    model.compile({ optimizer: 'sgd', loss: 'meanSquaredError' });
    await trainer.setModel(model);
    const ended = await trainer.setModel({ json: model.toJSON(), compile: { optimizer: 'sgd', loss: 'endsItAll' } })
      .then(() => trainer.fit([[0]], [[0]])).catch(({ message }) => message);
    const { reason } = await restarted;
    const { shape } = await trainer.setModel(model).then(() => trainer.predict([[1]]));
    trainer.terminate();
    console.log(JSON.stringify({ failed, ended, reason, shape }));`,
  );
  installed.write('ends.mjs', `export const endsItAll = () => process.exit(1);`);
  const { failed, ended, reason, shape } = JSON.parse(inNode(installed.folder, 'dies.mjs'));
  assert.match(failed, /^createTrainer: modules: "file:\/\/\/nowhere\.mjs" could not be loaded/);
  assert.match(ended, /^the worker has died \(its thread has ended\)/);
  assert.equal(reason, 'its thread has ended');
  assert.deepEqual(shape, [1, 1]);
});

test('Node takes the module from an address and as bytes, by the exports that name it', () => {
  installed.write(
    'bytes.mjs',
    `import { readFileSync } from 'node:fs';
    import { add, init } from 'mapling';
    const address = import.meta.resolve('mapling/mapling.wasm');
    await init({ wasm: address });
    await init({ wasm: readFileSync(new URL(address)), restart: true });
    await init({ wasm: new URL(address), restart: true });
    const none = await init({ wasm: new URL('none.wasm', address), restart: true }).catch(({ message }) => message);
    await init({ wasm: address, restart: true });
    console.log(JSON.stringify([add(1, 2).arraySync(), none, import.meta.resolve('mapling/threads.wasm').slice(-15)]));`,
  );
  const [three, none, name] = JSON.parse(inNode(installed.folder, 'bytes.mjs'));
  assert.deepEqual([three, name], [3, 'threads_bg.wasm']);
  assert.match(none, /^init: the WebAssembly module could not be loaded \(ENOENT/);
});

test('TypeScript finds the types by import and by require', () => {
  const text = (how) => `import { add, type Tensor } from 'mapling';
    import { createTrainer, type Trainer } from 'mapling/trainer';
    const sum: Tensor = add(1, 2);
    export const ${how}: [Tensor, () => Promise<Trainer>] = [sum, () => createTrainer({ wasm: new Uint8Array(8) })];`;
  installed.write('types.mts', text('imported'));
  installed.write('types.cts', text('required'));
  const options =
    '--noEmit --strict --target es2022 --lib es2023,dom,dom.iterable --module nodenext --types'.split(' ');
  const { status, stdout } = spawnSync(
    process.execPath,
    [at('node_modules/typescript/bin/tsc'), ...options, '', 'types.mts', 'types.cts'],
    { cwd: installed.folder, encoding: 'utf8' },
  );
  assert.equal(status, 0, stdout);
});

for (const [runtime, args] of Object.entries({
  deno: ['run', '--allow-read', '--allow-env'],
  bun: ['run'],
})) {
  test(`${runtime} imports it, and trains in a worker`, () => {
    const made = project(runtime, installed, { 'whole.mjs': asModule });
    try {
      const command = toolFile(runtime, '.bin', runtime);
      const printed = execFileSync(command, [...args, 'whole.mjs'], { cwd: made.folder, encoding: 'utf8' });
      hasLearned(JSON.parse(printed));
    } finally {
      made.remove();
    }
  });
}

for (const environment of ['node', 'jsdom']) {
  test(`Jest runs programs with it in its ${environment} environment, as it comes`, () => {
    const made = project('jest', installed, {
      'package.json': '{ "private": true }',
      'learns.test.js': `/** @jest-environment ${environment} */
        const { ${names} } = require('mapling');
        const tf = require('mapling/auto');
        test('it learns', async () => {
          await init();
          ${program}
          const found = ${result};
          expect(tf.add(1, 2).arraySync()).toBe(3);
          expect(typeof document).toBe('${environment === 'jsdom' ? 'object' : 'undefined'}');
          expect(found.loss).toBeLessThan(0.05);
          expect(found.guesses.map(Math.round)).toEqual([0, 1, 1, 0]);
          expect(found.same).toBe(true);
          expect(() => tf.add([1], [1, 2, 3]).dataSync()).not.toThrow();
          expect(() => tf.matMul([[1]], [[1], [2]])).toThrow(/inner sizes differ/);
        }, 60_000);`,
    });
    try {
      const { status, stderr } = spawnSync(
        process.execPath,
        [toolFile('jest', 'jest', 'bin', 'jest.js'), '--rootDir', made.folder, '--no-cache'],
        { cwd: made.folder, encoding: 'utf8' },
      );
      assert.equal(status, 0, stderr);
      assert.match(stderr, /1 passed, 1 total/);
    } finally {
      made.remove();
    }
  });
}
