// Programs in the shape of TensorFlow.js' public examples, each in a process of its own. They import `@tensorflow/tfjs`,
// which `register.mjs` maps to `mapling/auto`, and check by themselves what they have learned.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { describe, test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { at } from '../../scripts/run.mjs';

const register = pathToFileURL(at('tests/programs/register.mjs')).href;
const programs = readdirSync(at('tests/programs')).filter((name) => !/^register|\.test\.mjs$/.test(name));

test('there are programs', () => {
  assert.ok(programs.length >= 12);
});

// Each keeps one core busy: two at a time.
describe('programs', { concurrency: 2 }, () => {
  for (const name of programs)
    test(`${name.replace('.mjs', '').replaceAll('_', ' ')} runs and learns`, async () => {
      const args = ['--import', register, at(`tests/programs/${name}`)];
      // It ends with status 0, or what it threw is told here.
      const { stderr } = await promisify(execFile)(process.execPath, args, { timeout: 300_000 });
      assert.equal(stderr, '');
    });
});
