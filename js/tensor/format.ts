/** Tensors as text, as TensorFlow.js prints them: columns, seven digits, and dots in place of most of a long axis. */
import { sizeOf } from './shape.js';
import type { DataType, Values } from './values.js';

/** An axis that is longer is shown by its first and last few. */
const LONGEST = 20;
const ENDS = 3;
const DIGITS = 7;

/** One value; NaN and the infinities by their names. */
const textOf = (value: number, dtype: DataType): string =>
  dtype === 'bool' ? (value === 0 ? 'false' : 'true') : String(Number.parseFloat(value.toFixed(DIGITS)));

/** The value at a place; of a complex one both parts. */
const textAt = (values: Values, at: number, dtype: DataType): string =>
  dtype === 'complex64'
    ? `${textOf(values[2 * at]!, dtype)} + ${textOf(values[2 * at + 1]!, dtype)}j`
    : textOf(values[at]!, dtype);

/** The places along an axis that are shown; `undefined` stands for those left out. */
function places(length: number): (number | undefined)[] {
  const from = (start: number, count: number): number[] =>
    Array.from({ length: count }, (_, at) => start + at);
  return length > LONGEST ? [...from(0, ENDS), undefined, ...from(length - ENDS, ENDS)] : from(0, length);
}

/** The text of a tensor; with its kind and shape in front if `verbose`. */
export function textOfTensor(
  values: Values,
  shape: readonly number[],
  dtype: DataType,
  verbose = false,
): string {
  const columns = shape.at(-1) ?? 1;
  const shownColumns = places(columns);
  // Columns are as wide as their widest value, unless there is only one row.
  const widths = new Map<number, number>();
  if (shape.length > 1 && columns > 0) {
    const rows = sizeOf(shape) / columns;
    for (const column of shownColumns) {
      if (column === undefined) continue;
      let width = 0;
      for (let row = 0; row < rows; row++) {
        width = Math.max(width, textAt(values, row * columns + column, dtype).length);
      }
      widths.set(column, width);
    }
  }
  const row = (offset: number): string => {
    const cells = shownColumns.map((column) =>
      column === undefined ? '...' : textAt(values, offset + column, dtype).padEnd(widths.get(column) ?? 0),
    );
    return `[${cells.join(', ')}]`;
  };
  const lines = (axis: number, offset: number, last: boolean): string[] => {
    if (axis === shape.length - 1) return [row(offset)];
    const length = shape[axis]!;
    const step = sizeOf(shape.slice(axis + 1));
    const inner: string[] = [];
    for (const place of places(length)) {
      if (place === undefined) inner.push('...');
      else inner.push(...lines(axis + 1, offset + place * step, place === length - 1));
    }
    // Rows of a matrix end with a comma; blocks of a deeper tensor bring their own.
    const depth = shape.length - axis;
    const comma = depth === 2 ? ',' : '';
    const close = last ? ']' : `],\n${'\n'.repeat(depth - 2)}`;
    if (inner.length === 0) return [` []${close.slice(1)}`];
    // The first row opens its block, the last one closes it; a row that is alone does both.
    if (inner.length === 1) return [` [${inner[0]}${comma}${close}`];
    return inner.map((line, at) => {
      if (at === 0) return `[${line}${comma}`;
      return at === inner.length - 1 ? ` ${line}${close}` : ` ${line}${comma}`;
    });
  };
  const body = shape.length === 0 ? [single(values, dtype)] : lines(0, 0, true);
  const head = verbose
    ? ['Tensor', `  dtype: ${dtype}`, `  rank: ${shape.length}`, `  shape: [${shape}]`, '  values:']
    : ['Tensor'];
  return [...head, body.map((line) => `    ${line}`).join('\n')].join('\n');
}

/** A tensor without axes shows all digits. */
const single = (values: Values, dtype: DataType): string =>
  dtype === 'bool' || dtype === 'complex64' ? textAt(values, 0, dtype) : String(values[0]);
