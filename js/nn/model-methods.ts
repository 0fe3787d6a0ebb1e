/**
 * How models are trained and tested on data of JavaScript's, and printed: methods of theirs. The page's worker, which
 * hands samples over once and works in slices, goes without.
 */
import { describe, fault, onlyKeys, whole } from '../engine/errors.js';
import { call } from '../engine/instance.js';
import { isFunction } from '../engine/look.js';
import type { Tensor } from '../tensor/handle.js';
import type { Logs } from '../train/callbacks/callback.js';
import { type ClassWeight, withClassWeight } from '../train/class-weight.js';
import { type FitArgs, readValidation } from '../train/fit.js';
import { type History, named } from '../train/history.js';
import '../train/amend.js';
import '../train/progress.js';
import '../train/resume.js';
import './given-weights.js';
import './initial-states.js';
import './layer-settings.js';
import './recorded-predict.js';
import { type Data, Held, type PerSample, samples } from '../train/samples.js';
import { printer, type Verbosity, verbosity } from '../train/verbosity.js';
import { sizeOrOptions } from './batch-size.js';
import { classWeightOf } from './class-weight-of.js';
import { type Asked, type Executed, execute } from './execute.js';
import { LayersModel } from './model.js';
import { scalars } from './scalars.js';
import { readColumns, type SummaryLine, summaryLines } from './summary.js';
import type { SymbolicTensor } from './symbolic.js';
import { type LayerVariable, setAll, weightAt } from './weights.js';

export interface EvaluateArgs {
  batchSize?: number;
  /** What is printed: 0 nothing, 1 a line of progress, 2 a plain line. Default: 0. */
  verbose?: Verbosity;
  /** How much each sample counts. */
  sampleWeight?: PerSample | null | undefined;
  /** How many batches to look at. Default: all. */
  steps?: number;
}

interface ModelMethods {
  /**
   * Trains for some epochs. Yields every 16 ms or so, so the page stays alive.
   * @example
   * const model = sequential({ seed: 1, layers: [layers.dense({ units: 1, inputShape: [1] })] });
   * model.compile({ optimizer: train.sgd(0.1), loss: 'meanSquaredError' });
   * const { history } = await model.fit([[0], [1]], [[1], [3]], { epochs: 200 }); // y = 2 x + 1
   * model.predict([[2]]).round(); // → [[5]]
   */
  fit(x: Data, y: Data, args?: FitArgs): Promise<History>;
  /**
   * The loss over a data set, or the loss and each metric, as scalar tensors.
   * @example
   * const model = sequential({ layers: [layers.dense({ units: 1, inputShape: [1], kernelInitializer: 'zeros' })] });
   * model.compile({ optimizer: 'sgd', loss: 'meanSquaredError' });
   * model.evaluate([[1], [2]], [[1], [3]]); // → 5
   */
  evaluate(x: Data, y: Data, args?: EvaluateArgs): Tensor | Tensor[];
  /**
   * `predict` in one batch.
   * @example
   * const model = sequential({ layers: [layers.dense({ units: 1, inputShape: [2], kernelInitializer: 'ones' })] });
   * model.predictOnBatch([[3, 4]]); // → [[7]]
   */
  predictOnBatch<R extends Tensor | Tensor[] = Tensor>(x: Data): R;
  /**
   * One step on one batch: its loss, or its loss and metrics.
   * @example
   * const model = sequential({ layers: [layers.dense({ units: 1, inputShape: [1], kernelInitializer: 'zeros' })] });
   * model.compile({ optimizer: train.sgd(0.1), loss: 'meanSquaredError' });
   * await model.trainOnBatch([[1]], [[2]]); // → 4
   */
  trainOnBatch(
    x: Data,
    y: Data,
    sampleWeight?: PerSample | null,
    classWeight?: ClassWeight | null,
  ): Promise<number | number[]>;
  /**
   * The loss of one batch, or its loss and metrics; nothing is learned.
   * @example
   * const model = sequential({ layers: [layers.dense({ units: 1, inputShape: [1], kernelInitializer: 'zeros' })] });
   * model.compile({ optimizer: 'sgd', loss: 'meanSquaredError' });
   * model.testOnBatch([[1]], [[2]]); // → 4
   */
  testOnBatch(x: Data, y: Data, sampleWeight?: PerSample | null): Tensor | Tensor[];
  /**
   * What these layers give on the way, by their names, by the names of their symbols, or as symbols; in a list if they are
   * asked for in one. Gradients flow through it.
   * @example
   * const model = sequential({ layers: [
   *   layers.dense({ units: 2, inputShape: [1], name: 'first', kernelInitializer: 'ones' }),
   *   layers.dense({ units: 1, kernelInitializer: 'ones' }),
   * ] });
   * model.execute(tensor([[3]]), 'first'); // → [[3, 3]]
   */
  execute(inputs: Executed, outputs: string | SymbolicTensor): Tensor;
  execute(inputs: Executed, outputs: readonly (string | SymbolicTensor)[]): Tensor[];
  execute(inputs: Executed, outputs: Asked): Tensor | Tensor[];
  /**
   * Prints the layers with their shapes and numbers of parameters.
   * @example
   * const lines = [];
   * const model = sequential({ layers: [layers.dense({ units: 4, inputShape: [3] })] });
   * model.summary(65, undefined, (line) => lines.push(line));
   * lines.some((line) => line.includes('Total params: 16')); // → true
   */
  summary(lineLength?: number, positions?: number[], print?: (line: string) => void): void;
}

