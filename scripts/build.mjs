// Builds the wasm modules of the package (js/wasm) and of the page (www/wasm), the npm package (dist/npm) and the static site (dist/www).
import { createHash } from 'node:crypto';
import {
  copyFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { homedir } from 'node:os';
import { join, sep } from 'node:path';
import { withoutLinks } from './divide-data.mjs';
import { writeLists } from './layer-lists.mjs';
import { bringLibraries } from './libraries.mjs';
import { optimise, optimiseInParts, optimiseWithNames } from './optimise.mjs';
import { checkPackage } from './package-size.mjs';
import { checkSizes } from './page-size.mjs';
import { at, isMain, main, output, run } from './run.mjs';
import { setup, tool } from './setup.mjs';

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

/** For crates that have kernels: nothing else knows instructions whose results differ from machine to machine. */
export const relaxedSimd = '-Ctarget-feature=+relaxed-simd';

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
export function flags({ threads } = {}, more = []) {
  const registry = join(process.env.CARGO_HOME || join(homedir(), '.cargo'), 'registry', 'src');
  const sources = existsSync(registry) ? readdirSync(registry).map((name) => join(registry, name)) : [];
  const rust = join(output('rustc', ['--print', 'sysroot']), 'lib', 'rustlib', 'src', 'rust');
  const remapped = [rust, ...sources].map((folder) => `--remap-path-prefix=${folder}${sep}=`);
  const all = [
    '-Cllvm-args=-inline-threshold=20',
    '-Cno-vectorize-loops',
    ...remapped,
    ...(threads ? sharedMemory : []),
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

const llvm = (argument) => `-Cllvm-args=-${argument}`;

/**
 * What libraries only recommend for inlining (all of the iterators) is inlined where it is short, which makes a module a
 * thirtieth smaller; kernels go through slices by number or by slices' own iterators where that would cost time.
 */
const SHORT_HINTS = 'inlinehint-threshold=40';

/**
 * Where modules lie and what they hold. The package's have everything; the page's only what the page uses, because a
 * visitor waits for them. Which parts of the core are features Cargo.toml tells; JavaScript that asks for a part that is
 * missing gets an error that says so.
 */
const places = {
  // Only loops of fixed length are unrolled, if they do not become longer than so many instructions. Compiled for size
  // as the page's, the module is one percent smaller, and networks with small layers train two percent slower.
  package: {
    folder: 'js/wasm',
    features: [],
    rustc: [
      '-Copt-level=2',
      ...['unroll-threshold=300', 'unroll-runtime=false', 'unroll-allow-partial=false', SHORT_HINTS].map(
        llvm,
      ),
    ],
  },
  // Functions are compiled for size, except that loops of fixed length are unrolled as for speed: a tenth less, and the
  // page's networks train as fast. rustc's own `opt-level = "s"` unrolls no loop, and training takes two and a half
  // times as long.
  page: {
    folder: 'www/wasm',
    features: ['--no-default-features', '--features', 'wasm,generated,divided'],
    rustc: ['-Copt-level=2', ...['force-attribute=optsize', 'unroll-threshold=150', SHORT_HINTS].map(llvm)],
    isDivided: true,
  },
};

/** What turns cargo's output into a module: other files, another module. */
const finishing = [
  ...['build', 'divide', 'divide-data', 'first-part', 'function-order', 'optimise', 'wasm-module'].map(
    (name) => `scripts/${name}.mjs`,
  ),
  'scripts/first-part.txt',
  'scripts/rest-loader.js',
];

function sumOf(files, sum = createHash('sha256')) {
  for (const file of files.sort()) sum.update(`\0${file}\0`).update(readFileSync(at(file)));
  return sum;
}

/** What the modules are made of, as one number: other sources, flags or compilers, another number. */
function sources() {
  const files = ['Cargo.toml', 'Cargo.lock', '.cargo/config.toml', ...finishing];
  for (const name of readdirSync(at('src'), { recursive: true }))
    if (name.endsWith('.rs')) files.push(`src/${name}`);
  return sumOf(files, createHash('sha256').update(output('rustc', ['-vV']) ?? '')).digest('hex');
}

const folderOf = (place) => at(places[place].folder);
const stampOf = (name, place) => join(folderOf(place), `.${name}`);
const stamped = (name, place) =>
  existsSync(stampOf(name, place)) ? readFileSync(stampOf(name, place), 'utf8').split('\n') : [];
const filesOf = (name, place) => [
  `${name}_bg.wasm`,
  ...(places[place].isDivided ? [`${name}_rest.wasm`] : []),
  `${name}_bg.wasm.d.ts`,
  `${name}.d.ts`,
  `${name}.js`,
];

/** Whether a variant is there. */
const isBuilt = (name, place) =>
  filesOf(name, place).every((file) => existsSync(join(folderOf(place), file)));

const isStale = (name, place, now) => !isBuilt(name, place) || stamped(name, place)[1] !== now;

/** The page's variants that are missing or were built from other sources. */
export function staleVariants() {
  const now = sources();
  return Object.keys(variants).filter((name) => isStale(name, 'page', now));
}

/** The package's modules that the site has, by what they are called there (www/vite.config.ts). */
const wholes = { whole: 'mapling', whole_threads: 'threads' };

/**
 * Those of them that are missing or were built from other sources: the exact one, with which lessons compute, and that with
 * threads, for a network on the page that takes all of mapling. Both are of the same sources.
 */
export function staleWholes() {
  const now = sources();
  const names = Object.keys(wholes);
  const first = names.findIndex((name) => isStale(wholes[name], 'package', now));
  return first < 0 ? [] : names.slice(first);
}

/** Builds a module of the site's, by what it is called there: one of the package's or a variant of the page's. `how` as for `buildVariant`. */
export const buildForSite = (name, how) =>
  name in wholes ? buildVariant(wholes[name], how) : buildVariant(name, { ...how, place: 'page' });

/** Takes a variant of the page's away, so that nobody loads an old one. */
export function removeVariant(name) {
  for (const file of [...filesOf(name, 'page'), `.${name}`])
    rmSync(join(folderOf('page'), file), { force: true });
}

/** Where cargo builds a variant: those with threads share a standard library and other crates, and those without. */
const cargoFolder = (name) => join(targetFolder(), ...(variants[name].threads ? ['threads'] : []));

/** What cargo makes of a variant: the file. `idle` as for `run`. */
export async function compileVariant(name, { place = 'package', idle = false } = {}) {
  // The flags name the folders of the sources, which are there once they were fetched.
  await run('cargo', ['fetch', '--locked'], { quiet: true });
  const folder = cargoFolder(name);
  const cargo = [
    'rustc',
    '--release',
    '--lib',
    // Not the library for Rust programs, all of whose functions would have to be kept.
    '--crate-type',
    'cdylib',
    ...places[place].features,
    '--target',
    target,
    '--target-dir',
    folder,
    ...flags(variants[name], shortPanics),
  ];
  // Rust's own build of the standard library has no atomics, and texts for its panics; to compile it anew is not
  // stable yet.
  cargo.push('-Zbuild-std=std,panic_abort');
  // For this crate alone: those that it builds on are the same for both places, and with and without relaxed SIMD.
  cargo.push('--', ...places[place].rustc);
  if (variants[name].relaxed) cargo.push(relaxedSimd);
  if (places[place].isDivided) cargo.push('-Clink-arg=--emit-relocs');
  await run('cargo', cargo, { quiet: true, idle, env: { RUSTC_BOOTSTRAP: '1' } });
  return join(folder, target, 'release', 'mapling.wasm');
}

/** What wasm-bindgen makes of cargo's output: it knows nothing of the links of a module that will be divided. */
async function bind(source, name, place, folder, how) {
  let bare = source;
  if (places[place].isDivided) {
    bare = source.replace(/\.wasm$/, '-bare.wasm');
    writeFileSync(bare, withoutLinks(readFileSync(source)));
  }
  await run(tool('bindgen'), [bare, name, folder], how);
}

/**
 * cargo → wasm-bindgen → wasm-opt, unless the sources are as they were; the latter two only when cargo's output changed.
 * `place` says whose module it is, `idle` as for `run`.
 */
export async function buildVariant(name, { place = 'package', ...how } = {}) {
  const now = sources();
  const [builtFrom, builtOf] = stamped(name, place);
  if (isBuilt(name, place) && builtOf === now) return;
  const source = await compileVariant(name, { place, ...how });
  const sum = sumOf(finishing).update(readFileSync(source)).digest('hex');
  if (!isBuilt(name, place) || builtFrom !== sum) {
    // Written beside its place and moved there: what is served or built meanwhile finds the whole or nothing.
    const folder = join(folderOf(place), `.building-${name}`);
    try {
      await bind(source, name, place, folder, how);
      // Only TypeScript's newest `lib` knows Symbol.dispose; the facade has no use for it.
      const types = join(folder, `${name}.d.ts`);
      writeFileSync(types, readFileSync(types, 'utf8').replace(/^.*\[Symbol\.dispose\].*\n/gm, ''));
      const wasm = join(folder, `${name}_bg.wasm`);
      const glue = join(folder, `${name}.js`);
      if (places[place].isDivided) {
        const linked = readFileSync(source);
        await optimiseInParts(wasm, glue, name, { linked, variant: variants[name] }, how);
      } else await optimise(wasm, variants[name], how);
      for (const file of filesOf(name, place)) renameSync(join(folder, file), join(folderOf(place), file));
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  }
  writeFileSync(stampOf(name, place), `${sum}\n${now}`);
}

/** Puts a variant of the page's in its place as it is before it is divided, its functions with their names. */
export async function bindVariant(name) {
  const folder = folderOf('page');
  await bind(await compileVariant(name, { place: 'page' }), name, 'page', folder);
  await optimiseWithNames(join(folder, `${name}_bg.wasm`), variants[name]);
}

/** Two variants at a time, since the compiler's longest step keeps one processor busy: one in each of cargo's folders. */
async function forVariants(names, build) {
  const lane = async (threads) => {
    for (const name of names) if (variants[name].threads === threads) await build(name);
  };
  const ends = await Promise.allSettled([lane(undefined), lane(true)]);
  for (const { reason } of ends) if (reason) throw reason;
}

/** The modules in `fresh` (default: all), and the others if they are missing, since the package needs each. */
export const buildWasm = ({ fresh = Object.keys(variants) } = {}) =>
  forVariants(
    Object.keys(variants).filter((name) => fresh.includes(name) || !isBuilt(name, 'package')),
    buildVariant,
  );

/** The modules of the page. */
export const buildPageWasm = () =>
  forVariants(Object.keys(variants), (name) => buildVariant(name, { place: 'page' }));

/**
 * The package for `require`: old Nodes, Jest and CommonJS programs. The files lie one folder deep, as those do that name
 * others by their own address.
 */
async function bundleForRequire() {
  const { rolldown } = await import('rolldown');
  const bundle = await rolldown({
    input: {
      index: at('dist/npm/index.js'),
      auto: at('dist/npm/auto-require.js'),
      trainer: at('dist/npm/worker/trainer.js'),
    },
    platform: 'node',
    logLevel: 'warn',
    // Files that are loaded later elsewhere may be loaded at once here.
    checks: { ineffectiveDynamicImport: false },
    // Jest's jsdom has not all that pages have.
    transform: {
      inject: {
        TextDecoder: ['node:util', 'TextDecoder'],
        TextEncoder: ['node:util', 'TextEncoder'],
        MessageChannel: ['node:worker_threads', 'MessageChannel'],
      },
    },
  });
  await bundle.write({
    dir: at('dist/npm/cjs'),
    format: 'cjs',
    exports: 'named',
    entryFileNames: '[name].cjs',
    chunkFileNames: '[name]-[hash].cjs',
  });
  await bundle.close();
  for (const file of ['auto-require.js', 'auto-require.d.ts']) rmSync(at(`dist/npm/${file}`));
}

/** The publishable package. */
export async function buildPackage() {
  const cargo = /^version = "([^"]+)"/m.exec(readFileSync(at('Cargo.toml'), 'utf8'))[1];
  const { version } = JSON.parse(readFileSync(at('js/package.json'), 'utf8'));
  if (version !== cargo) throw new Error(`js/package.json says ${version}, Cargo.toml ${cargo}: one version`);
  rmSync(at('dist/npm'), { recursive: true, force: true });
  mkdirSync(at('dist/npm'), { recursive: true });
  writeLists();
  await run(bin('tsc'), ['-p', 'js']);
  bringLibraries();
  cpSync(at('js/wasm'), at('dist/npm/wasm'), {
    recursive: true,
    filter: (file) => !/[/\\]\.[^/\\]+$/.test(file),
  });
  await bundleForRequire();
  cpSync(at('js/package.json'), at('dist/npm/package.json'));
  const pages = ['COMPATIBILITY', 'FILES', 'PACKAGE'].map((name) => `docs/${name}.md`);
  for (const name of ['README.md', 'CHANGELOG.md', 'LICENSE-MIT', 'LICENSE-APACHE', ...pages]) {
    cpSync(at(name), at(`dist/npm/${name}`));
  }
}

/**
 * The page, as files that any static server can serve from any sub-path. Of the variants in `later` nothing need be
 * there yet: the page looks for them in the folder `wasm` of the site.
 */
export const buildSite = ({ later = [] } = {}) =>
  run(
    bin('vite'),
    ['build', '--config', 'www/vite.config.ts', '--logLevel', later.length > 0 ? 'error' : 'warn'],
    { env: { MAPLING_LATER: later.join(' ') } },
  );

/** Puts a module where a site that was built before it looks for it: under `site`, by what it is called there. */
export function addToSite(name, site = at('dist/www')) {
  const to = join(site, 'wasm');
  mkdirSync(to, { recursive: true });
  const isWhole = name in wholes;
  const from = join(folderOf(isWhole ? 'package' : 'page'), isWhole ? wholes[name] : name);
  // The JavaScript last: whoever finds that finds the module too.
  for (const kind of ['_bg.wasm', ...(isWhole ? [] : ['_rest.wasm']), '.js']) {
    copyFileSync(`${from}${kind}`, join(to, `.${name}${kind}`));
    renameSync(join(to, `.${name}${kind}`), join(to, `${name}${kind}`));
  }
}

export async function build() {
  await buildWasm();
  await buildPackage();
  await buildPageWasm();
  await buildSite();
  await checkPackage();
  checkSizes(variants);
}

if (isMain(import.meta.url)) {
  main(async () => {
    await setup();
    await build();
  });
}
