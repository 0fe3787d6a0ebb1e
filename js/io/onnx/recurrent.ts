/**
 * Layers that read sequences. Plain ones become ONNX' own recurrent ops; those with masks, with other activations or with
 * convolutions a loop (`Scan`) whose body is a step.
 */
import { snakeCase } from '../keras/written.js';
import type { Call, Config, Flow, WrittenLayer } from './layer.js';
import type { Dim, Value } from './value.js';

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

/** A step: the new states, the first of which is the output, from the sums of the gates that `x` brings. */
type Step = (x: Value, states: readonly Value[]) => Value[];

/** A kind of cells: how many states it has, what its steps do, and ONNX' own op for it if there is one. */
interface Kind {
  states: 1 | 2;
  stepper: (cell: Cell) => Step;
  op?: string;
  /** The activations that the op has. */
  usual?: string;
  /** The order of the op's gates, as places of Keras'. */
  order?: readonly number[];
}

/** A cell and its weights. */
interface Cell extends Kind {
  call: Call;
  config: Config;
  kernel: Value;
  recurrent: Value;
  bias: Value | undefined;
  /** What its activations make of `x`. */
  act: (x: Value) => Value;
  gate: (x: Value) => Value;
}

function simple({ act, recurrent }: Cell): Step {
  return (x, [h]) => [act(x.add(h!.matmul(recurrent)))];
}

function gru({ config, recurrent, bias, act, gate, call }: Cell): Step {
  const own = bias?.at(1, 0);
  const kernels = recurrent.parts(3);
  return (x, states) => {
    const [h] = states as [Value];
    const [xu, xr, xg] = x.parts(3) as [Value, Value, Value];
    const [hu, hr, hg] = config.reset_after
      ? h.matmul(recurrent).add(own).parts(3)
      : kernels.slice(0, 2).map((kernel) => h.matmul(kernel));
    const [u, r] = [gate(xu.add(hu)), gate(xr.add(hr))];
    const fresh = act(xg.add(hg ? r.mul(hg) : r.mul(h).matmul(kernels[2]!)));
    return [u.mul(h).add(call.g.value(1).sub(u).mul(fresh))];
  };
}

/** With memory; `product` is what the last output brings to the sums of the gates. */
const lstm =
  (product: (h: Value, cell: Cell) => Value) =>
  (cell: Cell): Step =>
  (x, states) => {
    const { act, gate } = cell;
    const [h, c] = states as [Value, Value];
    const [i, f, fresh, o] = x.add(product(h, cell)).parts(4) as [Value, Value, Value, Value];
    const next = gate(f)
      .mul(c)
      .add(gate(i).mul(act(fresh)));
    return [gate(o).mul(act(next)), next];
  };

/** A kernel of a convolution as ONNX has it. */
const turned = (kernel: Value): Value => kernel.laid([3, 2, 0, 1]);

const KINDS: Readonly<Record<string, Kind>> = {
  SimpleRNN: { states: 1, stepper: simple, op: 'RNN', usual: 'tanh,', order: [0] },
  GRU: { states: 1, stepper: gru, op: 'GRU', usual: 'tanh,sigmoid', order: [0, 1, 2] },
  LSTM: {
    states: 2,
    stepper: lstm((h, { recurrent }) => h.matmul(recurrent)),
    op: 'LSTM',
    usual: 'tanh,sigmoid',
    order: [0, 3, 1, 2],
  },
  ConvLSTM2D: {
    states: 2,
    stepper: lstm((h, { recurrent, call, config }) => {
      const how = call.moves(2, { kernel_size: config.kernel_size, strides: 1, padding: 'same' });
      return h.convolved(turned(recurrent), undefined, how);
    }),
  },
};

function cellOf(call: Call, path: string, className: string, config: Config): Cell {
  const name = className.replace(/Cell$/, '');
  if (!Object.hasOwn(KINDS, name)) throw call.g.without(`the cell ${className}`);
  return {
    ...KINDS[name]!,
    call,
    config,
    kernel: call.needed(`${path}kernel`),
    recurrent: call.needed(`${path}recurrent_kernel`),
    bias: call.weight(`${path}bias`, config.use_bias),
    act: (x) => call.activated(x, config.activation),
    gate: (x) => call.activated(x, config.recurrent_activation),
  };
}

