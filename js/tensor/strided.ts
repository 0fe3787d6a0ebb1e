/** Boxes cut out with steps, as TensorFlow's slices in square brackets: `x[1:8:2, ..., newaxis, 3]`. */

import { describe, fault, whole } from '../engine/errors.js';
import { isArray } from '../engine/look.js';
import { contained } from './contained.js';
import type { Like } from './elementwise.js';
import { asTensor, type Tensor } from './handle.js';
import { placesFor } from './moves.js';
import { along, box, shaped } from './rearrange.js';
import { checkShape } from './shape.js';

const WHERE = 'stridedSlice';

/** What is taken along one axis: `count` places from `begin` on, `stride` apart; or a single one, without its axis. */
interface Range {
  begin: number;
  stride: number;
  count: number;
}

function numbers(name: string, given: unknown, count?: number): number[] {
  if (!isArray(given) || (count !== undefined && given.length !== count)) {
    const many = count === undefined ? '' : `${count} `;
    throw fault(
      'type',
      `${WHERE}: ${name}: expected an array of ${many}whole numbers, got ${describe(given)}`,
    );
  }
  return Array.from(given, (one) => whole(`${WHERE}: ${name}`, one, Number.MIN_SAFE_INTEGER));
}

/** From `begin` up to but without `end`, each counted from the end if below 0, in steps; `null` is as far as there is. */
function rangeOf(begin: number | null, end: number | null, stride: number, length: number): Range {
  const [least, most] = stride > 0 ? [0, length] : [-1, length - 1];
  const inside = (at: number): number => Math.min(Math.max(at < 0 ? at + length : at, least), most);
  const from = begin === null ? (stride > 0 ? least : most) : inside(begin);
  const to = end === null ? (stride > 0 ? most : least) : inside(end);
  return { begin: from, stride, count: Math.max(0, Math.ceil((to - from) / stride)) };
}

/**
 * From `begin` up to but without `end` in steps of `strides` along each axis. A set bit of a mask says of the entry in
 * its place: `beginMask` and `endMask` that it goes as far as there is, `ellipsisMask` that it stands for as many whole
 * axes as are left, `newAxisMask` that it makes an axis of length 1, `shrinkAxisMask` that it takes the one place at
 * `begin` and loses the axis.
 * @example stridedSlice([1, 2, 3, 4, 5], [0], [5], [2]); // → [1, 3, 5]
 */
export function stridedSlice(
  x: Like,
  begin: number[],
  end: number[],
  strides?: number[] | null,
  beginMask = 0,
  endMask = 0,
  ellipsisMask = 0,
  newAxisMask = 0,
  shrinkAxisMask = 0,
): Tensor {
  return contained(() => {
    const from = asTensor(WHERE, x);
    const begins = numbers('begin', begin);
    const ends = numbers('end', end, begins.length);
    const steps = strides ? numbers('strides', strides, begins.length) : begins.map(() => 1);
    const masks = [beginMask, endMask, ellipsisMask, newAxisMask, shrinkAxisMask];
    for (const mask of masks) whole(`${WHERE}: mask`, mask, 0);
    const isSet = (mask: number, at: number): boolean => Math.floor(mask / 2 ** at) % 2 === 1;
    const isNew = (at: number): boolean => isSet(newAxisMask, at) && !isSet(ellipsisMask, at);
    const entries = begins.map((_, at) => at);
    const ellipses = entries.filter((at) => isSet(ellipsisMask, at));
    if (ellipses.length > 1) throw fault('value', `${WHERE}: more than one ellipsis`);
    const named = entries.filter((at) => !isNew(at) && !ellipses.includes(at)).length;
    if (named > from.rank)
      throw fault('shape', `${WHERE}: ${named} entries for the ${from.rank} axes of [${from.shape}]`);
    const ranges: Range[] = [];
    const shape: number[] = [];
    const takeAll = (): void => {
      const count = from.shape[ranges.length]!;
      ranges.push({ begin: 0, stride: 1, count });
      shape.push(count);
    };
    for (const at of entries) {
      if (ellipses.includes(at)) {
        for (let left = from.rank - named; left > 0; left--) takeAll();
      } else if (isNew(at)) {
        shape.push(1);
      } else {
        const [length, stride] = [from.shape[ranges.length]!, steps[at]!];
        if (stride === 0) throw fault('value', `${WHERE}: strides: a step of 0 never ends`);
        if (isSet(shrinkAxisMask, at)) {
          const place = begins[at]! < 0 ? begins[at]! + length : begins[at]!;
          if (stride < 0 || place < 0 || place >= length)
            throw fault('value', `${WHERE}: begin ${begins[at]} is outside an axis of ${length}`);
          ranges.push({ begin: place, stride: 1, count: 1 });
          continue;
        }
        const first = isSet(beginMask, at) ? null : begins[at]!;
        const last = isSet(endMask, at) ? null : ends[at]!;
        const range = rangeOf(first, last, stride, length);
        ranges.push(range);
        shape.push(range.count);
      }
    }
    while (ranges.length < from.rank) takeAll();
    return shaped(WHERE, taken(from, ranges), checkShape(WHERE, shape));
  });
}

/** The box around what is taken, and of that each axis that is taken in steps. */
function taken(from: Tensor, ranges: readonly Range[]): Tensor {
  const far = ({ stride, count }: Range): number => stride * Math.max(0, count - 1);
  const starts = ranges.map((range) => (range.count === 0 ? 0 : range.begin + Math.min(0, far(range))));
  const reach = ranges.map((range) => (range.count === 0 ? 0 : Math.abs(far(range)) + 1));
  return ranges.reduce(
    (result, { stride, count }, axis) => {
      if (stride === 1 || count === 0) return result;
      const places = placesFor(WHERE, count, (at) => (stride > 0 ? at : at - count + 1) * stride);
      return along(WHERE, result, axis, places);
    },
    box(WHERE, from, starts, reach),
  );
}
