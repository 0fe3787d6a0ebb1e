/** The worker with all of mapling, for networks with layers that the page's own module does not have. */
export const worker = (): Worker =>
  new Worker(new URL('../lessons/laboratory/whole-worker.ts', import.meta.url), {
    type: 'module',
    name: 'whole',
  });