/** Steps as samples of their own, and back. */
const apart = (x: Value): Value => x.reshape([-1, ...x.lengths(2)]);
const joined = (y: Value, x: Value): Value => y.reshape([[x, 0], [x, 1], ...y.lengths(1)]);

/** What the inputs of all steps bring to the sums of the gates. */
function inputSums({ call, op, kernel, bias, config }: Cell, x: Value): Value {
  if (op) return x.matmul(kernel).add(config.reset_after ? bias?.at(0, 0) : bias);
  const isOne = x.rank === 4;
  const y = (isOne ? x : apart(x)).convolved(turned(kernel), bias, call.moves(2, config));
  return isOne ? y : joined(y, x);
}

/** States of zeros, for as many samples as `sums`, `[batch, time, …, gates · units]`, has. */
function zeros({ call, states, recurrent }: Cell, sums: Value): Value[] {
  const places = sums.lengths(2).slice(0, -1);
  const state = call.g.filled([[sums, 0], ...places, recurrent.dims.at(-2) as number], 0);
  return Array<Value>(states).fill(state);
}

/** Reads with a loop. */
function loop(cell: Cell, x: Value, given: readonly Value[], mask: Value | undefined, how: How): Read {
  const { g } = cell.call;
  const sums = inputSums(cell, x);
  const begin = given.length > 0 ? given : zeros(cell, sums);
  const step = cell.stepper(cell);
  const scanned = mask ? [sums, mask] : [sums];
  const before = begin.map(({ dims }) => g.input('state', dims));
  const each = scanned.map(({ dims, type }) => g.input('step', [dims[0]!, ...dims.slice(2)], type));
  const body = g.body(g.free('step'), [...before, ...each], () => {
    const [input, counts] = each as [Value, Value?];
    let after = step(input, before);
    let output = after[0]!;
    if (counts) {
      const wide = counts.widened(output);
      after = after.map((state, at) => wide.select(state, before[at]!));
      output = how.zeroMasked ? wide.select(output, 0) : after[0]!;
    }
    return how.sequences ? [...after, output] : after;
  });
  const states = begin.map(({ dims }) => dims);
  const outputs = how.sequences ? [[...sums.dims.slice(0, 2), ...states[0]!.slice(1)]] : [];
  const results = g.nodes('Scan', [...begin, ...scanned], [...states, ...outputs], {
    body,
    num_scan_inputs: scanned.length,
    scan_input_axes: scanned.map(() => 1),
    scan_input_directions: scanned.map(() => (how.backwards ? 1 : 0)),
    scan_output_axes: outputs.map(() => 1),
  });
  const last = results.slice(0, begin.length);
  let output = results.at(how.sequences ? -1 : 0)!;
  if (mask && how.zeroMasked && !how.sequences)
    output = mask
      .at(how.backwards ? 0 : -1, 1)
      .widened(output)
      .select(output, 0);
  return { output, states: last };
}

/** Reads with ONNX' own op, where that can. */
function whole(cell: Cell, x: Value, given: readonly Value[], how: How): Read | undefined {
  const { config, kernel, recurrent, bias, op, usual, order } = cell;
  const { g } = cell.call;
  const isAfter: boolean = config.reset_after;
  if (!op || !order || `${[config.activation, config.recurrent_activation]}` !== usual) return undefined;
  const units = recurrent.dims[0]!;
  const [batch, time] = x.dims as [Dim, Dim];
  /** `[…, gates · units]` with the gates in ONNX' order. */
  const ordered = (weight: Value): Value => {
    const parts = weight.parts(order.length);
    return g.concat(
      order.map((from) => parts[from]!),
      weight.rank - 1,
    );
  };
  /** `[1, gates · units, rows]` */
  const gatesFirst = (weight: Value): Value => ordered(weight).turn([1, 0]).expand(0);
  // Biases of the inputs, then of the states.
  const rows = bias && (isAfter ? [bias.at(0, 0), bias.at(1, 0)] : [bias, g.filled([[bias, 0]], 0)]);
  const results = g.nodes(
    op,
    [
      (how.backwards ? x.reverse(1) : x).turn([1, 0, 2]),
      gatesFirst(kernel),
      gatesFirst(recurrent),
      rows && g.concat(rows.map(ordered), 0).expand(0),
      undefined,
      ...given.map((own) => own.expand(0)),
    ],
    [[time, 1, batch, units], ...Array<Dim[]>(cell.states).fill([1, batch, units])],
    { hidden_size: units, ...(isAfter && { linear_before_reset: 1 }) },
  );
  const states = results.slice(1).map((own) => own.squeeze(0));
  const output = how.sequences ? results[0]!.squeeze(1).turn([1, 0, 2]) : states[0]!;
  return { output, states };
}

