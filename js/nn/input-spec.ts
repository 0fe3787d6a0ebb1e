/** What a layer of one's own expects of its inputs: it is held to that before its `build` and `call` see them. */
import { describe, fault } from '../engine/errors.js';
import { isArray, isObject, listOf } from '../engine/look.js';
import type { Dims } from './symbolic.js';

export interface InputSpecArgs {
  /** Kept, and not looked at: layers get float32. */
  dtype?: string;
  /** The shape of a batch; `null` stands for any length. */
  shape?: (number | null)[];
  /** How many axes there are, the batch axis included. */
  ndim?: number;
  maxNDim?: number;
  minNDim?: number;
  /** Lengths of single axes, by their numbers. */
  axes?: { [axis: number]: number };
}

/** What is expected of one input: for the property `inputSpec` of a layer of one's own. */
export class InputSpec implements InputSpecArgs {
  declare dtype?: string;
  declare shape?: (number | null)[];
  declare ndim?: number;
  declare maxNDim?: number;
  declare minNDim?: number;
  declare axes: { [axis: number]: number };

  constructor(args: InputSpecArgs) {
    if (!isObject(args) || isArray(args))
      throw fault('type', `InputSpec: expected an object of settings, got ${describe(args)}`);
    const { dtype, shape, ndim, maxNDim, minNDim, axes } = args;
    if (shape !== undefined && shape !== null && (!isArray(shape) || shape.length > 6))
      throw fault('type', `InputSpec: shape: expected a shape of a batch, got ${describe(shape)}`);
    for (const [key, value] of Object.entries({ ndim, maxNDim, minNDim }))
      if (value !== undefined && value !== null && !Number.isSafeInteger(value))
        throw fault('type', `InputSpec: ${key}: expected a number of axes, got ${describe(value)}`);
    if (axes !== undefined && axes !== null && !isObject(axes))
      throw fault('type', `InputSpec: axes: expected lengths by axis, got ${describe(axes)}`);
    const known = shape ? { shape: [...shape], ndim: shape.length } : ndim === undefined ? {} : { ndim };
    const rest = Object.entries({ dtype, maxNDim, minNDim }).filter(([, value]) => value !== undefined);
    Object.assign(this, known, Object.fromEntries(rest), { axes: { ...axes } });
  }
}

const some = (value: unknown): value is number => typeof value === 'number';

/** Refuses inputs of other shapes than a layer's `inputSpec` says. */
export function checkSpecs(where: string, specs: unknown, inputs: readonly Dims[]): void {
  if (specs === undefined || specs === null) return;
  const all = listOf(specs) as readonly Partial<InputSpecArgs>[];
  if (all.length !== inputs.length)
    throw fault(
      'shape',
      `${where}: inputSpec: ${all.length} inputs are expected, but there are ${inputs.length}`,
    );
  inputs.forEach((dims, place) => {
    const spec = all[place];
    if (!isObject(spec)) return;
    const { ndim, maxNDim, minNDim, axes, shape } = spec;
    const refuse = (what: string): never => {
      throw fault(
        'shape',
        `${where}: inputSpec: input ${place} must have ${what}, but is [${dims.map((d) => d ?? 'null')}]`,
      );
    };
    if (some(ndim) && dims.length !== ndim) refuse(`${ndim} axes`);
    if (some(maxNDim) && dims.length > maxNDim) refuse(`at most ${maxNDim} axes`);
    if (some(minNDim) && dims.length < minNDim) refuse(`at least ${minNDim} axes`);
    for (const [axis, length] of Object.entries(axes ?? {})) {
      const own = dims.at(Number(axis));
      if (some(length) && own !== length && own !== null) refuse(`length ${length} on axis ${axis}`);
    }
    if (!isArray(shape)) return;
    const fits = shape.every((length, axis) => !some(length) || (dims[axis] ?? length) === length);
    if (dims.length !== shape.length || !fits)
      refuse(`the shape [${shape.map((length) => length ?? 'null')}]`);
  });
}
