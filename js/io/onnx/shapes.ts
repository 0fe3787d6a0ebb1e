/** Layers that change shapes, look rows up, or make pictures of one size. */
import { type Dim, type Graph, type Length, lengthsFrom, product, span, type Value } from './graph.js';
import { type Call, type Flow, needed, sizes, without, x } from './layer.js';
import { BOOL, FLOAT, INT64 } from './proto.js';
import { channelsFirst, channelsLast } from './windows.js';

/** The batch, which stays. */
const kept = (value: Value): Length => [value, 0];

const flatten = (call: Call): Value => call.g.reshape(x(call), [kept(x(call)), -1]);

function reshape(call: Call): Value {
  const { g, config } = call;
  const given = x(call);
  const target = config.target_shape as number[];
  const sample = given.dims.slice(1);
  if (sample.includes(null)) return g.reshape(given, [kept(given), ...target]);
  const left = product(sample as number[]) / product(target.filter((length) => length >= 0));
  return g.reshape(given, [kept(given), ...target.map((length) => (length < 0 ? left : length))]);
}

function repeat(call: Call): Value {
  const { g, config } = call;
  const rows = g.expand(x(call), [1]);
  const dims = [rows.dims[0]!, config.n, rows.dims[2]!];
  return g.node('Expand', [rows, g.whole([1, config.n, 1])], dims);
}

/** A setting of places at both ends of each axis: a number, one for each axis, or two for each. */
function edgesOf(given: unknown, count: number): [number, number, number][] {
  const isPair = Array.isArray(given) && count === 1 && !Array.isArray(given[0]);
  const all: unknown[] = isPair ? [given] : Array.isArray(given) ? given : Array(count).fill(given);
  return all.map((one, axis) => {
    const [before, after] = Array.isArray(one) ? (one as [number, number]) : [one as number, one as number];
    return [axis + 1, before, after];
  });
}

const padding = (call: Call): Value =>
  call.g.pad(x(call), edgesOf(call.config.padding, x(call).dims.length - 2));
const cropping = (call: Call): Value =>
  call.g.pad(
    x(call),
    edgesOf(call.config.cropping, x(call).dims.length - 2).map(([axis, a, b]) => [axis, -a, -b]),
  );

/** How pixels of another size are read: each in the middle of its square, in ONNX too if nothing else is said. */
const READING = {
  nearest: { mode: 'nearest', nearest_mode: 'round_prefer_ceil' },
  bilinear: { mode: 'linear' },
};

/** By which factors places become more, or how long each axis becomes. */
type Target = { factors: readonly number[] } | { size: readonly number[] };

/** Channels first, as all engines resize pictures. All axes are named, since not all know the attribute `axes`. */
function resized(g: Graph, x: Value, how: 'nearest' | 'bilinear', target: Target): Value {
  const rank = x.dims.length;
  let first = g.turn(x, channelsFirst(rank));
  // onnxruntime moves transposes behind the op, which then fails for any other order: it leaves them before a new shape.
  if (first.turned && `${first.turned.axes}` !== `${channelsFirst(rank)}`)
    first = g.reshape(first, lengthsFrom(first));
  const of = (lengths: readonly Dim[], inputs: readonly (Value | undefined)[]): Value => {
    const dims = [x.dims[0]!, x.dims[rank - 1]!, ...lengths];
    return g.turn(g.node('Resize', [first, undefined, ...inputs], dims, READING[how]), channelsLast(rank));
  };
  if ('size' in target) {
    const all = g.lengths([[x, 0], [x, rank - 1], ...target.size]);
    return of(target.size, [undefined, all]);
  }
  const { factors } = target;
  const lengths = factors.map((factor, axis): Dim => {
    const length = x.dims[axis + 1] as Dim;
    return length === null ? null : length * factor;
  });
  return of(lengths, [g.weight('factors', Float32Array.of(1, 1, ...factors), [rank])]);
}

function upSampling(call: Call): Value {
  const { g, config } = call;
  const given = x(call);
  const factors = sizes(config.size, given.dims.length - 2);
  return resized(g, given, config.interpolation ?? 'nearest', { factors });
}

/** The height and width of pictures, which must be known. */
function pictureSize(call: Call): [number, number] {
  const dims = x(call).dims;
  const [height, width] = dims.slice(1, 3);
  if (dims.length !== 4 || typeof height !== 'number' || typeof width !== 'number')
    throw without(call, 'a picture of unknown size');
  return [height, width];
}

