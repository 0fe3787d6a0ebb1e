/** A layer that computes an operation of Keras' graphs for which there is no layer: `x[:, -1]`, `ops.abs(a - b)`. */
import { fault } from '../../engine/errors.js';
import { isArray } from '../../engine/look.js';
import { tidy } from '../../grad/tidy.js';
import type { LayerArgs } from '../../nn/args.js';
import { Layer } from '../../nn/layer.js';
import { register } from '../../nn/registry.js';
import { zeros } from '../../tensor/create.js';
import { einsum } from '../../tensor/einsum.js';
import type { Tensor } from '../../tensor/handle.js';
import { concat, stack } from '../../tensor/join.js';

/** What an operation is given: tensors as `{ input }`, numbers, texts, lists of them; and its settings. */
export interface OperationCall {
  args: unknown[];
  settings: Record<string, unknown>;
}

type Methods = Record<string, (...args: unknown[]) => Tensor>;
type Compute = (args: unknown[], settings: Record<string, unknown>) => Tensor;

/** A method of a tensor by its name, as `methods.ts` gives them to every tensor. */
const on = (x: unknown, method: string, ...args: unknown[]): Tensor =>
  (x as unknown as Methods)[method]!(...args);
const isTensor = (value: unknown): value is Tensor =>
  value !== null && typeof value === 'object' && 'dataSync' in value;

const UNARY =
  'abs square sqrt rsqrt exp expm1 log log1p sin cos tan sinh cosh tanh sign floor ceil round erf reciprocal sigmoid relu softplus logicalNot';
const BINARY =
  'add:add subtract:sub multiply:mul truedivide:div divide:div power:pow maximum:maximum minimum:minimum floordivide:floorDiv mod:mod greater:greater greaterequal:greaterEqual less:less lessequal:lessEqual equal:equal notequal:notEqual logicaland:logicalAnd logicalor:logicalOr matmul:matMul';
const REDUCING = 'sum mean max min prod any all';

/** The function of a number on the left and a tensor on the right begins with the number as a tensor. */
const left = (a: unknown, b: unknown): unknown => (isTensor(a) ? a : (b as Tensor).mul(0).add(a as number));

const axesOf = (axis: unknown): unknown => axis ?? undefined;

/** `x[1:, -1]`: ranges, whole numbers, whose axes go, and `null` for a new axis. */
function item(x: Tensor, index: unknown): Tensor {
  const list = isArray(index) ? (index as unknown[]) : [index];
  const [begin, end, strides, shape]: [number[], number[], number[], number[]] = [[], [], [], []];
  let [beginMask, endMask, axis] = [0, 0, 0];
  // The axes of the result: those that are taken whole numbers of go, new ones come.
  const kept: (number | 'new')[] = [];
  for (const one of list) {
    if (one === null) {
      kept.push('new');
      continue;
    }
    const isNumber = typeof one === 'number';
    const { start, stop, step } = isNumber
      ? { start: one, stop: one + 1 || null, step: 1 }
      : (one as { config: { start: number | null; stop: number | null; step: number | null } }).config;
    begin.push(start ?? 0);
    end.push(stop ?? 0);
    strides.push(step ?? 1);
    if (start === null) beginMask |= 1 << axis;
    if (stop === null) endMask |= 1 << axis;
    if (!isNumber) kept.push(axis);
    axis += 1;
  }
  const part = on(x, 'stridedSlice', begin, end, strides, beginMask, endMask);
  for (const one of kept) shape.push(one === 'new' ? 1 : part.shape[one]!);
  return part.reshape([...shape, ...part.shape.slice(axis)]);
}

