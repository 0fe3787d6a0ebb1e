// What a program loads for a format of files: no more than 12 KB after gzip, with the library for archives or messages.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { formatSizes } from '../../scripts/format-sizes.mjs';

test('no format is larger than it may be', async () => {
  const sizes = await formatSizes();
  assert.ok(sizes.length > 10);
  const kilobytes = (bytes) => `${(bytes / 1024).toFixed(2)} KB`;
  for (const { name, bytes, most } of sizes) {
    console.log(`# ${kilobytes(bytes)} of ${kilobytes(most)}  ${name}`);
    // A format that came to nothing was not measured.
    assert.ok(bytes > 500, `${name} is only ${bytes} bytes`);
  }
  const over = sizes.filter(({ bytes, most }) => bytes > most);
  assert.deepEqual(
    over.map(({ name, bytes, most }) => `${name}: ${kilobytes(bytes)} of ${kilobytes(most)}`),
    [],
  );
});
