// Arrays whose memory was given away, or was made smaller under them: they say that they are empty, and an engine throws a
// TypeError whatever is done with them. Here each is one error that names what was called.
import { createTrainer } from '../../dist/npm/worker/trainer.js';
import { assert, unrecorded as mapling, test } from './mapling.mjs';
import { model } from './refused.mjs';

const { io } = mapling;

/** A view of memory that was given to another thread. */
const moved = (Kind) => {
  const view = new Kind(new ArrayBuffer(32));
  structuredClone(view.buffer, { transfer: [view.buffer] });
  return view;
};
/** A view of a fixed length, or of all that there is, that begins behind the end of its memory by now. */
const shrunk = (Kind, ...length) => {
  const view = new Kind(new ArrayBuffer(32, { maxByteLength: 64 }), 16, ...length);
  view.buffer.resize(8);
  return view;
};
const KINDS = { moved, outside: (Kind) => shrunk(Kind, 2), 'without an end': (Kind) => shrunk(Kind) };
const GONE =
  /(this \w+ was given away or made smaller|whose memory was given away or made smaller|its bytes cannot be read)/;

const [x, y] = [
  [
    [1, 2, 3],
    [4, 5, 6],
  ],
  [[1], [2]],
];

/** Each place that takes arrays of numbers. */
const ofNumbers = (gone) => [
  ['tensor', () => mapling.tensor(gone())],
  ['tensor', () => mapling.tensor(gone(), [2])],
  ['tensor', () => mapling.tensor([gone(), gone()])],
  ['tensor1d', () => mapling.tensor1d(gone())],
  ['tensor2d', () => mapling.tensor2d(gone(), [1, 2])],
  ['add', () => mapling.add(gone(), 1)],
  ['gather', () => mapling.gather([1, 2, 3], gone())],
  ['variable', () => mapling.variable([1, 2]).assign(gone()), 'assign'],
  ['fit: x', () => model().fit(gone(), y)],
  ['fit: y', () => model().fit(x, gone())],
  ['fit: sampleWeight', () => model().fit(x, y, { sampleWeight: gone() })],
  ['fit: validationData', () => model().fit(x, y, { validationData: [x, gone()] })],
  ['predict', () => model().predict(gone())],
  ['evaluate', () => model().evaluate(x, gone())],
  ['setWeights', () => model().setWeights([gone(), gone()])],
  ['util.flatten', () => mapling.util.flatten([gone()])],
  ['browser.toPixels', () => mapling.browser.toPixels(gone()), 'toPixels'],
];

/** Each place that takes bytes. */
const ofBytes = (gone) => [
  ['concatenateArrayBuffers', () => io.concatenateArrayBuffers([gone()])],
  ['CompositeArrayBuffer', () => io.CompositeArrayBuffer.join([gone()])],
  ['decodeWeights', () => io.decodeWeights(gone(), [{ name: 'a', shape: [2], dtype: 'float32' }])],
  ['encodeWeights', () => io.encodeWeights(gone())],
  ['fromCheckpoint', () => io.fromCheckpoint(gone())],
  ['fromSafetensors', () => io.fromSafetensors(gone())],
  ['toSafetensors', () => io.toSafetensors(gone())],
  ['loadWeights', () => model().loadWeights(gone())],
  ['decodeString', () => mapling.util.decodeString(gone())],
  ['datasets.files', () => mapling.datasets.files([gone(), gone()])],
];

async function check(places) {
  const wrong = [];
  for (const [label, call, name = label] of places) {
    const told = await Promise.resolve()
      .then(call)
      .then(
        () => 'was not refused',
        (error) =>
          typeof error.code === 'string' && error.message.includes(name) && GONE.test(error.message)
            ? ''
            : `${error.name}: ${error.message}`,
      );
    if (told) wrong.push(`${label}: ${told}`);
  }
  assert.deepEqual(wrong, []);
}

for (const [how, gone] of Object.entries(KINDS))
  test(`an array that is ${how} is refused by name wherever numbers or bytes are taken`, async () => {
    for (const Kind of [Float32Array, Int32Array, Uint8Array]) await check(ofNumbers(() => gone(Kind)));
    await check(ofBytes(() => gone(Uint8Array)));
  });

test('buffers and DataViews whose memory was given away are refused by name', async () => {
  const buffer = () => moved(Uint8Array).buffer;
  for (const call of [
    () => io.concatenateArrayBuffers([buffer()]),
    () => io.CompositeArrayBuffer.join([buffer()]),
  ])
    assert.throws(call, { code: 'value', message: /ArrayBuffers?: this memory was given away/ });
  for (const gone of Object.values(KINDS))
    assert.throws(() => io.concatenateArrayBuffers([gone(DataView)]), { code: 'value', message: GONE });
});

test('views of memory that became smaller or larger, and that lie in it, are taken', () => {
  const memory = new ArrayBuffer(16, { maxByteLength: 64 });
  const [all, first] = [new Float32Array(memory), new Float32Array(memory, 0, 2)];
  memory.resize(8);
  assert.deepEqual([mapling.tensor(all).size, mapling.tensor(first).size], [2, 2]);
  memory.resize(32);
  assert.deepEqual([mapling.tensor(all).size, mapling.tensor(first).size], [8, 2]);
});

test('a trainer refuses such arrays by name, and what cannot cross to its worker', async () => {
  const trainer = await createTrainer();
  try {
    await trainer.setModel(model());
    for (const make of Object.values(KINDS)) {
      const gone = () => make(Float32Array);
      await check([
        ['setData: x', () => trainer.setData('train', gone())],
        ['setData: y', () => trainer.setData('train', x, gone())],
        ['setData: x', () => trainer.setData('train', { shape: [2, 3], values: gone() }, y)],
        ['fit: x', () => trainer.fit(gone(), y)],
        ['fit: x', () => trainer.fit(gone(), y, { transfer: true })],
        ['fit: validationData: y', () => trainer.fit(x, y, { validationData: [x, gone()] })],
        ['predict: x', () => trainer.predict(gone())],
        ['setWeights', () => trainer.setWeights([{ shape: [3, 1], values: gone() }])],
        ['setModel', () => trainer.setModel(make(Uint8Array))],
        ['createTrainer: wasm', () => createTrainer({ wasm: make(Uint8Array) })],
      ]);
    }
    await assert.rejects(trainer.step(Symbol('one')), { code: 'type', message: /^step: an argument cannot/ });
    const { json, weights } = await trainer.save();
    structuredClone(weights.buffer, { transfer: [weights.buffer] });
    await assert.rejects(trainer.setModel({ json, weights }), ({ code, message }) => {
      assert.deepEqual([code, /^setModel|^loadWeights/.test(message)], ['type', true], message);
      return true;
    });
  } finally {
    trainer.terminate();
  }
});
