// `npm test`: sets up what it needs, then proves everything, step by step, and counts.
// `npm test -- e2e lint` runs only the steps whose names begin with these words.
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join, relative } from 'node:path';
import { browsers } from './browsers.mjs';
import { build } from './build.mjs';
import { mnist, folder as mnistFolder } from './mnist.mjs';
import { at, main, root, run } from './run.mjs';
import { setup, tool, toolPath } from './setup.mjs';
import { twiceIfNeeded } from './unsteady.mjs';

/** What each test runner prints, and how to read its counts. */
const reports = [
  // cargo test, wasm-pack test
  /test result: \w+\. (?<passed>\d+) passed; (?<failed>\d+) failed; (?<skipped>\d+) ignored/g,
  // node --test
  /^# pass (?<passed>\d+)\n# fail (?<failed>\d+)\n# cancelled (?<cancelled>\d+)\n# skipped (?<skipped>\d+)\n# todo (?<todo>\d+)/gm,
];

/** A test that was left out has failed, unless this is a machine where MNIST cannot be had (tests/mnist.mjs). */
let mayLeaveOut = false;

function count(text) {
  const sum = { passed: 0, failed: 0, skipped: 0 };
  for (const report of reports) {
    for (const { groups } of text.matchAll(report)) {
      for (const [kind, number] of Object.entries(groups)) {
        const as = kind === 'passed' || (kind === 'skipped' && mayLeaveOut) ? kind : 'failed';
        sum[as] += Number(number);
      }
    }
  }
  return sum;
}

const bin = (name) => at(`node_modules/.bin/${name}`);
const cargo = (...args) => run('cargo', args, { env });
/** What is compiled once and thrown away is compiled without notes for the next time. */
const env = process.env.CI ? { CARGO_INCREMENTAL: '0' } : {};

async function wasmPack(browser) {
  const found = browsers();
  const drivers = {
    chrome: ['--chromedriver', found.chromedriver],
    firefox: ['--geckodriver', found.geckodriver ?? tool('geckodriver')],
  };
  const path = [dirname(found.firefox), toolPath()].join(delimiter);
  // The other files of tests have nothing that runs in a browser, and take minutes to compile. wasm-pack builds the tests and then
  // asks cargo to test: in one profile, or all is compiled twice for each browser.
  const only = ['--', '--test', 'web', '--profile', 'dev'];
  const args = ['test', '--headless', `--${browser}`, '--mode', 'no-install', ...drivers[browser], ...only];
  const more = { PATH: path, CARGO_PROFILE_DEV_DEBUG: 'line-tables-only' };
  return run(tool('wasm-pack'), args, { env: { ...env, ...more } });
}

const nodeTest = (files, { concurrency = 1, more = {}, only } = {}) =>
  run(
    process.execPath,
    [
      '--test',
      '--test-reporter=tap',
      '--test-timeout=600000',
      `--test-concurrency=${concurrency}`,
      ...(only ? [`--test-name-pattern=^${only.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&')}$`] : []),
      ...files.map(at),
    ],
    { env: { ...env, ...more } },
  );
/** Files that take a minute and more begin before the others: no processor waits for the last of them. */
const LONG = /^(others|unknown)\.test\.mjs$/;
const testFiles = (directory) =>
  readdirSync(at(directory))
    .filter((name) => name.endsWith('.test.mjs'))
    .sort((a, b) => LONG.test(b) - LONG.test(a))
    .map((name) => `${directory}/${name}`);

/** Files whose tests measure answers in milliseconds: none of them runs beside another one. */
const MEASURING = /^tests\/(e2e\/(first-visit|frames|threads|training)|package\/package)\.test\.mjs$/;

/** Some runs of tests after the other, the later ones also if an earlier one failed; what all of them print. */
async function allOf(...runs) {
  const parts = [];
  for (const run of runs) parts.push(...(await Promise.allSettled([run()])));
  const output = parts.map(({ value, reason }) => value ?? reason.output ?? '').join('');
  const failed = parts.find(({ reason }) => reason);
  if (failed) throw Object.assign(failed.reason, { output });
  return output;
}

