// The page's module comes in two parts: a function of the rest that is called before the rest is there brings it.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { firstPart, pathOf, shortest } from '../../scripts/first-part.mjs';
import { at } from '../../scripts/run.mjs';
import { answerRequests } from './requests.mjs';

const SIZE = 28 * 28;
const wasm = (name) => readFileSync(at(`www/wasm/${name}`));

test('the first call of the rest fetches it, once, and computes what the undivided module does', async () => {
  const asked = answerRequests();
  // What would fetch it in time asks for an address that Node cannot fetch, and leaves it to the first call.
  const page = await import(pathToFileURL(at('www/wasm/mapling.js')).href);
  page.initSync({ module: wasm('mapling_bg.wasm') });
  const digits = new Uint8Array(3 * SIZE);
  page.generateDigits(5, digits, new Uint8Array(3));
  assert.deepEqual(asked, [], 'digits are drawn by the first part');

  const others = new Uint8Array(2 * SIZE);
  page.generateOthers(5, others);
  page.generateOthers(5, others);
  assert.deepEqual(asked, ['mapling_rest.wasm']);

  const whole = await import(pathToFileURL(at('dist/npm/wasm/mapling.js')).href);
  whole.initSync({ module: readFileSync(at('dist/npm/wasm/mapling_bg.wasm')) });
  const [wholeDigits, wholeOthers] = [new Uint8Array(3 * SIZE), new Uint8Array(2 * SIZE)];
  whole.generateDigits(5, wholeDigits, new Uint8Array(3));
  whole.generateOthers(5, wholeOthers);
  assert.ok(others.some((value) => value > 0));
  assert.deepEqual(digits, wholeDigits);
  assert.deepEqual(others, wholeOthers);
});

/** What a module answers to what it refuses: from the first part, from the rest, and from what reads JSON. */
function refusals(core) {
  const calls = [
    () => core.generateDigits(5, new Uint8Array(10), new Uint8Array(3)),
    () => core.generateOthers(5, new Uint8Array(10)),
    () => new core.CoreOptimizer('x'),
    () => new core.CoreOptimizer('"sdg"'),
    () => new core.CoreOptimizer('{ "class_name": "adam", "config": { "beta_1": 2 } }'),
    () => core.rasterize(new Float32Array([Number.NaN]), new Uint32Array([1])),
  ];
  return calls.map((call) => {
    try {
      return call();
    } catch (error) {
      return String(error.message ?? error);
    }
  });
}

test('texts that only the rest reads come with it, and those of the first part are there before', async () => {
  const pagesFirst = new WebAssembly.Module(wasm('mapling_bg.wasm'));
  const count = (bytes, text) => Buffer.from(bytes).toString('latin1').split(text).length - 1;
  assert.equal(count(wasm('mapling_bg.wasm'), 'no whole number of pictures'), 0);
  assert.equal(count(wasm('mapling_rest.wasm'), 'no whole number of pictures'), 1);
  answerRequests();
  const page = await import(`${pathToFileURL(at('www/wasm/mapling.js')).href}?texts`);
  page.initSync({ module: pagesFirst });
  const whole = await import(`${pathToFileURL(at('dist/npm/wasm/mapling.js')).href}?texts`);
  whole.initSync({ module: readFileSync(at('dist/npm/wasm/mapling_bg.wasm')) });
  const texts = refusals(page);
  assert.match(texts[0], /10 bytes cannot hold 3 digits/);
  assert.match(texts[3], /`sdg` is unknown; there are SGD/);
  assert.match(texts[4], /`beta_1` must be at least 0 and less than 1, but is 2/);
  assert.deepEqual(texts, refusals(whole));
});

test('a list names functions of the rest and whole paths, and nothing of the first part', () => {
  const first = ['mapling::ops::dense::call', 'mapling::nn::Model::build', 'start'];
  const rest = ['mapling::ops::conv::call', 'mapling::ops::conv::pad', 'mapling::nn::Model::save', 'stop'];
  const lines = shortest(rest, first);
  assert.deepEqual(lines, ['mapling::nn::Model::save', 'mapling::ops::conv::*', 'stop']);
  const isFirst = firstPart(lines);
  assert.deepEqual(first.map(isFirst), [true, true, true]);
  assert.deepEqual(rest.map(isFirst), [false, false, false, false]);
  // What is new comes first.
  assert.ok(isFirst('mapling::ops::norm::call'));
});

test('functions have the same path whatever compiled them', () => {
  assert.equal(pathOf('<mapling[26f665e065589103]::tensor::Tensor>::add'), '<mapling::tensor::Tensor>::add');
  assert.equal(pathOf('fit_run_1886a4ddecf95c7b'), 'fit_run');
});
