// Tests in a browser share the machine with whatever else runs on it, and one in some hundreds of runs misses a frame
// or a deadline. A test that fails there runs once more, alone; the summary names each that needed it, so that it is
// mended. A test that fails twice has failed.

/** More failures than this are no accident. */
const most = 4;

/** The tests at the top level that failed, from what `node --test` prints as TAP: `[{ name, file }]`. */
export function failures(tap) {
  const found = [];
  const failed = /^not ok \d+ - (.*)\n {2}---\n((?: {2}.*\n)*?) {2}\.\.\.$/gm;
  for (const [, name, details] of tap.matchAll(failed)) {
    const file = details.match(/^ {2}location: '(.*):\d+:\d+'$/m)?.[1];
    found.push({ name: name.replaceAll('\\#', '#').replaceAll('\\\\', '\\'), file });
  }
  return found;
}

/**
 * Runs `first`, which resolves with TAP or rejects with it as `error.output`, and then `again(name, file)` for each
 * test that failed. Resolves with the TAP, what passed the second time counted as passed, and the names of those.
 */
export async function twiceIfNeeded(first, again) {
  try {
    return { tap: await first(), unsteady: [] };
  } catch (error) {
    const failed = failures(error.output ?? '');
    if (failed.length === 0 || failed.length > most || failed.some(({ file }) => !file)) throw error;
    for (const { name, file } of failed) {
      console.log(`\n=== once more, alone: ${name}`);
      const alone = await again(name, file).catch(({ output }) => output ?? '');
      const hasPassed = /^# pass [1-9]\d*\n# fail 0\n# cancelled 0$/m.test(alone);
      if (!hasPassed) throw error;
    }
    const counted = (_, kind, number) => `# ${kind} ${kind === 'pass' ? Number(number) + failed.length : 0}`;
    return {
      tap: error.output.replace(/^# (pass|fail|cancelled) (\d+)$/gm, counted),
      unsteady: failed.map(({ name }) => name),
    };
  }
}