/**
 * The runs that a folder takes: with `concurrency` so many files at a time, and then by themselves those that measure. `more`
 * is the environment of those that do not.
 */
function runsOf(directory, { concurrency = 1, more } = {}) {
  const files = testFiles(directory);
  if (concurrency === 1) return [() => nodeTest(files)];
  const measuring = files.filter((file) => MEASURING.test(file));
  const others = files.filter((file) => !measuring.includes(file));
  return [
    () => nodeTest(others, { concurrency, more }),
    ...(measuring.length > 0 ? [() => nodeTest(measuring)] : []),
  ];
}

/**
 * The page runs in Chromium's headless shell, where there is one: the same engine without windows, a quarter faster. What
 * measures, among it the way from the first visit to a trained network, runs in the browser that people have.
 */
function pageTests() {
  const { headlessShell } = browsers();
  const more = headlessShell && !process.env.CHROME_BIN ? { HEADLESS_SHELL: headlessShell } : {};
  return browserTests('tests/e2e', { concurrency: 2, more });
}

const nodeTests = (directory, how) => allOf(...runsOf(directory, how));

/** The same for tests in a browser: one that fails runs once more, and is named if it passes then. */
function browserTests(directory, how) {
  const twice = (run) => async () => {
    const { tap, unsteady } = await twiceIfNeeded(run, (name, file) =>
      nodeTest([relative(root, file)], {
        ...(MEASURING.test(relative(root, file)) ? {} : { more: how?.more }),
        ...(name.endsWith('.mjs') ? {} : { only: name }),
      }),
    );
    passedTheSecondTime.push(...unsteady.map((name) => `${directory}: ${name}`));
    return tap;
  };
  return allOf(...runsOf(directory, how).map(twice));
}
const passedTheSecondTime = [];

