// Models of one layer, and what they give.
import { assert, mapling } from './mapling.mjs';

/** What a model of one layer makes of `x`, with these weights if it has any. */
export function through(layer, x, weights) {
  const model = mapling.sequential({ layers: [layer] });
  if (weights) model.setWeights(weights.map((weight) => mapling.tensor(weight)));
  return model.predict(mapling.tensor(x));
}

/** Whether the values of a tensor are these, or as near as `allowed`. */
export const near = (tensor, want, allowed = 1e-6) => {
  const got = Array.from(tensor.dataSync());
  assert.ok(
    got.length === want.length && got.every((value, at) => Math.abs(value - want[at]) <= allowed),
    `${got}, expected ${want}`,
  );
};
