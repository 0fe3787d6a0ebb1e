/**
 * Values on their way through a graph of ONNX ops: each method adds an op and gives the value that comes of it, with its
 * shape as far as it is known. To turn axes costs nothing until an op needs them turned, so that what is turned there and
 * back is not turned at all: see {@link Value.turned}.
 */
import { sizeOf } from '../../tensor/shape.js';
import { type Moves, placed } from './moves.js';
import { type Attributes, type ElementType, TYPES } from './proto.js';

/** The length of an axis; NaN where it is not fixed, as that of a batch: what is computed from it is not fixed either. */
export type Dim = number;

/** A length for a new shape: a number, what is left (−1), or that of an axis of a value. */
export type Length = number | readonly [Value, number];

/** What stands beside a value: another one, or a number. */
export type Operand = Value | number;

/** What goes into an op: a list is a row of whole numbers, and what is left out undefined. */
export type Input = Operand | readonly number[] | undefined;

/** What values ask of the graph that they are in. */
export interface Growing {
  /** Adds an op with one result, whose type is that of the first input if nothing else is said. */
  node(
    op: string,
    inputs: readonly Input[],
    dims: readonly Dim[],
    attributes?: Attributes,
    type?: ElementType,
  ): Value;
  /** Adds an op with one result for each shape in `results`. */
  nodes(
    op: string,
    inputs: readonly Input[],
    results: readonly (readonly Dim[])[],
    attributes?: Attributes,
    type?: ElementType,
  ): Value[];
  /** An input as a value. */
  value(input: Exclude<Input, undefined>): Value;
  /** A tensor that stands in the file. */
  weight(base: string, data: Float32Array, dims: readonly number[]): Value;
  /** A whole number without an axis, or several in a row. */
  whole(values: number | readonly number[]): Value;
  /** The lengths of a shape in a row, for ops that take one. */
  lengths(shape: readonly Length[]): Value;
  /** The tensor of the file that is known by a key; made if there is none yet. */
  once(key: string, make: () => Value): Value;
  /** An error about the layer that is being written, which ONNX has no ops for. */
  without(what: string): Error;
}

/** So many whole numbers from the first on: axes, mostly. */
export const span = (count: number, first = 0): number[] =>
  Array.from({ length: Math.max(count, 0) }, (_, at) => first + at);

/** A new shape as far as it is known. */
export const dimsOf = (shape: readonly Length[]): Dim[] =>
  shape.map((length) => (typeof length === 'number' ? length : length[0].dims[length[1]]!));

/** The shape of what comes of two values element by element. */
function broadcast(a: readonly Dim[], b: readonly Dim[]): Dim[] {
  const [long, short] = a.length < b.length ? [b, a] : [a, b];
  const missing = long.length - short.length;
  return long.map((one, axis) => {
    const other = axis < missing ? 1 : short[axis - missing]!;
    return one === 1 || (Number.isNaN(one) && other !== 1) ? other : one;
  });
}

/** Runs `op` on values whose axes are in one order as they lie, and gives its result in that order again. */
export function together(
  values: readonly Value[],
  op: (lying: readonly Value[], axes: readonly number[]) => Value,
): Value {
  const axes = values.find(({ turned }) => turned)?.turned?.axes;
  const lying = axes && values.map((value) => value.lyingAs(axes));
  if (!axes || lying!.includes(undefined))
    return op(values, span(Math.max(...values.map(({ rank }) => rank))));
  return op(lying as Value[], axes).turn(axes);
}

export class Value {
  constructor(
    readonly g: Growing,
    /** Empty where no op has made it yet. */
    readonly name: string,
    readonly dims: readonly Dim[],
    readonly type: ElementType = 'float',
    /** Of a value in the file what it holds, for ops that are done now. */
    readonly data?: Float32Array,
    /** The value whose axes are these ones in another order: axis `i` of this one is axis `axes[i]` of that one. */
    readonly turned?: { readonly of: Value; readonly axes: readonly number[] },
  ) {}

  get rank(): number {
    return this.dims.length;
  }
  /** Its axes, from one on. */
  axes(first = 0): number[] {
    return span(this.rank - first, first);
  }
  /** The lengths of its axes from one on, for a shape. */
  lengths(first = 0): Length[] {
    return this.axes(first).map((axis) => [this, axis]);
  }
  /** The axes between the batch and the channels. */
  places(): number[] {
    return this.axes(1).slice(0, -1);
  }