/** The cells of a cell, stacks taken apart, each with where its weights stand, one after the other. */
function flattened(call: Call, path: string, className: string, config: Config): Cell[] {
  if (className !== 'StackedRNNCells') return [cellOf(call, path, className, config)];
  return (config.cells as WrittenLayer[]).flatMap((cell) => named(call, path, cell));
}
/** The same of a cell inside, which has a name. */
const named = (call: Call, path: string, { class_name, config }: WrittenLayer): Cell[] =>
  flattened(call, `${path}${config.name}/`, class_name, config);

/** The cells of a layer. */
function cellsOf(call: Call): Cell[] {
  const { className, config } = call;
  if (className === 'RNN') return named(call, '', config.cell);
  return [cellOf(call, `${snakeCase(className.replace('2D', ''))}_cell/`, className, config)];
}

function sequence(call: Call): Flow[] {
  const { config, inputs } = call;
  let { x: y, mask } = call;
  let given = inputs.slice(1).map(({ value }) => value);
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
    const own = given.slice(0, cell.states);
    given = given.slice(own.length);
    const read = (!mask && whole(cell, y, own, how)) || loop(cell, y, own, mask, how);
    if (backwards) mask = mask?.reverse(1);
    backwards = false;
    y = read.output;
    states.push(...read.states);
  });
  const result = { value: y, mask: config.return_sequences ? call.mask : undefined };
  return [result, ...(config.return_state ? flows(states) : [])];
}

const flows = (values: readonly Value[]): Flow[] => values.map((value) => ({ value }));

/** A cell by itself: `[y, new states…]` from `[x, states…]`. */
function single(call: Call): Flow[] {
  let [y, ...rest] = call.inputs.map(({ value }) => value) as [Value, ...Value[]];
  const states: Value[] = [];
  for (const cell of flattened(call, '', call.className, call.config)) {
    const after = cell.stepper(cell)(inputSums(cell, y), rest);
    rest = rest.slice(after.length);
    states.push(...after);
    y = after[0]!;
  }
  return flows([y, ...states]);
}

/** A layer and its twin that reads back. */
function bidirectional(call: Call): Flow[] {
  const { g, config, inputs, mask } = call;
  const [x, ...states] = inputs;
  const half = states.length / 2;
  const [[a, ...forward], [back, ...backward]] = ['layer', 'backward_layer'].map((key, at) => {
    const [y, ...rest] = call.inside(config[key], [x!, ...states.slice(at * half, (at + 1) * half)]);
    return [y!.value, ...rest];
  }) as [[Value, ...Flow[]], [Value, ...Flow[]]];
  const sequences: boolean = config.layer.config.return_sequences;
  // Outputs of all steps come in the order of reading.
  const b = sequences ? back.reverse(1) : back;
  const op = { sum: 'Sum', mul: 'Mul', ave: 'Mean' }[config.merge_mode as string];
  let outputs = [a, b];
  if (op) outputs = [a.each(op, [b])];
  if (config.merge_mode === 'concat') outputs = [g.concat(outputs, a.rank - 1)];
  const all = outputs.map((value) => ({ value, mask: sequences ? mask : undefined }));
  return [...all, ...forward, ...backward];
}

/** Steps become samples of their own. */
function timeDistributed(call: Call): Flow[] {
  const steps = call.inputs.map(({ value, mask }) => ({
    value: apart(value),
    mask: mask && mask.rank > 2 ? apart(mask) : undefined,
  }));
  const outputs = call.inside(call.config.layer, steps);
  return outputs.map(({ value }, at) => ({
    value: joined(value, call.x),
    mask: at === 0 ? call.mask : undefined,
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
