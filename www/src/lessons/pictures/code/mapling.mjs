import { conv2d, init, layers, maxPool, sequential, tensor, train } from 'mapling';

await init();
// A picture of 6 × 6 pixels with an edge down its middle: [samples, height, width, channels].
const picture = tensor(Array.from({ length: 6 }, () => [0, 0, 0, 1, 1, 1])).reshape([1, 6, 6, 1]);
// The kernel subtracts the left from the right: [height, width, channels, filters].
const kernel = tensor([
  [-1, 0, 1],
  [-1, 0, 1],
  [-1, 0, 1],
]).reshape([3, 3, 1, 1]);

const map = conv2d(picture, kernel, 1, 'valid');
console.log('map', map.dataSync().slice(0, 4).join(' ')); // 0 3 3 0: it lights up at the edge
console.log('pooled', maxPool(map, 2, 2, 'valid').dataSync().join(' ')); // 3 3 3 3: still there

// A layer of one such kernel, which begins anywhere, finds the same nine numbers from pictures and maps.
const model = sequential({
  layers: [layers.conv2d({ filters: 1, kernelSize: 3, useBias: false, inputShape: [6, 6, 1] })],
});
model.compile({ optimizer: train.adam(0.1), loss: 'meanSquaredError' });
const pictures = tensor(
  Array.from({ length: 64 * 36 }, (_, at) => Math.sin(at * at)),
  [64, 6, 6, 1],
);
await model.fit(pictures, conv2d(pictures, kernel, 1, 'valid'), { epochs: 40, batchSize: 16 });
const found = model.getWeights()[0].dataSync();
console.log('found', Array.from(found, Math.round).join(' '));
