import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { defineConfig, type Plugin } from 'vite';

const at = (path: string) => fileURLToPath(new URL(path, import.meta.url));

/** They isolate the page from other origins, without which browsers share no memory between threads. */
const headers = {
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Embedder-Policy': 'require-corp',
};

/** The font comes with the page, not after its first layout, which it would change. */
const preloadFont: Plugin = {
  name: 'preload-font',
  transformIndexHtml: (_, { bundle = {} }) =>
    Object.keys(bundle)
      .filter((name) => name.endsWith('.woff2'))
      .map((name) => ({
        tag: 'link',
        injectTo: 'head',
        attrs: { rel: 'preload', as: 'font', type: 'font/woff2', crossorigin: true, href: `./${name}` },
      })),
};

/** Nothing but the page's own files may run or be fetched. WebAssembly is compiled, texts never are. */
const policy = [
  "default-src 'none'",
  "script-src 'self' 'wasm-unsafe-eval'",
  "worker-src 'self'",
  "connect-src 'self'",
  "style-src 'self'",
  "font-src 'self'",
  "img-src 'self' data:",
  "manifest-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
].join('; ');

/** The served sources need more: what reloads them is written into the page. */
const contentPolicy: Plugin = {
  name: 'content-policy',
  apply: 'build',
  transformIndexHtml: () => [
    {
      tag: 'meta',
      injectTo: 'head-prepend',
      attrs: { 'http-equiv': 'Content-Security-Policy', content: policy },
    },
  ],
};

/** The address that the site will have, for previews of links, which take whole addresses only. */
const home = process.env.MAPLING_HOME?.replace(/\/*$/, '/');
const wholeAddresses: Plugin = {
  name: 'whole-addresses',
  transformIndexHtml: (page) => {
    if (!home) return page;
    const tags = [{ tag: 'meta', injectTo: 'head' as const, attrs: { property: 'og:url', content: home } }];
    return { html: page.replace('content="./preview.png"', `content="${home}preview.png"`), tags };
  },
};

/** Where the package is found, as it says itself. */
const { name, repository, homepage } = JSON.parse(readFileSync(at('../js/package.json'), 'utf8'));
const npm = `https://www.npmjs.com/package/${name}`;
const links = {
  source: repository?.url?.replace(/^git\+|\.git$/g, '') ?? `${npm}?activeTab=code`,
  documentation: homepage ?? `${npm}?activeTab=readme`,
  npm,
};

/** The licences of all that the site is made of, in one file of it. */
const licences: Plugin = {
  name: 'licences',
  apply: 'build',
  generateBundle() {
    const texts = [
      ['mapling', '../LICENSE-MIT'],
      ...['preact', '@preact/signals', '@preact/signals-core', 'uplot', 'papaparse', 'idb'].map((part) => [
        part,
        `../node_modules/${part}/LICENSE`,
      ]),
      ['IBM Plex Sans', '../node_modules/@fontsource-variable/ibm-plex-sans/LICENSE'],
    ].map(([part, file]) => `${part}\n\n${readFileSync(at(file!), 'utf8').trim()}\n`);
    const mnist =
      'MNIST\n\nYann LeCun, Corinna Cortes and Christopher J. C. Burges: the MNIST database of handwritten digits, made from\nscans by NIST. Creative Commons Attribution-ShareAlike 3.0 (https://creativecommons.org/licenses/by-sa/3.0/).\n';
    const source = [...texts, mnist].join(`\n${'-'.repeat(80)}\n\n`);
    this.emitFile({ type: 'asset', fileName: 'licences.txt', source });
  },
};

/** Variants of the module that `npm start` is still building (scripts/start.mjs). */
const later = (process.env.MAPLING_LATER ?? '').split(' ');

/**
 * The page has modules of its own, which hold what it uses, in `www/wasm`, and the generator of digits by itself. Variants that are to come the built page looks
 * for in the folder `wasm` of the site, the served sources where they will lie. A page that asks for one too soon is
 * told that it is missing, and goes on with the variant that is there.
 */
const pageModules = (): Plugin => {
  let isBuild = false;
  return {
    name: 'page-modules',
    enforce: 'pre',
    configResolved: ({ command }) => {
      isBuild = command === 'build';
    },
    transform(code, id) {
      if (!/\/js\/engine\/variants\.ts$/.test(id)) return undefined;
      return code.replace(/'\.\.\/wasm\/(\w+?)(_bg\.wasm|\.js)'/g, (address, name: string, kind: string) => {
        if (!isBuild || !later.includes(name)) return `'../../www/wasm/${name}${kind}'`;
        return kind === '.js' ? address : `/* @vite-ignore */ ${address}`;
      });
    },
    resolveId(source) {
      if (/\/generator\.js$/.test(source)) return at('src/generator.ts');
      const [, name] = /\/wasm\/(\w+)\.js$/.exec(source) ?? [];
      if (!name || !later.includes(name)) return undefined;
      return isBuild ? { id: `../wasm/${name}.js`, external: true } : at(`wasm/${name}.js`);
    },
  };
};

/** What reads and writes files of models bears its folder's name: nobody loads it before it is asked for. */
const names = {
  output: {
    chunkFileNames: ({ moduleIds, facadeModuleId }: { moduleIds: string[]; facadeModuleId: string | null }) =>
      `assets/${[...moduleIds, facadeModuleId ?? ''].some((id) => /\/js\/io\/|\/node_modules\/idb\//.test(id)) ? 'io-' : ''}[name]-[hash].js`,
  },
};

export default defineConfig({
  root: at('.'),
  // One page: a file that is missing (MNIST, say) is a 404, not that page again.
  appType: 'mpa',
  // Relative addresses: the site may be served from any sub-path.
  base: './',
  resolve: {
    alias: [
      { find: 'mapling/trainer', replacement: at('../js/worker/trainer.ts') },
      { find: /^mapling$/, replacement: at('../js/index.ts') },
    ],
  },
  oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
  plugins: [pageModules(), preloadFont, contentPolicy, wholeAddresses, licences],
  define: { __LINKS__: JSON.stringify(links) },
  worker: {
    format: 'es',
    plugins: () => [pageModules()],
    // What the worker begins with is one file, on which those that come later may build.
    rolldownOptions: {
      output: {
        ...names.output,
        codeSplitting: { groups: [{ name: 'core', test: /\/worker\/inside\/service\.ts$/ }] },
      },
    },
  },
  build: {
    // Every engine that runs the page's module knows what to load ahead; what comes later is small.
    modulePreload: false,
    outDir: at('../dist/www'),
    emptyOutDir: true,
    target: 'es2022',
    // What the page begins with is one file as well, whatever later parts share with it.
    rolldownOptions: {
      output: {
        ...names.output,
        codeSplitting: { groups: [{ name: 'page', test: /\/www\/src\/main\.tsx$/ }] },
      },
    },
    // The wasm module stays a file of its own, so that it can be streamed while it compiles.
    assetsInlineLimit: (path) => (path.endsWith('.wasm') ? false : undefined),
  },
  server: { host: '127.0.0.1', headers, fs: { allow: [at('..')] } },
  preview: { host: '127.0.0.1', headers },
});
