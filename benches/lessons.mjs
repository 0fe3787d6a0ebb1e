// What a lesson about one misread digit does to the page's networks, trained to the end on MNIST and styles: whether the
// digit and others like it are read right afterwards, what the test digits lose, and how long it takes.
// `node benches/lessons.mjs [--networks dense,convnet] [--seeds 1,2] [--lessons 20] [--pen FILE] [--keep FOLDER]`;
// MNIST as the tests find it. `--pen` names drawings to misread in place of those of the tests, `[{ label, strokes }]`;
// `--keep` writes trained networks to a folder, and takes them from there the next time.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { folder } from '../scripts/mnist.mjs';
import { at, main } from '../scripts/run.mjs';
import { convnet, dense, layer } from '../tests/worker/page-networks.mjs';
import { short } from './statistics.mjs';

/** The page's networks, and how it trains them (`www/src/presets.ts`). */
const networks = {
  dense: {
    layers: dense,
    learningRate: 0.001,
    options: { epochs: 5, batchSize: 32, finalRate: 0.1 },
  },
  convnet: {
    layers: convnet,
    learningRate: 0.002,
    options: {
      ...{ epochs: 5, batchSize: 32, finalRate: 0.02 },
      augment: { rotation: 0.02, zoom: 0.08, shear: 0.1, shift: 0.035 },
    },
  },
};

const PIXELS = 784;
/** Pictures like the one that was taught, which no lesson has seen. */
const LIKES = 64;
/** Lessons one after the other, without a way back. */
const ROW = 5;

const best = (values) => values.indexOf(Math.max(...values));
const imported = (path) => import(pathToFileURL(at(`dist/npm/${path}`)).href);

/** Trains a network, or takes it from where it was kept. */
async function trained(trainer, { layers, learningRate, options }, seed, file) {
  if (file && existsSync(file)) {
    await trainer.setModel(new Uint8Array(readFileSync(file)));
    return;
  }
  const optimizer = { className: 'Adam', config: { learningRate } };
  await trainer.setModel({
    json: layer('Sequential', { layers }),
    compile: { optimizer, loss: 'sparseCategoricalCrossentropy', metrics: ['accuracy'] },
    ...{ inputShape: [28, 28, 1], seed },
  });
  const done = new Promise((resolve) => {
    trainer.subscribe((event) => {
      if (event.type === 'state' && event.state.status === 'done') resolve();
    });
  });
  await trainer.start(options);
  await done;
  if (file) writeFileSync(file, await trainer.checkpoint());
}

/** What the network answers to pictures, values one after the other. */
async function answers(trainer, values) {
  const count = values.length / PIXELS;
  const [{ values: all }] = [await trainer.predict({ values, shape: [count, 28, 28, 1] })].flat();
  return Array.from({ length: count }, (_, place) => all.subarray(place * 10, (place + 1) * 10));
}

/** Misread test digits, evenly among all of them, and all of the pen's that are misread. */
async function misread(trainer, count, pen, picture) {
  const { classes } = await trainer.evaluate('test');
  const some = classes.mistakes.filter(
    (_, place) => place % Math.max(1, Math.floor(classes.mistakes.length / count)) === 0,
  );
  const { pixels, labels } = await trainer.digits.images(some.slice(0, count), 'test');
  const found = Array.from(labels, (label, place) => ({
    label,
    from: 'test',
    original: {
      pixels: Float32Array.from(pixels.subarray(place * PIXELS, (place + 1) * PIXELS), (byte) => byte / 255),
    },
  }));
  for (const { strokes, label } of JSON.parse(readFileSync(pen, 'utf8'))) {
    const original = { strokes };
    const [said] = await answers(trainer, picture(original));
    if (best(said) !== label) found.push({ label, from: 'pen', original });
  }
  return { found, before: classes.correct };
}

