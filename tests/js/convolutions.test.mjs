// Convolutions, poolings and blocks of pictures and volumes against their definitions in double precision, and their first
// and second derivatives against small steps. Layers of this family: what Keras' numbers do not show.
import { assert, mapling, test } from './mapling.mjs';

const { grad, gradCheck, layers, randomUniform, sequential, tensor } = mapling;

const values = (x) => Array.from(x.dataSync());
const random = (shape, seed = 1) => randomUniform(shape, -1, 1, 'float32', seed);
function near(got, want, allowed = 1e-5) {
  assert.deepEqual(got.length, want.length);
  const most = Math.max(1, ...want.map(Math.abs));
  const wrong = want.findIndex((value, at) => !(Math.abs(got[at] - value) <= allowed * most));
  assert.ok(wrong < 0, `[${wrong}]: ${got[wrong]}, expected ${want[wrong]}`);
}

/** All places of a shape, in order. */
function* places(shape) {
  const size = shape.reduce((product, length) => product * length, 1);
  for (let at = 0; at < size; at++) {
    let rest = at;
    yield shape.map((_, axis) => {
      const inner = shape.slice(axis + 1).reduce((product, length) => product * length, 1);
      const place = Math.floor(rest / inner);
      rest %= inner;
      return place;
    });
  }
}
const index = (shape, place) => place.reduce((at, one, axis) => at * shape[axis] + one, 0);

/**
 * For each window of `x`, whose first and last axes are batch and channels: its place, and the places in the picture of
 * its taps, undefined outside.
 */
function windows(x, size, { strides, dilations = size.map(() => 1), same = false }) {
  const lengths = x.shape.slice(1, -1);
  const reach = size.map((length, axis) => (length - 1) * dilations[axis] + 1);
  const counts = lengths.map((length, axis) =>
    same ? Math.ceil(length / strides[axis]) : Math.floor((length - reach[axis]) / strides[axis]) + 1,
  );
  const before = lengths.map((length, axis) =>
    same ? Math.floor(Math.max((counts[axis] - 1) * strides[axis] + reach[axis] - length, 0) / 2) : 0,
  );
  const seen = (window) =>
    [...places(size)].map((tap) => {
      const at = tap.map((one, axis) => window[axis] * strides[axis] + one * dilations[axis] - before[axis]);
      return at.every((one, axis) => one >= 0 && one < lengths[axis]) ? at : undefined;
    });
  return { counts, seen };
}

/** What `combine` makes of the values of each window of each channel; taps outside are left out. */
function pooled(x, size, how, combine) {
  const { counts, seen } = windows(x, size, how);
  const data = values(x);
  const shape = [x.shape[0], ...counts, x.shape.at(-1)];
  return [...places(shape)].map((place) => {
    const [n, c] = [place[0], place.at(-1)];
    const taps = seen(place.slice(1, -1)).map(
      (at, tap) => at && { tap, value: data[index(x.shape, [n, ...at, c])], c },
    );
    return combine(taps.filter(Boolean));
  });
}

function convolved(x, kernel, how) {
  const size = kernel.shape.slice(0, -2);
  const { counts, seen } = windows(x, size, how);
  const [data, weights] = [values(x), values(kernel)];
  const [c, f] = kernel.shape.slice(-2);
  return [...places([x.shape[0], ...counts, f])].map((place) => {
    let sum = 0;
    for (const [tap, at] of seen(place.slice(1, -1)).entries()) {
      for (let channel = 0; at && channel < c; channel++)
        sum +=
          data[index(x.shape, [place[0], ...at, channel])] * weights[(tap * c + channel) * f + place.at(-1)];
    }
    return sum;
  });
}

const greatest = (taps) => Math.max(...taps.map(({ value }) => value));
const mean = (taps) => taps.reduce((sum, { value }) => sum + value, 0) / taps.length;

const VOLUMES = [
  [[1, 4, 5, 3, 2], [2, 3, 1, 2, 3], { strides: [1, 1, 1] }],
  [[2, 3, 4, 4, 1], [2, 2, 3, 1, 2], { strides: [2, 1, 2], same: true }],
  [[1, 5, 3, 6, 2], [2, 1, 3, 2, 1], { strides: [1, 1, 1], dilations: [3, 1, 2] }],
  [[1, 5, 4, 3, 2], [3, 2, 2, 2, 2], { strides: [1, 1, 1], dilations: [2, 1, 2], same: true }],
];