/** The package's API. The files write down which exports they compared values of; the last one looks for gaps. */
async function apiTests() {
  const folder = mkdtempSync(join(tmpdir(), 'mapling-compared-'));
  const more = { MAPLING_COMPARED: folder };
  try {
    return await allOf(
      () => nodeTest(testFiles('tests/js'), { concurrency: 2, more }),
      () => nodeTest(['tests/js/every_export.mjs'], { more }),
    );
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/**
 * Bundlers and runtimes (tools.mjs), which come over the network while other steps run. What could not be installed, its
 * test tries again and tells of.
 */
let toolsHaveCome;
const withTools = (body) => async () => {
  await toolsHaveCome;
  return body();
};

/** `tests: true` steps must report tests; the others count as one check each. */
const steps = [
  { name: 'lint rustfmt', body: () => cargo('fmt', '--all', '--check') },
  {
    name: 'lint clippy',
    body: () => cargo('clippy', '--workspace', '--all-targets', '--', '-D', 'warnings'),
  },
  {
    name: 'lint clippy wasm32',
    body: () =>
      cargo(
        'clippy',
        '--workspace',
        '--all-targets',
        '--target',
        'wasm32-unknown-unknown',
        '--',
        '-D',
        'warnings',
      ),
  },
  {
    name: 'lint clippy page',
    body: () =>
      cargo(
        'clippy',
        '--lib',
        '--no-default-features',
        '--features',
        'wasm,generated,divided',
        '--target',
        'wasm32-unknown-unknown',
        '--',
        '-D',
        'warnings',
      ),
  },
  {
    name: 'lint rustdoc',
    body: () =>
      run('cargo', ['doc', '--workspace', '--no-deps'], { env: { ...env, RUSTDOCFLAGS: '-D warnings' } }),
  },
  { name: 'lint biome', body: () => run(bin('biome'), ['ci', '.']) },
  {
    name: 'no_std thumbv7em',
    body: () =>
      cargo(
        'build',
        '--lib',
        '--no-default-features',
        '--features',
        'layers,functional,higher-order,restraints',
        '--target',
        'thumbv7em-none-eabi',
      ),
  },
  { name: 'native', tests: true, body: () => cargo('test', '--workspace', '--no-fail-fast') },
  { name: 'build', body: build },
  { name: 'api', tests: true, body: apiTests },
  { name: 'fuzz', tests: true, body: () => nodeTests('tests/fuzz') },
  { name: 'lint page types', body: () => run(bin('tsc'), ['-p', 'www', '--noEmit']) },
  { name: 'chrome', tests: true, body: () => wasmPack('chrome') },
  { name: 'firefox', tests: true, body: () => wasmPack('firefox') },
  { name: 'package', tests: true, body: withTools(() => nodeTests('tests/package', { concurrency: 2 })) },
  { name: 'docs', tests: true, body: withTools(() => nodeTests('tests/docs', { concurrency: 2 })) },
  { name: 'examples', tests: true, body: () => browserTests('tests/examples') },
  { name: 'lessons', tests: true, body: () => browserTests('tests/lessons') },
  {
    name: 'programs',
    tests: true,
    body: () => nodeTest(testFiles('tests/programs')),
  },
  { name: 'formats', tests: true, body: () => nodeTest(testFiles('tests/formats'), { concurrency: 2 }) },
  { name: 'worker', tests: true, body: () => browserTests('tests/worker', { concurrency: 2 }) },
  { name: 'threads', tests: true, body: () => browserTests('tests/threads') },
  { name: 'same bits', tests: true, body: () => browserTests('tests/same_bits') },
  { name: 'e2e', tests: true, body: pageTests },
];

async function runStep({ name, body, tests }) {
  console.log(`\n=== ${name}`);
  const start = Date.now();
  let result;
  try {
    const text = await body();
    result = tests ? count(text) : { passed: 1, failed: 0, skipped: 0 };
    if (result.passed + result.failed === 0) throw new Error(`${name}: no test ran`);
  } catch (error) {
    console.error(error.message);
    const counted = count(error.output ?? '');
    result = { ...counted, failed: Math.max(counted.failed, 1) };
  }
  return { name, ...result, seconds: (Date.now() - start) / 1000 };
}

main(async () => {
  const wanted = process.argv.slice(2);
  await setup({ tests: true });
  if (await mnist()) env.MNIST_DIR = mnistFolder;
  else if (process.env.CI) throw new Error('the tests need MNIST');
  else mayLeaveOut = true;

  const chosen = steps.filter(
    ({ name }) => wanted.length === 0 || wanted.some((word) => name.startsWith(word)),
  );
  if (chosen.length === 0)
    throw new Error(`no such step; there are: ${steps.map(({ name }) => name).join(', ')}`);
  if (chosen.some(({ name }) => /^(package|docs)$/.test(name)))
    toolsHaveCome = run(process.execPath, [at('scripts/tools.mjs')], { quiet: true }).catch(() => {});
  const results = [];
  for (const step of chosen) results.push(await runStep(step));

  console.log('\n=== summary');
  for (const { name, passed, failed, skipped, seconds } of results) {
    const verdict = failed === 0 ? 'ok    ' : 'FAILED';
    if (skipped > 0) console.log(`       ${name}: ${skipped} left out, since they need MNIST`);
    console.log(
      `${verdict} ${name.padEnd(20)} ${String(passed).padStart(5)} passed ${String(failed).padStart(4)} failed ${seconds.toFixed(1).padStart(7)} s`,
    );
  }
  for (const name of passedTheSecondTime) console.log(`       failed, then passed alone: ${name}`);
  const total = (kind) => results.reduce((sum, result) => sum + result[kind], 0);
  console.log(`${total('passed')} passed, ${total('failed')} failed`);
  if (total('failed') > 0) process.exitCode = 1;
});