declare module './model.js' {
  interface LayersModel extends ModelMethods {}
}

/** `evaluate`, in the name of whichever method a program has called. */
function evaluate(
  model: LayersModel,
  where: string,
  x: Data,
  y: Data,
  args: EvaluateArgs,
): Tensor | Tensor[] {
  const given = sizeOrOptions(args);
  onlyKeys(where, given, ['batchSize', 'verbose', 'sampleWeight', 'steps']);
  const { steps, sampleWeight } = given ?? {};
  const size = whole(`${where}: batchSize`, given?.batchSize ?? 32, 1);
  const most = steps === undefined || steps === null ? 2 ** 30 : whole(`${where}: steps`, steps, 1);
  const verbose = verbosity(where, given?.verbose);
  const network = model.core_(where);
  const numbers = model._using(where, x, (held) => {
    const all = samples(held, where, model.ends_(), x, y, sampleWeight);
    const evaluation = held.keep(call((wasm) => new wasm.Evaluation(network, all, size), where));
    const batches = Math.min(most, Math.ceil(all.length / size));
    const progress = printer.make?.(verbose, batches);
    // Looked at in one go, or with a line of progress now and then.
    const atOnce = progress ? Math.max(1, Math.ceil(batches / 20)) : most;
    const running = (): Logs => named(model.metricsNames, evaluation.logs());
    for (let done = 0; done < batches; ) {
      const few = Math.min(atOnce, batches - done);
      call(() => evaluation.run(network, Number.POSITIVE_INFINITY, few), where);
      done += few;
      progress?.batches(done, running);
    }
    progress?.epochEnds(batches, running());
    return call(() => evaluation.logs());
  });
  return scalars(numbers);
}

const methods: ModelMethods & ThisType<LayersModel> = {
  async fit(x: Data, y: Data, args: FitArgs = {}): Promise<History> {
    this._checkFree();
    this.core_('fit');
    this._prepare('fit', x);
    const given = args ?? {};
    const prepared = this.prepareFit_(given, (held, ends) => {
      const weights = withClassWeight(
        'fit',
        ends,
        y,
        classWeightOf(this, given.classWeight),
        given.sampleWeight,
        given,
      );
      return {
        own: samples(held, 'fit', ends, x, y, weights),
        validation: readValidation(held, ends, given.validationData),
      };
    });
    return this.runFit_(prepared);
  },

  evaluate(x: Data, y: Data, args: EvaluateArgs = {}): Tensor | Tensor[] {
    return evaluate(this, 'evaluate', x, y, args);
  },

  predictOnBatch<R extends Tensor | Tensor[] = Tensor>(x: Data): R {
    return this.predict_<R>('predictOnBatch', x, { batchSize: 2 ** 30 });
  },

  async trainOnBatch(
    x: Data,
    y: Data,
    sampleWeight?: PerSample | null,
    classWeight?: ClassWeight | null,
  ): Promise<number | number[]> {
    const network = this.core_('trainOnBatch');
    this._prepare('trainOnBatch', x);
    const release = this._hold();
    try {
      const numbers = Held.use((held) => {
        const ends = this.ends_();
        const weights = withClassWeight(
          'trainOnBatch',
          ends,
          y,
          classWeightOf(this, classWeight),
          sampleWeight,
        );
        const all = samples(held, 'trainOnBatch', ends, x, y, weights);
        return call(() => network.trainOnBatch(all), 'trainOnBatch');
      });
      return numbers.length === 1 ? numbers[0]! : Array.from(numbers);
    } finally {
      release();
    }
  },

  // biome-ignore lint/suspicious/noExplicitAny: the overloads above say what comes back
  execute(inputs: Executed, outputs: Asked): any {
    return execute(this, inputs, outputs);
  },

  testOnBatch(x: Data, y: Data, sampleWeight?: PerSample | null): Tensor | Tensor[] {
    return evaluate(this, 'testOnBatch', x, y, { batchSize: 2 ** 30, sampleWeight });
  },

  summary(lineLength?: number, positions?: number[], print: (line: string) => void = console.log): void {
    const columns = readColumns(lineLength, positions);
    if (!isFunction(print))
      throw fault('type', `summary: expected a function that prints, got ${describe(print)}`);
    const lines = call(() => this.ready_('summary').layers()) as SummaryLine[];
    const counts = this.weights.map(({ shape, trainable }) => ({
      size: shape.reduce((size, length) => size * length, 1),
      trainable,
    }));
    for (const line of summaryLines(this.name, lines, counts, this.isRow_, ...columns)) print(line);
  },
};

for (const [name, value] of Object.entries(methods))
  Object.defineProperty(LayersModel.prototype, name, { value, writable: true, configurable: true });

/** See `loadWeights`. */
LayersModel.prototype.loadNamed_ = function (given, strict): void {
  this.ready_('loadWeights');
  const own = this.weights;
  const found = new Map<LayerVariable, unknown>();
  for (const [path, value] of Object.entries(given)) {
    const weight = weightAt(own, path);
    if (weight) found.set(weight, value);
    else if (strict) {
      const names = own.map(({ name }) => name).join(', ');
      throw fault('name', `loadWeights: there is no weight ${describe(path)}; there are ${names}`);
    }
  }
  const missing = own.find((weight) => !found.has(weight));
  if (strict && missing) throw fault('value', `loadWeights: nothing is given for ${missing.name}`);
  setAll('loadWeights', [...found.keys()], [...found.values()]);
};
