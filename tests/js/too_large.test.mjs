// Sizes that fit into no memory: refused by one error before anything is asked for, and the instance lives on.
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { assert, entry, unrecorded as mapling, test } from './mapling.mjs';
import { picture, refused } from './refused.mjs';

test('results of more than 4 GiB are refused by name', () =>
  refused([
    [
      'conv2d(65537 × 65536)',
      () => mapling.conv2d(mapling.ones([1, 65537, 1, 1]), mapling.ones([1, 1, 1, 65536]), 1, 'valid'),
    ],
    ['zeros(2 ** 53)', () => mapling.zeros([2 ** 53 - 1])],
    ['zeros(2 ** 32 × 2 ** 32)', () => mapling.zeros([2 ** 32, 2 ** 32])],
    ['ones(65536 × 65536 × 16)', () => mapling.ones([65536, 65536, 16])],
    ['fill(2 ** 30 + 1)', () => mapling.fill([2 ** 30 + 1], 1)],
    ['eye(2 ** 20)', () => mapling.eye(2 ** 20)],
    ['meshgrid(70,000 × 70,000)', () => mapling.meshgrid(mapling.ones([70_000]), mapling.ones([70_000]))],
    ['randomNormal(2 ** 30 + 1)', () => mapling.randomNormal([2 ** 30 + 1])],
    ['randomUniform(65536 × 65536)', () => mapling.randomUniform([65536, 65536])],
    ['broadcastTo(65536 × 65536)', () => mapling.broadcastTo(mapling.ones([1]), [65536, 65536])],
    ['broadcastTo(2 ** 32)', () => mapling.broadcastTo(mapling.ones([1]), [2 ** 32])],
    [
      'gather(2 ** 12 rows of 2 ** 19)',
      () => mapling.gather(mapling.ones([1, 2 ** 19]), new Array(2 ** 12).fill(0)),
    ],
    [
      'concat(200 × 2 ** 23)',
      () => {
        const part = mapling.ones([2 ** 23]);
        mapling.concat(new Array(200).fill(part));
      },
    ],
    [
      'matMul(2 ** 16 × 1 × 2 ** 16)',
      () => mapling.matMul(mapling.ones([2 ** 16, 1]), mapling.ones([1, 2 ** 16])),
    ],
    ['add(2 ** 16 × 2 ** 16)', () => mapling.add(mapling.ones([2 ** 16, 1]), mapling.ones([1, 2 ** 16]))],
  ]));

test('windows and strides far larger than a picture are answered, or refused by name', () =>
  refused(
    [
      [
        'conv2d with dilation 2 ** 15',
        () => mapling.conv2d(picture(), mapling.ones([2, 2, 1, 1]), 1, 'same', 'NHWC', 2 ** 15),
        'conv2d',
      ],
      [
        'conv2d with dilation 2 ** 30',
        () => mapling.conv2d(picture(), mapling.ones([2, 2, 1, 1]), 1, 'same', 'NHWC', 2 ** 30),
        'conv2d',
      ],
      [
        'conv2d with strides 2 ** 30',
        () => mapling.conv2d(picture(), mapling.ones([2, 2, 1, 1]), 2 ** 30, 'same'),
        'conv2d',
      ],
      [
        'conv2d with strides 2 ** 40',
        () => mapling.conv2d(picture(), mapling.ones([2, 2, 1, 1]), 2 ** 40, 'same'),
        'conv2d',
      ],
      ['maxPool over 2 ** 31', () => mapling.maxPool(picture(), 2 ** 31, 1, 'same'), 'maxPool'],
      ['maxPool over 2 ** 20', () => mapling.maxPool(picture(), 2 ** 20, 1, 'same'), 'maxPool'],
      ['avgPool with strides 2 ** 31', () => mapling.avgPool(picture(), 2, 2 ** 31, 'same'), 'avgPool'],
    ],
    { mayWork: true },
  ));

test('a window larger than the picture sees all of it', () => {
  assert.deepEqual(
    [...mapling.maxPool(mapling.range(0, 4).reshape([1, 2, 2, 1]), 2 ** 20, 1, 'same').dataSync()],
    [3, 3, 3, 3],
  );
  const kernel = mapling.tensor4d([1, 2, 3, 4], [2, 2, 1, 1]);
  // TensorFlow's padding puts half of the reach before the picture: only the nearest tap can fall inside, if any.
  const strided = mapling.conv2d(picture(), kernel, 2 ** 30, 'same');
  assert.deepEqual(strided.shape, [1, 1, 1, 1]);
});

// Each of these ends a process that tries it, so that each has one of its own, with little memory.
for (const call of [
  'range(0, 2 ** 31)',
  'range(0, 1, 1e-12)',
  'range(0, 1e300)',
  'linspace(0, 1, 2 ** 31)',
  'oneHot([0, 1], 2 ** 31)',
]) {
  test(`${call} is refused by name, and the process lives on`, async () => {
    const code = `const mapling = await import(process.argv[1]);
      await mapling.init();
      try { mapling.${call}; } catch (error) { console.log(error.constructor.name, error.message); }
      console.log(mapling.add(1, 2).dataSync()[0]);`;
    const { stdout } = await promisify(execFile)(
      process.execPath,
      ['--max-old-space-size=128', '--input-type=module', '-e', code, entry],
      { timeout: 15_000 },
    ).catch(({ signal, stdout }) => ({ stdout: `${stdout}ended by ${signal}` }));
    const [said, canary] = stdout.trim().split('\n');
    assert.match(said, new RegExp(`^Error .*${call.split('(')[0]}`));
    assert.equal(canary, '3');
  });
}

test('what does not fit has one code, whoever finds out: memory, with the bytes wanted', () => {
  const { layers } = mapling;
  const message = /bytes are wanted, which do not fit into memory$/;
  for (const action of [
    () => mapling.conv2d(mapling.ones([1, 65537, 1, 1]), mapling.ones([1, 1, 1, 65536]), 1, 'valid'),
    () => layers.conv2d({ filters: 65536, kernelSize: 1 }).computeOutputShape([null, 65537, 1, 1]),
    () => layers.maxPooling2d({ poolSize: 1 }).computeOutputShape([null, 65536, 65536, 1]),
    () => layers.averagePooling2d({ poolSize: 2 }).computeOutputShape([null, 65536, 65536, 4]),
  ])
    assert.throws(action, { code: 'memory', message });
});
