// The small functions of TensorFlow.js' `util`, and what programs ask of its backends.
import { readFileSync } from 'node:fs';
import { at } from '../../scripts/run.mjs';
import { assert, mapling, test, unrecorded } from './mapling.mjs';

const { util } = mapling;

test('util: numbers', () => {
  assert.deepEqual([util.clamp(0, 5, 3), util.clamp(0, -5, 3), util.clamp(0, 2, 3)], [3, 0, 2]);
  assert.deepEqual([util.nearestLargerEven(3), util.nearestLargerEven(4)], [4, 4]);
  assert.deepEqual([util.isInt(3), util.isInt(3.5), util.isInt('3')], [true, false, false]);
  assert.equal(util.tanh(0), 0);
  assert.equal(util.sum([1, 2, 3.5]), 6.5);
  assert.equal(util.distSquared([1, 2], Float32Array.of(4, 6)), 25);
  assert.deepEqual(
    [util.nearestDivisor(12, 5), util.nearestDivisor(7, 2), util.nearestDivisor(9, 3)],
    [6, 7, 3],
  );
  mapling.setSeed(1);
  const drawn = Array.from({ length: 100 }, () => util.randUniform(2, 5));
  assert.ok(drawn.every((value) => value >= 2 && value < 5) && new Set(drawn).size === 100);
  mapling.setSeed(1);
  assert.equal(util.randUniform(2, 5), drawn[0]);
});

test('util: shapes and places', () => {
  assert.deepEqual([util.isScalarShape([]), util.isScalarShape([1])], [true, false]);
  assert.deepEqual(
    [util.arraysEqualWithNull([1, null], [1, 2]), util.arraysEqualWithNull([1], [2])],
    [true, false],
  );
  assert.deepEqual(util.sizeToSquarishShape(10), [4, 3]);
  assert.deepEqual(util.inferFromImplicitShape([2, -1], 6), [2, 3]);
  assert.deepEqual(util.parseAxisParam([-1, 0], [2, 3, 4]), [2, 0]);
  assert.deepEqual(util.parseAxisParam(null, [2, 3]), [0, 1]);
  assert.deepEqual(util.squeezeShape([1, 3, 1]), { newShape: [3], keptDims: [1] });
  assert.deepEqual(util.squeezeShape([1, 3, 1], [0]), { newShape: [3, 1], keptDims: [1, 2] });
  assert.throws(() => util.squeezeShape([1, 3], [1]), {
    message: 'util.squeezeShape: axis 1 of [1,3] is not 1',
  });
  assert.deepEqual([util.computeStrides([2, 3, 4]), util.computeStrides([5])], [[12, 4], []]);
  assert.deepEqual([util.locToIndex([1, 2, 3], 3, [12, 4]), util.locToIndex([], 0, [])], [23, 0]);
  assert.deepEqual(
    [util.indexToLoc(23, 3, [12, 4]), util.indexToLoc(5, 1, []), util.indexToLoc(0, 0, [])],
    [[1, 2, 3], [5], []],
  );
  assert.equal(util.assertNonNegativeIntegerDimensions([0, 2]), undefined);
  assert.throws(() => util.assertNonNegativeIntegerDimensions([-1]), { code: 'shape' });
});

test('util: arrays', () => {
  const items = [1, 2, 3];
  util.swap(items, 0, 2);
  assert.deepEqual(items, [3, 2, 1]);
  assert.deepEqual(util.flatten([[1, Int32Array.of(2, 3)]], [0]), [0, 1, 2, 3]);
  assert.deepEqual(util.flatten([Int32Array.of(2, 3)], [], true), [Int32Array.of(2, 3)]);
  assert.deepEqual(util.toNestedArray([2, 1], Float32Array.of(1, 2)), [[1], [2]]);
  assert.throws(() => util.toNestedArray([2, 2], [1]), { code: 'shape' });
  assert.deepEqual(util.makeZerosTypedArray(2, 'int32'), new Int32Array(2));
  assert.deepEqual(util.makeOnesTypedArray(2, 'bool'), Uint8Array.of(1, 1));
  assert.deepEqual(util.makeZerosNestedTypedArray([1, 2], 'float32'), [[0, 0]]);
  assert.deepEqual(util.getTypedArrayFromDType('float32', 1), new Float32Array(1));
  assert.deepEqual(util.getArrayFromDType('bool', 1), new Uint8Array(1));
  assert.deepEqual(
    util.toTypedArray(
      [
        [1, 2.5],
        [true, 0],
      ],
      'float32',
    ),
    Float32Array.of(1, 2.5, 1, 0),
  );
  assert.deepEqual(util.toTypedArray([2, 0], 'bool'), Uint8Array.of(1, 0));
  assert.deepEqual(util.createScalarValue(3, 'int32'), Int32Array.of(3));
});

