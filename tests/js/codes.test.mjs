// What errors say beyond their text, and what keeps an instance alive.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { runInNewContext } from 'node:vm';
import { at } from '../../scripts/run.mjs';

const mapling = await import(pathToFileURL(process.env.MAPLING_ENTRY ?? at('dist/npm/index.js')).href);

test('before init there is one error', () => {
  assert.throws(() => mapling.zeros([2]).add(1), { code: 'state', message: /^mapling is not loaded yet/ });
});

test('every error has a code, and names the function that was called', async () => {
  await mapling.init();
  const { tensor } = mapling;
  const x = tensor([
    [1, 2],
    [3, 4],
  ]);
  const cases = [
    [
      'shape',
      'add: [2,2] and [3] cannot be broadcast together',
      () => tensor([1, 2, 3], null, 'int32').add(x.toInt()),
      /./,
    ],
    ['shape', 'add', () => x.add([1, 2, 3])],
    ['shape', 'matMul', () => x.matMul(tensor([[1, 2, 3]]))],
    ['shape', 'reshape', () => x.reshape(4)],
    ['shape', 'transpose', () => x.transpose(0)],
    ['value', 'split', () => mapling.split(x, -1)],
    ['shape', 'split', () => mapling.split(x, [1, 2])],
    ['shape', 'avgPool', () => x.avgPool(2)],
    ['value', 'maxPool', () => x.expandDims(0).maxPool(0)],
    ['value', 'conv2d', () => x.expandDims(0).conv2d(mapling.ones([1, 1, 2, 1]), 1, 'valid', 'CHWN')],
    ['type', 'tensor', () => tensor([1n])],
    ['type', 'tensor', () => tensor(new BigInt64Array(2))],
    ['type', 'cast', () => x.cast('complex128')],
    ['memory', 'zeros', () => mapling.zeros([2 ** 30])],
    ['value', 'gather', () => x.gather([2])],
    ['shape', 'sum', () => x.sum(5)],
    ['name', 'loadGraphModelSync', () => mapling.loadGraphModelSync(x)],
    ['name', 'Tensor.dataToGPU', () => x.dataToGPU()],
    ['name', 'image.combinedNonMaxSuppression', () => mapling.image.combinedNonMaxSuppression(x)],
  ];
  for (const [code, name, action] of cases) {
    assert.throws(
      action,
      (error) => {
        assert.equal(Object.prototype.toString.call(error), '[object Error]');
        assert.equal(error.code, code, error.message);
        if (!name.includes(':')) assert.ok(error.message.startsWith(`${name}: `), error.message);
        return true;
      },
      name,
    );
  }
});

test('values of another realm, and arrays whose memory was given away', () => {
  const foreign = runInNewContext(
    '[Float32Array.of(1, 2), Int32Array.of(3), [[4, 5]], new BigInt64Array(1)]',
  );
  assert.deepEqual([...mapling.tensor(foreign[0]).dataSync()], [1, 2]);
  assert.equal(mapling.tensor(foreign[1]).dtype, 'int32');
  assert.deepEqual(mapling.tensor(foreign[2]).shape, [1, 2]);
  assert.throws(() => mapling.tensor(foreign[3]), { code: 'type' });
  const given = Float32Array.of(1, 2);
  structuredClone(given, { transfer: [given.buffer] });
  assert.throws(() => mapling.tensor(given), {
    code: 'value',
    message: /^tensor: the memory of this Float32Array/,
  });
});

test('a user’s object that throws or recurses without end leaves the instance alive', () => {
  const endless = () => endless();
  const mine = new Error('mine');
  const odd = (get) => new Proxy([1, 2], { get });
  assert.throws(
    () =>
      mapling.tensor(
        odd(() => {
          throw mine;
        }),
      ),
    (thrown) => thrown === mine,
  );
  assert.throws(() => mapling.tensor(odd(endless)), RangeError);
  assert.throws(() => mapling.ones([2]).reshape(odd(endless)), RangeError);
  assert.throws(
    () =>
      mapling.grad((x) => {
        x.add(1);
        return endless();
      })(mapling.ones([2])),
    RangeError,
  );
  assert.deepEqual([...mapling.ones([2]).add(1).dataSync()], [2, 2]);
});

test('messages never show the whole of a large value', () => {
  const long = 'x'.repeat(10_000_000);
  const huge = new Array(100_000).fill(7);
  for (const action of [
    () => mapling.tensor([long]),
    () => mapling.zeros(huge),
    () => mapling.ones([2]).cast(long),
    () => mapling.ones([2]).reshape(huge),
    () => mapling.ones([2]).slice(huge),
    () => mapling.tensor([10n ** 5000n]),
    () => mapling.variable(1, long),
    () => mapling.sequential({ [long]: 1 }),
  ]) {
    assert.throws(action, (error) => error.message.length < 500);
  }
});
