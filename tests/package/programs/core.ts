// As programs for TensorFlow.js are written; only the import differs.
import * as tf from 'mapling/auto';

const a: tf.Tensor2D = tf.tensor2d([
  [1, 2],
  [3, 4],
]);
const b = tf.tensor2d([1, 0, 0, 1], [2, 2]);
const c: tf.Tensor2D = tf.matMul(a, b);
const d = c.mul<tf.Tensor2D>(a).squeeze<tf.Tensor2D>();
const [rows, columns] = a.shape;
const values: Float32Array = a.dataSync<'float32'>();
const loose = a.dataSync();
const first: number = loose[0]!;
const flat: tf.Tensor1D = a.reshape<tf.Rank.R1>([4]);
const s: tf.Scalar = a.sum();
const w: tf.Variable<tf.Rank.R2> = tf.variable(a, true, 'core_w');
const plain: tf.Variable = tf.variable(tf.scalar(1));
const buffer: tf.TensorBuffer<tf.Rank.R2> = tf.buffer([2, 2]);
buffer.set(1, 0, 0);
const back: tf.Tensor = buffer.toTensor();
const named: tf.NamedTensorMap = { a, b };
const list: tf.NamedTensor[] = Object.entries(named).map(([name, tensor]) => ({ name, tensor }));
const container: tf.TensorContainer = { a, inner: [b, 1, 'x', null] };
const object: tf.TensorContainerObject = { a, more: { b } };
const array: tf.TensorContainerArray = [a, b];
const kind: tf.DataType = 'int32';
const number: tf.NumericDataType = 'float32';
const typed: tf.TypedArray = new Int32Array(3);
const data: tf.DataTypeMap['float32'] = values;
const like: tf.TensorLike = [1, 2, 3];
const pixels: tf.PixelData = { width: 1, height: 1, data: new Uint8Array(4) };
const shape: tf.ShapeMap['R2'] = [1, 2];
const rank: tf.Rank = tf.Rank.R2;
const raw: tf.DataValues = values;

const f = (x: tf.Tensor): tf.Scalar => x.square().sum();
const gradient = tf.grad(f);
const g: tf.Tensor = gradient(a);
const { value, grads }: { value: tf.Tensor; grads: tf.NamedTensorMap } = tf.variableGrads(() =>
  w.square().sum(),
);
const result = tf.tidy(() => {
  const doubled = a.mul(2);
  return doubled.add(1) as tf.Tensor2D;
});
const optimizer: tf.Optimizer = tf.train.adam(0.1);
const sgd: tf.SGDOptimizer = new tf.SGDOptimizer(0.1);
const isAdam: boolean = optimizer instanceof tf.AdamOptimizer;
optimizer.minimize(() => tf.sum(tf.square(w)) as tf.Scalar);
optimizer.applyGradients(grads);
function describe<R extends tf.Rank>(tensor: tf.Tensor<R>): string {
  return `${tensor.dtype} ${tensor.shape.join('x')}`;
}
async function read(tensor: tf.Tensor2D): Promise<number[][]> {
  const answer: number[][] = await tensor.array();
  const bytes: tf.TypedArray = await tensor.data();
  return bytes.length > 0 ? answer : [];
}
const typedArray: Float32Array | Int32Array | Uint8Array = await flat.data();
console.log(
  d,
  rows,
  columns,
  values,
  first,
  flat,
  s,
  plain,
  back,
  list,
  container,
  object,
  array,
  kind,
  number,
  typed,
  data,
  like,
  pixels,
  shape,
  rank,
  raw,
  g,
  value,
  result,
  sgd,
  isAdam,
  describe(a),
  await read(a),
  typedArray,
);
