// The lines of code that lessons show run as they stand: mapling's with the package, Keras' with the Python of the tests.
// What must be true of what they print stands in claims/, a file for each lesson.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { promisify } from 'node:util';
import { python, setUpPython } from '../../scripts/python.mjs';
import { at } from '../../scripts/run.mjs';

const lessons = at('www/src/lessons');
const programOf = (lesson, file) => join(lessons, lesson, 'code', file);
/** The lessons of the path. */
const path = [...readFileSync(join(lessons, 'path.ts'), 'utf8').matchAll(/import\('\.\/(\w+)\//g)].map(
  (found) => found[1],
);

let folder;
before(async () => {
  await setUpPython();
  folder = mkdtempSync(join(tmpdir(), 'mapling-lessons-'));
  mkdirSync(join(folder, 'node_modules'));
  symlinkSync(at('dist/npm'), join(folder, 'node_modules', 'mapling'), 'junction');
});
after(() => rmSync(folder, { recursive: true, force: true }));

/**
 * What a program prints; where it fails, the error has what it complained of. Its folder is not searched for modules: there
 * `keras.py` is the program itself.
 */
async function printed(command, args) {
  const env = { ...process.env, KERAS_BACKEND: 'jax', JAX_PLATFORMS: 'cpu' };
  const { stdout } = await promisify(execFile)(command, args, { cwd: folder, env });
  return stdout;
}

test('there are eight lessons', () => {
  assert.equal(path.length, 8);
});

// Each keeps one core busy for most of its time: two at a time.
describe('programs of lessons', { concurrency: 2 }, () => {
  for (const lesson of path)
    for (const [library, file] of Object.entries({ mapling: 'mapling.mjs', keras: 'keras.py' }))
      test(`${lesson}: the lines in ${library} do what the lesson says`, async () => {
        const { claims } = await import(`./claims/${lesson}.mjs`);
        const copy = join(folder, `${lesson}-${file}`);
        copyFileSync(programOf(lesson, file), copy);
        claims(
          await (library === 'keras' ? printed(python, ['-P', copy]) : printed(process.execPath, [copy])),
        );
      });
});
