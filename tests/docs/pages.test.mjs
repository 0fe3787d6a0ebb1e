// `npm run docs` makes pages of what the package exports, with its examples, and has nothing to complain of.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { docs } from '../../scripts/docs.mjs';
import { at } from '../../scripts/run.mjs';

test('the API has pages with its examples, without the package’s own names, and no link leads nowhere', async () => {
  const { warnings } = await docs();
  assert.deepEqual(warnings, []);
  const signs = { '&#39;': "'", '&quot;': '"', '&gt;': '>', '&lt;': '<', '&amp;': '&' };
  const page = (name) =>
    readFileSync(at(`dist/docs/${name}.html`), 'utf8')
      .replace(/<[^>]*>/g, '')
      .replace(/&\S{2,4};/g, (sign) => signs[sign] ?? sign);
  assert.match(page('functions/index.abs'), /abs\(\[-1, 2\]\); \/\/ → \[1, 2\]/);
  assert.match(page('variables/index.layers'), /layers\.dense\(\{ units: 1, kernelInitializer: 'ones' \}\)/);
  assert.match(page('functions/worker_trainer.createTrainer'), /await trainer\.fit/);
  const model = page('classes/index.LayersModel');
  assert.match(model, /model\.metricsNames; \/\/ → \['loss', 'mae'\]/);
  assert.doesNotMatch(model, /prepareFit_|_checkFree/);
  assert.match(page('documents/docs_PACKAGE'), /A page without a bundler/);
});