/** `a · b / c`, rounded down, and at least 1. */
const inProportion = (a: number, b: number, c: number): number => Math.max(1, Math.floor((a * b) / c));

/** The middle of pictures. */
const middle = (g: Graph, x: Value, height: number, width: number): Value =>
  g.pad(
    x,
    [height, width].map((length, axis) => {
      const less = (x.dims[axis + 1] as number) - length;
      const before = Math.floor(less / 2);
      return [axis + 1, -before, before - less] as const;
    }),
  );

/** The middle of pictures that has the proportions of the result. */
function inShape(call: Call): Value {
  const { height, width } = call.config;
  const [rows, columns] = pictureSize(call);
  const least = Math.min(inProportion(columns, height, width), rows);
  return middle(call.g, x(call), least, Math.min(inProportion(rows, width, height), columns));
}

function resizing(call: Call): Value {
  const { g, config } = call;
  const { height, width } = config;
  let picture = x(call);
  if (picture.dims.length !== 4) throw without(call, 'a single picture');
  if (config.crop_to_aspect_ratio) picture = inShape(call);
  if (config.pad_to_aspect_ratio) {
    const [rows, columns] = pictureSize(call);
    const missing = (length: number, wanted: number): number => Math.floor(Math.max(wanted - length, 0) / 2);
    const down = missing(rows, inProportion(columns, height, width));
    const across = missing(columns, inProportion(rows, width, height));
    const edges = [
      [1, down, down],
      [2, across, across],
    ] as const;
    picture = g.pad(picture, edges, config.fill_value);
  }
  return resized(g, picture, config.interpolation, { size: [height, width] });
}

function centerCrop(call: Call): Value {
  const { g, config } = call;
  const { height, width } = config;
  const [rows, columns] = pictureSize(call);
  if (rows >= height && columns >= width) return middle(g, x(call), height, width);
  return resized(g, inShape(call), 'bilinear', { size: [height, width] });
}

function embedding(call: Call): Flow[] {
  const { g, config } = call;
  const rows = needed(call, 'embeddings');
  const given = x(call);
  const value = g.node('Gather', [rows, g.cast(given, INT64)], [...given.dims, rows.dims[1]!], { axis: 0 });
  if (!config.mask_zero) return [{ value }];
  return [{ value, mask: g.each('Not', [g.equal(given, g.number(0))]) }];
}

function masking(call: Call): Flow[] {
  const { g, config } = call;
  const given = x(call);
  const counts = g.cast(g.each('Not', [g.equal(given, g.number(config.mask_value))]), FLOAT);
  const last = given.dims.length - 1;
  const value = g.mul(given, g.reduce('ReduceMax', counts, [last], true));
  return [{ value, mask: g.cast(g.reduce('ReduceMax', counts, [last]), BOOL) }];
}

function categories(call: Call): Value {
  const { g, config, inputs } = call;
  const { num_tokens: count, output_mode: mode } = config;
  let given = x(call);
  const [, weights] = inputs;
  if (mode === 'one_hot' && given.dims.length > 1 && given.dims.at(-1) === 1)
    given = g.squeeze(given, given.dims.length - 1);
  const rank = given.dims.length;
  if (mode !== 'one_hot' && rank !== 2) throw without(call, 'numbers that are not in rows');
  const classes = g.whole(span(count));
  const marks = g.cast(g.equal(g.expand(g.cast(given, INT64), [rank]), classes), FLOAT);
  if (mode === 'one_hot') return marks;
  if (mode === 'multi_hot') return g.reduce('ReduceMax', marks, [1]);
  return g.reduce('ReduceSum', weights ? g.mul(marks, g.expand(weights.value, [rank])) : marks, [1]);
}

/** By classes without the number of axes. */
export const SHAPES = {
  Flatten: flatten,
  Reshape: reshape,
  Permute: ({ g, config, inputs }: Call): Value => g.turn(inputs[0]!.value, [0, ...config.dims]),
  RepeatVector: repeat,
  ZeroPadding: padding,
  Cropping: cropping,
  UpSampling: upSampling,
  Resizing: resizing,
  CenterCrop: centerCrop,
  // Only training draws the place.
  RandomCrop: centerCrop,
  Embedding: embedding,
  Masking: masking,
  CategoryEncoding: categories,
};
