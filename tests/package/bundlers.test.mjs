// The packed package in the bundlers that people use, and in pages without any: each page trains on its own thread and in
// a worker, in Chromium, and both end with the same bits.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { requireTool, toolFile } from '../../scripts/tools.mjs';
import { launch } from '../browser/chromium.mjs';
import { isolation, serve } from '../browser/serve.mjs';
import { installPacked } from './packed.mjs';
import { hasLearned, imports, names, page } from './program.mjs';
import { project } from './project.mjs';

let installed;
let browser;
before(async () => {
  installed = installPacked();
  browser = await launch();
});
after(async () => {
  await browser?.close();
  installed?.remove();
});

const html = (script) => `<!doctype html><title>mapling</title>${script}`;
const asModule = html('<script type="module" src="./main.js"></script>');

/** What the page at this address has found. */
async function found(address) {
  const tab = await browser.newPage();
  const failures = [];
  tab.on('pageerror', (failure) => failures.push(failure.message));
  try {
    await tab.goto(address);
    await tab
      .waitForFunction(() => window.found, undefined, { timeout: 60_000 })
      .catch((failure) => {
        throw new Error(`${failure.message}: ${failures}`);
      });
    return await tab.evaluate(() => window.found);
  } finally {
    await tab.close();
  }
}

/** The same, of a folder that is served below a sub-path. */
async function foundIn(folder, headers = {}) {
  const server = await serve({ '/deep/down/': folder }, { headers });
  try {
    return await found(`${server.origin}/deep/down/`);
  } finally {
    await server.close();
  }
}

/** Runs \`body\` with a project of a tool's, and takes it away again. */
async function within(tool, files, body) {
  const made = project(tool, installed, files);
  try {
    await body(made);
  } finally {
    made.remove();
  }
}

// Before Vite 8 workers were one file each by default, which a worker that loads parts when it needs them cannot be.
const settings = { 6: { worker: { format: 'es' } }, 7: { worker: { format: 'es' } }, 8: {} };
for (const version of [6, 7, 8]) {
  test(`a page that Vite ${version} builds trains, and in a worker`, () =>
    within(`vite${version}`, { 'index.html': asModule, 'main.js': page({ imports }) }, async ({ folder }) => {
      const { build } = await import(
        pathToFileURL(toolFile(`vite${version}`, 'vite', 'dist', 'node', 'index.js'))
      );
      await build({ root: folder, base: './', logLevel: 'error', configFile: false, ...settings[version] });
      hasLearned(await foundIn(join(folder, 'dist')));
    }));
}

test('a page that Vite serves while it is written trains, and in a worker', () =>
  within('vite8', { 'index.html': asModule, 'main.js': page({ imports }) }, async ({ folder }) => {
    const { createServer } = await import(
      pathToFileURL(toolFile('vite8', 'vite', 'dist', 'node', 'index.js'))
    );
    // Vite would bundle dependencies anew, and leave their workers and modules behind.
    const optimizeDeps = { exclude: ['mapling'] };
    const options = { root: folder, logLevel: 'error', configFile: false, optimizeDeps };
    const server = await createServer({ ...options, server: { host: '127.0.0.1', port: 0 } });
    try {
      await server.listen();
      hasLearned(await found(`http://127.0.0.1:${server.httpServer.address().port}/`));
    } finally {
      await server.close();
    }
  }));

test('a page that webpack 5 builds trains, and in a worker, without settings', () =>
  within('webpack', { 'main.js': page({ imports }) }, async ({ folder, write }) => {
    const webpack = requireTool('webpack');
    const stats = await new Promise((resolve, reject) =>
      webpack(
        { context: folder, entry: './main.js', mode: 'production', output: { path: join(folder, 'dist') } },
        (failure, stats) => (failure ? reject(failure) : resolve(stats)),
      ),
    );
    const { errors, warnings } = stats.toJson({ all: false, errors: true, warnings: true });
    assert.deepEqual(errors, []);
    // That the module is larger than what webpack calls large is no news.
    assert.deepEqual(
      warnings.filter(({ message }) => !/size limit|code splitting|runtimeChunk/.test(message)),
      [],
    );
    write('dist/index.html', html('<script src="./main.js"></script>'));
    hasLearned(await foundIn(join(folder, 'dist')));
  }));

