// Models that nobody has thought of: layers drawn one after the other, with settings drawn too, give the same in
// onnxruntime. `MAPLING_MODELS=1000` tries more of them; each is told by its seed. (One in a
// thousand gives values so near to 0 that rounding shows.)
import { assert, mapling, test } from '../js/mapling.mjs';
import { randomFrom } from './mutations.mjs';
import { sameInOnnx } from './onnx.mjs';

const { input, layers, model, setSeed, tensor } = mapling;
const COUNT = Number(process.env.MAPLING_MODELS ?? 40);
const ACTIVATIONS = ['linear', 'relu', 'tanh', 'gelu', 'swish', 'softmax', 'hardSigmoid', 'mish', 'selu'];

/** What is drawn from one seed. */
function drawn(seed) {
  const random = randomFrom(seed);
  const whole = (least, most) => least + Math.floor(random() * (most - least + 1));
  const pick = (all) => all[whole(0, all.length - 1)];
  return { random, whole, pick, maybe: (share = 0.5) => random() < share };
}

/** A layer for pictures. */
function pictureLayer({ pick, whole, maybe }) {
  const [activation, padding, useBias] = [pick(ACTIVATIONS), pick(['same', 'valid']), maybe()];
  const [strides, kernelSize] = [whole(1, 2), pick([1, 2, 3, [2, 3]])];
  return pick([
    () => layers.conv2d({ filters: whole(1, 4), kernelSize, strides, padding, activation, useBias }),
    () => layers.conv2dTranspose({ filters: 2, kernelSize, strides, padding, activation, useBias }),
    () => layers.depthwiseConv2d({ kernelSize: 2, padding: 'same', depthMultiplier: whole(1, 2), useBias }),
    () => layers.separableConv2d({ filters: 3, kernelSize: 2, padding, activation }),
    () => layers.maxPooling2d({ poolSize: whole(1, 3), strides, padding: 'same' }),
    () => layers.averagePooling2d({ poolSize: whole(1, 3), strides, padding: 'same' }),
    () => layers.batchNormalization({ axis: pick([-1, 1]), scale: maybe(), center: maybe() }),
    () => layers.layerNormalization({ axis: pick([-1, [1, 2, 3], [1, 3]]) }),
    () => layers.groupNormalization({ groups: -1 }),
    () => layers.unitNormalization(),
    () => layers.upSampling2d({ size: 2, interpolation: pick(['nearest', 'bilinear']) }),
    () => layers.resizing({ height: 5, width: 4, interpolation: pick(['nearest', 'bilinear']) }),
    () => layers.centerCrop({ height: 2, width: 2 }),
    () =>
      layers.zeroPadding2d({
        padding: [
          [1, 0],
          [0, 2],
        ],
      }),
    () =>
      layers.permute({
        dims: pick([
          [3, 1, 2],
          [2, 1, 3],
          [1, 2, 3],
        ]),
      }),
    () => layers.prelu({ sharedAxes: pick([[1, 2], []]) }),
    () => layers.reLU({ maxValue: 2, threshold: 0.1, negativeSlope: 0.2 }),
    () => layers.dense({ units: 3, activation, useBias }),
    () => layers.rescaling({ scale: 2, offset: -1 }),
  ])();
}

function pictureModel(draw) {
  const x = input({ shape: [6, 5, 2] });
  const all = [x];
  for (let left = draw.whole(2, 7); left > 0; left--) {
    const before = all.at(-1);
    const [height, width] = before.shape.slice(1);
    if (Math.min(height, width) < 3 || Math.max(height, width) > 24) break;
    let y = pictureLayer(draw).apply(before);
    const alike = all.filter(({ shape }) => `${shape}` === `${y.shape}`);
    const merge = layers[draw.pick(['add', 'multiply', 'maximum', 'concatenate', 'average'])];
    if (alike.length > 0 && draw.maybe()) y = merge().apply([draw.pick(alike), y]);
    all.push(y);
  }
  const outputs = draw.maybe() ? all.at(-1) : layers.globalMaxPooling2d().apply(all.at(-1));
  return { made: model({ inputs: x, outputs }), shape: [3, 6, 5, 2] };
}

