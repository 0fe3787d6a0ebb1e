/**
 * Layers that read sequences. Plain ones become ONNX' own recurrent ops; those with masks, with other activations or with
 * convolutions a loop (`Scan`) whose body is a step.
 */
import { activated } from './activation.js';
import type { Dim, Graph, Value } from './graph.js';
import { type Call, type Config, dataOf, type Flow, needed, sizes, without, type WrittenLayer } from './layer.js';
import { BOOL } from './proto.js';
import { convolved } from './windows.js';

/** A cell and its weights. */
interface Cell {
  call: Call;
  config: Config;
  kind: 'SimpleRNN' | 'GRU' | 'LSTM' | 'ConvLSTM2D';
  kernel: Value;
  recurrent: Value;
  bias: Value | undefined;
}

/** How a sequence is read. */
interface How {
  sequences: boolean;
  backwards: boolean;
  zeroMasked: boolean;
}

/** What comes of reading: the outputs of all steps in the order of reading or the last one, and the last states. */
interface Read {
  output: Value;
  states: Value[];
}

const GATES = { SimpleRNN: 1, GRU: 3, LSTM: 4, ConvLSTM2D: 4 } as const;
const stateCount = ({ kind }: Cell): number => (GATES[kind] === 4 ? 2 : 1);
const isAfter = ({ kind, config }: Cell): boolean => kind === 'GRU' && config.reset_after;

function cellOf(call: Call, path: string, className: string, config: Config): Cell {
  const kind = className.replace(/Cell$/, '');
  if (!Object.hasOwn(GATES, kind)) throw without(call, `the cell ${className}`);
  const [kernel, recurrent] = ['kernel', 'recurrent_kernel'].map((name) => needed(call, path + name));
  const bias = call.weight(`${path}bias`);
  return { call, config, kind: kind as Cell['kind'], kernel: kernel!, recurrent: recurrent!, bias };
}

/** Columns of a weight, as a weight of their own. */
function columns(g: Graph, weight: Value, from: number, to: number): Value {
  const width = weight.dims.at(-1) as number;
  const rows = dataOf(weight).length / width;
  const data = new Float32Array(rows * (to - from));
  for (let row = 0; row < rows; row++) {
    data.set(dataOf(weight).subarray(row * width + from, row * width + to), row * (to - from));
  }
  return g.weight(weight.name, data, [...(weight.dims.slice(0, -1) as number[]), to - from]);
}

/** One row of the two of a bias. */
const rowOf = (g: Graph, bias: Value, row: number): Value => {
  const width = bias.dims[1] as number;
  return g.weight(bias.name, dataOf(bias).subarray(row * width, (row + 1) * width), [width]);
};

/** What the inputs of all steps bring to the sums of the gates. */
function inputSums(cell: Cell, x: Value): Value {
  const { call, kind, kernel, bias, config } = cell;
  const { g } = call;
  if (kind !== 'ConvLSTM2D') {
    const sums = g.matmul(x, kernel);
    if (!bias) return sums;
    return g.add(sums, isAfter(cell) ? rowOf(g, bias, 0) : bias);
  }
  const isStep = x.dims.length === 4;
  const places = [0, 1, 2].map((axis) => axis + (isStep ? 1 : 2));
  const all = isStep ? x : g.reshape(x, [-1, ...places.map((axis) => [x, axis] as const)]);
  const weight = g.laid(kernel, [3, 2, 0, 1]);
  const how = {
    window: sizes(config.kernel_size, 2),
    strides: sizes(config.strides, 2),
    dilation: sizes(config.dilation_rate, 2),
    padding: config.padding,
  };
  const y = convolved(call, all, weight, bias, how);
  if (isStep) return y;
  return g.reshape(y, [[x, 0], [x, 1], [y, 1], [y, 2], [y, 3]]);
}

