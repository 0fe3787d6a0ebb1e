// Layers with seeds of their own: what they draw follows from these alone, and goes on from call to call.
import { assert, mapling, test } from './mapling.mjs';

const { layers, ones, sequential } = mapling;

const SEEDED = {
  dropout: [{ rate: 0.5 }, [8, 8]],
  gaussianNoise: [{ stddev: 1 }, [8, 8]],
  gaussianDropout: [{ rate: 0.5 }, [8, 8]],
  alphaDropout: [{ rate: 0.5 }, [8, 8]],
  spatialDropout1d: [{ rate: 0.5 }, [8, 2, 8]],
  spatialDropout2d: [{ rate: 0.5 }, [8, 1, 1, 8]],
  spatialDropout3d: [{ rate: 0.5 }, [8, 1, 1, 1, 8]],
  randomFlip: [{}, [16, 3, 3, 1]],
  randomRotation: [{ factor: 0.4 }, [4, 5, 5, 1]],
  randomZoom: [{ heightFactor: 0.4 }, [4, 5, 5, 1]],
  randomTranslation: [{ heightFactor: 0.4, widthFactor: 0.4 }, [4, 5, 5, 1]],
  randomContrast: [{ factor: 0.5 }, [4, 3, 3, 1]],
  randomBrightness: [{ factor: 0.5 }, [4, 3, 3, 1]],
  randomCrop: [{ height: 1, width: 1 }, [1, 90, 90, 1]],
};
const values = (shape) => {
  const size = shape.reduce((all, length) => all * length, 1);
  return mapling.range(1, size + 1).reshape(shape);
};

test('a seeded layer draws the same whatever the model and setSeed say, and goes on', () => {
  for (const [name, [settings, shape]] of Object.entries(SEEDED)) {
    const draw = (seed, around) => {
      mapling.setSeed(around);
      const layer = layers[name]({ ...settings, seed });
      assert.equal(layer.getConfig().seed, seed, name);
      return [0, 1].map(() => [...layer.apply(values(shape), { training: true }).dataSync()]);
    };
    const [first, second] = draw(7, 1);
    assert.deepEqual(draw(7, 2), [first, second], name);
    assert.notDeepEqual(first, second, name);
    assert.notDeepEqual(draw(8, 1)[0], first, name);
  }
});

test('in a model, trained or read from JSON, it is the same; other layers do not change it', async () => {
  const spoken = [];
  class Listening extends layers.Layer {
    static className = 'Listening';
    call(x, { training }) {
      const [y] = [x].flat();
      if (training) spoken.push([...y.dataSync()]);
      return y;
    }
  }
  mapling.serialization.registerClass(Listening);
  const train = async (more, seed, read) => {
    const made = sequential({
      seed,
      layers: [
        layers.inputLayer({ inputShape: [6] }),
        ...more,
        layers.dropout({ rate: 0.5, seed: 3 }),
        new Listening({}),
      ],
    });
    const model = read ? await mapling.modelFromJSON(made.toJSON()) : made;
    model.add?.(layers.dense({ units: 1 }));
    model.compile({ optimizer: 'sgd', loss: 'meanSquaredError' });
    spoken.length = 0;
    const samples = [ones([8, 6]), ones([8, 1])];
    await model.fit(...samples, { epochs: 2, batchSize: 8 });
    return [...spoken];
  };
  const plain = await train([], 1);
  assert.equal(plain.length, 2);
  assert.notDeepEqual(plain[0], plain[1]);
  const noisy = layers.gaussianNoise({ stddev: 1e-30 });
  const besides = await train([noisy], 2);
  assert.deepEqual(besides, plain);
  assert.deepEqual(await train([], 5, true), plain);
});

test('a checkpoint keeps where a seeded layer’s generator was, and looking at gradients does not move it', async () => {
  const { io } = mapling;
  const made = sequential({
    seed: 1,
    layers: [
      layers.inputLayer({ inputShape: [4, 1] }),
      layers.gaussianNoise({ stddev: 0.1 }),
      layers.bidirectional({ layer: layers.lstm({ units: 2, dropout: 0.5, seed: 5 }) }),
      layers.dropout({ rate: 0.5, seed: 9 }),
      layers.dense({ units: 1 }),
    ],
  });
  made.compile({ optimizer: 'adam', loss: 'meanSquaredError' });
  const samples = [values([8, 4, 1]), ones([8, 1])];
  await made.fit(...samples, { epochs: 2, batchSize: 4 });
  const bytes = await io.toCheckpoint(made);
  const again = await io.fromCheckpoint(bytes);
  const go = async (model) => {
    await model.fit(...samples, { epochs: 2, batchSize: 4 });
    return model.getWeights().map((weight) => [...weight.dataSync()]);
  };
  assert.deepEqual(await go(again), await go(made));
});

test('recurrent layers and attention take seeds too', () => {
  const x = mapling.randomNormal([4, 5, 3], 0, 1, 'float32', 1);
  const made = {
    simpleRNN: { units: 2, dropout: 0.5 },
    lstm: { units: 2, recurrentDropout: 0.5 },
    gru: { units: 2, dropout: 0.5, recurrentDropout: 0.5 },
    multiHeadAttention: { numHeads: 1, keyDim: 2, dropout: 0.5 },
    attention: { dropout: 0.5 },
    additiveAttention: { dropout: 0.5, useScale: false },
  };
  const ready = (name, seed) => {
    const layer = layers[name]({ ...made[name], seed });
    layer.apply(name.endsWith('ttention') ? [x, x] : x);
    return layer;
  };
  for (const name of Object.keys(made)) {
    const [a, b, c] = [ready(name, 5), ready(name, 5), ready(name, 6)];
    b.setWeights(a.getWeights());
    c.setWeights(a.getWeights());
    const run = (layer, around) => {
      mapling.setSeed(around);
      const given = name.endsWith('ttention') ? [x, x] : x;
      return [...layer.apply(given, { training: true }).dataSync()];
    };
    const drawn = run(a, 1);
    assert.deepEqual(run(b, 2), drawn, name);
    assert.notDeepEqual(run(c, 1), drawn, name);
  }
  const kept = layers.convLstm2d({ filters: 1, kernelSize: 1, dropout: 0.5, seed: 4 });
  assert.equal(kept.getConfig().seed, 4);
});

test('what is no whole number is refused by name', () => {
  for (const seed of [0.5, 'x', Number.NaN, 1e300])
    assert.throws(() => layers.dropout({ rate: 0.5, seed }), { name: 'Error', message: /^Dropout: .*seed/ });
});
