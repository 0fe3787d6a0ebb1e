/** What comes out of a layer of one's own: of what shape it will be, and whether it is. */
import { fault } from '../engine/errors.js';
import type { Tensor } from '../tensor/handle.js';
import type { Dims } from './symbolic.js';

/** Lengths that are tried in the place of one that is open: two that a layer takes tell what depends on it. */
const PROBES = [
  [24, 72],
  [120, 360],
  [2520, 7560],
] as const;
/**
 * The shapes of results for inputs of these shapes. `run` tells those for samples of fixed lengths: where a length is
 * open two are tried, and what differs between the two is open too.
 */
export function tryLengths(inputs: readonly Dims[], run: (samples: readonly number[][]) => Dims[]): Dims[] {
  const samples = inputs.map((dims) => dims.slice(1));
  if (!samples.some((dims) => dims.includes(null))) return run(samples as number[][]);
  let refused: unknown;
  for (const lengths of PROBES) {
    const filled = lengths.map((open) => samples.map((dims) => dims.map((length) => length ?? open)));
    try {
      const [first, second] = filled.map(run);
      return first!.map((dims, at) =>
        dims.map((length, axis) => (second![at]?.[axis] === length ? length : null)),
      );
    } catch (failure) {
      refused ??= failure;
    }
  }
  throw refused;
}

/** Refuses results that are not of the shapes that were told for such inputs. */
export function checkResults(where: string, told: readonly Dims[], results: readonly Tensor[]): void {
  if (told.length !== results.length) {
    throw fault(
      'shape',
      `${where}: computeOutputShape tells ${told.length} results, but there are ${results.length}`,
    );
  }
  results.forEach(({ shape }, at) => {
    const dims = told[at]!;
    const fits = dims.slice(1).every((length, axis) => (length ?? shape[axis + 1]) === shape[axis + 1]);
    if (fits && dims.length === shape.length) return;
    throw fault(
      'shape',
      `${where}: computeOutputShape tells [${dims.map(String)}], but the result is [${shape}]`,
    );
  });
}

/** A single tensor that can also be read as a list of one: programs do both. */
export function alsoList(tensor: Tensor): Tensor {
  Object.defineProperty(tensor, 0, { value: tensor });
  Object.defineProperty(tensor, Symbol.iterator, {
    value: function* () {
      yield tensor;
    },
  });
  return tensor;
}
