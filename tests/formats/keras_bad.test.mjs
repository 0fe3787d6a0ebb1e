// Files of Keras that are truncated, foreign or hostile: one error with a code that names the file and the place, and
// nothing is changed or left.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { deflateRawSync } from 'node:zlib';
import { readers } from './keras_mutated.mjs';
import { inside, mapling } from './mapling.mjs';
import { count } from './mutations.mjs';

const { io, layers, sequential, serialization } = mapling;
const { crc32 } = await inside('io/zip/crc32.js');
const { readZip } = await inside('io/zip/read.js');
const { writeZip } = await inside('io/zip/write.js');
const { writeHdf5 } = await inside('io/hdf5/write.js');

const DATE = new Date(2026, 0, 1);
const MEMBERS = ['metadata.json', 'config.json', 'model.weights.h5'];

const two = () =>
  sequential({
    name: 'two',
    layers: [layers.dense({ units: 3, inputShape: [2], name: 'a' }), layers.dense({ units: 1, name: 'b' })],
  });
const model = two();
const file = await io.toKeras(model);
const { members } = await readZip('', file, MEMBERS);
const config = JSON.parse(new TextDecoder().decode(members.get('config.json')));

/** The file with another member, or another configuration. */
function changed(name, value) {
  const all = new Map(members);
  if (value === undefined) all.delete(name);
  else all.set(name, value instanceof Uint8Array ? value : new TextEncoder().encode(JSON.stringify(value)));
  return writeZip('', all, DATE);
}
function configured(change) {
  const copy = structuredClone(config);
  change(copy, copy.config.layers);
  return changed('config.json', copy);
}

/** The file with a member that is packed, and says that it holds so many bytes. */
function packed(name, bytes, size = bytes.length) {
  const archive = writeZip('', new Map([...members, [name, new Uint8Array(deflateRawSync(bytes))]]), DATE);
  const view = new DataView(archive.buffer);
  let at = view.getUint32(archive.length - 22 + 16, true);
  for (const own of members.keys()) {
    if (own === name) {
      view.setUint16(at + 10, 8, true);
      view.setUint32(at + 16, crc32(bytes), true);
      view.setUint32(at + 24, size, true);
    }
    at += 46 + view.getUint16(at + 28, true) + view.getUint16(at + 30, true);
  }
  return archive;
}

/** The archive with another name, as long, of its last member. */
function renamed(archive, name) {
  const title = new TextEncoder().encode(name);
  const directory = new DataView(archive.buffer).getUint32(archive.length - 22 + 16, true);
  archive.set(title, directory - title.length - 1);
  archive.set(title, archive.length - 22 - title.length);
  return archive;
}

async function refused(bytes, code, message) {
  const { coreBytes } = mapling.memory();
  await assert.rejects(io.fromKeras(bytes), { code, message });
  assert.ok(mapling.memory().coreBytes <= coreBytes, 'something is left');
}

for (const [name, mutated] of Object.entries(readers)) {
  const files = count(name === '.keras' ? 3000 : 1000);
  test(`${name}: ${files} mutated files are read, or refused by an error with a code, and memory stays bounded`, async () => {
    const { wrong, read } = await mutated(files, Number(process.env.FUZZ_SEED ?? 1));
    assert.deepEqual(wrong, []);
    assert.ok(read > files / 20, `only ${read} were read`);
  });
}

test('what is no file of Keras is said', async () => {
  await refused(
    new Uint8Array(10),
    'format',
    'fromKeras: expected a .keras archive or an HDF5 file, got 10 other bytes',
  );
  await refused('text', 'type', 'fromKeras: expected the bytes of a file, a Uint8Array, got "text"');
  await refused(
    file.subarray(0, 500),
    'format',
    'fromKeras: expected a zip archive, with a directory at its end (byte 0)',
  );
  await refused(
    changed('model.weights.h5'),
    'format',
    /^fromKeras: expected a .keras archive with config.json and model.weights.h5, got one with \["metadata.json","config.json"\]$/,
  );
  await refused(
    changed('model.weights.h5', new Uint8Array(100)),
    'format',
    'fromKeras: model.weights.h5: expected an HDF5 file, which begins with \\x89HDF (byte 0)',
  );
  await refused(
    changed('config.json', new Uint8Array([1])),
    'format',
    'fromKeras: config.json: this is not JSON',
  );
  await refused(
    writeHdf5({ members: new Map(), attributes: new Map() }),
    'format',
    /^fromKeras: expected the attribute model_config of a whole model/,
  );
});