test('util: kinds of values', async () => {
  assert.deepEqual([util.isString('a'), util.isString(1)], [true, false]);
  assert.deepEqual([util.isBoolean(false), util.isBoolean(0)], [true, false]);
  assert.deepEqual([util.isNumber(1), util.isNumber('1')], [true, false]);
  assert.deepEqual([util.isFunction(() => 1), util.isFunction({})], [true, false]);
  assert.deepEqual([util.isPromise(Promise.resolve()), util.isPromise(1)], [true, false]);
  assert.deepEqual([[[1]], [[true]], Int32Array.of(1), Float32Array.of(1), ['a']].map(util.inferDtype), [
    'float32',
    'bool',
    'int32',
    'float32',
    'string',
  ]);
  assert.deepEqual([util.isValidDtype('int32'), util.isValidDtype('int64')], [true, false]);
  assert.deepEqual(
    [util.hasEncodingLoss('float32', 'int32'), util.hasEncodingLoss('bool', 'int32')],
    [true, false],
  );
  assert.deepEqual(['float32', 'int32', 'bool'].map(util.bytesPerElement), [4, 4, 1]);
  assert.equal(util.checkConversionForErrors([1, 2], 'float32'), undefined);
  assert.throws(() => util.checkConversionForErrors([1, Number.NaN], 'float32'), { code: 'value' });
  assert.equal(util.assertNonNull(0), undefined);
  assert.throws(() => util.assertNonNull(null), { code: 'value' });
});

test('util: texts and files', async () => {
  assert.equal(util.rightPad('ab', 4), 'ab  ');
  assert.deepEqual(util.encodeString('é'), Uint8Array.of(0xc3, 0xa9));
  assert.equal(util.decodeString(Uint8Array.of(0xc3, 0xa9)), 'é');
  assert.equal(await (await util.fetch('data:text/plain,here')).text(), 'here');
});

test('kinds that two kinds become together', () => {
  assert.deepEqual(
    [
      mapling.upcastType('bool', 'int32'),
      mapling.upcastType('int32', 'float32'),
      mapling.upcastType('bool', 'bool'),
    ],
    ['int32', 'float32', 'bool'],
  );
  assert.deepEqual([mapling.sumOutType('bool'), mapling.sumOutType('float32')], ['int32', 'float32']);
  assert.throws(() => mapling.upcastType('int64', 'bool'), { code: 'type' });
});

test('broadcast_util and tensor_util answer as in TensorFlow.js', () => {
  const { broadcast_util: broadcast, tensor_util: tensors } = mapling;
  assert.deepEqual(broadcast.assertAndGetBroadcastShape([2, 1], [3]), [2, 3]);
  assert.throws(() => broadcast.assertAndGetBroadcastShape([2], [3]), { code: 'shape' });
  assert.deepEqual(broadcast.getBroadcastDims([1, 3], [4, 3]), [0]);
  assert.deepEqual(broadcast.getReductionAxes([3, 1], [2, 3, 4]), [0, 2]);
  const [a, b] = [mapling.ones([1], 'int32'), mapling.ones([1])];
  assert.deepEqual(
    tensors.makeTypesMatch(a, b).map(({ dtype }) => dtype),
    ['float32', 'float32'],
  );
  assert.equal(tensors.assertTypesMatch(b, b), undefined);
  assert.throws(() => tensors.assertTypesMatch(a, b), { code: 'type' });
  assert.deepEqual([tensors.isTensorInList(a, [b, a]), tensors.isTensorInList(a, [b])], [true, false]);
  assert.deepEqual(tensors.getTensorsInContainer({ a: [a, { b }], c: 1 }).length, 2);
});

