// Makes a fresh clone ready: Rust targets, wasm-bindgen, npm packages; with `--tests` also browsers with
// their drivers and the Python of the tests. Safe to run again: it looks first and installs only what is missing.
//
// Tools that cargo builds take minutes, so they live once per version in the user's cache folder,
// where the next clone finds them.
import { createHash } from 'node:crypto';
import { existsSync, lstatSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { aptInstall } from './apt.mjs';
import { browsers } from './browsers.mjs';
import { cache, makeWhole } from './cache.mjs';
import { setUpPython } from './python.mjs';
import { at, isMain, main, output, run } from './run.mjs';

/** The wasm-bindgen crate and its commands must be of one version: Cargo.toml names it. */
const wasmBindgen = /wasm-bindgen = "=([^"]+)"/.exec(readFileSync(at('Cargo.toml'), 'utf8'))[1];

/** What our own command is made of: another one of these texts, another command. */
function ofBindgen() {
  const [manifest, ...more] = ['Cargo.toml', 'Cargo.lock', 'src/main.rs'].map((name) =>
    readFileSync(at(`scripts/bindgen/${name}`), 'utf8'),
  );
  const [, version] = /wasm-bindgen-cli-support = "=([^"]+)"/.exec(manifest);
  if (version !== wasmBindgen)
    throw new Error(
      `scripts/bindgen/Cargo.toml says wasm-bindgen ${version}, Cargo.toml ${wasmBindgen}: one version`,
    );
  const sum = createHash('sha256').update([manifest, ...more].join('\0'));
  return `${version}-${sum.digest('hex').slice(0, 8)}`;
}

const tools = {
  bindgen: { crate: 'bindgen', version: ofBindgen(), locked: true, path: at('scripts/bindgen') },
  // The whole command, whose runner wasm-pack's tests take.
  // Its lock file wants a crate that is not offered everywhere, hence not `--locked`.
  'wasm-bindgen': { crate: 'wasm-bindgen-cli', version: wasmBindgen, locked: false },
  'wasm-pack': { crate: 'wasm-pack', version: '0.15.1', locked: true },
  geckodriver: { crate: 'geckodriver', version: '0.37.0', locked: true },
};
const exe = process.platform === 'win32' ? '.exe' : '';
const folderOf = ({ crate, version }) => join(cache, `${crate}-${version}`);

/** Where a tool of ours lies; it is there after `setup`. */
export const tool = (name) => join(folderOf(tools[name]), 'bin', name + exe);

/** The environment in which wasm-pack finds our wasm-bindgen and wasm-opt. */
export const toolPath = () =>
  [
    ...Object.values(tools).map((entry) => join(folderOf(entry), 'bin')),
    at('node_modules/.bin'),
    process.env.PATH,
  ].join(delimiter);

/** Tools that work for seconds need not be fast: to compile them for speed takes minutes. */
const soonThere = {
  CARGO_PROFILE_RELEASE_OPT_LEVEL: '0',
  CARGO_PROFILE_RELEASE_LTO: 'off',
  CARGO_PROFILE_RELEASE_CODEGEN_UNITS: '16',
  RUSTFLAGS: '',
};

/** Where cargo builds tools, wherever this shell's CARGO_TARGET_DIR points: they share the crates that they have in common. */
const building = join(cache, `building-${process.pid}`);

async function cargoTool(name) {
  if (existsSync(tool(name))) return;
  const { crate, version, locked, path } = tools[name];
  console.log(`Installing ${crate} ${version} (once; this takes a minute)`);
  await makeWhole(folderOf(tools[name]), (folder) => {
    const source = path ? ['--path', path] : [`${crate}@${version}`];
    const args = ['install', ...source, '--root', folder, ...(locked ? ['--locked'] : [])];
    return run('cargo', args, { quiet: true, env: { ...soonThere, CARGO_TARGET_DIR: building } });
  });
}

/** TensorFlow.js, against which the tests hold its files. No dependency: with what it needs it takes 300 MB. */
const tfjs = '4.22.0';
export const tfjsFolder = join(cache, `tfjs-${tfjs}`);

async function tensorflow() {
  if (existsSync(tfjsFolder)) return;
  console.log(`Installing @tensorflow/tfjs ${tfjs} (once)`);
  await makeWhole(tfjsFolder, (folder) => {
    const quick = ['--no-audit', '--no-fund', '--ignore-scripts'];
    return run('npm', ['install', '--prefix', folder, ...quick, `@tensorflow/tfjs@${tfjs}`], { quiet: true });
  });
}

