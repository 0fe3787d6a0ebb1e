// What tells digits from what is none: how many digits it refuses, how much else it recognises, and digits side by side.
import { readFileSync } from 'node:fs';
import { test as nodeTest } from 'node:test';
import { pathToFileURL } from 'node:url';
import { folder } from '../../scripts/mnist.mjs';
import { at } from '../../scripts/run.mjs';
import { withoutMnist } from '../mnist.mjs';
import { assert, mapling, test, unrecorded } from './mapling.mjs';

const inPackage = (file) => import(pathToFileURL(at(`dist/npm/worker/${file}`)).href);
const { Detector } = await inPackage('inside/detector.js');
const { apart, cuts } = await inPackage('inside/blobs.js');
const { createTrainer } = await inPackage('trainer.js');
const { serve } = await inPackage('inside/service.js');
const { call } = await import(pathToFileURL(at('dist/npm/engine/instance.js')).href);

const penDigits = JSON.parse(readFileSync(at('tests/data/pen-digits.json'), 'utf8'));
/**
 * What strangers might draw and is no digit, `{ family, name, drawn, strokes }` in a 500 × 500 box: designed by hand, two or
 * more of each kind as an unsteady hand draws with a mouse. Nothing was fitted to them. `drawn` says whether the generator
 * has such a thing too, of its own design.
 */
const strange = JSON.parse(readFileSync(at('tests/data/no-digits.json'), 'utf8'));
const alone = { isWanted: () => true, isBusy: () => false };
const SIZE = 28 * 28;

/** The share of pictures, bytes one after the other, that are taken for no digit. */
function refused(detector, bytes) {
  const count = bytes.length / SIZE;
  let none = 0;
  for (let from = 0; from < count; from += 500) {
    const some = bytes.slice(from * SIZE, (from + 500) * SIZE);
    const unlike = detector.unlike(Float32Array.from(some, (byte) => byte / 255));
    none += unlike.filter((one) => !detector.isDigit(one)).length;
  }
  return none / count;
}

/** Things that are no digit, none of which was learned from: other seeds draw others. */
function others(count) {
  const bytes = new Uint8Array(count * SIZE);
  call((wasm) => wasm.generateOthers(99, bytes));
  return bytes;
}

test('the generator of what is no digit draws the same bytes from the same seed, and refuses half a picture', () => {
  const [one, again] = [others(20), others(20)];
  assert.deepEqual(one, again);
  assert.ok(one.some((byte) => byte > 250));
  assert.throws(
    () => call((wasm) => wasm.generateOthers(1, new Uint8Array(SIZE + 1))),
    /whole number of pictures/,
  );
});

const bytesOf = (drawings) =>
  drawings.flatMap(({ strokes }) =>
    Array.from(mapling.digit(strokes).dataSync(), (value) => Math.round(255 * value)),
  );

const rates = async (data, hasStyles) => {
  let usable = 0;
  const onUsable = () => usable++;
  const detector = await Detector.learned(data, hasStyles, { ...alone, onUsable });
  const { test } = data;
  const found = {
    usable,
    test: refused(detector, test.images.packed),
    pens: refused(detector, bytesOf(penDigits)),
    missed: 1 - refused(detector, others(1500)),
    strange: refused(detector, bytesOf(strange)),
    unseen: refused(detector, bytesOf(strange.filter(({ drawn }) => !drawn))),
  };
  detector.free();
  return found;
};

const ofMnist =
  'trained on the page’s digits, it refuses 1 % of the test digits at most and recognises nine in ten of what strangers draw';
nodeTest(ofMnist, { skip: withoutMnist }, async () => {
  const data = await unrecorded.datasets.mnist({ url: folder, styles: 20_000 });
  const found = await rates(data, true);
  assert.ok(found.test <= 0.01, `refused ${found.test} of the test digits`);
  assert.ok(found.pens <= 0.04, `refused ${found.pens} of the pen digits`);
  assert.ok(found.missed <= 0.15, `took ${found.missed} of what is none for digits`);
  assert.ok(found.strange >= 0.9, `recognised ${found.strange} of what strangers draw`);
  assert.ok(found.unseen >= 0.9, `recognised ${found.unseen} of the kinds of which it has seen none`);
  assert.equal(found.usable, 5);
});

/** A drawing as large as `scale`, so far to the right. */
const moved = (strokes, scale, right) =>
  strokes.map((stroke) => stroke.map(([x, y]) => [scale * x + right, scale * y]));

test('a digit of several strokes is one part, and two that stand apart are two', () => {
  for (const { label, strokes } of penDigits) assert.equal(apart(strokes).length, 1, `a ${label} fell apart`);
  const [one, other] = [penDigits[0].strokes, penDigits[1].strokes];
  const row = [...moved(other, 1, 500), ...moved(one, 1, 0)];
  assert.deepEqual(apart(row), [moved(one, 1, 0), moved(other, 1, 500)]);
  const five = [
    [
      [40, 0],
      [0, 0],
      [0, 40],
      [40, 50],
      [40, 90],
      [0, 100],
    ],
    [
      [44, 0],
      [60, 0],
    ],
  ];
  assert.equal(apart(five).length, 1);
  const i = [
    [
      [0, 30],
      [0, 100],
    ],
    [[0, 0]],
  ];
  assert.equal(apart(i).length, 1);
  assert.deepEqual(apart([[[3, 3]], [[90, 3]]]).length, 1, 'dots are no digits');
});

