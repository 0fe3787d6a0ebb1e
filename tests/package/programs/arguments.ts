// Types that programs for TensorFlow.js write out: type arguments of functions, classes that are made again from their
// settings, functions with derivatives of their own, iterators, networks that learn by playing.
import * as tf from 'mapling/auto';

interface Sizes {
  hidden: number;
  actions: number;
}
type Transition = [state: number[], action: number, reward: number, done: boolean, next: number[]];

class Scaled extends tf.layers.Layer {
  static className = 'ScaledByType';
  private readonly by: number;
  private alpha?: tf.LayerVariable;
  constructor(config: tf.serialization.ConfigDict = {}) {
    super(config);
    this.by = config.by ?? 1;
  }
  override build(inputShape: tf.Shape | tf.Shape[]): void {
    const last = (inputShape as tf.Shape).at(-1) as number;
    const l2 = tf.regularizers.l2({ l2: 1e-4 });
    this.alpha = this.addWeight('alpha', [last], 'float32', tf.initializers.ones(), l2, true);
    this.built = true;
  }
  override call(inputs: tf.Tensor | tf.Tensor[], kwargs: { [key: string]: unknown }): tf.Tensor {
    return tf.tidy(() => {
      this.invokeCallHook(inputs, kwargs);
      const input = Array.isArray(inputs) ? inputs[0]! : inputs;
      return tf.mul<tf.Tensor>(input, this.by).mul(this.alpha!.read());
    });
  }
  override getConfig(): tf.serialization.ConfigDict {
    return { ...super.getConfig(), by: this.by };
  }
  static override fromConfig<T extends tf.serialization.Serializable>(
    cls: tf.serialization.SerializableConstructor<T>,
    config: tf.serialization.ConfigDict,
  ): T {
    return new cls(config);
  }
}
tf.serialization.registerClass(Scaled);

const capped = <T extends tf.Tensor>(x: T): T => tf.clipByValue(tf.relu(x), 0, 6);
const squared = tf.customGrad((x: tf.Tensor | tf.GradSaveFunc, save: tf.Tensor | tf.GradSaveFunc) => {
  const input = x as tf.Tensor;
  (save as tf.GradSaveFunc)([input]);
  return {
    value: input.square(),
    gradFunc: (dy: tf.Tensor, saved: tf.Tensor[]) => [dy.mul(saved[0]!.abs())],
  };
});

export function made(): [tf.Tensor4D, tf.Tensor2D, tf.Tensor2D, tf.Tensor1D, tf.TensorBuffer<tf.Rank.R2>] {
  const pictures = tf.randomNormal<tf.Rank.R4>([2, 4, 4, 1]);
  const matrix = tf.div<tf.Tensor2D>(tf.ones<tf.Rank.R2>([2, 2]), tf.scalar(2));
  const joined: tf.Tensor2D = tf.concat([matrix, capped(matrix)], 1);
  const { values } = tf.topk<tf.Tensor1D>(tf.zeros<tf.Rank.R1>([3]), 2);
  const [left] = tf.split<tf.Tensor2D>(joined, 2, 1);
  const weight: tf.Variable<tf.Rank.R2> = tf.variable(tf.zerosLike(left!));
  const found = tf.valueAndGrad((x: tf.Tensor2D) => squared(x).sum())(weight);
  const row: tf.Tensor1D = tf.slice<tf.Rank.R1, tf.Tensor1D>(tf.range(0, 4), [1], [2]);
  return [pictures, found.grad, tf.transpose(joined), values.concat(row), tf.buffer<tf.Rank.R2>([1, 2])];
}

export class Player {
  readonly online: tf.Sequential;
  readonly target: tf.LayersModel;
  private readonly optimizer: tf.AdamOptimizer | tf.Optimizer = tf.train.adam(1e-3);
  constructor(sizes: Sizes) {
    [this.online, this.target] = [this.network(sizes), this.network(sizes)];
    this.target.trainable = false;
    this.target.setWeights(this.online.getWeights());
  }
  private network({ hidden, actions }: Sizes): tf.Sequential {
    const model = tf.sequential();
    model.add(tf.layers.dense({ units: hidden, activation: 'relu', inputShape: [4], name: 'first' }));
    model.add(new Scaled({ by: 2 }));
    model.add(tf.layers.dense({ units: actions }));
    return model;
  }
  learn(batch: readonly Transition[], gamma: number): number {
    const loss = (): tf.Scalar =>
      tf.tidy(() => {
        const [states, next] = [0, 4].map((at) => tf.tensor2d(batch.map((one) => one[at as 0 | 4])));
        const actions = tf.tensor1d(
          batch.map(([, action]) => action),
          'int32',
        );
        const guessed = (this.online.predict(states!) as tf.Tensor2D).mul(tf.oneHot(actions, 2)).sum(-1);
        const best = (this.target.predict(next!) as tf.Tensor2D).max(-1).mul(gamma);
        const rewards = tf.tensor1d(batch.map(([, , reward]) => reward));
        return tf.losses.meanSquaredError(rewards.add(best), guessed) as tf.Scalar;
      });
    const { value, grads } = tf.variableGrads(loss, this.online.getWeights() as tf.Variable[]);
    this.optimizer.applyGradients(grads as { [name: string]: tf.Variable });
    return value.dataSync()[0]!;
  }
  hidden(x: tf.Tensor2D): tf.Tensor[] {
    return this.online.execute(x, ['first', this.online.outputs[0]!]);
  }
  begins(x: tf.Tensor3D): tf.Tensor[] {
    return tf.layers.lstm({ units: 2 }).getInitialState(x);
  }
}

class Stopper extends tf.Callback {
  override async onEpochEnd(_epoch: number, logs?: tf.Logs): Promise<void> {
    if ((logs?.val_loss ?? 1) < 0.1) this.model.stopTraining = true;
  }
}

export async function read(set: tf.data.Dataset<{ xs: number; ys: number }>): Promise<[number, boolean]> {
  const step = await (await set.iterator()).next();
  const model = await tf.models.modelFromJSON({}).catch(() => null);
  await model?.fit(tf.ones([2, 1]), tf.ones([2, 1]), { callbacks: [new Stopper()] });
  return [step.value.xs, step.done === true];
}

const check = (isRight: boolean, what: string): void => {
  if (!isRight) throw new Error(what);
};
const player = new Player({ hidden: 8, actions: 2 });
const batch = Array.from(
  { length: 16 },
  (_, at): Transition => [[at / 16, 0, 1, 0], at % 2, at % 2, false, [0, 1, 0, 0]],
);
const losses = Array.from({ length: 60 }, () => player.learn(batch, 0.5));
check(losses[59]! < losses[0]!, `the loss stays: ${losses[0]}, ${losses[59]}`);
check(
  player
    .hidden(tf.zeros([3, 4]))
    .map(({ shape }) => shape.join())
    .join(' ') === '3,8 3,2',
  'execute',
);
check(
  player.begins(tf.zeros([3, 5, 1])).every(({ shape }) => shape.join() === '3,2'),
  'getInitialState',
);
check(
  made()
    .map(({ rank }) => rank)
    .join() === '4,2,2,1,2',
  'ranks',
);
const first = await read(tf.data.zip({ xs: tf.data.array([5]), ys: tf.data.array([6]) }) as never);
check(first.join() === '5,false', String(first));
