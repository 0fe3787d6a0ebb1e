/** How sure a share of so many digits is, and a difference between two readers of the same digits. */

/** So many standard deviations to either side hold 95 of 100. */
const SURE = 1.96;

/** Between which shares the true one lies, with 95 % confidence, if `right` of `total` were right (Wilson 1927). */
export function interval(right: number, total: number): [low: number, high: number] {
  const share = right / total;
  const square = SURE ** 2 / total;
  const middle = (share + square / 2) / (1 + square);
  const reach = (SURE * Math.sqrt((share * (1 - share)) / total + square / (4 * total))) / (1 + square);
  return [Math.max(0, middle - reach), Math.min(1, middle + reach)];
}

/** Two readers of the same digits. */
export interface Difference {
  /** How much larger the share is that the second reads right. */
  by: number;
  /** Digits that only the second reads right, and only the first. */
  won: number;
  lost: number;
  /** Whether chance alone would hardly do it: the exact binomial test of McNemar (1947), at 5 %. */
  isSure: boolean;
}

export function difference(
  first: ArrayLike<number>,
  second: ArrayLike<number>,
  labels: ArrayLike<number>,
): Difference {
  const total = labels.length;
  let [won, lost] = [0, 0];
  for (let at = 0; at < total; at++) {
    const [before, after] = [first[at] === labels[at], second[at] === labels[at]];
    if (after && !before) won++;
    if (before && !after) lost++;
  }
  const by = (won - lost) / total;
  return { by, won, lost, isSure: chance(won, lost) < 0.05 };
}

/** How likely a fair coin is to fall at least as one-sidedly. */
function chance(heads: number, tails: number): number {
  const throws = heads + tails;
  const most = Math.max(heads, tails);
  // The logarithm of how many ways there are to throw so many heads, and of each throw's probability.
  let ways = -throws * Math.LN2;
  let sum = 0;
  for (let tail = 0; tail <= throws - most; tail++) {
    sum += Math.exp(ways);
    ways += Math.log((throws - tail) / (tail + 1));
  }
  return Math.min(1, 2 * sum);
}
