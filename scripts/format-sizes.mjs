// What a program loads for each format of files beyond what it has anyway: chunks as a bundler makes them, with the library
// for archives or messages that the format needs, minified, after gzip.
import { gzipSync } from 'node:zlib';
import { at, isMain, main } from './run.mjs';

/** A format may take so much, in bytes after gzip. */
const BUDGET = 12 * 1024;

/**
 * For each format, by what one does with it, the modules that are asked for. `io.fromKeras` finds out by the first bytes which
 * of two readers it needs.
 */
const FORMATS = {
  'TensorFlow.js in': ['io/layers-model/read.js'],
  'TensorFlow.js out': ['io/layers-model/write.js'],
  'Keras .keras in': ['io/keras/format.js', 'io/keras/read-archive.js'],
  'Keras .keras out': ['io/keras/format.js', 'io/keras/write-archive.js'],
  'Keras .h5 in': ['io/keras/format.js', 'io/keras/legacy.js'],
  'safetensors in': ['io/safetensors/from-safetensors.js'],
  'safetensors out': ['io/safetensors/to-safetensors.js'],
  'safetensors both ways': ['io/safetensors/from-safetensors.js', 'io/safetensors/to-safetensors.js'],
  'ONNX out, without sequences': ['io/onnx/to-onnx.js'],
  'ONNX out': ['io/onnx/to-onnx.js', 'io/onnx/sequences.js'],
  'checkpoints both ways': ['io/checkpoint/checkpoint-file.js'],
  'TensorFlow.js both ways': ['io/layers-model/read.js', 'io/layers-model/write.js'],
  'Keras .keras both ways': ['io/keras/format.js', 'io/keras/read-archive.js', 'io/keras/write-archive.js'],
};

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

/** Bytes after gzip of all chunks that these modules bring, each with the libraries it needs. */
async function bytesOf(rolldown, modules, core) {
  const { output } = await rolldown.build({
    input: modules.map((name) => at(`dist/npm/${name}`)),
    write: false,
    logLevel: 'silent',
    external: (id) => core.has(id),
    // What a program has anyway is one file.
    output: { format: 'es', minify: true, paths: (id) => (core.has(id) ? './core.js' : id) },
    plugins: [{ name: 'later', resolveDynamicImport: (id) => ({ id: String(id), external: true }) }],
  });
  return output.reduce((sum, { code }) => sum + gzipSync(code, { level: 9 }).length, 0);
}

/** What each format takes: its name, its bytes after gzip, and whether that is more than it may. */
export async function formatSizes() {
  // Not imported above: on a fresh clone it is there only once everything is set up.
  const rolldown = await import('rolldown');
  const core = await coreModules(rolldown);
  const sizes = [];
  for (const [name, modules] of Object.entries(FORMATS)) {
    const bytes = await bytesOf(rolldown, modules, core);
    sizes.push({ name, bytes, isOver: bytes > BUDGET });
  }
  return sizes;
}

if (isMain(import.meta.url))
  main(async () => {
    for (const { name, bytes, isOver } of await formatSizes())
      console.log(`${(bytes / 1024).toFixed(2).padStart(7)} KB  ${name}${isOver ? ', over its budget' : ''}`);
  });
