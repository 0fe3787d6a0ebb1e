// Models that share layers are disposed of, in any order and more than once.
import { assert, mapling, test } from './mapling.mjs';

const { input, layers, model, ones, sequential } = mapling;

const done = (numDisposedVariables) => ({ refCountAfterDispose: 0, numDisposedVariables });
const dense = (more) => layers.dense({ units: 2, inputShape: [2], ...more });

/** Each of these has been built, and its weights looked at. */
const built = (...all) => {
  for (const one of all) {
    if (!one.built) one.build();
    assert.ok(one.weights.length > 0);
  }
  return all;
};

test('of models that share a layer each disposes of what is left', () => {
  const shared = dense();
  const [a, b] = built(
    sequential({ layers: [shared] }),
    sequential({ layers: [shared, layers.dense({ units: 3 })] }),
  );
  assert.deepEqual(a.dispose(), done(2));
  assert.throws(() => b.predict(ones([1, 2])), { code: 'state' });
  assert.deepEqual(b.dispose(), done(2));
  for (const one of [a, b, shared]) assert.deepEqual(one.dispose(), done(0));
});

test('graphs, wrappers, models in models and layers of one’s own are disposed of when a part is gone', () => {
  const x = input({ shape: [2] });
  const first = layers.dense({ units: 2 });
  const y = first.apply(x);
  const z = layers.dense({ units: 1 }).apply(y);
  const [short, long] = built(model({ inputs: x, outputs: y }), model({ inputs: x, outputs: z }));
  assert.deepEqual(short.dispose(), done(2));
  assert.deepEqual(long.dispose(), done(2));
  assert.deepEqual(long.dispose(), done(0));

  const inner = layers.dense({ units: 2 });
  const around = sequential({ layers: [layers.timeDistributed({ layer: inner, inputShape: [3, 2] })] });
  built(around);
  assert.deepEqual(inner.dispose(), done(2));
  assert.deepEqual(around.dispose(), done(0));

  const small = sequential({ layers: [dense()] });
  const [outer] = built(sequential({ layers: [small, layers.dense({ units: 3 })] }));
  assert.deepEqual(small.dispose(), done(2));
  assert.deepEqual(outer.dispose(), done(2));
  assert.deepEqual(outer.dispose(), done(0));

  class Holding extends layers.Layer {
    static className = 'HoldingOfDisposing';
    constructor(args) {
      super(args);
      this.inside = args.inside;
    }
    build(shape) {
      this.inside.build(shape);
    }
    call(values) {
      return this.inside.apply(values);
    }
  }
  const inside = layers.dense({ units: 2 });
  const own = new Holding({ inputShape: [2], inside });
  const [one, two] = built(sequential({ layers: [own] }), sequential({ layers: [own] }));
  assert.deepEqual(one.dispose(), done(2));
  assert.deepEqual(two.dispose(), done(0));
  assert.deepEqual(inside.dispose(), done(0));
});

test('weights are counted once, and those of models inside a model stay', () => {
  const shared = dense();
  const small = sequential({ layers: [shared] });
  const [outer] = built(sequential({ layers: [small, layers.dense({ units: 3 })] }));
  assert.deepEqual(outer.dispose(), done(2));
  assert.deepEqual(small.predict(ones([1, 2])).shape, [1, 2]);
  const [x, both] = [input({ shape: [2] }), layers.dense({ units: 2 })];
  const [twice] = built(model({ inputs: x, outputs: both.apply(both.apply(x)) }));
  assert.deepEqual(twice.dispose(), done(2));
});

test('a layer that was taken out of a row is not disposed of with it', () => {
  const last = layers.dense({ units: 1 });
  const row = sequential({ layers: [dense(), last] });
  built(row);
  row.pop();
  assert.deepEqual(row.dispose(), done(2));
  assert.deepEqual(last.apply(ones([3, 2])).shape, [3, 1]);
  last.dispose();
});

test('a model that was trained is disposed of after its layers', async () => {
  const shared = dense();
  const [a, b] = [sequential({ layers: [shared] }), sequential({ layers: [shared] })];
  for (const one of [a, b]) {
    one.compile({ optimizer: 'adam', loss: 'meanSquaredError' });
    await one.fit(ones([4, 2]), ones([4, 2]), { epochs: 1 });
  }
  shared.dispose();
  for (const one of [a, b, a]) assert.deepEqual(one.dispose(), done(0));
});
