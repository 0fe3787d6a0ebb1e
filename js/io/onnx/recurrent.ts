/**
 * Layers that read sequences. Plain ones become ONNX' own recurrent ops; those with masks, with other activations or with
 * convolutions a loop (`Scan`) whose body is a step.
 */
import { activated } from './activation.js';
import { type Dim, lengthsFrom, span, type Value } from './graph.js';
import {
  type Call,
  type Config,
  type Flow,
  flows,
  needed,
  sizes,
  type WrittenLayer,
  widened,
  without,
} from './layer.js';
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
  const bias = call.weight(`${path}bias`, config.use_bias);
  return { call, config, kind: kind as Cell['kind'], kernel: kernel!, recurrent: recurrent!, bias };
}

/** What the inputs of all steps bring to the sums of the gates. */
function inputSums(cell: Cell, x: Value): Value {
  const { call, kind, kernel, bias, config } = cell;
  const { g } = call;
  if (kind !== 'ConvLSTM2D') {
    return g.add(g.matmul(x, kernel), bias && isAfter(cell) ? g.at(bias, 0, 0) : bias);
  }
  const all = x.dims.length === 4 ? x : g.reshape(x, [-1, ...lengthsFrom(x, 2)]);
  const how = {
    window: sizes(config.kernel_size, 2),
    strides: sizes(config.strides, 2),
    dilation: sizes(config.dilation_rate, 2),
    padding: config.padding,
  };
  const y = convolved(call, all, g.laid(kernel, [3, 2, 0, 1]), bias, how);
  return all === x ? y : g.reshape(y, [[x, 0], [x, 1], ...lengthsFrom(y, 1)]);
}

/** A step: the new states, the first of which is the output. */
function stepper(cell: Cell): (sums: Value, states: readonly Value[]) => Value[] {
  const { call, kind, config, recurrent, bias } = cell;
  const { g } = call;
  const act = (x: Value): Value => activated(call, config.activation, x);
  const gate = (x: Value): Value => activated(call, config.recurrent_activation, x);
  if (kind === 'SimpleRNN') return (x, [h]) => [act(g.add(x, g.matmul(h!, recurrent)))];
  if (kind === 'GRU') {
    const after = isAfter(cell);
    const own = after && bias ? g.at(bias, 1, 0) : undefined;
    const kernels = after ? [] : g.parts(recurrent, 3);
    return (x, [h]) => {
      const [xu, xr, xg] = g.parts(x, 3) as [Value, Value, Value];
      const [hu, hr, hg] = after
        ? g.parts(g.add(g.matmul(h!, recurrent), own), 3)
        : kernels.slice(0, 2).map((kernel) => g.matmul(h!, kernel));
      const [u, r] = [gate(g.add(xu, hu)), gate(g.add(xr, hr))];
      const fresh = act(g.add(xg, hg ? g.mul(r, hg) : g.matmul(g.mul(r, h), kernels[2]!)));
      return [g.add(g.mul(u, h), g.mul(g.sub(g.number(1), u), fresh))];
    };
  }
  let product = (h: Value): Value => g.matmul(h, recurrent);
  if (kind === 'ConvLSTM2D') {
    const ones = [1, 1];
    const how = { window: sizes(config.kernel_size, 2), strides: ones, dilation: ones, padding: 'same' };
    const weight = g.laid(recurrent, [3, 2, 0, 1]);
    product = (h) => g.straight(convolved(call, h, weight, undefined, how));
  }
  return (x, [h, c]) => {
    const [i, f, fresh, o] = g.parts(g.add(x, product(h!)), 4) as [Value, Value, Value, Value];
    const next = g.add(g.mul(gate(f), c), g.mul(gate(i), act(fresh)));
    return [g.mul(gate(o), act(next)), next];
  };
}

/** States of zeros, for as many samples as `sums`, `[batch, time, …, gates · units]`, has. */
function zeros(cell: Cell, sums: Value): Value[] {
  const units = cell.recurrent.dims.at(-2) as number;
  const places = lengthsFrom(sums, 2).slice(0, -1);
  const state = cell.call.g.filled([[sums, 0], ...places, units], 0);
  return span(stateCount(cell)).map(() => state);
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
      const wide = widened(g, counts, output);
      after = after.map((state, at) => g.select(wide, state, before[at]!));
      output = how.zeroMasked ? g.select(wide, output, g.number(0)) : after[0]!;
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
  const output = last[0]!;
  if (!mask || !how.zeroMasked) return { output, states: last };
  const counted = widened(g, g.at(mask, how.backwards ? 0 : -1, 1), output);
  return { output: g.select(counted, output, g.number(0)), states: last };
}

