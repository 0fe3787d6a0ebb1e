// The examples run with the packed package, as a reader runs them, and find what they say.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { cpSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { promisify } from 'node:util';
import { at } from '../../scripts/run.mjs';
import { installPacked } from '../package/packed.mjs';

let installed;
before(() => {
  installed = installPacked();
  cpSync(at('examples'), installed.folder, { recursive: true });
});
after(() => installed.remove());

/** What an example prints; where it fails, the error has what it complained of. */
async function printed(file) {
  const { stdout } = await promisify(execFile)(process.execPath, [file], { cwd: installed.folder });
  return stdout;
}
/** The number that stands behind a text in what an example prints. */
const number = (text, after) => Number(new RegExp(`${after}\\s*(-?[\\d.]+)`).exec(text)?.[1]);

/** For each example what must be true of what it prints. */
const claims = {
  'iris.mjs': (text) => assert.ok(number(text, 'accuracy') >= 0.9, text),
  'polynomial.mjs': (text) => {
    const [found, truth] = text
      .split('found ')[1]
      .split('the truth is')
      .map((list) => list.match(/-?\d+\.\d+/g).map(Number));
    assert.ok(
      found.every((one, place) => Math.abs(one - truth[place]) < 0.05),
      text,
    );
  },
  'mnist.mjs': (text) => assert.ok(number(text, 'not seen:') > 0.9, text),
  'sentiment.mjs': (text) => {
    assert.ok(number(text, 'not seen:') > 0.95, text);
    assert.match(
      text,
      /^friendly {4}the play was good\nunfriendly {2}the play was not good\nfriendly {4}the book was not really awful$/m,
    );
  },
  'autoencoder.mjs': (text) => {
    const losses = /loss (.*)/.exec(text)[1].split(' → ').map(Number);
    assert.ok(losses.at(-1) < 0.6 * losses[0], text);
    assert.match(text, /for a picture: 1,16/);
  },
  'characters.mjs': (text) => {
    assert.ok(number(text, '→') < 0.4, text);
    assert.match(text, /^she sells sea shells on the sea /m);
  },
  'training-loop.mjs': (text) => assert.ok(number(text, 'right') > 0.97, text),
  'own-layer.mjs': (text) => {
    assert.ok(Math.abs(number(text, 'centre') - 0.7) < 0.03, text);
    assert.match(text, /sharpness 2: it answers off by 0$/m);
  },
  'federated.mjs': (text) => {
    const [shared, alone] = [number(text, 'four workers'), number(text, 'one trainer on the whole')];
    assert.ok(shared >= alone - 0.01 && alone > 0.8, text);
  },
  'to-keras.mjs': (text) => {
    const file = readFileSync(join(installed.folder, 'model.keras'));
    assert.equal(file.toString('latin1', 0, 2), 'PK', 'a .keras file is a zip archive');
    assert.equal(number(text, 'model.keras holds'), file.length);
  },
};

// Most keep one core busy: two at a time.
describe('examples', { concurrency: 2 }, () => {
  for (const [file, check] of Object.entries(claims))
    test(`${file} finds what it says`, async () => check(await printed(file)));

  test('federated averaging is the same each time', async () =>
    assert.equal(await printed('federated.mjs'), await printed('federated.mjs')));
});

test('every example for Node is run here', () => {
  const files = readdirSync(at('examples')).filter((name) => name.endsWith('.mjs'));
  assert.deepEqual(files.sort(), Object.keys(claims).sort());
});