  /** The axes in another order: axis `i` of the result is axis `axes[i]`. */
  turn(axes: readonly number[]): Value {
    const { of, axes: before } = this.#lying();
    const all = axes.map((axis) => before[axis]!);
    if (all.every((axis, at) => axis === at)) return of;
    const dims = axes.map((axis) => this.dims[axis]!);
    return new Value(this.g, '', dims, this.type, undefined, { of, axes: all });
  }
  /** The axes in the order in which a list names them. */
  turnBack(axes: readonly number[]): Value {
    return this.turn(axes.map((_, axis) => axes.indexOf(axis)));
  }
  #lying(): { of: Value; axes: readonly number[] } {
    return this.turned ?? { of: this, axes: this.axes() };
  }
  /** What it is a turned form of, if it is turned as `axes` says. A row or a number can be turned at once. */
  lyingAs(axes: readonly number[]): Value | undefined {
    const { turned, data, dims, rank } = this;
    if (turned) return `${turned.axes}` === `${axes}` ? turned.of : undefined;
    const long = dims.findLastIndex((length) => length !== 1);
    if (long < 0) return rank <= 1 ? this : undefined;
    const place = axes[axes.length - rank + long];
    if (!data || place === undefined || dims.slice(0, long).some((length) => length !== 1)) return undefined;
    return this.laid(this.axes(), [dims[long]!, ...Array<number>(axes.length - 1 - place).fill(1)]);
  }
  /** Of a value in the file, its axes in another order and, if `dims` are given, another shape, in the file too. */
  laid(axes: readonly number[], dims?: readonly number[]): Value {
    return this.g.once(`${this.name}@${axes}@${dims}`, () => {
      const lengths = axes.map((axis) => this.dims[axis]!);
      const steps = axes.map((axis) => sizeOf(this.dims.slice(axis + 1)));
      const place = Array<number>(axes.length).fill(0);
      let source = 0;
      const data = this.data!.map((_, __, from) => {
        const value = from[source]!;
        for (let axis = axes.length - 1; axis >= 0; axis--) {
          source += steps[axis]!;
          if (++place[axis]! < lengths[axis]!) break;
          source -= steps[axis]! * lengths[axis]!;
          place[axis] = 0;
        }
        return value;
      });
      return this.g.weight(this.name, data, dims ?? lengths);
    });
  }

  /** An op on elements, those of several values side by side. */
  each(
    op: string,
    others: readonly Operand[] = [],
    attributes?: Attributes,
    type: ElementType = this.type,
  ): Value {
    return together([this, ...others.map((one) => this.g.value(one))], (lying) => {
      const dims = lying.map((value) => value.dims).reduce(broadcast);
      return this.g.node(op, lying, dims, attributes, type);
    });
  }
  /** The sum, or this value where there is nothing to add. */
  add(other: Operand | undefined): Value {
    return other === undefined ? this : this.each('Add', [other]);
  }
  sub(other: Operand): Value {
    return this.each('Sub', [other]);
  }
  /** The product, or this value where there is no factor. */
  mul(other: Operand | undefined): Value {
    return other === undefined ? this : this.each('Mul', [other]);
  }
  div(other: Operand): Value {
    return this.each('Div', [other]);
  }
  /** `a` where this one holds, else `b`. */
  select(a: Value, b: Operand): Value {
    return this.each('Where', [a, b], {}, a.type);
  }
  /** How it compares with another value. */
  is(op: 'Equal' | 'Greater' | 'LessOrEqual', other: Operand): Value {
    return this.each(op, [other], {}, 'bool');
  }
  isNot(number: number): Value {
    return this.is('Equal', number).each('Not');
  }
  cast(type: ElementType): Value {
    return this.type === type ? this : this.each('Cast', [], { to: TYPES[type] }, type);
  }

  /** An op that makes one of all elements along some axes. */
  reduce(op: string, axes: readonly number[], keep = false): Value {
    const { of, axes: lying } = this.#lying();
    const places = axes.map((axis) => lying[axis]!);
    const left = lying.filter((_, axis) => keep || !axes.includes(axis));
    const dims = of.dims.map((length, axis) => (places.includes(axis) ? 1 : length));
    const kept = dims.filter((_, axis) => keep || !places.includes(axis));
    const y = this.g.node(op, [of, places], kept, { keepdims: keep ? 1 : 0 });
    const order = [...left].sort((a, b) => a - b);
    return y.turn(left.map((axis) => order.indexOf(axis)));
  }
  /** Places before the first and after the last along some axes, which hold `fill`; fewer where it is negative. */
  pad(edges: readonly (readonly [axis: number, before: number, after: number])[], fill = 0): Value {
    return together([this], ([lying], axes) => {
      const dims = [...lying!.dims];
      const pads = Array<number>(2 * dims.length).fill(0);
      for (const [axis, before, after] of edges) {
        const place = axes[axis]!;
        [pads[place], pads[place + dims.length]] = [before, after];
        dims[place]! += before + after;
      }
      return this.g.node('Pad', [lying, pads, fill], dims);
    });
  }
  /** Each sequence from its last step to its first. */
  reverse(axis: number): Value {
    // As far back as there may be.
    const end = [Number.MIN_SAFE_INTEGER];
    return this.g.node('Slice', [this, [-1], end, [axis], [-1]], this.dims);
  }
  #dimsWithout(axis: number): Dim[] {
    return this.dims.filter((_, other) => other !== axis);
  }
  /** One place along an axis, which goes. */
  at(index: number, axis: number): Value {
    return this.g.node('Gather', [this, this.g.whole(index)], this.#dimsWithout(axis), { axis });
  }
  /** Without an axis of length 1. */
  squeeze(axis: number): Value {
    return this.g.node('Squeeze', [this, [axis]], this.#dimsWithout(axis));
  }
  /** New axes of length 1, at these places of the result. */
  expand(...places: number[]): Value {
    const left = [...this.dims];
    const dims = span(this.rank + places.length).map((axis) => (places.includes(axis) ? 1 : left.shift()!));
    return this.g.node('Unsqueeze', [this, places], dims);
  }
  /** A mask with further axes of length 1, so that it fits `value`. */
  widened(value: Value): Value {
    return this.rank < value.rank ? this.expand(...value.axes(this.rank)) : this;
  }
  /** Equal parts of the last axis. */
  parts(count: number): Value[] {
    if (count === 1) return [this];
    const dims = [...this.dims.slice(0, -1), this.dims.at(-1)! / count];
    const all = span(count).map(() => dims);
    return this.g.nodes('Split', [this], all, { axis: this.rank - 1, num_outputs: count });
  }
  /** The product of matrices that stand in the last two axes. */
  matmul(other: Value): Value {
    const outer = broadcast(this.dims.slice(0, -2), other.dims.slice(0, -2));
    return this.g.node('MatMul', [this, other], [...outer, this.dims.at(-2)!, other.dims.at(-1)!]);
  }

  /** The length of an axis, as a row of one. */
  length(axis: number): Value {
    const known = this.dims[axis]!;
    if (!Number.isNaN(known)) return this.g.whole([known]);
    const { of, axes } = this.#lying();
    const start = axes[axis]!;
    return this.g.node('Shape', [of], [1], { start, end: start + 1 }, 'int64');
  }
  /** 0, 1, 2, … along an axis. */
  range(axis: number): Value {
    const length = this.length(axis).squeeze(0);
    return this.g.node('Range', [this.g.whole(0), length, this.g.whole(1)], [this.dims[axis]!]);
  }
  /** The same elements in another shape. */
  reshape(shape: readonly Length[]): Value {
    const dims = dimsOf(shape);
    // Axes that stay are 0; one length that is not known can be left to the op.
    const given = dims.map((length, at) => {
      const [of, axis] = [shape[at]!].flat();
      return of === this && axis === at && Number.isNaN(length) ? 0 : length;
    });
    const isOpen = (length: Dim): boolean => !(length >= 0);
    const isLeft = given.filter(isOpen).length < 2;
    const target = isLeft ? given.map((length) => (isOpen(length) ? -1 : length)) : this.g.lengths(shape);
    const left = dims.indexOf(-1);
    if (left >= 0) {
      const known = (all: readonly Dim[]): number => sizeOf(all.filter((one) => one > 0));
      const unknown = (all: readonly Dim[]): number => all.filter(Number.isNaN).length;
      dims[left] = unknown(this.dims) === unknown(dims) ? known(this.dims) / known(dims) : Number.NaN;
    }
    return this.g.node('Reshape', [this, target], dims);
  }

  /** Channels behind the samples, as ONNX has them, and back. */
  channelsFirst(): Value {
    return this.turn([0, this.rank - 1, ...this.places()]);
  }
  channelsLast(): Value {
    return this.turn([0, ...this.axes(2), 1]);
  }
  /** An op whose windows move over all axes between the batch and the channels. */
  windowed(op: string, inputs: readonly Input[], how: Moves, channels: Dim, more?: Attributes): Value {
    const { attributes, counts } = placed(this.dims.slice(1, -1), how);
    if (!attributes) throw this.g.without('same padding with strides and dilation of an unknown length');
    const dims = [this.dims[0]!, channels, ...counts];
    return this.g
      .node(op, [this.channelsFirst(), ...inputs], dims, { ...attributes, ...more })
      .channelsLast();
  }
  /** A convolution; with several groups of channels each is convolved by itself. */
  convolved(kernel: Value, bias: Value | undefined, how: Moves, group = 1): Value {
    return this.windowed('Conv', [kernel, bias], how, kernel.dims[0]!, { group });
  }
}