/** A step: the new states, the first of which is the output. */
function stepper(cell: Cell): (sums: Value, states: readonly Value[]) => Value[] {
  const { call, kind, config, recurrent, bias } = cell;
  const { g } = call;
  const act = (x: Value): Value => activated(call, config.activation, x);
  const gate = (x: Value): Value => activated(call, config.recurrent_activation, x);
  if (kind === 'SimpleRNN') return (x, [h]) => [act(g.add(x, g.matmul(h!, recurrent)))];
  if (kind === 'GRU') {
    const units = recurrent.dims[0] as number;
    const mixed = (u: Value, h: Value, fresh: Value): Value[] => [
      g.add(g.mul(u, h), g.mul(g.sub(g.number(1), u), fresh)),
    ];
    if (isAfter(cell)) {
      const own = bias && rowOf(g, bias, 1);
      return (x, [h]) => {
        const product = g.matmul(h!, recurrent);
        const [xu, xr, xg] = g.parts(x, 3);
        const [hu, hr, hg] = g.parts(own ? g.add(product, own) : product, 3);
        const [u, r] = [gate(g.add(xu!, hu!)), gate(g.add(xr!, hr!))];
        return mixed(u, h!, act(g.add(xg!, g.mul(r, hg!))));
      };
    }
    const forGates = columns(g, recurrent, 0, 2 * units);
    const forFresh = columns(g, recurrent, 2 * units, 3 * units);
    return (x, [h]) => {
      const [xu, xr, xg] = g.parts(x, 3);
      const [hu, hr] = g.parts(g.matmul(h!, forGates), 2);
      const [u, r] = [gate(g.add(xu!, hu!)), gate(g.add(xr!, hr!))];
      return mixed(u, h!, act(g.add(xg!, g.matmul(g.mul(r, h!), forFresh))));
    };
  }
  const ones = [1, 1];
  const how = { window: sizes(config.kernel_size ?? 1, 2), strides: ones, dilation: ones, padding: 'same' };
  const weight = kind === 'LSTM' ? recurrent : g.laid(recurrent, [3, 2, 0, 1]);
  const product = (h: Value): Value =>
    kind === 'LSTM' ? g.matmul(h, weight) : g.straight(convolved(call, h, weight, undefined, how));
  return (x, [h, c]) => {
    const [i, f, fresh, o] = g.parts(g.add(x, product(h!)), 4);
    const next = g.add(g.mul(gate(f!), c!), g.mul(gate(i!), act(fresh!)));
    return [g.mul(gate(o!), act(next)), next];
  };
}

/** States of zeros, for as many samples as `sums`, `[batch, time, …, gates · units]`, has. */
function zeros(cell: Cell, sums: Value): Value[] {
  const units = cell.recurrent.dims.at(-2) as number;
  const places = sums.dims.slice(2, -1).map((_, at) => [sums, at + 2] as const);
  const state = cell.call.g.filled([[sums, 0], ...places, units], 0);
  return Array<Value>(stateCount(cell)).fill(state);
}

/** Reads with a loop. */
function loop(cell: Cell, x: Value, given: readonly Value[], mask: Value | undefined, how: How): Read {
  const { g } = cell.call;
  const sums = g.straight(inputSums(cell, x));
  const begin = given.length > 0 ? given : zeros(cell, sums);
  const step = stepper(cell);
  const perStep = ({ dims }: Value): Dim[] => [dims[0]!, ...dims.slice(2)];
  const before = begin.map(({ dims }) => g.input('state', dims));
  const input = g.input('step', perStep(sums));
  const counts = mask && g.input('counts', perStep(mask), BOOL);
  const inputs = [...before, input, ...(counts ? [counts] : [])];
  const body = g.body(g.free('step'), inputs, () => {
    let after = step(input, before);
    let output = after[0]!;
    if (counts) {
      const rank = output.dims.length;
      const wide = rank === 1 ? counts : g.expand(counts, Array.from({ length: rank - 1 }, (_, at) => at + 1));
      const zero = how.zeroMasked && g.where(wide, output, g.number(0));
      after = after.map((state, at) => g.where(wide, state, before[at]!));
      output = zero || after[0]!;
    }
    return how.sequences ? [...after, output] : after;
  });
  const scanned = mask ? [sums, mask] : [sums];
  const states = begin.map(({ dims }) => dims);
  const outputs = how.sequences ? [[sums.dims[0]!, sums.dims[1]!, ...begin[0]!.dims.slice(1)]] : [];
  const results = g.nodes('Scan', [...begin, ...scanned], [...states, ...outputs], {
    body,
    num_scan_inputs: scanned.length,
    scan_input_axes: scanned.map(() => 1),
    scan_input_directions: scanned.map(() => (how.backwards ? 1 : 0)),
    ...(how.sequences ? { scan_output_axes: [1] } : {}),
  });
  const last = results.slice(0, begin.length);
  if (how.sequences) return { output: results.at(-1)!, states: last };
  let output = last[0]!;
  if (mask && how.zeroMasked) {
    const counted = g.at(mask, how.backwards ? 0 : -1, 1);
    const rank = output.dims.length;
    output = g.where(
      g.expand(counted, Array.from({ length: rank - 1 }, (_, at) => at + 1)),
      output,
      g.number(0),
    );
  }
  return { output, states: last };
}

