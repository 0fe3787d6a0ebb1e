// The workloads W5 to W9 in the words of Keras' layers, for mapling and TensorFlow.js alike: `tf` is either.

/** Words and characters that the texts are made of, and their lengths. */
export const WORDS = 5000;
const WORDS_IN_TEXT = 100;
export const CHARACTERS = 65;
const CHARACTERS_IN_TEXT = 64;
const WIDTH = 64;

const image = [28, 28, 1];

/** Two convolutions with batch normalisation, and a way around them. */
function residual(tf, x, filters) {
  const { layers } = tf;
  const conv = (kernelSize, of) =>
    layers.conv2d({ filters, kernelSize, padding: 'same', useBias: false }).apply(of);
  const norm = (of) => layers.batchNormalization().apply(of);
  const relu = (of) => layers.activation({ activation: 'relu' }).apply(of);
  const inner = norm(conv(3, relu(norm(conv(3, x)))));
  return relu(layers.add().apply([inner, conv(1, x)]));
}

function residualNet(tf) {
  const { layers } = tf;
  const x = tf.input({ shape: image });
  const first = layers.maxPooling2d({ poolSize: 2 }).apply(residual(tf, x, 16));
  const pooled = layers.globalAveragePooling2d({}).apply(residual(tf, first, 32));
  return tf.model({ inputs: x, outputs: layers.dense({ units: 10, activation: 'softmax' }).apply(pooled) });
}

function separableNet(tf) {
  const { layers } = tf;
  const separable = (filters) =>
    layers.separableConv2d({ filters, kernelSize: 3, padding: 'same', activation: 'relu' });
  return tf.sequential({
    layers: [
      layers.conv2d({ filters: 32, kernelSize: 3, padding: 'same', activation: 'relu', inputShape: image }),
      separable(64),
      layers.maxPooling2d({ poolSize: 2 }),
      separable(128),
      layers.globalAveragePooling2d({}),
      layers.dense({ units: 10, activation: 'softmax' }),
    ],
  });
}

/** Attention to what came before and two dense layers, each with a way around. */
function block(tf, x) {
  const { layers } = tf;
  const norm = (of) => layers.layerNormalization().apply(of);
  const calm = norm(x);
  const seen = layers
    .multiHeadAttention({ numHeads: 4, keyDim: WIDTH / 4 })
    .apply([calm, calm], { useCausalMask: true });
  const after = layers.add().apply([x, seen]);
  const wide = layers.dense({ units: 4 * WIDTH, activation: 'relu' }).apply(norm(after));
  return layers.add().apply([after, layers.dense({ units: WIDTH }).apply(wide)]);
}

function characterModel(tf) {
  const { layers } = tf;
  const text = tf.input({ shape: [CHARACTERS_IN_TEXT] });
  const places = tf.input({ shape: [CHARACTERS_IN_TEXT] });
  const embedded = layers.embedding({ inputDim: CHARACTERS, outputDim: WIDTH }).apply(text);
  const where = layers.embedding({ inputDim: CHARACTERS_IN_TEXT, outputDim: WIDTH }).apply(places);
  const out = block(tf, block(tf, layers.add().apply([embedded, where])));
  const next = layers.dense({ units: CHARACTERS, activation: 'softmax' });
  return tf.model({ inputs: [text, places], outputs: next.apply(layers.layerNormalization().apply(out)) });
}

export const networks = {
  W5: (tf) =>
    tf.sequential({
      layers: [
        tf.layers.reshape({ targetShape: [28, 28], inputShape: image }),
        tf.layers.gru({ units: 64 }),
        tf.layers.dense({ units: 10, activation: 'softmax' }),
      ],
    }),
  W6: residualNet,
  W7: (tf) =>
    tf.sequential({
      layers: [
        tf.layers.embedding({ inputDim: WORDS, outputDim: 32, inputLength: WORDS_IN_TEXT }),
        tf.layers.conv1d({ filters: 64, kernelSize: 5, activation: 'relu' }),
        tf.layers.globalMaxPooling1d({}),
        tf.layers.dense({ units: 1, activation: 'sigmoid' }),
      ],
    }),
  W8: separableNet,
  W9: characterModel,
};

/** How they are compiled; the others by Adam and by sparse labels. */
export const compiled = {
  W7: (tf) => ({ optimizer: tf.train.adam(0.001), loss: 'binaryCrossentropy' }),
  W9: (tf) => ({
    optimizer: tf.train.adamw ? tf.train.adamw(0.001) : tf.train.adam(0.001),
    loss: 'sparseCategoricalCrossentropy',
  }),
};

/** The same numbers below `limit` for everyone: a linear congruential generator. */
function draws(count, limit, seed) {
  let state = seed;
  return Float32Array.from({ length: count }, () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * limit);
  });
}

/** Inputs and targets of the texts, `{ x: [[values, shape], …], y: [values, shape] }`. */
export const texts = {
  W7: (count) => ({
    x: [[draws(count * WORDS_IN_TEXT, WORDS, 1), [count, WORDS_IN_TEXT]]],
    y: [draws(count, 2, 2), [count, 1]],
  }),
  W9: (count) => {
    const shape = [count, CHARACTERS_IN_TEXT];
    const places = Float32Array.from(
      { length: count * CHARACTERS_IN_TEXT },
      (_, at) => at % CHARACTERS_IN_TEXT,
    );
    return {
      x: [
        [draws(count * CHARACTERS_IN_TEXT, CHARACTERS, 3), shape],
        [places, shape],
      ],
      y: [draws(count * CHARACTERS_IN_TEXT, CHARACTERS, 4), shape],
    };
  },
};
