// A test in a browser that fails by an accident of the machine runs once more; one that fails twice has failed.
import assert from 'node:assert/strict';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { run } from '../../scripts/run.mjs';
import { failures, twiceIfNeeded } from '../../scripts/unsteady.mjs';

/** A file of two tests, of which the second one fails as often as it is told to, before it passes. */
function file(times) {
  const path = join(mkdtempSync(join(tmpdir(), 'mapling-unsteady-')), 'two.test.mjs');
  const notes = JSON.stringify(`${path}.times`);
  writeFileSync(
    path,
    `import { appendFileSync, readFileSync } from 'node:fs';
     import { test } from 'node:test';
     test('steady', () => {});
     test('a * of (odd) names # 1', () => {
       appendFileSync(${notes}, '.');
       if (readFileSync(${notes}).length <= ${times}) throw new Error('late');
     });`,
  );
  return path;
}

const tests = (path) =>
  run(process.execPath, ['--test', '--test-reporter=tap', path], {
    quiet: true,
    env: { NODE_TEST_CONTEXT: undefined },
  });

test('a failure is told with its file, and passes the second time', async () => {
  const path = file(1);
  const asked = [];
  const { tap, unsteady } = await twiceIfNeeded(
    () => tests(path),
    (name, from) => {
      asked.push([name, from]);
      return tests(from);
    },
  );
  assert.deepEqual(asked, [['a * of (odd) names # 1', path]]);
  assert.deepEqual(unsteady, ['a * of (odd) names # 1']);
  assert.match(tap, /^# pass 2\n# fail 0\n/m);
});

test('a test that fails twice has failed, and a step that fails without a test too', async () => {
  const path = file(2);
  await assert.rejects(
    twiceIfNeeded(
      () => tests(path),
      (_, from) => tests(from),
    ),
    // What counts is the first run, in which the other test passed.
    (error) => failures(error.output).length === 1 && /^# pass 1$/m.test(error.output),
  );
  await assert.rejects(
    twiceIfNeeded(
      () => Promise.reject(new Error('no browser')),
      () => assert.fail('nothing runs again'),
    ),
    /no browser/,
  );
});
