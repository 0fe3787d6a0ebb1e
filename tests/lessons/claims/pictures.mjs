import assert from 'node:assert/strict';

/** The map lights up at the edge, pooling keeps that, and gradient descent finds the kernel. */
export function claims(text) {
  assert.match(text, /^map 0 3 3 0$/m);
  assert.match(text, /^pooled 3 3 3 3$/m);
  assert.match(text, /^found -1 0 1 -1 0 1 -1 0 1$/m);
}