const OPERATIONS: Record<string, Compute> = {
  identity: ([x]) => on(x, 'clone'),
  einsum: (operands, { subscripts }) => einsum(subscripts as string, ...(operands as Tensor[])),
  negative: ([x]) => on(x, 'neg'),
  absolute: ([x]) => on(x, 'abs'),
  var: ([x], { axis, keepdims }) => {
    const mean = on(x, 'mean', axesOf(axis), true);
    return on(on(on(x, 'sub', mean), 'square'), 'mean', axesOf(axis), keepdims === true);
  },
  logsumexp: ([x], { axis, keepdims }) => on(x, 'logSumExp', axesOf(axis), keepdims === true),
  getitem: ([x, index]) => item(x as Tensor, index),
  stack: ([list], { axis }) => stack(list as Tensor[], (axis as number) ?? 0),
  concatenate: ([list], { axis }) => concat(list as Tensor[], (axis as number) ?? 0),
  transpose: ([x], { axes }) => on(x, 'transpose', axesOf(axes)),
  reshape: ([x], { newshape }) => on(x, 'reshape', newshape),
  expanddims: ([x], { axis }) => on(x, 'expandDims', axis),
  squeeze: ([x], { axis }) =>
    on(x, 'squeeze', axis === null || axis === undefined ? undefined : [axis].flat()),
  clip: ([x, low, high], { x_min, x_max }) => on(x, 'clipByValue', low ?? x_min, high ?? x_max),
  softmax: ([x], { axis }) => on(x, 'softmax', axis ?? -1),
  flip: ([x], { axis }) => on(x, 'reverse', axesOf(axis)),
  cumsum: ([x], { axis }) => on(x, 'cumsum', axis),
  tile: ([x], { repeats }) => on(x, 'tile', repeats),
  where: ([condition, a, b]) =>
    on(isTensor(a) ? a : left(a, b), 'where', condition, isTensor(b) ? b : left(b, a)),
  gelu: ([x], { approximate }) => on(x, approximate === false ? 'gelu' : 'geluNew'),
};
for (const name of UNARY.split(' ')) OPERATIONS[name.toLowerCase()] ??= ([x]) => on(x, name);
for (const pair of BINARY.split(' ')) {
  const [name, method] = pair.split(':') as [string, string];
  OPERATIONS[name] = ([a, b]) => on(left(a, b), method, b);
}
for (const name of REDUCING.split(' '))
  OPERATIONS[name] = ([x], { axis, keepdims }) => on(x, name, axesOf(axis), keepdims === true);

const keyOf = (operation: string): string => operation.replace(/_/g, '').toLowerCase();

/** Whether an operation can be computed so. */
export const isComputed = (operation: string): boolean => Object.hasOwn(OPERATIONS, keyOf(operation));

type Dims = (number | null)[];
/** Lengths to try an operation with where one is not known: no shape that is written down has this. */
const UNKNOWN = 211;

interface OperationArgs extends LayerArgs {
  /** Keras' name of the operation. */
  operation?: string;
  /** What it is called with, an `OperationCall` as JSON. */
  given?: string;
}

/** The operation as a layer. */
export class KerasOperation extends Layer {
  static override className = 'KerasOperation';
  readonly #operation: string;
  readonly #given: string;

  constructor({ operation = '', given = '{}', ...args }: OperationArgs) {
    super(args);
    this.#operation = operation;
    this.#given = given;
    if (!isComputed(operation)) throw fault('name', `KerasOperation: the operation ${operation} is unknown`);
  }

  override call(inputs: Tensor | Tensor[]): Tensor {
    const tensors = [inputs].flat();
    const { args = [], settings = {} } = JSON.parse(this.#given) as Partial<OperationCall>;
    const filled = (value: unknown): unknown => {
      if (isArray(value)) return (value as unknown[]).map(filled);
      const place = (value as { input?: unknown } | null)?.input;
      return typeof place === 'number' ? tensors[place] : value;
    };
    const compute = OPERATIONS[keyOf(this.#operation)]!;
    return tidy(() => compute(args.map(filled), settings)) as Tensor;
  }

  override computeOutputShape(inputShape: Dims | Dims[]): Dims | Dims[] {
    const shapes = (isArray(inputShape[0]) ? inputShape : [inputShape]) as Dims[];
    const shape = tidy(() => this.call(shapes.map((dims) => zeros(dims.map((n) => n ?? UNKNOWN)))).shape);
    return (shape as unknown as number[]).map((n) => (n === UNKNOWN ? null : n));
  }

  /** No mask goes on: Keras' operations have none. */
  override computeMask(): null {
    return null;
  }

  override getConfig(): Record<string, unknown> {
    return { ...super.getConfig(), operation: this.#operation, given: this.#given };
  }
}
register('KerasOperation', KerasOperation as never);
