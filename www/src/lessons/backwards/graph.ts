/** The graph: one neuron and its loss, nine nodes. Each is given or made of earlier ones by an op of mapling's. */
import type { Tensor } from 'mapling';

export const names = ['x', 'w', 'p', 'b', 's', 'a', 'y', 'e', 'L'] as const;
export type Name = (typeof names)[number];
export const leaves = ['x', 'w', 'b', 'y'] as const;
export type Leaf = (typeof leaves)[number];

export interface Made {
  from: Name[];
  op: (...inputs: Tensor[]) => Tensor;
  /** As it is written, with its inputs' names, and with their values. */
  formula: string;
  written: (...values: string[]) => string;
  /** The derivative by each input, as a rule. */
  rules: string[];
}

/** In the order in which the step forward makes them. */
export const made: { [name in Exclude<Name, Leaf>]: Made } = {
  p: {
    from: ['w', 'x'],
    op: (w, x) => w!.mul(x!),
    formula: 'w·x',
    written: (w, x) => `${w}·${x}`,
    rules: ['x', 'w'],
  },
  s: {
    from: ['p', 'b'],
    op: (p, b) => p!.add(b!),
    formula: 'p + b',
    written: (p, b) => `${p} + ${b}`,
    rules: ['1', '1'],
  },
  a: {
    from: ['s'],
    op: (s) => s!.tanh(),
    formula: 'tanh s',
    written: (s) => `tanh ${s}`,
    rules: ['1 − a²'],
  },
  e: {
    from: ['a', 'y'],
    op: (a, y) => a!.sub(y!),
    formula: 'a − y',
    written: (a, y) => `${a} − ${y}`,
    rules: ['1', '−1'],
  },
  L: {
    from: ['e'],
    op: (e) => e!.square(),
    formula: 'e²',
    written: (e) => `${e}²`,
    rules: ['2e'],
  },
};

export const madeNames = Object.keys(made) as (keyof typeof made)[];
export const isMade = (name: Name): name is keyof typeof made => Object.hasOwn(made, name);

/** The way back visits nodes in this order: each after the one that was made of it. */
export const backwards: Name[] = ['L', 'e', 'a', 'y', 's', 'b', 'p', 'w', 'x'];

/** What was made of a node, and as which of its inputs; nothing was made of the loss. */
export function usedBy(name: Name): { by: keyof typeof made; input: number } | null {
  for (const by of madeNames) {
    const input = made[by].from.indexOf(name);
    if (input >= 0) return { by, input };
  }
  return null;
}

/** Places in a grid of columns and rows, from left to right; on a phone they are turned to go from above to below. */
export const places: { [name in Name]: [along: number, across: number] } = {
  x: [0, 0],
  w: [0, 1],
  p: [1, 0.5],
  b: [1, 1.5],
  s: [2, 1],
  a: [3, 1],
  y: [3, 2],
  e: [4, 1.5],
  L: [5, 1.5],
};
