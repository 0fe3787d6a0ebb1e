// What every library's runner in JavaScript does the same way.

/** Calls `step` until it has run for 0.3 s: engines optimise what is hot. */
export async function warm(step) {
  const start = performance.now();
  do await step();
  while (performance.now() - start < 300);
}

/**
 * Milliseconds of one call, `count` times, and how many calls that took. Each time is the mean over as
 * many calls as fill 2 ms, since the clocks of pages tick slowly.
 */
export async function latencies(count, predict) {
  const times = [];
  let all = 0;
  while (times.length < count) {
    const start = performance.now();
    let [calls, took] = [0, 0];
    do {
      await predict();
      calls += 1;
      took = performance.now() - start;
    } while (took < 2);
    times.push(took / calls);
    all += calls;
  }
  return { times, calls: all };
}
