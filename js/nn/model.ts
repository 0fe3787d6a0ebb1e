/** Sequential models, shaped like Keras' and TensorFlow.js'. */

import { camelKeys, checkSeed, describe, onlyKeys, snakeKeys, toCamel, whole } from '../engine/errors.js';
import { call } from '../engine/instance.js';
import { Tensor } from '../tensor/tensor.js';
import type { TensorLike } from '../tensor/values.js';
import { type FitArgs, type History, runFit } from '../train/fit.js';
import { optimizerJson } from '../train/optimizers.js';
import { features, Held, labels, reserve } from '../train/samples.js';
import type { Network } from '../wasm/mapling.js';
import { Layer, type LayerArgs } from './layers.js';

/** What `fit` and its kin take for data. */
export type Data = Tensor | TensorLike;

export interface CompileArgs {
  /** A name, or what `train.sgd(…)`, `train.adam(…)` give. */
  optimizer: unknown;
  /** `meanSquaredError`, `binaryCrossentropy`, `categoricalCrossentropy`, `sparseCategoricalCrossentropy`, or with settings. */
  loss: string | { className: string; config?: { fromLogits?: boolean; labelSmoothing?: number } };
  /** `accuracy`, … */
  metrics?: string | string[];
}

/** A model as two pieces: its architecture, and its weights in the safetensors format. */
export interface Saved {
  json: string;
  weights: Uint8Array;
}

interface LayerLine {
  name: string;
  className: string;
  outputShape: number[];
  params: number;
  weights: number;
}

export interface SequentialArgs {
  layers?: Layer[];
  name?: string;
  /** Decides weights, order and dropout. Default: 0. */
  seed?: number;
}

/** Layers in a row. */
export class Sequential {
  readonly name: string;
  readonly layers: Layer[] = [];
  /** Set to true (in a callback, say) to end training after this batch. */
  stopTraining = false;
  readonly #network: Network;
  #metrics: string[] = [];
  #training = false;

  constructor(args: SequentialArgs = {}) {
    onlyKeys('sequential', args, ['layers', 'name', 'seed']);
    this.name = args.name ?? 'sequential';
    const seed = checkSeed('sequential', args.seed ?? 0);
    this.#network = call((wasm) => new wasm.Network(seed));
    const given = args.layers ?? [];
    if (!Array.isArray(given))
      throw new Error(`sequential: layers: expected an array, got ${describe(given)}`);
    for (const layer of given) this.add(layer);
  }

