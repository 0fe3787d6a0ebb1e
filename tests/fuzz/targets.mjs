// What there is to be called: found by walking the module's exports, so that what is added tomorrow is called too.
import { INTERNAL } from '../js/internal.mjs';
import { value } from './values.mjs';

const isClass = (one) => typeof one === 'function' && /^class\b/.test(Function.prototype.toString.call(one));
const isNamespace = (one) =>
  typeof one === 'object' && one !== null && [Object.prototype, null].includes(Object.getPrototypeOf(one));

/**
 * `init` starts the instance anew under the canary's feet, `util.assert` throws what it is told to, and `datasets.digits`
 * draws 12,000 digits unless it is told not to; routers stay, and would be asked in other calls: they have
 * tests of their own. Layers alone make weights.
 */
const LEFT_OUT = new Set([
  'init',
  'util.assert',
  'datasets.digits',
  'io.registerLoadRouter',
  'io.registerSaveRouter',
  'new LayerVariable',
]);
/** Members for the package's own files: their names begin or end with an underscore, or stand in a list. */
const isOwn = (name) => /^_|_$/.test(name);

/** Values for settings that some class cannot do without, by their keys. */
const GIVEN = {
  units: 2, filters: 2, kernelSize: 2, poolSize: 2, rate: 0.5, targetShape: [2, 2], inputDim: 5, outputDim: 2, dims: [1], n: 2,
  size: 2, padding: 1, cropping: 1, numHeads: 2, keyDim: 2, numTokens: 4, height: 2, width: 2, scale: 0.5, stddev: 0.1, axes: 1,
  learningRate: 0.1, initialLearningRate: 0.1, decaySteps: 10, decayRate: 0.5, boundaries: [1], values: [0.1, 0.2], maxLearningRate: 0.1,
  totalSteps: 10, firstDecaySteps: 5, shape: [3], groups: 1, activation: 'relu', factor: 0.2, numClasses: 2, theta: 1,
}; // biome-ignore format: a list

/** What is called with settings that make sense, as a value that a call can be given or be made on. */
const settingsText = (settings) => JSON.stringify(settings);

/** Calls quietly: what comes back, or the error. */
export function attempt(action) {
  try {
    const result = action();
    if (typeof result?.then === 'function') result.then(undefined, () => {});
    return { result };
  } catch (error) {
    return { error };
  }
}

/** The keys that a function names when it is given one that it does not know. */
function keysOf(call) {
  for (const args of [[{ qqzz: 1 }], [1, { qqzz: 1 }], [1, 1, { qqzz: 1 }]]) {
    const { error } = attempt(() => call(...args));
    const found = /known: ([\w, ]+)/.exec(String(error?.message));
    if (found) return found[1].split(', ');
  }
  return [];
}

/** Everything that can be called, with recipes for the objects that methods are called on. */
export function targets(mapling) {
  const functions = [];
  const classes = new Map();
  const visitClass = (label, type) => {
    if (typeof type !== 'function' || type === Function.prototype || classes.has(type)) return;
    classes.set(type, label);
    for (const [key, { value: inner }] of Object.entries(Object.getOwnPropertyDescriptors(type))) {
      if (['length', 'name', 'prototype'].includes(key) || isOwn(key) || typeof inner !== 'function')
        continue;
      functions.push({ name: `${label}.${key}`, call: (...args) => type[key](...args) });
    }
    visitClass(Object.getPrototypeOf(type).name, Object.getPrototypeOf(type));
  };
  const visit = (prefix, owner) => {
    for (const key of Object.keys(owner)) {
      const member = owner[key];
      const name = prefix + key;
      if (LEFT_OUT.has(name) || LEFT_OUT.has(`new ${name}`)) continue;
      if (isClass(member)) {
        visitClass(name, member);
        functions.push({ name: `new ${name}`, call: (...args) => new member(...args) });
      } else if (typeof member === 'function')
        functions.push({ name, call: (...args) => owner[key](...args) });
      else if (isNamespace(member)) visit(`${name}.`, member);
    }
  };
  visit('', { ...mapling });

  const recipes = new Map();
  const offer = (text, make) => {
    const { result } = attempt(() => make({ mapling, models: [] }));
    if (typeof result !== 'object' || result === null || typeof result.then === 'function') return false;
    const type = Object.getPrototypeOf(result)?.constructor;
    if (!type || [Object, Array].includes(type) || ArrayBuffer.isView(result)) return false;
    visitClass(type.name, type);
    if (!recipes.has(type)) recipes.set(type, []);
    const list = recipes.get(type);
    if (list.length < 80) list.push(value(text, make));
    return true;
  };

  const absent = new Set();
  for (const target of functions) {
    const { error } = attempt(() => target.call());
    if (/not in mapling/.test(String(error?.message))) {
      absent.add(target);
      continue;
    }
    target.keys = keysOf(target.call);
    // With as few settings as it takes.
    const settings = Object.fromEntries(
      target.keys.filter((key) => key in GIVEN).map((key) => [key, GIVEN[key]]),
    );
    const needed = [
      'units',
      'filters',
      'kernelSize',
      'inputDim',
      'outputDim',
      'targetShape',
      'dims',
      'n',
      'axes',
      'numHeads',
      'keyDim',
      'rate',
    ];
    const few = Object.fromEntries(Object.entries(settings).filter(([key]) => needed.includes(key)));
    const dense = () => mapling.layers.dense({ units: 2 });
    const tries = [
      [few, settingsText(few), () => few],
      [settings, settingsText(settings), () => settings],
      [null, '{ layer: lstm }', () => ({ layer: mapling.layers.lstm({ units: 2, returnSequences: true }) })],
      [null, '{ layer: dense }', () => ({ layer: dense() })],
      [null, '0.1', () => 0.1],
      [null, '[1, 2]', () => [1, 2]],
      ...target.keys.map((key) => [null, `{ ${key}: 2 }`, () => ({ [key]: 2 })]),
    ];
    for (const [own, text, make] of tries) {
      const worked = offer(`${target.name}(${text})`, () => target.call(structuredCloneOf(make())));
      if (own && worked)
        target.given = Object.fromEntries(
          Object.entries(own).map(([key, one]) => [key, value(JSON.stringify(one), () => one)]),
        );
      if (worked) break;
    }
  }
  offerModels(mapling, offer);

  const methods = new Map();
  for (const type of classes.keys()) methods.set(type, membersOf(type, classes));
  return {
    functions: functions.filter((target) => !absent.has(target)),
    methods,
    recipes,
    keys: functions.map(({ keys }) => keys ?? []).filter((keys) => keys.length > 0),
  };
}

