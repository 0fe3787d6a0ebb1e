// What the pages of a benchmark load: the repository's own layout, and what was built or installed elsewhere.
import { at } from '../scripts/run.mjs';
import { isolation, serve } from '../tests/browser/serve.mjs';

/** `mounts` come on top; `isolated` pages have a clock that ticks in microseconds, and shared memory. */
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
