// Which functions of the page's module come first: all that scripts/first-part.txt does not name. `npm run first-part`
// writes that list anew, from what a first visit runs until it trains.
import { readFileSync } from 'node:fs';
import { at } from './run.mjs';

export const LIST = 'scripts/first-part.txt';

/**
 * A function as Rust calls it: `mapling::ops::conv2d::convolve`. What compilers add to tell functions apart is left out,
 * since other sources or compilers add something else.
 */
export const pathOf = (name) => name.replace(/\[[0-9a-f]{16}\]/g, '').replace(/_[0-9a-f]{16}$/, '');

/** Whether both parts have a function: the innermost loops, of which the rest calls some of the first part's a thousand times a batch. */
export const isInBoth = (name) => /^<?mapling::(kernels|parallel|simd)::/.test(pathOf(name));

/** Tells of a function's name whether it comes first. A line of the list names a function, or with `::*` all below a path. */
export function firstPart(lines = readFileSync(at(LIST), 'utf8').split('\n')) {
  const named = new Set(lines.filter((line) => line && !line.startsWith('#')));
  return (name) => {
    const path = pathOf(name);
    if (named.has(path)) return false;
    const steps = path.split('::');
    return !steps.some((_, count) => named.has([...steps.slice(0, count), '*'].join('::')));
  };
}

/** The shortest list of `paths` that names none of `others`. */
export function shortest(paths, others) {
  const above = (path) => path.split('::').map((_, count, steps) => steps.slice(0, count).join('::'));
  const isOther = new Set(others.flatMap(above));
  const lines = paths.map((path) => {
    const from = above(path).find((start) => start && !isOther.has(start));
    return from === undefined ? path : `${from}::*`;
  });
  return [...new Set(lines)].sort();
}
