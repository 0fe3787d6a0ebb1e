// Exact checkpoints: a run that was stopped anywhere goes on to the same bits; what does not match is refused by name.
// That other engines and threads go on to the same bits, too, is tested in tests/same_bits.
import { names, randomStops, resumed, stopped, whole } from '../same_bits/resume.mjs';
import { assert, mapling, test, unrecorded } from './mapling.mjs';

const { callbacks, data, io, layers, sequential, tensor, train } = mapling;

const isSame = (a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)) === 0;

test('50 random stops over three models go on to the same bits, and so does the run after them', async () => {
  const wanted = {};
  for (const name of names) wanted[name] = await whole(mapling, name);
  for (const { name, stop } of randomStops(50, 20_261_128)) {
    const file = await stopped(mapling, name, stop);
    const title = `${name} ${JSON.stringify(stop)}`;
    assert.ok(file, `${title} was not stopped`);
    const ends = await resumed(mapling, name, file);
    assert.deepEqual(
      ends.map((end, at) => isSame(end, wanted[name][at])),
      [true, true],
      title,
    );
  }
});

const x = () =>
  tensor(
    Float32Array.from({ length: 120 }, (_, i) => Math.sin(i)),
    [40, 3],
  );
const y = () =>
  tensor(
    Float32Array.from({ length: 40 }, (_, i) => Math.cos(i)),
    [40, 1],
  );

function small(optimizer = train.adam(0.01)) {
  const model = sequential({
    seed: 2,
    layers: [
      layers.dense({ units: 4, activation: 'tanh', inputShape: [3] }),
      layers.dropout({ rate: 0.4 }),
      layers.dense({ units: 1 }),
    ],
  });
  model.compile({ optimizer, loss: 'meanSquaredError', metrics: ['mae'] });
  return model;
}

/** A checkpoint of the small model in the middle of its second epoch. */
async function inTheMiddle(options = {}) {
  const model = small();
  let file;
  let batches = 0;
  const onBatchEnd = async () => {
    if (++batches === 7) file = await io.toCheckpoint(model);
  };
  await model.fit(x(), y(), { epochs: 3, batchSize: 8, callbacks: { onBatchEnd }, ...options });
  return { model, file };
}

test('a run that was stopped goes on in the same model, and one that is over with more epochs', async () => {
  const straight = small();
  const { history } = await straight.fit(x(), y(), { epochs: 4, batchSize: 8 });
  const model = small();
  let batches = 0;
  const onBatchEnd = () => {
    model.stopTraining = ++batches === 7;
  };
  const first = await model.fit(x(), y(), { epochs: 2, batchSize: 8, callbacks: { onBatchEnd } });
  assert.equal(first.history.loss.length, 2);
  const second = await model.fit(x(), y(), { epochs: 2, batchSize: 8, resume: true });
  assert.deepEqual(second.history.loss, history.loss.slice(0, 2));
  const third = await model.fit(x(), y(), { epochs: 4, batchSize: 8, resume: true });
  assert.deepEqual(third.history, history);
  assert.deepEqual(third.epoch, [0, 1, 2, 3]);
  for (const [at, weight] of straight.getWeights().entries())
    assert.deepEqual(model.getWeights()[at].dataSync(), weight.dataSync());
});

test('data, options and callbacks that are not those of the run are refused by name, and nothing changes', async () => {
  const { file } = await inTheMiddle();
  const model = await io.fromCheckpoint(file);
  const before = await io.toCheckpoint(model);
  const options = { epochs: 3, batchSize: 8, callbacks: {}, resume: true };
  const wrong = [
    [{ batchSize: 4 }, /^fit: resume: batchSize: the run had 8, now it is 4$/],
    [{ shuffle: false }, /^fit: resume: shuffle: the run had true, now it is false$/],
    [{ validationSplit: 0.5 }, /^fit: resume: validationSplit: the run had 0, now it is 0.5$/],
    [
      { validationData: [x(), y()] },
      /^fit: resume: validationData: the run had undefined samples, now it is 40$/,
    ],
    [{ initialEpoch: 1 }, /^fit: resume: initialEpoch: the run had 0, now it is 1$/],
    [{ stepsPerEpoch: 2 }, /^fit: resume: stepsPerEpoch/],
    [{ finalRate: 0.5 }, /^fit: resume: finalRate: the run had 1, now it is 0.5$/],
    [
      { sampleWeight: new Array(40).fill(1) },
      /^fit: resume: sampleWeight: the run had false, now it is true$/,
    ],
    [{ epochs: 0 }, /^fit: resume: .*epoch/],
    [{ resume: 'yes' }, /^fit: resume: expected true or false, got "yes"$/],
  ];
  for (const [more, message] of wrong)
    await assert.rejects(model.fit(x(), y(), { ...options, ...more }), { message }, JSON.stringify(more));
  await assert.rejects(model.fit(x().slice(0, 39), y().slice(0, 39), options), {
    message: 'fit: resume: x: the run had 40 samples, now it is 39',
    code: 'value',
  });
  await assert.rejects(
    model.fitDataset(data.array([]).batch(8), { epochs: 3, resume: true }),
    /^Error: fitDataset: resume: dataset: the run had false, now it is true$/,
  );
  assert.ok(isSame(await io.toCheckpoint(model), before));
  await assert.rejects(small().fit(x(), y(), { resume: true }), {
    message: /^fit: resume: the model has no run to go on with; io.fromCheckpoint/,
    code: 'state',
  });
  model.compile({ optimizer: 'sgd', loss: 'meanSquaredError' });
  await assert.rejects(model.fit(x(), y(), options), /no run to go on with/);
});

