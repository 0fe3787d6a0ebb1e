// A loop of one's own around a model: gradients that one can look at, clipped here so that all together have length 1 at
// most, and a step by an optimizer. Nothing has to be disposed of.
import { add, init, layers, losses, randomUniform, sequential, sqrt, train, variableGrads } from 'mapling';

await init();
const x = randomUniform([256, 2], -1, 1, 'float32', 1);
const y = x.square().sum(1, true).less(0.5).toFloat();

const model = sequential({ seed: 1 });
model.add(layers.dense({ units: 16, activation: 'tanh', inputShape: [2] }));
model.add(layers.dense({ units: 1 }));
const optimizer = train.adam(0.03);
const loss = () => losses.sigmoidCrossEntropy(y, model.apply(x));

for (let step = 0; step < 200; step++) {
  const { value, grads } = variableGrads(loss);
  const length = sqrt(
    Object.values(grads)
      .map((one) => one.square().sum())
      .reduce((sum, one) => add(sum, one)),
  );
  const scale = length.maximum(1).reciprocal();
  optimizer.applyGradients(
    Object.fromEntries(Object.entries(grads).map(([name, one]) => [name, one.mul(scale)])),
  );
  if (step % 50 === 0) console.log(`step ${step}: loss ${value.dataSync()[0].toFixed(3)}`);
}
const right = model.apply(x).greater(0).toFloat().equal(y).toFloat().mean();
console.log(`loss ${loss().dataSync()[0].toFixed(3)}, right ${right.dataSync()[0].toFixed(3)}`);
