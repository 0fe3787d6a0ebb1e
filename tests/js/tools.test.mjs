// What surrounds tensors: loading, memory, tidying up, small helpers of programs for TensorFlow.js.
import { readFileSync } from 'node:fs';
import { at } from '../../scripts/run.mjs';
import { assert, mapling, test } from './mapling.mjs';

const { util } = mapling;

test('init and ready may be awaited again and again', async () => {
  assert.equal(await mapling.init(), undefined);
  assert.equal(await mapling.init({}), undefined);
  await mapling.ready();
  assert.equal(mapling.add(1, 2).arraySync(), 3);
});

test('backend tells the mode, the threads and what was not possible', () => {
  assert.equal(mapling.getBackend(), 'wasm');
  const { mode, threads, isolated, notes } = mapling.backend();
  assert.deepEqual([mode, threads, isolated, notes], ['exact', 1, false, []]);
});

test('version is that of the package', () => {
  const { version } = JSON.parse(readFileSync(at('js/package.json'), 'utf8'));
  const said = typeof mapling.version === 'function' ? mapling.version() : mapling.version;
  assert.ok(JSON.stringify(said).includes(version), JSON.stringify(said));
});

test('memory tells bytes and tensors', () => {
  const before = mapling.memory();
  const kept = mapling.zeros([1000]);
  const { numBytes, numTensors, wasmBytes, unreliable } = mapling.memory();
  assert.ok(Number.isInteger(numBytes) && numBytes >= 0);
  assert.ok(wasmBytes >= before.wasmBytes && wasmBytes % 65536 === 0);
  assert.ok(Number.isInteger(numTensors) && numTensors > 0, `numTensors ${numTensors}`);
  assert.equal(typeof (unreliable ?? false), 'boolean');
  assert.equal(kept.sum().arraySync(), 0);
});

test('tidy gives what its function gives, and that keeps its value', () => {
  const y = mapling.tidy(() => mapling.tensor([1, 2]).add(1).mul(2));
  assert.deepEqual(y.arraySync(), [4, 6]);
  assert.equal(
    mapling.tidy('named', () => 5),
    5,
  );
  const [a, { b }] = mapling.tidy(() => [mapling.scalar(1).add(1), { b: mapling.scalar(2).add(1) }]);
  assert.deepEqual([a.arraySync(), b.arraySync()], [2, 3]);
});

test('what is kept survives tidy, and keep gives its tensor', () => {
  let kept;
  mapling.tidy(() => {
    kept = mapling.keep(mapling.tensor([1, 2]).add(1));
  });
  assert.deepEqual(kept.arraySync(), [2, 3]);
  const x = mapling.tensor([5]);
  assert.equal(mapling.keep(x), x);
  assert.equal(x.keep?.() ?? x, x);
  assert.deepEqual(x.arraySync(), [5]);
});

test('dispose takes a tensor, lists, nested objects and nothing', () => {
  const [a, b, c] = [1, 2, 3].map((value) => mapling.scalar(value));
  mapling.dispose(a);
  mapling.dispose([b, { c }]);
  mapling.dispose(undefined);
  assert.deepEqual([a.isDisposed, b.isDisposed, c.isDisposed], [true, true, true]);
});

test('nextFrame lets others have their turn', async () => {
  let turned = false;
  setTimeout(() => {
    turned = true;
  }, 0);
  for (let frame = 0; frame < 50 && !turned; frame++) await mapling.nextFrame();
  assert.ok(turned);
});

test('util.assert throws what it is given, as text or as a function', () => {
  assert.equal(
    util.assert(true, () => 'no'),
    undefined,
  );
  assert.throws(() => util.assert(false, () => 'three is odd'), { message: 'three is odd' });
  assert.throws(() => util.assert(false, 'four is not'), { message: 'four is not' });
});

