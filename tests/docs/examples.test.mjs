// Each example in the package's documentation runs and gives what it promises, and each public function has one.
import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { gzipSync } from 'node:zlib';
import { at } from '../../scripts/run.mjs';
import { launch } from '../browser/chromium.mjs';
import { serve } from '../browser/serve.mjs';
import { exported } from '../js/exported.mjs';
import { asProgram, examples, isPromised } from './examples.mjs';

const load = (file) => import(pathToFileURL(at(`dist/npm/${file}`)).href);
const mapling = await load('index.js');
const { createTrainer } = await load('worker/trainer.js');
await mapling.init();

const all = examples();
/** Examples with what only pages have run in one. */
const inPage = all.filter(({ code }) => /\bOffscreenCanvas\b|\blocalstorage:|'\.\/my-model'/.test(code));
const inNode = all.filter((example) => !inPage.includes(example));
const scope = { ...mapling, createTrainer };
const AsyncFunction = (async () => {}).constructor;

/** A folder with an MNIST of two black pictures, for the example that reads one. */
let folder;
const home = process.cwd();
before(() => {
  folder = mkdtempSync(join(tmpdir(), 'mapling-docs-'));
  mkdirSync(join(folder, 'mnist'));
  const idx = (shape, values) =>
    gzipSync(
      Uint8Array.from([0, 0, 8, shape.length, ...shape.flatMap((n) => [0, 0, n >> 8, n & 255]), ...values]),
    );
  for (const name of ['train', 't10k']) {
    writeFileSync(
      join(folder, 'mnist', `${name}-images-idx3-ubyte.gz`),
      idx([2, 28, 28], new Uint8Array(1568)),
    );
    writeFileSync(join(folder, 'mnist', `${name}-labels-idx1-ubyte.gz`), idx([2], [3, 7]));
  }
  process.chdir(folder);
});
after(() => {
  process.chdir(home);
  rmSync(folder, { recursive: true, force: true });
});

/** Runs an example; gives what it promised and did not keep. */
async function broken({ code }) {
  const wrong = [];
  let promises = 0;
  const promised = (value, text) => {
    promises++;
    const shown = typeof value?.arraySync === 'function' ? value.arraySync() : value;
    if (!isPromised(value, text)) wrong.push(`promises ${text}, gives ${JSON.stringify(shown) ?? shown}`);
  };
  const names = Object.keys(scope);
  try {
    await new AsyncFunction(...names, '$promised', `{\n${asProgram(code)}\n}`)(
      ...names.map((name) => scope[name]),
      promised,
    );
  } catch (failure) {
    wrong.push(String(failure));
  }
  if (promises === 0) wrong.push('promises nothing');
  return wrong;
}

test('each example runs and gives what it promises', async () => {
  const { log } = console;
  console.log = () => {};
  const failed = [];
  try {
    for (const example of inNode)
      for (const what of await broken(example)) failed.push(`js/${example.file}:${example.line}: ${what}`);
  } finally {
    console.log = log;
  }
  console.log(`# ${inNode.length} examples in Node, ${inPage.length} in a page`);
  assert.ok(inNode.length > 500, `${inNode.length} examples were found`);
  assert.deepEqual(failed, []);
});

test('each example for pages runs in one and gives what it promises', async () => {
  mkdirSync(join(folder, 'my-model'));
  writeFileSync(join(folder, 'my-model', 'weights.bin'), Float32Array.of(1, 2));
  const server = await serve({ '/npm/my-model/': join(folder, 'my-model'), '/npm/': at('dist/npm') });
  const browser = await launch();
  try {
    const page = await browser.newPage();
    await page.goto(`${server.origin}/npm/package.json`);
    for (const { file, line, code } of inPage) {
      const given = await page.evaluate(async (program) => {
        const mapling = await import('/npm/index.js');
        await mapling.init();
        const found = [];
        const promised = (value, text) => found.push([value.arraySync?.() ?? value, text]);
        const names = Object.keys(mapling);
        await new Function(...names, '$promised', `return (async () => {${program}})()`)(
          ...names.map((name) => mapling[name]),
          promised,
        );
        return found;
      }, asProgram(code));
      assert.ok(given.length > 0);
      for (const [value, text] of given)
        assert.ok(
          isPromised(value, text),
          `js/${file}:${line}: promises ${text}, gives ${JSON.stringify(value)}`,
        );
    }
  } finally {
    await browser.close();
    await server.close();
  }
});

test('what an example does not keep is found', async () => {
  assert.deepEqual(await broken({ code: 'add(1, 2); // → 4' }), ['promises 4, gives 3']);
  assert.deepEqual(await broken({ code: 'add([1], [2]); // → [3, 3]' }), ['promises [3, 3], gives [3]']);
  assert.deepEqual(await broken({ code: 'add(1, 2);' }), ['promises nothing']);
  assert.match((await broken({ code: 'nothing(1); // → 4' }))[0], /ReferenceError/);
});

/** Names that say only that they are not here. */
function refuses({ name, owner, key }) {
  if (name.includes('#')) return false;
  const text = String(owner[key]);
  if (/throw refusal\(/.test(text)) return true;
  try {
    owner[key].call(owner)?.catch?.(() => {});
  } catch ({ message }) {
    return /not in mapling/.test(message);
  }
  return false;
}

test('each public function has an example that calls it, where it is documented', () => {
  const escaped = (text) => text.replace(/[$]/g, '\\$&');
  /** An example that calls `name`, in a comment before its declaration or before its namespace's. */
  const has = (name) => {
    const parts = name.split('.');
    const call = new RegExp(`(^|[^\\w.])${escaped(parts.join('.')).replaceAll('.', '\\.')}\\b`);
    const owners = [parts.at(-1), parts.at(-2), `${parts.at(-1)}Number`];
    return all.some(
      ({ owner, code }) =>
        (owners.includes(owner) || /^is(Finite|NotA)Number$/.test(owner ?? '')) && call.test(code),
    );
  };
  const functions = exported(mapling).filter(
    ({ name }) => !name.includes('#') && !/^[A-Z]\w+\.from/.test(name),
  );
  const lacking = functions.filter((one) => !has(one.name) && !refuses(one)).map(({ name }) => name);
  const advice = 'no `@example` where these are declared, or where their namespace is, calls them';
  assert.deepEqual(lacking, [], `${advice}: ${lacking.join(', ')}`);
  console.log(`# ${functions.length} functions`);
});