/** ONNX' own ops: which activations they have, and in which order the gates, as places of Keras'. */
const OPS = {
  SimpleRNN: { op: 'RNN', usual: 'tanh', order: [0] },
  GRU: { op: 'GRU', usual: 'tanh sigmoid', order: [0, 1, 2] },
  LSTM: { op: 'LSTM', usual: 'tanh sigmoid', order: [0, 3, 1, 2] },
};

/** Reads with ONNX' own op, where that can. */
function whole(cell: Cell, x: Value, given: readonly Value[], how: How): Read | undefined {
  const { call, kind, config, bias } = cell;
  const { g } = call;
  if (kind === 'ConvLSTM2D') return undefined;
  const { op, usual, order } = OPS[kind];
  const { activation, recurrent_activation: gate } = config;
  if ((gate ? `${activation} ${gate}` : activation) !== usual) return undefined;
  const units = cell.recurrent.dims[0] as number;
  const [batch, time] = x.dims as [number, number];
  /** `[…, gates · units]` with the gates in ONNX' order. */
  const ordered = (weight: Value): Value => {
    const parts = g.parts(weight, order.length);
    return g.concat(
      order.map((from) => parts[from]!),
      weight.dims.length - 1,
    );
  };
  /** `[1, gates · units, rows]` */
  const gatesFirst = (weight: Value): Value => g.expand(g.turn(ordered(weight), [1, 0]), [0]);
  // Biases of the inputs, then of the states.
  const rows =
    bias && (isAfter(cell) ? [0, 1].map((row) => g.at(bias, row, 0)) : [bias, g.filled([[bias, 0]], 0)]);
  const results = g.nodes(
    op,
    [
      g.turn(how.backwards ? g.reverse(x, 1) : x, [1, 0, 2]),
      gatesFirst(cell.kernel),
      gatesFirst(cell.recurrent),
      rows && g.expand(g.concat(rows.map(ordered), 0), [0]),
      undefined,
      ...given.map((own) => g.expand(own, [0])),
    ],
    [[time, 1, batch, units], ...span(stateCount(cell)).map(() => [1, batch, units])],
    { hidden_size: units, ...(isAfter(cell) ? { linear_before_reset: 1 } : {}) },
  );
  const states = results.slice(1).map((own) => g.squeeze(own, 0));
  const output = how.sequences ? g.turn(g.squeeze(results[0]!, 1), [1, 0, 2]) : states[0]!;
  return { output, states };
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
  const path = { SimpleRNN: 'simple_rnn', ConvLSTM2D: 'conv_lstm' }[className] ?? className.toLowerCase();
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
  return [{ value: y, mask: outputMask }, ...(config.return_state ? flows(states) : [])];
}

/** A cell by itself: `[y, new states…]` from `[x, states…]`. */
function single(call: Call): Flow[] {
  const { className, config, inputs } = call;
  const written = className === 'StackedRNNCells' ? (config.cells as WrittenLayer[]) : undefined;
  const cells = written?.flatMap((cell) => flattened(call, '', cell)) ?? [
    cellOf(call, '', className, config),
  ];
  let [y, ...rest] = inputs.map(({ value }) => value) as [Value, ...Value[]];
  const states: Value[] = [];
  for (const cell of cells) {
    const after = stepper(cell)(inputSums(cell, y), rest);
    rest = rest.slice(after.length);
    states.push(...after);
    y = after[0]!;
  }
  return flows([y, ...states]);
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
  const op = { sum: 'Sum', mul: 'Mul', ave: 'Mean' }[config.merge_mode as string];
  let outputs = [a, b];
  if (op) outputs = [g.each(op, outputs)];
  if (config.merge_mode === 'concat') outputs = [g.concat(outputs, a.dims.length - 1)];
  return [...flows(outputs, mask), ...forward.slice(1), ...backward.slice(1)];
}

/** Steps become samples of their own. */
function timeDistributed(call: Call): Flow[] {
  const { g, config, inputs } = call;
  const x = inputs[0]!.value;
  const apart = (value: Value): Value => g.reshape(value, [-1, ...lengthsFrom(value, 2)]);
  const steps = inputs.map(({ value, mask }) => ({
    value: apart(value),
    mask: mask && mask.dims.length > 2 ? apart(mask) : undefined,
  }));
  const outputs = call.inside(config.layer, steps);
  return outputs.map(({ value: y }, at) => ({
    value: g.reshape(y, [[x, 0], [x, 1], ...lengthsFrom(y, 1)]),
    mask: at === 0 ? inputs[0]!.mask : undefined,
  }));
}

export const RECURRENT = {
  SimpleRNN: sequence,
  GRU: sequence,
  LSTM: sequence,
  ConvLSTM: sequence,
  RNN: sequence,
  SimpleRNNCell: single,
  GRUCell: single,
  LSTMCell: single,
  ConvLSTM2DCell: single,
  StackedRNNCells: single,
  Bidirectional: bidirectional,
  TimeDistributed: timeDistributed,
};
