import assert from 'node:assert/strict';

/** The tutorial's network reads nearly all digits that it has not seen, and the first of them as what it is. */
export function claims(text) {
  const [loss, accuracy] = text
    .match(/test loss (\d+\.\d+), accuracy (\d+\.\d+)/)
    .slice(1)
    .map(Number);
  assert.ok(loss < 0.4 && loss > 0, text);
  assert.ok(accuracy > 0.9 && accuracy <= 1, text);
  const [read, truth] = text.match(/read as (\d), in truth (\d)/).slice(1);
  assert.equal(read, truth, text);
}
