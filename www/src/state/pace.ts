/**
 * Runs `work` at most once per `gap` milliseconds, never twice at the same time, and once more after the
 * last call, so that what it shows is never stale.
 */
export function paced(work: () => Promise<unknown>, gap: number): () => void {
  let running = false;
  let again = false;
  let hasFailed = false;
  const run = async () => {
    again = true;
    if (running) return;
    running = true;
    while (again) {
      again = false;
      const began = performance.now();
      try {
        await work();
        hasFailed = false;
      } catch (error) {
        // The worker, or the network, that was asked is gone: whoever shows the answer asks the one in its place.
        if ((error as { code?: string }).code !== 'state') {
          // Digits may have made way for others before the page was told: asked once more, it knows.
          if (hasFailed) console.error(error);
          else again = true;
          hasFailed = !hasFailed;
        }
      }
      const rest = gap - (performance.now() - began);
      if (rest > 0) await new Promise((done) => setTimeout(done, rest));
    }
    running = false;
  };
  return () => void run();
}
