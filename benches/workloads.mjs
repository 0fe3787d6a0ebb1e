// What is trained, on MNIST in float32 with Adam at 0.001 and softmax cross-entropy.

export const workloads = {
  W1: { batch: 32, title: "the tutorial's network: Dense 128, Dense 10; batch 32" },
  W1b: { batch: 128, title: 'the same, batch 128' },
  W2: { batch: 128, title: "Keras' convnet: Conv 32 3×3, pool 2, Conv 64 3×3, pool 2, Dense 10; batch 128" },
  W2b: { batch: 20, title: "ConvNetJS' net: Conv 8 5×5, pool 2, Conv 16 5×5, pool 3, Dense 10; batch 20" },
  W3: { batch: 64, title: 'the 28 rows as a sequence: LSTM 64, Dense 10; batch 64' },
};

/** Networks that also give single predictions (W4). */
export const predicted = ['W1', 'W2'];