/** Activations that ONNX' recurrent ops have, and that take no numbers. */
const KNOWN: Readonly<Record<string, string>> = {
  tanh: 'Tanh',
  sigmoid: 'Sigmoid',
  relu: 'Relu',
  softsign: 'Softsign',
  softplus: 'Softplus',
};
/** In which order ONNX has the gates, as places of Keras'. */
const ORDER = { SimpleRNN: [0], GRU: [0, 1, 2], LSTM: [0, 3, 1, 2] } as const;

/** A weight `[rows, gates · units]` as ONNX' `[1, gates · units, rows]`. */
function gatesFirst(g: Graph, cell: Cell, weight: Value): Value {
  const order = ORDER[cell.kind as keyof typeof ORDER];
  const units = (weight.dims.at(-1) as number) / order.length;
  const turned = g.laid(weight, [1, 0]);
  const rows = weight.dims[0] as number;
  const data = new Float32Array(dataOf(turned).length);
  const size = units * rows;
  order.forEach((from, to) => {
    data.set(dataOf(turned).subarray(from * size, (from + 1) * size), to * size);
  });
  return g.weight(weight.name, data, [1, units * order.length, rows]);
}

/** Biases of the inputs, then of the states, as ONNX has them one after the other. */
function biases(g: Graph, cell: Cell, bias: Value): Value {
  const order = ORDER[cell.kind as keyof typeof ORDER];
  const width = bias.dims.at(-1) as number;
  const units = width / order.length;
  const data = new Float32Array(2 * width);
  for (let row = 0; row * width < dataOf(bias).length; row++) {
    order.forEach((from, to) => {
      const own = dataOf(bias).subarray(row * width + from * units, row * width + (from + 1) * units);
      data.set(own, row * width + to * units);
    });
  }
  return g.weight(bias.name, data, [1, 2 * width]);
}

/** Reads with ONNX' own op, where that can. */
function whole(cell: Cell, x: Value, given: readonly Value[], how: How): Read | undefined {
  const { call, kind, config, bias } = cell;
  const { g } = call;
  const [act, gate] = [KNOWN[config.activation], KNOWN[config.recurrent_activation ?? 'tanh']];
  if (kind === 'ConvLSTM2D' || !act || !gate) return undefined;
  const units = cell.recurrent.dims[0] as number;
  const sequence = how.backwards ? g.reverse(x, 1) : x;
  const activations = { SimpleRNN: [act], GRU: [gate, act], LSTM: [gate, act, act] }[kind];
  const usual = { SimpleRNN: 'Tanh', GRU: 'Sigmoid,Tanh', LSTM: 'Sigmoid,Tanh,Tanh' }[kind];
  if (`${activations}` !== usual) return undefined;
  const [batch, time] = x.dims as [number, number];
  const state = [1, batch, units];
  const results = g.nodes(
    kind === 'SimpleRNN' ? 'RNN' : kind,
    [
      g.turn(sequence, [1, 0, 2]),
      gatesFirst(g, cell, cell.kernel),
      gatesFirst(g, cell, cell.recurrent),
      bias && biases(g, cell, bias),
      undefined,
      ...given.map((own) => g.expand(own, [0])),
    ],
    [[time, 1, batch, units], ...Array(stateCount(cell)).fill(state)],
    { hidden_size: units, ...(isAfter(cell) ? { linear_before_reset: 1 } : {}) },
  );
  const states = results.slice(1).map((own) => g.node('Squeeze', [own, g.whole([0])], [batch, units]));
  if (!how.sequences) return { output: states[0]!, states };
  const steps = g.node('Squeeze', [results[0], g.whole([1])], [time, batch, units]);
  return { output: g.turn(steps, [1, 0, 2]), states };
}

/** Cells of stacks, each with where its weights stand, one after the other. */
function flattened(call: Call, path: string, { class_name, config }: WrittenLayer): Cell[] {
  const own = `${path}${config.name}/`;
  if (class_name !== 'StackedRNNCells') return [cellOf(call, own, class_name, config)];
  return (config.cells as WrittenLayer[]).flatMap((cell) => flattened(call, own, cell));
}

/** The cells of a layer. */
function cellsOf(call: Call): Cell[] {
  const { className, config } = call;
  if (className === 'RNN') return flattened(call, '', config.cell);
  const paths = { SimpleRNN: 'simple_rnn', GRU: 'gru', LSTM: 'lstm', ConvLSTM2D: 'conv_lstm' };
  const path = paths[className as keyof typeof paths];
  return [cellOf(call, `${path}_cell/`, className, config)];
}

