// Files in the safetensors format: the format's own package in Python reads what is written here, and what it writes is
// read; files that something has happened to are refused by one kind of error.
import { after } from 'node:test';
import { closeNumbers, readOracle, settings, tensorOf } from '../js/keras.mjs';
import { assert, mapling, test } from '../js/mapling.mjs';
import { count } from './mutations.mjs';
import { startPython } from './python.mjs';
import { mutated as readMutated } from './safetensors_mutated.mjs';

const { input, io, layers, model, modelFromJSON, sequential, tensor } = mapling;
const python = startPython('run_safetensors.py');
after(() => python.stop());

async function ask(task) {
  const told = await python.ask(task);
  assert.equal(told.error, undefined);
  return told;
}
const inBase64 = (bytes) => Buffer.from(bytes).toString('base64');
const outOf = (text) => new Uint8Array(Buffer.from(text, 'base64'));
const bits = (x) => [...new Uint32Array(Float32Array.from(x.dataSync()).buffer)];
const makerOf = (className) =>
  Object.keys(layers).find((name) => name.toLowerCase() === className.toLowerCase());

/** Writes the weights of `made`, lets Python read and write them, and loads them into `other`, made in the same way. */
async function roundTrip(made, other) {
  const { tensors, again } = await ask({ read: inBase64(await io.toSafetensors(made)) });
  const names = made.weights.map(({ name }) => name);
  assert.deepEqual(Object.keys(tensors).sort(), [...names].sort());
  for (const weight of made.weights) {
    const { dtype, shape, data } = tensors[weight.name];
    assert.deepEqual([dtype, shape], ['float32', weight.shape]);
    assert.deepEqual(Float32Array.from(data), weight.read().dataSync());
  }
  const back = await io.fromSafetensors(outOf(again));
  other.loadWeights(back.tensors);
  assert.deepEqual(other.getWeights().map(bits), made.getWeights().map(bits));
}

const weighted = ['keras-1.json', 'convolutions.json'].flatMap((file) =>
  readOracle(file).layers.filter(({ weights }) => weights.length > 0),
);
test('weights of every layer of the oracle go to Python and come back with their bits', async () => {
  for (const one of weighted) {
    const [made, other] = [0, 1].map(() => {
      const x = input({ shape: one.x.shape.slice(1) });
      const layer = layers[makerOf(one.layer)]({ ...settings(one.config), name: 'layer' });
      return model({ inputs: x, outputs: layer.apply(x) });
    });
    made.setWeights(one.weights.map(tensorOf));
    await roundTrip(made, other);
  }
});

for (const one of readOracle('models-1.json').models) {
  test(`${one.name}: goes to Python and comes back, and predicts the same`, async () => {
    const [made, other] = [0, 1].map(() => modelFromJSON(one.config));
    await roundTrip(made, other);
    const inputs = one.inputs.map(tensorOf);
    const [ours, theirs] = [made, other].map((each) =>
      [each.predict(inputs.length === 1 ? inputs[0] : inputs)].flat().map((y) => [...y.dataSync()]),
    );
    ours.forEach((values, at) => {
      closeNumbers(`output ${at}`, theirs[at], values, 1e-6);
    });
  });
}

test('tensors by name, of all kinds that are here, go to Python with what is said of them', async () => {
  const given = {
    'a/wide': tensor([
      [1.5, -2],
      [Number.NaN, 1e-40],
    ]),
    flags: tensor([true, false, true], [3], 'bool'),
    numbers: tensor([1, -(2 ** 31), 2 ** 31 - 1], [3], 'int32'),
    'ein “Wort”\n': tensor(7),
    nothing: tensor([], [0, 3]),
  };
  const metadata = { format: 'mapling', 'ein “Wort”': '"\\\n' };
  const file = await io.toSafetensors(given, { metadata });
  // Values begin where they can be read in place.
  assert.equal((8 + Number(new DataView(file.buffer).getBigUint64(0, true))) % 8, 0);
  const told = await ask({ read: inBase64(file) });
  assert.deepEqual(told.metadata, metadata);
  assert.deepEqual(told.tensors.flags, { dtype: 'bool', shape: [3], data: [true, false, true] });
  assert.deepEqual(told.tensors.numbers.data, [1, -2147483648, 2147483647]);
  assert.deepEqual(told.tensors['ein “Wort”\n'], { dtype: 'float32', shape: [], data: [7] });
  const back = await io.fromSafetensors(outOf(told.again));
  assert.deepEqual(back.metadata, metadata);
  for (const [name, x] of Object.entries(given)) {
    const found = back.tensors[name];
    assert.deepEqual([found.dtype, found.shape, found.dataSync()], [x.dtype, x.shape, x.dataSync()]);
  }
});