test('backends: there is one, its names are answered and others refused', async () => {
  assert.deepEqual(mapling.findBackend('wasm'), mapling.backend());
  assert.equal(mapling.findBackend('webgl'), null);
  assert.deepEqual(mapling.findBackendFactory('wasm')(), mapling.backend());
  assert.equal(mapling.findBackendFactory('cpu'), null);
  assert.equal(mapling.removeBackend('wasm'), undefined);
  assert.throws(() => mapling.removeBackend('abacus'), {
    message: 'removeBackend: unknown backend "abacus"; there is wasm',
  });
  const engine = mapling.engine();
  assert.equal(engine, mapling.engine());
  assert.deepEqual([engine.backendName, Object.keys(engine.registryFactory)], ['wasm', ['wasm']]);
  assert.deepEqual(engine.backend, mapling.backend());
  assert.deepEqual((await engine.profile(() => mapling.ones([4]))).newTensors, 1);
  assert.ok((await engine.time(() => mapling.ones([4]))).wallMs >= 0);
  const known = mapling.variable([1], true, 'known_to_the_engine');
  assert.equal(engine.registeredVariables.known_to_the_engine, known);
  known.dispose();
  assert.equal(engine.registeredVariables.known_to_the_engine, undefined);
  const { numTensors } = mapling.memory();
  assert.equal(engine.state.numTensors, numTensors);
});

test('the device is no browser and no telephone', () => {
  const { device_util: device } = mapling;
  assert.deepEqual([device.isBrowser(), device.isMobile()], [false, false]);
});

test('flags of the environment are kept, those of Node and browsers are true', async () => {
  const { ENV } = mapling;
  assert.equal(mapling.env(), mapling.env());
  assert.equal(ENV.set('MINE', 3), undefined);
  assert.equal(ENV.setFlags({ YES: true, NAME: 'a' }), undefined);
  assert.deepEqual(
    [ENV.get('MINE'), ENV.getNumber('MINE'), ENV.getBool('YES'), ENV.getString('NAME')],
    [3, 3, true, 'a'],
  );
  assert.equal(await ENV.getAsync('MINE'), 3);
  assert.equal(ENV.getFlags().NAME, 'a');
  assert.deepEqual([ENV.getBool('IS_NODE'), ENV.getBool('IS_BROWSER')], [true, false]);
  ENV.reset();
  assert.deepEqual([ENV.get('MINE'), ENV.getBool('IS_NODE')], [undefined, true]);
});

test('the version is that of the package, under the names of TensorFlow.js’ parts too', () => {
  const { version } = JSON.parse(readFileSync(at('js/package.json'), 'utf8'));
  assert.equal(mapling.version(), version);
  for (const part of ['tfjs', 'tfjs-core', 'tfjs-layers', 'tfjs-data'])
    assert.equal(unrecorded.version[part], version);
});

test('bytes of texts, and values of a backend', () => {
  assert.equal(util.bytesFromStringArray([util.encodeString('ab'), util.encodeString('c')]), 3);
  assert.equal(util.bytesFromStringArray(null), 0);
  const { buffer } = Float32Array.of(1.5, 0);
  assert.deepEqual(util.convertBackendValuesAndArrayBuffer(buffer, 'float32'), Float32Array.of(1.5, 0));
  assert.deepEqual(util.convertBackendValuesAndArrayBuffer(Float32Array.of(1.5), 'int32'), Int32Array.of(1));
  assert.deepEqual(
    util.convertBackendValuesAndArrayBuffer(Int32Array.of(0, 7).buffer, 'bool'),
    Uint8Array.of(0, 1),
  );
  assert.throws(() => util.convertBackendValuesAndArrayBuffer(5, 'float32'), { code: 'type' });
  assert.throws(() => util.convertBackendValuesAndArrayBuffer(new ArrayBuffer(3), 'int32'), {
    code: 'shape',
  });
});
