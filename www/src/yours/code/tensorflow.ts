import { GROWN, type Program } from './program';
import { added, optimizer } from './scripts';

const DATA: Record<Program['data'], string> = {
  mnist: '',
  styles: '// The page trains on digits in many hands’ styles besides.\n',
  generated: '// The page trains on digits that it drew itself; here it is MNIST.\n',
  file: '// Your own files, if they are named so.\n',
};

/** The program in TensorFlow.js. */
export function tensorflow(program: Program): string {
  const { learningRate, batchSize, epochs, augment, finalRate, data, isGrown } = program;
  const falls =
    finalRate === 1
      ? ''
      : `
    onBatchBegin() {
      model.optimizer.learningRate = ${learningRate} * (1 - ${1 - finalRate} * (step++ / steps));
    },`;
  const count =
    finalRate === 1
      ? ''
      : `
const steps = ${epochs} * Math.ceil(digits.images.shape[0] / ${batchSize});
let step = 0;`;
  const still = augment
    ? '// TensorFlow.js varies no pictures by itself, as the page does: it learns a little less well.\n'
    : '';
  return `import * as tf from '@tensorflow/tfjs';

${DATA[data]}${isGrown ? `// ${GROWN}\n` : ''}// MNIST's four files, packed, lie in this folder.
const folder = './mnist/';
async function bytesOf(name) {
  const { body } = await fetch(folder + name + '.gz');
  const unpacked = new Response(body.pipeThrough(new DecompressionStream('gzip')));
  return new Uint8Array(await unpacked.arrayBuffer());
}
async function read(kind) {
  const pixels = (await bytesOf(kind + '-images-idx3-ubyte')).subarray(16);
  const labels = (await bytesOf(kind + '-labels-idx1-ubyte')).subarray(8);
  const grey = Float32Array.from(pixels, (value) => value / 255);
  return {
    images: tf.tensor4d(grey, [labels.length, 28, 28, 1]),
    labels: tf.tensor2d(Float32Array.from(labels), [labels.length, 1]),
  };
}
const [digits, test] = [await read('train'), await read('t10k')];

const model = tf.sequential();
${added(program, 'tf.layers')}

model.compile({
  optimizer: ${optimizer(program, 'tf.train')},
  loss: 'sparseCategoricalCrossentropy',
  metrics: ['accuracy'],
});
${still}${count ? `${count.trimStart()}\n` : ''}await model.fit(digits.images, digits.labels, {
  epochs: ${epochs},
  batchSize: ${batchSize},
  callbacks: {${falls}
    onEpochEnd: (epoch, logs) => console.log(epoch, logs),
  },
});
const [loss, accuracy] = model.evaluate(test.images, test.labels);
console.log((await accuracy.data())[0]);
`;
}
