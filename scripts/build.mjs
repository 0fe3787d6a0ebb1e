// Builds the wasm modules (js/wasm), the npm package (dist/npm) and the static site (dist/www).
import { createHash } from 'node:crypto';
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join, sep } from 'node:path';
import { gzipSync } from 'node:zlib';
import { at, isMain, main, output, run } from './run.mjs';
import { setup, tool } from './setup.mjs';

/** The wasm and JavaScript that a page must load, in bytes after gzip. */
const budget = 200 * 1024;

export const target = 'wasm32-unknown-unknown';

const bin = (name) => at(`node_modules/.bin/${name}`);

/**
 * One source, one module for each set of instructions; a page loads one of them. Every engine with SIMD runs
 * `mapling`; `js/engine/variants.ts` chooses.
 */
const variants = {
  mapling: {},
  threads: { threads: true },
  fast: { relaxed: true },
  fast_threads: { threads: true, relaxed: true },
};

/** What rustc emits by default for wasm32 besides SIMD, so that wasm-opt accepts it. */
const instructions = ({ threads, relaxed } = {}) =>
  [
    'simd',
    'bulk-memory',
    'multivalue',
    'mutable-globals',
    'nontrapping-float-to-int',
    'reference-types',
    'sign-ext',
    ...(threads ? ['threads'] : []),
    ...(relaxed ? ['relaxed-simd'] : []),
  ].map((name) => `--enable-${name}`);

/** Memory that JavaScript makes and shares out, and what wasm-bindgen needs to give each worker its stack. */
const sharedMemory = [
  '-Ctarget-feature=+atomics',
  ...[
    '--shared-memory',
    '--import-memory',
    '--max-memory=4294967296',
    ...['__wasm_init_tls', '__tls_size', '__tls_align', '__tls_base', '__heap_base'].map(
      (name) => `--export=${name}`,
    ),
  ].map((argument) => `-Clink-arg=${argument}`),
];

/**
 * What rustc is told besides `.cargo/config.toml`. Less inlining makes the module a tenth smaller and no slower
 * (kernels inline what they need by attribute), loops left as they are written another thirtieth (kernels are
 * written in vectors). Panic messages name source files: without this machine's folders.
 */
export function flags({ threads, relaxed } = {}, more = []) {
  const registry = join(process.env.CARGO_HOME || join(homedir(), '.cargo'), 'registry', 'src');
  const sources = existsSync(registry) ? readdirSync(registry).map((name) => join(registry, name)) : [];
  const rust = join(output('rustc', ['--print', 'sysroot']), 'lib', 'rustlib', 'src', 'rust');
  const remapped = [rust, ...sources].map((folder) => `--remap-path-prefix=${folder}${sep}=`);
  const all = [
    '-Cllvm-args=-inline-threshold=20',
    '-Cno-vectorize-loops',
    ...remapped,
    ...(threads ? sharedMemory : []),
    ...(relaxed ? ['-Ctarget-feature=+relaxed-simd'] : []),
    ...more,
  ];
  return ['--config', `target.${target}.rustflags=${JSON.stringify(all)}`];
}

/**
 * A panic is a bug of ours, after which the instance is dead either way (js/engine/instance.ts tells): without the texts and
 * places of all the checks a module is a tenth smaller. Takes a standard library built likewise.
 */
const shortPanics = ['-Zunstable-options', '-Cpanic=immediate-abort'];

/** Where cargo builds. */
export const targetFolder = () =>
  JSON.parse(output('cargo', ['metadata', '--format-version', '1', '--no-deps'])).target_directory;

/**
 * The last pass over a module. Below address 1024 lies only the last of a stack of a megabyte: no load or store
 * need care that an offset might lead there by overflow. Functions stay as they are written, even if only one calls
 * them, and those of one name stand side by side, where gzip finds what they have in common; notes on the tools are
 * left out.
 */
