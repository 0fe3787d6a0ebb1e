/**
 * A graph of ONNX ops that grows: each method adds an op and gives the value that comes of it, with its shape as far as it
 * is known. To turn axes costs nothing until an op needs them turned, so that what is turned there and back is not turned
 * at all: see {@link Value.turned}.
 */
import {
  type Attribute,
  BOOL,
  type ElementType,
  FLOAT,
  INT64,
  type Initializer,
  type Port,
  type Subgraph,
  type WrittenNode,
} from './proto.js';

/** The length of an axis; null where it is not fixed, as that of a batch. */
export type Dim = number | null;

export interface Value {
  /** Empty where no op has made it yet. */
  readonly name: string;
  readonly dims: readonly Dim[];
  readonly type: ElementType;
  /** Of a value in the file what it holds, for ops that are done now. */
  readonly data?: Float32Array | undefined;
  /** The value whose axes are these ones in another order: axis `i` of this one is axis `axes[i]` of that one. */
  readonly turned?: { readonly of: Value; readonly axes: readonly number[] };
}

/** A length for a new shape: a number, what is left (−1), or that of an axis of a value. */
export type Length = number | readonly [Value, number];

type Attributes = Readonly<Record<string, Attribute>>;

/** What is being written: the graph, or the body of a loop. */
interface Scope {
  nodes: WrittenNode[];
  /** Values whose axes an op of this scope has turned. */
  straight: Map<Value, Value>;
}

/** So many whole numbers from the first on: axes, mostly. */
export const span = (count: number, first = 0): number[] =>
  Array.from({ length: Math.max(count, 0) }, (_, at) => first + at);
/** The lengths of a value's axes from one on, for a shape. */
export const lengthsFrom = (x: Value, first = 0): Length[] =>
  span(x.dims.length - first, first).map((axis) => [x, axis]);

const isSorted = (axes: readonly number[]): boolean => axes.every((axis, at) => axis === at);
const sameAxes = (a: readonly number[], b: readonly number[]): boolean => `${a}` === `${b}`;
export const product = (lengths: readonly number[]): number => lengths.reduce((all, one) => all * one, 1);

/** A new shape as far as it is known. */
const dimsOf = (shape: readonly Length[]): Dim[] =>
  shape.map((length) => (typeof length === 'number' ? length : (length[0].dims[length[1]] as Dim)));

/** The bytes of numbers, least significant first, as every engine that runs WebAssembly has them. */
const bytesOf = (numbers: Float32Array | BigInt64Array): Uint8Array =>
  new Uint8Array(numbers.buffer, numbers.byteOffset, numbers.byteLength);

/** The shape of what comes of two values element by element. */
function broadcast(a: readonly Dim[], b: readonly Dim[]): Dim[] {
  const [long, short] = a.length < b.length ? [b, a] : [a, b];
  return long.map((one, axis) => {
    const other = short[axis - long.length + short.length] ?? (axis < long.length - short.length ? 1 : null);
    return one === 1 || (one === null && other !== 1) ? other : one;
  });
}

export class Graph {
  readonly #initializers = new Map<string, Initializer>();
  /** Small constants by what they hold. */
  readonly #constants = new Map<string, Value>();
  readonly #names = new Set<string>();
  #scope: Scope = { nodes: [], straight: new Map() };
  /** The layer that is being written, before the names of its ops. */
  place = '';
  /** What errors begin with. */
  readonly where: string;

  constructor(where: string) {
    this.where = where;
  }

