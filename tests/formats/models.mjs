// Whole models that files are tried on: their parts, what goes in and what should come out.
import { mapling } from './mapling.mjs';

const { layers, model, sequential, tensor } = mapling;

/** Numbers between −1 and 1 that follow from their places. */
export function noise(shape, seed = 1) {
  const count = shape.reduce((product, length) => product * length, 1);
  const values = Float32Array.from({ length: count }, (_, place) => {
    let h = Math.imul(place + 1, 2654435761) + Math.imul(seed, 40503);
    h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
    h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
    return ((h ^ (h >>> 16)) >>> 0) / 2 ** 31 - 1;
  });
  return tensor(values, shape);
}

/** Classes, one for each sample, as a share of 1. */
function classes(samples, count) {
  const labels = Array.from({ length: samples }, (_, at) => (at * 7 + (at >> 2)) % count);
  return mapling.oneHot(tensor(labels, [samples], 'int32'), count);
}
const whole = (shape, most, seed) =>
  tensor(
    Array.from(noise(shape, seed).dataSync(), (x) => Math.floor(((x + 1) / 2) * most)),
    shape,
    'int32',
  );

function functional() {
  const [wide, small] = [
    mapling.input({ shape: [6, 6, 2], name: 'wide' }),
    mapling.input({ shape: [3], name: 'small' }),
  ];
  const conv = layers.conv2d({ filters: 4, kernelSize: 3, activation: 'relu', kernelRegularizer: 'l2' });
  const seen = layers.flatten().apply(layers.maxPooling2d({ poolSize: 2 }).apply(conv.apply(wide)));
  const both = layers.concatenate().apply([
    layers
      .dense({
        units: 5,
        activation: 'tanh',
        kernelConstraint: mapling.constraints.maxNorm({ maxValue: 2 }),
      })
      .apply(seen),
    layers.dense({ units: 4, activation: 'gelu', kernelInitializer: 'heNormal' }).apply(small),
  ]);
  const a = layers
    .dense({ units: 3, activation: 'softmax', name: 'kind' })
    .apply(layers.dropout({ rate: 0 }).apply(both));
  const b = layers.dense({ units: 1, name: 'size' }).apply(both);
  const made = model({ inputs: [wide, small], outputs: [a, b], name: 'two_ends' });
  const compile = {
    optimizer: mapling.train.adam(
      mapling.optimizers.schedules.exponentialDecay({
        initialLearningRate: 0.01,
        decaySteps: 5,
        decayRate: 0.8,
      }),
    ),
    loss: ['categoricalCrossentropy', mapling.losses.Huber({ delta: 1 })],
    lossWeights: [1, 0.5],
    metrics: [['accuracy'], ['meanAbsoluteError']],
  };
  return {
    made,
    compile,
    xs: [noise([8, 6, 6, 2], 2), noise([8, 3], 3)],
    ys: [classes(8, 3), noise([8, 1], 4)],
  };
}

function recurrent() {
  const made = sequential({ name: 'words' });
  made.add(layers.embedding({ inputDim: 12, outputDim: 5, maskZero: true, inputLength: 7 }));
  made.add(layers.bidirectional({ layer: layers.lstm({ units: 4, returnSequences: true }) }));
  made.add(layers.timeDistributed({ layer: layers.dense({ units: 6, activation: 'relu' }) }));
  made.add(
    layers.rnn({
      cell: layers.stackedRNNCells({ cells: [layers.gruCell({ units: 3 }), layers.lstmCell({ units: 4 })] }),
    }),
  );
  made.add(layers.dense({ units: 1, activation: 'sigmoid' }));
  made.build([null, 7]);
  const compile = {
    optimizer: mapling.train.rmsprop(0.005),
    loss: 'binaryCrossentropy',
    metrics: ['accuracy'],
  };
  return { made, compile, xs: [whole([8, 7], 12, 5)], ys: [whole([8, 1], 2, 6).toFloat()] };
}

function attention() {
  const x = mapling.input({ shape: [5, 6] });
  const seen = layers
    .multiHeadAttention({ numHeads: 2, keyDim: 3, useBias: false })
    .apply([x, x], { useCausalMask: true });
  const sum = layers.layerNormalization().apply(layers.add().apply([x, seen]));
  const deep = layers.dense({ units: 6, activation: 'gelu' }).apply(sum);
  const y = layers
    .dense({ units: 2 })
    .apply(layers.globalAveragePooling1d().apply(layers.rmsNormalization().apply(deep)));
  const compile = {
    optimizer: mapling.train.adamw({ learningRate: 0.01, weightDecay: 0.01 }),
    loss: 'meanSquaredError',
  };
  return {
    made: model({ inputs: x, outputs: y }),
    compile,
    xs: [noise([8, 5, 6], 7)],
    ys: [noise([8, 2], 8)],
  };
}

function normalised() {
  const made = sequential({ name: 'normalised' });
  made.add(layers.separableConv2d({ filters: 4, kernelSize: 3, inputShape: [6, 6, 2] }));
  made.add(layers.batchNormalization({ momentum: 0.8 }));
  made.add(layers.leakyReLU());
  made.add(layers.dense({ units: 3, trainable: false }));
  made.add(layers.groupNormalization({ groups: 3 }));
  made.add(layers.flatten());
  made.add(layers.dense({ units: 3, activation: 'softmax' }));
  const compile = {
    optimizer: mapling.train.sgd({ learningRate: 0.05, momentum: 0.9, nesterov: true, clipnorm: 1 }),
    loss: mapling.losses.CategoricalCrossentropy({ labelSmoothing: 0.1 }),
    metrics: [mapling.metrics.TopKCategoricalAccuracy({ k: 2 })],
  };
  return { made, compile, xs: [noise([8, 6, 6, 2], 9)], ys: [classes(8, 3)] };
}

function shared() {
  const [a, b] = [mapling.input({ shape: [4] }), mapling.input({ shape: [4] })];
  const inside = sequential({ name: 'inside' });
  inside.add(layers.dense({ units: 5, activation: 'tanh', inputShape: [4] }));
  inside.add(layers.layerNormalization());
  const one = layers.dense({ units: 5, activation: 'swish', name: 'one' });
  const both = [a, b].map((x) => one.apply(inside.apply(x)));
  const y = layers.dense({ units: 1 }).apply(layers.multiply().apply(both));
  const compile = { optimizer: mapling.train.nadam(0.01), loss: 'meanAbsoluteError' };
  const made = model({ inputs: [a, b], outputs: y });
  return { made, compile, xs: [noise([8, 4], 10), noise([8, 4], 11)], ys: [noise([8, 1], 12)] };
}

/** Makes each anew. */
export const wholeModels = {
  'two inputs and outputs, a schedule, loss weights': functional,
  'recurrent, masked, with cells in a stack': recurrent,
  'with attention': attention,
  'with normalisations and a frozen layer': normalised,
  'with a shared layer and a model inside': shared,
};
