import assert from 'node:assert/strict';

/** The ensemble reads most digits, and its error bar is that of a share of so many. */
export function claims(text) {
  const [share, error] = text
    .match(/accuracy (\d+\.\d) ± (\d+\.\d) %/)
    .slice(1)
    .map(Number);
  assert.ok(share > 80, text);
  // mapling is tested on 500 digits, Keras on 1,000.
  const bars = [500, 1000].map((count) => 1.96 * Math.sqrt((share * (100 - share)) / count));
  assert.ok(
    bars.some((bar) => Math.abs(bar - error) < 0.15),
    text,
  );
}
