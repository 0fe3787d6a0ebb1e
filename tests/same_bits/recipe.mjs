// A small training run, the same one as in ../same_bits.rs: a convolution, pooling, dropout, a shuffle, Adam.

/** Trains and returns the FNV-1a hash of all weights' bits, as 16 hex digits. `options` go to `init`. */
export async function trainedHash(mapling, options) {
  const { datasets, init, layers, sequential, train } = mapling;
  await init(options);
  const { images, labels } = datasets.digits({ seed: 7, count: 600 }).train;
  const model = sequential({
    seed: 42,
    layers: [
      layers.conv2d({ filters: 4, kernelSize: 3, activation: 'relu', inputShape: [28, 28, 1] }),
      layers.maxPooling2d(),
      layers.flatten(),
      layers.dropout({ rate: 0.25 }),
      layers.dense({ units: 24, activation: 'tanh' }),
      layers.dense({ units: 10, activation: 'softmax' }),
    ],
  });
  model.compile({
    optimizer: train.adam(0.003),
    loss: 'sparseCategoricalCrossentropy',
    metrics: ['accuracy'],
  });
  await model.fit(images, labels, { epochs: 2, batchSize: 32 });

  let hash = 0xcbf29ce484222325n;
  for (const weight of model.getWeights()) {
    for (const byte of new Uint8Array(Float32Array.from(weight.dataSync()).buffer)) {
      hash = ((hash ^ BigInt(byte)) * 0x100000001b3n) & 0xffffffffffffffffn;
    }
  }
  return hash.toString(16).padStart(16, '0');
}
