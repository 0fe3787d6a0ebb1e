// jax-js on WebAssembly: the network written by hand, the whole step compiled.
import {
  blockUntilReady,
  defaultDevice,
  init,
  jit,
  lax,
  nn,
  numpy as np,
  tree,
  valueAndGrad,
} from '/peers/@jax-js/jax/dist/index.js';
import { workloads } from '../workloads.mjs';
import { floats, mnist, PIXELS, shuffled } from './mnist.mjs';
import { latencies } from './timing.mjs';

// jax-js frees an array when it is used; `.ref` keeps it for another use.

function glorot(shape, fanIn, fanOut) {
  const limit = Math.sqrt(6 / (fanIn + fanOut));
  const size = shape.reduce((product, side) => product * side, 1);
  return np.array(Float32Array.from({ length: size }, () => limit * (2 * Math.random() - 1))).reshape(shape);
}
const denseWeights = (units, inputs) => ({ w: glorot([inputs, units], inputs, units), b: np.zeros([units]) });
const convWeights = (filters, channels, side) => ({
  w: glorot([filters, channels, side, side], channels * side * side, filters * side * side),
  b: np.zeros([filters, 1, 1]),
});
const dense = ({ w, b }, x) => np.dot(x, w).add(b);
const conv = ({ w, b }, x, padding) => nn.relu(lax.conv(x, w, [1, 1], padding).add(b));
const pool = (x, side) => lax.reduceWindow(x, np.max, [side, side], [side, side]);

const mlp = {
  shape: [PIXELS],
  weights: () => ({ hidden: denseWeights(128, PIXELS), out: denseWeights(10, 128) }),
  logits: (p, x) => dense(p.out, nn.relu(dense(p.hidden, x))),
};
const convnet = (filters, side, padding, pools, flat) => ({
  shape: [1, 28, 28],
  weights: () => ({
    first: convWeights(filters[0], 1, side),
    second: convWeights(filters[1], filters[0], side),
    out: denseWeights(10, flat),
  }),
  logits: (p, x) => {
    const first = pool(conv(p.first, x, padding), pools[0]);
    const second = pool(conv(p.second, first, padding), pools[1]);
    return dense(p.out, second.reshape([x.shape[0], flat]));
  },
});
const lstm = {
  shape: [28, 28],
  weights: () => ({
    input: glorot([28, 256], 28, 256),
    recurrent: glorot([64, 256], 64, 256),
    bias: np.zeros([256]),
    out: denseWeights(10, 64),
  }),
  logits: ({ input, recurrent, bias, out }, x) => {
    const [batch] = x.shape;
    let [h, c] = [np.zeros([batch, 64]), np.zeros([batch, 64])];
    for (const row of np.split(x, 28, 1)) {
      const gates = np
        .dot(row.reshape([batch, 28]), input.ref)
        .add(np.dot(h, recurrent.ref))
        .add(bias.ref);
      const [i, f, g, o] = np.split(gates, 4, 1);
      c = nn
        .sigmoid(f)
        .mul(c)
        .add(nn.sigmoid(i).mul(np.tanh(g)));
      h = nn.sigmoid(o).mul(np.tanh(c.ref));
    }
    for (const used of [c, input, recurrent, bias]) used.dispose();
    return dense(out, h);
  },
};
const networks = {
  W1: mlp,
  W1b: mlp,
  W2: convnet([32, 64], 3, 'VALID', [2, 2], 1600),
  W2b: convnet([8, 16], 5, 'SAME', [2, 3], 256),
  W3: lstm,
};

/** One compiled step of Adam: `(weights, means, squares, rate, x, y)` gives the new first three and the loss. */
function adam({ logits }, batch) {
  const loss = (p, x, y) =>
    nn
      .logSoftmax(logits(p, x))
      .mul(y)
      .sum()
      .mul(-1 / batch);
  return jit((weights, means, squares, rate, x, y) => {
    const [l, gradients] = valueAndGrad(loss)(tree.ref(weights), x, y);
    const m = tree.map((m, g) => m.mul(0.9).add(g.mul(0.1)), means, tree.ref(gradients));
    const v = tree.map((v, g) => v.mul(0.999).add(g.ref.mul(g).mul(0.001)), squares, gradients);
    const moved = (p, m, v) => p.sub(m.mul(rate.ref).div(np.sqrt(v).add(1e-7)));
    const p = tree.map(moved, weights, tree.ref(m), tree.ref(v));
    rate.dispose();
    return [p, m, v, l];
  });
}

export async function create() {
  await init('wasm');
  defaultDevice('wasm');
  const { pixels, labels, test } = await mnist();
  const trainings = {};

  function begin(workload) {
    const weights = networks[workload].weights();
    const zeros = () => tree.map((weight) => np.zeros(weight.shape), weights);
    const state = [weights, zeros(), zeros(), np.zeros([])];
    return { state, steps: 0, step: adam(networks[workload], workloads[workload].batch) };
  }
  function step(workload, indices) {
    const training = trainings[workload];
    const x = new Float32Array(indices.length * PIXELS);
    const y = new Float32Array(indices.length * 10);
    indices.forEach((index, row) => {
      for (let at = 0; at < PIXELS; at++) x[row * PIXELS + at] = pixels[index * PIXELS + at] / 255;
      y[row * 10 + labels[index]] = 1;
    });
    const t = ++training.steps;
    const rate = (0.001 * Math.sqrt(1 - 0.999 ** t)) / (1 - 0.9 ** t);
    const [p, m, v, last] = training.state;
    last.dispose();
    const batch = indices.length;
    training.state = training.step(
      p,
      m,
      v,
      np.array(rate),
      np.array(x).reshape([batch, ...networks[workload].shape]),
      np.array(y).reshape([batch, 10]),
    );
    return blockUntilReady(training.state[3]);
  }
  async function train(workload, samples) {
    const { batch } = workloads[workload];
    const order = shuffled(samples);
    for (let from = 0; from < samples; from += batch) {
      await step(workload, order.subarray(from, from + batch));
    }
    return (await trainings[workload].state[3].ref.data())[0];
  }

  return {
    async start(workload) {
      trainings[workload] = begin(workload);
      await train(workload, workloads[workload].batch);
    },
    train,
    async predict(workload, count) {
      const { shape, weights, logits } = networks[workload];
      const [p, scores] = [weights(), jit((p, x) => nn.softmax(logits(p, x)))];
      let index = 0;
      return latencies(count, () =>
        scores(tree.ref(p), np.array(floats(test, index++ % 1000, 1)).reshape([1, ...shape])).data(),
      );
    },
  };
}