test('conv3d and conv3dTranspose are the sums over their windows, and each other’s transpose', () => {
  for (const [shape, filter, how] of VOLUMES) {
    const [x, kernel] = [random(shape), random(filter, 2)];
    const edges = how.same ? 'same' : 'valid';
    const y = mapling.conv3d(x, kernel, how.strides, edges, 'NDHWC', how.dilations ?? 1);
    near(values(y), convolved(x, kernel, how));
    if (how.dilations) continue;
    // sum(conv3d(x) · z) = sum(x · conv3dTranspose(z)), whatever z is.
    const z = random(y.shape, 3);
    const back = mapling.conv3dTranspose(z, kernel, x.shape, how.strides, edges);
    near(values(x.mul(back).sum()), values(y.mul(z).sum()));
    const pictures = random([2, 5, 6, 2], 4);
    const [plane] = [random([2, 3, 2, 4], 5)];
    const flat = mapling.conv2d(pictures, plane, how.strides.slice(1), edges);
    const other = random(flat.shape, 6);
    const transposed = mapling.conv2dTranspose(other, plane, pictures.shape, how.strides.slice(1), edges);
    near(values(pictures.mul(transposed).sum()), values(flat.mul(other).sum()));
  }
  const single = mapling.conv3d(random([4, 5, 3, 2]), random([2, 3, 1, 2, 3], 2), 1, 'valid');
  near(
    values(single),
    values(mapling.conv3d(random([4, 5, 3, 2]).expandDims(0), random([2, 3, 1, 2, 3], 2), 1, 'valid')),
  );
  assert.deepEqual(single.shape, [3, 3, 3, 3]);
});

test('one-dimensional, depthwise and separable convolutions take numbers as padding', () => {
  const [x, kernel] = [random([1, 5, 2]), random([3, 2, 3], 2)];
  const padded = mapling.conv1d(x, kernel, 1, 1);
  near(values(padded), values(mapling.conv1d(x, kernel, 1, 'same')));
  const [picture, own] = [random([5, 6, 3]), random([3, 3, 3, 2], 2)];
  near(values(picture.depthwiseConv2d(own, 1, 1)), values(picture.depthwiseConv2d(own, 1, 'same')));
  const first = picture.transpose([2, 0, 1]);
  const turned = mapling.depthwiseConv2d(first, own, [2, 1], 'same', 'NCHW').transpose([1, 2, 0]);
  near(values(turned), values(mapling.depthwiseConv2d(picture, own, [2, 1], 'same')));
  const mixing = random([1, 1, 6, 2], 3);
  const separable = picture.separableConv2d(own, mixing, 1, 'same');
  near(values(separable), values(picture.depthwiseConv2d(own, 1, 'same').conv2d(mixing, 1, 'valid')));
});

test('pooling of volumes takes the greatest or the mean of what lies inside', () => {
  const x = random([2, 4, 5, 3, 2]);
  for (const [size, strides, edges] of [
    [2, 2, 'valid'],
    [[2, 3, 2], [1, 2, 1], 'same'],
    [3, [3, 1, 2], 'same'],
    [1, 1, 'valid'],
  ]) {
    const [full, steps] = [size, strides].map((one) => [one].flat().concat(one, one).slice(0, 3));
    const how = { strides: steps, same: edges === 'same' };
    near(values(mapling.maxPool3d(x, size, strides, edges)), pooled(x, full, how, greatest));
    near(values(mapling.avgPool3d(x, size, strides, edges)), pooled(x, full, how, mean));
  }
  const one = x.slice(0, 1).squeeze([0]);
  assert.deepEqual(mapling.maxPool3d(one, 2, 1, 'valid').shape, [3, 4, 2, 2]);
  // Padding by a number does not count in means either.
  near(values(mapling.avgPool3d(x, 3, 1, 1)), values(mapling.avgPool3d(x, 3, 1, 'same')));
});