  /** A name that nothing has yet. */
  free(base: string): string {
    let name = base;
    for (let count = 1; this.#names.has(name); count++) name = `${base}_${count}`;
    this.#names.add(name);
    return name;
  }
  /** What goes into the graph or into a loop's body. */
  input(name: string, dims: readonly Dim[], type: ElementType = FLOAT): Value {
    return { name: this.free(name), dims, type };
  }
  /** A tensor that stands in the file. */
  weight(base: string, data: Float32Array, dims: readonly number[]): Value {
    return { ...this.#stored(base, data, dims, FLOAT), data };
  }
  #stored(
    base: string,
    data: Float32Array | BigInt64Array,
    dims: readonly number[],
    type: ElementType,
  ): Value {
    const value = { name: this.free(base), dims, type };
    this.#initializers.set(value.name, { ...value, bytes: bytesOf(data) });
    return value;
  }
  /** A weight with its axes in another order and, if `dims` are given, another shape, as a tensor of the file. */
  laid(weight: Value, axes: readonly number[], dims?: readonly number[]): Value {
    return this.#constant(`${weight.name}@${axes}@${dims}`, () => {
      const lengths = axes.map((axis) => weight.dims[axis] as number);
      const steps = axes.map((axis) => product(weight.dims.slice(axis + 1) as number[]));
      const from = weight.data!;
      const to = new Float32Array(from.length);
      const place = Array<number>(axes.length).fill(0);
      for (let at = 0, source = 0; at < to.length; at++) {
        to[at] = from[source]!;
        for (let axis = axes.length - 1; axis >= 0; axis--) {
          source += steps[axis]!;
          if (++place[axis]! < lengths[axis]!) break;
          source -= steps[axis]! * lengths[axis]!;
          place[axis] = 0;
        }
      }
      return this.weight(weight.name, to, dims ?? lengths);
    });
  }
  /** A number. */
  number(value: number): Value {
    return this.#constant(`f${value}`, () => this.weight('number', Float32Array.of(value), []));
  }
  /** Whole numbers in a row; a single one without an axis if it is not a list. */
  whole(values: number | readonly number[]): Value {
    const isRow = typeof values !== 'number';
    return this.#constant(`i${isRow}${values}`, () => {
      const numbers = BigInt64Array.from([values].flat() as number[], BigInt);
      return this.#stored('whole', numbers, isRow ? [values.length] : [], INT64);
    });
  }
  #constant(key: string, make: () => Value): Value {
    const known = this.#constants.get(key) ?? make();
    this.#constants.set(key, known);
    return known;
  }

  /** Adds an op with one result for each shape in `results`. */
  nodes(
    op: string,
    inputs: readonly (Value | undefined)[],
    results: readonly (readonly Dim[])[],
    attributes: Attributes = {},
    type: ElementType = FLOAT,
  ): Value[] {
    const names = inputs.map((input) => (input ? this.straight(input).name : ''));
    const base = this.place === '' ? op : `${this.place}/${op}`;
    const values = results.map((dims): Value => ({ name: this.free(base), dims, type }));
    const outputs = values.map(({ name }) => name);
    this.#scope.nodes.push({ op, name: outputs[0]!, inputs: names, outputs, attributes });
    return values;
  }
  /** Adds an op with one result. */
  node(
    op: string,
    inputs: readonly (Value | undefined)[],
    dims: readonly Dim[],
    attributes?: Attributes,
    type?: ElementType,
  ): Value {
    return this.nodes(op, inputs, [dims], attributes, type)[0]!;
  }

  /** The value with its axes where it says that they are. */
  straight(x: Value): Value {
    if (!x.turned) return x;
    const known = this.#scope.straight.get(x);
    if (known) return known;
    const { of, axes } = x.turned;
    const value = this.node('Transpose', [of], x.dims, { perm: axes }, x.type);
    this.#scope.straight.set(x, value);
    return value;
  }
  /** The axes in another order: axis `i` of the result is axis `axes[i]`. */
  turn(x: Value, axes: readonly number[]): Value {
    const { of, axes: before } = x.turned ?? { of: x, axes: span(x.dims.length) };
    const all = axes.map((axis) => before[axis]!);
    if (isSorted(all)) return of;
    return { name: '', type: x.type, dims: axes.map((axis) => x.dims[axis]!), turned: { of, axes: all } };
  }
  /** Runs `op` on values whose axes are in one order as they lie, and gives its results in that order again. */
  #together(values: readonly Value[], op: (lying: Value[], axes: readonly number[]) => Value): Value {
    const axes = values.find(({ turned }) => turned)?.turned?.axes;
    const lying = axes && values.map((value) => this.#lyingAs(value, axes));
    if (!axes || lying!.includes(undefined)) {
      const rank = Math.max(...values.map(({ dims }) => dims.length));
      return op([...values], span(rank));
    }
    return this.turn(op(lying as Value[], axes), axes);
  }
  /** What `value` is a turned form of, if it is turned as `axes` says. A row or a number can be turned at once. */
  #lyingAs(value: Value, axes: readonly number[]): Value | undefined {
    const { turned, data, dims } = value;
    if (turned) return sameAxes(turned.axes, axes) ? turned.of : undefined;
    const long = dims.findLastIndex((length) => length !== 1);
    if (long < 0) return dims.length <= 1 ? value : undefined;
    if (!data || dims.some((length, axis) => axis !== long && length !== 1)) return undefined;
    const place = axes[axes.length - dims.length + long];
    if (place === undefined) return undefined;
    const lying = [dims[long] as number, ...Array<number>(axes.length - 1 - place).fill(1)];
    return this.#constant(`${value.name}@${lying}`, () => this.weight(value.name, data, lying));
  }

  /** An op on elements, those of several values side by side. */
  each(
    op: string,
    values: readonly Value[],
    attributes?: Attributes,
    type: ElementType = values[0]!.type,
  ): Value {
    return this.#together(values, (lying) => {
      const dims = lying.map((value) => value.dims).reduce(broadcast);
      return this.node(op, lying, dims, attributes, type);
    });
  }
  /** The sum, or `a` where there is nothing to add. */
  add = (a: Value, b: Value | undefined): Value => (b ? this.each('Add', [a, b]) : a);
  sub = (a: Value, b: Value): Value => this.each('Sub', [a, b]);
  /** The product, or `a` where there is no factor. */
  mul = (a: Value, b: Value | undefined): Value => (b ? this.each('Mul', [a, b]) : a);
  div = (a: Value, b: Value): Value => this.each('Div', [a, b]);
  /** `a` where `condition` holds, else `b`. */
  select = (condition: Value, a: Value, b: Value): Value =>
    this.each('Where', [condition, a, b], undefined, a.type);
  equal = (a: Value, b: Value): Value => this.each('Equal', [a, b], undefined, BOOL);
  cast = (x: Value, type: ElementType): Value =>
    x.type === type ? x : this.each('Cast', [x], { to: type }, type);

  /** An op that makes one of all elements along some axes. */
  reduce(op: string, x: Value, axes: readonly number[], keep = false): Value {
    const { of, axes: lying } = x.turned ?? { of: x, axes: span(x.dims.length) };
    const places = axes.map((axis) => lying[axis]!);
    const left = lying.filter((_, axis) => keep || !axes.includes(axis));
    const dims = of.dims.map((length, axis) => (places.includes(axis) ? 1 : length));
    const kept = dims.filter((_, axis) => keep || !places.includes(axis));
    const y = this.node(op, [of, this.whole(places)], kept, { keepdims: keep ? 1 : 0 }, x.type);
    const order = [...left].sort((a, b) => a - b);
    return this.turn(
      y,
      left.map((axis) => order.indexOf(axis)),
    );
  }
  concat(values: readonly Value[], axis: number): Value {
    if (values.length === 1) return values[0]!;
    return this.#together(values, (lying, axes) => {
      const place = axes[axis]!;
      const lengths = lying.map(({ dims }) => dims[place] as Dim);
      const whole = lengths.includes(null) ? null : (lengths as number[]).reduce((sum, one) => sum + one);
      const known = (at: number): Dim => lying.find(({ dims }) => dims[at] !== null)?.dims[at] ?? null;
      const dims = lying[0]!.dims.map((_, at) => (at === place ? whole : known(at)));
      return this.node('Concat', lying, dims, { axis: place }, values[0]!.type);
    });
  }
  /** Places before the first and after the last along some axes, which hold `fill`; fewer where it is negative. */
  pad(x: Value, edges: readonly (readonly [axis: number, before: number, after: number])[], fill = 0): Value {
    return this.#together([x], ([lying], axes) => {
      const dims = [...lying!.dims];
      const pads = Array<number>(2 * dims.length).fill(0);
      for (const [axis, before, after] of edges) {
        const place = axes[axis]!;
        [pads[place], pads[place + dims.length]] = [before, after];
        const length = dims[place]!;
        dims[place] = length === null ? null : length + before + after;
      }
      return this.node('Pad', [lying, this.whole(pads), this.number(fill)], dims);
    });
  }
  /** Each sequence from its last step to its first. */
  reverse(x: Value, axis: number): Value {
    // As far back as there may be.
    const [from, to, step] = [-1, Number.MIN_SAFE_INTEGER, -1].map((at) => this.whole([at]));
    return this.node('Slice', [x, from, to, this.whole([axis]), step], x.dims, {}, x.type);
  }
  /** One place along an axis, which goes. */
  at(x: Value, index: number, axis: number): Value {
    const dims = x.dims.filter((_, other) => other !== axis);
    return this.node('Gather', [x, this.whole(index)], dims, { axis }, x.type);
  }
  /** Without an axis of length 1. */
  squeeze(x: Value, axis: number): Value {
    const dims = x.dims.filter((_, other) => other !== axis);
    return this.node('Squeeze', [x, this.whole([axis])], dims, {}, x.type);
  }
  /** Equal parts of the last axis. */
  parts(x: Value, count: number): Value[] {
    if (count === 1) return [x];
    const dims = [...x.dims.slice(0, -1), (x.dims.at(-1) as number) / count];
    const all = span(count).map(() => dims);
    return this.nodes('Split', [x], all, { axis: dims.length - 1, num_outputs: count });
  }
  /** The product of matrices that stand in the last two axes. */
  matmul(a: Value, b: Value): Value {
    const outer = broadcast(a.dims.slice(0, -2), b.dims.slice(0, -2));
    return this.node('MatMul', [a, b], [...outer, a.dims.at(-2)!, b.dims.at(-1)!]);
  }
  /** New axes of length 1, at these places of the result. */
  expand(x: Value, places: readonly number[]): Value {
    const left = [...x.dims];
    const rank = left.length + places.length;
    const dims = span(rank).map((axis) => (places.includes(axis) ? 1 : left.shift()!));
    return this.node('Unsqueeze', [x, this.whole(places)], dims, {}, x.type);
  }

  /** The length of an axis, as a row of one. */
  length([x, axis]: readonly [Value, number]): Value {
    const known = x.dims[axis];
    if (typeof known === 'number') return this.whole([known]);
    const { of, axes } = x.turned ?? { of: x, axes: [] };
    const start = axes[axis] ?? axis;
    return this.node('Shape', [of], [1], { start, end: start + 1 }, INT64);
  }
  /** Lengths in a row, for ops that take a shape. */
  lengths(shape: readonly Length[]): Value {
    const fixed = dimsOf(shape);
    if (!fixed.includes(null)) return this.whole(fixed as number[]);
    const all = shape.map((length, at) =>
      fixed[at] === null ? this.length(length as readonly [Value, number]) : this.whole([fixed[at]!]),
    );
    return this.concat(all, 0);
  }
  /** The same elements in another shape. */
  reshape(x: Value, shape: readonly Length[]): Value {
    const dims = dimsOf(shape);
    // Axes that stay are 0; one length that is not known can be left to the op.
    const given = dims.map((length, at) => {
      const from = shape[at]!;
      return length === null && typeof from !== 'number' && from[0] === x && from[1] === at ? 0 : length;
    });
    const open = given.filter((length) => length === null || length === -1).length;
    const known = (all: readonly Dim[]): number =>
      product(all.filter((one) => one !== null && one > 0) as number[]);
    const left = dims.indexOf(-1);
    if (left >= 0) {
      const unknown = (all: readonly Dim[]): number => all.filter((one) => one === null).length;
      dims[left] = unknown(x.dims) === unknown(dims) ? known(x.dims) / known(dims) : null;
    }
    const target = open > 1 ? this.lengths(shape) : this.whole(given.map((length) => length ?? -1));
    return this.node('Reshape', [x, target], dims, {}, x.type);
  }
  /** The same element everywhere. */
  filled(shape: readonly Length[], value: 0 | 1): Value {
    const dims = dimsOf(shape);
    return this.node('Expand', [this.number(value), this.lengths(shape)], dims);
  }
  /** 0, 1, 2, … along an axis of `x`. */
  places(x: Value, axis: number): Value {
    const length = this.squeeze(this.length([x, axis]), 0);
    return this.node('Range', [this.whole(0), length, this.whole(1)], [x.dims[axis]!], {}, INT64);
  }

  /** Writes the body of a loop: `write` gives the results of a step. */
  body(name: string, inputs: readonly Value[], write: () => Value[]): Subgraph {
    const outer = this.#scope;
    this.#scope = { nodes: [], straight: new Map() };
    try {
      // A result of a body must be an op's of that body.
      const results = write().map((value) => this.each('Identity', [this.straight(value)]));
      const [into, out] = [inputs, results].map((all) => all.map(({ name, type }): Port => ({ name, type })));
      return { name, inputs: into!, outputs: out!, nodes: this.#scope.nodes, initializers: [] };
    } finally {
      this.#scope = outer;
    }
  }

  /** What comes out of the graph under a name that is reserved for it. */
  result(name: string, x: Value): Value {
    const inputs = [this.straight(x).name];
    this.#scope.nodes.push({ op: 'Identity', name, inputs, outputs: [name], attributes: {} });
    return { name, dims: x.dims, type: x.type };
  }

  /** The whole graph, without what nothing asks for. */
  finish(name: string, inputs: Port[], outputs: Port[]): Subgraph {
    const wanted = new Set(outputs.map((output) => output.name));
    const want = (nodes: readonly WrittenNode[]): WrittenNode[] => {
      const kept: WrittenNode[] = [];
      for (const node of [...nodes].reverse()) {
        if (!node.outputs.some((output) => wanted.has(output))) continue;
        kept.push(node);
        for (const input of node.inputs) wanted.add(input);
        const { body } = node.attributes;
        if (typeof body === 'object' && 'nodes' in body) {
          for (const output of body.outputs) wanted.add(output.name);
          body.nodes = want(body.nodes);
        }
      }
      return kept.reverse();
    };
    const nodes = want(this.#scope.nodes);
    const initializers = [...this.#initializers.values()].filter((one) => wanted.has(one.name));
    return { name, nodes, inputs, outputs, initializers };
  }
}
