/** Layers that change shapes, look rows up, or make pictures of one size. */
import { sizeOf } from '../../tensor/shape.js';
import { type Call, type Flow, sizes } from './layer.js';
import { type Dim, type Length, span, type Value } from './value.js';

/** The batch, which stays. */
const kept = (value: Value): Length => [value, 0];

function reshape({ config, x }: Call): Value {
  const target = config.target_shape as number[];
  const sample = x.dims.slice(1);
  if (sample.includes(Number.NaN)) return x.reshape([kept(x), ...target]);
  const left = sizeOf(sample) / sizeOf(target.filter((length) => length >= 0));
  return x.reshape([kept(x), ...target.map((length) => (length < 0 ? left : length))]);
}

function repeat({ g, config, x }: Call): Value {
  const rows = x.expand(1);
  const dims = [rows.dims[0]!, config.n, rows.dims[2]!];
  return g.node('Expand', [rows, [1, config.n, 1]], dims);
}

/** Places at both ends of each axis by a setting: a number, one for each axis, or two for each. They go if `sign` is −1. */
const edged =
  (key: string, sign: 1 | -1) =>
  ({ config, x }: Call): Value => {
    const [given, count] = [config[key], x.rank - 2];
    const isPair = Array.isArray(given) && count === 1 && !Array.isArray(given[0]);
    const all: unknown[] = isPair ? [given] : Array.isArray(given) ? given : Array(count).fill(given);
    const edges = all.map((one, axis) => {
      const [before, after] = sizes(one as number | number[], 2) as [number, number];
      return [axis + 1, sign * before, sign * after] as const;
    });
    return x.pad(edges);
  };

/** How pixels of another size are read: each in the middle of its square, in ONNX too if nothing else is said. */
const READING = {
  nearest: { nearest_mode: 'round_prefer_ceil' },
  bilinear: { mode: 'linear' },
};

/**
 * Pictures whose axes have these lengths. `target` are the inputs that say so: factors, or lengths. Channels first, as all
 * engines resize pictures; all axes are named, since not all know the attribute `axes`.
 */
function resized(
  x: Value,
  how: 'nearest' | 'bilinear',
  lengths: readonly Dim[],
  target: readonly (Value | undefined)[],
): Value {
  let first = x.channelsFirst();
  // onnxruntime moves transposes behind the op, which then fails for any other order: it leaves them before a new shape.
  if (first.turned && first.turned.of !== x) first = first.reshape(first.lengths());
  const dims = [x.dims[0]!, x.dims.at(-1)!, ...lengths];
  return x.g.node('Resize', [first, undefined, ...target], dims, READING[how]).channelsLast();
}
const resizedTo = (x: Value, how: 'nearest' | 'bilinear', size: readonly number[]): Value =>
  resized(x, how, size, [undefined, x.g.lengths([kept(x), [x, x.rank - 1], ...size])]);

function upSampling({ g, config, x }: Call): Value {
  const factors = sizes(config.size, x.rank - 2);
  const lengths = factors.map((factor, axis) => x.dims[axis + 1]! * factor);
  const all = g.weight('factors', Float32Array.of(1, 1, ...factors), [x.rank]);
  return resized(x, config.interpolation ?? 'nearest', lengths, [all]);
}

/** The height and width of pictures, which must be known. */
function pictureSize({ g, x }: Call): [number, number] {
  const [, height, width] = x.dims as [Dim, number, number];
  if (x.rank === 4 && height >= 0 && width >= 0) return [height, width];
  throw g.without('a picture of unknown size');
}

/** `a · b / c`, rounded down, and at least 1. */
const inProportion = (a: number, b: number, c: number): number => Math.max(1, Math.floor((a * b) / c));

/** The middle of pictures. */
const middle = (x: Value, ...size: number[]): Value =>
  x.pad(
    size.map((length, axis) => {
      const less = x.dims[axis + 1]! - length;
      const before = Math.floor(less / 2);
      return [axis + 1, -before, before - less] as const;
    }),
  );

/** The middle of pictures that has the proportions of the result. */
function inShape(call: Call): Value {
  const { height, width } = call.config;
  const [rows, columns] = pictureSize(call);
  const least = Math.min(inProportion(columns, height, width), rows);
  return middle(call.x, least, Math.min(inProportion(rows, width, height), columns));
}

function resizing(call: Call): Value {
  const { g, config, x } = call;
  const { height, width } = config;
  if (x.rank !== 4) throw g.without('a single picture');
  let picture = config.crop_to_aspect_ratio ? inShape(call) : x;
  if (config.pad_to_aspect_ratio) {
    const [rows, columns] = pictureSize(call);
    const wanted = [inProportion(columns, height, width), inProportion(rows, width, height)];
    const edges = [rows, columns].map((length, axis) => {
      const more = Math.floor(Math.max(wanted[axis]! - length, 0) / 2);
      return [axis + 1, more, more] as const;
    });
    picture = picture.pad(edges, config.fill_value);
  }
  return resizedTo(picture, config.interpolation, [height, width]);
}

function centerCrop(call: Call): Value {
  const { height, width } = call.config;
  const [rows, columns] = pictureSize(call);
  if (rows >= height && columns >= width) return middle(call.x, height, width);
  return resizedTo(inShape(call), 'bilinear', [height, width]);
}

function embedding(call: Call): Flow[] {
  const { g, x, config } = call;
  const rows = call.needed('embeddings');
  const value = g.node('Gather', [rows, x.cast('int64')], [...x.dims, rows.dims[1]!], { axis: 0 });
  return [{ value, mask: config.mask_zero ? x.isNot(0) : undefined }];
}

function masking({ x, config }: Call): Flow[] {
  const counts = x.isNot(config.mask_value).cast('float');
  const any = (keep: boolean): Value => counts.reduce('ReduceMax', [x.rank - 1], keep);
  return [{ value: x.mul(any(true)), mask: any(false).cast('bool') }];
}

function categories({ g, config, x, inputs }: Call): Value {
  const { num_tokens: count, output_mode: mode } = config;
  const weights = inputs[1]?.value;
  const isOneHot = mode === 'one_hot';
  const given = isOneHot && x.rank > 1 && x.dims.at(-1) === 1 ? x.squeeze(x.rank - 1) : x;
  const { rank } = given;
  if (!isOneHot && rank !== 2) throw g.without('numbers that are not in rows');
  const marks = given
    .cast('int64')
    .expand(rank)
    .is('Equal', g.whole(span(count)))
    .cast('float');
  if (isOneHot) return marks;
  if (mode === 'multi_hot') return marks.reduce('ReduceMax', [1]);
  return marks.mul(weights?.expand(rank)).reduce('ReduceSum', [1]);
}

/** By classes without the number of axes. */
export const SHAPES = {
  Flatten: ({ x }: Call): Value => x.reshape([kept(x), -1]),
  Reshape: reshape,
  Permute: ({ config, x }: Call): Value => x.turn([0, ...config.dims]),
  RepeatVector: repeat,
  ZeroPadding: edged('padding', 1),
  Cropping: edged('cropping', -1),
  UpSampling: upSampling,
  Resizing: resizing,
  CenterCrop: centerCrop,
  // Only training draws the place.
  RandomCrop: centerCrop,
  Embedding: embedding,
  Masking: masking,
  CategoryEncoding: categories,
};