test('pool takes the greatest or the mean of pixels that lie apart', () => {
  const x = random([2, 7, 6, 3]);
  for (const [size, apart] of [
    [
      [2, 3],
      [1, 1],
    ],
    [
      [2, 2],
      [2, 3],
    ],
    [
      [3, 1],
      [3, 2],
    ],
  ]) {
    const how = { strides: [1, 1], dilations: apart };
    near(values(mapling.pool(x, size, 'max', 'valid', apart, 1)), pooled(x, size, how, greatest));
    near(values(x.pool(size, 'avg', 'valid', apart)), pooled(x, size, how, mean));
    const zeros = (taps) => taps.reduce((sum, { value }) => sum + value, 0) / (size[0] * size[1]);
    // As in TensorFlow.js: beside dilations the zeros of the padding count.
    const combine = apart.every((one) => one === 1) ? mean : zeros;
    near(
      values(mapling.pool(x, size, 'avg', 'same', apart, 1)),
      pooled(x, size, { ...how, same: true }, combine),
    );
  }
  near(values(mapling.pool(x, 2, 'max', 'same', 1, 2)), values(mapling.maxPool(x, 2, 2, 'same')));
});

test('maxPoolWithArgmax tells where the greatest stands first', () => {
  const x = random([2, 5, 6, 3]);
  for (const [size, strides, edges] of [
    [2, 2, 'valid'],
    [[3, 2], [1, 2], 'same'],
  ]) {
    const { result, indexes } = mapling.maxPoolWithArgmax(x, size, strides, edges, true);
    assert.deepEqual(values(result), values(mapling.maxPool(x, size, strides, edges)));
    assert.deepEqual(indexes.dtype, 'int32');
    const data = values(x);
    assert.deepEqual(
      values(indexes).map((at) => data[at]),
      values(result),
    );
    const own = mapling.maxPoolWithArgmax(x, size, strides, edges).indexes;
    assert.deepEqual(
      values(own),
      values(indexes).map((at) => at % 90),
    );
  }
  const equal = mapling.maxPoolWithArgmax(mapling.ones([1, 2, 2, 1]), 2, 2, 'valid');
  assert.deepEqual(values(equal.indexes), [0]);
});

test('dilation2d is the greatest sum of a pixel and its tap', () => {
  const [x, filter] = [random([2, 5, 6, 3]), random([2, 3, 3], 2)];
  const weights = values(filter);
  const sums = (taps) => Math.max(...taps.map(({ tap, value, c }) => value + weights[tap * 3 + c]));
  for (const how of [
    { strides: [1, 1] },
    { strides: [2, 1], same: true },
    { strides: [1, 1], dilations: [2, 2], same: true },
  ]) {
    const edges = how.same ? 'same' : 'valid';
    const y = x.dilation2d(filter, how.strides, edges, how.dilations ?? 1);
    near(values(y), pooled(x, [2, 3], how, sums));
    near(values(mapling.dilation2d(x, filter, how.strides, edges, how.dilations ?? 1)), values(y));
  }
});

test('localResponseNormalization divides by the channels around', () => {
  const x = random([2, 2, 3, 7]);
  const [data, c] = [values(x), 7];
  const expected = data.map((value, at) => {
    let sum = 0;
    for (let other = Math.max((at % c) - 2, 0); other <= Math.min((at % c) + 2, c - 1); other++)
      sum += data[at - (at % c) + other] ** 2;
    return value / (1.5 + 0.3 * sum) ** 0.75;
  });
  near(values(mapling.localResponseNormalization(x, 2, 1.5, 0.3, 0.75)), expected);
  near(values(x.localResponseNormalization()), values(x.div(x.square().sum(-1, true).add(1).sqrt())), 0.5);
});

test('blocks move between batch, space and channels as TensorFlow lays them out', () => {
  const x = tensor([1, 2, 3, 4, 5, 6, 7, 8], [1, 1, 2, 4]);
  assert.deepEqual(values(mapling.depthToSpace(x, 2)), [1, 2, 5, 6, 3, 4, 7, 8]);
  assert.deepEqual(x.depthToSpace(2).shape, [1, 2, 4, 1]);
  const first = mapling.depthToSpace(x.transpose([0, 3, 1, 2]), 2, 'NCHW');
  assert.deepEqual(
    [first.shape, values(first)],
    [
      [1, 1, 2, 4],
      [1, 2, 5, 6, 3, 4, 7, 8],
    ],
  );
  const counted = mapling.range(1, 17, 1, 'int32').reshape([1, 4, 4, 1]);
  const none = [
    [0, 0],
    [0, 0],
  ];
  const batch = mapling.spaceToBatchND(counted, [2, 2], none);
  assert.deepEqual([batch.shape, batch.dtype], [[4, 2, 2, 1], 'int32']);
  assert.deepEqual(values(batch), [1, 3, 9, 11, 2, 4, 10, 12, 5, 7, 13, 15, 6, 8, 14, 16]);
  assert.deepEqual(values(mapling.batchToSpaceND(batch, [2, 2], none)), values(counted));
  // Three axes, padding that is cut off again, and blocks of different lengths.
  const volume = random([2, 3, 5, 2, 2]);
  const around = [
    [1, 0],
    [0, 1],
    [1, 1],
  ];
  const spread = volume.spaceToBatchND([2, 3, 4], around);
  assert.deepEqual(spread.shape, [48, 2, 2, 1, 2]);
  assert.deepEqual(values(spread.batchToSpaceND([2, 3, 4], around)), values(volume));
});

