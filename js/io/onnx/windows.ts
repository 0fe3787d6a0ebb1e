/** Layers whose windows move over sequences, pictures and volumes: convolutions and pooling. */
import { type Call, sizes } from './layer.js';
import { reachesOf } from './moves.js';
import { span, type Value } from './value.js';

/** A kernel `[places…, in, out]` as ONNX' `[out, in, places…]`. */
const kernelOf = (call: Call, name = 'kernel'): Value => {
  const count = call.x.rank - 2;
  return call.needed(name).laid([count + 1, count, ...span(count)]);
};

const convolution = (call: Call): Value =>
  call.activated(call.x.convolved(kernelOf(call), call.bias(), call.moves()));

/** A kernel for each channel: `[places…, c, multiplier]` as ONNX' `[c · multiplier, 1, places…]`. */
function depthwise(call: Call, name: string, bias?: Value): Value {
  const how = call.moves();
  const kernel = call.needed(name);
  const count = how.window.length;
  const [channels, multiplier] = kernel.dims.slice(count) as [number, number];
  const axes = [count, count + 1, ...span(count)];
  const weight = kernel.laid(axes, [channels * multiplier, 1, ...how.window]);
  return call.x.convolved(weight, bias, how, channels);
}

function separable(call: Call): Value {
  const ones = call.moves(undefined, { kernel_size: 1, strides: 1, padding: 'valid' });
  const each = depthwise(call, 'depthwise_kernel');
  return call.activated(each.convolved(kernelOf(call, 'pointwise_kernel'), call.bias(), ones));
}

/** The length of what is transposed less that of what its windows cover, which is the same for each length. */
function surplus(padding: string, reach: number, stride: number, more: number | undefined): number {
  if (padding === 'same') return (more === undefined ? stride : (reach % 2) + more) - reach;
  return more === undefined ? Math.max(reach, stride) - reach : more;
}

function transposed(call: Call): Value {
  const { config, x } = call;
  const how = call.moves();
  const { window, strides, dilation, padding } = how;
  const more = config.output_padding === null ? [] : sizes(config.output_padding, window.length);
  const all = reachesOf(how).map((reach, axis) => {
    const stride = strides[axis]!;
    const over = surplus(padding, reach, stride, more[axis]);
    const before = padding === 'same' ? Math.floor(Math.max(-over, 0) / 2) : 0;
    const rest = over + before;
    return {
      before,
      after: Math.max(-rest, 0),
      beyond: Math.max(rest, 0),
      length: (x.dims[axis + 1]! - 1) * stride + reach + over,
    };
  });
  // `[places…, out, in]` as `[in, out, places…]`
  const kernel = kernelOf(call);
  const attributes = {
    kernel_shape: window,
    strides,
    dilations: dilation,
    pads: [...all.map(({ before }) => before), ...all.map(({ after }) => after)],
    output_padding: all.map(({ beyond }) => beyond),
  };
  const dims = [x.dims[0]!, kernel.dims[1]!, ...all.map(({ length }) => length)];
  const y = call.g.node('ConvTranspose', [x.channelsFirst(), kernel, call.bias()], dims, attributes);
  return call.activated(y.channelsLast());
}

const pooling =
  (op: string) =>
  (call: Call): Value =>
    call.x.windowed(op, [], call.moves(), call.x.dims.at(-1)!);

/** One value for each channel. */
const global =
  (op: string) =>
  ({ config, x, mask }: Call): Value => {
    const places = x.places();
    const all = (value: Value, how = op): Value => value.reduce(how, places, config.keepdims);
    if (!mask || op !== 'ReduceMean' || places.length > 1) return all(x);
    // Steps that are masked do not count.
    const counts = mask.expand(2).cast('float');
    return all(x.mul(counts), 'ReduceSum').div(all(counts, 'ReduceSum'));
  };

/** By classes without the number of axes. */
export const WINDOWS = {
  Dense: (call: Call): Value => call.activated(call.x.matmul(call.needed('kernel')).add(call.bias())),
  Conv: convolution,
  Conv2DTranspose: transposed,
  Conv3DTranspose: transposed,
  DepthwiseConv: (call: Call): Value => call.activated(depthwise(call, 'kernel', call.bias())),
  SeparableConv: separable,
  MaxPooling: pooling('MaxPool'),
  AveragePooling: pooling('AveragePool'),
  GlobalMaxPooling: global('ReduceMax'),
  GlobalAveragePooling: global('ReduceMean'),
};
