import assert from 'node:assert/strict';

/** Integrated gradients add up to what the score gained; gradient × input does not. */
export function claims(text) {
  const [told, gained] = text
    .match(/add up to (-?\d+\.\d+), the score gained (-?\d+\.\d+)/)
    .slice(1)
    .map(Number);
  const [simple] = text
    .match(/input adds up to (-?\d+\.\d+)/)
    .slice(1)
    .map(Number);
  assert.ok(gained > 0.5, text);
  assert.ok(Math.abs(told - gained) < 0.05 * gained, text);
  assert.ok(Math.abs(simple - gained) > 5 * Math.abs(told - gained), text);
}
