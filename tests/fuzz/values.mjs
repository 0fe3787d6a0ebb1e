// What calls are given. A value is a text, which stands in the report of a failure, and how it is made: anew for each
// call, so that no call sees what another has done. Parts of a value are what is left of it when it is made smaller.

/** What a caller's own function or getter throws. */
const MINE = 'thrown by the caller';

/** What one call has made: the errors that its own functions throw, and the models that may have to be stopped. */
export class Call {
  thrown = new Set();
  models = [];
  constructor(mapling) {
    this.mapling = mapling;
  }
  fail = () => {
    const error = new Error(MINE);
    this.thrown.add(error);
    throw error;
  };
  /** A function of the caller's: what goes wrong in it is the caller's. */
  own =
    (action) =>
    (...args) => {
      try {
        return action(...args);
      } catch (error) {
        this.thrown.add(error);
        throw error;
      }
    };
  /** What is wrong with an error that hides the caller's, if it does. */
  hides(error) {
    return !this.thrown.has(error) && String(error?.message).includes(MINE);
  }
}

export const value = (text, make, parts = []) => ({ text, make, parts });
const plain = (text, made) => value(text, () => made);

const NUMBERS = ['0', '1', '2', '3', '-1', '-2', '0.5', '4', '5', '7'];
const HUGE = [
  'NaN', 'Infinity', '-Infinity', '-0', '2 ** 31', '2 ** 32', '2 ** 32 + 1', '-(2 ** 31)', '2 ** 53', '-(2 ** 53)',
  '1e300', '-1e300', '5e-324', '1e10', '1.5', '-0.1', '2 ** 31 - 1', '3e38', '4e38', '1e-45',
]; // biome-ignore format: a list
const MEDIUM = ['64', '100', '255', '1000'];
const evaluated = (text) => plain(text, new Function(`return (${text})`)());

const SMALL_NUMBERS = NUMBERS.map(evaluated);
const HUGE_NUMBERS = HUGE.map(evaluated);
const MEDIUM_NUMBERS = MEDIUM.map(evaluated);

const nested = (depth, wrap) => {
  let inner = 1;
  for (let at = 0; at < depth; at++) inner = wrap(inner);
  return inner;
};
const DEEP = {
  array: nested(20_000, (inner) => [inner]),
  object: nested(20_000, (inner) => ({ inner })),
  config: nested(200, (config) => ({ className: 'Dense', config })),
};

const revoked = (target) => {
  const { proxy, revoke } = Proxy.revocable(target, {});
  revoke();
  return proxy;
};
const detached = () => {
  const array = Float32Array.of(1, 2, 3, 4);
  structuredClone(array, { transfer: [array.buffer] });
  return array;
};
const TRAPS = [
  'get',
  'has',
  'ownKeys',
  'getOwnPropertyDescriptor',
  'getPrototypeOf',
  'set',
  'defineProperty',
];