  /** Adds a layer at the end. */
  add(layer: Layer): void {
    if (!(layer instanceof Layer)) throw new Error(`add: expected a layer, got ${describe(layer)}`);
    if (layer.joined)
      throw new Error(`add: this ${layer.className} layer is part of a model already; make another`);
    call(() => this.#network.add(layer.className, layer.toCore()));
    if (layer.className === 'InputLayer') return;
    layer.join(this, this.layers.length);
    this.layers.push(layer);
  }

  /** Makes the weights, for samples of `inputShape` (no batch axis, or `null` for it in front). */
  build(inputShape?: (number | null)[]): void {
    const sample = inputShape?.[0] === null ? inputShape.slice(1) : inputShape;
    const checked = sample?.map((length) => whole('build: inputShape', length, 1));
    call(() => this.#network.build(checked && Uint32Array.from(checked)));
  }
  get built(): boolean {
    return call(() => this.#network.isBuilt);
  }
  /** Builds where the first layer says of what shape samples are. */
  #built(): Network {
    if (!this.built) this.build();
    return this.#network;
  }

  /** Names the optimizer, the loss and the metrics. Builds the model if its input shape is known. */
  compile(args: CompileArgs): void {
    onlyKeys('compile', args, ['optimizer', 'loss', 'metrics']);
    const { optimizer, loss, metrics = [] } = args ?? {};
    const names = [metrics].flat();
    for (const [key, name] of [['loss', loss], ...names.map((name) => ['metrics', name])]) {
      if (typeof name === 'string' || (key === 'loss' && typeof name === 'object' && name !== null)) continue;
      throw new Error(`compile: ${key}: expected a name, got ${describe(name)}`);
    }
    const settings = { optimizer: optimizerJson(optimizer), loss: snakeKeys(loss), metrics: names };
    if (!this.built && call(() => this.#network.inputShape)) this.build();
    call(() => this.#network.compile(JSON.stringify(settings)));
    this.#metrics = names.map(logName);
  }
  /** The names of what `evaluate` gives. */
  get metricsNames(): string[] {
    return ['loss', ...this.#metrics];
  }

  /** Trains for some epochs. Yields every 16 ms or so, so the page stays alive. */
  async fit(x: Data, y: Data, args: FitArgs = {}): Promise<History> {
    if (this.#training)
      throw new Error('fit: the model is being trained already; wait for the other fit to end');
    this.#training = true;
    try {
      return await runFit(this, this.#network, x, y, args);
    } finally {
      this.#training = false;
    }
  }

  /** The loss over a data set, or the loss and each metric, as scalar tensors. */
  evaluate(x: Data, y: Data, args: { batchSize?: number; verbose?: unknown } = {}): Tensor | Tensor[] {
    onlyKeys('evaluate', args, ['batchSize', 'verbose', 'sampleWeight', 'steps']);
    const size = whole('evaluate: batchSize', args.batchSize ?? 32, 1);
    const numbers = Held.use((held) => {
      const [inputs, targets] = [
        held.keep(features('evaluate', x, this.#network)),
        held.keep(labels('evaluate', y)),
      ];
      return call((wasm) => {
        const evaluation = held.keep(new wasm.Evaluation(this.#network, inputs, targets, size));
        evaluation.run(this.#network, Number.POSITIVE_INFINITY);
        return evaluation.logs();
      });
    });
    return scalars(numbers);
  }

  /** The model's answers. */
  predict(x: Data, args: { batchSize?: number; verbose?: unknown } = {}): Tensor {
    onlyKeys('predict', args, ['batchSize', 'verbose']);
    const size = whole('predict: batchSize', args.batchSize ?? 32, 1);
    return Held.use((held) => {
      const inputs = held.keep(features('predict', x, this.#network));
      if (!this.built) this.build(inputs.sampleShape);
      const [values, shape] = call(() => this.#network.predict(inputs, size));
      return new Tensor(values, Array.from(shape), 'float32');
    });
  }
  predictOnBatch(x: Data): Tensor {
    return this.predict(x, { batchSize: 2 ** 30 });
  }

  /** One step on one batch: its loss, or its loss and metrics. */
  async trainOnBatch(x: Data, y: Data): Promise<number | number[]> {
    const numbers = Held.use((held) => {
      const [inputs, targets] = [
        held.keep(features('trainOnBatch', x, this.#network)),
        held.keep(labels('trainOnBatch', y)),
      ];
      return call(() => this.#network.trainOnBatch(inputs, targets));
    });
    return numbers.length === 1 ? numbers[0]! : Array.from(numbers);
  }
  /** The loss of one batch, or its loss and metrics; nothing is learned. */
  testOnBatch(x: Data, y: Data): Tensor | Tensor[] {
    return this.evaluate(x, y, { batchSize: 2 ** 30 });
  }

  /** The learning rate, which may be changed while training. */
  get learningRate(): number {
    return call(() => this.#network.learningRate());
  }
  set learningRate(rate: number) {
    if (typeof rate !== 'number') throw new Error(`learningRate: expected a number, got ${describe(rate)}`);
    call(() => this.#network.setLearningRate(rate));
  }

  /** All weights, layer by layer; copies. */
  getWeights(): Tensor[] {
    const network = this.#built();
    return call(() => network.weights()).map(
      ([, values, shape]) => new Tensor(values, Array.from(shape), 'float32'),
    );
  }
  /** Replaces all weights. */
  setWeights(weights: Tensor[]): void {
    if (!Array.isArray(weights))
      throw new Error(`setWeights: expected an array of tensors, got ${describe(weights)}`);
    const odd = weights.find((weight) => !(weight instanceof Tensor));
    if (odd !== undefined) throw new Error(`setWeights: expected tensors, got ${describe(odd)}`);
    const network = this.#built();
    const values = weights.map((weight) => weight.toFloat().values as Float32Array);
    const shapes = weights.map(({ shape }) => Uint32Array.from(shape));
    call(() => network.setWeights(values, shapes));
  }
  layerInfo(index: number): LayerLine {
    if (!this.built && call(() => this.#network.inputShape)) this.build();
    return call(() => this.#network.layers())[index]!;
  }
  #range(index: number): [number, number] {
    const counts = call(() => this.#built().layers()).map(({ weights }) => weights);
    const first = counts.slice(0, index).reduce((sum, count) => sum + count, 0);
    return [first, first + (counts[index] ?? 0)];
  }
  layerWeights(index: number): Tensor[] {
    return this.getWeights().slice(...this.#range(index));
  }
  setLayerWeights(index: number, weights: Tensor[]): void {
    const [all, [from, to]] = [this.getWeights(), this.#range(index)];
    if (weights.length !== to - from) {
      throw new Error(`setWeights: the layer has ${to - from} weights, but ${weights.length} were given`);
    }
    this.setWeights([...all.slice(0, from), ...weights, ...all.slice(to)]);
  }
  getLayer(name?: string, index?: number): Layer {
    const layer = index !== undefined ? this.layers[index] : this.layers.find((one) => one.name === name);
    if (layer) return layer;
    throw new Error(`getLayer: there is no layer ${describe(name ?? index)}`);
  }

  countParams(): number {
    return call(() => this.#built().layers()).reduce((sum, { params }) => sum + params, 0);
  }
  get inputShape(): (number | null)[] {
    return [null, ...(call(() => this.#network.inputShape) ?? [])];
  }
  get outputShape(): (number | null)[] {
    return [null, ...(call(() => this.#built().layers()).at(-1)?.outputShape ?? [])];
  }

  /** Prints the layers with their shapes and numbers of parameters. */
  summary(
    lineLength = 66,
    positions: number[] = [0.48, 0.84, 1],
    print: (line: string) => void = console.log,
  ): void {
    const stops = positions.map((stop) => Math.round(stop <= 1 ? stop * lineLength : stop));
    const row = (...cells: string[]): void =>
      print(
        cells
          .reduce((line, cell, at) => (line + cell).slice(0, stops[at]).padEnd(stops[at] ?? 0), '')
          .trimEnd(),
      );
    const lines = call(() => this.#built().layers());
    print('_'.repeat(lineLength));
    row('Layer (type)', 'Output shape', 'Param #');
    print('='.repeat(lineLength));
    for (const { name, className, outputShape, params } of lines) {
      row(`${name} (${className})`, `[null,${outputShape}]`, String(params));
    }
    print('='.repeat(lineLength));
    const count = (pick: (trainable: boolean) => boolean): number =>
      call(() => this.#network.weights()).reduce(
        (sum, [, values, , trainable]) => sum + (pick(trainable) ? values.length : 0),
        0,
      );
    print(`Total params: ${count(() => true)}`);
    print(`Trainable params: ${count((yes) => yes)}`);
    print(`Non-trainable params: ${count((yes) => !yes)}`);
    print('_'.repeat(lineLength));
  }

  /** The architecture, as JSON text in Keras' form. */
  toJSON(): string {
    return call(() => this.#network.toJson());
  }
  /** The architecture and the weights; keep them where you like. */
  async save(place?: unknown): Promise<Saved> {
    if (place !== undefined) {
      throw new Error(
        'save: places are not in mapling; `await model.save()` gives { json, weights } to keep where you like',
      );
    }
    const network = this.#built();
    return call(() => ({ json: network.toJson(), weights: network.saveWeights() }));
  }
  /** Replaces the weights by those in a safetensors file. */
  loadWeights(weights: Uint8Array): void {
    if (!(weights instanceof Uint8Array))
      throw new Error(`loadWeights: expected a Uint8Array, got ${describe(weights)}`);
    reserve('loadWeights', weights.byteLength);
    call(() => this.#network.loadWeights(weights));
  }
  /** Nothing to free by hand. */
  dispose(): void {}
}

/** How a metric is called in logs: TensorFlow.js says `acc` for accuracy. */
const logName = (metric: string): string => (/^acc(uracy)?$/i.test(metric) ? 'acc' : toCamel(metric));

const scalars = (numbers: Float64Array): Tensor | Tensor[] => {
  const tensors = Array.from(numbers, (value) => new Tensor(Float32Array.of(value), [], 'float32'));
  return tensors.length === 1 ? tensors[0]! : tensors;
};

/** A model to which layers are added in a row. */
export const sequential = (args?: SequentialArgs): Sequential => new Sequential(args);

/** A model from what `save` gave. */
export async function loadModel(saved: Saved): Promise<Sequential> {
  onlyKeys('loadModel', saved, ['json', 'weights']);
  const model = modelFromJSON(saved?.json);
  model.loadWeights(saved.weights);
  return model;
}

/** A model from its architecture, its weights new. */
export function modelFromJSON(json: string | object): Sequential {
  type Written = { config?: { layers?: { class_name?: unknown; config?: object }[] } };
  let written: Written;
  try {
    written = (typeof json === 'string' ? JSON.parse(json) : json) as Written;
  } catch {
    throw new Error('modelFromJSON: this is not JSON');
  }
  const list = written?.config?.layers;
  if (!Array.isArray(list)) throw new Error('modelFromJSON: expected the architecture of a sequential model');
  const model = new Sequential();
  for (const { class_name: className, config } of list) {
    if (typeof className !== 'string') throw new Error('modelFromJSON: a layer without class_name');
    model.add(new Layer(className, camelKeys(config ?? {}) as LayerArgs));
  }
  return model;
}