test('more layers than any model has are refused', () =>
  refused(
    configured((_, all) => {
      all.push(
        ...Array.from({ length: 10_000 }, () => ({ class_name: 'Flatten', config: { trainable: true } })),
      );
    }),
    'value',
    'fromKeras: there are more than 10000 layers',
  ));

test('losses that are nested without end, and memory that was given away, are refused', async () => {
  let loss = 'mse';
  for (let depth = 0; depth < 500; depth++) loss = [loss];
  const optimizer = { class_name: 'SGD', config: {} };
  const compiled = (value) =>
    configured((copy) => {
      copy.compile_config = { optimizer, loss: value };
    });
  await refused(compiled(loss), 'format', 'fromKeras: config.json: losses or metrics are nested too deeply');
  for (const name of ['constructor', '__proto__', 'mine'])
    await refused(
      compiled({ class_name: 'function', config: name }),
      'name',
      new RegExp(`^fromKeras: config\\.json: the function "${name}" is known to the Python program alone`),
    );
  const lent = file.slice();
  structuredClone(lent.buffer, { transfer: [lent.buffer] });
  await refused(lent, 'type', /^fromKeras: expected the bytes of a file/);
});

test('bits that changed on the way are found by the checksum', async () => {
  const damaged = file.slice();
  damaged[file.length - 400] ^= 1;
  await refused(
    damaged,
    'format',
    /^fromKeras: model.weights.h5: its checksum is \d+, but \d+ was expected \(byte \d+\)$/,
  );
});

test('an archive whose members are packed is read', async () => {
  for (const [name, bytes] of members) {
    const archive = packed(name, bytes);
    assert.notEqual(archive.length, file.length);
    const back = await io.fromKeras(archive);
    assert.deepEqual([...back.weights[0].read().dataSync()], [...model.weights[0].read().dataSync()]);
  }
});

test('an archive that says that it holds much more than it is, and paths out of it, are refused', async () => {
  // A member of a megabyte of zeros, which takes a thousand bytes.
  const zeros = new Uint8Array(2 ** 20);
  const bomb = packed('model.weights.h5', zeros);
  // One that says that it holds little takes no time either: it is unpacked so far and no further.
  const liar = packed('model.weights.h5', zeros, 1000);
  await refused(
    liar,
    'format',
    /^fromKeras: model.weights.h5: it cannot be unpacked to 1000 bytes \(byte \d+\)$/,
  );
  await refused(
    bomb,
    'format',
    /^fromKeras: what is read would take more than 4 times the file's \d+ bytes \(byte \d+\)$/,
  );
  await refused(
    renamed(
      writeZip('', new Map([...members, ['.._.._.profile', new Uint8Array(1)]]), DATE),
      '../../.profile',
    ),
    'format',
    /^fromKeras: the member "..\/..\/.profile" leads out of the archive \(byte \d+\)$/,
  );
});

test('JSON of lists in lists, which takes much more memory than its letters, is not read', async () => {
  for (const piece of ['[', '[],', '{},', '{"a":[]},'])
    await refused(
      changed('config.json', new TextEncoder().encode(`[${piece.repeat(200_000)}`)),
      'format',
      'fromKeras: config.json: this says more than a model does',
    );
});

test('numbers that no weight here can be are refused', async () => {
  const { readHdf5 } = await inside('io/hdf5/read.js');
  const [first] = (await readHdf5('', members.get('model.weights.h5'))).members
    .get('layers')
    .members.values();
  const old = first.members.get('vars').members.get('0');
  const written = async (value) => {
    const root = await readHdf5('', members.get('model.weights.h5'));
    const [layer] = root.members.get('layers').members.values();
    const values = Float64Array.from(old.values(), () => value);
    layer.members.get('vars').members.set('0', { ...old, values: () => values });
    return changed('model.weights.h5', writeHdf5(root));
  };
  await refused(
    await written(1e300),
    'value',
    /^fromKeras: model.weights.h5: a\/kernel: layers\/dense\/vars\/0: 1e\+300 is more than a 32-bit float can be$/,
  );
  const { weights } = await io.fromKeras(await written(Number.POSITIVE_INFINITY));
  assert.equal(weights[0].read().dataSync()[0], Number.POSITIVE_INFINITY);
});