/** Values that fit nowhere, or only by chance; `from` is the call that they are made for. */
const ODD = [
  ...['undefined', 'null', 'true', 'false', "''", "'text'", "'__proto__'", "'constructor'", "'toString'"].map(
    evaluated,
  ),
  ...[
    "'hasOwnProperty'",
    "'a\\0b'",
    "'\\ud800'",
    "'a'.repeat(100000)",
    "'1'",
    "'NaN'",
    '5n',
    '10n ** 400n',
  ].map(evaluated),
  value("Symbol('odd')", () => Symbol('odd')),
  value('Symbol.iterator', () => Symbol.iterator),
  ...[
    '[]',
    '[-1]',
    '[NaN]',
    '[null]',
    '[undefined]',
    '[[1], [2, 3]]',
    '[[1, 2], 3]',
    '[[], []]',
    '[[]]',
    '[, 1]',
    '[1, , 3]',
    "['a']",
    '[5n]',
    '[{}]',
    '[[[[[[[[1]]]]]]]]',
    'new Array(1000)',
    'new Array(2 ** 20)',
    '[1e300]',
    '[2 ** 31]',
    '[true, 2]',
    '[1, true]',
    '[[1, 2], [3, 4]]',
    "['a', 'b']",
    '[() => 1]',
    "[Symbol('odd')]",
    '[[null, 3]]',
    '[[NaN]]',
    '{}',
    'Object.create(null)',
    '{ length: 3 }',
    '{ length: -1 }',
    '{ length: 2 ** 53 }',
    'JSON.parse(\'{"__proto__": 1}\')',
    '{ constructor: 1 }',
    '{ constructor: null }',
    '{ toString: null }',
    '{ shape: [2], dtype: "float32" }',
    '{ shape: [2], dtype: "float32", rank: 1, values: [1, 2] }',
    '{ className: "Dense", config: {} }',
    '{ className: {} }',
    '{ class_name: "Dense", config: null }',
    '{ name: {} }',
    '{ name: "__proto__" }',
    '{ 0: 1, 1: 2 }',
    '{ "": 1 }',
    '{ toCore: () => ({}) }',
    '{ toCore: () => 5n }',
    '{ apply: () => 1 }',
    '{ call: () => 1 }',
    '{ raw: () => 1 }',
    '{ getClassName: () => 5 }',
    '{ toJSON: () => 5n }',
    '{ values: [1, 2], shape: [2] }',
    '{ valueOf: () => 3 }',
    'new Date(0)',
    '/x/',
    'new Map()',
    'new Map([[0, 1]])',
    'new Set([1])',
    'new WeakMap()',
    'new Error("odd")',
    'Object.freeze({})',
    'Object.freeze([1, 2])',
    'new (class Odd {})()',
    'new Number(3)',
    'new String("a")',
    'new Boolean(true)',
    'new Uint8Array(0)',
    'Uint8Array.of(1, 2, 3)',
    'new DataView(new ArrayBuffer(4))',
    'new ArrayBuffer(8)',
    'new SharedArrayBuffer(8)',
    'BigInt64Array.of(1n)',
    'new BigUint64Array(2)',
    'Float64Array.of(NaN, 1e300)',
    'Uint16Array.of(65535)',
    'Int8Array.of(-1, 1)',
    'Uint8ClampedArray.of(255)',
    'Float32Array.of(1, 2)',
    'Int32Array.of(3)',
    'Promise.resolve(1)',
    '() => 1',
    '() => undefined',
    '() => ({})',
    '(x) => x',
    'async () => 1',
    'class Odd {}',
    'function odd() { return this; }',
    '() => Symbol("odd")',
    '() => 5n',
    '() => NaN',
    '() => [1, 2]',
    'globalThis',
    'Math',
    '{ then: (resolve) => resolve(1) }',
    '{ *[Symbol.iterator]() { yield 1; } }',
    'new Proxy({}, {})',
    'new Proxy([1, 2], {})',
    'new Proxy(() => 1, {})',
    '(function () { return arguments; })(1, 2)',
    'new (class extends Array {})()',
    'new (class extends Float32Array {})(2)',
    'Object.assign([1, 2], { shape: [3] })',
  ].map((text) => value(text, new Function(`return (${text})`))),
  value('deep array', () => DEEP.array),
  value('deep object', () => DEEP.object),
  value('deep config', () => DEEP.config),
  value('[array that contains itself]', () => {
    const cycle = [];
    cycle.push(cycle);
    return cycle;
  }),
  value('{ itself }', () => {
    const cycle = {};
    cycle.itself = cycle;
    return cycle;
  }),
  value('{ config: itself }', () => {
    const cycle = { className: 'Dense', class_name: 'Dense' };
    cycle.config = cycle;
    cycle.layers = [cycle];
    return cycle;
  }),
  value('revoked({})', () => revoked({})),
  value('revoked([])', () => revoked([])),
  value('revoked(() => 1)', () => revoked(() => 1)),
  value('[revoked({})]', () => [revoked({})]),
  value('{ name: revoked({}) }', () => ({ name: revoked({}) })),
  value('detached Float32Array', detached),
  value('[detached Float32Array]', () => [detached()]),
  value('() => { throw }', (from) => () => from.fail()),
  value('async () => { throw }', (from) => async () => from.fail()),
  value('class { constructor() { throw } }', (from) => class { constructor() { from.fail(); } }), // biome-ignore format: short
  value('{ then() { throw } }', (from) => Object.defineProperty({}, 'then', { value: from.fail })),
  value('rejected promise', (from) => {
    const promise = (async () => from.fail())();
    promise.catch(() => {});
    return promise;
  }),
  value('[getter that throws]', (from) =>
    Object.defineProperty([1, 2], 0, { get: from.fail, enumerable: true }),
  ),
  value('{ toString() { throw } }', (from) => ({
    toString: from.fail,
    valueOf: from.fail,
    toJSON: from.fail,
  })),
  value('{ [Symbol.toPrimitive]() { throw } }', (from) => ({ [Symbol.toPrimitive]: from.fail })),
  value('{ [Symbol.iterator]() { throw } }', (from) => ({ [Symbol.iterator]: from.fail })),
  value('{ get constructor() { throw } }', (from) => ({ get constructor() { return from.fail(); } })), // biome-ignore format: short
  ...TRAPS.flatMap((trap) => [
    value(`proxy whose ${trap} throws`, (from) => new Proxy({}, { [trap]: from.fail })),
    value(`array proxy whose ${trap} throws`, (from) => new Proxy([1, 2], { [trap]: from.fail })),
  ]),
  value('proxy that is everything', () => {
    const all = new Proxy(function all() {}, {
      get: (_, key) => (key === 'then' || typeof key === 'symbol' ? undefined : all),
    });
    return all;
  }),
];

