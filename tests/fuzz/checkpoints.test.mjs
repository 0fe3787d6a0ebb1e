// Checkpoints that were changed or forged, and those that claim to be large; see checkpoints.mjs.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { io, memory } from '../../dist/npm/index.js';
import { fileOf, hungry, mutated, originals, sectionsOf } from './checkpoints.mjs';

const FILES = 4000;
const SEED = Number(process.env.FUZZ_SEED ?? 20_261_128);

test(`${FILES} changed checkpoints are read, or refused by one error with a code, and harm nothing`, async () => {
  const { wrong, read } = await mutated(FILES, SEED);
  assert.equal(wrong.length, 0, wrong.slice(0, 20).join('\n'));
  // Some changes leave a checkpoint, of other numbers; if none did, the changes would not go deep.
  assert.ok(read > FILES / 20, `only ${read} were read`);
});

test('of a checkpoint that is refused late nothing is left, what its optimizer remembers neither', async () => {
  const [{ file }] = await originals();
  const sections = sectionsOf(file);
  const tree = JSON.parse(new TextDecoder().decode(sections[0].bytes));
  // The last thing that is looked at.
  tree.states[0][0].shape = [1];
  sections[0].bytes = new TextEncoder().encode(JSON.stringify(tree));
  const bytes = fileOf(sections);
  const { coreBytes } = memory();
  for (let left = 3; left > 0; left--)
    await assert.rejects(io.fromCheckpoint(bytes), { code: 'type', message: /^fromCheckpoint: states: / });
  assert.equal(memory().coreBytes, coreBytes);
});

/** What the engine itself takes now and then. */
const NOISE = 24 * 2 ** 20;

test('a file that claims to hold more than it does takes no more memory than four times its length', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'mapling-hungry-'));
  const program = fileURLToPath(new URL('./checkpoints.mjs', import.meta.url));
  try {
    for (const [name, bytes] of Object.entries(await hungry())) {
      const file = join(folder, 'file');
      writeFileSync(file, bytes);
      const found = JSON.parse(
        execFileSync(process.execPath, [program, '--growth', file], { encoding: 'utf8' }),
      );
      assert.match(found.code, /^(format|memory)$/, `${name}: ${found.message}`);
      assert.match(found.message, /^fromCheckpoint: /, name);
      assert.ok(
        found.bytes <= 4 * bytes.length + NOISE,
        `${name}: ${found.bytes} bytes for a file of ${bytes.length}`,
      );
      assert.ok(found.core <= 2 ** 20 + 4 * bytes.length, `${name}: the core took ${found.core} bytes`);
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