test('layers that need more than the file holds are refused before memory is found for them', async () => {
  const huge = configured((_, all) => {
    all[1].config.units = 200_000_000;
  });
  const before = mapling.memory().wasmBytes;
  await refused(
    huge,
    'value',
    /^fromKeras: the model's configuration: the layers have \d+ values of weights, and the file|^fromKeras/,
  );
  assert.ok(mapling.memory().wasmBytes - before < 2 ** 24);
});

test('models that are nested without end, weights of another model and shapes that differ are refused', async () => {
  let nested = { class_name: 'Sequential', config: { layers: [] } };
  for (let depth = 0; depth < 100; depth++)
    nested = { class_name: 'Sequential', config: { layers: [nested] } };
  await refused(
    changed('config.json', nested),
    'format',
    'fromKeras: config.json: models are nested too deeply',
  );
  await refused(
    configured((_, all) => all.pop()),
    'format',
    'fromKeras: model.weights.h5: layers/dense_1/vars/0: this model has no such weight: the file is one of another model',
  );
  await refused(
    configured((_, all) => {
      all[2].config.units = 2;
    }),
    'shape',
    'fromKeras: model.weights.h5: b/kernel: layers/dense_1/vars/0: expected the shape [3,2], got [3,1]',
  );
});

test('a class that is not known, and a function, are named with what can be done', async () => {
  await refused(
    configured((_, all) => {
      all[1].class_name = 'Mine';
    }),
    'name',
    /^fromKeras: .*the layer class "Mine" is unknown; a class of your own has to be known first, by serialization.registerClass/,
  );
  const written = configured((all) => {
    all.compile_config = {
      optimizer: { class_name: 'Adam', config: {} },
      loss: { class_name: 'function', config: 'my_loss', module: 'builtins' },
    };
  });
  await refused(
    written,
    'name',
    /^fromKeras: config.json: the function "my_loss" is known to the Python program alone/,
  );
  const model = await io.fromKeras(written, { compile: false });
  assert.equal(model.optimizer, undefined);
  await assert.rejects(io.fromKeras(written, { compiled: false }), {
    code: 'name',
    message: /did you mean "compile"/,
  });
});

test("a model of a class of one's own goes to Keras and back under its registered name", async () => {
  class Scaled extends layers.Layer {
    static className = 'Scaled';
    constructor(args) {
      super(args);
      this.startWith = args.startWith;
    }
    build([, length]) {
      this.factor = this.addWeight(
        'factor',
        [length],
        'float32',
        mapling.initializers.constant({ value: this.startWith }),
      );
    }
    call(x) {
      return [x].flat()[0].mul(this.factor.read());
    }
    getConfig() {
      return { ...super.getConfig(), startWith: this.startWith };
    }
  }
  serialization.registerClass(Scaled);
  const model = sequential({
    layers: [layers.dense({ units: 3, inputShape: [2] }), new Scaled({ startWith: 2.5 })],
  });
  const bytes = await io.toKeras(model);
  const json = JSON.parse(
    new TextDecoder().decode((await readZip('', bytes, MEMBERS)).members.get('config.json')),
  );
  const { module, registered_name, config: settings } = json.config.layers.at(-1);
  assert.deepEqual([module, registered_name, settings.start_with], [null, 'Custom>Scaled', 2.5]);
  const back = await io.fromKeras(bytes);
  const x = mapling.tensor([[1, -2]]);
  assert.deepEqual([...back.predict(x).dataSync()], [...model.predict(x).dataSync()]);
});

test('functions cannot be written, and the error says how to go on', async () => {
  const model = two();
  model.compile({ optimizer: 'sgd', loss: (y, p) => p.sub(y).square().mean() });
  await assert.rejects(io.toKeras(model), {
    code: 'type',
    message: /includeOptimizer: false leaves it out$/,
  });
  const bytes = await io.toKeras(model, { includeOptimizer: false });
  assert.equal((await io.fromKeras(bytes)).optimizer, undefined);
  await assert.rejects(io.toKeras({}), { code: 'type', message: 'toKeras: expected a model, got an object' });
});
