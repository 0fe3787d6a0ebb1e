// Libraries of modules that the package brings along: of each only what is used, as one module of its own in
// `dist/npm/vendor`, with its licence beside it. The package depends on nothing, and works where no bundler looks for bare names.
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { build } from 'rolldown';
import { at } from './run.mjs';

/** The lines of comment that a file begins with: who wrote it, and on what terms. */
const termsOf = (file) =>
  readFileSync(at(file), 'utf8')
    .split(/\n(?!\/\/)/)[0]
    .replace(/^\/\/ ?/gm, '');

/**
 * Brings `names` of the module `from` along as `vendor/<to>.js`. `files` are some of the library that begin with its licences,
 * `users` the modules of the package that import it.
 */
export async function bringModule({ from, names, to, files, users }) {
  mkdirSync(at('dist/npm/vendor'), { recursive: true });
  const entry = at(`dist/npm/vendor/${to}.entry.js`);
  writeFileSync(entry, `export { ${names.join(', ')} } from '${from}';\n`);
  try {
    const { output } = await build({ input: entry, write: false, output: { format: 'es', minify: true } });
    const terms = [...new Set(files.map(termsOf))].join('\n\n');
    writeFileSync(at(`dist/npm/vendor/${to}.LICENSE.md`), `${terms}\n`);
    const head = `/*! Of ${from}; see ${to}.LICENSE.md. */`;
    writeFileSync(at(`dist/npm/vendor/${to}.js`), `${head}\n${output[0].code}`);
  } finally {
    rmSync(entry);
  }
  for (const user of users) {
    const before = readFileSync(at(`dist/npm/${user}`), 'utf8');
    const up = '../'.repeat(user.split('/').length - 1);
    const after = before.replace(`from '${from}'`, `from '${up}vendor/${to}.js'`);
    if (after === before) throw new Error(`${user} does not import ${from}`);
    writeFileSync(at(`dist/npm/${user}`), after);
  }
}

/** All libraries of modules. */
export async function bringModules() {
  const wire = 'node_modules/@bufbuild/protobuf/dist/esm/wire';
  await bringModule({
    from: '@bufbuild/protobuf/wire',
    names: ['BinaryWriter', 'WireType'],
    to: 'protobuf-wire',
    files: [`${wire}/binary-encoding.js`, `${wire}/varint.js`],
    users: ['io/onnx/proto.js'],
  });
}