test('callbacks that remember something have to be those of the run', async () => {
  const own = () => [callbacks.earlyStopping({ monitor: 'loss', patience: 9 }), callbacks.csvLogger()];
  const model = small();
  await model.fit(x(), y(), { epochs: 2, batchSize: 8, callbacks: own() });
  const file = await io.toCheckpoint(model);
  const wrong = [
    [[], /^fit: resume: callbacks: the run had 2, now there are 0$/],
    [[{}, {}], /^fit: resume: callbacks: the one at place 0 remembered something of the run/],
    [own().reverse(), /^csvLogger: the callback at this place of the run was "earlyStopping"$/],
  ];
  for (const [list, message] of wrong) {
    const again = await io.fromCheckpoint(file);
    await assert.rejects(again.fit(x(), y(), { epochs: 3, batchSize: 8, callbacks: list, resume: true }), {
      message,
    });
  }
  const all = own();
  const again = await io.fromCheckpoint(file);
  await again.fit(x(), y(), { epochs: 3, batchSize: 8, callbacks: all, resume: true });
  assert.deepEqual(
    all[1].text.split('\n').map((line) => line.split(',')[0]),
    ['epoch', '0', '1', '2', ''],
  );
});

test('a callback of one’s own keeps what it remembers by getState and setState', async () => {
  const counter = () => {
    const seen = { batches: 0, best: Number.POSITIVE_INFINITY, marks: new Int32Array(2) };
    return {
      seen,
      onBatchEnd: (_, { loss }) => {
        seen.batches++;
        seen.best = Math.min(seen.best, loss);
      },
      getState: () => ({ ...seen, marks: seen.marks.slice(), list: [Number.NaN, -0, null, 'text'] }),
      setState: ({ batches, best, marks, list }) => {
        Object.assign(seen, { batches, best, marks, list });
      },
    };
  };
  const hooks = ({ seen: _, ...rest }) => rest;
  const first = counter();
  first.seen.marks[1] = 7;
  const model = small();
  await model.fit(x(), y(), { epochs: 2, batchSize: 8, callbacks: hooks(first) });
  const second = counter();
  const again = await io.fromCheckpoint(await io.toCheckpoint(model));
  await again.fit(x(), y(), { epochs: 3, batchSize: 8, callbacks: hooks(second), resume: true });
  assert.equal(second.seen.batches, 15);
  assert.deepEqual(second.seen.marks, Int32Array.of(0, 7));
  assert.deepEqual(second.seen.list, [Number.NaN, -0, null, 'text']);
  assert.ok(second.seen.best <= first.seen.best);
  const bad = { getState: () => ({ f: () => 1 }), setState: () => {} };
  await again.fit(x(), y(), { epochs: 1, batchSize: 8, callbacks: bad });
  await assert.rejects(io.toCheckpoint(again), {
    message: /^toCheckpoint: run.callbacks.0.f: expected numbers, texts, typed arrays.* got a function$/,
    code: 'type',
  });
});

test('ready-made callbacks refuse a state that is not theirs', () => {
  const all = [
    callbacks.earlyStopping(),
    callbacks.reduceLROnPlateau(),
    callbacks.csvLogger(),
    callbacks.modelCheckpoint(),
  ];
  for (const callback of all) {
    const state = callback.getState();
    callback.setState(state);
    assert.deepEqual(callback.getState(), state);
    for (const wrong of [undefined, 7, {}, { of: 'other' }, { of: state.of, text: 1, best: 'x', saved: 5 }])
      assert.throws(() => callback.setState(wrong), /^Error: (earlyS|reduceL|csvL|modelC)\w+: /);
  }
});

