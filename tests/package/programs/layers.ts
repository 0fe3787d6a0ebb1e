// Models, layers, callbacks and data sets, as programs for TensorFlow.js in TypeScript have them.
import * as tf from 'mapling/auto';

class Antirectifier extends tf.layers.Layer {
  static className = 'Antirectifier';
  constructor(config?: tf.serialization.ConfigDict) {
    super(config);
    this.supportsMasking = true;
  }
  override computeOutputShape(inputShape: tf.Shape): tf.Shape {
    return [inputShape[0]!, 2 * inputShape[1]!];
  }
  override call(inputs: tf.Tensor | tf.Tensor[], _kwargs: object): tf.Tensor {
    const input = Array.isArray(inputs) ? inputs[0]! : inputs;
    return tf.concat([tf.relu(input), tf.relu(tf.neg(input))], 1);
  }
  override getConfig(): tf.serialization.ConfigDict {
    return { ...super.getConfig() };
  }
}
class Scale extends tf.layers.Layer {
  static override get className(): string {
    return 'Scale';
  }
  private scale!: tf.LayerVariable;
  override build(_inputShape: tf.Shape | tf.Shape[]): void {
    this.scale = this.addWeight('scale', [], 'float32', tf.initializers.ones());
  }
  override call(inputs: tf.Tensor | tf.Tensor[]): tf.Tensor | tf.Tensor[] {
    return tf.tidy(() => tf.mul(Array.isArray(inputs) ? inputs[0]! : inputs, this.scale.read()));
  }
}
tf.serialization.registerClass(Antirectifier);

export function build(units: number): tf.Sequential {
  const model: tf.Sequential = tf.sequential();
  model.add(tf.layers.dense({ units, inputShape: [2], activation: 'relu' }));
  model.add(new Antirectifier());
  model.add(new Scale({}));
  model.add(tf.layers.dense({ units: 1 }));
  const args: tf.ModelCompileArgs = {
    optimizer: tf.train.sgd(0.01),
    loss: 'meanSquaredError',
    metrics: ['mae'],
  };
  model.compile(args);
  return model;
}
const input: tf.SymbolicTensor = tf.input({ shape: [2] });
const hidden = tf.layers.dense({ units: 3 }).apply(input) as tf.SymbolicTensor;
const graph: tf.LayersModel = tf.model({ inputs: input, outputs: hidden });
const inference: tf.InferenceModel = graph;
const layer: tf.layers.Layer = graph.getLayer('dense');

class Recorder extends tf.Callback {
  seen: number[] = [];
  override async onEpochEnd(epoch: number, logs?: tf.Logs): Promise<void> {
    this.seen.push(epoch, logs?.loss ?? 0);
  }
}
const custom = new tf.CustomCallback({
  onEpochEnd: async (epoch: number, logs?: tf.Logs) => console.log(epoch, logs?.loss),
});
const callbacks: tf.CustomCallbackArgs = { onTrainEnd: () => console.log('done') };

const model = build(4);
const xs = tf.randomNormal([8, 2]);
const ys = tf.ones([8, 1]);
const fitArgs: tf.ModelFitArgs = {
  epochs: 1,
  batchSize: 4,
  verbose: 0,
  callbacks: [custom, callbacks, new Recorder()],
};
const history: tf.History = await model.fit(xs, ys, fitArgs);
const losses = history.history.loss as number[];
const score = model.evaluate(xs, ys) as tf.Scalar[];
const answer = model.predict(xs) as tf.Tensor2D;

type Row = { xs: number[]; ys: number };
const rows: Row[] = [{ xs: [1, 2], ys: 1 }];
const dataset: tf.data.Dataset<tf.TensorContainer> = tf.data
  .array(rows as unknown as tf.TensorContainer[])
  .batch(1);
const csv: tf.data.CSVDataset = tf.data.csv('a,b\n1,2\n', { columnConfigs: { b: { isLabel: true } } });
const flattened = csv
  // biome-ignore lint/suspicious/noExplicitAny: as programs write it
  .map(({ xs, ys }: any) => ({ xs: Object.values(xs) as number[], ys: Object.values(ys) as number[] }))
  .batch(10);
const datasetArgs: tf.ModelFitDatasetArgs<tf.TensorContainer> = {
  epochs: 1,
  batchesPerEpoch: 1,
  validationData: dataset,
};
await model.fitDataset(dataset, datasetArgs);
const evaluated = (await model.evaluateDataset(dataset, { batches: 1 })) as tf.Scalar[];
function* generate(): Iterator<tf.TensorContainer> {
  yield { xs: tf.ones([1, 2]), ys: tf.ones([1, 1]) };
}
const generated = tf.data.generator(generate as () => Iterator<tf.TensorContainer>);
const artifacts: tf.io.ModelArtifacts = { modelTopology: {} };

// Settings under the names that TensorFlow.js gives to their types.
const activation: tf.ActivationIdentifier = 'relu';
const cell: tf.LSTMCellLayerArgs = { units: 2, recurrentActivation: 'hard_sigmoid' };
const lstm: tf.LSTMLayerArgs = { ...cell, returnSequences: true, activation };
const gru: tf.GRULayerArgs & tf.GRUCellLayerArgs = { units: 2 };
const simple: tf.SimpleRNNLayerArgs & tf.SimpleRNNCellLayerArgs = { units: 2 };
const rnn: tf.RNNLayerArgs = { cell: tf.layers.lstmCell(cell) };
const stop: tf.EarlyStoppingCallbackArgs = { monitor: 'loss', patience: 2 };
const weights: tf.ClassWeightMap = { dense: { 0: 1, 1: 2 } satisfies tf.ClassWeight };
const config: tf.ModelPredictConfig = { batchSize: 2 };
const info: tf.ModelTensorInfo = { name: 'x', shape: [1], dtype: 'float32' };
const known: tf.TensorInfo = xs;
const single: tf.ScalarLike = 1;
const timing: tf.TimingInfo = await tf.time(() => xs.square());
const step: tf.LSTMCellFunc = (_data, c, h) => [c, h];
const kind: tf.DataTypeFor<number> = 'int32';
export const refused = () => [
  // @ts-expect-error: there is no such activation
  tf.layers.dense({ units: 1, activation: 'rellu' }),
  // @ts-expect-error: nor is there one for gates
  tf.layers.lstm({ units: 1, recurrentActivation: 'sigmod' }),
];
console.log(lstm, gru, simple, rnn, stop, weights, config, info, known, single, timing, step, kind);
console.log(inference, layer, losses, score, answer, flattened, evaluated, generated, artifacts);
