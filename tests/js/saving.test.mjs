// What would come back as something else, or not at all, is refused when it is saved.
import { assert, mapling, test } from './mapling.mjs';
import { list } from './numbers.mjs';

const { layers, loadModel, sequential, serialization, tensor, variable } = mapling;
const holding = (...all) => sequential({ layers: all });

test('a layer of one’s own that takes settings and does not write them down is not saved', async () => {
  class Times extends layers.Layer {
    static className = 'Times';
    constructor(args = {}) {
      super(args);
      this.factor = args.factor ?? 1;
    }
    call(x) {
      return [x].flat()[0].mul(this.factor);
    }
  }
  const model = holding(new Times({ factor: 3, inputShape: [1] }));
  assert.deepEqual(list(model.predict([[1]])), [3]);
  const refused =
    /: layer times: Times needs a method `getConfig` that writes factor: it would be loaded without$/;
  await assert.rejects(model.save(), refused);
  assert.throws(() => model.toJSON(), refused);
  assert.throws(
    () => holding(layers.timeDistributed({ layer: new Times({ factor: 3 }), inputShape: [2, 1] })).toJSON(),
    refused,
  );
  assert.ok((await holding(new Times({ inputShape: [1] })).save()).json.includes('Times'));
  class Written extends Times {
    static className = 'Written';
    getConfig() {
      return { ...super.getConfig(), factor: this.factor };
    }
  }
  serialization.registerClass(Written);
  const again = await loadModel(await holding(new Written({ factor: 3, inputShape: [1] })).save());
  assert.deepEqual(list(again.predict([[1]])), [3]);
});

test('a function among settings, and a class without a name, are refused when they are saved', async () => {
  const penalized = (kernelRegularizer) =>
    holding(layers.dense({ units: 1, inputShape: [1], kernelRegularizer }));
  for (const one of [(x) => x.square().sum(), { apply: (x) => x.sum() }])
    await assert.rejects(
      penalized(one).save(),
      /^Error: save: layer dense: kernelRegularizer: a function cannot be saved; .*registerClass/,
    );
  assert.ok((await penalized('l2').save()).json.includes('L2'));
  class Nameless extends layers.Layer {
    call(x) {
      return x;
    }
  }
  await assert.rejects(
    holding(new Nameless({ inputShape: [1] })).save(),
    /^Error: save: layer .*: its class has no name of its own: it needs `static className/,
  );
});

test('a variable that a layer of one’s own holds would not be trained, and is refused', () => {
  class Holding extends layers.Layer {
    static className = 'Holding';
    constructor(trainable) {
      super();
      this.parts = { w: variable(2, trainable, `held${trainable}`) };
    }
    call(x) {
      return [x].flat()[0].mul(this.parts.w);
    }
  }
  assert.throws(
    () => new Holding(true).apply(tensor([[1]])),
    /^Error: layer holding: the variable "heldtrue", which it holds, would not be trained: make it by this\.addWeight/,
  );
  assert.deepEqual(list(new Holding(false).apply(tensor([[1]]))), [2]);
});

test('weights that two models hold are refused by every file that would be read as two', async () => {
  const { input, io, model } = mapling;
  const shared = layers.dense({ units: 3, inputShape: [3], name: 'shared' });
  const inside = sequential({ layers: [shared, layers.dense({ units: 3 })], name: 'inside' });
  const x = input({ shape: [3] });
  const whole = model({ inputs: x, outputs: shared.apply(inside.apply(x)), name: 'whole' });
  const refused = (where) => ({
    code: 'value',
    message: new RegExp(`^${where}: layer shared is in (inside|whole) and in (inside|whole): read again`),
  });
  await assert.rejects(whole.save(), refused('save'));
  await assert.rejects(whole.save(io.withSaveHandler(() => assert.fail('saved'))), refused('save'));
  await assert.rejects(io.toCheckpoint(whole), refused('toCheckpoint'));
  await assert.rejects(io.toKeras(whole), refused('toKeras'));
  // Weights by their names are those of both, and what only predicts needs no more.
  assert.deepEqual(Object.keys((await io.fromSafetensors(await io.toSafetensors(whole))).tensors).length, 4);
  assert.ok((await io.toOnnx(whole)).length > 0);
  const steps = input({ shape: [2, 3] });
  const wrapped = layers.timeDistributed({ layer: shared }).apply(steps);
  const both = [wrapped, shared.apply(x)];
  const wrapping = model({ inputs: [steps, x], outputs: both, name: 'wrapping' });
  await assert.rejects(wrapping.save(), {
    code: 'value',
    message: 'save: layer shared is in time_distributed and in wrapping: read again it would be two',
  });
  // Called twice in one model, and without weights in two, layers are saved.
  const twice = model({ inputs: x, outputs: inside.apply(inside.apply(x)) });
  assert.ok((await twice.save()).json);
  const flat = layers.activation({ activation: 'relu' });
  const row = sequential({ layers: [layers.dense({ units: 3, inputShape: [3] }), flat] });
  assert.ok((await model({ inputs: x, outputs: flat.apply(row.apply(x)) }).save()).json);
  const lstm = layers.lstm({ units: 2 });
  const around = [1, 2].map(() => layers.bidirectional({ layer: layers.lstm({ units: 2 }) }));
  const read = [lstm, layers.rnn({ cell: layers.gruCell({ units: 2 }) }), ...around];
  assert.ok((await model({ inputs: steps, outputs: read.map((one) => one.apply(steps)) }).save()).json);
});
