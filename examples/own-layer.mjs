// A layer of one's own: it has a weight and a setting, trains in `fit` like any other, and is saved by its name.
import { init, layers, loadModel, randomNormal, sequential, serialization, train } from 'mapling';

/** Lets through what is near a learned centre: `exp(−sharpness · (x − centre)²)`. */
class Bump extends layers.Layer {
  static className = 'Bump';
  constructor({ sharpness = 1, ...rest } = {}) {
    super(rest);
    this.sharpness = sharpness;
  }
  build(shape) {
    this.centre = this.addWeight('centre', [shape.at(-1)], 'float32', 'zeros');
  }
  call(x) {
    return x.sub(this.centre.read()).square().mul(-this.sharpness).exp();
  }
  computeOutputShape(shape) {
    return shape;
  }
  getConfig() {
    return { ...super.getConfig(), sharpness: this.sharpness };
  }
}

await init();
serialization.registerClass(Bump);
const x = randomNormal([200, 1], 0, 1, 'float32', 1);
const y = x.sub(0.7).square().mul(-2).exp();

const model = sequential({ seed: 1, layers: [new Bump({ sharpness: 2, inputShape: [1] })] });
model.compile({ optimizer: train.adam(0.05), loss: 'meanSquaredError' });
const { history } = await model.fit(x, y, { epochs: 40 });
console.log(
  `loss ${history.loss.at(-1).toFixed(5)}, centre ${model.getWeights()[0].dataSync()[0].toFixed(2)}`,
);

const again = await loadModel(await model.save());
const difference = again.predict(x).sub(model.predict(x)).abs().max().dataSync()[0];
console.log(`saved and read again, sharpness ${again.layers[0].sharpness}: it answers off by ${difference}`);