test('numbers of other widths are read where they fit, and named where they do not', async () => {
  const of = (dtype, data) => ({ dtype, shape: [data.length], data });
  const read = async (tensors) => io.fromSafetensors(outOf((await ask({ write: tensors })).file));
  const halves = [1, -2.5, 65504, 6e-8, 6.1e-5];
  const wanted = {
    f64: ['float32', Float32Array.of(1.5, 1 / 3, -1e30)],
    f16: ['float32', Float32Array.of(1, -2.5, 65504, 2 ** -24, 1023 * 2 ** -24)],
    bf16: ['float32', Float32Array.of(1, -3.140625)],
    i64: ['int32', Int32Array.of(-5, 2 ** 31 - 1)],
    u32: ['int32', Int32Array.of(0, 9)],
    u8: ['int32', Int32Array.of(0, 255)],
    i8: ['int32', Int32Array.of(-128, 127)],
    i16: ['int32', Int32Array.of(-32768, 5)],
    u16: ['int32', Int32Array.of(65535, 5)],
  };
  const { tensors } = await read({
    f64: of('float64', [1.5, 1 / 3, -1e30]),
    f16: of('float16', halves),
    bf16: of('bfloat16', [1, -3.140625]),
    i64: of('int64', [-5, 2 ** 31 - 1]),
    u32: of('uint32', [0, 9]),
    u8: of('uint8', [0, 255]),
    i8: of('int8', [-128, 127]),
    i16: of('int16', [-32768, 5]),
    u16: of('uint16', [65535, 5]),
  });
  assert.deepEqual(Object.keys(tensors).sort(), Object.keys(wanted).sort());
  for (const [name, [dtype, values]] of Object.entries(wanted)) {
    assert.deepEqual([name, tensors[name].dtype, tensors[name].dataSync()], [name, dtype, values]);
  }
  const refused = (tensors, message, code = 'value') => assert.rejects(read(tensors), { code, message });
  await refused(
    { i: of('int64', [0, 2 ** 31]) },
    'fromSafetensors: tensor `i`: 2147483648 at place 1 is no int32',
  );
  await refused(
    { u: of('uint32', [2 ** 32 - 1]) },
    'fromSafetensors: tensor `u`: 4294967295 at place 0 is no int32',
  );
  await refused(
    { f: of('float64', [1e300]) },
    'fromSafetensors: tensor `f`: 1e+300 at place 0 is no float32',
  );
  await refused(
    { odd: of('float8_e4m3fn', [1]) },
    /^fromSafetensors: tensor `odd` is of type "F8_E4M3"; read are F32, F64, F16, BF16, /,
    'format',
  );
});

/** A file with this head and these bytes behind it. */
function fileOf(head, length = 4) {
  const text = Buffer.from(typeof head === 'string' ? head : JSON.stringify(head));
  const size = Buffer.alloc(8);
  size.writeBigUInt64LE(BigInt(text.length));
  return new Uint8Array(Buffer.concat([size, text, Buffer.alloc(length)]));
}
const one = { dtype: 'F32', shape: [1], data_offsets: [0, 4] };

test('halves that are no number, or no finite one, stay what they are', async () => {
  const file = fileOf({ h: { dtype: 'F16', shape: [4], data_offsets: [0, 8] } }, 8);
  file.set([0x00, 0x80, 0x00, 0x7c, 0x00, 0xfc, 0x01, 0x7e], file.length - 8);
  const { tensors } = await io.fromSafetensors(file);
  const expected = Float32Array.of(-0, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, Number.NaN);
  assert.deepEqual(tensors.h.dataSync(), expected);
});

