// A pole on a cart that is pushed left or right, learned by policy gradients.
import assert from 'node:assert/strict';
import * as tf from '@tensorflow/tfjs';

class CartPole {
  constructor() {
    this.setRandomState();
  }
  setRandomState() {
    [this.x, this.xDot, this.theta, this.thetaDot] = Array.from(
      { length: 4 },
      () => (Math.random() - 0.5) * 0.1,
    );
  }
  getStateTensor() {
    return tf.tensor2d([[this.x, this.xDot, this.theta, this.thetaDot]]);
  }
  update(action) {
    const force = action > 0 ? 10 : -10;
    const [cos, sin] = [Math.cos(this.theta), Math.sin(this.theta)];
    const temp = (force + 0.05 * this.thetaDot ** 2 * sin) / 1.1;
    const thetaAcc = (9.8 * sin - cos * temp) / (0.5 * (4 / 3 - (0.1 * cos ** 2) / 1.1));
    const xAcc = temp - (0.05 * thetaAcc * cos) / 1.1;
    this.x += 0.02 * this.xDot;
    this.xDot += 0.02 * xAcc;
    this.theta += 0.02 * this.thetaDot;
    this.thetaDot += 0.02 * thetaAcc;
    return Math.abs(this.x) > 2.4 || Math.abs(this.theta) > 0.21;
  }
}

class PolicyNetwork {
  constructor(hidden) {
    this.policyNet = tf.sequential();
    this.policyNet.add(tf.layers.dense({ units: hidden, activation: 'elu', inputShape: [4] }));
    this.policyNet.add(tf.layers.dense({ units: 1 }));
  }
  getLogitsAndActions(inputs) {
    return tf.tidy(() => {
      const logits = this.policyNet.predict(inputs);
      const leftProb = tf.sigmoid(logits);
      const leftRightProbs = tf.concat([leftProb, tf.sub(1, leftProb)], 1);
      const actions = tf.multinomial(leftRightProbs, 1, null, true);
      return [logits, actions];
    });
  }
  getGradientsAndSaveActions(input) {
    const f = () =>
      tf.tidy(() => {
        const [logits, actions] = this.getLogitsAndActions(input);
        this.currentActions = actions.dataSync();
        const labels = tf.sub(1, tf.tensor2d(this.currentActions, actions.shape));
        return tf.losses.sigmoidCrossEntropy(labels, logits).asScalar();
      });
    return tf.variableGrads(f);
  }
  async train(cart, optimizer, discountRate, numGames, maxSteps) {
    const [allGradients, allRewards, gameSteps] = [{}, [], []];
    for (let game = 0; game < numGames; game++) {
      cart.setRandomState();
      const [gameRewards, gameGradients] = [[], {}];
      for (let step = 0; step < maxSteps; step++) {
        const gradients = tf.tidy(() => {
          const input = cart.getStateTensor();
          return this.getGradientsAndSaveActions(input).grads;
        });
        for (const key in gradients) pushTo(gameGradients, key, gradients[key]);
        const isDone = cart.update(this.currentActions[0]);
        gameRewards.push(isDone ? 0 : 1);
        if (isDone) break;
      }
      gameSteps.push(gameRewards.length);
      for (const key in gameGradients) pushTo(allGradients, key, gameGradients[key]);
      allRewards.push(gameRewards);
      await tf.nextFrame();
    }
    tf.tidy(() => {
      const normalized = discountAndNormalize(allRewards, discountRate);
      optimizer.applyGradients(scaleAndAverage(allGradients, normalized));
    });
    tf.dispose(allGradients);
    return gameSteps;
  }
}
function pushTo(lists, key, value) {
  lists[key] ??= [];
  lists[key].push(value);
}
function discountAndNormalize(rewards, rate) {
  return tf.tidy(() => {
    const discounted = rewards.map((game) => {
      const buffer = tf.buffer([game.length]);
      let sum = 0;
      for (let at = game.length - 1; at >= 0; at--) {
        sum = sum * rate + game[at];
        buffer.set(sum, at);
      }
      return buffer.toTensor();
    });
    const all = tf.concat(discounted);
    const mean = tf.mean(all);
    const std = tf.sqrt(tf.mean(tf.square(all.sub(mean))));
    return discounted.map((game) => game.sub(mean).div(std));
  });
}
function scaleAndAverage(allGradients, rewards) {
  return tf.tidy(() => {
    const gradients = {};
    for (const name in allGradients) {
      gradients[name] = tf.tidy(() => {
        const games = allGradients[name].map((own) => tf.stack(own));
        const expand = games[0].shape.slice(1).map(() => 1);
        const scaled = games.map((own, at) => own.mul(rewards[at].reshape([own.shape[0], ...expand])));
        return tf.mean(tf.concat(scaled, 0), 0);
      });
    }
    return gradients;
  });
}
const policy = new PolicyNetwork(8);
const optimizer = tf.train.adam(0.05);
const cart = new CartPole();
const means = [];
for (let iteration = 0; iteration < 15; iteration++) {
  const steps = await policy.train(cart, optimizer, 0.95, 8, 120);
  means.push(steps.reduce((sum, one) => sum + one, 0) / steps.length);
}
assert.ok(Math.max(...means.slice(-5)) > 1.3 * means[0] || means[0] > 90, `${means}`);
