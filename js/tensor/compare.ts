/** Comparisons: whole numbers and masks, which need no gradient and so no core. */
import { Tensor } from './tensor.js';

const MEANING = {
  equal: (a: number, b: number) => a === b,
  notEqual: (a: number, b: number) => a !== b,
  greater: (a: number, b: number) => a > b,
  greaterEqual: (a: number, b: number) => a >= b,
  less: (a: number, b: number) => a < b,
  lessEqual: (a: number, b: number) => a <= b,
  logicalAnd: (a: number, b: number) => a !== 0 && b !== 0,
  logicalOr: (a: number, b: number) => a !== 0 || b !== 0,
};

/** Both tensors in the shape that they share after broadcasting. */
function align(where: string, a: Tensor, b: Tensor): [Tensor, Tensor] {
  const rank = Math.max(a.rank, b.rank);
  const shape = Array.from({ length: rank }, (_, at) => {
    const [m, n] = [a.shape[at - rank + a.rank] ?? 1, b.shape[at - rank + b.rank] ?? 1];
    if (m !== n && m !== 1 && n !== 1) {
      throw new Error(`${where}: [${a.shape}] and [${b.shape}] cannot be broadcast together`);
    }
    return m === 1 ? n : m;
  });
  const fit = (x: Tensor): Tensor => (`${x.shape}` === `${shape}` ? x : x.broadcastTo(shape));
  return [fit(a), fit(b)];
}

/** A mask that is true where the comparison `name` holds. */
export function compare(name: keyof typeof MEANING, a: Tensor, b: Tensor): Tensor {
  const [left, right] = align(name, a, b);
  const [x, y, holds] = [left.values, right.values, MEANING[name]];
  return new Tensor(
    Uint8Array.from(x, (value, at) => (holds(value, y[at]!) ? 1 : 0)),
    left.shape,
    'bool',
  );
}

/** `a` where `condition` is true, else `b`. */
export function where(condition: Tensor, a: Tensor, b: Tensor): Tensor {
  const [mask, left] = align('where', condition, a);
  const [first, second] = align('where', left, b);
  const [chosen, other] = align('where', mask, second);
  const [pick, x, y] = [chosen.values, first.broadcastTo(other.shape).values, other.values];
  return new Tensor(
    Float32Array.from(y, (value, at) => (pick[at] ? x[at]! : value)),
    other.shape,
    'float32',
  ).cast(a.dtype);
}
