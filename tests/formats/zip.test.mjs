// Archives: what is written is read, and what could not be read is not written.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { inside } from './mapling.mjs';

const { readZip } = await inside('io/zip/read.js');
const { writeZip } = await inside('io/zip/write.js');
const DATE = new Date(2026, 0, 1);
const write = (members) => writeZip('here', new Map(members), DATE);
const one = Uint8Array.of(1, 2, 3);

test('an archive of as many members as can be counted is read', async () => {
  const names = Array.from({ length: 65_535 }, (_, at) => `folder/${at}`);
  const archive = write(names.map((name) => [name, one]));
  const { members, names: found } = await readZip('here', archive, [names.at(-1)]);
  assert.deepEqual(found, names);
  assert.deepEqual([...members.get(names.at(-1))], [...one]);
});

test('signs of all kinds and names that only begin alike are told apart', async () => {
  const names = ['a', '\ufeffa', 'ä/😀', '..a', 'a..', 'a/...', ' ', 'x'.repeat(65_535)];
  const { names: found } = await readZip('here', write(names.map((name) => [name, one])), []);
  assert.deepEqual(found, names);
});

// A program that unpacks an archive would write these elsewhere, or nowhere.
const OUTSIDE = ['', '/etc/x', '\\x', 'C:/x', 'c:x', '..', '../x', 'x/..', 'x/../y', 'x\\..\\y'];

/** An archive with a member of this name in its directory, which `writeZip` does not write. */
function named(name) {
  const title = new TextEncoder().encode(name);
  const archive = write([['_'.repeat(Math.max(1, title.length)), one]]);
  const view = new DataView(archive.buffer);
  const entry = view.getUint32(archive.length - 22 + 16, true);
  archive.set(title, entry + 46);
  // Of no name the sign that is there is something else.
  if (name === '')
    for (const [place, length] of [0, 1].entries()) view.setUint16(entry + 28 + 2 * place, length, true);
  return archive;
}

test('names that lead out of the archive are neither written nor read', async () => {
  for (const name of OUTSIDE) {
    const message = `here: the member ${JSON.stringify(name).replaceAll('\\\\', '\\')} leads out of the archive`;
    assert.throws(
      () =>
        write([
          ['fine', one],
          [name, one],
        ]),
      { code: 'value', message },
    );
    await assert.rejects(readZip('here', named(name), []), ({ code, message: read }) => {
      assert.equal(code, 'format');
      return read.startsWith(`${message} (byte `);
    });
  }
  // Signs without a form in UTF-8 would all become the same one.
  assert.throws(
    () =>
      write([
        ['\ud800', one],
        ['\ud801', one],
      ]),
    {
      code: 'value',
      message: /^here: the member /,
    },
  );
});

test('what cannot be counted in an archive is not written', () => {
  const refused = (members) =>
    assert.throws(() => write(members), {
      code: 'value',
      message: /^here: the member .* is too much for an archive$/,
    });
  refused(Array.from({ length: 65_536 }, (_, at) => [`${at}`, one]));
  refused([['x'.repeat(65_536), one]]);
  refused([['ä'.repeat(32_768), one]]);
  // As long as an array of four gigabytes, which nothing is read of.
  refused([
    ['first', one],
    ['large', { length: 2 ** 32 - 1 }],
  ]);
});