test('a checkpoint before any run keeps the seed: what is trained then is the same', async () => {
  const model = small(train.sgd(0.1));
  const again = await io.fromCheckpoint(await io.toCheckpoint(model));
  await model.fit(x(), y(), { epochs: 2, batchSize: 8 });
  await again.fit(x(), y(), { epochs: 2, batchSize: 8 });
  assert.ok(isSame(await io.toCheckpoint(model), await io.toCheckpoint(again)));
  await assert.rejects(io.toCheckpoint({}), /^Error: toCheckpoint: expected a model, got an object$/);
  const open = sequential({ layers: [layers.dense({ units: 1 })] });
  await assert.rejects(io.toCheckpoint(open), { code: 'state' });
});

test('a learning rate that was changed, and an optimizer that was named, come back', async () => {
  const model = small('adam');
  model.learningRate = 0.0123;
  const again = await io.fromCheckpoint(await io.toCheckpoint(model));
  assert.equal(again.learningRate, 0.0123);
  assert.equal(again.optimizer.className, 'Adam');
});

test('losses, metrics and layers of one’s own are known by their names', async () => {
  class Scale extends unrecorded.layers.Layer {
    static className = 'CheckpointScale';
    build() {
      this.w = this.addWeight('w', [1], 'float32', unrecorded.initializers.ones());
      this.built = true;
    }
    call(input, { training } = {}) {
      const value = Array.isArray(input) ? input[0] : input;
      const noise = training ? unrecorded.randomNormal(value.shape, 0, 0.1) : 0;
      return value.mul(this.w.read()).add(noise);
    }
    computeOutputShape(shape) {
      return shape;
    }
  }
  unrecorded.serialization.registerClass(Scale);
  const bent = (truth, guess) => truth.sub(guess).abs().mul(1.5).mean();
  const make = () => {
    const model = sequential({
      seed: 3,
      layers: [layers.dense({ units: 1, inputShape: [3] }), new Scale({})],
    });
    model.compile({ optimizer: 'adam', loss: bent, metrics: ['mae', unrecorded.losses.meanSquaredError] });
    return model;
  };
  const straight = make();
  await straight.fit(x(), y(), { epochs: 3, batchSize: 8 });
  const model = make();
  await model.fit(x(), y(), { epochs: 1, batchSize: 8 });
  const file = await io.toCheckpoint(model);
  await assert.rejects(io.fromCheckpoint(file), { message: /^fromCheckpoint: .*bent/, code: 'name' });
  const again = await io.fromCheckpoint(file, { customObjects: { bent } });
  assert.deepEqual(again.metricsNames, straight.metricsNames);
  await again.fit(x(), y(), { epochs: 3, batchSize: 8, resume: true });
  assert.deepEqual(
    again.getWeights().map((weight) => [...weight.dataSync()]),
    straight.getWeights().map((weight) => [...weight.dataSync()]),
  );
  // A function of no name: one that a property is given gets the property's.
  const [nameless] = [(a, b) => a.sub(b).square().mean()];
  model.compile({ optimizer: 'adam', loss: nameless });
  await assert.rejects(
    io.toCheckpoint(model),
    /^Error: toCheckpoint: loss: a function is written by its name/,
  );
  await assert.rejects(io.fromCheckpoint(file, { customObject: {} }), /did you mean "customObjects"/);
});

test('training on a data set goes on where it was: what was seen is passed over', async () => {
  const rows = Array.from({ length: 40 }, (_, i) => ({
    xs: [Math.sin(i), Math.cos(i), i / 40],
    ys: [Math.sin(3 * i)],
  }));
  const source = (seed = 5) => data.array(rows).shuffle(10, seed).batch(8);
  for (const options of [{ epochs: 3 }, { epochs: 4, batchesPerEpoch: 3 }]) {
    const set = (seed) => (options.batchesPerEpoch ? source(seed).repeat() : source(seed));
    const validationData = () => source(9);
    const straight = small();
    const wanted = await straight.fitDataset(set(), { ...options, validationData: validationData() });
    for (const [hook, count] of [
      ['onBatchEnd', 1],
      ['onBatchEnd', 7],
      ['onBatchBegin', 5],
      ['onEpochEnd', 1],
      ['onEpochBegin', 2],
      ['onYield', 4],
    ]) {
      const model = small();
      let file;
      let calls = 0;
      const stopper = {
        [hook]: async () => {
          if (++calls !== count) return;
          file = await io.toCheckpoint(model);
          throw new Error('stopped');
        },
      };
      const stop = model.fitDataset(set(), {
        ...options,
        validationData: validationData(),
        callbacks: stopper,
        yieldEvery: 0,
      });
      await assert.rejects(stop, /stopped/);
      const again = await io.fromCheckpoint(file);
      const more = { ...options, callbacks: {}, resume: true };
      // With another seed other batches come; once batches have been taken that is found out.
      if (count > 1)
        await assert.rejects(again.fitDataset(set(6), { ...more, validationData: validationData() }), {
          message:
            /^fitDataset: resume: the data set gives other batches than it has given, from batch \d+ on/,
        });
      const history = await again.fitDataset(set(), { ...more, validationData: validationData() });
      assert.deepEqual(history.history, wanted.history, `${hook} ${count}`);
      assert.deepEqual(
        again.getWeights().map((weight) => [...weight.dataSync()]),
        straight.getWeights().map((weight) => [...weight.dataSync()]),
        `${hook} ${count}`,
      );
    }
  }
});