test('digits that touch at one place are cut apart there, the parts of a letter are not', () => {
  const four = [
    [
      [20, 0],
      [0, 60],
      [50, 60],
    ],
    [
      [36, 36],
      [36, 100],
    ],
  ];
  const seven = [
    [
      [50, 0],
      [90, 0],
      [64, 100],
    ],
  ];
  const touching = [...seven, ...four];
  assert.ok(cuts(touching).some(([left, right]) => left.length === 2 && right[0] === seven[0]));
  const stem = [
    [0, 0],
    [0, 100],
  ];
  const letters = {
    R: [
      stem,
      [
        [0, 0],
        [40, 10],
        [40, 40],
        [0, 50],
        [50, 100],
      ],
    ],
    H: [
      stem,
      [
        [2, 50],
        [40, 50],
      ],
      [
        [40, 0],
        [40, 100],
      ],
    ],
    V: [
      [
        [0, 0],
        [30, 100],
      ],
      [
        [60, 0],
        [30, 100],
      ],
    ],
  };
  for (const [name, strokes] of Object.entries(letters)) assert.deepEqual(cuts(strokes), [], name);
});

const layer = (class_name, config = {}) => ({ class_name, config });
const network = {
  json: layer('Sequential', {
    layers: [layer('Flatten'), layer('Dense', { units: 10, activation: 'softmax' })],
  }),
  inputShape: [28, 28, 1],
  seed: 1,
};

/** The end of the newest worker that its page speaks to. */
let newest;

async function withTrainer(body) {
  const trainer = await createTrainer({
    worker: () => {
      const { port1, port2 } = new MessageChannel();
      serve(port2);
      newest = port1;
      return Object.assign(port1, { terminate: () => port1.close() });
    },
  });
  try {
    await body(trainer);
  } finally {
    trainer.terminate();
  }
}

const letterM = [
  [
    [0, 100],
    [8, 0],
    [50, 80],
    [92, 0],
    [100, 100],
  ],
];

test('readings tell of what is no digit once that is learned, and of digits side by side from the start', () =>
  withTrainer(async (trainer) => {
    await assert.rejects(trainer.digits.learnOthers(), { code: 'state' });
    const digits = { kind: 'digits', seed: 1, count: 6000 };
    await trainer.digits.load(digits);
    await trainer.setModel(network);
    const seven = penDigits.find(({ label }) => label === 7).strokes;
    const before = await trainer.digits.read(seven);
    assert.equal('isDigit' in before, false);
    const row = [...moved(seven, 1, 0), ...moved(seven, 1, 600)];
    assert.equal((await trainer.digits.read(row)).digits.length, 2);

    let isJudged;
    let joined;
    const onUsable = () => {
      joined ??= trainer.digits.learnOthers();
      isJudged ??= trainer.digits.read(seven).then((reading) => 'isDigit' in reading);
    };
    const store = new Map();
    await trainer.digits.learnOthers(onUsable, store);
    await joined;
    assert.equal(await isJudged, true, 'told as soon as readings tell');
    const after = await trainer.digits.read(seven);
    assert.deepEqual(after.probabilities, before.probabilities);
    assert.ok(after.isDigit && after.unlike < 0.5, `a 7 is unlike digits by ${after.unlike}`);
    const both = await trainer.digits.read(row);
    assert.equal(both.isDigit, false);
    assert.deepEqual(
      both.digits.map(({ isDigit }) => isDigit),
      [true, true],
    );
    const m = await trainer.digits.read(letterM);
    assert.equal(m.isDigit, false);
    assert.ok(m.unlike > 0.5 && !('digits' in m));

    // What was kept answers the same, bit for bit, and nothing is learned for it.
    await trainer.digits.load(digits);
    assert.equal('isDigit' in (await trainer.digits.read(seven)), false);
    const [[name, kept]] = store;
    assert.ok(kept.length < 195_000, `${kept.length} bytes are kept`);
    const given = { get: (asked) => asked === name && kept, set: assert.fail, delete: assert.fail };
    await trainer.digits.learnOthers(assert.fail, given);
    const again = await Promise.all([seven, row, letterM].map((strokes) => trainer.digits.read(strokes)));
    assert.deepEqual(again, [after, both, m]);

    // Who says that it is a 4 has the last word, and only of that drawing.
    await trainer.digits.teach(letterM, 4);
    assert.equal((await trainer.digits.read(letterM)).isDigit, true);
    assert.equal((await trainer.digits.read(moved(letterM, 0.9, 30))).isDigit, true);
    assert.equal((await trainer.digits.read(row)).isDigit, false);
    await trainer.setModel(network);

    // A worker that takes the place of one that has died takes what was kept, too.
    const restarted = new Promise((resolve) => {
      trainer.subscribe(({ type }) => type === 'restarted' && resolve());
    });
    newest.dispatchEvent(new Event('exit'));
    await restarted;
    let reading;
    for (const ends = Date.now() + 10_000; Date.now() < ends && !reading?.isDigit; )
      reading = await trainer.digits.read(seven);
    assert.deepEqual(reading, after);
  }));

test('other digits that are loaded meanwhile end it', () =>
  withTrainer(async (trainer) => {
    const digits = { kind: 'digits', seed: 1, count: 60 };
    await trainer.digits.load(digits);
    const ended = assert.rejects(trainer.digits.learnOthers(), { code: 'state' });
    await trainer.digits.load(digits);
    await ended;
  }));
