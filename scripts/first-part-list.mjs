// `npm run first-part`: writes scripts/first-part.txt, which says what the first part of the page's module is without, from
// what a first visit runs until it trains. Takes Chromium.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { isolation } from '../tests/browser/serve.mjs';
import { firstLoss, withPage } from '../tests/e2e/page.mjs';
import { bindVariant, buildSite, buildVariant, removeVariant } from './build.mjs';
import { LIST, pathOf, shortest } from './first-part.mjs';
import { at, main } from './run.mjs';
import { setup } from './setup.mjs';
import {
  bodiesOf,
  contentOf,
  importsOf,
  kinds,
  limits,
  list,
  moduleOf,
  namesOf,
  number,
  Reader,
  section,
  sections,
  sectionsOf,
  text,
  withLength,
} from './wasm-module.mjs';

/** Bytes of a page of WebAssembly's memory. */
const PAGE = 65_536;
/** Those that browsers load by themselves, and with which headers they do. */
const VARIANTS = { mapling: {}, threads: isolation };
const LATER = ['threads', 'fast', 'fast_threads'];
/** What a first visit may run before its first loss is shown, and which is to bring the rest: the end of an epoch. */
const BRINGS = ['<mapling::learn::fit::Fit>::end_epoch'];

/**
 * The same module with functions that leave a mark when they begin: a byte each, in a page that the memory has more.
 * Gives where the marks begin and the name of each function.
 */
function marked(module) {
  const all = sectionsOf(module);
  const imports = importsOf(contentOf(all, sections.imports));
  const shared = imports.find(({ kind }) => kind === kinds.memory);
  const reader = shared ? undefined : new Reader(contentOf(all, sections.memories));
  const own = shared?.limits ?? reader.list(() => reader.limits())[0];
  const from = own.least * PAGE;
  const bodies = bodiesOf(contentOf(all, sections.code));
  const imported = imports.filter(({ kind }) => kind === kinds.function).length;
  const names = namesOf(all);
  const code = bodies.map((body, index) => {
    const reader = new Reader(body);
    reader.list(() => {
      reader.number();
      reader.byte();
    });
    // i32.const 0, i32.const 1, i32.store8 at that place.
    const mark = Buffer.concat([Buffer.from([0x41, 0, 0x41, 1, 0x3a, 0]), number(from + index)]);
    return withLength(Buffer.concat([body.subarray(0, reader.at), mark, body.subarray(reader.at)]));
  });
  const grown = limits({ ...own, least: own.least + Math.ceil(bodies.length / PAGE) });
  const taken = imports.map(({ from, name, kind, whole }) =>
    kind === kinds.memory ? Buffer.concat([text(from), text(name), Buffer.from([kind]), grown]) : whole,
  );
  const parts = all.map(({ id, whole }) => {
    if (id === sections.memories) return section(id, list([grown]));
    if (id === sections.imports) return section(id, list(taken));
    return id === sections.code ? section(id, list(code)) : whole;
  });
  return {
    module: moduleOf(parts),
    from,
    names: bodies.map((_, index) => names.get(imported + index) ?? ''),
  };
}

/** What a first visit has run by the time it trains: a mark for each function. */
async function visit(headers, from, count) {
  let marks;
  await withPage({ query: '', headers, learnsOthers: true }, async (page) => {
    await firstLoss(page);
    for (const worker of page.workers())
      marks ??= await worker.evaluate(
        ([from, count]) => globalThis.maplingMarks?.(from, count),
        [from, count],
      );
  });
  return marks;
}

/** The paths of all functions of a variant, and whether a first visit runs each. */
async function visited(name, headers) {
  const folder = at('www/wasm');
  const [file, glue] = [join(folder, `${name}_bg.wasm`), join(folder, `${name}.js`)];
  await bindVariant(name);
  const { module, from, names } = marked(readFileSync(file));
  writeFileSync(file, module);
  // Whoever shares its memory out takes as many pages as the module names.
  const script = readFileSync(glue, 'utf8').replace(
    /initial:(\d+)/,
    (_, pages) => `initial:${Number(pages) + 1}`,
  );
  writeFileSync(
    glue,
    `${script}
globalThis.maplingMarks = (from, count) => [...new Uint8Array(wasm.memory.buffer, from, count)];
function addRest() {}
`,
  );
  await buildSite({ later: LATER.filter((other) => other !== name) });
  const marks = await visit(headers, from, names.length);
  return names.map((path, index) => [pathOf(path), marks[index] === 1]);
}

main(async () => {
  await setup();
  const found = [];
  try {
    for (const [name, headers] of Object.entries(VARIANTS)) found.push(...(await visited(name, headers)));
  } finally {
    for (const name of Object.keys(VARIANTS)) removeVariant(name);
  }
  const first = new Set(
    found.filter(([path, isFirst]) => isFirst && !BRINGS.includes(path)).map(([path]) => path),
  );
  const all = new Set(found.map(([path]) => path));
  const lines = shortest(
    [...all].filter((path) => !first.has(path)),
    [...first],
  );
  const head =
    "# Functions that the first part of the page's module is without (scripts/first-part.mjs), written by `npm run first-part`.";
  writeFileSync(at(LIST), `${[head, ...lines].join('\n')}\n`);
  console.log(`${first.size} of ${all.size} functions come first; ${lines.length} lines`);
  for (const name of Object.keys(VARIANTS)) await buildVariant(name, { place: 'page' });
});
