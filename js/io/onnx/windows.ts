/** Layers whose windows move over sequences, pictures and volumes: convolutions and pooling. */
import { activated } from './activation.js';
import { type Dim, span, type Value } from './graph.js';
import { biasOf, type Call, needed, sizes, without, x } from './layer.js';
import { FLOAT } from './proto.js';

/** How windows move, one number for each axis. */
interface Moves {
  window: readonly number[];
  strides: readonly number[];
  dilation: readonly number[];
  padding: string;
}

function moves(call: Call): Moves {
  const { kernel_size, pool_size, strides, dilation_rate, padding } = call.config;
  const count = x(call).dims.length - 2;
  const window = sizes(kernel_size ?? pool_size, count);
  const dilation = sizes(dilation_rate ?? 1, count);
  return { window, strides: sizes(strides ?? window, count), dilation, padding };
}

/** Channels first, as ONNX has them, and back. */
export const channelsFirst = (rank: number): number[] => [0, rank - 1, ...span(rank - 2, 1)];
export const channelsLast = (rank: number): number[] => [0, ...span(rank - 2, 2), 1];

/** A kernel `[places…, in, out]` as ONNX' `[out, in, places…]`. */
const kernelOf = (call: Call, name: string, count: number): Value =>
  call.g.laid(needed(call, name), [count + 1, count, ...span(count)]);

/** The attributes of an op whose windows move so, and how many windows there are along each axis. */
function placed(
  call: Call,
  lengths: readonly Dim[],
  { window, strides, dilation, padding }: Moves,
): { attributes: Record<string, number[] | string>; counts: Dim[] } {
  const reaches = window.map((size, axis) => (size - 1) * dilation[axis]! + 1);
  const edges = lengths.map((length, axis): [number, number] | undefined => {
    const [reach, stride] = [reaches[axis]!, strides[axis]!];
    if (padding === 'causal') return [reach - 1, 0];
    if (padding !== 'same') return [0, 0];
    if (length === null && stride > 1) return undefined;
    // With steps of one the length does not matter.
    const left = length === null ? reach - 1 : (Math.ceil(length / stride) - 1) * stride + reach - length;
    const all = Math.max(left, 0);
    return [Math.floor(all / 2), Math.ceil(all / 2)];
  });
  const counts = lengths.map((length, axis): Dim => {
    if (length === null) return null;
    const [before, after] = edges[axis]!;
    return Math.floor((length + before + after - reaches[axis]!) / strides[axis]!) + 1;
  });
  const attributes: Record<string, number[] | string> = { kernel_shape: [...window], strides: [...strides] };
  if (dilation.some((step) => step > 1)) attributes.dilations = [...dilation];
  if (edges.includes(undefined)) {
    if (attributes.dilations)
      throw without(call, 'same padding with strides and dilation of an unknown length');
    // What TensorFlow does: the odd place comes last.
    attributes.auto_pad = 'SAME_UPPER';
  } else {
    attributes.pads = [0, 1].flatMap((side) => edges.map((edge) => edge![side]!));
  }
  return { attributes, counts };
}

/** An op whose windows move over all axes between the batch and the channels. */
function windowed(
  call: Call,
  op: string,
  given: Value,
  more: readonly (Value | undefined)[],
  how: Moves,
  channels: Dim,
  group = 0,
): Value {
  const { g } = call;
  const rank = given.dims.length;
  const { attributes, counts } = placed(call, given.dims.slice(1, -1), how);
  const extra = group > 1 ? { group } : {};
  const dims = [given.dims[0]!, channels, ...counts];
  const first = g.turn(given, channelsFirst(rank));
  return g.turn(g.node(op, [first, ...more], dims, { ...attributes, ...extra }), channelsLast(rank));
}

/** A convolution of `given`; with several groups of channels each is convolved by itself. */
export function convolved(
  call: Call,
  given: Value,
  kernel: Value,
  bias: Value | undefined,
  how: Moves,
  group = 1,
): Value {
  return windowed(call, 'Conv', given, [kernel, bias], how, kernel.dims[0]!, group);
}

function convolution(call: Call): Value {
  const how = moves(call);
  const kernel = kernelOf(call, 'kernel', how.window.length);
  const y = convolved(call, x(call), kernel, biasOf(call), how);
  return activated(call, call.config.activation, y);
}

