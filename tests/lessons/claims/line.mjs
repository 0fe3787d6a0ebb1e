import assert from 'node:assert/strict';

const area = [0.45, 0.6, 0.75, 0.9, 1.05, 1.2, 1.4, 1.6];
const price = [1.6, 1.7, 2.5, 2.3, 3.2, 3, 4.1, 4.2];
const mean = (values) => values.reduce((sum, value) => sum + value, 0) / values.length;

/** Gradient descent arrives at the line of least squares. */
export function claims(text) {
  const [slope, offset] = text.match(/-?\d+\.\d+/g).map(Number);
  const covariance = mean(area.map((x, at) => (x - mean(area)) * (price[at] - mean(price))));
  const best = covariance / mean(area.map((x) => (x - mean(area)) ** 2));
  assert.ok(Math.abs(slope - best) < 0.002, text);
  assert.ok(Math.abs(offset - (mean(price) - best * mean(area))) < 0.002, text);
}