test('a checkpoint taken beside a run waits for the batches that are being done', async () => {
  const rows = Array.from({ length: 40 }, (_, i) => ({ xs: [i, 1, 2].map(Math.sin), ys: [Math.cos(i)] }));
  let asked = () => {};
  const late = () =>
    data
      .array(rows)
      .batch(8)
      .mapAsync(async (batch) => {
        asked();
        await new Promise((resolve) => setTimeout(resolve, 2));
        return batch;
      });
  const straight = small();
  await straight.fitDataset(late(), { epochs: 2 });
  const model = small();
  // There is a run once it asks for batches.
  const begun = new Promise((resolve) => {
    asked = resolve;
  });
  const run = model.fitDataset(late(), { epochs: 2 });
  await begun;
  const files = [];
  for (let i = 0; i < 5; i++) {
    await new Promise((resolve) => setTimeout(resolve, 3));
    files.push(await io.toCheckpoint(model));
  }
  await run;
  for (const file of files) {
    const again = await io.fromCheckpoint(file);
    await again.fitDataset(late(), { epochs: 2, resume: true });
    assert.ok(isSame(await io.toCheckpoint(again), await io.toCheckpoint(straight)));
  }
});

test('what is no whole checkpoint is refused with a code and its place', async () => {
  const { file } = await inTheMiddle();
  const changed = (change) => {
    const copy = file.slice();
    change(copy, new DataView(copy.buffer));
    return copy;
  };
  const wrong = [
    ['not bytes', 'type', /^fromCheckpoint: expected a Uint8Array, got "not bytes"$/],
    [new Uint8Array(0), 'format', /^fromCheckpoint: this is no checkpoint: it begins with other bytes$/],
    [new TextEncoder().encode('{"json": 1}'), 'format', /this is no checkpoint/],
    [file.slice(0, 20), 'format', /the file ends in its head, after 20 bytes/],
    [file.slice(0, -1), 'format', /the file has \d+ bytes, and should have \d+/],
    [changed((_, view) => view.setUint32(8, 2, true)), 'format', /version 2, and version 1 is read here/],
    [changed((_, view) => view.setUint32(12, 2 ** 31, true)), 'format', /table of 2147483648 sections/],
    [
      changed((_, view) => view.setUint32(32, 2 ** 32 - 8, true)),
      'format',
      /the checksum of its head is wrong/,
    ],
    [
      changed((bytes) => {
        bytes[bytes.length - 3] ^= 4;
      }),
      'format',
      /^fromCheckpoint: the checksum of section \d+ is wrong$/,
    ],
  ];
  for (const [bytes, code, message] of wrong)
    await assert.rejects(io.fromCheckpoint(bytes), { code, message });
});

test('bytes are read wherever they lie', async () => {
  const { model, file } = await inTheMiddle();
  for (const offset of [1, 2, 3, 8]) {
    const place = new Uint8Array(file.length + offset);
    place.set(file, offset);
    const again = await io.fromCheckpoint(place.subarray(offset));
    await again.fit(x(), y(), { epochs: 3, batchSize: 8, callbacks: {}, resume: true });
    assert.deepEqual(again.getWeights()[0].dataSync(), model.getWeights()[0].dataSync());
  }
  assert.equal((await io.fromCheckpoint(file.buffer)).layers.length, 3);
});

test('nothing of the form of checkpoints is loaded before it is asked for, and it is small', async () => {
  const { gzipSync } = await import('node:zlib');
  const { readdirSync, readFileSync } = await import('node:fs');
  const { at } = await import('../../scripts/run.mjs');
  const folder = at('dist/npm/io/checkpoint');
  const files = readdirSync(folder).filter((name) => name.endsWith('.js'));
  const code = files.map((name) => readFileSync(`${folder}/${name}`, 'utf8'));
  const bytes = gzipSync(code.join('\n')).length;
  assert.ok(bytes < 12 * 1024, `${bytes} bytes`);
  const loader = code[files.indexOf('checkpoint.js')];
  assert.doesNotMatch(loader, /^import .*checkpoint-file/m);
  assert.match(loader, /await import\('\.\/checkpoint-file\.js'\)/);
});