for (const [what, file, message] of [
  ['too short', new Uint8Array(7), /too short/],
  ['a head without end', new Uint8Array(8).fill(255), /its head would be \d+ bytes long/],
  ['a head that is cut off', fileOf({ a: one }).subarray(0, 20), /its head is cut off/],
  ['no UTF-8', Uint8Array.of(2, 0, 0, 0, 0, 0, 0, 0, 0xc3, 0x28), /not UTF-8/],
  ['no object', fileOf('[1]', 0), /`{` is missing at character 0/],
  ['nested without end', fileOf('{"a":'.repeat(100_000), 0), /tensor `a`: `a` is not known at character 10/],
  ['two of a name', fileOf(`{"a":${JSON.stringify(one)},"a":${JSON.stringify(one)}}`), /`a` is there twice/],
  ['something behind it', fileOf(`${JSON.stringify({ a: one })}{`), /something follows at character/],
  ['a text without end', fileOf(`{"${'a'.repeat(1e6)}`, 0), /a text is expected at character 1\)/],
  ['an escape that is none', fileOf('{"\\x":1}', 0), /a text is expected/],
  [
    'no type',
    fileOf({ a: { shape: [1], data_offsets: [0, 4] } }),
    /must have dtype, shape and two data_offsets/,
  ],
  ['a length that is not whole', fileOf({ a: { ...one, shape: [1.5] } }), /a whole number is expected/],
  ['a negative length', fileOf({ a: { ...one, shape: [-1] } }), /a whole number is expected/],
  ['a length without end', fileOf({ a: { ...one, shape: [1e300] } }), /a whole number is expected/],
  [
    'bytes of another length',
    fileOf({ a: { ...one, shape: [2] } }),
    /tensor `a`: 4 bytes cannot be F32 \[2\]/,
  ],
  [
    'lengths whose product is too large',
    fileOf({ a: { ...one, shape: [2 ** 40, 2 ** 40] } }),
    /4 bytes cannot be/,
  ],
  ['bytes that overlap', fileOf({ a: one, b: one }), /`b`: its bytes 0 to 4 overlap/],
  [
    'a hole',
    fileOf({ a: one, b: { ...one, data_offsets: [8, 12] } }, 12),
    /`b`: its bytes 8 to 12 leave a hole/,
  ],
  [
    'bytes beyond the end',
    fileOf({ a: { ...one, shape: [2], data_offsets: [0, 8] } }),
    /beyond the end of the file/,
  ],
  ['bytes that run back', fileOf({ a: { ...one, data_offsets: [4, 0] } }), /end before they begin/],
  ['bytes too many', fileOf({ a: one }, 5), /1 bytes at its end belong to no tensor/],
  ['metadata that is no text', fileOf({ __metadata__: { a: 1 } }, 0), /a text is expected/],
]) {
  test(`${what}: refused by name`, async () => {
    await assert.rejects(io.fromSafetensors(file), (error) => {
      assert.equal(error.code, 'format');
      assert.match(error.message, /^fromSafetensors: not a safetensors file \(/);
      assert.match(error.message, message);
      return true;
    });
  });
}

test('as many tensors are read as were written: those of ten thousand layers, and empty ones', async () => {
  const given = {};
  for (let at = 0; at < 10_000; at++) {
    given[`dense_${at}/kernel`] = tensor([[at]]);
    given[`dense_${at}/bias`] = tensor([-at]);
    given[`empty_${at}`] = tensor([], [0]);
  }
  const { tensors } = await io.fromSafetensors(await io.toSafetensors(given));
  assert.deepEqual(Object.keys(tensors), Object.keys(given));
  assert.deepEqual([...tensors['dense_9999/kernel'].dataSync()], [9999]);
  assert.deepEqual([...tensors['dense_9999/bias'].dataSync()], [-9999]);
  assert.deepEqual(tensors.empty_9999.shape, [0]);
});

test('lists of numbers without end are no shapes, and a head that no program reads is not written', async () => {
  const head = fileOf({ a: { ...one, shape: new Array(100_000).fill(1) } });
  await assert.rejects(io.fromSafetensors(head), {
    code: 'format',
    message: /^fromSafetensors: .*its head: a list of more than 64 numbers at character \d{3}\)$/,
  });
  await assert.rejects(io.toSafetensors({ a: tensor(1) }, { metadata: { text: 'x'.repeat(1e8) } }), {
    code: 'value',
    message: /^toSafetensors: its head would be 1000000\d\d bytes long, and at most 100000000 are allowed$/,
  });
});

