import assert from 'node:assert/strict';

/** The more rows it has read, the more often the network is right. */
export function claims(text) {
  const right = [...text.matchAll(/^right after row \d+ (\d\.\d+)$/gm)].map(([, share]) => Number(share));
  assert.equal(right.length, 3, text);
  assert.ok(right[2] > 0.75 && right[2] >= right[0], text);
}
