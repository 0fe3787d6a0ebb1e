// Which names of TensorFlow.js a package has, as it says itself.
import { readFileSync } from 'node:fs';
import { DIFFERS, INSIDE, WHY } from './notes.mjs';

export const list = JSON.parse(readFileSync(new URL('names.json', import.meta.url), 'utf8'));

/** Something of each class whose members are asked for. */
const makers = (tf) => ({
  Tensor: () => tf.tensor([1]),
  Variable: () => tf.variable(tf.tensor([1])),
  TensorBuffer: () => tf.buffer([1]),
  Optimizer: () => tf.train.sgd(1),
  Sequential: () => tf.sequential({ layers: [tf.layers.dense({ units: 1, inputShape: [1] })] }),
  LayersModel: () => tf.sequential({ layers: [tf.layers.dense({ units: 1, inputShape: [1] })] }),
  SymbolicTensor: () => tf.input({ shape: [1] }),
  LayerVariable: () => tf.sequential({ layers: [tf.layers.dense({ units: 1, inputShape: [1] })] }).weights[0],
  History: () => new tf.History({}),
  CustomCallback: () => new tf.CustomCallback({}),
  'data.Dataset': () => tf.data.array([1]),
  'data.CSVDataset': () => tf.data.csv('a\n1\n'),
  'layers.Layer': () => tf.layers.dense({ units: 1 }),
});

/** A function that only says that it is not here. */
const isRefusal = (value) =>
  typeof value === 'function' &&
  /throw (refusal|notHere)\(/.test(Function.prototype.toString.call(value.original ?? value));

const NOTHING = 'there is nothing like it';

/** What a function says that is not here. */
function instead(refuse) {
  try {
    refuse();
  } catch ({ message }) {
    return message.replace(/^.*?: not in mapling; /, '').replace(/^the nearest is /, '');
  }
  return undefined;
}

/** What is said of a name: whether it is here, how it differs, or what there is instead. */
export function look(tf) {
  const made = {};
  const make = makers(tf);
  const find = (name) => {
    const [owner, member] = name.split('#');
    if (member === undefined) {
      const [first, inner] = name.split('.');
      const space = tf[first];
      if (inner === undefined) return space;
      return space !== undefined && Reflect.has(space, inner)
        ? space[inner]
        : isRefusal(space?.[inner])
          ? space[inner]
          : undefined;
    }
    made[owner] ??= make[owner]();
    for (let at = made[owner]; at; at = Object.getPrototypeOf(at)) {
      const own = Object.getOwnPropertyDescriptor(at, member);
      if (own) return own.get ?? own.value ?? true;
    }
    // A callback has hooks where it was given some.
    return owner === 'CustomCallback' && /^on[A-Z]/.test(member) ? true : undefined;
  };
  const noteIn = (notes, name) => notes.find(([pattern]) => pattern.test(name))?.[1];
  return (name) => {
    const value = find(name);
    if (value !== undefined && !isRefusal(value)) return { here: true, differs: noteIn(DIFFERS, name) };
    if (INSIDE.some((pattern) => pattern.test(name))) return { here: false, inside: true };
    const said = value && instead(value);
    const why = said && said !== NOTHING ? said : (noteIn(WHY, name) ?? said);
    return { here: false, why };
  };
}

/** Every name of every part with what is said of it. */
export function table(tf) {
  const asked = look(tf);
  return Object.entries(list.parts).map(([part, names]) => ({
    part,
    names: names.split(' ').map((name) => ({ name, ...asked(name) })),
  }));
}
