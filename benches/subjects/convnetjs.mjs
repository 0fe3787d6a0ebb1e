// ConvNetJS: plain JavaScript, one sample at a time. The published version has no Adam; of its optimizers Adadelta
// does the most similar work.
import { workloads } from '../workloads.mjs';
import { mnist, PIXELS, script, shuffled } from './mnist.mjs';
import { latencies } from './timing.mjs';

const image = { type: 'input', out_sx: 28, out_sy: 28, out_depth: 1 };
const softmax = { type: 'softmax', num_classes: 10 };
const conv = (filters, sx, pad) => ({ type: 'conv', sx, filters, stride: 1, pad, activation: 'relu' });
const pool = (sx) => ({ type: 'pool', sx, stride: sx });

const dense = [{ type: 'fc', num_neurons: 128, activation: 'relu' }];
const networks = {
  W1: dense,
  W1b: dense,
  W2: [conv(32, 3, 0), pool(2), conv(64, 3, 0), pool(2)],
  W2b: [conv(8, 5, 2), pool(2), conv(16, 5, 2), pool(3)],
};

export async function create() {
  await script('/peers/convnetjs/build/convnet-min.js');
  const { Net, Trainer, Vol } = globalThis.convnetjs;
  const { pixels, labels, test } = await mnist();
  const trainers = {};

  const picture = (bytes, index) => {
    const volume = new Vol(28, 28, 1, 0);
    for (let at = 0; at < PIXELS; at++) volume.w[at] = bytes[index * PIXELS + at] / 255;
    return volume;
  };
  const make = (workload) => {
    const net = new Net();
    net.makeLayers([image, ...networks[workload].map((layer) => ({ ...layer })), softmax]);
    return net;
  };
  const train = (workload, samples) => {
    let loss;
    for (const index of shuffled(samples)) {
      ({ loss } = trainers[workload].train(picture(pixels, index), labels[index]));
    }
    return loss;
  };

  return {
    async start(workload) {
      const { batch } = workloads[workload];
      trainers[workload] = new Trainer(make(workload), {
        method: 'adadelta',
        batch_size: batch,
        l2_decay: 0,
      });
      train(workload, 64);
    },
    train: async (workload, samples) => train(workload, samples),
    async predict(workload, count) {
      const net = make(workload);
      let index = 0;
      return latencies(count, () => {
        net.forward(picture(test, index++ % 1000));
        return net.getPrediction();
      });
    },
  };
}
