// What zlib packs is unpacked to the same bytes, and never to more than was said.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { constants, deflateRawSync } from 'node:zlib';
import { inside } from './mapling.mjs';
import { count, mutated, randomFrom } from './mutations.mjs';

const { inflate } = await inside('io/zip/inflate.js');

/** Bytes of many kinds: none, one, equal ones, noise, words, numbers, and what comes again from far away. */
function samples() {
  const random = randomFrom(3);
  const noise = (length, most = 256) => Uint8Array.from({ length }, () => Math.floor(random() * most));
  const words = Buffer.from(
    Array.from({ length: 4000 }, () => 'a model of layers '.slice(random() * 12)).join(''),
  );
  const floats = new Uint8Array(Float32Array.from({ length: 4000 }, () => random() - 0.5).buffer);
  const far = noise(33_000);
  return [
    new Uint8Array(0),
    Uint8Array.of(7),
    new Uint8Array(40_000),
    noise(20_000),
    noise(20_000, 3),
    words,
    floats,
    Buffer.concat([far, far, far.subarray(200)]),
  ];
}
const WAYS = [0, 1, 9].flatMap((level) =>
  ['Z_DEFAULT_STRATEGY', 'Z_FIXED', 'Z_HUFFMAN_ONLY', 'Z_RLE'].map((strategy) => ({
    level,
    strategy: constants[strategy],
  })),
);

test('whatever zlib packs, and however, comes out as it was', () => {
  for (const bytes of samples())
    for (const way of WAYS) {
      const packed = deflateRawSync(bytes, way);
      assert.deepEqual(Buffer.from(inflate(packed, bytes.length)), Buffer.from(bytes), JSON.stringify(way));
      // What stands behind is not looked at.
      const longer = Buffer.concat([packed, Buffer.from('behind')]);
      assert.equal(inflate(longer, bytes.length).length, bytes.length);
    }
});

test('where more comes out than was said, or the end is missing, nothing comes', () => {
  for (const bytes of samples().filter(({ length }) => length > 0))
    for (const way of WAYS) {
      const packed = deflateRawSync(bytes, way);
      assert.equal(inflate(packed, bytes.length - 1), undefined);
      assert.equal(inflate(packed.subarray(0, packed.length >> 1), bytes.length), undefined);
    }
});

test('a bomb that lies about its size takes no time', () => {
  const bomb = deflateRawSync(new Uint8Array(2 ** 25), { level: 9 });
  const start = performance.now();
  assert.equal(inflate(bomb, 1000), undefined);
  assert.ok(performance.now() - start < 100);
});

test(`${count(5000)} streams that something has happened to end, with an answer or without`, () => {
  const packed = samples().map(
    (bytes) => new Uint8Array(deflateRawSync(bytes.subarray(0, 3000), { level: 9 })),
  );
  const random = randomFrom(Number(process.env.MAPLING_SEED ?? 1));
  for (let left = count(5000); left > 0; left--) {
    const found = inflate(mutated(packed, random), 4000);
    assert.ok(found === undefined || found.length <= 4000);
  }
});
