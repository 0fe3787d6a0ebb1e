/** What runs inside the worker: data, the network, and slices of training between messages. */
import * as Comlink from 'comlink';
import { type DigitData, type DigitSet, datasets, digit } from '../data/datasets.js';
import { textOf, whole } from '../engine/errors.js';
import { type BackendInfo, backend, call, type InitOptions, init, isReady } from '../engine/instance.js';
import { nextTurn } from '../engine/turn.js';
import { settingsJson } from '../nn/settings.js';
import { adoptAll } from '../tensor/slots.js';
import { Tensor } from '../tensor/tensor.js';
import { events } from '../train/events.js';
import { asOptimizer } from '../train/optimizers.js';
import { Held, samples } from '../train/samples.js';
import type { CoreLayer, Evaluation, Fit, Network, Samples } from '../wasm/mapling.js';
import { Ahead } from './ahead.js';
import { Measure } from './measure.js';
import type {
  DataInfo,
  DataSource,
  MnistSource,
  ModelInfo,
  ModelSpec,
  Progress,
  Saved,
  Stroke,
  TrainerEvent,
  TrainOptions,
  TrainState,
} from './trainer.js';

interface Inside {
  train: Samples;
  test: Samples;
}

/** Milliseconds between two `state` events. */
const BEAT = 50;
/** Milliseconds of work between two looks at messages, if nothing else is asked for. */
const SLICE = 8;
/** A network for digits has one input and one output. */
const ENDS = { inputNames: ['pictures'], outputNames: ['digits'], inputDims: undefined };
/** Samples to evaluate or to predict at once: whoever asks for something waits for so many at most. */
const TEST_BATCH = 32;

/** Everything a page can ask of the worker. */
export class Hands {
  #emit: (event: TrainerEvent) => void = () => {};
  #data: DigitData | undefined;
  #ahead: Ahead | undefined;
  #inside: (Inside & { held: Held }) | undefined;
  #network: Network | undefined;
  #spec: ModelSpec | undefined;
  #fit: Fit | undefined;
  #evaluation: Evaluation | undefined;
  /** Whoever waits for the evaluation to end. */
  #evaluated: { resolve: () => void; reject: (reason: unknown) => void }[] = [];
  #options: TrainOptions = { epochs: 1, batchSize: 32 };
  readonly #measure = new Measure();
  #working = false;
  #told = 0;

  async begin(emit: (event: TrainerEvent) => void, options: InitOptions, ahead?: MnistSource): Promise<void> {
    this.#emit = emit;
    if (ahead !== undefined) this.#ahead = new Ahead(ahead);
    await init(options);
  }
  async backend(): Promise<BackendInfo> {
    return backend();
  }

  async load(source: DataSource, onProgress?: (progress: Progress) => void): Promise<DataInfo> {
    this.#endRun();
    this.#become('loading');
    try {
      const data = await this.#fetched(source, onProgress);
      const inside = handOver(data);
      this.#inside?.held.free();
      [this.#data, this.#inside] = [data, inside];
    } catch (failure) {
      this.#become(this.#data ? 'ready' : 'idle');
      throw failure;
    }
    this.#become('ready');
    const { train, test, classes } = this.#data;
    const [count = 0, height = 0, width = 0] = train.images.shape;
    const name = source.kind === 'mnist' ? 'mnist' : source.kind === 'digits' ? 'generated' : 'file';
    return { name, train: count, test: test.images.shape[0]!, imageShape: [height, width], classes };
  }

  async #fetched(source: DataSource, onProgress?: (progress: Progress) => void): Promise<DigitData> {
    if (source.kind === 'mnist') {
      const ahead = this.#ahead?.url === source.url ? this.#ahead : new Ahead(source);
      this.#ahead = undefined;
      return ahead.load(onProgress);
    }
    if (source.kind === 'digits') {
      return datasets.digits({
        seed: source.seed,
        ...(source.count === undefined ? {} : { count: source.count }),
      });
    }
    const files = source.files.map(async (file) => ({
      name: file.name,
      bytes: new Uint8Array(await file.arrayBuffer()),
    }));
    return datasets.files(await Promise.all(files));
  }

