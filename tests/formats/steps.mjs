// Steps of training here and in another library, side by side.
import assert from 'node:assert/strict';

export const list = (one) => [one].flat();
export const single = (all) => (all.length === 1 ? all[0] : all);

/** A tensor as tasks for Python say it. */
export const written = (x) => ({
  shape: x.shape,
  data: [...x.dataSync()],
  dtype: x.dtype === 'int32' ? 'int32' : 'float32',
});

/** How far numbers are from others, as a share of the greatest; some are so small that rounding is all there is. */
export function distance(ours, theirs) {
  if (ours.length !== theirs.length) return Number.POSITIVE_INFINITY;
  const scale = theirs.reduce((most, value) => Math.max(most, Math.abs(value)), 1e-2);
  return ours.reduce((most, value, at) => Math.max(most, Math.abs(value - theirs[at])), 0) / scale;
}
export function close(what, ours, theirs, share) {
  const off = distance(ours, theirs);
  assert.ok(off <= share, `${what}: off by ${off} of the scale, ${share} is allowed`);
}

/** The losses of some steps, on the same samples each; of a model of either library. */
export async function steps(model, { xs, ys }, count) {
  const losses = [];
  for (let step = 0; step < count; step++)
    losses.push(list(await model.trainOnBatch(single(xs), single(ys)))[0]);
  return losses;
}

/** Each weight of a model here, as it is now. */
export const weightsOf = (model) =>
  model.weights.map((weight) => ({ name: weight.name, data: [...weight.read().dataSync()] }));

/** A weight whose gradient is only rounding, since softmax takes it out: Adam makes whole steps of it. */
export const isMoot = (name) => /(^|\/)key\/bias$/.test(name);