const structuredCloneOf = (one) => (Array.isArray(one) ? [...one] : one);

/** Methods and computed properties of a class and of those that it extends. */
function membersOf(type, classes) {
  const members = new Map();
  for (
    let owner = type.prototype;
    owner && owner !== Object.prototype;
    owner = Object.getPrototypeOf(owner)
  ) {
    const label = classes.get(owner.constructor) ?? owner.constructor.name;
    for (const [key, { value: method, get, set }] of Object.entries(
      Object.getOwnPropertyDescriptors(owner),
    )) {
      if (isOwn(key) || key === 'constructor' || members.has(key)) continue;
      const name = `${label}#${key}`;
      if (INTERNAL.includes(name)) members.set(key, undefined);
      else if (typeof method === 'function') members.set(key, { key, name, kind: 'method' });
      else if (get || set) members.set(key, { key, name, kind: set ? 'both' : 'get' });
    }
  }
  return [...members.values()].filter((member) => member);
}

/** Models of several kinds, in several conditions. */
function offerModels(mapling, offer) {
  const { layers, sequential, model, input } = mapling;
  const compiled = (made, { models }, loss = 'meanSquaredError') => {
    made.compile({ optimizer: 'adam', loss, metrics: ['mse'] });
    models.push(made);
    return made;
  };
  const kept = (made, { models }) => {
    models.push(made);
    return made;
  };
  offer('sequential dense [3] → 1', (from) =>
    compiled(sequential({ layers: [layers.dense({ units: 1, inputShape: [3] })] }), from),
  );
  offer('sequential, not built', (from) =>
    compiled(sequential({ layers: [layers.dense({ units: 2 })] }), from),
  );
  offer('sequential, empty', (from) => kept(sequential(), from));
  offer('sequential, not compiled', (from) =>
    kept(sequential({ layers: [layers.dense({ units: 2, inputShape: [2] })] }), from),
  );
  offer('sequential, disposed', (from) => {
    const made = compiled(sequential({ layers: [layers.dense({ units: 1, inputShape: [3] })] }), from);
    made.dispose();
    return made;
  });
  offer('sequential embedding, lstm', (from) =>
    compiled(
      sequential({
        layers: [
          layers.embedding({ inputDim: 5, outputDim: 2, maskZero: true, inputShape: [3] }),
          layers.lstm({ units: 2 }),
        ],
      }),
      from,
    ),
  );
  offer('sequential convolution', (from) =>
    compiled(
      sequential({
        layers: [
          layers.conv2d({ filters: 2, kernelSize: 2, inputShape: [4, 4, 1] }),
          layers.flatten(),
          layers.dense({ units: 2 }),
        ],
      }),
      from,
    ),
  );
  offer('model with two inputs and outputs', (from) => {
    const [a, b] = [input({ shape: [2] }), input({ shape: [3] })];
    const joined = layers.concatenate().apply([a, b]);
    return compiled(
      model({
        inputs: [a, b],
        outputs: [layers.dense({ units: 1 }).apply(joined), layers.dense({ units: 2 }).apply(joined)],
      }),
      from,
    );
  });
  offer('model with a layer of one’s own', (from) => {
    class Own extends mapling.Layer {
      static className = 'Own';
      build(shape) {
        this.kernel = this.addWeight('kernel', [shape.at(-1), 2]);
      }
      computeOutputShape(shape) {
        return [...shape.slice(0, -1), 2];
      }
      call(x) {
        return x.matMul(this.kernel.read());
      }
    }
    return compiled(sequential({ layers: [new Own({ inputShape: [3] })] }), from);
  });
  offer('weight of a layer', () => {
    const layer = layers.dense({ units: 2 });
    layer.build([null, 3]);
    return layer.weights[0];
  });
  offer('built dense', () => {
    const layer = layers.dense({ units: 2 });
    layer.apply(mapling.ones([1, 3]));
    return layer;
  });
  offer('symbol [null, 3]', () => input({ shape: [3] }));
  offer('symbol of a layer', () => layers.dense({ units: 2 }).apply(input({ shape: [3] })));
  offer('buffer [2, 2]', () => mapling.buffer([2, 2]));
  for (const [text, make] of [
    ['tensor2d [2, 3]', () => mapling.tensor2d([[1, 2, 3], [4, 5, 6]])],
    ['tensor4d [1, 4, 4, 1]', () => mapling.ones([1, 4, 4, 1])],
    ['tensor1d int32', () => mapling.tensor1d([1, 2, 3], 'int32')],
    ['scalar', () => mapling.scalar(2)],
    ['tensor [2, 2] bool', () => mapling.tensor([[true, false], [false, true]])],
    ['variable [2]', () => mapling.variable(mapling.tensor([1, 2]))],
  ]) offer(text, make); // biome-ignore format: a list
}