const OPS = {
  conv1d: [(x, k) => mapling.conv1d(x, k, 2, 'same'), [1, 5, 2], [3, 2, 2]],
  conv3d: [(x, k) => mapling.conv3d(x, k, [1, 2, 1], 'same'), [1, 3, 3, 2, 1], [2, 2, 1, 1, 2]],
  conv2dTranspose: [
    (x, k) => mapling.conv2dTranspose(x, k, [1, 4, 5, 2], 2, 'same'),
    [1, 2, 3, 1],
    [3, 2, 2, 1],
  ],
  conv3dTranspose: [
    (x, k) => mapling.conv3dTranspose(x, k, [1, 3, 2, 3, 1], [2, 1, 2], 'same'),
    [1, 2, 2, 2, 2],
    [2, 2, 1, 1, 2],
  ],
  depthwiseConv2d: [(x, k) => mapling.depthwiseConv2d(x, k, [2, 1], 'same'), [1, 4, 3, 2], [2, 3, 2, 2]],
  separableConv2d: [
    (x, k, p) => mapling.separableConv2d(x, k, p, 1, 'valid'),
    [1, 3, 3, 2],
    [2, 2, 2, 1],
    [1, 1, 2, 2],
  ],
  avgPool3d: [(x) => mapling.avgPool3d(x, 2, 1, 'same'), [1, 2, 3, 2, 2]],
  maxPool3d: [(x) => mapling.maxPool3d(x.mul(5), 2, 1, 'same'), [1, 2, 3, 2, 1]],
  pool: [(x) => mapling.pool(x, 2, 'avg', 'same', 2), [1, 4, 3, 1]],
  dilation2d: [(x, k) => mapling.dilation2d(x.mul(20), k, 1, 'same'), [1, 3, 3, 1], [2, 2, 1]],
  localResponseNormalization: [(x) => mapling.localResponseNormalization(x, 1), [1, 1, 2, 4]],
  depthToSpace: [(x) => mapling.depthToSpace(x, 2), [1, 1, 2, 4]],
  spaceToBatchND: [(x) => mapling.spaceToBatchND(x, [2], [[1, 0]]), [1, 3, 2]],
  batchToSpaceND: [(x) => mapling.batchToSpaceND(x, [2], [[0, 1]]), [2, 2, 2]],
};
for (const [name, [f, ...shapes]] of Object.entries(OPS)) {
  test(`the first and second derivatives of ${name} are what small steps show`, () => {
    const inputs = shapes.map((shape, at) => random(shape, 7 + at));
    const weighted = (...given) => {
      const y = f(...given);
      return y.mul(random(y.shape, 5)).sum();
    };
    const checked = gradCheck(weighted, inputs);
    assert.ok(checked.ok, `off by ${checked.maxDifference}`);
    // The gradient of the square by the first input, as a function of all.
    const slope = (...given) => {
      const [x, ...rest] = given;
      const dx = grad((one) =>
        f(one, ...rest)
          .square()
          .sum(),
      )(x);
      return dx.mul(random(dx.shape, 3)).sum();
    };
    const second = gradCheck(slope, inputs, { tolerance: 0.02 });
    assert.ok(second.ok, `the second is off by ${second.maxDifference}`);
  });
}

