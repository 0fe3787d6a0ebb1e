// The page's networks, whose layers `www/src/presets.ts` has, as Keras writes them.

export const layer = (class_name, config = {}) => ({ class_name, config });
const answer = layer('Dense', { units: 10, activation: 'softmax' });

export const dense = [layer('Flatten'), layer('Dense', { units: 128, activation: 'relu' }), answer];

export const convnet = [
  layer('Conv2D', { filters: 32, kernelSize: 3, activation: 'relu' }),
  layer('MaxPooling2D', { poolSize: 2 }),
  layer('Conv2D', { filters: 64, kernelSize: 3, activation: 'relu' }),
  layer('MaxPooling2D', { poolSize: 2 }),
  layer('Flatten'),
  layer('Dropout', { rate: 0.25 }),
  answer,
];