test('a page that esbuild builds trains, and in a worker that is an entry of its own', () => {
  const main = page({
    imports: `${imports}\nimport wasm from 'mapling/mapling.wasm';`,
    init: 'await init({ wasm });',
    trainer: "await createTrainer({ wasm, worker: new URL('./worker.js', import.meta.url) })",
  });
  return within('esbuild', { 'main.js': main }, async ({ folder, write }) => {
    await requireTool('esbuild').build({
      absWorkingDir: folder,
      entryPoints: { main: 'main.js', worker: 'mapling/worker' },
      outdir: 'dist',
      bundle: true,
      format: 'esm',
      loader: { '.wasm': 'file' },
      logLevel: 'error',
    });
    write('dist/index.html', asModule);
    hasLearned(await foundIn(join(folder, 'dist')));
  });
});

test('a page from file:// trains with the bytes given, and in a worker made of its text', () => {
  const main = page({
    imports: `${imports}\nimport wasm from 'mapling/mapling.wasm';\nimport worker from './worker.txt';`,
    init: 'await init({ wasm });',
    trainer:
      'await createTrainer({ wasm, worker: () => new Worker(URL.createObjectURL(new Blob([worker]))) })',
  });
  return within('esbuild', { 'main.js': main }, async ({ folder, write }) => {
    const esbuild = requireTool('esbuild');
    const options = { absWorkingDir: folder, bundle: true, format: 'iife', logLevel: 'error' };
    // The worker's own address is not used, since it is given its module.
    const silent = { logOverride: { 'empty-import-meta': 'silent' } };
    const worker = await esbuild.build({
      ...options,
      ...silent,
      entryPoints: ['mapling/worker'],
      write: false,
    });
    write('worker.txt', worker.outputFiles[0].text);
    const loader = { '.wasm': 'binary', '.txt': 'text' };
    await esbuild.build({ ...options, ...silent, entryPoints: ['main.js'], outdir: 'dist', loader });
    write('dist/index.html', html('<script src="./main.js"></script>'));
    hasLearned(await found(pathToFileURL(join(folder, 'dist', 'index.html')).href));
  });
});

test('a page without a bundler takes the package from another site, its workers and threads too', async () => {
  const files = join(installed.folder, 'node_modules', 'mapling');
  const cdn = await serve({ '/npm/mapling@0/': files }, { headers: { 'access-control-allow-origin': '*' } });
  const from = (file) => `${cdn.origin}/npm/mapling@0/${file}`;
  const script = (options) =>
    page({
      imports: `import { ${names} } from '${from('index.js')}';
        import { createTrainer } from '${from('worker/trainer.js')}';`,
      init: `await init(${options});`,
      trainer: `await createTrainer(${options})`,
    });
  const write = (name, options) =>
    installed.write(name, html(`<script type="module">${script(options)}</script>`));
  write('index.html', '');
  try {
    const alone = await foundIn(installed.folder);
    hasLearned(alone);
    write('index.html', '{ threads: 2 }');
    const isolated = await foundIn(installed.folder, isolation);
    hasLearned(isolated);
    assert.deepEqual([isolated.threads, isolated.there.threads], [2, 2]);
    assert.equal(isolated.loss, alone.loss, 'threads changed the bits');
  } finally {
    await cdn.close();
  }
});

test('a page that Next.js builds trains, and in a worker; its server computes', () => {
  const files = {
    'app/layout.jsx': 'export default ({ children }) => <html lang="en"><body>{children}</body></html>;',
    'app/page.jsx': `
      import { add, init } from 'mapling';
      import Learn from './learn';
      export default async function Page() {
        await init();
        return <><p>{add(1, 2).arraySync()} computed</p><Learn /></>;
      }`,
    'app/learn.jsx': `'use client';
      import { useEffect } from 'react';
      export default function Learn() {
        useEffect(() => { import('./main.js'); }, []);
        return null;
      }`,
    'app/main.js': page({ imports }),
    'next.config.mjs': `export default {
      output: 'export',
      serverExternalPackages: ['mapling'],
      turbopack: { root: ${JSON.stringify(toolFile('next', '..'))} },
    };`,
  };
  return within('next', files, async ({ folder }) => {
    const { status, stdout, stderr } = spawnSync(
      process.execPath,
      [toolFile('next', 'next', 'dist', 'bin', 'next'), 'build'],
      { cwd: folder, encoding: 'utf8', env: { ...process.env, NEXT_TELEMETRY_DISABLED: '1' } },
    );
    assert.equal(status, 0, stdout + stderr);
    const server = await serve({ '/': join(folder, 'out') });
    try {
      const text = await (await fetch(`${server.origin}/`)).text();
      assert.match(text, /3<!-- --> computed/);
      hasLearned(await found(`${server.origin}/`));
    } finally {
      await server.close();
    }
  });
});
