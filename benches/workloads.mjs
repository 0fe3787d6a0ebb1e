// What is trained in float32 by Adam at 0.001: on MNIST with softmax cross-entropy, but for two on texts of random words
// (binary cross-entropy) and characters (AdamW).

export const workloads = {
  W1: { batch: 32, title: "the tutorial's network: Dense 128, Dense 10; batch 32" },
  W1b: { batch: 128, title: 'the same, batch 128' },
  W2: { batch: 128, title: "Keras' convnet: Conv 32 3×3, pool 2, Conv 64 3×3, pool 2, Dense 10; batch 128" },
  W2b: { batch: 20, title: "ConvNetJS' net: Conv 8 5×5, pool 2, Conv 16 5×5, pool 3, Dense 10; batch 20" },
  W3: { batch: 64, title: 'the 28 rows as a sequence: LSTM 64, Dense 10; batch 64' },
  W5: { batch: 64, title: 'the 28 rows as a sequence: GRU 64, Dense 10; batch 64' },
  W6: {
    batch: 64,
    title: 'residual convnet with batch normalisation: 16, 16, 32, 32, two ways around; batch 64',
  },
  W7: {
    batch: 32,
    title: 'sentiment of 100 words: Embedding 5000 × 32, Conv1D 64 of 5, global maximum; batch 32',
  },
  W8: {
    batch: 64,
    title: 'separable convnet: Conv 32, SeparableConv 64, pool 2, SeparableConv 128; batch 64',
  },
  W9: { batch: 32, title: '64 characters: 2 transformer blocks, width 64, 4 heads; batch 32, AdamW' },
  W10: { batch: 32, title: 'W1 as a loop of one’s own: variableGrads and applyGradients; batch 32' },
};

/** Networks that also give single predictions (W4). */
export const predicted = ['W1', 'W2'];