test('what no convolution can do is refused by name, and nothing breaks', () => {
  const x = random([1, 4, 4, 2]);
  const volume = random([1, 3, 3, 3, 2]);
  for (const [call, code, message] of [
    [() => mapling.conv1d(x, random([3, 2, 2])), 'shape', /^conv1d: expected 2 or 3 axes/],
    [() => mapling.conv1d(random([1, 4, 2]), random([3, 3, 2])), 'shape', /^conv1d: .*2 channels/],
    [() => mapling.conv1d(random([1, 4, 2]), random([5, 2, 2])), 'shape', /larger/],
    [() => mapling.conv1d(random([1, 4, 2]), random([3, 2, 2]), 1, 'causal'), 'value', /^conv1d: pad/],
    [() => mapling.conv1d(random([1, 4, 2]), random([3, 2, 2]), 1, 'same', 'NCW'), 'value', /NWC/],
    [() => mapling.conv3d(x, random([1, 1, 1, 4, 2]), 1, 'valid', 'NCDHW'), 'value', /NDHWC/],
    [() => mapling.conv3d(volume, random([4, 1, 1, 2, 1])), 'shape', /larger/],
    [() => mapling.conv3d(volume, random([1, 1, 1, 3, 1])), 'shape', /channels/],
    [
      () => mapling.conv3d(volume, random([1, 1, 1, 2, 1]), [1, 2]),
      'value',
      /^conv3d: strides: expected 1 or 3/,
    ],
    [
      () => mapling.conv3d(volume, random([2, 1, 1, 2, 1]), 1, 'valid', 'NDHWC', 2 ** 30),
      'memory|shape',
      /^conv3d: /,
    ],
    [() => mapling.depthwiseConv2d(x, random([2, 2, 3, 1])), 'shape', /^depthwiseConv2d: .*channels/],
    [() => mapling.depthwiseConv2d(x, random([5, 2, 2, 1])), 'shape', /larger/],
    [() => mapling.depthwiseConv2d(x, random([2, 2, 2])), 'shape', /4 axes/],
    [() => mapling.separableConv2d(x, random([2, 2, 2, 1]), random([1, 1, 3, 1])), 'shape', /pointwise/],
    [() => mapling.conv2dTranspose(x, random([3, 3, 1, 2]), [1, 9, 9, 1], 1, 'same'), 'shape', /not a size/],
    [() => mapling.conv2dTranspose(x, random([3, 3, 1, 2]), [2, 4, 4, 1], 1, 'same'), 'shape', /outputShape/],
    [() => mapling.conv2dTranspose(x, random([3, 3, 1, 2]), [1, 4, 4, 1], 1, -1), 'value', /pad/],
    [
      () => mapling.conv2dTranspose(x, random([3, 3, 1, 2]), [1, 2 ** 31, 4, 1], 2 ** 30, 'valid'),
      '',
      /^conv2dTranspose: /,
    ],
    [() => mapling.conv3dTranspose(volume, random([1, 1, 1, 1, 2]), [1, 3, 3, 4, 1]), 'shape', /not a size/],
    [() => mapling.pool(x, 2, 'sum'), 'value', /poolingType/],
    [() => mapling.pool(x, 2, 'max', 'valid', 2, 2), 'value', /either strides or dilations/],
    [() => mapling.maxPool3d(volume, 4, 1, 'valid'), 'shape', /larger/],
    [() => mapling.maxPoolWithArgmax(random([4, 4, 2]), 2, 2, 'valid'), 'shape', /4 axes/],
    [() => mapling.dilation2d(x, random([2, 2, 3])), 'shape', /^dilation2d/],
    [() => mapling.dilation2d(x, random([5, 2, 2])), 'shape', /larger/],
    [() => mapling.localResponseNormalization(x, -1), 'value', /depthRadius/],
    [() => mapling.depthToSpace(x, 2), 'shape', /2 channels/],
    [() => mapling.spaceToBatchND(x, [3], [[0, 0]]), 'shape', /blocks of 3/],
    [() => mapling.spaceToBatchND(x, [2], []), 'shape', /1 pairs/],
    [() => mapling.batchToSpaceND(x, [2], [[0, 0]]), 'shape', /1 samples/],
    [() => mapling.batchToSpaceND(x, [1], [[3, 3]]), 'shape', /crops/],
  ]) {
    assert.throws(
      call,
      (error) => new RegExp(code).test(error.code) && message.test(error.message),
      `${call}`,
    );
  }
});

