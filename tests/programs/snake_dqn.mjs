// A walker on a small board that looks for its food, learned by deep Q learning with a memory and a target network.
import assert from 'node:assert/strict';
import * as tf from '@tensorflow/tfjs';

const SIZE = 5;
const ACTIONS = [
  [0, 1],
  [1, 0],
  [0, -1],
  [-1, 0],
];
class Board {
  reset() {
    this.me = [2, 2];
    do this.food = [0, 1].map(() => Math.floor(Math.random() * SIZE));
    while (this.food.join() === this.me.join());
    this.steps = 0;
    return this.state();
  }
  state() {
    return { me: [...this.me], food: [...this.food] };
  }
  step(action) {
    this.me = this.me.map((at, axis) => at + ACTIONS[action][axis]);
    const isOut = this.me.some((at) => at < 0 || at >= SIZE);
    const isFed = this.me.join() === this.food.join();
    const done = isOut || isFed || ++this.steps >= 12;
    return { reward: isFed ? 1 : isOut ? -1 : -0.05, done, state: isOut ? null : this.state() };
  }
}
function getStateTensor(states) {
  const buffer = tf.buffer([states.length, SIZE, SIZE, 2]);
  states.forEach((state, n) => {
    if (!state) return;
    buffer.set(1, n, ...state.me, 0);
    buffer.set(1, n, ...state.food, 1);
  });
  return buffer.toTensor();
}
function createDeepQNetwork() {
  const model = tf.sequential();
  model.add(
    tf.layers.conv2d({
      filters: 12,
      kernelSize: 3,
      strides: 1,
      padding: 'same',
      activation: 'relu',
      inputShape: [SIZE, SIZE, 2],
    }),
  );
  model.add(tf.layers.batchNormalization());
  model.add(tf.layers.flatten());
  model.add(tf.layers.dense({ units: 48, activation: 'relu' }));
  model.add(tf.layers.dropout({ rate: 0.05 }));
  model.add(tf.layers.dense({ units: ACTIONS.length }));
  return model;
}
function copyWeights(dest, source) {
  const isTrainable = dest.trainable;
  if (dest.trainable !== source.trainable) dest.trainable = source.trainable;
  dest.setWeights(source.getWeights());
  dest.trainable = isTrainable;
}
const online = createDeepQNetwork();
const target = createDeepQNetwork();
target.trainable = false;
copyWeights(target, online);
const optimizer = tf.train.adam(2e-3);
const memory = [];
const board = new Board();
let state = board.reset();
function play(epsilon) {
  const action =
    Math.random() < epsilon
      ? Math.floor(Math.random() * ACTIONS.length)
      : tf.tidy(
          () =>
            online
              .predict(getStateTensor([state]))
              .argMax(-1)
              .dataSync()[0],
        );
  const { reward, done, state: next } = board.step(action);
  memory.push([state, action, reward, done, next]);
  if (memory.length > 1500) memory.shift();
  state = done ? board.reset() : next;
  return { reward, done };
}
function trainOnReplayBatch(batchSize, gamma) {
  const batch = Array.from({ length: batchSize }, () => memory[Math.floor(Math.random() * memory.length)]);
  const lossFunction = () =>
    tf.tidy(() => {
      const states = getStateTensor(batch.map(([from]) => from));
      const actions = tf.tensor1d(
        batch.map(([, action]) => action),
        'int32',
      );
      const qs = online.apply(states, { training: true }).mul(tf.oneHot(actions, ACTIONS.length)).sum(-1);
      const rewards = tf.tensor1d(batch.map(([, , reward]) => reward));
      const nextMax = target.predict(getStateTensor(batch.map(([, , , , next]) => next))).max(-1);
      const doneMask = tf.scalar(1).sub(tf.tensor1d(batch.map(([, , , done]) => done)).asType('float32'));
      const targetQs = rewards.add(nextMax.mul(doneMask).mul(gamma));
      return tf.losses.meanSquaredError(targetQs, qs);
    });
  const grads = tf.variableGrads(lossFunction, online.getWeights());
  optimizer.applyGradients(grads.grads);
  const loss = grads.value.dataSync()[0];
  tf.dispose(grads);
  return loss;
}
for (let step = 0; step < 300; step++) play(1);
for (let step = 0; step < 1200; step++) {
  trainOnReplayBatch(32, 0.9);
  play(Math.max(0.1, 0.8 - step / 800));
  if (step % 60 === 0) copyWeights(target, online);
}
let [fed, games] = [0, 0];
state = board.reset();
while (games < 60) {
  const { reward, done } = play(0);
  if (done) games++;
  if (reward === 1) fed++;
}
assert.ok(fed > 30, `${fed} of ${games} games end with food`);