  async build(spec: ModelSpec): Promise<ModelInfo> {
    await this.#revive();
    return this.#adopt(make(spec, this.#data), spec);
  }

  /** Goes on with another network. */
  #adopt(network: Network, spec: ModelSpec): ModelInfo {
    this.#endRun();
    this.#network?.free();
    [this.#network, this.#spec] = [network, spec];
    this.#measure.forget();
    this.#become(this.#data ? 'ready' : 'idle');
    return this.#info();
  }

  /** After a trap: a new instance, and the data in it again. */
  async #revive(): Promise<void> {
    if (isReady()) return;
    [this.#network, this.#fit, this.#evaluation, this.#inside] = [undefined, undefined, undefined, undefined];
    await init({ restart: true });
    if (this.#data) this.#inside = handOver(this.#data);
  }

  #info(): ModelInfo {
    const network = this.#need();
    const layers = call(() => network.layers()).map(({ name, className, outputDims, params }) => {
      const outputShape = (outputDims[0] ?? []).map((length) => length ?? 0);
      return { name, className, outputShape, params };
    });
    return { layers, params: layers.reduce((sum, { params }) => sum + params, 0) };
  }
  #need(): Network {
    if (this.#network) return this.#network;
    throw new Error('there is no network yet; build one first');
  }
  #needData(): Inside {
    if (this.#inside) return this.#inside;
    throw new Error('there are no data yet; load some first');
  }