test('layers of this family refuse what no window fits, sizes out of range and settings that are none', () => {
  for (const [call, message] of [
    [() => layers.conv1d({ filters: 1, kernelSize: 5 }).apply(random([1, 4, 2])), /larger/],
    [() => layers.conv1d({ filters: 0, kernelSize: 5 }), /^Conv1D: `filters` must be at least 1/],
    [() => layers.conv1d({ filters: 1, kernelSize: [2, 2] }), /kernelSize/],
    [() => layers.conv1d({ filters: 1, kernelSize: 2, padding: 'casual' }), /`valid`, `same` or `causal`/],
    [
      () => layers.conv1d({ filters: 1, kernelSize: 2, dilationRate: 2 ** 31 }).apply(random([1, 4, 2])),
      /larger/,
    ],
    [() => layers.conv1d({ filters: 1, kernelSize: 2 }).apply(random([1, 4, 2, 1])), /\[time, features\]/],
    [() => layers.conv2d({ filters: 1, kernelSize: 2, padding: 'causal' }), /`valid` or `same`/],
    [
      () => layers.conv2dTranspose({ filters: 1, kernelSize: 2, outputPadding: 1 }),
      /outputPadding.*below the strides/,
    ],
    [
      () =>
        layers
          .conv2dTranspose({ filters: 1, kernelSize: 1, strides: 2 ** 31 - 1 })
          .apply(random([1, 2, 2, 1])),
      /fit into memory|too large|Memory|bytes/,
    ],
    [() => layers.depthwiseConv2d({ kernelSize: 3, depthMultiplier: 0 }), /depthMultiplier/],
    [() => layers.depthwiseConv2d({ kernelSize: 3, filters: 2 }), /unknown key "filters"/],
    [() => layers.separableConv2d({ filters: 1, kernelSize: 3 }).apply(random([1, 2, 4, 1])), /larger/],
    [
      () => layers.conv3d({ filters: 1, kernelSize: 3 }).apply(random([1, 4, 4, 1])),
      /\[depth, height, width, channels\]/,
    ],
    [() => layers.maxPooling1d({ poolSize: 5 }).apply(random([1, 4, 2])), /larger/],
    [() => layers.maxPooling3d({ poolSize: 0 }), /poolSize/],
    [() => layers.upSampling2d({ size: 0 }), /size/],
    [() => layers.upSampling2d({ interpolation: 'cubic' }), /`nearest` or `bilinear`/],
    [() => layers.upSampling2d({ size: 2 ** 30 }).apply(random([1, 2, 2, 1])), /memory/],
    [() => layers.cropping1d({ cropping: 2 }).apply(random([1, 4, 2])), /nothing is left/],
    [() => layers.zeroPadding3d({ padding: [1, 2] }), /three of them/],
  ])
    assert.throws(call, { message }, `${call}`);
});

test('a causal convolution sees nothing that comes later', () => {
  const layer = layers.conv1d({
    filters: 2,
    kernelSize: 3,
    padding: 'causal',
    dilationRate: 2,
    inputShape: [9, 2],
  });
  const model = sequential({ layers: [layer] });
  const x = random([1, 9, 2]);
  const later = x.mul(tensor([1, 1, 1, 1, 1, 0, 0, 0, 0], [1, 9, 1]));
  const [all, cut] = [x, later].map((one) => model.predict(one).slice([0, 0, 0], [1, 5, 2]));
  assert.deepEqual(values(all), values(cut));
});

test('every name of a pooling layer makes that layer', () => {
  const x = random([2, 6, 3]);
  for (const [kind, names] of [
    ['max', ['maxPooling1d', 'maxPool1d']],
    ['avg', ['averagePooling1d', 'avgPooling1d', 'avgPool1d']],
  ]) {
    const how = { strides: [2], same: false };
    for (const name of names)
      near(
        values(layers[name]({ poolSize: 2 }).apply(x)),
        pooled(x, [2], how, kind === 'max' ? greatest : mean),
      );
  }
  const volume = random([1, 4, 4, 2, 2]);
  for (const name of ['maxPooling3d', 'maxPool3d'])
    near(values(layers[name]().apply(volume)), values(mapling.maxPool3d(volume, 2, 2, 'valid')));
  for (const name of ['averagePooling3d', 'avgPooling3d', 'avgPool3d'])
    near(values(layers[name]().apply(volume)), values(mapling.avgPool3d(volume, 2, 2, 'valid')));
});
