// Layers that draw numbers in training: what they draw is known to no other library, and `.keras` says from what seed alone.
// (In keras_steps.test.mjs those of tests/oracle train with their random part set to nothing; RandomFlip and RandomCrop, for which
// there is no such setting, only here.) A checkpoint holds what was drawn, and so ten steps after it have the same bits.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { mapling } from './mapling.mjs';
import { noise } from './models.mjs';
import { steps, weightsOf } from './steps.mjs';

const { io, layers, sequential, train } = mapling;
mapling.setSeed(1);

const range = { factor: 0.2 };
/** A layer of each kind, and the shape that it reads. */
const DRAWING = {
  dropout: [{ rate: 0.3 }, [6]],
  spatialDropout1d: [{ rate: 0.3 }, [4, 6]],
  spatialDropout2d: [{ rate: 0.3 }, [4, 4, 3]],
  spatialDropout3d: [{ rate: 0.3 }, [2, 3, 3, 3]],
  gaussianNoise: [{ stddev: 0.2 }, [6]],
  gaussianDropout: [{ rate: 0.3 }, [6]],
  alphaDropout: [{ rate: 0.3 }, [6]],
  randomFlip: [{}, [4, 4, 2]],
  randomCrop: [{ height: 3, width: 2 }, [4, 4, 2]],
  randomRotation: [range, [4, 4, 2]],
  randomZoom: [{ heightFactor: 0.2 }, [4, 4, 2]],
  randomTranslation: [{ heightFactor: 0.2, widthFactor: 0.2 }, [4, 4, 2]],
  randomContrast: [range, [4, 4, 2]],
  randomBrightness: [{ ...range, valueRange: [-1, 1] }, [4, 4, 2]],
};

for (const [name, [settings, shape]] of Object.entries(DRAWING)) {
  test(`${name}: ten steps of Adam after a checkpoint have the same bits`, async () => {
    const model = sequential({
      layers: [
        layers.dense({ units: shape.at(-1), inputShape: shape }),
        layers[name](settings),
        layers.flatten(),
        layers.dense({ units: 2 }),
      ],
    });
    model.compile({ optimizer: train.adam(0.01), loss: 'meanSquaredError' });
    const drawn = [1, 2, 3, 4].map(() => [
      ...model.layers[1].apply(noise([4, ...shape]), { training: true }).dataSync(),
    ]);
    assert.ok(new Set(drawn.map(String)).size > 1, 'nothing is drawn');
    const given = { xs: [noise([4, ...shape], 2)], ys: [noise([4, 2], 3)] };
    await steps(model, given, 3);
    const file = await io.toCheckpoint(model);
    const losses = await steps(model, given, 10);
    const back = await io.fromCheckpoint(file);
    assert.deepEqual(await steps(back, given, 10), losses);
    assert.deepEqual(weightsOf(back), weightsOf(model));
    back.dispose();
    model.dispose();
  });
}

test('every layer that draws is among them', () => {
  const drawing = Object.keys(layers).filter((name) => /dropout|noise|^random/i.test(name));
  assert.deepEqual(Object.keys(DRAWING).sort(), drawing.sort());
});
