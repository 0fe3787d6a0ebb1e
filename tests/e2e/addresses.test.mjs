// What reads addresses, given nonsense by the thousand: it never throws, and what it finds can be used and written again.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { rolldown } from 'rolldown';
import { at } from '../../scripts/run.mjs';
import { numbersFrom } from './monkey.mjs';

/** The page's own files, as one module. */
async function reading() {
  const parts = ['state/settings', 'state/sources', 'network/spelling', 'pad/spelling'];
  const entry = parts.map((part) => `export * from ${JSON.stringify(at(`www/src/${part}.ts`))};`).join('\n');
  const bundle = await rolldown({
    input: 'entry',
    plugins: [
      {
        name: 'entry',
        resolveId: (id) => (id === 'entry' ? id : undefined),
        load: (id) => (id === 'entry' ? entry : undefined),
      },
    ],
  });
  const { output } = await bundle.generate({ format: 'esm' });
  return import(`data:text/javascript;base64,${Buffer.from(output[0].code).toString('base64')}`);
}

const KEYS = 'preset learningRate batchSize epochs optimizer seed momentum net adjust ink data lesson'.split(
  ' ',
);
const WORDS = [
  ...'dense lenet convnet adam sgd momentum mnist generated __proto__ constructor toString NaN Infinity -Infinity'.split(
    ' ',
  ),
  ...'0 -0 -1 1.5 1e9 1e-9 1e999 0x10 ١ 64 4294967295 4294967296 <b> % %00 %ff & = # ? . - _ ~ 💥'.split(' '),
  ...'dense10 dense0 dense9999999999 conv8x5relu conv1x99 pool2 pool0 norm drop0.5 drop9 flatten reshape0 reshape2x2x2x2'.split(
    ' ',
  ),
  ...'1-rate0.1 0-rate0.1 1-rate0 1-batch9999999 1-constructor1 5-rate0.1_2-rate0.2 AAAA AAA. ....'.split(
    ' ',
  ),
  '',
  ' ',
  'A'.repeat(5000),
  '1-rate0.1_'.repeat(500),
  'dense9-'.repeat(100),
];

test('20,000 addresses of nonsense: none throws, and every setting found is one that can be', async () => {
  const {
    readAddress,
    writeAddress,
    areSame,
    ranges,
    readSource,
    layersFrom,
    spelledLayers,
    strokesFrom,
    adjustmentsOf,
    inForce,
  } = await reading();
  const random = numbersFrom(7);
  const pick = (all) => all[Math.floor(random() * all.length)];
  const began = performance.now();
  for (let time = 0; time < 20_000; time++) {
    const said = Array.from({ length: 1 + Math.floor(random() * 4) }, () => {
      const words = Array.from({ length: 1 + Math.floor(random() * 3) }, () => pick(WORDS)).join(
        pick(['', '-', '_', '.']),
      );
      return `${random() < 0.9 ? pick(KEYS) : pick(WORDS)}=${random() < 0.5 ? encodeURIComponent(words) : words}`;
    }).join('&');
    const [query, hash] = random() < 0.5 ? [`?${said}`, ''] : ['', `#${said}`];
    assert.match(readSource(query, hash), /^(styles|mnist|generated)$/);
    const found = readAddress(query, hash);
    if (!found) continue;
    for (const [name, { min, max, whole }] of Object.entries(ranges)) {
      const value = found[name];
      assert.ok(
        value >= min && value <= max && (!whole || Number.isInteger(value)),
        `${said}: ${name} ${value}`,
      );
    }
    const again = readAddress('', `#${writeAddress(found)}`);
    if (again) assert.ok(areSame(found, again), said);
    const layers = layersFrom(found.net);
    if (layers) assert.deepEqual(layersFrom(spelledLayers(layers)), layers, said);
    inForce(found, adjustmentsOf(found.adjust).length);
    const ink = new URLSearchParams(said).get('ink');
    const strokes = ink === null ? null : strokesFrom(ink, 280);
    for (const [x, y] of strokes?.flat() ?? []) assert.ok(x >= 0 && x <= 280 && y >= 0 && y <= 280, said);
  }
  const took = performance.now() - began;
  assert.ok(took < 30_000, `${took.toFixed(0)} ms: some of it takes far too long`);
});
