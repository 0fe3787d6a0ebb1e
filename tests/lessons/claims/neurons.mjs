import assert from 'node:assert/strict';

/** All points come to lie on their side. */
export function claims(text) {
  const [, loss, right] = /loss ([\d.]+), right ([\d.]+) %/.exec(text);
  assert.ok(Number(loss) < 0.05, text);
  assert.ok(Number(right) >= 99, text);
}