const mean = (values) => values.reduce((sum, value) => sum + value, 0) / values.length;
const points = (values) =>
  `${mean(values).toFixed(3)} on the average, ${Math.min(...values).toFixed(2)} at worst`;

main(async () => {
  const { values } = parseArgs({
    options: {
      networks: { type: 'string', default: 'dense,convnet' },
      seeds: { type: 'string', default: '1,2' },
      lessons: { type: 'string', default: '20' },
      pen: { type: 'string', default: at('tests/data/pen-digits.json') },
      keep: { type: 'string' },
    },
  });
  const [{ createTrainer }, { init }] = [await imported('worker/trainer.js'), await imported('index.js')];
  // Likes are drawn here too.
  await init({ threads: 1 });
  const { like, pictureOf } = await imported('worker/inside/likes.js');
  const { Draws } = await imported('data/draws.js');
  // Addresses are those of a page.
  globalThis.location ??= { href: 'file:///' };
  const url = pathToFileURL(process.env.MNIST_DIR ?? folder).href;
  for (const name of values.networks.split(',')) {
    for (const seed of values.seeds.split(',').map(Number)) {
      const trainer = await createTrainer();
      await trainer.digits.load({ kind: 'mnist', url, styles: 20_000 });
      const file = values.keep && join(values.keep, `${name}-${seed}.ckpt`);
      await trained(trainer, networks[name], seed, file);
      const saved = await trainer.save();
      const { found, before } = await misread(trainer, Number(values.lessons), values.pen, pictureOf);
      const right = async () => (await trainer.evaluate('test')).classes.correct;
      const rows = [];
      const inARow = [];
      for (const { label, original, from } of found) {
        const start = process.cpuUsage();
        const picture = original.strokes ?? original;
        const { after, steps } = await trainer.digits.teach(picture, label);
        const { user, system } = process.cpuUsage(start);
        const draws = new Draws(777);
        const others = Float32Array.from(
          Array.from({ length: LIKES }, () => [...like(original, draws)]).flat(),
        );
        const likes = (await answers(trainer, others)).filter((said) => best(said) === label).length / LIKES;
        const lost = ((await right()) - before) / 100;
        const row = { from, label, steps, seconds: (user + system) / 1e6, isRight: best(after) === label };
        rows.push({ ...row, sure: after[label], likes, lost });
        await trainer.setModel(saved);
      }
      for (let first = 0; first + ROW <= found.length && inARow.length < 4; first += ROW) {
        for (const { label, original } of found.slice(first, first + ROW))
          await trainer.digits.teach(original.strokes ?? original, label);
        inARow.push(((await right()) - before) / 100);
        await trainer.setModel(saved);
      }
      trainer.terminate();
      const seconds = rows.map((row) => row.seconds);
      const likes = rows.map((row) => row.likes);
      console.log(
        [
          `${name}, seed ${seed}: ${(before / 100).toFixed(2)} % of the test digits; ${rows.length} lessons (${rows.filter(({ from }) => from === 'pen').length} of the pen's)`,
          `  read right afterwards: ${rows.filter(({ isRight }) => isRight).length}, as probable as ${Math.min(...rows.map(({ sure }) => sure)).toFixed(2)} at least`,
          `  others like it read right: ${(100 * mean(likes)).toFixed(1)} % on the average, ${(100 * Math.min(...likes)).toFixed(0)} % at least`,
          `  test accuracy, points: ${points(rows.map(({ lost }) => lost))}; after ${ROW} in a row ${inARow.map((lost) => lost.toFixed(2)).join(', ')}`,
          `  seconds of processor time: ${short(mean(seconds))} on the average, ${short(Math.max(...seconds))} at most; ${mean(rows.map((row) => row.steps)).toFixed(0)} steps, ${Math.max(...rows.map((row) => row.steps))} at most`,
          `  each: ${rows
            .map(({ lost }) => lost.toFixed(2))
            .sort((a, b) => a - b)
            .join(' ')}`,
        ].join('\n'),
      );
    }
  }
});
