// A model and a tensor that no call is given. They keep their bits, and models of their kind go on training as before.

const bitsOf = (values) => Array.from(new Uint32Array(Float32Array.from(values).buffer)).join();

export class Canary {
  #mapling;
  #tensor;
  #model;
  #wanted;
  constructor(mapling) {
    this.#mapling = mapling;
    this.#tensor = mapling.tensor2d([1, 2, 3, 4], [2, 2]).add(0.1);
    this.#model = this.#make();
  }
  static async in(mapling) {
    const canary = new Canary(mapling);
    canary.#wanted = { bits: canary.#bits(), trained: await canary.#train() };
    return canary;
  }
  #make() {
    const { sequential, layers, train } = this.#mapling;
    const made = sequential({
      seed: 7,
      layers: [layers.dense({ units: 4, activation: 'tanh', inputShape: [2] }), layers.dense({ units: 1 })],
    });
    made.compile({ optimizer: train.adam(0.05), loss: 'meanSquaredError' });
    return made;
  }
  #bits() {
    const { add, matMul } = this.#mapling;
    return [
      this.#tensor.dataSync(),
      add(this.#tensor, 1).dataSync(),
      matMul(this.#tensor, this.#tensor).dataSync(),
      this.#model.predict(this.#tensor).dataSync(),
      ...this.#model.getWeights().map((weight) => weight.dataSync()),
    ].map(bitsOf).join('/'); // biome-ignore format: a chain
  }
  async #train() {
    const model = this.#make();
    const { history } = await model.fit(this.#tensor, this.#mapling.tensor2d([1, 0], [2, 1]), {
      epochs: 3,
      batchSize: 1,
    });
    const answer = `${bitsOf(history.loss)}/${bitsOf(model.predict(this.#tensor).dataSync())}`;
    model.dispose();
    return answer;
  }
  /** What is wrong, in words. */
  wrong() {
    try {
      if (Object.keys(Object.prototype).length > 0) return 'every object has a new property';
      return this.#bits() === this.#wanted.bits ? '' : 'the canary has other bits';
    } catch (error) {
      return `the canary is dead: ${error?.message}`;
    }
  }
  async wrongInTraining() {
    try {
      return (await this.#train()) === this.#wanted.trained ? '' : 'a model trains to other bits than before';
    } catch (error) {
      return `no model trains any more: ${error?.message}`;
    }
  }
}
