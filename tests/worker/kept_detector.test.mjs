// What the worker learns of what is no digit is given away and taken again: to the same bits, and only if it is whole.
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { after, before, test } from 'node:test';
import { read } from '../../dist/npm/io/checkpoint/checkpoint-file.js';
import { KeptDetector } from '../../dist/npm/worker/inside/kept-detector.js';
import { createTrainer } from '../../dist/npm/worker/trainer.js';

const digits = { kind: 'digits', seed: 1, count: 600 };
/** A hash of the weights in kept bytes. */
const hash = (bytes) =>
  createHash('sha256')
    .update(read('test', bytes.subarray(12)).weights)
    .digest('hex')
    .slice(0, 16);
/** The limit in kept bytes: engines have exponentials of their own, which may differ far behind these places. */
const limit = (bytes) => Number(new DataView(bytes.buffer, bytes.byteOffset).getFloat32(8, true).toFixed(4));
/** How many rounds of learning are in kept bytes. */
const rounds = (bytes) => new DataView(bytes.buffer, bytes.byteOffset).getUint32(4, true);

let trainer;
before(async () => {
  trainer = await createTrainer();
});
after(() => trainer.terminate());

/** A store that notes what is asked of it. */
function noted(kept = []) {
  const store = new Map(kept);
  const asked = [];
  const note =
    (what) =>
    (...given) => {
      asked.push(what);
      return store[what](...given);
    };
  return { store, asked, get: note('get'), set: note('set'), delete: note('delete') };
}

/** Learns from the digits until `until(what)` of what happens: what the store is asked, or `usable`. */
async function learnUntil(store, until) {
  await trainer.digits.load(digits);
  const happened = [];
  let learning;
  await new Promise((resolve, reject) => {
    const note = (what) => {
      happened.push(what);
      if (until(happened)) resolve();
    };
    const told =
      (name) =>
      (...given) => {
        const answer = store[name](...given);
        note(name);
        return answer;
      };
    const all = { get: told('get'), set: told('set'), delete: told('delete') };
    learning = trainer.digits.learnOthers(() => note('usable'), all);
    learning.catch((failure) => failure.code !== 'state' && reject(failure));
  });
  await trainer.digits.load(digits);
  await assert.rejects(learning, { code: 'state' });
  return happened;
}

const count = (all, what) => all.filter((one) => one === what).length;

test('what was learned by half goes on from its round to the same bits, under a name that tells digits and recipe', async () => {
  const first = new Map();
  const stages = [];
  await learnUntil(
    {
      get: (name) => first.get(name),
      set: (name, bytes) => {
        first.set(name, bytes);
        stages.push(bytes);
      },
      delete: () => assert.fail('nothing is damaged'),
    },
    (all) => count(all, 'set') === 2,
  );
  const [name] = first.keys();
  assert.deepEqual(stages.map(rounds), [4, 8]);
  // Whoever changes on purpose what is learned raises EDITION in detector.ts, and writes down here what comes of it.
  assert.deepEqual(
    [name, ...stages.map(hash), ...stages.map(limit)],
    ['no-digit 659de4d2 5605633b', 'd97bc636e1aa4e02', '4c99ec3d180d6ccd', 0.1244, 0.3379],
  );

  const second = noted([[name, stages[0]]]);
  const happened = await learnUntil(second, (all) => count(all, 'set') === 1);
  assert.deepEqual(happened.slice(0, 2), ['get', 'usable'], 'it is of use at once');
  assert.deepEqual(Buffer.from(second.store.get(name)), Buffer.from(stages[1]));

  // Of two tabs that learn, the one behind does not take back what the other has kept.
  const both = noted([[name, stages[1]]]);
  const kept = new KeptDetector((what, ...given) => both[what](...given), name, assert.fail);
  const known = await kept.get();
  assert.deepEqual([known.round, known.limit > 0 && known.limit < 1], [8, true]);
  await kept.set({ ...known, round: 4 });
  assert.deepEqual(both.asked, ['get', 'get']);
  await kept.set({ ...known, round: 14 });
  assert.equal(rounds(both.store.get(name)), 14);

  const refused = {
    'a byte that changed': stages[0].with(1000, stages[0][1000] ^ 1),
    'another limit': stages[0].with(9, stages[0][9] ^ 1),
    'a part': stages[0].slice(0, 5000),
    nothing: new Uint8Array(),
    'what is no bytes': { round: 40 },
  };
  for (const [what, bytes] of Object.entries(refused)) {
    const store = noted([[name, bytes]]);
    const happened = await learnUntil(store, (all) => all.includes('delete'));
    assert.deepEqual(happened, ['get', 'delete'], what);
    assert.equal(store.store.size, 0, what);
  }
  // What belongs to other digits does not pass for these.
  const others = { ...digits, seed: 2 };
  await trainer.digits.load(others);
  const asked = [];
  const isAsked = new Promise((resolve) => {
    const store = {
      get: (other) => {
        asked.push(other);
        return stages[0];
      },
      set() {},
      delete: resolve,
    };
    trainer.digits.learnOthers(undefined, store).catch(() => {});
  });
  await isAsked;
  assert.notEqual(asked[0], name);
  assert.equal(asked[0].split(' ')[1], name.split(' ')[1], 'the recipe is the same');
});

test('a store that fails is told of once, and learning goes on without it', async () => {
  await trainer.digits.load(digits);
  const errors = [];
  const end = trainer.subscribe((event) => event.type === 'error' && errors.push(event.message));
  let asked = 0;
  const fails = () => {
    asked++;
    throw new Error('the disk is full');
  };
  await new Promise((resolve, reject) => {
    trainer.digits
      .learnOthers(resolve, { get: fails, set: fails, delete: fails })
      .catch((failure) => failure.code !== 'state' && reject(failure));
  });
  end();
  assert.deepEqual([asked, errors], [1, ['the disk is full']]);
});

test('what is no store, and what cannot be called, is refused before anything is learned', async () => {
  await trainer.digits.load(digits);
  const refusal = (message) => ({ code: 'type', message });
  await assert.rejects(
    trainer.digits.learnOthers(undefined, { get() {} }),
    refusal(/^digits\.learnOthers: store: expected \{ get, set, delete \}, got /),
  );
  await assert.rejects(
    trainer.digits.learnOthers('soon'),
    refusal('digits.learnOthers: onUsable: expected a function, got "soon"'),
  );
});
