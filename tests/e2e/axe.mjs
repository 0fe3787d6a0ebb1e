// What axe finds on a page that is serious or worse.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { at } from '../../scripts/run.mjs';

const axe = readFileSync(at('node_modules/axe-core/axe.min.js'), 'utf8');

/** Fails, with rules and places, unless axe finds nothing serious `within` the page; `state` says what it shows. */
export async function nothingSerious(page, state, within = 'html') {
  if (!(await page.evaluate(() => 'axe' in window))) await page.evaluate(axe);
  const found = await page.evaluate(async (within) => {
    const { violations } = await window.axe.run(document.querySelector(within), {
      resultTypes: ['violations'],
    });
    return violations
      .filter(({ impact }) => impact === 'serious' || impact === 'critical')
      .flatMap(({ id, nodes }) =>
        nodes.map(({ target, failureSummary }) => `${id}: ${target} ${failureSummary}`),
      );
  }, within);
  assert.deepEqual(found, [], state);
}
