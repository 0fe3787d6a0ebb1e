/** Sums of products, written with a letter for each axis: `einsum('bij,bjk->bik', a, b)` is a matrix product. */

import { describe, fault } from '../engine/errors.js';
import { contained } from './contained.js';
import { type Like, mul } from './elementwise.js';
import { asTensor, type Tensor } from './handle.js';
import { matMul } from './products.js';
import { reshape, transpose } from './rearrange.js';
import { sum } from './reduce.js';
import { checkShape, sizeOf } from './shape.js';

/** A tensor with the letters of its axes. */
interface Term {
  x: Tensor;
  labels: string;
}

const WHERE = 'einsum';

/** The letters of an equation's inputs and of what it gives. */
function read(equation: unknown, count: number): { inputs: string[]; output: string } {
  if (typeof equation !== 'string')
    throw fault('type', `${WHERE}: expected an equation such as 'ij,jk->ik', got ${describe(equation)}`);
  const wrong = (why: string): Error => fault('value', `${WHERE}: ${describe(equation)}: ${why}`);
  const text = equation.replace(/\s/g, '');
  if (text.includes('...')) throw wrong('an ellipsis is not supported; write a letter for each axis');
  const [left = '', output, ...more] = text.split('->');
  if (output === undefined || more.length > 0) throw wrong('expected exactly one arrow, before the result');
  const odd = /[^A-Za-z,]/.exec(left) ?? /[^A-Za-z]/.exec(output);
  if (odd) throw wrong(`expected letters, got ${describe(odd[0])}`);
  const inputs = left.split(',');
  if (inputs.length !== count) throw wrong(`expected ${inputs.length} tensors, got ${count}`);
  for (const labels of [...inputs, output]) {
    const twice = [...labels].find((label, at) => labels.indexOf(label) !== at);
    if (twice) throw wrong(`${twice} stands twice in ${labels}, which is not supported`);
  }
  const unknown = [...output].find((label) => !left.includes(label));
  if (unknown) throw wrong(`${unknown} stands in no input`);
  return { inputs, output };
}

/** The term with its axes in another order of its letters. */
function ordered({ x, labels }: Term, order: string): Tensor {
  return labels === order
    ? x
    : transpose(
        x,
        [...order].map((label) => labels.indexOf(label)),
      );
}

/** Sums over the axes whose letters are not among `wanted`. */
function withoutOthers({ x, labels }: Term, wanted: string): Term {
  const kept = [...labels].filter((label) => wanted.includes(label)).join('');
  if (kept === labels) return { x, labels };
  const axes = [...labels].flatMap((label, at) => (wanted.includes(label) ? [] : [at]));
  return { x: sum(x, axes), labels: kept };
}

/** The product of two terms, summed over letters of both that are not among `wanted`: a product of matrices. */
function joined(one: Term, other: Term, wanted: string, lengths: ReadonlyMap<string, number>): Term {
  const a = withoutOthers(one, wanted + other.labels);
  const b = withoutOthers(other, wanted + one.labels);
  const among = (labels: string, test: (label: string) => boolean): string =>
    [...labels].filter(test).join('');
  const batch = among(a.labels, (label) => b.labels.includes(label) && wanted.includes(label));
  const inner = among(a.labels, (label) => b.labels.includes(label) && !wanted.includes(label));
  const rows = among(a.labels, (label) => !b.labels.includes(label));
  const columns = among(b.labels, (label) => !a.labels.includes(label));
  const size = (labels: string): number => sizeOf([...labels].map((label) => lengths.get(label)!));
  const [n, m, k, c] = [size(batch), size(rows), size(inner), size(columns)];
  const labels = batch + rows + columns;
  const shape = checkShape(
    WHERE,
    [...labels].map((label) => lengths.get(label)!),
  );
  const left = ordered(a, batch + rows + inner);
  const right = ordered(b, batch + inner + columns);
  if (inner === '') {
    const products = mul(reshape(left, [n, m, 1]), reshape(right, [n, 1, c]));
    return { x: reshape(products, shape), labels };
  }
  const flat = (x: Tensor, lines: number, width: number): Tensor =>
    reshape(x, batch === '' ? [lines, width] : [n, lines, width]);
  return { x: reshape(matMul(flat(left, m, k), flat(right, k, c)), shape), labels };
}

/**
 * The sums of products that the equation says: a letter for each axis of each tensor, and behind the arrow those of the
 * result; letters that are not there are summed over.
 * @example
 * einsum('ij,jk->ik', [[1, 2]], [[3], [4]]); // → [[11]]
 * einsum('ij->j', [[1, 2], [3, 4]]); // → [4, 6]
 */
export function einsum(equation: string, ...tensors: Like[]): Tensor {
  return contained(() => {
    const { inputs, output } = read(equation, tensors.length);
    const lengths = new Map<string, number>();
    const terms = inputs.map((labels, at): Term => {
      const x = asTensor(WHERE, tensors[at]);
      if (x.rank !== labels.length)
        throw fault('shape', `${WHERE}: ${labels || 'no letter'} for the ${x.rank} axes of [${x.shape}]`);
      [...labels].forEach((label, axis) => {
        const length = lengths.get(label) ?? x.shape[axis]!;
        if (length !== x.shape[axis])
          throw fault('shape', `${WHERE}: ${label} is ${length}, and axis ${axis} of [${x.shape}] is not`);
        lengths.set(label, length);
      });
      return { x, labels };
    });
    const result = terms.reduce((product, term, at) => {
      const later = terms
        .slice(at + 1)
        .map(({ labels }) => labels)
        .join('');
      return joined(product, term, output + later, lengths);
    });
    const y = ordered(withoutOthers(result, output), output);
    // A handle of its own, where nothing had to be done.
    return reshape(y, y.shape);
  });
}