/** A layer that reads sequences, and gives sequences. */
function reader({ pick, whole, maybe }) {
  const kind = pick(['simpleRNN', 'gru', 'lstm']);
  const gate = { recurrentActivation: pick(['sigmoid', 'sigmoid', 'hardSigmoid']) };
  return layers[kind]({
    units: whole(1, 4),
    returnSequences: true,
    goBackwards: maybe(0.3),
    useBias: maybe(),
    activation: pick(['tanh', 'tanh', 'relu', 'softsign']),
    ...(kind === 'simpleRNN' ? {} : gate),
    ...(kind === 'gru' ? { resetAfter: maybe() } : {}),
  });
}

/** What a layer for sequences makes of them. */
function read(draw, x) {
  const { pick, whole, maybe } = draw;
  const cell = () => pick([layers.simpleRNNCell, layers.gruCell, layers.lstmCell])({ units: whole(1, 3) });
  const noMask = layers.dropout({ rate: 0.5 }).apply(x);
  const useCausalMask = maybe();
  return pick([
    () => reader(draw).apply(x),
    () => layers.bidirectional({ layer: reader(draw), mergeMode: pick(['sum', 'ave', 'concat']) }).apply(x),
    () =>
      layers
        .rnn({
          cell: [cell(), cell()],
          returnSequences: true,
          zeroOutputForMask: maybe(),
          goBackwards: maybe(),
        })
        .apply(x),
    () => layers.timeDistributed({ layer: layers.dense({ units: 3, activation: 'tanh' }) }).apply(x),
    () =>
      layers
        .conv1d({ filters: 3, kernelSize: whole(1, 3), padding: 'causal', dilationRate: whole(1, 2) })
        .apply(x),
    () => layers.layerNormalization().apply(x),
    () =>
      layers
        .multiHeadAttention({ numHeads: 2, keyDim: 2, dropout: pick([0, 0.1]) })
        .apply([x, x], { useCausalMask }),
    () => layers.attention({ scoreMode: pick(['dot', 'concat']) }).apply([x, noMask], { useCausalMask }),
    () => layers.additiveAttention().apply([x, x], { useCausalMask }),
    () => layers.concatenate({ axis: pick([1, -1]) }).apply([x, noMask]),
  ])();
}

function sequenceModel(draw) {
  const x = input({ shape: [null, 3] });
  let y = draw.maybe(0.7) ? layers.masking().apply(x) : x;
  for (let left = draw.whole(1, 4); left > 0; left--) y = read(draw, y);
  const last = draw.pick([layers.lstm, layers.gru, layers.simpleRNN])({
    units: 2,
    goBackwards: draw.maybe(),
  });
  const outputs = [y, last.apply(y), layers.globalMaxPooling1d().apply(y)];
  return { made: model({ inputs: x, outputs }), shape: [3, draw.whole(2, 5), 3] };
}

for (const [what, modelOf] of [
  ['pictures', pictureModel],
  ['sequences', sequenceModel],
]) {
  test(`${COUNT} models for ${what} that were drawn give the same in onnxruntime`, async () => {
    for (let seed = 1; seed <= COUNT; seed++) {
      setSeed(seed);
      const draw = drawn(seed);
      const { made, shape } = modelOf(draw);
      const size = shape.reduce((all, length) => all * length, 1);
      const isGap = (index) => what === 'sequences' && Math.floor(index / 3) % 4 === 2;
      const values = Array.from({ length: size }, (_, index) => (isGap(index) ? 0 : 4 * draw.random() - 2));
      try {
        await sameInOnnx(made, [tensor(values, shape)]);
      } catch (error) {
        assert.fail(`seed ${seed}: ${error.message}\n${made.toJSON()}`);
      } finally {
        made.dispose();
      }
    }
  });
}