/** A kernel for each channel: `[places…, c, multiplier]` as ONNX' `[c · multiplier, 1, places…]`. */
function depthwise(call: Call, name: string, bias: Value | undefined, how: Moves): Value {
  const count = how.window.length;
  const kernel = needed(call, name);
  const [channels, multiplier] = kernel.dims.slice(count) as [number, number];
  const axes = [count, count + 1, ...span(count)];
  const weight = call.g.laid(kernel, axes, [channels * multiplier, 1, ...how.window]);
  return convolved(call, x(call), weight, bias, how, channels);
}

function separable(call: Call): Value {
  const how = moves(call);
  const each = depthwise(call, 'depthwise_kernel', undefined, how);
  const count = how.window.length;
  const kernel = kernelOf(call, 'pointwise_kernel', count);
  const ones = Array<number>(count).fill(1);
  const points = { window: ones, strides: ones, dilation: ones, padding: 'valid' };
  const y = convolved(call, each, kernel, biasOf(call), points);
  return activated(call, call.config.activation, y);
}

/** The length of what is transposed less that of what its windows cover, which is the same for each length. */
function surplus(padding: string, reach: number, stride: number, more: number | undefined): number {
  if (padding === 'same') return (more === undefined ? stride : (reach % 2) + more) - reach;
  return more === undefined ? Math.max(reach, stride) - reach : more;
}

function transposed(call: Call): Value {
  const { g, config } = call;
  const { window, strides, dilation, padding } = moves(call);
  const count = window.length;
  const given = x(call);
  const more = config.output_padding === null ? undefined : sizes(config.output_padding, count);
  const before: number[] = [];
  const after: number[] = [];
  const beyond: number[] = [];
  const lengths = window.map((size, axis): Dim => {
    const [reach, stride] = [(size - 1) * dilation[axis]! + 1, strides[axis]!];
    const over = surplus(padding, reach, stride, more?.[axis]);
    const first = padding === 'same' ? Math.floor(Math.max(-over, 0) / 2) : 0;
    const rest = over + first;
    before.push(first);
    after.push(Math.max(-rest, 0));
    beyond.push(Math.max(rest, 0));
    const length = given.dims[axis + 1]!;
    return length === null ? null : (length - 1) * stride + reach + over;
  });
  // `[places…, out, in]` as `[in, out, places…]`
  const kernel = kernelOf(call, 'kernel', count);
  const attributes = {
    kernel_shape: window,
    strides,
    dilations: dilation,
    pads: [...before, ...after],
    output_padding: beyond,
  };
  const rank = count + 2;
  const first = g.turn(given, channelsFirst(rank));
  const dims = [given.dims[0]!, kernel.dims[1]!, ...lengths];
  const y = g.node('ConvTranspose', [first, kernel, biasOf(call)], dims, attributes);
  return activated(call, config.activation, g.turn(y, channelsLast(rank)));
}

const pooling =
  (op: string) =>
  (call: Call): Value => {
    const channels = x(call).dims.at(-1)!;
    return windowed(call, op, x(call), [], moves(call), channels);
  };

/** One value for each channel. */
const global =
  (op: string) =>
  ({ g, config, inputs }: Call): Value => {
    const { value, mask } = inputs[0]!;
    const places = span(value.dims.length - 2, 1);
    if (!mask || op !== 'ReduceMean' || places.length > 1)
      return g.reduce(op, value, places, config.keepdims);
    // Steps that are masked do not count.
    const counts = g.cast(g.expand(mask, [2]), FLOAT);
    const sum = (of: Value): Value => g.reduce('ReduceSum', of, places, config.keepdims);
    return g.div(sum(g.mul(value, counts)), sum(counts));
  };

/** `activation(x · kernel + bias)` along the last axis. */
function dense(call: Call): Value {
  const { g, config } = call;
  const y = g.matmul(x(call), needed(call, 'kernel'));
  return activated(call, config.activation, g.add(y, biasOf(call)));
}

function depthwiseConv2D(call: Call): Value {
  const y = depthwise(call, 'kernel', biasOf(call), moves(call));
  return activated(call, call.config.activation, y);
}

/** By classes without the number of axes. */
export const WINDOWS = {
  Dense: dense,
  Conv: convolution,
  Conv2DTranspose: transposed,
  Conv3DTranspose: transposed,
  DepthwiseConv: depthwiseConv2D,
  SeparableConv: separable,
  MaxPooling: pooling('MaxPool'),
  AveragePooling: pooling('AveragePool'),
  GlobalMaxPooling: global('ReduceMax'),
  GlobalAveragePooling: global('ReduceMean'),
};