export const optimise = (from, to, variant) =>
  run(bin('wasm-opt'), [
    '--low-memory-unused',
    '-O3',
    '--one-caller-inline-max-function-size=20',
    '--reorder-functions-by-name',
    '--strip-producers',
    '--strip-target-features',
    ...instructions(variant),
    from,
    '-o',
    to,
  ]);

/** cargo → wasm-bindgen → wasm-opt; the latter two only when cargo's output changed. */
async function buildVariant(name) {
  const variant = variants[name];
  // Other flags make other crates: each variant keeps its own, so that the next build finds them.
  const folder = join(targetFolder(), ...(name === 'mapling' ? [] : [name]));
  const cargo = [
    'build',
    '--release',
    '--lib',
    '--target',
    target,
    '--target-dir',
    folder,
    ...flags(variant, shortPanics),
  ];
  // Rust's own build of the standard library has no atomics, and texts for its panics; to compile it anew is not
  // stable yet.
  cargo.push('-Zbuild-std=std,panic_abort');
  await run('cargo', cargo, { quiet: true, env: { RUSTC_BOOTSTRAP: '1' } });
  const source = join(folder, target, 'release', 'mapling.wasm');
  const sum = createHash('sha256').update(readFileSync(source)).digest('hex');
  const stamp = at(`js/wasm/.${name}`);
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === sum) return;
  await run(tool('wasm-bindgen'), [
    '--target',
    'web',
    '--experimental-reset-state-function',
    '--out-name',
    name,
    '--out-dir',
    at('js/wasm'),
    source,
  ]);
  // Only TypeScript's newest `lib` knows Symbol.dispose; the facade has no use for it.
  const types = at(`js/wasm/${name}.d.ts`);
  writeFileSync(types, readFileSync(types, 'utf8').replace(/^.*\[Symbol\.dispose\].*\n/gm, ''));
  const wasm = at(`js/wasm/${name}_bg.wasm`);
  await optimise(wasm, wasm, variant);
  writeFileSync(stamp, sum);
}

/** The modules in `fresh` (default: all), and the others if they are missing, since the package needs each. */
export async function buildWasm({ fresh = Object.keys(variants) } = {}) {
  for (const name of Object.keys(variants)) {
    if (fresh.includes(name) || !existsSync(at(`js/wasm/${name}_bg.wasm`))) await buildVariant(name);
  }
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

/** The variant that a file belongs to, its module or its glue; none for what every visitor loads. */
const variantOf = (name) =>
  Object.keys(variants).find((variant) => new RegExp(`(^|[/\\\\])${variant}(_bg)?-`).test(name));

/** What the page fetches when it is at work already, or never: the charts, the second language. */
const later = /(^|[/\\])(Charts|zh)-/;

/**
 * Prints what a visitor downloads. What a page must load before it trains and reads digits is one variant and
 * the JavaScript that every visitor needs; throws when that is over the budget.
 */
export function checkSizes() {
  const kilobytes = (bytes) => `${(bytes / 1024).toFixed(1)} KB`;
  const sum = (files) => files.reduce((total, { bytes }) => total + bytes, 0);
  const parts = sizes('dist/www').map((part) => ({ ...part, variant: variantOf(part.name) }));
  for (const { name, bytes } of parts) console.log(`${kilobytes(bytes).padStart(10)}  dist/www/${name}`);
  const isLater = ({ name }) => later.test(name);
  const always = sum(parts.filter((part) => !part.variant && !isLater(part)));
  const totals = Object.keys(variants).map(
    (name) => always + sum(parts.filter(({ variant }) => variant === name)),
  );
  Object.keys(variants).forEach((name, at) => {
    console.log(`${kilobytes(totals[at]).padStart(10)}  the page's wasm and JavaScript with ${name}, gzip`);
  });
  console.log(
    `${kilobytes(sum(parts.filter(isLater))).padStart(10)}  later: the charts, the second language`,
  );
  const most = Math.max(...totals);
  if (most > budget)
    throw new Error(`the page's code is ${kilobytes(most)}, over its budget of ${kilobytes(budget)}`);
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
