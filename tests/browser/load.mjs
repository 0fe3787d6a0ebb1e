// How busy the machine is with other things: what a test may wait for work that takes a known time on a quiet one.

/** How many times as long work takes now as on a quiet machine, as a share of a second of work shows. At least 1. */
export function slowness(milliseconds = 150) {
  const [began, before] = [performance.now(), process.cpuUsage()];
  while (performance.now() - began < milliseconds);
  const { user, system } = process.cpuUsage(before);
  return Math.max(1, (1000 * (performance.now() - began)) / Math.max(1, user + system));
}
