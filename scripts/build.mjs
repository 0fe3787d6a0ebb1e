// Builds the wasm module (js/wasm), the npm package (dist/npm) and the static site (dist/www).
import { createHash } from 'node:crypto';
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join, sep } from 'node:path';
import { gzipSync } from 'node:zlib';
import { at, isMain, main, output, run } from './run.mjs';
import { setup, tool } from './setup.mjs';

/** The wasm and JavaScript that a page must load, in bytes after gzip. The aim is 200 KB; this only goes down. */
const budget = 268 * 1024;

/** What rustc emits by default for wasm32 besides SIMD, so that wasm-opt accepts it. */
const features = [
  'simd',
  'bulk-memory',
  'multivalue',
  'mutable-globals',
  'nontrapping-float-to-int',
  'reference-types',
  'sign-ext',
].map((name) => `--enable-${name}`);

export const target = 'wasm32-unknown-unknown';

const bin = (name) => at(`node_modules/.bin/${name}`);

/**
 * What rustc is told besides `.cargo/config.toml`. Less inlining makes the module a tenth smaller and no slower
 * (kernels inline what they need by attribute). Panic messages name source files: without this machine's folders.
 */
export function flags() {
  const registry = join(process.env.CARGO_HOME || join(homedir(), '.cargo'), 'registry', 'src');
  const sources = existsSync(registry) ? readdirSync(registry).map((name) => join(registry, name)) : [];
  const rust = join(output('rustc', ['--print', 'sysroot']), 'lib', 'rustlib', 'src', 'rust');
  const remapped = [rust, ...sources].map((folder) => `--remap-path-prefix=${folder}${sep}=`);
  const all = JSON.stringify(['-Cllvm-args=-inline-threshold=20', ...remapped]);
  return ['--config', `target.${target}.rustflags=${all}`];
}

/** Where cargo builds. */
export const targetFolder = () =>
  JSON.parse(output('cargo', ['metadata', '--format-version', '1', '--no-deps'])).target_directory;

/** The last pass over a module. */
export const optimise = (from, to) => run(bin('wasm-opt'), ['-O3', ...features, from, '-o', to]);

/** cargo → wasm-bindgen → wasm-opt; the latter two only when cargo's output changed. */
export async function buildWasm() {
  await run('cargo', ['build', '--release', '--lib', '--target', target, ...flags()]);
  const source = join(targetFolder(), target, 'release', 'mapling.wasm');
  const sum = createHash('sha256').update(readFileSync(source)).digest('hex');
  const stamp = at('js/wasm/.source');
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === sum) return;
  rmSync(at('js/wasm'), { recursive: true, force: true });
  await run(tool('wasm-bindgen'), [
    '--target',
    'web',
    '--experimental-reset-state-function',
    '--out-dir',
    at('js/wasm'),
    source,
  ]);
  // Only TypeScript's newest `lib` knows Symbol.dispose; the facade has no use for it.
  const types = at('js/wasm/mapling.d.ts');
  writeFileSync(types, readFileSync(types, 'utf8').replace(/^.*\[Symbol\.dispose\].*\n/gm, ''));
  const wasm = at('js/wasm/mapling_bg.wasm');
  await optimise(wasm, wasm);
  writeFileSync(stamp, sum);
}

/** The publishable package. */
export async function buildPackage() {
  const cargo = /^version = "([^"]+)"/m.exec(readFileSync(at('Cargo.toml'), 'utf8'))[1];
  const { version } = JSON.parse(readFileSync(at('js/package.json'), 'utf8'));
  if (version !== cargo) throw new Error(`js/package.json says ${version}, Cargo.toml ${cargo}: one version`);
  rmSync(at('dist/npm'), { recursive: true, force: true });
  mkdirSync(at('dist/npm'), { recursive: true });
  await run(bin('tsc'), ['-p', 'js']);
  cpSync(at('js/wasm'), at('dist/npm/wasm'), {
    recursive: true,
    filter: (file) => !/[/\\]\.[^/\\]+$/.test(file),
  });
  cpSync(at('js/package.json'), at('dist/npm/package.json'));
  for (const name of ['README.md', 'CHANGELOG.md', 'LICENSE-MIT', 'LICENSE-APACHE']) {
    cpSync(at(name), at(`dist/npm/${name}`));
  }
}

/** The page, as files that any static server can serve from any sub-path. */
export const buildSite = () =>
  run(bin('vite'), ['build', '--config', 'www/vite.config.ts', '--logLevel', 'warn']);

function sizes(folder) {
  const code = readdirSync(at(folder), { recursive: true }).filter((name) => /\.(js|wasm)$/.test(name));
  return code.map((name) => ({
    name,
    bytes: gzipSync(readFileSync(at(`${folder}/${name}`)), { level: 9 }).length,
  }));
}

/** Prints what a visitor downloads; throws when it is more than the budget. */
export function checkSizes() {
  const kilobytes = (bytes) => `${(bytes / 1024).toFixed(1)} KB`;
  const parts = sizes('dist/www');
  const total = parts.reduce((sum, { bytes }) => sum + bytes, 0);
  for (const { name, bytes } of parts) console.log(`  ${kilobytes(bytes).padStart(9)}  dist/www/${name}`);
  console.log(
    `  ${kilobytes(total).padStart(9)}  the page's wasm and JavaScript, gzip (budget ${kilobytes(budget)})`,
  );
  if (total > budget) throw new Error(`the page's code is ${kilobytes(total)}, over its budget`);
}

export async function build() {
  await buildWasm();
  await buildPackage();
  await buildSite();
  checkSizes();
}

if (isMain(import.meta.url)) {
  main(async () => {
    await setup();
    await build();
  });
}
