// What a program loads for each format of files beyond what it has anyway: chunks as a bundler makes them, with the library
// for archives or messages that the format needs, minified, after gzip.
import { dirname, resolve } from 'node:path';
import { gzipSync } from 'node:zlib';
import { at, isMain, main } from './run.mjs';

/** The most that one format may load, in bytes after gzip. */
const BUDGET = 12 * 1024;

/**
 * For each format the modules that `io` asks for, and in `next` those that they ask for in turn: of `.keras` what Keras does
 * not write, such as packed archives, and arrays of half precision or in chunks.
 */
const FORMATS = {
  'TensorFlow.js in': { asked: ['layers-model/read'] },
  'TensorFlow.js out': { asked: ['layers-model/write'] },
  'TensorFlow.js both ways': { asked: ['layers-model/read', 'layers-model/write'] },
  'Keras .keras in': { asked: ['keras/format'] },
  'Keras .keras in, of any form': {
    asked: ['keras/format'],
    next: ['zip/inflate', 'hdf5/attribute', 'hdf5/layouts', 'hdf5/new-form'],
  },
  'Keras .keras out': { asked: ['keras/write-archive'] },
  'Keras .keras both ways': { asked: ['keras/format', 'keras/write-archive'] },
  'Keras .h5 in': { asked: ['keras/format'], next: ['keras/legacy'] },
  'Keras .weights.h5 in': { asked: ['keras/weight-file'] },
  'safetensors in': { asked: ['safetensors/from-safetensors'] },
  'safetensors out': { asked: ['safetensors/to-safetensors'] },
  'safetensors both ways': { asked: ['safetensors/from-safetensors', 'safetensors/to-safetensors'] },
  'ONNX out': { asked: ['onnx/to-onnx'] },
  'checkpoints both ways': { asked: ['checkpoint/checkpoint-file'] },
};

const moduleAt = (name) => at(`dist/npm/io/${name}.js`);

/** The modules that a program has which uses all of the package but `io`. */
async function coreModules(rolldown) {
  const names = Object.keys(await import(at('dist/npm/index.js'))).filter((name) => name !== 'io');
  const { output } = await rolldown.build({
    input: 'program',
    write: false,
    logLevel: 'silent',
    output: { codeSplitting: false },
    plugins: [
      {
        name: 'program',
        resolveId: (name) => (name === 'program' ? name : null),
        load: (name) =>
          name === 'program' ? `export { ${names.join(', ')} } from '${at('dist/npm/index.js')}';` : null,
        // What is loaded later is not there from the start.
        resolveDynamicImport: (id) => ({ id: String(id), external: true }),
      },
    ],
  });
  return new Set(output.flatMap(({ moduleIds }) => moduleIds));
}

/** A chunk with one import for all that it takes from the core, where rolldown writes one for each module. */
function withOneImport(code) {
  const taken = [];
  const rest = code.replace(/import\{([^}]*)\}from[`'"]\.\/core\.js[`'"];/g, (_, names) => {
    taken.push(names);
    return '';
  });
  return taken.length > 0 ? `import{${taken}}from"./core.js";${rest}` : rest;
}

/** Bytes after gzip of all chunks that a format brings beside the core, each with the library that it needs. */
async function bytesOf(rolldown, { asked, next = [] }, core) {
  const wanted = next.map(moduleAt);
  const followed = new Set();
  const { output } = await rolldown.build({
    input: asked.map(moduleAt),
    write: false,
    logLevel: 'silent',
    external: (id) => core.has(id),
    // What a program has anyway is one file.
    output: { format: 'es', minify: true, paths: (id) => (core.has(id) ? './core.js' : id) },
    plugins: [
      {
        name: 'next',
        resolveDynamicImport: (name, importer) => {
          const id = resolve(dirname(importer), name);
          if (!wanted.includes(id)) return { id: name, external: true };
          followed.add(id);
          return id;
        },
      },
    ],
  });
  const lost = wanted.filter((id) => !followed.has(id));
  if (lost.length > 0) throw new Error(`nothing asks for ${lost}`);
  return output.reduce((sum, { code }) => sum + gzipSync(withOneImport(code), { level: 9 }).length, 0);
}

/** What each format takes: its name, its bytes after gzip, and how many it may. */
export async function formatSizes() {
  // Not imported above: on a fresh clone it is there only once everything is set up.
  const rolldown = await import('rolldown');
  const core = await coreModules(rolldown);
  const sizes = [];
  for (const [name, modules] of Object.entries(FORMATS)) {
    const bytes = await bytesOf(rolldown, modules, core);
    sizes.push({ name, bytes, most: BUDGET });
  }
  return sizes;
}

if (isMain(import.meta.url))
  main(async () => {
    for (const { name, bytes, most } of await formatSizes())
      console.log(
        `${(bytes / 1024).toFixed(2).padStart(7)} KB  ${name}${bytes > most ? ', over its budget' : ''}`,
      );
  });