function sequence(call: Call): Flow[] {
  const { config, inputs, g } = call;
  let { value: y, mask } = inputs[0]!;
  let given = inputs.slice(1).map(({ value }) => value);
  const outputMask = config.return_sequences ? mask : undefined;
  let backwards: boolean = config.go_backwards;
  const states: Value[] = [];
  const cells = cellsOf(call);
  cells.forEach((cell, at) => {
    const isLast = at === cells.length - 1;
    const how = {
      sequences: config.return_sequences || !isLast,
      // What comes out of the first cell is in the order of reading.
      backwards,
      zeroMasked: config.zero_output_for_mask && isLast,
    };
    const own = given.slice(0, stateCount(cell));
    given = given.slice(own.length);
    const read = (!mask && whole(cell, y, own, how)) || loop(cell, y, own, mask, how);
    if (backwards && mask && !isLast) mask = g.reverse(mask, 1);
    backwards = false;
    y = read.output;
    states.push(...read.states);
  });
  const results: Flow[] = [{ value: y, mask: outputMask }];
  if (config.return_state) results.push(...states.map((value) => ({ value })));
  return results;
}

/** A cell by itself: `[y, new states…]` from `[x, states…]`. */
function single(call: Call): Flow[] {
  const [first, ...states] = call.inputs.map(({ value }) => value);
  const all: Value[] = [];
  const run = (cells: Cell[]): Value => {
    let y = first!;
    let rest = states;
    for (const cell of cells) {
      const after = stepper(cell)(inputSums(cell, y), rest);
      rest = rest.slice(after.length);
      all.push(...after);
      y = after[0]!;
    }
    return y;
  };
  const { className, config } = call;
  const cells =
    className === 'StackedRNNCells'
      ? (config.cells as WrittenLayer[]).flatMap((cell) => flattened(call, '', cell))
      : [cellOf(call, '', className, config)];
  return [run(cells), ...all].map((value) => ({ value }));
}

/** A layer and its twin that reads back. */
function bidirectional(call: Call): Flow[] {
  const { g, config, inputs } = call;
  const [x, ...states] = inputs;
  const half = states.length / 2;
  const [forward, backward] = ['layer', 'backward_layer'].map((key, at) =>
    call.inside(config[key], [x!, ...states.slice(at * half, (at + 1) * half)]),
  ) as [Flow[], Flow[]];
  const sequences: boolean = config.layer.config.return_sequences;
  const mask = sequences ? x!.mask : undefined;
  const a = forward[0]!.value;
  // Outputs of all steps come in the order of reading.
  const b = sequences ? g.reverse(backward[0]!.value, 1) : backward[0]!.value;
  const outputs = ((): Value[] => {
    switch (config.merge_mode) {
      case 'sum':
        return [g.add(a, b)];
      case 'mul':
        return [g.mul(a, b)];
      case 'ave':
        return [g.mul(g.add(a, b), g.number(0.5))];
      case 'concat':
        return [g.concat([a, b], a.dims.length - 1)];
      default:
        return [a, b];
    }
  })();
  return [...outputs.map((value) => ({ value, mask })), ...forward.slice(1), ...backward.slice(1)];
}

/** Steps become samples of their own. */
function timeDistributed(call: Call): Flow[] {
  const { g, config, inputs } = call;
  const x = inputs[0]!.value;
  const apart = (value: Value): Value =>
    g.reshape(value, [-1, ...value.dims.slice(2).map((_, at) => [value, at + 2] as const)]);
  const steps = inputs.map(({ value, mask }) => ({
    value: apart(value),
    mask: mask && mask.dims.length > 2 ? apart(mask) : undefined,
  }));
  const outputs = call.inside(config.layer, steps);
  return outputs.map(({ value: y }, at) => {
    const sample = y.dims.slice(1).map((_, axis) => [y, axis + 1] as const);
    const value = g.reshape(y, [[x, 0], [x, 1], ...sample]);
    return { value, mask: at === 0 ? inputs[0]!.mask : undefined };
  });
}

export const RECURRENT = {
  SimpleRNN: sequence,
  GRU: sequence,
  LSTM: sequence,
  ConvLSTM2D: sequence,
  RNN: sequence,
  SimpleRNNCell: single,
  GRUCell: single,
  LSTMCell: single,
  ConvLSTM2DCell: single,
  StackedRNNCells: single,
  Bidirectional: bidirectional,
  TimeDistributed: timeDistributed,
};
