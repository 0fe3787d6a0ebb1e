// HDF5 files that h5py wrote are read, and files that are written here h5py reads: the same groups, attributes and values.
// Files that are damaged or hostile are refused.
import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { filesOfH5py, mutated } from './hdf5_mutated.mjs';
import { inside } from './mapling.mjs';
import { count } from './mutations.mjs';
import { ask, sharedFolder } from './python.mjs';

const { readHdf5 } = await inside('io/hdf5/read.js');
const { readAttributes } = await inside('io/hdf5/attribute.js');
const { writeHdf5 } = await inside('io/hdf5/write.js');
const folder = sharedFolder();
const load = (name) => new Uint8Array(readFileSync(join(folder, name)));

const { names: FILES, theirs, files } = await filesOfH5py(folder);
for (const name of FILES)
  writeFileSync(join(folder, `our-${name}`), writeHdf5(await readHdf5(name, load(name), readAttributes)));

/** A group of more members than a tree of two levels has room for, and many small ones beside it. */
const NONE = new Map();
const number = (value) => ({ shape: [], values: () => Float32Array.of(value), attributes: NONE });
const group = (count, member) => ({
  members: new Map(Array.from({ length: count }, (_, at) => [`${at}`, member(at)])),
  attributes: NONE,
});
const wide = group(300, (at) => (at === 7 ? group(9000, number) : group(1, number)));
const wideFile = writeHdf5(wide);
writeFileSync(join(folder, 'our-wide.h5'), wideFile);

const read = [...FILES.map((name) => `our-${name}`), 'our-wide.h5'];
const ours = await ask('hdf5.py', folder, { step: 'read', files: read });

const contentOf = ({ shape, values }) =>
  shape === null
    ? null
    : [[...shape], Array.from(values(), (one) => (typeof one === 'string' ? one : Number(one)))];

/** What is in a tree of groups, as hdf5.py says it. */
function described(node) {
  const attributes = Object.fromEntries([...node.attributes].map(([name, data]) => [name, contentOf(data)]));
  if (!node.members) return { attributes, value: contentOf(node) };
  const members = Object.fromEntries([...node.members].map(([name, member]) => [name, described(member)]));
  return { attributes, members };
}
/** Values as JSON writes them: infinities become null there. */
const plain = (value) => JSON.parse(JSON.stringify(value).replaceAll('Infinity', 'null'));

for (const name of FILES) {
  test(`${name}: what h5py wrote is read`, async () => {
    assert.deepEqual(plain(described(await readHdf5(name, load(name), readAttributes))), plain(theirs[name]));
  });
  test(`${name}: what was read and written anew h5py reads with the same values`, () => {
    assert.deepEqual(ours[`our-${name}`], theirs[name]);
  });
}

test('groups of thousands of members are read here and by h5py, and do not make others longer', async () => {
  const expected = described(wide);
  assert.deepEqual(described(await readHdf5('wide', wideFile, readAttributes)), expected);
  assert.deepEqual(ours['our-wide.h5'], expected);
  const small = writeHdf5(group(300, () => group(1, number)));
  const large = writeHdf5(group(1, () => group(9000, number)));
  assert.ok(wideFile.length < small.length + large.length, `${wideFile.length} bytes`);
});

test('what cannot be read is named, with the byte', async () => {
  await assert.rejects(readHdf5('file', load('not_readable.h5')), {
    code: 'format',
    message:
      /^file: links or attributes in a fractal heap \(more than 8, or large ones\) cannot be read \(byte \d+\)$/,
  });
  await assert.rejects(readHdf5('file', new Uint8Array(200)), {
    code: 'format',
    message: 'file: expected an HDF5 file, which begins with \\x89HDF (byte 0)',
  });
});

test('a group that contains itself and structures that point in circles are refused', async () => {
  const file = writeHdf5({
    members: new Map([['a', { members: new Map(), attributes: new Map() }]]),
    attributes: new Map(),
  });
  const view = new DataView(file.buffer);
  // The address of the root's header, which stands in the superblock, in the place of the only member's.
  const root = view.getBigUint64(64, true);
  const snod = Buffer.from(file.buffer).indexOf('SNOD');
  view.setBigUint64(snod + 16, root, true);
  await assert.rejects(readHdf5('file', file), {
    code: 'format',
    message: /^file: a group contains itself \(byte \d+\)$/,
  });
  // A node of the tree of names that is its own child.
  const trees = [...Buffer.from(file.buffer).toString('latin1').matchAll(/TREE/g)].map(({ index }) => index);
  for (const at of trees) view.setBigUint64(at + 32, BigInt(at), true);
  for (const at of trees) view.setUint16(at + 6, 1, true);
  await assert.rejects(readHdf5('file', file), {
    code: 'format',
    message: /^file: a tree of names is too deep/,
  });
});

test('lengths that no file has are refused before memory is found for them', async () => {
  const bytes = load('default.h5');
  const node = async (file) => (await readHdf5('file', file)).members.get('chunks').members.get('unwritten');
  // The length of the dataset that has no chunk: only its shape says how much it would be.
  const at = Buffer.from(bytes.buffer).indexOf(Buffer.from(BigUint64Array.of(9n, 9n).buffer));
  assert.ok(at > 0);
  const view = new DataView(bytes.buffer);
  view.setBigUint64(at, 2n ** 31n, true);
  view.setBigUint64(at + 8, 2n ** 31n, true);
  await assert.rejects(async () => (await node(bytes)).values(), {
    code: 'format',
    message: /would take more than 4 times the file's/,
  });
});

const MUTATED = count(2000);
test(`${MUTATED} mutated files are read or refused by an error that names the byte, within the memory of four`, async () => {
  const { wrong, read } = await mutated(files, MUTATED, Number(process.env.FUZZ_SEED ?? 1));
  assert.deepEqual(wrong, []);
  assert.ok(read > MUTATED / 10, `only ${read} were read`);
});