  async start(options: TrainOptions): Promise<void> {
    const epochs = whole('start: epochs', options.epochs, 1);
    const batchSize = whole('start: batchSize', options.batchSize, 1);
    if (options.evaluateEvery !== undefined) whole('start: evaluateEvery', options.evaluateEvery, 1);
    const [network, { train }] = [this.#need(), this.#needData()];
    const settings = JSON.stringify({
      epochs,
      batchSize,
      shuffle: options.shuffle ?? true,
      validationSplit: 0,
      augment: options.augment,
      finalRate: options.finalRate,
    });
    const fit = call((wasm) => new wasm.Fit(network, train, settings));
    this.#endRun();
    [this.#fit, this.#options] = [fit, options];
    this.#measure.begin(epochs, fit.batches, fit.samples);
    this.#become(options.paused ? 'paused' : 'training');
    // The first batches are news at once.
    this.#told = 0;
    void this.#pump();
  }

  async pause(): Promise<TrainState> {
    if (this.#measure.status === 'training') this.#become('paused');
    return this.#measure.state();
  }
  async resume(): Promise<void> {
    if (this.#measure.status !== 'paused') throw new Error('resume: training is not paused');
    this.#become('training');
    void this.#pump();
  }
  async step(): Promise<TrainState> {
    if (!this.#fit) throw new Error('step: there is no training under way; start one first');
    await this.#evaluationEnd();
    if (this.#measure.status === 'training') this.#measure.status = 'paused';
    this.#trainSlice(0, 1);
    this.#tell();
    void this.#pump();
    return this.#measure.state();
  }
  async stop(): Promise<void> {
    this.#endRun();
    this.#become(this.#data ? 'ready' : 'idle');
  }

  async predict(images: Float32Array, count: number): Promise<Float32Array> {
    const network = this.#need();
    const [shape = []] = JSON.parse(call(() => network.inputDims())) as number[][];
    const x = new Tensor(images, [whole('predict: count', count, 1), ...shape], 'float32');
    return Held.use((held) => {
      const inputs = samples(held, 'predict', ENDS, x);
      const [answers] = adoptAll(call(() => network.predict(inputs, TEST_BATCH)));
      return answers!.dataSync() as Float32Array;
    });
  }
  async read(strokes: Stroke[]): Promise<{ pixels: Float32Array; probabilities: Float32Array } | null> {
    if (!strokes.some((stroke) => stroke.length > 0)) return null;
    const pixels = digit(strokes).values as Float32Array;
    return { pixels, probabilities: await this.predict(pixels, 1) };
  }
  async images(
    indices: Uint32Array,
    set: 'train' | 'test',
  ): Promise<{ pixels: Uint8Array; labels: Uint8Array }> {
    const from = this.#data?.[set];
    if (!from) throw new Error('images: there are no data yet; load some first');
    const found = picked(from, indices);
    return Comlink.transfer(found, [found.pixels.buffer, found.labels.buffer]);
  }
  async weights(layer: number): Promise<{ name: string; shape: number[]; values: Float32Array }[]> {
    const network = this.#need();
    const member: CoreLayer | undefined = call(() => network.members())[whole('weights: layer', layer, 0)];
    const own = member ? call(() => member.weights()) : [];
    return own.map((weight) => {
      const [values] = adoptAll([weight.slot()]);
      return {
        name: weight.name(),
        shape: Array.from(weight.shape()),
        values: values!.dataSync() as Float32Array,
      };
    });
  }

  async evaluate(): Promise<{ loss: number; accuracy: number }> {
    if (!this.#evaluation) this.#beginEvaluation();
    await this.#evaluationEnd();
    const { testLoss = Number.NaN, testAccuracy = Number.NaN } = this.#measure.state();
    return { loss: testLoss, accuracy: testAccuracy };
  }
  #evaluationEnd(): Promise<void> {
    if (!this.#evaluation) return Promise.resolve();
    return new Promise((resolve, reject) => {
      this.#evaluated.push({ resolve, reject });
      void this.#pump();
    });
  }

  async save(): Promise<Saved> {
    const network = this.#need();
    return { json: JSON.stringify(this.#spec), weights: call(() => network.saveWeights()) };
  }
  async restore(saved: Saved): Promise<ModelInfo> {
    const spec = parseSpec(saved?.json);
    await this.#revive();
    const network = make(spec, this.#data);
    call(() => network.loadWeights(saved.weights));
    return this.#adopt(network, spec);
  }

  #endRun(): void {
    this.#fit?.free();
    this.#evaluation?.free();
    [this.#fit, this.#evaluation] = [undefined, undefined];
    for (const { reject } of this.#evaluated.splice(0)) reject(new Error('the evaluation was cut short'));
  }

  #become(status: TrainState['status']): void {
    this.#measure.status = status;
    this.#tell();
  }
  #tell(): void {
    this.#told = performance.now();
    this.#measure.memory(isReady() ? call((wasm) => wasm.memoryBytes()) : 0);
    this.#emit({ type: 'state', state: this.#measure.state(), curves: this.#measure.takeCurves() });
  }

  /** Works in slices as long as there is something to do; messages are answered in between. */
  async #pump(): Promise<void> {
    if (this.#working) return;
    this.#working = true;
    try {
      while (this.#slice()) {
        if (performance.now() - this.#told >= BEAT) this.#tell();
        await nextTurn();
      }
    } catch (failure) {
      for (const { reject } of this.#evaluated.splice(0)) reject(failure);
      this.#become('error');
      this.#emit({ type: 'error', message: textOf(failure) });
    } finally {
      this.#working = false;
    }
  }

  #slice(): boolean {
    const milliseconds = this.#options.slice ?? SLICE;
    if (this.#evaluation) this.#evaluateSlice(this.#evaluation, milliseconds);
    else if (this.#measure.status === 'training') this.#trainSlice(milliseconds, 2 ** 30);
    return this.#evaluation !== undefined || this.#measure.status === 'training';
  }

  #trainSlice(milliseconds: number, most: number): void {
    const [network, fit] = [this.#need(), this.#fit];
    if (!fit) return;
    const every = this.#options.evaluateEvery;
    const until = every ? every - (this.#measure.inRun % every) : most;
    const begun = performance.now();
    for (const event of events(call(() => fit.run(network, milliseconds, Math.min(most, until))))) {
      if (event.kind === 'batch') {
        this.#measure.batch(event);
        if (every && this.#measure.inRun % every === 0) this.#beginEvaluation();
      } else if (event.kind === 'epoch') {
        this.#measure.epoch(event.epoch + 1);
        if (!this.#evaluation) this.#beginEvaluation();
      }
    }
    this.#measure.worked(performance.now() - begun);
  }

  #beginEvaluation(): void {
    const [network, { test }] = [this.#need(), this.#needData()];
    this.#evaluation?.free();
    this.#evaluation = call((wasm) => new wasm.Evaluation(network, test, TEST_BATCH));
  }

  #evaluateSlice(evaluation: Evaluation, milliseconds: number): void {
    const network = this.#need();
    if (!call(() => evaluation.run(network, milliseconds, 2 ** 30))) return;
    const [loss = 0, accuracy = 0] = call(() => evaluation.logs());
    const classes = this.#data?.classes ?? 10;
    const [predicted, confusion] = call(() => [evaluation.guesses(), evaluation.confusion(classes)] as const);
    evaluation.free();
    this.#evaluation = undefined;
    this.#measure.evaluated(loss, accuracy);
    if (this.#measure.finished && this.#fit) {
      this.#fit.free();
      this.#fit = undefined;
      this.#measure.status = 'done';
    }
    const truths = this.#data!.test.labels.values;
    const mistakes = Uint32Array.from(predicted.keys()).filter((at) => predicted[at] !== truths[at]);
    const total = predicted.length;
    this.#tell();
    this.#emit({
      type: 'evaluated',
      correct: total - mistakes.length,
      total,
      confusion,
      mistakes,
      predicted: Uint8Array.from(predicted),
    });
    for (const { resolve } of this.#evaluated.splice(0)) resolve();
  }
}

function handOver({ train, test }: DigitData): Inside & { held: Held } {
  const held = new Held();
  try {
    const set = ({ images, labels }: DigitSet): Samples => samples(held, 'load', ENDS, images, labels);
    return { held, train: set(train), test: set(test) };
  } catch (failure) {
    held.free();
    throw failure;
  }
}

function parseSpec(json: unknown): ModelSpec {
  try {
    return JSON.parse(String(json)) as ModelSpec;
  } catch {
    throw new Error('restore: this is not a saved network');
  }
}

/** A network as asked for, built for the pictures at hand (28 × 28 when there are none yet). */
function make(spec: ModelSpec, data: DigitData | undefined): Network {
  if (!Array.isArray(spec?.layers))
    throw new Error('build: layers: expected an array of { className, config }');
  const network = call((wasm) => wasm.Network.sequential(spec.seed));
  try {
    for (const { className, config } of spec.layers) {
      const json = settingsJson(`build: ${String(className)}`, config ?? {});
      call((wasm) => network.add(new wasm.CoreLayer(String(className), json)));
    }
    const shape = data?.train.images.shape.slice(1) ?? [28, 28, 1];
    const known = call(() => network.inputDims()) !== 'null';
    call(() => network.build(known ? undefined : JSON.stringify(shape)));
    const optimizer = asOptimizer('build: optimizer', spec.optimizer);
    const settings = { losses: [spec.loss], metrics: [spec.metrics] };
    call(() => network.compile(optimizer.core(), JSON.stringify(settings)));
    return network;
  } catch (failure) {
    network.free();
    throw failure;
  }
}

function picked(
  { images, labels }: DigitSet,
  indices: Uint32Array,
): { pixels: Uint8Array; labels: Uint8Array } {
  const bytes = images.packed!;
  const size = bytes.length / images.shape[0]!;
  const pixels = new Uint8Array(indices.length * size);
  indices.forEach((index, at) => {
    pixels.set(bytes.subarray(index * size, (index + 1) * size), at * size);
  });
  return { pixels, labels: Uint8Array.from(indices, (index) => labels.values[index] ?? 0) };
}

Comlink.expose(new Hands());
