// Programs in the shape of TensorFlow.js' public examples, each in a process of its own. They import `@tensorflow/tfjs`,
// which `register.mjs` maps to `mapling/auto`, and check by themselves what they have learned.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { at } from '../../scripts/run.mjs';
import { look } from '../tfjs/offered.mjs';

const register = pathToFileURL(at('tests/programs/register.mjs')).href;
const programs = readdirSync(at('tests/programs')).filter((name) => !/^register|\.test\.mjs$/.test(name));

/**
 * Names that are still to come. A program whose first line says that it needs one of them waits; when the last has come,
 * this list is empty.
 */
const TO_COME =
  'multinomial layers.conv1d layers.globalMaxPool1d layers.conv2dTranspose browser.fromPixels image.resizeBilinear'.split(
    ' ',
  );
const tf = await import(pathToFileURL(at('dist/npm/auto.js')).href);
const asked = look(tf);
const missing = TO_COME.filter((name) => !asked(name).here);
const needs = (name) =>
  /^\/\/ needs: (.*)$/m.exec(readFileSync(at(`tests/programs/${name}`), 'utf8'))?.[1].split(' ') ?? [];

test('there are programs', () => {
  assert.ok(programs.length >= 12);
});

for (const name of programs) {
  const waits = needs(name).filter((one) => missing.includes(one));
  if (waits.length > 0) {
    console.log(`# ${name} waits for ${waits.join(', ')}`);
    continue;
  }
  test(`${name.replace('.mjs', '').replaceAll('_', ' ')} runs and learns`, async () => {
    const args = ['--import', register, at(`tests/programs/${name}`)];
    // It ends with status 0, or what it threw is told here.
    const { stderr } = await promisify(execFile)(process.execPath, args, { timeout: 300_000 });
    assert.equal(stderr, '');
  });
}
