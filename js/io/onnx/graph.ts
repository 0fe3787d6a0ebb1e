/** A graph of ONNX ops that grows, and its tensors and names. */

import { fault } from '../../engine/errors.js';
import type { Attributes, ElementType, Initializer, Port, Subgraph, WrittenNode } from './proto.js';
import { type Dim, dimsOf, type Growing, type Input, type Length, together, Value } from './value.js';

/** What is being written: the graph, or the body of a loop. */
interface Scope {
  nodes: WrittenNode[];
  /** Values whose axes an op of this scope has turned. */
  straight: Map<Value, Value>;
}

export class Graph implements Growing {
  readonly #initializers = new Map<string, Initializer>();
  /** Tensors of the file by what they hold. */
  readonly #known = new Map<string, Value>();
  /** Names that are taken, and how many with a number behind them. */
  readonly #names = new Map<string, number>();
  #scope: Scope = { nodes: [], straight: new Map() };
  /** The layer that is being written: its path with a slash behind it, which begins the names of its ops, and its class. */
  layer = { path: '', className: '' };

  /** `where` begins errors. */
  constructor(readonly where: string) {}

  without(what: string): Error {
    const { path, className } = this.layer;
    const name = path.slice(0, -1);
    return fault('value', `${this.where}: layer ${name} (${className}): ${what} has no form in ONNX`);
  }

  /** A name that nothing has yet. */
  free(base: string): string {
    let count = this.#names.get(base) ?? 0;
    let name = base;
    while (this.#names.has(name)) name = `${base}_${++count}`;
    this.#names.set(base, count).set(name, 0);
    return name;
  }
  /** What goes into the graph or into a loop's body. */
  input(name: string, dims: readonly Dim[], type?: ElementType): Value {
    return new Value(this, this.free(name), dims, type);
  }
  weight(base: string, data: Float32Array, dims: readonly number[]): Value {
    return this.#stored(base, data, dims, 'float', data);
  }
  /** The bytes of numbers are least significant first, as every engine that runs WebAssembly has them. */
  #stored(
    base: string,
    { buffer, byteOffset, byteLength }: Float32Array | BigInt64Array,
    dims: readonly number[],
    type: ElementType,
    data?: Float32Array,
  ): Value {
    const name = this.free(base);
    const bytes = new Uint8Array(buffer, byteOffset, byteLength);
    this.#initializers.set(name, { name, type, dims, bytes });
    return new Value(this, name, dims, type, data);
  }
  value(input: Exclude<Input, undefined>): Value {
    if (typeof input === 'number')
      return this.once(`f${input}`, () => this.weight('number', Float32Array.of(input), []));
    return input instanceof Value ? input : this.whole(input);
  }
  whole(values: number | readonly number[]): Value {
    const isRow = typeof values !== 'number';
    return this.once(`i${isRow}${values}`, () => {
      const numbers = BigInt64Array.from([values].flat() as number[], BigInt);
      return this.#stored('whole', numbers, isRow ? [values.length] : [], 'int64');
    });
  }
  once(key: string, make: () => Value): Value {
    const known = this.#known.get(key) ?? make();
    this.#known.set(key, known);
    return known;
  }

  nodes(
    op: string,
    inputs: readonly Input[],
    results: readonly (readonly Dim[])[],
    attributes: Attributes = {},
    type?: ElementType,
  ): Value[] {
    const given = inputs.map((one) => (one === undefined ? one : this.#straight(this.value(one))));
    const names = given.map((one) => one?.name ?? '');
    const values = results.map(
      (dims) => new Value(this, this.free(this.layer.path + op), dims, type ?? given[0]!.type),
    );
    const outputs = values.map(({ name }) => name);
    this.#scope.nodes.push({ op, name: outputs[0]!, inputs: names, outputs, attributes });
    return values;
  }
  node(
    op: string,
    inputs: readonly Input[],
    dims: readonly Dim[],
    attributes?: Attributes,
    type?: ElementType,
  ): Value {
    return this.nodes(op, inputs, [dims], attributes, type)[0]!;
  }
  /** The value with its axes where it says that they are. */
  #straight(x: Value): Value {
    if (!x.turned) return x;
    const { straight } = this.#scope;
    const { of, axes } = x.turned;
    const value = straight.get(x) ?? this.node('Transpose', [of], x.dims, { perm: axes });
    straight.set(x, value);
    return value;
  }

  concat(values: readonly Value[], axis: number): Value {
    if (values.length === 1) return values[0]!;
    return together(values, (lying, axes) => {
      const place = axes[axis]!;
      const dims = lying[0]!.dims.map((_, at) => {
        const lengths = lying.map((one) => one.dims[at]!);
        if (at === place) return lengths.reduce((sum, one) => sum + one);
        return lengths.find((length) => length >= 0) ?? Number.NaN;
      });
      return this.node('Concat', lying, dims, { axis: place });
    });
  }
  lengths(shape: readonly Length[]): Value {
    const fixed = dimsOf(shape);
    if (!fixed.includes(Number.NaN)) return this.whole(fixed);
    const all = shape.map((length) =>
      typeof length === 'number' ? this.whole([length]) : length[0].length(length[1]),
    );
    return this.concat(all, 0);
  }
  /** The same element everywhere. */
  filled(shape: readonly Length[], value: 0 | 1): Value {
    return this.node('Expand', [value, this.lengths(shape)], dimsOf(shape));
  }

  /** Writes the body of a loop: `write` gives the results of a step. */
  body(name: string, inputs: readonly Value[], write: () => Value[]): Subgraph {
    const outer = this.#scope;
    this.#scope = { nodes: [], straight: new Map() };
    try {
      // A result of a body must be an op's of that body.
      const results = write().map((value) => this.node('Identity', [value], value.dims));
      const [into, out] = [inputs, results].map((all) => all.map(({ name, type }): Port => ({ name, type })));
      return { name, inputs: into!, outputs: out!, nodes: this.#scope.nodes, initializers: [] };
    } finally {
      this.#scope = outer;
    }
  }

  /** What comes out of the graph under a name that is reserved for it. */
  result(name: string, x: Value): Value {
    const inputs = [this.#straight(x).name];
    this.#scope.nodes.push({ op: 'Identity', name, inputs, outputs: [name], attributes: {} });
    return new Value(this, name, x.dims, x.type);
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