test('too many axes, a flag that is none, and what is no file', async () => {
  const refused = (given, expected) => assert.rejects(io.fromSafetensors(given), expected);
  const deep = { dtype: 'F32', shape: [1, 1, 1, 1, 1, 1, 1], data_offsets: [0, 4] };
  await refused(fileOf({ deep }), { code: 'shape', message: /^fromSafetensors: tensor `deep`: shape / });
  const flag = fileOf({ flag: { dtype: 'BOOL', shape: [1], data_offsets: [0, 1] } }, 1);
  flag[flag.length - 1] = 2;
  await refused(flag, { code: 'value', message: 'fromSafetensors: tensor `flag`: 2 at place 0 is no bool' });
  await refused('file', { code: 'type', message: 'fromSafetensors: expected a Uint8Array, got "file"' });
  await refused([1, 2], { code: 'type' });
  const { buffer } = await io.toSafetensors({ x: tensor([3]) });
  assert.deepEqual([...(await io.fromSafetensors(buffer)).tensors.x.dataSync()], [3]);
  structuredClone(buffer, { transfer: [buffer] });
  await refused(buffer, { code: 'format', message: /too short/ });
});

test('bytes are read wherever they lie: in what Node reads of a disk, inside a buffer, in shared memory', async () => {
  const file = await io.toSafetensors({ x: tensor([1.5, -2]), y: tensor([3], [1], 'int32') });
  const inside = new Uint8Array(file.length + 7);
  inside.set(file, 3);
  const shared = new Uint8Array(new SharedArrayBuffer(file.length));
  shared.set(file);
  for (const given of [Buffer.from(file), inside.subarray(3, 3 + file.length), shared]) {
    const { x, y } = (await io.fromSafetensors(given)).tensors;
    assert.deepEqual([x.dataSync(), x.shape], [Float32Array.of(1.5, -2), [2]]);
    assert.deepEqual([y.dataSync(), y.shape], [Int32Array.of(3), [1]]);
  }
});

test('what cannot be written is refused by name', async () => {
  const refused = (expected, ...args) => assert.rejects(io.toSafetensors(...args), expected);
  await refused({ code: 'type', message: /expected a model or tensors by name, got a Tensor/ }, tensor([1]));
  await refused({ code: 'type', message: 'toSafetensors: "a": expected a tensor, got 3' }, { a: 3 });
  await refused({ code: 'name', message: /cannot be named "__metadata__"/ }, { __metadata__: tensor([1]) });
  const z = mapling.complex([1], [2]);
  await refused({ code: 'type', message: /"z": complex64 has no form in this format/ }, { z });
  await refused({ code: 'type', message: /metadata: expected texts by name/ }, {}, { metadata: { a: 1 } });
  await refused({ code: 'name', message: /did you mean "metadata"/ }, {}, { metaData: {} });
  await refused({ code: 'state' }, sequential({ layers: [layers.dense({ units: 1 })] }));
  const gone = sequential({ layers: [layers.dense({ units: 1, inputShape: [1] })] });
  gone.dispose();
  await refused({ code: 'state', message: 'toSafetensors: the model has been disposed of' }, gone);
});

const MUTATED = count(5000);
test(`${MUTATED} mutated files are read, or refused by one error, in little memory`, async () => {
  const { wrong, read, codes } = await readMutated(MUTATED, Number(process.env.FUZZ_SEED ?? 1));
  assert.deepEqual(wrong, []);
  // Both happen: a test of files all of which are refused at the first byte would show nothing.
  assert.ok(read > 50 && codes.format > 50, JSON.stringify({ read, codes }));
});
