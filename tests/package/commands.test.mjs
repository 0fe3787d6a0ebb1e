// The two commands of the README begin in a clone where nothing is installed yet.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { at, output } from '../../scripts/run.mjs';

/** The modules that a script imports before its first line runs, its own and those of others. */
function importsOf(script) {
  const texts = readFileSync(script, 'utf8').matchAll(/^(?:import|export)\s(?:[^;]*?\sfrom\s)?'([^']+)';/gm);
  return [...texts].map((found) => found[1]);
}

for (const command of ['start', 'test', 'setup', 'build']) {
  test(`scripts/${command}.mjs imports only what Node brings before it installs packages`, () => {
    const [seen, waiting, foreign] = [new Set(), [at(`scripts/${command}.mjs`)], []];
    while (waiting.length > 0) {
      const script = waiting.pop();
      if (seen.has(script)) continue;
      seen.add(script);
      for (const name of importsOf(script)) {
        if (name.startsWith('.')) waiting.push(join(dirname(script), name));
        else if (!name.startsWith('node:')) foreign.push(`${script}: ${name}`);
      }
    }
    assert.ok(seen.has(at('scripts/run.mjs')), 'imports were followed');
    assert.deepEqual(foreign, []);
  });
}

test('npm run bench says what can be chosen, with all its parts loaded', () => {
  assert.match(output(process.execPath, ['benches/run.mjs', '--help']) ?? '', /--rounds N/);
});
