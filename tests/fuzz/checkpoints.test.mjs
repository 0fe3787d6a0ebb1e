// Checkpoints that were changed or forged, and those that claim to be large; see checkpoints.mjs.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { hungry, readChanged } from './checkpoints.mjs';

const FILES = 4000;
const SEED = Number(process.env.FUZZ_SEED ?? 20_261_128);

test(`${FILES} changed checkpoints are read, or refused by one error with a code, and harm nothing`, async () => {
  const { faults, read } = await readChanged(FILES, SEED);
  assert.equal(faults.length, 0, faults.slice(0, 20).join('\n'));
  // Some changes leave a checkpoint, of other numbers; if none did, the changes would not go deep.
  assert.ok(read > FILES / 20, `only ${read} were read`);
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