/** Rust with the targets and the sources that builds need. */
export async function rust() {
  if (!output('cargo', ['--version'])) {
    throw new Error('Rust is missing: install it from https://rustup.rs, then run this again');
  }
  const toolchain = readFileSync(at('rust-toolchain.toml'), 'utf8');
  const targets = [...toolchain.match(/targets = \[([^\]]*)\]/)[1].matchAll(/"([^"]+)"/g)].map((m) => m[1]);
  const missing = () =>
    targets.filter((t) => !existsSync(output('rustc', ['--print', 'target-libdir', '--target', t]) ?? ''));
  // The builds with threads compile the standard library anew.
  const library = () => join(output('rustc', ['--print', 'sysroot']), 'lib/rustlib/src/rust/library');
  const lacking = () => [...missing(), ...(existsSync(library()) ? [] : ['rust-src'])];
  if (lacking().length === 0) return;
  if (!output('rustup', ['--version'])) {
    throw new Error(`this Rust lacks ${lacking().join(', ')} and there is no rustup to add it`);
  }
  if (missing().length > 0) await run('rustup', ['target', 'add', ...missing()]);
  if (!existsSync(library())) await run('rustup', ['component', 'add', 'rust-src']);
}

async function nodeModules() {
  const lock = createHash('sha256')
    .update(readFileSync(at('package-lock.json')))
    .digest('hex');
  const stamp = at('node_modules/.installed-lock');
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === lock) return;
  // npm empties the folder first, which would be somebody else's behind a link.
  if (lstatSync(at('node_modules'), { throwIfNoEntry: false })?.isSymbolicLink())
    throw new Error('node_modules is a link: remove it, so that packages are installed in this folder');
  console.log('Installing npm packages');
  await run('npm', ['ci', '--include=dev', '--no-audit', '--no-fund'], { quiet: true });
  writeFileSync(stamp, lock);
}

async function testBrowsers() {
  const missing = () => {
    const found = browsers();
    return [
      ...(found.chromium ? [] : ['chromium']),
      ...(found.chromedriver ? [] : ['chromium-driver']),
      ...(found.firefox ? [] : ['firefox-esr']),
    ];
  };
  const wanted = missing();
  const faster = browsers().headlessShell || !isDebian() ? [] : ['chromium-headless-shell'];
  if (wanted.length + faster.length === 0) return;
  const byHand = `the browser tests need Chromium, its chromedriver and Firefox; missing: ${wanted.join(', ')}. Install them, or name them in CHROME_BIN, CHROMEDRIVER, FIREFOX_BIN`;
  await aptInstall([...wanted, ...faster], byHand).catch(async () => {
    // The page's tests run in Chromium itself then, and take longer.
    if (wanted.length > 0 && faster.length > 0) await aptInstall(wanted, byHand);
  });
  if (missing().length > 0) throw new Error(byHand);
}

/** Whether this is Debian, which has Chromium's headless shell as a package. */
const isDebian = () =>
  existsSync('/etc/os-release') && /^ID=debian$/m.test(readFileSync('/etc/os-release', 'utf8'));

/** Everything that building needs; with `tests` also what testing needs. */
export async function setup({ tests = false } = {}) {
  const [major, minor] = process.versions.node.split('.').map(Number);
  if (major < 20 || (major === 20 && minor < 19)) {
    throw new Error(`Node ${process.versions.node} is too old: 20.19 or newer is needed`);
  }
  await rust();
  // What is fetched waits for the network, what cargo builds for the processor.
  await Promise.all([fetched({ tests }), built({ tests })]);
}

/** One after the other: they come over the same line, and apt lets nobody else in. */
async function fetched({ tests }) {
  await nodeModules();
  if (!tests) return;
  await testBrowsers();
  await setUpPython();
  await tensorflow();
}

/** One after the other: each keeps all cores busy. */
async function built({ tests }) {
  try {
    await cargoTool('bindgen');
    if (!tests) return;
    await cargoTool('wasm-bindgen');
    await cargoTool('wasm-pack');
    if (!browsers().geckodriver) await cargoTool('geckodriver');
  } finally {
    rmSync(building, { recursive: true, force: true });
  }
}

if (isMain(import.meta.url)) main(() => setup({ tests: process.argv.includes('--tests') }));
