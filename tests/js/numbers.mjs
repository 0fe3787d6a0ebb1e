// Numbers in tensors, compared.
import { assert } from './mapling.mjs';

/** The values of a tensor, row by row. */
export const list = (one) => Array.from(one.dataSync());

/** Whether numbers are these, or as near as `allowed`. */
export const near = (got, want, allowed = 1e-6) =>
  assert.ok(
    [...got].length === want.length && want.every((value, at) => Math.abs(got[at] - value) <= allowed),
    `${[...got]}, expected ${want}`,
  );
