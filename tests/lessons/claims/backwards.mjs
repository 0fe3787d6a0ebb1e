import assert from 'node:assert/strict';

/** The gradients are those of the formula, worked out by hand; the difference agrees. */
export function claims(text) {
  const [dx, dw, db, dy, difference, second] = text.match(/-?\d+\.\d+/g).map(Number);
  const [x, w, b, y] = [1.5, 0.8, -0.4, -0.5];
  const a = Math.tanh(w * x + b);
  const [slope, error] = [1 - a * a, a - y];
  const close = (found, wanted) =>
    assert.ok(Math.abs(found - wanted) < 2e-3, `${found}, not ${wanted}: ${text}`);
  close(dx, 2 * error * slope * w);
  close(dw, 2 * error * slope * x);
  close(db, 2 * error * slope);
  close(dy, -2 * error);
  close(difference, dw);
  close(second, 2 * x * x * slope * (slope - 2 * a * error));
}