test('util.shuffle and createShuffledIndices keep every item once', () => {
  const items = Array.from({ length: 100 }, (_, place) => place);
  const shuffled = [...items];
  util.shuffle(shuffled);
  assert.notDeepEqual(shuffled, items);
  assert.deepEqual(
    shuffled.sort((a, b) => a - b),
    items,
  );
  const indices = util.createShuffledIndices(100);
  assert.ok(indices instanceof Uint32Array);
  assert.deepEqual(
    [...indices].sort((a, b) => a - b),
    items,
  );
  assert.equal(util.createShuffledIndices(0).length, 0);
});

test('util.sizeFromShape multiplies, util.now runs on', () => {
  assert.deepEqual(
    [util.sizeFromShape([2, 3, 5]), util.sizeFromShape([]), util.sizeFromShape([0, 7])],
    [30, 1, 0],
  );
  const before = util.now();
  assert.ok(util.now() >= before);
});

test('util: shapes and arrays are compared, kinds told, nested values listed, pairs shuffled alike', () => {
  assert.equal(util.assertShapesMatch([1, 2], [1, 2]), undefined);
  assert.throws(() => util.assertShapesMatch([1], [2], 'mine:'), {
    message: 'mine: Shapes [1] and [2] must match',
  });
  assert.deepEqual([util.arraysEqual([1, 2], [1, 2]), util.arraysEqual([1, 2], [2, 1])], [true, false]);
  assert.deepEqual([util.isTypedArray(Int32Array.of(1)), util.isTypedArray([1])], [true, false]);
  assert.deepEqual(util.flatten([[1, [2]], [[3]]]), [1, 2, 3]);
  const [numbers, names] = [
    Array.from({ length: 50 }, (_, at) => at),
    Array.from({ length: 50 }, (_, at) => `${at}`),
  ];
  util.shuffleCombo(numbers, names);
  assert.deepEqual(names, numbers.map(String));
  assert.deepEqual(
    [...numbers].sort((a, b) => a - b),
    Array.from({ length: 50 }, (_, at) => at),
  );
});

test('what TensorFlow.js has for its backends answers without harm', async () => {
  assert.equal(await mapling.setBackend('wasm'), true);
  assert.equal(mapling.getBackend(), 'wasm');
  await assert.rejects(mapling.setBackend('abacus'), { message: /^setBackend: unknown backend "abacus"/ });
  mapling.env().set('WEBGL_PACK', true);
  assert.deepEqual([mapling.env().getBool('WEBGL_PACK'), mapling.env().getNumber('NONE')], [true, 0]);
  for (const quiet of ['enableProdMode', 'enableDebugMode', 'disableDeprecationWarnings', 'deprecationWarn'])
    assert.equal(mapling[quiet]('text'), undefined);
});

test('a scope that is opened by hand frees what was made in it', () => {
  const before = mapling.memory().numTensors;
  const engine = mapling.engine();
  engine.startScope();
  mapling.ones([2]).add(1);
  assert.equal(mapling.memory().numTensors, before + 2);
  engine.endScope();
  assert.equal(mapling.memory().numTensors, before);
});

test('profile and time tell what a function leaves and takes', async () => {
  const kept = await mapling.profile(() => mapling.ones([4]));
  assert.deepEqual([kept.newTensors, kept.newBytes, kept.result.shape], [1, 16, [4]]);
  const { wallMs } = await mapling.time(() => mapling.ones([4]));
  assert.ok(wallMs >= 0 && wallMs < 10_000);
});

test('print writes a tensor to the console', () => {
  const lines = [];
  const { log } = console;
  console.log = (line) => lines.push(line);
  try {
    mapling.print([1, 2]);
    mapling.tensor([3]).print();
  } finally {
    console.log = log;
  }
  assert.deepEqual(lines, ['Tensor\n    [1, 2]', 'Tensor\n    [3]']);
});

test('a disposed tensor can be asked whether it is', () => {
  const x = mapling.ones([2]);
  assert.equal(x.throwIfDisposed(), undefined);
  x.dispose();
  assert.throws(() => x.throwIfDisposed(), { code: 'state' });
});
