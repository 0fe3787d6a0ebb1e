// Writes the table of TensorFlow.js' API in docs/COMPATIBILITY.md, from its list of names (tests/tfjs) and the built package:
//   node scripts/compatibility.mjs
import { readFileSync, writeFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import { list, table } from '../tests/tfjs/offered.mjs';
import { at, isMain, main } from './run.mjs';

const file = at('docs/COMPATIBILITY.md');
const MARK = '<!-- What follows is written by scripts/compatibility.mjs. -->';

const percent = (part, whole) => `${Math.floor((100 * part) / whole)} %`;
const code = (name) => `\`${name.replaceAll('|', '\\|')}\``;
/** Titles of the parts, in the order of the page. */
const TITLES = {
  tensors: 'Tensors and their operations',
  'gradients and memory': 'Gradients, variables, memory, environment',
  layers: 'Layers',
  'models and layers': 'Models, members of layers, initializers, regularizers, constraints',
  training: 'Training: optimizers, losses, metrics, callbacks',
  data: 'Data sets',
  browser: 'Pixels',
  image: 'Images',
  io: 'Files and places',
  util: 'Small functions',
  strings: 'Tensors of text',
  sparse: 'Sparse tensors',
  'graph models': 'Graph models',
};

/** The counts of each part. */
export const counts = (tf) =>
  table(tf)
    .map(({ part, names }) => ({
      part,
      all: names.filter(({ inside }) => !inside).length,
      here: names.filter(({ here }) => here).length,
      names,
    }))
    .sort((a, b) => Object.keys(TITLES).indexOf(a.part) - Object.keys(TITLES).indexOf(b.part));

/** The generated part of the page. */
export function written(tf) {
  const parts = counts(tf);
  const inside = parts.flatMap(({ names }) => names.filter(({ inside }) => inside)).length;
  const lines = [
    MARK,
    '',
    `## TensorFlow.js’ API, name by name`,
    '',
    `The names are those in the type declarations of \`@tensorflow/tfjs\` ${list.version}; what is here is what the package has. ` +
      'A name that is not here throws an error when it is called, which says what comes closest.',
    '',
    '| part | names | here | |',
    '| --- | ---: | ---: | ---: |',
    ...parts.map(({ part, all, here }) => `| ${TITLES[part]} | ${all} | ${here} | ${percent(here, all)} |`),
    `| Members that are how TensorFlow.js works inside | ${inside} | 0 | not wanted |`,
    `| Kernels and backends | ${list.internals} | 0 | not wanted |`,
  ];
  for (const { part, names } of parts) {
    lines.push('', `### ${TITLES[part]}`, '');
    const here = names.filter(({ here }) => here);
    if (here.length > 0) lines.push(`Here: ${here.map(({ name }) => code(name)).join(' ')}`, '');
    const differing = here.filter(({ differs }) => differs);
    if (differing.length > 0)
      lines.push(
        '| differs | how |',
        '| --- | --- |',
        ...differing.map(({ name, differs }) => `| ${code(name)} | ${differs} |`),
        '',
      );
    const missing = names.filter(({ here, inside }) => !here && !inside);
    if (missing.length > 0) {
      lines.push('| not here | why, or what there is instead |', '| --- | --- |');
      const byReason = Map.groupBy
        ? Map.groupBy(missing, ({ why }) => why)
        : missing.reduce((map, one) => map.set(one.why, [...(map.get(one.why) ?? []), one]), new Map());
      for (const [why, all] of byReason)
        lines.push(`| ${all.map(({ name }) => code(name)).join(' ')} | ${why} |`);
    }
  }
  return `${lines
    .join('\n')
    .replace(/\n+$/, '')
    .replace(/\n{3,}/g, '\n\n')}\n`;
}

/** The page as it should be, and as it is. */
export function pages(tf) {
  const is = readFileSync(file, 'utf8');
  const own = is.split(MARK)[0].trimEnd();
  return { is, should: `${own}\n\n${written(tf)}` };
}

if (isMain(import.meta.url)) {
  main(async () => {
    const tf = await import(pathToFileURL(at('dist/npm/index.js')).href);
    await tf.init({ threads: 1 });
    writeFileSync(file, pages(tf).should);
    for (const { part, all, here } of counts(tf)) console.log(`${part}: ${here} of ${all}`);
  });
}