const SHAPES = [
  '[]',
  '[2]',
  '[2, 3]',
  '[1, 4, 4, 1]',
  '[2, 3, 2]',
  '[null, 3]',
  '[2, -1]',
  '[0]',
  '[0, 3]',
  '[1, 1]',
  '[4]',
].map((text) => value(text, new Function(`return (${text})`)));
const DTYPES = ['float32', 'int32', 'bool'];
const NAMES = [
  ...DTYPES, 'same', 'valid', 'causal', 'NHWC', 'NCHW', 'channelsLast', 'channelsFirst', 'relu', 'linear', 'softmax', 'sgd', 'adam',
  'rmsprop', 'meanSquaredError', 'mse', 'binaryCrossentropy', 'categoricalCrossentropy', 'sparseCategoricalCrossentropy', 'accuracy',
  'auc', 'glorotUniform', 'zeros', 'orthogonal', 'l2', 'l1l2', 'maxNorm', 'unitNorm', 'mean', 'sum', 'none', 'euclidean', 'fro', 'auto',
  'batch', 'epoch', 'never', 'loss', 'val_loss', 'min', 'max', 'reflect', 'symmetric', 'concat', 'ave', 'mul', 'sigmoid', 'tanh', 'gelu',
  'ij,jk->ik', 'bilinear', 'nearest', 'constant', 'multiHot', 'oneHot', 'count', 'left', 'train',
].map((text) => plain(JSON.stringify(text), text)); // biome-ignore format: a list

/** Tensors of any rank and kind, some of them unusual. */
function tensorOf(random) {
  const lengths = random.times(random.chance(0.1) ? 6 : 4, () => 1 + random.below(4));
  if (random.chance(0.05) && lengths.length > 0) lengths[0] = 0;
  const dtype = random.chance(0.7) ? 'float32' : random.pick(DTYPES);
  const mood = random.below(20);
  const size = lengths.reduce((product, length) => product * length, 1);
  const made = ({ mapling }) => {
    const values = Array.from({ length: size }, (_, at) =>
      mood === 1 ? Number.NaN : mood === 2 ? 3e38 : ((at * 7) % 11) - 3,
    );
    return mapling.tensor(Float32Array.from(values), lengths, mood < 3 && mood > 0 ? 'float32' : dtype);
  };
  const text = `${['', 'NaN ', 'huge '][mood] ?? ''}tensor [${lengths}] ${dtype}`;
  if (mood === 3) return value(`disposed ${text}`, (from) => { const x = made(from); x.dispose(); return x; }); // biome-ignore format: short
  if (mood === 4) return value(`proxy of ${text}`, (from) => new Proxy(made(from), {}));
  if (mood === 5) return value(`variable of ${text}`, (from) => from.mapling.variable(made(from)));
  if (mood === 6) return value(`${text}.add(0)`, (from) => made(from).add(0));
  return value(text, made);
}

