// What a program changes while a run goes on, and settings and lists that have no end.
import { assert, unrecorded as mapling, test } from './mapling.mjs';

const { data, io, layers } = mapling;
const [x, y] = [
  [
    [1, 2],
    [3, 4],
  ],
  [[1], [2]],
];
const model = (...more) => {
  const made = mapling.sequential({
    layers: [...more, layers.dense({ units: 1, inputShape: [2] })],
  });
  made.compile({ optimizer: 'sgd', loss: 'meanSquaredError' });
  return made;
};

test('a list of callbacks that changes while the run goes on does not change the run', async () => {
  const seen = [];
  const list = [];
  list.push({
    onEpochEnd(epoch) {
      seen.push(epoch);
      list.length = 0;
      list.push(null);
    },
  });
  await model().fit(x, y, { epochs: 3, callbacks: list });
  assert.deepEqual(seen, [0, 1, 2]);
});

test('a hook that is no function any more is refused by name', async () => {
  const callback = {
    onEpochEnd() {
      callback.onEpochEnd = 5;
    },
  };
  await assert.rejects(model().fit(x, y, { epochs: 3, callbacks: callback }), {
    code: 'type',
    message: 'callbacks: onEpochEnd: expected a function, got 5',
  });
});

test('settings of one’s own layer that contain themselves are refused by name, and what throws arrives', () => {
  const own = (getConfig, name) => {
    class Own extends layers.Layer {
      static className = name;
      call(inputs) {
        return inputs;
      }
    }
    Own.prototype.getConfig = getConfig;
    return () => new Own().apply(mapling.ones([1, 2]));
  };
  const circle = () => {
    const config = {};
    config.config = config;
    return config;
  };
  assert.throws(own(circle, 'OwnCircle'), { code: 'value', message: /^OwnCircle: getConfig: / });
  assert.throws(
    own(() => ({ big: 1n }), 'OwnBig'),
    { code: 'value', message: /^OwnBig: getConfig: / },
  );
  const mine = new Error('mine');
  const thrower = () => {
    throw mine;
  };
  assert.throws(own(thrower, 'OwnThrower'), (thrown) => thrown === mine);
  // A stack that is exhausted while the core is at work would be the end of the instance.
  const endless = () => endless();
  assert.throws(own(endless, 'OwnEndless'), RangeError);
  assert.deepEqual([...mapling.ones([2]).add(1).dataSync()], [2, 2]);
});

test('more elements may be asked for ahead than a data set has', async () => {
  assert.deepEqual(
    await data
      .array([1, 2, 3])
      .prefetch(2 ** 40)
      .toArray(),
    [1, 2, 3],
  );
});

test('lists that are as long as they say, and hold nothing, are refused at once', async () => {
  const endless = [];
  endless[2 ** 31] = 1;
  const begun = performance.now();
  await assert.rejects(mapling.loadLayersModel(endless), { code: 'type' });
  assert.throws(() => io.concatenateArrayBuffers(endless), { code: 'type' });
  await assert.rejects(
    data.array([endless]).batch(1).toArray(),
    ({ code }) => code === 'type' || code === 'shape',
  );
  assert.ok(performance.now() - begun < 2000);
});

test('a proxy that was revoked is no place of a model, and no source of data', async () => {
  const { proxy, revoke } = Proxy.revocable({}, {});
  revoke();
  await assert.rejects(mapling.loadLayersModel(proxy), { code: 'type', message: /^loadLayersModel: / });
  await assert.rejects(data.generator(() => proxy).toArray(), { code: 'type', message: /^data\.generator/ });
});
