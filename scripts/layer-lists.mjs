// The lists that follow from the table of layers in src/nn/layers/mod.rs: the names of their classes in JavaScript
// (js/nn/class-names.ts) and the layers in README.md. `npm run build` writes them; nobody does by hand.
import { readFileSync, writeFileSync } from 'node:fs';
import { at } from './run.mjs';

const read = (file) => readFileSync(at(file), 'utf8');

/** The classes of all layers, in the order of the table. */
export function layerClasses() {
  const table = /^layers! \{\n(.*?)^\}/ms.exec(read('src/nn/layers/mod.rs'))[1];
  const rows = [...table.matchAll(/^ +\w+(?:::\w+)*: ([^;]+);/gm)];
  return rows.flatMap(([, classes]) => classes.match(/\w+/g));
}

/** Names in lines of JavaScript that are not too long. */
function asText(names) {
  const lines = [''];
  for (const name of names) {
    if (lines.at(-1).length + name.length > 100) lines.push('');
    lines.push(`${lines.pop()}${name} `);
  }
  return lines
    .map((line) => `  '${line}'`)
    .join(' +\n')
    .replace(/ '$/, "'");
}

/** Names for readers: of layers for several dimensions the name once, and the dimensions. */
function asSentence(names) {
  const base = (name) => name.replace(/[123]D$/, '');
  const families = new Map();
  for (const name of names) families.set(base(name), [...(families.get(base(name)) ?? []), name]);
  return [...families]
    .map(([family, all]) =>
      all.length === 1
        ? all[0]
        : `${family} (${all
            .map((name) => name.slice(family.length))
            .sort()
            .join(', ')})`,
    )
    .join(', ');
}

/** Each file as it is and as it should be. */
export function lists() {
  const names = layerClasses();
  const [code, readme] = ['js/nn/class-names.ts', 'README.md'];
  const is = { [code]: read(code), [readme]: read(readme) };
  const should = {
    [code]: `/** The classes of the library's layers. \`npm run build\` writes this file from the table in src/nn/layers/mod.rs. */
export const LAYER_CLASSES =
${asText(names)};
`,
    [readme]: is[readme].replace(/^- Layers: [^.]*\./m, `- Layers: ${asSentence(names)}.`),
  };
  return Object.keys(is).map((file) => ({ file, is: is[file], should: should[file] }));
}

/** Writes the lists that are not as they should be. */
export function writeLists() {
  for (const { file, is, should } of lists()) if (is !== should) writeFileSync(at(file), should);
}