const FUNCTIONS = [
  ['(x) => x.square()', () => (x) => x.square()],
  ['(x) => x.sum()', () => (x) => x.sum()],
  ['(a, b) => a.sub(b).abs().mean()', () => (a, b) => a.sub(b).abs().mean()],
  ['(x) => x.toInt()', () => (x) => x.toInt()],
  ['(x) => x.greater(0)', () => (x) => x.greater(0)],
  ['(x) => [x]', () => (x) => [x]],
  [
    '(x) => { x.dispose(); return x; }',
    () => (x) => {
      x.dispose();
      return x;
    },
  ],
  [
    '() => tensor(1)',
    ({ tensor }) =>
      () =>
        tensor(1),
  ],
  [
    '() => ({ value: tensor(1), gradFunc: (d) => d })',
    ({ tensor }) =>
      () => ({ value: tensor(1), gradFunc: (d) => d }),
  ],
  [
    '(shape) => zeros(shape)',
    ({ zeros }) =>
      (shape) =>
        zeros(shape),
  ],
  ['() => "text"', () => () => 'text'],
].map(([text, make]) => value(text, (from) => from.own(make(from.mapling))));

/** Makes values for one call; `known` has recipes for objects of the package, and the keys that its functions know. */
export class Values {
  #medium = 1;
  constructor(random, known) {
    this.random = random;
    this.known = known;
  }

  number() {
    const { random } = this;
    // One length of a call may be larger: products of lengths must not fill the machine.
    if (this.#medium > 0 && random.chance(0.04)) {
      this.#medium--;
      return random.pick(MEDIUM_NUMBERS);
    }
    return random.pick(random.chance(0.75) ? SMALL_NUMBERS : HUGE_NUMBERS);
  }
  odd = () => this.random.pick(ODD);
  /** Something that may fit. */
  fitting(depth = 0) {
    const { random } = this;
    switch (random.below(12)) {
      case 0:
      case 1:
      case 2:
        return tensorOf(random);
      case 3:
      case 4:
        return this.number();
      case 5:
        return random.pick(SHAPES);
      case 6:
        return random.pick(NAMES);
      case 7:
        return random.pick(FUNCTIONS);
      case 8:
        return this.object();
      case 9:
        return depth < 2 ? this.list(depth) : this.number();
      case 10:
        return plain('undefined', undefined);
      default:
        return depth < 2 ? this.settings(random.pick(this.known.keys), depth) : this.number();
    }
  }
  any(depth = 0) {
    return this.random.chance(0.55) ? this.fitting(depth) : this.odd();
  }
  list(depth = 0) {
    const parts = this.random.times(3, () => this.any(depth + 1));
    return value(
      `[${parts.map(({ text }) => text).join(', ')}]`,
      (from) => parts.map(({ make }) => make(from)),
      parts,
    );
  }
  /** An object of the package. */
  object() {
    const recipes = this.random.pick([...this.known.recipes.values()]);
    return this.random.pick(recipes);
  }
  /** An object of settings with keys that are known, values that may fit or not, and now and then something odd. */
  settings(keys = [], depth = 0, given = {}) {
    const { random } = this;
    const entries = Object.entries(given).filter(() => random.chance(0.85));
    for (const key of random.times(3, () => random.pick(keys) ?? 'name'))
      entries.push([key, this.any(depth + 1)]);
    if (random.chance(0.05))
      entries.push([random.pick(['__proto__', 'constructor', 'kernalSize', 'then', 'toJSON']), this.any(2)]);
    const throwing = random.chance(0.06) && entries.length > 0 ? random.pick(entries)[0] : undefined;
    const texts = entries.map(([key, { text }]) =>
      key === throwing ? `get ${key}() { throw }` : `${JSON.stringify(key)}: ${text}`,
    );
    const make = (from) => {
      const made = {};
      for (const [key, part] of entries) {
        const how = key === throwing ? { get: from.fail } : { value: part.make(from), writable: true };
        Object.defineProperty(made, key, { ...how, enumerable: true, configurable: true });
      }
      return made;
    };
    return value(
      `{ ${texts.join(', ')} }`,
      make,
      entries.map(([, part]) => part),
    );
  }
}
