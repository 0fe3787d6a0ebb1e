// What the pages of a benchmark load: the repository's own layout, and what was built or installed elsewhere.
import { at } from '../scripts/run.mjs';
import { serve } from '../tests/browser/serve.mjs';

/** With these a page gets a clock that ticks in microseconds, and shared memory. */
const isolation = {
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-embedder-policy': 'require-corp',
};

/** `mounts` come on top; `isolated` pages are cross-origin isolated. */
export const site = ({ mounts = {}, isolated = false } = {}) =>
  serve(
    {
      '/benches/': at('benches'),
      '/dist/npm/': at('dist/npm'),
      '/www/public/mnist/': at('www/public/mnist'),
      ...mounts,
    },
    { headers: isolated ? isolation : {} },
  );
