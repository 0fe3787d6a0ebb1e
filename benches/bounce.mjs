// A worker that throws a word to another one and waits until it comes back; says how long that took at best, in
// nanoseconds a turn.
const TURNS = 2000;
const BURSTS = 25;

self.onmessage = ({ data: [memory, mine, theirs, first] }) => {
  const words = new Int32Array(memory);
  // Both are awake before the first turn.
  Atomics.add(words, 64, 1);
  while (Atomics.load(words, 64) < 2);
  let best = Number.POSITIVE_INFINITY;
  for (let burst = 0; burst < BURSTS; burst++) {
    const start = performance.now();
    for (let turn = burst * TURNS + 1; turn <= (burst + 1) * TURNS; turn++) {
      if (first) Atomics.store(words, mine, turn);
      while (Atomics.load(words, theirs) !== turn);
      if (!first) Atomics.store(words, mine, turn);
    }
    best = Math.min(best, (performance.now() - start) * (1e6 / TURNS));
  }
  postMessage(Math.round(best));
};
